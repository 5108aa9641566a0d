/* A small filter kernel turned about its centre, as MATLAB's imrotate(kernel, angle, 'bicubic', 'crop') does it. */
#ifndef DREAMRIG_FEATURES_ROTATED_KERNEL_H
#define DREAMRIG_FEATURES_ROTATED_KERNEL_H

/* Both are (2 half + 1, 2 half + 1). Cubic convolution with a = -1/2; beyond its edges the kernel counts as 0; the
 * result is divided by its sum, as the kernel's must be 1. Positive angles turn anticlockwise.
 * Source: Keys 1981, doi:10.1109/TASSP.1981.1163711. */
void rotated_kernel(const double *kernel, int half, double angle_deg, double *rotated);

/* The same as scikit-image's rotate(order=3) does it between a scaling to 0..1 and back: beyond its edges the kernel
 * counts as its smallest value, and the result stays within its range; then divided by its sum. At most 13 x 13. */
void rotated_kernel_scaled(const double *kernel, int half, double angle_deg, double *rotated);

#endif
