#include "analysis/features/image_features.h"
#include "stimuli/base/error.h"
#include "stimuli/base/random.h"
#include "stimuli/manifest.h"
#include "tests/support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "dreamrig-analysis"

static char *make_image(const char *folder, const char *name, int side, guint32 seed) {
  Random random;
  random_init(&random, seed);
  g_autoptr(Image) image = image_new(side, side, NULL);
  for (int i = 0; i < 3 * side * side; i++)
    image->pixels[i] = (float)(random_uniform(&random) * 255);
  char *path = g_build_filename(folder, name, NULL);
  GError *error = NULL;
  image_write_png(image, path, &error);
  g_assert_no_error(error);
  return path;
}

/* A set as a user writes one by hand: id and file only. */
static char *make_set(const char *folder, int n) {
  g_autoptr(GString) text = g_string_new("id\tfile\n");
  for (int i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("p%d.png", i), *path = make_image(folder, name, 40, (guint32)i);
    g_string_append_printf(text, "photo%d\t%s\n", i, name);
  }
  char *table = g_build_filename(folder, MANIFEST_TABLE, NULL);
  g_assert_true(g_file_set_contents(table, text->str, -1, NULL));
  return table;
}

static char *contents(const char *path) {
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static Table *read_table(const char *path) {
  Table *table = NULL;
  GError *error = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

static void assert_run(const char *want_out, const char *folder, const char *option, const char *value) {
  g_autofree char *out = NULL, *err = NULL;
  int status = support_run(&out, &err, PROGRAM, "features", folder, option, value, NULL);
  if (status != 0)
    g_test_message("%s", err);
  g_assert_cmpint(status, ==, 0);
  g_assert_nonnull(strstr(out, want_out));
}

static void test_images(void) {
  g_autofree char *folder = support_folder(), *flat = support_data("clutter/flat.png"),
                  *dream = support_data("clutter/dream.png"), *out = g_build_filename(folder, "out.tsv", NULL);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "features", flat, dream, "-o", out, NULL), ==, 0);
  g_autoptr(Table) table = read_table(out);
  static const char *const columns[] = {"file", "hue", "saturation", "brightness", "jpeg_bytes", "hue_arithmetic"};
  g_assert_cmpuint(table_n_columns(table), ==, 24);
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    g_assert_cmpstr(table_column_name(table, i), ==, columns[i]);
  double value;
  g_assert_cmpstr(table_get(table, 0, 0), ==, flat);
  g_assert_true(table_get_double(table, 0, (gsize)table_column(table, "cfc"), &value, NULL));
  support_assert_near("cfc of the flat image", value, 1.248283, 1e-6, 0);
  g_assert_true(table_get_double(table, 1, (gsize)table_column(table, "cse"), &value, NULL));
  support_assert_near("cse of the dream", value, 3.656037, 0.01, 0);
  support_remove(folder);
}

static void test_workers(void) {
  g_autofree char *folder = support_folder(), *one = g_build_filename(folder, "one.tsv", NULL),
                  *many = g_build_filename(folder, "many.tsv", NULL);
  g_autofree char *a = make_image(folder, "a.png", 50, 1), *b = make_image(folder, "b.png", 33, 2),
                  *c = make_image(folder, "c.png", 64, 3);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "features", a, b, c, "-j", "1", "-o", one, NULL), ==, 0);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "features", a, b, c, "-j", "3", "-o", many, NULL), ==, 0);
  g_autofree char *one_text = contents(one), *many_text = contents(many);
  g_assert_cmpstr(one_text, ==, many_text);
  support_remove(folder);
}

static void test_set_resumes(void) {
  g_autofree char *folder = support_folder(), *path = make_set(folder, 4);
  assert_run("measured 4 of 4", folder, "-j", "2");
  g_autofree char *complete = contents(path);
  assert_run("measured 0 of 4", folder, "-j", "2");

  g_autoptr(Table) table = read_table(path);
  table_set(table, 2, (gsize)table_column(table, "cse"), "n/a");
  table_set(table, 3, (gsize)table_column(table, "jpeg_bytes"), "n/a");
  g_assert_true(table_write(table, path, 0644, NULL));
  assert_run("measured 2 of 4", folder, "-j", "1");
  g_autofree char *completed = contents(path);
  g_assert_cmpstr(completed, ==, complete);
  support_remove(folder);
}

