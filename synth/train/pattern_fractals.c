/* Iterated-function systems, painted by the chaos game. */
#include <math.h>

#include "synth/train/pattern_parts.h"

/* How far each coefficient of a known system may stray, so that no two members are alike. */
static int vary(Random *random, const float (*from)[7], int n, float spread, float maps[8][7]) {
  for (int k = 0; k < n; k++)
    for (int c = 0; c < 7; c++)
      maps[k][c] = from[k][c] + (c < 6 ? pattern_between(random, -spread, spread) : 0);
  return n;
}
static int fern(Random *random, float maps[8][7]) {
  static const float system[4][7] = {{0, 0, 0, .16f, 0, 0, .02f},
                                     {.85f, .04f, -.04f, .85f, 0, 1.6f, .82f},
                                     {.2f, -.26f, .23f, .22f, 0, 1.6f, .08f},
                                     {-.15f, .28f, .26f, .24f, 0, .44f, .08f}};
  return vary(random, system, 4, .02f, maps);
}
static int gasket(Random *random, float maps[8][7]) {
  static const float system[3][7] = {
      {.5f, 0, 0, .5f, 0, 0, .33f}, {.5f, 0, 0, .5f, .5f, 0, .33f}, {.5f, 0, 0, .5f, .25f, .433f, .34f}};
  return vary(random, system, 3, .02f, maps);
}
static int carpet(Random *random, float maps[8][7]) {
  const float third = 1.f / 3;
  int n = 0;
  for (int k = 0; k < 9; k++) {
    if (k == 4)
      continue;
    const float row[7] = {third, 0, 0, third, third * (float)(k % 3), third * (float)(k / 3), .125f};
    for (int c = 0; c < 7; c++)
      maps[n][c] = row[c] + (c < 4 ? pattern_between(random, -.012f, .012f) : 0);
    n++;
  }
  return n;
}
static int dragon(Random *random, float maps[8][7]) {
  static const float system[2][7] = {{.5f, -.5f, .5f, .5f, 0, 0, .5f}, {-.5f, -.5f, .5f, -.5f, 1, 0, .5f}};
  return vary(random, system, 2, .03f, maps);
}
/* Rotated copies of a shrinking map: spirals of dots. */
static int whirl(Random *random, float maps[8][7]) {
  float turn = pattern_between(random, .3f, .8f), shrink = pattern_between(random, .86f, .93f);
  const float system[2][7] = {
      {shrink * cosf(turn), -shrink * sinf(turn), shrink * sinf(turn), shrink * cosf(turn), 0, 0, .9f},
      {.15f, 0, 0, .15f, 1, 0, .1f}};
  return vary(random, system, 2, .0f, maps);
}

const PatternIfsClass pattern_ifs_classes[] = {
    {"fern", fern}, {"gasket", gasket}, {"carpet", carpet}, {"dragon curve", dragon}, {"whirl", whirl}};
const gsize pattern_n_ifs = G_N_ELEMENTS(pattern_ifs_classes);

static void step(const float maps[8][7], int n, Random *random, float *x, float *y) {
  float pick = (float)random_bits(random) * 0x1p-32f;
  int k = 0;
  while (k < n - 1 && pick >= maps[k][6])
    pick -= maps[k++][6];
  float u = maps[k][0] * *x + maps[k][1] * *y + maps[k][4];
  *y = maps[k][2] * *x + maps[k][3] * *y + maps[k][5];
  *x = u;
}

void pattern_paint_ifs(const PatternIfsClass *class, Random *random, PatternColor ground, Image *image) {
  float maps[8][7], x = 0, y = 0, low_x = 1e9f, high_x = -1e9f, low_y = 1e9f, high_y = -1e9f;
  int n = class->prepare(random, maps);
  for (int k = 0; k < 600; k++) {
    step(maps, n, random, &x, &y);
    if (k < 20)
      continue;
    low_x = fminf(low_x, x), high_x = fmaxf(high_x, x);
    low_y = fminf(low_y, y), high_y = fmaxf(high_y, y);
  }
  float unit = .5f * (float)MIN(image->width, image->height), size = pattern_between(random, .75f, 1.15f);
  float scale = 2 * size * unit / fmaxf(fmaxf(high_x - low_x, high_y - low_y), 1e-3f);
  float angle = pattern_between(random, -.9f, .9f), c = cosf(angle) * scale, s = sinf(angle) * scale;
  float mid_x = .5f * (low_x + high_x), mid_y = .5f * (low_y + high_y);
  float left = .5f * (float)image->width + unit * pattern_between(random, -.25f, .25f);
  float top = .5f * (float)image->height + unit * pattern_between(random, -.25f, .25f);
  PatternColor from = pattern_contrasting(random, ground),
               to = pattern_mix(from, pattern_contrasting(random, ground), .5f);
  int points = (int)(1.6f * (float)image->width * (float)image->height);
  for (int k = 0; k < points; k++) {
    step(maps, n, random, &x, &y);
    float dx = x - mid_x, dy = mid_y - y;
    int px = (int)floorf(left + c * dx - s * dy), py = (int)floorf(top + s * dx + c * dy);
    if (px < 0 || py < 0 || px >= image->width || py >= image->height)
      continue;
    PatternColor color = pattern_mix(from, to, fminf(fmaxf((y - low_y) / fmaxf(high_y - low_y, 1e-3f), 0), 1));
    float *pixel = image->pixels + ((gsize)py * (gsize)image->width + (gsize)px) * 3;
    pixel[0] += .6f * (color.r - pixel[0]);
    pixel[1] += .6f * (color.g - pixel[1]);
    pixel[2] += .6f * (color.b - pixel[2]);
  }
}
