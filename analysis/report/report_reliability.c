#include "analysis/plot/bars.h"
#include "analysis/plot/histogram.h"
#include "analysis/report/number_text.h"
#include "analysis/report/report_intervals.h"
#include "analysis/report/report_tests_private.h"

#include "analysis/stats/mixture.h"

#include <math.h>
#include <string.h>

#define MEAN_BARS 41 /* of a scale from 0 to 100: centred on 0, 2.5, .. 100 */

static void show_forms(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"form", "form", CELL_TEXT},
                                       {"n_images", "images", CELL_COUNT},
                                       {"n_participants", "participants", CELL_COUNT},
                                       {"icc", "ICC", CELL_FIXED_3},
                                       {"ci_low", "95 % CI from", CELL_FIXED_3},
                                       {"ci_high", "to", CELL_FIXED_3},
                                       {"f", "F", CELL_FIXED_2},
                                       {"p", "p", CELL_P}};
  GHashTable *told = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize row = 0; row < table_n_rows(table); row++) {
    const char *scale = table_get(table, row, 0), *form = table_get(table, row, 1);
    gsize undefined = (gsize)table_column(table, "undefined");
    if (!table_is_missing(table, row, undefined) && g_hash_table_add(told, (gpointer)scale))
      html_paragraph(report->html, "undefined", "Agreement on %s is n/a, or has no interval: %s.", scale,
                     table_get(table, row, undefined));
    double icc = report_cell(table, row, "icc");
    if (isnan(icc) || (strcmp(form, "ICC(2,1)") != 0 && strcmp(form, "components, agreement, 1") != 0))
      continue;
    g_autofree char *single = number_fixed(icc, 2), *average = number_fixed(report_cell(table, row + 1, "icc"), 2);
    if (icc < 0) {
      html_paragraph(
          report->html, NULL,
          "Raters do not agree on %s: the intraclass correlation of single ratings is %s, and below 0 is less "
          "than chance would give. The mean of an image's raters has no reliability.",
          scale, single);
      continue;
    }
    html_paragraph(
        report->html, NULL,
        "Of the differences between single ratings of %s, the images make a share of %s; the mean of all of an "
        "image's raters would be found again by other raters with a reliability of %s.",
        scale, single, average);
  }
  g_hash_table_destroy(told);
  html_paragraph(
      report->html, NULL,
      "Each row is an intraclass correlation: of one rater (1) or of the mean of an image's raters (k), "
      "counting raters' own levels as disagreement (2, agreement) or not (3, consistency). Where not everyone "
      "rated every image once it is from variance components (REML), k being the harmonic mean of raters an "
      "image, where who rated an image again counts once.");
  const ReportIntervals what = {.label = "scale",
                                .label_2 = "form",
                                .estimate = "icc",
                                .low = "ci_low",
                                .high = "ci_high",
                                .reference = NAN,
                                .axis_low = 0,
                                .axis_high = 1};
  report_intervals(report, table, &what, "reliability", "intraclass correlation",
                   "Agreement between raters: intraclass correlations with their 95 % intervals, where they have one.");
  report_table(report, "reliability", table, columns, G_N_ELEMENTS(columns));
}

/* Where the variance of a scale's ratings comes from. */
static void draw_components(Report *report, const Table *table, gsize row) {
  static const char *const columns[] = {"variance_image", "variance_participant", "variance_residual"};
  static const char *const words[] = {"images", "participants", "the rest"};
  Bar bars[G_N_ELEMENTS(columns)];
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  const char *scale = table_get(table, row, 0);
  double total = 0;
  for (gsize k = 0; k < G_N_ELEMENTS(columns); k++)
    total += report_cell(table, row, columns[k]);
  if (!(total > 0))
    return;
  for (gsize k = 0; k < G_N_ELEMENTS(columns); k++) {
    double percent = 100 * report_cell(table, row, columns[k]) / total;
    g_autofree char *share = number_fixed(percent, 1);
    g_ptr_array_add(texts, g_strconcat(share, " %", NULL));
    bars[k] = (Bar){words[k], percent, texts->pdata[k]};
  }
  g_autofree char *figure = g_strdup_printf("variance_components_%s", scale);
  g_autofree char *caption =
      g_strdup_printf("What makes single ratings of %s differ: shares of their variance.", scale);
  const Bars plot = {caption, "share of the variance, %", bars, G_N_ELEMENTS(bars), NAN};
  report_figure(report, figure, caption, bars_plot(&plot));
}

