#include <math.h>
#include <string.h>

#include "present/display/display_null.h"
#include "present/draw/sam.h"
#include "present/screens/choice_screen.h"
#include "present/screens/grid_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/rating_screen.h"
#include "present/screens/still_screen.h"
#include "tests/support.h"

static const ProtocolScreen screen_colours = {
    .background = {128, 128, 128}, .foreground = {0, 0, 0}, .text_percent = 100};

/* --- Sliders --- */

static Slider make_slider(double position) {
  return (Slider){.track = {100, 50, 400, 10}, .thumb_width = 16, .thumb_height = 34, .position = position};
}

static void press_key(Slider *slider, Key key, bool shift) {
  g_assert_true(slider_key(slider, &(Event){.kind = EVENT_KEY, .key = key, .shift = shift}));
}

static void test_slider_keys(void) {
  Slider slider = make_slider(50);
  const struct {
    Key key;
    bool shift;
    double want;
  } steps[] = {{KEY_RIGHT, false, 51},     {KEY_UP, false, 52},       {KEY_LEFT, false, 51}, {KEY_DOWN, true, 41},
               {KEY_RIGHT, true, 51},      {KEY_PAGE_UP, false, 61},  {KEY_END, false, 100}, {KEY_RIGHT, false, 100},
               {KEY_PAGE_DOWN, false, 90}, {KEY_PAGE_DOWN, true, 80}, {KEY_HOME, false, 0},  {KEY_LEFT, true, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    press_key(&slider, steps[i].key, steps[i].shift);
    g_assert_cmpfloat(slider.position, ==, steps[i].want);
  }
  g_assert_false(slider_key(&slider, &(Event){.kind = EVENT_KEY, .key = KEY_ENTER}));
}

/* Up is more, right is right. */
static void test_slider_keys_where_the_low_end_is_at_the_right(void) {
  Slider slider = make_slider(50);
  slider.mirrored = true;
  const struct {
    Key key;
    bool shift;
    double want;
  } steps[] = {{KEY_RIGHT, false, 51}, {KEY_UP, false, 50},     {KEY_LEFT, false, 49},
               {KEY_DOWN, true, 59},   {KEY_PAGE_UP, true, 49}, {KEY_PAGE_DOWN, false, 59},
               {KEY_END, false, 100},  {KEY_UP, false, 99},     {KEY_HOME, false, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    press_key(&slider, steps[i].key, steps[i].shift);
    g_assert_cmpfloat(slider.position, ==, steps[i].want);
  }
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

/* --- The rating screen --- */

static Screen *make_rating(int width, int height, gsize n_scales, double image_percent) {
  static const ProtocolScale arousal = {
      .figure = FIGURE_AROUSAL, .text = "How?", .left = "calm", .right = "excited", .min = 0, .max = 100};
  static const ProtocolScale valence = {
      .figure = FIGURE_VALENCE, .text = "", .left = "unpleasant", .right = "pleasant", .min = -4, .max = 4};
  Theme theme = theme_new(&screen_colours, width, height);
  RatingSetup setup = {.n_scales = n_scales, .image_percent = image_percent};
  for (gsize i = 0; i < n_scales; i++) {
    setup.scales[i] = i % 2 == 0 ? &arousal : &valence;
    setup.start[i] = i % 2 == 0 ? NAN : 2;
  }
  return rating_screen_new(&theme, &setup);
}

static bool inside(const Box *box, double width, double height) {
  return box->x >= 0 && box->y >= 0 && box->x + box->width <= width && box->y + box->height <= height;
}

static void test_rating_fits(void) {
  static const int sizes[][2] = {{1280, 800}, {1920, 1080}, {3840, 2160}, {1024, 768}, {800, 600}, {640, 480}};
  for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (gsize n = 1; n <= PROTOCOL_MAX_SCALES; n++) {
      int width = sizes[s][0], height = sizes[s][1];
      g_autoptr(Screen) screen = make_rating(width, height, n, 55);
      Box image = rating_screen_image_box(screen), button = rating_screen_button(screen);
      g_assert_true(inside(&image, width, height) && inside(&button, width, height));
      double y = image.y + image.height;
      for (gsize i = 0; i < n; i++) {
        const Slider *slider = rating_screen_slider(screen, i);
        g_assert_true(inside(&slider->track, width, height));
        g_assert_cmpfloat(slider->track.y, >, y);
        g_assert_cmpfloat(slider->thumb_height, >=, 1.1 * slider->track.height);
        y = slider->track.y + slider->track.height;
      }
      g_assert_cmpfloat(button.y, >, y);
    }
}

static void test_rating_keeps_400_pixels(void) {
  g_autoptr(Screen) screen = make_rating(1280, 800, 2, 55);
  g_assert_cmpfloat(rating_screen_image_box(screen).height, >=, 400);
}

static void test_rating_units(void) {
  g_autoptr(Screen) screen = make_rating(1280, 800, 2, 55);
  g_assert_true(isnan(rating_screen_value(screen, 0)));
  g_assert_cmpfloat(rating_screen_value(screen, 1), ==, 2);
  Event event = {.kind = EVENT_KEY, .key = KEY_TAB, .shift = true};
  g_assert_cmpint(screen_handle(screen, &event), ==, SCREEN_CHANGED); /* to the last slider */
  event = (Event){.kind = EVENT_KEY, .key = KEY_LEFT};
  screen_handle(screen, &event);
  support_assert_near("value", rating_screen_value(screen, 1), 1.92, 0, 1e-12);
  g_assert_false(rating_screen_all_touched(screen));
}

/* --- The choice screen --- */

static void test_choice(void) {
  Theme theme = theme_new(&screen_colours, 1280, 800);
  char *options[] = {(char *)"One", (char *)"Two", (char *)"Three", NULL};
  g_autoptr(Screen) screen = choice_screen_new(&theme, "Which?", options, 3, true);
  Event enter = {.kind = EVENT_KEY, .key = KEY_ENTER};
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_SAME);
  screen_handle(screen, &(Event){.kind = EVENT_KEY, .key = KEY_CHARACTER, .character = '4'});
  g_assert_cmpuint(choice_screen_choice(screen), ==, 0);
  screen_handle(screen, &(Event){.kind = EVENT_KEY, .key = KEY_UP});
  g_assert_cmpuint(choice_screen_choice(screen), ==, 3);
  Box box = choice_screen_option(screen, 1);
  screen_handle(screen, &(Event){.kind = EVENT_POINTER_DOWN, .x = box.x + 3, .y = box.y + 3});
  g_assert_cmpuint(choice_screen_choice(screen), ==, 2);
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_DONE);
}

static void test_choice_fits(void) {
  Theme theme = theme_new(&screen_colours, 1024, 600);
  char *options[21] = {NULL};
  for (int i = 0; i < 20; i++)
    options[i] = (char *)"An option whose text is so long that it does not fit on one line of the card, and so on";
  g_autoptr(Screen) screen = choice_screen_new(&theme, "Which?", options, 20, true);
  Box last = choice_screen_option(screen, 19), button = choice_screen_button(screen);
  g_assert_cmpfloat(last.y + last.height, <, button.y);
  g_assert_true(inside(&button, 1024, 600));
}

/* Too much for any legible size: said so, and the button stays whole on the card all the same. */
static void test_crowded(void) {
  Theme theme = theme_new(&screen_colours, 1280, 800);
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < 150; i++)
    g_string_append(text, "Please read all of these instructions. ");
  g_autoptr(Screen) fits = page_screen_new(&theme, "Read", text->str);
  g_assert_false(fits->crowded);
  Box button = page_screen_button(fits);
  g_assert_true(inside(&button, 1280, 800));
  g_assert_cmpfloat(button.height, <, 0.7 * THEME_BUTTON_UNITS); /* it shrank with the text */
  for (int i = 0; i < 300; i++)
    g_string_append(text, "Please read all of these instructions. ");
  g_autoptr(Screen) crowded = page_screen_new(&theme, "Read", text->str);
  g_assert_true(crowded->crowded);
  g_autofree char *word = g_strnfill(300, 'w');
  char *options[] = {word, (char *)"no", NULL};
  g_autoptr(Screen) choice = choice_screen_new(&theme, "Which?", options, 2, true);
  Box box = choice_screen_option(choice, 0);
  g_assert_false(choice->crowded); /* a long word wraps */
  g_assert_true(inside(&box, 1280, 800));
  g_assert_cmpfloat(box.height, >, 100);
  g_autoptr(Screen) eight = make_rating(1280, 800, 8, 55), two = make_rating(1280, 800, 2, 55);
  g_assert_true(eight->crowded);
  g_assert_false(two->crowded);
}

