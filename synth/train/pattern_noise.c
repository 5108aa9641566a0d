#include <math.h>

#include "synth/train/pattern_parts.h"

float pattern_between(Random *random, float low, float high) {
  return low + (high - low) * (float)random_uniform(random);
}

bool pattern_chance(Random *random, float probability) { return random_uniform(random) < probability; }

float pattern_smoothstep(float low, float high, float x) {
  float t = (x - low) / (high - low);
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  return t * t * (3 - 2 * t);
}

static guint32 scramble(int x, int y, guint32 seed) {
  guint32 h = (guint32)x * 0x8da6b343u ^ (guint32)y * 0xd8163841u ^ seed * 0xcb1ab31fu;
  h = (h ^ (h >> 16)) * 0x7feb352du;
  h = (h ^ (h >> 15)) * 0x846ca68bu;
  return h ^ (h >> 16);
}

float pattern_hash(int x, int y, guint32 seed) { return (float)(scramble(x, y, seed) >> 8) * 0x1p-24f; }

/* The product of the offset with one of eight directions, chosen by the corner's hash. */
static float corner(int ix, int iy, float dx, float dy, guint32 seed) {
  static const float gx[8] = {1, -1, 0, 0, .7071f, -.7071f, .7071f, -.7071f};
  static const float gy[8] = {0, 0, 1, -1, .7071f, .7071f, -.7071f, -.7071f};
  guint32 k = scramble(ix, iy, seed) & 7;
  return gx[k] * dx + gy[k] * dy;
}

float pattern_noise(float x, float y, guint32 seed) {
  float fx = floorf(x), fy = floorf(y);
  int ix = (int)fx, iy = (int)fy;
  float dx = x - fx, dy = y - fy;
  float sx = dx * dx * dx * (dx * (dx * 6 - 15) + 10), sy = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
  float top = corner(ix, iy, dx, dy, seed), top_right = corner(ix + 1, iy, dx - 1, dy, seed);
  float low = corner(ix, iy + 1, dx, dy - 1, seed), low_right = corner(ix + 1, iy + 1, dx - 1, dy - 1, seed);
  float above = top + sx * (top_right - top), below = low + sx * (low_right - low);
  return 1.4f * (above + sy * (below - above));
}

float pattern_fractal(float x, float y, int octaves, guint32 seed) {
  float sum = 0, amplitude = 1, total = 0;
  for (int k = 0; k < octaves; k++) {
    sum += amplitude * pattern_noise(x, y, seed + (guint32)k * 101u);
    total += amplitude;
    amplitude *= .5f;
    x *= 2, y *= 2;
  }
  return sum / total * 1.5f;
}

PatternCells pattern_cells(float x, float y, float jitter, guint32 seed) {
  int ix = (int)floorf(x), iy = (int)floorf(y);
  PatternCells cells = {1e9f, 1e9f, 0};
  for (int cy = iy - 1; cy <= iy + 1; cy++)
    for (int cx = ix - 1; cx <= ix + 1; cx++) {
      float dx = (float)cx + .5f + jitter * (pattern_hash(cx, cy, seed) - .5f) - x;
      float dy = (float)cy + .5f + jitter * (pattern_hash(cx, cy, seed + 7) - .5f) - y;
      float squared = dx * dx + dy * dy;
      if (squared < cells.nearest) {
        cells.second = cells.nearest;
        cells.nearest = squared;
        cells.id = pattern_hash(cx, cy, seed + 13);
      } else if (squared < cells.second) {
        cells.second = squared;
      }
    }
  cells.nearest = sqrtf(cells.nearest);
  cells.second = sqrtf(cells.second);
  return cells;
}

/* Hue in turns. */
static PatternColor from_hsv(float hue, float saturation, float value) {
  float channel[3];
  for (int c = 0; c < 3; c++) {
    float k = fmodf((c == 0 ? 5.f : c == 1 ? 3.f : 1.f) + hue * 6, 6);
    float low = fminf(fminf(k, 4 - k), 1);
    channel[c] = 255 * value * (1 - saturation * fmaxf(low, 0));
  }
  return (PatternColor){channel[0], channel[1], channel[2]};
}

PatternColor pattern_color(Random *random, float darkest, float brightest) {
  float hue = pattern_between(random, 0, 1);
  float saturation = pattern_chance(random, .2f) ? pattern_between(random, 0, .2f) : pattern_between(random, .2f, 1);
  return from_hsv(hue, saturation, pattern_between(random, darkest, brightest));
}

static float luminance(PatternColor color) { return .299f * color.r + .587f * color.g + .114f * color.b; }

PatternColor pattern_contrasting(Random *random, PatternColor other) {
  PatternColor best = other;
  float best_distance = -1;
  for (int attempt = 0; attempt < 6; attempt++) {
    PatternColor color = pattern_color(random, .05f, 1);
    float distance = 2 * fabsf(luminance(color) - luminance(other)) + fabsf(color.r - other.r) +
                     fabsf(color.g - other.g) + fabsf(color.b - other.b);
    if (distance > best_distance) {
      best = color;
      best_distance = distance;
    }
    if (best_distance > 330)
      break;
  }
  return best;
}

PatternColor pattern_mix(PatternColor a, PatternColor b, float t) {
  return (PatternColor){a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b)};
}
