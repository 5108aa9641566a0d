/* Least squares of a straight line through points that come one by one: the slopes of log-log plots. */
#ifndef DREAMRIG_FEATURES_LINE_FIT_H
#define DREAMRIG_FEATURES_LINE_FIT_H

/* Sums over the points so far; starts as {0}. */
typedef struct {
  double n, x, y, xx, xy;
} LineFit;

void line_fit_add(LineFit *fit, double x, double y);
/* NaN of fewer than two points. */
double line_fit_slope(const LineFit *fit);

#endif
