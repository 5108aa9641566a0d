#include "present/session/session_trial.h"

#include <math.h>

#include "present/screens/still_screen.h"

#define TOO_SLOW_MS 1000.0

static gint64 ns_of_ms(double ms) { return (gint64)llround(ms * (double)NS_PER_MS); }

/* --- The record --- */

typedef struct {
  Session *session;
  const PreparedTrial *prepared;
  TrialRecord *record;
  gint64 planned_ns;                /* when the image should appear */
  Flip onset;                       /* the image's; source NULL: not shown yet */
  Flip other;                       /* of the last screen without the image */
  gint64 offset_ns;                 /* when another screen took the image away; 0: it stayed */
  gint64 hidden_ns;                 /* for which pauses hid the image before that */
  bool has_image;                   /* the screen under way */
  double last[PROTOCOL_MAX_SCALES]; /* the value of each slider on the screen */
  gint64 input_uncertainty_ns;      /* of the last event */
  TrialFlips flips;
} Recorder;

static RatingRecord *rating_of(const Recorder *recorder, gsize slider) {
  return trial_record_rating(recorder->record, recorder->session->setup->protocol,
                             recorder->prepared->trial->scales[slider]);
}

static Recorder recorder_new(Session *session, const PreparedTrial *prepared) {
  Recorder recorder = {
      .session = session, .prepared = prepared, .record = trial_record_new(session->setup->protocol, prepared->trial)};
  recorder.flips = trial_flips_new(session);
  if (prepared->picture != NULL) {
    recorder.record->image_width_px = (gsize)prepared->picture->width;
    recorder.record->image_height_px = (gsize)prepared->picture->height;
  }
  recorder.record->fixation_planned = prepared->timing.fixation_ms / 1000;
  recorder.record->iti_planned = prepared->timing.iti_ms / 1000;
  for (gsize i = 0; i < prepared->block->n_scales; i++) {
    const Protocol *protocol = session->setup->protocol;
    rating_of(&recorder, i)->mirrored = protocol_scale_mirrored(protocol, &protocol->scales[prepared->trial->scales[i]],
                                                                session->setup->trials->participant);
    recorder.last[i] = rating_screen_value(prepared->view.rating, i);
    if (!isnan(recorder.last[i]))
      rating_record_sample(rating_of(&recorder, i), 0, recorder.last[i]);
  }
  return recorder;
}

static void record_event(gpointer context, const Event *event) {
  Recorder *recorder = context;
  recorder->input_uncertainty_ns = event->uncertainty_ns;
  double ms = (double)(event->time_ns - recorder->onset.time_ns) / (double)NS_PER_MS;
  for (gsize i = 0; i < recorder->prepared->block->n_scales; i++) {
    RatingRecord *rating = rating_of(recorder, i);
    double value = rating_screen_value(recorder->prepared->view.rating, i);
    bool touched = rating_screen_slider(recorder->prepared->view.rating, i)->touched,
         first = touched && !rating->touched;
    if (first) {
      rating->touched = true;
      rating->first_touch_time = session_seconds(recorder->session, event->time_ns);
    }
    if (first || (touched && value != recorder->last[i]))
      rating_record_sample(rating, ms, value);
    recorder->last[i] = value;
  }
}

/* The first screen after the image's took it away. */
static void find_offset(Recorder *recorder) {
  if (!recorder->has_image && recorder->onset.source != NULL && recorder->offset_ns == 0)
    recorder->offset_ns = recorder->other.time_ns;
}

static void record_onset(Recorder *recorder) {
  TrialRecord *record = recorder->record;
  const Flip *flip = &recorder->onset;
  if (flip->source == NULL)
    return;
  record->onset_planned = session_seconds(recorder->session, recorder->planned_ns);
  record->onset_actual = session_seconds(recorder->session, flip->time_ns);
  g_free(record->onset_source);
  record->onset_source = g_strdup(flip->source);
  record->onset_uncertainty = flip->uncertainty_ns < 0 ? NAN : (double)flip->uncertainty_ns / (double)NS_PER_S;
  record->missed_frames = recorder->flips.n_missed;
  record->image_hidden = (double)recorder->hidden_ns / (double)NS_PER_S;
  if (recorder->offset_ns > 0)
    record->image_duration = (double)(recorder->offset_ns - flip->time_ns - recorder->hidden_ns) / (double)NS_PER_S;
}

