#include "synth/dream/set.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "synth/dream/set_lock.h"
#include "synth/dream/set_rows.h"
#include "tests/support.h"
#include "tests/synth/dream/folder.h"
#include "tests/synth/dream/set_fixture.h"

static void a_set_has_a_row_and_a_file_for_every_layer_and_seed(SetFixture *fixture, gconstpointer data) {
  (void)data;
  const SetOutcome outcome = set_fixture_make(fixture->wanted, fixture->whole);
  g_assert_cmpuint(outcome.n_made, ==, 9);
  g_assert_cmpuint(outcome.n_missing, ==, 0);
  GError *error = NULL;
  g_autoptr(StimulusSet) set = NULL;
  g_assert_true(stimulus_set_open(fixture->whole, true, &set, &error));
  g_assert_cmpuint(table_n_rows(set->stimuli), ==, 9);
  g_assert_cmpstr(table_get(set->stimuli, 5, 0), ==, "mixed3a_seed3");
  g_assert_cmpstr(table_get(set->stimuli, 8, (gsize)table_column(set->stimuli, "layer_type")), ==, "5x5");
  for (gsize row = 0; row < 9; row++)
    g_assert_false(table_is_missing(set->stimuli, row, (gsize)table_column(set->stimuli, "objective_after")));
  JsonObject *network = json_object_get_object_member(set->record, "network");
  g_assert_cmpstr(json_object_get_string_member(network, "file"), ==, "net.pb");
  g_assert_cmpuint(json_array_get_length(json_object_get_array_member(set->record, "starts")), ==, 3);
  g_assert_cmpint(json_object_get_int_member(set->record, "n_stimuli"), ==, 9);
}

static void nothing_of_the_machine_is_recorded(SetFixture *fixture, gconstpointer data) {
  (void)data;
  g_free(fixture->wanted->start);
  fixture->wanted->start = support_data("tiny5h/noise.png");
  set_fixture_make(fixture->wanted, fixture->whole);
  const char *const files[] = {MANIFEST_TABLE, MANIFEST_RECORD, SET_RECIPE};
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(fixture->whole, files[i], NULL), *text = NULL;
    gsize size;
    g_assert_true(files_read(path, 1 << 20, &text, &size, NULL));
    g_assert_null(strstr(text, fixture->folder));
    g_assert_null(strstr(text, "tests/data"));
    if (i > 0)
      g_assert_nonnull(strstr(text, "noise.png"));
  }
}

static void bytes_do_not_depend_on_the_number_of_workers(SetFixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  SetOutcome outcome;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_assert_true(set_fixture_make_part(fixture->wanted, fixture->other, (Shard){0, 1}, 3, &outcome, &error));
  set_fixture_assert_same(fixture->whole, fixture->other);
}

static void shards_together_are_the_whole(SetFixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  set_fixture_make(fixture->wanted, fixture->whole);
  gsize n_made = 0;
  for (gsize i = 4; i-- > 0;) {
    SetOutcome outcome;
    g_assert_true(set_fixture_make_part(fixture->wanted, fixture->other, (Shard){i, 4}, 1, &outcome, &error));
    n_made += outcome.n_made;
    g_assert_cmpuint(outcome.n_missing, ==, 9 - n_made);
  }
  g_assert_cmpuint(n_made, ==, 9);
  set_fixture_assert_same(fixture->whole, fixture->other);
}

static GPid start(const SetFixture *fixture, const char *folder, const char *shard) {
  g_autofree char *program = support_program("dreamrig-synth");
  const char *arguments[] = {program,
                             "set",
                             "--network",
                             fixture->network,
                             "--layers",
                             "mixed3?,conv2d*",
                             "--seeds",
                             "3",
                             "--size",
                             "48x40",
                             "--octaves",
                             "2",
                             "--iterations",
                             "3",
                             "-j",
                             "2",
                             "-o",
                             folder,
                             shard ? "--shard" : NULL,
                             shard,
                             NULL};
  GPid pid = 0;
  GError *error = NULL;
  g_spawn_async(NULL, (char **)arguments, NULL,
                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid,
                &error);
  g_assert_no_error(error);
  return pid;
}

/* The wait status of the process. */
static int wait_for(GPid pid) {
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_spawn_close_pid(pid);
  return status;
}

static void shards_at_the_same_time_are_the_whole(SetFixture *fixture, gconstpointer data) {
  (void)data;
  g_assert_cmpint(wait_for(start(fixture, fixture->whole, NULL)), ==, 0);
  const GPid pids[] = {start(fixture, fixture->other, "1/3"), start(fixture, fixture->other, "2/3"),
                       start(fixture, fixture->other, "3/3")};
  for (gsize i = 0; i < G_N_ELEMENTS(pids); i++)
    g_assert_cmpint(wait_for(pids[i]), ==, 0);
  set_fixture_assert_same(fixture->whole, fixture->other);
}

