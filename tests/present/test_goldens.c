/* Every kind of screen, pixel for pixel, against the pictures in tests/golden/present: what `dreamrig-present screens`
 * draws of the protocol with every kind, without a window. A golden that is missing fails, and so does one that nothing
 * draws. */
#include <math.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "stimuli/image.h"
#include "tests/present/goldens.h"
#include "tests/support.h"

#define FOLDER "present" /* in tests/golden */
#define SIZE "960x600"

typedef struct {
  const char *name, *language;
  const char *settings;    /* lines of [screen]; "" for none */
  const char *screens[32]; /* with what the numbers before them are left out */
} Gallery;

/* In English every screen but LEFT_OUT, elsewhere those in which direction, script or the settings show most. */
static const Gallery GALLERIES[] = {
    {"en", "en", "", {"consent",       "age",           "rosenberg",     "panas",     "media",         "mood",
                      "remark",        "fast-fixation", "fast-image",    "fast-mask", "fast-rating",   "fast-answered",
                      "fast-too-slow", "free-rating",   "free-answered", "attend",    "attend_slider", "rest",
                      "slow-fixation", "slow-rating",   "debrief",       "pause"}},
    {"ar", "ar", "", {"consent", "rosenberg", "mood", "free-answered", "pause"}},
    {"zh", "zh", "", {"consent", "rosenberg", "mood", "pause"}},
    {"large",
     "pl",
     "text_percent = 160\nprogress = bar\n",
     {"consent", "age", "rosenberg", "mood", "fast-answered", "free-rating", "rest"}},
    {"small", "en", "text_percent = 50\n", {"rosenberg", "free-rating"}},
    {"high",
     "en",
     "contrast = high\nprogress = bar\n",
     {"consent", "age", "rosenberg", "media", "mood", "fast-image", "fast-answered", "free-rating", "debrief"}},
    {"high-dark",
     "ar",
     "contrast = high\nbackground = #303030\nforeground = #e0d0b0\nprogress = bar\n",
     {"rosenberg", "free-answered"}},
    {"greyscale",
     "ar",
     "contrast = greyscale\nbackground = #203060\nforeground = #ffd040\nprogress = bar\n",
     {"consent", "mood", "fast-image", "free-answered", "pause"}},
};
/* Like another one, and large. */
static const char *const LEFT_OUT[] = {"free-fixation", "free-image", "slow-answered", "slow-too-slow", NULL};

/* --- The galleries --- */

/* The drawn file of a screen, "NN-SCREEN.png"; the first of several. NULL where there is none. */
static char *find_drawn(const char *folder, const char *screen) {
  for (int i = 1; i < 100; i++) {
    g_autofree char *file = g_strdup_printf("%02d-%s.png", i, screen);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
  }
  return NULL;
}

/* The protocol with every kind, with these settings. */
static char *write_protocol(const char *folder, const char *settings) {
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "protocols", "every-kind.protocol", NULL);
  g_autofree char *text = NULL;
  GError *error = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  g_autofree char *all = g_strconcat(text, "\n[screen]\n", settings, NULL);
  char *written = g_build_filename(folder, "settings.protocol", NULL);
  files_write(written, all, strlen(all), FILES_PUBLIC, &error);
  g_assert_no_error(error);
  return written;
}

static char *draw(const Gallery *gallery) {
  char *folder = support_folder();
  g_autofree char *protocol = write_protocol(folder, gallery->settings);
  g_autofree char *set = g_test_build_filename(G_TEST_DIST, "..", "stimuli", "demo", NULL);
  g_autofree char *err = NULL;
  int status = support_run(NULL, &err, "dreamrig-present", "screens", protocol, "--set", set, "--size", SIZE,
                           "--language", gallery->language, "-o", folder, NULL);
  g_assert_cmpstr(err, ==, "");
  g_assert_cmpint(status, ==, 0);
  return folder;
}

static void test_gallery(gconstpointer data) {
  const Gallery *gallery = data;
  double allowed = goldens_allowed_rms(goldens_writing());
  g_autofree char *folder = draw(gallery), *kept = goldens_kept_folder();
  for (gsize i = 0; gallery->screens[i] != NULL; i++) {
    g_autofree char *drawn = find_drawn(folder, gallery->screens[i]);
    g_autofree char *name = g_strdup_printf("%s-%s.png", gallery->name, gallery->screens[i]);
    g_autofree char *golden = golden_path(FOLDER, name);
    if (drawn == NULL)
      g_error("no screen %s is drawn any more", gallery->screens[i]);
    if (goldens_writing()) {
      g_autoptr(Image) image = NULL;
      GError *error = NULL;
      g_assert_true(image_read(drawn, &image, &error) && image_write_png(image, golden, &error));
    }
    g_autofree char *fault = golden_fault(drawn, golden, kept, name, allowed);
    if (fault != NULL) {
      g_test_message("%s", fault);
      g_test_fail();
    }
  }
  support_remove(folder);
}

