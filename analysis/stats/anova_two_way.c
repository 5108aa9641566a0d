#include "analysis/stats/anova_two_way.h"

#include <lapacke.h>
#include <math.h>

#include "analysis/stats/anova.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/effect_size.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/t_test.h"
#include "stimuli/base/error.h"

#define RANK_TOLERANCE 1e-9

/* Effect coding: columns of A, B and A:B, each adding up to 0 over the levels. */
typedef struct {
  gsize n, levels[2], n_columns[ANOVA_EFFECTS];
  double *y;      /* (n) centred */
  double largest; /* absolute value before that */
  gsize *level;   /* (2, n) numbers of the levels that occur */
  double *matrix; /* (n, columns) workspace, column-major */
  double *right;  /* (n) workspace */
  int *pivot;     /* (columns) workspace */
} Design;

static double code(gsize level, gsize column, gsize n_levels) {
  if (level == n_levels - 1)
    return -1;
  return level == column ? 1 : 0;
}

static double cell(const Design *design, AnovaEffect effect, gsize column, gsize i) {
  gsize a = design->level[i], b = design->level[design->n + i];
  if (effect == ANOVA_EFFECT_A)
    return code(a, column, design->levels[0]);
  if (effect == ANOVA_EFFECT_B)
    return code(b, column, design->levels[1]);
  gsize per_a = design->levels[1] - 1;
  return code(a, column / per_a, design->levels[0]) * code(b, column % per_a, design->levels[1]);
}

typedef struct {
  double rss;
  gsize rank;
} Fitted;

/* Least squares on the intercept and a set of effects (bits). */
static bool fit(Design *design, unsigned effects, Fitted *fitted, GError **error) {
  gsize n = design->n, columns = 1;
  for (gsize i = 0; i < n; i++)
    design->matrix[i] = 1;
  for (int effect = 0; effect < ANOVA_EFFECTS; effect++)
    for (gsize c = 0; (effects >> effect & 1) != 0 && c < design->n_columns[effect]; c++, columns++)
      for (gsize i = 0; i < n; i++)
        design->matrix[columns * n + i] = cell(design, (AnovaEffect)effect, c, i);
  gsize rows = MAX(n, columns);
  for (gsize i = 0; i < rows; i++)
    design->right[i] = i < n ? design->y[i] : 0;
  for (gsize c = 0; c < columns; c++)
    design->pivot[c] = 0;
  lapack_int rank = 0;
  if (LAPACKE_dgelsy(LAPACK_COL_MAJOR, (lapack_int)n, (lapack_int)columns, 1, design->matrix, (lapack_int)n,
                     design->right, (lapack_int)rows, design->pivot, RANK_TOLERANCE, &rank) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "analysis of variance: the decomposition failed");
    return false;
  }
  /* right now holds the coefficients; the columns are coded anew for the residuals. */
  fitted->rank = (gsize)rank;
  fitted->rss = 0;
  for (gsize i = 0; i < n; i++) {
    double residual = design->y[i] - design->right[0];
    gsize at = 1;
    for (int effect = 0; effect < ANOVA_EFFECTS; effect++)
      for (gsize c = 0; (effects >> effect & 1) != 0 && c < design->n_columns[effect]; c++)
        residual -= design->right[at++] * cell(design, (AnovaEffect)effect, c, i);
    fitted->rss += residual * residual;
  }
  return true;
}

static void fill(AnovaRow *row, const Fitted *without, const Fitted *with, const AnovaTwoWay *anova) {
  row->ss = fmax(0, without->rss - with->rss);
  row->df = (double)with->rank - (double)without->rank;
  if (!(row->df > 0)) {
    row->ss = NAN;
    return;
  }
  row->f = row->ss / row->df / (anova->ss_residual / anova->df_residual);
  row->p = distribution_f_upper(row->f, row->df, anova->df_residual);
  VarianceShare share;
  effect_size_variance(row->f, row->df, anova->df_residual, (double)anova->n, &share);
  row->partial_eta2 = share.eta2;
  row->partial_omega2 = share.omega2;
  row->ci_low = share.ci_low;
  row->ci_high = share.ci_high;
}

enum { A = 1, B = 2, AB = 4 };

