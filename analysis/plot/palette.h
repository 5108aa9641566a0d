/* The figures' colours, told apart with every common kind of colour vision and in grey print. */
#ifndef DREAMRIG_PLOT_PALETTE_H
#define DREAMRIG_PLOT_PALETTE_H

#include <glib.h>

#define PALETTE_INK "#1f2933"   /* text */
#define PALETTE_QUIET "#5f6c7b" /* secondary text, axes */
#define PALETTE_GRID "#e4e8ee"
#define PALETTE_LINE "#d55e00" /* regression lines, reference marks */

/* Colours of categories: Okabe & Ito's, the readable ones on white first; `index` wraps around. */
const char *palette_category(gsize index);

typedef struct {
  char css[8]; /* "#rrggbb" */
} PaletteColour;

/* -1 (blue) over 0 (white) to 1 (red-brown): ColorBrewer's RdBu ends, through mid tones. Clamped; NaN is light grey. */
PaletteColour palette_diverging(double value);
/* 0 (light yellow-green) to 1 (dark blue), of ever falling lightness: viridis-like. Clamped; NaN is the first category.
 */
PaletteColour palette_sequential(double value);

#endif
