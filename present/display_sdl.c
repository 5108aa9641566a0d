#include "present/display_sdl.h"

#include <SDL.h>
#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"

#define MEASURED_FLIPS 61

typedef struct {
  Display base;
  SDL_Window *window;
  SDL_Renderer *renderer;
  SDL_Texture *texture;
  char *driver, *renderer_name, *note;
  bool software;
  gint64 period_ns;        /* of one refresh, measured or nominal */
  gint64 last_look_ns;     /* when input was last pumped */
  guint8 background[3];    /* around the frame where the window has another shape */
  SDL_Rect place;          /* of the frame in the window, in px: its own size until the window is resized */
  double scale_x, scale_y; /* from the window's coordinates to its px (HiDPI) */
} SdlDisplay;

/* --- Output --- */

static gint64 flip(SdlDisplay *self) {
  SDL_SetRenderDrawColor(self->renderer, self->background[0], self->background[1], self->background[2], 255);
  SDL_RenderClear(self->renderer);
  SDL_RenderCopy(self->renderer, self->texture, NULL, &self->place);
  SDL_RenderPresent(self->renderer);
  return clock_now_ns(self->base.clock);
}

static void sdl_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *result) {
  SdlDisplay *self = (SdlDisplay *)display;
  SDL_UpdateTexture(self->texture, NULL, frame->pixels, frame->width * 4);
  /* Half a refresh early, so that the swap waits for the refresh at wanted_ns and not for the one after it. */
  if (wanted_ns > 0)
    clock_wait_until(display->clock, wanted_ns - self->period_ns / 2);
  gint64 time = flip(self);
  *result = (Flip){.time_ns = time,
                   .uncertainty_ns = display->info.trusted ? self->period_ns : -1,
                   .source = display->info.trusted ? "swap" : "untrusted",
                   .missed = -1};
  if (wanted_ns > 0)
    result->missed =
        time > wanted_ns + self->period_ns / 2 ? (int)((time - wanted_ns + self->period_ns / 2) / self->period_ns) : 0;
}

/* Flips mid-grey frames and takes the intervals between them. */
static void measure_refresh(SdlDisplay *self) {
  DisplayInfo *info = &self->base.info;
  double mean = 0, squares = 0;
  flip(self); /* the first one waits for nothing */
  gint64 before = flip(self);
  for (int i = 1; i < MEASURED_FLIPS; i++) {
    gint64 now = flip(self);
    double interval = (double)(now - before);
    before = now;
    double mean_before = mean; /* Welford's update */
    mean += (interval - mean) / i;
    squares += (interval - mean_before) * (interval - mean);
    info->n_intervals = i;
  }
  info->measured_hz = mean > 0 ? (double)NS_PER_S / mean : 0;
  info->interval_sd_ms = sqrt(squares / (info->n_intervals - 1)) / (double)NS_PER_MS;
  info->trusted = !self->software && display_refresh_is_trusted(info);
  double hz = info->trusted ? info->measured_hz : info->nominal_hz > 0 ? info->nominal_hz : 60;
  self->period_ns = (gint64)((double)NS_PER_S / hz);
  if (info->trusted)
    self->note = g_strdup("");
  else if (self->software)
    self->note = g_strdup("software renderer: nothing tells when a frame reaches the screen");
  else
    self->note = g_strdup_printf("flips came every %.3f ms (SD %.3f ms) where the screen's rate is said to be %.2f Hz",
                                 mean / (double)NS_PER_MS, info->interval_sd_ms, info->nominal_hz);
}

/* --- Input --- */

