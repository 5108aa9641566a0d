#include <math.h>
#include <string.h>

#include "protocols/reader.h"
#include "protocols/typed_number.h"
#include "stimuli/base/number.h"

#define MAX_OPTIONS 20
#define MAX_ITEMS 50

/* A list of texts that a question needs: its items or its options. */
typedef struct {
  const char *key, *noun;
  gsize least, most;
} ListRule;

static const ListRule OPTIONS = {"options", "option", 2, MAX_OPTIONS}, ITEMS = {"items", "item", 1, MAX_ITEMS};

static void check_list(KeyFile *keys, const char *group, const char *key, const ListRule *rule, char *const *items) {
  gsize n = g_strv_length((char **)items);
  if (n < rule->least || n > rule->most) {
    keyfile_fault(keys, group, key, "has %zu %ss; %zu to %zu are needed, separated by ;", n, rule->noun, rule->least,
                  rule->most);
    return;
  }
  for (gsize i = 0; i < n; i++) {
    if (items[i][0] == '\0')
      keyfile_fault(keys, group, key, "%s %zu is empty", rule->noun, i + 1);
    else if (g_strv_contains((const char *const *)items + i + 1, items[i]))
      keyfile_fault(keys, group, key, "has \"%s\" twice", items[i]);
  }
}

