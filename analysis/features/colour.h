/* An image's colour: mean hue, saturation and brightness, and the colour space of the clutter measures. */
#ifndef DREAMRIG_FEATURES_COLOUR_H
#define DREAMRIG_FEATURES_COLOUR_H

#include "analysis/features/clutter_mode.h"
#include "analysis/features/planes.h"
#include "stimuli/image.h"

typedef struct {
  double hue_deg;            /* circular mean, [0, 360); NaN where no pixel has a hue or the hues cancel out */
  double saturation;         /* arithmetic mean, 0..1 */
  double brightness;         /* arithmetic mean of HSV's V, 0..1 */
  double hue_arithmetic_deg; /* plain mean of HSV's H over all pixels, [0, 360); a grey pixel's H is 0, as usual */
  double rgb_mean;           /* of all channels of all pixels, 0..255 */
} ColourMeans;

/* Means of the pixels' HSV values (0..255 is the channels' range; values outside are clipped). Hue is the angle of the
 * sum of the pixels' unit vectors; grey pixels, which have no hue, take no part in it.
 * Source: Smith 1978, doi:10.1145/965139.807361 (HSV); Fisher 1993, Statistical Analysis of Circular Data, 2.3. */
void colour_means(const Image *image, ColourMeans *means);

/* CIE 1976 L* (0..100), a*, b* of each pixel (sRGB, D65, 2 degrees) into three planes; their shape is set. Source: CIE
 * 15:2004; IEC 61966-2-1, with the matrix and white point (.95047, 1, 1.08883) of scikit-image's rgb2lab. */
void colour_lab(const Image *image, Plane *lightness, Plane *a, Plane *b);

/* CIE L, a, b of each pixel into three planes (their shape is set), as the published clutter code computes them: XYZ is
 * left on 0..1 and still divided by a white point of 95.047, 100, 108.883, so that white has L = 8.9914 and not 100.
 * The clutter measures' constants are tuned to these values; they are no Lab for any other use.
 * Source: Rosenholtz, Li & Nakano 2007, doi:10.1167/7.2.17, RGB2Lab of the accompanying code. The port has more
 * digits of the same matrix, 108.833, and float32 for linear light and the result. */
void colour_clutter_lab(const Image *image, ClutterMode mode, Plane *lightness, Plane *a, Plane *b);

#endif
