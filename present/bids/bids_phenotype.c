#include "present/bids/bids_phenotype.h"

#include <math.h>
#include <string.h>

#include "present/bids/bids_question.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

/* One file: of a question, or of a score. */
typedef struct {
  char *name;
  JsonObject *design; /* of the first journal that has it */
  bool score;
  Table *table;
} Tool;

struct BidsPhenotype {
  GPtrArray *tools; /* of Tool */
};

static void tool_free(gpointer data) {
  Tool *tool = data;
  g_free(tool->name);
  json_object_unref(tool->design);
  table_free(tool->table);
  g_free(tool);
}

BidsPhenotype *bids_phenotype_new(void) {
  BidsPhenotype *phenotype = g_new0(BidsPhenotype, 1);
  phenotype->tools = g_ptr_array_new_with_free_func(tool_free);
  return phenotype;
}

void bids_phenotype_free(BidsPhenotype *phenotype) {
  if (phenotype != NULL)
    g_ptr_array_unref(phenotype->tools);
  g_free(phenotype);
}

static bool has_label(const BidsQuestion *question) {
  return strcmp(question->kind, "choice") == 0 || strcmp(question->kind, "multiple") == 0;
}

static bool has_start(const BidsQuestion *question) { return strcmp(question->kind, "slider") == 0; }

static void add_name(GPtrArray *names, const char *name, const char *suffix) {
  g_ptr_array_add(names, g_strconcat(name, suffix, NULL));
}

static Table *new_table(const Tool *tool) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  add_name(names, "participant_id", "");
  if (tool->score) {
    add_name(names, tool->name, "");
  } else {
    g_autoptr(BidsQuestion) question = bids_question_new(tool->design);
    g_auto(GStrv) columns = bids_question_columns(question);
    for (char **column = columns; *column != NULL; column++)
      add_name(names, *column, "");
    if (has_label(question))
      add_name(names, tool->name, "_label");
    if (has_start(question))
      add_name(names, tool->name, "_start");
    if (bids_question_is_check(question))
      add_name(names, tool->name, "_correct");
    for (gsize i = 0; i < question->n_items; i++)
      if (bids_question_is_item_check(question, i))
        add_name(names, columns[i], "_correct");
  }
  add_name(names, "session_id", "");
  add_name(names, "run", "");
  add_name(names, "simulated", "");
  add_name(names, tool->name, "_all");
  return table_new((const char *const *)names->pdata, names->len);
}

static Tool *find_tool(BidsPhenotype *phenotype, JsonObject *design, bool score) {
  const char *name = json_text(design, "name", "");
  for (guint i = 0; i < phenotype->tools->len; i++)
    if (strcmp(((const Tool *)phenotype->tools->pdata[i])->name, name) == 0)
      return phenotype->tools->pdata[i];
  Tool *tool = g_new0(Tool, 1);
  *tool = (Tool){.name = g_strdup(name), .design = json_object_ref(design), .score = score};
  tool->table = new_table(tool);
  g_ptr_array_add(phenotype->tools, tool);
  return tool;
}

static const AnswerRecord *find_answer(const JournalContents *contents, const char *name) {
  for (guint i = 0; i < contents->answers->len; i++)
    if (strcmp(((const AnswerRecord *)contents->answers->pdata[i])->name, name) == 0)
      return contents->answers->pdata[i];
  return NULL;
}

/* Another version of a protocol may have more columns than the first had: those stay out. */
static void set_double(Table *table, gsize row, const char *name, const char *suffix, double value) {
  g_autofree char *column = g_strconcat(name, suffix, NULL);
  int index = table_column(table, column);
  if (index >= 0)
    table_set_exact(table, row, (gsize)index, value);
}

static void set_text(Table *table, gsize row, const char *name, const char *suffix, const char *text) {
  g_autofree char *column = g_strconcat(name, suffix, NULL);
  int index = table_column(table, column);
  if (index >= 0 && text != NULL && *text != '\0')
    table_set(table, row, (gsize)index, text);
}

/* The row for this participant's answer `entry` ("3" or "2,1,4"), or false: a participant has one row, with the first
 * answer, as the validator takes a second row for an unknown participant. */
