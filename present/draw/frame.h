/* One off-screen picture of the whole screen: what a display shows. Everything is drawn into it by cairo and pango,
 * except stimulus pixels, which frame_blit copies: cairo never touches them, so what is shown is what the file holds.
 *
 * A Picture is a stimulus as the screen shows it: 8-bit sRGB at its size on the screen. */
#ifndef DREAMRIG_PRESENT_FRAME_H
#define DREAMRIG_PRESENT_FRAME_H

#include <cairo.h>
#include <glib.h>
#include <stdbool.h>

#include "stimuli/image.h"

typedef struct {
  int width, height;
  guint32 *pixels; /* (height, width), 0xffRRGGBB in native byte order, which is cairo's ARGB32; owned */
} Frame;

/* Mid grey all over. Fails on a size out of 1..IMAGE_MAX_SIDE or no memory. */
Frame *frame_new(int width, int height, GError **error);
void frame_free(Frame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Frame, frame_free)
/* Both of one size. */
void frame_copy(const Frame *from, Frame *to);
void frame_fill(Frame *frame, guint8 grey);
/* A context that draws into the frame. Free with cairo_destroy before the frame's pixels are read or blitted to. */
cairo_t *frame_paint(Frame *frame);
/* Atomic. */
bool frame_write_png(const Frame *frame, const char *path, GError **error);

typedef struct {
  int width, height;
  guint32 *pixels; /* as a frame's */
} Picture;

/* The size at which a width x height image is shown in a box: the largest of its aspect ratio that fits. Where it is
 * enlarged by that and `exact` is false, only as large as an integer factor (1, 2, 3...) makes it. */
void picture_fit(int width, int height, int box_width, int box_height, bool exact, int *shown_width, int *shown_height);
/* The image at this size: copied at 1:1, each pixel repeated at an integer factor, otherwise the mean of the source
 * area under each pixel. Values are clipped to 0..255 and rounded. */
bool picture_new(const Image *image, int width, int height, Picture **picture, GError **error);
/* At the size that picture_fit gives it in a box. */
bool picture_new_fitted(const Image *image, int box_width, int box_height, bool exact, Picture **picture,
                        GError **error);
void picture_free(Picture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, picture_free)
/* Copies the picture with its top left at (x, y); what lies outside the frame is left out. */
void frame_blit(Frame *frame, const Picture *picture, int x, int y);

#endif
