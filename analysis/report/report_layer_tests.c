#include "analysis/plot/scatter.h"
#include "analysis/report/number_text.h"
#include "analysis/report/report_intervals.h"
#include "analysis/report/report_tests_private.h"

#include "analysis/stats/bimodality.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/dip.h"
#include "analysis/stats/entropy.h"

#include <math.h>
#include <string.h>

#define ONE_PARTICIPANT "The intervals are n/a: one participant says nothing of how others would differ."

static const char *has(gsize n) { return n == 1 ? "has" : "have"; }

/* Every scale's layers against one reference. */
static void draw_tests(Report *report, const Table *table, const char *reference, const char *words) {
  for (gsize scale = 0; scale < report->study->n_scales; scale++) {
    const char *name = report->study->scales[scale];
    const ReportIntervals what = {.label = "layer",
                                  .estimate = "difference",
                                  .low = "ci_low",
                                  .high = "ci_high",
                                  .filled = "p_holm",
                                  .half = "p_bh",
                                  .where = "scale",
                                  .only = name,
                                  .where_2 = "against",
                                  .only_2 = reference,
                                  .sorted = true};
    g_autofree char *figure = g_strdup_printf("layer_tests_%s_%s", name, reference);
    g_autofree char *x_title = g_strdup_printf("difference in %s", name);
    g_autofree char *caption = g_strdup_printf(
        "Each layer's mean %s against %s (dashed), with 95 %% intervals, sorted. Filled: p < .05 after Holm; ring of "
        "the same colour: after Benjamini and Hochberg only; grey ring: neither.",
        name, words);
    report_intervals(report, table, &what, figure, x_title, caption);
  }
}

static void show_tests(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"layer", "layer", CELL_TEXT},
                                       {"against", "against", CELL_TEXT},
                                       {"n", "participants", CELL_COUNT},
                                       {"mean", "mean", CELL_FIXED_1},
                                       {"difference", "difference", CELL_FIXED_1},
                                       {"ci_low", "95 % CI from", CELL_FIXED_1},
                                       {"ci_high", "to", CELL_FIXED_1},
                                       {"t", "t", CELL_FIXED_2},
                                       {"p", "p", CELL_P},
                                       {"p_holm", "p, Holm", CELL_P},
                                       {"p_bh", "p, BH", CELL_P},
                                       {"d", "d", CELL_FIXED_2},
                                       {"d_ci_low", "95 % CI from", CELL_FIXED_2},
                                       {"d_ci_high", "to", CELL_FIXED_2}};
  static const char *const references[] = {"neutral", "mean"};
  static const char *const words[] = {"the middle of the scale", "the same participants' mean over all layers"};
  gsize family = table_n_rows(table) / 2;
  for (int i = 0; i < 2; i++) {
    gsize defined = report_count_below(table, "p", 2, 2, references[i]),
          below = report_count_below(table, "p", 0.05, 2, references[i]);
    if (defined == 0) {
      html_paragraph(report->html, "undefined",
                     "No layer can be tested against %s: a test takes at least two participants whose means differ%s.",
                     words[i], i == 1 ? ", and at least two layers" : "");
      continue;
    }
    html_paragraph(report->html, NULL,
                   "Of %zu tests (every scale and layer) against %s, %zu %s p < .05; allowing for their number, %zu "
                   "remain by Holm's rule (at most a 5 %% chance of any false finding) and %zu by Benjamini and "
                   "Hochberg's (at most 5 %% of the findings false).",
                   family, words[i], below, has(below), report_count_below(table, "p_holm", 0.05, 2, references[i]),
                   report_count_below(table, "p_bh", 0.05, 2, references[i]));
    if (defined < family)
      html_paragraph(
          report->html, "undefined",
          "%zu of them are n/a: fewer than two participants rated the layer, or their means are all the same.",
          family - defined);
    draw_tests(report, table, references[i], words[i]);
  }
  html_paragraph(report->html, NULL,
                 "Each row is one layer against one reference: how far its participants' means lie from it on average, "
                 "how likely so large a distance is by chance (p), and its size in standard deviations (d).");
  report_folded_table(report, "layer_tests", table, columns, G_N_ELEMENTS(columns), "Show every layer's tests");
}