static void show_components(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"n", "ratings", CELL_COUNT},
                                       {"variance_image", "variance of images", CELL_FIXED_1},
                                       {"variance_participant", "of participants", CELL_FIXED_1},
                                       {"variance_residual", "the rest", CELL_FIXED_1},
                                       {"raters_per_image", "raters an image", CELL_FIXED_1},
                                       {"split_half_r", "halves' r", CELL_FIXED_3},
                                       {"spearman_brown", "Spearman-Brown", CELL_FIXED_3},
                                       {"spearman_brown_low", "95 % of splits from", CELL_FIXED_3},
                                       {"spearman_brown_high", "to", CELL_FIXED_3}};
  html_paragraph(
      report->html, NULL,
      "Each row splits the variance of one scale's ratings into what images, participants and everything else "
      "contribute; the right half says how well the image means of two random halves of the participants agree "
      "(%zu splits, seed %" G_GUINT64_FORMAT "), and of all of them by Spearman and Brown's formula.",
      report->options->resampling.resamples, report->options->resampling.seed);
  for (gsize row = 0; row < table_n_rows(table); row++)
    draw_components(report, table, row);
  const ReportIntervals what = {.label = "scale",
                                .estimate = "spearman_brown",
                                .low = "spearman_brown_low",
                                .high = "spearman_brown_high",
                                .reference = NAN,
                                .axis_low = 0,
                                .axis_high = 1};
  report_intervals(report, table, &what, "split_half", "reliability (Spearman-Brown)",
                   "How well the image means of two halves of the participants agree, for all of them; the line holds "
                   "95 % of the random splits.");
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (!table_is_missing(table, row, (gsize)table_column(table, "split_half_undefined")))
      html_paragraph(report->html, "undefined", "Reliability of %s by halves: n/a, as %s.", table_get(table, row, 0),
                     table_get(table, row, (gsize)table_column(table, "split_half_undefined")));
  report_table(report, "variance_components", table, columns, G_N_ELEMENTS(columns));
}

/* The participants' means that the mixtures describe. */
static bool draw_means(Report *report, gsize scale, GError **error) {
  const Study *study = report->study;
  const char *name = study->scales[scale];
  g_autofree double *values = NULL;
  if (!study_participant_means(study, scale, &values, error))
    return false;
  g_autofree char *figure = g_strdup_printf("participant_means_%s", name);
  g_autofree char *x_title = g_strdup_printf("mean %s", name);
  g_autofree char *caption = g_strdup_printf("Participants' mean %s: several heaps would be several groups.", name);
  const Histogram histogram = {.title = caption,
                               .x_title = x_title,
                               .y_title = "participants a unit",
                               .values = values,
                               .n = study->n_participants,
                               .low = study->ratings->low[scale],
                               .high = study->ratings->high[scale],
                               .n_bins = MEAN_BARS,
                               .width = 420,
                               .height = 250};
  report_figure(report, figure, caption, histogram_plot(&histogram));
  return true;
}

/* The evidence for each number of groups, one figure for each set of means. */
static void draw_choice(Report *report, const Table *table) {
  gsize n_rows = table_n_rows(table);
  g_autofree IntervalRow *rows = g_new0(IntervalRow, MAX(n_rows, 1));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (gsize first = 0, n = 0; first < n_rows; first += n) {
    const char *variables = table_get(table, first, 0);
    for (n = 0; first + n < n_rows && strcmp(table_get(table, first + n, 0), variables) == 0; n++) {
      gsize row = first + n;
      double groups = report_cell(table, row, "groups");
      char *name = g_strdup_printf("%g %s, %s", groups, groups == 1 ? "group" : "groups", table_get(table, row, 2));
      g_ptr_array_add(names, name);
      rows[n] = (IntervalRow){name, report_cell(table, row, "bic"),
                              NAN,  NAN,
                              NAN,  strcmp(table_get(table, row, 6), "true") == 0 ? INTERVAL_FILLED : INTERVAL_HOLLOW};
    }
    const ReportIntervals what = {.reference = NAN};
    g_autofree char *figure = g_strdup_printf("mixtures_%s", variables);
    g_autofree char *caption =
        g_strdup_printf("How well each number and kind of groups describes the participants' mean %s (BIC, more is "
                        "better). Filled: the best; n/a: no such groups were found.",
                        variables);
    report_interval_rows(report, rows, n, &what, figure, "BIC", caption);
  }
}

