/* How long the whole report of a rating study takes: 150 participants x 144 ratings, and 757 participants who each rate
 * a quarter of 900 images (170,325 ratings); without resampling, and with the usual amount of it.
 *
 * Times are of the whole command: reading the ratings and checking the images' digests, the analyses, the page, and
 * every figure as SVG, PDF and PNG. DREAMRIG_BENCH_KEEP=FOLDER leaves the data and the reports there. */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "stimuli/image.h"
#include "stimuli/manifest.h"
#include "tests/bench/measure.h"

#define SIDE 224

/* A study's size, and the seconds (wall) that its report may take without resampling. */
typedef struct {
  const char *name;
  int participants, layers, seeds, every; /* a participant rates one image in `every` */
  double most_seconds;
} Size;

/* Waves of one direction, so that files and thumbnails are as large as those of real sets of such images. */
static bool write_image(const char *path, Random *random, GError **error) {
  g_autoptr(Image) image = image_new(SIDE, SIDE, error);
  if (image == NULL)
    return false;
  double across = 0.3 * random_normal(random), down = 0.3 * random_normal(random);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      for (int c = 0; c < 3; c++)
        image->pixels[(y * SIDE + x) * 3 + c] = (float)(128 + 90 * sin(across * x + down * y + c));
  return image_write_png(image, path, error);
}

static bool write_set(const char *folder, const Size *size, double *effects, GError **error) {
  static const char *const features[] = {"hue", "saturation", "brightness", "jpeg_bytes", "cfc", "cse"};
  static const double scale[] = {60, .2, .15, 4000, 1, .3}, middle[] = {180, .5, .5, 20000, 5, 3};
  Random random;
  random_init(&random, 11);
  if (!files_make_folder(folder, 0755, error))
    return false;
  g_autoptr(StimulusSet) set = stimulus_set_new(folder);
  Table *table = set->stimuli;
  for (int i = 0; i < size->layers * size->seeds; i++) {
    gsize row = table_add_row(table);
    int layer = i / size->seeds;
    g_autofree char *name = g_strdup_printf("layer%03d", layer), *type = g_strdup_printf("type%d", layer % 7);
    g_autofree char *id = g_strdup_printf("%s_%d", name, i % size->seeds), *file = g_strconcat(id, ".png", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL), *digest = NULL;
    if (!write_image(path, &random, error) || !files_sha256(path, &digest, error))
      return false;
    table_set(table, row, table_add_column(table, "id"), id);
    table_set(table, row, table_add_column(table, "file"), file);
    table_set(table, row, table_add_column(table, "sha256"), digest);
    table_set(table, row, table_add_column(table, "layer"), name);
    table_set(table, row, table_add_column(table, "layer_type"), type);
    table_set_int(table, row, table_add_column(table, "depth"), layer + 1);
    table_set_int(table, row, table_add_column(table, "seed"), i % size->seeds);
    effects[i] = 6 * random_normal(&random);
    for (gsize f = 0; f < G_N_ELEMENTS(features); f++) {
      double z = random_normal(&random);
      effects[i] += f >= 4 ? 2 * z : 0;
      table_set_double(table, row, table_add_column(table, features[f]), middle[f] + scale[f] * CLAMP(z, -2.9, 2.9));
    }
  }
  return stimulus_set_write(set, error);
}

static bool write_text(const char *folder, const char *name, const GString *text, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL), *parent = g_path_get_dirname(path);
  return files_make_folder(parent, 0700, error) && files_write(path, text->str, text->len, FILES_PRIVATE, error);
}

static int rating(Random *random, double mean) {
  double value = round(mean + 18 * random_normal(random));
  return (int)CLAMP(value, 0, 100);
}

