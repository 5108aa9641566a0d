/* Which of the two public implementations of the clutter measures is followed: they disagree in details. */
#ifndef DREAMRIG_CLUTTER_MODE_H
#define DREAMRIG_CLUTTER_MODE_H

typedef enum {
  CLUTTER_MODE_ROSENHOLTZ, /* the authors' MATLAB code */
  /* The Python port (visual-clutter 1.0.7 with pyrtools 1.0), which other programs use as well. It differs in the
   * pyramid's filter (a binomial one that doubles the values at each level), the Lab constants and their float32, the
   * grid of the pooling, the rotation of kernels (scikit-image), a highpass band more, and half a sample at odd sizes.
   * Deviation: negative determinants, which give NaN there, count as 0. */
  CLUTTER_MODE_PORT,
} ClutterMode;

#endif
