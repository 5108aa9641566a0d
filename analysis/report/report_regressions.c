#include "analysis/report/number_text.h"
#include "analysis/report/report_intervals.h"
#include "analysis/report/report_private.h"

#include "analysis/plot/scatter.h"
#include "analysis/ratings/tables.h"
#include "stimuli/base/error.h"

#include <math.h>
#include <string.h>

static const HtmlColumn term_columns[] = {{"term", "predictor", CELL_VARIABLE},
                                          {"beta", "\u03b2", CELL_COMPACT},
                                          {"standardised_beta", "standardised \u03b2", CELL_FIXED_3},
                                          {"se", "SE", CELL_COMPACT},
                                          {"t", "t", CELL_FIXED_2},
                                          {"p", "p", CELL_P},
                                          {"stars", "", CELL_MARK},
                                          {"ci_low", "95 % CI from", CELL_COMPACT},
                                          {"ci_high", "to", CELL_COMPACT},
                                          {"vif", "VIF", CELL_FIXED_1},
                                          {"r", "r alone", CELL_FIXED_2}};

static void summarise(Report *report, const Regression *fit, const char *scale) {
  const char *unit = study_unit_name(report->options->unit);
  if (!(fit->df_residual > 0)) {
    html_paragraph(report->html, "undefined",
                   "R\u00b2 is n/a: %zu predictors fit any ratings of %zu %ss exactly. Tests, R\u00b2 and adjusted "
                   "R\u00b2 take more %ss than coefficients, here at least %zu.",
                   fit->n_terms, fit->n, unit, unit, fit->n_terms + 2);
    return;
  }
  if (isnan(fit->r2)) {
    html_paragraph(report->html, "undefined",
                   "Mean %s is the same for every %s, so that there is nothing to explain and R\u00b2 is not defined.",
                   scale, unit);
    return;
  }
  g_autofree char *share = number_fixed(100 * fit->r2, 1), *adjusted = number_fixed(fit->adjusted_r2, 3);
  g_autofree char *r2 = number_fixed(fit->r2, 3), *f = number_fixed(fit->f, 2), *p = number_p_statement(fit->p);
  html_paragraph(report->html, NULL,
                 "Together the predictors explain %s %% of the variance of mean %s between %ss: R\u00b2 = %s, adjusted "
                 "R\u00b2 = %s, F(%g, %g) = %s, %s, n = %zu.",
                 share, scale, unit, r2, adjusted, fit->df_model, fit->df_residual, f, p, fit->n);
  if (isnan(fit->adjusted_r2) || isnan(fit->p))
    html_paragraph(report->html, "undefined",
                   "Tests take a fit that leaves some residual; this one leaves none between the %ss, so they are n/a.",
                   unit);
}

static void warn(Report *report, const Regression *fit) {
  const Study *study = report->study;
  for (gsize i = 0, term = 0; i < study->n_features; i++) {
    if (term < fit->n_terms && strcmp(fit->terms[term].name, study->features[i]) == 0) {
      term++;
      continue;
    }
    g_autofree char *label = report_label(study->features[i]);
    html_paragraph(report->html, "undefined", "%s has no value for any %s and is left out of the regression.", label,
                   study_unit_name(report->options->unit));
  }
  g_auto(GStrv) warnings = regression_warnings(fit);
  for (char **warning = warnings; *warning != NULL; warning++)
    html_paragraph(report->html, "warning", "%s", *warning);
  if (fit->n_excluded > 0)
    html_paragraph(report->html, "undefined", "%zu %s(s) without a value for every predictor are left out.",
                   fit->n_excluded, study_unit_name(report->options->unit));
}

/* All predictors on one scale: standard deviations of the rating with one of the property. */
static void draw_terms(Report *report, const Regression *fit, const char *scale) {
  g_autofree IntervalRow *rows = g_new0(IntervalRow, MAX(fit->n_terms, 1));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (gsize k = 0; k < fit->n_terms; k++) {
    const RegressionTerm *term = &fit->terms[k];
    double unit = term->standardised / term->beta; /* what turns the interval too */
    g_ptr_array_add(names, report_label(term->name));
    rows[k] = (IntervalRow){names->pdata[k],
                            term->standardised,
                            term->ci_low * unit,
                            term->ci_high * unit,
                            term->r,
                            term->p < 0.05 ? INTERVAL_FILLED : INTERVAL_HOLLOW};
  }
  const ReportIntervals what = {0};
  g_autofree char *name = g_strdup_printf("regression_%s", scale);
  g_autofree char *caption =
      g_strdup_printf("Standardised coefficients of the regression of mean %s, with 95 %% intervals. Filled: p < .05; "
                      "cross: the property's correlation when it is alone; where the two lie far apart, the others "
                      "play a part.",
                      scale);
  report_interval_rows(report, rows, fit->n_terms, &what, name, "standardised \u03b2", caption);
}

