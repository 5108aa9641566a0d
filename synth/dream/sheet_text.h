/* Text onto an image of ours: pango draws its coverage into a mask, and we blend. */
#ifndef DREAMRIG_DREAM_SHEET_TEXT_H
#define DREAMRIG_DREAM_SHEET_TEXT_H

#include "stimuli/image.h"

typedef enum { SHEET_TEXT_LEFT, SHEET_TEXT_CENTRE } SheetTextAlign;

typedef struct {
  int size_px;
  bool bold;
  float grey; /* 0 black .. 255 white */
  SheetTextAlign align;
} SheetTextStyle;

/* One line of UTF-8 in DejaVu Sans inside the box (x, y, width, height) of the image, ellipsised in the middle where it
 * is too long. The box must lie inside the image. */
void sheet_text(Image *image, int x, int y, int width, int height, const SheetTextStyle *style, const char *text);

#endif
