#include "stimuli/base/keyfile.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

static KeyFile *parse(const char *text) {
  GError *error = NULL;
  KeyFile *keyfile = NULL;
  keyfile_parse("a.recipe", text, strlen(text), &keyfile, &error);
  g_assert_no_error(error);
  return keyfile;
}

static void assert_fault(const KeyFile *keyfile, gsize index, int line, const char *key, const char *message) {
  gsize n_faults;
  const KeyFileFault *faults = keyfile_faults(keyfile, &n_faults);
  g_assert_cmpuint(index, <, n_faults);
  g_assert_cmpint(faults[index].line, ==, line);
  g_assert_cmpstr(faults[index].key, ==, key);
  g_assert_cmpstr(faults[index].message, ==, message);
}

static void assert_n_faults(const KeyFile *keyfile, gsize want) {
  gsize n_faults;
  keyfile_faults(keyfile, &n_faults);
  g_assert_cmpuint(n_faults, ==, want);
}

static void test_values_of_every_type_are_read(void) {
  g_autoptr(KeyFile) keyfile = parse("# a comment\n"
                                     "[dream]\n"
                                     "layers = mixed3a; mixed4c ;a\\;b\n"
                                     "seeds=17\n"
                                     "step=-2.375e-1\n"
                                     "clip=true\n"
                                     "start=noise\n"
                                     "title=two\\nlines \n");
  static const char *const starts[] = {"image", "noise", NULL};
  g_auto(GStrv) layers = keyfile_list(keyfile, "dream", "layers");
  g_autofree char *title = keyfile_string(keyfile, "dream", "title", NULL);
  g_assert_cmpuint(g_strv_length(layers), ==, 3);
  g_assert_cmpstr(layers[0], ==, "mixed3a");
  g_assert_cmpstr(layers[1], ==, "mixed4c");
  g_assert_cmpstr(layers[2], ==, "a;b");
  g_assert_cmpint(keyfile_int(keyfile, "dream", "seeds", 1, 1, 99), ==, 17);
  g_assert_cmpfloat(keyfile_double(keyfile, "dream", "step", 1, -1, 1), ==, -0.2375);
  g_assert_true(keyfile_bool(keyfile, "dream", "clip", false));
  g_assert_cmpint(keyfile_choice(keyfile, "dream", "start", starts, 0), ==, 1);
  g_assert_true(g_str_has_prefix(title, "two\nlines"));
  GError *error = NULL;
  g_assert_true(keyfile_finish(keyfile, &error));
  g_assert_no_error(error);
}

static void test_missing_keys_give_the_defaults(void) {
  g_autoptr(KeyFile) keyfile = parse("[a]\n");
  g_autofree char *text = keyfile_string(keyfile, "a", "text", "fallback");
  g_auto(GStrv) list = keyfile_list(keyfile, "a", "list");
  g_assert_cmpstr(text, ==, "fallback");
  g_assert_null(keyfile_string(keyfile, "a", "none", NULL));
  g_assert_nonnull(list);
  g_assert_null(list[0]);
  g_assert_cmpint(keyfile_int(keyfile, "a", "n", 73, 0, 100), ==, 73);
  g_assert_cmpfloat(keyfile_double(keyfile, "b", "x", 0.31, 0, 1), ==, 0.31);
  g_assert_true(keyfile_finish(keyfile, NULL));
}

