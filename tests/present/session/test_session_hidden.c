/* A pause that hides the image: what is sounded, marked and recorded before, during and after it. */
#include <math.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "tests/present/cue_rig.h"
#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/support.h"

#define EVENTS "sub-01/beh/sub-01_task-test_run-1_events.tsv"
#define BEHAVIOUR "sub-01/beh/sub-01_task-test_run-1_beh.tsv"

/* Breaks once into the first trial of the block with sounds. */
typedef struct {
  Cues *cues;
  MomentKind where;
  gint64 after_ms;
  bool done;
  char *killed; /* the data folder as the pause found it */
} Breaker;

static Breaker breaker;

static char *journal_file(const char *data) {
  return g_build_filename(data, "sourcedata", "sub-01", "sub-01_task-test_run-1_journal.jsonl", NULL);
}

/* What a kill in the pause would leave. */
static void copy_journal(void) {
  g_autofree char *from = journal_file(breaker.cues->rig->data), *to = journal_file(breaker.killed), *text = NULL;
  g_autofree char *folder = g_path_get_dirname(to);
  gsize size = 0;
  g_assert_true(g_file_get_contents(from, &text, &size, NULL));
  g_assert_true(files_make_folder(folder, 0700, NULL) && files_write(to, text, size, FILES_PRIVATE, NULL));
}

static void broken_into(gpointer context, const SessionMoment *moment) {
  Rig *rig = ((Cues *)context)->rig;
  bool here = moment->kind == breaker.where && moment->trial != NULL && moment->trial->block == 1 && !breaker.done;
  if (moment->kind == MOMENT_PAUSE)
    copy_journal();
  if (here)
    rig_key(rig, breaker.after_ms, KEY_ESCAPE, '\0');
  else if (moment->kind == MOMENT_IMAGE && breaker.cues->protocol->blocks[1].image_free)
    rig_key(rig, 700, KEY_ENTER, '\0');
  breaker.done |= here;
  if (!here)
    rig_dutiful(rig, moment);
}

static Cues *break_into(Cues *cues, MomentKind where, gint64 after_ms) {
  breaker = (Breaker){.cues = cues, .where = where, .after_ms = after_ms};
  breaker.killed = g_build_filename(cues->rig->folder, "killed", NULL);
  g_assert_cmpint(cues_run(cues, broken_into), ==, JOURNAL_COMPLETE);
  derived_make(cues->rig->data);
  return cues;
}

static void end(Cues *cues) {
  g_free(breaker.killed);
  cues_free(cues);
}

/* The markers of the first block with sounds up to its first response. */
static char *markers_of_trial(const JournalContents *contents) {
  GString *text = g_string_new(NULL);
  bool begun = false;
  for (guint i = 0; i < contents->markers->len; i++) {
    const MarkerRecord *marker = contents->markers->pdata[i];
    if (begun)
      g_string_append_printf(text, "%s%s%s;", marker->event, strcmp(marker->event, "sound") == 0 ? " " : "",
                             strcmp(marker->event, "sound") == 0 ? marker->detail : "");
    if (begun && strcmp(marker->event, "response") == 0)
      break;
    begun |= strcmp(marker->event, "block_start") == 0 && strcmp(marker->detail, "timed") == 0;
  }
  return g_string_free(text, FALSE);
}

/* Of the trial's sounds, s after the image, which were heard. */
static void check_heard(const JournalContents *contents, guint first, const char *wanted) {
  const TrialRecord *trial = contents->trials->pdata[2];
  GString *text = g_string_new(NULL);
  for (guint i = first; i < first + 4; i++) {
    const SoundRecord *sound = contents->sounds->pdata[i];
    g_assert_cmpuint(sound->step, ==, trial->step);
    g_assert_cmpuint(sound->trial, ==, 1);
    if (isfinite(sound->onset))
      g_string_append_printf(text, "%.3f;", sound->onset - trial->onset_actual);
  }
  g_assert_cmpstr(text->str, ==, wanted);
  g_string_free(text, TRUE);
}

