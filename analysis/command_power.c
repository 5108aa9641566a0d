#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/commands.h"
#include "analysis/output_place.h"
#include "analysis/plot/figure.h"
#include "analysis/plot/power_curve.h"
#include "analysis/power_settings.h"
#include "analysis/stats/proportion.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/net/plan.h"

typedef struct {
  const PowerSettings *settings;
  PowerOutcome *outcomes; /* (n_sizes, simulations); size = participants x images */
} Simulation;

static PowerDesign design_of(const PowerSettings *settings, gsize size) {
  PowerDesign design = settings->design;
  design.n_participants = g_array_index(settings->participants, gsize, size / settings->images->len);
  design.n_images = g_array_index(settings->images, gsize, size % settings->images->len);
  design.n_layers = MIN(design.n_layers, design.n_images / 2);
  return design;
}

static bool simulate(gpointer context, gsize item, gsize worker, GError **error) {
  (void)worker;
  const Simulation *simulation = context;
  const PowerSettings *settings = simulation->settings;
  gsize size = item / settings->n_simulations, index = item % settings->n_simulations;
  PowerDesign design = design_of(settings, size);
  g_autofree char *label = g_strdup_printf("power %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT,
                                           design.n_participants, design.n_images, index);
  Random random;
  random_init_stream(&random, settings->seed, label);
  PowerOutcome *outcome = &simulation->outcomes[item];
  return settings->study != NULL ? power_study_simulate(settings->study, &design, &random, outcome, error)
                                 : power_simulate(&settings->model, &design, &random, outcome, error);
}

typedef struct {
  gsize significant, singular, not_converged, failed;
  double power, low, high, mean, sd; /* NaN where no study could be fitted */
} Summary;

static Summary summarise(const PowerSettings *settings, const PowerOutcome *outcomes) {
  Summary summary = {0};
  gsize n = settings->n_simulations, fitted = 0;
  double sum = 0, squares = 0;
  for (gsize i = 0; i < n; i++) {
    const PowerOutcome *outcome = &outcomes[i];
    summary.failed += !outcome->fitted;
    if (!outcome->fitted)
      continue;
    summary.significant += outcome->converged && outcome->p < settings->alpha ? 1 : 0;
    summary.singular += outcome->singular ? 1 : 0;
    summary.not_converged += outcome->converged ? 0 : 1;
    fitted++;
    sum += outcome->estimate;
  }
  summary.mean = fitted > 0 ? sum / (double)fitted : NAN;
  for (gsize i = 0; i < n; i++)
    if (outcomes[i].fitted)
      squares += (outcomes[i].estimate - summary.mean) * (outcomes[i].estimate - summary.mean);
  summary.sd = fitted > 1 ? sqrt(squares / (double)(fitted - 1)) : NAN;
  summary.power = summary.low = summary.high = NAN;
  if (fitted > 0) {
    summary.power = (double)summary.significant / (double)n;
    proportion_interval(summary.significant, n, &summary.low, &summary.high);
  }
  return summary;
}

/* What the effect is of. */
static const char *predictor_name(const PowerSettings *settings) {
  return settings->study != NULL ? settings->term : power_predictor_names[settings->model.predictor];
}