/* Both measures of two peaks against each other, a dot a layer. */
static void draw_shapes(Report *report, const Table *table, const char *scale) {
  static const double cut = BIMODALITY_CUT;
  gsize n = 0, n_rows = table_n_rows(table);
  g_autofree double *x = g_new(double, MAX(n_rows, 1)), *y = g_new(double, MAX(n_rows, 1));
  g_autofree const char **names = g_new(const char *, MAX(n_rows, 1));
  for (gsize row = 0; row < n_rows; row++)
    if (strcmp(table_get(table, row, 0), scale) == 0) {
      names[n] = table_get(table, row, 1);
      x[n] = report_cell(table, row, "bimodality_coefficient");
      y[n++] = report_cell(table, row, "dip");
    }
  double low = cut, high = cut;
  for (gsize i = 0; i < n; i++)
    if (isfinite(x[i])) {
      low = MIN(low, x[i]);
      high = MAX(high, x[i]);
    }
  const Axis axis = axis_around(low, high, 0.05, 5);
  g_autofree char *caption = g_strdup_printf("Each dot is the ratings of %s of one layer: two peaks are likely where "
                                             "both measures are large (dashed: 5/9).",
                                             scale);
  g_autofree char *figure = g_strdup_printf("layer_shapes_%s", scale);
  const Scatter scatter = {.title = caption,
                           .x_title = "bimodality coefficient",
                           .y_title = "dip",
                           .x = x,
                           .y = y,
                           .n = n,
                           .names = names,
                           .x_reference = &cut,
                           .x_axis = &axis,
                           .width = 420,
                           .height = 300};
  report_figure(report, figure, caption, scatter_plot(&scatter));
}

static void show_shapes(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"layer", "layer", CELL_TEXT},
                                       {"n", "ratings", CELL_COUNT},
                                       {"skewness", "skewness", CELL_FIXED_2},
                                       {"excess_kurtosis", "excess kurtosis", CELL_FIXED_2},
                                       {"bimodality_coefficient", "bimodality coefficient", CELL_FIXED_3},
                                       {"dip", "dip", CELL_FIXED_3},
                                       {"dip_p", "p of the dip", CELL_P},
                                       {"dip_p_holm", "p, Holm", CELL_P},
                                       {"dip_p_bh", "p, BH", CELL_P},
                                       {"dip_within", "dip within images", CELL_FIXED_3},
                                       {"dip_within_p", "p of that dip", CELL_P},
                                       {"levels", "steps of the scale", CELL_COUNT}};
  gsize above = 0, dipped = report_count_below(table, "dip_p", 0.05, 0, NULL),
        inner = report_count_below(table, "dip_within_p", 0.05, 0, NULL);
  for (gsize row = 0; row < table_n_rows(table); row++)
    above += report_cell(table, row, "bimodality_coefficient") > BIMODALITY_CUT ? 1 : 0;
  gsize resamples = report->options->resampling.resamples;
  g_autofree char *dips =
      resamples > 0
          ? g_strdup_printf("%zu %s a dip that is unlikely of ratings with one peak (p < .05, from up to %d simulated "
                            "samples), %zu after Holm's rule",
                            dipped, has(dipped), DIP_MOST_SAMPLES,
                            report_count_below(table, "dip_p_holm", 0.05, 0, NULL))
          : g_strdup("the dips have no p without resampling");
  html_paragraph(report->html, NULL,
                 "The ratings of a layer are pooled over its images and raters, so that two peaks mean that either the "
                 "raters or the layer's images fall into two groups: of %zu distributions (every scale and layer), %zu "
                 "%s a bimodality coefficient above 5/9, and %s. A coefficient above the cut without a dip is skewed "
                 "rather than two-peaked.",
                 table_n_rows(table), above, has(above), dips);
  if (resamples > 0)
    html_paragraph(
        report->html, NULL,
        "Two peaks of ratings less their image's mean (\u201cwithin images\u201d) are of raters who disagree "
        "about the same image: %zu %s such a dip (p < .05, not corrected). Images with fewer than three ratings are "
        "left out there, since two ratings are each other's mirror image about their mean; where a layer has no other, "
        "it reads n/a. Its p compares to simulated ratings of as many raters an image, even over one range; that of "
        "the ratings as they are takes those of one image as independent, both take those of one rater so, which they "
        "are not, and may be too small.",
        inner, has(inner));
  report_figures_begin(report);
  for (gsize scale = 0; scale < report->study->n_scales; scale++)
    draw_shapes(report, table, report->study->scales[scale]);
  report_figures_end(report);
  html_paragraph(
      report->html, NULL,
      "Each row describes the shape of one layer's single ratings. Ties raise the dip, so ratings of a scale in whole "
      "steps are compared to even ones over the same steps; fewer than four or constant ratings have no shape (n/a).");
  report_folded_table(report, "layer_shapes", table, columns, G_N_ELEMENTS(columns), "Show every layer's shape");
}

