#include "present/display/display_sdl.h"

#include <math.h>
#include <string.h>

#include "present/display/display_sdl_private.h"
#include "present/display/flip_sources.h"
#include "stimuli/base/error.h"

/* --- Output --- */

static void upload(SdlDisplay *self, const Frame *frame) {
  self->filled = 1 - self->filled;
  SDL_UpdateTexture(self->textures[self->filled], NULL, frame->pixels, frame->width * 4);
  self->prepared = true;
}

static void sdl_prepare(Display *display, const Frame *frame) { upload((SdlDisplay *)display, frame); }

static void draw_frame(SdlDisplay *self) {
  SDL_Rect place = {self->place.x, self->place.y, self->place.width, self->place.height};
  SDL_SetRenderDrawColor(self->renderer, self->background[0], self->background[1], self->background[2], 255);
  SDL_RenderClear(self->renderer);
  SDL_RenderCopy(self->renderer, self->textures[self->filled], NULL, &place);
}

static void swap(gpointer screen) {
  SdlDisplay *self = screen;
  draw_frame(self);
  SDL_RenderPresent(self->renderer);
}

static void tell_info(SdlDisplay *self) {
  DisplayInfo *info = &self->base.info;
  info->rung = self->ladder.judge.rung;
  info->trusted = info->rung != FLIP_UNTRUSTED;
  info->note = self->ladder.note;
}

static void sdl_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  SdlDisplay *self = (SdlDisplay *)display;
  if (!self->prepared)
    upload(self, frame);
  self->prepared = false;
  flip_ladder_show(&self->ladder, wanted_ns, flip);
  tell_info(self);
}

void display_sdl_distrust(SdlDisplay *self, const char *note) {
  flip_ladder_distrust(&self->ladder, note);
  tell_info(self);
}

static char *sdl_summary(const Display *display) { return flip_ladder_summary(&((const SdlDisplay *)display)->ladder); }

void display_sdl_place(SdlDisplay *self, Size *drawable) {
  Size window = {0}, frame = {self->base.width, self->base.height};
  SDL_GetRendererOutputSize(self->renderer, &drawable->width, &drawable->height);
  SDL_GetWindowSize(self->window, &window.width, &window.height);
  self->place = placement_new(frame, *drawable, window);
  bool same = self->place.width == frame.width && self->place.height == frame.height;
  for (int i = 0; i < 2; i++)
    SDL_SetTextureScaleMode(self->textures[i], same ? SDL_ScaleModeNearest : SDL_ScaleModeLinear);
}

static void sdl_set_pointer(Display *display G_GNUC_UNUSED, bool visible) {
  SDL_ShowCursor(visible ? SDL_ENABLE : SDL_DISABLE);
}

static void sdl_set_text_input(Display *display G_GNUC_UNUSED, bool wanted) {
  if (wanted)
    SDL_StartTextInput();
  else
    SDL_StopTextInput();
}

/* --- Opening and closing --- */

static void sdl_free(Display *display) {
  SdlDisplay *self = (SdlDisplay *)display;
  flip_ladder_clear(&self->ladder);
  for (int i = 0; i < 2; i++)
    if (self->textures[i] != NULL)
      SDL_DestroyTexture(self->textures[i]);
  if (self->renderer != NULL)
    SDL_DestroyRenderer(self->renderer);
  if (self->window != NULL)
    SDL_DestroyWindow(self->window);
  SDL_Quit();
  g_free(self->driver);
  g_free(self->renderer_name);
  g_free(self->screen_name);
  g_free(self);
}

static const DisplayClass sdl_class = {
    sdl_show, display_sdl_next_event, sdl_set_pointer, sdl_free, sdl_set_text_input, sdl_prepare, sdl_summary};

char **display_sdl_screen_list(void) {
  int n_screens = MAX(SDL_GetNumVideoDisplays(), 0);
  char **list = g_new0(char *, n_screens + 1);
  for (int i = 0; i < n_screens; i++) {
    SDL_Rect bounds = {0};
    SDL_DisplayMode mode = {0};
    const char *name = SDL_GetDisplayName(i);
    SDL_GetDisplayBounds(i, &bounds);
    SDL_GetCurrentDisplayMode(i, &mode);
    g_autofree char *rate = mode.refresh_rate > 0 ? g_strdup_printf(" at %d Hz", mode.refresh_rate) : g_strdup("");
    list[i] = g_strdup_printf("%d: %s, %d x %d%s", i + 1, name != NULL ? name : "unnamed", bounds.w, bounds.h, rate);
  }
  return list;
}

char *display_sdl_screens(void) {
  g_auto(GStrv) list = display_sdl_screen_list();
  return g_strjoinv("; ", list);
}

