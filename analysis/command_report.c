#include "analysis/commands.h"

#include "analysis/report/report.h"
#include "analysis/report/report_folder.h"
#include "stimuli/base/error.h"
#include "stimuli/base/stop.h"
#include "synth/net/plan.h"

#include <stdio.h>
#include <string.h>

#define MAX_RESAMPLES 100000

static bool parse_unit(const char *name, StudyUnit *unit, GError **error) {
  static const StudyUnit units[] = {STUDY_UNIT_IMAGE, STUDY_UNIT_LAYER};
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (name == NULL || strcmp(name, study_unit_name(units[i])) == 0) {
      *unit = units[i];
      return true;
    }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--unit %s: must be image or layer", name);
  return false;
}

static bool check_tails(gint64 tails, GError **error) {
  if (tails == 1 || tails == 2)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--tails: must be 1 or 2");
  return false;
}

static bool check_resampling(gint64 resamples, gint64 seed, int jobs, GError **error) {
  if (resamples < 0 || resamples > MAX_RESAMPLES)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--resamples: must be 0 to %d", MAX_RESAMPLES);
  else if (seed < 0)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--seed: must be 0 or more");
  else if (jobs < 0)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--jobs: must be 1 or more");
  else
    return true;
  return false;
}

static bool make_report(const char *data, const char *set_folder, const char *out, const RatingsOptions *ratings,
                        const ReportOptions *options, GError **error) {
  g_autoptr(StimulusSet) set = NULL;
  if (!report_folder_check(out, error) || !commands_open_set(set_folder, true, NULL, 0, &set, error))
    return false;
  StudyOptions study_options = {.ratings = *ratings};
  g_autoptr(Study) study = NULL;
  g_autoptr(ReportFiles) files = NULL;
  net_blas_init(); /* the same sums on any number of processors */
  if (!study_open(data, set, &study_options, &study, error) || !report_make(study, options, &files, error) ||
      !report_folder_write(files, out, error))
    return false;
  printf("%s/%s: %zu %s, %zu ratings\n", out, REPORT_PAGE, study->n_participants,
         study->n_participants == 1 ? "participant" : "participants", study->ratings->n_ratings);
  for (char **unused = study->questionnaires->unused; *unused != NULL; unused++)
    printf("note: %s\n", *unused);
  return true;
}

static bool run_report(int argc, char **argv, GError **error) {
  g_autofree char *set = NULL, *out = NULL, *phase = NULL, *unit_name = NULL, *columns = NULL, *rules = NULL;
  gint64 resamples = 500, seed = 1, tails = 2;
  int jobs = 0;
  const GOptionEntry entries[] = {
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &set, "The stimulus set that was rated", "SET"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
       "Folder of the report: new, empty, or an earlier report, which is replaced", "DIR"},
      {"unit", 0, 0, G_OPTION_ARG_STRING, &unit_name, "Cases of correlations and regressions: image (default) or layer",
       "UNIT"},
      {"tails", 0, 0, G_OPTION_ARG_INT64, &tails,
       "Stars of the correlations: two-tailed (2, default) or one-tailed (1)", "1|2"},
      {"phase", 0, 0, G_OPTION_ARG_STRING, &phase, "Phase of the session to analyse (default main)", "PHASE"},
      {"columns", 0, 0, G_OPTION_ARG_FILENAME, &columns, "DATA is another program's tables: their column map", "MAP"},
      {"rules", 0, 0, G_OPTION_ARG_FILENAME, &rules, "Exclusion rules to apply (default: nothing is excluded)",
       "RULES"},
      {"resamples", 0, 0, G_OPTION_ARG_INT64, &resamples,
       "Bootstrap samples, permutations, splits and simulated dips (default 500; 0: none)", "N"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of the resampling (default 1)", "SEED"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Samples at a time (default: one per processor)", "N"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_report, entries, 1, 1, &argc, &argv, error))
    return *error == NULL;
  if (*argv[1] == '\0' || (set != NULL && *set == '\0') || (out != NULL && *out == '\0')) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s: the name is empty",
                *argv[1] == '\0'                ? "DATA"
                : (set != NULL && *set == '\0') ? "--set"
                                                : "-o");
    return false;
  }
  if (set == NULL || out == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "report needs %s", set == NULL ? "--set SET" : "-o DIR");
    return false;
  }
  ReportOptions options = {0};
  if (!parse_unit(unit_name, &options.unit, error) || !check_tails(tails, error) ||
      !check_resampling(resamples, seed, jobs, error))
    return false;
  options.one_tailed = tails == 1;
  options.resampling = (ResamplingOptions){(gsize)resamples, (guint64)seed, (gsize)jobs};
  StopHandlers old;
  stop_begin(&old);
  RatingsOptions ratings = {.phase = phase, .columns = columns, .rules = rules};
  bool done = make_report(argv[1], set, out, &ratings, &options, error);
  stop_end(&old);
  return done;
}

const Command command_report = {"report", "DATA", "Analyse a rating study and write its report", run_report};
