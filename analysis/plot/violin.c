#include "analysis/plot/violin.h"

#include "analysis/stats/density.h"
#include "analysis/stats/descriptive.h"

#define N_POINTS 101
#define SMALLEST .01 /* the outline ends where it is this share of its widest */

bool violin_draw(Svg *svg, const Frame *frame, const double *values, gsize n, double low, double high, double x,
                 double half, const char *colour, GError **error) {
  if (n < 2)
    return true;
  DensityRange range = {low, high};
  double bandwidth, density[N_POINTS], points[2 * N_POINTS][2], largest = 0;
  if (!density_bandwidth(values, n, range, &bandwidth, error))
    return false;
  density_line(values, n, range, bandwidth, density, N_POINTS);
  for (gsize p = 0; p < N_POINTS; p++)
    largest = MAX(largest, density[p]);
  gsize n_points = 0;
  for (gsize p = 0; p < N_POINTS; p++) {
    if (density[p] < SMALLEST * largest && n_points == 0)
      continue;
    double y = frame_y(frame, low + (high - low) * (double)p / (N_POINTS - 1)), wide = half * density[p] / largest;
    points[n_points][0] = x - wide;
    points[n_points++][1] = y;
  }
  while (n_points > 0 && points[n_points - 1][0] > x - SMALLEST * half)
    n_points--;
  for (gsize p = 0; p < n_points; p++) {
    points[2 * n_points - 1 - p][0] = 2 * x - points[p][0];
    points[2 * n_points - 1 - p][1] = points[p][1];
  }
  svg_polyline(svg, points, 2 * n_points, TRUE,
               &(SvgStyle){.fill = colour, .stroke = colour, .stroke_width = .8, .opacity = .35});
  return true;
}
