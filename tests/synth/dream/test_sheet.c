#include "synth/dream/sheet.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/dream/layers.h"
#include "tests/support.h"
#include "tests/synth/dream/network.h"

typedef struct {
  char *folder;
  StimulusSet *set;
} Fixture;

/* Six images of one colour each: layers "a", "b", "c" with seeds 1 and 2; 64 wide, 32 high. */
static void set_up(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  fixture->folder = support_folder();
  fixture->set = stimulus_set_new(fixture->folder);
  for (int i = 0; i < 6; i++) {
    g_autoptr(Image) image = image_new(64, 32, &error);
    for (int j = 0; j < 64 * 32 * 3; j++)
      image->pixels[j] = (float)(10 + 20 * i + j % 3);
    g_autofree char *id = g_strdup_printf("image%d", i), *file = g_strconcat(id, ".png", NULL);
    g_autofree char *path = g_build_filename(fixture->folder, file, NULL);
    g_assert_true(image_write_png(image, path, &error));
    const char layer[] = {(char)('a' + i / 2), '\0'};
    const gsize row = table_add_row(fixture->set->stimuli);
    table_set(fixture->set->stimuli, row, (gsize)table_column(fixture->set->stimuli, "id"), id);
    table_set(fixture->set->stimuli, row, (gsize)table_column(fixture->set->stimuli, "file"), file);
    table_set(fixture->set->stimuli, row, (gsize)table_column(fixture->set->stimuli, "layer"), layer);
    table_set_int(fixture->set->stimuli, row, (gsize)table_column(fixture->set->stimuli, "seed"), 1 + i % 2);
  }
}

static void tear_down(Fixture *fixture, gconstpointer data) {
  (void)data;
  stimulus_set_free(fixture->set);
  support_remove(fixture->folder);
  g_free(fixture->folder);
}

static const float *at(const Image *image, int x, int y) { return image->pixels + (y * image->width + x) * 3; }

static void thumbnails_stand_in_order_on_white(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  const SheetOptions options = {.columns = 2, .thumb_px = 40, .layers = NULL};
  g_autoptr(Image) sheet = NULL;
  g_assert_true(sheet_draw(fixture->set, &options, &sheet, &error));
  /* Cells of 40 x 20 with two lines of label (34) and gaps of 14, margins of 20. */
  g_assert_cmpint(sheet->width, ==, 40 + 2 * 40 + 14);
  g_assert_cmpint(sheet->height, ==, 40 + 3 * (20 + 34) + 2 * 14);
  for (int i = 0; i < 6; i++) {
    const float *centre = at(sheet, 20 + i % 2 * 54 + 20, 20 + i / 2 * 68 + 10);
    for (int c = 0; c < 3; c++)
      g_assert_cmpfloat_with_epsilon(centre[c], 10 + 20 * i + c, 1e-3);
  }
  g_assert_cmpfloat(at(sheet, 2, 2)[0], ==, 255);
  g_assert_cmpfloat(at(sheet, 67, 30)[1], ==, 255); /* the gap between the first two */
}

static int n_dark(const Image *image, int x, int y, int width, int height) {
  int n = 0;
  for (int j = y; j < y + height; j++)
    for (int i = x; i < x + width; i++)
      n += at(image, i, j)[0] < 160;
  return n;
}

static void labels_stand_beneath_and_stay_in_their_cell(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  const gsize layer = (gsize)table_column(fixture->set->stimuli, "layer");
  table_set(fixture->set->stimuli, 0, layer, "a_very_long_layer_name_that_cannot_fit_pre_relu");
  const SheetOptions options = {.columns = 2, .thumb_px = 40, .layers = NULL};
  g_autoptr(Image) sheet = NULL;
  g_assert_true(sheet_draw(fixture->set, &options, &sheet, &error));
  g_assert_cmpint(n_dark(sheet, 20, 44, 40, 15), >, 20);
  g_assert_cmpint(n_dark(sheet, 20, 59, 40, 15), >, 5); /* "seed 1" */
  g_assert_cmpint(n_dark(sheet, 60, 40, 14, 34), ==, 0);
}

