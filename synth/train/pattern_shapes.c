/* Flat shapes: polygons, stars, outlines, letters. */
#include <math.h>

#include "synth/train/pattern_parts.h"

static void outlined(Random *random, PatternColor ground, PatternDrawing *drawing, int corners, float inner) {
  PatternColor fill = pattern_contrasting(random, ground);
  if (pattern_chance(random, .4f))
    pattern_star(drawing, 0, 0, corners, 1, inner, 0, pattern_contrasting(random, fill));
  float size = drawing->n > 0 ? .8f : 1;
  pattern_star(drawing, 0, 0, corners, size, inner * size, 0, fill);
}
static void triangle(Random *random, PatternColor ground, PatternDrawing *d) { outlined(random, ground, d, 3, 1); }
static void square(Random *random, PatternColor ground, PatternDrawing *d) { outlined(random, ground, d, 4, 1); }
static void hexagon(Random *random, PatternColor ground, PatternDrawing *d) { outlined(random, ground, d, 6, 1); }
static void star(Random *random, PatternColor ground, PatternDrawing *d) {
  outlined(random, ground, d, 5, pattern_between(random, .36f, .48f));
}
static void starburst(Random *random, PatternColor ground, PatternDrawing *d) {
  outlined(random, ground, d, 9 + (int)random_below(random, 3), pattern_between(random, .5f, .65f));
}
static void disc(Random *random, PatternColor ground, PatternDrawing *drawing) {
  PatternColor fill = pattern_contrasting(random, ground),
               light = pattern_mix(fill, (PatternColor){255, 255, 255}, .5f);
  pattern_ellipse(drawing, 0, 0, .9f, .9f, 0, fill);
  for (int k = 1; k < 6; k++) { /* lit like a ball */
    float t = (float)k / 6;
    pattern_ellipse(drawing, -.28f * t, -.3f * t, .9f - .75f * t, .9f - .75f * t, 0, pattern_mix(fill, light, t));
  }
}
static void ring(Random *random, PatternColor ground, PatternDrawing *drawing) {
  PatternColor color = pattern_contrasting(random, ground);
  float inner = pattern_between(random, .5f, .7f);
  for (int k = 0; k < 32; k++) {
    float a = 6.2831853f * (float)k / 32, b = 6.2831853f * (float)(k + 1) / 32, r = .5f * (1 + inner);
    float width = .5f * (1 - inner);
    pattern_stroke(drawing, r * cosf(a), r * sinf(a), r * cosf(b), r * sinf(b), width, width, color);
  }
}
static void cross(Random *random, PatternColor ground, PatternDrawing *drawing) {
  PatternColor color = pattern_contrasting(random, ground);
  float w = pattern_between(random, .2f, .34f);
  const float px[12] = {-w, w, w, 1, 1, w, w, -w, -w, -1, -1, -w};
  const float py[12] = {-1, -1, -w, -w, w, w, 1, 1, w, w, -w, -w};
  pattern_polygon(drawing, px, py, 12, color);
}
static void crescent(Random *random, PatternColor ground, PatternDrawing *drawing) {
  float px[24], py[24], bite = pattern_between(random, .25f, .5f);
  for (int k = 0; k < 12; k++) {
    float a = -1.25f + 2.5f * (float)k / 11 + 3.1416f;
    px[k] = .95f * cosf(a) + .25f, py[k] = .95f * sinf(a);
    float b = -1.25f + 2.5f * (float)(11 - k) / 11 + 3.1416f;
    px[12 + k] = .95f * cosf(b) * bite + .25f - .3f * (1 - bite) * .3f, py[12 + k] = .95f * sinf(b);
  }
  pattern_polygon(drawing, px, py, 24, pattern_contrasting(random, ground));
}
static void heart(Random *random, PatternColor ground, PatternDrawing *drawing) {
  float px[24], py[24];
  for (int k = 0; k < 24; k++) {
    float t = 6.2831853f * (float)k / 24, s = sinf(t);
    px[k] = .95f * s * s * s;
    py[k] = -(13 * cosf(t) - 5 * cosf(2 * t) - 2 * cosf(3 * t) - cosf(4 * t)) / 17;
  }
  pattern_polygon(drawing, px, py, 24, pattern_contrasting(random, ground));
}
static void arrow(Random *random, PatternColor ground, PatternDrawing *drawing) {
  PatternColor color = pattern_contrasting(random, ground);
  float w = pattern_between(random, .12f, .25f), neck = pattern_between(random, -.1f, .3f);
  const float px[7] = {-1, neck, neck, 1, neck, neck, -1}, py[7] = {-w, -w, -.6f, 0, .6f, w, w};
  pattern_polygon(drawing, px, py, 7, color);
}
static void gear(Random *random, PatternColor ground, PatternDrawing *drawing) {
  PatternColor color = pattern_contrasting(random, ground);
  int teeth = 7 + (int)random_below(random, 5);
  for (int k = 0; k < teeth; k++) {
    float a = 6.2831853f * (float)k / (float)teeth;
    pattern_stroke(drawing, .55f * cosf(a), .55f * sinf(a), .88f * cosf(a), .88f * sinf(a), .14f, .1f, color);
  }
  pattern_ellipse(drawing, 0, 0, .7f, .7f, 0, color);
  pattern_ellipse(drawing, 0, 0, .28f, .28f, 0, ground);
}
/* Letter-like signs: strokes between the points of a 3 by 3 grid. */
static void glyphs(Random *random, PatternColor ground, PatternDrawing *drawing) {
  PatternColor ink = pattern_contrasting(random, ground);
  int columns = 2 + (int)random_below(random, 2);
  float cell = 2 / (float)columns, width = cell * pattern_between(random, .05f, .09f);
  for (int row = 0; row < columns; row++)
    for (int column = 0; column < columns; column++) {
      float left = -1 + cell * ((float)column + .2f), top = -1 + cell * ((float)row + .15f);
      guint32 from = random_below(random, 9);
      for (int stroke = 0; stroke < 4; stroke++) {
        guint32 to = (from + 1 + random_below(random, 8)) % 9;
        pattern_stroke(drawing, left + .3f * cell * (float)(from % 3), top + .35f * cell * (float)(from / 3),
                       left + .3f * cell * (float)(to % 3), top + .35f * cell * (float)(to / 3), width, width, ink);
        from = to;
      }
    }
}

const PatternFigureClass pattern_shape_classes[] = {
    {"triangle", triangle, 6},   {"square", square, 6}, {"hexagon", hexagon, 6}, {"star", star, 6},
    {"starburst", starburst, 5}, {"ball", disc, 6},     {"ring", ring, 6},       {"cross", cross, 6},
    {"crescent", crescent, 5},   {"heart", heart, 6},   {"arrow", arrow, 6},     {"gear", gear, 5},
    {"glyphs", glyphs, 1},
};
const gsize pattern_n_shapes = G_N_ELEMENTS(pattern_shape_classes);