static double event_time(const JournalContents *contents, const char *kind) {
  for (guint i = 0; i < contents->events->len; i++)
    if (strcmp(((const EventRecord *)contents->events->pdata[i])->kind, kind) == 0)
      return ((const EventRecord *)contents->events->pdata[i])->time;
  return NAN;
}

/* The image 1 s, the pause 3 s, the image 0.7 s again; then the sliders, or first the mask. */
static void check_free(double mask_ms) {
  Cues *cues = cues_new();
  cues->protocol->blocks[1].image_free = true;
  cues->protocol->blocks[1].mask_ms = mask_ms;
  break_into(cues, MOMENT_IMAGE, 1000);
  g_autofree char *markers = markers_of_trial(cues->contents);
  g_assert_cmpstr(markers, ==, "fixation;sound probe;sound tone;image;sound probe;pause;continue;rating;response;");
  g_assert_cmpuint(cues->contents->sounds->len, ==, 2 * 4);
  check_heard(cues->contents, 0, "-0.100;0.000;0.800;");
  const TrialRecord *trial = cues->contents->trials->pdata[2];
  support_assert_near("shown", trial->image_duration, 1.7, 0, 1e-6);
  support_assert_near("hidden", trial->image_hidden, 3, 0, 1e-6);
  support_assert_near("hidden at", event_time(cues->contents, "image_hidden") - trial->onset_actual, 1, 0, 1e-6);
  support_assert_near("back at", event_time(cues->contents, "image_back") - trial->onset_actual, 4, 0, 1e-6);
  g_assert_cmpuint(cues->contents->attempts->len, ==, 0);
  g_autoptr(Table) rows = derived_table(cues->rig->data, BEHAVIOUR);
  g_assert_cmpfloat(g_ascii_strtod(derived_cell(rows, 2, "image_duration"), NULL), ==, trial->image_duration);
  g_assert_cmpstr(derived_cell(rows, 2, "sound_3_onset_actual"), !=, "n/a");
  g_assert_cmpstr(derived_cell(rows, 2, "sound_4_onset_actual"), ==, "n/a");
  end(cues);
}

static void test_free_image_comes_back_without_its_sounds_and_code(void) { check_free(0); }
static void test_free_image_comes_back_before_its_mask(void) { check_free(1500); }

static void test_image_with_sliders_comes_back_without_its_sounds_and_code(void) {
  Cues *cues = cues_new();
  cues->protocol->blocks[1].image_ms = 0;
  break_into(cues, MOMENT_RATING, 500);
  g_autofree char *markers = markers_of_trial(cues->contents);
  g_assert_cmpstr(markers, ==, "fixation;sound probe;sound tone;image;pause;continue;response;");
  check_heard(cues->contents, 0, "-0.100;0.000;");
  const TrialRecord *trial = cues->contents->trials->pdata[2];
  g_assert_true(isnan(trial->image_duration));
  support_assert_near("hidden", trial->image_hidden, 3, 0, 1e-6);
  support_assert_near("back at", event_time(cues->contents, "image_back") - trial->onset_actual, 3.5, 0, 1e-6);
  end(cues);
}

/* Rows of images in the block with sounds, as "duration detail;". */
static char *image_rows(const char *data) {
  g_autoptr(Table) table = derived_table(data, EVENTS);
  GString *text = g_string_new(NULL);
  for (gsize i = 0; i < table_n_rows(table); i++)
    if (strcmp(derived_cell(table, i, "trial_type"), "image") == 0 &&
        strcmp(derived_cell(table, i, "block"), "timed") == 0) {
      double duration = g_ascii_strtod(derived_cell(table, i, "duration"), NULL);
      g_string_append_printf(text, "%s %.3f %s;", derived_cell(table, i, "trial"), duration,
                             derived_cell(table, i, "detail"));
    }
  return g_string_free(text, FALSE);
}

