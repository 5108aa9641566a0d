/* Irregular textures: cells, noise, grain and hair. */
#include <math.h>

#include "synth/train/pattern_parts.h"

static const float TAU = 6.2831853f;

static void prepare(Random *random, PatternField *field) {
  field->p[0] = expf(pattern_between(random, logf(2), logf(5)));
  field->p[1] = pattern_between(random, .2f, .8f);
  field->p[2] = pattern_between(random, .6f, 1.4f);
  field->p[3] = pattern_between(random, -1, 1);
  field->p[4] = pattern_between(random, -1, 1);
}

static float random_dots(const PatternField *f, float x, float y) {
  PatternCells cells = pattern_cells(x * f->p[0], y * f->p[0], .8f, f->seed);
  float radius = .15f + .2f * cells.id;
  return pattern_smoothstep(radius + .06f, radius - .06f, cells.nearest);
}
static float voronoi(const PatternField *f, float x, float y) {
  return pattern_cells(x * f->p[0], y * f->p[0], 1, f->seed).id;
}
static float cracks(const PatternField *f, float x, float y) {
  PatternCells cells = pattern_cells(x * f->p[0], y * f->p[0], 1, f->seed);
  return pattern_smoothstep(.03f, .13f, cells.second - cells.nearest);
}
static float pebbles(const PatternField *f, float x, float y) {
  PatternCells cells = pattern_cells(x * f->p[0], y * f->p[0], .9f, f->seed);
  return pattern_smoothstep(0, .5f, cells.second - cells.nearest) * (.55f + .45f * cells.id);
}
static float bubbles(const PatternField *f, float x, float y) {
  PatternCells cells = pattern_cells(x * f->p[0], y * f->p[0], .8f, f->seed);
  float radius = .22f + .22f * cells.id;
  return pattern_smoothstep(.07f, .02f, fabsf(cells.nearest - radius)) +
         (cells.nearest < radius ? .25f * (1 - cells.nearest / radius) : 0);
}
static float wood(const PatternField *f, float x, float y) {
  float bend = .25f * pattern_noise(x * .8f, y * .8f, f->seed);
  float dx = x * .35f + f->p[3], dy = y + f->p[4] + bend;
  float ring = sqrtf(dx * dx + dy * dy) * f->p[0] * 1.6f;
  float grain = .18f * pattern_noise(x * 2.5f, y * 34, f->seed + 5);
  float t = ring - floorf(ring);
  return .15f + .7f * t * t + grain;
}
static float marble(const PatternField *f, float x, float y) {
  float warp = pattern_fractal(x * 1.4f, y * 1.4f, 5, f->seed);
  return powf(fabsf(sinf(3.1416f * (x * f->p[0] * .35f + 1.6f * warp))), .45f);
}
static float clouds(const PatternField *f, float x, float y) {
  return .5f + .6f * pattern_fractal(x * f->p[0] * .5f, y * f->p[0] * .5f, 5, f->seed);
}
/* Fine noise drawn out along a direction that turns slowly over the plane. */
static float combed(float x, float y, float along, float across, float turn, guint32 seed) {
  float angle = turn * pattern_noise(x * .7f, y * .7f, seed + 3);
  float c = cosf(angle), s = sinf(angle);
  return pattern_noise((c * x + s * y) * along, (c * y - s * x) * across, seed);
}
static float fur(const PatternField *f, float x, float y) {
  float hair = combed(x, y, f->p[0] * .8f, f->p[0] * 7, 1.4f, f->seed);
  return .45f + .5f * hair + .25f * pattern_noise(x * 1.2f, y * 1.2f, f->seed + 9);
}
static float hatching(const PatternField *f, float x, float y) {
  float line = sinf(TAU * (y * f->p[0] * 1.8f + .15f * pattern_noise(x * 2, y * 2, f->seed)));
  float ink = pattern_noise(x * 2.2f, y * f->p[0] * 1.8f, f->seed + 4);
  return pattern_smoothstep(.1f, .5f, line + .6f * ink);
}
static float crosshatching(const PatternField *f, float x, float y) {
  float u = .866f * x + .5f * y, v = .5f * x - .866f * y;
  PatternField second = *f;
  second.seed += 77;
  return fminf(hatching(f, x, y), hatching(&second, u, v));
}
static float zebra(const PatternField *f, float x, float y) {
  float warp = pattern_fractal(x * .9f, y * .9f, 2, f->seed);
  return pattern_smoothstep(-.15f, .15f, sinf(TAU * (x * f->p[0] * .55f + 1.1f * warp)));
}
static float leopard(const PatternField *f, float x, float y) {
  PatternCells cells = pattern_cells(x * f->p[0], y * f->p[0], .75f, f->seed);
  float wobble = .08f * pattern_noise(x * f->p[0] * 3, y * f->p[0] * 3, f->seed + 2);
  float ring = fabsf(cells.nearest + wobble - .27f);
  float gap = pattern_noise(x * f->p[0] * 1.8f, y * f->p[0] * 1.8f, f->seed + 8);
  return ring < .1f && gap > -.35f ? 0 : cells.nearest < .25f ? .55f : 1;
}
static float labyrinth(const PatternField *f, float x, float y) {
  float band = pattern_noise(x * f->p[0] * 1.6f, y * f->p[0] * 1.6f, f->seed);
  return pattern_smoothstep(.06f, .14f, fabsf(band));
}
static float blobs(const PatternField *f, float x, float y) {
  return pattern_smoothstep(-.05f, .05f, pattern_noise(x * f->p[0], y * f->p[0], f->seed) - .1f * f->p[3]);
}
static float mosaic(const PatternField *f, float x, float y) {
  return pattern_hash((int)floorf(x * f->p[0] * 1.5f), (int)floorf(y * f->p[0] * 1.5f), f->seed);
}
static float grain(const PatternField *f, float x, float y) {
  return .5f + .7f * pattern_noise(x * 22 * f->p[2], y * 22 * f->p[2], f->seed);
}
static float ridges(const PatternField *f, float x, float y) {
  float sum = 0, amplitude = .6f, frequency = f->p[0] * .5f;
  for (guint32 k = 0; k < 4; k++) {
    float ridge = 1 - fabsf(pattern_noise(x * frequency, y * frequency, f->seed + k * 31));
    sum += amplitude * ridge * ridge * ridge;
    amplitude *= .5f, frequency *= 2;
  }
  return sum;
}
static float smoke(const PatternField *f, float x, float y) {
  float u = pattern_fractal(x * .9f, y * .9f, 3, f->seed), v = pattern_fractal(x * .9f, y * .9f, 3, f->seed + 50);
  return .5f + .7f * pattern_fractal(x * .9f + 2.2f * u, y * .9f + 2.2f * v, 4, f->seed + 99);
}
static float weave_threads(const PatternField *f, float x, float y) {
  float u = x * f->p[0] * 2.2f, v = y * f->p[0] * 2.2f;
  float warp = fabsf(sinf(3.1416f * u)), weft = fabsf(sinf(3.1416f * v));
  bool over = ((int)(floorf(u) + floorf(v)) & 1) == 0;
  float thread = over ? warp * (.6f + .4f * weft) : weft * (.6f + .4f * warp);
  return (over ? .25f : .6f) * thread + .35f * thread;
}

const PatternFieldClass pattern_random_classes[] = {
    {"random dots", prepare, random_dots, false},
    {"voronoi cells", prepare, voronoi, false},
    {"cracks", prepare, cracks, false},
    {"pebbles", prepare, pebbles, false},
    {"bubbles", prepare, bubbles, false},
    {"wood", prepare, wood, false},
    {"marble", prepare, marble, false},
    {"clouds", prepare, clouds, false},
    {"fur", prepare, fur, false},
    {"hatching", prepare, hatching, false},
    {"crosshatching", prepare, crosshatching, false},
    {"zebra", prepare, zebra, false},
    {"leopard", prepare, leopard, false},
    {"labyrinth", prepare, labyrinth, false},
    {"blobs", prepare, blobs, false},
    {"mosaic", prepare, mosaic, false},
    {"grain", prepare, grain, false},
    {"ridges", prepare, ridges, false},
    {"smoke", prepare, smoke, false},
    {"threads", prepare, weave_threads, false},
};
const gsize pattern_n_random = G_N_ELEMENTS(pattern_random_classes);
