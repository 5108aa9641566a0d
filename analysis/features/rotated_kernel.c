#include "analysis/features/rotated_kernel.h"

#include <glib.h>
#include <math.h>

#define ROTATED_KERNEL_MAX 13

static double cubic(double distance) {
  double d = fabs(distance);
  if (d <= 1)
    return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2)
    return ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return 0;
}

static double interpolated(const double *kernel, int side, double x, double y) {
  int left = (int)floor(x) - 1, top = (int)floor(y) - 1;
  double sum = 0;
  for (int v = MAX(top, 0); v < MIN(top + 4, side); v++)
    for (int u = MAX(left, 0); u < MIN(left + 4, side); u++)
      sum += cubic(x - u) * cubic(y - v) * kernel[v * side + u];
  return sum;
}

void rotated_kernel(const double *kernel, int half, double angle_deg, double *rotated) {
  int side = 2 * half + 1;
  double cosine = cos(angle_deg * (G_PI / 180)), sine = sin(angle_deg * (G_PI / 180)), sum = 0;
  for (int y = -half; y <= half; y++)
    for (int x = -half; x <= half; x++) {
      double value = interpolated(kernel, side, half + x * cosine - y * sine, half + x * sine + y * cosine);
      rotated[(y + half) * side + x + half] = value;
      sum += value;
    }
  for (int k = 0; k < side * side; k++)
    rotated[k] /= sum;
}

void rotated_kernel_scaled(const double *kernel, int half, double angle_deg, double *rotated) {
  int side = 2 * half + 1, n = side * side;
  double raised[ROTATED_KERNEL_MAX * ROTATED_KERNEL_MAX], low = kernel[0], high = kernel[0], sum = 0;
  g_assert(side <= ROTATED_KERNEL_MAX);
  for (int k = 1; k < n; k++) {
    low = MIN(low, kernel[k]);
    high = MAX(high, kernel[k]);
  }
  for (int k = 0; k < n; k++)
    raised[k] = kernel[k] - low;
  double cosine = cos(angle_deg * (G_PI / 180)), sine = sin(angle_deg * (G_PI / 180));
  for (int y = -half; y <= half; y++)
    for (int x = -half; x <= half; x++) {
      double value = interpolated(raised, side, half + x * cosine - y * sine, half + x * sine + y * cosine);
      value = CLAMP(value, 0, high - low) + low;
      rotated[(y + half) * side + x + half] = value;
      sum += value;
    }
  for (int k = 0; k < n; k++)
    rotated[k] /= sum;
}
