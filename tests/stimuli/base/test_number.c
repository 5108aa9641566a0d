#include "stimuli/base/number.h"

static void test_decimal_numbers_are_read_whole(void) {
  static const struct {
    const char *text;
    double want;
  } cases[] = {{"0", 0}, {"-2.385", -2.385}, {"+17", 17}, {".5", 0.5}, {"6.", 6}, {"1.75E-3", 0.00175}, {"1e-400", 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    double value = 99;
    g_assert_true(number_parse_double(cases[i].text, &value));
    g_assert_cmpfloat(value, ==, cases[i].want);
  }
}

static void test_other_text_is_no_number(void) {
  static const char *const texts[] = {"",   " 1",    "1 ",  "1,5", "0x10", "inf", "nan",   "1e999",
                                      "1e", "1.2.3", "--1", "+-1", "e5",   "-",   "1_000", "٣"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    double value = 99;
    gint64 whole = 99;
    g_assert_false(number_parse_double(texts[i], &value));
    g_assert_false(number_parse_int(texts[i], &whole));
    g_assert_cmpfloat(value, ==, 99);
    g_assert_cmpint(whole, ==, 99);
  }
}

static void test_integers_are_read_up_to_64_bits(void) {
  gint64 value = 0;
  g_assert_true(number_parse_int("-9223372036854775808", &value));
  g_assert_cmpint(value, ==, G_MININT64);
  g_assert_true(number_parse_int("+0012", &value));
  g_assert_cmpint(value, ==, 12);
  g_assert_false(number_parse_int("9223372036854775808", &value));
  g_assert_false(number_parse_int("1.0", &value));
  g_assert_false(number_parse_int("1e3", &value));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/number/decimal-numbers-are-read-whole", test_decimal_numbers_are_read_whole);
  g_test_add_func("/number/other-text-is-no-number", test_other_text_is_no_number);
  g_test_add_func("/number/integers-are-read-up-to-64-bits", test_integers_are_read_up_to_64_bits);
  return g_test_run();
}
