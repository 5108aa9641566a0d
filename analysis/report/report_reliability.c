#include "analysis/report/number_text.h"
#include "analysis/report/report_tests_private.h"

#include <math.h>
#include <string.h>

static void show_forms(Report *report, Table *table) {
  static const ReportColumn columns[] = {{"scale", "scale", CELL_TEXT},
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
      "image.");
  report_test_table(report, "reliability", table, columns, G_N_ELEMENTS(columns), NULL);
}

static void show_components(Report *report, Table *table) {
  static const ReportColumn columns[] = {{"scale", "scale", CELL_TEXT},
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
  report_test_table(report, "variance_components", table, columns, G_N_ELEMENTS(columns), NULL);
}

static void show_mixtures(Report *report, Table *table) {
  static const ReportColumn columns[] = {{"variables", "mean of", CELL_TEXT},
                                         {"groups", "groups", CELL_COUNT},
                                         {"model", "model", CELL_TEXT},
                                         {"log_likelihood", "log-likelihood", CELL_FIXED_1},
                                         {"parameters", "parameters", CELL_COUNT},
                                         {"bic", "BIC", CELL_FIXED_1},
                                         {"chosen", "chosen", CELL_TEXT},
                                         {"weights", "shares", CELL_TEXT},
                                         {"means", "means", CELL_TEXT}};
  html_element(report->html, "h3", NULL, "Groups of raters");
  bool any = false;
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (strcmp(table_get(table, row, 6), "true") != 0)
      continue;
    any = true;
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
  if (!any)
    html_paragraph(report->html, "undefined",
                   "Groups of raters are n/a: they take several participants whose mean ratings differ.");
  html_paragraph(
      report->html, NULL,
      "Each row is one way to describe the participants' means as a mixture of normal distributions; the one "
      "with the largest BIC is chosen (E: groups of equal spread, V: of different spread).");
  report_test_table(report, "mixtures", table, columns, G_N_ELEMENTS(columns), "Show every mixture");
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
  show_mixtures(report, mixtures);
  return true;
}