static Table *tabulate(const PowerSettings *settings, const Summary *summaries) {
  static const char *const columns[] = {"participants",   "images",   "layers",        "ratings_each", "simulations",
                                        "significant",    "power",    "ci_low",        "ci_high",      "singular",
                                        "not_converged",  "failed",   "mean_estimate", "sd_estimate",  "effect",
                                        "sd_participant", "sd_image", "sd_layer",      "sd_slope",     "sd_residual",
                                        "predictor",      "alpha",    "seed"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  gsize n_sizes = settings->participants->len * settings->images->len;
  for (gsize size = 0; size < n_sizes; size++) {
    const Summary *summary = &summaries[size];
    const PowerModel *model = &settings->model;
    PowerDesign design = design_of(settings, size);
    gsize each = design.n_ratings > 0 ? MIN(design.n_ratings, design.n_images) : design.n_images;
    gsize row = table_add_row(table), column = 0;
    const gsize counts[] = {design.n_participants,   design.n_images,     design.n_layers, each,
                            settings->n_simulations, summary->significant};
    for (gsize k = 0; k < G_N_ELEMENTS(counts); k++)
      table_set_int(table, row, column++, (gint64)counts[k]);
    table_set_double(table, row, column++, summary->power);
    table_set_double(table, row, column++, summary->low);
    table_set_double(table, row, column++, summary->high);
    table_set_int(table, row, column++, (gint64)summary->singular);
    table_set_int(table, row, column++, (gint64)summary->not_converged);
    table_set_int(table, row, column++, (gint64)summary->failed);
    const double values[] = {summary->mean,   summary->sd,     model->effect,   model->sd_participant,
                             model->sd_image, model->sd_layer, model->sd_slope, model->sd_residual};
    for (gsize k = 0; k < G_N_ELEMENTS(values); k++)
      table_set_double(table, row, column++, values[k]);
    table_set(table, row, column++, predictor_name(settings));
    table_set_double(table, row, column++, settings->alpha);
    table_set_int(table, row, column, (gint64)settings->seed);
  }
  return table;
}

/* Lines over participants, one a number of images; over images where only these vary. */
static char *plot(const PowerSettings *settings, const Summary *summaries) {
  bool over_images = settings->participants->len == 1 && settings->images->len > 1;
  const GArray *along = over_images ? settings->images : settings->participants;
  const GArray *across = over_images ? settings->participants : settings->images;
  gsize n = along->len;
  g_autofree PowerSeries *series = g_new0(PowerSeries, across->len);
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  for (gsize s = 0; s < across->len; s++) {
    double *values = g_new(double, 4 * n);
    char *name = g_strdup_printf("%" G_GSIZE_FORMAT " %s", g_array_index(across, gsize, s),
                                 over_images ? "participants" : "images");
    g_ptr_array_add(owned, values);
    g_ptr_array_add(owned, name);
    for (gsize k = 0; k < n; k++) {
      const Summary *summary = &summaries[over_images ? k : k * across->len + s];
      values[k] = (double)g_array_index(along, gsize, k);
      values[n + k] = summary->power;
      values[2 * n + k] = summary->low;
      values[3 * n + k] = summary->high;
    }
    series[s] = (PowerSeries){name, values, values + n, values + 2 * n, values + 3 * n, n};
  }
  const PowerCurve curve = {
      "Power against sample size", over_images ? "images" : "participants", series, across->len, 620, 380};
  return power_curve_plot(&curve);
}

static bool write_figure(const char *svg, const char *path, GError **error) {
  if (!g_str_has_suffix(path, ".png") && !g_str_has_suffix(path, ".pdf"))
    return files_write(path, svg, strlen(svg), FILES_PUBLIC, error);
  g_autoptr(GByteArray) bytes = NULL;
  return (g_str_has_suffix(path, ".png") ? figure_png(svg, &bytes, error) : figure_pdf(svg, &bytes, error)) &&
         files_write(path, bytes->data, bytes->len, FILES_PUBLIC, error);
}

static void print(const PowerSettings *settings, const Summary *summaries) {
  const PowerModel *model = &settings->model;
  const struct {
    const char *name;
    double sd;
  } sds[] = {{"participants", model->sd_participant},
             {"images", model->sd_image},
             {"layers", model->sd_layer},
             {"slopes", model->sd_slope},
             {"residual", model->sd_residual}};
  printf("effect %g (%s)", model->effect, predictor_name(settings));
  for (gsize k = 0; k < G_N_ELEMENTS(sds); k++)
    if (!isnan(sds[k].sd))
      printf(", sd of %s %g", sds[k].name, sds[k].sd);
  printf("\n%" G_GSIZE_FORMAT " simulated studies of each size, alpha %g, seed %" G_GUINT64_FORMAT "\n\n",
         settings->n_simulations, settings->alpha, settings->seed);
  printf("  participants  images  power  95 %% interval  singular  not converged  failed\n");
  for (gsize size = 0; size < settings->participants->len * settings->images->len; size++) {
    PowerDesign design = design_of(settings, size);
    const Summary *summary = &summaries[size];
    g_autofree char *power =
        isnan(summary->power) ? g_strdup_printf("%5s  %14s", "n/a", "n/a")
                              : g_strdup_printf("%5.3f  %5.3f to %5.3f", summary->power, summary->low, summary->high);
    printf("  %12" G_GSIZE_FORMAT "  %6" G_GSIZE_FORMAT "  %s  %8" G_GSIZE_FORMAT "  %13" G_GSIZE_FORMAT
           "  %6" G_GSIZE_FORMAT "\n",
           design.n_participants, design.n_images, power, summary->singular, summary->not_converged, summary->failed);
  }
}

static void print_notes(const PowerSettings *settings) {
  if (settings->study == NULL)
    return;
  const GPtrArray *notes = power_study_notes(settings->study);
  for (guint k = 0; k < notes->len; k++)
    printf("%sNote: %s\n", k == 0 ? "\n" : "", (const char *)notes->pdata[k]);
}

static bool run(const PowerSettings *settings, GError **error) {
  gsize n_sizes = settings->participants->len * settings->images->len, n_items;
  if (!g_size_checked_mul(&n_items, n_sizes, settings->n_simulations) || n_items > G_MAXINT32) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "more than two thousand million studies to simulate");
    return false;
  }
  g_autofree PowerOutcome *outcomes = g_try_new0(PowerOutcome, n_items);
  g_autofree Summary *summaries = g_new0(Summary, n_sizes);
  if (outcomes == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for %" G_GSIZE_FORMAT " simulated studies", n_items);
    return false;
  }
  net_blas_init(); /* the workers are the threads */
  Simulation simulation = {settings, outcomes};
  const BatchOptions options = {.label = "simulated studies", .n_workers = settings->n_workers};
  if (!batch_run(&options, n_items, simulate, &simulation, error))
    return false;
  for (gsize size = 0; size < n_sizes; size++)
    summaries[size] = summarise(settings, outcomes + size * settings->n_simulations);
  g_autoptr(Table) table = tabulate(settings, summaries);
  g_autofree char *svg = plot(settings, summaries);
  if ((settings->out != NULL && !commands_write_table(table, settings->out, error)) ||
      (settings->figure != NULL && !write_figure(svg, settings->figure, error)))
    return false;
  print(settings, summaries);
  print_notes(settings);
  return true;
}

static bool run_power(int argc, char **argv, GError **error) {
  g_auto(PowerSettings) settings = {0};
  bool asked_for_help = false;
  if (!power_settings_parse(&command_power, argc, argv, &settings, &asked_for_help, error))
    return asked_for_help;
  const char *const inputs[] = {settings.data}, *const outputs[] = {settings.out, settings.figure};
  return output_place_check_files(outputs, G_N_ELEMENTS(outputs), inputs, 1, error) && run(&settings, error);
}

const Command command_power = {"power", "", "Simulate rating studies and plot power against sample size", run_power};
