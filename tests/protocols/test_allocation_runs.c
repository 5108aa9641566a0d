#include "protocols/allocation_runs.h"

#include <math.h>
#include <string.h>

#include "protocols/allocation_run_table.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

static RunTable *table_of(const gsize *counts, gsize n_types, gsize max_run) {
  GError *error = NULL;
  RunTable *table = NULL;
  run_table_new(counts, n_types, max_run, &table, &error);
  g_assert_no_error(error);
  return table;
}

static gsize longest_run(const gsize *sequence, gsize n) {
  gsize longest = 1, run = 1;
  for (gsize i = 1; i < n; i++) {
    run = sequence[i] == sequence[i - 1] ? run + 1 : 1;
    longest = MAX(longest, run);
  }
  return longest;
}

/* Python, whole numbers without rounding: c(n, k) counts words by
 *   @lru_cache; def f(left, last, run): sum over types t with left[t] > 0 and not (t == last and run == k) of
 *   f(left less one t, t, run + 1 if t == last else 1); 1 where nothing is left; math.log(f(counts, -1, 0)). */
static void test_table_counts_as_whole_numbers_do(void) {
  static const struct {
    gsize counts[6], n_types, max_run;
    double log_count;
  } cases[] = {
      {{3, 3, 2}, 3, 2, 6.1136821798322316},    {{5, 4, 3, 3}, 4, 1, 12.966584038698583},
      {{72, 72}, 2, 2, 67.815288073447846},     {{72, 72}, 2, 1, 0.69314718055994529},
      {{20, 20, 20}, 3, 3, 60.332226492299327}, {{9, 9, 9, 9}, 4, 2, 43.102393343138537},
      {{30, 11, 2}, 3, 3, 19.114699844279766},  {{4, 3, 2, 2, 1, 1}, 6, 1, 14.227355273036478},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RunTable) table = table_of(cases[i].counts, cases[i].n_types, cases[i].max_run);
    support_assert_near("log count", run_table_log_count(table), cases[i].log_count, 1e-13, 1e-13);
  }
}

/* The number of a word among all words of these counts, in base n_types. */
static gsize word_number(const gsize *sequence, gsize n, gsize n_types) {
  gsize number = 0;
  for (gsize i = 0; i < n; i++)
    number = number * n_types + sequence[i];
  return number;
}

/* 3 + 3 + 2 items, at most 2 in a row: chi-squared over all 452 words, 200 draws a word.
 * R: qchisq(1 - 1e-6, 452 - 1). */
static void test_every_sequence_is_drawn_equally_often(void) {
  static const gsize counts[] = {3, 3, 2};
  g_autoptr(RunTable) table = table_of(counts, 3, 2);
  g_autofree gsize *drawn = g_new0(gsize, 6561);
  Random random;
  random_init(&random, 11);
  gsize n_draws = 200 * 452;
  for (gsize i = 0; i < n_draws; i++) {
    gsize sequence[8];
    run_table_draw(table, &random, sequence);
    g_assert_cmpuint(longest_run(sequence, 8), <=, 2);
    drawn[word_number(sequence, 8, 3)]++;
  }
  gsize n_words = 0;
  double chi_squared = 0;
  for (gsize i = 0; i < 6561; i++) {
    n_words += drawn[i] > 0;
    chi_squared += drawn[i] > 0 ? ((double)drawn[i] - 200) * ((double)drawn[i] - 200) / 200 : 0;
  }
  g_assert_cmpuint(n_words, ==, 452);
  g_assert_cmpfloat(chi_squared, <, 608.4);
}

/* Items of a type among themselves: 2 + 2 items, none twice in succession, are 8 orders. qchisq(1 - 1e-6, 7) = 40.52 */
static void test_every_order_of_items_is_drawn_equally_often(void) {
  static const gsize type_of[] = {0, 1, 0, 1};
  gsize drawn[256] = {0}, n_orders = 0;
  double chi_squared = 0;
  Random random;
  random_init(&random, 12);
  for (gsize i = 0; i < 8000; i++) {
    gsize items[] = {0, 1, 2, 3};
    g_assert_true(runs_shuffle(&random, items, 4, type_of, 2, 1, 0, 0, NULL));
    drawn[word_number(items, 4, 4)]++;
  }
  for (gsize i = 0; i < 256; i++)
    if (drawn[i] > 0) {
      n_orders++;
      chi_squared += ((double)drawn[i] - 1000) * ((double)drawn[i] - 1000) / 1000;
    }
  g_assert_cmpuint(n_orders, ==, 8);
  g_assert_cmpfloat(chi_squared, <, 40.52);
}

