#include "analysis/ratings/questionnaires.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/number.h"

/* One row of a phenotype file. */
typedef struct {
  const char *participant, *session; /* into the table; session NULL where there is none */
  double value;
  double run;        /* NaN where there is none */
  const char *label; /* NULL where there is none */
  gsize line;
  const Rater *rater; /* the first one that it was used for; NULL: not used */
} Answer;

static int compare_names(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool list_tools(const char *phenotype, GPtrArray **tools, GError **error) {
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) names = NULL;
  if (g_file_test(phenotype, G_FILE_TEST_IS_DIR) && !files_list(phenotype, &names, error))
    return false;
  for (char **name = names; name != NULL && *name != NULL; name++)
    if (g_str_has_suffix(*name, ".tsv") && strcmp(*name, "pages.tsv") != 0)
      g_ptr_array_add(found, g_strndup(*name, strlen(*name) - strlen(".tsv")));
  g_ptr_array_sort(found, compare_names);
  *tools = g_steal_pointer(&found);
  return true;
}

/* codes: of a questionnaire in words, else NULL. */
static bool read_answers(const Table *table, const char *tool, gsize value, GHashTable *codes, GArray *answers,
                         GError **error) {
  gsize participant;
  if (!table_require_column(table, "participant_id", &participant, error))
    return false;
  g_autofree char *label_name = g_strconcat(tool, "_label", NULL);
  int label = table_column(table, label_name), session = table_column(table, "session_id");
  int run = table_column(table, "run");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    Answer answer = {.participant = table_get(table, row, participant), .value = NAN, .run = NAN, .line = row + 2};
    if (codes != NULL && !table_is_missing(table, row, value)) {
      answer.label = table_get(table, row, value);
      answer.value = (double)GPOINTER_TO_SIZE(g_hash_table_lookup(codes, answer.label));
    }
    if ((codes == NULL && !table_get_double(table, row, value, &answer.value, error)) ||
        (run >= 0 && !table_get_double(table, row, (gsize)run, &answer.run, error)))
      return false;
    if (session >= 0 && !table_is_missing(table, row, (gsize)session))
      answer.session = table_get(table, row, (gsize)session);
    if (label >= 0 && !table_is_missing(table, row, (gsize)label))
      answer.label = table_get(table, row, (gsize)label);
    g_array_append_val(answers, answer);
  }
  return true;
}

static bool fits(const Answer *answer, const Rater *rater) {
  return strcmp(answer->participant, rater->participant) == 0 &&
         (answer->session == NULL || strcmp(answer->session, rater->session) == 0) &&
         (isnan(answer->run) || rater->run == 0 || answer->run == (double)rater->run);
}

/* The first row that fits the rater and that no other rater has, else the last one that fits: who answered once but
 * rated twice keeps the answer. NULL: none. */
static const Answer *take_answer(GArray *answers, const Rater *rater) {
  Answer *taken = NULL;
  for (guint i = 0; i < answers->len && (taken == NULL || taken->rater != NULL); i++)
    if (fits(&g_array_index(answers, Answer, i), rater))
      taken = &g_array_index(answers, Answer, i);
  if (taken != NULL && taken->rater == NULL)
    taken->rater = rater;
  return taken;
}

static gsize level_of(const GArray *values, double value) {
  for (guint i = 0; i < values->len; i++)
    if (g_array_index(values, double, i) == value)
      return i;
  return QUESTIONNAIRE_NO_LEVEL;
}