/* --- Stimuli --- */

static void test_picture_fit(void) {
  static const int cases[][6] = {/* image, box, shown */
                                 {400, 400, 1177, 430, 400, 400},
                                 {224, 224, 1177, 460, 448, 448},
                                 {1000, 500, 800, 600, 800, 400},
                                 {37, 23, 74, 46, 74, 46},
                                 {500, 1000, 999, 10, 5, 10}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int width = 0, height = 0;
    picture_fit(cases[i][0], cases[i][1], cases[i][2], cases[i][3], false, &width, &height);
    g_assert_cmpint(width, ==, cases[i][4]);
    g_assert_cmpint(height, ==, cases[i][5]);
  }
}

static void test_picture_fit_exactly(void) {
  static const int cases[][6] = {{224, 224, 1843, 594, 594, 594},
                                 {37, 23, 1843, 594, 956, 594},
                                 {1000, 500, 800, 600, 800, 400},
                                 {400, 100, 1000, 594, 1000, 250}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int width = 0, height = 0;
    picture_fit(cases[i][0], cases[i][1], cases[i][2], cases[i][3], true, &width, &height);
    g_assert_cmpint(width, ==, cases[i][4]);
    g_assert_cmpint(height, ==, cases[i][5]);
  }
}

static void test_picture_mean(void) {
  GError *error = NULL;
  g_autoptr(Image) image = image_new(4, 2, &error);
  g_assert_no_error(error);
  static const float red[] = {10, 20, 200, 102, 30, 41, 90, 11};
  for (int i = 0; i < 8; i++)
    image->pixels[3 * i] = red[i];
  g_autoptr(Picture) picture = NULL;
  g_assert_true(picture_new(image, 2, 1, &picture, &error));
  g_assert_cmphex(picture->pixels[0], ==, 0xff190000u); /* 101 / 4 = 25.25 */
  g_assert_cmphex(picture->pixels[1], ==, 0xff650000u); /* 403 / 4 = 100.75 */
}

