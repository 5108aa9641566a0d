#include <stdio.h>
#include <string.h>

#include "analysis/commands.h"
#include "analysis/data_table.h"
#include "analysis/model_rows.h"
#include "analysis/output_place.h"
#include "analysis/stats/mixed.h"
#include "analysis/stats/mixed_nesting.h"
#include "analysis/stats/model_table.h"
#include "analysis/stats/regression.h"
#include "stimuli/base/error.h"
#include "synth/net/plan.h"

typedef struct {
  char *data, *formula, *against, *modes, *fitted, *out;
  gboolean ml, drop, profile;
} Settings;

static void settings_clear(Settings *settings) {
  g_free(settings->data);
  g_free(settings->formula);
  g_free(settings->against);
  g_free(settings->modes);
  g_free(settings->fitted);
  g_free(settings->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settings, settings_clear)

static void clear_test(gpointer data) { g_free(((ModelTest *)data)->name); }

static bool fit(const Formula *formula, const Table *table, const MixedOptions *options, ModelFrame **frame,
                MixedModel **model, GError **error) {
  if (!model_frame_new(formula, table, frame, error))
    return false;
  if (mixed_fit(*frame, options, model, error))
    return true;
  g_prefix_error(error, "%s: ", table_name(table));
  model_variables_explain((*frame)->notes, error);
  return false;
}

/* As fit, of a model that is only compared; *own_frame (or NULL) takes its frame. */
static bool fit_compared(const Formula *formula, const Table *table, bool ml, const ModelFrame *same_rows,
                         ModelFrame **own_frame, MixedModel **model, GError **error) {
  const MixedOptions options = {.ml = ml, .no_inference = true};
  g_autoptr(ModelFrame) frame = NULL;
  if (!fit(formula, table, &options, &frame, model, error))
    return false;
  bool same = frame->n == same_rows->n && memcmp(frame->rows, same_rows->rows, frame->n * sizeof *frame->rows) == 0;
  if (same && own_frame != NULL)
    *own_frame = g_steal_pointer(&frame);
  if (same)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s: the two formulas have values in different rows (%" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT
              "), so their fits cannot be compared; leave out the rows with missing values first",
              table_name(table), same_rows->n, frame->n);
  return false;
}

/* A formula with its frame and its fit by ML. */
typedef struct {
  const Formula *formula;
  const ModelFrame *frame;
  const MixedModel *model;
} Compared;

/* Whether the model with fewer parameters is inside the other one. */
static bool check_nesting(const char *against, const Compared *smaller, const Compared *larger, GError **error) {
  g_autofree char *lacking = NULL;
  if (!mixed_nesting(smaller->formula, smaller->frame, larger->frame, &lacking, error))
    return false;
  if (lacking == NULL && smaller->model->n_parameters < larger->model->n_parameters)
    return true;
  if (lacking == NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--against '%s': is the same model as '%s'", against,
                larger->formula->text);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "--against '%s': a likelihood-ratio test needs nested models, and '%s', which has %s "
                "parameters, is not seen to hold %s",
                against, larger->formula->text,
                smaller->model->n_parameters < larger->model->n_parameters ? "more" : "as many", lacking);
  return false;
}

static bool test_against(const Settings *settings, const Table *table, const Formula *formula, const ModelFrame *frame,
                         GArray *tests, GError **error) {
  g_autoptr(Formula) other = NULL;
  g_autoptr(ModelFrame) other_frame = NULL;
  g_autoptr(MixedModel) one = NULL, two = NULL;
  if (!formula_parse(settings->against, &other, error))
    return false;
  if (strcmp(other->response.name, formula->response.name) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--against '%s': another response than '%s'", settings->against,
                formula->response.name);
    return false;
  }
  if (!fit_compared(formula, table, true, frame, NULL, &one, error) ||
      !fit_compared(other, table, true, frame, &other_frame, &two, error))
    return false;
  const Compared own = {formula, frame, one}, given = {other, other_frame, two};
  bool smaller = two->n_parameters <= one->n_parameters;
  if (!check_nesting(settings->against, smaller ? &given : &own, smaller ? &own : &given, error))
    return false;
  ModelTest test = {g_strdup(settings->against), mixed_compare(smaller ? two : one, smaller ? one : two),
                    one->n_theta != two->n_theta, false};
  g_array_append_val(tests, test);
  return true;
}

