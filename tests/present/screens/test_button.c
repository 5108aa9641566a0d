#include "present/screens/button.h"
#include "present/screens/entry_screen.h"

static const Box box = {100, 50, 80, 30};

static Event pointer(EventKind kind, double x, double y) { return (Event){.kind = kind, .x = x, .y = y}; }

static ScreenResult handle(Button *button, EventKind kind, bool inside, bool enabled) {
  Event event = pointer(kind, inside ? 120 : 99, 60);
  return button_handle(button, &event, enabled);
}

static void test_press_and_release(void) {
  Button button = {.box = box};
  g_assert_cmpint(handle(&button, EVENT_POINTER_DOWN, true, true), ==, SCREEN_CHANGED);
  g_assert_true(button.pressed);
  g_assert_cmpint(handle(&button, EVENT_POINTER_MOVE, false, true), ==, SCREEN_SAME);
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, true, true), ==, SCREEN_DONE);
  g_assert_false(button.pressed);
}

static void test_half_a_click(void) {
  Button button = {.box = box};
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, true, true), ==, SCREEN_SAME);
  g_assert_cmpint(handle(&button, EVENT_POINTER_DOWN, false, true), ==, SCREEN_SAME);
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, true, true), ==, SCREEN_SAME);
  handle(&button, EVENT_POINTER_DOWN, true, true);
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, false, true), ==, SCREEN_CHANGED);
  handle(&button, EVENT_POINTER_DOWN, true, true);
  g_assert_cmpint(handle(&button, EVENT_FOCUS_LOST, true, true), ==, SCREEN_CHANGED);
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, true, true), ==, SCREEN_SAME);
}

static void test_not_enabled(void) {
  Button button = {.box = box};
  g_assert_cmpint(handle(&button, EVENT_POINTER_DOWN, true, false), ==, SCREEN_SAME);
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, true, true), ==, SCREEN_SAME);
  handle(&button, EVENT_POINTER_DOWN, true, true);
  g_assert_cmpint(handle(&button, EVENT_POINTER_UP, true, false), ==, SCREEN_CHANGED);
}

/* Continue is held by the mouse while a key takes the only letter back. */
static void test_answer_taken_back(void) {
  static const ProtocolScreen colours = {.background = {128, 128, 128}, .foreground = {0, 0, 0}, .text_percent = 100};
  static const ProtocolQuestion question = {.kind = QUESTION_TEXT, .text = "Why?", .required = true, .lines = 1};
  Theme theme = theme_new(&colours, 1280, 800);
  g_autoptr(Screen) screen = entry_screen_new(&theme, &question);
  Box go_on = entry_screen_button(screen);
  Event press = pointer(EVENT_POINTER_DOWN, go_on.x + 5, go_on.y + 5), release = press;
  release.kind = EVENT_POINTER_UP;
  g_assert_cmpint(screen_handle(screen, &(Event){.kind = EVENT_TEXT, .text = "a"}), ==, SCREEN_CHANGED);
  g_assert_cmpint(screen_handle(screen, &press), ==, SCREEN_CHANGED);
  g_assert_cmpint(screen_handle(screen, &(Event){.kind = EVENT_KEY, .key = KEY_BACKSPACE}), ==, SCREEN_CHANGED);
  g_assert_cmpint(screen_handle(screen, &release), ==, SCREEN_CHANGED);
  screen_handle(screen, &(Event){.kind = EVENT_TEXT, .text = "b"});
  screen_handle(screen, &press);
  g_assert_cmpint(screen_handle(screen, &release), ==, SCREEN_DONE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/button/is pressed and let go of inside", test_press_and_release);
  g_test_add_func("/button/takes half a click for none", test_half_a_click);
  g_test_add_func("/button/does nothing while it is not enabled", test_not_enabled);
  g_test_add_func("/button/does not confirm an answer that is taken back while it is held", test_answer_taken_back);
  return g_test_run();
}
