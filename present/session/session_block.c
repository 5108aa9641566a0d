#include "present/session/session_trial.h"

static bool is_confirmed(const Session *session, const Trial *trial) {
  return session->setup->before != NULL && journal_confirmed(session->setup->before, trial->step, trial->number);
}

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
  PreparedTrial now = {0}, next = {0};
  ShowEnd end = SHOW_DONE;
  gint64 wanted_ns = 0, last_break_ns = clock_now_ns(session->setup->display->clock);
  for (gsize i = 0; i < n_trials && end == SHOW_DONE; i++) {
    bool shown = !is_confirmed(session, &trials[i]), interrupted = false;
    session->trial = trials[i].number;
    if (shown) {
      if (next.trial != &trials[i])
        prepared_trial_begin(session, &trials[i], &next);
      now = next;
      next = (PreparedTrial){0};
      if (!prepared_trial_finish(session, &now, error))
        end = SHOW_FAILED;
      if (i + 1 < n_trials && end == SHOW_DONE)
        prepared_trial_begin(session, &trials[i + 1], &next);
      if (end == SHOW_DONE)
        end = session_need_sound(session, &trials[i], error);
      if (end == SHOW_DONE)
        end = session_trial(session, &now, &wanted_ns, error);
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
      session_begin_interval(session, &now, &wanted_ns);
    if (end == SHOW_DONE && next.trial != NULL && !prepared_trial_finish(session, &next, error))
      end = SHOW_FAILED;
    if (end == SHOW_DONE && shown && wanted_ns > 0)
      end = session_wait_interval(session, &trials[i], next.trial != NULL ? prepared_trial_first_screen(&next) : NULL,
                                  &wanted_ns, error);
    prepared_trial_clear(&now);
  }
  session_forget(session);
  prepared_trial_clear(&next);
  session->trial = 1;
  if (any)
    mark_block(session, MARKER_BLOCK_END, step);
  return end;
}
