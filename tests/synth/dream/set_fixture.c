#include "tests/synth/dream/set_fixture.h"

#include "tests/support.h"
#include "tests/synth/dream/folder.h"

void set_fixture_set_up(SetFixture *fixture, gconstpointer data) {
  (void)data;
  fixture->network = support_data("tiny5h/net.pb");
  fixture->folder = support_folder();
  fixture->whole = g_build_filename(fixture->folder, "whole", NULL);
  fixture->other = g_build_filename(fixture->folder, "other", NULL);
  fixture->wanted = recipe_new();
  fixture->wanted->network = g_strdup(fixture->network);
  g_strfreev(fixture->wanted->layers);
  fixture->wanted->layers = g_strsplit("conv2d0,mixed3a,mixed4b_5x5", ",", -1);
  fixture->wanted->seeds = 3;
  fixture->wanted->width = 48;
  fixture->wanted->height = 40;
  fixture->wanted->ascent = (AscentSettings){.iterations = 2, .step = 2, .octaves = 2, .octave_scale = 1.4, .tile = 32};
}

void set_fixture_tear_down(SetFixture *fixture, gconstpointer data) {
  (void)data;
  support_remove(fixture->folder);
  g_free(fixture->network);
  g_free(fixture->folder);
  g_free(fixture->whole);
  g_free(fixture->other);
  recipe_free(fixture->wanted);
}

bool set_fixture_make_part(const Recipe *wanted, const char *folder, Shard shard, gsize n_workers, SetOutcome *outcome,
                           GError **error) {
  g_autoptr(RecipeInputs) inputs = NULL;
  const SetOptions options = {.folder = folder, .shard = shard, .n_workers = n_workers, .progress = false};
  return recipe_inputs_open(wanted, &inputs, error) && set_make(inputs, &options, outcome, error);
}

SetOutcome set_fixture_make(const Recipe *wanted, const char *folder) {
  GError *error = NULL;
  SetOutcome outcome = {0};
  set_fixture_make_part(wanted, folder, (Shard){0, 1}, 1, &outcome, &error);
  g_assert_no_error(error);
  return outcome;
}

void set_fixture_assert_same(const char *a, const char *b) {
  g_autofree char *listing_a = folder_listing(a), *listing_b = folder_listing(b);
  g_assert_cmpstr(listing_a, ==, listing_b);
}
