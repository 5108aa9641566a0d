/* Regular textures: gratings, tilings, rings and rays. */
#include <math.h>

#include "synth/train/pattern_parts.h"

static const float TAU = 6.2831853f;

static float fraction(float x) { return x - floorf(x); }
/* 1 in the middle of each period, 0 at its ends. */
static float triangle(float x) { return 1 - fabsf(2 * fraction(x) - 1); }
static float sharp(float x) { return pattern_smoothstep(-.08f, .08f, x); }

/* p[0]: cycles a unit; p[1]: duty or ratio; p[2..4]: the class's own. */
static void prepare(Random *random, PatternField *field) {
  field->p[0] = expf(pattern_between(random, logf(1.6f), logf(5)));
  field->p[1] = pattern_between(random, .3f, .7f);
  field->p[2] = pattern_between(random, .5f, 1.5f);
  field->p[3] = pattern_between(random, 0, 1);
  field->p[4] = pattern_between(random, -.5f, .5f);
  field->p[5] = pattern_between(random, -.4f, .4f);
}

static float sine_grating(const PatternField *f, float x, float y) {
  (void)y;
  return .5f + .5f * sinf(TAU * (x * f->p[0] + f->p[3]));
}
static float square_grating(const PatternField *f, float x, float y) {
  (void)y;
  return sharp(triangle(x * f->p[0] + f->p[3]) - f->p[1]);
}
static float plaid(const PatternField *f, float x, float y) {
  float across = sharp(triangle(x * f->p[0]) - f->p[1]), along = sharp(triangle(y * f->p[0] * f->p[2]) - f->p[1]);
  return .5f * across + .5f * along;
}
static float soft_plaid(const PatternField *f, float x, float y) {
  return .5f + .25f * (sinf(TAU * x * f->p[0]) + sinf(TAU * (y * f->p[0] + f->p[3])));
}
static float checkerboard(const PatternField *f, float x, float y) {
  return sharp(sinf(TAU * x * f->p[0] * .5f) * sinf(TAU * y * f->p[0] * .5f) * 1.5f);
}
static float brick(const PatternField *f, float x, float y) {
  float row = floorf(y * f->p[0] * 1.4f), u = x * f->p[0] * .7f + .5f * fmodf(fabsf(row), 2), v = y * f->p[0] * 1.4f;
  float edge = fminf(triangle(u) * 2, triangle(v));
  float shade = .6f + .4f * pattern_hash((int)floorf(u), (int)row, f->seed);
  return edge < .16f ? 0 : shade;
}
static float grid_lines(const PatternField *f, float x, float y) {
  return sharp(fmaxf(triangle(x * f->p[0]), triangle(y * f->p[0])) - .86f);
}
static float polka_dots(const PatternField *f, float x, float y) {
  float dx = fraction(x * f->p[0]) - .5f, dy = fraction(y * f->p[0]) - .5f;
  return sharp((.2f + .14f * f->p[1] * 2) - sqrtf(dx * dx + dy * dy));
}
static float concentric_rings(const PatternField *f, float x, float y) {
  float dx = x - f->p[4], dy = y - f->p[5];
  return .5f + .5f * sinf(TAU * (sqrtf(dx * dx + dy * dy) * f->p[0] * 1.2f + f->p[3]));
}
static float square_rings(const PatternField *f, float x, float y) {
  return sharp(triangle(fmaxf(fabsf(x - f->p[4]), fabsf(y - f->p[5])) * f->p[0] + f->p[3]) - .5f);
}
static float rays(const PatternField *f, float x, float y) {
  float arms = floorf(6 + 4 * f->p[0]);
  return sharp(sinf(atan2f(y - f->p[5], x - f->p[4]) * arms + TAU * f->p[3]));
}
static float spiral(const PatternField *f, float x, float y) {
  float dx = x - f->p[4], dy = y - f->p[5], turn = f->p[3] < .5f ? 1 : -1;
  return .5f + .5f * sinf(TAU * sqrtf(dx * dx + dy * dy) * f->p[0] * 1.2f + turn * atan2f(dy, dx));
}
static float pinwheel(const PatternField *f, float x, float y) {
  float dx = x - f->p[4], dy = y - f->p[5], turn = f->p[3] < .5f ? 1 : -1, arms = floorf(3 + f->p[0]);
  return sharp(sinf(arms * atan2f(dy, dx) + turn * 3.2f * f->p[2] * logf(dx * dx + dy * dy + .002f)));
}
static float chevron(const PatternField *f, float x, float y) {
  return sharp(triangle(y * f->p[0] + triangle(x * f->p[0] * f->p[2] * .7f) * .8f) - .5f);
}
static float waves(const PatternField *f, float x, float y) {
  return .5f + .5f * sinf(TAU * (y * f->p[0] + .35f * sinf(TAU * x * f->p[2] + f->p[3] * TAU)));
}
static float scales(const PatternField *f, float x, float y) {
  float v = y * f->p[0], best = 0;
  for (int k = 1; k >= 0; k--) {
    float row = floorf(v) + (float)k, u = x * f->p[0] * .8f + .5f * fmodf(fabsf(row), 2);
    float dx = fraction(u) - .5f, dy = v - row, r = sqrtf(dx * dx * 1.4f + dy * dy);
    if (r < 1)
      best = pattern_smoothstep(1, .15f, r);
  }
  return best;
}
static float honeycomb(const PatternField *f, float x, float y) {
  float u = x * f->p[0], v = y * f->p[0], best = 9, second = 9;
  for (int k = 0; k < 2; k++) {
    float row = k == 0 ? roundf(v / 1.732f) * 1.732f : (floorf(v / 1.732f) + .5f) * 1.732f;
    for (int side = -1; side <= 1; side++) {
      float column = (k == 0 ? roundf(u) : floorf(u) + .5f) + (float)side;
      float d = sqrtf((u - column) * (u - column) + (v - row) * (v - row));
      if (d < best)
        second = best, best = d;
      else if (d < second)
        second = d;
    }
  }
  return pattern_smoothstep(.05f, .2f, second - best);
}
static float basket_weave(const PatternField *f, float x, float y) {
  float u = x * f->p[0] * .8f, v = y * f->p[0] * .8f;
  bool upright = fmodf(fabsf(floorf(u) + floorf(v)), 2) < 1;
  float across = upright ? fraction(u) : fraction(v);
  return .15f + .85f * triangle(across * 3);
}
static float diamonds(const PatternField *f, float x, float y) {
  float d = fabsf(fraction(x * f->p[0] * .8f) - .5f) + fabsf(fraction(y * f->p[0] * .5f) - .5f);
  float line = fabsf(fraction(x * f->p[0] * .8f + y * f->p[0] * .5f) - .5f) < .05f ? .35f : 0;
  return fmaxf(sharp(.38f - d), line);
}
static float triangles(const PatternField *f, float x, float y) {
  float u = x * f->p[0] + y * f->p[0] * .577f, v = y * f->p[0] * 1.155f;
  bool upper = fraction(u) + fraction(v) > 1;
  float shade = pattern_hash((int)floorf(u), (int)floorf(v), f->seed) * .35f;
  return upper ? .65f + shade : shade;
}

const PatternFieldClass pattern_periodic_classes[] = {
    {"sine grating", prepare, sine_grating, false},
    {"square grating", prepare, square_grating, false},
    {"plaid", prepare, plaid, false},
    {"soft plaid", prepare, soft_plaid, false},
    {"checkerboard", prepare, checkerboard, false},
    {"bricks", prepare, brick, false},
    {"grid", prepare, grid_lines, false},
    {"polka dots", prepare, polka_dots, false},
    {"rings", prepare, concentric_rings, true},
    {"square rings", prepare, square_rings, true},
    {"rays", prepare, rays, true},
    {"spiral", prepare, spiral, true},
    {"pinwheel", prepare, pinwheel, true},
    {"chevrons", prepare, chevron, false},
    {"waves", prepare, waves, false},
    {"scales", prepare, scales, false},
    {"honeycomb", prepare, honeycomb, false},
    {"basket weave", prepare, basket_weave, false},
    {"diamonds", prepare, diamonds, false},
    {"triangles", prepare, triangles, false},
};
const gsize pattern_n_periodic = G_N_ELEMENTS(pattern_periodic_classes);
