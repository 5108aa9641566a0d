/* What a recipe names, opened: the start image above all. */
#include "synth/dream/recipe_inputs.h"

#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/dream/set.h"
#include "tests/support.h"
#include "tests/synth/dream/folder.h"

typedef struct {
  char *folder;
  Recipe *wanted;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
  (void)data;
  fixture->folder = support_folder();
  fixture->wanted = recipe_new();
  fixture->wanted->network = support_data("tiny5h/net.pb");
  g_strfreev(fixture->wanted->layers);
  fixture->wanted->layers = g_strsplit("conv2d0", ",", -1);
  fixture->wanted->width = 40;
  fixture->wanted->height = 32;
  fixture->wanted->ascent = (AscentSettings){.iterations = 1, .step = 2, .octaves = 1, .octave_scale = 1.4, .tile = 32};
}

static void tear_down(Fixture *fixture, gconstpointer data) {
  (void)data;
  support_remove(fixture->folder);
  g_free(fixture->folder);
  recipe_free(fixture->wanted);
}

static char *in_folder(const Fixture *fixture, const char *name) {
  return g_build_filename(fixture->folder, name, NULL);
}

/* Copies an image of the tests' data and makes it the start; gives its path. */
static char *use_start(Fixture *fixture, const char *from, const char *name) {
  g_autofree char *source = support_data(from), *bytes = NULL;
  char *path = in_folder(fixture, name);
  gsize size;
  GError *error = NULL;
  g_assert_true(files_read(source, 1 << 24, &bytes, &size, &error));
  g_assert_true(files_write(path, bytes, size, FILES_PUBLIC, &error));
  g_free(fixture->wanted->start);
  fixture->wanted->start = g_strdup(path);
  return path;
}

static bool make_set(const Recipe *wanted, const char *folder, GError **error) {
  g_autoptr(RecipeInputs) inputs = NULL;
  SetOutcome outcome;
  const SetOptions options = {.folder = folder, .shard = {0, 1}, .n_workers = 1};
  return recipe_inputs_open(wanted, &inputs, error) && set_make(inputs, &options, &outcome, error);
}

static void a_start_of_16_bit_is_dreamed_from_as_it_is_kept(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  g_autofree char *path = use_start(fixture, "images/rgb16.png", "deep.png");
  g_autoptr(RecipeInputs) inputs = NULL;
  g_autoptr(Image) whole = NULL;
  fixture->wanted->width = fixture->wanted->height = 0;
  g_strfreev(fixture->wanted->layers);
  fixture->wanted->layers = g_strsplit("conv2d0_pre_relu", ",", -1);
  g_assert_true(image_read(path, &whole, &error));
  g_assert_true(recipe_inputs_open(fixture->wanted, &inputs, &error));
  bool had_fractions = false;
  for (int i = 0; i < whole->width * whole->height * 3; i++) {
    const float kept = (float)(int)whole->pixels[i];
    had_fractions = had_fractions || kept < whole->pixels[i];
    g_assert_cmpfloat(inputs->start->pixels[i], ==, kept);
  }
  g_assert_true(had_fractions);
}

static void a_set_keeps_a_start_that_makes_it_again(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  g_autofree char *path = use_start(fixture, "tiny5h/noise.png", "photo.png"), *whole = in_folder(fixture, "whole");
  g_autofree char *other = in_folder(fixture, "other"), *recipe_path = g_build_filename(whole, SET_RECIPE, NULL);
  g_autofree char *kept = g_build_filename(whole, RECIPE_KEPT_START, NULL);
  g_assert_true(make_set(fixture->wanted, whole, &error));
  g_assert_cmpint(g_remove(path), ==, 0);
  g_autoptr(Recipe) recipe = NULL;
  g_assert_true(recipe_read(recipe_path, &recipe, &error));
  g_free(recipe->network);
  recipe->network = g_strdup(fixture->wanted->network);
  g_assert_true(make_set(recipe, other, &error));
  g_autofree char *listing = folder_listing(whole), *other_listing = folder_listing(other);
  g_assert_cmpstr(listing, ==, other_listing);
  g_assert_true(make_set(recipe, whole, &error));

  g_autoptr(Image) changed = image_new(40, 32, &error);
  g_assert_true(image_write_png(changed, kept, &error));
  g_assert_false(make_set(recipe, other, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "start.png: is not the start image"));
  g_clear_error(&error);
}

static void a_start_that_is_right_is_not_written_again(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  g_autofree char *path = use_start(fixture, "images/rgb16.png", "deep.png"), *set = in_folder(fixture, "set");
  g_autofree char *kept = g_build_filename(set, RECIPE_KEPT_START, NULL);
  fixture->wanted->width = fixture->wanted->height = 0;
  g_assert_true(make_set(fixture->wanted, set, &error));
  GStatBuf before, after;
  g_assert_cmpint(g_stat(kept, &before), ==, 0);
  g_assert_true(make_set(fixture->wanted, set, &error));
  g_assert_cmpint(g_stat(kept, &after), ==, 0);
  g_assert_cmpuint(before.st_ino, ==, after.st_ino);
}

static void files_named_as_noise_or_a_network_stay_files(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  g_autofree char *path = use_start(fixture, "tiny5h/noise.png", "noise"), *network = in_folder(fixture, "mini");
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true(files_read(fixture->wanted->network, 1 << 24, &bytes, &size, &error));
  g_assert_true(files_write(network, bytes, size, FILES_PUBLIC, &error));
  g_free(fixture->wanted->network);
  fixture->wanted->network = g_strdup(network);
  g_autoptr(RecipeInputs) inputs = NULL;
  g_assert_true(recipe_inputs_open(fixture->wanted, &inputs, &error));
  g_assert_cmpstr(inputs->recipe->start, ==, "./noise");
  g_assert_cmpstr(inputs->recipe->network, ==, "./mini");
  g_autofree char *recipe_path = in_folder(fixture, "x.recipe"), *text = recipe_format(inputs->recipe);
  g_assert_true(files_write(recipe_path, text, strlen(text), FILES_PUBLIC, &error));
  g_autoptr(Recipe) back = NULL;
  g_autoptr(RecipeInputs) again = NULL;
  g_assert_true(recipe_read(recipe_path, &back, &error));
  g_assert_true(recipe_inputs_open(back, &again, &error));
  g_autofree char *difference = recipe_difference(inputs->recipe, again->recipe);
  g_assert_null(difference);
}

static void names_that_no_recipe_can_hold_are_refused(Fixture *fixture, gconstpointer data) {
  (void)data;
  const char *const names[] = {"a\nb.png", "tab\t.png", "latin\xe9.png"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    GError *error = NULL;
    g_autofree char *path = use_start(fixture, "tiny5h/noise.png", names[i]), *set = in_folder(fixture, "set");
    g_assert_false(make_set(fixture->wanted, set, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "the name of the start image"));
    g_assert_null(strchr(error->message, '\n'));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    g_clear_error(&error);
    g_assert_false(g_file_test(set, G_FILE_TEST_EXISTS));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  const struct {
    const char *name;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {
      {"a start of 16 bit is dreamed from as it is kept", a_start_of_16_bit_is_dreamed_from_as_it_is_kept},
      {"a set keeps a start that makes it again", a_set_keeps_a_start_that_makes_it_again},
      {"a start that is right is not written again", a_start_that_is_right_is_not_written_again},
      {"files named as noise or a network stay files", files_named_as_noise_or_a_network_stay_files},
      {"names that no recipe can hold are refused", names_that_no_recipe_can_hold_are_refused},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/recipe inputs/", tests[i].name, NULL);
    g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run();
}
