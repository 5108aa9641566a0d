#include <math.h>

#include "present/draw/mask.h"
#include "present/screens/still_screen.h"
#include "present/screens/trial_view.h"
#include "present/session/session_internal.h"
#include "protocols/timing.h"

#define TOO_SLOW_MS 1000.0

/* A trial with its screens. The rating screen is made while the trial before it is still rated, the rest, which need
 * the picture, in the interval before the trial. */
typedef struct {
  const Trial *trial;
  const ProtocolBlock *block;
  TrialTiming timing;
  TrialView view;
  const Picture *picture;          /* NULL where nobody draws */
  Picture *pattern;                /* of the mask */
  Screen *fixation, *image, *mask; /* NULL: not made yet */
} Prepared;

static gint64 ns_of_ms(double ms) { return (gint64)llround(ms * (double)NS_PER_MS); }

static void prepare(Session *session, const Trial *trial, Prepared *prepared) {
  const Protocol *protocol = session->setup->protocol;
  *prepared = (Prepared){.trial = trial, .block = &protocol->blocks[trial->block]};
  prepared->timing = trial_timing(protocol, session->setup->trials->participant, trial);
  prepared->view = trial_view_new(protocol, &session->theme, trial, session->setup->trials->participant);
  session->upcoming =
      (Upcoming){session->frame != NULL, trial->stimulus, prepared->view.box_width, prepared->view.box_height};
}

/* Call session_forget before. */
static void prepared_clear(Prepared *prepared) {
  trial_view_clear(&prepared->view);
  g_clear_pointer(&prepared->fixation, screen_free);
  g_clear_pointer(&prepared->image, screen_free);
  g_clear_pointer(&prepared->mask, screen_free);
  g_clear_pointer(&prepared->pattern, picture_free);
}

/* Its own stream, so that a mask is the same in a resumed session. */
static Picture *mask_of(const Session *session, const Prepared *prepared) {
  if (prepared->picture == NULL || prepared->block->mask_ms <= 0)
    return NULL;
  g_autofree char *stream = g_strdup_printf("mask %zu %s %zu", session->setup->trials->participant,
                                            prepared->block->name, prepared->trial->number);
  Random random;
  random_init_stream(&random, session->setup->protocol->seed, stream);
  return mask_new(prepared->picture, &random);
}

/* Makes the screens that need the picture, waiting for it where it is still being read. Takes the picture store's held
 * picture from the trial before, which must be over. */
static bool finish_preparing(Session *session, Prepared *prepared, GError **error) {
  if (prepared->fixation != NULL)
    return true;
  if (session->frame != NULL &&
      !picture_store_get(session->setup->pictures, prepared->trial->stimulus, prepared->view.box_width,
                         prepared->view.box_height, &prepared->picture, error))
    return false;
  const Theme *theme = &session->theme;
  const Picture *picture = prepared->picture;
  prepared->pattern = mask_of(session, prepared);
  prepared->fixation = still_screen_new_fixation(theme, prepared->view.image_x, prepared->view.image_y);
  prepared->image =
      prepared->block->image_free ? still_screen_new_viewing(theme, picture) : still_screen_new_picture(theme, picture);
  prepared->mask = still_screen_new_picture(theme, prepared->pattern);
  prepared->image->theme.lit = true;
  prepared->view.rating->theme.lit = prepared->view.together;
  if (prepared->view.together)
    rating_screen_set_picture(prepared->view.rating, picture);
  return true;
}

/* What the fixation cross gives way to. */
static Screen *image_screen(const Prepared *prepared) {
  return prepared->view.together ? prepared->view.rating : prepared->image;
}

static Screen *first_screen(const Prepared *prepared) {
  return prepared->timing.fixation_ms > 0 ? prepared->fixation : image_screen(prepared);
}

/* --- The record --- */

typedef struct {
  Session *session;
  const Prepared *prepared;
  TrialRecord *record;
  gint64 planned_ns;                /* when the image should appear */
  Flip onset;                       /* the image's; source NULL: not shown yet */
  gint64 offset_ns;                 /* when another screen took the image away; 0: it stayed */
  double last[PROTOCOL_MAX_SCALES]; /* the value of each slider on the screen */
  gint64 input_uncertainty_ns;      /* of the last event */
  TrialFlips flips;
} Recorder;

static RatingRecord *rating_of(const Recorder *recorder, gsize slider) {
  return trial_record_rating(recorder->record, recorder->session->setup->protocol,
                             recorder->prepared->trial->scales[slider]);
}

