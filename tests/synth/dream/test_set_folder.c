/* What a set finds in its folder: edited rows, files in the way, lost recipes. */
#include <string.h>
#include <sys/stat.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "tests/support.h"
#include "tests/synth/dream/folder.h"
#include "tests/synth/dream/set_fixture.h"

static Table *read_set_table(const char *folder) {
  GError *error = NULL;
  Table *table = NULL;
  g_autofree char *path = g_build_filename(folder, MANIFEST_TABLE, NULL);
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

static void write_set_table(const char *folder, const Table *table) {
  GError *error = NULL;
  g_autofree char *path = g_build_filename(folder, MANIFEST_TABLE, NULL);
  g_assert_true(table_write(table, path, FILES_PUBLIC, &error));
}

static void rows_that_were_edited_are_made_again(SetFixture *fixture, gconstpointer data) {
  (void)data;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *before = folder_listing(fixture->whole);
  const struct {
    const char *column, *text;
  } edits[] = {{"file", "conv2d0_seed1.png"},
               {"network", "mine"},
               {"layer", "mixed3b"},
               {"layer_type", "5x5"},
               {"depth", "4"},
               {"seed", "31"},
               {"sha256", "n/a"},
               {"objective_before", "low"},
               {"objective_after", "high"}};
  for (gsize i = 0; i < G_N_ELEMENTS(edits); i++) {
    g_autoptr(Table) table = read_set_table(fixture->whole);
    table_set(table, 4, (gsize)table_column(table, edits[i].column), edits[i].text);
    write_set_table(fixture->whole, table);
    const SetOutcome outcome = set_fixture_make(fixture->wanted, fixture->whole);
    g_assert_cmpuint(outcome.n_made, ==, 1);
    g_assert_cmpuint(outcome.n_kept, ==, 8);
    g_autofree char *after = folder_listing(fixture->whole);
    g_assert_cmpstr(before, ==, after);
  }
}

static void assert_not_made(SetFixture *fixture, const char *message) {
  GError *error = NULL;
  SetOutcome outcome;
  g_autofree char *before = folder_listing(fixture->whole);
  g_assert_false(set_fixture_make_part(fixture->wanted, fixture->whole, (Shard){0, 1}, 1, &outcome, &error));
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, message));
  g_error_free(error);
  g_autofree char *after = folder_listing(fixture->whole);
  g_assert_cmpstr(before, ==, after);
}

static void a_table_that_no_image_completes_is_refused(SetFixture *fixture, gconstpointer data) {
  (void)data;
  set_fixture_make(fixture->wanted, fixture->whole);
  const struct {
    const char *id, *file, *message;
  } rows[] = {{"mixed3a_seed2", "mixed3a_seed2.png", "stimuli.tsv:11: a second row has the id 'mixed3a_seed2'"},
              {"mine", "../noise.png", "stimuli.tsv:11: this stimulus is not of the set's recipe"},
              {"mine", "absent.png", "stimuli.tsv:11: this stimulus is not of the set's recipe"}};
  g_autoptr(Table) whole = read_set_table(fixture->whole);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(Table) table = read_set_table(fixture->whole);
    const gsize row = table_add_row(table);
    table_set(table, row, (gsize)table_column(table, "id"), rows[i].id);
    table_set(table, row, (gsize)table_column(table, "file"), rows[i].file);
    write_set_table(fixture->whole, table);
    assert_not_made(fixture, rows[i].message);
    write_set_table(fixture->whole, whole);
  }
}

static char *put_file(const char *folder, const char *name) {
  char *path = g_build_filename(folder, name, NULL);
  g_autofree char *below = g_path_get_dirname(path);
  g_assert_true(files_make_folder(below, 0755, NULL));
  g_assert_true(files_write(path, "somebody's", 10, FILES_PUBLIC, NULL));
  return path;
}

static void files_in_the_way_are_not_replaced(SetFixture *fixture, gconstpointer data) {
  (void)data;
  const char *const names[] = {"mixed3a_seed2.png", "start/noise_seed3.png"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = put_file(fixture->whole, names[i]);
    assert_not_made(fixture, "is in the way");
    g_assert_cmpint(remove(path), ==, 0);
  }
  g_autofree char *pipe_path = g_build_filename(fixture->whole, "conv2d0_seed1.png", NULL);
  g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
  GError *error = NULL;
  SetOutcome outcome;
  g_assert_false(set_fixture_make_part(fixture->wanted, fixture->whole, (Shard){0, 1}, 1, &outcome, &error));
  g_assert_nonnull(strstr(error->message, "conv2d0_seed1.png: is in the way"));
  g_clear_error(&error);
  g_assert_cmpint(remove(pipe_path), ==, 0);
  /* In a set that was begun, too. */
  g_assert_true(set_fixture_make_part(fixture->wanted, fixture->whole, (Shard){0, 9}, 1, &outcome, &error));
  g_autofree char *later = put_file(fixture->whole, "mixed3a_seed2.png");
  assert_not_made(fixture, "is in the way");
  g_assert_cmpint(remove(later), ==, 0);
  g_autofree char *other = put_file(fixture->whole, "notes.txt");
  g_assert_cmpuint(set_fixture_make(fixture->wanted, fixture->whole).n_made, ==, 8);
}

