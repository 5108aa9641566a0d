/* The screen of a question of any kind, and the record of its answer. */
#ifndef DREAMRIG_PRESENT_QUESTION_VIEW_H
#define DREAMRIG_PRESENT_QUESTION_VIEW_H

#include "present/journal/record.h"
#include "present/screens/screen.h"

/* participant: TrialList.participant. Nothing of the question is kept. */
Screen *question_view_new(const Theme *theme, const Protocol *protocol, const ProtocolQuestion *question,
                          gsize participant);
/* What stands on the screen. Times are the session's; free with answer_record_free. */
AnswerRecord *question_view_answer(const Screen *screen, const Protocol *protocol, const ProtocolQuestion *question,
                                   gsize participant, gsize step, double onset, double confirm_time);

/* A page as its kind wants it: with Continue, or with the two answers of a consent page (a choice screen). */
Screen *page_view_new(const Theme *theme, const ProtocolPage *page);
/* Whether consent was declined on it. */
bool page_view_declined(const Screen *screen, const ProtocolPage *page);

#endif
