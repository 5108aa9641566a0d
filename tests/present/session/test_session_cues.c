#include <math.h>
#include <string.h>

#include "tests/present/cue_rig.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/support.h"

#include "tests/support.h"

static void dutiful(gpointer context, const SessionMoment *moment) { rig_dutiful(((Cues *)context)->rig, moment); }

static void test_sounds_follow_the_image(void) {
  static const double offsets[] = {-0.1, 0, 0.8, 3};
  Cues *cues = cues_new();
  g_assert_cmpint(cues_run(cues, dutiful), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(cues->contents->sounds->len, ==, 2 * 4);
  for (guint i = 0; i < 8; i++) {
    const SoundRecord *sound = cues->contents->sounds->pdata[i];
    const TrialRecord *trial = cues->contents->trials->pdata[2 + i / 4];
    g_assert_cmpuint(sound->step, ==, trial->step);
    g_assert_cmpuint(sound->trial, ==, trial->trial);
    g_assert_cmpstr(sound->name, ==, i % 2 == 0 ? "probe" : "tone");
    support_assert_near("planned", sound->planned - trial->onset_actual, offsets[i % 4], 0, 1e-6);
    if (i % 4 == 3) { /* the answer came first */
      g_assert_true(isnan(sound->onset) && isnan(sound->uncertainty));
      g_assert_cmpstr(sound->source, ==, "");
      continue;
    }
    g_assert_cmpfloat(sound->onset, ==, sound->planned);
    g_assert_cmpfloat(sound->uncertainty, ==, 0);
    g_assert_cmpstr(sound->source, ==, "simulated");
  }
  cues_free(cues);
}

/* Every marker of the session in its order, and each at its event's time. The tone begins with the image, and its
 * marker is planned before the flip. */
static void test_markers_follow_the_session(void) {
  static const char block[] = "fixation;image;response;fixation;image;response;";
  static const char timed[] = "fixation;sound probe;sound tone;image;rating;sound probe;response;";
  Cues *cues = cues_new();
  g_assert_cmpint(cues_run(cues, dutiful), ==, JOURNAL_COMPLETE);
  g_autoptr(GString) got = g_string_new(NULL);
  double last = 0;
  gsize trial = 0;
  for (guint i = 0; i < cues->contents->markers->len; i++) {
    const MarkerRecord *marker = cues->contents->markers->pdata[i];
    bool image = strcmp(marker->event, "image") == 0;
    g_string_append_printf(got, "%s%s%s;", marker->event, *marker->detail != '\0' && !image ? " " : "",
                           image ? "" : marker->detail);
    g_assert_cmpfloat(marker->time, >=, last);
    g_assert_cmpstr(marker->fault, ==, "");
    last = marker->time;
    const TrialRecord *record = cues->contents->trials->pdata[MIN(trial, 3)];
    if (image) {
      g_assert_cmpuint(marker->code, ==, 6);
      g_assert_cmpstr(marker->detail, ==, record->stim_id);
      g_assert_cmpfloat(marker->time, ==, record->onset_actual);
    }
    if (strcmp(marker->event, "response") == 0) {
      g_assert_cmpfloat(marker->time, ==, record->ratings[0].confirm_time);
      trial++;
    }
  }
  g_autofree char *want = g_strconcat("session_start;block_start together;", block, "block_end together;",
                                      "block_start timed;", timed, timed, "block_end timed;session_end;", NULL);
  g_assert_cmpstr(got->str, ==, want);
  cues_free(cues);
}

/* --- Faults --- */

static void unlucky(gpointer context, const SessionMoment *moment) {
  Cues *cues = context;
  if (moment->kind == MOMENT_RATING && ++cues->n_ratings == cues->lose_at)
    audio_null_lose(cues->audio, false);
  if (moment->kind == MOMENT_PAUSE && cues->quit) {
    rig_key(cues->rig, 500, KEY_CHARACTER, 'q');
    rig_key(cues->rig, 700, KEY_CHARACTER, 'y');
    return;
  }
  if (moment->kind == MOMENT_PAUSE && ++cues->n_pauses == 2)
    audio_null_lose(cues->audio, true); /* somebody has put the plug in again */
  rig_dutiful(cues->rig, moment);
}

static void test_a_lost_device_pauses_until_it_is_back(void) {
  Cues *cues = cues_new();
  cues->lose_at = 3;
  g_assert_cmpint(cues_run(cues, unlucky), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(cues->n_pauses, ==, 2);
  g_assert_cmpuint(fixture_count_events(cues->contents, "audio_lost"), ==, 2);
  g_assert_cmpuint(fixture_count_events(cues->contents, "audio_back"), ==, 1);
  g_assert_cmpuint(cues->contents->trials->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_null(((const TrialRecord *)cues->contents->trials->pdata[i])->abort_reason);
  /* The trial under way had its answer, and no sound that anybody can vouch for; the next one had all. */
  g_assert_true(isnan(((const SoundRecord *)cues->contents->sounds->pdata[2])->onset));
  g_assert_false(isnan(((const SoundRecord *)cues->contents->sounds->pdata[6])->onset));
  cues_free(cues);
}

static void test_a_lost_device_ends_the_session_on_request(void) {
  Cues *cues = cues_new();
  cues->lose_at = 3;
  cues->quit = true;
  g_assert_cmpint(cues_run(cues, unlucky), ==, JOURNAL_ABORTED);
  g_assert_cmpstr(cues->contents->abort_reason, ==, "sound device lost");
  g_assert_cmpuint(cues->contents->trials->len, ==, 3);
  g_assert_true(journal_confirmed(cues->contents, 3, 1));
  g_assert_false(journal_confirmed(cues->contents, 3, 2));
  cues_free(cues);
}

/* The device goes at every rating screen in turn, and comes back when the pause has said so. */
static void test_a_lost_device_loses_and_doubles_no_trial(void) {
  for (int at = 1; at <= 4; at++) {
    Cues *cues = cues_new();
    cues->lose_at = at;
    g_assert_cmpint(cues_run(cues, unlucky), ==, JOURNAL_COMPLETE);
    g_assert_cmpint(cues->n_pauses, ==, at < 4 ? 2 : 0); /* after the last trial nobody needs it */
    g_assert_cmpuint(cues->contents->trials->len, ==, 4);
    for (guint i = 0; i < 4; i++) {
      const TrialRecord *trial = cues->contents->trials->pdata[i];
      g_assert_null(trial->abort_reason);
      g_assert_cmpuint(trial->step, ==, cues->rig->trials->trials[i].step);
      g_assert_cmpuint(trial->trial, ==, cues->rig->trials->trials[i].number);
    }
    cues_free(cues);
  }
}

/* Escape while the sliders of the first timed trial show: its sounds end there. */
static void escaping(gpointer context, const SessionMoment *moment) {
  Cues *cues = context;
  if (moment->kind == MOMENT_RATING && ++cues->n_ratings == 3)
    rig_key(cues->rig, 100, KEY_ESCAPE, '\0'); /* 600 ms after the image */
  rig_dutiful(cues->rig, moment);
}

static void test_a_pause_ends_the_sounds(void) {
  Cues *cues = cues_new();
  g_assert_cmpint(cues_run(cues, escaping), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(cues->contents->sounds->len, ==, 2 * 4);
  g_assert_false(isnan(((const SoundRecord *)cues->contents->sounds->pdata[1])->onset));
  g_assert_true(isnan(((const SoundRecord *)cues->contents->sounds->pdata[2])->onset));
  gsize n_pauses = 0, n_continues = 0;
  for (guint i = 0; i < cues->contents->markers->len; i++) {
    const MarkerRecord *marker = cues->contents->markers->pdata[i];
    n_pauses += strcmp(marker->event, "pause") == 0 && marker->code == 200;
    n_continues += strcmp(marker->event, "continue") == 0;
  }
  g_assert_cmpuint(n_pauses, ==, 1);
  g_assert_cmpuint(n_continues, ==, 1);
  cues_free(cues);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session cues/sounds follow the image", test_sounds_follow_the_image);
  g_test_add_func("/session cues/markers follow the session", test_markers_follow_the_session);
  g_test_add_func("/session cues/a lost device pauses until it is back", test_a_lost_device_pauses_until_it_is_back);
  g_test_add_func("/session cues/a lost device ends the session on request",
                  test_a_lost_device_ends_the_session_on_request);
  g_test_add_func("/session cues/a lost device loses and doubles no trial",
                  test_a_lost_device_loses_and_doubles_no_trial);
  g_test_add_func("/session cues/a pause ends the sounds", test_a_pause_ends_the_sounds);
  return g_test_run();
}
