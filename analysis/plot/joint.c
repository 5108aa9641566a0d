#include "analysis/plot/joint.h"

#include <math.h>
#include <string.h>

#include "analysis/plot/axes.h"
#include "analysis/plot/palette.h"
#include "stimuli/image_codecs.h"

#define GAP 14.0
#define FONT 11.0
#define LEFT 44.0
#define BOTTOM 40.0

typedef struct {
  double step_x, step_y, heading, below; /* of the panels; rows of text above and below a map */
  bool long_names;                       /* which take two rows */
} Layout;

static Layout lay_out(const Joint *joint) {
  Layout layout = {0};
  bool pictures = false, notes = false;
  for (gsize i = 0; i < joint->n_panels; i++) {
    layout.heading = joint->panels[i].heading != NULL ? 2 * FONT + 10 : layout.heading;
    pictures = pictures || joint->panels[i].picture != NULL;
    notes = notes || joint->panels[i].note != NULL;
    layout.long_names = layout.long_names || svg_text_width(joint->panels[i].name, FONT) > joint->side + GAP - 4;
  }
  layout.below =
      FONT + 6 + (layout.long_names ? FONT + 2 : 0) + (notes ? FONT + 3 : 0) + (pictures ? joint->side + 4 : 0);
  layout.step_x = joint->side + GAP;
  layout.step_y = layout.heading + joint->side + layout.below + GAP;
  return layout;
}

/* Dark blue over green to yellow, of ever rising lightness. */
static void colour(double share, float *rgb) {
  static const float stops[][3] = {{24, 20, 56}, {52, 70, 128}, {38, 125, 132}, {92, 184, 96}, {250, 232, 80}};
  double at = CLAMP(share, 0, 1) * (G_N_ELEMENTS(stops) - 1);
  gsize first = MIN((gsize)at, G_N_ELEMENTS(stops) - 2);
  float part = (float)(at - (double)first);
  for (int c = 0; c < 3; c++)
    rgb[c] = stops[first][c] + part * (stops[first + 1][c] - stops[first][c]);
}

static bool draw_density(Svg *svg, const double *density, double x, double y, double side, GError **error) {
  g_autoptr(Image) image = image_new(JOINT_CELLS, JOINT_CELLS, error);
  g_autoptr(GByteArray) png = g_byte_array_new();
  if (image == NULL)
    return false;
  double densest = 0;
  for (gsize k = 0; k < JOINT_CELLS * JOINT_CELLS; k++)
    densest = MAX(densest, density[k]);
  for (gsize row = 0; row < JOINT_CELLS; row++)
    for (gsize column = 0; column < JOINT_CELLS; column++) {
      double share = densest > 0 ? density[(JOINT_CELLS - 1 - row) * JOINT_CELLS + column] / densest : 0;
      colour(share, image->pixels + (row * JOINT_CELLS + column) * 3);
    }
  if (!image_png_encode("joint density", image, png, error))
    return false;
  svg_png(svg, x, y, side, side, TRUE, png->data, png->len);
  return true;
}

/* Two lines at most, broken at the space that is nearest to the middle. */
static void draw_heading(Svg *svg, const char *text, double x, double y, double width) {
  const SvgText style = {.size = FONT, .colour = PALETTE_INK, .anchor = SVG_MIDDLE, .bold = true};
  const char *best = NULL;
  gsize n = strlen(text);
  for (const char *at = strchr(text, ' '); at != NULL && svg_text_width(text, FONT) > width; at = strchr(at + 1, ' '))
    if (best == NULL || ABS((gssize)(at - text) - (gssize)n / 2) < ABS((gssize)(best - text) - (gssize)n / 2))
      best = at;
  if (best == NULL) {
    svg_text(svg, x, y + 2 * FONT + 3, text, &style);
    return;
  }
  g_autofree char *first = g_strndup(text, (gsize)(best - text));
  svg_text(svg, x, y + FONT, first, &style);
  svg_text(svg, x, y + 2 * FONT + 3, best + 1, &style);
}

/* In two lines where it is too wide for one, broken behind the underscore that is nearest to the middle. */
static void draw_name(Svg *svg, const char *name, double x, double y, double width) {
  const SvgText style = {.size = FONT, .colour = PALETTE_INK, .anchor = SVG_MIDDLE};
  const gsize most = (gsize)MAX(width / 6.6, 6);
  gssize n = (gssize)strlen(name), best = -1;
  for (const char *at = strchr(name, '_'); at != NULL; at = strchr(at + 1, '_'))
    if (best < 0 || ABS(at + 1 - name - n / 2) < ABS(best - n / 2))
      best = at + 1 - name;
  bool fits = svg_text_width(name, FONT) <= width;
  if (best < 0 || fits) {
    g_autofree char *line = fits ? g_strdup(name) : svg_short_text(name, most);
    svg_text(svg, x, y, line, &style);
    return;
  }
  g_autofree char *start = g_strndup(name, (gsize)best);
  g_autofree char *first = svg_short_text(start, most), *second = svg_short_text(name + best, most);
  svg_text(svg, x, y, first, &style);
  svg_text(svg, x, y + FONT + 2, second, &style);
}

