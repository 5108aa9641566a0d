#include "analysis/report/number_text.h"
#include "analysis/report/report_private.h"

#include "analysis/plot/boxes.h"
#include "analysis/ratings/tables.h"
#include "stimuli/base/error.h"

#include <math.h>

/* "self_esteem" as "self esteem". Free with g_free. */
static char *plain_name(const Questionnaire *questionnaire) {
  return g_strdelimit(g_strdup(questionnaire->name), "_", ' ');
}

/* Groups of an ANOVA side by side, every participant a dot. */
static bool draw_groups(Report *report, gsize scale, const Questionnaire *questionnaire, GError **error) {
  const Study *study = report->study;
  gsize n = questionnaire->n_levels;
  g_autofree BoxGroup *groups = g_new0(BoxGroup, n);
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  for (gsize level = 0; level < n; level++) {
    double *values;
    if (!study_level_values(study, questionnaire, level, scale, &values, &groups[level].n, error))
      return false;
    g_ptr_array_add(owned, values);
    groups[level].name = questionnaire->labels[level];
    groups[level].values = values;
    groups[level].shade = NAN;
  }
  g_autofree char *y_title = g_strdup_printf("Mean %s", study->scales[scale]);
  g_autofree char *plain = plain_name(questionnaire);
  g_autofree char *caption = g_strdup_printf("Mean %s of each participant (dots) by %s. Dashed: the scale's middle.",
                                             study->scales[scale], plain);
  g_autofree char *name = g_strdup_printf("anova_%s_%s", study->scales[scale], questionnaire->name);
  double low = study->ratings->low[scale], high = study->ratings->high[scale];
  Boxes boxes = {.title = caption,
                 .y_title = y_title,
                 .groups = groups,
                 .n_groups = n,
                 .low = low,
                 .high = high,
                 .reference = (low + high) / 2,
                 .points = true,
                 .violins = true,
                 .per_row = QUESTIONNAIRE_MAX_LEVELS};
  char *svg;
  if (!boxes_plot(&boxes, &svg, error))
    return false;
  report_figure(report, name, caption, svg);
  return true;
}

static void summarise(Report *report, const Anova *anova, const char *scale, const char *questionnaire) {
  if (isnan(anova->f)) {
    html_paragraph(report->html, "undefined",
                   "No test of mean %s by %s: it takes at least two answers given, more participants than answers, and "
                   "ratings that differ (%zu participants, %zu different answers).",
                   scale, questionnaire, anova->n, anova->n_filled);
    return;
  }
  g_autofree char *f = number_fixed(anova->f, 2), *p = number_p_statement(anova->p),
                  *eta2 = number_fixed(anova->eta2, 3), *omega2 = number_fixed(anova->omega2, 3);
  html_paragraph(report->html, NULL,
                 "Participants' mean %s %s between their answers to %s: F(%g, %g) = %s, %s, \u03b7\u00b2 = %s, "
                 "\u03c9\u00b2 = %s.",
                 scale, anova->p < 0.05 ? "differs" : "does not differ reliably", questionnaire, anova->df_between,
                 anova->df_within, f, p, eta2, omega2);
  if (isnan(anova->welch_p))
    html_paragraph(report->html, "undefined",
                   "Welch's test is n/a: it needs at least two participants and some variance in every group.");
}

static const HtmlColumn source_columns[] = {{"source", "source", CELL_TEXT},
                                            {"ss", "sum of squares", CELL_COMPACT},
                                            {"df", "df", CELL_COMPACT},
                                            {"df_error", "df of error", CELL_COMPACT},
                                            {"ms", "mean square", CELL_COMPACT},
                                            {"f", "F", CELL_FIXED_2},
                                            {"p", "p", CELL_P},
                                            {"eta2", "\u03b7\u00b2", CELL_FIXED_3},
                                            {"omega2", "\u03c9\u00b2", CELL_FIXED_3}};

static const HtmlColumn group_columns[] = {{"label", "answer", CELL_TEXT},           {"n", "participants", CELL_COUNT},
                                           {"mean", "mean", CELL_FIXED_2},           {"sd", "SD", CELL_FIXED_2},
                                           {"ci_low", "95 % CI from", CELL_FIXED_2}, {"ci_high", "to", CELL_FIXED_2},
                                           {"median", "median", CELL_FIXED_2}};

static bool test_scale(Report *report, gsize scale, const Questionnaire *questionnaire, GError **error) {
  const char *name = report->study->scales[scale];
  g_autoptr(Anova) anova = NULL;
  g_autofree char *plain = plain_name(questionnaire);
  g_autofree char *heading = g_strdup_printf("Mean %s by %s", name, plain);
  html_element(report->html, "h3", NULL, heading);
  if (!study_anova(report->study, scale, questionnaire, &anova, error))
    return false;
  summarise(report, anova, name, plain);
  g_autofree char *table = g_strdup_printf("anova_%s_%s", name, questionnaire->name);
  g_autofree char *group_table = g_strdup_printf("anova_groups_%s_%s", name, questionnaire->name);
  html_paragraph(report->html, NULL, "Each row is one answer with the means of the participants who gave it.");
  report_table(report, group_table, tables_anova_groups(anova, questionnaire), group_columns,
               G_N_ELEMENTS(group_columns));
  html_paragraph(report->html, NULL,
                 "The one-way analysis of variance; Welch's row is the same test without assuming equal variances.");
  report_table(report, table, tables_anova(anova), source_columns, G_N_ELEMENTS(source_columns));
  if (anova->n_excluded > 0)
    html_paragraph(
        report->html, "undefined",
        "%zu participant(s) without ratings, without an answer or with different answers in different sessions are "
        "left out.",
        anova->n_excluded);
  return draw_groups(report, scale, questionnaire, error);
}

bool report_questionnaires(Report *report, GError **error) {
  const Study *study = report->study;
  report_section(report, "questionnaires", "Differences between participants");
  if (study->questionnaires->n_questionnaires == 0)
    html_paragraph(report->html, "undefined",
                   "The data folder has no questionnaire (phenotype/*.tsv), so that there is nothing to compare by.");
  for (gsize i = 0; i < study->questionnaires->n_questionnaires; i++) {
    const Questionnaire *questionnaire = &study->questionnaires->questionnaires[i];
    g_autofree char *plain = plain_name(questionnaire);
    if (questionnaire->n_levels > QUESTIONNAIRE_MAX_LEVELS) {
      html_paragraph(report->html, "undefined",
                     "%s has %zu different answers, which is a score rather than groups: no analysis of variance.",
                     plain, questionnaire->n_levels);
      continue;
    }
    for (gsize scale = 0; scale < study->n_scales; scale++)
      if (!test_scale(report, scale, questionnaire, error))
        return false;
  }
  return true;
}
