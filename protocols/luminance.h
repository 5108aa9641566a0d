/* How bright a colour of the screen is, and the grey that is as bright. */
#ifndef DREAMRIG_PROTOCOLS_LUMINANCE_H
#define DREAMRIG_PROTOCOLS_LUMINANCE_H

#include <glib.h>

/* The relative luminance of sRGB, 0..1. Source: WCAG 2.1, "relative luminance", with IEC 61966-2-1's threshold. */
double luminance_of(const guint8 rgb[3]);
/* The level 0..255 whose grey is nearest to this luminance. */
guint8 luminance_grey(double luminance);

#endif
