#include <string.h>

#include "present/bids.h"
#include "present/bids_files.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

typedef struct {
  char *name;
  JsonObject *question; /* of the first journal that has it */
  Table *table;
} Tool;

struct BidsStudy {
  Table *participants;
  GHashTable *rows; /* participant -> row of `participants` */
  GPtrArray *tools; /* of Tool */
  char *title;      /* of the first journal */
  gsize n_simulated, n_human;
};

enum { PARTICIPANT, SIMULATED, RUNS, COMPLETE_RUNS };
enum { TOOL_PARTICIPANT, TOOL_CHOICE, TOOL_LABEL, TOOL_SESSION, TOOL_RUN, TOOL_SIMULATED, TOOL_ALL };

static void tool_free(gpointer data) {
  Tool *tool = data;
  g_free(tool->name);
  json_object_unref(tool->question);
  table_free(tool->table);
  g_free(tool);
}

BidsStudy *bids_study_new(void) {
  static const char *const columns[] = {"participant_id", "simulated", "runs", "complete_runs"};
  BidsStudy *study = g_new0(BidsStudy, 1);
  study->participants = table_new(columns, G_N_ELEMENTS(columns));
  study->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  study->tools = g_ptr_array_new_with_free_func(tool_free);
  return study;
}

void bids_study_free(BidsStudy *study) {
  if (study == NULL)
    return;
  table_free(study->participants);
  g_hash_table_unref(study->rows);
  g_ptr_array_unref(study->tools);
  g_free(study->title);
  g_free(study);
}

/* The row of a participant ("sub-ID"), added where it is new. */
static gsize participant_row(BidsStudy *study, const char *participant) {
  gpointer row = NULL;
  if (g_hash_table_lookup_extended(study->rows, participant, NULL, &row))
    return GPOINTER_TO_SIZE(row);
  gsize added = table_add_row(study->participants);
  table_set(study->participants, added, PARTICIPANT, participant);
  g_hash_table_insert(study->rows, g_strdup(participant), GSIZE_TO_POINTER(added));
  return added;
}

static void increment(Table *table, gsize row, gsize column, gsize by) {
  double value = 0;
  if (!table_is_missing(table, row, column))
    table_get_double(table, row, column, &value, NULL);
  table_set_int(table, row, column, (gint64)value + (gint64)by);
}

static void add_participant(BidsStudy *study, const JournalContents *contents) {
  bool simulated = contents->header->simulated;
  g_autofree char *participant = g_strdup_printf("sub-%s", contents->header->participant);
  gsize row = participant_row(study, participant);
  if (table_is_missing(study->participants, row, RUNS)) {
    study->n_simulated += simulated;
    study->n_human += !simulated;
  }
  table_set_int(study->participants, row, SIMULATED, simulated);
  increment(study->participants, row, RUNS, 1);
  increment(study->participants, row, COMPLETE_RUNS, contents->status == JOURNAL_COMPLETE);
}

