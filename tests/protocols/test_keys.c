/* What is said about each key of a protocol, and about files that are damaged as files. */
#include <string.h>

#include "protocols/locales.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/protocols/faulty_keys.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

static const FaultyKey *const TABLES[] = {faulty_keys_study, faulty_keys_questions, faulty_keys_blocks};

static void test_each_bad_value_names_line_group_and_key(void) {
  for (gsize t = 0; t < G_N_ELEMENTS(TABLES); t++)
    for (const FaultyKey *one = TABLES[t]; one->by != NULL; one++)
      fixture_check_fault(one->piece, one->by, one->wanted);
}

/* Whether a wanted fault is of this key in a group of this kind. */
static bool is_tested(const char *kind, const char *key) {
  g_autofree char *pattern = g_strdup_printf("^p:[0-9]+: \\[%s( [^]]*)?\\] %s: ", kind, key);
  for (gsize t = 0; t < G_N_ELEMENTS(TABLES); t++)
    for (const FaultyKey *one = TABLES[t]; one->by != NULL; one++)
      if (g_regex_match_simple(pattern, one->wanted, G_REGEX_MULTILINE, 0))
        return true;
  return false;
}

/* The names in bold of the line after .TP: ".B scales" or ".BR left \", \" right". */
static void check_heading(const char *kind, const char *line, gsize *n_keys) {
  g_auto(GStrv) words = g_strsplit_set(strchr(line, ' '), " ,\"", -1);
  for (char **word = words; *word != NULL; word++) {
    if (**word == '\0')
      continue;
    if (!is_tested(kind, *word))
      g_error("no test of a bad value of %s in [%s]", *word, kind);
    ++*n_keys;
  }
}

static void test_every_key_of_the_manual_has_a_bad_value(void) {
  g_autofree char *path = NULL, *text = NULL, *kind = NULL;
  gsize size = 0, n_keys = 0;
  g_assert_true(files_bundled("protocols/dreamrig-protocol.5", &path, NULL));
  g_assert_true(files_read(path, 1 << 20, &text, &size, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++) {
    if (g_str_has_prefix(lines[i], ".SH ")) {
      g_free(kind);
      kind = lines[i][4] == '[' ? g_strndup(lines[i] + 5, strcspn(lines[i] + 5, " ]")) : NULL;
    } else if (kind != NULL && strcmp(lines[i], ".TP") == 0) {
      check_heading(kind, lines[i + 1], &n_keys);
    }
  }
  g_assert_cmpuint(n_keys, >, 100);
}

static void test_line_ends_and_a_byte_order_mark_change_no_line_number(void) {
  static const char *const ends[] = {"\n", "\r\n", "\r"};
  g_autofree char *text = fixture_text("repeats = many\n");
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS(ends); i++) {
    g_autofree char *joined = g_strjoinv(ends[i / 2], lines);
    g_autofree char *whole = g_strconcat(i % 2 == 1 ? "\xEF\xBB\xBF" : "", joined, NULL);
    g_auto(GStrv) faults = fixture_faults(whole);
    g_assert_cmpstr(faults[0], ==, "p:31: [block main] repeats: 'many' is not a whole number from 1 to 1000");
    g_assert_null(faults[1]);
  }
}

static void test_languages_are_found_whatever_the_line_ends(void) {
  static const char *const texts[] = {"[a]\ntext[pl] = x\ntext[ar] = y\n[b]\ntext[pl] = z\n",
                                      "\xEF\xBB\xBF[a]\r\ntext[pl] = x\r\ntext[ar] = y\r\n",
                                      "[a]\rx[pl] = 1\rx[ar] = "};
  g_autofree char *folder = support_folder();
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    GError *error = NULL;
    g_auto(GStrv) locales = NULL;
    g_autofree char *path = fixture_write(folder, "p", texts[i]);
    protocol_locales(path, &locales, &error);
    g_assert_no_error(error);
    g_autofree char *all = g_strjoinv(" ", locales);
    g_assert_cmpstr(all, ==, "pl ar");
  }
  support_remove(folder);
}

