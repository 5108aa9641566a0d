#include "protocols/luminance.h"

#include <math.h>

double luminance_of(const guint8 rgb[3]) {
  static const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (int i = 0; i < 3; i++) {
    double value = rgb[i] / 255.0;
    sum += weights[i] * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
  }
  return sum;
}

guint8 luminance_grey(double luminance) {
  double value = luminance <= 0.0031308 ? 12.92 * luminance : 1.055 * pow(luminance, 1 / 2.4) - 0.055;
  return (guint8)lround(CLAMP(value, 0, 1) * 255);
}