static Recorder recorder_new(Session *session, const Prepared *prepared) {
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
  if (recorder->offset_ns > 0)
    record->image_duration = (double)(recorder->offset_ns - flip->time_ns) / (double)NS_PER_S;
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

/* --- One trial --- */

/* Shows one of a trial's screens; *wanted_ns is when it should appear (0: at once) and becomes when the next should. */
static ShowEnd show_part(Recorder *recorder, MomentKind kind, Screen *screen, ShowOptions options, bool has_image,
                         gint64 *wanted_ns, GError **error) {
  Session *session = recorder->session;
  const Trial *trial = recorder->prepared->trial;
  SessionMoment moment = {.kind = kind, .screen = screen, .step = trial->step, .trial = trial};
  Flip flip;
  options.wanted_ns = *wanted_ns;
  options.flips = &recorder->flips;
  trial_flips_expect(&recorder->flips, kind, *wanted_ns);
  if (has_image)
    recorder->planned_ns = *wanted_ns > 0 ? *wanted_ns : clock_now_ns(session->setup->display->clock);
  ShowEnd end = session_show(session, &moment, &options, has_image ? &recorder->onset : &flip, wanted_ns, error);
  if (!has_image && recorder->onset.source != NULL && recorder->offset_ns == 0)
    recorder->offset_ns = flip.time_ns;
  return end;
}

/* The image alone, and its mask. SHOW_TIMEOUT: the sliders' turn. */
static ShowEnd show_image(Recorder *recorder, gint64 *wanted_ns, GError **error) {
  const Prepared *prepared = recorder->prepared;
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
  const Prepared *prepared = recorder->prepared;
  const ProtocolBlock *block = prepared->block;
  bool together = prepared->view.together;
  ShowEnd end = SHOW_TIMEOUT;
  if (prepared->timing.fixation_ms > 0) {
    ShowOptions options = {.duration_ns = ns_of_ms(prepared->timing.fixation_ms), .next = image_screen(prepared)};
    end = show_part(recorder, MOMENT_FIXATION, prepared->fixation, options, false, wanted_ns, error);
  }
  if (end == SHOW_TIMEOUT && !together)
    end = show_image(recorder, wanted_ns, error);
  if (end == SHOW_TIMEOUT) {
    ShowOptions options = {.duration_ns = block->deadline_ms > 0 ? ns_of_ms(block->deadline_ms) : G_MAXINT64,
                           .tap = record_event,
                           .context = recorder};
    end = show_part(recorder, MOMENT_RATING, prepared->view.rating, options, together, wanted_ns, error);
  }
  record_onset(recorder);
  trial_flips_note(&recorder->flips);
  session_forget(recorder->session); /* what input changed in them is undone where the trial is shown again */
  return end;
}

static bool write_trial(Session *session, TrialRecord *record, GError **error) {
  record->focus_losses = session->focus_losses;
  record->pauses = session->pauses;
  record->pause_duration = (double)session->paused_ns / (double)NS_PER_S;
  return session_write_notes(session, error) && journal_trial(session->setup->journal, record, error);
}

/* The blank between trials begins: *wanted_ns is when it ends, 0 where there is none. */
static void begin_interval(Session *session, const Prepared *prepared, gint64 *wanted_ns) {
  *wanted_ns = 0;
  if (prepared->timing.iti_ms <= 0)
    return;
  g_autoptr(Screen) blank = still_screen_new_blank(&session->theme);
  Flip flip;
  session_flash(session, blank, &flip);
  *wanted_ns = flip.time_ns + ns_of_ms(prepared->timing.iti_ms);
}

static ShowEnd tell_too_slow(Session *session, const Prepared *prepared, GError **error) {
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

/* A quit trial is recorded without an answer, and so is one whose deadline passed. */
static ShowEnd run_trial(Session *session, const Prepared *prepared, gint64 *wanted_ns, GError **error) {
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
      begin_interval(session, prepared, wanted_ns);
    }
    if (end == SHOW_TIMEOUT)
      recorder.record->timed_out = true;
    if (end == SHOW_QUIT)
      recorder.record->abort_reason = g_strdup(session->abort_reason);
    if ((end == SHOW_DONE || end == SHOW_TIMEOUT || end == SHOW_QUIT) && !write_trial(session, recorder.record, error))
      end = SHOW_FAILED;
    trial_record_free(recorder.record);
    if (end == SHOW_TIMEOUT) {
      end = tell_too_slow(session, prepared, error);
      begin_interval(session, prepared, wanted_ns);
    }
  }
  return end;
}

/* The rest of the interval between trials, until *wanted_ns; its blank is already on the screen. `next` is drawn
 * meanwhile. */