static void test_other_quality(void) {
  g_autofree char *folder = support_folder(), *path = make_set(folder, 2);
  assert_run("measured 2 of 2", folder, "--clutter", "none");
  g_autoptr(Table) before = read_table(path);
  g_assert_cmpint(table_column(before, "cfc"), ==, -1);
  assert_run("measured 2 of 2", folder, "--jpeg-quality", "30");
  g_autoptr(Table) after = read_table(path);
  double large, small;
  gsize column = (gsize)table_column(after, "jpeg_bytes");
  g_assert_true(table_get_double(before, 0, column, &large, NULL));
  g_assert_true(table_get_double(after, 0, column, &small, NULL));
  g_assert_cmpfloat(small, <, large);
  assert_run("measured 0 of 2", folder, "--jpeg-quality", "30");
  g_autofree char *record = g_build_filename(folder, MANIFEST_RECORD, NULL);
  g_assert_cmpint(g_unlink(record), ==, 0); /* now nobody knows the quality */
  assert_run("measured 2 of 2", folder, "--jpeg-quality", "30");
  support_remove(folder);
}

/* Of an image too small for the clutter that is now asked for, no size of the old quality stays beside the new
 * quality's record. */
static void test_other_quality_of_a_failed_image(void) {
  g_autofree char *folder = support_folder(), *path = make_set(folder, 2), *small = make_image(folder, "p1.png", 31, 1);
  assert_run("measured 2 of 2", folder, "--clutter", "none");
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "features", folder, "--jpeg-quality", "30", NULL), ==, 1);
  g_autoptr(Table) after = read_table(path);
  g_assert_true(table_is_missing(after, 1, (gsize)table_column(after, "jpeg_bytes")));
  g_assert_true(table_is_missing(after, 1, (gsize)table_column(after, "jpeg_ratio")));
  g_assert_false(table_is_missing(after, 1, (gsize)table_column(after, "brightness")));
  support_remove(folder);
}

/* Each of several qualities has its columns; a set that lacks one is measured again, without its clutter. */
static void test_several_qualities(void) {
  g_autofree char *folder = support_folder(), *path = make_set(folder, 2);
  assert_run("measured 2 of 2", folder, "--jpeg-quality", "75");
  assert_run("measured 2 of 2", folder, "--jpeg-quality", "75,40");
  assert_run("measured 0 of 2", folder, "--jpeg-quality", "75,40");
  g_autoptr(Table) table = read_table(path);
  double bytes, ratio;
  g_assert_true(table_get_double(table, 1, (gsize)table_column(table, "jpeg_bytes_q40"), &bytes, NULL));
  g_assert_true(table_get_double(table, 1, (gsize)table_column(table, "jpeg_ratio_q40"), &ratio, NULL));
  support_assert_near("ratio", ratio, bytes / (3 * 40 * 40), 1e-9, 0);
  support_remove(folder);
}

/* Maps are pictures of the image's size, listed in a table; those that are there are not drawn again. */
static void test_maps_and_bands(void) {
  g_autofree char *folder = support_folder(), *set = make_set(folder, 3),
                  *maps = g_build_filename(folder, "maps", NULL);
  g_autofree char *bands = g_build_filename(folder, "bands.tsv", NULL);
  g_autofree char *list = g_build_filename(maps, "maps.tsv", NULL),
                  *map = g_build_filename(maps, "photo1_port_total.png", NULL);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "features", folder, "--clutter", "both", "--maps", maps, "--bands",
                              bands, "-j", "2", NULL),
                  ==, 0);
  g_autoptr(Table) listed = read_table(list), entropies = read_table(bands), measured = read_table(set);
  g_assert_cmpuint(table_n_rows(listed), ==, 3 * 4 * 2);
  g_assert_cmpuint(table_n_rows(entropies), ==, 3 * 3 * (13 + 14));
  gsize row = 0;
  while (strcmp(table_get(listed, row, 4), "photo1_port_total.png") != 0)
    row++;
  double mean, want;
  g_assert_true(table_get_double(listed, row, 7, &mean, NULL));
  g_assert_true(table_get_double(measured, 1, (gsize)table_column(measured, "cfc_port"), &want, NULL));
  support_assert_near("mean of the map", mean, want, 1e-9, 0);
  g_autoptr(Image) picture = NULL;
  g_assert_true(image_read(map, &picture, NULL));
  g_assert_cmpint(picture->width, ==, 40);

  g_autofree char *complete = contents(list), *other = g_build_filename(maps, "photo0_port_color.png", NULL);
  g_assert_true(g_file_set_contents(other, "kept", -1, NULL));
  g_assert_cmpint(g_unlink(map), ==, 0);
  g_assert_cmpint(
      support_run(NULL, NULL, PROGRAM, "features", folder, "--clutter", "both", "--maps", maps, "-j", "1", NULL), ==,
      0);
  g_autofree char *again = contents(list), *kept = contents(other);
  g_assert_cmpstr(again, ==, complete);
  g_assert_cmpstr(kept, ==, "kept");
  g_assert_true(g_file_test(map, G_FILE_TEST_EXISTS));
  support_remove(folder);
}