static bool add_row(Tool *tool, const JournalContents *contents, const char *entry, gsize *row) {
  const JournalHeader *header = contents->header;
  Table *table = tool->table;
  g_autofree char *participant = g_strdup_printf("sub-%s", header->participant);
  g_autofree char *session = header->session != NULL ? g_strdup_printf("ses-%s", header->session) : NULL;
  g_autofree char *told = g_strdup_printf("%s%srun-%zu:%s", session != NULL ? session : "", session != NULL ? "_" : "",
                                          contents->run, entry);
  gsize n = table_n_rows(table), all = table_n_columns(table) - 1;
  if (n > 0 && strcmp(table_get(table, n - 1, 0), participant) == 0) {
    g_autofree char *longer = g_strconcat(table_get(table, n - 1, all), ";", told, NULL);
    table_set(table, n - 1, all, longer);
    return false;
  }
  *row = table_add_row(table);
  table_set(table, *row, 0, participant);
  set_text(table, *row, "session_id", "", session);
  set_double(table, *row, "run", "", (double)contents->run);
  set_double(table, *row, "simulated", "", header->simulated);
  table_set(table, *row, all, told);
  return true;
}

static char *number_text(double value) {
  char text[NUMBER_SIZE];
  return g_strdup(isnan(value) ? "n/a" : number_format(value, text));
}

static char *entry_of(const BidsQuestion *question, const AnswerRecord *answer, char **columns) {
  if (strcmp(question->kind, "text") == 0) {
    char *entry = g_strdup(*answer->label != '\0' ? answer->label : "n/a");
    return g_strdelimit(entry, ";\t\r\n", ',');
  }
  GString *entry = g_string_new(NULL);
  for (gsize i = 0; columns[i] != NULL; i++) {
    g_autofree char *value = number_text(bids_question_value(question, answer, i));
    g_string_append_printf(entry, "%s%s", i > 0 ? "," : "", value);
  }
  return g_string_free(entry, FALSE);
}

static void set_correct(Table *table, gsize row, const char *name, double value, bool passed) {
  set_double(table, row, name, "_correct", isnan(value) ? NAN : passed);
}

static void add_answer(Tool *tool, const BidsQuestion *question, const JournalContents *contents,
                       const AnswerRecord *answer) {
  g_auto(GStrv) columns = bids_question_columns(question);
  g_autofree char *entry = entry_of(question, answer, columns);
  gsize row = 0;
  if (!add_row(tool, contents, entry, &row))
    return;
  for (gsize i = 0; columns[i] != NULL; i++)
    set_double(tool->table, row, columns[i], "", bids_question_value(question, answer, i));
  if (strcmp(question->kind, "text") == 0)
    set_text(tool->table, row, tool->name, "", answer->label);
  if (has_label(question))
    set_text(tool->table, row, tool->name, "_label", answer->label);
  set_double(tool->table, row, tool->name, "_start", answer->start);
  if (bids_question_is_check(question))
    set_correct(tool->table, row, tool->name, bids_question_value(question, answer, 0),
                bids_question_passed(question, answer));
  for (gsize i = 0; i < question->n_items; i++)
    if (bids_question_is_item_check(question, i))
      set_correct(tool->table, row, columns[i], bids_question_value(question, answer, i),
                  bids_question_item_passed(question, answer, i));
}

/* --- Scores --- */

static JsonObject *find_design(JsonArray *questions, const char *name) {
  for (guint i = 0; i < json_array_get_length(questions); i++)
    if (strcmp(json_text(json_array_get_object_element(questions, i), "name", ""), name) == 0)
      return json_array_get_object_element(questions, i);
  return NULL;
}

