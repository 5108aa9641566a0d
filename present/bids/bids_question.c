#include "present/bids/bids_question.h"

#include <math.h>
#include <string.h>

#include "present/bids/bids_files.h"

#define MAX_OPTIONS 20
#define MAX_ITEMS 50

static JsonArray *array_of(JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member(object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static JsonNode *element(JsonArray *array, gsize i) {
  JsonNode *node = array != NULL && i < json_array_get_length(array) ? json_array_get_element(array, (guint)i) : NULL;
  return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? node : NULL;
}

static double number_of(JsonNode *node, double fallback) {
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
  return type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double(node) : fallback;
}

static gsize length_of(JsonArray *array, gsize most) {
  return array != NULL ? MIN(json_array_get_length(array), most) : 0;
}

const char *bids_question_item(JsonArray *texts, gsize i) {
  JsonNode *node = element(texts, i);
  const char *text = node != NULL ? json_node_get_string(node) : NULL;
  return text != NULL ? text : "";
}

BidsQuestion *bids_question_new(JsonObject *design) {
  BidsQuestion *question = g_new0(BidsQuestion, 1);
  JsonArray *values = array_of(design, "values"), *reversed = array_of(design, "reversed");
  question->name = json_text(design, "name", "");
  question->kind = json_text(design, "kind", "");
  question->text = json_text(design, "text", "");
  if (*question->kind == '\0')
    question->kind = "choice";
  question->options = array_of(design, "options");
  question->items = array_of(design, "items");
  question->n_options = length_of(question->options, MAX_OPTIONS);
  question->n_items = length_of(question->items, MAX_ITEMS);
  question->values = g_new(double, question->n_options + 1);
  question->reversed = g_new0(bool, question->n_items + 1);
  question->min = number_of(json_object_get_member(design, "min"), -INFINITY);
  question->max = number_of(json_object_get_member(design, "max"), INFINITY);
  for (gsize i = 0; i < question->n_options; i++) {
    double value = number_of(element(values, i), (double)(i + 1));
    question->values[i] = value;
    question->min = i == 0 ? value : fmin(question->min, value);
    question->max = i == 0 ? value : fmax(question->max, value);
  }
  for (gsize i = 0; i < MAX(question->n_items, 1); i++) {
    JsonNode *node = element(reversed, i);
    question->reversed[i] = node != NULL && json_node_get_boolean(node);
  }
  JsonArray *correct = array_of(design, "correct_items");
  question->correct_items = g_new(double, question->n_items + 1);
  for (gsize i = 0; i <= question->n_items; i++)
    question->correct_items[i] = i < question->n_items ? number_of(element(correct, i), NAN) : NAN;
  question->correct_min = number_of(json_object_get_member(design, "correct_min"), NAN);
  question->correct_max = number_of(json_object_get_member(design, "correct_max"), question->correct_min);
  return question;
}

void bids_question_free(BidsQuestion *question) {
  if (question == NULL)
    return;
  g_free(question->values);
  g_free(question->reversed);
  g_free(question->correct_items);
  g_free(question);
}

char **bids_question_columns(const BidsQuestion *question) {
  gsize n = strcmp(question->kind, "multiple") == 0 ? question->n_options : question->n_items;
  char **columns = g_new0(char *, MAX(n, 1) + 1);
  for (gsize i = 0; i < n; i++)
    columns[i] = g_strdup_printf("%s_%zu", question->name, i + 1);
  if (n == 0)
    columns[0] = g_strdup(question->name);
  return columns;
}

double bids_question_value(const BidsQuestion *question, const AnswerRecord *answer, gsize column) {
  if (answer->n_values > 0 || answer->choice == 0)
    return column < answer->n_values ? answer->values[column] : NAN;
  return answer->choice <= question->n_options ? question->values[answer->choice - 1] : (double)answer->choice;
}

double bids_question_scored(const BidsQuestion *question, const AnswerRecord *answer, gsize column) {
  double value = bids_question_value(question, answer, column);
  bool reversed = column < MAX(question->n_items, 1) && question->reversed[column];
  return reversed ? question->min + question->max - value : value;
}

bool bids_question_is_check(const BidsQuestion *question) { return !isnan(question->correct_min); }

bool bids_question_passed(const BidsQuestion *question, const AnswerRecord *answer) {
  double value = bids_question_value(question, answer, 0), slack = 0;
  if (strcmp(question->kind, "slider") == 0 && isfinite(question->max - question->min))
    slack = PROTOCOL_STEP_TOLERANCE * (question->max - question->min) / PROTOCOL_SLIDER_STEPS;
  return value >= question->correct_min - slack && value <= question->correct_max + slack;
}

bool bids_question_is_item_check(const BidsQuestion *question, gsize item) {
  return item < question->n_items && !isnan(question->correct_items[item]);
}

bool bids_question_item_passed(const BidsQuestion *question, const AnswerRecord *answer, gsize item) {
  return bids_question_is_item_check(question, item) &&
         bids_question_value(question, answer, item) == question->correct_items[item];
}
