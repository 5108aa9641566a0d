#include "analysis/report/report_private.h"

#include <math.h>

#include "analysis/plot/boxes.h"
#include "analysis/ratings/layer_groups.h"
#include "analysis/stats/adjust.h"

#define MOST (LAYER_GROUPS_N_STUDY * RATINGS_MAX_SCALES)

/* Every pair on every scale. */
typedef struct {
  LayerComparison items[MOST];
  const LayerGroupPair *pairs[MOST];
  gsize scales[MOST];
  double holm[2][MOST]; /* by rating, by layer */
  gsize n;
} Comparisons;

static bool compare_all(const Study *study, Comparisons *all, GError **error) {
  double p[2][MOST];
  for (gsize k = 0; k < LAYER_GROUPS_N_STUDY; k++)
    for (gsize scale = 0; scale < study->n_scales; scale++) {
      LayerComparison *item = &all->items[all->n];
      if (!layer_groups_compare(study, &layer_groups_study[k], scale, item, error))
        return false;
      if (item->n_layers[0] == 0 || item->n_layers[1] == 0) {
        layer_comparison_clear(item);
        continue;
      }
      all->pairs[all->n] = &layer_groups_study[k];
      all->scales[all->n] = scale;
      p[0][all->n] = item->by_rating.p;
      p[1][all->n] = item->by_layer.p;
      all->n++;
    }
  return adjust_p(ADJUST_HOLM, p[0], all->n, all->holm[0], error) &&
         adjust_p(ADJUST_HOLM, p[1], all->n, all->holm[1], error);
}

static Table *tabulate(const Study *study, const Comparisons *all) {
  static const char *const names[] = {
      "scale",      "first",       "second",     "first_layers", "second_layers", "first_n", "second_n",
      "first_mean", "second_mean", "difference", "ci_low",       "ci_high",       "t",       "df",
      "p",          "p_holm",      "g",          "layer_t",      "layer_df",      "layer_p", "layer_p_holm"};
  Table *table = table_new(names, G_N_ELEMENTS(names));
  for (gsize i = 0; i < all->n; i++) {
    const LayerComparison *item = &all->items[i];
    gsize row = table_add_row(table), column = 0;
    table_set(table, row, column++, study->scales[all->scales[i]]);
    table_set(table, row, column++, all->pairs[i]->first.name);
    table_set(table, row, column++, all->pairs[i]->second.name);
    const gsize counts[] = {item->n_layers[0], item->n_layers[1], item->ratings[0].n, item->ratings[1].n};
    for (gsize k = 0; k < G_N_ELEMENTS(counts); k++)
      table_set_int(table, row, column++, (gint64)counts[k]);
    const double numbers[] = {item->ratings[0].mean,  item->ratings[1].mean,   item->by_rating.difference,
                              item->by_rating.ci_low, item->by_rating.ci_high, item->by_rating.t,
                              item->by_rating.df,     item->by_rating.p,       all->holm[0][i],
                              item->effect.g,         item->by_layer.t,        item->by_layer.df,
                              item->by_layer.p,       all->holm[1][i]};
    for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
      table_set_double(table, row, column++, numbers[k]);
  }
  return table;
}

static bool draw(Report *report, const Comparisons *all, gsize i, GError **error) {
  const Study *study = report->study;
  const LayerComparison *item = &all->items[i];
  gsize scale = all->scales[i];
  const BoxGroup groups[] = {{all->pairs[i]->first.name, item->values[0], item->ratings[0].n, NAN},
                             {all->pairs[i]->second.name, item->values[1], item->ratings[1].n, NAN}};
  g_autofree char *label = report_label(study->scales[scale]);
  g_autofree char *name = g_strdup_printf("groups_%s_%s", study->scales[scale], all->pairs[i]->first.name);
  g_autofree char *caption =
      g_strdup_printf("Single ratings of %s: %zu %s %s, %zu %s %s.", study->scales[scale], item->n_layers[0],
                      item->n_layers[0] == 1 ? "layer" : "layers", all->pairs[i]->first.name, item->n_layers[1],
                      item->n_layers[1] == 1 ? "layer" : "layers", all->pairs[i]->second.name);
  double low = study->ratings->low[scale], high = study->ratings->high[scale];
  Boxes boxes = {.title = caption,
                 .y_title = label,
                 .groups = groups,
                 .n_groups = 2,
                 .low = low,
                 .high = high,
                 .reference = (low + high) / 2,
                 .violins = true,
                 .per_row = 2};
  char *svg;
  if (!boxes_plot(&boxes, &svg, error))
    return false;
  report_figure(report, name, caption, svg);
  return true;
}

static void show_table(Report *report, const Comparisons *all) {
  static const HtmlColumn columns[] = {
      {"scale", "scale", CELL_VARIABLE},        {"first", "group", CELL_TEXT},
      {"first_mean", "mean", CELL_FIXED_1},     {"second", "against", CELL_TEXT},
      {"second_mean", "mean", CELL_FIXED_1},    {"difference", "difference", CELL_FIXED_1},
      {"ci_low", "95 % CI from", CELL_FIXED_1}, {"ci_high", "to", CELL_FIXED_1},
      {"g", "Hedges' g", CELL_FIXED_2},         {"p_holm", "p by ratings", CELL_P},
      {"layer_p_holm", "p by layers", CELL_P}};
  html_paragraph(report->html, NULL,
                 "Each row compares the ratings of two groups of layers (Welch's t test, two-tailed, p after Holm over "
                 "these rows). p by ratings takes every rating as independent, as the study seems to have done, and is "
                 "too small; p by layers has the layers' means as cases.");
  report_table(report, "layer_groups", tabulate(report->study, all), columns, G_N_ELEMENTS(columns));
}

/* Says why a test with the layers' means as cases is n/a. */
static void explain_layers(Report *report, const Comparisons *all) {
  for (gsize i = 0; i < all->n; i++) {
    const LayerComparison *item = &all->items[i];
    const char *first = all->pairs[i]->first.name, *second = all->pairs[i]->second.name;
    bool told = i > 0 && all->pairs[i - 1] == all->pairs[i] && isnan(all->items[i - 1].by_layer.p);
    if (isnan(item->by_layer.p) && !told)
      html_paragraph(report->html, "undefined",
                     "p by layers is n/a for %s against %s: it takes at least two layers in both groups, whose means "
                     "differ (%zu %s, %zu %s).",
                     first, second, item->n_layers[0], first, item->n_layers[1], second);
  }
}

static bool show(Report *report, const Comparisons *all, GError **error) {
  show_table(report, all);
  explain_layers(report, all);
  report_figures_begin(report);
  for (gsize i = 0; i < all->n; i++)
    if (!draw(report, all, i, error))
      return false;
  report_figures_end(report);
  return true;
}

bool report_groups(Report *report, GError **error) {
  Comparisons all = {.n = 0};
  bool done = compare_all(report->study, &all, error);
  if (done && all.n > 0) {
    html_element(report->html, "h3", NULL, "Types of layers");
    done = show(report, &all, error);
  }
  for (gsize i = 0; i < all.n; i++)
    layer_comparison_clear(&all.items[i]);
  return done;
}
