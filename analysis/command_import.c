#include "analysis/commands.h"

#include "analysis/features/image_features.h"
#include "analysis/output_place.h"
#include "analysis/ratings/data_files.h"
#include "analysis/ratings/import.h"
#include "stimuli/base/error.h"

#include <stdio.h>

typedef struct {
  const char *data, *set, *columns, *rules, *out, *log;
} Settings;

/* The ratings as a long table, with the measured features of each image. */
static Table *long_table(const Ratings *ratings, const StimulusSet *set) {
  Table *table = ratings_table(ratings, set);
  for (const char *const *name = image_features_names(); *name != NULL; name++) {
    int from = table_column(set->stimuli, *name);
    if (from < 0)
      continue;
    gsize to = table_add_column(table, *name);
    for (gsize i = 0; i < ratings->n_ratings; i++)
      table_set(table, i, to, table_get(set->stimuli, ratings->ratings[i].image, (gsize)from));
  }
  return table;
}

static bool read_without_set(const Settings *settings, ExclusionLog *log, StimulusSet **set, Ratings **ratings,
                             GError **error) {
  g_autoptr(ExclusionRules) rules = NULL;
  if (settings->rules != NULL && !exclusion_rules_read(settings->rules, &rules, error))
    return false;
  g_autoptr(StimulusSet) own = NULL;
  g_autoptr(Ratings) made = NULL;
  if (!import_ratings(settings->data, settings->columns, rules, NULL, &own, log, &made, error))
    return false;
  if (!exclusion_rules_apply(rules, made, table_n_rows(own->stimuli), log, error))
    return false;
  *set = g_steal_pointer(&own);
  *ratings = g_steal_pointer(&made);
  return true;
}

static void print_summary(const Ratings *ratings, const ExclusionLog *log) {
  g_autoptr(Table) summary = exclusion_log_summary(log);
  for (gsize row = 0; row < table_n_rows(summary); row++)
    printf("%s: %s entries, %s participants, %s trials left out\n", table_get(summary, row, 0),
           table_get(summary, row, 1), table_get(summary, row, 2), table_get(summary, row, 3));
  printf("%zu of %zu participants and %zu of %zu trials stay\n", ratings->n_participants, ratings->n_participants_read,
         ratings->n_ratings, ratings->n_ratings_read);
}

/* None of the data's files, nor the map or the rules, is overwritten. */
static bool check_outputs(const Settings *settings, const char *const *outputs, gsize n_outputs, GError **error) {
  g_autoptr(GPtrArray) inputs = data_files_all(settings->data);
  g_ptr_array_add(inputs, g_strdup(settings->columns));
  g_ptr_array_add(inputs, g_strdup(settings->rules));
  return output_place_check_files(outputs, n_outputs, (const char *const *)inputs->pdata, inputs->len, error);
}

static bool import(const Settings *settings, GError **error) {
  g_autoptr(StimulusSet) set = NULL;
  g_autoptr(ExclusionLog) log = exclusion_log_new();
  g_autoptr(Ratings) ratings = NULL;
  const char *const outputs[] = {settings->out, settings->log};
  if (!check_outputs(settings, outputs, G_N_ELEMENTS(outputs), error))
    return false;
  RatingsOptions options = {.columns = settings->columns, .rules = settings->rules};
  if (settings->set == NULL ? !read_without_set(settings, log, &set, &ratings, error)
                            : !commands_open_set(settings->set, false, outputs, G_N_ELEMENTS(outputs), &set, error) ||
                                  !ratings_read(settings->data, set, &options, log, &ratings, error))
    return false;
  g_autoptr(Table) table = long_table(ratings, set);
  g_autoptr(Table) excluded = exclusion_log_table(log);
  if (!commands_write_private(table, settings->out, error) ||
      (settings->log != NULL && !commands_write_private(excluded, settings->log, error)))
    return false;
  print_summary(ratings, log);
  return true;
}

static bool run_import(int argc, char **argv, GError **error) {
  g_autofree char *set = NULL, *columns = NULL, *rules = NULL, *out = NULL, *log = NULL;
  const GOptionEntry entries[] = {
      {"columns", 0, 0, G_OPTION_ARG_FILENAME, &columns,
       "The column map of another program's tables (default: our own names)", "MAP"},
      {"rules", 0, 0, G_OPTION_ARG_FILENAME, &rules, "Exclusion rules to apply", "RULES"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &set,
       "The stimulus set that was rated: checks the images, adds layers and features", "SET"},
      {"exclusions", 0, 0, G_OPTION_ARG_FILENAME, &log, "Write what was left out, and why, there", "LOG.tsv"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Write the ratings there, one row a trial", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_import, entries, 1, 1, &argc, &argv, error))
    return *error == NULL;
  if (out == NULL || *out == '\0' || *argv[1] == '\0') {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, out == NULL ? "import needs -o OUT.tsv" : "a name is empty");
    return false;
  }
  Settings settings = {argv[1], set, columns, rules, out, log};
  return import(&settings, error);
}

const Command command_import = {"import", "DATA", "Turn ratings of PsychoPy, jsPsych, Qualtrics into one long table",
                                run_import};
