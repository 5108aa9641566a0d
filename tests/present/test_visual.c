/* A simulated participant at a real window: what SDL and the X server do to each event is part of the way. */
#include <string.h>

#include "stimuli/base/table.h"
#include "tests/present/study.h"
#include "tests/present/xserver.h"
#include "tests/support.h"

static Table *rows_of(const Study *study, const char *data) {
  g_autofree char *path =
      g_build_filename(study->folder, data, "sub-sim001", "beh", "sub-sim001_task-test_run-1_beh.tsv", NULL);
  Table *table = NULL;
  GError *error = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

/* Times, and what is known of them. */
static bool is_time(const char *column) {
  return g_str_has_suffix(column, "_time") || g_str_has_suffix(column, "_trajectory") ||
         g_str_has_prefix(column, "onset_") || strcmp(column, "missed_frames") == 0 ||
         strcmp(column, "focus_events") == 0 || strcmp(column, "image_duration") == 0;
}

static void rows_are_those_of_the_data_mode_except_times(void) {
  XServer *server = xserver_start(1400, 1000);
  if (server == NULL)
    return;
  Study study = study_new();
  g_autofree char *data = g_build_filename(study.folder, "data", NULL);
  g_autofree char *visual = g_build_filename(study.folder, "visual", NULL);
  g_autofree char *err = NULL, *out = NULL, *program = support_program("dreamrig-present");
  g_assert_cmpint(study_simulate(&study, "1", "7", "1", data, NULL), ==, 0);
  const char *const command[] = {program,  "simulate", study.protocol, "--set", study.set, "--participants", "1",
                                 "--seed", "7",        "--data",       visual,  "--mode",  "visual",         "--speed",
                                 "40",     NULL};
  g_auto(GStrv) environment = xserver_environment(server);
  int status = 0;
  GError *error = NULL;
  g_spawn_sync(NULL, (char **)command, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error(error);
  if (status != 0)
    g_error("simulate --mode visual: %s", err);
  g_autoptr(Table) wanted = rows_of(&study, "data"), got = rows_of(&study, "visual");
  g_assert_cmpuint(table_n_rows(got), ==, table_n_rows(wanted));
  g_assert_cmpuint(table_n_rows(got), >, 0);
  for (gsize column = 0; column < table_n_columns(wanted); column++)
    for (gsize row = 0; row < table_n_rows(wanted) && !is_time(table_column_name(wanted, column)); row++)
      if (strcmp(table_get(got, row, column), table_get(wanted, row, column)) != 0)
        g_error("row %zu, %s: %s on the window, %s without", row, table_column_name(wanted, column),
                table_get(got, row, column), table_get(wanted, row, column));
  study_clear(&study);
  xserver_stop(server);
}

static void modes_are_checked(void) {
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-present", "simulate", "x", "--participants", "1", "--data", "y",
                              "--mode", "fast", NULL),
                  ==, 2);
  g_assert_nonnull(strstr(err, "--mode fast: data or visual expected"));
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-present", "simulate", "x", "--participants", "1", "--data", "y",
                              "--speed", "3", NULL),
                  ==, 2);
  g_assert_nonnull(strstr(err, "--speed is for --mode visual"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/present/visual/rows are those of the data mode except times",
                  rows_are_those_of_the_data_mode_except_times);
  g_test_add_func("/present/visual/modes are checked", modes_are_checked);
  return g_test_run();
}
