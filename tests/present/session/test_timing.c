/* What a session does for the sake of its times: reading ahead, the photodiode's patch, screens whose flips cannot be
 * trusted. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/present/window.h"

static bool image_is_new(const SessionMoment *moment) {
  bool with_sliders = moment->kind == MOMENT_RATING && moment->trial->step == 2; /* of the rig's first block */
  return with_sliders || moment->kind == MOMENT_IMAGE;
}

/* --- The disk --- */

typedef struct {
  Rig *rig;
  guint64 begun;
  int checked;
} Reader;

/* At the cross every read is over, and none has begun when the image is there. */
static void watch_reads(gpointer context, const SessionMoment *moment) {
  Reader *reader = context;
  guint64 begun = 0, finished = 0;
  picture_store_reads(reader->rig->pictures, &begun, &finished);
  if (moment->kind == MOMENT_FIXATION) {
    g_assert_cmpuint(begun, ==, finished);
    reader->begun = begun;
  }
  if (image_is_new(moment)) { /* with sliders the next image may be asked for at this very flip */
    g_assert_cmpuint(begun, <=, reader->begun + (moment->kind == MOMENT_RATING));
    reader->checked++;
  }
  rig_dutiful(reader->rig, moment);
}

static void test_nothing_is_read_before_the_image(void) {
  Rig *rig = rig_new(true, true);
  Reader reader = {rig, 0, 0};
  g_assert_cmpint(rig_run(rig, false, watch_reads, &reader), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(reader.checked, ==, 4);
  guint64 begun = 0, finished = 0;
  picture_store_reads(rig->pictures, &begun, &finished);
  g_assert_cmpuint(begun, ==, 4); /* each image once */
  rig_free(rig);
}

/* How often this process has called read and the like (all threads): of Linux's accounting. -1: there is none. */
static gint64 read_calls(void) {
  char text[512] = "";
  FILE *file = fopen("/proc/self/io", "r");
  gsize n = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
  if (file != NULL)
    fclose(file);
  const char *found = n > 0 ? strstr(text, "syscr: ") : NULL;
  return found != NULL ? g_ascii_strtoll(found + strlen("syscr: "), NULL, 10) : -1;
}

/* A class has no context of its own. */
static struct {
  const DisplayClass *inner;
  DisplayClass counting;
  gint64 look;    /* calls that a look at the counter makes */
  gint64 after;   /* calls when the last flip had returned */
  gint64 between; /* from that one to the flip before this moment */
} reads;

static void counting_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  reads.between = read_calls() - reads.after - reads.look;
  reads.inner->show(display, frame, wanted_ns, flip);
  reads.after = read_calls();
}

static void watch_calls(gpointer context, const SessionMoment *moment) {
  Reader *reader = context;
  Display *display = reader->rig->display;
  if (display->class != &reads.counting) {
    reads.inner = display->class;
    reads.counting = *display->class;
    reads.counting.show = counting_show;
    display->class = &reads.counting;
  }
  if (image_is_new(moment)) {
    g_assert_cmpint(reads.between, ==, 0);
    reader->checked++;
  }
  rig_dutiful(reader->rig, moment);
}