/* So that a new kind of screen in the protocol asks for its golden. */
static void test_all_in_english(void) {
  g_autofree char *folder = draw(&GALLERIES[0]);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *file; (file = g_dir_read_name(dir)) != NULL;) {
    if (!g_str_has_suffix(file, ".png"))
      continue;
    g_autofree char *screen = g_strndup(file + 3, strlen(file) - strlen("NN-.png"));
    if (!g_strv_contains(GALLERIES[0].screens, screen) && !g_strv_contains(LEFT_OUT, screen)) {
      g_test_message("%s has no golden", screen);
      g_test_fail();
    }
  }
  support_remove(folder);
}

static void test_no_strays(void) {
  g_autofree char *folder = golden_path(FOLDER, "");
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *file; (file = g_dir_read_name(dir)) != NULL;) {
    bool known = strcmp(file, "versions.txt") == 0;
    for (gsize g = 0; g < G_N_ELEMENTS(GALLERIES); g++)
      for (gsize i = 0; GALLERIES[g].screens[i] != NULL; i++) {
        g_autofree char *name = g_strdup_printf("%s-%s.png", GALLERIES[g].name, GALLERIES[g].screens[i]);
        known = known || strcmp(file, name) == 0;
      }
    if (!known) {
      g_test_message("%s: no test draws it", file);
      g_test_fail();
    }
  }
}

/* --- The comparison itself --- */

static void test_faults(void) {
  GError *error = NULL;
  g_autofree char *folder = support_folder();
  g_autofree char *drawn = g_build_filename(folder, "drawn", NULL), *golden = g_build_filename(folder, "golden", NULL);
  g_autofree char *difference = g_build_filename(folder, "kept.png-difference.png", NULL);
  g_autoptr(Image) image = image_new(31, 17, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < 31 * 17 * 3; i++)
    image->pixels[i] = (float)(i * 37 % 251);
  g_assert_true(image_write_png(image, drawn, NULL));

  g_autofree char *missing = golden_fault(drawn, golden, folder, "kept.png", GOLDENS_OTHER_LIBRARIES_RMS);
  g_assert_nonnull(missing);
  g_assert_nonnull(strstr(missing, "there is no such golden"));
  g_assert_false(g_file_test(golden, G_FILE_TEST_EXISTS));

  g_assert_true(image_write_png(image, golden, NULL));
  g_assert_null(golden_fault(drawn, golden, folder, "kept.png", 0));

  image->pixels[1000] += 1;
  g_assert_true(image_write_png(image, golden, NULL));
  g_autofree char *one_off = golden_fault(drawn, golden, folder, "kept.png", 0);
  g_assert_nonnull(one_off);
  g_assert_nonnull(strstr(one_off, "1 values differ"));
  g_autoptr(Image) pictured = NULL;
  g_assert_true(image_read(difference, &pictured, NULL));
  for (gsize i = 0; i < 31 * 17 * 3; i++)
    g_assert_cmpfloat(pictured->pixels[i], ==, i == 1000 ? 8 : 0);
  g_assert_null(golden_fault(drawn, golden, folder, "kept.png", GOLDENS_OTHER_LIBRARIES_RMS));

  g_autoptr(Image) cut = image_crop(image, 0, 0, 30, 17, NULL);
  g_assert_true(image_write_png(cut, golden, NULL));
  g_autofree char *sizes = golden_fault(drawn, golden, folder, "kept.png", GOLDENS_OTHER_LIBRARIES_RMS);
  g_assert_nonnull(sizes);
  g_assert_nonnull(strstr(sizes, "30 x 17 px, drawn at 31 x 17"));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/goldens/a missing golden, another size and one level in one pixel are faults", test_faults);
  g_test_add_data_func("/goldens/screens in English are as they were", &GALLERIES[0], test_gallery);
  g_test_add_data_func("/goldens/screens in Arabic are as they were", &GALLERIES[1], test_gallery);
  g_test_add_data_func("/goldens/screens in Chinese are as they were", &GALLERIES[2], test_gallery);
  for (gsize i = 3; i < G_N_ELEMENTS(GALLERIES); i++) {
    g_autofree char *name = g_strdup_printf("/goldens/screens with settings are as they were: %s", GALLERIES[i].name);
    g_test_add_data_func(name, &GALLERIES[i], test_gallery);
  }
  g_test_add_func("/goldens/every screen has one in English", test_all_in_english);
  g_test_add_func("/goldens/none lies about that nothing draws", test_no_strays);
  return g_test_run();
}
