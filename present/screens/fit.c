#include "present/screens/fit.h"

#include "present/draw/card.h"
#include "present/screens/choice_screen.h"
#include "present/screens/entry_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/pause_screen.h"
#include "present/screens/question_view.h"
#include "present/screens/rating_screen.h"
#include "stimuli/base/error.h"
#include "stimuli/base/keyfile.h"

typedef struct {
  const Protocol *protocol;
  KeyFile *keys; /* for the lines; NULL where the file has gone */
  Theme theme;
  GPtrArray *faults;
} Fit;

static Fit fit_new(const Protocol *protocol, int width, int height) {
  Fit fit = {.protocol = protocol, .theme = theme_of(protocol, width, height), .faults = g_ptr_array_new()};
  keyfile_open(protocol->path, &fit.keys, NULL);
  return fit;
}

static char **fit_finish(Fit *fit) {
  keyfile_free(fit->keys);
  g_ptr_array_add(fit->faults, NULL);
  return (char **)g_ptr_array_free(fit->faults, FALSE);
}

/* kind "" for a group without parts. */
static void add(Fit *fit, const char *kind, const char *name, const char *key, const char *what) {
  g_autofree char *group = *kind != '\0' ? g_strdup_printf("%s %s", kind, name) : g_strdup(name);
  int line = fit->keys != NULL ? keyfile_line(fit->keys, group, key) : 0;
  if (line == 0 && fit->keys != NULL)
    line = keyfile_line(fit->keys, group, NULL);
  g_autofree char *place =
      line > 0 ? g_strdup_printf("%s:%d", fit->protocol->path, line) : g_strdup(fit->protocol->path);
  char *fault = g_strdup_printf("%s: [%s] %s: %s", place, group, key, what);
  if (g_ptr_array_find_with_equal_func(fit->faults, fault, g_str_equal, NULL)) /* a scale of several blocks */
    g_free(fault);
  else
    g_ptr_array_add(fit->faults, fault);
}

static void add_crowded(Fit *fit, Screen *screen, const char *kind, const char *name, const char *key) {
  g_autofree char *what = g_strdup_printf("does not fit a screen of %d x %d px at a legible size: shorten it, or split "
                                          "what is on one screen",
                                          fit->theme.width, fit->theme.height);
  if (screen->crowded)
    add(fit, kind, name, key, what);
  screen_free(screen);
}

/* --- The field that is too long --- */

/* Texts of a copy of a page, question or scale, which may be replaced while a screen is tried. */
typedef struct {
  const char *kind, *name, *key;
  char **texts;
  gsize n_texts;
} Field;

typedef Screen *(*Build)(const Fit *fit, gconstpointer part);

static gsize length_of(const Field *field) {
  gsize length = 0;
  for (gsize i = 0; i < field->n_texts; i++)
    length += (gsize)g_utf8_strlen(field->texts[i], -1);
  return length;
}

/* Whether the screen fits once the field's texts are as short as can be. */
static bool fits_without(const Fit *fit, Build build, gconstpointer part, const Field *field) {
  g_autofree char **kept = g_memdup2(field->texts, field->n_texts * sizeof *kept);
  for (gsize i = 0; i < field->n_texts; i++)
    field->texts[i] = (char *)(kept[i][0] != '\0' ? "x" : "");
  Screen *screen = build(fit, part);
  bool fits = !screen->crowded;
  screen_free(screen);
  for (gsize i = 0; i < field->n_texts; i++)
    field->texts[i] = kept[i];
  return fits;
}

/* The fault is the longest field's of those without which the rest fits; where no field alone is too long, the first
 * one's. */
static void check(Fit *fit, Build build, gconstpointer part, const Field *fields, gsize n_fields) {
  Screen *screen = build(fit, part);
  const Field *longest = NULL;
  for (gsize i = 0; i < n_fields && screen->crowded; i++)
    if ((longest == NULL || length_of(&fields[i]) > length_of(longest)) && fits_without(fit, build, part, &fields[i]))
      longest = &fields[i];
  longest = longest != NULL ? longest : fields;
  add_crowded(fit, screen, longest->kind, longest->name, longest->key);
}

static Screen *build_page(const Fit *fit, gconstpointer part) { return page_view_new(&fit->theme, part); }

static void check_page(Fit *fit, const ProtocolPage *page) {
  ProtocolPage tried = *page;
  const Field fields[] = {{"page", page->name, "text", &tried.text, 1},
                          {"page", page->name, "title", &tried.title, 1},
                          {"page", page->name, "agree", &tried.agree, 1},
                          {"page", page->name, "decline", &tried.decline, 1}};
  check(fit, build_page, &tried, fields, G_N_ELEMENTS(fields));
}

