#include "analysis/report/number_text.h"
#include "analysis/report/report_private.h"

#include "analysis/plot/histogram.h"
#include "stimuli/base/error.h"

#include <math.h>

#define SMALL_PART 0.2     /* of a scale */
#define FEWEST_OF_RANGE 20 /* ratings that say something of the range in use */
#define HISTOGRAM_BARS 21  /* of a scale from 0 to 100: centred on 0, 5, .. 100 */

/* All ratings of a scale that are not missing. */
static bool scale_values(const Study *study, gsize scale, double **values, gsize *n, GError **error) {
  const Ratings *ratings = study->ratings;
  *n = 0;
  *values = g_try_new(double, MAX(ratings->n_ratings, 1));
  if (*values == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for %zu ratings", ratings->n_ratings);
    return false;
  }
  for (gsize i = 0; i < ratings->n_ratings; i++)
    if (!isnan(ratings->ratings[i].values[scale]))
      (*values)[(*n)++] = ratings->ratings[i].values[scale];
  return true;
}

static void number_box(Report *report, gsize number, const char *what) {
  g_string_append_printf(report->html, "<div><b>%zu</b><span>", number);
  html_text(report->html, what);
  g_string_append(report->html, "</span></div>\n");
}

static void add_scale_row(Table *table, const char *scale, const Description *d) {
  const double values[] = {d->mean, d->sd, d->ci_low, d->ci_high, d->min, d->q1, d->median, d->q3, d->max};
  gsize row = table_add_row(table);
  table_set(table, row, 0, scale);
  table_set_int(table, row, 1, (gint64)d->n);
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    table_set_double(table, row, 2 + i, values[i]);
}

/* Ratings that leave most of their scale unused may be of another one, as 1 to 9 on what is taken as 0 to 100. */
static void warn_of_range(Report *report, gsize scale, const Description *d) {
  const Ratings *ratings = report->study->ratings;
  double low = ratings->low[scale], high = ratings->high[scale];
  if (d->n >= FEWEST_OF_RANGE && d->max - d->min < SMALL_PART * (high - low))
    html_paragraph(
        report->html, "warning",
        "All %zu ratings of %s lie between %g and %g, a small part of the scale from %g to %g. If they are of "
        "another scale, say so where its range is kept (Minimum and Maximum in the JSON file beside the data, "
        "low and high in a column map): else the tests against the middle, %g, mean nothing.",
        d->n, report->study->scales[scale], d->min, d->max, low, high, (low + high) / 2);
}

static void show_scales(Report *report, Table *table) {
  static const HtmlColumn columns[] = {{"scale", "scale", CELL_TEXT},
                                       {"n", "n", CELL_COUNT},
                                       {"mean", "mean", CELL_FIXED_2},
                                       {"sd", "SD", CELL_FIXED_2},
                                       {"ci_low", "95 % CI from", CELL_FIXED_2},
                                       {"ci_high", "to", CELL_FIXED_2},
                                       {"min", "min", CELL_FIXED_1},
                                       {"median", "median", CELL_FIXED_1},
                                       {"max", "max", CELL_FIXED_1}};
  html_paragraph(
      report->html, NULL,
      "Each row sums up all single ratings on one scale. Its interval takes them as independent, which those "
      "of one participant or one image are not: for other participants and other images it is far too narrow, "
      "and the bootstrap among the tests of the layers has one that allows for both (row \"all\").");
  report_table(report, "scales", table, columns, G_N_ELEMENTS(columns));
}

static void draw_histogram(Report *report, gsize scale, const double *values, gsize n) {
  const Study *study = report->study;
  g_autofree char *label = report_label(study->scales[scale]);
  g_autofree char *title = g_strdup_printf("Histogram of the %s ratings", study->scales[scale]);
  g_autofree char *name = g_strdup_printf("histogram_%s", study->scales[scale]);
  double low = study->ratings->low[scale], high = study->ratings->high[scale];
  bool whole = histogram_is_whole(values, n, low, high);
  gsize n_bars = whole && high - low < HISTOGRAM_BARS ? (gsize)(high - low) + 1 : HISTOGRAM_BARS;
  g_autofree char *caption = g_strdup_printf(
      "%s. A bar shows how often each %s around its value was chosen on average, so that equal use gives equal bars.",
      title, whole ? "whole number" : "unit of the scale");
  Histogram histogram = {.title = title,
                         .x_title = label,
                         .y_title = whole ? "ratings a number" : "ratings a unit",
                         .values = values,
                         .n = n,
                         .low = low,
                         .high = high,
                         .n_bins = n_bars,
                         .whole = whole,
                         .width = 420,
                         .height = 250};
  report_figure(report, name, caption, histogram_plot(&histogram));
}

