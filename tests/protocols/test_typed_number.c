#include "protocols/typed_number.h"

#include <glib.h>

static void test_found(void) {
  static const struct {
    gsize decimals;
    double low, high, wanted, want;
  } cases[] = {{0, 18, 80, 41.4, 41},
               {0, 99.5, 162, 99.6, 100},    /* the nearest, 100, lies within */
               {0, 99.5, 162, 0, 100},       /* wanted outside */
               {1, 90.25, 153, 90.25, 90.3}, /* rounded to even it would lie below */
               {2, 0, 0.4517, 0.4517, 0.45}, /* not .46 */
               {2, -0.4517, 0, -0.4517, -0.45},
               {4, 84.482652, 147, 84.482652, 84.4827},
               {5, 542948603020, 542948603023, 542948603021, 542948603021},
               {5, 1e12, 1e12, 1e12, 1e12},
               {6, 0.1, 0.1, 0.1, 0.1},
               {0, 1.4, 2.2, 1.45, 2}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    double number = 0;
    g_assert_true(typed_number_near(cases[i].decimals, cases[i].low, cases[i].high, cases[i].wanted, &number));
    g_assert_cmpfloat(number, ==, cases[i].want);
  }
}

static void test_none(void) {
  static const struct {
    gsize decimals;
    double low, high;
  } cases[] = {
      {0, 0.2, 0.8}, {2, 1.005, 1.008}, {0, -0.8, -0.2}, {5, 12.0000012, 12.0000087}, {1, 1e11 + 0.51, 1e11 + 0.59}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    double number = 0;
    g_assert_false(typed_number_near(cases[i].decimals, cases[i].low, cases[i].high, cases[i].low, &number));
  }
}

static void assert_text(gsize decimals, double number, const char *want) {
  g_autofree char *text = typed_number_text(decimals, number);
  g_assert_cmpstr(text, ==, want);
}

static void test_text(void) {
  assert_text(0, 100, "100");
  assert_text(5, 1e12, "1000000000000");
  assert_text(6, 0.000001, "0.000001");
  assert_text(3, -2.5, "-2.5");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/typed number/lies within the bounds, near to what is wanted", test_found);
  g_test_add_func("/typed number/is not made up where none lies within the bounds", test_none);
  g_test_add_func("/typed number/is typed without idle zeros", test_text);
  return g_test_run();
}
