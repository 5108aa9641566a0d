#include "protocols/phrases.h"

#include <glib.h>
#include <string.h>

static const char *const LOCALES[] = {"en", "pl", "es", "ar", "zh"};

static void check_fill(const char *words, const char *wanted) {
  g_autofree char *text = phrase_fill(words, (const char *[]){"data", "/a{screen}", "screen", "2: b", NULL});
  g_assert_cmpstr(text, ==, wanted);
}

static void test_names_are_filled_in_once_and_isolated(void) {
  check_fill("{screen}: {data}.", "\u2068"
                                  "2: b\u2069: \u2068/a{screen}\u2069.");
  check_fill("{datum} {screen data} {", "{datum} {screen data} {");
  check_fill("", "");
}

/* A language that lacks one would show an operator half of the answers. */
static void test_every_language_names_the_same_values(void) {
  static const struct {
    Phrase phrase;
    const char *names[6];
  } cases[] = {{PHRASE_REHEARSAL, {"{trials}"}},
               {PHRASE_START_REVIEW, {"{participant}", "{session}", "{data}", "{language}", "{screen}"}}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gsize l = 0; l < G_N_ELEMENTS(LOCALES); l++)
      for (const char *const *name = cases[i].names; *name != NULL; name++)
        g_assert_nonnull(strstr(phrase_built_in(cases[i].phrase, LOCALES[l]), *name));
}

static void test_every_phrase_has_a_key_of_its_own_and_words_in_every_language(void) {
  for (int phrase = 0; phrase < N_PHRASES; phrase++) {
    for (int other = 0; other < phrase; other++)
      g_assert_cmpstr(phrase_key((Phrase)phrase), !=, phrase_key((Phrase)other));
    const char *english = phrase_built_in((Phrase)phrase, "en");
    g_assert_cmpuint(strlen(english), >, 0);
    for (gsize l = 1; l < G_N_ELEMENTS(LOCALES); l++)
      g_assert_cmpstr(phrase_built_in((Phrase)phrase, LOCALES[l]), !=, english);
  }
}

static void test_regions_have_their_languages_words(void) {
  g_assert_cmpstr(phrase_built_in(PHRASE_START_YES, "pl_PL"), ==, "Rozpocząć sesję");
  g_assert_cmpstr(phrase_built_in(PHRASE_START_YES, "de"), ==, "Start the session");
  g_assert_cmpstr(phrase_built_in(PHRASE_START_YES, NULL), ==, "Start the session");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/phrases/names are filled in once and isolated", test_names_are_filled_in_once_and_isolated);
  g_test_add_func("/phrases/every language names the same values", test_every_language_names_the_same_values);
  g_test_add_func("/phrases/every phrase has a key of its own and words in every language",
                  test_every_phrase_has_a_key_of_its_own_and_words_in_every_language);
  g_test_add_func("/phrases/regions have their language's words", test_regions_have_their_languages_words);
  return g_test_run();
}
