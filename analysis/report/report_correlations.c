#include "analysis/report/number_text.h"
#include "analysis/report/report_private.h"

#include "analysis/plot/heat_map.h"
#include "analysis/plot/scatter_matrix.h"
#include "analysis/ratings/tables.h"
#include "analysis/stats/distributions.h"

#include <math.h>

/* Says of a variable why its correlations are n/a, where they are. */
static bool explain_variable(Report *report, gsize variable, GError **error) {
  const Study *study = report->study;
  g_autofree double *values = NULL;
  gsize n, n_known = 0;
  if (!study_variable(study, report->options->unit, variable, &values, &n, error))
    return false;
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < n; i++)
    if (!isnan(values[i])) {
      n_known++;
      low = MIN(low, values[i]);
      high = MAX(high, values[i]);
    }
  g_autofree char *label = report_label(study_variable_name(study, variable));
  const char *unit = study_unit_name(report->options->unit);
  if (n_known < 2)
    html_paragraph(report->html, "undefined", "%s is known for %zu %s%s: its correlations are not defined.", label,
                   n_known, unit, n_known == 1 ? "" : "s");
  else if (low == high)
    html_paragraph(report->html, "undefined", "%s is the same for every %s: its correlations are not defined.", label,
                   unit);
  else if (n_known < n)
    html_paragraph(report->html, "undefined", "%s is missing for %zu of %zu %ss, which its pairs leave out%s.", label,
                   n - n_known, n, unit,
                   g_str_equal(study_variable_name(study, variable), "hue") ? " (a grey image has no hue)" : "");
  return true;
}

/* The p that counts, by the options. */
static double chosen_p(const Report *report, const Correlation *cell) {
  return report->options->one_tailed ? cell->p_one_tailed : cell->p_two_tailed;
}

static const char *tails(const Report *report) {
  return report->options->one_tailed ? "one-tailed, each in the direction that was found" : "two-tailed";
}

static void summarise(Report *report, const CorrelationMatrix *matrix) {
  gsize n_pairs = 0, n_defined = 0, n_telling = 0, n_significant = 0, row = 0, column = 0;
  double strongest = -1;
  for (gsize i = 0; i < matrix->n_variables; i++)
    for (gsize j = 0; j < i; j++) {
      const Correlation *cell = correlation_matrix_cell(matrix, i, j);
      n_pairs++;
      if (isnan(cell->r))
        continue;
      n_defined++;
      n_significant += chosen_p(report, cell) < 0.05;
      n_telling += cell->n > 2;
      if (cell->n > 2 && fabs(cell->r) > strongest) {
        strongest = fabs(cell->r);
        row = i;
        column = j;
      }
    }
  const char *unit = study_unit_name(report->options->unit);
  if (n_defined == 0) {
    html_paragraph(report->html, "undefined",
                   "No pair of variables has a correlation: each takes at least two %ss and variables that vary.",
                   unit);
    return;
  }
  if (n_telling == 0) {
    html_paragraph(
        report->html, "undefined",
        "No correlation says anything: with two %ss every pair of variables correlates at 1 or \u22121. Take "
        "at least three.",
        unit);
    return;
  }
  const Correlation *cell = correlation_matrix_cell(matrix, row, column);
  g_autofree char *one = report_label(matrix->names[column]), *other = report_label(matrix->names[row]);
  g_autofree char *r = number_fixed(cell->r, 2);
  html_paragraph(report->html, NULL,
                 "Over %ss, %zu of %zu pairs correlate at p < .05 (Pearson, %s; not corrected for the number of "
                 "pairs); the closest pair is %s with %s (r = %s, n = %zu).",
                 unit, n_significant, n_pairs, tails(report), one, other, r, cell->n);
  if (report->options->one_tailed)
    html_paragraph(report->html, "warning",
                   "One-tailed p-values are half the two-tailed ones. They hold only where the direction was stated "
                   "before the data were seen.");
}

/* What both figures of the matrix show. */
typedef struct {
  char **names;
  double *r;
  const char **marks;
} Cells;

