/* Flowers, leaves, trees and other things that branch. */
#include <math.h>

#include "synth/train/pattern_parts.h"

static void flower(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor petal = pattern_contrasting(random, ground), heart = pattern_contrasting(random, petal);
  int petals = 5 + (int)random_below(random, 8);
  float broad = pattern_between(random, 1.2f, 2) / (float)petals, inner = pattern_between(random, .18f, .3f);
  for (int k = 0; k < petals; k++) {
    float a = 6.2831853f * (float)k / (float)petals, r = .5f * (1 + inner);
    PatternColor color = k % 2 == 0 ? petal : pattern_mix(petal, ground, .15f);
    pattern_ellipse(d, r * cosf(a), r * sinf(a), .5f * (1 - inner) + .08f, broad, a, color);
  }
  pattern_ellipse(d, 0, 0, inner, inner, 0, heart);
  for (int k = 0; k < 9; k++) {
    float a = 2.39996f * (float)k, r = inner * .27f * sqrtf((float)k);
    pattern_ellipse(d, r * cosf(a), r * sinf(a), inner * .12f, inner * .12f, 0, pattern_mix(heart, petal, .6f));
  }
}

static void leaf(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor color = pattern_contrasting(random, ground), vein = pattern_mix(color, ground, .6f);
  float wide = pattern_between(random, .3f, .5f), px[22], py[22];
  for (int k = 0; k < 11; k++) {
    float t = (float)k / 10, half = wide * sinf(3.1416f * powf(t, .8f));
    px[k] = half, py[k] = -.9f + 1.7f * t;
    px[21 - k] = -half, py[21 - k] = py[k];
  }
  pattern_stroke(d, 0, .7f, 0, 1, .035f, .03f, vein);
  pattern_polygon(d, px, py, 22, color);
  pattern_stroke(d, 0, -.85f, 0, .8f, .01f, .03f, vein);
  for (int k = 0; k < 6; k++)
    for (int side = -1; side <= 1; side += 2) {
      float y = .6f - .24f * (float)k, reach = .8f * wide * sinf(3.1416f * powf((y + .75f) / 1.7f, .8f));
      pattern_stroke(d, 0, y, (float)side * reach, y - .17f, .016f, .008f, vein);
    }
}

static void branch(Random *random, PatternDrawing *d, float x, float y, float angle, float length, float width,
                   int depth, PatternColor wood, PatternColor foliage) {
  float x2 = x + length * sinf(angle), y2 = y - length * cosf(angle);
  pattern_stroke(d, x, y, x2, y2, width, width * .7f, wood);
  if (depth == 0) {
    if (foliage.r >= 0)
      pattern_ellipse(d, x2, y2, .09f, .08f, 0, foliage);
    return;
  }
  int children = 2 + (pattern_chance(random, .25f) ? 1 : 0);
  for (int k = 0; k < children; k++) {
    float spread = children == 2 ? (float)(2 * k - 1) : (float)(k - 1);
    branch(random, d, x2, y2, angle + spread * pattern_between(random, .3f, .65f),
           length * pattern_between(random, .66f, .82f), width * .66f, depth - 1, wood, foliage);
  }
}
static void leafy_tree(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor foliage = pattern_contrasting(random, ground), wood = {90, 60, 35};
  branch(random, d, 0, 1, 0, .5f, .09f, 5, wood, foliage);
}
static void bare_tree(Random *random, PatternColor ground, PatternDrawing *d) {
  branch(random, d, 0, 1, 0, .52f, .08f, 6, pattern_contrasting(random, ground), (PatternColor){-1, -1, -1});
}

static void fir(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor needles = pattern_contrasting(random, ground), trunk = {90, 60, 35};
  int tiers = 3 + (int)random_below(random, 3);
  pattern_stroke(d, 0, .7f, 0, 1, .08f, .08f, trunk);
  for (int k = tiers - 1; k >= 0; k--) {
    float low = -.95f + 1.75f * (float)(k + 1) / (float)tiers, wide = .25f + .55f * (float)(k + 1) / (float)tiers;
    const float px[3] = {-wide, 0, wide}, py[3] = {low, low - 2.1f / (float)tiers, low};
    pattern_polygon(d, px, py, 3, k % 2 == 0 ? needles : pattern_mix(needles, ground, .2f));
  }
}

static void mushroom(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor cap = pattern_contrasting(random, ground), stem = {235, 225, 205};
  float px[14], py[14], high = pattern_between(random, .6f, .9f);
  pattern_stroke(d, 0, 0, 0, .85f, .18f, .24f, stem);
  for (int k = 0; k < 14; k++) {
    float a = 3.1416f * (float)k / 13;
    px[k] = -.9f * cosf(a), py[k] = .1f - high * sinf(a);
  }
  pattern_polygon(d, px, py, 14, cap);
  for (int k = 0; k < 6; k++) {
    float x = pattern_between(random, -.6f, .6f);
    float y = .02f - pattern_between(random, .05f, .8f) * high * sqrtf(1 - x * x / .81f);
    pattern_ellipse(d, x, y, .09f, .08f, 0, stem);
  }
}

static void snowflake(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor ice = pattern_contrasting(random, ground);
  float at[3], reach[3];
  for (int k = 0; k < 3; k++) {
    at[k] = .25f + .25f * (float)k + pattern_between(random, -.08f, .08f);
    reach[k] = pattern_between(random, .12f, .34f);
  }
  for (int arm = 0; arm < 6; arm++) {
    float a = 1.0471976f * (float)arm;
    pattern_stroke(d, 0, 0, cosf(a), sinf(a), .035f, .025f, ice);
    for (int k = 0; k < 3; k++)
      for (int side = -1; side <= 1; side += 2) {
        float b = a + 1.0472f * (float)side, x = at[k] * cosf(a), y = at[k] * sinf(a);
        pattern_stroke(d, x, y, x + reach[k] * cosf(b), y + reach[k] * sinf(b), .025f, .018f, ice);
      }
  }
}

static void sunflower_seeds(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor seed = pattern_contrasting(random, ground);
  int n = 120 + (int)random_below(random, 120);
  for (int k = 0; k < n; k++) {
    float a = 2.39996323f * (float)k, r = sqrtf((float)k / (float)n);
    pattern_ellipse(d, r * cosf(a), r * sinf(a), .025f + .025f * r, .025f + .025f * r, 0, seed);
  }
}

const PatternFigureClass pattern_plant_classes[] = {
    {"flower", flower, 5}, {"leaf", leaf, 5},         {"leafy tree", leafy_tree, 2}, {"bare tree", bare_tree, 2},
    {"fir", fir, 4},       {"mushroom", mushroom, 5}, {"snowflake", snowflake, 4},   {"seed head", sunflower_seeds, 2},
};
const gsize pattern_n_plants = G_N_ELEMENTS(pattern_plant_classes);
