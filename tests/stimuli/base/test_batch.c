#include "stimuli/base/batch.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

enum { ITEMS = 500 };

typedef struct {
  gint runs[ITEMS];       /* atomic */
  gint workers_in_use[8]; /* atomic */
  gsize fails_from, fails_until;
  gsize signals_at;
} Record;

static bool work(gpointer context, gsize item, gsize worker, GError **error) {
  Record *record = context;
  g_assert_cmpint(g_atomic_int_add(&record->workers_in_use[worker], 1), ==, 0);
  g_atomic_int_inc(&record->runs[item]);
  if (item == record->signals_at)
    raise(SIGTERM);
  g_atomic_int_add(&record->workers_in_use[worker], -1);
  if (item < record->fails_from || item >= record->fails_until)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "item %d failed", (int)item);
  return false;
}

static Record *new_record(void) {
  Record *record = g_new0(Record, 1);
  record->signals_at = ITEMS;
  return record;
}

static void test_each_item_runs_once_for_every_number_of_workers(void) {
  for (gsize n = 1; n <= 8; n++) {
    g_autofree Record *record = new_record();
    GError *error = NULL;
    batch_run(&(BatchOptions){.n_workers = n}, ITEMS, work, record, &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < ITEMS; i++)
      g_assert_cmpint(record->runs[i], ==, 1);
  }
}

static void test_the_failure_with_the_lowest_index_comes_back(void) {
  for (gsize n = 1; n <= 8; n++) {
    g_autofree Record *record = new_record();
    record->fails_from = 123;
    record->fails_until = ITEMS;
    GError *error = NULL;
    g_assert_false(batch_run(&(BatchOptions){.n_workers = n}, ITEMS, work, record, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, "item 123 failed");
    g_error_free(error);
    for (gsize i = 0; i <= 123; i++)
      g_assert_cmpint(record->runs[i], ==, 1);
    for (gsize i = 123 + n; i < ITEMS; i++)
      g_assert_cmpint(record->runs[i], ==, 0);
  }
}

static void test_a_signal_stops_after_the_items_under_way(void) {
  g_autofree Record *record = new_record();
  record->signals_at = 41;
  GError *error = NULL;
  g_assert_false(batch_run(&(BatchOptions){.n_workers = 1}, ITEMS, work, record, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_cmpstr(error->message, ==, "stopped by SIGTERM after 42 of 500 items");
  g_clear_error(&error);
  struct sigaction now;
  sigaction(SIGTERM, NULL, &now);
  g_assert_true(now.sa_handler == SIG_DFL);

  record->signals_at = ITEMS;
  batch_run(&(BatchOptions){.n_workers = 2}, ITEMS, work, record, &error);
  g_assert_no_error(error);
}

static void test_no_items_are_done_at_once(void) {
  g_autofree Record *record = new_record();
  GError *error = NULL;
  g_assert_true(batch_run(&(BatchOptions){.label = "nothing"}, 0, work, record, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(batch_workers(&(BatchOptions){.n_workers = 0}, 0), ==, 1);
  g_assert_cmpuint(batch_workers(&(BatchOptions){.n_workers = 7}, 3), ==, 3);
  g_assert_cmpuint(batch_workers(&(BatchOptions){.n_workers = 2}, 3), ==, 2);
}

static void test_progress_off_a_terminal_is_plain_lines(void) {
  g_autofree char *err = NULL, *self = g_file_read_link("/proc/self/exe", NULL);
  g_assert_cmpint(support_run(NULL, &err, self, "--as-program", NULL), ==, 0);
  g_assert_true(g_regex_match_simple("^dreams: 40/40 in \\d+:\\d\\d\n$", err, 0, 0));
}

static void test_progress_that_ends_early_says_how_far_it_came(void) {
  g_autofree char *err = NULL, *self = g_file_read_link("/proc/self/exe", NULL);
  g_assert_cmpint(support_run(NULL, &err, self, "--as-program", "short", NULL), ==, 0);
  g_assert_true(g_regex_match_simple("^dreams: 17/40, .*left\n$", err, 0, 0));
}

static int run_as_program(bool whole) {
  Progress *progress = progress_new("dreams", 40);
  for (int i = 0; i < (whole ? 40 : 17); i++)
    progress_step(progress, 1);
  progress_free(progress);
  return 0;
}

static void assert_shard(const char *text, gsize index, gsize count) {
  Shard shard;
  GError *error = NULL;
  shard_parse(text, &shard, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(shard.index, ==, index);
  g_assert_cmpuint(shard.count, ==, count);
}

static void assert_no_shard(const char *text) {
  Shard shard;
  GError *error = NULL;
  g_assert_false(shard_parse(text, &shard, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_USAGE);
  g_error_free(error);
}

static void test_shards_are_read_and_checked(void) {
  assert_shard("3/8", 2, 8);
  assert_shard("1/1", 0, 1);
  static const char *const bad[] = {"0/8", "9/8", "3", "3/", "/8", "a/b", "3/8/2", "-1/8", "3/0", ""};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    assert_no_shard(bad[i]);
}

static void test_auto_reads_the_slurm_array(void) {
  assert_no_shard("auto");
  g_setenv("SLURM_ARRAY_TASK_ID", "17", TRUE);
  g_setenv("SLURM_ARRAY_TASK_MIN", "5", TRUE);
  g_setenv("SLURM_ARRAY_TASK_COUNT", "20", TRUE);
  assert_shard("auto", 12, 20);
  g_setenv("SLURM_ARRAY_TASK_STEP", "3", TRUE);
  assert_shard("auto", 4, 20);
  g_setenv("SLURM_ARRAY_TASK_STEP", "5", TRUE);
  assert_no_shard("auto");
  g_setenv("SLURM_ARRAY_TASK_STEP", "x", TRUE);
  assert_no_shard("auto");
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--as-program") == 0)
    return run_as_program(argc == 2);
  g_test_init(&argc, &argv, NULL);
  /* First, because the environment must not change once there are threads. */
  g_test_add_func("/batch/auto-reads-the-slurm-array", test_auto_reads_the_slurm_array);
  g_test_add_func("/batch/each-item-runs-once-for-every-number-of-workers",
                  test_each_item_runs_once_for_every_number_of_workers);
  g_test_add_func("/batch/the-failure-with-the-lowest-index-comes-back",
                  test_the_failure_with_the_lowest_index_comes_back);
  g_test_add_func("/batch/a-signal-stops-after-the-items-under-way", test_a_signal_stops_after_the_items_under_way);
  g_test_add_func("/batch/no-items-are-done-at-once", test_no_items_are_done_at_once);
  g_test_add_func("/batch/progress-off-a-terminal-is-plain-lines", test_progress_off_a_terminal_is_plain_lines);
  g_test_add_func("/batch/progress-that-ends-early-says-how-far-it-came",
                  test_progress_that_ends_early_says_how_far_it_came);
  g_test_add_func("/batch/shards-are-read-and-checked", test_shards_are_read_and_checked);
  return g_test_run();
}