static int compare_doubles(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The answers that were given, ascending, and the first label of each: others are of participants in another language.
 */
static void find_levels(Questionnaire *questionnaire, const GArray *answers, gsize n_raters) {
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
  for (gsize i = 0; i < n_raters; i++)
    if (!isnan(questionnaire->answers[i]) && level_of(values, questionnaire->answers[i]) == QUESTIONNAIRE_NO_LEVEL)
      g_array_append_val(values, questionnaire->answers[i]);
  g_array_sort(values, compare_doubles);
  questionnaire->n_levels = values->len;
  questionnaire->labels = g_new0(char *, values->len + 1);
  for (guint i = 0; i < answers->len; i++) {
    const Answer *answer = &g_array_index(answers, Answer, i);
    gsize level = isnan(answer->value) ? QUESTIONNAIRE_NO_LEVEL : level_of(values, answer->value);
    if (level == QUESTIONNAIRE_NO_LEVEL || answer->label == NULL)
      continue;
    char **label = &questionnaire->labels[level];
    if (*label == NULL)
      *label = g_strdup(answer->label);
  }
  for (guint i = 0; i < values->len; i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (questionnaire->labels[i] == NULL)
      questionnaire->labels[i] =
          g_strdup(g_ascii_formatd(text, sizeof text, "%.10g", g_array_index(values, double, i)));
  }
  for (gsize i = 0; i < n_raters; i++)
    questionnaire->levels[i] =
        isnan(questionnaire->answers[i]) ? QUESTIONNAIRE_NO_LEVEL : level_of(values, questionnaire->answers[i]);
  questionnaire->values = (double *)(gpointer)g_array_steal(values, NULL);
}

/* Whether a column holds answers in words, none of which is a number. */
static bool is_text(const Table *table, gsize column) {
  gsize n_words = 0;
  for (gsize row = 0; row < table_n_rows(table); row++) {
    double number;
    if (table_is_missing(table, row, column))
      continue;
    if (number_parse_double(table_get(table, row, column), &number))
      return false;
    n_words++;
  }
  return n_words > 0;
}

/* The number of each word, from 1 in the order of their bytes, as R's factor() has it in the C locale; NULL where the
 * answers are free text: none is given twice, or there are too many. */
static GHashTable *number_words(const Table *table, gsize column, gsize *n_words) {
  g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  gsize n_answers = 0;
  for (gsize row = 0; row < table_n_rows(table); row++) {
    char *word = (char *)table_get(table, row, column);
    if (table_is_missing(table, row, column))
      continue;
    n_answers++;
    if (g_hash_table_add(codes, word))
      g_ptr_array_add(words, word);
  }
  *n_words = words->len;
  if (words->len == n_answers || words->len > QUESTIONNAIRE_MAX_LEVELS)
    return NULL;
  g_ptr_array_sort(words, compare_names);
  for (guint i = 0; i < words->len; i++)
    g_hash_table_replace(codes, words->pdata[i], GSIZE_TO_POINTER(i + 1));
  return g_steal_pointer(&codes);
}

/* What the log needs of the file that is read. */
typedef struct {
  const Ratings *ratings;
  ExclusionLog *log;
  const char *file; /* relative to the data folder */
  const char *tool;
} Reading;

/* Rows that nobody's session took. */
static bool check_unused(const Reading *reading, const Table *table, const GArray *answers,
                         const Questionnaire *questionnaire, GError **error) {
  const Ratings *ratings = reading->ratings;
  for (guint i = 0; i < answers->len; i++) {
    const Answer *answer = &g_array_index(answers, Answer, i);
    const Rater *rater = NULL;
    bool repeated = false;
    for (gsize r = 0; answer->rater == NULL && r < ratings->n_raters; r++)
      if (fits(answer, &ratings->raters[r])) {
        rater = &ratings->raters[r];
        repeated = repeated || isnan(answer->value) || questionnaire->answers[r] == answer->value;
      }
    if (answer->rater != NULL)
      continue;
    if (rater != NULL && !repeated) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s:%zu: %s: contradicts another answer of %s; session_id or run would tell them apart",
                  table_name(table), answer->line, reading->tool, rater->id);
      return false;
    }
    exclusion_log_add(reading->log, EXCLUSION_UNUSED, reading->file, answer->line, reading->tool,
                      rater == NULL ? "%s has no such session with ratings" : "repeats another answer of %s",
                      answer->participant);
  }
  return true;
}

/* One level a participant, of all sessions. */
static void find_participant_levels(const Reading *reading, Questionnaire *questionnaire) {
  const Ratings *ratings = reading->ratings;
  gsize *levels = questionnaire->participant_levels = g_new(gsize, MAX(ratings->n_participants, 1));
  g_autofree bool *differs = g_new0(bool, MAX(ratings->n_participants, 1));
  for (gsize p = 0; p < ratings->n_participants; p++)
    levels[p] = QUESTIONNAIRE_NO_LEVEL;
  for (gsize r = 0; r < ratings->n_raters; r++) {
    gsize *level = &levels[ratings->raters[r].person], own = questionnaire->levels[r];
    if (*level == QUESTIONNAIRE_NO_LEVEL)
      *level = own;
    else if (own != QUESTIONNAIRE_NO_LEVEL && own != *level)
      differs[ratings->raters[r].person] = true;
  }
  for (gsize r = 0; r < ratings->n_raters; r++) {
    const Rater *rater = &ratings->raters[r];
    if (!differs[rater->person])
      continue;
    exclusion_log_add(reading->log, EXCLUSION_UNUSED, reading->file, 0, reading->tool,
                      "%s answered differently in different sessions and is left out of comparisons by %s",
                      rater->participant, reading->tool);
    differs[rater->person] = false;
    levels[rater->person] = QUESTIONNAIRE_NO_LEVEL;
  }
}

