#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "stimuli/base/files.h"
#include "tests/present/derived.h"
#include "tests/present/study.h"
#include "tests/support.h"

/* The contents of all files below a folder by relative path, less the locks. */
static void collect(const char *folder, const char *prefix, GHashTable *files) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *relative = g_build_filename(prefix, name, NULL);
    char *text = NULL;
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      collect(path, relative, files);
    else if (!g_str_has_suffix(name, ".lock") && g_file_get_contents(path, &text, NULL, NULL))
      g_hash_table_insert(files, g_steal_pointer(&relative), text);
  }
  g_dir_close(dir);
}

static GHashTable *files_of(const char *folder) {
  GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  collect(folder, "", files);
  return files;
}

static void test_same_bytes(void) {
  Study study = study_new();
  g_autofree char *other = g_build_filename(study.folder, "other", NULL);
  g_assert_cmpint(study_simulate(&study, "6", "3", "1", study.data, NULL), ==, 0);
  g_assert_cmpint(study_simulate(&study, "6", "3", "4", other, NULL), ==, 0);
  g_autoptr(GHashTable) one = files_of(study.data);
  g_autoptr(GHashTable) four = files_of(other);
  g_assert_cmpuint(g_hash_table_size(one), ==, g_hash_table_size(four));
  g_assert_cmpuint(g_hash_table_size(one), >, 6 * 3);
  GHashTableIter iter;
  gpointer name, text;
  g_hash_table_iter_init(&iter, one);
  while (g_hash_table_iter_next(&iter, &name, &text))
    g_assert_cmpstr(text, ==, g_hash_table_lookup(four, name));
  study_clear(&study);
}

static void test_says_simulated(void) {
  Study study = study_new();
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  g_autoptr(GHashTable) files = files_of(study.data);
  const char *description = g_hash_table_lookup(files, "dataset_description.json");
  g_assert_nonnull(description);
  g_autofree char *lower = g_ascii_strdown(description, -1);
  g_assert_nonnull(strstr(lower, "simulated"));
  const char *journal = g_hash_table_lookup(files, "sourcedata/sub-sim001/sub-sim001_task-test_run-1_journal.jsonl");
  g_assert_nonnull(strstr(journal, "\"simulated\":true"));
  g_autoptr(Table) table = derived_table(study.data, "sub-sim001/beh/sub-sim001_task-test_run-1_beh.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  for (gsize row = 0; row < 4; row++)
    g_assert_cmpstr(derived_cell(table, row, "simulated"), ==, "1");
  study_clear(&study);
}

static gint compare_texts(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each participant's answers: "participant block trial stimulus arousal valence", sorted. */
static GPtrArray *answers_of(const char *data) {
  GError *error = NULL;
  GPtrArray *answers = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) journals = journal_list(data, &error);
  g_assert_no_error(error);
  for (guint j = 0; j < journals->len; j++) {
    g_autoptr(JournalContents) contents = NULL;
    journal_read(journals->pdata[j], &contents, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < contents->trials->len; i++) {
      const TrialRecord *trial = contents->trials->pdata[i];
      if (trial->abort_reason == NULL)
        g_ptr_array_add(answers, g_strdup_printf("%s %s %" G_GSIZE_FORMAT " %s %g %g", contents->header->participant,
                                                 trial->block, trial->trial, trial->stim_id, trial->ratings[0].final,
                                                 trial->ratings[1].final));
    }
  }
  g_ptr_array_sort(answers, compare_texts);
  return answers;
}

/* Starts the simulation and kills it after a while; true where it was still running. */
static bool simulate_and_kill(const Study *study, gulong after_us) {
  g_autofree char *program = support_program("dreamrig-present");
  char *arguments[] = {program,       (char *)"simulate", study->protocol, (char *)"--participants",
                       (char *)"150", (char *)"--seed",   (char *)"8",     (char *)"--data",
                       study->data,   (char *)"-j",       (char *)"2",     NULL};
  GPid pid = 0;
  GError *error = NULL;
  g_spawn_async(NULL, arguments, NULL,
                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, &pid,
                &error);
  g_assert_no_error(error);
  g_usleep(after_us);
  kill(pid, SIGKILL);
  int status = 0;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  return WIFSIGNALED(status);
}

static void test_killed(void) {
  Study study = study_new();
  g_autofree char *whole = g_build_filename(study.folder, "whole", NULL);
  gint64 began_us = g_get_monotonic_time();
  g_assert_cmpint(study_simulate(&study, "150", "8", "2", whole, NULL), ==, 0);
  gint32 unbroken_us = (gint32)MIN(g_get_monotonic_time() - began_us, G_MAXINT32 / 2);
  g_autoptr(GPtrArray) want = answers_of(whole);
  g_assert_cmpuint(want->len, ==, 150 * 4);
  /* Whatever was confirmed at one kill is there, the same, after the next. A run that ends before its kill says
   * nothing: the data go, and it starts over. */
  g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_free);
  int kills = 0, halfway = 0;
  double wait_us = unbroken_us / 3.0;
  for (int round = 0; round < 60 && (kills < 4 || halfway < 2); round++) {
    bool killed = simulate_and_kill(&study, (gulong)(wait_us * g_test_rand_double_range(.7, 1.3)));
    g_autofree char *sourcedata = g_build_filename(study.data, "sourcedata", NULL);
    kills += killed;
    g_autoptr(GPtrArray) now =
        killed && g_file_test(sourcedata, G_FILE_TEST_IS_DIR) ? answers_of(study.data) : g_ptr_array_new();
    for (guint i = 0; killed && i < before->len; i++)
      g_assert_true(g_ptr_array_find_with_equal_func(now, before->pdata[i], g_str_equal, NULL));
    bool all = now->len == want->len;
    if (!killed || all)
      support_remove(study.data);
    halfway += now->len > 0 && now->len < want->len;
    wait_us *= !killed || all ? .8 : now->len == 0 ? 1.25 : 1; /* the machine may be busier or less busy than before */
    g_ptr_array_unref(before);
    if (all)
      g_ptr_array_set_size(now, 0);
    before = g_steal_pointer(&now);
  }
  g_test_message("killed %d times, %d with a part of the answers", kills, halfway);
  g_assert_true(halfway > 0);
  g_assert_cmpint(study_simulate(&study, "150", "8", "2", study.data, NULL), ==, 0);
  g_autoptr(GPtrArray) got = answers_of(study.data);
  g_assert_cmpuint(got->len, ==, want->len);
  for (guint i = 0; i < want->len; i++)
    g_assert_cmpstr(got->pdata[i], ==, want->pdata[i]);
  study_clear(&study);
}

