#include "analysis/report/number_text.h"
#include "analysis/report/pictures.h"
#include "analysis/report/report_private.h"

#include "analysis/plot/scatter.h"
#include "analysis/ratings/tables.h"
#include "stimuli/base/error.h"

#include <math.h>

#define PICTURES 4
#define PICTURE_SIDE 120
#define IMAGES_SHOWN 1000 /* a page with more rows than this gets slow; the TSV has all */

typedef struct {
  gsize image;
  double mean;
} Rated;

static int by_mean(gconstpointer a, gconstpointer b, gpointer data) {
  (void)data;
  const Rated *x = a, *y = b;
  return (x->mean > y->mean) - (x->mean < y->mean);
}

static bool add_pictures(Report *report, const Rated *rated, gsize n, gsize scale, const char *sentence,
                         GError **error) {
  const Study *study = report->study;
  html_paragraph(report->html, NULL, "%s", sentence);
  g_string_append(report->html, "<div class=\"pictures\">\n");
  for (gsize i = 0; i < n; i++) {
    const StudyImage *image = &study->images[rated[i].image];
    g_string_append(report->html, "<div>");
    if (!pictures_add(report->html, image->path, image->id, PICTURE_SIDE, error))
      return false;
    g_autofree char *mean = number_fixed(rated[i].mean, 1);
    g_autofree char *text = g_strdup_printf("%s %s", study->scales[scale], mean);
    html_breakable(report->html, image->id);
    g_string_append(report->html, "<br>");
    html_text(report->html, text);
    g_string_append(report->html, "</div>\n");
  }
  g_string_append(report->html, "</div>\n");
  return true;
}

/* The images with the lowest and the highest means. */
static bool show_extremes(Report *report, gsize scale, GError **error) {
  const Study *study = report->study;
  g_autofree Rated *rated = g_new(Rated, study->n_images);
  gsize n = 0;
  for (gsize i = 0; i < study->n_images; i++)
    if (!isnan(study->images[i].scales[scale].mean))
      rated[n++] = (Rated){i, study->images[i].scales[scale].mean};
  g_qsort_with_data(rated, (int)n, sizeof *rated, by_mean, NULL);
  if (n < 2 || rated[n - 1].mean - rated[0].mean <= CORRELATION_TIE * fabs(rated[n - 1].mean)) {
    html_paragraph(report->html, "undefined",
                   n < 2 ? "No images are shown in order of %s: fewer than two have ratings."
                         : "No images are shown in order of %s: all have the same mean.",
                   study->scales[scale]);
    return true;
  }
  gsize each = MIN(PICTURES, n / 2);
  g_autofree char *lowest = g_strdup_printf("Lowest mean %s:", study->scales[scale]);
  g_autofree char *highest = g_strdup_printf("Highest mean %s:", study->scales[scale]);
  return add_pictures(report, rated, each, scale, lowest, error) &&
         add_pictures(report, rated + n - each, each, scale, highest, error);
}

/* Every image where its mean valence and arousal put it. */
static bool draw_plane(Report *report, GError **error) {
  const Study *study = report->study;
  int arousal = study_scale(study, "arousal"), valence = study_scale(study, "valence");
  if (arousal < 0 || valence < 0)
    return true;
  g_autofree double *x = g_try_new(double, study->n_images), *y = g_try_new(double, study->n_images);
  g_autofree const char **names = g_new(const char *, study->n_images);
  if (x == NULL || y == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for a figure of %zu images", study->n_images);
    return false;
  }
  for (gsize i = 0; i < study->n_images; i++) {
    x[i] = study->images[i].scales[valence].mean;
    y[i] = study->images[i].scales[arousal].mean;
    names[i] = study->images[i].id;
  }
  const double *low = study->ratings->low, *high = study->ratings->high;
  Axis x_axis = axis_around(low[valence], high[valence], 0.02, 5);
  Axis y_axis = axis_around(low[arousal], high[arousal], 0.02, 5);
  Scatter scatter = {.title = "Mean valence and arousal of each image",
                     .x_title = "Mean valence",
                     .y_title = "Mean arousal",
                     .x = x,
                     .y = y,
                     .n = study->n_images,
                     .names = names,
                     .x_axis = &x_axis,
                     .y_axis = &y_axis,
                     .width = 420,
                     .height = 400};
  report_figure(report, "images_plane", "Each dot is one image, where its mean valence and mean arousal put it.",
                scatter_plot(&scatter));
  return true;
}

static void show_table(Report *report) {
  static const HtmlColumn of_scale[] = {{"n", "n", CELL_COUNT},
                                        {"mean", "mean", CELL_FIXED_1},
                                        {"sd", "SD", CELL_FIXED_1},
                                        {"ci_low", "CI from", CELL_FIXED_1},
                                        {"ci_high", "to", CELL_FIXED_1}};
  const Study *study = report->study;
  gsize n = 0;
  g_autofree HtmlColumn *columns = g_new(HtmlColumn, 1 + study->n_scales * G_N_ELEMENTS(of_scale) + study->n_features);
  g_autoptr(GStringChunk) texts = g_string_chunk_new(1024);
  columns[n++] = (HtmlColumn){"stim_id", "image", CELL_TEXT};
  for (gsize scale = 0; scale < study->n_scales; scale++)
    for (gsize i = 0; i < G_N_ELEMENTS(of_scale); i++) {
      g_autofree char *column = g_strdup_printf("%s_%s", study->scales[scale], of_scale[i].column);
      g_autofree char *heading = g_strdup_printf("%s %s", study->scales[scale], of_scale[i].heading);
      columns[n++] =
          (HtmlColumn){g_string_chunk_insert(texts, column),
                       i < 2 ? g_string_chunk_insert(texts, heading) : of_scale[i].heading, of_scale[i].kind};
    }
  for (gsize i = 0; i < study->n_features; i++)
    columns[n++] = (HtmlColumn){study->features[i], study->features[i], CELL_COMPACT};
  g_autofree char *summary =
      g_strdup_printf("Show all %zu %s", study->n_images, study->n_images == 1 ? "image" : "images");
  report_folded_table(report, "images", tables_images(study), columns, n, summary);
}

bool report_images(Report *report, GError **error) {
  const Study *study = report->study;
  report_section(report, "images", "Images");
  if (!draw_plane(report, error))
    return false;
  for (gsize scale = 0; scale < study->n_scales; scale++)
    if (!show_extremes(report, scale, error))
      return false;
  html_paragraph(report->html, NULL, "Each row of the table is one image: its ratings, then its properties.");
  if (study->n_images > IMAGES_SHOWN) {
    report_table(report, "images", tables_images(study), NULL, 0);
    html_paragraph(report->html, NULL, "The set has %zu images; their means are in %s/images.tsv.", study->n_images,
                   REPORT_TABLES);
    return true;
  }
  show_table(report);
  return true;
}
