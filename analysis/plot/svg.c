#include "analysis/plot/svg.h"

#include <math.h>
#include <string.h>

#define FONTS "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

struct Svg {
  GString *text;
};

/* " name="value"" with two decimals, without trailing zeros, in the C locale. */
static void add_number(Svg *svg, const char *name, double value) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_assert(isfinite(value));
  g_ascii_formatd(number, sizeof number, "%.2f", value);
  char *end = number + strlen(number) - 1;
  while (*end == '0')
    *end-- = '\0';
  if (*end == '.')
    *end = '\0';
  g_string_append_printf(svg->text, " %s=\"%s\"", name, strcmp(number, "-0") == 0 ? "0" : number);
}

static void add_text(Svg *svg, const char *text) {
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  g_string_append(svg->text, escaped);
}

static void add_style(Svg *svg, const SvgStyle *style) {
  g_string_append_printf(svg->text, " fill=\"%s\"", style->fill != NULL ? style->fill : "none");
  if (style->stroke != NULL) {
    g_string_append_printf(svg->text, " stroke=\"%s\"", style->stroke);
    add_number(svg, "stroke-width", style->stroke_width > 0 ? style->stroke_width : 1);
  }
  if (style->dash != NULL)
    g_string_append_printf(svg->text, " stroke-dasharray=\"%s\"", style->dash);
  /* Not "opacity", which makes a renderer draw each element on a sheet of its own, as large as the figure. */
  if (style->opacity > 0 && style->fill != NULL)
    add_number(svg, "fill-opacity", style->opacity);
  if (style->opacity > 0 && style->stroke != NULL)
    add_number(svg, "stroke-opacity", style->opacity);
}

