#include <string.h>

#include "tests/present/derived.h"
#include "tests/present/rig.h"
#include "tests/support.h"

/* Checks before the images, among the items of a grid, and in the block. */
static const char protocol_text[] =
    "[protocol]\nname = test\nversion = 1\ntitle = A test\ntask = test\nseed = 11\nstimuli = set\n"
    "[screen]\nwindow = 1280x800\n"
    "[sequence]\nsteps = agree; feelings; together\n"
    "[question agree]\nkind = choice\ntext = Choose the second.\noptions = One; Two; Three\ncorrect = 2\n"
    "[question feelings]\nkind = likert\ntext = Now I am\noptions = No; Hardly; Somewhat; Yes\n"
    "items = glad; choose No; tired; choose Yes; calm; choose Hardly; Yes again\ncorrect = 2:1; 4:4; 6:2; 7:4\n"
    "[question alert]\nkind = slider\ntext = Move it to the right.\nleft = no\nright = yes\ncorrect = 90..100\n"
    "[scale arousal]\nleft = calm\nright = excited\n[scale valence]\nleft = bad\nright = good\n"
    "[block together]\nphase = main\nimages = 4\nscales = arousal; valence\nchecks = alert\n";

static const struct {
  const char *tool;
  const char *columns[5];
} checks[] = {
    {"agree", {"agree_correct", NULL}},
    {"feelings", {"feelings_2_correct", "feelings_4_correct", "feelings_6_correct", "feelings_7_correct", NULL}},
    {"alert", {"alert_correct", NULL}}};

/* The checks that each participant failed, from the columns of the questionnaires: each was asked once. */
static GHashTable *count_failed(const char *data) {
  GHashTable *failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize c = 0; c < G_N_ELEMENTS(checks); c++) {
    g_autofree char *name = g_strdup_printf("phenotype/%s.tsv", checks[c].tool);
    g_autoptr(Table) table = derived_table(data, name);
    for (gsize row = 0; row < table_n_rows(table); row++)
      for (gsize i = 0; checks[c].columns[i] != NULL; i++) {
        const char *participant = table_get(table, row, 0);
        const char *cell = derived_cell(table, row, checks[c].columns[i]);
        gsize n = GPOINTER_TO_SIZE(g_hash_table_lookup(failed, participant));
        g_hash_table_replace(failed, g_strdup(participant), GSIZE_TO_POINTER(n + (strcmp(cell, "0") == 0)));
      }
  }
  return failed;
}

static void write_text(const char *folder, const char *name, const char *text) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* The report on FOLDER/data with these rules leaves out those who failed more checks than that, and nobody else. */
static gsize excludes_exactly(const char *folder, const char *rules, gsize max_failed, GHashTable *failed) {
  g_autofree char *set = g_build_filename(folder, "set", NULL), *data = g_build_filename(folder, "data", NULL);
  g_autofree char *out = g_build_filename(folder, "report", NULL), *file = g_build_filename(folder, "t.rules", NULL);
  write_text(folder, "t.rules", rules);
  g_autofree char *err = NULL;
  int status = support_run(NULL, &err, "dreamrig-analysis", "report", data, "--set", set, "--rules", file, "-o", out,
                           "--resamples", "0", NULL);
  if (status != 0)
    g_error("report: %s", err);
  g_autoptr(Table) log = derived_table(out, "tables/exclusions.tsv"),
                   stayed = derived_table(out, "tables/participants.tsv");
  gsize n_excluded = 0;
  for (gsize row = 0; row < table_n_rows(log); row++) {
    if (strcmp(table_get(log, row, 0), "failed attention checks") != 0)
      continue;
    const char *participant = derived_cell(log, row, "participant");
    gsize n = GPOINTER_TO_SIZE(g_hash_table_lookup(failed, participant));
    g_autofree char *detail = g_strdup_printf("participant left out: %zu of 6 attention checks failed", n),
                    *share = g_strdup_printf("participant left out: %zu of 6 attention checks passed", 6 - n);
    const char *told = derived_cell(log, row, "detail");
    g_assert_true(g_str_has_prefix(told, detail) || g_str_has_prefix(told, share));
    g_assert_cmpuint(n, >, max_failed);
    g_assert_cmpstr(derived_cell(log, row, "trials"), ==, "4");
    n_excluded++;
  }
  gsize n_expected = 0;
  GHashTableIter iter;
  gpointer n;
  for (g_hash_table_iter_init(&iter, failed); g_hash_table_iter_next(&iter, NULL, &n);)
    n_expected += GPOINTER_TO_SIZE(n) > max_failed;
  g_assert_cmpuint(n_excluded, ==, n_expected);
  g_assert_cmpuint(table_n_rows(stayed), ==, g_hash_table_size(failed) - n_expected);
  return n_excluded;
}

static void test_report_excludes_whom_the_session_saw_fail(void) {
  g_autofree char *folder = support_folder();
  g_autofree char *set = g_build_filename(folder, "set", NULL), *data = g_build_filename(folder, "data", NULL);
  g_autofree char *protocol = g_build_filename(folder, "test.protocol", NULL), *err = NULL;
  rig_write_set(set, 4);
  write_text(folder, "test.protocol", protocol_text);
  int status = support_run(NULL, &err, "dreamrig-present", "simulate", protocol, "--participants", "60", "--seed", "4",
                           "--data", data, NULL);
  if (status != 0)
    g_error("simulate: %s", err);
  g_autoptr(GHashTable) failed = count_failed(data);
  g_assert_cmpuint(g_hash_table_size(failed), ==, 60);
  gsize n_any = excludes_exactly(folder, "[attention]\nmax_failed = 0\n", 0, failed);
  gsize n_share = excludes_exactly(folder, "[attention]\nmin_share = 0.8\n", 1, failed);
  g_assert_cmpuint(n_share, >, 0);
  g_assert_cmpuint(n_any, >, n_share);
  g_assert_cmpuint(n_any, <, 60);
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/attention checks/report excludes whom the session saw fail",
                  test_report_excludes_whom_the_session_saw_fail);
  return g_test_run();
}
