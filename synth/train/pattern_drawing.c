#include <math.h>

#include "synth/train/pattern_parts.h"

static PatternPrimitive *next(PatternDrawing *drawing) {
  if (drawing->n == PATTERN_MAX_PRIMITIVES)
    return NULL;
  return &drawing->primitives[drawing->n++];
}

void pattern_ellipse(PatternDrawing *drawing, float x, float y, float rx, float ry, float angle, PatternColor color) {
  PatternPrimitive *primitive = next(drawing);
  if (primitive == NULL)
    return;
  *primitive =
      (PatternPrimitive){.kind = PATTERN_ELLIPSE, .color = color, .x = x, .y = y, .rx = rx, .ry = ry, .angle = angle};
}

void pattern_stroke(PatternDrawing *drawing, float x, float y, float x2, float y2, float width, float width2,
                    PatternColor color) {
  PatternPrimitive *primitive = next(drawing);
  if (primitive == NULL)
    return;
  *primitive = (PatternPrimitive){
      .kind = PATTERN_STROKE, .color = color, .x = x, .y = y, .x2 = x2, .y2 = y2, .width = width, .width2 = width2};
}

void pattern_polygon(PatternDrawing *drawing, const float *px, const float *py, int n_points, PatternColor color) {
  PatternPrimitive *primitive = next(drawing);
  if (primitive == NULL)
    return;
  g_assert(n_points <= PATTERN_MAX_POINTS);
  *primitive = (PatternPrimitive){.kind = PATTERN_POLYGON, .color = color, .n_points = n_points};
  for (int k = 0; k < n_points; k++) {
    primitive->px[k] = px[k];
    primitive->py[k] = py[k];
  }
}

void pattern_star(PatternDrawing *drawing, float x, float y, int corners, float outer, float inner, float angle,
                  PatternColor color) {
  float px[PATTERN_MAX_POINTS], py[PATTERN_MAX_POINTS];
  bool regular = inner == outer;
  int n = regular ? corners : 2 * corners;
  for (int k = 0; k < n; k++) {
    float radius = k % 2 == 0 ? outer : inner, at = angle + 6.2831853f * (float)k / (float)n;
    px[k] = x + radius * sinf(at);
    py[k] = y - radius * cosf(at);
  }
  pattern_polygon(drawing, px, py, n, color);
}

/* Signed distance from the primitive's edge, in the figure's units; negative inside. */
static float distance_to(const PatternPrimitive *p, float x, float y) {
  if (p->kind == PATTERN_ELLIPSE) {
    float c = cosf(p->angle), s = sinf(p->angle), dx = x - p->x, dy = y - p->y;
    float u = (c * dx + s * dy) / p->rx, v = (c * dy - s * dx) / p->ry;
    return (sqrtf(u * u + v * v) - 1) * fminf(p->rx, p->ry);
  }
  if (p->kind == PATTERN_STROKE) {
    float ax = p->x2 - p->x, ay = p->y2 - p->y, length = ax * ax + ay * ay;
    float t = length > 0 ? ((x - p->x) * ax + (y - p->y) * ay) / length : 0;
    t = fminf(fmaxf(t, 0), 1);
    return hypotf(x - p->x - t * ax, y - p->y - t * ay) - (p->width + t * (p->width2 - p->width));
  }
  float nearest = 1e9f;
  bool inside = false;
  for (int k = 0, before = p->n_points - 1; k < p->n_points; before = k++) {
    float ax = p->px[k] - p->px[before], ay = p->py[k] - p->py[before];
    float dx = x - p->px[before], dy = y - p->py[before], length = ax * ax + ay * ay;
    float t = length > 0 ? fminf(fmaxf((dx * ax + dy * ay) / length, 0), 1) : 0;
    nearest = fminf(nearest, hypotf(dx - t * ax, dy - t * ay));
    if ((p->py[k] > y) != (p->py[before] > y) &&
        x < (p->px[before] - p->px[k]) * (y - p->py[k]) / (p->py[before] - p->py[k]) + p->px[k])
      inside = !inside;
  }
  return inside ? -nearest : nearest;
}

/* A circle that holds the primitive, in the figure's units. */
static void bounds(const PatternPrimitive *p, float *x, float *y, float *radius) {
  if (p->kind == PATTERN_ELLIPSE) {
    *x = p->x, *y = p->y, *radius = fmaxf(p->rx, p->ry);
  } else if (p->kind == PATTERN_STROKE) {
    *x = .5f * (p->x + p->x2), *y = .5f * (p->y + p->y2);
    *radius = .5f * hypotf(p->x2 - p->x, p->y2 - p->y) + fmaxf(p->width, p->width2);
  } else {
    float low_x = 1e9f, high_x = -1e9f, low_y = 1e9f, high_y = -1e9f;
    for (int k = 0; k < p->n_points; k++) {
      low_x = fminf(low_x, p->px[k]), high_x = fmaxf(high_x, p->px[k]);
      low_y = fminf(low_y, p->py[k]), high_y = fmaxf(high_y, p->py[k]);
    }
    *x = .5f * (low_x + high_x), *y = .5f * (low_y + high_y);
    *radius = .5f * hypotf(high_x - low_x, high_y - low_y);
  }
}

void pattern_paint(const PatternDrawing *drawing, const PatternPlace *place, Image *image) {
  float unit = .5f * (float)MIN(image->width, image->height); /* pixels a plane unit */
  float scale = place->size * unit, aspect = place->aspect;
  float c = cosf(place->angle), s = sinf(place->angle);
  float left = .5f * (float)image->width + place->x * unit, top = .5f * (float)image->height + place->y * unit;
  for (int k = 0; k < drawing->n; k++) {
    const PatternPrimitive *p = &drawing->primitives[k];
    float bx, by, radius;
    bounds(p, &bx, &by, &radius);
    float cx = left + scale * (c * bx * aspect - s * by), cy = top + scale * (s * bx * aspect + c * by);
    float reach = radius * scale * fmaxf(1, fabsf(aspect)) + 2;
    int x0 = MAX(0, (int)floorf(cx - reach)), x1 = MIN(image->width - 1, (int)ceilf(cx + reach));
    int y0 = MAX(0, (int)floorf(cy - reach)), y1 = MIN(image->height - 1, (int)ceilf(cy + reach));
    for (int y = y0; y <= y1; y++)
      for (int x = x0; x <= x1; x++) {
        float dx = ((float)x + .5f - left) / scale, dy = ((float)y + .5f - top) / scale;
        float cover = .5f - distance_to(p, (c * dx + s * dy) / aspect, c * dy - s * dx) * scale;
        if (cover <= 0)
          continue;
        cover = fminf(cover, 1);
        float *pixel = image->pixels + ((gsize)y * (gsize)image->width + (gsize)x) * 3;
        pixel[0] += cover * (p->color.r - pixel[0]);
        pixel[1] += cover * (p->color.g - pixel[1]);
        pixel[2] += cover * (p->color.b - pixel[2]);
      }
  }
}