static void draw_bootstrap(Report *report, const Table *table, gsize scale) {
  const char *name = report->study->scales[scale];
  const Ratings *ratings = report->study->ratings;
  const ReportIntervals what = {.label = "layer",
                                .estimate = "mean",
                                .low = "ci_low",
                                .high = "ci_high",
                                .where = "scale",
                                .only = name,
                                .sorted = true,
                                .reference = (ratings->low[scale] + ratings->high[scale]) / 2};
  g_autofree char *figure = g_strdup_printf("layer_bootstrap_%s", name);
  g_autofree char *x_title = g_strdup_printf("mean %s", name);
  g_autofree char *caption =
      g_strdup_printf("Mean %s of each layer, and of all of them, with 95 %% intervals over other "
                      "participants and other images. Dashed: the scale's middle.",
                      name);
  report_intervals(report, table, &what, figure, x_title, caption);
}

static void show_bootstrap(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"layer", "layer", CELL_TEXT},
                                       {"mean", "mean", CELL_FIXED_1},
                                       {"se", "standard error", CELL_FIXED_2},
                                       {"ci_low", "95 % CI from", CELL_FIXED_1},
                                       {"ci_high", "to", CELL_FIXED_1}};
  html_paragraph(
      report->html, NULL,
      "Each row is a mean with an interval that allows for other participants and other images at once: both "
      "were drawn anew %zu times (two-way cluster bootstrap). A layer of few images has a wide one; that of a single "
      "image allows for other "
      "participants alone.",
      report->options->resampling.resamples);
  if (report->study->n_participants < 2)
    html_paragraph(report->html, "undefined", ONE_PARTICIPANT);
  for (gsize scale = 0; scale < report->study->n_scales; scale++)
    draw_bootstrap(report, table, scale);
  report_folded_table(report, "layer_bootstrap", table, columns, G_N_ELEMENTS(columns),
                      "Show the means with bootstrap intervals");
}

static void show_entropy(Report *report, Table *table, gsize x, gsize y) {
  static const HtmlColumn columns[] = {{"layer", "layer", CELL_TEXT},
                                       {"n", "ratings", CELL_COUNT},
                                       {"entropy_bits", "entropy (bits)", CELL_FIXED_2},
                                       {"entropy_corrected", "without bias", CELL_FIXED_2},
                                       {"ci_low", "95 % CI from", CELL_FIXED_2},
                                       {"ci_high", "to", CELL_FIXED_2},
                                       {"null_mean", "by chance", CELL_FIXED_2},
                                       {"p", "p", CELL_P},
                                       {"p_bh", "p, BH", CELL_P}};
  const Study *study = report->study;
  html_paragraph(
      report->html, NULL,
      "Each row is one layer: how widely its ratings scatter over the plane of %s and %s (entropy, more is "
      "wider), and what the same number of ratings would give if layers made no difference. The densities are "
      "those of the joint maps. Few ratings make an entropy, and chance's, a little too low; the interval is around "
      "the "
      "entropy without that bias, so that the entropy itself can lie below it. Layers whose entropy few shuffles reach "
      "share further ones, up to %d a layer of the study, so that p can stay small once corrected.",
      study->scales[x], study->scales[y], ENTROPY_MOST);
  if (study->n_participants < 2)
    html_paragraph(report->html, "undefined", ONE_PARTICIPANT);
  const ReportIntervals what = {.label = "layer",
                                .estimate = "entropy_bits",
                                .low = "ci_low",
                                .high = "ci_high",
                                .other = "null_mean",
                                .filled = "p_bh",
                                .sorted = true,
                                .reference = NAN};
  report_intervals(
      report, table, &what, "layer_entropy", "entropy, bits",
      "Entropy of each layer's ratings with 95 % intervals, sorted. Cross: by chance alone; filled: differs "
      "from that at p < .05 after Benjamini and Hochberg.");
  report_folded_table(report, "layer_entropy", table, columns, G_N_ELEMENTS(columns), "Show every layer's entropy");
}

bool report_layer_tests(Report *report, GError **error) {
  const Study *study = report->study;
  const ResamplingOptions *resampling = &report->options->resampling;
  Table *tests, *shapes, *bootstrap, *entropy;
  report_section(report, "tests", "Tests of the layers");
  if (!tables_layer_tests(study, &tests, error))
    return false;
  show_tests(report, tests);
  if (!tables_layer_shapes(study, resampling, &shapes, error))
    return false;
  show_shapes(report, shapes);
  if (resampling->resamples > 0) {
    if (!tables_layer_bootstrap(study, resampling, &bootstrap, error))
      return false;
    show_bootstrap(report, bootstrap);
  } else
    html_paragraph(report->html, "undefined",
                   "Resampling was left out (--resamples 0): no bootstrap intervals, no chance levels of entropies, no "
                   "p-values of dips, no split halves.");
  gsize x, y;
  if (!study_plane(study, &x, &y))
    return true;
  if (!tables_layer_entropy(study, resampling, &entropy, error))
    return false;
  show_entropy(report, entropy, x, y);
  return true;
}
