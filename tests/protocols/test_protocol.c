#include "protocols/protocol.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

static void test_good_protocol_has_no_fault(void) {
  g_autofree char *text = fixture_text("");
  g_auto(GStrv) faults = fixture_faults(text);
  g_assert_cmpstr(faults[0], ==, NULL);
}

static void test_each_fault_names_line_and_field(void) {
  static const struct {
    const char *piece, *by, *wanted;
  } cases[] = {
      {"name = trial run\n", "", "p:1: [protocol] name: is missing"},
      {"task = rating", "task = two words",
       "p:3: [protocol] task: task \"two words\": 1 to 32 letters (A-Z, a-z) and digits are needed"},
      {"seed = 7", "seed = -7", "p:4: [protocol] seed: '-7' is not a whole number from 0 up"},
      {"seed = 7", "seed = 7\nsead = 8", "p:5: [protocol] sead: unknown key; did you mean 'seed'?"},
      {"seed = 7", "seed = 7\nseed = 8", "p:5: [protocol] seed: this key was already set at line 4"},
      {"stimuli = set", "stimuli = nowhere",
       "p:5: [protocol] stimuli: there is no folder nowhere; dream the set first, or name another"},
      {"stimuli = set\n", "", "p:1: [protocol] stimuli: is missing; the folder of a stimulus set is needed"},
      {"hello; mood", "hello; food; mood", "p:7: [sequence] steps: there is no page, question or block named \"food\""},
      {"hello; mood", "hello; mood; mood", "p:7: [sequence] steps: has \"mood\" twice; only a page may come again"},
      {"hello; mood", "hello",
       "p:11: [question mood]: is never shown; add \"mood\" to the steps of [sequence] or remove the group"},
      {"text = Hello\n", "", "p:8: [page hello] text: is missing; a text is needed"},
      {"options = bad; so so; good", "options = bad",
       "p:13: [question mood] options: has 1 options; 2 to 20 are needed, separated by ;"},
      {"options = bad; so so; good", "options = bad; good; bad", "p:13: [question mood] options: has \"bad\" twice"},
      {"[question mood]", "[question mood]\nkind = choise",
       "p:12: [question mood] kind: 'choise' is not one of choice, multiple, likert, slider, number, "
       "text"},
      {"figure = arousal", "figure = arosal",
       "p:16: [scale arousal] figure: 'arosal' is not one of none, arousal, valence, dominance"},
      {"min = -50\nmax = 50", "min = 50\nmax = 50",
       "p:23: [scale valence] max: 50 (min) must be below 50 (max), by 1 at the least"},
      {"min = -50\nmax = 50", "min = 0\nmax = 1e-300",
       "p:23: [scale valence] max: 0 (min) must be below 1e-300 (max), by 1 at the least"},
      {"steps = hello; mood; warmup; main", "steps =",
       "p:7: [sequence] steps: is empty; the names of pages, questions and blocks are needed\n"
       "p:8: [page hello]: is never shown; add \"hello\" to the steps of [sequence] or remove the group\n"
       "p:11: [question mood]: is never shown; add \"mood\" to the steps of [sequence] or remove the group\n"
       "p:25: [block warmup]: is never shown; add \"warmup\" to the steps of [sequence] or remove the group\n"
       "p:29: [block main]: is never shown; add \"main\" to the steps of [sequence] or remove the group"},
      {"; taki sobie", "", "p:14: [question mood] options[pl]: has 2 options where the original at line 13 has 3"},
      {"zły; taki sobie", "zły; zły", "p:14: [question mood] options[pl]: has \"zły\" twice"},
      {"text = Hello", "text = \\x and \\y",
       "p:9: [page hello] text: has an unknown escape; a backslash is written \\\\"},
      {"text[pl] = Cześć", "text[pl] = Cze\\q",
       "p:10: [page hello] text[pl]: has an unknown escape; a backslash is written \\\\"},
      {"options = bad; so so; good", "options = bad; so\\; so; good",
       "p:13: [question mood] options: has an unknown escape; a backslash is written \\\\"},
      {"text = Hello", "text = Hel\x07lo", "p:9: [page hello] text: has a control character (U+0007)"},
      {"text[pl] = Cześć", "text[pl] = Cz\xc2\x85", "p:10: [page hello] text[pl]: has a control character (U+0085)"},
      {"[page hello]", "[screen]\nforeground = #858585\n[page hello]",
       "p:9: [screen] foreground: the foreground cannot be told from the background: their contrast is 1.07, 1.5 is "
       "the least"},
      {"[page hello]", "[screen]\ntext_percent = 49\n[page hello]",
       "p:9: [screen] text_percent: '49' is not a number from 50 to 200"},
      {"[page hello]", "[screen]\ntext_percent = large\n[page hello]",
       "p:9: [screen] text_percent: 'large' is not a number from 50 to 200"},
      {"[page hello]", "[screen]\ntext_percent = 100\ncontrast = grey\n[page hello]",
       "p:10: [screen] contrast: 'grey' is not one of normal, high, greyscale"},
      {"[page hello]", "[screen]\nprogress = yes\n[page hello]",
       "p:9: [screen] progress: 'yes' is not one of none, bar"},
      {"seed = 7", "seed = 7\nrehearsal_trials = 0",
       "p:5: [protocol] rehearsal_trials: '0' is not a whole number from 1 to 1000"},
      {"[page hello]", "[phrases]\ncontinue =\nwelcome = hi\n[page hello]",
       "p:9: [phrases] continue: is empty; leave the key out to have the program's own words\n"
       "p:10: [phrases] welcome: unknown key"},
      {"start = center", "start = 50.5",
       "p:24: [scale valence] start: is \"50.5\"; hidden, center, random or a number from -50 to 50 is needed"},
      {"start = center", "start = nan",
       "p:24: [scale valence] start: is \"nan\"; hidden, center, random or a number from -50 to 50 is needed"},
      {"images = 2", "images = 7", "p:27: [block warmup] images: 7 images are wanted, but the set set has 6"},
      {"images = 2", "images = few",
       "p:27: [block warmup] images: is \"few\"; \"all\", a number from 1 on or \"one per COLUMN\" is needed"},
      {"images = 2\nscales = arousal; valence", "images = 2\nscales = arousal; dominance",
       "p:28: [block warmup] scales: there is no [scale dominance]"},
      {"images = 2\nscales = arousal; valence", "images = 2\nscales = arousal; arousal",
       "p:28: [block warmup] scales: has \"arousal\" twice"},
      {"images = 2\nscales = arousal; valence", "images = 2",
       "p:25: [block warmup] scales: is missing; at least one scale is needed"},
      {"images = 2", "images = 2\nexclude = main",
       "p:28: [block warmup] exclude: [block main] does not come before this block in [sequence]"},
      {"images = 2", "images = 2\nimage_ms = -1",
       "p:28: [block warmup] image_ms: '-1' is not a number from 0 to 3600000"},
      {"[block main]", "[block Main]",
       "p:7: [sequence] steps: there is no page, question or block named \"main\"\n"
       "p:29: [block Main]: \"Main\" is not a name: a small letter, then up to 31 of a-z, 0-9 and _ are needed\n"
       "p:29: [block Main]: is never shown; add \"Main\" to the steps of [sequence] or remove the group"},
      {"[page hello]", "[page hello]\ntext = again\n[page hello]",
       "p:10: [page hello]: this group was already there at line 8\n"
       "p:11: [page hello] text: this key was already set at line 9"},
      {"[page hello]", "[screen]\nbackground = grey\nwindow = wide\n[page hello]",
       "p:9: [screen] background: \"grey\" is not a colour; write #rrggbb, for example #808080\n"
       "p:10: [screen] window: \"wide\" is not a size; write WIDTHxHEIGHT in pixels, 320x240 or more"},
      {"[page hello]", "[pages hello]\n[page hello]", "p:8: [pages hello]: unknown group; did you mean 'page hello'?"},
      {"[page hello]", "[scale response_time]\n[page hello]",
       "p:8: [scale response_time]: \"response_time\" is the name of a column of the data; choose another\n"
       "p:8: [scale response_time]: is never used; add it to the scales of a block or remove the group"},
      {"[page hello]", "[scale arousal_start]\n[page hello]",
       "p:8: [scale arousal_start]: \"arousal_start\" is a column that [scale arousal] makes; choose another name\n"
       "p:8: [scale arousal_start]: is never used; add it to the scales of a block or remove the group"},
      {"[page hello]", "[page mood]\ntext = x\n[page hello]",
       "p:13: [question mood]: [page mood] has the same name, so that [sequence] could mean either\n"
       "p:13: [question mood]: is never shown; add \"mood\" to the steps of [sequence] or remove the group"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    fixture_check_fault(cases[i].piece, cases[i].by, cases[i].wanted);
}

static void test_excluding_more_images_than_the_set_has_is_a_fault(void) {
  g_autofree char *text = fixture_text("images = 5\nexclude = warmup\n");
  g_auto(GStrv) faults = fixture_faults(text);
  g_assert_cmpstr(faults[0], ==,
                  "p:32: [block main] exclude: the blocks want 7 images together, but the set set has 6");
  g_assert_null(faults[1]);
}

static void test_open_reports_the_first_fault_and_counts_the_others(void) {
  g_autofree char *folder = support_folder();
  fixture_set(folder, 6);
  g_autofree char *path = fixture_write(folder, "p", "[protocol]\nname = x\nseed = many\ntask = t\nstimuli = set\n");
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(protocol_open(path, NULL, &protocol, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "has no group [sequence]"));
  g_assert_nonnull(strstr(error->message, "1 "));
  g_assert_null(protocol);
  support_remove(folder);
}

static void test_foreign_text_is_refused(void) {
  static const char *const texts[] = {"{\"json\": 1}", "\x89PNG\r\n\x1a\n", "steps = a", "[protocol\nname = x"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(Protocol) protocol = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(protocol_parse("p", texts[i], strlen(texts[i]), NULL, &protocol, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_true(g_str_has_prefix(error->message, "p:1: "));
  }
}

/* As far as a slider's steps or a number's decimals reach them. */
static void test_right_answers_that_can_be_given_are_taken(void) {
  static const char *const good[] = {
      "kind = slider\nmin = -1\nmax = 1\ncorrect = 0.3\n", "kind = slider\nmin = 1\nmax = 7\ncorrect = 2.99..3.05\n",
      "kind = slider\nstart = 33.5\ncorrect = 34.5\n",
      "kind = number\nmin = 2.25\nmax = 2.75\ndecimals = 1\ncorrect = 2.61..9\n", "kind = number\ncorrect = -7\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = fixture_text("");
    g_auto(GStrv) halves = g_strsplit(text, "options = bad; so so; good\noptions[pl] = zły; taki sobie; dobry\n", 2);
    g_autofree char *whole = g_strconcat(halves[0], good[i], halves[1], NULL);
    g_auto(GStrv) faults = fixture_faults(whole);
    g_assert_cmpstr(faults[0], ==, NULL);
  }
}

static void test_missing_file_is_named(void) {
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(protocol_open("/nonexistent/x.protocol", NULL, &protocol, &error));
  g_assert_true(g_str_has_prefix(error->message, "/nonexistent/x.protocol: cannot read"));
}

static void test_set_with_a_changed_image_is_refused(void) {
  g_autofree char *folder = support_folder();
  fixture_set(folder, 2);
  g_autofree char *rows = g_strdup_printf("id\tfile\tsha256\na\ti00.png\t%064d\n", 0);
  g_autofree char *table = fixture_write(folder, "set/stimuli.tsv", rows);
  g_autofree char *text = fixture_text("");
  g_autofree char *path = fixture_write(folder, "p", text);
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(protocol_open(path, NULL, &protocol, &error));
  g_assert_nonnull(strstr(error->message, ":5: [protocol] stimuli: "));
  g_assert_nonnull(strstr(error->message, "i00.png"));
  support_remove(folder);
}

static void test_values_and_defaults_are_read(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 6, "iti_ms = 250\norder = fixed\nscale_order = trial\n");
  g_assert_cmpstr(protocol->title, ==, "trial run");
  g_assert_cmpuint(protocol->seed, ==, 7);
  g_assert_cmpuint(protocol->screen.background[1], ==, 0x80);
  g_assert_true(isnan(protocol->screen.distance_cm));
  g_assert_cmpfloat(protocol->screen.text_percent, ==, 100);
  g_assert_cmpint(protocol->screen.contrast, ==, CONTRAST_NORMAL);
  g_assert_false(protocol->screen.progress);
  g_assert_cmpuint(protocol->rehearsal_trials, ==, 2);
  g_assert_cmpuint(protocol->n_steps, ==, 4);
  g_assert_cmpstr(protocol_step_name(protocol, 2), ==, "warmup");
  g_assert_true(protocol->blocks[0].practice);
  g_assert_cmpuint(protocol->blocks[0].images, ==, 2);
  g_assert_cmpfloat(protocol->blocks[1].iti_ms.max, ==, 250);
  g_assert_cmpint(protocol->blocks[1].order, ==, ORDER_FIXED);
  g_assert_cmpint(protocol->blocks[1].arrangement, ==, SCALES_BY_TRIAL);
  g_assert_cmpstr(protocol->questions[0].options[1], ==, "so so");
  g_assert_cmpint(protocol->scales[0].start, ==, START_RANDOM);
  g_assert_cmpfloat(protocol->scales[1].start_value, ==, 0);
  g_assert_cmpstr(protocol_stimulus(protocol, 4, "layer"), ==, "l1");
  g_assert_cmpstr(protocol_stimulus(protocol, 4, "objective_after"), ==, "n/a");
  /* printf 'image 4' | sha256sum */
  g_assert_cmpstr(protocol->set_sha256[4], ==, "c3a248be846e8be77af8c6abf2a0b17cbcfdcb0ac579faa9822b3f921cd5db8a");
  support_remove(folder);
}

static void test_settings_of_the_screen_are_described(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 6,
                                                  "[screen]\nimage_percent = 62.5\nimage_scaling = exact\ntext_percent "
                                                  "= 137.5\ncontrast = greyscale\nprogress = bar\n");
  JsonObject *design = protocol_describe(protocol);
  JsonObject *screen = json_object_get_object_member(design, "screen");
  g_assert_cmpfloat(json_object_get_double_member(screen, "text_percent"), ==, 137.5);
  g_assert_cmpstr(json_object_get_string_member(screen, "contrast"), ==, "greyscale");
  g_assert_cmpstr(json_object_get_string_member(screen, "progress"), ==, "bar");
  g_assert_cmpfloat(json_object_get_double_member(screen, "image_percent"), ==, 62.5);
  g_assert_cmpstr(json_object_get_string_member(screen, "image_scaling"), ==, "exact");
  g_assert_cmpstr(json_object_get_string_member(screen, "foreground"), ==, "#000000");
  json_object_unref(design);
  support_remove(folder);
}

static void test_texts_come_in_the_wanted_language_or_else_untranslated(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) untranslated = fixture_protocol(folder, 6, "");
  for (gsize i = 0; i < 2; i++) {
    ProtocolOptions options = {.locale = i == 0 ? "pl_PL" : "es"};
    g_autoptr(Protocol) protocol = NULL;
    g_autoptr(GError) error = NULL;
    protocol_open(untranslated->path, &options, &protocol, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(protocol->pages[0].text, ==, i == 0 ? "Cześć" : "Hello");
    g_assert_cmpstr(protocol->questions[0].options[2], ==, i == 0 ? "dobry" : "good");
    g_assert_cmpstr(protocol->phrases[PHRASE_CONTINUE], ==, i == 0 ? "Dalej" : "Continuar");
    g_assert_cmpstr(untranslated->phrases[PHRASE_CONTINUE], ==, "Continue");
    g_assert_cmpstr(protocol->digest, ==, untranslated->digest);
  }
  support_remove(folder);
}

static void test_phrases_of_the_protocol_replace_the_built_in_ones(void) {
  g_autofree char *folder = support_folder();
  g_autofree char *text = fixture_text("[phrases]\ncontinue = Weiter\ncontinue[pl] = Naprzód\nquit = Ende?\n");
  fixture_set(folder, 6);
  g_autofree char *path = fixture_write(folder, "p", text);
  for (gsize i = 0; i < 2; i++) {
    ProtocolOptions options = {.locale = i == 0 ? "pl" : "en_GB"};
    g_autoptr(Protocol) protocol = NULL;
    g_autoptr(GError) error = NULL;
    protocol_open(path, &options, &protocol, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(protocol->phrases[PHRASE_CONTINUE], ==, i == 0 ? "Naprzód" : "Weiter");
    g_assert_cmpstr(protocol->phrases[PHRASE_QUIT], ==, "Ende?");
    g_assert_cmpstr(protocol->phrases[PHRASE_PAUSED], ==, i == 0 ? "Przerwa" : "Paused");
  }
  support_remove(folder);
}

static void test_another_set_can_take_the_place_of_the_protocols(void) {
  g_autofree char *folder = support_folder(), *other = support_folder();
  g_autoptr(Protocol) own = fixture_protocol(folder, 6, "");
  fixture_set(other, 9);
  g_autofree char *set = g_build_filename(other, "set", NULL);
  ProtocolOptions options = {.set = set};
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL;
  protocol_open(own->path, &options, &protocol, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(table_n_rows(protocol->set->stimuli), ==, 9);
  g_assert_cmpstr(protocol->set_digest, !=, own->set_digest);

  options.set = "/nonexistent/set";
  g_autoptr(Protocol) none = NULL;
  g_assert_false(protocol_open(own->path, &options, &none, &error));
  g_assert_nonnull(strstr(error->message, "/nonexistent/set: no such stimulus set"));
  g_assert_true(g_str_has_prefix(error->message, "--set: "));
  g_auto(GStrv) faults = NULL;
  g_assert_true(protocol_validate(own->path, &options, &faults, NULL));
  g_assert_cmpstr(faults[0], ==, error->message);
  g_assert_null(faults[1]);
  support_remove(folder);
  support_remove(other);
}

static void test_demo_protocol_is_whole(void) {
  GError *error = NULL;
  g_autofree char *path = NULL, *folder = support_folder();
  files_bundled("protocols/demo.protocol", &path, &error);
  g_assert_no_error(error);
  fixture_set(folder, 12);
  g_autofree char *set = g_build_filename(folder, "set", NULL);
  for (gsize i = 0; i < 2; i++) {
    ProtocolOptions options = {.set = set, .locale = i == 0 ? NULL : "pl"};
    g_autoptr(Protocol) protocol = NULL;
    protocol_open(path, &options, &protocol, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(protocol->n_steps, ==, 7);
    g_assert_cmpuint(protocol->n_questions, ==, 2);
    g_assert_cmpuint(protocol->questions[0].n_options, ==, 3);
    g_assert_cmpuint(protocol->questions[1].n_options, ==, 5);
    g_assert_cmpuint(protocol->blocks[1].n_scales, ==, 2);
  }
  support_remove(folder);
}

static void test_manuals_protocol_has_no_fault(void) {
  GError *error = NULL;
  g_autofree char *path = NULL, *text = NULL, *folder = support_folder();
  gsize size = 0;
  files_bundled("protocols/dreamrig-protocol.5", &path, &error);
  g_assert_no_error(error);
  g_assert_true(files_read(path, 1 << 20, &text, &size, NULL));
  char *start = strstr(text, ".EX\n"), *end = strstr(text, ".EE\n");
  g_assert_true(start != NULL && end > start);
  fixture_set(folder, 6);
  g_autofree char *set = g_build_filename(folder, "set", NULL);
  ProtocolOptions options = {.set = set};
  g_autoptr(Protocol) protocol = NULL;
  protocol_parse("manual", start + 4, (gsize)(end - start - 4), &options, &protocol, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(protocol->n_steps, ==, 4);
  support_remove(folder);
}

/* Every prefix, and every byte replaced by ones that matter to the format: read or refused, never worse. */
static void test_damaged_text_is_read_or_refused(void) {
  g_autofree char *folder = support_folder(), *text = fixture_text("images = 4\nexclude = warmup\n");
  gsize size = strlen(text);
  fixture_set(folder, 6);
  g_autofree char *path = g_build_filename(folder, "p", NULL);
  for (gsize i = 0; i < size; i++)
    for (const char *by = "[;=\n0\xff"; *by != '\0'; by++) {
      g_autofree char *damaged = g_strndup(text, size);
      g_autoptr(Protocol) whole = NULL, prefix = NULL;
      g_autoptr(GError) error = NULL, cut = NULL;
      damaged[i] = *by;
      g_assert_true(protocol_parse(path, damaged, size, NULL, &whole, &error) != (error != NULL));
      if (*by == '[')
        g_assert_true(protocol_parse(path, text, i, NULL, &prefix, &cut) != (cut != NULL));
    }
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/protocol/good protocol has no fault", test_good_protocol_has_no_fault);
  g_test_add_func("/protocol/each fault names line and field", test_each_fault_names_line_and_field);
  g_test_add_func("/protocol/excluding more images than the set has is a fault",
                  test_excluding_more_images_than_the_set_has_is_a_fault);
  g_test_add_func("/protocol/open reports the first fault and counts the others",
                  test_open_reports_the_first_fault_and_counts_the_others);
  g_test_add_func("/protocol/foreign text is refused", test_foreign_text_is_refused);
  g_test_add_func("/protocol/right answers that can be given are taken",
                  test_right_answers_that_can_be_given_are_taken);
  g_test_add_func("/protocol/missing file is named", test_missing_file_is_named);
  g_test_add_func("/protocol/set with a changed image is refused", test_set_with_a_changed_image_is_refused);
  g_test_add_func("/protocol/values and defaults are read", test_values_and_defaults_are_read);
  g_test_add_func("/protocol/settings of the screen are described", test_settings_of_the_screen_are_described);
  g_test_add_func("/protocol/texts come in the wanted language, or else untranslated",
                  test_texts_come_in_the_wanted_language_or_else_untranslated);
  g_test_add_func("/protocol/phrases of the protocol replace the built-in ones",
                  test_phrases_of_the_protocol_replace_the_built_in_ones);
  g_test_add_func("/protocol/another set can take the place of the protocol's",
                  test_another_set_can_take_the_place_of_the_protocols);
  g_test_add_func("/protocol/demo protocol is whole", test_demo_protocol_is_whole);
  g_test_add_func("/protocol/manual's protocol has no fault", test_manuals_protocol_has_no_fault);
  g_test_add_func("/protocol/damaged text is read or refused", test_damaged_text_is_read_or_refused);
  return g_test_run();
}
