#include "analysis/features/resample.h"

#include <math.h>
#include <string.h>

void resample_grey(const Image *image, Plane *grey) {
  plane_shape(grey, image->width, image->height);
  gsize n = plane_size(grey);
  for (gsize i = 0; i < n; i++) {
    int rgb[3];
    for (gsize c = 0; c < 3; c++)
      rgb[c] = (int)CLAMP(image->pixels[3 * i + c], 0.0F, 255.0F);
    grey->data[i] = (19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 32768) >> 16;
  }
}

static double sinc(double x) { return x == 0 ? 1 : sin(G_PI * x) / (G_PI * x); }

static double kernel_value(ResampleKernel kernel, double x) {
  double d = fabs(x);
  if (kernel == RESAMPLE_LANCZOS)
    return d < 3 ? sinc(d) * sinc(d / 3) : 0;
  if (d < 1)
    return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

static double to_byte(double value) { return CLAMP(floor(value + 0.5), 0, 255); }

/* Resizes lines of n_in values, `in_step` apart, to n_out values, `out_step` apart; there are n_lines, `in_line` and
 * `out_line` apart. */
static void resample_lines(const double *in, gsize n_in, gsize in_step, gsize in_line, double *out, gsize n_out,
                           gsize out_step, gsize out_line, gsize n_lines, ResampleKernel kernel) {
  double ratio = (double)n_in / (double)n_out, scale = MAX(ratio, 1);
  double support = (kernel == RESAMPLE_LANCZOS ? 3 : 2) * scale;
  g_autofree double *weights = g_new(double, (gsize)(2 * support) + 3);
  for (gsize i = 0; i < n_out; i++) {
    double centre = ((double)i + 0.5) * ratio, sum = 0;
    gsize first = centre - support + 0.5 > 0 ? (gsize)(centre - support + 0.5) : 0;
    gsize end = MIN((gsize)(centre + support + 0.5), n_in);
    for (gsize k = first; k < end; k++)
      sum += weights[k - first] = kernel_value(kernel, ((double)k - centre + 0.5) / scale);
    for (gsize line = 0; line < n_lines; line++) {
      const double *from = in + line * in_line;
      double value = 0;
      for (gsize k = first; k < end; k++)
        value += weights[k - first] / sum * from[k * in_step];
      out[line * out_line + i * out_step] = to_byte(value);
    }
  }
}

void resample(const Plane *in, ResampleKernel kernel, int width, int height, Plane *scratch, Plane *out) {
  gsize w = (gsize)width, h = (gsize)height, in_w = (gsize)in->width, in_h = (gsize)in->height;
  const Plane *wide = in;
  if (w != in_w) {
    plane_shape(scratch, width, in->height);
    resample_lines(in->data, in_w, 1, in_w, scratch->data, w, 1, w, in_h, kernel);
    wide = scratch;
  }
  plane_shape(out, width, height);
  if (h != in_h)
    resample_lines(wide->data, in_h, w, 1, out->data, h, w, 1, w, kernel);
  else
    memcpy(out->data, wide->data, w * h * sizeof(double));
}