Svg *svg_new(double width, double height, const char *title) {
  Svg *svg = g_new0(Svg, 1);
  svg->text = g_string_new("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
  add_number(svg, "width", width);
  add_number(svg, "height", height);
  g_string_append_printf(svg->text, " viewBox=\"0 0 %d %d\" font-family=\"%s\">\n<title>", (int)ceil(width),
                         (int)ceil(height), FONTS);
  add_text(svg, title);
  g_string_append(svg->text, "</title>\n");
  svg_rect(svg, 0, 0, width, height, 0, &(SvgStyle){.fill = "#ffffff"});
  return svg;
}

void svg_free(Svg *svg) {
  if (svg == NULL)
    return;
  g_string_free(svg->text, TRUE);
  g_free(svg);
}

char *svg_finish(Svg *svg) {
  g_string_append(svg->text, "</svg>\n");
  char *text = g_string_free(svg->text, FALSE);
  g_free(svg);
  return text;
}

void svg_tooltip_begin(Svg *svg, const char *text) {
  g_string_append(svg->text, "<g><title>");
  add_text(svg, text);
  g_string_append(svg->text, "</title>");
}

void svg_tooltip_end(Svg *svg) { g_string_append(svg->text, "</g>\n"); }

void svg_line(Svg *svg, double x1, double y1, double x2, double y2, const SvgStyle *style) {
  g_string_append(svg->text, "<line");
  add_number(svg, "x1", x1);
  add_number(svg, "y1", y1);
  add_number(svg, "x2", x2);
  add_number(svg, "y2", y2);
  add_style(svg, style);
  g_string_append(svg->text, "/>\n");
}

void svg_rect(Svg *svg, double x, double y, double width, double height, double corner, const SvgStyle *style) {
  g_string_append(svg->text, "<rect");
  add_number(svg, "x", x);
  add_number(svg, "y", y);
  add_number(svg, "width", width);
  add_number(svg, "height", height);
  if (corner > 0)
    add_number(svg, "rx", corner);
  add_style(svg, style);
  g_string_append(svg->text, "/>\n");
}

void svg_circle(Svg *svg, double x, double y, double radius, const SvgStyle *style) {
  g_string_append(svg->text, "<circle");
  add_number(svg, "cx", x);
  add_number(svg, "cy", y);
  add_number(svg, "r", radius);
  add_style(svg, style);
  g_string_append(svg->text, "/>\n");
}

void svg_dots(Svg *svg, const double (*points)[2], gsize n, double radius, const SvgStyle *style) {
  if (n == 0)
    return;
  g_string_append(svg->text, "<path d=\"");
  for (gsize i = 0; i < n; i++) {
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(x, sizeof x, "%.1f", points[i][0]);
    g_ascii_formatd(y, sizeof y, "%.1f", points[i][1]);
    g_string_append_printf(svg->text, "M%s %sh0", x, y);
  }
  /* A line of no length with round ends is a dot. */
  g_string_append_printf(svg->text, "\" fill=\"none\" stroke-linecap=\"round\" stroke=\"%s\"", style->fill);
  add_number(svg, "stroke-width", 2 * radius);
  if (style->opacity > 0)
    add_number(svg, "stroke-opacity", style->opacity);
  g_string_append(svg->text, "/>\n");
}

void svg_polyline(Svg *svg, const double (*points)[2], gsize n, gboolean closed, const SvgStyle *style) {
  g_string_append_printf(svg->text, "<%s points=\"", closed ? "polygon" : "polyline");
  for (gsize i = 0; i < n; i++) {
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(x, sizeof x, "%.2f", points[i][0]);
    g_ascii_formatd(y, sizeof y, "%.2f", points[i][1]);
    g_string_append_printf(svg->text, "%s%s,%s", i > 0 ? " " : "", x, y);
  }
  g_string_append_c(svg->text, '"');
  add_style(svg, style);
  g_string_append(svg->text, "/>\n");
}

void svg_png(Svg *svg, double x, double y, double width, double height, gboolean sharp, const guint8 *png, gsize size) {
  g_autofree char *data = g_base64_encode(png, size);
  g_string_append(svg->text, "<image");
  add_number(svg, "x", x);
  add_number(svg, "y", y);
  add_number(svg, "width", width);
  add_number(svg, "height", height);
  g_string_append_printf(svg->text, " preserveAspectRatio=\"none\"%s href=\"data:image/png;base64,%s\"/>\n",
                         sharp ? " image-rendering=\"pixelated\"" : "", data);
}

void svg_text(Svg *svg, double x, double y, const char *text, const SvgText *style) {
  static const char *const anchors[] = {"start", "middle", "end"};
  g_string_append(svg->text, "<text");
  add_number(svg, "x", x);
  add_number(svg, "y", y);
  add_number(svg, "font-size", style->size);
  g_string_append_printf(svg->text, " fill=\"%s\"", style->colour);
  if (style->anchor != SVG_START)
    g_string_append_printf(svg->text, " text-anchor=\"%s\"", anchors[style->anchor]);
  if (style->bold)
    g_string_append(svg->text, " font-weight=\"600\"");
  if (fabs(style->turn_deg) > 0)
    g_string_append_printf(svg->text, " transform=\"rotate(%d %d %d)\"", (int)lround(style->turn_deg), (int)lround(x),
                           (int)lround(y));
  g_string_append_c(svg->text, '>');
  add_text(svg, text);
  g_string_append(svg->text, "</text>\n");
}

char *svg_short_text(const char *text, gsize most) {
  g_assert(most >= 3);
  glong length = g_utf8_strlen(text, -1), keep = (glong)most - 1;
  if (length <= (glong)most)
    return g_strdup(text);
  const char *first_end = g_utf8_offset_to_pointer(text, keep / 2);
  const char *last = g_utf8_offset_to_pointer(text, length - (keep - keep / 2));
  return g_strdup_printf("%.*s\u2026%s", (int)(first_end - text), text, last);
}

/* In ems; wide enough for DejaVu Sans, the widest of the fonts asked for. */
static double advance(gunichar c) {
  if (c < 128 && strchr("ijlI.,:;'|! ", (int)c) != NULL)
    return 0.36;
  if (c < 128 && strchr("frt()[]-", (int)c) != NULL)
    return 0.42;
  if (c < 128 && strchr("mwMW@%", (int)c) != NULL)
    return 0.95;
  if (c < 128 && g_ascii_isupper((char)c))
    return 0.72;
  return g_unichar_iswide(c) ? 1.0 : 0.64;
}

double svg_text_width(const char *text, double size) {
  double width = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
    width += advance(g_utf8_get_char(at));
  return width * size;
}