static void test_damaged_files_are_refused_in_one_line(void) {
  static const struct {
    const char *text, *wanted;
  } cases[] = {
      {"[protocol]\nname = caf\xe9\n", "p:2: the text is not UTF-8"},
      {"[protocol]\r\rname = caf\xe9\r", "p:3: the text is not UTF-8"},
      {"\xff\xfe[\0p\0", "p:1: the text is not UTF-8"},
      {"[protocol]\nname\n", "p:2: is neither [group], key=value, # comment nor blank"},
      {"[protocol]\n[page \x1b[2J]\n", "p:2: a group is written [name], alone on its line"},
      {"[protocol]\n[]\n", "p:2: a group is written [name], alone on its line"},
      {"name = x\n", "p:1: a key stands before the first [group]"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Protocol) protocol = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(protocol_parse("p", cases[i].text, strlen(cases[i].text), NULL, &protocol, &error));
    g_assert_cmpstr(error->message, ==, cases[i].wanted);
  }
  static const char nul[] = "[protocol]\nname = a\0b\n";
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(protocol_parse("p", nul, sizeof nul - 1, NULL, &protocol, &error));
  g_assert_cmpstr(error->message, ==, "p:2: there is a NUL byte; a text file has none");
}

static void test_empty_file_says_what_is_missing(void) {
  g_auto(GStrv) faults = fixture_faults("");
  g_autofree char *all = g_strjoinv("\n", faults);
  g_assert_cmpstr(all, ==, "p: has no group [protocol]\np: has no group [sequence]");
}

/* Each would take hours where every entry were compared with every other one. */
static void test_overlong_lists_are_refused_at_once(void) {
  g_autoptr(GString) list = g_string_new("");
  for (int i = 0; i < 200000; i++)
    g_string_append_printf(list, "x%d;", i);
  static const struct {
    const char *start, *wanted;
  } cases[] = {
      {"checks = ", "p:31: [block main] checks: has 200000 entries; at most 10000 are possible"},
      {"[score s]\nitems = ", "p:32: [score s] items: has 200000 entries; at most 10000 are possible"},
      {"[question q]\ntext = a\noptions = ",
       "p:33: [question q] options: has 200000 entries; at most 1000 are possible"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *lines = g_strconcat(cases[i].start, list->str, "\n", NULL);
    g_autofree char *text = fixture_text(lines);
    g_auto(GStrv) faults = fixture_faults(text);
    g_autofree char *all = g_strjoinv("\n", faults);
    g_assert_nonnull(strstr(all, cases[i].wanted));
  }
}

static void test_overlong_files_are_refused_at_once(void) {
  g_autoptr(GString) keys = g_string_new("[protocol]\n"), same = g_string_new("[protocol]\n");
  for (int i = 0; i < 300000; i++) {
    g_string_append_printf(keys, "k%d=\n", i);
    g_string_append(same, "name=\n");
  }
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL, doubled = NULL;
  g_assert_false(protocol_parse("p", keys->str, keys->len, NULL, &protocol, &error));
  g_assert_cmpstr(error->message, ==, "p:20002: there are more than 20000 keys");
  g_assert_false(protocol_parse("p", same->str, same->len, NULL, &protocol, &doubled));
  g_assert_cmpstr(doubled->message, ==,
                  "p:3: [protocol] name: this key was already set at line 2 (and 999 other faults)");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/keys/each bad value names line, group and key", test_each_bad_value_names_line_group_and_key);
  g_test_add_func("/keys/every key of the manual has a bad value", test_every_key_of_the_manual_has_a_bad_value);
  g_test_add_func("/keys/line ends and a byte-order mark change no line number",
                  test_line_ends_and_a_byte_order_mark_change_no_line_number);
  g_test_add_func("/keys/languages are found whatever the line ends", test_languages_are_found_whatever_the_line_ends);
  g_test_add_func("/keys/damaged files are refused in one line", test_damaged_files_are_refused_in_one_line);
  g_test_add_func("/keys/empty file says what is missing", test_empty_file_says_what_is_missing);
  g_test_add_func("/keys/overlong lists are refused at once", test_overlong_lists_are_refused_at_once);
  g_test_add_func("/keys/overlong files are refused at once", test_overlong_files_are_refused_at_once);
  return g_test_run();
}