static void record_answers(Recorder *recorder, gint64 confirmed_ns) {
  for (gsize i = 0; i < recorder->prepared->block->n_scales; i++) {
    RatingRecord *rating = rating_of(recorder, i);
    rating->final = rating_screen_value(recorder->prepared->view.rating, i);
    rating->confirm_time = session_seconds(recorder->session, confirmed_ns);
  }
  recorder->record->response_uncertainty = (double)recorder->input_uncertainty_ns / (double)NS_PER_S;
  recorder->record->response_time = (double)(confirmed_ns - recorder->onset.time_ns) / (double)NS_PER_S;
}

/* --- Pauses --- */

static void count_disturbances(Recorder *recorder) {
  const Session *session = recorder->session;
  recorder->record->focus_losses = session->focus_losses;
  recorder->record->pauses = session->pauses;
  recorder->record->pause_duration = (double)session->paused_ns / (double)NS_PER_S;
}

/* The program may be killed in the pause, or the trial begin again: that its image was seen stays. */
static bool keep_attempt(gpointer context, GError **error) {
  Recorder *recorder = context;
  find_offset(recorder);
  record_onset(recorder);
  count_disturbances(recorder);
  return recorder->onset.source == NULL || journal_attempt(recorder->session->setup->journal, recorder->record, error);
}

static void record_pause(gpointer context, const Flip *hidden, const Flip *back) {
  Recorder *recorder = context;
  Session *session = recorder->session;
  if (recorder->has_image)
    session_note(session, hidden->time_ns, "image_hidden", recorder->record->stim_id);
  if (back == NULL) {
    if (recorder->has_image)
      recorder->offset_ns = hidden->time_ns;
    return;
  }
  trial_flips_expect(&recorder->flips, recorder->flips.kind, 0);
  trial_flips_record(&recorder->flips, back);
  if (!recorder->has_image)
    return;
  session_note(session, back->time_ns, "image_back", recorder->record->stim_id);
  recorder->hidden_ns += back->time_ns - hidden->time_ns;
}

static const PauseTap pause_tap = {keep_attempt, record_pause};

/* --- One trial --- */

/* Shows one of a trial's screens; *wanted_ns is when it should appear (0: at once) and becomes when the next should. */
static ShowEnd show_part(Recorder *recorder, MomentKind kind, Screen *screen, ShowOptions options, bool has_image,
                         gint64 *wanted_ns, GError **error) {
  Session *session = recorder->session;
  const Trial *trial = recorder->prepared->trial;
  SessionMoment moment = {.kind = kind, .screen = screen, .step = trial->step, .trial = trial};
  options.wanted_ns = *wanted_ns;
  options.flips = &recorder->flips;
  options.pauses = &pause_tap;
  options.context = recorder;
  recorder->has_image = has_image;
  trial_flips_expect(&recorder->flips, kind, *wanted_ns);
  if (has_image)
    recorder->planned_ns = *wanted_ns > 0 ? *wanted_ns : clock_now_ns(session->setup->display->clock);
  Flip *flip = has_image ? &recorder->onset : &recorder->other;
  ShowEnd end = session_show(session, &moment, &options, flip, wanted_ns, error);
  find_offset(recorder);
  return end;
}

/* The image alone, and its mask. SHOW_TIMEOUT: the sliders' turn. */
static ShowEnd show_image(Recorder *recorder, gint64 *wanted_ns, GError **error) {
  const PreparedTrial *prepared = recorder->prepared;
  const ProtocolBlock *block = prepared->block;
  Screen *rating = prepared->view.rating;
  bool masked = block->mask_ms > 0;
  ShowOptions options = {.duration_ns = block->image_free ? G_MAXINT64 : ns_of_ms(block->image_ms),
                         .next = masked ? prepared->mask : rating};
  ShowEnd end = show_part(recorder, MOMENT_IMAGE, prepared->image, options, true, wanted_ns, error);
  if (end == SHOW_DONE) {
    *wanted_ns = 0;
    end = SHOW_TIMEOUT;
  }
  if (end == SHOW_TIMEOUT && masked) {
    options = (ShowOptions){.duration_ns = ns_of_ms(block->mask_ms), .next = rating};
    end = show_part(recorder, MOMENT_MASK, prepared->mask, options, false, wanted_ns, error);
  }
  return end;
}

