/* Clocks that step, and two programs that want the same session. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "present/bids/bids.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/present/fault_study.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/present/rig.h"
#include "tests/support.h"

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static void test_session_does_not_look_at_the_wall_clock(void) {
  FaultStudy study = fault_study_new();
  FaultRun run =
      fault_run(&study, &(Interpose){.kind = FAULT_NONE, .wall_us = -5 * HOUR_US, .drift_us = -G_USEC_PER_SEC});
  g_assert_cmpint(run.status, ==, 0);
  fault_assert_whole(&study);
  fault_study_clear(&study);
}

/* The offset of the second part, once the wall clock was set back by three hours between the parts. */
static double resumed_offset(JournalStudy *study, const char *label, bool other_boot, double *latest) {
  GError *error = NULL;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, label, NULL, false, 3);
  g_autofree char *path = g_strdup(journal_path(journal));
  g_autoptr(JournalContents) before = NULL, after = NULL;
  g_clear_pointer(&journal, journal_close);
  g_usleep(20000);
  interpose.wall_us = -3 * HOUR_US;
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, label, NULL, false, NULL);
  interpose.wall_us = 0;
  if (other_boot) {
    g_free(header->boot);
    header->boot = g_strdup("after a restart");
  }
  journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, &error);
  g_assert_no_error(error);
  after = fixture_contents(path);
  *latest = before->latest;
  return after->part_offset[1];
}

static void test_wall_clock_set_back_between_parts(void) {
  JournalStudy study;
  fixture_study_begin(&study, NULL);
  double latest = 0;
  /* The fixture's times, up to 23.375 s, lie ahead of this test's own: no part begins before the last record. */
  g_assert_cmpfloat(resumed_offset(&study, "01", false, &latest), ==, 23.375);
  g_assert_cmpfloat(latest, ==, 23.375);
  g_assert_cmpfloat(resumed_offset(&study, "02", true, &latest), ==, 23.375);
  fixture_study_end(&study, NULL);
}

static void test_wall_clock_set_back_does_not_shift_the_resumed_part(void) {
  JournalStudy study;
  fixture_study_begin(&study, NULL);
  g_autoptr(JournalHeader) first = journal_header_new(study.protocol, "01", NULL, false, NULL);
  interpose.wall_us = -3 * HOUR_US;
  g_autoptr(JournalHeader) second = journal_header_new(study.protocol, "01", NULL, false, NULL);
  interpose.wall_us = 0;
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  if (*first->boot == '\0') {
    g_test_skip("this kernel does not tell its boot id");
  } else {
    second->boot_s = first->boot_s + 512.25;
    g_assert_true(journal_create(study.data, first, JOURNAL_DURABLE, &journal, NULL));
    g_autofree char *path = g_strdup(journal_path(journal));
    g_clear_pointer(&journal, journal_close);
    g_assert_true(journal_resume(path, second, JOURNAL_DURABLE, &journal, &before, NULL));
    g_autoptr(JournalContents) after = fixture_contents(path);
    g_assert_cmpfloat_with_epsilon(after->part_offset[1], 512.25, 1e-6);
  }
  fixture_study_end(&study, NULL);
}

/* --- Two programs --- */

static void test_second_program_is_refused(void) {
  FaultStudy study = fault_study_new();
  GError *error = NULL;
  g_autoptr(JournalHeader) header = journal_header_new(study.protocol, FAULT_PARTICIPANT, NULL, true, NULL);
  g_autoptr(Journal) journal = NULL;
  journal_create(study.data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  g_autofree char *digest = NULL, *after = NULL;
  g_assert_true(files_sha256(journal_path(journal), &digest, NULL));
  FaultRun run = fault_run(&study, &(Interpose){.kind = FAULT_NONE});
  g_assert_cmpint(run.status, ==, 1);
  g_assert_cmpuint(run.n_confirmed, ==, 0);
  g_assert_nonnull(strstr(run.message, "another program is running a session of this participant"));
  g_assert_true(files_sha256(journal_path(journal), &after, NULL));
  g_assert_cmpstr(digest, ==, after);
  g_clear_pointer(&journal, journal_close);
  run = fault_run(&study, &(Interpose){.kind = FAULT_NONE});
  g_assert_cmpint(run.status, ==, 0);
  fault_assert_whole(&study);
  fault_study_clear(&study);
}

/* Eight programs at once: one runs the session, the others are refused or come when it is over. */
static void test_many_programs_on_one_session(void) {
  FaultStudy study = fault_study_new();
  pid_t children[8];
  int n_good = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(children); i++) {
    children[i] = fork();
    if (children[i] == 0)
      _exit(fault_run(&study, &(Interpose){.kind = FAULT_NONE}).status);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(children); i++) {
    int status = 0;
    g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    n_good += WEXITSTATUS(status) == 0;
  }
  g_assert_cmpint(n_good, >=, 1);
  fault_assert_whole(&study);
  fault_study_clear(&study);
}

