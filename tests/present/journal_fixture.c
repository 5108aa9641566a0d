#include "tests/present/journal_fixture.h"

#include <math.h>

TrialRecord *fixture_trial(const Protocol *protocol, const TrialList *list, gsize index) {
  TrialRecord *record = trial_record_new(protocol, &list->trials[index]);
  double onset = 10.25 + 5 * (double)index;
  record->onset_planned = onset - 0.0125;
  record->onset_actual = onset;
  record->onset_uncertainty = 0.0017;
  record->missed_frames = index % 3;
  g_free(record->onset_source);
  record->onset_source = g_strdup("simulated");
  for (gsize i = 0; i < record->n_ratings; i++) {
    RatingRecord *rating = &record->ratings[i];
    rating->touched = true;
    rating->first_touch_time = onset + 0.75;
    rating->confirm_time = onset + 3.125;
    rating->final = 12.5 + (double)index + 0.25 * (double)i;
    rating_record_sample(rating, 750, 3.5);
    rating_record_sample(rating, 1012.4, rating->final);
  }
  record->response_time = 3.125;
  return record;
}

Journal *fixture_begin(const Protocol *protocol, const char *data, const char *participant, const char *session,
                       bool simulated, gsize n_trials) {
  GError *error = NULL;
  Journal *journal = NULL;
  DisplayFacts display = {.driver = "null",
                          .width_px = 1920,
                          .height_px = 1080,
                          .refresh_hz = 59.94,
                          .width_cm = 53.1,
                          .height_cm = 29.9,
                          .distance_cm = NAN,
                          .onset_source = "simulated",
                          .note = "simulated display"};
  g_autoptr(JournalHeader) header = journal_header_new(protocol, participant, session, simulated, &display);
  g_autoptr(TrialList) list = NULL;
  g_autoptr(AnswerRecord) page = answer_record_new(0, "hello", 0, "", 0.5, 2.25);
  g_autoptr(AnswerRecord) mood = answer_record_new(1, "mood", 2, "so so", 2.5, 4.75);
  trial_list_new(protocol, participant, &list, &error);
  g_assert_no_error(error);
  journal_create(data, header, JOURNAL_DURABLE, &journal, &error);
  g_assert_no_error(error);
  g_assert_true(journal_answer(journal, page, NULL) && journal_answer(journal, mood, NULL));
  for (gsize i = 0; i < MIN(n_trials, list->n_trials); i++) {
    g_autoptr(TrialRecord) record = fixture_trial(protocol, list, i);
    g_assert_true(journal_trial(journal, record, NULL));
  }
  return journal;
}

void fixture_session(const Protocol *protocol, const char *data, const char *participant, const char *session,
                     bool simulated) {
  g_autoptr(Journal) journal = fixture_begin(protocol, data, participant, session, simulated, G_MAXSIZE);
  g_assert_true(journal_end(journal, JOURNAL_COMPLETE, NULL, 99.5, NULL));
}