/* By hand: each target pixel covers 4 / 6 of a source pixel across and one line in height. */
static void test_picture_between_whole_factors(void) {
  GError *error = NULL;
  g_autoptr(Image) image = image_new(4, 1, &error);
  g_assert_no_error(error);
  static const float red[] = {10, 20, 200, 101};
  static const guint32 wanted[] = {10, 15, 20, 200, 151, 101}; /* (10 + 20) / 2 = 15; (200 + 101) / 2 = 150.5 */
  for (int i = 0; i < 4; i++)
    image->pixels[3 * i] = red[i];
  g_autoptr(Picture) picture = NULL;
  g_assert_true(picture_new(image, 6, 2, &picture, &error));
  for (gsize i = 0; i < 12; i++)
    g_assert_cmphex(picture->pixels[i], ==, 0xff000000u | wanted[i % 6] << 16);
}

static void test_blit_clips(void) {
  GError *error = NULL;
  g_autoptr(Frame) frame = frame_new(10, 8, &error);
  guint32 pixels[20 * 20];
  for (guint i = 0; i < 400; i++)
    pixels[i] = 0xff000000u | i;
  Picture picture = {20, 20, pixels};
  frame_blit(frame, &picture, -5, -6);
  g_assert_cmphex(frame->pixels[0], ==, 0xff000000u | (6 * 20 + 5));
  g_assert_cmphex(frame->pixels[79], ==, 0xff000000u | (13 * 20 + 14));
  frame_fill(frame, 7);
  frame_blit(frame, &picture, 10, 0);
  frame_blit(frame, &picture, 0, -20);
  for (guint i = 0; i < 80; i++)
    g_assert_cmphex(frame->pixels[i], ==, 0xff070707u);
}

