#include "present/screens/pause_screen.h"
#include "present/session/session_internal.h"

/* A press this soon after a page appears was meant for the screen before it (a double click). */
#define CARRY_OVER_NS (200 * NS_PER_MS)

double session_seconds(const Session *session, gint64 time_ns) {
  return (double)(time_ns - session->setup->origin_ns) / (double)NS_PER_S;
}

void session_note(Session *session, gint64 time_ns, const char *kind, const char *detail) {
  g_ptr_array_add(session->pending, event_record_new(session_seconds(session, time_ns), kind, detail));
}

bool session_write_notes(Session *session, GError **error) {
  if (session->setup->journal != NULL &&
      !cue_player_write(session->setup->cues, session->setup->journal, session->setup->origin_ns, error))
    return false;
  if (session->setup->journal != NULL)
    for (guint i = 0; i < session->pending->len; i++)
      if (!journal_event(session->setup->journal, session->pending->pdata[i], error))
        return false;
  g_ptr_array_set_size(session->pending, 0);
  return true;
}

static void draw(Session *session, Screen *screen) {
  if (session->frame == NULL || session->drawn == screen)
    return;
  bool fresh = session->base_of == screen;
  screen_draw(screen, session->base, &fresh, session->frame);
  session->base_of = session->drawn = screen;
  display_prepare(session->setup->display, session->frame);
}

static void show(Session *session, Screen *screen, gint64 wanted_ns, Flip *flip) {
  draw(session, screen);
  display_show(session->setup->display, session->frame, wanted_ns, flip);
}

void session_forget(Session *session) { session->base_of = session->drawn = NULL; }

void session_flash(Session *session, Screen *screen, Flip *flip) {
  show(session, screen, 0, flip);
  session_forget(session);
}

/* The first reason stays: who declines consent may still close the debriefing. */
static void give_reason(Session *session, const char *reason) {
  if (session->abort_reason == NULL)
    session->abort_reason = reason;
}

static void enter(Session *session, const SessionMoment *moment) {
  const SessionWatcher *watcher = &session->setup->watcher;
  display_set_pointer(session->setup->display, moment->screen->wants_pointer);
  display_set_text_input(session->setup->display, moment->screen->wants_text);
  if (watcher->entered != NULL)
    watcher->entered(watcher->context, moment);
}

static char *place_of(const Session *session, const SessionMoment *moment) {
  if (moment->place != NULL)
    return g_strdup(moment->place);
  const char *name = protocol_step_name(session->setup->protocol, moment->step);
  return moment->trial == NULL ? g_strdup(name)
                               : g_strdup_printf("%s trial %" G_GSIZE_FORMAT, name, moment->trial->number);
}

void session_show_progress(const Session *session, gsize step, Screen *screen) {
  const SessionSetup *setup = session->setup;
  if (setup->protocol != NULL && setup->protocol->screen.progress)
    screen->theme.progress = trial_list_progress(setup->protocol, setup->trials, step, MAX(session->trial, 1));
}

/* Says why, where it was not Escape. */
static Screen *pause_screen_for(const Session *session, EventKind cause) {
  const Theme *theme = &session->theme;
  if (cause == EVENT_FOCUS_LOST)
    return pause_screen_new_because(theme, theme_phrase(theme, PHRASE_FOCUS_LOST));
  if (cause == EVENT_DISPLAY_LOST)
    return pause_screen_new_because(theme, theme_phrase(theme, PHRASE_DISPLAY_LOST));
  return pause_screen_new(theme);
}

/* SHOW_DONE: go on. *hidden is the pause's first flip; its source stays NULL where it never came to that. */
static ShowEnd pause_session(Session *session, const SessionMoment *moment, const ShowOptions *options,
                             const Event *event, Flip *hidden, GError **error) {
  g_autofree char *place = place_of(session, moment);
  session->pauses++;
  session_note(session, event->time_ns, "pause", place);
  cue_player_mark(session->setup->cues, MARKER_PAUSE, place, event->time_ns);
  if (moment->trial != NULL)
    cue_player_interrupt(session->setup->cues, moment->trial);
  if ((options->pauses != NULL && !options->pauses->begins(options->context, error)) ||
      !session_write_notes(session, error))
    return SHOW_FAILED;
  g_autoptr(Screen) screen = pause_screen_for(session, event->kind);
  session_show_progress(session, moment->step, screen);
  SessionMoment pause = {.kind = MOMENT_PAUSE, .screen = screen, .step = moment->step, .trial = moment->trial};
  gint64 end_ns = 0;
  ShowEnd end = session_show(session, &pause, &(ShowOptions){.duration_ns = G_MAXINT64}, hidden, &end_ns, error);
  session_forget(session);
  if (end != SHOW_DONE)
    return end;
  if (pause_screen_quits(screen)) {
    give_reason(session, "quit");
    return SHOW_QUIT;
  }
  session->paused_ns += end_ns - event->time_ns;
  session_note(session, end_ns, "continue", place);
  cue_player_mark(session->setup->cues, MARKER_CONTINUE, place, end_ns);
  return SHOW_DONE;
}

