#include "synth/train/pattern.h"

#include <math.h>
#include <string.h>

#include "synth/train/pattern_parts.h"

gsize pattern_n_classes(void) {
  return pattern_n_periodic + pattern_n_random + pattern_n_shapes + pattern_n_figures + pattern_n_plants +
         pattern_n_ifs;
}

/* Finds the class of a label: exactly one of the three is set. */
typedef struct {
  const PatternFieldClass *field;
  const PatternFigureClass *figure;
  const PatternIfsClass *ifs;
} ClassOf;
static ClassOf class_of(gsize label) {
  if (label < pattern_n_periodic)
    return (ClassOf){.field = &pattern_periodic_classes[label]};
  label -= pattern_n_periodic;
  if (label < pattern_n_random)
    return (ClassOf){.field = &pattern_random_classes[label]};
  label -= pattern_n_random;
  if (label < pattern_n_shapes)
    return (ClassOf){.figure = &pattern_shape_classes[label]};
  label -= pattern_n_shapes;
  if (label < pattern_n_figures)
    return (ClassOf){.figure = &pattern_figure_classes[label]};
  label -= pattern_n_figures;
  if (label < pattern_n_plants)
    return (ClassOf){.figure = &pattern_plant_classes[label]};
  label -= pattern_n_plants;
  g_assert(label < pattern_n_ifs);
  return (ClassOf){.ifs = &pattern_ifs_classes[label]};
}

const char *pattern_class_name(gsize label) {
  ClassOf class = class_of(label);
  return class.field != NULL ? class.field->name : class.figure != NULL ? class.figure->name : class.ifs->name;
}

/* The plane that a field is seen in: rotated, stretched, tilted. */
typedef struct {
  float a, b, c, d, e, f, g, h; /* x' = (ax + by) / (gx + hy + 1) + c, y' = (dx + ey) / (gx + hy + 1) + f */
} Plane;
static Plane random_plane(Random *random) {
  float angle = pattern_between(random, -3.1416f, 3.1416f), stretch = expf(pattern_between(random, -.25f, .25f));
  float c = cosf(angle), s = sinf(angle);
  bool tilted = pattern_chance(random, .4f);
  return (Plane){.a = c * stretch,
                 .b = -s * stretch,
                 .c = pattern_between(random, -3, 3),
                 .d = s / stretch,
                 .e = c / stretch,
                 .f = pattern_between(random, -3, 3),
                 .g = tilted ? pattern_between(random, -.28f, .28f) : 0,
                 .h = tilted ? pattern_between(random, -.28f, .28f) : 0};
}

#define MAX_STOPS 5
typedef struct {
  int n;
  PatternColor stops[MAX_STOPS];
} Palette;
static Palette random_palette(Random *random) {
  Palette palette = {.n = 2 + (int)random_below(random, MAX_STOPS - 1)};
  palette.stops[0] = pattern_color(random, .05f, 1);
  for (int k = 1; k < palette.n; k++)
    palette.stops[k] = pattern_contrasting(random, palette.stops[k - 1]);
  if (palette.n > 2 && pattern_chance(random, .5f))
    palette.n = 2;
  return palette;
}
static PatternColor palette_at(const Palette *palette, float t) {
  t = fminf(fmaxf(t, 0), 1) * (float)(palette->n - 1);
  int k = MIN((int)t, palette->n - 2);
  return pattern_mix(palette->stops[k], palette->stops[k + 1], t - (float)k);
}

static void put(float *pixel, PatternColor color) {
  pixel[0] = color.r;
  pixel[1] = color.g;
  pixel[2] = color.b;
}

static void fill_field(const PatternFieldClass *class, Random *random, Image *image) {
  PatternField field = {.seed = random_bits(random)};
  class->prepare(random, &field);
  Plane plane = random_plane(random);
  if (class->centred)
    plane.c = plane.f = 0;
  Palette palette = random_palette(random);
  float unit = 2 / (float)MIN(image->width, image->height);
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      float u = ((float)x + .5f - .5f * (float)image->width) * unit,
            v = ((float)y + .5f - .5f * (float)image->height) * unit;
      float w = 1 / (plane.g * u + plane.h * v + 1);
      float t =
          class->sample(&field, (plane.a * u + plane.b * v) * w + plane.c, (plane.d * u + plane.e * v) * w + plane.f);
      put(image->pixels + ((gsize)y * (gsize)image->width + (gsize)x) * 3, palette_at(&palette, t));
    }
}

/* What lies behind a figure: flat, a gradient, clouds or grain, all low in contrast. */
static PatternColor fill_ground(Random *random, Image *image) {
  PatternColor ground = pattern_color(random, .05f, 1), other = pattern_mix(ground, pattern_color(random, 0, 1), .35f);
  int kind = (int)random_below(random, 4);
  guint32 seed = random_bits(random);
  float angle = pattern_between(random, 0, 6.2832f), scale = kind == 2 ? pattern_between(random, 1, 4) : 18;
  float c = cosf(angle), s = sinf(angle), unit = 2 / (float)MIN(image->width, image->height);
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      float u = ((float)x - .5f * (float)image->width) * unit, v = ((float)y - .5f * (float)image->height) * unit;
      float t = kind == 0   ? 0
                : kind == 1 ? .5f + .4f * (c * u + s * v)
                            : .5f + .5f * pattern_noise(u * scale, v * scale, seed);
      put(image->pixels + ((gsize)y * (gsize)image->width + (gsize)x) * 3, pattern_mix(ground, other, t));
    }
  return pattern_mix(ground, other, kind == 0 ? 0 : .5f);
}

