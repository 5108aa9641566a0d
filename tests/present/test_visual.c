/* A simulated participant at a real window: what SDL and the X server do to each event is part of the way. */
#include <string.h>

#include "present/participant/participant_model.h"
#include "stimuli/base/table.h"
#include "tests/present/study.h"
#include "tests/present/xserver.h"
#include "tests/support.h"

#define SEED "7"

/* Times, and what is known of them. */
static bool is_time(const char *column) {
  return g_str_has_suffix(column, "_time") || g_str_has_suffix(column, "_shown") ||
         g_str_has_suffix(column, "_trajectory") || strcmp(column, "onset") == 0 ||
         g_str_has_prefix(column, "onset_") || strstr(column, "_onset") != NULL ||
         strcmp(column, "missed_frames") == 0 || strcmp(column, "focus_events") == 0 ||
         strcmp(column, "image_duration") == 0 || strcmp(column, "image_width") == 0 ||
         strcmp(column, "image_height") == 0 || strcmp(column, "response_time_uncertainty") == 0;
}

/* The paths of a folder's TSV files, relative to it, sorted. */
static void list_tables(const char *folder, const char *below, GPtrArray *paths) {
  g_autofree char *path = g_build_filename(folder, below, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(below, name, NULL);
    if (g_str_has_suffix(name, ".tsv"))
      g_ptr_array_add(paths, g_strdup(inner));
    else
      list_tables(folder, inner, paths);
  }
}

static int by_name(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static GPtrArray *tables_of(const char *folder) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  list_tables(folder, "", paths);
  g_ptr_array_sort(paths, by_name);
  return paths;
}

/* Every cell but times; the number of cells that were compared. */
static gsize compare_tables(const char *data, const char *visual, const char *path) {
  g_autofree char *wanted_path = g_build_filename(data, path, NULL), *got_path = g_build_filename(visual, path, NULL);
  g_autoptr(Table) wanted = NULL;
  g_autoptr(Table) got = NULL;
  GError *error = NULL;
  gsize n = 0;
  g_assert_true(table_read(wanted_path, &wanted, &error) && table_read(got_path, &got, &error));
  g_assert_cmpuint(table_n_rows(got), ==, table_n_rows(wanted));
  g_assert_cmpuint(table_n_rows(got), >, 0);
  g_assert_cmpuint(table_n_columns(got), ==, table_n_columns(wanted));
  for (gsize column = 0; column < table_n_columns(wanted); column++) {
    const char *name = table_column_name(wanted, column);
    g_assert_cmpstr(table_column_name(got, column), ==, name);
    for (gsize row = 0; row < table_n_rows(wanted) && !is_time(name); row++, n++)
      if (strcmp(table_get(got, row, column), table_get(wanted, row, column)) != 0)
        g_error("%s, row %zu, %s: %s on the window, %s without", path, row, name, table_get(got, row, column),
                table_get(wanted, row, column));
  }
  return n;
}

static void simulate(const XServer *server, const char *protocol, const char *set, const char *data, bool in_window) {
  g_autofree char *err = NULL, *out = NULL, *program = support_program("dreamrig-present");
  const char *const command[] = {program,
                                 "simulate",
                                 protocol,
                                 "--set",
                                 set,
                                 "--participants",
                                 "2",
                                 "--seed",
                                 SEED,
                                 "--data",
                                 data,
                                 "--mode",
                                 in_window ? "visual" : "data",
                                 in_window ? "--speed" : NULL,
                                 "40",
                                 NULL};
  g_auto(GStrv) environment = xserver_environment(server);
  int status = 0;
  GError *error = NULL;
  g_spawn_sync(NULL, (char **)command, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error(error);
  if (status != 0)
    g_error("simulate into %s: %s", data, err);
}

/* With this seed one of the two answers by mouse and one by keys. */
static void check_seed(void) {
  ParticipantTraits one = participant_traits_new(g_ascii_strtoull(SEED, NULL, 10), "sim001");
  ParticipantTraits two = participant_traits_new(g_ascii_strtoull(SEED, NULL, 10), "sim002");
  g_assert_true(one.keyboard != two.keyboard);
  participant_traits_clear(&one);
  participant_traits_clear(&two);
}

/* Simulates the protocol both ways, by mouse and by keys, and compares all tables. */
static gsize compare_modes(const char *protocol, const char *set, const char *folder) {
  XServer *server = xserver_start(1400, 1000);
  if (server == NULL)
    return 0;
  check_seed();
  g_autofree char *data = g_build_filename(folder, "data", NULL), *visual = g_build_filename(folder, "visual", NULL);
  simulate(server, protocol, set, data, false);
  simulate(server, protocol, set, visual, true);
  xserver_stop(server);
  g_autoptr(GPtrArray) wanted = tables_of(data);
  g_autoptr(GPtrArray) got = tables_of(visual);
  gsize n = 0;
  g_assert_cmpuint(got->len, ==, wanted->len);
  g_assert_cmpuint(wanted->len, >=, 4); /* two participants' rows, participants.tsv, a questionnaire */
  for (guint i = 0; i < wanted->len; i++) {
    g_assert_cmpstr(got->pdata[i], ==, wanted->pdata[i]);
    n += compare_tables(data, visual, wanted->pdata[i]);
  }
  return n;
}

static void rows_are_those_of_the_data_mode_except_times(void) {
  Study study = study_new();
  compare_modes(study.protocol, study.set, study.folder);
  study_clear(&study);
}

/* The protocol with every kind of question, blocks, breaks and checks, with sounds; without the block whose deadline
 * no one meets: how many deadlines are met is a matter of time. */
static void every_kind_gives_the_same_rows(void) {
  g_autofree char *folder = support_folder(), *text = NULL, *protocol = g_build_filename(folder, "all.protocol", NULL);
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "protocols", "every-kind.protocol", NULL);
  g_autofree char *set = g_test_build_filename(G_TEST_DIST, "..", "stimuli", "demo", NULL);
  GError *error = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, &error));
  g_auto(GStrv) sequence = g_strsplit(text, "; slow; debrief", 2);
  g_assert_nonnull(sequence[1]);
  g_autofree char *shorter = g_strjoinv("; debrief", sequence);
  g_auto(GStrv) slow = g_strsplit(shorter, "# A deadline that no one can meet", 2);
  g_assert_nonnull(slow[1]);
  g_auto(GStrv) block = g_strsplit(slow[0], "checks = attend; attend_slider\n", 2);
  g_assert_nonnull(block[1]);
  g_autofree char *all =
      g_strconcat(block[0], "checks = attend; attend_slider\nsounds = probe@-200; beep@150\n", block[1],
                  "[sound probe]\nkind = noise\nduration_ms = 50\nlevel_dbfs = -20\n"
                  "[sound beep]\nkind = tone\nfrequency_hz = 440\nduration_ms = 30\nlevel_dbfs = -12\n",
                  strstr(slow[1], "[page debrief]"), NULL);
  g_assert_true(g_file_set_contents(protocol, all, -1, &error));
  gsize n = compare_modes(protocol, set, folder);
  g_test_message("%" G_GSIZE_FORMAT " cells are equal", n);
  support_remove(folder);
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
  g_test_add_func("/present/visual/every kind of question, block, break, check and sound gives the same rows",
                  every_kind_gives_the_same_rows);
  g_test_add_func("/present/visual/modes are checked", modes_are_checked);
  return g_test_run();
}
