#include <math.h>

#include "analysis/stats/correlation.h"
#include "analysis/stats/distributions.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static Correlation correlate(CorrelationKind kind, const double *x, const double *y, gsize n) {
  Correlation correlation;
  g_autoptr(GError) error = NULL;
  g_assert_true(correlation_pair(kind, x, y, n, &correlation, &error));
  g_assert_no_error(error);
  return correlation;
}

/* cor.test(a, y); its alternative = "greater" for one tail */
static void pearson_agrees_with_r(void) {
  Correlation c = correlate(CORRELATION_PEARSON, data_a, data_y, DATA_N);
  g_assert_cmpuint(c.n, ==, 23);
  support_assert_near("r", c.r, 0.596747175885598, 1e-12, 0);
  support_assert_near("t", c.t, 3.40795014316687, 1e-12, 0);
  support_assert_near("p two-tailed", c.p_two_tailed, 0.00264816164955641, 1e-11, 0);
  support_assert_near("p one-tailed", c.p_one_tailed, 0.00132408082477821, 1e-11, 0);
  support_assert_near("ci_low", c.ci_low, 0.244748306686176, 1e-11, 0);
  support_assert_near("ci_high", c.ci_high, 0.809763366798378, 1e-11, 0);
}

/* cor.test(round(a/10), round(y/5), method = "spearman", exact = FALSE) */
static void spearman_with_ties_agrees_with_r(void) {
  double x[DATA_N], y[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    x[i] = nearbyint(data_a[i] / 10);
    y[i] = nearbyint(data_y[i] / 5);
  }
  Correlation c = correlate(CORRELATION_SPEARMAN, x, y, DATA_N);
  support_assert_near("rho", c.r, 0.520737499381399, 1e-12, 0);
  support_assert_near("p", c.p_two_tailed, 0.0108454468575806, 1e-11, 0);
  g_assert_true(isnan(c.ci_low) && isnan(c.ci_high));
}

static void missing_values_drop_the_pair_only(void) {
  double b[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    b[i] = i == 8 ? NAN : data_b[i];
  const char *names[] = {"a", "b", "y"};
  const double *variables[] = {data_a, b, data_y};
  g_autoptr(CorrelationMatrix) matrix = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(correlation_matrix_new(CORRELATION_PEARSON, names, variables, 3, DATA_N, &matrix, &error));
  const Correlation *ab = correlation_matrix_cell(matrix, 0, 1), *ya = correlation_matrix_cell(matrix, 2, 0);
  g_assert_cmpuint(ab->n, ==, 22);
  /* cor.test(a[-9], b[-9]) */
  support_assert_near("r", ab->r, 0.894423666913793, 1e-12, 0);
  support_assert_near("p", ab->p_two_tailed, 1.99561841980052e-08, 1e-10, 0);
  g_assert_cmpuint(ya->n, ==, 23);
  g_assert_cmpfloat(correlation_matrix_cell(matrix, 1, 0)->r, ==, ab->r);
  g_assert_cmpuint(correlation_matrix_cell(matrix, 1, 1)->n, ==, 22);
  g_assert_cmpfloat(correlation_matrix_cell(matrix, 1, 1)->r, ==, 1);
  g_assert_cmpstr(matrix->names[2], ==, "y");
}

/* Table 1 of Marczak-Czajka et al. 2024: pt(r * sqrt(142 / (1 - r^2)), 142, lower = FALSE). Its stars fit the
 * one-tailed p with n = 144, not the two-tailed. */
static void reproduces_the_stars_of_table_1(void) {
  static const struct {
    double r, p_one;
    const char *printed, *two_tailed;
  } rows[] = {{0.187, 0.0124072557358247, "*", "*"},      {0.204, 0.00709312308065472, "**", "*"},
              {0.120, 0.0759815044674838, "", ""},        {0.215, 0.00482883356122527, "**", "**"},
              {0.343, 1.2852313122674e-05, "***", "***"}, {-0.216, 0.00465875145813948, "**", "**"}};
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    Correlation c;
    correlation_from_r(rows[i].r, 144, &c);
    support_assert_near("one-tailed p", c.p_one_tailed, rows[i].p_one, 1e-11, 0);
    g_assert_cmpstr(distribution_stars(c.p_one_tailed), ==, rows[i].printed);
    g_assert_cmpstr(distribution_stars(c.p_two_tailed), ==, rows[i].two_tailed);
  }
}

static void constant_variable_has_no_correlation(void) {
  const double constant[] = {0.1, 0.1, 0.1, 0.1};
  Correlation c = correlate(CORRELATION_PEARSON, constant, data_y, 4);
  g_assert_cmpuint(c.n, ==, 4);
  g_assert_true(isnan(c.r) && isnan(c.t) && isnan(c.p_two_tailed) && isnan(c.p_one_tailed) && isnan(c.ci_low));
  g_assert_true(isnan(correlate(CORRELATION_SPEARMAN, constant, data_y, 4).r));
}

