#include "analysis/report/number_text.h"
#include "analysis/report/report_intervals.h"
#include "analysis/report/report_tests_private.h"

#include <math.h>

/* What was explained beside what is predicted, three dots a scale. */
static void draw_prediction(Report *report, const Table *table) {
  static const char *const columns[] = {"r2", "loo_r2", "ridge_loo_r2"};
  static const char *const words[] = {"where fitted", "of unseen cases", "of unseen cases, ridge"};
  gsize n = table_n_rows(table) * G_N_ELEMENTS(columns);
  g_autofree IntervalRow *rows = g_new0(IntervalRow, MAX(n, 1));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < n; i++) {
    gsize row = i / G_N_ELEMENTS(columns), k = i % G_N_ELEMENTS(columns);
    g_ptr_array_add(names, g_strdup_printf("%s, %s", table_get(table, row, 0), words[k]));
    rows[i] = (IntervalRow){names->pdata[i],
                            report_cell(table, row, columns[k]),
                            NAN,
                            NAN,
                            NAN,
                            k == 0 ? INTERVAL_HOLLOW : INTERVAL_FILLED};
  }
  const ReportIntervals what = {0};
  report_interval_rows(report, rows, n, &what, "prediction", "R\u00b2",
                       "What the image properties explain where they were fitted (grey rings) and what they predict of "
                       "cases left out (dots). Dashed: no better than the mean.");
}

/* Pearson's correlations beside the partial ones. */
static void draw_correlations(Report *report, const Table *table, const char *scale) {
  const ReportIntervals what = {.label = "feature",
                                .variables = true,
                                .estimate = "pearson",
                                .other = "partial",
                                .filled = "pearson_p",
                                .where = "scale",
                                .only = scale,
                                .axis_low = -1,
                                .axis_high = 1};
  g_autofree char *figure = g_strdup_printf("further_correlations_%s", scale);
  g_autofree char *caption = g_strdup_printf("Correlation of mean %s with each property alone (dot, filled where "
                                             "p < .05) and with all other properties held constant (cross).",
                                             scale);
  report_intervals(report, table, &what, figure, "correlation", caption);
}

static void show_prediction(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"n", "cases", CELL_COUNT},
                                       {"r2", "R\u00b2", CELL_FIXED_3},
                                       {"loo_r2", "R\u00b2 of unseen cases", CELL_FIXED_3},
                                       {"lambda", "ridge penalty", CELL_COMPACT},
                                       {"ridge_df", "effective predictors", CELL_FIXED_2},
                                       {"ridge_loo_r2", "R\u00b2 of unseen cases, ridge", CELL_FIXED_3}};
  for (gsize row = 0; row < table_n_rows(table); row++) {
    double seen = report_cell(table, row, "r2"), ridge = report_cell(table, row, "ridge_loo_r2");
    if (isnan(ridge)) {
      html_paragraph(report->html, "undefined",
                     "Nothing predicts %s: it takes at least three %ss with all properties, whose means differ.",
                     table_get(table, row, 0), study_unit_name(report->options->unit));
      continue;
    }
    double left_out = report_cell(table, row, "loo_r2");
    g_autofree char *r2 = number_fixed(seen, 3), *unseen = number_fixed(left_out, 3),
                    *ridge_r2 = number_fixed(ridge, 3);
    if (isnan(seen) || isnan(left_out)) {
      html_paragraph(report->html, NULL,
                     "With %g image properties, %g %ss with all of them are too few to say what a plain regression "
                     "predicts of mean %s. With a ridge penalty the properties predict R\u00b2 = %s of %ss left out of "
                     "the fit; below 0 is worse than guessing the mean.",
                     report_cell(table, row, "predictors"), report_cell(table, row, "n"),
                     study_unit_name(report->options->unit), table_get(table, row, 0), ridge_r2,
                     study_unit_name(report->options->unit));
      continue;
    }
    html_paragraph(
        report->html, NULL,
        "The image properties explain R\u00b2 = %s of mean %s where the regression was fitted, but predict %s of "
        "%ss left out of the fit (%s with a ridge penalty); below 0 is worse than guessing the mean.",
        r2, table_get(table, row, 0), unseen, study_unit_name(report->options->unit), ridge_r2);
  }
  draw_prediction(report, table);
  html_paragraph(report->html, NULL,
                 "Each row is one regression, fitted once for each case without that case, which it then predicts; the "
                 "ridge penalty holds back predictors that go together and was chosen by the same measure.");
  report_table(report, "prediction", table, columns, G_N_ELEMENTS(columns));
}

bool report_prediction(Report *report, GError **error) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_VARIABLE},
                                       {"feature", "with", CELL_VARIABLE},
                                       {"n", "n", CELL_COUNT},
                                       {"pearson", "Pearson", CELL_FIXED_3},
                                       {"pearson_p", "p", CELL_P},
                                       {"spearman", "Spearman", CELL_FIXED_3},
                                       {"spearman_p", "p", CELL_P},
                                       {"partial_n", "cases with all properties", CELL_COUNT},
                                       {"partial", "partial", CELL_FIXED_3},
                                       {"partial_p", "p", CELL_P},
                                       {"partial_spearman", "partial, Spearman", CELL_FIXED_3},
                                       {"partial_spearman_p", "p", CELL_P}};
  Table *table;
  if (report->study->n_features == 0)
    return true;
  report_section(report, "prediction", "Prediction and partial correlations");
  if (!tables_prediction(report->study, report->options->unit, &table, error))
    return false;
  show_prediction(report, table);
  if (!tables_further_correlations(report->study, report->options->unit, &table, error))
    return false;
  for (gsize scale = 0; scale < report->study->n_scales; scale++)
    draw_correlations(report, table, report->study->scales[scale]);
  html_paragraph(
      report->html, NULL,
      "Each row is one scale with one image property: Pearson's correlation measures how close to a line they "
      "are, Spearman's only whether they rise together; the partial ones hold all other properties constant. p of "
      "Spearman's counts all orders up to 14 cases and takes an Edgeworth series up to 1289, as R's cor.test; in the "
      "far "
      "tail, where that series fails (R may have 0 there), with tied ranks, with more cases, and for the partial ones "
      "it is by the t approximation.");
  report_folded_table(report, "further_correlations", table, columns, G_N_ELEMENTS(columns),
                      "Show rank and partial correlations");
  return true;
}