static bool draw_scatter(Report *report, gsize scale, gsize variable, GError **error) {
  const Study *study = report->study;
  g_autofree double *x = NULL, *y = NULL;
  gsize n;
  if (!study_variable(study, report->options->unit, scale, &y, &n, error) ||
      !study_variable(study, report->options->unit, variable, &x, &n, error))
    return false;
  Correlation correlation;
  if (!correlation_pair(CORRELATION_PEARSON, x, y, n, &correlation, error))
    return false;
  const char *feature = study_variable_name(study, variable);
  g_autofree char *x_title = report_axis_title(feature);
  g_autofree char *y_title = g_strdup_printf("Mean %s", study->scales[scale]);
  g_autofree char *r = number_fixed(correlation.r, 2), *p = number_p_statement(correlation.p_two_tailed);
  g_autofree char *caption = isnan(correlation.r) ? g_strdup_printf("no correlation is defined, n = %zu", correlation.n)
                             : isnan(correlation.p_two_tailed)
                                 ? g_strdup_printf("r = %s, too few %ss for a test, n = %zu", r,
                                                   study_unit_name(report->options->unit), correlation.n)
                                 : g_strdup_printf("r = %s, %s, n = %zu", r, p, correlation.n);
  g_autofree char *title = g_strdup_printf("Mean %s by %s", study->scales[scale], feature);
  g_autofree char *name = g_strdup_printf("scatter_%s_%s", study->scales[scale], feature);
  Scatter scatter = {.title = title,
                     .x_title = x_title,
                     .y_title = y_title,
                     .x = x,
                     .y = y,
                     .n = n,
                     .regression = true,
                     .width = 330,
                     .height = 260};
  report_figure(report, name, caption, scatter_plot(&scatter));
  return true;
}

static bool show_scale(Report *report, gsize scale, GError **error) {
  const Study *study = report->study;
  const char *name = study->scales[scale];
  g_autofree char *heading = g_strdup_printf("Mean %s", name);
  html_element(report->html, "h3", NULL, heading);
  g_autoptr(Regression) fit = NULL;
  g_autoptr(GError) fault = NULL;
  if (study_regression(study, report->options->unit, scale, &fit, &fault)) {
    g_autofree char *table = g_strdup_printf("regression_%s", name);
    g_autofree char *summary = g_strdup_printf("regression_%s_summary", name);
    summarise(report, fit, name);
    draw_terms(report, fit, name);
    html_paragraph(
        report->html, NULL,
        "Each row is one property: how the mean rating changes with it while the others are held fixed, within "
        "what limits, and how likely that would be by chance (p).");
    report_table(report, table, tables_regression(fit), term_columns, G_N_ELEMENTS(term_columns));
    report_table(report, summary, tables_regression_summary(fit), NULL, 0);
    warn(report, fit);
  } else if (g_error_matches(fault, RIG_ERROR, RIG_ERROR_INPUT)) {
    html_paragraph(report->html, "undefined", "No regression: %s.", fault->message);
  } else {
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
  }
  report_figures_begin(report);
  for (gsize feature = 0; feature < study->n_features; feature++)
    if (!draw_scatter(report, scale, study->n_scales + feature, error))
      return false;
  report_figures_end(report);
  return true;
}

bool report_regressions(Report *report, GError **error) {
  report_section(report, "regressions", "What image properties explain");
  html_paragraph(
      report->html, NULL,
      "Multiple linear regressions with all image properties entered at once. \u03b2 is the change of the mean "
      "rating with one unit of the property, the others held fixed; a VIF above %g says that the others "
      "nearly determine it.",
      REGRESSION_VIF_HIGH);
  report_hue_caveat(report);
  for (gsize scale = 0; scale < report->study->n_scales; scale++)
    if (!show_scale(report, scale, error))
      return false;
  return true;
}
