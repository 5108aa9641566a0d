#include "tests/analysis/ratings/small_study.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

static const double arousal[SMALL_STUDY_PARTICIPANTS][SMALL_STUDY_IMAGES] = {{31.2, 69.6, 82.6, 90.5, 71.5, 46.2},
                                                                             {81.6, 81.2, NAN, 46.1, 83.5, 93.9},
                                                                             {19.9, 5.4, 45.3, 37.8, 55.2, 68.3},
                                                                             {88.3, 5.8, 5.1, 83.9, 41.4, 48.1},
                                                                             {45, 47.7, 48.8, 32, 59.9, 25.6}};
static const double valence[SMALL_STUDY_PARTICIPANTS][SMALL_STUDY_IMAGES] = {{70, 61.4, 81.2, 21.4, 93.4, 44.4},
                                                                             {55.5, 87.8, 78.7, 21.1, 41, 19.7},
                                                                             {89.2, 42.1, 91.6, 82.2, 22.1, 19.2},
                                                                             {10.7, 18.7, 54.9, 91.6, 26.5, 10.3},
                                                                             {12.1, 13.1, 92, 30.3, 86.1, 54.3}};
static const char *const layers[] = {"conv2d0", "mixed3a", "mixed5b"};

/* A digest that is none of a file, but as long as one. */
static char *digest(gsize image) {
  char *text = g_strnfill(64, 'a');
  text[0] = (char)('1' + image);
  return text;
}

StimulusSet *small_study_set(void) {
  static const double cfc[] = {3.12, 4.05, 2.77, 5.31, 4.4, 3.93}, cse[] = {2.2, 2.91, 3.17, 2.05, 3.3, 2.64};
  static const double hue[] = {350, 20, 100, 120, 200, 225};
  StimulusSet *set = stimulus_set_new("set");
  Table *table = set->stimuli;
  for (gsize i = 0; i < SMALL_STUDY_IMAGES; i++) {
    gsize row = table_add_row(table);
    g_autofree char *id = g_strdup_printf("image-%zu", i + 1), *file = g_strdup_printf("image-%zu.png", i + 1);
    g_autofree char *sha256 = digest(i);
    table_set(table, row, table_add_column(table, "id"), id);
    table_set(table, row, table_add_column(table, "file"), file);
    table_set(table, row, table_add_column(table, "sha256"), sha256);
    table_set(table, row, table_add_column(table, "layer"), layers[i / 2]);
    table_set(table, row, table_add_column(table, "layer_type"), i < 2 ? "conv" : "concat");
    table_set_double(table, row, table_add_column(table, "depth"), (double)(i / 2) * 4 + 1);
    table_set_int(table, row, table_add_column(table, "seed"), (gint64)(i % 2));
    table_set_double(table, row, table_add_column(table, "hue"), hue[i]);
    table_set_double(table, row, table_add_column(table, "cfc"), cfc[i]);
    table_set_double(table, row, table_add_column(table, "cse"), cse[i]);
  }
  return set;
}

static void append_number(GString *text, double value) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(text, "\t%s", isnan(value) ? "n/a" : g_ascii_formatd(number, sizeof number, "%.10g", value));
}

char *small_study_beh(gsize participant, const char *end) {
  GString *text = g_string_new("trial\tblock\tphase\tstim_id\tstim_sha256\tarousal\tvalence\tresponse_time\tsimulated");
  g_string_append_printf(text, "%s1\twarm_up\tpractice\timage-4\tn/a\t1\t2\t0.5\t0%s", end, end);
  for (gsize trial = 0; trial < SMALL_STUDY_IMAGES; trial++) {
    gsize image = (trial + participant) % SMALL_STUDY_IMAGES;
    g_autofree char *sha256 = digest(image);
    g_string_append_printf(text, "%zu\tblock_a\tmain\timage-%zu\t%s", trial + 1, image + 1, sha256);
    append_number(text, arousal[participant - 1][image]);
    append_number(text, valence[participant - 1][image]);
    append_number(text, 1.25 + (double)trial);
    g_string_append_printf(text, "\t0%s", end);
  }
  return g_string_free(text, FALSE);
}

void small_study_write(const char *folder, const char *relative, const char *text) {
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

void small_study_replace(const char *folder, const char *relative, const char *from, const char *to) {
  g_autofree char *path = g_build_filename(folder, relative, NULL), *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GString) changed = g_string_new(text);
  g_assert_cmpuint(g_string_replace(changed, from, to, 0), ==, 1);
  g_assert_true(g_file_set_contents(path, changed->str, -1, NULL));
}

char *small_study_data(void) {
  static const int attitude[] = {1, 3, 1, 3, 3};
  char *folder = support_folder();
  g_autoptr(GString) answers = g_string_new("participant_id\tattitude\tattitude_label\tsession_id\trun\tsimulated\n");
  for (gsize p = 1; p <= SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *path = g_strdup_printf("sub-0%zu/beh/sub-0%zu_task-rating_run-1_beh.tsv", p, p);
    g_autofree char *text = small_study_beh(p, "\n");
    small_study_write(folder, path, text);
    g_string_append_printf(answers, "sub-0%zu\t%d\t%s\tn/a\t1\t0\n", p, attitude[p - 1],
                           attitude[p - 1] == 1 ? "Negative" : "Positive");
  }
  small_study_write(folder, "phenotype/attitude.tsv", answers->str);
  return folder;
}

gsize small_study_count(const ExclusionLog *log, ExclusionReason reason) {
  gsize n = 0;
  for (gsize i = 0; i < exclusion_log_length(log); i++)
    n += exclusion_log_entry(log, i)->reason == reason ? 1 : 0;
  return n;
}

const Questionnaire *small_study_questionnaire(const Questionnaires *questionnaires, const char *name) {
  for (gsize i = 0; i < questionnaires->n_questionnaires; i++)
    if (strcmp(questionnaires->questionnaires[i].name, name) == 0)
      return &questionnaires->questionnaires[i];
  return NULL;
}

void small_study_set_up(SmallStudy *small, gconstpointer unused) {
  (void)unused;
  *small = (SmallStudy){.set = small_study_set(), .folder = small_study_data()};
}

void small_study_tear_down(SmallStudy *small, gconstpointer unused) {
  (void)unused;
  study_free(small->study);
  stimulus_set_free(small->set);
  support_remove(small->folder);
  g_free(small->folder);
}

void small_study_open(SmallStudy *small, const StudyOptions *options) {
  g_autoptr(GError) error = NULL;
  study_open(small->folder, small->set, options, &small->study, &error);
  g_assert_no_error(error);
}

void small_study_refused(SmallStudy *small, const StudyOptions *options, const char *ending) {
  g_autoptr(GError) error = NULL;
  g_assert_false(study_open(small->folder, small->set, options, &small->study, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_suffix(error->message, ending))
    g_error("message '%s' does not end in '%s'", error->message, ending);
}