static void layers_can_be_chosen(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  const struct {
    const char *list;
    int first; /* brightness of the first thumbnail */
  } known[] = {{"c", 90}, {"all , !a,!b", 90}, {" ?, !a, !c", 50}};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_auto(GStrv) layers = layers_parse(known[i].list);
    const SheetOptions options = {.columns = 0, .thumb_px = 64, .layers = (const char *const *)layers};
    g_autoptr(Image) sheet = NULL;
    g_assert_true(sheet_draw(fixture->set, &options, &sheet, &error));
    g_assert_cmpint(sheet->width, ==, 40 + 2 * 64 + 14);
    g_assert_cmpfloat(at(sheet, 30, 30)[0], ==, known[i].first);
  }
}

static void layers_that_the_set_has_not_are_refused(Fixture *fixture, gconstpointer data) {
  (void)data;
  const gsize layer = (gsize)table_column(fixture->set->stimuli, "layer");
  table_set(fixture->set->stimuli, 0, layer, "mixed4a");
  const struct {
    const char *list, *message;
  } known[] = {{"d*", "no layer matches 'd*'"},
               {"c,mixd4a", "did you mean \"mixed4a\"?"},
               {"a,!b", "no layer listed before it matches '!b'"},
               {"a,!?", "the list of layers leaves none"}};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    GError *error = NULL;
    g_auto(GStrv) layers = layers_parse(known[i].list);
    const SheetOptions options = {.columns = 0, .thumb_px = 64, .layers = (const char *const *)layers};
    Image *sheet = NULL;
    g_assert_false(sheet_draw(fixture->set, &options, &sheet, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, known[i].message));
    g_error_free(error);
  }
}

static void small_images_are_not_enlarged(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  const SheetOptions options = {.columns = 6, .thumb_px = 500, .layers = NULL};
  g_autoptr(Image) sheet = NULL;
  g_assert_true(sheet_draw(fixture->set, &options, &sheet, &error));
  g_assert_cmpint(sheet->width, ==, 40 + 6 * 64 + 5 * 14);
}

static void a_damaged_image_is_named(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  g_autofree char *path = g_build_filename(fixture->folder, "image3.png", NULL);
  g_assert_true(files_write(path, "\x89PNG\r\n\x1a\nrest", 12, FILES_PUBLIC, NULL));
  const SheetOptions options = {.columns = 0, .thumb_px = 40, .layers = NULL};
  Image *sheet = NULL;
  g_assert_false(sheet_draw(fixture->set, &options, &sheet, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "image3.png"));
  g_error_free(error);
}

static void a_sheet_too_large_says_what_to_change(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  for (int i = 0; i < 300; i++) {
    const gsize row = table_add_row(fixture->set->stimuli);
    table_set(fixture->set->stimuli, row, (gsize)table_column(fixture->set->stimuli, "layer"), "a");
    table_set(fixture->set->stimuli, row, (gsize)table_column(fixture->set->stimuli, "file"), "image0.png");
  }
  const SheetOptions options = {.columns = 1, .thumb_px = 64, .layers = NULL};
  Image *sheet = NULL;
  g_assert_false(sheet_draw(fixture->set, &options, &sheet, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "use a smaller --thumb"));
  g_error_free(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  const struct {
    const char *name;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {
      {"thumbnails stand in order on white", thumbnails_stand_in_order_on_white},
      {"labels stand beneath and stay in their cell", labels_stand_beneath_and_stay_in_their_cell},
      {"layers can be chosen", layers_can_be_chosen},
      {"layers that the set has not are refused", layers_that_the_set_has_not_are_refused},
      {"small images are not enlarged", small_images_are_not_enlarged},
      {"a damaged image is named", a_damaged_image_is_named},
      {"a sheet too large says what to change", a_sheet_too_large_says_what_to_change},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/sheet/", tests[i].name, NULL);
    g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run();
}