static void few_pairs_leave_tests_undefined(void) {
  g_assert_true(isnan(correlate(CORRELATION_PEARSON, NULL, NULL, 0).r));
  g_assert_true(isnan(correlate(CORRELATION_PEARSON, data_a, data_y, 1).r));
  Correlation two = correlate(CORRELATION_PEARSON, data_a, data_y, 2);
  support_assert_near("r of two pairs", two.r, 1, 1e-15, 0);
  g_assert_true(isnan(two.t) && isnan(two.p_two_tailed));
  Correlation three = correlate(CORRELATION_PEARSON, data_a, data_y, 3);
  g_assert_false(isnan(three.p_two_tailed));
  g_assert_true(isnan(three.ci_low));
}

static void tiny_and_huge_values_do_not_overflow(void) {
  double x[DATA_N], y[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    x[i] = data_a[i] * 1e-120;
    y[i] = data_y[i] * 1e120;
  }
  support_assert_near("r", correlate(CORRELATION_PEARSON, x, y, DATA_N).r, 0.596747175885598, 1e-12, 0);
}

/* rank(c(3, 1, 3, 2, 3)) */
static void ties_share_their_rank(void) {
  const double values[] = {3, 1, 3, 2, 3}, want[] = {4, 1, 4, 2, 4};
  double ranks[5];
  g_assert_true(correlation_rank(values, 5, ranks, NULL));
  for (gsize i = 0; i < 5; i++)
    g_assert_cmpfloat(ranks[i], ==, want[i]);
}

/* a[5] <- NA; cor.test(a, y, method = "spearman") */
static void spearman_leaves_incomplete_pairs_out_as_in_r(void) {
  double x[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    x[i] = i == 4 ? NAN : data_a[i];
  Correlation c = correlate(CORRELATION_SPEARMAN, x, data_y, DATA_N);
  g_assert_cmpuint(c.n, ==, 22);
  support_assert_near("rho", c.r, 0.521174477696217, 1e-12, 0);
  support_assert_near("p", c.p_two_tailed, 0.0140235521715129, 1e-11, 0);
}

/* x <- c(38.04, 38.04, 28.056, 28.056, 51.3, 28.056, 38.04, 9.5); cor(x, y, method = "spearman"); here the equal ones
 * are means of the same ratings summed in another order, whose last bits differ. */
static void means_that_differ_by_rounding_alone_are_tied(void) {
  const double x[] = {(27.3 + 14.1 + 88.7 + 3.9 + 56.2) / 5,
                      (56.2 + 3.9 + 88.7 + 27.3 + 14.1) / 5,
                      (27.31 + 14.1 + 88.77 + 3.9 + 6.2) / 5,
                      (27.31 + 14.1 + 3.9 + 88.77 + 6.2) / 5,
                      51.3,
                      28.056,
                      38.04,
                      9.5};
  const double y[] = {3, 5, 1, 8, 2, 9, 7, 4}, want[] = {6, 6, 3, 3, 8, 3, 6, 1};
  double ranks[8];
  Correlation correlation;
  g_assert_true((x[0] != x[1] || x[0] != x[6]) && x[3] != x[5]);
  g_assert_true(correlation_rank(x, 8, ranks, NULL));
  for (gsize i = 0; i < 8; i++)
    g_assert_cmpfloat(ranks[i], ==, want[i]);
  g_assert_true(correlation_pair(CORRELATION_SPEARMAN, x, y, 8, &correlation, NULL));
  support_assert_near("r", correlation.r, -0.250313087160879, 1e-13, 0);
  const double ends[] = {-INFINITY, 1, 1 + 1e-9, INFINITY};
  g_assert_true(correlation_rank(ends, 4, ranks, NULL));
  for (gsize i = 0; i < 4; i++)
    g_assert_cmpfloat(ranks[i], ==, (double)i + 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/correlation/pearson-agrees-with-r", pearson_agrees_with_r);
  g_test_add_func("/stats/correlation/spearman-with-ties-agrees-with-r", spearman_with_ties_agrees_with_r);
  g_test_add_func("/stats/correlation/missing-values-drop-the-pair-only", missing_values_drop_the_pair_only);
  g_test_add_func("/stats/correlation/reproduces-the-stars-of-table-1", reproduces_the_stars_of_table_1);
  g_test_add_func("/stats/correlation/constant-variable-has-no-correlation", constant_variable_has_no_correlation);
  g_test_add_func("/stats/correlation/few-pairs-leave-tests-undefined", few_pairs_leave_tests_undefined);
  g_test_add_func("/stats/correlation/tiny-and-huge-values-do-not-overflow", tiny_and_huge_values_do_not_overflow);
  g_test_add_func("/stats/correlation/ties-share-their-rank", ties_share_their_rank);
  g_test_add_func("/stats/correlation/means-that-differ-by-rounding-alone-are-tied",
                  means_that_differ_by_rounding_alone_are_tied);
  g_test_add_func("/stats/correlation/spearman-leaves-incomplete-pairs-out-as-in-r",
                  spearman_leaves_incomplete_pairs_out_as_in_r);
  return g_test_run();
}
