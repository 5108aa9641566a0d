/* Schematic faces, eyes and animals. */
#include <math.h>

#include "synth/train/pattern_parts.h"

static const PatternColor black = {15, 12, 10}, white = {248, 246, 240};

static void one_eye(PatternDrawing *d, float x, float y, float size, float look, PatternColor iris) {
  pattern_ellipse(d, x, y, size * 1.5f, size, 0, white);
  pattern_ellipse(d, x + look * size * .5f, y, size * .85f, size * .85f, 0, iris);
  pattern_ellipse(d, x + look * size * .5f, y, size * .42f, size * .42f, 0, black);
  pattern_ellipse(d, x + look * size * .5f - size * .2f, y - size * .25f, size * .16f, size * .16f, 0, white);
}

static void eye(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor lid = pattern_contrasting(random, ground), iris = pattern_color(random, .25f, .8f);
  pattern_ellipse(d, 0, 0, 1, .66f, 0, lid);
  pattern_ellipse(d, 0, 0, .9f, .52f, 0, white);
  float look = pattern_between(random, -.25f, .25f);
  pattern_ellipse(d, look, 0, .48f, .48f, 0, pattern_mix(iris, black, .5f));
  pattern_ellipse(d, look, 0, .42f, .42f, 0, iris);
  for (int k = 0; k < 14; k++) {
    float a = 6.2831853f * (float)k / 14;
    pattern_stroke(d, look + .2f * cosf(a), .2f * sinf(a), look + .4f * cosf(a), .4f * sinf(a), .012f, .018f,
                   pattern_mix(iris, white, .45f));
  }
  pattern_ellipse(d, look, 0, .2f, .2f, 0, black);
  pattern_ellipse(d, look - .12f, -.14f, .07f, .07f, 0, white);
  for (int k = 0; k < 7; k++) {
    float a = -2.7f + 2.26f * (float)k / 6;
    pattern_stroke(d, .95f * cosf(a), .6f * sinf(a), 1.1f * cosf(a), .88f * sinf(a), .03f, .008f, black);
  }
}

static void face(Random *random, PatternColor ground, PatternDrawing *d) {
  (void)ground;
  PatternColor skin =
      pattern_mix((PatternColor){245, 205, 170}, (PatternColor){95, 60, 40}, pattern_between(random, 0, 1));
  PatternColor hair = pattern_color(random, .05f, .6f), lips = pattern_mix(skin, (PatternColor){190, 30, 50}, .7f);
  float wide = pattern_between(random, .66f, .82f), smile = pattern_between(random, -.12f, .2f);
  pattern_ellipse(d, 0, -.15f, wide + .12f, .9f, 0, hair);
  pattern_ellipse(d, -wide, 0, .12f, .18f, 0, skin);
  pattern_ellipse(d, wide, 0, .12f, .18f, 0, skin);
  pattern_ellipse(d, 0, .08f, wide, .9f, 0, skin);
  if (pattern_chance(random, .6f))
    pattern_ellipse(d, 0, -.78f, wide * .9f, .3f, 0, hair);
  PatternColor iris = pattern_color(random, .2f, .6f);
  float look = pattern_between(random, -.4f, .4f), apart = pattern_between(random, .28f, .36f);
  for (int side = -1; side <= 1; side += 2) {
    one_eye(d, (float)side * apart, -.12f, .1f, look, iris);
    pattern_stroke(d, (float)side * (apart - .16f), -.34f, (float)side * (apart + .16f), -.36f, .035f, .02f, hair);
  }
  PatternColor shade = pattern_mix(skin, black, .25f);
  pattern_stroke(d, .0f, -.02f, .05f, .26f, .025f, .04f, shade);
  pattern_stroke(d, -.09f, .28f, .08f, .28f, .03f, .03f, shade);
  for (int k = -3; k < 3; k++) {
    float a = (float)k / 3, b = (float)(k + 1) / 3;
    pattern_stroke(d, .3f * a, .55f + smile * (1 - a * a), .3f * b, .55f + smile * (1 - b * b), .04f, .04f, lips);
  }
}

