/* A figure's SVG text as files for other programs: PDF for manuscripts, PNG for slides. */
#ifndef DREAMRIG_PLOT_FIGURE_H
#define DREAMRIG_PLOT_FIGURE_H

#include <glib.h>
#include <stdbool.h>

#define FIGURE_PNG_SCALE 3 /* PNG pixels a CSS pixel: 288 dots an inch */

/* *pdf: one page of the figure's size, text as text, vectors as vectors. The same SVG gives the same bytes. */
bool figure_pdf(const char *svg, GByteArray **pdf, GError **error);
/* *png: FIGURE_PNG_SCALE times the figure's size, or as much of that as leaves no side above 12,000 pixels. */
bool figure_png(const char *svg, GByteArray **png, GError **error);

#endif
