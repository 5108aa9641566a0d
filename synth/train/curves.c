#include "synth/train/curves.h"

#include <cairo.h>
#include <math.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/table.h"

#define WIDTH 760
#define HEIGHT 560
#define LEFT 70
#define RIGHT 20
#define PANEL 200
#define GAP 60
#define TOP 36

static bool write_table(const TrainState *state, const char *path, GError **error) {
  static const char *const columns[] = {"step", "loss", "accuracy", "held_out_accuracy", "learning_rate"};
  g_autoptr(Table) table = table_new(columns, G_N_ELEMENTS(columns));
  for (guint k = 0; k < state->curve->len; k++) {
    const TrainPoint *p = &g_array_index(state->curve, TrainPoint, k);
    const double values[] = {p->step, p->loss, p->accuracy, p->held_out, p->rate};
    gsize row = table_add_row(table);
    for (gsize c = 0; c < G_N_ELEMENTS(values); c++)
      table_set_double(table, row, c, values[c]);
  }
  return table_write(table, path, FILES_PUBLIC, error);
}

typedef struct {
  cairo_t *cairo;
  double top, low, high; /* the panel's top in pixels, its values at bottom and top */
  double last;           /* step at the right edge */
} Panel;

static double x_of(const Panel *panel, double step) { return LEFT + (WIDTH - LEFT - RIGHT) * step / panel->last; }
static double y_of(const Panel *panel, double value) {
  return panel->top + PANEL * (panel->high - value) / (panel->high - panel->low);
}

static void label(cairo_t *cairo, double x, double y, double align, const char *text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cairo, text, &extents);
  cairo_move_to(cairo, x - align * extents.width, y);
  cairo_show_text(cairo, text);
}

static void frame(const Panel *panel, const char *title, double tick, const char *format) {
  cairo_t *cairo = panel->cairo;
  for (double value = panel->low; value <= panel->high + tick / 2; value += tick) {
    cairo_set_source_rgb(cairo, .88, .88, .88);
    cairo_move_to(cairo, LEFT, y_of(panel, value));
    cairo_line_to(cairo, WIDTH - RIGHT, y_of(panel, value));
    cairo_set_line_width(cairo, 1);
    cairo_stroke(cairo);
    char text[32];
    g_ascii_formatd(text, sizeof text, format, value);
    cairo_set_source_rgb(cairo, .25, .25, .25);
    label(cairo, LEFT - 8, y_of(panel, value) + 4, 1, text);
  }
  cairo_set_source_rgb(cairo, .1, .1, .1);
  label(cairo, LEFT, panel->top - 10, 0, title);
}

static void line(const Panel *panel, const TrainState *state, gsize offset, double r, double g, double b) {
  bool drawing = false;
  for (guint k = 0; k < state->curve->len; k++) {
    const char *point = (const char *)&g_array_index(state->curve, TrainPoint, k);
    double value = *(const double *)(const void *)(point + offset);
    if (!isfinite(value))
      continue;
    double x = x_of(panel, *(const double *)(const void *)point),
           y = y_of(panel, CLAMP(value, panel->low, panel->high));
    if (drawing)
      cairo_line_to(panel->cairo, x, y);
    else
      cairo_move_to(panel->cairo, x, y);
    drawing = true;
  }
  cairo_set_source_rgb(panel->cairo, r, g, b);
  cairo_set_line_width(panel->cairo, 1.8);
  cairo_stroke(panel->cairo);
}

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int length) {
  g_byte_array_append(closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static bool write_figure(const TrainState *state, const char *path, GError **error) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cairo = cairo_create(surface);
  cairo_set_source_rgb(cairo, 1, 1, 1);
  cairo_paint(cairo);
  cairo_select_font_face(cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, 12);
  double last = MAX((double)state->optimizer->steps, 1);
  Panel loss = {cairo, TOP, 0, ceil(log((double)state->graph->nodes[state->graph->n_nodes - 1].channels)), last};
  Panel accuracy = {cairo, TOP + PANEL + GAP, 0, 1, last};
  frame(&loss, "Loss of the main head (training)", 1, "%.0f");
  frame(&accuracy, "Accuracy: training (grey), held out (blue)", .2, "%.1f");
  line(&loss, state, G_STRUCT_OFFSET(TrainPoint, loss), .8, .35, 0);
  line(&accuracy, state, G_STRUCT_OFFSET(TrainPoint, accuracy), .6, .6, .6);
  line(&accuracy, state, G_STRUCT_OFFSET(TrainPoint, held_out), 0, .45, .7);
  cairo_set_source_rgb(cairo, .25, .25, .25);
  g_autofree char *end = g_strdup_printf("step %.0f", last);
  label(cairo, LEFT, HEIGHT - 24, 0, "0");
  label(cairo, WIDTH - RIGHT, HEIGHT - 24, 1, end);
  g_autoptr(GByteArray) png = g_byte_array_new();
  bool drawn = cairo_surface_write_to_png_stream(surface, collect, png) == CAIRO_STATUS_SUCCESS;
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  if (!drawn) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: the figure could not be drawn", path);
    return false;
  }
  return files_write(path, png->data, png->len, FILES_PUBLIC, error);
}

bool curves_write(const TrainState *state, const char *folder, GError **error) {
  g_autofree char *table = g_build_filename(folder, "curves.tsv", NULL);
  g_autofree char *figure = g_build_filename(folder, "curves.png", NULL);
  return write_table(state, table, error) && write_figure(state, figure, error);
}
