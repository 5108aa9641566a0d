#include "stimuli/base/number.h"

#include <math.h>

#include "stimuli/base/random.h"

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

static void test_numbers_are_written_short_and_exact(void) {
  static const struct {
    double value;
    const char *want;
  } cases[] = {{12345678901, "12345678901"},
               {9007199254740992, "9007199254740992"},
               {-1e15, "-1000000000000000"},
               {0.1, "0.1"},
               {0.1 + 0.2, "0.30000000000000004"},
               {-36000.123456789, "-36000.123456789"},
               {1e20, "1e+20"},
               {2.0 / 3, "0.6666666666666666"},
               {0, "0"},
               {-0.0, "0"},
               {NAN, "nan"},
               {-INFINITY, "-inf"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    char text[NUMBER_SIZE];
    g_assert_cmpstr(number_format(cases[i].value, text), ==, cases[i].want);
  }
}

static void test_any_double_is_read_back_equal(void) {
  Random random;
  random_init_stream(&random, 2385, "doubles");
  for (int i = 0; i < 200000; i++) {
    union {
      guint64 bits;
      double value;
    } any = {.bits = (guint64)random_bits(&random) << 32 | random_bits(&random)};
    double values[] = {any.value, trunc(ldexp(random_uniform(&random), i % 70)), ldexp(1, i % 2098 - 1074)};
    for (gsize k = 0; k < G_N_ELEMENTS(values); k++) {
      char text[NUMBER_SIZE];
      double back = 0;
      if (!isfinite(values[k]))
        continue;
      g_assert_true(number_parse_double(number_format(values[k], text), &back));
      g_assert_true(back == values[k]);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/number/decimal-numbers-are-read-whole", test_decimal_numbers_are_read_whole);
  g_test_add_func("/number/other-text-is-no-number", test_other_text_is_no_number);
  g_test_add_func("/number/integers-are-read-up-to-64-bits", test_integers_are_read_up_to_64_bits);
  g_test_add_func("/number/numbers-are-written-short-and-exact", test_numbers_are_written_short_and_exact);
  g_test_add_func("/number/any-double-is-read-back-equal", test_any_double_is_read_back_equal);
  return g_test_run();
}