/* A press ended the pause, whatever is shown after it. */
static void follow_pause(Session *session, const Flip *flip) {
  if (session->pause_ended)
    session->presses_from_ns = flip->time_ns + CARRY_OVER_NS;
  session->pause_ended = false;
}

/* Pauses, and shows the screen again where it has no time of its own: SHOW_TIMEOUT, it goes on. */
static ShowEnd break_into(Session *session, const SessionMoment *moment, const ShowOptions *options, const Event *event,
                          GError **error) {
  Flip hidden = {0}, back;
  ShowEnd end = pause_session(session, moment, options, event, &hidden, error);
  bool returns = end == SHOW_DONE && options->duration_ns == G_MAXINT64;
  if (returns) {
    show(session, moment->screen, 0, &back);
    follow_pause(session, &back);
  }
  if (options->pauses != NULL && hidden.source != NULL)
    options->pauses->over(options->context, &hidden, returns ? &back : NULL);
  if (!returns)
    return end == SHOW_DONE ? SHOW_PAUSED : end;
  enter(session, moment);
  return SHOW_TIMEOUT;
}

/* Whether the screen may follow one that a press ended, so that a second press could be meant for that one. */
static bool follows_a_press(const Session *session, const SessionMoment *moment) {
  const ProtocolBlock *block = moment->trial != NULL ? &session->setup->protocol->blocks[moment->trial->block] : NULL;
  if (moment->kind == MOMENT_IMAGE || moment->kind == MOMENT_RATING)
    return block->image_free && (moment->kind == MOMENT_IMAGE || block->mask_ms <= 0);
  return moment->kind == MOMENT_PAGE || moment->kind == MOMENT_QUESTION || moment->kind == MOMENT_PAUSE;
}

static bool is_carried_over(const Session *session, const SessionMoment *moment, const Event *event) {
  if (event->kind != EVENT_KEY && event->kind != EVENT_TEXT && event->kind != EVENT_POINTER_DOWN)
    return false;
  return event->time_ns < session->presses_from_ns ||
         (follows_a_press(session, moment) && event->time_ns < moment->shown_ns + CARRY_OVER_NS);
}

static void note_focus(Session *session, const Event *event) {
  bool lost = event->kind == EVENT_FOCUS_LOST;
  session->focus_losses += lost;
  session_note(session, event->time_ns, lost ? "focus_lost" : "focus_gained", "");
}

/* What an event does to the screen: SHOW_TIMEOUT means that it goes on. */
static ShowEnd handle_event(Session *session, const SessionMoment *moment, const ShowOptions *options,
                            const Event *event, GError **error) {
  Screen *screen = moment->screen;
  if (event->kind == EVENT_CLOSE) {
    give_reason(session, "display closed");
    return SHOW_QUIT;
  }
  if (event->kind == EVENT_RESIZED) {
    g_autofree char *detail = g_strdup_printf("%.0fx%.0f", event->x, event->y);
    session_note(session, event->time_ns, "resized", detail);
  }
  if (event->kind == EVENT_DISPLAY_LOST || event->kind == EVENT_DISPLAY_CHANGED)
    session_note(session, event->time_ns, event->kind == EVENT_DISPLAY_LOST ? "display_lost" : "display_changed",
                 session->setup->display->info.note);
  if (event->kind == EVENT_EXPOSED || event->kind == EVENT_RESIZED || event->kind == EVENT_DISPLAY_CHANGED) {
    session->drawn = NULL;
    return SHOW_TIMEOUT;
  }
  if (event->kind == EVENT_FOCUS_LOST || event->kind == EVENT_FOCUS_GAINED)
    note_focus(session, event);
  if (is_carried_over(session, moment, event))
    return SHOW_TIMEOUT;
  bool escape = event->kind == EVENT_KEY && event->key == KEY_ESCAPE;
  bool asks = session->setup->protocol == NULL; /* session_ask: nothing to pause */
  bool lost = event->kind == EVENT_DISPLAY_LOST || (event->kind == EVENT_FOCUS_LOST && !asks);
  if ((escape || lost) && moment->kind != MOMENT_PAUSE) {
    if (escape && event->repeat)
      return SHOW_TIMEOUT;
    if (asks)
      return SHOW_QUIT;
    /* Whatever is held is let go of: the pointer may come back anywhere. */
    screen_handle(screen, &(Event){.kind = EVENT_FOCUS_LOST, .time_ns = event->time_ns});
    return break_into(session, moment, options, event, error);
  }
  ScreenResult result = screen_handle(screen, event);
  if (options->tap != NULL)
    options->tap(options->context, event);
  if (result == SCREEN_CHANGED)
    session->drawn = NULL;
  return result == SCREEN_DONE ? SHOW_DONE : SHOW_TIMEOUT;
}