/* A kill between image and row leaves both the image and the hidden file that announces it. */
static void an_image_that_a_killed_run_left_is_replaced(SetFixture *fixture, gconstpointer data) {
  (void)data;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *before = folder_listing(fixture->whole), *digest = NULL;
  g_autofree char *image = g_build_filename(fixture->whole, "conv2d0_seed1.png", NULL);
  g_autofree char *pending = g_build_filename(fixture->whole, ".conv2d0_seed1.pending", NULL);
  g_autofree char *stale = g_build_filename(fixture->whole, ".mixed3a_seed1.pending", NULL);
  g_assert_true(files_sha256(image, &digest, NULL));
  g_assert_true(files_write(pending, digest, strlen(digest), FILES_PUBLIC, NULL));
  g_assert_true(files_write(stale, digest, strlen(digest), FILES_PUBLIC, NULL));
  g_autoptr(Table) whole = read_set_table(fixture->whole);
  g_autofree const char **columns = g_new(const char *, table_n_columns(whole));
  for (gsize i = 0; i < table_n_columns(whole); i++)
    columns[i] = table_column_name(whole, i);
  g_autoptr(Table) without = table_new(columns, table_n_columns(whole));
  for (gsize row = 1; row < 9; row++) {
    table_add_row(without);
    for (gsize i = 0; i < table_n_columns(whole); i++)
      table_set(without, row - 1, i, table_get(whole, row, i));
  }
  write_set_table(fixture->whole, without);
  g_assert_cmpuint(set_fixture_make(fixture->wanted, fixture->whole).n_made, ==, 1);
  g_autofree char *after = folder_listing(fixture->whole);
  g_assert_cmpstr(before, ==, after);
}

static void records_of_odd_types_and_lost_recipes_have_a_message(SetFixture *fixture, gconstpointer data) {
  (void)data;
  set_fixture_make(fixture->wanted, fixture->whole);
  g_autofree char *record = g_build_filename(fixture->whole, MANIFEST_RECORD, NULL), *text = NULL;
  g_autofree char *recipe = g_build_filename(fixture->whole, SET_RECIPE, NULL);
  gsize size;
  g_assert_true(files_read(record, 1 << 20, &text, &size, NULL));
  g_assert_true(files_write(record, "{\"program\": [3], \"blas\": {}}", 28, FILES_PUBLIC, NULL));
  assert_not_made(fixture, "was begun by an unknown program");
  g_assert_true(files_write(record, "[]", 2, FILES_PUBLIC, NULL));
  assert_not_made(fixture, "an object is expected");
  g_assert_true(files_write(record, text, size, FILES_PUBLIC, NULL));
  g_assert_true(files_write(recipe, "", 0, FILES_PUBLIC, NULL));
  assert_not_made(fixture, "set.recipe: is empty");
  g_assert_cmpint(remove(recipe), ==, 0);
  assert_not_made(fixture, "without a set.recipe");
}

static void images_without_iterations_are_no_news(SetFixture *fixture, gconstpointer data) {
  (void)data;
  fixture->wanted->ascent.iterations = 0;
  g_assert_cmpuint(set_fixture_make(fixture->wanted, fixture->whole).n_unmoved, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  const struct {
    const char *name;
    void (*test)(SetFixture *, gconstpointer);
  } tests[] = {
      {"rows that were edited are made again", rows_that_were_edited_are_made_again},
      {"a table that no image completes is refused", a_table_that_no_image_completes_is_refused},
      {"files in the way are not replaced", files_in_the_way_are_not_replaced},
      {"an image that a killed run left is replaced", an_image_that_a_killed_run_left_is_replaced},
      {"records of odd types and lost recipes have a message", records_of_odd_types_and_lost_recipes_have_a_message},
      {"images without iterations are no news", images_without_iterations_are_no_news},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/set folder/", tests[i].name, NULL);
    g_test_add(path, SetFixture, NULL, set_fixture_set_up, tests[i].test, set_fixture_tear_down);
  }
  return g_test_run();
}
