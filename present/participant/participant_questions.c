#include <math.h>

#include "present/participant/participant_script.h"
#include "present/screens/choice_screen.h"
#include "present/screens/entry_screen.h"
#include "present/screens/grid_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/scale_screen.h"
#include "protocols/typed_number.h"

static bool uses_keys(const Script *script) { return script->who->traits->keyboard; }

static void confirm(Script *script, Box button) {
  if (uses_keys(script))
    script_key(script, KEY_ENTER, script_delay(script, 0.4));
  else
    script_click(script, button);
}

/* Whether an attention check is answered as it asks. */
static bool attends(Script *script, const ProtocolQuestion *question) {
  return !isnan(question->correct_min) && random_uniform(script->random) >= script->who->traits->lapse_rate;
}

static void choose_option(Script *script, const Screen *screen, gsize choice) {
  if (uses_keys(script)) {
    for (gsize i = 0; i < choice; i++)
      script_key(script, KEY_DOWN, script_delay(script, 0.25));
  } else {
    script_click(script, choice_screen_option(screen, choice - 1));
    script_wait_s(script, script_delay(script, 0.3));
  }
}

static void answer_choice(Script *script, const Screen *screen, const ProtocolQuestion *question) {
  gsize choice = participant_choose(script->who->traits, question->n_options, script->random);
  for (gsize i = 0; i < question->n_options; i++)
    if (question->values[i] == question->correct_min && attends(script, question))
      choice = i + 1;
  choose_option(script, screen, choice);
}

/* About a third of the options, and one at least. */
static void answer_multiple(Script *script, const Screen *screen, const ProtocolQuestion *question) {
  gsize sure = participant_choose(script->who->traits, question->n_options, script->random);
  for (gsize i = 0; i < question->n_options; i++) {
    bool wanted = random_uniform(script->random) < 0.33 || i + 1 == sure;
    if (uses_keys(script))
      script_key(script, i == 0 ? KEY_HOME : KEY_DOWN, script_delay(script, 0.25));
    if (wanted && uses_keys(script))
      script_key(script, KEY_SPACE, script_delay(script, 0.25));
    else if (wanted)
      script_click(script, choice_screen_option(screen, i));
  }
}

/* Reversed items are answered the other way round, as somebody would who reads them. */
static void answer_likert(Script *script, const Screen *screen, const ProtocolQuestion *question) {
  gsize n = question->n_options;
  bool rtl = screen->theme.rtl;
  for (gsize item = 0; item < question->n_items; item++) {
    gsize choice = participant_choose(script->who->traits, n, script->random);
    if (question->reversed[item])
      choice = n + 1 - choice;
    double correct = question->correct_items[item];
    bool heeds = !isnan(correct) && random_uniform(script->random) >= script->who->traits->lapse_rate;
    for (gsize i = 0; i < n && heeds; i++)
      if (question->values[i] == correct)
        choice = i + 1;
    script_wait_s(script, script_delay(script, 1.2));
    if (!uses_keys(script)) {
      script_click(script, grid_screen_cell(screen, item, choice - 1));
      continue;
    }
    script_key(script, KEY_DOWN, script_delay(script, 0.25));
    for (gsize i = 0; i < choice; i++)
      script_key(script, rtl ? KEY_LEFT : KEY_RIGHT, script_delay(script, 0.2));
  }
}

/* A value around the middle of a range that the trait shifts; the middle of the right answers where it attends. */
static double draw_value(Script *script, const ProtocolQuestion *question, double min, double max) {
  double at = 0.5 + 0.15 * script->who->traits->trait + 0.12 * random_normal(script->random);
  if (attends(script, question))
    return (fmax(question->correct_min, min) + fmin(question->correct_max, max)) / 2;
  return min + CLAMP(at, 0, 1) * (max - min);
}

static void answer_slider(Script *script, const Screen *screen, const ProtocolQuestion *question) {
  const ProtocolScale *scale = &question->scale;
  const Protocol *protocol = script->who->protocol;
  double share = (draw_value(script, question, scale->min, scale->max) - scale->min) / (scale->max - scale->min);
  double position = round(share * SLIDER_STEPS);
  if (protocol_scale_mirrored(protocol, scale, script->who->participant))
    position = SLIDER_STEPS - position;
  if (uses_keys(script))
    script_slide_by_keys(script, scale_screen_slider(screen), position);
  else
    script_slide_by_mouse(script, scale_screen_slider(screen), position);
}

#define LEAST_AGE 18.0
#define GREATEST_AGE 80.0

/* Within the range, or an adult's age where there is none; as far from a lone bound where that leaves no age. */
static void answer_number(Script *script, const ProtocolQuestion *question) {
  const double span = GREATEST_AGE - LEAST_AGE;
  double min = question->scale.min, max = question->scale.max, number = 0;
  if (!isfinite(min))
    min = !isfinite(max) || max > LEAST_AGE ? LEAST_AGE : max > 0 ? 0 : fmax(max - span, -PROTOCOL_NUMBER_MOST);
  if (!isfinite(max))
    max = min < GREATEST_AGE ? GREATEST_AGE : fmin(min + span, PROTOCOL_NUMBER_MOST);
  /* The protocol's reader has seen to it that there is one between two bounds; between one and a wide span there is. */
  typed_number_near(question->decimals, min, max, draw_value(script, question, min, max), &number);
  g_autofree char *text = typed_number_text(question->decimals, number);
  script_type(script, text);
}

static void answer_text(Script *script) {
  static const char *const remarks[] = {"nothing to add", "some were like clouds", "too many eyes"};
  script_type(script, remarks[random_below(script->random, G_N_ELEMENTS(remarks))]);
}

static Box button_of(const Screen *screen, QuestionKind kind) {
  switch (kind) {
  case QUESTION_LIKERT:
    return grid_screen_button(screen);
  case QUESTION_SLIDER:
    return scale_screen_button(screen);
  case QUESTION_NUMBER:
  case QUESTION_TEXT:
    return entry_screen_button(screen);
  default:
    return choice_screen_button(screen);
  }
}

void script_question(Script *script, const SessionMoment *moment) {
  const ProtocolQuestion *question = moment->question;
  const Screen *screen = moment->screen;
  script_wait_s(script, script_delay(script, 2.5));
  switch (question->kind) {
  case QUESTION_CHOICE:
    answer_choice(script, screen, question);
    break;
  case QUESTION_MULTIPLE:
    answer_multiple(script, screen, question);
    break;
  case QUESTION_LIKERT:
    answer_likert(script, screen, question);
    break;
  case QUESTION_SLIDER:
    answer_slider(script, screen, question);
    break;
  case QUESTION_NUMBER:
    answer_number(script, question);
    break;
  case QUESTION_TEXT:
    answer_text(script);
    break;
  }
  confirm(script, button_of(screen, question->kind));
}

void script_page(Script *script, const SessionMoment *moment) {
  bool consent = moment->page != NULL && moment->page->kind == PAGE_CONSENT;
  script_wait_s(script, script_delay(script, 4));
  if (consent) {
    choose_option(script, moment->screen, 1);
    confirm(script, choice_screen_button(moment->screen));
  } else if (uses_keys(script)) {
    script_key(script, KEY_SPACE, 0.1);
  } else {
    script_click(script, page_screen_button(moment->screen));
  }
}
