#include "analysis/report/number_text.h"
#include "analysis/report/report_private.h"

#include "analysis/plot/boxes.h"
#include "analysis/ratings/tables.h"

#include <math.h>

#define LAYERS_PER_ROW 48
#define LAYERS_SHOWN 24 /* rows of a table that the page shows without a click */

typedef struct {
  gsize layer;
  double key; /* NaN sorts last */
} Ranked;

static int by_key(gconstpointer a, gconstpointer b, gpointer data) {
  (void)data;
  const Ranked *x = a, *y = b;
  if (isnan(x->key) || isnan(y->key))
    return (isnan(x->key) ? 1 : 0) - (isnan(y->key) ? 1 : 0);
  return (x->key > y->key) - (x->key < y->key);
}

/* Depth on 0..1 over the set's layers; NaN where it is not known or the same everywhere. */
static double depth_share(const Study *study, gsize layer) {
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < study->n_layers; i++)
    if (!isnan(study->layers[i].depth)) {
      low = MIN(low, study->layers[i].depth);
      high = MAX(high, study->layers[i].depth);
    }
  return high > low ? (study->layers[layer].depth - low) / (high - low) : NAN;
}

static bool draw_boxes(Report *report, gsize scale, const Ranked *order, const char *name, const char *caption,
                       GError **error) {
  const Study *study = report->study;
  g_autofree BoxGroup *groups = g_new0(BoxGroup, study->n_layers);
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  bool any_shade = false;
  for (gsize i = 0; i < study->n_layers; i++) {
    double *values;
    gsize layer = order[i].layer;
    if (!study_layer_values(study, layer, scale, &values, &groups[i].n, error))
      return false;
    g_ptr_array_add(owned, values);
    groups[i].name = study->layers[layer].name;
    groups[i].values = values;
    groups[i].shade = depth_share(study, layer);
    any_shade = any_shade || !isnan(groups[i].shade);
  }
  g_autofree char *label = report_label(study->scales[scale]);
  double low = study->ratings->low[scale], high = study->ratings->high[scale];
  Boxes boxes = {.title = caption,
                 .y_title = label,
                 .groups = groups,
                 .n_groups = study->n_layers,
                 .low = low,
                 .high = high,
                 .reference = (low + high) / 2,
                 .per_row = LAYERS_PER_ROW,
                 .low_shade = any_shade ? "shallow layers" : NULL,
                 .high_shade = any_shade ? "deep" : NULL};
  char *svg;
  if (!boxes_plot(&boxes, &svg, error))
    return false;
  report_wide_figure(report, name, caption, svg);
  return true;
}

/* One scale's columns of the layers' table. */
static void show_table(Report *report, gsize scale) {
  static const HtmlColumn of_scale[] = {{"n", "ratings", CELL_COUNT},       {"mean", "mean", CELL_FIXED_1},
                                        {"sd", "SD", CELL_FIXED_1},         {"ci_low", "95 % CI from", CELL_FIXED_1},
                                        {"ci_high", "to", CELL_FIXED_1},    {"q1", "1st quartile", CELL_FIXED_1},
                                        {"median", "median", CELL_FIXED_1}, {"q3", "3rd quartile", CELL_FIXED_1}};
  const Study *study = report->study;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  HtmlColumn columns[3 + G_N_ELEMENTS(of_scale)] = {
      {"layer", "layer", CELL_TEXT}, {"depth", "depth", CELL_COUNT}, {"n_rated", "images", CELL_COUNT}};
  for (gsize i = 0; i < G_N_ELEMENTS(of_scale); i++) {
    char *name = g_strdup_printf("%s_%s", study->scales[scale], of_scale[i].column);
    g_ptr_array_add(names, name);
    columns[3 + i] = (HtmlColumn){name, of_scale[i].heading, of_scale[i].kind};
  }
  html_paragraph(
      report->html, NULL,
      "Each row sums up the %s ratings of all images of one layer; the interval of the mean takes single "
      "ratings as independent, which makes it too narrow, often by half; the bootstrap among the tests of the "
      "layers allows for other participants and other images.",
      study->scales[scale]);
  bool folded = study->n_layers > LAYERS_SHOWN;
  if (folded)
    g_string_append_printf(report->html, "<details><summary>Show all %zu layers</summary>\n", study->n_layers);
  g_autoptr(Table) table = tables_layers(study);
  html_table(report->html, table, columns, G_N_ELEMENTS(columns));
  html_paragraph(report->html, "file", "%s/layers.tsv", REPORT_TABLES);
  if (folded)
    g_string_append(report->html, "</details>\n");
}

static bool draw_scale(Report *report, gsize scale, GError **error) {
  const Study *study = report->study;
  g_autofree Ranked *order = g_new(Ranked, study->n_layers);
  g_autofree char *heading = report_label(study->scales[scale]);
  html_element(report->html, "h3", NULL, heading);
  show_table(report, scale);
  bool depths = false;
  for (gsize i = 0; i < study->n_layers; i++) {
    order[i] = (Ranked){i, study->layers[i].scales[scale].median};
    depths = depths || !isnan(study->layers[i].depth);
  }
  g_qsort_with_data(order, (int)study->n_layers, sizeof *order, by_key, NULL);
  g_autofree char *by_median = g_strdup_printf("boxes_%s_by_median", study->scales[scale]);
  g_autofree char *median_caption =
      g_strdup_printf("Single ratings of %s by layer, sorted by median. Box: quartiles; line: median; whiskers: 1.5 "
                      "interquartile ranges; rings: outliers; dashed: the scale's middle.",
                      study->scales[scale]);
  if (!draw_boxes(report, scale, order, by_median, median_caption, error))
    return false;
  if (!depths) {
    html_paragraph(report->html, "undefined", "The set gives no depths, so the layers are not shown by depth.");
    return true;
  }
  for (gsize i = 0; i < study->n_layers; i++)
    order[i] = (Ranked){i, study->layers[i].depth};
  g_qsort_with_data(order, (int)study->n_layers, sizeof *order, by_key, NULL);
  g_autofree char *by_depth = g_strdup_printf("boxes_%s_by_depth", study->scales[scale]);
  g_autofree char *depth_caption =
      g_strdup_printf("The same ratings of %s, from the network's input (left) to its output.", study->scales[scale]);
  return draw_boxes(report, scale, order, by_depth, depth_caption, error);
}

bool report_layers(Report *report, GError **error) {
  const Study *study = report->study;
  report_section(report, "layers", "Layers");
  report_table(report, "layers", tables_layers(study), NULL, 0);
  for (gsize scale = 0; scale < study->n_scales; scale++)
    if (!draw_scale(report, scale, error))
      return false;
  return report_groups(report, error);
}
