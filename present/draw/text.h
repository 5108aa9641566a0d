/* Paragraphs in any script, laid out by pango in DejaVu Sans (other scripts in whatever font has them). */
#ifndef DREAMRIG_PRESENT_TEXT_H
#define DREAMRIG_PRESENT_TEXT_H

#include <cairo.h>
#include <glib.h>
#include <stdbool.h>

typedef enum { TEXT_START, TEXT_CENTER, TEXT_FLUSH_LEFT, TEXT_FLUSH_RIGHT } TextAlign;
typedef enum { TEXT_REGULAR, TEXT_BOLD } TextWeight;

typedef struct {
  double x, y, height;
} TextCaret;

typedef struct Text Text; /* a paragraph or several, laid out */

/* Lays out UTF-8 text at size_px (the em), wrapped at width_px. TEXT_START means the side where the text's own script
 * begins, the others the sides of the screen. Free with text_free. */
Text *text_new(const char *utf8, double size_px, TextWeight weight, double width_px, TextAlign align);
void text_free(Text *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Text, text_free)
/* The size of the ink's logical box, in px. The width is at most the wrapping width unless a single word is longer. */
double text_width(const Text *text);
double text_height(const Text *text);
/* Where the insertion caret stands behind the last character: x, y and height within the wrapping box. */
TextCaret text_end(const Text *text);
/* Whether a line ends within a word, as the word alone is wider than the wrapping width. */
bool text_breaks_word(const Text *text);
/* How many of its characters no installed font has: boxes are drawn for them. */
gsize text_missing_glyphs(const Text *text);
/* Draws in the context's source colour with the wrapping box's top left at (x, y). */
void text_draw(const Text *text, cairo_t *cr, double x, double y);

#endif
