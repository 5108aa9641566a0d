#include "present/session/session.h"

#include "present/screens/choice_screen.h"
#include "present/screens/page_screen.h"
#include "present/session/session_internal.h"

bool session_open(Session *session, const SessionSetup *setup, const Protocol *protocol, GError **error) {
  const Display *display = setup->display;
  *session = (Session){.setup = setup, .theme = theme_of(protocol, display->width, display->height)};
  session->pending = g_ptr_array_new_with_free_func((GDestroyNotify)event_record_free);
  if (!display->wants_pixels)
    return true;
  session->frame = frame_new(display->width, display->height, error);
  session->base = session->frame != NULL ? frame_new(display->width, display->height, error) : NULL;
  if (session->base != NULL)
    return true;
  session_close(session);
  return false;
}

void session_close(Session *session) {
  frame_free(session->frame);
  frame_free(session->base);
  g_ptr_array_free(session->pending, TRUE);
}

/* A resumed session does not begin with a stimulus: the participant says when. Nothing to record. */
static ShowEnd welcome_back(Session *session, gsize step, GError **error) {
  g_autoptr(Screen) screen = page_screen_new(&session->theme, theme_phrase(&session->theme, PHRASE_RESUMED),
                                             theme_phrase(&session->theme, PHRASE_RESUMED_HELP));
  session_show_progress(session, step, screen);
  SessionMoment moment = {.kind = MOMENT_PAGE, .screen = screen, .step = step, .place = "page resumed"};
  Flip onset;
  gint64 end_ns = 0;
  ShowEnd end = session_show(session, &moment, &(ShowOptions){.duration_ns = G_MAXINT64}, &onset, &end_ns, error);
  session_forget(session);
  return end;
}

static bool is_done(const Session *session, gsize step, gsize trial) {
  return session->setup->before != NULL && journal_confirmed(session->setup->before, step, trial);
}

/* The first step that is not done, and in session->trial its first such trial; past the last one where all are. */
static gsize find_step(Session *session) {
  const Protocol *protocol = session->setup->protocol;
  gsize step = 0, size = 1;
  for (; step < protocol->n_steps; step++) {
    bool block = protocol->steps[step].kind == STEP_BLOCK;
    size = 1;
    if (block)
      trial_list_step(session->setup->trials, step, &size);
    for (session->trial = 1; session->trial <= size; session->trial++)
      if (!is_done(session, step, block ? session->trial : 0))
        return step;
  }
  return step - 1;
}

/* What comes before the first step. */
static ShowEnd begin(Session *session, GError **error) {
  gsize step = find_step(session);
  ShowEnd end = session_warn(session, step, error);
  if (end == SHOW_DONE && session->setup->before != NULL)
    end = welcome_back(session, step, error);
  session->trial = 1;
  return end;
}

static ShowEnd run_step(Session *session, gsize index, GError **error) {
  const Protocol *protocol = session->setup->protocol;
  const ProtocolStep *step = &protocol->steps[index];
  if (step->kind == STEP_BLOCK)
    return session_block(session, index, error);
  if (is_done(session, index, 0))
    return SHOW_DONE;
  return step->kind == STEP_PAGE ? session_page(session, index, &protocol->pages[step->index], true, error)
                                 : session_question(session, index, &protocol->questions[step->index], error);
}

bool session_run(const SessionSetup *setup, JournalStatus *status, GError **error) {
  Session session;
  if (!session_open(&session, setup, setup->protocol, error))
    return false;
  cue_player_mark(setup->cues, MARKER_SESSION_START, "", clock_now_ns(setup->display->clock));
  ShowEnd end = begin(&session, error);
  for (gsize i = 0; i < setup->protocol->n_steps && end == SHOW_DONE; i++)
    end = run_step(&session, i, error);
  if (end == SHOW_QUIT && session.declined)
    end = session_debrief(&session, error);
  JournalStatus reached = end == SHOW_DONE ? JOURNAL_COMPLETE : JOURNAL_ABORTED;
  cue_player_mark(setup->cues, MARKER_SESSION_END, "", clock_now_ns(setup->display->clock));
  session_note_flips(&session);
  double time = session_seconds(&session, clock_now_ns(setup->display->clock));
  bool good = end != SHOW_FAILED && session_write_notes(&session, error) &&
              journal_end(setup->journal, reached, session.abort_reason, time, error);
  session_close(&session);
  if (good)
    *status = reached;
  return good;
}

/* Shows a screen outside of any record until it ends. */
static ShowEnd show_alone(Session *session, MomentKind kind, Screen *screen, GError **error) {
  SessionMoment moment = {.kind = kind, .screen = screen};
  Flip onset;
  gint64 end_ns = 0;
  return session_show(session, &moment, &(ShowOptions){.duration_ns = G_MAXINT64}, &onset, &end_ns, error);
}

bool session_ask(Display *display, const Protocol *protocol, const char *text, char *const *options, gsize n_options,
                 gsize *choice, GError **error) {
  SessionSetup setup = {.display = display};
  Session session;
  if (!session_open(&session, &setup, protocol, error))
    return false;
  g_autoptr(Screen) question = choice_screen_new(&session.theme, text, options, n_options, true);
  ShowEnd end = show_alone(&session, MOMENT_QUESTION, question, error);
  *choice = end == SHOW_DONE ? choice_screen_choice(question) : 0;
  session_close(&session);
  return end != SHOW_FAILED;
}

bool session_tell_failure(Display *display, const Protocol *protocol, const char *reason, GError **error) {
  SessionSetup setup = {.display = display};
  Session session;
  if (!session_open(&session, &setup, protocol, error))
    return false;
  /* The reason is in English, as on the standard error. */
  g_autofree char *text = g_strdup_printf("%s\n\n%s", theme_phrase(&session.theme, PHRASE_FAILED_HELP), reason);
  g_autoptr(Screen) screen = page_screen_new(&session.theme, theme_phrase(&session.theme, PHRASE_FAILED), text);
  ShowEnd end = show_alone(&session, MOMENT_PAGE, screen, error);
  session_close(&session);
  return end != SHOW_FAILED;
}
