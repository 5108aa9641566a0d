#include "present/screens/question_view.h"
#include "present/session/session_internal.h"

static ShowEnd show_untimed(Session *session, SessionMoment *moment, Flip *onset, gint64 *end_ns, GError **error) {
  ShowEnd end = session_show(session, moment, &(ShowOptions){.duration_ns = G_MAXINT64}, onset, end_ns, error);
  session_forget(session);
  return end;
}

static bool write_answer(Session *session, const AnswerRecord *record, GError **error) {
  return session_write_notes(session, error) && journal_answer(session->setup->journal, record, error);
}

/* Declining is noted, not recorded as an answer: a resumed session asks again. */
static ShowEnd decline(Session *session, const ProtocolPage *page, gint64 end_ns) {
  session_note(session, end_ns, "consent_declined", page->name);
  session->abort_reason = "consent declined";
  session->declined = true;
  return SHOW_QUIT;
}

ShowEnd session_page(Session *session, gsize step, const ProtocolPage *page, bool recorded, GError **error) {
  g_autoptr(Screen) screen = page_view_new(&session->theme, page);
  session_show_progress(session, step, screen);
  SessionMoment moment = {.kind = MOMENT_PAGE, .screen = screen, .step = step, .page = page};
  Flip onset;
  gint64 end_ns = 0;
  ShowEnd end = show_untimed(session, &moment, &onset, &end_ns, error);
  bool declined = end == SHOW_DONE && recorded && page_view_declined(screen, page);
  if (!recorded || declined)
    session_note(session, onset.time_ns, "page_shown", page->name);
  if (declined)
    return decline(session, page, end_ns);
  if (end == SHOW_DONE && !recorded)
    session_note(session, end_ns, "page_closed", page->name);
  if (end != SHOW_DONE || !recorded)
    return end;
  g_autoptr(AnswerRecord) record = answer_record_new(
      step, page->name, page->kind == PAGE_CONSENT ? 1 : 0, page->kind == PAGE_CONSENT ? page->agree : "",
      session_seconds(session, onset.time_ns), session_seconds(session, end_ns));
  return write_answer(session, record, error) ? SHOW_DONE : SHOW_FAILED;
}

ShowEnd session_question(Session *session, gsize step, const ProtocolQuestion *question, GError **error) {
  const SessionSetup *setup = session->setup;
  gsize participant = setup->trials->participant;
  g_autoptr(Screen) screen = question_view_new(&session->theme, setup->protocol, question, participant);
  session_show_progress(session, step, screen);
  SessionMoment moment = {.kind = MOMENT_QUESTION, .screen = screen, .step = step, .question = question};
  Flip onset;
  gint64 end_ns = 0;
  ShowEnd end = show_untimed(session, &moment, &onset, &end_ns, error);
  if (end != SHOW_DONE)
    return end;
  g_autoptr(AnswerRecord) record =
      question_view_answer(screen, setup->protocol, question, participant, step,
                           session_seconds(session, onset.time_ns), session_seconds(session, end_ns));
  return write_answer(session, record, error) ? SHOW_DONE : SHOW_FAILED;
}

ShowEnd session_debrief(Session *session, GError **error) {
  const Protocol *protocol = session->setup->protocol;
  for (gsize i = 0; i < protocol->n_steps; i++) {
    const ProtocolStep *step = &protocol->steps[i];
    if (step->kind != STEP_PAGE || protocol->pages[step->index].kind != PAGE_DEBRIEF)
      continue;
    ShowEnd end = session_page(session, i, &protocol->pages[step->index], false, error);
    if (end != SHOW_DONE)
      return end;
  }
  return SHOW_QUIT;
}
