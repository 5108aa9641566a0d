#include <math.h>

#include "analysis/plot/picture_sheet.h"
#include "analysis/report/number_text.h"
#include "analysis/report/pictures.h"
#include "analysis/report/report_corners.h"

#define LAYERS 3   /* nearest layers that a sheet shows */
#define PICTURES 5 /* images of a layer at most */
#define SIDE 96.0
#define PIXELS 128

/* A layer and how far its medians are from the wanted place, in units of the scales' ranges. */
typedef struct {
  gsize layer; /* index into JointRatings.layers */
  double distance;
} Near;

static int by_distance(gconstpointer a, gconstpointer b) {
  const Near *x = a, *y = b;
  if (x->distance < y->distance || x->distance > y->distance)
    return x->distance < y->distance ? -1 : 1;
  return (x->layer > y->layer) - (x->layer < y->layer);
}

/* The layers by their distance; free with g_array_unref. */
static GArray *rank_layers(const JointRatings *joint, const JointCase *place) {
  GArray *near = g_array_new(FALSE, FALSE, sizeof(Near));
  for (gsize i = 0; i < joint->n_layers; i++) {
    const Near found = {i, joint_ratings_distance(joint, &joint->layers[i], place->wanted)};
    if (!isnan(found.distance))
      g_array_append_val(near, found);
  }
  g_array_sort(near, by_distance);
  return near;
}

/* What a sheet's rows borrow. */
typedef struct {
  GPtrArray *texts, *pngs; /* char *, GByteArray * */
  SheetPicture pictures[LAYERS][PICTURES];
  SheetRow rows[LAYERS];
} Sheet;

static void sheet_clear(Sheet *sheet) {
  g_ptr_array_unref(sheet->texts);
  g_ptr_array_unref(sheet->pngs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

static bool fill_row(const Study *study, const JointRatings *joint, gsize layer, Sheet *sheet, gsize r,
                     GError **error) {
  const JointLayer *from = &joint->layers[layer];
  SheetRow *row = &sheet->rows[r];
  g_autofree char *x = number_fixed(from->median[0], 1), *y = number_fixed(from->median[1], 1);
  char *note = g_strdup_printf("median %s %s, %s %s", study->scales[joint->x], x, study->scales[joint->y], y);
  g_ptr_array_add(sheet->texts, note);
  *row = (SheetRow){.name = study->layers[from->layer].name, .note = note, .pictures = sheet->pictures[r]};
  for (gsize i = 0; i < study->n_images && row->n_pictures < PICTURES; i++) {
    const StudyImage *image = &study->images[i];
    if (image->layer != from->layer || image->n_rated == 0)
      continue;
    GByteArray *png;
    if (!pictures_png(image->path, PIXELS, &png, error))
      return false;
    g_ptr_array_add(sheet->pngs, png);
    g_autofree char *median_x = number_fixed(image->scales[joint->x].median, 1),
                    *median_y = number_fixed(image->scales[joint->y].median, 1);
    char *medians = g_strdup_printf("%s, %s", median_x, median_y);
    g_ptr_array_add(sheet->texts, medians);
    sheet->pictures[r][row->n_pictures++] = (SheetPicture){png->data, png->len, medians};
  }
  return true;
}

static bool show_place(Report *report, const JointRatings *joint, const JointCase *place, gsize number,
                       GError **error) {
  const Study *study = report->study;
  g_autoptr(GArray) near = rank_layers(joint, place);
  g_auto(Sheet) sheet = {g_ptr_array_new_with_free_func(g_free),
                         g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref),
                         {{{0}}},
                         {{0}}};
  gsize n = MIN(near->len, LAYERS);
  for (gsize r = 0; r < n; r++)
    if (!fill_row(study, joint, g_array_index(near, Near, r).layer, &sheet, r, error))
      return false;
  if (n == 0)
    return true;
  g_autofree char *caption = g_strdup_printf(
      "Place %zu of 8, %s (%s, %s): the %zu %s whose median ratings are nearest, with the images of each and their "
      "own medians (%s, %s).",
      number, place->heading, study->scales[joint->x], study->scales[joint->y], n, n == 1 ? "layer" : "layers",
      study->scales[joint->x], study->scales[joint->y]);
  g_autofree char *name = g_strdup_printf("joint_pictures_%zu", number);
  const PictureSheet plot = {caption, sheet.rows, n, SIDE};
  report_wide_figure(report, name, caption, picture_sheet_plot(&plot));
  return true;
}

bool report_corners(Report *report, const JointRatings *joint, const JointCase *places, gsize n, GError **error) {
  g_string_append(report->html, "<details><summary>Show the images at each corner and side</summary>\n");
  for (gsize k = 0; k < n; k++)
    if (!show_place(report, joint, &places[k], k + 1, error))
      return false;
  g_string_append(report->html, "</details>\n");
  return true;
}
