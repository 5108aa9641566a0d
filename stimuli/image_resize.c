#include <math.h>

#include "stimuli/image.h"

/* Where a target coordinate falls between two source coordinates. */
typedef struct {
  gsize lower, upper;
  float fraction;
} Between;

static Between between(int target, float scale, int in) {
  float source = (float)target * scale, lower = floorf(source);
  int first = MIN((int)lower, in - 1);
  return (Between){.lower = (gsize)first, .upper = (gsize)MIN(first + 1, in - 1), .fraction = source - lower};
}

void image_resize_tf1(const Image *from, Image *to) {
  g_assert(from != to);
  float scale_x = (float)from->width / (float)to->width, scale_y = (float)from->height / (float)to->height;
  gsize row = (gsize)from->width * 3;
  float *pixel = to->pixels;
  for (int y = 0; y < to->height; y++) {
    Between v = between(y, scale_y, from->height);
    const float *top = from->pixels + v.lower * row, *bottom = from->pixels + v.upper * row;
    for (int x = 0; x < to->width; x++) {
      Between h = between(x, scale_x, from->width);
      gsize left = h.lower * 3, right = h.upper * 3;
      for (gsize c = 0; c < 3; c++) {
        float above = top[left + c] + (top[right + c] - top[left + c]) * h.fraction;
        float below = bottom[left + c] + (bottom[right + c] - bottom[left + c]) * h.fraction;
        *pixel++ = above + (below - above) * v.fraction;
      }
    }
  }
}

/* The length of the source pixel [i, i + 1) inside [from, to). */
static double overlap(int i, double from, double to) { return MIN(to, i + 1.0) - MAX(from, (double)i); }

void image_resize_area(const Image *from, Image *to) {
  g_assert(from != to);
  double scale_x = (double)from->width / to->width, scale_y = (double)from->height / to->height;
  float *pixel = to->pixels;
  for (int y = 0; y < to->height; y++) {
    double top = y * scale_y, bottom = MIN((y + 1) * scale_y, from->height);
    for (int x = 0; x < to->width; x++) {
      double left = x * scale_x, right = MIN((x + 1) * scale_x, from->width);
      double sum[3] = {0, 0, 0}, area = 0;
      for (int i = (int)top; i < bottom; i++) {
        const float *source = from->pixels + ((gsize)i * (gsize)from->width + (gsize)left) * 3;
        double height = overlap(i, top, bottom);
        for (int j = (int)left; j < right; j++, source += 3) {
          double weight = height * overlap(j, left, right);
          for (gsize c = 0; c < 3; c++)
            sum[c] += weight * (double)source[c];
          area += weight;
        }
      }
      for (gsize c = 0; c < 3; c++)
        *pixel++ = (float)(sum[c] / area);
    }
  }
}