static bool has_choice(const Table *table, const char *variables) {
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (strcmp(table_get(table, row, 0), variables) == 0 && strcmp(table_get(table, row, 6), "true") == 0)
      return true;
  return false;
}

/* Says why means, of one scale or of two, have no groups. */
static void explain_no_choice(Report *report, const Table *table) {
  const char *before = "";
  for (gsize row = 0; row < table_n_rows(table); row++) {
    const char *variables = table_get(table, row, 0);
    if (strcmp(variables, before) == 0 || has_choice(table, variables))
      continue;
    before = variables;
    g_auto(GStrv) scales = g_strsplit(variables, ", ", 2);
    bool of_two = scales[1] != NULL;
    if (of_two && has_choice(table, scales[0]) && has_choice(table, scales[1]))
      html_paragraph(report->html, "undefined",
                     "Groups by mean %s and %s together are n/a: the participants' means on the one scale follow from "
                     "those on the other, along a line on which normal distributions of both cannot be compared.",
                     scales[0], scales[1]);
    else
      html_paragraph(report->html, "undefined",
                     "Groups by mean %s%s%s are n/a: they take several participants whose mean ratings differ%s.",
                     scales[0], of_two ? " and " : "", of_two ? scales[1] : "", of_two ? " on both scales" : "");
  }
}

static bool show_mixtures(Report *report, Table *table, GError **error) {
  static const HtmlColumn columns[] = {{"variables", "mean of", CELL_TEXT},
                                       {"groups", "groups", CELL_COUNT},
                                       {"model", "model", CELL_TEXT},
                                       {"log_likelihood", "log-likelihood", CELL_FIXED_1},
                                       {"parameters", "parameters", CELL_COUNT},
                                       {"bic", "BIC", CELL_FIXED_1},
                                       {"chosen", "chosen", CELL_TEXT},
                                       {"weights", "shares", CELL_TEXT},
                                       {"means", "means", CELL_TEXT}};
  html_element(report->html, "h3", NULL, "Groups of raters");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (strcmp(table_get(table, row, 6), "true") != 0)
      continue;
    double groups = report_cell(table, row, "groups");
    if (groups == 1)
      html_paragraph(report->html, NULL, "By their mean %s the participants are best described as one group.",
                     table_get(table, row, 0));
    else
      html_paragraph(report->html, NULL,
                     "By their mean %s the participants are best described as %g groups (shares %s; means %s), which a "
                     "skewed single group can feign.",
                     table_get(table, row, 0), groups, table_get(table, row, 7), table_get(table, row, 8));
  }
  explain_no_choice(report, table);
  report_figures_begin(report);
  bool drawn = true;
  for (gsize scale = 0; scale < report->study->n_scales && drawn; scale++)
    drawn = draw_means(report, scale, error);
  report_figures_end(report);
  draw_choice(report, table);
  html_paragraph(
      report->html, NULL,
      "Each row is one way to describe the participants' means as a mixture of normal distributions; the one "
      "with the largest BIC is chosen (E: groups of equal spread, V: of different spread). Groups of fewer than %d "
      "participants, or narrower than %g %% of the standard deviation of all, are not looked at; n/a: there are no "
      "others.",
      MIXTURE_LEAST_MEMBERS, 100 * MIXTURE_LEAST_SD);
  report_folded_table(report, "mixtures", table, columns, G_N_ELEMENTS(columns), "Show every mixture");
  return drawn;
}

bool report_reliability(Report *report, GError **error) {
  const ResamplingOptions *resampling = &report->options->resampling;
  Table *forms, *components, *mixtures;
  report_section(report, "agreement", "Agreement between raters");
  if (!tables_reliability(report->study, &forms, error))
    return false;
  show_forms(report, forms);
  if (!tables_variance_components(report->study, resampling, &components, error))
    return false;
  show_components(report, components);
  if (!tables_mixtures(report->study, resampling, &mixtures, error))
    return false;
  return show_mixtures(report, mixtures, error);
}