/* The tests of leaving out each term: fixed ones by ML, random ones by the method of the fit. */
static bool test_terms(const Formula *formula, const Table *table, const ModelFrame *frame, const MixedModel *model,
                       GArray *tests, GError **error) {
  g_autoptr(GArray) droppable = formula_droppable(formula);
  g_autoptr(MixedModel) by_ml = NULL;
  if (droppable->len > 0 && !fit_compared(formula, table, true, frame, NULL, &by_ml, error))
    return false;
  for (gsize k = 0; k < droppable->len; k++) {
    gsize term = g_array_index(droppable, gsize, k);
    g_autoptr(Formula) without = formula_without_fixed(formula, term);
    g_autoptr(MixedModel) smaller = NULL;
    if (!fit_compared(without, table, true, frame, NULL, &smaller, error))
      return false;
    ModelTest test = {formula_term_name(formula, g_array_index(formula->fixed.terms, guint64, term)),
                      mixed_compare(smaller, by_ml), false, false};
    g_array_append_val(tests, test);
  }
  for (gsize r = 0; r < formula->n_random; r++) {
    const FormulaRandom *random = &formula->random[r];
    g_autoptr(Formula) without = formula_without_random(formula, r);
    g_autoptr(MixedModel) smaller = NULL;
    if (!fit_compared(without, table, !model->reml, frame, NULL, &smaller, error))
      return false;
    g_autoptr(GString) name = g_string_new("(");
    g_string_append(name, random->effects.intercept ? "1" : "0");
    for (gsize t = 0; t < random->effects.terms->len; t++) {
      g_autofree char *effect = formula_term_name(formula, g_array_index(random->effects.terms, guint64, t));
      g_string_append_printf(name, " + %s", effect);
    }
    g_string_append_printf(name, " | %s)", random->group_name);
    ModelTest test = {g_strdup(name->str), mixed_compare(smaller, model), true, model->reml};
    g_array_append_val(tests, test);
  }
  return true;
}

/* The regression beside a fit without random terms, for R2, VIF and its warnings; none without an intercept or without
 * predictors. */
static bool add_regression(const Formula *formula, const ModelFrame *frame, Regression **regression, GError **error) {
  if (formula->n_random > 0 || !formula->fixed.intercept || frame->fixed.n_columns < 2)
    return true;
  gsize p = frame->fixed.n_columns - 1;
  g_autofree const double **predictors = g_new(const double *, p);
  for (gsize c = 0; c < p; c++)
    predictors[c] = frame->fixed.values + (c + 1) * frame->n;
  return regression_fit(frame->y, (const char *const *)frame->fixed.names + 1, predictors, p, frame->n, regression,
                        error);
}

static char **gather_notes(const ModelFrame *frame, const MixedModel *model, const Regression *regression,
                           const GArray *tests) {
  g_autoptr(GStrvBuilder) notes = g_strv_builder_new();
  if (frame->n_duplicates > 0) {
    g_autofree char *note = g_strdup_printf(
        "%" G_GSIZE_FORMAT " rows equal an earlier row in every cell (the first is line %" G_GSIZE_FORMAT
        "); if they are copies by mistake, remove them.",
        frame->n_duplicates, frame->duplicate_row + 2);
    g_strv_builder_add(notes, note);
  }
  for (guint k = 0; k < frame->notes->len; k++)
    g_strv_builder_add(notes, frame->notes->pdata[k]);
  g_auto(GStrv) of_fit = regression != NULL ? regression_warnings(regression) : mixed_notes(model);
  g_strv_builder_addv(notes, (const char **)of_fit);
  for (guint k = 0; k < tests->len; k++) {
    const ModelTest *test = &g_array_index(tests, ModelTest, k);
    g_autofree char *note = g_strdup_printf(
        "The test of %s is not given: the larger model fits worse than the smaller one, which cannot be, so the search "
        "for one of them did not converge on its maximum. Try simpler models.",
        test->name);
    if (test->comparison.contradictory)
      g_strv_builder_add(notes, note);
  }
  return g_strv_builder_end(notes);
}

static bool check_random(const Settings *settings, const Formula *formula, GError **error) {
  if (formula->n_random > 0 || (settings->modes == NULL && !settings->profile))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s: the formula '%s' has no random effects",
              settings->modes != NULL ? "--modes" : "--profile", settings->formula);
  return false;
}

/* Each file that will be written has a place, is no input, and is written once. */
static bool check_places(const Settings *settings, GError **error) {
  const char *const inputs[] = {settings->data}, *const outputs[] = {settings->out, settings->modes, settings->fitted};
  return output_place_check_files(outputs, G_N_ELEMENTS(outputs), inputs, 1, error);
}