/* Fixation, image, mask and sliders, as far as the block has them. SHOW_TIMEOUT: the deadline passed. */
static ShowEnd show_trial(Recorder *recorder, gint64 *wanted_ns, GError **error) {
  const PreparedTrial *prepared = recorder->prepared;
  const ProtocolBlock *block = prepared->block;
  bool together = prepared->view.together;
  ShowEnd end = SHOW_TIMEOUT;
  if (prepared->timing.fixation_ms > 0) {
    ShowOptions options = {.duration_ns = ns_of_ms(prepared->timing.fixation_ms),
                           .next = prepared_trial_image_screen(prepared)};
    end = show_part(recorder, MOMENT_FIXATION, prepared->fixation, options, false, wanted_ns, error);
  }
  if (end == SHOW_TIMEOUT && !together)
    end = show_image(recorder, wanted_ns, error);
  if (end == SHOW_TIMEOUT) {
    ShowOptions options = {.duration_ns = block->deadline_ms > 0 ? ns_of_ms(block->deadline_ms) : G_MAXINT64,
                           .tap = record_event};
    end = show_part(recorder, MOMENT_RATING, prepared->view.rating, options, together, wanted_ns, error);
  }
  record_onset(recorder);
  trial_flips_note(&recorder->flips);
  session_forget(recorder->session); /* what input changed in them is undone where the trial is shown again */
  return end;
}

static bool write_trial(Recorder *recorder, GError **error) {
  Session *session = recorder->session;
  count_disturbances(recorder);
  return session_write_notes(session, error) && journal_trial(session->setup->journal, recorder->record, error);
}

void session_begin_interval(Session *session, const PreparedTrial *prepared, gint64 *wanted_ns) {
  *wanted_ns = 0;
  if (prepared->timing.iti_ms <= 0)
    return;
  g_autoptr(Screen) blank = still_screen_new_blank(&session->theme);
  Flip flip;
  session_flash(session, blank, &flip);
  *wanted_ns = flip.time_ns + ns_of_ms(prepared->timing.iti_ms);
}

static ShowEnd tell_too_slow(Session *session, const PreparedTrial *prepared, GError **error) {
  g_autoptr(Screen) words = still_screen_new_words(&session->theme, theme_phrase(&session->theme, PHRASE_TOO_SLOW));
  const Trial *trial = prepared->trial;
  SessionMoment moment = {.kind = MOMENT_BLANK, .screen = words, .step = trial->step, .trial = trial};
  Flip flip;
  gint64 end_ns = 0;
  ShowEnd end =
      session_show(session, &moment, &(ShowOptions){.duration_ns = ns_of_ms(TOO_SLOW_MS)}, &flip, &end_ns, error);
  session_forget(session);
  return end == SHOW_TIMEOUT || end == SHOW_PAUSED ? SHOW_DONE : end;
}

ShowEnd session_trial(Session *session, const PreparedTrial *prepared, gint64 *wanted_ns, GError **error) {
  ShowEnd end = SHOW_PAUSED;
  session->focus_losses = session->pauses = 0;
  while (end == SHOW_PAUSED) {
    session->paused_ns = 0;
    rating_screen_restart(prepared->view.rating); /* the answers of an attempt that a pause broke off are not kept */
    Recorder recorder = recorder_new(session, prepared);
    end = show_trial(&recorder, wanted_ns, error);
    cue_player_finish(session->setup->cues, prepared->trial);
    gint64 end_ns = *wanted_ns;
    *wanted_ns = 0;
    if (end == SHOW_DONE) {
      record_answers(&recorder, end_ns);
      session_begin_interval(session, prepared, wanted_ns);
    }
    if (end == SHOW_TIMEOUT)
      recorder.record->timed_out = true;
    if (end == SHOW_QUIT)
      recorder.record->abort_reason = g_strdup(session->abort_reason);
    if ((end == SHOW_DONE || end == SHOW_TIMEOUT || end == SHOW_QUIT) && !write_trial(&recorder, error))
      end = SHOW_FAILED;
    trial_record_free(recorder.record);
    if (end == SHOW_TIMEOUT) {
      end = tell_too_slow(session, prepared, error);
      session_begin_interval(session, prepared, wanted_ns);
    }
  }
  return end;
}

ShowEnd session_wait_interval(Session *session, const Trial *trial, Screen *next, gint64 *wanted_ns, GError **error) {
  gint64 left = *wanted_ns - clock_now_ns(session->setup->display->clock);
  if (left <= 0)
    return SHOW_DONE;
  g_autoptr(Screen) blank = still_screen_new_blank(&session->theme);
  SessionMoment moment = {.kind = MOMENT_BLANK, .screen = blank, .step = trial->step, .trial = trial};
  ShowOptions options = {.duration_ns = left, .end_ns = *wanted_ns, .next = next};
  Flip flip;
  gint64 end_ns = 0;
  ShowEnd end = session_show(session, &moment, &options, &flip, &end_ns, error);
  if (next == NULL || session->drawn != next)
    session_forget(session);
  if (end == SHOW_PAUSED)
    *wanted_ns = 0; /* the pause was the interval */
  return end == SHOW_TIMEOUT || end == SHOW_PAUSED ? SHOW_DONE : end;
}