static void test_a_text_is_looked_up_by_locale_then_language_then_plain(void) {
  g_autoptr(KeyFile) keyfile = parse("[page]\ntext=Hello\ntext[pl]=Dzień dobry\ntext[pl_SL]=Dobry\n");
  static const struct {
    const char *locale, *want;
  } cases[] = {{"pl_SL", "Dobry"},    {"pl_PL", "Dzień dobry"}, {"pl-PL", "Dzień dobry"},
               {"pl", "Dzień dobry"}, {"es", "Hello"},          {"", "Hello"},
               {NULL, "Hello"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = keyfile_text(keyfile, "page", "text", cases[i].locale, NULL);
    g_assert_cmpstr(text, ==, cases[i].want);
  }
  g_assert_true(keyfile_finish(keyfile, NULL));
}

static void test_every_malformed_value_is_a_fault_at_its_line(void) {
  g_autoptr(KeyFile) keyfile = parse("[a]\nint=3.5\n\nbig=101\nnan=nan\nhuge=1e999\nhex=0x10\nbool=yes\nesc=a\\qb\n");
  g_assert_cmpint(keyfile_int(keyfile, "a", "int", 5, G_MININT64, G_MAXINT64), ==, 5);
  g_assert_cmpint(keyfile_int(keyfile, "a", "big", 5, 1, 100), ==, 5);
  g_assert_cmpfloat(keyfile_double(keyfile, "a", "nan", 5, -G_MAXDOUBLE, G_MAXDOUBLE), ==, 5);
  g_assert_cmpfloat(keyfile_double(keyfile, "a", "huge", 5, 0, G_MAXDOUBLE), ==, 5);
  g_assert_cmpfloat(keyfile_double(keyfile, "a", "hex", 5, 0.5, 100), ==, 5);
  g_assert_false(keyfile_bool(keyfile, "a", "bool", false));
  g_assert_null(keyfile_string(keyfile, "a", "esc", NULL));
  keyfile_require(keyfile, "a", "needed");
  assert_n_faults(keyfile, 8);
  assert_fault(keyfile, 0, 1, "needed", "is missing");
  assert_fault(keyfile, 1, 2, "int", "'3.5' is not a whole number");
  assert_fault(keyfile, 2, 4, "big", "'101' is not a whole number from 1 to 100");
  assert_fault(keyfile, 3, 5, "nan", "'nan' is not a number");
  assert_fault(keyfile, 4, 6, "huge", "'1e999' is not a number from 0 up");
  assert_fault(keyfile, 5, 7, "hex", "'0x10' is not a number from 0.5 to 100");
  assert_fault(keyfile, 6, 8, "bool", "'yes' is not one of false, true");
  assert_fault(keyfile, 7, 9, "esc", "has an unknown escape; a backslash is written \\\\");
}

static void test_duplicates_and_unknown_names_are_faults(void) {
  g_autoptr(KeyFile) keyfile = parse("[dream]\nstep=1\nstep=2\nstpe=3\n[dream]\n[draem]\nx=1\n");
  keyfile_double(keyfile, "dream", "step", 1, 0, 10);
  GError *error = NULL;
  g_assert_false(keyfile_finish(keyfile, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==,
                  "a.recipe:3: [dream] step: this key was already set at line 2 (and 3 other faults)");
  g_error_free(error);
  assert_n_faults(keyfile, 4);
  assert_fault(keyfile, 1, 4, "stpe", "unknown key; did you mean 'step'?");
  assert_fault(keyfile, 2, 5, NULL, "this group was already there at line 1");
  assert_fault(keyfile, 3, 6, NULL, "unknown group; did you mean 'dream'?");
  g_assert_false(keyfile_finish(keyfile, NULL));
  assert_n_faults(keyfile, 4);
}

static void test_malformed_lines_are_named(void) {
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"[a]\nno equals sign\n", "a.recipe:2: is neither [group], key=value, # comment nor blank"},
      {"[a]\n=value\n", "a.recipe:2: is neither [group], key=value, # comment nor blank"},
      {"[a]\ntext[=value\n", "a.recipe:2: is neither [group], key=value, # comment nor blank"},
      {"\nkey=1\n", "a.recipe:2: a key stands before the first [group]"},
      {"[a\n", "a.recipe:1: a group is written [name], alone on its line"},
      {"[a] b\n", "a.recipe:1: a group is written [name], alone on its line"},
      {"[a]\n\nk=\xff\n", "a.recipe:3: the text is not UTF-8"},
      {"[a]\r\r\r\nk=\xff\n", "a.recipe:4: the text is not UTF-8"},
      {"[a]\n[b\x01]\n", "a.recipe:2: a group is written [name], alone on its line"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    KeyFile *keyfile = NULL;
    GError *error = NULL;
    g_assert_false(keyfile_parse("a.recipe", cases[i].text, strlen(cases[i].text), &keyfile, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, cases[i].want);
    g_assert_null(keyfile);
    g_error_free(error);
  }
}

static void test_translations_of_what_is_no_text_are_faults(void) {
  g_autoptr(KeyFile) keyfile = parse("[a]\nseed=1\nseed[pl]=2\ntext=x\ntext[pl]=y\n");
  g_autofree char *text = keyfile_text(keyfile, "a", "text", NULL, NULL);
  keyfile_int(keyfile, "a", "seed", 0, 0, 9);
  g_assert_false(keyfile_finish(keyfile, NULL));
  assert_n_faults(keyfile, 1);
  assert_fault(keyfile, 0, 3, "seed[pl]", "seed is the same in every language");
}

static void test_messages_are_one_line_whatever_the_file_holds(void) {
  g_autoptr(KeyFile) keyfile = parse("[a]\nn=1\\n2\x1b[2J\nm\x07=3\n");
  keyfile_int(keyfile, "a", "n", 0, 0, 9);
  g_assert_false(keyfile_finish(keyfile, NULL));
  assert_fault(keyfile, 0, 2, "n", "'1\\n2\\x1b[2J' is not a whole number from 0 to 9");
  assert_fault(keyfile, 1, 3, "m\\x07", "unknown key");
}

static void test_line_ends_and_byte_order_marks_do_not_matter(void) {
  static const char *const texts[] = {"\xEF\xBB\xBF[a]\r\n\r\nx=41\r\n", "[a]\r\rx=41\r", "[a]\n\n  x = 41"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(KeyFile) keyfile = parse(texts[i]);
    g_assert_cmpint(keyfile_int(keyfile, "a", "x", 0, 0, 100), ==, 41);
    keyfile_fault(keyfile, "a", "x", "own fault %d", 5);
    assert_fault(keyfile, 0, 3, "x", "own fault 5");
  }
}

static void test_an_empty_file_has_no_groups(void) {
  g_autoptr(KeyFile) keyfile = parse("");
  g_assert_null(keyfile_groups(keyfile)[0]);
  g_assert_true(keyfile_finish(keyfile, NULL));
}

static void test_a_missing_file_is_named(void) {
  KeyFile *keyfile = NULL;
  GError *error = NULL;
  g_assert_false(keyfile_open("/no/such.recipe", &keyfile, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "/no/such.recipe"));
  g_error_free(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/keyfile/values-of-every-type-are-read", test_values_of_every_type_are_read);
  g_test_add_func("/keyfile/missing-keys-give-the-defaults", test_missing_keys_give_the_defaults);
  g_test_add_func("/keyfile/a-text-is-looked-up-by-locale-then-language-then-plain",
                  test_a_text_is_looked_up_by_locale_then_language_then_plain);
  g_test_add_func("/keyfile/every-malformed-value-is-a-fault-at-its-line",
                  test_every_malformed_value_is_a_fault_at_its_line);
  g_test_add_func("/keyfile/duplicates-and-unknown-names-are-faults", test_duplicates_and_unknown_names_are_faults);
  g_test_add_func("/keyfile/malformed-lines-are-named", test_malformed_lines_are_named);
  g_test_add_func("/keyfile/translations-of-what-is-no-text-are-faults",
                  test_translations_of_what_is_no_text_are_faults);
  g_test_add_func("/keyfile/messages-are-one-line-whatever-the-file-holds",
                  test_messages_are_one_line_whatever_the_file_holds);
  g_test_add_func("/keyfile/line-ends-and-byte-order-marks-do-not-matter",
                  test_line_ends_and_byte_order_marks_do_not_matter);
  g_test_add_func("/keyfile/an-empty-file-has-no-groups", test_an_empty_file_has_no_groups);
  g_test_add_func("/keyfile/a-missing-file-is-named", test_a_missing_file_is_named);
  return g_test_run();
}