static ShowEnd wait_blank(Session *session, const Trial *trial, Screen *next, gint64 *wanted_ns, GError **error) {
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

static bool is_confirmed(const Session *session, const Trial *trial) {
  return session->setup->before != NULL && journal_confirmed(session->setup->before, trial->step, trial->number);
}

/* --- Between trials --- */

/* The attention checks that come after this trial and have no answer yet. *any: one was shown. */
static ShowEnd run_checks(Session *session, const Trial *trial, gsize n_trials, bool *any, GError **error) {
  const SessionSetup *setup = session->setup;
  const ProtocolBlock *block = &setup->protocol->blocks[trial->block];
  ShowEnd end = SHOW_DONE;
  for (gsize i = 0; i < block->n_checks && end == SHOW_DONE; i++) {
    const ProtocolQuestion *question = &setup->protocol->questions[block->checks[i]];
    if (check_place(setup->protocol, setup->trials->participant, trial->block, i, n_trials) != trial->number ||
        (setup->before != NULL && journal_answered(setup->before, trial->step, question->name)))
      continue;
    *any = true;
    end = session_question(session, trial->step, question, error);
  }
  return end;
}

static bool break_is_due(const Session *session, const Trial *trial, gint64 last_break_ns) {
  const ProtocolBlock *block = &session->setup->protocol->blocks[trial->block];
  double minutes = (double)(clock_now_ns(session->setup->display->clock) - last_break_ns) / (60 * (double)NS_PER_S);
  return (block->break_trials > 0 && trial->number % block->break_trials == 0) ||
         (block->break_minutes > 0 && minutes >= block->break_minutes);
}

static ShowEnd run_break(Session *session, const Trial *trial, GError **error) {
  const Protocol *protocol = session->setup->protocol;
  const ProtocolPage *page = &protocol->pages[protocol->blocks[trial->block].break_page];
  g_autofree char *detail = g_strdup_printf("%s trial %zu", protocol->blocks[trial->block].name, trial->number);
  session_note(session, clock_now_ns(session->setup->display->clock), "break", detail);
  ShowEnd end = session_page(session, trial->step, page, false, error);
  if (end == SHOW_DONE)
    session_note(session, clock_now_ns(session->setup->display->clock), "break_end", detail);
  return end;
}

static void mark_block(Session *session, MarkerEvent event, gsize step) {
  cue_player_mark(session->setup->cues, event, protocol_step_name(session->setup->protocol, step),
                  clock_now_ns(session->setup->display->clock));
}

ShowEnd session_block(Session *session, gsize step, GError **error) {
  gsize n_trials = 0;
  const Trial *trials = trial_list_step(session->setup->trials, step, &n_trials);
  bool any = false; /* a resumed session passes by the blocks that are done */
  for (gsize i = 0; i < n_trials && !any; i++)
    any = !is_confirmed(session, &trials[i]);
  if (any)
    mark_block(session, MARKER_BLOCK_START, step);
  Prepared now = {0}, next = {0};
  ShowEnd end = SHOW_DONE;
  gint64 wanted_ns = 0, last_break_ns = clock_now_ns(session->setup->display->clock);
  for (gsize i = 0; i < n_trials && end == SHOW_DONE; i++) {
    bool shown = !is_confirmed(session, &trials[i]), interrupted = false;
    session->trial = trials[i].number;
    if (shown) {
      if (next.trial != &trials[i])
        prepare(session, &trials[i], &next);
      now = next;
      next = (Prepared){0};
      if (!finish_preparing(session, &now, error))
        end = SHOW_FAILED;
      if (i + 1 < n_trials && end == SHOW_DONE)
        prepare(session, &trials[i + 1], &next);
      if (end == SHOW_DONE)
        end = session_need_sound(session, &trials[i], error);
      if (end == SHOW_DONE)
        end = run_trial(session, &now, &wanted_ns, error);
    }
    session->trial = trials[i].number + (end == SHOW_DONE);
    if (end == SHOW_DONE)
      end = run_checks(session, &trials[i], n_trials, &interrupted, error);
    if (end == SHOW_DONE && shown && i + 1 < n_trials && break_is_due(session, &trials[i], last_break_ns)) {
      end = run_break(session, &trials[i], error);
      last_break_ns = clock_now_ns(session->setup->display->clock);
      interrupted = true;
    }
    if (end == SHOW_DONE && shown && interrupted)
      begin_interval(session, &now, &wanted_ns);
    if (end == SHOW_DONE && next.trial != NULL && !finish_preparing(session, &next, error))
      end = SHOW_FAILED;
    if (end == SHOW_DONE && shown && wanted_ns > 0)
      end = wait_blank(session, &trials[i], next.trial != NULL ? first_screen(&next) : NULL, &wanted_ns, error);
    prepared_clear(&now);
  }
  session_forget(session);
  prepared_clear(&next);
  session->trial = 1;
  if (any)
    mark_block(session, MARKER_BLOCK_END, step);
  return end;
}