/* The data hold an option's or item's number: it must mean the same in every language. */
static void check_translations(KeyFile *keys, const char *group, const ListRule *rule) {
  gsize before = reader_n_faults(keys);
  g_auto(GStrv) original = reader_list(keys, group, rule->key, NULL);
  g_auto(GStrv) locales = keyfile_locales(keys, group, rule->key);
  if (reader_n_faults(keys) == before)
    check_list(keys, group, rule->key, rule, original);
  for (gsize i = 0; locales[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf("%s[%s]", rule->key, locales[i]);
    before = reader_n_faults(keys);
    g_auto(GStrv) translated = reader_list(keys, group, key, NULL);
    gsize n = g_strv_length(original), n_translated = g_strv_length(translated);
    if (reader_n_faults(keys) != before)
      continue;
    if (n_translated != n && n >= rule->least)
      keyfile_fault(keys, group, key, "has %zu %ss where the original at line %d has %zu", n_translated, rule->noun,
                    keyfile_line(keys, group, rule->key), n);
    else
      check_list(keys, group, key, rule, translated);
  }
}

static char **read_texts(KeyFile *keys, const char *group, const char *locale, const ListRule *rule, gsize *n) {
  check_translations(keys, group, rule); /* first, while a fault of theirs is new */
  char **texts = reader_list(keys, group, rule->key, locale);
  *n = g_strv_length(texts);
  return texts;
}

static void read_values(KeyFile *keys, const char *group, ProtocolQuestion *question) {
  gsize n = question->n_options;
  question->values = g_new(double, MAX(n, 1));
  for (gsize i = 0; i < n; i++)
    question->values[i] = (double)(i + 1);
  g_auto(GStrv) texts = reader_names(keys, group, "values");
  gsize n_values = g_strv_length(texts);
  if (n_values > 0 && n_values != n)
    keyfile_fault(keys, group, "values", "has %zu numbers for %zu options", n_values, n);
  for (gsize i = 0; i < n_values && n_values == n; i++) {
    if (!number_parse_double(g_strstrip(texts[i]), &question->values[i]) || fabs(question->values[i]) > 1e6)
      keyfile_fault(keys, group, "values", "\"%s\" is not a number from -1e6 to 1e6", texts[i]);
    for (gsize j = 0; j < i; j++)
      if (question->values[j] == question->values[i])
        keyfile_fault(keys, group, "values", "has %s twice", texts[i]);
  }
}

static void read_reversed(KeyFile *keys, const char *group, ProtocolQuestion *question) {
  question->reversed = g_new0(bool, MAX(question->n_items, 1));
  if (question->kind != QUESTION_LIKERT) {
    question->reversed[0] = keyfile_bool(keys, group, "reversed", false);
    return;
  }
  g_auto(GStrv) numbers = reader_names(keys, group, "reversed");
  for (gsize i = 0; numbers[i] != NULL; i++) {
    gint64 item = 0;
    if (!number_parse_int(g_strstrip(numbers[i]), &item) || item < 1 || (gsize)item > question->n_items)
      keyfile_fault(keys, group, "reversed", "\"%s\" is not the number of an item, 1 to %zu", numbers[i],
                    question->n_items);
    else
      question->reversed[item - 1] = true;
  }
}

/* Whether start + k * step, k any whole number, comes to lie in low..high; rounding apart. */
static bool reaches(double start, double step, double low, double high) {
  double k = ceil((low - start) / step - PROTOCOL_STEP_TOLERANCE);
  return start + k * step <= high + PROTOCOL_STEP_TOLERANCE * step;
}

/* Whether a number with so many decimals lies in low..high. */
static bool has_number(gsize decimals, double low, double high) {
  double number;
  return typed_number_near(decimals, low, high, low, &number);
}

static double least_answer(const ProtocolQuestion *question) {
  return fmax(question->scale.min, question->kind == QUESTION_NUMBER ? -PROTOCOL_NUMBER_MOST : -INFINITY);
}

static double greatest_answer(const ProtocolQuestion *question) {
  return fmin(question->scale.max, question->kind == QUESTION_NUMBER ? PROTOCOL_NUMBER_MOST : INFINITY);
}

/* An attention check that nobody can pass. */
static void check_reachable(KeyFile *keys, const char *group, const ProtocolQuestion *question, double low,
                            double high) {
  const ProtocolScale *scale = &question->scale;
  bool slider = question->kind == QUESTION_SLIDER;
  double step = (scale->max - scale->min) / PROTOCOL_SLIDER_STEPS;
  low = fmax(low, least_answer(question));
  high = fmin(high, greatest_answer(question));
  if (slider ? reaches(scale->min, step, low, high) ||
                   (scale->start == START_VALUE && reaches(scale->start_value, step, low, high))
             : has_number(question->decimals, low, high))
    return;
  if (slider)
    keyfile_fault(keys, group, "correct", "the slider moves in steps of %g from %g to %g, and none of them is right",
                  step, scale->min, scale->max);
  else
    keyfile_fault(keys, group, "correct", "no number with %zu decimals is right", question->decimals);
}

/* "3:5; 7:1": the third item asks for the fifth option. */
static void read_correct_items(KeyFile *keys, const char *group, ProtocolQuestion *question) {
  g_auto(GStrv) checks = reader_names(keys, group, "correct");
  for (gsize i = 0; checks[i] != NULL; i++) {
    g_auto(GStrv) sides = g_strsplit(checks[i], ":", -1);
    gint64 item = 0, option = 0;
    bool good = g_strv_length(sides) == 2 && number_parse_int(g_strstrip(sides[0]), &item) &&
                number_parse_int(g_strstrip(sides[1]), &option) && item >= 1 && (gsize)item <= question->n_items &&
                option >= 1 && (gsize)option <= question->n_options;
    if (!good)
      keyfile_fault(keys, group, "correct", "\"%s\" is not ITEM:OPTION, two numbers from 1 to %zu and from 1 to %zu",
                    checks[i], question->n_items, question->n_options);
    else if (!isnan(question->correct_items[item - 1]))
      keyfile_fault(keys, group, "correct", "has item %" G_GINT64_FORMAT " twice", item);
    else
      question->correct_items[item - 1] = question->values[option - 1];
  }
}

/* "90..100" or "7"; for a choice the number of an option. */
static void read_correct(KeyFile *keys, const char *group, ProtocolQuestion *question) {
  question->correct_min = question->correct_max = NAN;
  question->correct_items = g_new(double, MAX(question->n_items, 1));
  for (gsize i = 0; i < MAX(question->n_items, 1); i++)
    question->correct_items[i] = NAN;
  if (question->kind == QUESTION_LIKERT)
    read_correct_items(keys, group, question);
  if (question->kind == QUESTION_LIKERT || question->kind == QUESTION_MULTIPLE || question->kind == QUESTION_TEXT)
    return;
  g_autofree char *text = keyfile_string(keys, group, "correct", NULL);
  if (text == NULL)
    return;
  double low = 0, high = 0;
  char *dots = strstr(text, "..");
  if (dots != NULL)
    *dots = '\0';
  bool good =
      number_parse_double(g_strstrip(text), &low) && (dots == NULL || number_parse_double(g_strstrip(dots + 2), &high));
  high = dots == NULL ? low : high;
  if (question->kind == QUESTION_CHOICE) {
    good = good && dots == NULL && low == floor(low) && low >= 1 && low <= (double)question->n_options;
    if (!good)
      keyfile_fault(keys, group, "correct", "is not the number of an option, 1 to %zu", question->n_options);
    else
      question->correct_min = question->correct_max = question->values[(gsize)low - 1];
    return;
  }
  if (!good || low > high)
    keyfile_fault(keys, group, "correct", "is neither a number nor a range like 90..100");
  else if (low > greatest_answer(question) || high < least_answer(question))
    keyfile_fault(keys, group, "correct", "no answer from %.7g to %.7g can be right", least_answer(question),
                  greatest_answer(question));
  else
    check_reachable(keys, group, question, low, high);
  question->correct_min = low;
  question->correct_max = high;
}

static void read_number(KeyFile *keys, const char *group, ProtocolQuestion *question) {
  ProtocolScale *scale = &question->scale;
  scale->min = keyfile_has(keys, group, "min")
                   ? keyfile_double(keys, group, "min", 0, -PROTOCOL_NUMBER_MOST, PROTOCOL_NUMBER_MOST)
                   : -INFINITY;
  scale->max = keyfile_has(keys, group, "max")
                   ? keyfile_double(keys, group, "max", 0, -PROTOCOL_NUMBER_MOST, PROTOCOL_NUMBER_MOST)
                   : INFINITY;
  if (scale->min > scale->max)
    keyfile_fault(keys, group, "max", "%.7g (min) must not be above %.7g (max)", scale->min, scale->max);
  question->decimals = (gsize)keyfile_int(keys, group, "decimals", 0, 0, 6);
  bool bounded = isfinite(scale->min) && isfinite(scale->max) && scale->min <= scale->max;
  const char *key = keyfile_has(keys, group, "decimals") ? "decimals" : "max"; /* with min alone there is an answer */
  if (!bounded || has_number(question->decimals, scale->min, scale->max))
    return;
  char low[NUMBER_SIZE], high[NUMBER_SIZE];
  keyfile_fault(keys, group, key, "no number with %zu decimals is from %s to %s, so none can be typed",
                question->decimals, number_format(scale->min, low), number_format(scale->max, high));
}

static QuestionKind read_kind(KeyFile *keys, const char *group, bool *known) {
  static const char *const kinds[] = {"choice", "multiple", "likert", "slider", "number", "text", NULL};
  enum {
    CHOICE = 1 << QUESTION_CHOICE,
    MULTIPLE = 1 << QUESTION_MULTIPLE,
    LIKERT = 1 << QUESTION_LIKERT,
    SLIDER = 1 << QUESTION_SLIDER,
    NUMBER = 1 << QUESTION_NUMBER,
    TEXT = 1 << QUESTION_TEXT,
  };
  static const KindRule rules[] = {
      {"options", CHOICE | MULTIPLE | LIKERT},
      {"values", CHOICE | LIKERT},
      {"items", LIKERT},
      {"left", SLIDER},
      {"right", SLIDER},
      {"start", SLIDER},
      {"polarity", SLIDER},
      {"min", SLIDER | NUMBER},
      {"max", SLIDER | NUMBER},
      {"decimals", NUMBER},
      {"lines", TEXT},
      {"reversed", CHOICE | LIKERT | SLIDER | NUMBER},
      {"correct", CHOICE | LIKERT | SLIDER | NUMBER},
  };
  return (QuestionKind)reader_kind(keys, group, kinds, rules, G_N_ELEMENTS(rules), known);
}

void reader_question(KeyFile *keys, const char *group, const char *name, const char *locale, GArray *questions) {
  ProtocolQuestion question = {.name = g_strdup(name)};
  bool known = false;
  question.kind = read_kind(keys, group, &known);
  question.text = reader_required_text(keys, group, "text", locale);
  bool listed = known && (question.kind == QUESTION_CHOICE || question.kind == QUESTION_MULTIPLE ||
                          question.kind == QUESTION_LIKERT);
  question.options = listed ? read_texts(keys, group, locale, &OPTIONS, &question.n_options) : g_new0(char *, 1);
  question.items =
      question.kind == QUESTION_LIKERT ? read_texts(keys, group, locale, &ITEMS, &question.n_items) : g_new0(char *, 1);
  if (listed && question.kind != QUESTION_MULTIPLE)
    read_values(keys, group, &question);
  else
    question.values = g_new0(double, MAX(question.n_options, 1));
  if (question.kind == QUESTION_SLIDER)
    reader_scale_ends(keys, group, locale, &question.scale);
  if (question.kind == QUESTION_NUMBER)
    read_number(keys, group, &question);
  if (question.kind == QUESTION_TEXT)
    question.lines = (gsize)keyfile_int(keys, group, "lines", 1, 1, 10);
  if (question.kind == QUESTION_MULTIPLE || question.kind == QUESTION_TEXT)
    question.reversed = g_new0(bool, 1);
  else
    read_reversed(keys, group, &question);
  read_correct(keys, group, &question);
  question.required = keyfile_bool(keys, group, "required", true);
  g_array_append_val(questions, question);
}

/* --- Scores --- */

static void add_term(KeyFile *keys, const char *group, const char *name, ScoreTerm term, const Protocol *protocol,
                     GArray *terms) {
  const ProtocolQuestion *question = &protocol->questions[term.question];
  for (guint i = 0; i < terms->len; i++) {
    const ScoreTerm *other = &g_array_index(terms, ScoreTerm, i);
    if (other->question == term.question && other->item == term.item) {
      keyfile_fault(keys, group, "items", "counts \"%s\" twice", name);
      return;
    }
  }
  if (question->kind == QUESTION_MULTIPLE || question->kind == QUESTION_TEXT)
    keyfile_fault(keys, group, "items", "[question %s] has no number to count", question->name);
  else if (question->reversed[term.item] && question->kind == QUESTION_NUMBER &&
           !(isfinite(question->scale.min) && isfinite(question->scale.max)))
    keyfile_fault(keys, group, "items", "[question %s] is reversed and so needs min and max", question->name);
  else
    g_array_append_val(terms, term);
}

static bool find_item(const char *name, const Protocol *protocol, ScoreTerm *term) {
  for (gsize q = 0; q < protocol->n_questions; q++)
    for (gsize item = 0; item < protocol->questions[q].n_items; item++) {
      g_autofree char *column = g_strdup_printf("%s_%zu", protocol->questions[q].name, item + 1);
      if (strcmp(column, name) != 0)
        continue;
      *term = (ScoreTerm){q, item};
      return true;
    }
  return false;
}

/* "panas" is all of its items; "panas_3" is one, as the data name it. False: there is no such question. */
static bool add_terms(KeyFile *keys, const char *group, const char *name, const Protocol *protocol, GArray *terms) {
  ScoreTerm item;
  bool is_item = find_item(name, protocol, &item);
  for (gsize q = 0; q < protocol->n_questions; q++) {
    const ProtocolQuestion *question = &protocol->questions[q];
    if (strcmp(question->name, name) != 0)
      continue;
    if (is_item)
      keyfile_fault(keys, group, "items", "\"%s\" is both [question %s] and item %zu of [question %s]; rename one",
                    name, name, item.item + 1, protocol->questions[item.question].name);
    for (gsize i = 0; i < MAX(question->n_items, 1) && !is_item; i++)
      add_term(keys, group, name, (ScoreTerm){q, i}, protocol, terms);
    return true;
  }
  if (is_item)
    add_term(keys, group, name, item, protocol, terms);
  return is_item;
}

void reader_score(KeyFile *keys, const char *group, const char *name, const Protocol *protocol, GArray *scores) {
  static const char *const methods[] = {"sum", "mean", NULL};
  ProtocolScore score = {.name = g_strdup(name)};
  score.mean = keyfile_choice(keys, group, "method", methods, 0) == 1;
  g_auto(GStrv) names = reader_names(keys, group, "items");
  GArray *terms = g_array_new(FALSE, FALSE, sizeof(ScoreTerm));
  if (names[0] == NULL)
    keyfile_fault(keys, group, "items", "is missing; questions or their items (NAME_1, NAME_2...) are needed");
  for (gsize i = 0; names[i] != NULL; i++)
    if (!add_terms(keys, group, g_strstrip(names[i]), protocol, terms))
      keyfile_fault(keys, group, "items", "there is no question or item \"%s\"", names[i]);
  score.terms = g_array_steal(terms, &score.n_terms);
  g_array_unref(terms);
  g_array_append_val(scores, score);
}