void bids_study_add_unreadable(BidsStudy *study, const char *path) {
  g_auto(GStrv) parts = g_strsplit(path, "/", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (i > 0 && strcmp(parts[i - 1], "sourcedata") == 0 && g_str_has_prefix(parts[i], "sub-") &&
        protocol_check_label("", parts[i] + 4, NULL))
      participant_row(study, parts[i]);
}

static Tool *find_tool(BidsStudy *study, JsonObject *question) {
  const char *name = bids_text(question, "name");
  for (guint i = 0; i < study->tools->len; i++)
    if (strcmp(((const Tool *)study->tools->pdata[i])->name, name) == 0)
      return study->tools->pdata[i];
  g_autofree char *label = g_strdup_printf("%s_label", name);
  g_autofree char *all = g_strdup_printf("%s_all", name);
  const char *const columns[] = {"participant_id", name, label, "session_id", "run", "simulated", all};
  Tool *tool = g_new0(Tool, 1);
  tool->name = g_strdup(name);
  tool->question = json_object_ref(question);
  tool->table = table_new(columns, G_N_ELEMENTS(columns));
  g_ptr_array_add(study->tools, tool);
  return tool;
}

static const AnswerRecord *find_answer(const JournalContents *contents, const char *name) {
  for (guint i = 0; i < contents->answers->len; i++)
    if (strcmp(((const AnswerRecord *)contents->answers->pdata[i])->name, name) == 0)
      return contents->answers->pdata[i];
  return NULL;
}

/* A participant has one row, with the first answer: the validator takes a second row for an unknown participant. The
 * journals of one participant come one after the other. */
static void add_answer(Tool *tool, const JournalContents *contents, const AnswerRecord *answer) {
  const JournalHeader *header = contents->header;
  Table *table = tool->table;
  g_autofree char *participant = g_strdup_printf("sub-%s", header->participant);
  g_autofree char *session = header->session != NULL ? g_strdup_printf("ses-%s", header->session) : NULL;
  g_autofree char *choice = answer->choice > 0 ? g_strdup_printf("%zu", answer->choice) : g_strdup("n/a");
  g_autofree char *entry = g_strdup_printf("%s%srun-%zu:%s", session != NULL ? session : "", session != NULL ? "_" : "",
                                           contents->run, choice);
  gsize n = table_n_rows(table);
  if (n > 0 && strcmp(table_get(table, n - 1, TOOL_PARTICIPANT), participant) == 0) {
    g_autofree char *all = g_strconcat(table_get(table, n - 1, TOOL_ALL), ";", entry, NULL);
    table_set(table, n - 1, TOOL_ALL, all);
    return;
  }
  gsize row = table_add_row(table);
  table_set(table, row, TOOL_PARTICIPANT, participant);
  table_set(table, row, TOOL_CHOICE, choice);
  if (answer->choice > 0)
    table_set(table, row, TOOL_LABEL, answer->label);
  table_set(table, row, TOOL_SESSION, session);
  table_set_int(table, row, TOOL_RUN, (gint64)contents->run);
  table_set_int(table, row, TOOL_SIMULATED, header->simulated);
  table_set(table, row, TOOL_ALL, entry);
}

bool bids_study_add(BidsStudy *study, const JournalContents *contents, GError **error) {
  g_autoptr(JsonArray) questions = bids_design_list(contents->header, "questions");
  for (guint i = 0; i < json_array_get_length(questions); i++) {
    const char *name = bids_text(json_array_get_object_element(questions, i), "name");
    if (protocol_is_name(name) && !g_strv_contains(protocol_reserved_names(), name))
      continue;
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:1: \"%s\" can't be a question's name", contents->path, name);
    return false;
  }
  for (guint i = 0; i < json_array_get_length(questions); i++) {
    JsonObject *question = json_array_get_object_element(questions, i);
    const AnswerRecord *answer = find_answer(contents, bids_text(question, "name"));
    if (answer != NULL)
      add_answer(find_tool(study, question), contents, answer);
  }
  if (study->title == NULL)
    study->title = g_strdup(bids_text(contents->header->design, "title"));
  add_participant(study, contents);
  return true;
}

const char *bids_study_title(const BidsStudy *study) { return study->title != NULL ? study->title : ""; }

char *bids_study_simulated(const BidsStudy *study) {
  if (study->n_simulated == 0)
    return NULL;
  if (study->n_human == 0)
    return g_strdup("All data are of simulated participants, made by dreamrig. They are not human data.");
  return g_strdup_printf("The data of %zu of %zu participants are simulated by dreamrig and are not human data; the "
                         "column simulated tells which.",
                         study->n_simulated, study->n_simulated + study->n_human);
}

static bool write_description(const BidsStudy *study, const char *data, GError **error) {
  g_autofree char *statement = bids_study_simulated(study);
  const char *title = study->title != NULL && *study->title != '\0' ? study->title : "dreamrig session data";
  g_autofree char *name = g_strconcat(title, statement != NULL ? " (simulated data)" : NULL, NULL);
  g_autoptr(JsonObject) object = json_object_new();
  JsonArray *programs = json_array_new();
  JsonObject *program = json_object_new();
  json_object_set_string_member(program, "Name", "dreamrig");
  json_object_set_string_member(program, "Version", RIG_VERSION);
  json_array_add_object_element(programs, program);
  json_object_set_string_member(object, "Name", name);
  json_object_set_string_member(object, "BIDSVersion", BIDS_VERSION);
  json_object_set_string_member(object, "DatasetType", "raw");
  json_object_set_array_member(object, "GeneratedBy", programs);
  json_object_set_boolean_member(object, "Simulated", statement != NULL);
  if (statement != NULL)
    json_object_set_string_member(object, "SimulatedNote", statement);
  return bids_write_json(data, "dataset_description.json", object, error);
}

