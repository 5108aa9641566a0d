#include <math.h>
#include <string.h>

#include "analysis/plot/bars.h"
#include "analysis/plot/intervals.h"
#include "analysis/ratings/study_mixed.h"
#include "analysis/report/number_text.h"
#include "analysis/report/report_tests_private.h"
#include "analysis/stats/model_table.h"
#include "stimuli/base/error.h"

#define SIGNIFICANT 0.05

/* The rows of one part of model_table's table. Free with table_free. */
static Table *part_of(const Table *whole, const char *part) {
  Table *table = table_new(NULL, 0);
  gsize n_columns = table_n_columns(whole);
  for (gsize c = 0; c < n_columns; c++)
    table_add_column(table, table_column_name(whole, c));
  for (gsize row = 0; row < table_n_rows(whole); row++) {
    if (strcmp(table_get(whole, row, (gsize)table_column(whole, "part")), part) != 0)
      continue;
    gsize added = table_add_row(table);
    for (gsize c = 0; c < n_columns; c++)
      table_set(table, added, c, table_get(whole, row, c));
  }
  return table;
}

static const char *group_label(const char *name) {
  static const char *const known[][2] = {{"participant", "participants"},
                                         {"image:layer", "images within layers"},
                                         {"image", "images"},
                                         {"layer", "layers"},
                                         {"Residual", "the rest"}};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(name, known[i][0]) == 0)
      return known[i][1];
  return name;
}

static void show_coefficients(Report *report, const Table *whole) {
  static const HtmlColumn columns[] = {{"term", "predictor", CELL_VARIABLE},
                                       {"estimate", "estimate", CELL_FIXED_2},
                                       {"ci_low", "95 % CI from", CELL_FIXED_2},
                                       {"ci_high", "to", CELL_FIXED_2},
                                       {"se", "SE", CELL_FIXED_2},
                                       {"df", "df", CELL_FIXED_1},
                                       {"statistic", "t", CELL_FIXED_2},
                                       {"p", "p", CELL_P}};
  g_autoptr(Table) table = part_of(whole, "fixed");
  html_paragraph(report->html, NULL,
                 "Each row is one image property: by how many points the rating rises (falls, with a minus) from an "
                 "image to one that has a standard deviation more of it, all other properties being the same; the "
                 "intercept is the mean rating. Degrees of freedom by Satterthwaite's method.");
  html_table(report->html, table, columns, G_N_ELEMENTS(columns));
}

static void show_variances(Report *report, const Table *whole, const StudyMixed *mixed) {
  static const HtmlColumn columns[] = {{"group", "differences between", CELL_TEXT},
                                       {"levels", "how many", CELL_COUNT},
                                       {"estimate", "variance", CELL_FIXED_2},
                                       {"sd", "SD", CELL_FIXED_2},
                                       {"percent", "share, %", CELL_FIXED_1}};
  g_autoptr(Table) table = part_of(whole, "variance");
  gsize group = (gsize)table_column(table, "group"), levels = table_add_column(table, "levels"),
        percent = table_add_column(table, "percent");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (row < mixed->model->n_groups)
      table_set_int(table, row, levels, (gint64)mixed->model->groups[row].n_levels);
    table_set_double(table, row, percent, 100 * report_cell(table, row, "share"));
    g_autofree char *name = g_strdup(group_label(table_get(table, row, group)));
    table_set(table, row, group, name);
  }
  html_paragraph(report->html, NULL,
                 "Each row is one source of what the image properties leave unexplained: how much the ratings differ "
                 "between people, between images and (the rest) from trial to trial.");
  html_table(report->html, table, columns, G_N_ELEMENTS(columns));
}

