#include <string.h>

#include "present/display/flip_sources.h"

#define EXTENSION "GLX_OML_sync_control"
#define GLX_SCREEN 0x800C

/* As GLX has them, without its headers: Display *, GLXContext and GLXDrawable. */
typedef int (*WaitForSbc)(void *display, unsigned long drawable, gint64 target_sbc, gint64 *ust, gint64 *msc,
                          gint64 *sbc);
typedef struct {
  void *(*current_display)(void);
  void *(*current_context)(void);
  unsigned long (*current_drawable)(void);
  int (*query_context)(void *display, void *context, int attribute, int *value);
  const char *(*extensions)(void *display, int screen);
} Glx;

typedef struct {
  FlipSource base;
  void *display;
  unsigned long drawable;
  WaitForSbc wait;
} OmlSource;

FlipStamp flip_oml_stamp(bool answered, gint64 ust_us, gint64 msc) {
  bool fits = ust_us > 0 && ust_us < G_MAXINT64 / 1000;
  return (FlipStamp){.answered = answered, .time_ns = fits ? ust_us * 1000 : 0, .count = msc};
}

/* Target 0: all swaps asked for so far. The driver answers once the last of them is done, in a refresh or two. */
static void after(FlipSource *source, Clock *clock G_GNUC_UNUSED, gint64 until_ns G_GNUC_UNUSED, FlipStamp *stamp) {
  const OmlSource *self = (const OmlSource *)source;
  gint64 ust = 0, msc = 0, sbc = 0;
  bool answered = self->wait(self->display, self->drawable, 0, &ust, &msc, &sbc) != 0;
  *stamp = flip_oml_stamp(answered, ust, msc);
}

static void oml_free(FlipSource *source) { g_free(source); }

static bool is_listed(const char *extensions) {
  g_auto(GStrv) names = g_strsplit(extensions != NULL ? extensions : "", " ", -1);
  return g_strv_contains((const char *const *)names, EXTENSION);
}

static bool find_glx(FlipLookup lookup, Glx *glx) {
  static const char *const names[] = {"glXGetCurrentDisplay", "glXGetCurrentContext", "glXGetCurrentDrawable",
                                      "glXQueryContext", "glXQueryExtensionsString"};
  void *found[G_N_ELEMENTS(names)];
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if ((found[i] = lookup(names[i])) == NULL)
      return false;
  G_STATIC_ASSERT(sizeof(Glx) == sizeof found);
  memcpy(glx, found, sizeof *glx); /* C has no cast from an object's pointer to a function's */
  return true;
}

FlipSource *flip_oml_new(FlipLookup lookup, const char **why) {
  const char *ignored = NULL;
  why = why != NULL ? why : &ignored;
  Glx glx;
  void *wait = lookup("glXWaitForSbcOML"), *display = NULL;
  if (wait == NULL || !find_glx(lookup, &glx) || (display = glx.current_display()) == NULL) {
    *why = "no GLX context";
    return NULL;
  }
  int screen = 0;
  glx.query_context(display, glx.current_context(), GLX_SCREEN, &screen);
  if (!is_listed(glx.extensions(display, screen))) {
    *why = "the driver does not list " EXTENSION;
    return NULL;
  }
  OmlSource *self = g_new(OmlSource, 1);
  *self = (OmlSource){{FLIP_OML, NULL, after, oml_free}, display, glx.current_drawable(), NULL};
  memcpy(&self->wait, &wait, sizeof self->wait);
  return &self->base;
}