static bool write_readme(const BidsStudy *study, const char *data, GError **error) {
  g_autofree char *statement = bids_study_simulated(study);
  GString *text = g_string_new(study->title != NULL ? study->title : "");
  g_string_append(text, "\n\n");
  if (statement != NULL)
    g_string_append_printf(text, "%s\n\n", statement);
  g_string_append(
      text, "Ratings of images, collected with dreamrig, in the Brain Imaging Data Structure (BIDS).\n\n"
            "sub-*/beh/ holds one table for each session (run) with a row for each confirmed trial; the .json file "
            "next to a\ntable explains its columns. phenotype/ holds the questionnaires. Only whole answers are "
            "in these tables.\n\nsourcedata/ holds the journals that everything else derives from: never edit or "
            "delete them. The tables are\nwritten anew after every session, so changes made by hand do not "
            "last.\n");
  bool written = bids_write(data, "README", text->str, text->len, error);
  g_string_free(text, TRUE);
  return written;
}

static void describe_simulated(JsonObject *sidecar) {
  JsonObject *column = bids_describe(sidecar, "simulated", "Whether the participant is simulated.", NULL);
  JsonObject *levels = json_object_new();
  json_object_set_string_member(levels, "0", "a human participant");
  json_object_set_string_member(levels, "1", "a simulated participant");
  json_object_set_object_member(column, "Levels", levels);
}

static bool put_participants(const BidsStudy *study, BidsPut put, gpointer context, GError **error) {
  g_autoptr(JsonObject) sidecar = json_object_new();
  bids_describe(sidecar, "participant_id", "The participant's label.", NULL);
  describe_simulated(sidecar);
  bids_describe(sidecar, "runs", "Sessions that were begun.", NULL);
  bids_describe(sidecar, "complete_runs", "Sessions that came to their end.", NULL);
  return put(context, "participants", study->participants, sidecar, error);
}

static bool put_tool(const Tool *tool, BidsPut put, gpointer context, GError **error) {
  g_autoptr(JsonObject) sidecar = json_object_new();
  g_autofree char *label = g_strdup_printf("%s_label", tool->name);
  bids_describe(sidecar, "MeasurementToolMetadata", bids_text(tool->question, "text"), NULL);
  bids_describe(sidecar, "participant_id", "The participant's label.", NULL);
  JsonObject *column = bids_describe(sidecar, tool->name, bids_text(tool->question, "text"), NULL);
  JsonNode *options = json_object_get_member(tool->question, "options");
  JsonObject *levels = json_object_new();
  for (guint i = 0;
       options != NULL && JSON_NODE_HOLDS_ARRAY(options) && i < json_array_get_length(json_node_get_array(options));
       i++) {
    g_autofree char *number = g_strdup_printf("%u", i + 1);
    JsonNode *option = json_array_get_element(json_node_get_array(options), i);
    const char *text = JSON_NODE_HOLDS_VALUE(option) ? json_node_get_string(option) : NULL;
    json_object_set_string_member(levels, number, text != NULL ? text : "");
  }
  json_object_set_object_member(column, "Levels", levels);
  bids_describe(sidecar, label, "The chosen option of the first answer, as the participant read it.", NULL);
  bids_describe(sidecar, "session_id", "Session of the first answer; n/a where the study has no sessions.", NULL);
  bids_describe(sidecar, "run", "Run of the task that the first answer was given in.", NULL);
  describe_simulated(sidecar);
  g_autofree char *all = g_strdup_printf("%s_all", tool->name);
  bids_describe(sidecar, all, "The answers of every run, \"run-1:CHOICE;run-2:CHOICE\".", NULL);
  g_autofree char *stem = g_strdup_printf("phenotype/%s", tool->name);
  return put(context, stem, tool->table, sidecar, error);
}

bool bids_study_tables(const BidsStudy *study, BidsPut put, gpointer context, GError **error) {
  if (!put_participants(study, put, context, error))
    return false;
  for (guint i = 0; i < study->tools->len; i++)
    if (!put_tool(study->tools->pdata[i], put, context, error))
      return false;
  return true;
}

static bool write_pair(gpointer data, const char *stem, const Table *table, JsonObject *columns, GError **error) {
  g_autofree char *tsv = g_strconcat(stem, ".tsv", NULL), *json = g_strconcat(stem, ".json", NULL);
  return bids_write_table(data, tsv, table, error) && bids_write_json(data, json, columns, error);
}

bool bids_study_write(BidsStudy *study, const char *data, GError **error) {
  return write_description(study, data, error) && write_readme(study, data, error) &&
         bids_study_tables(study, write_pair, (gpointer)data, error);
}