static Key key_of(SDL_Keycode code, char *character) {
  *character = '\0';
  if ((code >= SDLK_0 && code <= SDLK_9) || (code >= SDLK_a && code <= SDLK_z)) {
    *character = (char)code;
    return KEY_CHARACTER;
  }
  if (code >= SDLK_KP_1 && code <= SDLK_KP_0) {
    *character = code == SDLK_KP_0 ? '0' : (char)('1' + (code - SDLK_KP_1));
    return KEY_CHARACTER;
  }
  switch (code) {
  case SDLK_RETURN:
  case SDLK_KP_ENTER:
    return KEY_ENTER;
  case SDLK_SPACE:
    return KEY_SPACE;
  case SDLK_ESCAPE:
    return KEY_ESCAPE;
  case SDLK_TAB:
    return KEY_TAB;
  case SDLK_LEFT:
    return KEY_LEFT;
  case SDLK_RIGHT:
    return KEY_RIGHT;
  case SDLK_UP:
    return KEY_UP;
  case SDLK_DOWN:
    return KEY_DOWN;
  case SDLK_PAGEUP:
    return KEY_PAGE_UP;
  case SDLK_PAGEDOWN:
    return KEY_PAGE_DOWN;
  case SDLK_HOME:
    return KEY_HOME;
  case SDLK_END:
    return KEY_END;
  default:
    return KEY_OTHER;
  }
}

/* Puts the frame into the window as it is now, as large as its shape allows: a protocol's sizes are laid out once. */
static void place_frame(SdlDisplay *self, Event *event) {
  int width = 0, height = 0, window_width = 0, window_height = 0;
  SDL_GetRendererOutputSize(self->renderer, &width, &height);
  SDL_GetWindowSize(self->window, &window_width, &window_height);
  self->scale_x = (double)width / MAX(window_width, 1);
  self->scale_y = (double)height / MAX(window_height, 1);
  double share = MIN((double)width / self->base.width, (double)height / self->base.height);
  self->place.w = MAX((int)lround(self->base.width * share), 1);
  self->place.h = MAX((int)lround(self->base.height * share), 1);
  self->place.x = (width - self->place.w) / 2;
  self->place.y = (height - self->place.h) / 2;
  bool same = self->place.w == self->base.width && self->place.h == self->base.height;
  SDL_SetTextureScaleMode(self->texture, same ? SDL_ScaleModeNearest : SDL_ScaleModeLinear);
  event->x = width;
  event->y = height;
}

static void place_pointer(const SdlDisplay *self, int x, int y, Event *event) {
  event->x = (x * self->scale_x - self->place.x) * self->base.width / self->place.w;
  event->y = (y * self->scale_y - self->place.y) * self->base.height / self->place.h;
}

static bool translate_window(SdlDisplay *self, const SDL_WindowEvent *window, Event *event) {
  switch (window->event) {
  case SDL_WINDOWEVENT_SIZE_CHANGED:
    event->kind = EVENT_RESIZED;
    place_frame(self, event);
    return true;
  case SDL_WINDOWEVENT_FOCUS_LOST:
    event->kind = EVENT_FOCUS_LOST;
    return true;
  case SDL_WINDOWEVENT_FOCUS_GAINED:
    event->kind = EVENT_FOCUS_GAINED;
    return true;
  case SDL_WINDOWEVENT_EXPOSED:
    event->kind = EVENT_EXPOSED;
    return true;
  default:
    return false;
  }
}

/* False: nothing that a session cares about. */
static bool translate(SdlDisplay *self, const SDL_Event *sdl, Event *event) {
  switch (sdl->type) {
  case SDL_QUIT:
    event->kind = EVENT_CLOSE;
    return true;
  case SDL_WINDOWEVENT:
    return translate_window(self, &sdl->window, event);
  case SDL_MOUSEMOTION:
    event->kind = EVENT_POINTER_MOVE;
    place_pointer(self, sdl->motion.x, sdl->motion.y, event);
    return true;
  case SDL_MOUSEBUTTONDOWN:
  case SDL_MOUSEBUTTONUP:
    if (sdl->button.button != SDL_BUTTON_LEFT)
      return false;
    event->kind = sdl->type == SDL_MOUSEBUTTONDOWN ? EVENT_POINTER_DOWN : EVENT_POINTER_UP;
    place_pointer(self, sdl->button.x, sdl->button.y, event);
    return true;
  case SDL_KEYDOWN:
    event->kind = EVENT_KEY;
    event->key = key_of(sdl->key.keysym.sym, &event->character);
    event->shift = (sdl->key.keysym.mod & KMOD_SHIFT) != 0;
    event->repeat = sdl->key.repeat != 0;
    return (sdl->key.keysym.mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI)) == 0;
  default:
    return false;
  }
}

