/* What SDL reports becomes the session's events: on SDL's driver without a screen, with events put into its queue. */
#include <SDL2/SDL.h>
#include <math.h>
#include <string.h>

#include "present/display/display_sdl.h"
#include "present/display/placement.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

typedef struct {
  Clock *clock;
  Display *display;
} Fixture;

static void begin(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED) {
  GError *error = NULL;
  fixture->clock = clock_new_real();
  fixture->display =
      display_sdl_open(fixture->clock, &(DisplaySdlOptions){.width = 640, .height = 480, .title = "t"}, &error);
  g_assert_no_error(error);
  Event event;
  while (display_next_event(fixture->display, 0, &event)) /* what opening it brought */
    ;
}

static void end(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED) {
  display_free(fixture->display);
  clock_free(fixture->clock);
}

/* The session's event for this one of SDL's; false: it cares for none. */
static bool translated(const Fixture *fixture, SDL_Event sdl, Event *event) {
  SDL_PushEvent(&sdl);
  /* A first look may end at the mark that SDL left behind the event before. */
  return display_next_event(fixture->display, clock_now_ns(fixture->clock) + 20 * NS_PER_MS, event);
}

static SDL_Event moved_to(int screen) {
  SDL_Event sdl = {0};
  sdl.type = SDL_WINDOWEVENT;
  sdl.window.event = SDL_WINDOWEVENT_DISPLAY_CHANGED;
  sdl.window.data1 = screen;
  return sdl;
}

static void test_another_screen(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED) {
  Event event;
  g_assert_false(translated(fixture, moved_to(0), &event)); /* where it was opened */
  g_assert_true(translated(fixture, moved_to(1), &event));
  g_assert_cmpint(event.kind, ==, EVENT_DISPLAY_CHANGED);
  g_assert_false(fixture->display->info.trusted);
  g_assert_nonnull(strstr(fixture->display->info.note, "moved to another screen"));
}

static void test_unplugged(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED) {
  SDL_Event sdl = {0};
  Event event;
  sdl.type = SDL_DISPLAYEVENT;
  sdl.display.event = SDL_DISPLAYEVENT_CONNECTED;
  g_assert_false(translated(fixture, sdl, &event));
  sdl.display.event = SDL_DISPLAYEVENT_DISCONNECTED;
  g_assert_true(translated(fixture, sdl, &event));
  g_assert_cmpint(event.kind, ==, EVENT_DISPLAY_LOST);
  g_assert_nonnull(strstr(fixture->display->info.note, "unplugged"));
}

static void test_wrong_number(void) {
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(GError) error = NULL;
  DisplaySdlOptions options = {.width = 640, .height = 480, .title = "t", .screen = 3};
  g_assert_null(display_sdl_open(clock, &options, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_true(g_str_has_prefix(error->message, "--display 3: there is only 1: "));
}

static void check_key(const Fixture *fixture, SDL_Keycode code, SDL_Scancode place, Key key, char character) {
  SDL_Event sdl = {0};
  Event event;
  sdl.type = SDL_KEYDOWN;
  sdl.key.keysym.sym = code;
  sdl.key.keysym.scancode = place;
  g_assert_true(translated(fixture, sdl, &event));
  g_assert_cmpint(event.kind, ==, EVENT_KEY);
  g_assert_cmpint(event.key, ==, key);
  g_assert_cmpint(event.character, ==, character);
}

static void test_keys_of_other_layouts(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED) {
  check_key(fixture, SDLK_q, SDL_SCANCODE_Q, KEY_CHARACTER, 'q');
  check_key(fixture, SDLK_q, SDL_SCANCODE_A, KEY_CHARACTER, 'q');         /* French: where English has A */
  check_key(fixture, SDLK_y, SDL_SCANCODE_Z, KEY_CHARACTER, 'y');         /* German: Y and Z change places */
  check_key(fixture, 0x636, SDL_SCANCODE_Q, KEY_CHARACTER, 'q');          /* Arabic: dad */
  check_key(fixture, 0x43d, SDL_SCANCODE_Y, KEY_CHARACTER, 'y');          /* Russian: en */
  check_key(fixture, SDLK_AMPERSAND, SDL_SCANCODE_1, KEY_CHARACTER, '1'); /* French: digits behind Shift */
  check_key(fixture, 0xe0, SDL_SCANCODE_0, KEY_CHARACTER, '0');
  check_key(fixture, SDLK_KP_7, SDL_SCANCODE_KP_7, KEY_CHARACTER, '7');
  check_key(fixture, SDLK_LEFT, SDL_SCANCODE_LEFT, KEY_LEFT, '\0');
  check_key(fixture, SDLK_SEMICOLON, SDL_SCANCODE_SEMICOLON, KEY_OTHER, '\0');
}

/* What a simulated participant posts comes back at the same pixel of the frame. */
static void test_posted_pointer(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED) {
  Event event;
  display_sdl_post(fixture->display, &(Event){.kind = EVENT_POINTER_DOWN, .x = 311, .y = 207});
  g_assert_true(display_next_event(fixture->display, 0, &event));
  g_assert_cmpint(event.kind, ==, EVENT_POINTER_DOWN);
  g_assert_cmpfloat(event.x, ==, 311);
  g_assert_cmpfloat(event.y, ==, 207);
}

/* A frame of 1280 x 800 on a window of 731 x 503 units, 1.5 px each: there and back. */
static void test_window_and_frame_are_inverse(void) {
  Placement placement = placement_new((Size){1280, 800}, (Size){1097, 755}, (Size){731, 503});
  for (double x = -40; x < 1400; x += 97.3)
    for (double y = -40; y < 900; y += 61.7) {
      double window_x = 0, window_y = 0, back_x = 0, back_y = 0;
      placement_to_window(&placement, x, y, &window_x, &window_y);
      placement_to_frame(&placement, window_x, window_y, &back_x, &back_y);
      support_assert_near("x", back_x, x, 0, 1e-9);
      support_assert_near("y", back_y, y, 0, 1e-9);
    }
  double left = 0, top = 0;
  placement_to_window(&placement, 0, 0, &left, &top);
  /* 1097 wide, 686 high (1097 * 800 / 1280 = 685.6), 34 px below the top: 34 * 503 / 755 units */
  g_assert_cmpfloat(left, ==, 0);
  support_assert_near("top", top, 22.6517, 0, 1e-4);
}

static void test_window_of_no_size(void) {
  Placement placement = placement_new((Size){1280, 800}, (Size){0, 0}, (Size){0, 0}); /* minimised */
  g_assert_cmpint(placement.width, ==, 1);
  g_assert_cmpint(placement.height, ==, 1);
  double x = NAN, y = NAN;
  placement_to_frame(&placement, 3, 4, &x, &y);
  g_assert_true(isfinite(x) && isfinite(y));
}

int main(int argc, char **argv) {
  g_setenv("SDL_VIDEODRIVER", "dummy", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add("/display/a window on another screen is no longer trusted", Fixture, NULL, begin, test_another_screen,
             end);
  g_test_add("/display/an unplugged screen is lost", Fixture, NULL, begin, test_unplugged, end);
  g_test_add_func("/display/a screen that is not there is refused with those that are", test_wrong_number);
  g_test_add("/display/letters and digits are found on other layouts", Fixture, NULL, begin, test_keys_of_other_layouts,
             end);
  g_test_add("/display/a posted press comes back where it was", Fixture, NULL, begin, test_posted_pointer, end);
  g_test_add_func("/placement/window and frame are inverse", test_window_and_frame_are_inverse);
  g_test_add_func("/placement/a window of no size has a place", test_window_of_no_size);
  return g_test_run();
}