/* Whatever file and whichever thread: between the flip of the cross and that of the image the kernel counts no read. */
static void test_no_read_between_the_flips(void) {
  gint64 first = read_calls();
  reads.look = read_calls() - first;
  if (first < 0) {
    g_test_skip("no /proc/self/io here");
    return;
  }
  g_autofree char *text = NULL;
  gint64 before = read_calls();
  g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
  g_assert_cmpint(read_calls() - before - reads.look, >, 0); /* it would be seen */
  Rig *rig = rig_new(true, true);
  Reader reader = {rig, 0, 0};
  g_assert_cmpint(rig_run(rig, false, watch_calls, &reader), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(reader.checked, ==, 4);
  rig_free(rig);
}

/* --- The photodiode's patch --- */

typedef struct {
  Rig *rig;
  int lit, dark;
} Photodiode;

static void look_at_patch(gpointer context, const SessionMoment *moment) {
  Photodiode *diode = context;
  const Frame *frame = display_null_frame(diode->rig->display);
  bool with_image = image_is_new(moment);
  guint32 want = with_image ? 0xffffffffu : 0xff000000u;
  for (int y = frame->height - 50; y < frame->height; y += 49)
    for (int x = frame->width - 50; x < frame->width; x += 49)
      g_assert_cmphex(frame->pixels[y * frame->width + x], ==, want);
  g_assert_cmphex(frame->pixels[(frame->height - 51) * frame->width + frame->width - 51], ==, 0xff808080u);
  *(with_image ? &diode->lit : &diode->dark) += 1;
  rig_dutiful(diode->rig, moment);
}

static void test_patch_is_white_with_the_image_only(void) {
  Rig *rig = rig_new(true, true);
  rig->protocol->screen.photodiode = PHOTODIODE_BOTTOM_RIGHT;
  rig->protocol->screen.photodiode_px = 50;
  Photodiode diode = {rig, 0, 0};
  g_assert_cmpint(rig_run(rig, false, look_at_patch, &diode), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(diode.lit, ==, 4);
  g_assert_cmpint(diode.dark, >=, 8);
  rig_free(rig);
}

/* --- Untrusted screens, under Xvfb --- */

static void add_key(const Window *window, const char *line) {
  g_autofree char *text = NULL;
  GError *error = NULL;
  g_assert_true(g_file_get_contents(window->path, &text, NULL, &error));
  g_auto(GStrv) halves = g_strsplit(text, "[screen]\n", 2);
  g_autofree char *changed = g_strconcat(halves[0], "[screen]\n", line, halves[1], NULL);
  g_assert_true(g_file_set_contents(window->path, changed, -1, &error));
}

static void test_refuses_an_untrusted_screen(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  add_key(window, "untrusted = refuse\n");
  window_start(window, NULL);
  window_wait(window, &(Goal){.ended = true});
  g_assert_cmpint(window->status, ==, 1);
  g_assert_null(window_journal(window));
  window_free(window);
}

static const char *event_detail(const JournalContents *contents, const char *kind) {
  for (guint i = 0; i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    if (g_str_equal(event->kind, kind))
      return event->detail;
  }
  return NULL;
}

static void test_says_that_a_screen_is_untrusted(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  window_start(window, NULL);
  window_pass_page(window);
  window_pass_question(window);
  TrialView view = window_wait_for_trial(window, 0);
  window_rate_by_keys(window, 0);
  trial_view_clear(&view);
  g_autoptr(JournalContents) contents = window_journal(window);
  g_assert_false(contents->header->display.onset_trusted);
  g_assert_nonnull(strstr(contents->header->display.note, "software renderer"));
  g_assert_nonnull(strstr(event_detail(contents, "untrusted_display"), "software renderer"));
  const char *flips = event_detail(contents, "flips");
  g_assert_nonnull(flips);
  g_assert_true(g_str_has_prefix(flips, "fixation n/a "));
  g_assert_nonnull(strstr(flips, "; rating "));
  g_assert_nonnull(strstr(flips, " untrusted n/a "));
  const TrialRecord *trial = contents->trials->pdata[0];
  g_assert_cmpstr(trial->onset_source, ==, "untrusted");
  g_assert_true(isnan(trial->onset_uncertainty));
  window_free(window);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/timing/reads nothing between fixation and image", test_nothing_is_read_before_the_image);
  g_test_add_func("/timing/makes no call to read between the flips of cross and image", test_no_read_between_the_flips);
  g_test_add_func("/timing/lights the patch with the image only", test_patch_is_white_with_the_image_only);
  g_test_add_func("/timing/refuses an untrusted screen", test_refuses_an_untrusted_screen);
  g_test_add_func("/timing/says that a screen is untrusted", test_says_that_a_screen_is_untrusted);
  return g_test_run();
}
