#define Display XlibDisplay /* Xlib has a type of this name, too */
#include <SDL_syswm.h>
#undef Display
#include <string.h>

#include "present/display/display_sdl_private.h"
#include "present/display/flip_sources.h"

#define GL_RENDERER 0x1F01

/* An answer of OpenGL's, or NULL where the renderer is another. */
static const char *gl_renderer(void) {
  const unsigned char *(*get_string)(unsigned name) = NULL;
  void *found = SDL_GL_GetCurrentContext() != NULL ? SDL_GL_GetProcAddress("glGetString") : NULL;
  memcpy(&get_string, &found, sizeof get_string); /* C has no cast from an object's pointer to a function's */
  return get_string != NULL ? (const char *)get_string(GL_RENDERER) : NULL;
}

char *display_sdl_renderer(const SDL_RendererInfo *renderer) {
  const char *name = renderer->name != NULL ? renderer->name : "unknown", *gl = gl_renderer();
  return gl != NULL ? g_strdup_printf("%s (%s)", name, gl) : g_strdup(name);
}

/* Names of drivers that draw without a graphics card, or of cards that are themselves simulated. */
static bool is_software(const char *renderer) {
  static const char *const names[] = {"llvmpipe", "softpipe", "swrast", "Software", "SWR", "SVGA3D", "virgl"};
  for (gsize i = 0; renderer != NULL && i < G_N_ELEMENTS(names); i++)
    if (strstr(renderer, names[i]) != NULL)
      return true;
  return false;
}

/* X11 programs on a Wayland desktop: the compositor shows their frames when it likes. */
static bool is_xwayland(const SdlDisplay *self) {
  const char *wayland = g_getenv("WAYLAND_DISPLAY"), *name = SDL_GetDisplayName(self->screen);
  return strcmp(self->driver, "x11") == 0 &&
         ((wayland != NULL && *wayland != '\0') || (name != NULL && g_str_has_prefix(name, "XWAYLAND")));
}

char *display_sdl_condemned(const SdlDisplay *self, const SDL_RendererInfo *renderer) {
  const char *gl = gl_renderer();
  if ((renderer->flags & SDL_RENDERER_SOFTWARE) != 0 || is_software(gl))
    return g_strdup_printf("software renderer (%s): nothing tells when a frame reaches the screen",
                           gl != NULL ? gl : renderer->name);
  if (is_xwayland(self))
    return g_strdup(
        "XWayland: the compositor decides when a frame reaches the screen; SDL_VIDEODRIVER=wayland may help");
  if ((renderer->flags & SDL_RENDERER_PRESENTVSYNC) == 0)
    return g_strdup("the renderer does not wait for the screen");
  if (gl != NULL && SDL_GL_GetSwapInterval() != 1)
    return g_strdup("the driver does not let a swap wait for the screen (swap interval 1 was refused)");
  return NULL;
}

/* A pixel of the frame's corner, drawn into the next buffer in its own place. */
static void finish(gpointer context) {
  const SdlDisplay *self = context;
  void (*gl_finish)(void) = NULL;
  void *found = SDL_GL_GetProcAddress("glFinish");
  memcpy(&gl_finish, &found, sizeof gl_finish);
  SDL_SetRenderDrawColor(self->renderer, self->background[0], self->background[1], self->background[2], 255);
  SDL_RenderDrawPoint(self->renderer, 0, 0);
  SDL_RenderFlush(self->renderer);
  if (gl_finish != NULL)
    gl_finish();
}

void display_sdl_sources(SdlDisplay *self, FlipSource *sources[DISPLAY_SDL_SOURCES]) {
  SDL_SysWMinfo system;
  SDL_VERSION(&system.version);
  bool known = SDL_GetWindowWMInfo(self->window, &system);
  int n = 0;
#ifdef SDL_VIDEO_DRIVER_WAYLAND
  if (known && system.subsystem == SDL_SYSWM_WAYLAND)
    sources[n++] = flip_wayland_new(system.info.wl.display, system.info.wl.surface, NULL);
#endif
#ifdef SDL_VIDEO_DRIVER_KMSDRM
  if (known && system.subsystem == SDL_SYSWM_KMSDRM)
    sources[n++] = flip_kms_new(system.info.kmsdrm.drm_fd, NULL);
#endif
  if (known && system.subsystem == SDL_SYSWM_X11 && SDL_GL_GetCurrentContext() != NULL)
    sources[n++] = flip_oml_new(SDL_GL_GetProcAddress, NULL);
  if (SDL_GL_GetCurrentContext() != NULL)
    sources[n] = flip_finish_new(finish, self);
}
