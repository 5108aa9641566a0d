#include "analysis/plot/picture_sheet.h"

#include "analysis/plot/palette.h"
#include "analysis/plot/svg.h"

#define GAP 10.0
#define FONT 12.0
#define NOTE_FONT 10.0
#define HEAD (FONT + 8) /* room above a row's pictures */
#define FOOT (NOTE_FONT + 6)

static void draw_row(Svg *svg, const PictureSheet *sheet, const SheetRow *row, double top) {
  svg_text(svg, GAP, top + FONT, row->name, &(SvgText){.size = FONT, .colour = PALETTE_INK, .bold = TRUE});
  if (row->note != NULL) /* the estimate of the name's width is for regular type */
    svg_text(svg, GAP + svg_text_width(row->name, FONT) * 1.08 + 8, top + FONT, row->note,
             &(SvgText){.size = FONT, .colour = PALETTE_QUIET});
  for (gsize i = 0; i < row->n_pictures; i++) {
    const SheetPicture *picture = &row->pictures[i];
    double x = GAP + (sheet->side + GAP) * (double)i, y = top + HEAD;
    svg_png(svg, x, y, sheet->side, sheet->side, FALSE, picture->png, picture->size);
    if (picture->note != NULL)
      svg_text(svg, x + sheet->side / 2, y + sheet->side + NOTE_FONT + 2, picture->note,
               &(SvgText){.size = NOTE_FONT, .colour = PALETTE_QUIET, .anchor = SVG_MIDDLE});
  }
}

char *picture_sheet_plot(const PictureSheet *sheet) {
  double width = 0, step = HEAD + sheet->side + FOOT + GAP;
  for (gsize r = 0; r < sheet->n_rows; r++) {
    const SheetRow *row = &sheet->rows[r];
    double text =
        svg_text_width(row->name, FONT) * 1.08 + (row->note != NULL ? 8 + svg_text_width(row->note, FONT) : 0);
    width = MAX(width, MAX((sheet->side + GAP) * (double)row->n_pictures, text + GAP));
  }
  Svg *svg = svg_new(width + GAP, GAP + step * (double)MAX(sheet->n_rows, 1), sheet->title);
  for (gsize r = 0; r < sheet->n_rows; r++)
    draw_row(svg, sheet, &sheet->rows[r], GAP + step * (double)r);
  return svg_finish(svg);
}