static void draw_marks(Svg *svg, const JointPanel *panel, const Frame *frame) {
  if (isfinite(panel->wanted[0]) && isfinite(panel->wanted[1]))
    svg_rect(svg, CLAMP(frame_x(frame, panel->wanted[0]) - 9, frame->left, frame->left + frame->width - 18),
             CLAMP(frame_y(frame, panel->wanted[1]) - 9, frame->top, frame->top + frame->height - 18), 18, 18, 0,
             &(SvgStyle){.stroke = "#ff5a4d", .stroke_width = 1.6});
  if (isfinite(panel->mean[0]) && isfinite(panel->mean[1])) {
    double x = frame_x(frame, panel->mean[0]), y = frame_y(frame, panel->mean[1]);
    const SvgStyle cross = {.stroke = "#ffffff", .stroke_width = 2};
    svg_line(svg, x - 5, y - 5, x + 5, y + 5, &cross);
    svg_line(svg, x - 5, y + 5, x + 5, y - 5, &cross);
  }
  if (isfinite(panel->median[0]) && isfinite(panel->median[1]))
    svg_circle(svg, frame_x(frame, panel->median[0]), frame_y(frame, panel->median[1]), 5,
               &(SvgStyle){.stroke = "#ff3b30", .stroke_width = 2});
}

static void draw_ticks(Svg *svg, const Frame *frame) {
  const SvgText beside = {.size = FONT - 1, .colour = PALETTE_QUIET, .anchor = SVG_END};
  for (int i = 0; i < axis_n_ticks(&frame->y); i++) {
    g_autofree char *label = axis_label(&frame->y, i);
    svg_text(svg, frame->left - 4, frame_y(frame, axis_tick(&frame->y, i)) + 4, label, &beside);
  }
}

static bool draw_panel(Svg *svg, const Joint *joint, const JointPanel *panel, const Frame *frame, double top,
                       bool long_names, GError **error) {
  double middle = frame->left + frame->width / 2, y = frame->top + frame->height;
  if (panel->heading != NULL)
    draw_heading(svg, panel->heading, middle, top, joint->side + GAP - 4);
  svg_tooltip_begin(svg, panel->name);
  bool drawn = draw_density(svg, panel->density, frame->left, frame->top, joint->side, error);
  draw_marks(svg, panel, frame);
  y += FONT + 3;
  draw_name(svg, panel->name, middle, y, joint->side + GAP - 4);
  y += long_names ? FONT + 2 : 0;
  if (panel->note != NULL) {
    y += FONT + 2;
    svg_text(svg, middle, y, panel->note, &(SvgText){.size = FONT - 1, .colour = PALETTE_QUIET, .anchor = SVG_MIDDLE});
  }
  if (panel->picture != NULL)
    svg_png(svg, frame->left, y + 6, joint->side, joint->side, FALSE, panel->picture, panel->picture_size);
  svg_tooltip_end(svg);
  return drawn;
}

bool joint_plot(const Joint *joint, char **text, GError **error) {
  g_assert(joint->per_row > 0);
  Layout layout = lay_out(joint);
  gsize n_rows = (joint->n_panels + joint->per_row - 1) / joint->per_row;
  double width = LEFT + layout.step_x * (double)MIN(joint->n_panels, joint->per_row) + 4;
  double height = layout.step_y * (double)n_rows + BOTTOM;
  g_autoptr(Svg) svg = svg_new(width, height, joint->title);
  Frame frame = {.width = joint->side,
                 .height = joint->side,
                 .x = axis_around(joint->x_low, joint->x_high, 0, 3),
                 .y = axis_around(joint->y_low, joint->y_high, 0, 3)};
  for (gsize i = 0; i < joint->n_panels; i++) {
    gsize row = i / joint->per_row;
    double top = 6 + (double)row * layout.step_y;
    frame.left = LEFT + (double)(i % joint->per_row) * layout.step_x;
    frame.top = top + layout.heading;
    if (!draw_panel(svg, joint, &joint->panels[i], &frame, top, layout.long_names, error))
      return false;
    if (i % joint->per_row == 0)
      draw_ticks(svg, &frame);
  }
  const SvgText title = {.size = AXES_TITLE_FONT, .colour = PALETTE_INK, .anchor = SVG_MIDDLE};
  SvgText turned = title;
  turned.turn_deg = -90;
  g_autofree char *across =
      g_strdup_printf("%s (%.4g to %.4g, from left to right in each map)", joint->x_title, joint->x_low, joint->x_high);
  svg_text(svg, width / 2, height - 14, across, &title);
  svg_text(svg, AXES_TITLE_FONT, 6 + layout.heading + joint->side / 2, joint->y_title, &turned);
  *text = svg_finish(g_steal_pointer(&svg));
  return true;
}