static bool test(Design *design, AnovaTwoWay *anova, GError **error) {
  Fitted fits[8] = {{0, 0}};
  static const unsigned needed[] = {0, A, B, A | B, A | AB, B | AB, A | B | AB};
  for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
    if (!fit(design, needed[i], &fits[needed[i]], error))
      return false;
  const Fitted *full = &fits[A | B | AB];
  anova->ss_residual = full->rss;
  anova->df_residual = (double)design->n - (double)full->rank;
  if (!(anova->df_residual > 0)) {
    anova->undefined = "there are no more cases than combinations of answers";
    return true;
  }
  double rounding = T_TEST_CONSTANT_SHARE * design->largest;
  if (!(full->rss > fmax(1e-18 * fits[0].rss, anova->df_residual * rounding * rounding))) {
    anova->undefined = "no value differs from the mean of its group";
    return true;
  }
  for (int type = 0; type < ANOVA_TYPES; type++) {
    AnovaRow *rows = anova->rows[type];
    if (type == ANOVA_TYPE_III && anova->type_iii_undefined)
      continue;
    const unsigned without_a = type == ANOVA_TYPE_I ? 0 : type == ANOVA_TYPE_II ? B : B | AB;
    const unsigned with_a = type == ANOVA_TYPE_I ? A : type == ANOVA_TYPE_II ? A | B : A | B | AB;
    const unsigned without_b = type == ANOVA_TYPE_III ? A | AB : A,
                   with_b = type == ANOVA_TYPE_III ? A | B | AB : A | B;
    fill(&rows[ANOVA_EFFECT_A], &fits[without_a], &fits[with_a], anova);
    fill(&rows[ANOVA_EFFECT_B], &fits[without_b], &fits[with_b], anova);
    fill(&rows[ANOVA_EFFECT_AB], &fits[A | B], full, anova);
  }
  return true;
}

/* Numbers the levels that occur among the cases used. */
static gsize number_levels(const gsize *levels, const gsize *used, gsize n, gsize n_levels, gsize *number, gsize *out) {
  gsize found = 0;
  for (gsize l = 0; l < n_levels; l++)
    number[l] = G_MAXSIZE;
  for (gsize i = 0; i < n; i++) {
    gsize level = levels[used[i]];
    g_assert(level < n_levels);
    if (number[level] == G_MAXSIZE)
      number[level] = found++;
    out[i] = number[level];
  }
  return found;
}

static gsize count_cells(const Design *design, bool *filled) {
  gsize count = 0;
  for (gsize i = 0; i < design->n; i++) {
    bool *at = &filled[design->level[i] * design->levels[1] + design->level[design->n + i]];
    count += !*at;
    *at = true;
  }
  return count;
}

static void clear(AnovaTwoWay *anova) {
  *anova = (AnovaTwoWay){.ss_residual = NAN, .df_residual = NAN};
  for (int type = 0; type < ANOVA_TYPES; type++)
    for (int effect = 0; effect < ANOVA_EFFECTS; effect++)
      anova->rows[type][effect] = (AnovaRow){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

bool anova_two_way(const double *y, const gsize *a, gsize n_a, const gsize *b, gsize n_b, gsize n, AnovaTwoWay *anova,
                   GError **error) {
  AnovaTwoWay made;
  clear(&made);
  g_autofree gsize *used = memory_items(n, 3 * sizeof *used, error), *number = NULL;
  g_autofree double *values = memory_doubles(n, 1, error), *matrix = NULL, *right = NULL;
  g_autofree bool *filled = NULL;
  g_autofree int *pivot = NULL;
  if (used == NULL || values == NULL || (number = memory_items(MAX(n_a, n_b), sizeof *number, error)) == NULL)
    return false;
  double sum = 0, largest = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(y[i]) || a[i] == ANOVA_NO_GROUP || b[i] == ANOVA_NO_GROUP)
      continue;
    if (isinf(y[i])) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "analysis of variance: value %zu is infinite", i + 1);
      return false;
    }
    used[made.n] = i;
    sum += y[i];
    largest = fmax(largest, fabs(y[i]));
    values[made.n++] = y[i];
  }
  made.n_excluded = n - made.n;
  for (gsize i = 0; i < made.n; i++)
    values[i] -= sum / (double)made.n;
  Design design = {.n = made.n, .y = values, .largest = largest, .level = used + n};
  gsize *level = used + n;
  design.levels[0] = made.n_a = number_levels(a, used, made.n, n_a, number, level);
  design.levels[1] = made.n_b = number_levels(b, used, made.n, n_b, number, level + made.n);
  if (made.n_a < 2 || made.n_b < 2) {
    made.undefined = "both questions take at least two different answers";
    *anova = made;
    return true;
  }
  design.n_columns[ANOVA_EFFECT_A] = made.n_a - 1;
  design.n_columns[ANOVA_EFFECT_B] = made.n_b - 1;
  design.n_columns[ANOVA_EFFECT_AB] = (made.n_a - 1) * (made.n_b - 1);
  gsize columns = made.n_a * made.n_b;
  matrix = memory_doubles(made.n, columns, error);
  right = memory_doubles(MAX(made.n, columns), 1, error);
  pivot = memory_items(columns, sizeof *pivot, error);
  filled = memory_items(columns, sizeof *filled, error);
  if (matrix == NULL || right == NULL || pivot == NULL || filled == NULL)
    return false;
  design.matrix = matrix;
  design.right = right;
  design.pivot = pivot;
  made.n_cells = count_cells(&design, filled);
  made.type_iii_undefined = made.n_cells < columns;
  if (!test(&design, &made, error))
    return false;
  *anova = made;
  return true;
}
