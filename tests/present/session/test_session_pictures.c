/* The images of a session: the pixels of their files, and only of the files that it began with. */
#include <string.h>

#include "present/screens/rating_screen.h"
#include "tests/present/rig.h"

typedef struct {
  Rig *rig;
  bool seen;
} Viewer;

/* The shown frame holds the file's own pixels, repeated at the whole factor that fits the box. */
static void viewer(gpointer context, const SessionMoment *moment) {
  Viewer *who = context;
  rig_dutiful(who->rig, moment);
  if (moment->kind != MOMENT_RATING || moment->trial->number != 2)
    return;
  GError *error = NULL;
  g_autofree char *path = stimulus_set_path(who->rig->protocol->set, moment->trial->stimulus);
  g_autoptr(Image) image = NULL;
  image_read(path, &image, &error);
  g_assert_no_error(error);
  Box box = rating_screen_image_box(moment->screen);
  int factor = (int)(box.height / 23);
  int left = (int)(box.x + (box.width - 37 * factor) / 2), top = (int)(box.y + (box.height - 23 * factor) / 2);
  const Frame *frame = display_null_frame(who->rig->display);
  for (int y = 0; y < 23 * factor; y++)
    for (int x = 0; x < 37 * factor; x++) {
      const float *rgb = image->pixels + ((gsize)(y / factor) * 37 + (gsize)(x / factor)) * 3;
      guint32 want = 0xff000000u | (guint32)rgb[0] << 16 | (guint32)rgb[1] << 8 | (guint32)rgb[2];
      g_assert_cmphex(frame->pixels[(gsize)(top + y) * 1280 + (gsize)(left + x)], ==, want);
    }
  who->seen = true;
}

static void test_stimulus_pixels(void) {
  Rig *rig = rig_new(true, false);
  Viewer who = {rig, false};
  g_assert_cmpint(rig_run(rig, false, viewer, &who), ==, JOURNAL_COMPLETE);
  g_assert_true(who.seen);
  g_assert_cmpuint(rig_trial(rig, 1)->image_height_px, >, 23);
  g_assert_cmpuint(rig_trial(rig, 1)->image_height_px % 23, ==, 0);
  g_assert_cmpuint(rig_trial(rig, 1)->image_width_px * 23, ==, rig_trial(rig, 1)->image_height_px * 37);
  rig_free(rig);
}

/* Another image, as good as the first, takes the place of the next one's file at the first trial. */
typedef struct {
  Rig *rig;
  char *path;
} Swapper;

static void swapper(gpointer context, const SessionMoment *moment) {
  Swapper *who = context;
  if (moment->kind == MOMENT_FIXATION && moment->trial->number == 1 && moment->step == 2) {
    g_autoptr(Image) image = image_new(37, 23, NULL);
    for (gsize i = 0; i < 37 * 23 * 3; i++)
      image->pixels[i] = 77;
    g_assert_true(image_write_png(image, who->path, NULL));
  }
  rig_dutiful(who->rig, moment);
}

static void test_replaced_image_is_not_shown(void) {
  Rig *rig = rig_new(true, false);
  GError *error = NULL;
  Swapper who = {rig, stimulus_set_path(rig->protocol->set, rig->trials->trials[1].stimulus)};
  g_autoptr(JournalHeader) header = journal_header_new(rig->protocol, "01", NULL, true, NULL);
  Journal *journal = NULL;
  g_assert_true(journal_create(rig->data, header, JOURNAL_FAST, &journal, NULL));
  SessionSetup setup = {.protocol = rig->protocol,
                        .trials = rig->trials,
                        .display = rig->display,
                        .journal = journal,
                        .pictures = rig->pictures,
                        .watcher = {swapper, &who}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  g_assert_false(session_run(&setup, &status, &error));
  g_assert_true(g_str_has_prefix(error->message, who.path));
  g_assert_nonnull(strstr(error->message, ": the file has changed since the session began (SHA-256 "));
  g_autoptr(JournalContents) contents = NULL;
  g_assert_true(journal_read(journal_path(journal), &contents, NULL));
  g_assert_cmpuint(contents->trials->len, ==, 1); /* the first is kept */
  g_assert_cmpint(contents->status, !=, JOURNAL_COMPLETE);
  g_clear_error(&error);
  journal_close(journal);
  g_free(who.path);
  rig_free(rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/shows the stimulus's own pixels", test_stimulus_pixels);
  g_test_add_func("/session/does not show an image whose file was replaced", test_replaced_image_is_not_shown);
  return g_test_run();
}