static Screen *build_question(const Fit *fit, gconstpointer part) {
  return question_view_new(&fit->theme, fit->protocol, part, 0);
}

static void check_question(Fit *fit, const ProtocolQuestion *question) {
  ProtocolQuestion tried = *question;
  tried.options = g_memdup2(question->options, (question->n_options + 1) * sizeof *tried.options);
  tried.items = g_memdup2(question->items, (question->n_items + 1) * sizeof *tried.items);
  Field fields[5];
  gsize n = 0;
  if (question->n_items > 0)
    fields[n++] = (Field){"question", question->name, "items", tried.items, question->n_items};
  if (question->n_options > 0)
    fields[n++] = (Field){"question", question->name, "options", tried.options, question->n_options};
  fields[n++] = (Field){"question", question->name, "text", &tried.text, 1};
  if (question->kind == QUESTION_SLIDER) {
    fields[n++] = (Field){"question", question->name, "left", &tried.scale.left, 1};
    fields[n++] = (Field){"question", question->name, "right", &tried.scale.right, 1};
  }
  check(fit, build_question, &tried, fields, n);
  g_free(tried.options);
  g_free(tried.items);
}

static Screen *build_rating(const Fit *fit, gconstpointer part) { return rating_screen_new(&fit->theme, part); }

static void check_block(Fit *fit, const ProtocolBlock *block) {
  RatingSetup setup = {.n_scales = block->n_scales,
                       .affective = block->affective_slider,
                       .image_percent = protocol_image_first(block) ? 0 : fit->protocol->screen.image_percent};
  ProtocolScale tried[PROTOCOL_MAX_SCALES];
  Field fields[1 + 3 * PROTOCOL_MAX_SCALES] = {{"block", block->name, "scales", NULL, 0}};
  gsize n = 1;
  for (gsize i = 0; i < block->n_scales; i++) {
    tried[i] = fit->protocol->scales[block->scales[i]];
    setup.scales[i] = &tried[i];
    setup.start[i] = tried[i].min;
    fields[n++] = (Field){"scale", tried[i].name, "text", &tried[i].text, 1};
    fields[n++] = (Field){"scale", tried[i].name, "left", &tried[i].left, 1};
    fields[n++] = (Field){"scale", tried[i].name, "right", &tried[i].right, 1};
  }
  check(fit, build_rating, &setup, fields, n);
}

/* With answers of a usual length: a path of any length cannot be promised to fit. */
static void add_operators_screens(Fit *fit) {
  char *const *words = fit->protocol->phrases;
  char *begin[] = {words[PHRASE_REHEARSAL_BEGIN], NULL},
       *ends[] = {words[PHRASE_START_YES], words[PHRASE_START_AGAIN], NULL};
  static const Phrase questions[] = {PHRASE_START_PARTICIPANT, PHRASE_START_SESSION, PHRASE_START_DATA};
  add_crowded(fit, page_screen_new(&fit->theme, words[PHRASE_UNTRUSTED], words[PHRASE_UNTRUSTED_HELP]), "", "phrases",
              phrase_key(PHRASE_UNTRUSTED_HELP));
  add_crowded(fit, pause_screen_new_because(&fit->theme, words[PHRASE_SOUND_LOST]), "", "phrases",
              phrase_key(PHRASE_SOUND_LOST));
  add_crowded(fit, choice_screen_new(&fit->theme, words[PHRASE_REHEARSAL], begin, 1, true), "", "phrases",
              phrase_key(PHRASE_REHEARSAL));
  for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
    bool folder = questions[i] == PHRASE_START_DATA;
    g_autofree char *text = g_strdup_printf(
        "%s\n\n%s", words[folder ? PHRASE_START_BAD_FOLDER : PHRASE_START_BAD_LABEL], words[questions[i]]);
    ProtocolQuestion question = {.kind = QUESTION_TEXT, .text = text, .lines = 1};
    add_crowded(fit, entry_screen_new(&fit->theme, &question), "", "phrases", phrase_key(questions[i]));
  }
  add_crowded(fit, choice_screen_new(&fit->theme, words[PHRASE_START_REVIEW], ends, 2, true), "", "phrases",
              phrase_key(PHRASE_START_REVIEW));
}

