#include <math.h>

#include "present/display/display_sdl_private.h"

/* The first code of a key is the one that display_sdl_post uses. */
static const struct {
  SDL_Keycode code;
  Key key;
} named_keys[] = {
    {SDLK_RETURN, KEY_ENTER}, {SDLK_KP_ENTER, KEY_ENTER},     {SDLK_SPACE, KEY_SPACE},        {SDLK_ESCAPE, KEY_ESCAPE},
    {SDLK_TAB, KEY_TAB},      {SDLK_LEFT, KEY_LEFT},          {SDLK_RIGHT, KEY_RIGHT},        {SDLK_UP, KEY_UP},
    {SDLK_DOWN, KEY_DOWN},    {SDLK_PAGEUP, KEY_PAGE_UP},     {SDLK_PAGEDOWN, KEY_PAGE_DOWN}, {SDLK_HOME, KEY_HOME},
    {SDLK_END, KEY_END},      {SDLK_BACKSPACE, KEY_BACKSPACE}};

/* What is printed on a key in the place of this one on an English keyboard: Q and the digits must be at hand where the
 * layout is Arabic, or French with its digits behind Shift. */
static SDL_Keycode latin_code(const SDL_Keysym *key) {
  bool digit = key->scancode >= SDL_SCANCODE_1 && key->scancode <= SDL_SCANCODE_0;
  bool letter = key->scancode >= SDL_SCANCODE_A && key->scancode <= SDL_SCANCODE_Z;
  bool foreign = key->sym >= 0x80 && (key->sym & SDLK_SCANCODE_MASK) == 0;
  if (digit)
    return key->scancode == SDL_SCANCODE_0 ? SDLK_0 : (SDL_Keycode)(SDLK_1 + (key->scancode - SDL_SCANCODE_1));
  if (letter && foreign)
    return (SDL_Keycode)(SDLK_a + (key->scancode - SDL_SCANCODE_A));
  return key->sym;
}

static Key key_of(const SDL_Keysym *key, char *character) {
  SDL_Keycode code = latin_code(key);
  *character = '\0';
  if ((code >= SDLK_0 && code <= SDLK_9) || (code >= SDLK_a && code <= SDLK_z)) {
    *character = (char)code;
    return KEY_CHARACTER;
  }
  if (code >= SDLK_KP_1 && code <= SDLK_KP_0) {
    *character = code == SDLK_KP_0 ? '0' : (char)('1' + (code - SDLK_KP_1));
    return KEY_CHARACTER;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(named_keys); i++)
    if (named_keys[i].code == code)
      return named_keys[i].key;
  return KEY_OTHER;
}

static bool translate_window(SdlDisplay *self, const SDL_WindowEvent *window, Event *event) {
  Size drawable = {0};
  switch (window->event) {
  case SDL_WINDOWEVENT_SIZE_CHANGED:
    event->kind = EVENT_RESIZED;
    display_sdl_place(self, &drawable);
    event->x = drawable.width;
    event->y = drawable.height;
    return true;
  case SDL_WINDOWEVENT_DISPLAY_CHANGED:
    if (window->data1 == self->screen)
      return false;
    event->kind = EVENT_DISPLAY_CHANGED;
    display_sdl_distrust(self, "the window moved to another screen than the one that was measured");
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

static bool translate_pointer(const SdlDisplay *self, EventKind kind, int x, int y, Event *event) {
  event->kind = kind;
  placement_to_frame(&self->place, x, y, &event->x, &event->y);
  return true;
}

/* False: nothing that a session cares about. */
static bool translate(SdlDisplay *self, const SDL_Event *sdl, Event *event) {
  switch (sdl->type) {
  case SDL_QUIT:
    event->kind = EVENT_CLOSE;
    return true;
  case SDL_WINDOWEVENT:
    return translate_window(self, &sdl->window, event);
  case SDL_DISPLAYEVENT: /* SDL renumbers the screens that are left: any that goes may have been ours */
    if (sdl->display.event != SDL_DISPLAYEVENT_DISCONNECTED)
      return false;
    event->kind = EVENT_DISPLAY_LOST;
    display_sdl_distrust(self, "a screen was unplugged during the session");
    return true;
  case SDL_MOUSEMOTION:
    return translate_pointer(self, EVENT_POINTER_MOVE, sdl->motion.x, sdl->motion.y, event);
  case SDL_MOUSEBUTTONDOWN:
  case SDL_MOUSEBUTTONUP:
    return sdl->button.button == SDL_BUTTON_LEFT &&
           translate_pointer(self, sdl->type == SDL_MOUSEBUTTONDOWN ? EVENT_POINTER_DOWN : EVENT_POINTER_UP,
                             sdl->button.x, sdl->button.y, event);
  case SDL_TEXTINPUT:
    event->kind = EVENT_TEXT;
    g_strlcpy(event->text, sdl->text.text, sizeof event->text);
    return true;
  case SDL_KEYDOWN:
    event->kind = EVENT_KEY;
    event->key = key_of(&sdl->key.keysym, &event->character);
    event->shift = (sdl->key.keysym.mod & KMOD_SHIFT) != 0;
    event->repeat = sdl->key.repeat != 0;
    return (sdl->key.keysym.mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI)) == 0;
  default:
    return false;
  }
}

bool display_sdl_next_event(Display *display, gint64 deadline_ns, Event *event) {
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

/* --- Events of a simulated participant --- */

static SDL_Keycode code_of(const Event *event) {
  if (event->key == KEY_CHARACTER)
    return event->character;
  for (gsize i = 0; i < G_N_ELEMENTS(named_keys); i++)
    if (named_keys[i].key == event->key)
      return named_keys[i].code;
  return SDLK_UNKNOWN;
}

void display_sdl_post(Display *display, const Event *event) {
  const SdlDisplay *self = (const SdlDisplay *)display;
  SDL_Event sdl = {0};
  double x = 0, y = 0;
  placement_to_window(&self->place, event->x, event->y, &x, &y);
  switch (event->kind) {
  case EVENT_POINTER_MOVE:
    sdl.type = SDL_MOUSEMOTION;
    sdl.motion.x = (int)lround(x);
    sdl.motion.y = (int)lround(y);
    break;
  case EVENT_POINTER_DOWN:
  case EVENT_POINTER_UP:
    sdl.type = event->kind == EVENT_POINTER_DOWN ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
    sdl.button.button = SDL_BUTTON_LEFT;
    sdl.button.x = (int)lround(x);
    sdl.button.y = (int)lround(y);
    break;
  case EVENT_KEY:
    sdl.type = SDL_KEYDOWN;
    sdl.key.keysym.sym = code_of(event);
    sdl.key.keysym.mod = event->shift ? KMOD_LSHIFT : KMOD_NONE;
    sdl.key.repeat = event->repeat;
    break;
  case EVENT_TEXT:
    sdl.type = SDL_TEXTINPUT;
    g_strlcpy(sdl.text.text, event->text, sizeof sdl.text.text);
    break;
  default:
    return; /* what happens to windows does not come from participants */
  }
  SDL_PushEvent(&sdl);
}
