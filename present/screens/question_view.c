#include "present/screens/question_view.h"

#include <math.h>

#include "present/screens/choice_screen.h"
#include "present/screens/entry_screen.h"
#include "present/screens/grid_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/scale_screen.h"
#include "protocols/timing.h"

#define CONSENT_DECLINE 2 /* the second answer */

Screen *question_view_new(const Theme *theme, const Protocol *protocol, const ProtocolQuestion *question,
                          gsize participant) {
  switch (question->kind) {
  case QUESTION_LIKERT:
    return grid_screen_new(theme, question);
  case QUESTION_SLIDER:
    return scale_screen_new(theme, question, question_start(protocol, participant, question),
                            protocol_scale_mirrored(protocol, &question->scale, participant));
  case QUESTION_NUMBER:
  case QUESTION_TEXT:
    return entry_screen_new(theme, question);
  default:
    return choice_screen_new_setup(theme, &(ChoiceSetup){.title = "",
                                                         .text = question->text,
                                                         .options = question->options,
                                                         .n_options = question->n_options,
                                                         .required = question->required,
                                                         .multiple = question->kind == QUESTION_MULTIPLE});
  }
}

static double value_of(const ProtocolQuestion *question, gsize choice) {
  return choice > 0 ? question->values[choice - 1] : NAN;
}

static char *chosen_texts(const Screen *screen, const ProtocolQuestion *question) {
  GString *text = g_string_new(NULL);
  for (gsize i = 0; i < question->n_options; i++)
    if (choice_screen_is_chosen(screen, i))
      g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", question->options[i]);
  return g_string_free(text, FALSE);
}

AnswerRecord *question_view_answer(const Screen *screen, const Protocol *protocol, const ProtocolQuestion *question,
                                   gsize participant, gsize step, double onset, double confirm_time) {
  bool chosen = question->kind == QUESTION_CHOICE || question->kind == QUESTION_MULTIPLE;
  bool typed = question->kind == QUESTION_NUMBER || question->kind == QUESTION_TEXT;
  gsize choice = question->kind == QUESTION_CHOICE ? choice_screen_choice(screen) : 0;
  g_autofree char *label = chosen ? chosen_texts(screen, question) : typed ? entry_screen_text(screen) : g_strdup("");
  AnswerRecord *record = answer_record_new(step, question->name, choice, label, onset, confirm_time);
  g_autofree double *values = g_new(double, MAX(MAX(question->n_items, question->n_options), 1));
  gsize n_values = 1;
  switch (question->kind) {
  case QUESTION_CHOICE:
    values[0] = value_of(question, choice);
    break;
  case QUESTION_MULTIPLE:
    n_values = question->n_options;
    for (gsize i = 0; i < n_values; i++)
      values[i] = choice_screen_is_chosen(screen, i);
    break;
  case QUESTION_LIKERT:
    n_values = question->n_items;
    for (gsize i = 0; i < n_values; i++)
      values[i] = value_of(question, grid_screen_choice(screen, i));
    break;
  case QUESTION_SLIDER:
    values[0] = scale_screen_value(screen);
    record->start = question_start(protocol, participant, question);
    break;
  case QUESTION_NUMBER:
    values[0] = entry_screen_number(screen);
    break;
  case QUESTION_TEXT:
    n_values = 0;
    break;
  }
  if (n_values > 0)
    answer_record_set_values(record, values, n_values);
  return record;
}

Screen *page_view_new(const Theme *theme, const ProtocolPage *page) {
  if (page->kind != PAGE_CONSENT)
    return page_screen_new(theme, page->title, page->text);
  char *answers[] = {page->agree, page->decline, NULL};
  return choice_screen_new_setup(
      theme,
      &(ChoiceSetup){.title = page->title, .text = page->text, .options = answers, .n_options = 2, .required = true});
}

bool page_view_declined(const Screen *screen, const ProtocolPage *page) {
  return page->kind == PAGE_CONSENT && choice_screen_choice(screen) == CONSENT_DECLINE;
}
