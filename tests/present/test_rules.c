/* Sessions that an earlier version began, under other rules of the design. */
#include <string.h>

#include "protocols/allocation.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/present/study.h"
#include "tests/support.h"

static Protocol *open_under(const Study *study, gsize rules) {
  GError *error = NULL;
  Protocol *protocol = NULL;
  protocol_open(study->protocol, NULL, &protocol, &error);
  g_assert_no_error(error);
  protocol->rules = rules;
  return protocol;
}

/* A simulation with seed 3 that stopped after two trials; returns its journal's path. */
static char *begin_simulation(const Study *study, const char *label, const Protocol *protocol) {
  GError *error = NULL;
  g_autoptr(JournalHeader) header = journal_header_new(protocol, label, NULL, true, NULL);
  g_autoptr(Journal) journal = NULL;
  journal_create(study->data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  g_autoptr(EventRecord) source = event_record_new(0, "simulation", "seed 3");
  g_autoptr(AnswerRecord) page = answer_record_new(0, "welcome", 0, "", 1, 2);
  g_autoptr(AnswerRecord) mood = answer_record_new(1, "mood", 3, "Good", 3, 4);
  g_assert_true(journal_event(journal, source, NULL) && journal_answer(journal, page, NULL) &&
                journal_answer(journal, mood, NULL));
  if (protocol->rules <= ALLOCATION_RULES) {
    g_autoptr(TrialList) list = fixture_list(protocol, label);
    for (gsize i = 0; i < 2; i++) {
      g_autoptr(TrialRecord) record = fixture_trial(protocol, list, i);
      g_assert_true(journal_trial(journal, record, NULL));
    }
  }
  return g_strdup(journal_path(journal));
}

/* Under rules 1 the label's zeros counted, so that its orders were others. */
static void test_a_simulation_goes_on_under_its_rules(void) {
  Study study = study_new();
  g_autoptr(Protocol) then = open_under(&study, 1), now = open_under(&study, ALLOCATION_RULES);
  g_autofree char *path = begin_simulation(&study, "sim001", then);
  g_autoptr(TrialList) wanted = fixture_list(then, "sim001"), other = fixture_list(now, "sim001");
  g_assert_cmpuint(wanted->n_trials, ==, 4);
  bool differs = false;
  for (gsize i = 0; i < 4; i++)
    differs |= wanted->trials[i].stimulus != other->trials[i].stimulus;
  g_assert_true(differs);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  g_autoptr(JournalContents) contents = fixture_contents(path);
  g_assert_cmpint(contents->status, ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(contents->n_parts, ==, 2);
  g_assert_cmpuint(contents->header->rules, ==, 1);
  g_assert_cmpuint(contents->trials->len, ==, 4);
  for (gsize i = 0; i < 4; i++) {
    const TrialRecord *record = contents->trials->pdata[i];
    g_assert_cmpstr(record->stim_id, ==, protocol_stimulus(then, wanted->trials[i].stimulus, "id"));
  }
  study_clear(&study);
}

static void test_a_simulation_under_rules_to_come_is_refused(void) {
  Study study = study_new();
  g_autofree char *err = NULL;
  g_autoptr(Protocol) then = open_under(&study, ALLOCATION_RULES + 1);
  g_autofree char *path = begin_simulation(&study, "sim001", then);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, &err), ==, 1);
  g_assert_nonnull(strstr(err, "the rules of its design have changed since it began"));
  study_clear(&study);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rules/a stopped simulation goes on under its own", test_a_simulation_goes_on_under_its_rules);
  g_test_add_func("/rules/a simulation under some to come is refused",
                  test_a_simulation_under_rules_to_come_is_refused);
  return g_test_run();
}