static void test_other_simulation(void) {
  Study study = study_new();
  g_autofree char *err = NULL;
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  g_assert_cmpint(study_simulate(&study, "1", "4", "1", study.data, &err), ==, 1);
  g_assert_nonnull(strstr(err, "choose another data folder"));
  study_clear(&study);
}

static void test_screens(void) {
  Study study = study_new();
  g_autofree char *folder = g_build_filename(study.folder, "pictures", NULL);
  g_assert_cmpint(
      support_run(NULL, NULL, "dreamrig-present", "screens", study.protocol, "-o", folder, "--size", "800x600", NULL),
      ==, 0);
  static const char *const names[] = {
      "01-welcome.png",           "02-mood.png",           "03-together-fixation.png", "04-together-rating.png",
      "05-together-answered.png", "06-timed-fixation.png", "07-timed-image.png",       "08-timed-rating.png",
      "09-timed-answered.png",    "10-pause.png"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    g_autoptr(Image) image = NULL;
    GError *error = NULL;
    image_read(path, &image, &error);
    g_assert_no_error(error);
    g_assert_cmpint(image->width, ==, 800);
    g_assert_cmpint(image->height, ==, 600);
  }
  study_clear(&study);
}

static void test_screens_have_the_patch_of_the_session(void) {
  Study study = study_new();
  GError *error = NULL;
  g_autofree char *text = NULL, *folder = g_build_filename(study.folder, "pictures", NULL);
  g_assert_true(g_file_get_contents(study.protocol, &text, NULL, NULL));
  g_auto(GStrv) halves = g_strsplit(text, "[sequence]\n", 2);
  g_autofree char *lit = g_strconcat(halves[0], "photodiode = top_left\n[sequence]\n", halves[1], NULL);
  g_assert_true(g_file_set_contents(study.protocol, lit, -1, NULL));
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "screens", study.protocol, "-o", folder, NULL), ==, 0);
  static const struct {
    const char *name;
    float want;
  } patches[] = {{"03-together-fixation.png", 0}, {"04-together-rating.png", 255}, {"05-together-answered.png", 255},
                 {"06-timed-fixation.png", 0},    {"07-timed-image.png", 255},     {"08-timed-rating.png", 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(patches); i++) {
    g_autofree char *path = g_build_filename(folder, patches[i].name, NULL);
    g_autoptr(Image) image = NULL;
    image_read(path, &image, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(image->pixels[(30 * image->width + 30) * 3], ==, patches[i].want);
  }
  study_clear(&study);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/simulate/gives the same bytes for any number of workers", test_same_bytes);
  g_test_add_func("/simulate/says so in journal, rows and description", test_says_simulated);
  g_test_add_func("/simulate/loses and doubles nothing when killed", test_killed);
  g_test_add_func("/simulate/does not mix with another simulation", test_other_simulation);
  g_test_add_func("/screens/are drawn in the order of the session", test_screens);
  g_test_add_func("/screens/have the photodiode's patch of the session", test_screens_have_the_patch_of_the_session);
  return g_test_run();
}
