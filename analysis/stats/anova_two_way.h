/* Two-way analysis of variance of unbalanced groups, with sums of squares of types I, II and III. */
#ifndef DREAMRIG_STATS_ANOVA_TWO_WAY_H
#define DREAMRIG_STATS_ANOVA_TWO_WAY_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  ANOVA_TYPE_I,   /* in order: A; B given A; the interaction */
  ANOVA_TYPE_II,  /* each main effect given the other */
  ANOVA_TYPE_III, /* each effect given all others, with contrasts that add up to 0 */
  ANOVA_TYPES,
} AnovaType;
typedef enum { ANOVA_EFFECT_A, ANOVA_EFFECT_B, ANOVA_EFFECT_AB, ANOVA_EFFECTS } AnovaEffect;

/* partial_eta2, omega2 and the interval as effect_size_variance gives them. */
typedef struct {
  double ss, df, f, p, partial_eta2, partial_omega2, ci_low, ci_high;
} AnovaRow;

/* NaN where undefined, and `undefined` says why (static text, else NULL). With an empty cell type III, which then has
 * no meaning, is NaN, and `type_iii_undefined` is set. */
typedef struct {
  gsize n, n_excluded, n_a, n_b, n_cells; /* levels and cells that hold values */
  AnovaRow rows[ANOVA_TYPES][ANOVA_EFFECTS];
  double ss_residual, df_residual;
  const char *undefined;
  bool type_iii_undefined;
} AnovaTwoWay;

/* Tests y (n) by factors a and b, levels as in anova.h; NaN and cases without a level of either are left out. Fails
 * with RIG_ERROR_INPUT on infinite values, RIG_ERROR_MEMORY. Source: Fox 2016, Applied Regression Analysis and
 * Generalized Linear Models, section 8.2; as R's anova and car::Anova. */
bool anova_two_way(const double *y, const gsize *a, gsize n_a, const gsize *b, gsize n_b, gsize n, AnovaTwoWay *anova,
                   GError **error);

#endif