/* Far too rare for shuffles: 72 of each of two types, at most 2 in a row, then none twice in succession. */
static void test_rare_orders_are_found_and_keep_every_item(void) {
  gsize items[144], type_of[144];
  for (gsize i = 0; i < 144; i++)
    type_of[i] = i % 2;
  for (gsize max_run = 1; max_run <= 2; max_run++) {
    Random random;
    random_init(&random, 13);
    for (gsize i = 0; i < 144; i++)
      items[i] = i;
    g_assert_true(runs_shuffle(&random, items, 144, type_of, 2, max_run, 0, 0, NULL));
    bool seen[144] = {false};
    gsize types[144];
    for (gsize i = 0; i < 144; i++) {
      g_assert_false(seen[items[i]]);
      seen[items[i]] = true;
      types[i] = type_of[items[i]];
    }
    g_assert_cmpuint(longest_run(types, 144), ==, max_run);
  }
}

static void test_what_precedes_counts_towards_the_first_run(void) {
  static const gsize type_of[] = {0, 0, 0, 1, 1, 1};
  Random random;
  random_init(&random, 14);
  gsize starts[2] = {0};
  for (gsize i = 0; i < 400; i++) {
    gsize items[] = {0, 1, 2, 3, 4, 5};
    g_assert_true(runs_shuffle(&random, items, 6, type_of, 2, 2, 0, 1, NULL));
    starts[type_of[items[0]]]++;
    g_assert_false(type_of[items[0]] == 0 && type_of[items[1]] == 0);
  }
  g_assert_cmpuint(starts[0], >, 0);
  g_assert_cmpuint(starts[1], >, starts[0]);
}

static void test_impossible_limits_say_what_would_fit(void) {
  static const gsize counts[] = {2, 7, 0};
  gsize type = 9, most = 9;
  g_assert_true(runs_possible(counts, 3, 3, &type, &most));
  g_assert_false(runs_possible(counts, 3, 2, &type, &most));
  g_assert_cmpuint(type, ==, 1);
  g_assert_cmpuint(most, ==, 6);
  g_autoptr(GError) error = NULL;
  Random random;
  random_init(&random, 15);
  static const gsize type_of[] = {0, 1, 1, 1};
  gsize items[] = {0, 1, 2, 3};
  g_assert_false(runs_shuffle(&random, items, 4, type_of, 2, 1, 0, 0, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

static void test_orders_too_many_to_count_are_refused(void) {
  static const gsize counts[] = {300, 300, 300, 300};
  g_autoptr(GError) error = NULL;
  g_autoptr(RunTable) table = NULL;
  g_assert_false(run_table_new(counts, 4, 2, &table, &error));
  g_assert_nonnull(strstr(error->message, "1200 items"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/allocation_runs/table counts as whole numbers do", test_table_counts_as_whole_numbers_do);
  g_test_add_func("/allocation_runs/every sequence is drawn equally often", test_every_sequence_is_drawn_equally_often);
  g_test_add_func("/allocation_runs/every order of items is drawn equally often",
                  test_every_order_of_items_is_drawn_equally_often);
  g_test_add_func("/allocation_runs/rare orders are found and keep every item",
                  test_rare_orders_are_found_and_keep_every_item);
  g_test_add_func("/allocation_runs/what precedes counts towards the first run",
                  test_what_precedes_counts_towards_the_first_run);
  g_test_add_func("/allocation_runs/impossible limits say what would fit", test_impossible_limits_say_what_would_fit);
  g_test_add_func("/allocation_runs/orders too many to count are refused", test_orders_too_many_to_count_are_refused);
  return g_test_run();
}