static bool fill(const Reading *reading, const Table *table, gsize value, GHashTable *codes,
                 Questionnaire *questionnaire, GError **error) {
  const Ratings *ratings = reading->ratings;
  g_autoptr(GArray) answers = g_array_new(FALSE, FALSE, sizeof(Answer));
  if (!read_answers(table, reading->tool, value, codes, answers, error))
    return false;
  questionnaire->name = g_strdup(reading->tool);
  questionnaire->in_words = codes != NULL;
  questionnaire->answers = g_new(double, MAX(ratings->n_raters, 1));
  questionnaire->levels = g_new(gsize, MAX(ratings->n_raters, 1));
  for (gsize i = 0; i < ratings->n_raters; i++) {
    const Answer *answer = take_answer(answers, &ratings->raters[i]);
    questionnaire->answers[i] = answer != NULL ? answer->value : NAN;
    if (isnan(questionnaire->answers[i]))
      exclusion_log_add(reading->log, EXCLUSION_ANSWER, reading->file, 0, reading->tool, "no answer of %s",
                        ratings->raters[i].id);
  }
  if (!check_unused(reading, table, answers, questionnaire, error))
    return false;
  find_levels(questionnaire, answers, ratings->n_raters);
  find_participant_levels(reading, questionnaire);
  return true;
}

static void log_unused(const Reading *reading, GPtrArray *unused, char *why) {
  exclusion_log_add(reading->log, EXCLUSION_UNUSED, reading->file, 0, reading->tool, "%s", why);
  g_ptr_array_add(unused, g_strdup_printf("%s: %s", reading->file, why));
  g_free(why);
}

/* Fills one questionnaire; *found is false where the file has no column of its own name, or free text there. */
static bool read_tool(const char *phenotype, const char *tool, const Ratings *ratings, ExclusionLog *log,
                      Questionnaire *questionnaire, GPtrArray *unused, bool *found, GError **error) {
  g_autofree char *name = g_strconcat(tool, ".tsv", NULL);
  g_autofree char *path = g_build_filename(phenotype, name, NULL);
  g_autofree char *relative = g_build_filename("phenotype", name, NULL);
  g_autoptr(Table) table = NULL;
  g_autoptr(GHashTable) codes = NULL;
  Reading reading = {ratings, log, relative, tool};
  if (!table_read(path, &table, error))
    return false;
  int value = table_column(table, tool);
  *found = false;
  if (value < 0) {
    log_unused(&reading, unused, g_strdup_printf("no column '%s': the file is not used", tool));
    return true;
  }
  gsize n_words;
  bool in_words = is_text(table, (gsize)value);
  if (in_words && (codes = number_words(table, (gsize)value, &n_words)) == NULL) {
    log_unused(&reading, unused, g_strdup_printf("free text (%zu different answers): it is not used", n_words));
    return true;
  }
  *found = fill(&reading, table, (gsize)value, codes, questionnaire, error);
  return *found;
}

bool questionnaires_read(const char *folder, const Ratings *ratings, ExclusionLog *log, Questionnaires **questionnaires,
                         GError **error) {
  g_autofree char *phenotype = g_build_filename(folder, "phenotype", NULL);
  g_autoptr(GPtrArray) tools = NULL;
  if (!list_tools(phenotype, &tools, error))
    return false;
  g_autoptr(Questionnaires) made = g_new0(Questionnaires, 1);
  g_autoptr(GPtrArray) unused = g_ptr_array_new_with_free_func(g_free);
  made->questionnaires = g_new0(Questionnaire, MAX(tools->len, 1));
  for (guint i = 0; i < tools->len; i++) {
    bool found;
    /* Counted first, so that a failure frees what was filled. */
    Questionnaire *next = &made->questionnaires[made->n_questionnaires++];
    if (!read_tool(phenotype, g_ptr_array_index(tools, i), ratings, log, next, unused, &found, error))
      return false;
    if (!found)
      made->n_questionnaires--;
  }
  g_ptr_array_add(unused, NULL);
  made->unused = (char **)g_ptr_array_free(g_steal_pointer(&unused), FALSE);
  *questionnaires = g_steal_pointer(&made);
  return true;
}

void questionnaires_free(Questionnaires *questionnaires) {
  if (questionnaires == NULL)
    return;
  for (gsize i = 0; i < questionnaires->n_questionnaires; i++) {
    Questionnaire *questionnaire = &questionnaires->questionnaires[i];
    g_free(questionnaire->name);
    g_free(questionnaire->values);
    g_strfreev(questionnaire->labels);
    g_free(questionnaire->answers);
    g_free(questionnaire->levels);
    g_free(questionnaire->participant_levels);
  }
  g_strfreev(questionnaires->unused);
  g_free(questionnaires->questionnaires);
  g_free(questionnaires);
}
