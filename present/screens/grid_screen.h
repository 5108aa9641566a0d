/* A Likert grid: items beneath one another, the same options for each in columns. */
#ifndef DREAMRIG_PRESENT_GRID_SCREEN_H
#define DREAMRIG_PRESENT_GRID_SCREEN_H

#include "present/screens/screen.h"

/* A click chooses. Up, Down and Tab go from item to item, Left and Right choose, digits 1..9 choose and go on to the
 * next item; Enter, Space or Continue confirm once every item is answered, or at once where none is required. Where the
 * participant reads from right to left the columns run that way too. */
Screen *grid_screen_new(const Theme *theme, const ProtocolQuestion *question);
/* The option chosen for an item (0-based), 1-based; 0: none. */
gsize grid_screen_choice(const Screen *screen, gsize item);
/* Where an option can be clicked. */
Box grid_screen_cell(const Screen *screen, gsize item, gsize option);
Box grid_screen_button(const Screen *screen);

#endif
