/* Correlations of pairs and of many variables, each over the pairs where both are known. */
#ifndef DREAMRIG_STATS_CORRELATION_H
#define DREAMRIG_STATS_CORRELATION_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  CORRELATION_PEARSON,
  CORRELATION_SPEARMAN, /* Pearson's of the mid-ranks; p as R's cor.test: spearman.h, with ties or many pairs by t */
} CorrelationKind;

/* r is NaN below two pairs and where a variable is constant; t, p and the interval also for n = 2. */
typedef struct {
  gsize n;                /* pairs without NaN */
  double r;               /* -1..1 */
  double t;               /* r sqrt((n - 2) / (1 - r^2)), n - 2 degrees of freedom; infinite for |r| = 1 */
  double p_two_tailed;    /* P(|T| >= |t|); Spearman's may be of the ranks' own distribution instead */
  double p_one_tailed;    /* in the direction that was found: p_two_tailed / 2 */
  double ci_low, ci_high; /* 95 %, Fisher's z; NaN below 4 pairs and for Spearman's */
} Correlation;

/* The correlation of x and y, (n) each. Fails with RIG_ERROR_MEMORY only. */
bool correlation_pair(CorrelationKind kind, const double *x, const double *y, gsize n, Correlation *correlation,
                      GError **error);
/* Fills t, p and the interval from r and n (for published correlations). */
void correlation_from_r(double r, gsize n, Correlation *correlation);

typedef struct {
  CorrelationKind kind;
  gsize n_variables;
  char **names;       /* (n_variables), NULL-terminated */
  Correlation *cells; /* (n_variables, n_variables), symmetric; the diagonal has r = 1, n = its known values, p NaN */
} CorrelationMatrix;

/* All pairs of the variables; variables[i] points to (n) values. Free with correlation_matrix_free. */
bool correlation_matrix_new(CorrelationKind kind, const char *const *names, const double *const *variables,
                            gsize n_variables, gsize n, CorrelationMatrix **matrix, GError **error);
void correlation_matrix_free(CorrelationMatrix *matrix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CorrelationMatrix, correlation_matrix_free)
const Correlation *correlation_matrix_cell(const CorrelationMatrix *matrix, gsize row, gsize column);

/* Values that differ by no more than this share of the larger count as ties in every test of ranks: means of the same
 * ratings summed in another order differ by about 1e-16 of it, means of other ratings by far more. (R's rank() takes
 * such means as different; round them, as by signif(x, 12), to compare.) */
#define CORRELATION_TIE 1e-12
/* Of the values, (n) ascending, how many from the first on are tied with it. */
gsize correlation_tied(const double *ascending, gsize n);
/* Mid-ranks 1..n of values without NaN: ties share the mean of their ranks. Fails with RIG_ERROR_MEMORY only. */
bool correlation_rank(const double *values, gsize n, double *ranks, GError **error);

#endif
