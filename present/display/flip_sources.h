/* The rungs' sources (flip_ladder.h). Each constructor gives NULL where this machine does not have what it needs, and
 * *why (may be NULL) then says what is missing; static text. */
#ifndef DREAMRIG_PRESENT_FLIP_SOURCES_H
#define DREAMRIG_PRESENT_FLIP_SOURCES_H

#include "present/display/flip_ladder.h"

/* Finds a function of OpenGL or GLX by name; NULL: not there. SDL_GL_GetProcAddress is one. */
typedef void *(*FlipLookup)(const char *name);

/* GLX_OML_sync_control on the current context's window: glXWaitForSbcOML after each swap. Only where the extension
 * string lists it, since lookups find its functions anyhow.
 * Source: Khronos registry, GLX_OML_sync_control revision 6. */
FlipSource *flip_oml_new(FlipLookup lookup, const char **why);
/* One answer of glXWaitForSbcOML: its unadjusted system time in us, which Mesa takes from CLOCK_MONOTONIC, and its
 * counter of refreshes. A time or a counter of 0 is passed on, for the judge to reject. */
FlipStamp flip_oml_stamp(bool answered, gint64 ust_us, gint64 msc);

/* The kernel's counter of refreshes (DRM_IOCTL_CRTC_GET_SEQUENCE) of the one active CRTC of a DRM device: the page flip
 * that a swap queued comes with the next refresh. For SDL's KMSDRM driver, whose descriptor it borrows. */
FlipSource *flip_kms_new(int drm_descriptor, const char **why);

/* One look at a counter of refreshes. */
typedef struct {
  bool good;
  gint64 count;
  gint64 time_ns; /* of that refresh */
} FlipCount;
/* The stamp of a page flip from the looks just before and after the swap that queued it, and at the first refresh after
 * that: unsure where a refresh passed during the swap. */
FlipStamp flip_kms_stamp(const FlipCount *before, const FlipCount *queued, const FlipCount *next);

/* Presentation feedback of a wl_surface (wp_presentation), on an event queue of its own. Both are SDL's and borrowed.
 * Needs a compositor whose presentation clock is CLOCK_MONOTONIC.
 * Source: wayland-protocols, stable/presentation-time version 1. */
FlipSource *flip_wayland_new(void *wl_display, void *wl_surface, const char **why);
/* A "presented" event's arguments. Soft where a flag of vsync, hardware clock or hardware completion is missing. */
FlipStamp flip_wayland_stamp(guint32 tv_sec_hi, guint32 tv_sec_lo, guint32 tv_nsec, guint32 seq_hi, guint32 seq_lo,
                             guint32 flags);

/* `finish` draws a pixel into the swapped window and waits until the driver has done so (glFinish); the clock then. */
FlipSource *flip_finish_new(void (*finish)(gpointer context), gpointer context);

#endif