/* Session data in BIDS layout, and two questionnaires. */
static bool write_data(const char *folder, const Size *size, const double *effects, gsize *n_ratings, GError **error) {
  Random random;
  random_init(&random, 12);
  g_autoptr(GString) attitude = g_string_new("participant_id\tattitude\tattitude_label\n");
  g_autoptr(GString) esteem = g_string_new("participant_id\tself_esteem\tself_esteem_label\n");
  *n_ratings = 0;
  for (int p = 0; p < size->participants; p++) {
    g_autoptr(GString) text =
        g_string_new("trial\tblock\tphase\tstim_id\tarousal\tvalence\tresponse_time\tsimulated\n");
    double shift = 12 * random_normal(&random);
    for (int i = 0, trial = 1; i < size->layers * size->seeds; i++)
      if ((p + i) % size->every == 0) {
        g_string_append_printf(text, "%d\tb\tmain\tlayer%03d_%d\t%d\t%d\t%.3f\t1\n", trial++, i / size->seeds,
                               i % size->seeds, rating(&random, 50 + shift + effects[i]),
                               rating(&random, 48 - shift / 2 - effects[i] / 2), 1 + 3 * random_uniform(&random));
        (*n_ratings)++;
      }
    g_autofree char *name = g_strdup_printf("sub-%04d/beh/sub-%04d_task-rating_run-1_beh.tsv", p, p);
    if (!write_text(folder, name, text, error))
      return false;
    g_string_append_printf(attitude, "sub-%04d\t%d\tattitude %d\n", p, p % 3, p % 3);
    g_string_append_printf(esteem, "sub-%04d\t%d\testeem %d\n", p, p % 5, p % 5);
  }
  return write_text(folder, "phenotype/attitude.tsv", attitude, error) &&
         write_text(folder, "phenotype/self_esteem.tsv", esteem, error);
}

static bool bench(const char *folder, const Size *size) {
  const char *bin = g_getenv("DREAMRIG_BIN");
  g_autofree char *set = g_build_filename(folder, size->name, "set", NULL);
  g_autofree char *data = g_build_filename(folder, size->name, "data", NULL);
  g_autofree char *out = g_build_filename(folder, size->name, "report", NULL);
  g_autofree char *program = g_build_filename(bin != NULL ? bin : "build", "dreamrig-analysis", NULL);
  g_autofree double *effects = g_new0(double, size->layers * size->seeds);
  g_autoptr(GError) error = NULL;
  gsize n_ratings;
  if (!write_set(set, size, effects, &error) || !write_data(data, size, effects, &n_ratings, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return false;
  }
  static const char *const resamples[] = {"0", "500"};
  for (gsize k = 0; k < G_N_ELEMENTS(resamples); k++) {
    double processor, wall, mib;
    char *argv[] = {program,
                    (char *)"report",
                    data,
                    (char *)"--set",
                    set,
                    (char *)"-o",
                    out,
                    (char *)"--resamples",
                    (char *)resamples[k],
                    NULL};
    if (!measure(argv, &processor, &wall, &mib)) {
      fprintf(stderr, "%s report failed\n", program);
      return false;
    }
    printf("%s, %" G_GSIZE_FORMAT " ratings, %s resamples: %.2f s (%.2f s of processor time), %.0f MiB", size->name,
           n_ratings, resamples[k], wall, processor, mib);
    if (k == 0)
      printf(" (at most %.0f s)", size->most_seconds);
    printf("\n");
  }
  return true;
}

static void remove_tree(const char *path) {
  g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL; name = g_dir_read_name(dir)) {
    g_autofree char *entry = g_build_filename(path, name, NULL);
    remove_tree(entry);
  }
  g_remove(path);
}

int main(void) {
  static const Size sizes[] = {{"150x144", 150, 144, 5, 5, 10}, {"757x900", 757, 150, 6, 4, 120}};
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *keep = g_getenv("DREAMRIG_BENCH_KEEP");
  g_autofree char *folder = keep != NULL ? g_strdup(keep) : g_dir_make_tmp("dreamrig-bench-XXXXXX", NULL);
  if (folder == NULL)
    return 1;
  bool done = true;
  for (gsize i = 0; i < G_N_ELEMENTS(sizes) && done; i++)
    done = bench(folder, &sizes[i]);
  if (keep == NULL)
    remove_tree(folder);
  return done ? 0 : 1;
}