static void a_set_killed_at_any_moment_is_completed(SetFixture *fixture, gconstpointer data) {
  (void)data;
  const gint64 begun = g_get_monotonic_time();
  g_assert_cmpint(wait_for(start(fixture, fixture->whole, NULL)), ==, 0);
  const gint64 unbroken_us = g_get_monotonic_time() - begun;
  int n_killed = 0;
  for (int attempt = 0; attempt < 25; attempt++) {
    const GPid pid = start(fixture, fixture->other, NULL);
    g_usleep((gulong)(g_test_rand_double_range(.02, .5) * (double)unbroken_us));
    kill(pid, SIGKILL);
    const int status = wait_for(pid);
    n_killed += WIFSIGNALED(status);
    /* Whatever the table says is there, is there. */
    g_autofree char *table = g_build_filename(fixture->other, MANIFEST_TABLE, NULL);
    if (g_file_test(table, G_FILE_TEST_EXISTS)) {
      GError *error = NULL;
      g_autoptr(StimulusSet) set = NULL;
      stimulus_set_open(fixture->other, true, &set, &error);
      g_assert_no_error(error);
    }
    /* Done before the signal came: fine once some run was killed, else a new one must be. */
    if (!WIFSIGNALED(status) && n_killed > 0)
      break;
    if (!WIFSIGNALED(status))
      support_remove(fixture->other);
  }
  g_test_message("killed %d times", n_killed);
  g_assert_cmpint(n_killed, >, 0);
  g_assert_cmpint(wait_for(start(fixture, fixture->other, NULL)), ==, 0);
  set_fixture_assert_same(fixture->whole, fixture->other);
}

static void finished_images_are_kept_and_damaged_ones_made_again(SetFixture *fixture, gconstpointer data) {
  (void)data;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *before = folder_listing(fixture->whole);
  g_autofree char *damaged = g_build_filename(fixture->whole, "mixed3a_seed2.png", NULL);
  g_autofree char *deleted = g_build_filename(fixture->whole, "conv2d0_seed1.png", NULL);
  g_autofree char *start_image = g_build_filename(fixture->whole, "start/noise_seed3.png", NULL);
  g_assert_true(files_write(damaged, "not a PNG", 9, FILES_PUBLIC, NULL));
  g_assert_true(files_write(start_image, "nor this", 8, FILES_PUBLIC, NULL));
  g_assert_cmpint(remove(deleted), ==, 0);
  const SetOutcome outcome = set_fixture_make(fixture->wanted, fixture->whole);
  g_assert_cmpuint(outcome.n_kept, ==, 7);
  g_assert_cmpuint(outcome.n_made, ==, 2);
  g_autofree char *after = folder_listing(fixture->whole);
  g_assert_cmpstr(before, ==, after);
}

static void columns_that_others_added_are_kept(SetFixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *path = g_build_filename(fixture->whole, MANIFEST_TABLE, NULL);
  g_autofree char *deleted = g_build_filename(fixture->whole, "mixed3a_seed1.png", NULL);
  g_autoptr(Table) table = NULL, after = NULL;
  g_assert_true(table_read(path, &table, &error));
  const gsize hue = table_add_column(table, "hue");
  for (gsize row = 0; row < 9; row++)
    table_set_double(table, row, hue, 0.125 * (double)row);
  g_assert_true(table_write(table, path, FILES_PUBLIC, &error));
  g_assert_cmpint(remove(deleted), ==, 0);
  g_assert_cmpuint(set_fixture_make(fixture->wanted, fixture->whole).n_made, ==, 1);
  g_assert_true(table_read(path, &after, &error));
  for (gsize row = 0; row < 9; row++)
    g_assert_cmpstr(table_get(after, row, hue), ==, table_get(table, row, hue));
}

static void a_set_with_other_settings_is_refused_by_name(SetFixture *fixture, gconstpointer data) {
  (void)data;
  set_fixture_make(fixture->wanted, fixture->whole);
  fixture->wanted->ascent.step = 3;
  GError *error = NULL;
  SetOutcome outcome;
  g_autofree char *before = folder_listing(fixture->whole);
  g_assert_false(set_fixture_make_part(fixture->wanted, fixture->whole, (Shard){0, 1}, 1, &outcome, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "step is 2 there and 3 here"));
  g_error_free(error);
  g_autofree char *after = folder_listing(fixture->whole);
  g_assert_cmpstr(before, ==, after);
}

static void a_set_not_made_by_us_is_left_alone(SetFixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *path = g_build_filename(fixture->folder, MANIFEST_TABLE, NULL);
  g_assert_true(files_write(path, "id\tfile\n", 8, FILES_PUBLIC, NULL));
  GError *error = NULL;
  SetOutcome outcome;
  g_assert_false(set_fixture_make_part(fixture->wanted, fixture->folder, (Shard){0, 1}, 1, &outcome, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "not made by dreamrig-synth set"));
  g_error_free(error);
}

