#include "analysis/plot/bars.h"
#include "analysis/ratings/tables_bounds.h"
#include "analysis/report/number_text.h"
#include "analysis/report/report_tests_private.h"

#include <math.h>
#include <string.h>

/* Above this percentage of respondents at one end of an instrument, its scores are said to have a floor or ceiling
 * effect. Source: Terwee et al. (2007), J Clin Epidemiol 60:34, doi:10.1016/j.jclinepi.2006.03.012; we take it for
 * ratings rather than respondents. */
#define MANY_PERCENT 15.0

#define LISTED_MOST 50 /* participants named on the page; the TSV has all */

static double percent(const Table *table, gsize row, const char *column) {
  return 100 * report_cell(table, row, column);
}

static char *judgement(double low, double high, const char *scale) {
  bool both = low > MANY_PERCENT && high > MANY_PERCENT;
  if (MAX(low, high) <= MANY_PERCENT)
    return g_strdup_printf("Neither bound has more than %g %%.", MANY_PERCENT);
  return g_strdup_printf(
      "More than %g %% at %s is a %s effect: differences there are compressed, and the intervals and "
      "p-values of linear models of %s are to be read with care, at best beside a rank test or a "
      "model for bounded or ordered ratings.",
      MANY_PERCENT,
      both         ? "each bound"
      : low > high ? "the low bound"
                   : "the high bound",
      both         ? "floor and ceiling"
      : low > high ? "floor"
                   : "ceiling",
      scale);
}

static void judge_scale(Report *report, const Table *table, gsize row) {
  double low = percent(table, row, "share_low"), high = percent(table, row, "share_high");
  const char *scale = table_get(table, row, 0);
  if (isnan(low)) {
    html_paragraph(report->html, "undefined", "The use of the scale %s is n/a: it has no rating.", scale);
    return;
  }
  g_autofree char *all = number_fixed(percent(table, row, "share_bounds"), 1), *at_low = number_fixed(low, 1),
                  *at_high = number_fixed(high, 1), *reading = judgement(low, high, scale);
  html_paragraph(report->html, MAX(low, high) > MANY_PERCENT ? "warning" : NULL,
                 "At the bounds are %s %% of the ratings of %s (%s %% low, %s %% high). %s", all, scale, at_low,
                 at_high, reading);
}

static void draw_shares(Report *report, const Table *table) {
  static const char *const columns[] = {"share_low", "share_middle", "share_high"};
  static const char *const words[] = {"low bound", "middle", "high bound"};
  gsize n_bars = table_n_rows(table) * G_N_ELEMENTS(columns);
  g_autofree Bar *bars = g_new0(Bar, MAX(n_bars, 1));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < n_bars; i++) {
    gsize row = i / G_N_ELEMENTS(columns), k = i % G_N_ELEMENTS(columns);
    double value = percent(table, row, columns[k]);
    g_autofree char *number = number_fixed(value, 1);
    char *name = g_strdup_printf("%s: %s", table_get(table, row, 0), words[k]);
    char *text = g_strconcat(number, " %", NULL);
    g_ptr_array_add(texts, name);
    g_ptr_array_add(texts, text);
    bars[i] = (Bar){name, value, text};
  }
  const char *caption = "How many ratings are exactly at the bounds and at the middle of their scale.";
  const Bars plot = {caption, "share of the ratings, %", bars, n_bars, NAN};
  report_figure(report, "bounds", caption, bars_plot(&plot));
}

static void show_scales(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"n", "ratings", CELL_COUNT},
                                       {"n_low", "at low", CELL_COUNT},
                                       {"n_middle", "at middle", CELL_COUNT},
                                       {"n_high", "at high", CELL_COUNT},
                                       {"images_rated", "images", CELL_COUNT},
                                       {"images_near_low", "near low", CELL_COUNT},
                                       {"images_near_high", "near high", CELL_COUNT},
                                       {"layers_rated", "layers", CELL_COUNT},
                                       {"layers_near_low", "near low", CELL_COUNT},
                                       {"layers_near_high", "near high", CELL_COUNT}};
  html_paragraph(report->html, NULL,
                 "Linear models (mixed models, regressions, t tests, analyses of variance) assume errors that spread "
                 "alike along a scale without ends; at a bound there is room on one side only. The more ratings are "
                 "there, the less the assumption holds: more than %g %% at one bound are called a floor or ceiling "
                 "effect here, as Terwee et al. (2007) call it of respondents.",
                 MANY_PERCENT);
  for (gsize row = 0; row < table_n_rows(table); row++)
    judge_scale(report, table, row);
  draw_shares(report, table);
  html_paragraph(report->html, NULL,
                 "Each row counts the single ratings of one scale that are exactly at its ends and its middle (where "
                 "a slider may have been left as it started), and the images and layers whose mean lies within %g %% "
                 "of the scale's range of an end. A scale of few steps has many ratings at its ends by its nature.",
                 100 * BOUNDS_NEAR);
  report_table(report, "bounds", table, columns, G_N_ELEMENTS(columns));
}

static void show_participants(Report *report, Table *table) {
  g_autoptr(GString) names = g_string_new(NULL);
  gsize n = 0, n_rated = 0;
  for (gsize row = 0; row < table_n_rows(table); row++) {
    n_rated += report_cell(table, row, "n") > 0;
    if (strcmp(table_get(table, row, (gsize)table_column(table, "mostly_bounds")), "true") != 0 || n++ >= LISTED_MOST)
      continue;
    g_autofree char *part = number_fixed(percent(table, row, "share_bounds"), 1);
    g_string_append_printf(names, "%s%s (%s %%)", names->len > 0 ? ", " : "", table_get(table, row, 0), part);
  }
  if (n > LISTED_MOST)
    g_string_append(names, " and others, whom the table bounds_participants names");
  if (n == 0 && n_rated == 1)
    html_paragraph(report->html, NULL, "The one participant has no more than half of the ratings at bounds.");
  else if (n == 0)
    html_paragraph(report->html, NULL, "Of %zu participants none has more than half of the ratings at bounds.",
                   n_rated);
  else
    html_paragraph(report->html, "warning",
                   "%zu of %zu %s %s more than half of the ratings, over all scales, at bounds: %s.", n, n_rated,
                   n_rated == 1 ? "participant" : "participants", n == 1 ? "has" : "have", names->str);
  report_table(report, "bounds_participants", table, NULL, 0);
}

bool report_bounds(Report *report, GError **error) {
  Table *participants;
  report_section(report, "bounds", "Bounds of the scales");
  show_scales(report, tables_bounds(report->study));
  if (!tables_bounds_participants(report->study, &participants, error))
    return false;
  show_participants(report, participants);
  return true;
}
