/* The pictograms above the sliders: five figures a scale, in the manner of the Self-Assessment Manikin but drawn by us
 * as vectors, grey only.
 *
 * Valence goes from a frown to a grin. Arousal goes from asleep with a dot in the belly to wide awake with a burst that
 * fills it. Dominance goes from a figure that is small in its frame to one that fills it. Source of the idea:
 * Bradley & Lang 1994, doi:10.1016/0005-7916(94)90063-9. */
#ifndef DREAMRIG_PRESENT_SAM_H
#define DREAMRIG_PRESENT_SAM_H

#include <cairo.h>

#define SAM_LEVELS 5

typedef enum { SAM_AROUSAL, SAM_VALENCE, SAM_DOMINANCE } SamFigure;

/* Draws the figure of level 0 (calm, unhappy) to SAM_LEVELS - 1 into the square of this side with its top left at
 * (x, y). */
void sam_draw(cairo_t *cr, SamFigure figure, int level, double x, double y, double side);

#endif
