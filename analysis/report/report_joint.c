#include "analysis/report/report_private.h"

#include <math.h>
#include <string.h>

#include "analysis/plot/joint.h"
#include "analysis/ratings/joint_ratings.h"
#include "analysis/report/pictures.h"
#include "analysis/report/report_corners.h"

G_STATIC_ASSERT(JOINT_CELLS == JOINT_RATINGS_CELLS);

#define CASE_SIDE 128.0
#define SMALL_SIDE 86.0
#define SMALL_PER_ROW 9

/* Panels with what they borrow. */
typedef struct {
  GArray *panels;      /* JointPanel */
  GPtrArray *texts;    /* char * */
  GPtrArray *pictures; /* GByteArray * */
} Panels;

static Panels panels_new(void) {
  return (Panels){g_array_new(FALSE, TRUE, sizeof(JointPanel)), g_ptr_array_new_with_free_func(g_free),
                  g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref)};
}

static void panels_clear(Panels *panels) {
  g_array_free(panels->panels, TRUE);
  g_ptr_array_free(panels->texts, TRUE);
  g_ptr_array_free(panels->pictures, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Panels, panels_clear)

static JointPanel panel_of(const Study *study, const JointLayer *layer) {
  return (JointPanel){.name = study->layers[layer->layer].name,
                      .density = layer->density,
                      .mean = {layer->mean[0], layer->mean[1]},
                      .median = {layer->median[0], layer->median[1]},
                      .wanted = {NAN, NAN}};
}

/* The first rated image of a layer; every layer here has one. */
static const StudyImage *image_of(const Study *study, gsize layer) {
  for (gsize i = 0; i < study->n_images; i++)
    if (study->images[i].layer == layer && study->images[i].n_rated > 0)
      return &study->images[i];
  return NULL;
}

static bool add_case(Panels *panels, const Study *study, const JointRatings *joint, const JointCase *chosen,
                     GError **error) {
  if (chosen->layer == G_MAXSIZE)
    return true;
  const JointLayer *layer = &joint->layers[chosen->layer];
  JointPanel panel = panel_of(study, layer);
  panel.heading = chosen->heading;
  panel.wanted[0] = chosen->wanted[0];
  panel.wanted[1] = chosen->wanted[1];
  char *note = g_strdup_printf("%.2f bits", layer->entropy);
  g_ptr_array_add(panels->texts, note);
  panel.note = note;
  const StudyImage *image = image_of(study, layer->layer);
  GByteArray *picture;
  if (image != NULL) {
    if (!pictures_png(image->path, 2 * (int)CASE_SIDE, &picture, error))
      return false;
    g_ptr_array_add(panels->pictures, picture);
    panel.picture = picture->data;
    panel.picture_size = picture->len;
  }
  g_array_append_val(panels->panels, panel);
  return true;
}

static bool show(Report *report, const JointRatings *joint, const Panels *panels, const char *name, const char *caption,
                 gsize per_row, double side, GError **error) {
  const Study *study = report->study;
  g_autofree char *x = report_label(study->scales[joint->x]), *y = report_label(study->scales[joint->y]);
  Joint figure = {.title = caption,
                  .x_title = x,
                  .y_title = y,
                  .x_low = joint->plane.low[0],
                  .x_high = joint->plane.high[0],
                  .y_low = joint->plane.low[1],
                  .y_high = joint->plane.high[1],
                  .panels = (const JointPanel *)panels->panels->data,
                  .n_panels = panels->panels->len,
                  .per_row = per_row,
                  .side = side};
  char *svg;
  if (!joint_plot(&figure, &svg, error))
    return false;
  report_wide_figure(report, name, caption, svg);
  return true;
}

/* The chosen layers side by side, and a list of the rules. */
static bool show_cases(Report *report, const JointRatings *joint, const JointCase *cases, gsize n, const char *name,
                       const char *caption, GError **error) {
  g_auto(Panels) panels = panels_new();
  for (gsize k = 0; k < n; k++)
    if (!add_case(&panels, report->study, joint, &cases[k], error))
      return false;
  return panels.panels->len == 0 || show(report, joint, &panels, name, caption, n, CASE_SIDE, error);
}

static void list_rules(Report *report, const JointRatings *joint, const JointCase *cases, gsize n) {
  g_string_append(report->html, "<ul>\n");
  for (gsize k = 0; k < n; k++) {
    const char *layer = cases[k].layer != G_MAXSIZE ? report->study->layers[joint->layers[cases[k].layer].layer].name
                                                    : "no layer meets the rule";
    g_autofree char *text = g_strdup_printf("%s: %s (%s)", cases[k].heading, cases[k].rule, layer);
    html_element(report->html, "li", NULL, text);
  }
  g_string_append(report->html, "</ul>\n");
}

static bool show_all(Report *report, const JointRatings *joint, GError **error) {
  g_auto(Panels) panels = panels_new();
  for (gsize i = 0; i < joint->n_layers; i++) {
    JointPanel panel = panel_of(report->study, &joint->layers[i]);
    g_array_append_val(panels.panels, panel);
  }
  g_string_append_printf(report->html, "<details><summary>Show all %zu %s</summary>\n", joint->n_layers,
                         joint->n_layers == 1 ? "layer" : "layers");
  bool shown =
      show(report, joint, &panels, "joint_all",
           "Every layer's joint distribution, marked as above, in the set's order.", SMALL_PER_ROW, SMALL_SIDE, error);
  g_string_append(report->html, "</details>\n");
  return shown;
}

static void show_table(Report *report, const JointRatings *joint) {
  const Study *study = report->study;
  const char *x = study->scales[joint->x], *y = study->scales[joint->y];
  g_autofree char *x_column = g_strdup_printf("%s_bimodality", x), *x_heading = g_strdup_printf("bimodality of %s", x),
                  *y_column = g_strdup_printf("%s_bimodality", y), *y_heading = g_strdup_printf("bimodality of %s", y);
  const HtmlColumn columns[] = {{"layer", "layer", CELL_TEXT},
                                {"n", "trials", CELL_COUNT},
                                {x_column, x_heading, CELL_FIXED_3},
                                {y_column, y_heading, CELL_FIXED_3},
                                {"entropy_bits", "entropy, bits", CELL_FIXED_2}};
  report_folded_table(report, "joint", joint_ratings_table(study, joint), columns, G_N_ELEMENTS(columns),
                      "Show the numbers");
}

static bool show_joint(Report *report, const JointRatings *joint, GError **error) {
  const Study *study = report->study;
  const char *x = study->scales[joint->x], *y = study->scales[joint->y];
  JointCase cases[JOINT_RATINGS_N_CASES], places[JOINT_RATINGS_N_PLACES];
  joint_ratings_cases(joint, cases);
  joint_ratings_places(joint, places);
  html_paragraph(report->html, NULL,
                 "Each map shows how often a layer's images were given each pair of ratings: %s from left to right, %s "
                 "from bottom to top, bright where ratings are many. The white cross is the mean, the red circle the "
                 "median. Entropy says how spread the ratings are: %.2f bits is an even spread over the whole plane, "
                 "and little means that raters agree.",
                 x, y, 2 * log2(JOINT_RATINGS_CELLS));
  g_autofree char *caption = g_strdup_printf("Joint distributions of %s and %s of the layers that the rules below "
                                             "choose, with an image of each layer.",
                                             x, y);
  if (!show_cases(report, joint, cases, JOINT_RATINGS_N_CASES, "joint_cases", caption, error))
    return false;
  list_rules(report, joint, cases, JOINT_RATINGS_N_CASES);
  html_paragraph(report->html, NULL,
                 "A coefficient above 5/9 is the study's rule for two modes, but skewed ratings with one mode can have "
                 "it, too: whether a layer has two is for the dip to say, among the tests of the layers.");
  g_autofree char *corners =
      g_strdup_printf("The layers whose median ratings are nearest to each corner and side of the plane (red square; "
                      "the headings give %s first, then %s).",
                      x, y);
  if (!show_cases(report, joint, places, JOINT_RATINGS_N_PLACES, "joint_corners", corners, error) ||
      !report_corners(report, joint, places, JOINT_RATINGS_N_PLACES, error) || !show_all(report, joint, error))
    return false;
  show_table(report, joint);
  html_paragraph(
      report->html, NULL,
      "Densities: ratings counted in %d x %d cells, smoothed by a Gaussian kernel of standard deviation %.2f (%s) and "
      "%.2f (%s), the same for every layer and reflected at the ends of the scales. Entropies here and among the tests "
      "of the layers are of these densities.",
      JOINT_RATINGS_CELLS, JOINT_RATINGS_CELLS, joint->plane.bandwidth[0], x, joint->plane.bandwidth[1], y);
  return true;
}

bool report_joint(Report *report, GError **error) {
  const Study *study = report->study;
  report_section(report, "joint", "Joint ratings");
  gsize x, y;
  if (!study_plane(study, &x, &y)) {
    html_paragraph(report->html, "undefined", "There is only one rating scale.");
    return true;
  }
  g_autoptr(JointRatings) joint = NULL;
  if (!joint_ratings_new(study, x, y, &joint, error))
    return false;
  if (joint->n_layers > 0)
    return show_joint(report, joint, error);
  html_paragraph(report->html, "undefined", "No trial has both ratings.");
  return true;
}