/* The sounds and markers that go with a screen's first flip. */
static void cue(Session *session, const SessionMoment *moment, gint64 duration_ns) {
  CuePlayer *cues = session->setup->cues;
  if (moment->kind == MOMENT_FIXATION) {
    cue_player_mark(cues, MARKER_FIXATION, "", moment->shown_ns);
    cue_player_plan(cues, moment->trial, moment->shown_ns + duration_ns);
  } else if (moment->kind == MOMENT_IMAGE || (moment->kind == MOMENT_RATING && !cue_player_has_image(cues))) {
    cue_player_image(cues, moment->trial, moment->shown_ns);
  } else if (moment->kind == MOMENT_RATING) {
    cue_player_mark(cues, MARKER_RATING, "", moment->shown_ns);
  }
}

ShowEnd session_show(Session *session, SessionMoment *moment, const ShowOptions *options, Flip *onset, gint64 *end_ns,
                     GError **error) {
  Display *display = session->setup->display;
  show(session, moment->screen, options->wanted_ns, onset);
  moment->shown_ns = onset->time_ns;
  follow_pause(session, onset);
  if (options->flips != NULL)
    trial_flips_record(options->flips, onset);
  cue(session, moment, options->duration_ns);
  bool endless = options->duration_ns == G_MAXINT64;
  gint64 planned_ns = G_MAXINT64;
  if (!endless)
    planned_ns = options->end_ns > 0 ? options->end_ns : onset->time_ns + options->duration_ns;
  /* A timed screen ends one refresh early, so that the next one can be asked for in time; but an answer counts until
   * the deadline itself. */
  double hz = display->info.measured_hz > 1 ? display->info.measured_hz : 60;
  bool early = !endless && moment->kind != MOMENT_RATING;
  gint64 margin = early ? CLAMP(planned_ns - onset->time_ns, 0, (gint64)(1.5 * (double)NS_PER_S / hz)) : 0;
  gint64 until = planned_ns - margin;
  enter(session, moment);
  if (options->next != NULL)
    draw(session, options->next);
  const Screen *shown = options->next != NULL ? options->next : moment->screen;
  for (;;) {
    Event event;
    bool changed = session->frame != NULL && session->drawn != shown;
    if (!display_next_event(display, changed ? clock_now_ns(display->clock) : until, &event)) {
      if (!changed || clock_now_ns(display->clock) >= until) {
        *end_ns = endless ? clock_now_ns(display->clock) : planned_ns;
        return SHOW_TIMEOUT;
      }
      Flip flip;
      show(session, moment->screen, 0, &flip);
      if (options->flips != NULL)
        trial_flips_record(options->flips, &flip);
      if (options->next != NULL)
        draw(session, options->next);
      continue;
    }
    ShowEnd end = handle_event(session, moment, options, &event, error);
    if (end == SHOW_DONE && moment->kind == MOMENT_RATING)
      cue_player_mark(session->setup->cues, MARKER_RESPONSE, "", event.time_ns);
    if (end != SHOW_TIMEOUT) {
      session->pause_ended = session->pause_ended || moment->kind == MOMENT_PAUSE;
      *end_ns = event.time_ns;
      return end;
    }
  }
}
