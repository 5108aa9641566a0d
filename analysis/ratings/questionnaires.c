#include "analysis/ratings/questionnaires.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

/* One row of a phenotype file. */
typedef struct {
  const char *participant, *session; /* into the table; session NULL where there is none */
  double value;
  double run;        /* NaN where there is none */
  const char *label; /* NULL where there is none */
  bool used;
} Answer;

static int compare_names(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool list_tools(const char *phenotype, GPtrArray **tools, GError **error) {
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
  if (g_file_test(phenotype, G_FILE_TEST_IS_DIR)) {
    GError *cause = NULL;
    GDir *dir = g_dir_open(phenotype, 0, &cause);
    if (dir == NULL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", phenotype, cause->message);
      g_error_free(cause);
      return false;
    }
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
      if (g_str_has_suffix(name, ".tsv"))
        g_ptr_array_add(found, g_strndup(name, strlen(name) - strlen(".tsv")));
    g_dir_close(dir);
  }
  g_ptr_array_sort(found, compare_names);
  *tools = g_steal_pointer(&found);
  return true;
}

static bool read_answers(const Table *table, const char *tool, gsize value, GArray *answers, GError **error) {
  gsize participant;
  if (!table_require_column(table, "participant_id", &participant, error))
    return false;
  g_autofree char *label_name = g_strconcat(tool, "_label", NULL);
  int label = table_column(table, label_name), session = table_column(table, "session_id");
  int run = table_column(table, "run");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    Answer answer = {.participant = table_get(table, row, participant), .run = NAN};
    if (!table_get_double(table, row, value, &answer.value, error) ||
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
static Answer *take_answer(GArray *answers, const Rater *rater) {
  Answer *taken = NULL;
  for (guint i = 0; i < answers->len && (taken == NULL || taken->used); i++)
    if (fits(&g_array_index(answers, Answer, i), rater))
      taken = &g_array_index(answers, Answer, i);
  if (taken != NULL)
    taken->used = true;
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

/* Fills one questionnaire; *found is false where the file has no column of its own name, or free text there. */
static bool read_tool(const char *phenotype, const char *tool, const Ratings *ratings, ExclusionLog *log,
                      Questionnaire *questionnaire, bool *found, GError **error) {
  g_autofree char *name = g_strconcat(tool, ".tsv", NULL);
  g_autofree char *path = g_build_filename(phenotype, name, NULL);
  g_autofree char *relative = g_build_filename("phenotype", name, NULL);
  g_autoptr(Table) table = NULL;
  if (!table_read(path, &table, error))
    return false;
  int value = table_column(table, tool);
  *found = value >= 0 && !is_text(table, (gsize)value);
  if (!*found)
    return true;
  g_autoptr(GArray) answers = g_array_new(FALSE, FALSE, sizeof(Answer));
  if (!read_answers(table, tool, (gsize)value, answers, error))
    return false;
  questionnaire->name = g_strdup(tool);
  questionnaire->answers = g_new(double, MAX(ratings->n_raters, 1));
  questionnaire->levels = g_new(gsize, MAX(ratings->n_raters, 1));
  for (gsize i = 0; i < ratings->n_raters; i++) {
    const Answer *answer = take_answer(answers, &ratings->raters[i]);
    questionnaire->answers[i] = answer != NULL ? answer->value : NAN;
    if (isnan(questionnaire->answers[i]))
      exclusion_log_add(log, EXCLUSION_ANSWER, relative, 0, tool, "no answer of %s", ratings->raters[i].id);
  }
  find_levels(questionnaire, answers, ratings->n_raters);
  return true;
}

bool questionnaires_read(const char *folder, const Ratings *ratings, ExclusionLog *log, Questionnaires **questionnaires,
                         GError **error) {
  g_autofree char *phenotype = g_build_filename(folder, "phenotype", NULL);
  g_autoptr(GPtrArray) tools = NULL;
  if (!list_tools(phenotype, &tools, error))
    return false;
  g_autoptr(Questionnaires) made = g_new0(Questionnaires, 1);
  made->questionnaires = g_new0(Questionnaire, MAX(tools->len, 1));
  for (guint i = 0; i < tools->len; i++) {
    bool found;
    /* Counted first, so that a failure frees what was filled. */
    Questionnaire *next = &made->questionnaires[made->n_questionnaires++];
    if (!read_tool(phenotype, g_ptr_array_index(tools, i), ratings, log, next, &found, error))
      return false;
    if (!found)
      made->n_questionnaires--;
  }
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
  }
  g_free(questionnaires->questionnaires);
  g_free(questionnaires);
}

const Questionnaire *questionnaires_find(const Questionnaires *questionnaires, const char *name) {
  for (gsize i = 0; i < questionnaires->n_questionnaires; i++)
    if (strcmp(questionnaires->questionnaires[i].name, name) == 0)
      return &questionnaires->questionnaires[i];
  return NULL;
}
