/* Estimates with their intervals, one row each, as a forest plot: coefficients, differences, reliabilities. */
#ifndef DREAMRIG_PLOT_INTERVALS_H
#define DREAMRIG_PLOT_INTERVALS_H

#include <glib.h>
#include <stdbool.h>

/* How a row's dot is drawn; told apart in grey too. */
typedef enum {
  INTERVAL_FILLED, /* dark: what the caption calls found */
  INTERVAL_HALF,   /* ring of the same colour */
  INTERVAL_HOLLOW, /* grey ring */
} IntervalMark;

typedef struct {
  const char *name;
  double estimate;  /* NaN: "n/a" is written instead */
  double low, high; /* NaN: no interval */
  double other;     /* a second value, drawn as a cross (chance level, another measure); NaN: none */
  IntervalMark mark;
} IntervalRow;

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title;
  const IntervalRow *rows;
  gsize n_rows, per_column; /* at least 1; more rows than that go into further columns, which share the axis */
  double reference;         /* a dashed line; NaN: none */
  double low, high;         /* the axis's range; NaN: around the values */
} Intervals;

/* The figure's SVG text; free with g_free. */
char *intervals_plot(const Intervals *intervals);

#endif
