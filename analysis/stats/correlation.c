#include "analysis/stats/correlation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/spearman.h"

typedef struct {
  double value;
  gsize index;
} Ranked;

static int compare_ranked(const void *a, const void *b) {
  const Ranked *x = a, *y = b;
  return (x->value > y->value) - (x->value < y->value);
}

static bool is_tied(double low, double high) {
  return low == high || (isfinite(high - low) && high - low <= CORRELATION_TIE * fmax(fabs(low), fabs(high)));
}

gsize correlation_tied(const double *ascending, gsize n) {
  gsize tied = n > 0 ? 1 : 0;
  while (tied < n && is_tied(ascending[0], ascending[tied]))
    tied++;
  return tied;
}

bool correlation_rank(const double *values, gsize n, double *ranks, GError **error) {
  g_autofree Ranked *order = memory_items(n, sizeof *order, error);
  if (order == NULL)
    return false;
  for (gsize i = 0; i < n; i++)
    order[i] = (Ranked){values[i], i};
  if (n > 1)
    qsort(order, n, sizeof *order, compare_ranked);
  for (gsize first = 0; first < n;) {
    gsize last = first;
    while (last + 1 < n && is_tied(order[first].value, order[last + 1].value))
      last++;
    for (gsize i = first; i <= last; i++)
      ranks[order[i].index] = 1 + (double)(first + last) / 2;
    first = last + 1;
  }
  return true;
}

static bool is_constant(const double *values, gsize n) {
  for (gsize i = 1; i < n; i++)
    if (values[i] != values[0])
      return false;
  return true;
}

/* Pearson's r of (n) values without NaN. Both are scaled by their SD, so that no square over- or underflows. */
static double pearson(const double *x, const double *y, gsize n) {
  if (n < 2 || is_constant(x, n) || is_constant(y, n))
    return NAN;
  double mean_x = descriptive_mean(x, n), mean_y = descriptive_mean(y, n);
  double sd_x = descriptive_sd(x, n), sd_y = descriptive_sd(y, n);
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (x[i] - mean_x) / sd_x * ((y[i] - mean_y) / sd_y);
  return fmax(-1, fmin(1, sum / (double)(n - 1)));
}

void correlation_from_r(double r, gsize n, Correlation *correlation) {
  Correlation c = {.n = n, .r = r, .t = NAN, .p_two_tailed = NAN, .p_one_tailed = NAN, .ci_low = NAN, .ci_high = NAN};
  if (n > 2 && !isnan(r)) {
    double df = (double)n - 2;
    c.t = fabs(r) < 1 ? r * sqrt(df / ((1 - r) * (1 + r))) : copysign(INFINITY, r);
    c.p_two_tailed = distribution_t_two_tailed(c.t, df);
    c.p_one_tailed = c.p_two_tailed / 2;
  }
  if (n > 3 && !isnan(r)) {
    double half = distribution_normal_quantile(0.5 + DESCRIPTIVE_CONFIDENCE / 2) / sqrt((double)n - 3);
    c.ci_low = tanh(atanh(r) - half);
    c.ci_high = tanh(atanh(r) + half);
  }
  *correlation = c;
}

/* Tests the ranks by their own distribution, where there is one: no ties, and not too many of them. */
static void test_ranks(const double *x, const double *y, gsize n, Correlation *correlation) {
  double size = (double)n, squares_x = 0, squares_y = 0, s = 0, without_ties = size * (size + 1) * (2 * size + 1) / 6;
  if (n < 3 || n >= SPEARMAN_T_FROM)
    return;
  for (gsize i = 0; i < n; i++) {
    squares_x += x[i] * x[i];
    squares_y += y[i] * y[i];
    s += (x[i] - y[i]) * (x[i] - y[i]);
  }
  if (squares_x != without_ties || squares_y != without_ties)
    return;
  double most = size * (size * size - 1) / 3;
  correlation->p_two_tailed = fmin(1, 2 * spearman_upper(fmax(s, most - s), n)); /* both tails are alike */
  correlation->p_one_tailed = correlation->p_two_tailed / 2;
}

bool correlation_pair(CorrelationKind kind, const double *x, const double *y, gsize n, Correlation *correlation,
                      GError **error) {
  g_autofree double *pairs = memory_doubles(n, 4, error);
  if (pairs == NULL)
    return false;
  double *known_x = pairs, *known_y = pairs + n, *rank_x = pairs + 2 * n, *rank_y = pairs + 3 * n;
  gsize known = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(x[i]) || isnan(y[i]))
      continue;
    known_x[known] = x[i];
    known_y[known++] = y[i];
  }
  if (kind == CORRELATION_PEARSON) {
    correlation_from_r(pearson(known_x, known_y, known), known, correlation);
    return true;
  }
  if (!correlation_rank(known_x, known, rank_x, error) || !correlation_rank(known_y, known, rank_y, error))
    return false;
  correlation_from_r(pearson(rank_x, rank_y, known), known, correlation);
  test_ranks(rank_x, rank_y, known, correlation);
  correlation->ci_low = correlation->ci_high = NAN;
  return true;
}

static gsize count_known(const double *values, gsize n) {
  gsize known = 0;
  for (gsize i = 0; i < n; i++)
    known += isnan(values[i]) ? 0 : 1;
  return known;
}

bool correlation_matrix_new(CorrelationKind kind, const char *const *names, const double *const *variables,
                            gsize n_variables, gsize n, CorrelationMatrix **matrix, GError **error) {
  g_autoptr(CorrelationMatrix) made = g_new0(CorrelationMatrix, 1);
  made->kind = kind;
  made->n_variables = n_variables;
  made->names = g_new0(char *, n_variables + 1);
  made->cells = g_new0(Correlation, MAX(n_variables * n_variables, 1));
  for (gsize i = 0; i < n_variables; i++) {
    made->names[i] = g_strdup(names[i]);
    made->cells[i * n_variables + i] = (Correlation){count_known(variables[i], n), 1, NAN, NAN, NAN, NAN, NAN};
    for (gsize j = 0; j < i; j++) {
      Correlation *cell = &made->cells[i * n_variables + j];
      if (!correlation_pair(kind, variables[i], variables[j], n, cell, error))
        return false;
      made->cells[j * n_variables + i] = *cell;
    }
  }
  *matrix = g_steal_pointer(&made);
  return true;
}

void correlation_matrix_free(CorrelationMatrix *matrix) {
  if (matrix == NULL)
    return;
  g_strfreev(matrix->names);
  g_free(matrix->cells);
  g_free(matrix);
}

const Correlation *correlation_matrix_cell(const CorrelationMatrix *matrix, gsize row, gsize column) {
  g_assert(row < matrix->n_variables && column < matrix->n_variables);
  return &matrix->cells[row * matrix->n_variables + column];
}