static void fill_figures(const PatternFigureClass *class, Random *random, Image *image) {
  PatternColor ground = fill_ground(random, image);
  PatternPrimitive primitives[PATTERN_MAX_PRIMITIVES];
  int copies = 1 + (pattern_chance(random, .5f) ? (int)random_below(random, (guint32) class->repeats) : 0);
  float largest = copies == 1 ? .95f : copies <= 3 ? .6f : .42f;
  bool same = pattern_chance(random, .5f);
  PatternDrawing drawing = {.primitives = primitives};
  for (int k = 0; k < copies; k++) {
    if (k == 0 || !same) {
      drawing.n = 0;
      class->draw(random, ground, &drawing);
    }
    float size = pattern_between(random, .62f * largest, largest), room = fmaxf(1.15f - size, .15f);
    PatternPlace place = {.x = pattern_between(random, -room, room),
                          .y = pattern_between(random, -room, room),
                          .size = size,
                          .angle = pattern_chance(random, .6f) ? pattern_between(random, -.5f, .5f)
                                                               : pattern_between(random, -3.1416f, 3.1416f),
                          .aspect = (pattern_chance(random, .5f) ? -1 : 1) * pattern_between(random, .8f, 1.2f)};
    pattern_paint(&drawing, &place, image);
  }
}

static void occlude(Random *random, Image *image) {
  PatternColor color = pattern_color(random, 0, 1);
  PatternPrimitive bar;
  PatternDrawing drawing = {.primitives = &bar};
  float angle = pattern_between(random, 0, 6.2832f), reach = pattern_between(random, .3f, .9f);
  float x = reach * cosf(angle), y = reach * sinf(angle), width = pattern_between(random, .04f, .16f);
  pattern_stroke(&drawing, x - 2 * y, y + 2 * x, x + 2 * y, y - 2 * x, width, width, color);
  pattern_paint(&drawing, &(PatternPlace){.size = 1, .aspect = 1}, image);
}

static void shade(Random *random, Image *image) {
  float angle = pattern_between(random, 0, 6.2832f), depth = pattern_between(random, .1f, .45f);
  float c = cosf(angle) / (float)image->width, s = sinf(angle) / (float)image->height;
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      float light =
          1 - depth * (.5f + c * ((float)x - .5f * (float)image->width) + s * ((float)y - .5f * (float)image->height));
      float *pixel = image->pixels + ((gsize)y * (gsize)image->width + (gsize)x) * 3;
      for (int channel = 0; channel < 3; channel++)
        pixel[channel] *= light;
    }
}

/* A 1 4 6 4 1-like blur of three taps, in place: horizontally, then vertically. */
static void blur_along(float *pixels, gsize n, gsize stride, float side) {
  float before = pixels[0];
  for (gsize k = 0; k < n; k++) {
    float here = pixels[k * stride], after = pixels[(k + 1 < n ? k + 1 : k) * stride];
    pixels[k * stride] = (1 - 2 * side) * here + side * (before + after);
    before = here;
  }
}
static void blur(Random *random, Image *image) {
  float side = pattern_between(random, .08f, .3f);
  gsize width = (gsize)image->width, height = (gsize)image->height;
  for (gsize channel = 0; channel < 3; channel++) {
    for (gsize y = 0; y < height; y++)
      blur_along(image->pixels + y * width * 3 + channel, width, 3, side);
    for (gsize x = 0; x < width; x++)
      blur_along(image->pixels + x * 3 + channel, height, width * 3, side);
  }
}

static void add_noise(Random *random, Image *image) {
  float strength = pattern_between(random, 4, 45);
  gsize n = (gsize)image->width * (gsize)image->height * 3;
  for (gsize k = 0; k < n; k += 2) {
    guint32 bits = random_bits(random); /* two triangular deviates from one word */
    float a = (float)(bits & 255) + (float)(bits >> 8 & 255) - 255,
          b = (float)(bits >> 16 & 255) + (float)(bits >> 24) - 255;
    image->pixels[k] += strength * a * (1 / 104.f);
    if (k + 1 < n)
      image->pixels[k + 1] += strength * b * (1 / 104.f);
  }
}

void pattern_render(gsize label, Random *random, Image *image) {
  ClassOf class = class_of(label);
  if (class.field != NULL) {
    fill_field(class.field, random, image);
  } else if (class.figure != NULL) {
    fill_figures(class.figure, random, image);
  } else {
    pattern_paint_ifs(class.ifs, random, fill_ground(random, image), image);
  }
  if (pattern_chance(random, .2f))
    occlude(random, image);
  if (pattern_chance(random, .4f))
    shade(random, image);
  if (pattern_chance(random, .35f))
    blur(random, image);
  if (pattern_chance(random, .5f))
    add_noise(random, image);
  gsize n = (gsize)image->width * (gsize)image->height * 3;
  for (gsize k = 0; k < n; k++)
    image->pixels[k] = fminf(fmaxf(image->pixels[k], 0), 255);
}
