#include "analysis/report/report_intervals.h"
#include "analysis/report/report_tests_private.h"

/* Effect sizes of a table of tests; where: a column, only: the rows' value of it, or NULL. */
static void draw_sizes(Report *report, const Table *table, const char *estimate, const char *where, const char *only,
                       const char *name, const char *x_title, const char *caption) {
  const ReportIntervals sizes = {.label = "effect",
                                 .estimate = estimate,
                                 .low = "ci_low",
                                 .high = "ci_high",
                                 .filled = "p",
                                 .where = where,
                                 .only = only};
  report_intervals(report, table, &sizes, name, x_title, caption);
}

/* Every pair of answers, with Tukey's intervals. */
static void draw_pairs(Report *report, const Table *table, const char *scale, const char *questionnaire,
                       const char *name) {
  const ReportIntervals differences = {.label = "answer_1",
                                       .label_2 = "answer_2",
                                       .between = " against ",
                                       .estimate = "difference",
                                       .low = "tukey_ci_low",
                                       .high = "tukey_ci_high",
                                       .filled = "tukey_p"};
  g_autofree char *x_title = g_strdup_printf("difference in mean %s", scale);
  g_autofree char *caption =
      g_strdup_printf("Differences in mean %s between answers to %s, with Tukey's 95 %% intervals. Filled: p < .05; "
                      "dashed: no difference.",
                      scale, questionnaire);
  report_intervals(report, table, &differences, name, x_title, caption);
}

static bool add_questionnaire(Report *report, gsize scale, const Questionnaire *questionnaire, GError **error) {
  static const HtmlColumn tests[] = {{"test", "test", CELL_TEXT},
                                     {"statistic", "F or H", CELL_FIXED_2},
                                     {"df1", "df", CELL_COMPACT},
                                     {"df2", "df of error", CELL_COMPACT},
                                     {"p", "p", CELL_P},
                                     {"effect", "effect size", CELL_MARK},
                                     {"effect_size", "value", CELL_FIXED_3},
                                     {"ci_low", "95 % CI from", CELL_FIXED_3},
                                     {"ci_high", "to", CELL_FIXED_3}};
  static const HtmlColumn pairs[] = {{"answer_1", "answer", CELL_TEXT},
                                     {"answer_2", "against", CELL_TEXT},
                                     {"difference", "difference", CELL_FIXED_2},
                                     {"tukey_ci_low", "95 % CI from", CELL_FIXED_2},
                                     {"tukey_ci_high", "to", CELL_FIXED_2},
                                     {"tukey_p", "p, Tukey", CELL_P},
                                     {"games_howell_p", "p, Games-Howell", CELL_P},
                                     {"welch_p", "p, Welch alone", CELL_P},
                                     {"wilcoxon_p", "p, Wilcoxon alone", CELL_P},
                                     {"g", "Hedges' g", CELL_FIXED_2},
                                     {"d_ci_low", "95 % CI of d from", CELL_FIXED_2},
                                     {"d_ci_high", "to", CELL_FIXED_2}};
  const char *name = report->study->scales[scale];
  g_autofree char *plain = g_strdelimit(g_strdup(questionnaire->name), "_", ' ');
  g_autofree char *heading = g_strdup_printf("Mean %s by %s: further tests", name, plain);
  g_autofree char *tests_name = g_strdup_printf("group_tests_%s_%s", name, questionnaire->name);
  g_autofree char *pairs_name = g_strdup_printf("group_pairs_%s_%s", name, questionnaire->name);
  Table *table;
  if (!tables_group_tests(report->study, scale, questionnaire, &table, error))
    return false;
  html_element(report->html, "h3", NULL, heading);
  html_paragraph(
      report->html, NULL,
      "Each row tests in another way whether the groups differ: Fisher's takes equal variances, Welch's does "
      "not, Kruskal and Wallis' goes by ranks alone; the effect size is the share of the differences that the "
      "answers account for. What the groups are too small or too alike for is n/a.");
  g_autofree char *caption = g_strdup_printf("Share of the differences in mean %s that %s accounts for, with 95 %% "
                                             "intervals. Filled: p < .05.",
                                             name, plain);
  draw_sizes(report, table, "effect_size", NULL, NULL, tests_name, "effect size", caption);
  report_table(report, tests_name, table, tests, G_N_ELEMENTS(tests));
  if (!tables_group_pairs(report->study, scale, questionnaire, &table, error))
    return false;
  html_paragraph(report->html, NULL,
                 "Each row compares two groups: Tukey's and Games and Howell's p allow for the number of pairs (the "
                 "latter also for unequal variances), the others do not.");
  draw_pairs(report, table, name, plain, pairs_name);
  report_folded_table(report, pairs_name, table, pairs, G_N_ELEMENTS(pairs), "Show every pair of answers");
  return true;
}