static void fish(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor body = pattern_contrasting(random, ground), band = pattern_contrasting(random, body);
  float deep = pattern_between(random, .32f, .55f);
  const float tail_x[3] = {-.5f, -1, -.95f}, tail_y[3] = {0, -.45f, .5f};
  pattern_polygon(d, tail_x, tail_y, 3, band);
  const float fin_x[4] = {-.3f, .3f, .05f, -.35f}, fin_y[4] = {-deep * .8f, -deep * .8f, -deep * 1.45f, -deep * 1.3f};
  pattern_polygon(d, fin_x, fin_y, 4, band);
  pattern_ellipse(d, .1f, 0, .8f, deep, 0, body);
  int bands = (int)random_below(random, 4);
  for (int k = 0; k < bands; k++) {
    float x = -.35f + .25f * (float)k, half = deep * .8f * sqrtf(1 - (x - .1f) * (x - .1f) / .64f);
    pattern_stroke(d, x, -half, x, half, .05f, .05f, band);
  }
  one_eye(d, .6f, -deep * .3f, .1f, 0, black);
}

static void bird(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor body = pattern_contrasting(random, ground), wing = pattern_contrasting(random, body);
  PatternColor beak = {240, 160, 30};
  pattern_stroke(d, -.1f, .4f, -.15f, .95f, .03f, .03f, beak);
  pattern_stroke(d, .12f, .4f, .15f, .95f, .03f, .03f, beak);
  const float tail_x[4] = {-.4f, -1, -1, -.45f}, tail_y[4] = {0, .05f, .35f, .3f};
  pattern_polygon(d, tail_x, tail_y, 4, wing);
  pattern_ellipse(d, -.05f, .1f, .6f, .42f, -.25f, body);
  const float beak_x[3] = {.68f, 1.02f, .68f}, beak_y[3] = {-.58f, -.42f, -.36f};
  pattern_polygon(d, beak_x, beak_y, 3, beak);
  pattern_ellipse(d, .48f, -.45f, .28f, .28f, 0, body);
  pattern_ellipse(d, -.15f, .08f, .42f, .22f, -.4f, wing);
  pattern_ellipse(d, .56f, -.5f, .06f, .06f, 0, white);
  pattern_ellipse(d, .57f, -.5f, .035f, .035f, 0, black);
}

static void quadruped(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor coat = pattern_contrasting(random, ground), dark = pattern_mix(coat, black, .35f);
  float leg = pattern_between(random, .4f, .7f), neck = pattern_between(random, .1f, .45f);
  float thick = pattern_between(random, .06f, .1f), long_tail = pattern_between(random, .2f, .6f);
  for (int k = 0; k < 4; k++) {
    float x = k < 2 ? -.5f + .16f * (float)k : .2f + .16f * (float)(k - 2);
    pattern_stroke(d, x, .15f, x + pattern_between(random, -.1f, .1f), .2f + leg, thick * 1.3f, thick * .8f,
                   k % 2 == 0 ? dark : coat);
  }
  pattern_stroke(d, -.6f, -.05f, -.75f, -.05f + long_tail, .06f, .02f, dark);
  pattern_ellipse(d, -.12f, .05f, .6f, .27f, 0, coat);
  pattern_stroke(d, .35f, 0, .58f, -.2f - neck, .17f, .12f, coat);
  pattern_stroke(d, .58f, -.24f - neck, .88f, -.14f - neck, .15f, .08f, coat);
  const float ear_x[3] = {.46f, .48f, .6f}, ear_y[3] = {-.3f - neck, -.56f - neck, -.34f - neck};
  pattern_polygon(d, ear_x, ear_y, 3, dark);
  pattern_ellipse(d, .66f, -.27f - neck, .035f, .035f, 0, black);
  pattern_ellipse(d, .94f, -.15f - neck, .04f, .04f, 0, black);
  int spots = (int)random_below(random, 7);
  for (int k = 0; k < spots; k++)
    pattern_ellipse(d, pattern_between(random, -.6f, .35f), pattern_between(random, -.1f, .18f), .07f, .05f, 0, dark);
}

