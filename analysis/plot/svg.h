/* Writing of SVG pictures that stand alone as files and inside an HTML page.
 *
 * Text stays text: it can be searched and copied, and the same figure gives the same bytes everywhere. No element has
 * an id, so that any number of pictures can share a page. Coordinates are CSS pixels, y downwards, and are written with
 * two decimals. Text arguments are plain UTF-8 and are escaped here. */
#ifndef DREAMRIG_PLOT_SVG_H
#define DREAMRIG_PLOT_SVG_H

#include <glib.h>

typedef struct Svg Svg;

/* A picture with a white background. The title is what screen readers say. */
Svg *svg_new(double width, double height, const char *title);
void svg_free(Svg *svg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Svg, svg_free)
/* Ends the picture and gives its text; free that with g_free. The picture is freed. */
char *svg_finish(Svg *svg);

/* How shapes are drawn. Colours are CSS colours; NULL: none. */
typedef struct {
  const char *fill, *stroke;
  double stroke_width, opacity; /* of fill and stroke, each alone; 0 counts as 1, so that it can be left out */
  const char *dash;             /* stroke-dasharray; NULL: solid */
} SvgStyle;

/* An element with a tooltip: everything drawn until svg_tooltip_end shows the text when pointed at. */
void svg_tooltip_begin(Svg *svg, const char *text);
void svg_tooltip_end(Svg *svg);

void svg_line(Svg *svg, double x1, double y1, double x2, double y2, const SvgStyle *style);
void svg_rect(Svg *svg, double x, double y, double width, double height, double corner, const SvgStyle *style);
void svg_circle(Svg *svg, double x, double y, double radius, const SvgStyle *style);
/* (n, 2) centres; one element for all of them, which keeps figures of thousands of points small. fill is the colour. */
void svg_dots(Svg *svg, const double (*points)[2], gsize n, double radius, const SvgStyle *style);
/* (n, 2) coordinates; closed for an area. */
void svg_polyline(Svg *svg, const double (*points)[2], gsize n, gboolean closed, const SvgStyle *style);

/* A PNG stretched over the rectangle; sharp: its pixels stay squares. */
void svg_png(Svg *svg, double x, double y, double width, double height, gboolean sharp, const guint8 *png, gsize size);

typedef enum { SVG_START, SVG_MIDDLE, SVG_END } SvgAnchor;
typedef struct {
  double size; /* px */
  const char *colour;
  SvgAnchor anchor;
  gboolean bold;
  double turn_deg; /* clockwise about (x, y) */
} SvgText;
/* (x, y) is the end of the baseline that the anchor names. */
void svg_text(Svg *svg, double x, double y, const char *text, const SvgText *style);
/* A text of at most `most` characters: a longer one loses its middle to an ellipsis, as ends tell names of one network
 * apart. Free with g_free. */
char *svg_short_text(const char *text, gsize most);
/* About how wide a text is, in px: an upper estimate over the fonts that a reader may have. */
double svg_text_width(const char *text, double size);

#endif
