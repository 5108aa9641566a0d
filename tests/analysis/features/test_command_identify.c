#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "stimuli/image.h"
#include "stimuli/manifest.h"
#include "tests/support.h"

#include <string.h>

#define PROGRAM "dreamrig-analysis"
#define SIDE 48

/* Noise of a colour of its layer's, other for each seed. */
static char *make_image(const char *folder, const char *layer, int seed) {
  Random random;
  random_init(&random, (guint32)seed);
  g_autoptr(Image) image = image_new(SIDE, SIDE, NULL);
  for (gsize i = 0; i < 3 * SIDE * SIDE; i++)
    image->pixels[i] = (float)(random_uniform(&random) * (i % 3 == (gsize)(*layer - 'a') ? 250 : 60));
  char *name = g_strdup_printf("%s%d.png", layer, seed);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(image_write_png(image, path, NULL));
  return name;
}

/* Layers a and b of two seeds each, and c of one. */
static void make_set(const char *folder) {
  static const char *const layers[] = {"a", "a", "b", "b", "c"};
  static const int seeds[] = {1, 2, 1, 2, 2};
  g_autoptr(GString) text = g_string_new("id\tfile\tsha256\tlayer\tseed\n");
  for (gsize i = 0; i < G_N_ELEMENTS(layers); i++) {
    g_autofree char *name = make_image(folder, layers[i], seeds[i]), *path = g_build_filename(folder, name, NULL),
                    *digest = NULL;
    g_assert_true(files_sha256(path, &digest, NULL));
    g_string_append_printf(text, "%zu\t%s\t%s\t%s\t%d\n", i, name, digest, layers[i], seeds[i]);
  }
  g_autofree char *table = g_build_filename(folder, MANIFEST_TABLE, NULL);
  g_assert_true(g_file_set_contents(table, text->str, -1, NULL));
}

static void images_without_a_partner_are_counted_apart(void) {
  g_autofree char *folder = support_folder(), *out = g_build_filename(folder, "layers.tsv", NULL), *text = NULL;
  g_autoptr(Table) table = NULL;
  make_set(folder);
  g_assert_cmpint(support_run(&text, NULL, PROGRAM, "identify", folder, "-o", out, NULL), ==, 0);
  g_assert_nonnull(strstr(text, "of 4 images is identified ("));
  g_assert_nonnull(strstr(text, "1 further images are of layers without an image of another seed"));
  g_assert_true(table_read(out, &table, NULL));
  g_assert_cmpstr(table_get(table, 0, 1), ==, "2");
  g_assert_cmpstr(table_get(table, 2, 0), ==, "c");
  g_assert_cmpstr(table_get(table, 2, 1), ==, "0");
  g_assert_cmpstr(table_get(table, 2, 3), ==, "n/a");
  g_assert_cmpstr(table_get(table, 2, 4), ==, "1");
  support_remove(folder);
}

static void an_image_that_changed_is_refused(void) {
  g_autofree char *folder = support_folder(), *err = NULL, *other = NULL;
  make_set(folder);
  g_autofree char *changed = g_build_filename(folder, "a1.png", NULL), *from = g_build_filename(folder, "b1.png", NULL);
  gsize size;
  g_assert_true(g_file_get_contents(from, &other, &size, NULL) &&
                g_file_set_contents(changed, other, (gssize)size, NULL));
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "identify", folder, NULL), ==, 1);
  g_assert_nonnull(strstr(err, "a1.png"));
  support_remove(folder);
}

static void layers_of_one_seed_each_are_refused(void) {
  g_autofree char *folder = support_folder(), *err = NULL, *table = g_build_filename(folder, MANIFEST_TABLE, NULL);
  make_set(folder);
  g_assert_true(g_file_set_contents(table, "id\tfile\tlayer\tseed\n0\ta1.png\ta\t1\n1\tb2.png\tb\t2\n", -1, NULL));
  g_assert_cmpint(support_run(NULL, &err, PROGRAM, "identify", folder, NULL), ==, 1);
  g_assert_nonnull(strstr(err, "no layer has images of two seeds"));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/command-identify/images_without_a_partner_are_counted_apart",
                  images_without_a_partner_are_counted_apart);
  g_test_add_func("/command-identify/an_image_that_changed_is_refused", an_image_that_changed_is_refused);
  g_test_add_func("/command-identify/layers_of_one_seed_each_are_refused", layers_of_one_seed_each_are_refused);
  return g_test_run();
}