/* A set written by hand has no digests that would tell. */
static void test_replaced_image(void) {
  g_autofree char *folder = support_folder(), *path = make_set(folder, 3);
  assert_run("measured 3 of 3", folder, "-j", "1");
  g_autoptr(Table) before = read_table(path);
  g_autofree char *other = make_image(folder, "p1.png", 44, 77);
  assert_run("measured 1 of 3", folder, "-j", "1");
  g_autoptr(Table) after = read_table(path);
  gsize cfc = (gsize)table_column(after, "cfc");
  g_assert_cmpstr(table_get(before, 0, cfc), ==, table_get(after, 0, cfc));
  g_assert_cmpstr(table_get(before, 1, cfc), !=, table_get(after, 1, cfc));
  assert_run("measured 0 of 3", folder, "-j", "1");
  /* also where only the cheap ones are measured: the clutter of another image must not stay */
  g_autofree char *third = make_image(folder, "p2.png", 46, 78);
  assert_run("measured 1 of 3", folder, "--clutter", "none");
  g_autoptr(Table) cheap = read_table(path);
  g_assert_cmpstr(table_get(cheap, 2, cfc), ==, "n/a");
  assert_run("measured 1 of 3", folder, "-j", "1");
  support_remove(folder);
}

static void test_too_large_for_clutter(void) {
  g_autoptr(Image) image = image_new(4001, 4000, NULL);
  ImageFeatureOptions options = {.clutter = CLUTTER_ROSENHOLTZ, .jpeg_quality = IMAGE_FEATURES_JPEG_QUALITY};
  ImageFeatures features;
  g_autoptr(GError) error = NULL;
  g_assert_false(image_features(image, &options, &features, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "4001 x 4000 pixels; clutter is measured up to 16 megapixels"));
}

static void assert_fault(int status, const char *what, const char *argument, const char *option, const char *value) {
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "features", argument, option, value, NULL), ==, status);
  if (strstr(err, what) == NULL)
    g_test_message("no '%s' in: %s", what, err);
  g_assert_nonnull(strstr(err, what));
}

static void test_faults(void) {
  g_autofree char *folder = support_folder(), *tiny = make_image(folder, "tiny.png", 31, 4),
                  *good = make_image(folder, "good.png", 40, 4), *out = g_build_filename(folder, "out.tsv", NULL),
                  *empty = g_build_filename(folder, "empty.png", NULL);
  g_assert_true(g_file_set_contents(empty, "", 0, NULL));
  assert_fault(1, "tiny.png: subband entropy needs at least 32 x 32 pixels; the image has 31 x 31", tiny, "-o", out);
  assert_fault(1, "empty.png", empty, "-o", out);
  assert_fault(1, "/nowhere.png", "/nowhere.png", "-o", out);
  g_assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
  assert_fault(1, "the folder has no stimuli.tsv, so it is no stimulus set; to measure pictures name them", folder,
               "-o", out);
  assert_fault(2, "rosenholtz, port, both or none", good, "--clutter", "rosenholz");
  assert_fault(2, "1..100", good, "--jpeg-quality", "0");
  assert_fault(2, "1..100", good, "--jpeg-quality", "75,75");
  assert_fault(2, "name is empty", good, "--maps", "");
  g_autofree char *list = g_build_filename(folder, "maps.tsv", NULL);
  g_assert_true(g_file_set_contents(list, "a\tb\n", -1, NULL));
  assert_fault(1, "maps.tsv: is no table of clutter maps", good, "--maps", folder);
  support_remove(folder);
}

