#include "analysis/plot/heat_map.h"

#include "analysis/plot/palette.h"
#include "analysis/plot/svg.h"

#include <math.h>
#include <stdbool.h>

#define CELL_WIDTH 56.0
#define CELL_HEIGHT 40.0
#define FONT 12.0
#define DARK 0.62 /* |value| from which white text is readable */

static char *signed_number(double value) {
  char text[32];
  g_ascii_formatd(text, sizeof text, "%.2f", fabs(value));
  return g_strconcat(value < 0 && g_ascii_strtod(text, NULL) > 0 ? "\u2212" : "", text, NULL);
}

static void draw_cell(Svg *svg, const HeatMap *map, gsize row, gsize column, double x, double y) {
  double value = map->values[row * map->n + column];
  const char *marks = map->marks[row * map->n + column];
  PaletteColour colour = palette_diverging(value);
  const char *ink = fabs(value) > DARK ? "#ffffff" : PALETTE_INK;
  svg_rect(svg, x + 1, y + 1, CELL_WIDTH - 2, CELL_HEIGHT - 2, 3, &(SvgStyle){.fill = colour.css});
  SvgText style = {.size = FONT, .colour = isnan(value) ? PALETTE_QUIET : ink, .anchor = SVG_MIDDLE};
  g_autofree char *number = isnan(value) ? g_strdup("n/a") : signed_number(value);
  bool marked = marks != NULL && *marks != '\0';
  svg_text(svg, x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + (marked ? -1 : FONT * 0.36), number, &style);
  if (marked)
    svg_text(svg, x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 14, marks, &style);
}

char *heat_map_plot(const HeatMap *map) {
  double left = 0;
  for (gsize i = 0; i < map->n; i++)
    left = MAX(left, svg_text_width(map->names[i], FONT));
  left += 12;
  double width = left + CELL_WIDTH * (double)map->n;
  for (gsize i = 0; i + 1 < map->n; i++)
    width = MAX(width, left + CELL_WIDTH * (double)i + 4 + svg_text_width(map->names[i], FONT));
  double height = CELL_HEIGHT * (double)map->n;
  Svg *svg = svg_new(width + 4, height + 4, map->title);
  const SvgText name = {.size = FONT, .colour = PALETTE_INK, .anchor = SVG_END};
  for (gsize row = 0; row < map->n; row++) {
    double y = CELL_HEIGHT * (double)row;
    if (row > 0)
      svg_text(svg, left - 8, y + CELL_HEIGHT / 2 + FONT * 0.36, map->names[row], &name);
    for (gsize column = 0; column < row; column++)
      draw_cell(svg, map, row, column, left + CELL_WIDTH * (double)column, y);
    /* The diagonal carries the column's name, where it can be read without turning. */
    if (row + 1 < map->n)
      svg_text(svg, left + CELL_WIDTH * (double)row + 4, y + CELL_HEIGHT - 8, map->names[row],
               &(SvgText){.size = FONT, .colour = PALETTE_INK});
  }
  return svg_finish(svg);
}