static void cat_face(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor coat = pattern_contrasting(random, ground), dark = pattern_mix(coat, black, .5f);
  PatternColor pink = {230, 140, 150}, iris = {170, 200, 60};
  for (int side = -1; side <= 1; side += 2) {
    float s = (float)side;
    const float outer_x[3] = {s * .2f, s * .75f, s * .8f}, outer_y[3] = {-.5f, -1, -.1f};
    const float inner_x[3] = {s * .38f, s * .68f, s * .68f}, inner_y[3] = {-.5f, -.82f, -.3f};
    pattern_polygon(d, outer_x, outer_y, 3, coat);
    pattern_polygon(d, inner_x, inner_y, 3, pink);
  }
  pattern_ellipse(d, 0, .1f, .85f, .72f, 0, coat);
  for (int side = -1; side <= 1; side += 2) {
    float s = (float)side;
    pattern_ellipse(d, s * .36f, -.02f, .17f, .14f, 0, iris);
    pattern_ellipse(d, s * .36f, -.02f, .045f, .13f, 0, black);
    for (int k = -1; k <= 1; k++)
      pattern_stroke(d, s * .2f, .38f + .05f * (float)k, s * 1.0f, .36f + .16f * (float)k, .014f, .006f, dark);
    pattern_stroke(d, 0, .42f, s * .16f, .52f, .025f, .015f, dark);
  }
  const float nose_x[3] = {-.09f, .09f, 0}, nose_y[3] = {.26f, .26f, .38f};
  pattern_polygon(d, nose_x, nose_y, 3, pink);
}

static void butterfly(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor wing = pattern_contrasting(random, ground), spot = pattern_contrasting(random, wing);
  float upper = pattern_between(random, .42f, .56f), lower = pattern_between(random, .3f, .42f);
  for (int side = -1; side <= 1; side += 2) {
    float s = (float)side;
    pattern_ellipse(d, s * .46f, -.35f, upper, .36f, s * -.6f, black);
    pattern_ellipse(d, s * .46f, -.35f, upper * .86f, .28f, s * -.6f, wing);
    pattern_ellipse(d, s * .36f, .38f, lower, .3f, s * .7f, black);
    pattern_ellipse(d, s * .36f, .38f, lower * .84f, .23f, s * .7f, wing);
    pattern_ellipse(d, s * .55f, -.42f, .13f, .13f, 0, spot);
    pattern_ellipse(d, s * .4f, .42f, .1f, .1f, 0, spot);
    pattern_stroke(d, 0, -.5f, s * .25f, -.95f, .02f, .015f, black);
  }
  pattern_stroke(d, 0, -.5f, 0, .6f, .07f, .05f, black);
}

static void insect(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor body = pattern_contrasting(random, ground), dark = pattern_mix(body, black, .6f);
  for (int k = 0; k < 3; k++)
    for (int side = -1; side <= 1; side += 2) {
      float s = (float)side, y = -.15f + .22f * (float)k, reach = pattern_between(random, .55f, .75f);
      float knee = y + .25f * (float)(k - 1), foot = y + .6f * (float)(k - 1) + .1f;
      pattern_stroke(d, 0, y, s * reach * .6f, knee - .1f, .04f, .03f, dark);
      pattern_stroke(d, s * reach * .6f, knee - .1f, s * reach * 1.2f, foot, .03f, .015f, dark);
    }
  for (int side = -1; side <= 1; side += 2)
    pattern_stroke(d, 0, -.6f, (float)side * .35f, -1, .02f, .015f, dark);
  pattern_ellipse(d, 0, .45f, .3f, .5f, 0, body);
  for (int k = 0; k < 3; k++)
    pattern_stroke(d, -.2f, .25f + .2f * (float)k, .2f, .25f + .2f * (float)k, .03f, .03f, dark);
  pattern_ellipse(d, 0, -.12f, .22f, .24f, 0, body);
  pattern_ellipse(d, 0, -.5f, .18f, .18f, 0, dark);
}