static void test_timed_image_begins_again_with_its_sounds_and_code(void) {
  Cues *cues = break_into(cues_new(), MOMENT_IMAGE, 300);
  g_autofree char *markers = markers_of_trial(cues->contents);
  g_assert_cmpstr(markers, ==,
                  "fixation;sound probe;sound tone;image;pause;continue;"
                  "fixation;sound probe;sound tone;image;rating;sound probe;response;");
  g_assert_cmpuint(cues->contents->sounds->len, ==, 3 * 4);
  check_heard(cues->contents, 4, "-0.100;0.000;0.800;");
  const TrialRecord *trial = cues->contents->trials->pdata[2];
  support_assert_near("shown", trial->image_duration, 0.5, 0, 1e-6);
  g_assert_cmpfloat(trial->image_hidden, ==, 0);
  g_assert_cmpuint(cues->contents->attempts->len, ==, 1);
  const TrialRecord *attempt = cues->contents->attempts->pdata[0];
  g_assert_cmpstr(attempt->stim_id, ==, trial->stim_id);
  support_assert_near("hidden at", event_time(cues->contents, "image_hidden") - attempt->onset_actual, 0.3, 0, 1e-6);
  g_autofree char *rows = image_rows(cues->rig->data);
  g_assert_cmpstr(rows, ==, "1 0.000 broken off;1 0.500 n/a;2 0.500 n/a;");
  g_autoptr(Table) table = derived_table(cues->rig->data, BEHAVIOUR);
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  end(cues);
}

/* The image is gone by then, and its end known. */
static void test_a_kill_in_a_pause_leaves_the_image_that_was_seen(void) {
  Cues *cues = break_into(cues_new(), MOMENT_RATING, 100);
  g_autofree char *whole = image_rows(cues->rig->data);
  g_assert_cmpstr(whole, ==, "1 0.500 n/a;2 0.500 n/a;");
  derived_make(breaker.killed);
  g_autofree char *killed = image_rows(breaker.killed);
  g_assert_cmpstr(killed, ==, "1 0.500 broken off;");
  g_autoptr(Table) table = derived_table(breaker.killed, EVENTS);
  gsize n_images = 0;
  for (gsize i = 0; i < table_n_rows(table); i++) {
    bool image = strcmp(derived_cell(table, i, "trial_type"), "image") == 0;
    n_images += image;
    if (image && n_images == 3)
      g_assert_cmpstr(derived_cell(table, i, "stim_id"), ==,
                      ((const TrialRecord *)cues->contents->trials->pdata[2])->stim_id);
  }
  g_assert_cmpuint(n_images, ==, 3);
  end(cues);
}

static void test_simulated_markers_say_that_nothing_was_sent(void) {
  Cues *cues = break_into(cues_new(), MOMENT_RATING, 100);
  g_autoptr(Table) table = derived_table(cues->rig->data, EVENTS);
  gsize n_markers = 0;
  for (gsize i = 0; i < table_n_rows(table); i++) {
    if (strcmp(derived_cell(table, i, "trial_type"), "markers") == 0)
      g_assert_cmpstr(derived_cell(table, i, "detail"), ==, "serial none (simulated: nothing was sent)");
    if (strcmp(derived_cell(table, i, "trial_type"), "marker") != 0)
      continue;
    n_markers++;
    g_assert_cmpstr(derived_cell(table, i, "source"), ==, "simulated");
  }
  g_assert_cmpuint(n_markers, ==, cues->contents->markers->len);
  g_autoptr(JsonNode) root = derived_json(cues->rig->data, "sub-01/beh/sub-01_task-test_run-1_events.json");
  g_assert_nonnull(strstr(derived_level(root, "trial_type", "marker"), "simulated: nothing was sent"));
  end(cues);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session hidden/a free image comes back without its sounds and code",
                  test_free_image_comes_back_without_its_sounds_and_code);
  g_test_add_func("/session hidden/a free image comes back before its mask",
                  test_free_image_comes_back_before_its_mask);
  g_test_add_func("/session hidden/an image with sliders comes back without its sounds and code",
                  test_image_with_sliders_comes_back_without_its_sounds_and_code);
  g_test_add_func("/session hidden/a timed image begins again with its sounds and code",
                  test_timed_image_begins_again_with_its_sounds_and_code);
  g_test_add_func("/session hidden/a kill in a pause leaves the image that was seen",
                  test_a_kill_in_a_pause_leaves_the_image_that_was_seen);
  g_test_add_func("/session hidden/simulated markers say that nothing was sent",
                  test_simulated_markers_say_that_nothing_was_sent);
  return g_test_run();
}