/* --modes and --fitted, which tell of single participants. */
static bool write_rows(const Settings *settings, const Formula *formula, const Table *table, const ModelFrame *frame,
                       const MixedModel *fitted, GError **error) {
  g_autoptr(MixedModes) modes = NULL;
  if (settings->modes == NULL && settings->fitted == NULL)
    return true;
  if (!mixed_modes(frame, fitted, &modes, error)) {
    g_prefix_error(error, "%s: ", table_name(table));
    return false;
  }
  g_autoptr(Table) of_levels = model_modes_table(frame, modes, formula, table);
  g_autoptr(Table) of_rows = model_fitted_table(frame, modes);
  return (settings->modes == NULL || commands_write_private(of_levels, settings->modes, error)) &&
         (settings->fitted == NULL || commands_write_private(of_rows, settings->fitted, error));
}

static bool add_profile(const ModelFrame *frame, const Table *table, MixedProfile **profile, GError **error) {
  if (mixed_profile(frame, 0, profile, error))
    return true;
  g_prefix_error(error, "%s: ", table_name(table));
  return false;
}

static bool model(const Settings *settings, GError **error) {
  g_autoptr(Formula) formula = NULL;
  g_autoptr(Table) table = NULL, result = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  g_autoptr(MixedModel) fitted = NULL;
  g_autoptr(Regression) regression = NULL;
  g_autoptr(MixedProfile) profile = NULL;
  g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(ModelTest));
  g_array_set_clear_func(tests, clear_test);
  net_blas_init(); /* the same sums on any number of processors */
  const MixedOptions options = {.ml = settings->ml};
  if (!formula_parse(settings->formula, &formula, error) || !check_random(settings, formula, error) ||
      !check_places(settings, error) || !data_table_read(settings->data, &table, error) ||
      !fit(formula, table, &options, &frame, &fitted, error) || !add_regression(formula, frame, &regression, error) ||
      (settings->profile && !add_profile(frame, table, &profile, error)) ||
      (settings->drop && !test_terms(formula, table, frame, fitted, tests, error)) ||
      (settings->against != NULL && !test_against(settings, table, formula, frame, tests, error)))
    return false;
  g_auto(GStrv) notes = gather_notes(frame, fitted, regression, tests);
  const ModelReport report = {settings->formula, frame, fitted, regression, profile, tests, (const char *const *)notes};
  g_autoptr(GString) text = model_text(&report);
  result = model_table(&report);
  if ((settings->out != NULL && !commands_write_table(result, settings->out, error)) ||
      !write_rows(settings, formula, table, frame, fitted, error))
    return false;
  fputs(text->str, stdout);
  return true;
}

static bool run_model(int argc, char **argv, GError **error) {
  g_auto(Settings) settings = {0};
  const GOptionEntry entries[] = {
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &settings.data, "Table with one row a rating (required)", "FILE"},
      {"formula", 0, 0, G_OPTION_ARG_STRING, &settings.formula,
       "Model, as in R: 'arousal ~ cfc + (1 | participant) + (1 | stim_id)' (required)", "FORMULA"},
      {"ml", 0, 0, G_OPTION_ARG_NONE, &settings.ml, "Maximum likelihood rather than REML", NULL},
      {"drop", 0, 0, G_OPTION_ARG_NONE, &settings.drop, "Likelihood-ratio test of each term", NULL},
      {"against", 0, 0, G_OPTION_ARG_STRING, &settings.against, "Likelihood-ratio test against another model",
       "FORMULA"},
      {"profile", 0, 0, G_OPTION_ARG_NONE, &settings.profile, "Profile-likelihood intervals of the variances", NULL},
      {"modes", 0, 0, G_OPTION_ARG_FILENAME, &settings.modes, "Write the random effects of each level (BLUPs)",
       "MODES.tsv"},
      {"fitted", 0, 0, G_OPTION_ARG_FILENAME, &settings.fitted, "Write fitted values and residuals", "ROWS.tsv"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &settings.out, "Write the results as a table", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_model, entries, 0, 0, &argc, &argv, error))
    return *error == NULL;
  if (settings.data == NULL || settings.formula == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s is required", settings.data == NULL ? "--data" : "--formula");
    return false;
  }
  return model(&settings, error);
}

const Command command_model = {"model", "", "Fit a regression or a linear mixed model", run_model};