static bool sdl_next_event(Display *display, gint64 deadline_ns, Event *event) {
  SdlDisplay *self = (SdlDisplay *)display;
  for (;;) {
    SDL_Event sdl;
    gint64 now = clock_now_ns(display->clock);
    bool any = now < deadline_ns ? SDL_WaitEventTimeout(&sdl, 1) : SDL_PollEvent(&sdl);
    now = clock_now_ns(display->clock);
    *event = (Event){.time_ns = now, .uncertainty_ns = now - self->last_look_ns};
    self->last_look_ns = now;
    if (any && translate(self, &sdl, event))
      return true;
    if (!any && now >= deadline_ns)
      return false;
  }
}

static void sdl_set_pointer(Display *display G_GNUC_UNUSED, bool visible) {
  SDL_ShowCursor(visible ? SDL_ENABLE : SDL_DISABLE);
}

/* --- Opening and closing --- */

static void sdl_free(Display *display) {
  SdlDisplay *self = (SdlDisplay *)display;
  if (self->texture != NULL)
    SDL_DestroyTexture(self->texture);
  if (self->renderer != NULL)
    SDL_DestroyRenderer(self->renderer);
  if (self->window != NULL)
    SDL_DestroyWindow(self->window);
  SDL_Quit();
  g_free(self->driver);
  g_free(self->renderer_name);
  g_free(self->note);
  g_free(self);
}

static const DisplayClass sdl_class = {sdl_show, sdl_next_event, sdl_set_pointer, sdl_free};

static bool open_window(SdlDisplay *self, const DisplaySdlOptions *options, GError **error) {
  int n_screens = SDL_GetNumVideoDisplays(), screen = MAX(options->screen, 1) - 1;
  if (screen >= n_screens) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "--display %d: there %s only %d", screen + 1,
                n_screens == 1 ? "is" : "are", n_screens);
    return false;
  }
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

static bool open_texture(SdlDisplay *self, GError **error) {
  int width = 0, height = 0;
  SDL_PumpEvents(); /* a tiling window manager may have resized it already */
  SDL_GetRendererOutputSize(self->renderer, &width, &height);
  self->base.width = width;
  self->base.height = height;
  self->texture =
      SDL_CreateTexture(self->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, width, height);
  if (self->texture == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "cannot make a %d x %d picture for the screen: %s", width, height,
                SDL_GetError());
    return false;
  }
  place_frame(self, &(Event){0});
  return true;
}

/* Without a screen SDL falls back to drivers that show nothing: only who names one wants it. */
static bool is_invisible(const char *driver) {
  const char *wanted = g_getenv("SDL_VIDEODRIVER");
  return (wanted == NULL || *wanted == '\0') &&
         (driver == NULL || strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0);
}

Display *display_sdl_open(Clock *clock, const DisplaySdlOptions *options, GError **error) {
  SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
  SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "nearest");
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
  if (!open_window(self, options, error) || !open_texture(self, error) ||
      (frame = frame_new(self->base.width, self->base.height, error)) == NULL) {
    sdl_free(&self->base);
    return NULL;
  }
  SDL_RendererInfo renderer = {0};
  SDL_GetRendererInfo(self->renderer, &renderer);
  self->software = (renderer.flags & SDL_RENDERER_SOFTWARE) != 0;
  self->base.info.driver = self->driver = g_strdup(SDL_GetCurrentVideoDriver());
  self->base.info.renderer = self->renderer_name = g_strdup(renderer.name != NULL ? renderer.name : "unknown");
  SDL_DisableScreenSaver();
  SDL_StopTextInput();
  for (gsize i = 0; i < (gsize)frame->width * (gsize)frame->height; i++)
    frame->pixels[i] = 0xff000000u | (guint32)options->background[0] << 16 | (guint32)options->background[1] << 8 |
                       options->background[2];
  SDL_UpdateTexture(self->texture, NULL, frame->pixels, frame->width * 4);
  frame_free(frame);
  measure_refresh(self);
  self->last_look_ns = clock_now_ns(clock);
  return &self->base;
}

const char *display_sdl_note(const Display *display) { return ((const SdlDisplay *)display)->note; }
