#include <math.h>

#include "protocols/protocol.h"

static JsonArray *texts(char *const *items, gsize n) {
  JsonArray *array = json_array_new();
  for (gsize i = 0; i < n; i++)
    json_array_add_string_element(array, items[i]);
  return array;
}

static void put_ends(JsonObject *object, const ProtocolScale *scale) {
  static const char *const starts[] = {"hidden", "center", "random", "value"};
  static const char *const polarities[] = {"reading", "low_left", "low_right", "participant"};
  json_object_set_string_member(object, "left", scale->left);
  json_object_set_string_member(object, "right", scale->right);
  json_object_set_double_member(object, "min", scale->min);
  json_object_set_double_member(object, "max", scale->max);
  json_object_set_string_member(object, "start", starts[scale->start]);
  json_object_set_string_member(object, "polarity", polarities[scale->polarity]);
}

static JsonObject *describe_scale(const ProtocolScale *scale) {
  static const char *const figures[] = {"none", "arousal", "valence", "dominance"};
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "name", scale->name);
  json_object_set_string_member(object, "figure", figures[scale->figure]);
  json_object_set_string_member(object, "text", scale->text);
  put_ends(object, scale);
  return object;
}

static JsonObject *describe_question(const ProtocolQuestion *question) {
  static const char *const kinds[] = {"choice", "multiple", "likert", "slider", "number", "text"};
  JsonObject *object = json_object_new();
  JsonArray *values = json_array_new(), *reversed = json_array_new();
  for (gsize i = 0; i < question->n_options; i++)
    json_array_add_double_element(values, question->values[i]);
  for (gsize i = 0; i < MAX(question->n_items, 1); i++)
    json_array_add_boolean_element(reversed, question->reversed[i]);
  json_object_set_string_member(object, "name", question->name);
  json_object_set_string_member(object, "kind", kinds[question->kind]);
  json_object_set_string_member(object, "text", question->text);
  json_object_set_array_member(object, "options", texts(question->options, question->n_options));
  json_object_set_array_member(object, "values", values);
  json_object_set_array_member(object, "items", texts(question->items, question->n_items));
  json_object_set_array_member(object, "reversed", reversed);
  json_object_set_boolean_member(object, "required", question->required);
  if (question->kind == QUESTION_SLIDER)
    put_ends(object, &question->scale);
  if (question->kind == QUESTION_NUMBER && isfinite(question->scale.min))
    json_object_set_double_member(object, "min", question->scale.min);
  if (question->kind == QUESTION_NUMBER && isfinite(question->scale.max))
    json_object_set_double_member(object, "max", question->scale.max);
  if (!isnan(question->correct_min)) {
    json_object_set_double_member(object, "correct_min", question->correct_min);
    json_object_set_double_member(object, "correct_max", question->correct_max);
  }
  JsonArray *items = json_array_new();
  bool checks = false;
  for (gsize i = 0; i < question->n_items; i++) {
    checks = checks || !isnan(question->correct_items[i]);
    json_add_number(items, question->correct_items[i]);
  }
  if (checks)
    json_object_set_array_member(object, "correct_items", items);
  else
    json_array_unref(items);
  return object;
}

static JsonObject *describe_page(const ProtocolPage *page) {
  static const char *const kinds[] = {"text", "consent", "debrief"};
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "name", page->name);
  json_object_set_string_member(object, "kind", kinds[page->kind]);
  json_object_set_string_member(object, "title", page->title);
  json_object_set_string_member(object, "text", page->text);
  if (page->kind == PAGE_CONSENT) {
    json_object_set_string_member(object, "agree", page->agree);
    json_object_set_string_member(object, "decline", page->decline);
  }
  return object;
}

