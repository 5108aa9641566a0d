#include "present/draw/sam.h"

#include <glib.h>
#include <math.h>

/* All coordinates are in a square of side 1, x to the right and y down; the figure stands on its bottom line. */

#define INK 0.17
#define SKIN 0.93
#define CARD 0.80
#define LINE 0.026

#define HEAD_X 0.5
#define HEAD_Y 0.290
#define HEAD_W 0.225 /* half axes */
#define HEAD_H 0.215
#define FACE_SCALE 1.12
#define BELLY_Y 0.725

static void grey(cairo_t *cr, double value) { cairo_set_source_rgb(cr, value, value, value); }

static void ellipse(cairo_t *cr, double x, double y, double half_width, double half_height) {
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, half_width, half_height);
  cairo_new_sub_path(cr);
  cairo_arc(cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore(cr);
}

static void rounded(cairo_t *cr, double x, double y, double width, double height, double radius) {
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc(cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc(cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}

static void fill_and_outline(cairo_t *cr, double fill) {
  grey(cr, fill);
  cairo_fill_preserve(cr);
  grey(cr, INK);
  cairo_stroke(cr);
}

/* A limb: a round-ended stroke with an outline. */
static void limb(cairo_t *cr, double x0, double y0, double x1, double y1, double x2, double y2, double thickness) {
  const double widths[] = {thickness + 2 * LINE, thickness};
  const double greys[] = {INK, SKIN};
  for (int pass = 0; pass < 2; pass++) {
    cairo_move_to(cr, x0, y0);
    cairo_curve_to(cr, x0 + (x1 - x0) * 0.67, y0 + (y1 - y0) * 0.67, x2 + (x1 - x2) * 0.67, y2 + (y1 - y2) * 0.67, x2,
                   y2);
    cairo_set_line_width(cr, widths[pass] - LINE * 0.5);
    grey(cr, greys[pass]);
    cairo_stroke(cr);
  }
  cairo_set_line_width(cr, LINE);
}

/* Arms hang at lift 0 and point up and out at lift 1. */
static void body(cairo_t *cr, double lift) {
  for (int side = -1; side <= 1; side += 2) {
    limb(cr, 0.5 + side * 0.085, 0.85, 0.5 + side * 0.09, 0.9, 0.5 + side * 0.10, 0.935, 0.085);
    double hand_x = 0.5 + side * (0.285 + 0.075 * sin(lift * G_PI_2)), hand_y = 0.80 - 0.27 * lift;
    limb(cr, 0.5 + side * 0.13, 0.585, 0.5 + side * (0.27 + 0.03 * lift), 0.60 + 0.04 * lift, hand_x, hand_y, 0.075);
  }
  cairo_move_to(cr, 0.5 - 0.115, 0.535);
  cairo_curve_to(cr, 0.5 - 0.235, 0.60, 0.5 - 0.255, 0.895, 0.5 - 0.12, 0.895);
  cairo_line_to(cr, 0.5 + 0.12, 0.895);
  cairo_curve_to(cr, 0.5 + 0.255, 0.895, 0.5 + 0.235, 0.60, 0.5 + 0.115, 0.535);
  cairo_close_path(cr);
  fill_and_outline(cr, SKIN);
}

/* Everything after the head is drawn at the head's own, larger scale: the face must be legible at 60 px. */
static void head(cairo_t *cr) {
  cairo_translate(cr, HEAD_X, HEAD_Y);
  cairo_scale(cr, FACE_SCALE, FACE_SCALE);
  cairo_translate(cr, -HEAD_X, -HEAD_Y);
  ellipse(cr, HEAD_X, HEAD_Y, HEAD_W, HEAD_H);
  fill_and_outline(cr, SKIN);
}

/* An arc-like stroke from -half to +half around (x, y), its middle `bend` lower than its ends (negative: higher). */
static void bow(cairo_t *cr, double x, double y, double half, double bend) {
  cairo_move_to(cr, x - half, y - bend / 2);
  cairo_curve_to(cr, x - half / 2, y + bend * 0.83, x + half / 2, y + bend * 0.83, x + half, y - bend / 2);
}

static void valence(cairo_t *cr, int level) {
  double mood = (level - 2) / 2.0; /* -1..1 */
  body(cr, 0.10 + 0.16 * MAX(mood, 0) * 2);
  head(cr);
  grey(cr, INK);
  for (int side = -1; side <= 1; side += 2) {
    double eye = HEAD_X + side * 0.082;
    if (level == SAM_LEVELS - 1) { /* a laugh closes the eyes from below */
      bow(cr, eye, HEAD_Y - 0.045, 0.036, -0.042);
      cairo_stroke(cr);
    } else {
      ellipse(cr, eye, HEAD_Y - 0.04, 0.023, 0.029);
      cairo_fill(cr);
    }
    /* Brows: the inner end rises with sorrow, the whole brow with joy. */
    double inner = HEAD_Y - 0.105 - 0.030 * MAX(-mood, 0) - 0.012 * MAX(mood, 0);
    double outer = HEAD_Y - 0.105 + 0.026 * MAX(-mood, 0) - 0.008 * MAX(mood, 0);
    cairo_move_to(cr, eye - side * 0.042, inner);
    cairo_curve_to(cr, eye - side * 0.01, inner - 0.016 * (1 + mood) / 2, eye + side * 0.02,
                   outer - 0.020 * (1 + mood) / 2, eye + side * 0.046, outer);
    cairo_set_line_width(cr, LINE * 0.85);
    cairo_stroke(cr);
    cairo_set_line_width(cr, LINE);
  }
  double mouth = HEAD_Y + 0.090;
  if (level == SAM_LEVELS - 1) {
    cairo_move_to(cr, HEAD_X - 0.108, mouth - 0.038);
    cairo_curve_to(cr, HEAD_X - 0.09, mouth + 0.098, HEAD_X + 0.09, mouth + 0.098, HEAD_X + 0.108, mouth - 0.038);
    cairo_curve_to(cr, HEAD_X + 0.05, mouth - 0.014, HEAD_X - 0.05, mouth - 0.014, HEAD_X - 0.108, mouth - 0.038);
    cairo_close_path(cr);
    cairo_fill_preserve(cr);
    cairo_stroke(cr);
  } else {
    bow(cr, HEAD_X, mouth + (mood < 0 ? 0.012 : 0), 0.085 + 0.012 * fabs(mood), 0.098 * mood);
    cairo_set_line_width(cr, LINE * 1.25);
    cairo_stroke(cr);
  }
  if (level == 0) { /* a tear */
    double x = HEAD_X + 0.118, y = HEAD_Y + 0.045;
    cairo_move_to(cr, x, y - 0.035);
    cairo_curve_to(cr, x + 0.006, y - 0.012, x + 0.021, y, x + 0.021, y + 0.016);
    cairo_arc(cr, x, y + 0.016, 0.021, 0, G_PI);
    cairo_curve_to(cr, x - 0.021, y, x - 0.006, y - 0.012, x, y - 0.035);
    cairo_close_path(cr);
    cairo_set_line_width(cr, LINE * 0.6);
    fill_and_outline(cr, 0.62);
  }
}

static void burst(cairo_t *cr, int level) {
  static const int points[] = {0, 8, 10, 12, 14};
  static const double outer[] = {0.026, 0.066, 0.100, 0.130, 0.158};
  static const double inner[] = {0, 0.036, 0.056, 0.074, 0.090};
  grey(cr, INK);
  if (level == 0) {
    ellipse(cr, 0.5, BELLY_Y, outer[0], outer[0]);
    cairo_fill(cr);
    return;
  }
  for (int i = 0; i < 2 * points[level]; i++) {
    double angle = i * G_PI / points[level] - G_PI_2;
    /* Every other ray is longer, so that the strong bursts look ragged rather than like a cog. */
    double ray = i % 2 == 1 ? inner[level] : outer[level] * (i % 4 == 0 || level < 2 ? 1.0 : 0.86);
    cairo_line_to(cr, 0.5 + ray * cos(angle), BELLY_Y + ray * 1.03 * sin(angle));
  }
  cairo_close_path(cr);
  cairo_fill(cr);
  grey(cr, SKIN);
  ellipse(cr, 0.5, BELLY_Y, inner[level] * 0.42, inner[level] * 0.42);
  cairo_fill(cr);
}

static void arousal(cairo_t *cr, int level) {
  static const double lid[] = {0, 0.50, 0.78, 1, 1};
  static const double size[] = {0, 0.043, 0.046, 0.052, 0.064};
  if (level == SAM_LEVELS - 1) { /* trembling */
    grey(cr, INK);
    cairo_set_line_width(cr, LINE * 0.8);
    for (int side = -1; side <= 1; side += 2)
      for (int i = 0; i < 2; i++) {
        double from = side < 0 ? G_PI - 0.55 : -0.45, r = 0.305 + 0.050 * i;
        cairo_new_sub_path(cr);
        cairo_arc(cr, HEAD_X, HEAD_Y, r, from, from + 1.0);
        cairo_stroke(cr);
      }
    cairo_set_line_width(cr, LINE);
  }
  body(cr, 0.06 + 0.05 * level);
  burst(cr, level);
  head(cr);
  for (int side = -1; side <= 1; side += 2) {
    double x = HEAD_X + side * 0.088, y = HEAD_Y - 0.03, r = size[level];
    if (level == 0) {
      grey(cr, INK);
      bow(cr, x, y + 0.01, 0.045, 0.036);
      cairo_stroke(cr);
      continue;
    }
    cairo_save(cr); /* the lid hides the upper part of the eye */
    cairo_rectangle(cr, x - 2 * r, y + r * 1.15 - 2.3 * r * lid[level], 4 * r, 4 * r);
    cairo_clip(cr);
    ellipse(cr, x, y, r, r * 1.15);
    cairo_set_line_width(cr, LINE * 0.8);
    fill_and_outline(cr, 1.0);
    grey(cr, INK);
    double pupil = level == SAM_LEVELS - 1 ? 0.020 : 0.023;
    ellipse(cr, x, y + (lid[level] < 1 ? r * 0.35 : 0), pupil, pupil);
    cairo_fill(cr);
    cairo_restore(cr);
    cairo_set_line_width(cr, LINE * 0.8);
    grey(cr, INK);
    if (lid[level] < 1) {
      double top = y + r * 1.15 - 2.3 * r * lid[level];
      cairo_move_to(cr, x - r * 1.05, top);
      cairo_line_to(cr, x + r * 1.05, top);
      cairo_stroke(cr);
    }
    if (level >= 3) {
      bow(cr, x, HEAD_Y - 0.118 - 0.012 * (level - 3), 0.045, -0.022);
      cairo_stroke(cr);
    }
    cairo_set_line_width(cr, LINE);
  }
  grey(cr, INK);
  if (level == SAM_LEVELS - 1) {
    ellipse(cr, HEAD_X, HEAD_Y + 0.112, 0.040, 0.050);
    cairo_fill(cr);
  } else {
    cairo_move_to(cr, HEAD_X - 0.045, HEAD_Y + 0.105);
    cairo_line_to(cr, HEAD_X + 0.045, HEAD_Y + 0.105);
    cairo_stroke(cr);
  }
}

/* One calm figure, larger and larger in its frame; the largest fills it from top to bottom. */
static void dominance(cairo_t *cr, int level) {
  static const double sizes[] = {0.34, 0.50, 0.67, 0.85, 1.04};
  double size = sizes[level];
  cairo_translate(cr, 0.5, 0.5 + 0.45 * fmin(size, 1)); /* small ones stand in the middle */
  cairo_scale(cr, size, size);
  cairo_translate(cr, -0.5, -0.95);
  body(cr, 0.05 + 0.05 * level);
  head(cr);
  grey(cr, INK);
  for (int side = -1; side <= 1; side += 2) {
    ellipse(cr, HEAD_X + side * 0.082, HEAD_Y - 0.03, 0.023, 0.029);
    cairo_fill(cr);
  }
  cairo_move_to(cr, HEAD_X - 0.07, HEAD_Y + 0.095);
  cairo_line_to(cr, HEAD_X + 0.07, HEAD_Y + 0.095);
  cairo_stroke(cr);
}

void sam_draw(cairo_t *cr, SamFigure figure, int level, double x, double y, double side) {
  g_assert(level >= 0 && level < SAM_LEVELS);
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, side, side);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  rounded(cr, 0.02, 0.02, 0.96, 0.96, 0.10);
  grey(cr, CARD);
  cairo_fill_preserve(cr);
  cairo_clip(cr);
  /* The figure keeps a margin to the card's edge. */
  cairo_translate(cr, 0.5, 0.965);
  cairo_scale(cr, 0.93, 0.93);
  cairo_translate(cr, -0.5, -0.99);
  cairo_set_line_width(cr, LINE);
  if (figure == SAM_VALENCE)
    valence(cr, level);
  else if (figure == SAM_AROUSAL)
    arousal(cr, level);
  else
    dominance(cr, level);
  cairo_restore(cr);
}
