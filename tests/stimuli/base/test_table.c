#include "stimuli/base/table.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/support.h"

static bool read_text(const char *text, gsize size, Table **table, GError **error) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "t.tsv", NULL);
  g_assert_true(files_write(path, text, size, FILES_PUBLIC, NULL));
  bool done = table_read(path, table, error);
  support_remove(folder);
  return done;
}

static Table *parse(const char *text) {
  Table *table = NULL;
  GError *error = NULL;
  read_text(text, strlen(text), &table, &error);
  g_assert_no_error(error);
  return table;
}

static void assert_formats(const Table *table, const char *want) {
  g_autoptr(GString) text = table_format(table);
  g_assert_cmpstr(text->str, ==, want);
}

static void test_a_table_made_in_memory_formats_as_tsv(void) {
  static const char *const columns[] = {"id", "arousal"};
  g_autoptr(Table) table = table_new(columns, 2);
  assert_formats(table, "id\tarousal\n");
  for (int i = 0; i < 6; i++)
    table_add_row(table);
  gsize note = table_add_column(table, "note");
  g_assert_cmpuint(table_add_column(table, "arousal"), ==, 1);
  table_set(table, 0, 0, "a\tb\r\nc");
  table_set(table, 1, 0, "");
  table_set(table, 2, 0, NULL);
  table_set(table, 3, 0, "bad \xff byte");
  table_set_double(table, 0, 1, 2.0 / 3);
  table_set_double(table, 1, 1, NAN);
  table_set_double(table, 2, 1, -INFINITY);
  table_set_double(table, 3, 1, 1e-300);
  table_set_int(table, 4, 1, G_MININT64);
  table_set_double(table, 5, 1, 12345678901);
  table_set_exact(table, 5, note, 0.1 + 0.2);
  table_set(table, 4, note, "first");
  table_set(table, 4, note, "zażółć");
  assert_formats(table, "id\tarousal\tnote\n"
                        "a b  c\t0.6666666667\tn/a\n"
                        "n/a\tn/a\tn/a\n"
                        "n/a\tn/a\tn/a\n"
                        "bad \xEF\xBF\xBD byte\t1e-300\tn/a\n"
                        "n/a\t-9223372036854775808\tzażółć\n"
                        "n/a\t12345678901\t0.30000000000000004\n");
}

static void test_every_line_end_and_a_byte_order_mark_read_alike(void) {
  static const char *const texts[] = {"a\tb\n1\t2\n\t4\n", "a\tb\r\n1\t2\r\n\t4\r\n", "a\tb\r1\t2\r\t4\r",
                                      "\xEF\xBB\xBF"
                                      "a\tb\n1\t2\n\t4",
                                      "a\tb\n1\t2\n\t4\n\n\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(Table) table = parse(texts[i]);
    assert_formats(table, "a\tb\n1\t2\nn/a\t4\n");
    g_assert_cmpint(table_column(table, "b"), ==, 1);
    g_assert_cmpint(table_column(table, "c"), ==, -1);
  }
}

static void test_a_table_that_was_read_can_be_changed(void) {
  g_autoptr(Table) table = parse("a\tb\nx\ty\nz\tn/a\n");
  gsize c = table_add_column(table, "c");
  table_set(table, 0, 0, "longer than before");
  table_set(table, 1, c, "new");
  table_set(table, table_add_row(table), 1, "last");
  table_set(table, 0, 0, "again");
  assert_formats(table, "a\tb\tc\nagain\ty\tn/a\nz\tn/a\tnew\nn/a\tlast\tn/a\n");
}

static void test_numbers_are_read_strictly(void) {
  g_autoptr(Table) table = parse("x\n-1.25e2\nn/a\nnan\n0x1F\n1,5\n 7\n1e400\n");
  double value = 0;
  GError *error = NULL;
  g_assert_true(table_get_double(table, 0, 0, &value, &error));
  g_assert_cmpfloat(value, ==, -125);
  g_assert_true(table_get_double(table, 1, 0, &value, &error));
  g_assert_true(isnan(value));
  for (gsize row = 2; row < table_n_rows(table); row++) {
    g_autofree char *want =
        g_strdup_printf("%s:%d: x: '%s' is not a number", table_name(table), (int)row + 2, table_get(table, row, 0));
    g_assert_false(table_get_double(table, row, 0, &value, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, want);
    g_clear_error(&error);
  }
}

static void test_malformed_files_are_refused_with_file_and_line(void) {
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"", ": is empty; a table starts with a line of column names"},
      {"a\tb\n1\t2\n3\n", ":3: has 1 cells; the header has 2"},
      {"a\tb\n1\t2\t3\n", ":2: has 3 cells; the header has 2"},
      {"a\tb\n\n1\t2\n", ":2: has 1 cells; the header has 2"},
      {"a\tb\ta\n", ":1: 'a': two columns have this name"},
      {"a\t\tb\n", ":1: a column has no name"},
      {"a\n\xff\n", ":2: the text is not UTF-8"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Table *table = NULL;
    GError *error = NULL;
    g_assert_false(read_text(cases[i].text, strlen(cases[i].text), &table, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_true(g_str_has_suffix(error->message, cases[i].want));
    g_assert_nonnull(strstr(error->message, "t.tsv"));
    g_assert_null(table);
    g_error_free(error);
  }
  Table *table = NULL;
  GError *error = NULL;
  g_assert_false(read_text("a\n\0\n", 4, &table, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_error_free(error);
}

static void test_a_missing_column_is_named_with_those_there_are(void) {
  static const char *const columns[] = {"id", "file"};
  g_autoptr(Table) table = table_new(columns, 2);
  gsize column = 99;
  GError *error = NULL;
  g_assert_true(table_require_column(table, "file", &column, &error));
  g_assert_cmpuint(column, ==, 1);
  g_assert_false(table_require_column(table, "layer", &column, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, "table: no column 'layer'; it has id, file");
  g_assert_cmpuint(column, ==, 1);
  g_error_free(error);
}

static void test_a_written_table_reads_back_the_same(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "t.tsv", NULL);
  g_autoptr(Table) table = parse("a\tb\nx\tn/a\nz\tü\n"), again = NULL;
  GError *error = NULL;
  table_write(table, path, FILES_PRIVATE, &error);
  g_assert_no_error(error);
  table_read(path, &again, &error);
  g_assert_no_error(error);
  assert_formats(again, "a\tb\nx\tn/a\nz\tü\n");
  g_assert_cmpstr(table_name(again), ==, path);
  g_assert_true(table_is_missing(again, 0, 1));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/table/a-table-made-in-memory-formats-as-tsv", test_a_table_made_in_memory_formats_as_tsv);
  g_test_add_func("/table/every-line-end-and-a-byte-order-mark-read-alike",
                  test_every_line_end_and_a_byte_order_mark_read_alike);
  g_test_add_func("/table/a-table-that-was-read-can-be-changed", test_a_table_that_was_read_can_be_changed);
  g_test_add_func("/table/numbers-are-read-strictly", test_numbers_are_read_strictly);
  g_test_add_func("/table/malformed-files-are-refused-with-file-and-line",
                  test_malformed_files_are_refused_with_file_and_line);
  g_test_add_func("/table/a-missing-column-is-named-with-those-there-are",
                  test_a_missing_column_is_named_with_those_there_are);
  g_test_add_func("/table/a-written-table-reads-back-the-same", test_a_written_table_reads_back_the_same);
  return g_test_run();
}
