/* What the families of patterns share. Private to synth/train/pattern*.c.
 *
 * Coordinates: the image's shorter side spans -1..1, x to the right, y down, after a random rotation and perspective.
 */
#ifndef DREAMRIG_TRAIN_PATTERN_PARTS_H
#define DREAMRIG_TRAIN_PATTERN_PARTS_H

#include "stimuli/base/random.h"
#include "stimuli/image.h"

/* --- Drawing random numbers --- */
float pattern_between(Random *random, float low, float high);
bool pattern_chance(Random *random, float probability);

typedef struct {
  float r, g, b; /* 0..255 */
} PatternColor;
/* A colour drawn from HSV, brightness within the limits (0..1). */
PatternColor pattern_color(Random *random, float darkest, float brightest);
/* A colour that stands out from `other`: luminance or hue well apart. */
PatternColor pattern_contrasting(Random *random, PatternColor other);
PatternColor pattern_mix(PatternColor a, PatternColor b, float t);

/* --- Noise: values of about -1..1, a pure function of the point and the seed --- */
float pattern_noise(float x, float y, guint32 seed);                /* gradient noise, Perlin 2002 */
float pattern_fractal(float x, float y, int octaves, guint32 seed); /* octaves at double frequency, half amplitude */
float pattern_hash(int x, int y, guint32 seed);                     /* uniform 0..1 at integer points */
/* Distances to the nearest and second nearest of one random point a unit cell, and the nearest one's own hash; jitter
 * 0 (grid) to 1. Source: Worley 1996, doi:10.1145/237170.237267. */
typedef struct {
  float nearest, second, id;
} PatternCells;
PatternCells pattern_cells(float x, float y, float jitter, guint32 seed);
float pattern_smoothstep(float low, float high, float x);

/* --- Fields --- */
typedef struct {
  float p[8];   /* the class's own parameters */
  guint32 seed; /* for noise */
} PatternField;
/* A class of fields: `prepare` draws the parameters, `sample` gives a palette coordinate 0..1 at a point. */
typedef struct {
  const char *name;
  void (*prepare)(Random *random, PatternField *field);
  float (*sample)(const PatternField *field, float x, float y);
  bool centred; /* it has one middle, which must stay in view */
} PatternFieldClass;

/* --- Drawings: primitives in the figure's own coordinates (it fits -1..1), painted in order --- */
typedef enum { PATTERN_ELLIPSE, PATTERN_STROKE, PATTERN_POLYGON } PatternPrimitiveKind;
#define PATTERN_MAX_POINTS 24
typedef struct {
  PatternPrimitiveKind kind;
  PatternColor color;
  float x, y, rx, ry, angle;   /* ellipse */
  float x2, y2, width, width2; /* stroke from (x, y) to (x2, y2): half widths at both ends, round caps */
  int n_points;                /* polygon */
  float px[PATTERN_MAX_POINTS], py[PATTERN_MAX_POINTS];
} PatternPrimitive;

#define PATTERN_MAX_PRIMITIVES 640
typedef struct {
  int n;
  PatternPrimitive *primitives; /* PATTERN_MAX_PRIMITIVES of them; further ones are dropped */
} PatternDrawing;

void pattern_ellipse(PatternDrawing *drawing, float x, float y, float rx, float ry, float angle, PatternColor color);
void pattern_stroke(PatternDrawing *drawing, float x, float y, float x2, float y2, float width, float width2,
                    PatternColor color);
void pattern_polygon(PatternDrawing *drawing, const float *px, const float *py, int n_points, PatternColor color);
/* A corner polygon with radii alternating between outer and inner: inner == outer gives a regular polygon. */
void pattern_star(PatternDrawing *drawing, float x, float y, int corners, float outer, float inner, float angle,
                  PatternColor color);

/* A class of drawings: one figure in colours of its own that stand out from the ground. `repeats`: how many copies an
 * image may hold. */
typedef struct {
  const char *name;
  void (*draw)(Random *random, PatternColor ground, PatternDrawing *drawing);
  int repeats;
} PatternFigureClass;

/* Where a figure goes: centre, size and angle in the plane's coordinates; a negative aspect mirrors it. */
typedef struct {
  float x, y, size, angle, aspect;
} PatternPlace;
void pattern_paint(const PatternDrawing *drawing, const PatternPlace *place, Image *image);

/* --- Point sets --- */
typedef struct {
  const char *name;
  /* Fills map (n rows of a b c d e f p: x' = ax + by + e, y' = cx + dy + f with probability p); returns n. */
  int (*prepare)(Random *random, float maps[8][7]);
} PatternIfsClass;
/* Paints a fractal by the chaos game. Source: Barnsley 1988, Fractals Everywhere. */
void pattern_paint_ifs(const PatternIfsClass *class, Random *random, PatternColor ground, Image *image);

extern const PatternFieldClass pattern_periodic_classes[], pattern_random_classes[];
extern const gsize pattern_n_periodic, pattern_n_random;
extern const PatternFigureClass pattern_shape_classes[], pattern_figure_classes[], pattern_plant_classes[];
extern const gsize pattern_n_shapes, pattern_n_figures, pattern_n_plants;
extern const PatternIfsClass pattern_ifs_classes[];
extern const gsize pattern_n_ifs;

#endif
