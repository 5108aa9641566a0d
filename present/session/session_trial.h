/* One trial, and the blank interval after it. Internal to the session. */
#ifndef DREAMRIG_PRESENT_SESSION_TRIAL_H
#define DREAMRIG_PRESENT_SESSION_TRIAL_H

#include "present/session/prepared_trial.h"

/* Shows and records a trial, again where a pause broke it off. Its first screen appears at *wanted_ns (0: at once),
 * which becomes when the interval ends that has begun, 0 where there is none. A quit trial is recorded without an
 * answer, and so is one whose deadline passed. SHOW_DONE, SHOW_QUIT or SHOW_FAILED. */
ShowEnd session_trial(Session *session, const PreparedTrial *prepared, gint64 *wanted_ns, GError **error);
/* The blank between trials begins: *wanted_ns is when it ends, 0 where there is none. */
void session_begin_interval(Session *session, const PreparedTrial *prepared, gint64 *wanted_ns);
/* The rest of the interval between trials, until *wanted_ns; its blank is already on the screen. `next` is drawn
 * meanwhile. */
ShowEnd session_wait_interval(Session *session, const Trial *trial, Screen *next, gint64 *wanted_ns, GError **error);

#endif