static bool open_window(SdlDisplay *self, const DisplaySdlOptions *options, GError **error) {
  int n_screens = SDL_GetNumVideoDisplays(), screen = MAX(options->screen, 1) - 1;
  if (screen >= n_screens) {
    g_autofree char *screens = display_sdl_screens();
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "--display %d: there %s only %s", screen + 1,
                n_screens == 1 ? "is" : "are", screens);
    return false;
  }
  self->screen = screen;
  bool windowed = options->width > 0;
  int at = (int)SDL_WINDOWPOS_CENTERED_DISPLAY((unsigned)screen);
  SDL_Rect bounds = {0, 0, 640, 480};
  SDL_GetDisplayBounds(screen, &bounds);
  self->window = SDL_CreateWindow(options->title, at, at, windowed ? options->width : bounds.w,
                                  windowed ? options->height : bounds.h,
                                  SDL_WINDOW_ALLOW_HIGHDPI | (windowed ? 0u : (unsigned)SDL_WINDOW_FULLSCREEN_DESKTOP));
  if (self->window != NULL)
    self->renderer = SDL_CreateRenderer(self->window, -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
  if (self->window != NULL && self->renderer == NULL)
    self->renderer = SDL_CreateRenderer(self->window, -1, SDL_RENDERER_SOFTWARE | SDL_RENDERER_PRESENTVSYNC);
  if (self->renderer == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "cannot open a window: %s", SDL_GetError());
    return false;
  }
  SDL_DisplayMode mode = {0};
  if (SDL_GetCurrentDisplayMode(screen, &mode) == 0)
    self->base.info.nominal_hz = mode.refresh_rate;
  return true;
}

static bool open_textures(SdlDisplay *self, GError **error) {
  int width = 0, height = 0;
  SDL_PumpEvents(); /* a tiling window manager may have resized it already */
  SDL_GetRendererOutputSize(self->renderer, &width, &height);
  self->base.width = width;
  self->base.height = height;
  for (int i = 0; i < 2; i++)
    self->textures[i] =
        SDL_CreateTexture(self->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, width, height);
  if (self->textures[0] == NULL || self->textures[1] == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "cannot make a %d x %d picture for the screen: %s", width, height,
                SDL_GetError());
    return false;
  }
  display_sdl_place(self, &(Size){0});
  return true;
}

static void climb(SdlDisplay *self, const SDL_RendererInfo *renderer, bool whole_screen) {
  DisplayInfo *info = &self->base.info;
  FlipSource *sources[DISPLAY_SDL_SOURCES] = {NULL};
  g_autofree char *condemned = display_sdl_condemned(self, renderer);
  if (condemned == NULL)
    display_sdl_sources(self, sources);
  self->ladder = (FlipLadder){.clock = self->base.clock, .swap = swap, .screen = self};
  flip_ladder_climb(&self->ladder, sources, DISPLAY_SDL_SOURCES,
                    &(FlipFacts){info->nominal_hz, condemned, whole_screen});
  const RefreshFacts *refresh = &self->ladder.refresh;
  info->measured_hz = refresh->mean_ms > 0 ? 1000 / refresh->mean_ms : 0;
  info->interval_sd_ms = refresh->sd_ms;
  info->n_intervals = refresh->n_intervals;
  info->n_dropped = refresh->n_dropped;
  tell_info(self);
}

/* Without a screen SDL falls back to drivers that show nothing: only who names one wants it. */
static bool is_invisible(const char *driver) {
  const char *wanted = g_getenv("SDL_VIDEODRIVER");
  return (wanted == NULL || *wanted == '\0') &&
         (driver == NULL || strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0);
}

static int is_kept(void *unused G_GNUC_UNUSED, SDL_Event *event) {
  return event->type != SDL_WINDOWEVENT || event->window.event != SDL_WINDOWEVENT_FOCUS_LOST;
}

/* A window that opens may lose the keyboard before it keeps it; that interrupts nobody. */
static void forget_opening(void) {
  SDL_PumpEvents();
  SDL_FilterEvents(is_kept, NULL);
}

Display *display_sdl_open(Clock *clock, const DisplaySdlOptions *options, GError **error) {
  SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
  SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "nearest");
  SDL_SetHint(SDL_HINT_RENDER_DRIVER, "opengl"); /* the one whose flips the ladder knows; the environment overrides */
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "no screen to show the session on: %s", SDL_GetError());
    return NULL;
  }
  if (is_invisible(SDL_GetCurrentVideoDriver())) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "no screen to show the session on: is DISPLAY or WAYLAND_DISPLAY set?");
    SDL_Quit();
    return NULL;
  }
  SdlDisplay *self = g_new0(SdlDisplay, 1);
  memcpy(self->background, options->background, sizeof self->background);
  self->base.class = &sdl_class;
  self->base.clock = clock;
  self->base.wants_pixels = true;
  Frame *frame = NULL;
  if (!open_window(self, options, error) || !open_textures(self, error) ||
      (frame = frame_new(self->base.width, self->base.height, error)) == NULL) {
    sdl_free(&self->base);
    return NULL;
  }
  SDL_RendererInfo renderer = {0};
  SDL_GetRendererInfo(self->renderer, &renderer);
  self->base.info.driver = self->driver = g_strdup(SDL_GetCurrentVideoDriver());
  const char *screen = SDL_GetDisplayName(self->screen);
  self->base.info.screen = self->screen_name =
      g_strdup_printf("%d: %s", self->screen + 1, screen != NULL ? screen : "unnamed");
  self->base.info.renderer = self->renderer_name = display_sdl_renderer(&renderer);
  SDL_DisableScreenSaver();
  SDL_StopTextInput();
  for (gsize i = 0; i < (gsize)frame->width * (gsize)frame->height; i++)
    frame->pixels[i] = 0xff000000u | (guint32)options->background[0] << 16 | (guint32)options->background[1] << 8 |
                       options->background[2];
  upload(self, frame);
  frame_free(frame);
  self->prepared = false;
  climb(self, &renderer, options->width == 0);
  forget_opening();
  self->last_look_ns = clock_now_ns(clock);
  return &self->base;
}