static JsonObject *describe_score(const Protocol *protocol, const ProtocolScore *score) {
  JsonObject *object = json_object_new();
  JsonArray *terms = json_array_new();
  for (gsize i = 0; i < score->n_terms; i++) {
    JsonObject *term = json_object_new();
    json_object_set_string_member(term, "question", protocol->questions[score->terms[i].question].name);
    json_object_set_int_member(term, "item", (gint64)score->terms[i].item);
    json_array_add_object_element(terms, term);
  }
  json_object_set_string_member(object, "name", score->name);
  json_object_set_string_member(object, "method", score->mean ? "mean" : "sum");
  json_object_set_array_member(object, "terms", terms);
  return object;
}

static void put_range(JsonObject *object, const char *name, const DurationRange *range) {
  if (range->min == range->max) {
    json_object_set_double_member(object, name, range->min);
    return;
  }
  JsonArray *array = json_array_new();
  json_array_add_double_element(array, range->min);
  json_array_add_double_element(array, range->max);
  json_object_set_array_member(object, name, array);
}

static JsonObject *describe_block(const ProtocolBlock *block) {
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "name", block->name);
  json_object_set_string_member(object, "phase", block->practice ? "practice" : "main");
  put_range(object, "fixation_ms", &block->fixation_ms);
  if (block->image_free)
    json_object_set_string_member(object, "image_ms", "free");
  else
    json_object_set_double_member(object, "image_ms", block->image_ms);
  json_object_set_double_member(object, "mask_ms", block->mask_ms);
  put_range(object, "iti_ms", &block->iti_ms);
  json_object_set_double_member(object, "deadline_ms", block->deadline_ms);
  json_object_set_boolean_member(object, "affective_slider", block->affective_slider);
  json_object_set_boolean_member(object, "require_touch", block->require_touch);
  return object;
}

static void put_colour(JsonObject *object, const char *name, const guint8 colour[3]) {
  g_autofree char *text = g_strdup_printf("#%02x%02x%02x", colour[0], colour[1], colour[2]);
  json_object_set_string_member(object, name, text);
}

static JsonObject *describe_screen(const ProtocolScreen *screen) {
  static const char *const contrasts[] = {"normal", "high", "greyscale"};
  JsonObject *object = json_object_new();
  put_colour(object, "background", screen->background);
  put_colour(object, "foreground", screen->foreground);
  json_object_set_double_member(object, "image_percent", screen->image_percent);
  json_object_set_string_member(object, "image_scaling", screen->exact_scaling ? "exact" : "whole");
  json_object_set_double_member(object, "text_percent", screen->text_percent);
  json_object_set_string_member(object, "contrast", contrasts[screen->contrast]);
  json_object_set_string_member(object, "progress", screen->progress ? "bar" : "none");
  return object;
}

JsonObject *protocol_describe(const Protocol *protocol) {
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "name", protocol->name);
  json_object_set_string_member(object, "version", protocol->version);
  json_object_set_string_member(object, "title", protocol->title);
  json_object_set_object_member(object, "screen", describe_screen(&protocol->screen));
  JsonArray *scales = json_array_new(), *questions = json_array_new(), *scores = json_array_new(),
            *blocks = json_array_new(), *pages = json_array_new();
  for (gsize i = 0; i < protocol->n_pages; i++)
    json_array_add_object_element(pages, describe_page(&protocol->pages[i]));
  for (gsize i = 0; i < protocol->n_scales; i++)
    json_array_add_object_element(scales, describe_scale(&protocol->scales[i]));
  for (gsize i = 0; i < protocol->n_questions; i++)
    json_array_add_object_element(questions, describe_question(&protocol->questions[i]));
  for (gsize i = 0; i < protocol->n_scores; i++)
    json_array_add_object_element(scores, describe_score(protocol, &protocol->scores[i]));
  for (gsize i = 0; i < protocol->n_blocks; i++)
    json_array_add_object_element(blocks, describe_block(&protocol->blocks[i]));
  json_object_set_array_member(object, "pages", pages);
  json_object_set_array_member(object, "scales", scales);
  json_object_set_array_member(object, "questions", questions);
  json_object_set_array_member(object, "scores", scores);
  json_object_set_array_member(object, "blocks", blocks);
  protocol_describe_cues(protocol, object);
  return object;
}
