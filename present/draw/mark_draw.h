/* The mark of an option: a ring that a dot fills, or a box with a tick where several may be chosen. */
#ifndef DREAMRIG_PRESENT_MARK_DRAW_H
#define DREAMRIG_PRESENT_MARK_DRAW_H

#include "present/draw/theme.h"

/* Centred at (x, y), 24 units wide at `scale` px a unit. */
void mark_draw(cairo_t *cr, const Theme *theme, double x, double y, double scale, bool chosen, bool multiple);

#endif
