#include "tests/analysis/report/study_folder.h"

#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "stimuli/image.h"
#include "stimuli/manifest.h"

#include <math.h>

#define SIDE 40

/* A normal value, kept between low and high. */
static double normal_within(Random *random, double mean, double sd, double low, double high) {
  double value = mean + sd * random_normal(random);
  return CLAMP(value, low, high);
}

static void write_image(const char *path, Random *random) {
  g_autoptr(Image) image = image_new(SIDE, SIDE, NULL);
  double base = 60 + 130 * random_uniform(random), spread = 10 + 50 * random_uniform(random);
  for (int i = 0; i < 3 * SIDE * SIDE; i++)
    image->pixels[i] = (float)normal_within(random, base + (i % 3) * 15, spread, 0, 255);
  GError *error = NULL;
  image_write_png(image, path, &error);
  g_assert_no_error(error);
}

static void set_cell(Table *table, gsize row, const char *column, const char *text) {
  table_set(table, row, table_add_column(table, column), text);
}

static void add_stimulus(StimulusSet *set, const StudyFolder *what, int layer, int seed, Random *random) {
  static const char *const features[] = {"hue", "saturation", "brightness", "jpeg_bytes", "cfc", "cse"};
  gsize row = table_add_row(set->stimuli);
  g_autofree char *layer_name = g_strdup_printf("layer%d", layer), *id = g_strdup_printf("%s_%d", layer_name, seed);
  g_autofree char *file = g_strconcat(id, ".png", NULL), *path = g_build_filename(set->folder, file, NULL);
  g_autofree char *digest = NULL;
  write_image(path, random);
  g_assert_true(files_sha256(path, &digest, NULL));
  set_cell(set->stimuli, row, "id", id);
  set_cell(set->stimuli, row, "file", file);
  set_cell(set->stimuli, row, "sha256", digest);
  set_cell(set->stimuli, row, "layer", layer_name);
  set_cell(set->stimuli, row, "layer_type", "conv");
  table_set_int(set->stimuli, row, table_add_column(set->stimuli, "depth"), layer + 1);
  table_set_int(set->stimuli, row, table_add_column(set->stimuli, "seed"), seed);
  for (gsize i = 0; what->features && i < G_N_ELEMENTS(features); i++)
    table_set_double(set->stimuli, row, table_add_column(set->stimuli, features[i]),
                     (double)(i + 1) * (1 + random_uniform(random)));
}

static void write_set(const char *folder, const StudyFolder *what, Random *random) {
  GError *error = NULL;
  files_make_folder(folder, 0755, &error);
  g_assert_no_error(error);
  g_autoptr(StimulusSet) set = stimulus_set_new(folder);
  for (int layer = 0; layer < what->n_layers; layer++)
    for (int seed = 1; seed <= what->n_seeds; seed++)
      add_stimulus(set, what, layer, seed, random);
  if (what->note != NULL) {
    JsonObject *network = json_object_new();
    json_object_set_string_member(network, "name", "testnet");
    json_object_set_string_member(network, "note", what->note);
    json_object_set_object_member(set->record, "network", network);
  }
  stimulus_set_write(set, &error);
  g_assert_no_error(error);
}

static void write_text(const char *folder, const char *name, const GString *text) {
  GError *error = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL), *parent = g_path_get_dirname(path);
  files_make_folder(parent, 0700, &error);
  g_assert_no_error(error);
  files_write(path, text->str, text->len, FILES_PRIVATE, &error);
  g_assert_no_error(error);
}

static void write_participant(const char *data, const StudyFolder *what, const StimulusSet *set, int participant,
                              Random *random) {
  g_autoptr(GString) text = g_string_new("trial\tblock\tphase\tstim_id\tstim_file\tstim_sha256\tlayer\tseed\tarousal\t"
                                         "valence\tresponse_time\tsimulated\n");
  const Table *stimuli = set->stimuli;
  double shift = 8 * random_normal(random);
  for (gsize row = 0; row < table_n_rows(stimuli); row++) {
    const char *id = table_get(stimuli, row, (gsize)table_column(stimuli, "id"));
    const char *digest = table_get(stimuli, row, (gsize)table_column(stimuli, "sha256"));
    const char *layer = table_get(stimuli, row, (gsize)table_column(stimuli, "layer"));
    int arousal = what->constant ? 40 : (int)normal_within(random, 50 + shift, 15, 0, 100);
    int valence = what->constant ? 40 : (int)normal_within(random, 45 - shift, 15, 0, 100);
    g_string_append_printf(text, "%d\tb\tmain\t%s\t%s.png\t%s\t%s\t1\t%d\t%d\t2.5\t%d\n", (int)row + 1, id, id, digest,
                           layer, arousal, valence, what->simulated ? 1 : 0);
  }
  g_autofree char *name = g_strdup_printf("sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", participant, participant);
  write_text(data, name, text);
}

static void write_questionnaire(const char *data, const char *name, int n_levels, const StudyFolder *what) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text, "participant_id\t%s\t%s_label\n", name, name);
  for (int participant = 1; participant <= what->n_participants; participant++)
    g_string_append_printf(text, "sub-%02d\t%d\tlevel %d\n", participant, participant % n_levels + 1,
                           participant % n_levels + 1);
  g_autofree char *path = g_strdup_printf("phenotype/%s.tsv", name);
  write_text(data, path, text);
}

void study_folder_make(const char *folder, const StudyFolder *what) {
  Random random;
  random_init(&random, 20);
  g_autofree char *set_folder = g_build_filename(folder, "set", NULL), *data = g_build_filename(folder, "data", NULL);
  write_set(set_folder, what, &random);
  g_autoptr(StimulusSet) set = NULL;
  GError *error = NULL;
  stimulus_set_open(set_folder, true, &set, &error);
  g_assert_no_error(error);
  for (int participant = 1; participant <= what->n_participants; participant++)
    write_participant(data, what, set, participant, &random);
  if (what->questionnaires) {
    write_questionnaire(data, "attitude", 3, what);
    write_questionnaire(data, "self_esteem", 5, what);
  }
}
