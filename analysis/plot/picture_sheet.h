/* Pictures in rows with a name and a note below each: the study's Figs S5 to S12. */
#ifndef DREAMRIG_PLOT_PICTURE_SHEET_H
#define DREAMRIG_PLOT_PICTURE_SHEET_H

#include <glib.h>

typedef struct {
  const guint8 *png;
  gsize size;
  const char *note; /* below it, one line; NULL: none */
} SheetPicture;

typedef struct {
  const char *name; /* above the row's pictures, in bold */
  const char *note; /* behind the name; NULL: none */
  const SheetPicture *pictures;
  gsize n_pictures;
} SheetRow;

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const SheetRow *rows;
  gsize n_rows;
  double side; /* of a picture, px */
} PictureSheet;

/* The figure's SVG text; free with g_free. */
char *picture_sheet_plot(const PictureSheet *sheet);

#endif