/* False: a question that the score needs was not asked yet. *value is NaN where an answer was left out. */
static bool score_value(JsonArray *questions, JsonObject *score, const JournalContents *contents, double *value) {
  JsonNode *node = json_object_get_member(score, "terms");
  JsonArray *terms = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  guint n = terms != NULL ? json_array_get_length(terms) : 0;
  double sum = 0;
  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element(terms, i);
    JsonObject *term = JSON_NODE_HOLDS_OBJECT(element) ? json_node_get_object(element) : NULL;
    JsonObject *design = term != NULL ? find_design(questions, json_text(term, "question", "")) : NULL;
    const AnswerRecord *answer = design != NULL ? find_answer(contents, json_text(design, "name", "")) : NULL;
    if (answer == NULL)
      return false;
    g_autoptr(BidsQuestion) question = bids_question_new(design);
    gint64 item = json_object_get_int_member_with_default(term, "item", 0);
    sum += bids_question_scored(question, answer, item >= 0 ? (gsize)item : RECORD_MAX_VALUES);
  }
  *value = strcmp(json_text(score, "method", ""), "mean") == 0 ? sum / n : sum;
  return n > 0;
}

static void add_score(BidsPhenotype *phenotype, JsonArray *questions, JsonObject *score,
                      const JournalContents *contents) {
  double value = NAN;
  gsize row = 0;
  if (!score_value(questions, score, contents, &value))
    return;
  Tool *tool = find_tool(phenotype, score, true);
  g_autofree char *entry = number_text(value);
  if (add_row(tool, contents, entry, &row))
    set_double(tool->table, row, tool->name, "", value);
}

static bool check_names(JsonArray *questions, JsonArray *scores, const JournalContents *contents, GError **error) {
  JsonArray *const lists[] = {questions, scores};
  for (gsize l = 0; l < G_N_ELEMENTS(lists); l++)
    for (guint i = 0; i < json_array_get_length(lists[l]); i++) {
      const char *name = json_text(json_array_get_object_element(lists[l], i), "name", "");
      if (protocol_is_name(name) && !protocol_is_reserved(name) &&
          (lists[l] == questions || find_design(questions, name) == NULL))
        continue;
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:1: \"%s\" can't be a %s's name", contents->path, name,
                  lists[l] == questions ? "question" : "score");
      return false;
    }
  return true;
}

bool bids_phenotype_add(BidsPhenotype *phenotype, const JournalContents *contents, GError **error) {
  g_autoptr(JsonArray) questions = bids_design_list(contents->header, "questions");
  g_autoptr(JsonArray) scores = bids_design_list(contents->header, "scores");
  if (!check_names(questions, scores, contents, error))
    return false;
  for (guint i = 0; i < json_array_get_length(questions); i++) {
    JsonObject *design = json_array_get_object_element(questions, i);
    g_autoptr(BidsQuestion) question = bids_question_new(design);
    const AnswerRecord *answer = find_answer(contents, question->name);
    if (answer != NULL)
      add_answer(find_tool(phenotype, design, false), question, contents, answer);
  }
  for (guint i = 0; i < json_array_get_length(scores); i++)
    add_score(phenotype, questions, json_array_get_object_element(scores, i), contents);
  return true;
}

void bids_phenotype_checks(const JournalContents *contents, gsize *n_checks, gsize *n_passed) {
  g_autoptr(JsonArray) questions = bids_design_list(contents->header, "questions");
  *n_checks = *n_passed = 0;
  for (guint i = 0; i < json_array_get_length(questions); i++) {
    g_autoptr(BidsQuestion) question = bids_question_new(json_array_get_object_element(questions, i));
    const AnswerRecord *answer = find_answer(contents, question->name);
    if (answer == NULL)
      continue;
    *n_checks += bids_question_is_check(question) && !isnan(bids_question_value(question, answer, 0));
    *n_passed += bids_question_passed(question, answer);
    for (gsize item = 0; item < question->n_items; item++) {
      bool answered = !isnan(bids_question_value(question, answer, item));
      *n_checks += bids_question_is_item_check(question, item) && answered;
      *n_passed += bids_question_item_passed(question, answer, item);
    }
  }
}

/* --- Sidecars --- */

static void describe_levels(JsonObject *column, const BidsQuestion *question) {
  JsonObject *levels = json_object_new();
  bool multiple = strcmp(question->kind, "multiple") == 0;
  for (gsize i = 0; i < question->n_options && !multiple; i++) {
    g_autofree char *value = number_text(question->values[i]);
    json_object_set_string_member(levels, value, bids_question_item(question->options, i));
  }
  if (multiple) {
    json_object_set_string_member(levels, "0", "not chosen");
    json_object_set_string_member(levels, "1", "chosen");
  }
  json_object_set_object_member(column, "Levels", levels);
}