static void spider(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor body = pattern_contrasting(random, ground);
  for (int k = 0; k < 4; k++)
    for (int side = -1; side <= 1; side += 2) {
      float s = (float)side, a = -.9f + .6f * (float)k + pattern_between(random, -.1f, .1f);
      float kx = s * .55f * cosf(a), ky = .55f * sinf(a) - .15f;
      pattern_stroke(d, 0, -.05f, kx, ky, .04f, .03f, body);
      pattern_stroke(d, kx, ky, s * cosf(a), sinf(a) * 1.05f + .12f, .03f, .012f, body);
    }
  pattern_ellipse(d, 0, .25f, .28f, .34f, 0, body);
  pattern_ellipse(d, 0, -.12f, .18f, .18f, 0, pattern_mix(body, black, .3f));
  for (int side = -1; side <= 1; side += 2)
    pattern_ellipse(d, (float)side * .07f, -.2f, .03f, .03f, 0, white);
}

static void snake(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor skin = pattern_contrasting(random, ground), band = pattern_contrasting(random, skin);
  float turns = pattern_between(random, 1.2f, 2.2f), high = pattern_between(random, .3f, .55f), px = 0, py = 0;
  for (int k = 0; k <= 40; k++) {
    float t = (float)k / 40, x = -.9f + 1.7f * t, y = high * sinf(6.2831853f * turns * t);
    if (k > 0)
      pattern_stroke(d, px, py, x, y, .03f + .1f * t, .03f + .1f * t, k % 5 < 2 ? band : skin);
    px = x, py = y;
  }
  pattern_ellipse(d, px + .06f, py, .17f, .13f, 0, skin);
  pattern_ellipse(d, px + .1f, py - .06f, .035f, .035f, 0, black);
}

static void person(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor shirt = pattern_contrasting(random, ground), legs = pattern_contrasting(random, shirt);
  PatternColor skin =
      pattern_mix((PatternColor){245, 205, 170}, (PatternColor){95, 60, 40}, pattern_between(random, 0, 1));
  for (int side = -1; side <= 1; side += 2) {
    float s = (float)side, up = pattern_between(random, -.6f, .4f), step = pattern_between(random, .1f, .4f);
    pattern_stroke(d, s * .12f, .2f, s * step, .98f, .12f, .08f, legs);
    pattern_stroke(d, s * .22f, -.35f, s * .55f, up, .08f, .06f, shirt);
    pattern_ellipse(d, s * .57f, up, .07f, .07f, 0, skin);
  }
  pattern_stroke(d, 0, -.32f, 0, .2f, .24f, .2f, shirt);
  pattern_ellipse(d, 0, -.75f, .2f, .24f, 0, skin);
  pattern_ellipse(d, 0, -.88f, .2f, .13f, 0, pattern_color(random, .05f, .5f));
}

static void house(Random *random, PatternColor ground, PatternDrawing *d) {
  PatternColor wall = pattern_contrasting(random, ground), roof = pattern_contrasting(random, wall);
  PatternColor glass = pattern_contrasting(random, wall);
  float w = pattern_between(random, .6f, .85f), top = pattern_between(random, -.35f, 0);
  const float wall_x[4] = {-w, w, w, -w}, wall_y[4] = {top, top, .9f, .9f};
  const float roof_x[3] = {-w - .15f, 0, w + .15f}, roof_y[3] = {top, top - .6f, top};
  const float door_x[4] = {-.14f, .14f, .14f, -.14f}, door_y[4] = {.4f, .4f, .9f, .9f};
  pattern_polygon(d, wall_x, wall_y, 4, wall);
  pattern_polygon(d, roof_x, roof_y, 3, roof);
  pattern_polygon(d, door_x, door_y, 4, roof);
  for (int side = -1; side <= 1; side += 2) {
    float x = (float)side * w * .6f, y = top + .3f;
    const float px[4] = {x - .13f, x + .13f, x + .13f, x - .13f}, py[4] = {y - .13f, y - .13f, y + .13f, y + .13f};
    pattern_polygon(d, px, py, 4, glass);
  }
}

const PatternFigureClass pattern_figure_classes[] = {
    {"eye", eye, 5},
    {"face", face, 4},
    {"fish", fish, 5},
    {"bird", bird, 4},
    {"quadruped", quadruped, 4},
    {"cat face", cat_face, 4},
    {"butterfly", butterfly, 5},
    {"insect", insect, 5},
    {"spider", spider, 5},
    {"snake", snake, 4},
    {"person", person, 5},
    {"house", house, 4},
};
const gsize pattern_n_figures = G_N_ELEMENTS(pattern_figure_classes);
