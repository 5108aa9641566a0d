#include "analysis/report/number_text.h"

#include <math.h>

static void assert_text(char *got, const char *want) {
  g_assert_cmpstr(got, ==, want);
  g_free(got);
}

static void test_fixed(void) {
  assert_text(number_fixed(2.385, 1), "2.4");
  assert_text(number_fixed(-17.25, 2), "\u221217.25");
  assert_text(number_fixed(-0.004, 2), "0.00");
  assert_text(number_fixed(NAN, 2), "n/a");
  assert_text(number_fixed(-INFINITY, 2), "\u2212\u221e");
}

static void test_compact(void) {
  assert_text(number_compact(123456.7, 4), "123457");
  assert_text(number_compact(0.000123456, 4), "0.0001235");
  assert_text(number_compact(-58.973, 4), "\u221258.97");
}

static void test_p(void) {
  assert_text(number_p(0.0423), ".042");
  assert_text(number_p(0.0009), "<\u00a0.001");
  assert_text(number_p(1), "1.000");
  assert_text(number_p(NAN), "n/a");
  assert_text(number_p_statement(0.5), "p\u00a0=\u00a0.500");
  assert_text(number_p_statement(1e-9), "p\u00a0<\u00a0.001");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/numbers/fixed decimals", test_fixed);
  g_test_add_func("/report/numbers/significant digits", test_compact);
  g_test_add_func("/report/numbers/p-values", test_p);
  return g_test_run();
}
