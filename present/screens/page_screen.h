/* A page: a title, a text and Continue. */
#ifndef DREAMRIG_PRESENT_PAGE_SCREEN_H
#define DREAMRIG_PRESENT_PAGE_SCREEN_H

#include "present/screens/screen.h"

/* Enter, Space or a click on Continue confirm. Title and text may be "". */
Screen *page_screen_new(const Theme *theme, const char *title, const char *text);
Box page_screen_button(const Screen *screen);

#endif
