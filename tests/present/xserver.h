/* A virtual X server for one test, its picture, and a hand on its mouse and keyboard (Xvfb, xdotool). */
#ifndef DREAMRIG_TESTS_PRESENT_XSERVER_H
#define DREAMRIG_TESTS_PRESENT_XSERVER_H

#include <glib.h>
#include <stdbool.h>

#include "present/draw/frame.h"

typedef struct {
  GPid pid;
  char *folder;  /* of the picture; removed with the server */
  char *display; /* ":99" */
} XServer;

/* NULL after g_test_skip where Xvfb or xdotool is missing. */
XServer *xserver_start(int width, int height);
/* The same, but keys that are held for 1.5 s repeat. */
XServer *xserver_start_repeating(int width, int height);
void xserver_stop(XServer *server);
/* The environment for a program on this server. Free with g_strfreev. */
char **xserver_environment(const XServer *server);
/* Runs "xdotool LINE", split at blanks. */
void xserver_do(const XServer *server, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What the server shows now. Free with frame_free. */
Frame *xserver_picture(const XServer *server);
/* One of its pixels, 0xffRRGGBB; black outside of the screen. */
guint32 xserver_pixel(const XServer *server, int x, int y);
/* Writes it as NAME.png into $DREAMRIG_SCREENSHOTS, where that is set. */
void xserver_keep(const XServer *server, const char *name);

#endif
