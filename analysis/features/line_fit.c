#include "analysis/features/line_fit.h"

#include <math.h>

void line_fit_add(LineFit *fit, double x, double y) {
  fit->n++;
  fit->x += x;
  fit->y += y;
  fit->xx += x * x;
  fit->xy += x * y;
}

double line_fit_slope(const LineFit *fit) {
  return fit->n < 2 ? NAN : (fit->n * fit->xy - fit->x * fit->y) / (fit->n * fit->xx - fit->x * fit->x);
}