/* --- Figures --- */

/* The five figures of a scale all differ, and none leaves its square. */
static void test_figures(void) {
  GError *error = NULL;
  for (int figure = 0; figure < 2; figure++) {
    g_autoptr(Frame) last = frame_new(100, 100, &error);
    for (int level = 0; level < SAM_LEVELS; level++) {
      g_autoptr(Frame) frame = frame_new(100, 100, &error);
      cairo_t *cr = frame_paint(frame);
      sam_draw(cr, (SamFigure)figure, level, 10, 10, 80);
      cairo_destroy(cr);
      gsize differing = 0;
      for (int y = 0; y < 100; y++)
        for (int x = 0; x < 100; x++) {
          guint32 pixel = frame->pixels[y * 100 + x];
          if (x < 10 || y < 10 || x >= 90 || y >= 90)
            g_assert_cmphex(pixel, ==, 0xff808080u);
          g_assert_cmphex(pixel & 0xff, ==, pixel >> 8 & 0xff); /* grey only */
          differing += pixel != last->pixels[y * 100 + x];
        }
      g_assert_cmpuint(differing, >, 40);
      frame_copy(frame, last);
    }
  }
}

/* --- The null display --- */

static void test_null_flips(void) {
  g_autoptr(Clock) clock = clock_new_simulated(2000);
  g_autoptr(Display) display = display_null_new(clock, 320, 320, 60, false);
  Flip flip;
  display_show(display, NULL, 0, &flip);
  g_assert_cmpint(flip.time_ns, ==, 16666667);
  display_show(display, NULL, flip.time_ns + 300 * NS_PER_MS, &flip); /* 18 refreshes later */
  g_assert_cmpint(flip.time_ns, ==, 316666667);
  g_assert_cmpint(flip.missed, ==, 0);
  clock_wait_until(clock, flip.time_ns + 100 * NS_PER_MS);
  display_show(display, NULL, 333 * NS_PER_MS, &flip); /* too late: 83.67 ms, five whole refreshes */
  g_assert_cmpint(flip.missed, ==, 5);
}

static void test_null_events(void) {
  g_autoptr(Clock) clock = clock_new_simulated(0);
  g_autoptr(Display) display = display_null_new(clock, 320, 320, 60, false);
  static const gint64 times_ms[] = {30, 10, 20, 10};
  for (int i = 0; i < 4; i++)
    display_null_push(display, &(Event){.kind = EVENT_KEY, .time_ns = times_ms[i] * NS_PER_MS, .x = i});
  Event event;
  g_assert_false(display_next_event(display, 5 * NS_PER_MS, &event));
  g_assert_cmpint(clock_now_ns(clock), ==, 5 * NS_PER_MS);
  static const int order[] = {1, 3, 2, 0};
  for (int i = 0; i < 4; i++) {
    g_assert_true(display_next_event(display, G_MAXINT64, &event));
    g_assert_cmpfloat(event.x, ==, order[i]);
    g_assert_cmpint(event.time_ns, ==, clock_now_ns(clock));
  }
  g_assert_true(display_next_event(display, G_MAXINT64, &event));
  g_assert_cmpint(event.kind, ==, EVENT_CLOSE);
}

/* --- The grid --- */

