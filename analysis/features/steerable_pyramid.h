/* A steerable pyramid, computed in the frequency domain: bands of one octave and one orientation each. */
#ifndef DREAMRIG_STEERABLE_PYRAMID_H
#define DREAMRIG_STEERABLE_PYRAMID_H

#include "analysis/features/clutter_mode.h"
#include "analysis/features/planes.h"

#define STEERABLE_LEVELS 3
#define STEERABLE_ORIENTATIONS 4 /* order 3 */
#define STEERABLE_BANDS (STEERABLE_LEVELS * STEERABLE_ORIENTATIONS + 1)

/* The smallest side that has room for the levels: floor(log2(side)) - 2 >= levels. */
#define STEERABLE_MIN_SIDE 32

typedef struct SteerablePyramid SteerablePyramid;

/* The bands of the port, which counts the highpass residual as well. */
#define STEERABLE_PORT_BANDS (STEERABLE_BANDS + 1)

/* The plans and masks for images of one size; one thread at a time may use it. The port's frequencies are off by half a
 * sample where a side is odd. Fails with RIG_ERROR_INPUT below
 * STEERABLE_MIN_SIDE, RIG_ERROR_MEMORY. */
SteerablePyramid *steerable_pyramid_new(int width, int height, ClutterMode mode, GError **error);
void steerable_pyramid_free(SteerablePyramid *pyramid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SteerablePyramid, steerable_pyramid_free)

/* Receives one band (levels from fine to coarse, orientations within; the lowpass last), valid during the call. */
typedef void (*SteerableBand)(const Plane *band, gpointer context);

/* Splits a plane of the pyramid's size and hands over its 13 bands; the port's is followed by the highpass residual.
 * Source: Simoncelli & Freeman 1995, doi:10.1109/ICIP.1995.537667; buildSFpyr of matlabPyrTools. */
void steerable_pyramid_split(SteerablePyramid *pyramid, const Plane *plane, SteerableBand receive, gpointer context);

#endif
