#include <math.h>

#include "present/screens/choice_screen.h"
#include "present/screens/grid_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/rating_screen.h"
#include "present/screens/still_screen.h"
#include "tests/support.h"

static const ProtocolScreen screen_colours = {
    .background = {128, 128, 128}, .foreground = {0, 0, 0}, .text_percent = 100};

static ScreenResult press(Screen *screen, Key key) {
  return screen_handle(screen, &(Event){.kind = EVENT_KEY, .key = key});
}

static void type(Screen *screen, char character) {
  screen_handle(screen, &(Event){.kind = EVENT_KEY, .key = KEY_CHARACTER, .character = character});
}

static void press_at(Screen *screen, Box box) {
  screen_handle(screen, &(Event){.kind = EVENT_POINTER_DOWN, .x = box.x + 3, .y = box.y + 3});
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
  press(screen, KEY_LEFT);
  support_assert_near("value", rating_screen_value(screen, 1), 1.92, 0, 1e-12);
  g_assert_false(rating_screen_all_touched(screen));
}

/* --- The choice screen --- */

static void test_choice(void) {
  Theme theme = theme_new(&screen_colours, 1280, 800);
  char *options[] = {(char *)"One", (char *)"Two", (char *)"Three", NULL};
  g_autoptr(Screen) screen = choice_screen_new(&theme, "Which?", options, 3, true);
  g_assert_cmpint(press(screen, KEY_ENTER), ==, SCREEN_SAME);
  type(screen, '4');
  g_assert_cmpuint(choice_screen_choice(screen), ==, 0);
  press(screen, KEY_UP);
  g_assert_cmpuint(choice_screen_choice(screen), ==, 3);
  press_at(screen, choice_screen_option(screen, 1));
  g_assert_cmpuint(choice_screen_choice(screen), ==, 2);
  g_assert_cmpint(press(screen, KEY_ENTER), ==, SCREEN_DONE);
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
  for (gsize item = 0; item < 3; item += 2)
    press_at(screen, grid_screen_cell(screen, item, 1));
  g_assert_cmpint(press(screen, KEY_ENTER), ==, SCREEN_CHANGED);
  g_assert_cmpuint(grid_screen_choice(screen, 1), ==, 0); /* only shown */
  type(screen, '3');
  g_assert_cmpuint(grid_screen_choice(screen, 0), ==, 2);
  g_assert_cmpuint(grid_screen_choice(screen, 1), ==, 3);
  g_assert_cmpuint(grid_screen_choice(screen, 2), ==, 2);
  g_assert_cmpint(press(screen, KEY_ENTER), ==, SCREEN_DONE);
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
  g_test_add_func("/rating/fits every screen with one to eight scales", test_rating_fits);
  g_test_add_func("/rating/leaves 400 pixels for the image at 1280x800", test_rating_keeps_400_pixels);
  g_test_add_func("/rating/gives values in the scale's units", test_rating_units);
  g_test_add_func("/choice/takes digits, arrows and clicks", test_choice);
  g_test_add_func("/choice/shrinks until twenty long options fit", test_choice_fits);
  g_test_add_func("/screens/say where texts do not fit at a legible size", test_crowded);
  g_test_add_func("/grid screen/goes to the item that lacks an answer", test_grid_confirms_by_going_to_what_is_missing);
  g_test_add_func("/still screen/has the cross where the image will be", test_cross_stands_where_the_image_will);
  return g_test_run();
}
