#include "synth/dream/recipe.h"

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/dream/recipe_options.h"
#include "tests/support.h"

#define DIGEST "66458910da366b6b42e14fccb15a3aca33da37589eeed1178d0418ab4066904f"

static bool read_text(const char *text, Recipe **recipe, GError **error) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "x.recipe", NULL);
  g_assert_true(files_write(path, text, strlen(text), FILES_PUBLIC, NULL));
  const bool ok = recipe_read(path, recipe, error);
  support_remove(folder);
  return ok;
}

static void what_is_written_reads_back_the_same(void) {
  GError *error = NULL;
  g_autoptr(Recipe) recipe = recipe_new(), back = NULL;
  recipe->network = g_strdup("my network; v2.pb");
  recipe->network_sha256 = g_strdup(DIGEST);
  g_strfreev(recipe->layers);
  recipe->layers = g_strsplit("conv1/7x7_s2|odd;name|inception_4*", "|", -1);
  recipe->seeds = 17;
  recipe->width = 641;
  recipe->height = 479;
  recipe->start = g_strdup(" photo\\1.png");
  recipe->start_sha256 = g_strdup(DIGEST);
  recipe->ascent = (AscentSettings){31, 2.0 / 3, 4, 1.3999999999999999, 384};
  g_autofree char *text = recipe_format(recipe);
  g_assert_true(read_text(text, &back, &error));
  g_assert_no_error(error);
  g_autofree char *again = recipe_format(back), *difference = recipe_difference(recipe, back);
  g_assert_cmpstr(again, ==, text);
  g_assert_null(difference);
  g_assert_cmpfloat(back->ascent.step, ==, 2.0 / 3);
  g_assert_cmpstr(back->layers[1], ==, "odd;name");
}

static void an_empty_recipe_is_the_studys(void) {
  GError *error = NULL;
  g_autoptr(Recipe) recipe = NULL;
  g_assert_true(read_text("", &recipe, &error));
  g_assert_cmpint(recipe->ascent.iterations, ==, 50);
  g_assert_cmpfloat(recipe->ascent.step, ==, 2.0);
  g_assert_cmpint(recipe->ascent.octaves, ==, 5);
  g_assert_cmpfloat(recipe->ascent.octave_scale, ==, 1.4);
  g_assert_cmpint(recipe->ascent.tile, ==, 512);
  g_assert_null(recipe->start);
}

static void faults_name_file_line_and_key(void) {
  const struct {
    const char *text, *line, *what;
  } known[] = {
      {"[ascent]\nstep=2\nocatves=4\n", "x.recipe:3", "ocatves"},
      {"[ascent]\n\nstep=fast\n", "x.recipe:3", "step"},
      {"[ascent]\nstep=-1\n", "x.recipe:2", "step"},
      {"[ascent]\noctave_scale=1\n", "x.recipe:2", "octave_scale"},
      {"[stimuli]\nsize=400\n", "x.recipe:2", "400"},
      {"[stimuli]\nseeds=0\n", "x.recipe:2", "seeds"},
      {"[network]\nfile=a.pb\nsha256=abc\n", "x.recipe:3", "sha256"},
      {"[dream]\nstep=2\n", "x.recipe:1", "dream"},
      {"[ascent]\nstep=2\nstep=3\n", "x.recipe:3", "step"},
      {"[stimuli]\nstart_sha256=" DIGEST "\n", "x.recipe:2", "no start="},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    GError *error = NULL;
    Recipe *recipe = NULL;
    g_assert_false(read_text(known[i].text, &recipe, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, known[i].line));
    g_assert_nonnull(strstr(error->message, known[i].what));
    g_error_free(error);
  }
}

static void files_are_meant_from_the_recipes_folder(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "x.recipe", NULL);
  g_autofree char *network = g_build_filename(folder, "a.pb", NULL);
  const char *text = "[network]\nfile=a.pb\n[stimuli]\nstart=absent.png\n";
  g_assert_true(files_write(path, text, strlen(text), FILES_PUBLIC, NULL));
  g_assert_true(files_write(network, "x", 1, FILES_PUBLIC, NULL));
  g_autoptr(Recipe) recipe = NULL;
  g_assert_true(recipe_read(path, &recipe, &error));
  g_assert_cmpstr(recipe->network, ==, network);
  g_assert_cmpstr(recipe->start, ==, "absent.png");
  support_remove(folder);
}

static void noise_is_a_file_only_where_the_recipe_says_so(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "x.recipe", NULL);
  g_autofree char *file = g_build_filename(folder, "noise", NULL),
                  *dotted = g_build_filename(folder, ".", "noise", NULL);
  const struct {
    const char *text, *start;
  } known[] = {{"[stimuli]\nstart=noise\nstart_sha256=" DIGEST "\n", file}, {"[stimuli]\nstart=./noise\n", dotted}};
  g_assert_true(files_write(file, "x", 1, FILES_PUBLIC, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_autoptr(Recipe) recipe = NULL;
    g_assert_true(files_write(path, known[i].text, strlen(known[i].text), FILES_PUBLIC, NULL));
    g_assert_true(recipe_read(path, &recipe, &error));
    g_assert_cmpstr(recipe->start, ==, known[i].start);
  }
  Recipe *ambiguous = NULL;
  g_assert_true(files_write(path, "[stimuli]\nstart=noise\n", 22, FILES_PUBLIC, NULL));
  g_assert_false(recipe_read(path, &ambiguous, &error));
  g_assert_nonnull(strstr(error->message, "x.recipe:2"));
  g_assert_nonnull(strstr(error->message, "write ./noise for the file"));
  g_clear_error(&error);
  support_remove(folder);
}