/* The name may reach the input by another path, or be that of a file which the set will have. */
static void test_inputs_stay(void) {
  g_autofree char *folder = support_folder(), *table = make_set(folder, 2), *before = contents(table);
  g_autofree char *image = g_build_filename(folder, "p1.png", NULL), *link = g_build_filename(folder, "link.tsv", NULL);
  g_autofree char *record = g_build_filename(folder, ".", MANIFEST_RECORD, NULL), *pixels = NULL, *after = NULL;
  gsize size, size_after;
  g_assert_true(g_file_get_contents(image, &pixels, &size, NULL));
  g_assert_cmpint(symlink("p1.png", link), ==, 0);
  assert_fault(1, "would overwrite the input", image, "-o", image);
  assert_fault(1, "would overwrite the input", image, "-o", link);
  assert_fault(1, "would overwrite the input", folder, "-o", image);
  assert_fault(1, "would overwrite the input", folder, "-o", link);
  assert_fault(1, "would overwrite the input", folder, "-o", table);
  assert_fault(1, "would overwrite the input", folder, "-o", record);
  assert_fault(2, "the name of a file to write is empty", folder, "-o", "");
  assert_fault(1, "would overwrite the input", image, "--bands", link);
  assert_fault(1, "would overwrite the input", folder, "--bands", image);
  assert_fault(1, "would overwrite the input", folder, "--bands", table);
  g_autofree char *both = g_build_filename(folder, "new", "both.tsv", NULL), *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "features", image, "-o", both, "--bands", both, NULL), ==, 1);
  g_assert_nonnull(strstr(err, "is written too"));
  g_autofree char *unchanged = contents(table);
  g_assert_cmpstr(unchanged, ==, before);
  g_assert_true(g_file_get_contents(image, &after, &size_after, NULL));
  g_assert_cmpuint(size_after, ==, size);
  g_assert_true(memcmp(pixels, after, size) == 0);
  g_assert_false(g_file_test(record, G_FILE_TEST_EXISTS));
  support_remove(folder);
}

static void test_no_folder_left(void) {
  g_autofree char *folder = support_folder(), *new_folder = g_build_filename(folder, "new", NULL),
                  *out = g_build_filename(new_folder, "deep", "out.tsv", NULL);
  assert_fault(1, "/nowhere.png", "/nowhere.png", "-o", out);
  g_assert_false(g_file_test(new_folder, G_FILE_TEST_EXISTS));
  g_autofree char *image = make_image(folder, "a.png", 40, 1);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "features", image, "-o", out, NULL), ==, 0);
  g_assert_true(g_file_test(out, G_FILE_TEST_EXISTS));
  support_remove(folder);
}

static void test_empty_set(void) {
  g_autofree char *folder = support_folder(), *table = make_set(folder, 0);
  assert_fault(1, "stimuli.tsv: the set has no images", folder, "-j", "1");
  support_remove(folder);
}

static void test_grey_image(void) {
  g_autoptr(Image) image = image_new(32, 32, NULL);
  for (int i = 0; i < 3 * 32 * 32; i++)
    image->pixels[i] = (float)(i / 3 % 200);
  ImageFeatureOptions options = {.clutter = CLUTTER_NONE, .jpeg_quality = IMAGE_FEATURES_JPEG_QUALITY};
  ImageFeatures features;
  g_assert_true(image_features(image, &options, &features, NULL));
  g_assert_true(isnan(features.hue) && isnan(features.cfc) && isnan(features.cse));
  g_assert_cmpfloat(features.saturation, ==, 0);
  g_assert_cmpfloat(features.jpeg_bytes, >, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/features/command/several JPEG qualities", test_several_qualities);
  g_test_add_func("/features/command/maps and bands", test_maps_and_bands);
  g_test_add_func("/features/grey image has no hue and is measured", test_grey_image);
  g_test_add_func("/features/command/table of images", test_images);
  g_test_add_func("/features/command/workers change nothing", test_workers);
  g_test_add_func("/features/command/set is completed, not repeated", test_set_resumes);
  g_test_add_func("/features/command/another JPEG quality is measured again", test_other_quality);
  g_test_add_func("/features/command/no size of another quality stays", test_other_quality_of_a_failed_image);
  g_test_add_func("/features/command/a replaced image is measured again", test_replaced_image);
  g_test_add_func("/features/an image too large for clutter is refused", test_too_large_for_clutter);
  g_test_add_func("/features/command/faults are named and leave nothing", test_faults);
  g_test_add_func("/features/command/inputs are never overwritten", test_inputs_stay);
  g_test_add_func("/features/command/a failure leaves no new folder", test_no_folder_left);
  g_test_add_func("/features/command/a set without images is a fault", test_empty_set);
  return g_test_run();
}
