#include "stimuli/base/delimited.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

typedef struct {
  char *folder, *path;
  Delimited *table;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused) {
  (void)unused;
  f->folder = support_folder();
  f->path = g_build_filename(f->folder, "t.csv", NULL);
}

static void tear_down(Fixture *f, gconstpointer unused) {
  (void)unused;
  delimited_free(f->table);
  support_remove(f->folder);
  g_free(f->folder);
  g_free(f->path);
}

static void write_bytes(Fixture *f, const char *text, gssize size) {
  g_assert_true(g_file_set_contents(f->path, text, size, NULL));
}

static void read_text(Fixture *f, const char *text, const DelimitedOptions *options) {
  g_autoptr(GError) error = NULL;
  write_bytes(f, text, -1);
  g_clear_pointer(&f->table, delimited_free);
  delimited_read(f->path, options, &f->table, &error);
  g_assert_no_error(error);
}

static void refused(Fixture *f, const char *text, const char *ending) {
  g_autoptr(GError) error = NULL;
  write_bytes(f, text, -1);
  g_assert_false(delimited_read(f->path, NULL, &f->table, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_null(f->table);
  if (!g_str_has_suffix(error->message, ending))
    g_error("message '%s' does not end in '%s'", error->message, ending);
}

static void assert_row(const Delimited *table, gsize row, const char *first, const char *second) {
  g_assert_cmpstr(delimited_get(table, row, 0), ==, first);
  g_assert_cmpstr(delimited_get(table, row, 1), ==, second);
}

static void any_separator_and_line_end(Fixture *f, gconstpointer unused) {
  (void)unused;
  static const char separators[] = {'\t', ',', ';'};
  static const char *const ends[] = {"\n", "\r\n", "\r"};
  for (gsize s = 0; s < G_N_ELEMENTS(separators); s++)
    for (gsize e = 0; e < G_N_ELEMENTS(ends); e++) {
      g_autofree char *text = g_strdup_printf("\xEF\xBB\xBFwho%cwhat%s\"a%cb\"%c41,7%s%cz", separators[s], ends[e],
                                              separators[s], separators[s], ends[e], separators[s]);
      if (separators[s] == ',')
        text[strlen(text) - 1 - strlen(ends[e]) - 3] = '.'; /* 41.7 */
      read_text(f, text, NULL);
      g_assert_cmpuint(delimited_n_rows(f->table), ==, 2);
      g_autofree char *quoted = g_strdup_printf("a%cb", separators[s]);
      assert_row(f->table, 0, quoted, separators[s] == ',' ? "41.7" : "41,7");
      assert_row(f->table, 1, "", "z");
    }
}

static void quotes_hold_quotes_and_line_ends(Fixture *f, gconstpointer unused) {
  (void)unused;
  read_text(f, "a,b\r\n\"one\r\ntwo\",\"say \"\"hm\"\"\"\r\"\",x\n\n\nlast,\"\n\n\"\n", NULL);
  g_assert_cmpuint(delimited_n_rows(f->table), ==, 3);
  assert_row(f->table, 0, "one\r\ntwo", "say \"hm\"");
  assert_row(f->table, 1, "", "x");
  assert_row(f->table, 2, "last", "\n\n");
  g_assert_cmpuint(delimited_line(f->table, 0), ==, 2);
  g_assert_cmpuint(delimited_line(f->table, 1), ==, 4);
  g_assert_cmpuint(delimited_line(f->table, 2), ==, 7);
}

static void rows_around_the_header_are_skipped(Fixture *f, gconstpointer unused) {
  (void)unused;
  read_text(f, "sep=;\nmade by X, today\na;b\nText, of a;\"Text\nof b\"\n{};{}\n1,5;2\n",
            &(DelimitedOptions){.header_row = 2, .rows_after = 2});
  g_assert_cmpstr(delimited_column_name(f->table, 1), ==, "b");
  g_assert_cmpuint(delimited_n_rows(f->table), ==, 1);
  assert_row(f->table, 0, "1,5", "2");
}

static void utf_16_and_named_encodings(Fixture *f, gconstpointer unused) {
  (void)unused;
  static const char windows[] = {'n', ';', 'b', '\n', '\xD6', 'l', ';', '1'};
  static const char unmarked[] = {0, 'n', 0, ',', 0, 'b', 0, '\n', 0, '\xE9', 0, ',', 0, 'y'};
  static const char little[] = {'\xFF', '\xFE', 'n', 0,   '\t', 0,    'b', 0,   '\r',
                                0,      '\n',   0,   'A', 1,    '\t', 0,   'x', 0}; /* U+0141 */
  static const struct {
    const char *bytes;
    gssize size;
    const char *encoding, *first, *second;
  } files[] = {{windows, sizeof windows, "WINDOWS-1252", "Öl", "1"},
               {unmarked, sizeof unmarked, NULL, "é", "y"},
               {little, sizeof little, NULL, "Ł", "x"}};
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Delimited) table = NULL;
    write_bytes(f, files[i].bytes, files[i].size);
    delimited_read(f->path, &(DelimitedOptions){.encoding = files[i].encoding}, &table, &error);
    g_assert_no_error(error);
    assert_row(table, 0, files[i].first, files[i].second);
  }
}

static void faults_name_their_line(Fixture *f, gconstpointer unused) {
  (void)unused;
  refused(f, "a,b\n\"x\ny\",1\n2\n", "t.csv:4: has 1 cells; the header has 2");
  refused(f, "a,b\n1,\"open\n2,3\n", "t.csv:2: a quote is not closed");
  refused(f, "a,b\n\"x\"y,1\n", "t.csv:2: text after a closing quote (a quote inside one is doubled)");
  refused(f, "a,b\r1,2\r\xE9,3\r",
          "t.csv:3: the text is not UTF-8; where it is in another encoding, that must be named");
  refused(f, "\n\n", "t.csv: has no line of column names");
}

static void columns_are_found_by_their_one_name(Fixture *f, gconstpointer unused) {
  (void)unused;
  read_text(f, "arousal,x,x,\n1,2,3,4\n", NULL);
  gsize column;
  g_autoptr(GError) error = NULL;
  g_assert_true(delimited_require_column(f->table, "arousal", &column, NULL));
  g_assert_cmpuint(column, ==, 0);
  g_assert_false(delimited_require_column(f->table, "x", &column, &error));
  g_assert_true(g_str_has_suffix(error->message, "t.csv: 2 columns are named 'x'"));
  g_clear_error(&error);
  g_assert_false(delimited_require_column(f->table, "arousel", &column, &error));
  g_assert_true(g_str_has_suffix(error->message, "no column 'arousel'; did you mean 'arousal'?"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/delimited/" #name, Fixture, NULL, set_up, name, tear_down)
  TEST(any_separator_and_line_end);
  TEST(quotes_hold_quotes_and_line_ends);
  TEST(rows_around_the_header_are_skipped);
  TEST(utf_16_and_named_encodings);
  TEST(faults_name_their_line);
  TEST(columns_are_found_by_their_one_name);
  return g_test_run();
}
