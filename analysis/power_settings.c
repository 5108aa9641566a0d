#include "analysis/power_settings.h"

#include <math.h>
#include <string.h>

#include "analysis/data_table.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

#define MAX_SIZE 100000
#define MAX_SIZES 50

const char *const power_predictor_names[] = {"image", "participant", "trial", NULL};

/* The options as text; those of the model stay NULL where the fit's are to be used. */
typedef struct {
  char *formula, *term, *participant, *image, *participants, *images, *predictor, *seed;
  char *effect, *sd_participant, *sd_image, *sd_layer, *sd_slope, *sd_residual, *alpha;
  int layers, ratings, simulations, jobs;
  gboolean two_groups;
} Options;

static void options_clear(Options *options) {
  char **const texts[] = {&options->formula,      &options->term,           &options->participant, &options->image,
                          &options->participants, &options->images,         &options->predictor,   &options->seed,
                          &options->effect,       &options->sd_participant, &options->sd_image,    &options->sd_layer,
                          &options->sd_slope,     &options->sd_residual,    &options->alpha};
  for (gsize k = 0; k < G_N_ELEMENTS(texts); k++)
    g_clear_pointer(texts[k], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

void power_settings_clear(PowerSettings *settings) {
  g_clear_pointer(&settings->participants, g_array_unref);
  g_clear_pointer(&settings->images, g_array_unref);
  g_clear_pointer(&settings->study, power_study_free);
  g_clear_pointer(&settings->term, g_free);
  g_clear_pointer(&settings->data, g_free);
  g_clear_pointer(&settings->out, g_free);
  g_clear_pointer(&settings->figure, g_free);
}

static bool usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool usage(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, message);
  return false;
}

static gint by_size(gconstpointer a, gconstpointer b) {
  gsize x = *(const gsize *)a, y = *(const gsize *)b;
  return x < y ? -1 : x > y;
}

/* "20,40,80" in ascending order, each once. */
static bool parse_sizes(const char *option, const char *text, GArray **sizes, GError **error) {
  if (text == NULL)
    return usage(error, "%s is required: one or more numbers, as 20,40,80", option);
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  *sizes = g_array_new(FALSE, FALSE, sizeof(gsize));
  for (gsize k = 0; parts[k] != NULL; k++) {
    gint64 value;
    if (!number_parse_int(g_strstrip(parts[k]), &value) || value < 2 || value > MAX_SIZE || k >= MAX_SIZES)
      return usage(error, "%s %s: at most %d numbers from 2 to %d expected, as 20,40,80", option, text, MAX_SIZES,
                   MAX_SIZE);
    gsize size = (gsize)value;
    g_array_append_val(*sizes, size);
  }
  g_array_sort(*sizes, by_size);
  for (gsize k = (*sizes)->len; k-- > 1;)
    if (g_array_index(*sizes, gsize, k) == g_array_index(*sizes, gsize, k - 1))
      g_array_remove_index(*sizes, (guint)k);
  return true;
}

/* *value stays where text is NULL. */
static bool parse_number(const char *option, const char *text, double min, double max, double *value, GError **error) {
  double parsed;
  if (text == NULL)
    return true;
  if (!number_parse_double(text, &parsed) || parsed < min || parsed > max)
    return usage(error, "%s %s: a number from %g to %g expected", option, text, min, max);
  *value = parsed;
  return true;
}

/* Our own tables call it stim_id. */
static const char *image_column(const Options *options, const Table *table) {
  if (options->image != NULL)
    return options->image;
  return table_column(table, "image") < 0 && table_column(table, "stim_id") >= 0 ? "stim_id" : "image";
}

/* The model that the formula has in the data, with what is given in place of the fit's. */
static bool fit_study(const Options *options, PowerSettings *settings, GError **error) {
  g_autoptr(Table) table = NULL;
  PowerModel *model = &settings->model;
  if (options->formula == NULL || options->term == NULL)
    return usage(error, "--data needs --formula and --term");
  if (options->two_groups || options->predictor != NULL)
    return usage(error, "--two-groups and --predictor are for a model that is given, not one fitted to --data");
  if (!data_table_read(settings->data, &table, error) ||
      !power_study_new(options->formula, table, options->term,
                       options->participant != NULL ? options->participant : "participant",
                       image_column(options, table), &settings->study, error))
    return false;
  settings->term = g_strdup(options->term);
  if (settings->design.n_layers == 0)
    settings->design.n_layers = power_study_layers(settings->study);
  else if (power_study_layers(settings->study) == 0)
    return usage(error, "--layers: the formula has no group of images, as (1 | layer)");
  if (!parse_number("--effect", options->effect, -1e9, 1e9, &model->effect, error))
    return false;
  if (options->effect != NULL)
    power_study_set_effect(settings->study, model->effect);
  model->effect = power_study_effect(settings->study);
  const struct {
    const char *option, *text;
    double *sd;
  } variances[] = {[POWER_SD_PARTICIPANT] = {"--sd-participant", options->sd_participant, &model->sd_participant},
                   [POWER_SD_IMAGE] = {"--sd-image", options->sd_image, &model->sd_image},
                   [POWER_SD_LAYER] = {"--sd-layer", options->sd_layer, &model->sd_layer},
                   [POWER_SD_SLOPE] = {"--sd-slope", options->sd_slope, &model->sd_slope},
                   [POWER_SD_RESIDUAL] = {"--sd-residual", options->sd_residual, &model->sd_residual}};
  for (gsize k = 0; k < G_N_ELEMENTS(variances); k++) {
    if (!parse_number(variances[k].option, variances[k].text, k == POWER_SD_RESIDUAL ? 1e-9 : 0, 1e9, variances[k].sd,
                      error))
      return false;
    if (variances[k].text != NULL && !power_study_set_sd(settings->study, (PowerSd)k, *variances[k].sd))
      return usage(error, "%s: the formula has no such random effect", variances[k].option);
    *variances[k].sd = power_study_sd(settings->study, (PowerSd)k);
  }
  return true;
}

static bool parse_model(const Options *options, PowerSettings *settings, GError **error) {
  PowerModel *model = &settings->model;
  settings->design.n_layers = (gsize)options->layers;
  if (settings->data != NULL)
    return fit_study(options, settings, error);
  if (options->participant != NULL || options->image != NULL)
    return usage(error, "--participant-column and --image-column need --data");
  if ((options->formula != NULL || options->term != NULL))
    return usage(error, "--formula and --term need --data");
  if ((options->effect == NULL || options->sd_residual == NULL))
    return usage(error,
                 "give the model, --effect and --sd-residual at least, or --data, --formula and --term to fit it");
  if (options->predictor != NULL) {
    gsize k = 0;
    while (power_predictor_names[k] != NULL && strcmp(options->predictor, power_predictor_names[k]) != 0)
      k++;
    if (power_predictor_names[k] == NULL)
      return usage(error, "--predictor %s: image, participant or trial expected", options->predictor);
    model->predictor = (PowerPredictor)k;
  }
  model->two_groups = options->two_groups;
  if (!parse_number("--effect", options->effect, -1e9, 1e9, &model->effect, error) ||
      !parse_number("--sd-participant", options->sd_participant, 0, 1e9, &model->sd_participant, error) ||
      !parse_number("--sd-image", options->sd_image, 0, 1e9, &model->sd_image, error) ||
      !parse_number("--sd-layer", options->sd_layer, 0, 1e9, &model->sd_layer, error) ||
      !parse_number("--sd-slope", options->sd_slope, 0, 1e9, &model->sd_slope, error) ||
      !parse_number("--sd-residual", options->sd_residual, 1e-9, 1e9, &model->sd_residual, error))
    return false;
  if (model->sd_layer > 0 && settings->design.n_layers < 2)
    return usage(error, "--sd-layer needs --layers, at least 2");
  if (model->sd_slope > 0 && model->predictor == POWER_OF_PARTICIPANT)
    return usage(error, "--sd-slope: a predictor of participants has no slope within them");
  return true;
}

/* A term of layers takes two of them with two images each. */
static bool check_layers(const PowerSettings *settings, GError **error) {
  gsize fewest = g_array_index(settings->images, gsize, 0);
  if (settings->design.n_layers < 2 || fewest >= 4)
    return true;
  return usage(error, "--images %" G_GSIZE_FORMAT ": at least 4 expected where images are of layers", fewest);
}

static bool check(const Options *options, PowerSettings *settings, GError **error) {
  gint64 seed = 1;
  settings->alpha = 0.05;
  if (options->layers < 0 || options->layers == 1 || options->ratings < 0 || options->ratings == 1)
    return usage(error, "--layers and --ratings: 0 or at least 2 expected");
  if (options->simulations < 1 || options->simulations > 10000000 || options->jobs < 0)
    return usage(error, "--simulations from 1 to 10000000 and -j of 0 or more expected");
  if (options->seed != NULL && (!number_parse_int(options->seed, &seed) || seed < 0))
    return usage(error, "--seed %s: a whole number of 0 or more expected", options->seed);
  settings->seed = (guint64)seed;
  settings->n_simulations = (gsize)options->simulations;
  settings->n_workers = (gsize)options->jobs;
  settings->design.n_ratings = (gsize)options->ratings;
  return parse_number("--alpha", options->alpha, 1e-9, 0.999, &settings->alpha, error) &&
         parse_sizes("--participants", options->participants, &settings->participants, error) &&
         parse_sizes("--images", options->images, &settings->images, error) && parse_model(options, settings, error) &&
         check_layers(settings, error);
}

bool power_settings_parse(const Command *command, int argc, char **argv, PowerSettings *settings, bool *asked_for_help,
                          GError **error) {
  g_auto(Options) o = {.simulations = 1000};
  const GOptionEntry entries[] = {
      {"participants", 0, 0, G_OPTION_ARG_STRING, &o.participants, "Numbers of participants (required)", "N,N,..."},
      {"images", 0, 0, G_OPTION_ARG_STRING, &o.images, "Numbers of images (required)", "N,N,..."},
      {"effect", 0, 0, G_OPTION_ARG_STRING, &o.effect, "Effect of 1 SD of the predictor; with --data, of 1 unit", "E"},
      {"predictor", 0, 0, G_OPTION_ARG_STRING, &o.predictor, "Varies by image (default), participant or trial", "WHAT"},
      {"two-groups", 0, 0, G_OPTION_ARG_NONE, &o.two_groups, "Two halves; the effect is their difference", NULL},
      {"sd-participant", 0, 0, G_OPTION_ARG_STRING, &o.sd_participant, "SD between participants (default 0)", "SD"},
      {"sd-image", 0, 0, G_OPTION_ARG_STRING, &o.sd_image, "SD between images (default 0)", "SD"},
      {"sd-layer", 0, 0, G_OPTION_ARG_STRING, &o.sd_layer, "SD between layers (default 0)", "SD"},
      {"sd-slope", 0, 0, G_OPTION_ARG_STRING, &o.sd_slope, "SD of the effect between participants", "SD"},
      {"sd-residual", 0, 0, G_OPTION_ARG_STRING, &o.sd_residual, "SD of the residuals", "SD"},
      {"layers", 0, 0, G_OPTION_ARG_INT, &o.layers, "Layers that the images come from", "N"},
      {"ratings", 0, 0, G_OPTION_ARG_INT, &o.ratings, "Images that each participant rates (default: all)", "N"},
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &settings->data, "Take the model from a fit to this table", "FILE"},
      {"formula", 0, 0, G_OPTION_ARG_STRING, &o.formula, "What to fit to it", "FORMULA"},
      {"term", 0, 0, G_OPTION_ARG_STRING, &o.term, "The coefficient whose power is wanted", "NAME"},
      {"participant-column", 0, 0, G_OPTION_ARG_STRING, &o.participant, "Default: participant", "NAME"},
      {"image-column", 0, 0, G_OPTION_ARG_STRING, &o.image, "Default: image, or stim_id", "NAME"},
      {"simulations", 0, 0, G_OPTION_ARG_INT, &o.simulations, "Studies of each size (default 1000)", "N"},
      {"alpha", 0, 0, G_OPTION_ARG_STRING, &o.alpha, "Significance level (default 0.05)", "P"},
      {"seed", 0, 0, G_OPTION_ARG_STRING, &o.seed, "Seed (default 1)", "N"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &o.jobs, "Studies at a time (default: one per processor)", "N"},
      {"figure", 0, 0, G_OPTION_ARG_FILENAME, &settings->figure, "Draw the power curves", "FILE.svg|png|pdf"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &settings->out, "Write a table with one row a size", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  *asked_for_help = false;
  if (!command_parse(command, entries, 0, 0, &argc, &argv, error)) {
    *asked_for_help = *error == NULL;
    return false;
  }
  return check(&o, settings, error);
}