static bool is_copy(const Study *study, const Rating *a, const Rating *b) {
  for (gsize scale = 0; scale < study->n_scales; scale++)
    if (!(a->values[scale] == b->values[scale] || (isnan(a->values[scale]) && isnan(b->values[scale]))))
      return false;
  return a->response_time == b->response_time;
}

/* Says where a session rated an image more than once, and where the second time is a copy of the first. */
static void note_repeats(Report *report) {
  const Study *study = report->study;
  gsize n_repeats = 0, n_copies = 0;
  g_autoptr(GHashTable) first = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (gsize i = 0; i < study->ratings->n_ratings; i++) {
    const Rating *rating = &study->ratings->ratings[i];
    gint64 key = (gint64)(rating->rater * study->n_images + rating->image);
    const Rating *earlier = g_hash_table_lookup(first, &key);
    if (earlier == NULL) {
      g_hash_table_insert(first, g_memdup2(&key, sizeof key), (gpointer)rating);
      continue;
    }
    n_repeats++;
    n_copies += is_copy(study, earlier, rating);
  }
  if (n_repeats > 0)
    html_paragraph(report->html, "undefined",
                   "%zu presentations show a participant an image again in the same session; each counts as a rating.",
                   n_repeats);
  if (n_copies > 0)
    html_paragraph(report->html, "warning",
                   "%zu of these have the same ratings and response time as the first: were rows copied by mistake?",
                   n_copies);
}

bool report_overview(Report *report, GError **error) {
  static const char *const names[] = {"scale", "n",  "mean",   "sd", "ci_low", "ci_high",
                                      "min",   "q1", "median", "q3", "max"};
  const Study *study = report->study;
  gsize n_rated = 0;
  for (gsize i = 0; i < study->n_images; i++)
    n_rated += study->images[i].n_rated > 0;
  report_section(report, "ratings", "Ratings");
  g_string_append(report->html, "<div class=\"numbers\">\n");
  number_box(report, study->n_participants, study->n_participants == 1 ? "participant" : "participants");
  number_box(report, study->ratings->n_ratings, "rated presentations");
  number_box(report, n_rated, n_rated == study->n_images ? "images, all rated" : "images rated");
  number_box(report, study->n_layers, study->n_layers == 1 ? "layer" : "layers");
  g_string_append(report->html, "</div>\n");
  if (study->n_raters > study->n_participants)
    html_paragraph(report->html, NULL,
                   "Some participants have several sessions (%zu sessions in all): where participants are compared, "
                   "each counts once, with the mean over all sessions.",
                   study->n_raters);
  if (n_rated < study->n_images)
    html_paragraph(report->html, "undefined", "%zu of the set's %zu images have no rating and take no part.",
                   study->n_images - n_rated, study->n_images);
  note_repeats(report);

  Table *table = table_new(names, G_N_ELEMENTS(names));
  g_autofree double **values = g_new0(double *, study->n_scales);
  g_autofree gsize *n = g_new0(gsize, study->n_scales);
  bool done = true;
  for (gsize scale = 0; scale < study->n_scales && done; scale++) {
    Description description;
    done = scale_values(study, scale, &values[scale], &n[scale], error) &&
           descriptive_describe(values[scale], n[scale], DESCRIPTIVE_CONFIDENCE, &description, error);
    if (done) {
      add_scale_row(table, study->scales[scale], &description);
      warn_of_range(report, scale, &description);
    }
  }
  if (done) {
    show_scales(report, table);
    report_figures_begin(report);
    for (gsize scale = 0; scale < study->n_scales; scale++)
      draw_histogram(report, scale, values[scale], n[scale]);
    report_figures_end(report);
  } else {
    table_free(table);
  }
  for (gsize scale = 0; scale < study->n_scales; scale++)
    g_free(values[scale]);
  return done;
}