/* --- What changed since --- */

static void kill_halfway(FaultStudy *study) {
  FaultRun run = fault_run(study, &(Interpose){.kind = FAULT_KILL, .at = study->n_calls / 2});
  g_assert_cmpint(run.status, ==, 128 + SIGKILL);
  g_assert_cmpuint(run.n_confirmed, >, 5);
}

static void reopen(FaultStudy *study) {
  GError *error = NULL;
  g_clear_pointer(&study->protocol, protocol_free);
  protocol_open(study->path, NULL, &study->protocol, &error);
  g_assert_no_error(error);
}

static void assert_refused(FaultStudy *study, const char *reason) {
  FaultRun run = fault_run(study, &(Interpose){.kind = FAULT_NONE});
  g_assert_cmpint(run.status, ==, 1);
  if (strstr(run.message, reason) == NULL)
    g_error("no \"%s\" in: %s", reason, run.message);
  g_assert_cmpuint(run.n_confirmed, ==, 0);
}

static void test_changed_protocol_is_refused(void) {
  FaultStudy study = fault_study_new();
  g_autofree char *text = NULL;
  kill_halfway(&study);
  g_assert_true(g_file_get_contents(study.path, &text, NULL, NULL));
  g_autofree char *changed = g_strconcat(text, "# a remark\n", NULL);
  g_assert_true(g_file_set_contents(study.path, changed, -1, NULL));
  reopen(&study);
  assert_refused(&study, "cannot be resumed: the protocol file has changed since it began");
  g_assert_true(g_file_set_contents(study.path, text, -1, NULL));
  reopen(&study);
  g_assert_cmpint(fault_run(&study, &(Interpose){.kind = FAULT_NONE}).status, ==, 0);
  fault_assert_whole(&study);
  fault_study_clear(&study);
}

static void test_changed_stimulus_is_refused(void) {
  FaultStudy study = fault_study_new();
  g_autofree char *set = g_build_filename(study.folder, "set", NULL);
  g_autofree char *one = g_build_filename(set, "im2.png", NULL), *other = g_build_filename(set, "im3.png", NULL);
  g_autofree char *image = NULL;
  gsize size = 0;
  kill_halfway(&study);
  g_assert_true(g_file_get_contents(other, &image, &size, NULL));
  g_assert_true(g_file_set_contents(one, image, (gssize)size, NULL));
  reopen(&study);
  assert_refused(&study, "cannot be resumed: the stimulus set has changed since it began");
  fault_study_clear(&study);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clock/no session looks at the wall clock", test_session_does_not_look_at_the_wall_clock);
  g_test_add_func("/clock/no part begins before the last record", test_wall_clock_set_back_between_parts);
  g_test_add_func("/clock/a wall clock set back does not shift the resumed part",
                  test_wall_clock_set_back_does_not_shift_the_resumed_part);
  g_test_add_func("/lock/a second program is refused", test_second_program_is_refused);
  g_test_add_func("/lock/many programs make one session", test_many_programs_on_one_session);
  g_test_add_func("/resume/a changed protocol is refused", test_changed_protocol_is_refused);
  g_test_add_func("/resume/a changed stimulus is refused", test_changed_stimulus_is_refused);
  return g_test_run();
}