char **fit_faults(const Protocol *protocol, int width, int height) {
  Fit fit = fit_new(protocol, width, height);
  for (gsize i = 0; i < protocol->n_pages; i++)
    check_page(&fit, &protocol->pages[i]);
  for (gsize i = 0; i < protocol->n_questions; i++)
    check_question(&fit, &protocol->questions[i]);
  for (gsize i = 0; i < protocol->n_blocks; i++)
    check_block(&fit, &protocol->blocks[i]);
  char *const *words = protocol->phrases;
  char *answers[] = {words[PHRASE_RESUME_YES], words[PHRASE_RESUME_NO], NULL};
  add_crowded(&fit, pause_screen_new(&fit.theme), "", "phrases", phrase_key(PHRASE_PAUSED_HELP));
  for (Phrase reason = PHRASE_FOCUS_LOST; reason <= PHRASE_DISPLAY_LOST; reason++)
    add_crowded(&fit, pause_screen_new_because(&fit.theme, theme_phrase(&fit.theme, reason)), "", "phrases",
                phrase_key(reason));
  add_crowded(&fit, page_screen_new(&fit.theme, words[PHRASE_RESUMED], words[PHRASE_RESUMED_HELP]), "", "phrases",
              phrase_key(PHRASE_RESUMED_HELP));
  add_crowded(&fit, page_screen_new(&fit.theme, words[PHRASE_FAILED], words[PHRASE_FAILED_HELP]), "", "phrases",
              phrase_key(PHRASE_FAILED_HELP));
  add_crowded(&fit, choice_screen_new(&fit.theme, words[PHRASE_RESUME], answers, 2, true), "", "phrases",
              phrase_key(PHRASE_RESUME));
  add_operators_screens(&fit);
  return fit_finish(&fit);
}

bool fit_check(const Protocol *protocol, int width, int height, GError **error) {
  g_auto(GStrv) faults = fit_faults(protocol, width, height);
  guint n = g_strv_length(faults);
  if (n == 0)
    return true;
  g_autofree char *others = n > 1 ? g_strdup_printf(" (and %u other fault%s)", n - 1, n > 2 ? "s" : "") : g_strdup("");
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s%s", faults[0], others);
  return false;
}

static void check_glyphs(Fit *fit, const char *text, const char *kind, const char *name, const char *key) {
  g_autoptr(Text) laid_out = text_new(text, THEME_TEXT_UNITS, TEXT_REGULAR, CARD_CONTENT_UNITS, TEXT_START);
  gsize n = text_missing_glyphs(laid_out);
  g_autofree char *what = g_strdup_printf("no installed font has %zu of its characters", n);
  if (n > 0)
    add(fit, kind, name, key, what);
}

char **fit_missing_glyphs(const Protocol *protocol) {
  Fit fit = fit_new(protocol, protocol->screen.window_width, protocol->screen.window_height);
  for (gsize i = 0; i < protocol->n_pages; i++) {
    check_glyphs(&fit, protocol->pages[i].title, "page", protocol->pages[i].name, "title");
    check_glyphs(&fit, protocol->pages[i].text, "page", protocol->pages[i].name, "text");
    check_glyphs(&fit, protocol->pages[i].agree, "page", protocol->pages[i].name, "agree");
    check_glyphs(&fit, protocol->pages[i].decline, "page", protocol->pages[i].name, "decline");
  }
  for (gsize i = 0; i < protocol->n_questions; i++) {
    const ProtocolQuestion *question = &protocol->questions[i];
    g_autofree char *options = g_strjoinv("\n", question->options), *items = g_strjoinv("\n", question->items);
    check_glyphs(&fit, question->text, "question", question->name, "text");
    check_glyphs(&fit, options, "question", question->name, "options");
    check_glyphs(&fit, items, "question", question->name, "items");
    if (question->kind == QUESTION_SLIDER) {
      check_glyphs(&fit, question->scale.left, "question", question->name, "left");
      check_glyphs(&fit, question->scale.right, "question", question->name, "right");
    }
  }
  for (gsize i = 0; i < protocol->n_scales; i++) {
    const ProtocolScale *scale = &protocol->scales[i];
    check_glyphs(&fit, scale->text, "scale", scale->name, "text");
    check_glyphs(&fit, scale->left, "scale", scale->name, "left");
    check_glyphs(&fit, scale->right, "scale", scale->name, "right");
  }
  for (gsize i = 0; i < N_PHRASES; i++)
    check_glyphs(&fit, protocol->phrases[i], "", "phrases", phrase_key((Phrase)i));
  return fit_finish(&fit);
}