static bool add_two_way(Report *report, gsize scale, const Questionnaire *first, const Questionnaire *second,
                        GError **error) {
  static const HtmlColumn columns[] = {{"type", "type", CELL_TEXT},
                                       {"effect", "effect", CELL_TEXT},
                                       {"ss", "sum of squares", CELL_COMPACT},
                                       {"df", "df", CELL_COUNT},
                                       {"df_error", "df of error", CELL_COUNT},
                                       {"f", "F", CELL_FIXED_2},
                                       {"p", "p", CELL_P},
                                       {"partial_eta2", "partial \u03b7\u00b2", CELL_FIXED_3},
                                       {"partial_omega2", "partial \u03c9\u00b2", CELL_FIXED_3}};
  const char *name = report->study->scales[scale], *why;
  Table *table;
  if (!tables_two_way(report->study, scale, first, second, &table, &why, error))
    return false;
  g_autofree char *heading = g_strdup_printf("Mean %s by %s and %s", name, first->name, second->name);
  g_strdelimit(heading, "_", ' ');
  html_element(report->html, "h3", NULL, heading);
  html_paragraph(
      report->html, NULL,
      "Each row is one effect of the two answers together, or of their combination (the colon); the groups "
      "differ in size, so that three ways to share out the variance exist (type II is the usual choice where "
      "the combination has no effect of its own). The intervals are of shares in the population, and hold 0 down to p "
      "= .025, as the F test is one-sided.");
  if (why != NULL)
    html_paragraph(report->html, "undefined", "What is n/a is so because %s.", why);
  g_autofree char *table_name = g_strdup_printf("anova_two_way_%s_%s_%s", name, first->name, second->name);
  g_autofree char *caption =
      g_strdup_printf("%s: effect sizes by type II, with 95 %% intervals. Filled: p < .05.", heading);
  draw_sizes(report, table, "partial_eta2", "type", "II", table_name, "partial \u03b7\u00b2", caption);
  report_folded_table(report, table_name, table, columns, G_N_ELEMENTS(columns),
                      "Show the two-way analysis of variance");
  return true;
}

bool report_group_tests(Report *report, GError **error) {
  const Study *study = report->study;
  const Questionnaires *all = study->questionnaires;
  g_autoptr(GPtrArray) usable = g_ptr_array_new();
  for (gsize i = 0; i < all->n_questionnaires; i++)
    if (all->questionnaires[i].n_levels <= QUESTIONNAIRE_MAX_LEVELS)
      g_ptr_array_add(usable, (gpointer)&all->questionnaires[i]);
  if (usable->len == 0)
    return true;
  report_section(report, "groups", "Further tests between participants");
  html_paragraph(
      report->html, NULL,
      "\u03b7\u00b2 and \u03c9\u00b2 estimate the same share of variance in the population, so that the interval "
      "of both is that of this share, which is never below 0 though \u03c9\u00b2 can be (read it as 0). The F "
      "test is one-sided: its p is below .05 where the 90 %% interval excludes 0, and the 95 %% one excludes "
      "it from p < .025 down (Steiger 2004).");
  for (guint i = 0; i < usable->len; i++)
    for (gsize scale = 0; scale < study->n_scales; scale++)
      if (!add_questionnaire(report, scale, usable->pdata[i], error))
        return false;
  for (guint i = 0; i < usable->len; i++)
    for (guint j = i + 1; j < usable->len; j++)
      for (gsize scale = 0; scale < study->n_scales; scale++)
        if (!add_two_way(report, scale, usable->pdata[i], usable->pdata[j], error))
          return false;
  return true;
}