static void draw_coefficients(Report *report, gsize scale, const MixedModel *model) {
  const char *name = report->study->scales[scale];
  g_autofree IntervalRow *rows = g_new0(IntervalRow, model->n_fixed);
  g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
  gsize n = 0;
  for (gsize c = 1; c < model->n_fixed; c++) { /* without the intercept */
    const MixedCoefficient *fixed = &model->fixed[c];
    g_ptr_array_add(labels, report_label(fixed->name));
    rows[n++] = (IntervalRow){labels->pdata[labels->len - 1],
                              fixed->beta,
                              fixed->ci_low,
                              fixed->ci_high,
                              NAN,
                              fixed->p < SIGNIFICANT ? INTERVAL_FILLED : INTERVAL_HOLLOW};
  }
  g_autofree char *figure = g_strdup_printf("mixed_%s", name);
  g_autofree char *x_title = g_strdup_printf("points of %s with one SD of the property", name);
  g_autofree char *caption =
      g_strdup_printf("Mixed model of %s: each property's effect with its 95 %% interval. Filled: p < .05; dashed: no "
                      "effect.",
                      name);
  const Intervals intervals = {caption, x_title, rows, n, MAX(n, 1), 0, NAN, NAN};
  report_figure(report, figure, caption, intervals_plot(&intervals));
}

static void draw_shares(Report *report, gsize scale, const MixedModel *model) {
  const char *name = report->study->scales[scale];
  double total = model->variance_fixed + model->sigma * model->sigma;
  for (gsize g = 0; g < model->n_groups; g++)
    total += model->groups[g].variance;
  g_autofree Bar *bars = g_new0(Bar, model->n_groups + 2);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (gsize b = 0; b < model->n_groups + 2; b++) {
    double part = b == 0                 ? model->variance_fixed
                  : b <= model->n_groups ? model->groups[b - 1].variance
                                         : model->sigma * model->sigma;
    bars[b].value = 100 * part / total;
    g_autofree char *share = number_fixed(bars[b].value, 1);
    g_ptr_array_add(texts, g_strconcat(share, " %", NULL));
    bars[b].text = texts->pdata[texts->len - 1];
    bars[b].name =
        b == 0 ? "image properties" : group_label(b <= model->n_groups ? model->groups[b - 1].name : "Residual");
  }
  g_autofree char *figure = g_strdup_printf("mixed_%s_shares", name);
  g_autofree char *caption =
      g_strdup_printf("Where the differences between single ratings of %s come from, by the mixed model.", name);
  const Bars plot = {caption, "share of the variance, %", bars, model->n_groups + 2, NAN};
  report_figure(report, figure, caption, bars_plot(&plot));
}

/* The properties that matter, in words: "Hue (+1.2), Subband entropy (-2.0)". */
static char *list_effects(const MixedModel *model, gsize *n) {
  GString *text = g_string_new(NULL);
  *n = 0;
  for (gsize c = 1; c < model->n_fixed; c++) {
    const MixedCoefficient *fixed = &model->fixed[c];
    if (!(fixed->p < SIGNIFICANT))
      continue;
    g_autofree char *label = report_label(fixed->name), *points = number_fixed(fixed->beta, 1);
    g_string_append_printf(text, "%s%s (%s%s)", (*n)++ > 0 ? ", " : "", label, fixed->beta > 0 ? "+" : "", points);
  }
  return g_string_free(text, FALSE);
}

static void summarise(Report *report, const StudyMixed *mixed, const char *scale) {
  const MixedModel *model = mixed->model;
  gsize n;
  g_autofree char *effects = list_effects(model, &n);
  if (n == 0)
    html_paragraph(report->html, NULL,
                   "No single image property goes reliably with %s (p < .05) once participants and images both count "
                   "as chance samples of all people and images.",
                   scale);
  else
    html_paragraph(report->html, NULL,
                   "Also for other people and other images than these, %s goes with %s (points of rating with one "
                   "standard deviation more of the property; p < .05, not corrected for the %zu properties).",
                   scale, effects, model->rank - 1);
  g_autofree char *marginal = number_fixed(100 * model->r2_marginal, 1),
                  *conditional = number_fixed(100 * model->r2_conditional, 1),
                  *chi2 = number_fixed(mixed->test.chi2, 2), *p = number_p_statement(mixed->test.p);
  html_paragraph(report->html, NULL,
                 "The properties account for %s %% of the variance of single ratings (marginal R\u00b2), together with "
                 "who rates and what is rated for %s %% (conditional R\u00b2). All properties together %s the model "
                 "without them: likelihood ratio \u03c7\u00b2(%g) = %s, %s (both fitted by ML). %zu ratings.",
                 marginal, conditional,
                 mixed->test.contradictory     ? "cannot be compared with"
                 : mixed->test.p < SIGNIFICANT ? "improve on"
                                               : "do not reliably improve on",
                 mixed->test.df, chi2, p, model->n);
}