static void a_folder_named_as_a_network_hides_none(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "x.recipe", NULL);
  g_autofree char *mini = g_build_filename(folder, "mini", NULL), *net = g_build_filename(folder, "net.pb", NULL);
  g_assert_true(files_make_folder(mini, 0700, &error));
  g_assert_true(files_make_folder(net, 0700, &error));
  const char *const names[] = {"mini", "net.pb"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *text = g_strdup_printf("[network]\nfile=%s\n", names[i]);
    g_autoptr(Recipe) recipe = NULL;
    g_assert_true(files_write(path, text, strlen(text), FILES_PUBLIC, NULL));
    g_assert_true(recipe_read(path, &recipe, &error));
    g_assert_cmpstr(recipe->network, ==, names[i]);
  }
  support_remove(folder);
}

static void the_first_difference_is_told_with_both_values(void) {
  g_autoptr(Recipe) a = recipe_new(), b = recipe_new();
  b->ascent.step = 1.5;
  b->ascent.tile = 256;
  g_autofree char *step = recipe_difference(a, b);
  g_assert_cmpstr(step, ==, "step is 2 there and 1.5 here");
  b->ascent.step = 2;
  g_autofree char *tile = recipe_difference(a, b);
  g_assert_cmpstr(tile, ==, "tile is 512 there and 256 here");
  g_strfreev(b->layers);
  b->layers = g_strsplit("mixed4a", ",", -1);
  g_autofree char *layer = recipe_difference(a, b);
  g_assert_cmpstr(layer, ==, "layer 1 of the list is missing there and mixed4a here");
  b->network = g_strdup("net.pb");
  b->network_sha256 = g_strdup(DIGEST);
  a->network = g_strdup("renamed.pb");
  a->network_sha256 = g_strdup(DIGEST);
  g_autofree char *same_network = recipe_difference(a, b);
  g_assert_cmpstr(same_network, ==, layer);
  a->network_sha256[0] = '0';
  g_autofree char *network = recipe_difference(a, b);
  g_assert_cmpstr(network, ==,
                  "the network is renamed.pb (SHA-256 06458910da36...) there and net.pb (66458910da36...) here");
}

static void options_override_the_recipe(void) {
  GError *error = NULL;
  g_auto(RecipeOptions) options = recipe_options_none();
  g_autoptr(Recipe) recipe = recipe_new();
  recipe->ascent.tile = 300;
  recipe->start = g_strdup("a.png");
  recipe->start_sha256 = g_strdup(DIGEST);
  options.step = 0.75;
  options.size = g_strdup("320x200");
  options.start = g_strdup("b.png");
  g_assert_true(recipe_options_apply(&options, recipe, &error));
  g_assert_cmpint(recipe->ascent.tile, ==, 300);
  g_assert_cmpfloat(recipe->ascent.step, ==, 0.75);
  g_assert_cmpint(recipe->width, ==, 320);
  g_assert_cmpint(recipe->height, ==, 200);
  g_assert_cmpstr(recipe->start, ==, "b.png");
  g_assert_null(recipe->start_sha256);
}

static void sizes_that_are_none_are_refused(void) {
  const char *const bad[] = {"",          "400",      "400x",    "x400", "0x5", "5x0",
                             "400x400x3", "20000x10", "4e2x400", " 4x4", "-4x4"};
  int width, height;
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    GError *error = NULL;
    g_assert_false(recipe_parse_size(bad[i], &width, &height, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_USAGE);
    g_error_free(error);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/recipe/what is written reads back the same", what_is_written_reads_back_the_same);
  g_test_add_func("/recipe/an empty recipe is the study's", an_empty_recipe_is_the_studys);
  g_test_add_func("/recipe/faults name file, line and key", faults_name_file_line_and_key);
  g_test_add_func("/recipe/files are meant from the recipe's folder", files_are_meant_from_the_recipes_folder);
  g_test_add_func("/recipe/noise is a file only where the recipe says so",
                  noise_is_a_file_only_where_the_recipe_says_so);
  g_test_add_func("/recipe/a folder named as a network hides none", a_folder_named_as_a_network_hides_none);
  g_test_add_func("/recipe/the first difference is told with both values",
                  the_first_difference_is_told_with_both_values);
  g_test_add_func("/recipe/options override the recipe", options_override_the_recipe);
  g_test_add_func("/recipe/sizes that are none are refused", sizes_that_are_none_are_refused);
  return g_test_run();
}
