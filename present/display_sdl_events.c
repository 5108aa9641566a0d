#include "present/display_sdl_private.h"

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
  case SDLK_BACKSPACE:
    return KEY_BACKSPACE;
  default:
    return KEY_OTHER;
  }
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
    event->key = key_of(sdl->key.keysym.sym, &event->character);
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
