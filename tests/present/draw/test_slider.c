#include "present/draw/slider.h"

#include <math.h>

static Slider make_slider(double position) {
  return (Slider){.track = {100, 50, 400, 10}, .thumb_width = 16, .thumb_height = 34, .position = position};
}

typedef struct {
  Key key;
  bool shift;
  double want;
} Step;

static void press_key(Slider *slider, Key key, bool shift) {
  g_assert_true(slider_key(slider, &(Event){.kind = EVENT_KEY, .key = key, .shift = shift}));
}

static void press_steps(Slider *slider, const Step *steps, gsize n_steps) {
  for (gsize i = 0; i < n_steps; i++) {
    press_key(slider, steps[i].key, steps[i].shift);
    g_assert_cmpfloat(slider->position, ==, steps[i].want);
  }
}

static void test_values_of_steps_are_short(void) {
  for (int step = 0; step <= 100; step++) {
    Slider slider = make_slider(step), mirrored = make_slider(100 - step);
    mirrored.mirrored = true;
    double want = (step - 50) / 10.0; /* the double nearest to the decimal number */
    g_assert_cmpfloat(slider_value(&slider, -5, 5), ==, want);
    g_assert_cmpfloat(slider_value(&mirrored, -5, 5), ==, want);
    slider_place(&slider, step, 0, 100);
    slider_place(&mirrored, step, 0, 100);
    g_assert_cmpfloat(slider.position, ==, step);
    g_assert_cmpfloat(mirrored.position, ==, 100 - step);
  }
  Slider hidden = make_slider(NAN);
  g_assert_true(isnan(slider_value(&hidden, -5, 5)));
}

static void test_slider_keys(void) {
  Slider slider = make_slider(50);
  static const Step steps[] = {{KEY_RIGHT, false, 51},    {KEY_UP, false, 52},     {KEY_LEFT, false, 51},
                               {KEY_DOWN, true, 41},      {KEY_RIGHT, true, 51},   {KEY_PAGE_UP, false, 61},
                               {KEY_END, false, 100},     {KEY_RIGHT, false, 100}, {KEY_PAGE_DOWN, false, 90},
                               {KEY_PAGE_DOWN, true, 80}, {KEY_HOME, false, 0},    {KEY_LEFT, true, 0}};
  press_steps(&slider, steps, G_N_ELEMENTS(steps));
  g_assert_false(slider_key(&slider, &(Event){.kind = EVENT_KEY, .key = KEY_ENTER}));
}

/* Up is more, right is right. */
static void test_slider_keys_where_the_low_end_is_at_the_right(void) {
  Slider slider = make_slider(50);
  slider.mirrored = true;
  static const Step steps[] = {{KEY_RIGHT, false, 51}, {KEY_UP, false, 50},     {KEY_LEFT, false, 49},
                               {KEY_DOWN, true, 59},   {KEY_PAGE_UP, true, 49}, {KEY_PAGE_DOWN, false, 59},
                               {KEY_END, false, 100},  {KEY_UP, false, 99},     {KEY_HOME, false, 0}};
  press_steps(&slider, steps, G_N_ELEMENTS(steps));
}

static void test_slider_key_without_change_touches(void) {
  Slider slider = make_slider(0);
  press_key(&slider, KEY_LEFT, false);
  g_assert_true(slider.touched);
  g_assert_cmpfloat(slider.position, ==, 0);
}

static void test_slider_press_on_the_thumb(void) {
  Slider slider = make_slider(25); /* at x = 200 */
  g_assert_true(slider_hit(&slider, 206, 55));
  slider_press(&slider, 206);
  g_assert_true(slider.touched);
  g_assert_cmpfloat(slider.position, ==, 25); /* it does not jump to the pointer */
  slider_drag(&slider, 246);
  g_assert_cmpfloat(slider.position, ==, 35);
}

static void test_slider_reach(void) {
  Slider slider = make_slider(NAN);
  g_assert_true(slider_hit(&slider, 100, 72));
  g_assert_false(slider_hit(&slider, 300, 90));
  g_assert_false(slider_hit(&slider, 60, 55));
  slider_press(&slider, 95); /* before the track's end */
  g_assert_cmpfloat(slider.position, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/slider/moves by keys and stops at its ends", test_slider_keys);
  g_test_add_func("/slider/goes up by its value where the low end is at the right",
                  test_slider_keys_where_the_low_end_is_at_the_right);
  g_test_add_func("/slider/is touched by a key that changes nothing", test_slider_key_without_change_touches);
  g_test_add_func("/slider/is touched by a press on its thumb, which stays", test_slider_press_on_the_thumb);
  g_test_add_func("/slider/reacts to presses near its track only", test_slider_reach);
  g_test_add_func("/slider/values of steps are short", test_values_of_steps_are_short);
  return g_test_run();
}
