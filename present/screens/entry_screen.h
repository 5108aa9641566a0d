/* A question that is answered by typing: a number or a text. */
#ifndef DREAMRIG_PRESENT_ENTRY_SCREEN_H
#define DREAMRIG_PRESENT_ENTRY_SCREEN_H

#include "present/screens/screen.h"

#define ENTRY_MAX_CHARACTERS 2000

/* What is typed is added at the end, Backspace takes the last character away. Numbers may have a decimal point or comma
 * and the digits of any script, and stay on one line, of which the end is seen; at most PROTOCOL_NUMBER_MOST where the
 * question has no bounds, which is said once more is typed. Enter or Continue confirm once there is an answer (of a
 * number: one within its range and decimals), or none where none is required. */
Screen *entry_screen_new(const Theme *theme, const ProtocolQuestion *question);
/* What was typed, without blanks around it; of numbers in ASCII. Free with g_free. */
char *entry_screen_text(const Screen *screen);
/* The number; NaN where there is none or it is not valid. */
double entry_screen_number(const Screen *screen);
Box entry_screen_button(const Screen *screen);
Box entry_screen_field(const Screen *screen); /* where what is typed is seen */

#endif