static void the_sets_own_recipe_makes_it_again(SetFixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *path = g_build_filename(fixture->whole, SET_RECIPE, NULL);
  g_autoptr(Recipe) recipe = NULL;
  g_assert_true(recipe_read(path, &recipe, &error));
  g_free(recipe->network);
  recipe->network = g_strdup(fixture->network);
  set_fixture_make(recipe, fixture->other);
  set_fixture_assert_same(fixture->whole, fixture->other);
}

static void two_programs_on_one_shard_are_refused(SetFixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *path = g_build_filename(fixture->whole, ".shard-1-of-1.lock", NULL);
  int lock;
  g_assert_true(set_lock_take(path, 0, &lock, &error));
  SetOutcome outcome;
  g_assert_false(set_fixture_make_part(fixture->wanted, fixture->whole, (Shard){0, 1}, 1, &outcome, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "another program is dreaming this set"));
  g_clear_error(&error);
  set_lock_give_back(path, lock);
  g_assert_true(set_fixture_make_part(fixture->wanted, fixture->whole, (Shard){0, 1}, 1, &outcome, &error));
}

static void names_that_fall_together_are_told_apart(void) {
  g_autoptr(Recipe) recipe = recipe_new();
  g_strfreev(recipe->layers);
  recipe->layers = g_strsplit("a/b|a:b|A-b|plain.x_1", "|", -1);
  recipe->seeds = 2;
  g_auto(GStrv) ids = set_ids(recipe);
  g_autofree char *joined = g_strjoinv(" ", ids);
  g_assert_cmpstr(
      joined, ==,
      "a-b_seed1 a-b_seed2 a-b-2_seed1 a-b-2_seed2 A-b-3_seed1 A-b-3_seed2 plain.x_1_seed1 plain.x_1_seed2");
}

static void limit_file_size(gpointer data) {
  const rlim_t bytes = GPOINTER_TO_SIZE(data);
  const struct rlimit limit = {bytes, bytes};
  setrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, SIG_IGN);
}

/* A limit on file size stands for a full disk: writes fail after some bytes. */
static void a_full_disk_leaves_nothing_half_written(SetFixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *program = support_program("dreamrig-synth");
  const char *arguments[] = {program,        "set",    "--network", fixture->network, "--layers",
                             "mixed3a",      "--size", "64x64",     "--octaves",      "1",
                             "--iterations", "1",      "-o",        fixture->whole,   NULL};
  for (gsize limit = 0; limit <= 8192; limit += 512) {
    int status;
    g_autofree char *err = NULL;
    g_assert_true(g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, limit_file_size,
                               GSIZE_TO_POINTER(limit), NULL, &err, &status, NULL));
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 1);
    g_assert_nonnull(strstr(err, "cannot write"));
    g_autofree char *listing = folder_listing(fixture->whole);
    g_assert_null(strstr(listing, ".png"));
    g_assert_null(strstr(listing, ".dreamrig"));
    g_assert_null(strstr(listing, ".lock"));
  }
  fixture->wanted->width = fixture->wanted->height = 64;
  fixture->wanted->ascent =
      (AscentSettings){.iterations = 1, .step = 2, .octaves = 1, .octave_scale = 1.4, .tile = 512};
  fixture->wanted->seeds = 1;
  g_strfreev(fixture->wanted->layers);
  fixture->wanted->layers = g_strsplit("mixed3a", ",", -1);
  g_assert_cmpuint(set_fixture_make(fixture->wanted, fixture->whole).n_made, ==, 1); /* the disk has room again */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  const struct {
    const char *name;
    void (*test)(SetFixture *, gconstpointer);
  } tests[] = {
      {"a set has a row and a file for every layer and seed", a_set_has_a_row_and_a_file_for_every_layer_and_seed},
      {"nothing of the machine is recorded", nothing_of_the_machine_is_recorded},
      {"bytes do not depend on the number of workers", bytes_do_not_depend_on_the_number_of_workers},
      {"shards together are the whole", shards_together_are_the_whole},
      {"shards at the same time are the whole", shards_at_the_same_time_are_the_whole},
      {"a set killed at any moment is completed", a_set_killed_at_any_moment_is_completed},
      {"finished images are kept and damaged ones made again", finished_images_are_kept_and_damaged_ones_made_again},
      {"columns that others added are kept", columns_that_others_added_are_kept},
      {"a set with other settings is refused by name", a_set_with_other_settings_is_refused_by_name},
      {"a set not made by us is left alone", a_set_not_made_by_us_is_left_alone},
      {"the set's own recipe makes it again", the_sets_own_recipe_makes_it_again},
      {"two programs on one shard are refused", two_programs_on_one_shard_are_refused},
      {"a full disk leaves nothing half written", a_full_disk_leaves_nothing_half_written},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/set/", tests[i].name, NULL);
    g_test_add(path, SetFixture, NULL, set_fixture_set_up, tests[i].test, set_fixture_tear_down);
  }
  g_test_add_func("/set/names that fall together are told apart", names_that_fall_together_are_told_apart);
  return g_test_run();
}