static void test_grid_confirms_by_going_to_what_is_missing(void) {
  Theme theme = theme_new(&screen_colours, 1280, 800);
  char *options[] = {(char *)"no", (char *)"so so", (char *)"yes", NULL};
  char *items[] = {(char *)"tea", (char *)"milk", (char *)"juice", NULL};
  ProtocolQuestion question = {.kind = QUESTION_LIKERT,
                               .text = (char *)"Do you like it?",
                               .options = options,
                               .n_options = 3,
                               .items = items,
                               .n_items = 3,
                               .required = true};
  g_autoptr(Screen) screen = grid_screen_new(&theme, &question);
  const Event enter = {.kind = EVENT_KEY, .key = KEY_ENTER};
  for (gsize item = 0; item < 3; item += 2) {
    Box box = grid_screen_cell(screen, item, 1);
    screen_handle(screen, &(Event){.kind = EVENT_POINTER_DOWN, .x = box.x + 3, .y = box.y + 3});
  }
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_CHANGED);
  g_assert_cmpuint(grid_screen_choice(screen, 1), ==, 0); /* only shown */
  screen_handle(screen, &(Event){.kind = EVENT_KEY, .key = KEY_CHARACTER, .character = '3'});
  g_assert_cmpuint(grid_screen_choice(screen, 0), ==, 2);
  g_assert_cmpuint(grid_screen_choice(screen, 1), ==, 3);
  g_assert_cmpuint(grid_screen_choice(screen, 2), ==, 2);
  g_assert_cmpint(screen_handle(screen, &enter), ==, SCREEN_DONE);
}

/* --- The fixation cross --- */

static void test_cross_stands_where_the_image_will(void) {
  g_autoptr(Screen) rating = make_rating(1280, 800, 2, 55);
  Box box = rating_screen_image_box(rating);
  double x = box.x + box.width / 2, y = box.y + box.height / 2;
  g_assert_cmpfloat(y, <, 390); /* above the frame's middle, as the sliders are beneath */
  g_autoptr(Screen) cross = still_screen_new_fixation(&rating->theme, x, y);
  g_autoptr(Frame) frame = frame_new(1280, 800, NULL);
  bool fresh = false;
  screen_draw(cross, NULL, &fresh, frame);
  int top = 800, bottom = 0, left = 1280, right = 0;
  for (int row = 0; row < 800; row++)
    for (int column = 0; column < 1280; column++)
      if (frame->pixels[row * 1280 + column] != frame->pixels[0]) {
        top = MIN(top, row);
        bottom = MAX(bottom, row);
        left = MIN(left, column);
        right = MAX(right, column);
      }
  support_assert_near("x", (left + right + 1) / 2.0, x, 0, 1);
  support_assert_near("y", (top + bottom + 1) / 2.0, y, 0, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/slider/moves by keys and stops at its ends", test_slider_keys);
  g_test_add_func("/slider/goes up by its value where the low end is at the right",
                  test_slider_keys_where_the_low_end_is_at_the_right);
  g_test_add_func("/slider/is touched by a key that changes nothing", test_slider_key_without_change_touches);
  g_test_add_func("/slider/is touched by a press on its thumb, which stays", test_slider_press_on_the_thumb);
  g_test_add_func("/slider/reacts to presses near its track only", test_slider_reach);
  g_test_add_func("/rating/fits every screen with one to eight scales", test_rating_fits);
  g_test_add_func("/rating/leaves 400 pixels for the image at 1280x800", test_rating_keeps_400_pixels);
  g_test_add_func("/rating/gives values in the scale's units", test_rating_units);
  g_test_add_func("/choice/takes digits, arrows and clicks", test_choice);
  g_test_add_func("/choice/shrinks until twenty long options fit", test_choice_fits);
  g_test_add_func("/screens/say where texts do not fit at a legible size", test_crowded);
  g_test_add_func("/picture/fits at whole factors or smaller", test_picture_fit);
  g_test_add_func("/picture/fits exactly", test_picture_fit_exactly);
  g_test_add_func("/picture/averages between whole factors", test_picture_between_whole_factors);
  g_test_add_func("/picture/averages the area under a pixel", test_picture_mean);
  g_test_add_func("/picture/is clipped to the frame", test_blit_clips);
  g_test_add_func("/figures/differ from level to level in grey", test_figures);
  g_test_add_func("/display/shows at refreshes of the simulated clock", test_null_flips);
  g_test_add_func("/display/gives events in the order of their times", test_null_events);
  g_test_add_func("/grid screen/goes to the item that lacks an answer", test_grid_confirms_by_going_to_what_is_missing);
  g_test_add_func("/still screen/has the cross where the image will be", test_cross_stands_where_the_image_will);
  return g_test_run();
}