static Cells cells_of(const Report *report, const CorrelationMatrix *matrix) {
  gsize n = matrix->n_variables;
  Cells cells = {g_new0(char *, n + 1), g_new(double, n *n), g_new0(const char *, n *n)};
  for (gsize i = 0; i < n; i++) {
    cells.names[i] = report_label(matrix->names[i]);
    for (gsize j = 0; j < n; j++) {
      const Correlation *cell = correlation_matrix_cell(matrix, i, j);
      cells.r[i * n + j] = cell->r;
      cells.marks[i * n + j] = distribution_stars(chosen_p(report, cell));
    }
  }
  return cells;
}

static void cells_clear(Cells *cells) {
  g_strfreev(cells->names);
  g_free(cells->r);
  g_free(cells->marks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cells, cells_clear)

static void draw_matrix(Report *report, const CorrelationMatrix *matrix, const Cells *cells) {
  HeatMap map = {.title = "Correlation matrix",
                 .names = (const char *const *)cells->names,
                 .values = cells->r,
                 .marks = cells->marks,
                 .n = matrix->n_variables};
  g_autofree char *caption =
      g_strdup_printf("Pearson correlations. Blue: one falls as the other rises; red: both rise. Stars, %s: * p < .05, "
                      "** p < .01, *** p < .001.",
                      tails(report));
  report_wide_figure(report, "correlations", caption, heat_map_plot(&map));
}

static bool draw_scatters(Report *report, const CorrelationMatrix *matrix, const Cells *cells, GError **error) {
  gsize n_variables = matrix->n_variables, n = 0;
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < n_variables; i++) {
    double *column;
    if (!study_variable(report->study, report->options->unit, i, &column, &n, error))
      return false;
    g_ptr_array_add(values, column);
  }
  ScatterMatrix figure = {.title = "Scatter matrix",
                          .names = (const char *const *)cells->names,
                          .values = (const double *const *)values->pdata,
                          .r = cells->r,
                          .marks = cells->marks,
                          .n_variables = n_variables,
                          .n = n};
  report_wide_figure(report, "scatter_matrix",
                     "Every pair of variables: each dot is one case; lines are least-squares fits; numbers are Pearson "
                     "correlations with the stars of the figure above.",
                     scatter_matrix_plot(&figure));
  return true;
}

bool report_correlations(Report *report, GError **error) {
  g_autoptr(CorrelationMatrix) matrix = NULL;
  report_section(report, "correlations", "Correlations");
  if (!study_correlations(report->study, report->options->unit, CORRELATION_PEARSON, &matrix, error))
    return false;
  summarise(report, matrix);
  report_hue_caveat(report);
  for (gsize i = 0; i < report->study->n_scales + report->study->n_features; i++)
    if (!explain_variable(report, i, error))
      return false;
  g_auto(Cells) cells = cells_of(report, matrix);
  draw_matrix(report, matrix, &cells);
  if (!draw_scatters(report, matrix, &cells, error))
    return false;

  const HtmlColumn columns[] = {{"variable_1", "variable", CELL_VARIABLE},
                                {"variable_2", "with", CELL_VARIABLE},
                                {"n", "n", CELL_COUNT},
                                {"r", "r", CELL_FIXED_3},
                                {"ci_low", "95 % CI from", CELL_FIXED_2},
                                {"ci_high", "to", CELL_FIXED_2},
                                {"t", "t", CELL_FIXED_2},
                                {report->options->one_tailed ? "p_one_tailed" : "p_two_tailed",
                                 report->options->one_tailed ? "p, one-tailed" : "p, two-tailed", CELL_P},
                                {"stars", "", CELL_MARK}};
  g_string_append(report->html, "<details><summary>Show every pair with its interval and p-value</summary>\n");
  html_paragraph(report->html, NULL,
                 "Each row is one pair of variables: how closely they go together (r), within what "
                 "limits, and how likely a closer r would be by chance (p and stars %s). The file has both kinds of p.",
                 tails(report));
  report_table(report, "correlations", tables_correlations(matrix, report->options->one_tailed), columns,
               G_N_ELEMENTS(columns));
  g_string_append(report->html, "</details>\n");
  return true;
}
