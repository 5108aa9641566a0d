#include "analysis/stats/t_test.h"

#include <math.h>

#include "analysis/stats/distributions.h"

static void undefined(TTest *test, const char *reason) {
  test->t = test->df = test->p = test->ci_low = test->ci_high = NAN;
  test->undefined = reason;
}

static void finish(TTest *test, double se, double df) {
  test->df = df;
  test->t = test->difference / se;
  test->p = distribution_t_two_tailed(test->t, df);
  double half = distribution_t_quantile(0.5 + DESCRIPTIVE_CONFIDENCE / 2, df) * se;
  test->ci_low = test->difference - half;
  test->ci_high = test->difference + half;
}

void t_test_one_sample(const Description *values, double reference, TTest *test) {
  *test = (TTest){.difference = values->n > 0 ? values->mean - reference : NAN};
  double se = values->sd / sqrt((double)values->n);
  if (values->n < 2)
    undefined(test, "a test takes at least two values");
  else if (!(se > T_TEST_CONSTANT_SHARE * fabs(values->mean)))
    undefined(test, "all values are the same");
  else
    finish(test, se, (double)values->n - 1);
}

void t_test_welch(const Description *first, const Description *second, TTest *test) {
  *test = (TTest){.difference = first->n > 0 && second->n > 0 ? first->mean - second->mean : NAN};
  if (first->n < 2 || second->n < 2) {
    undefined(test, "each group takes at least two values");
    return;
  }
  double e1 = first->sd * first->sd / (double)first->n, e2 = second->sd * second->sd / (double)second->n;
  double se = sqrt(e1 + e2);
  if (!(se > T_TEST_CONSTANT_SHARE * fmax(fabs(first->mean), fabs(second->mean)))) {
    undefined(test, "all values of a group are the same");
    return;
  }
  finish(test, se, (e1 + e2) * (e1 + e2) / (e1 * e1 / ((double)first->n - 1) + e2 * e2 / ((double)second->n - 1)));
}