static void note(Report *report, const StudyMixed *mixed) {
  for (char **name = mixed->left_out; *name != NULL; name++) {
    g_autofree char *label = report_label(*name);
    html_paragraph(report->html, "undefined",
                   "%s has no value, or the same one, for every rated image and is left out.", label);
  }
  if (mixed->frame->n_incomplete > 0)
    html_paragraph(report->html, "undefined",
                   "%zu ratings are left out: they are missing, or their image lacks a property.",
                   mixed->frame->n_incomplete);
  g_auto(GStrv) notes = mixed_notes(mixed->model);
  for (char **text = notes; *text != NULL; text++)
    html_paragraph(report->html, "warning", "%s", *text);
}

/* Everything that the fit says, as the command `model` writes it. */
static Table *whole_table(const StudyMixed *mixed) {
  g_auto(GStrv) notes = mixed_notes(mixed->model);
  g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(ModelTest));
  g_autofree char *name = g_strdup("all properties");
  const ModelTest test = {name, mixed->test, false, false};
  g_array_append_val(tests, test);
  const ModelReport all = {.formula = mixed->formula,
                           .frame = mixed->frame,
                           .model = mixed->model,
                           .tests = tests,
                           .notes = (const char *const *)notes};
  return model_table(&all);
}

static bool show_scale(Report *report, gsize scale, GError **error) {
  const char *name = report->study->scales[scale];
  g_autofree char *heading = g_strdup_printf("Single ratings of %s", name);
  g_autofree char *file = g_strdup_printf("mixed_%s", name);
  html_element(report->html, "h3", NULL, heading);
  g_autoptr(StudyMixed) mixed = NULL;
  g_autoptr(GError) fault = NULL;
  if (!study_mixed_fit(report->study, scale, &mixed, &fault)) {
    if (!g_error_matches(fault, RIG_ERROR, RIG_ERROR_INPUT)) {
      g_propagate_error(error, g_steal_pointer(&fault));
      return false;
    }
    html_paragraph(report->html, "undefined", "No mixed model of %s: %s.", name, fault->message);
    return true;
  }
  if (mixed->model->converged) /* else the notes say that its numbers are of no use */
    summarise(report, mixed, name);
  note(report, mixed);
  Table *whole = whole_table(mixed);
  show_coefficients(report, whole);
  show_variances(report, whole, mixed);
  html_paragraph(report->html, "file", "%s", report_files_add_table(report->files, file, whole));
  table_free(whole);
  html_paragraph(report->html, NULL, "The model, as R writes it: %s", mixed->formula);
  draw_coefficients(report, scale, mixed->model);
  draw_shares(report, scale, mixed->model);
  return true;
}

bool report_mixed(Report *report, GError **error) {
  report_section(report, "mixed", "Mixed models: other people, other images");
  html_paragraph(report->html, NULL,
                 "The regressions above average over participants and so speak of these participants only. Here every "
                 "single rating counts, and participants, images and layers each have a level of their own that is "
                 "drawn at random: what remains reliable may be expected of new people and new images. Fitted by REML; "
                 "properties in standard deviations.");
  report_hue_caveat(report);
  for (gsize scale = 0; scale < report->study->n_scales; scale++)
    if (!show_scale(report, scale, error))
      return false;
  return true;
}
