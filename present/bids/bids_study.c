#include <string.h>

#include "present/bids/bids.h"
#include "present/bids/bids_files.h"
#include "present/bids/bids_pages.h"
#include "present/bids/bids_phenotype.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

#define CHECKS "attention_checks"
#define PASSED "attention_checks_passed"

struct BidsStudy {
  Table *participants;
  GHashTable *rows; /* participant -> row of `participants` */
  BidsPhenotype *phenotype;
  BidsPages *pages;
  Table *left_out; /* the journals that cannot be read */
  char *title;     /* of the first journal */
  gsize n_simulated, n_human;
};

enum { PARTICIPANT, SIMULATED, RUNS, COMPLETE_RUNS };
enum { JOURNAL, REASON };

BidsStudy *bids_study_new(void) {
  static const char *const columns[] = {"participant_id", "simulated", "runs", "complete_runs"};
  static const char *const left_out[] = {"journal", "reason"};
  BidsStudy *study = g_new0(BidsStudy, 1);
  study->participants = table_new(columns, G_N_ELEMENTS(columns));
  study->left_out = table_new(left_out, G_N_ELEMENTS(left_out));
  study->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  study->phenotype = bids_phenotype_new();
  study->pages = bids_pages_new();
  return study;
}

void bids_study_free(BidsStudy *study) {
  if (study == NULL)
    return;
  table_free(study->participants);
  table_free(study->left_out);
  g_hash_table_unref(study->rows);
  bids_phenotype_free(study->phenotype);
  bids_pages_free(study->pages);
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

/* The columns appear with the first check that was answered. */
static void add_checks(BidsStudy *study, gsize row, const JournalContents *contents) {
  gsize n_checks = 0, n_passed = 0;
  bids_phenotype_checks(contents, &n_checks, &n_passed);
  if (n_checks == 0)
    return;
  if (table_column(study->participants, CHECKS) < 0) {
    table_add_column(study->participants, CHECKS);
    table_add_column(study->participants, PASSED);
  }
  increment(study->participants, row, (gsize)table_column(study->participants, CHECKS), n_checks);
  increment(study->participants, row, (gsize)table_column(study->participants, PASSED), n_passed);
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
  add_checks(study, row, contents);
}

/* The part of a text behind this beginning and what parts them; the whole text where it begins otherwise. */
static const char *behind(const char *text, const char *beginning, const char *parting) {
  gsize length = strlen(beginning);
  return strncmp(text, beginning, length) == 0 ? text + length + strspn(text + length, parting) : text;
}

void bids_study_add_unreadable(BidsStudy *study, const char *data, const char *path, const char *reason) {
  gsize row = table_add_row(study->left_out);
  table_set(study->left_out, row, JOURNAL, behind(path, data, "/"));
  table_set(study->left_out, row, REASON, behind(reason, path, ": "));
  g_auto(GStrv) parts = g_strsplit(path, "/", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (i > 0 && strcmp(parts[i - 1], "sourcedata") == 0 && g_str_has_prefix(parts[i], "sub-") &&
        protocol_check_label("", parts[i] + 4, NULL))
      participant_row(study, parts[i]);
}

bool bids_study_add(BidsStudy *study, const JournalContents *contents, GError **error) {
  if (!bids_phenotype_add(study->phenotype, contents, error))
    return false;
  bids_pages_add(study->pages, contents);
  if (study->title == NULL)
    study->title = g_strdup(json_text(contents->header->design, "title", ""));
  add_participant(study, contents);
  return true;
}

const Table *bids_study_left_out(const BidsStudy *study, JsonObject *columns) {
  bids_describe(columns, "journal", "A journal that could not be read and is left out; its place in the data folder.",
                NULL);
  bids_describe(columns, "reason", "Why: its line, and what is wrong there.", NULL);
  return study->left_out;
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
            "next to a\ntable explains its columns. phenotype/ holds the questionnaires, and in pages.tsv consent\nand "
            "when each page was read. Only whole answers are "
            "in these tables.\n\nsourcedata/ holds the journals that everything else derives from: never edit or "
            "delete them. The tables are\nwritten anew after every session, so changes made by hand do not "
            "last.\n");
  if (table_n_rows(study->left_out) > 0)
    g_string_append(text, "\nThese journals cannot be read, and nothing of them is in this version of the tables:\n\n");
  for (gsize row = 0; row < table_n_rows(study->left_out); row++)
    g_string_append_printf(text, "- %s: %s\n", table_get(study->left_out, row, JOURNAL),
                           table_get(study->left_out, row, REASON));
  bool written = bids_write(data, "README", text->str, text->len, error);
  g_string_free(text, TRUE);
  return written;
}

void bids_describe_simulated(JsonObject *sidecar) {
  JsonObject *column = bids_describe(sidecar, "simulated", "Whether the participant is simulated.", NULL);
  JsonObject *levels = json_object_new();
  json_object_set_string_member(levels, "0", "a human participant");
  json_object_set_string_member(levels, "1", "a simulated participant");
  json_object_set_object_member(column, "Levels", levels);
}

static bool put_participants(const BidsStudy *study, BidsPut put, gpointer context, GError **error) {
  g_autoptr(JsonObject) sidecar = json_object_new();
  bids_describe(sidecar, "participant_id", "The participant's label.", NULL);
  bids_describe_simulated(sidecar);
  bids_describe(sidecar, "runs", "Sessions that were begun.", NULL);
  bids_describe(sidecar, "complete_runs", "Sessions that came to their end.", NULL);
  if (table_column(study->participants, CHECKS) >= 0) {
    bids_describe(sidecar, CHECKS,
                  "Attention checks that were answered, in all sessions; not those that were left empty.", NULL);
    bids_describe(sidecar, PASSED, "Attention checks among them that were answered as asked.", NULL);
  }
  return put(context, "participants", study->participants, sidecar, error);
}

bool bids_study_tables(const BidsStudy *study, BidsPut put, gpointer context, GError **error) {
  if (!put_participants(study, put, context, error))
    return false;
  return bids_pages_table(study->pages, put, context, error) &&
         bids_phenotype_tables(study->phenotype, put, context, error);
}

bool bids_study_write(BidsStudy *study, const char *data, GError **error) {
  return write_description(study, data, error) && write_readme(study, data, error) &&
         bids_study_tables(study, bids_put_tsv, (gpointer)data, error);
}