static void describe_suffixed(JsonObject *sidecar, const char *name, const char *suffix, const char *description) {
  g_autofree char *column = g_strconcat(name, suffix, NULL);
  bids_describe(sidecar, column, description, NULL);
}

static void describe_question(JsonObject *sidecar, const BidsQuestion *question) {
  g_auto(GStrv) columns = bids_question_columns(question);
  bool multiple = strcmp(question->kind, "multiple") == 0;
  for (gsize i = 0; columns[i] != NULL; i++) {
    const char *item = bids_question_item(multiple ? question->options : question->items, i);
    bool listed = multiple || question->n_items > 0;
    g_autofree char *text = listed ? g_strdup_printf("%s %s", question->text, item) : g_strdup(question->text);
    JsonObject *column = bids_describe(sidecar, columns[i], text, NULL);
    if (question->n_options > 0)
      describe_levels(column, question);
    if (i < MAX(question->n_items, 1) && question->reversed[i])
      json_object_set_boolean_member(column, "ReverseCodedInScores", true);
    if (question->n_options == 0 && isfinite(question->min))
      json_object_set_double_member(column, "Minimum", question->min);
    if (question->n_options == 0 && isfinite(question->max))
      json_object_set_double_member(column, "Maximum", question->max);
  }
  if (has_label(question))
    describe_suffixed(sidecar, question->name, "_label",
                      multiple ? "The chosen options of the first answer, as the participant read them."
                               : "The chosen option of the first answer, as the participant read it.");
  if (has_start(question))
    describe_suffixed(sidecar, question->name, "_start",
                      "Where the slider stood when it appeared; n/a where it was hidden until touched.");
  if (bids_question_is_check(question))
    describe_suffixed(
        sidecar, question->name, "_correct",
        "Attention check: 1 where the answer is as the question asks, 0 where it is not; n/a where there is none.");
  for (gsize i = 0; i < question->n_items; i++)
    if (bids_question_is_item_check(question, i))
      describe_suffixed(
          sidecar, columns[i], "_correct",
          "Attention check: 1 where the item's answer is as it asks, 0 where it is not; n/a where there is none.");
}

static void describe_score(JsonObject *sidecar, JsonObject *design) {
  JsonNode *node = json_object_get_member(design, "terms");
  JsonArray *terms = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  g_autofree char *text =
      g_strdup_printf("The %s of %u answers, reversed items counted the other way round; n/a where one was left out.",
                      json_text(design, "method", ""), terms != NULL ? json_array_get_length(terms) : 0);
  bids_describe(sidecar, json_text(design, "name", ""), text, NULL);
}

static bool put_tool(const Tool *tool, BidsPut put, gpointer context, GError **error) {
  g_autoptr(JsonObject) sidecar = json_object_new();
  g_autoptr(BidsQuestion) question = bids_question_new(tool->design);
  bids_describe(sidecar, "MeasurementToolMetadata", tool->score ? tool->name : question->text, NULL);
  bids_describe(sidecar, "participant_id", "The participant's label.", NULL);
  if (tool->score)
    describe_score(sidecar, tool->design);
  else
    describe_question(sidecar, question);
  bids_describe(sidecar, "session_id", "Session of the first answer; n/a where the study has no sessions.", NULL);
  bids_describe(sidecar, "run", "Run of the task that the first answer was given in.", NULL);
  bids_describe_simulated(sidecar);
  describe_suffixed(sidecar, tool->name, "_all",
                    "The answers of every run, \"run-1:ANSWER;run-2:ANSWER\", several values of one with commas.");
  g_autofree char *stem = g_strdup_printf("phenotype/%s", tool->name);
  return put(context, stem, tool->table, sidecar, error);
}

bool bids_phenotype_tables(const BidsPhenotype *phenotype, BidsPut put, gpointer context, GError **error) {
  for (guint i = 0; i < phenotype->tools->len; i++)
    if (!put_tool(phenotype->tools->pdata[i], put, context, error))
      return false;
  return true;
}
