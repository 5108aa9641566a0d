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

/* In one line, and only of what is there. */
static void assert_warns(const char *err, const char *rules) {
  const char *warning = strstr(err, "holds sessions of this protocol");
  g_assert_true((warning != NULL) == (rules != NULL));
  if (rules == NULL)
    return;
  g_assert_nonnull(strstr(warning, rules));
  g_assert_nonnull(strstr(warning, "the balance of the design holds over neither's participants alone\n"));
  g_assert_null(strstr(warning + 1, "holds sessions of this protocol"));
}

static void test_a_simulation_warns_of_mixed_ones(void) {
  Study study = study_new();
  g_autoptr(Protocol) then = open_under(&study, 1);
  g_autofree char *path = begin_simulation(&study, "sim001", then);
  static const struct { const char *participants, *rules; } cases[] = {{"1", NULL}, {"3", "under rules 1 and 3 of"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *err = NULL;
    g_assert_cmpint(study_simulate(&study, cases[i].participants, "3", "2", study.data, &err), ==, 0);
    assert_warns(err, cases[i].rules);
  }
  study_clear(&study);
}

/* A session that goes on under the rules of the others is of them; whatever has another seed or task is another design.
 * Without a screen the run ends once it has warned. */
static void test_a_session_warns_of_mixed_ones(void) {
  static const struct {
    gsize rules; /* of participant 02, who is unfinished and goes on where asked to */
    guint64 seed;
    const char *task, *subject, *option, *warning;
  } cases[] = {{2, 11, "test", "03", NULL, "under rules 2 and 3 of"},
               {2, 11, "test", "02", "--new-run", "under rules 2 and 3 of"},
               {2, 11, "test", "02", "--resume", NULL},
               {3, 11, "test", "03", NULL, NULL},
               {2, 12, "test", "03", NULL, NULL},
               {2, 11, "other", "03", NULL, NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Study study = study_new();
    g_autofree char *err = NULL, *program = support_program("dreamrig-present");
    g_autoptr(Protocol) then = open_under(&study, cases[i].rules);
    g_autoptr(JournalHeader) header = journal_header_new(then, "02", NULL, false, NULL);
    header->seed = cases[i].seed;
    g_free(header->task);
    header->task = g_strdup(cases[i].task);
    g_autoptr(Journal) journal = NULL;
    g_assert_true(journal_create(study.data, header, JOURNAL_FAST, &journal, NULL));
    g_clear_pointer(&journal, journal_close);
    g_assert_cmpint(support_run(NULL, &err, "env", "SDL_VIDEODRIVER=none", program, "run", study.protocol, "--subject",
                                cases[i].subject, "--data", study.data, cases[i].option, NULL),
                    ==, 1);
    g_assert_nonnull(strstr(err, "no screen to show the session on"));
    assert_warns(err, cases[i].warning);
    study_clear(&study);
  }
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
  g_test_add_func("/rules/a simulation warns of mixed ones", test_a_simulation_warns_of_mixed_ones);
  g_test_add_func("/rules/a session warns of mixed ones", test_a_session_warns_of_mixed_ones);
  return g_test_run();
}
