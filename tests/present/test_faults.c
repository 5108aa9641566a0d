/* A session that dies at any of its calls to the disk, and what the next one finds. The sessions are those of simulated
 * participants, waiting for the disk as real ones do; each runs in a child process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "present/commands.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/present/fault_study.h"
#include "tests/support.h"

/* make test looks at every third call, from another one each time; make test-faults at each. */
static gsize stride(void) { return g_getenv("DREAMRIG_EVERY_FAULT") != NULL ? 1 : 3; }

static gsize first(void) { return 1 + (gsize)g_test_rand_int_range(0, (gint32)stride()); }

/* --- Kills --- */

/* Whatever a participant had confirmed before the screen that was reached is in the journal. */
static void assert_nothing_lost(const FaultStudy *study, const FaultRun *run) {
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_INTERRUPTED;
  GError *error = NULL;
  journal_newest(study->data, FAULT_PARTICIPANT, NULL, study->protocol->task, &path, &status, &error);
  g_assert_no_error(error);
  g_assert_true(path != NULL || run->n_confirmed == 0);
  if (path == NULL)
    return;
  g_autoptr(JournalContents) contents = NULL;
  journal_read(path, &contents, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < run->n_confirmed; i++)
    g_assert_true(journal_confirmed(contents, run->confirmed[i].step, run->confirmed[i].trial));
  for (guint i = 0; i < contents->trials->len; i++)
    for (guint j = 0; j < i; j++) {
      const TrialRecord *one = contents->trials->pdata[i], *other = contents->trials->pdata[j];
      g_assert_true(one->step != other->step || one->trial != other->trial);
    }
}

static void kill_at(FaultStudy *study, FaultKind kind, gsize at) {
  FaultRun run = fault_run(study, &(Interpose){.kind = kind, .at = at});
  g_assert_cmpint(run.status, ==, 128 + SIGKILL);
  assert_nothing_lost(study, &run);
}

static void resume(FaultStudy *study) {
  FaultRun run = fault_run(study, &(Interpose){.kind = FAULT_NONE});
  g_assert_cmpint(run.status, ==, 0);
}

/* Each call as the first and only kill of a session. */
static void test_every_kill(gconstpointer kind) {
  FaultStudy study = fault_study_new();
  gsize n_kills = 0;
  g_assert_cmpuint(study.n_calls, >, 150);
  for (gsize at = first(); at <= study.n_calls; at += stride(), n_kills++) {
    kill_at(&study, (FaultKind)GPOINTER_TO_INT(kind), at);
    resume(&study);
    fault_assert_whole(&study);
    support_remove(study.data);
  }
  g_test_message("killed and resumed at %zu of %zu calls", n_kills, study.n_calls);
  fault_study_clear(&study);
}

/* Kills upon kills: each resumed session dies again, at a call that comes later each time, until one gets through. */
static void test_kills_of_the_resumed(void) {
  FaultStudy study = fault_study_new();
  gsize n_kills = 0;
  for (gsize gap = 2; gap <= 34; gap += 4 * stride()) {
    gsize at = gap;
    for (;; at++, n_kills++) {
      FaultRun run = fault_run(&study, &(Interpose){.kind = n_kills % 2 == 0 ? FAULT_KILL : FAULT_TEAR, .at = at});
      if (run.status == 0)
        break;
      g_assert_cmpint(run.status, ==, 128 + SIGKILL);
      assert_nothing_lost(&study, &run);
    }
    fault_assert_whole(&study);
    support_remove(study.data);
  }
  g_test_message("%zu kills in chains", n_kills);
  g_assert_cmpuint(n_kills, >, 25);
  fault_study_clear(&study);
}

/* --- Full disks and failing ones --- */

/* Runs the real program's simulate in a child; its messages go to *err. */
static int simulate(const FaultStudy *study, const Interpose *fault, char **err, gsize *n_calls) {
  const Command commands[] = {command_simulate};
  g_autofree char *messages = g_build_filename(study->folder, "messages", NULL);
  char *arguments[] = {(char *)"dreamrig-present",
                       (char *)"simulate",
                       study->path,
                       (char *)"--participants",
                       (char *)"2",
                       (char *)"-j",
                       (char *)"1",
                       (char *)"--data",
                       study->data,
                       NULL};
  int counts[2];
  g_assert_cmpint(pipe(counts), ==, 0);
  pid_t child = fork();
  if (child == 0) {
    int file = open(messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDERR_FILENO);
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    close(file);
    interpose = *fault;
    interpose.armed = true;
    int status = command_main("dreamrig-present", "", commands, 1, G_N_ELEMENTS(arguments) - 1, arguments);
    interpose.armed = false;
    _exit(write(counts[1], &interpose.count, sizeof(gsize)) == sizeof(gsize) ? status : 99);
  }
  int status = 0;
  close(counts[1]);
  if (read(counts[0], n_calls, sizeof *n_calls) != sizeof *n_calls)
    *n_calls = 0;
  close(counts[0]);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(g_file_get_contents(messages, err, NULL, NULL));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void assert_told(const char *err, int cause, gsize at) {
  const char *line = strstr(err, "dreamrig-present: ");
  if (line == NULL || strstr(line, g_strerror(cause)) == NULL || strchr(line, '\n') != line + strlen(line) - 1)
    g_error("call %zu: the messages were: %s", at, err);
}

typedef struct {
  FaultKind kind;
  int cause;
} Failure;

static void test_every_failure(gconstpointer context) {
  const Failure *failure = context;
  FaultStudy study = fault_study_new();
  char *err = NULL;
  gsize n_calls = 0, unused = 0, n_told = 0;
  g_assert_cmpint(simulate(&study, &(Interpose){.kind = failure->kind, .at = G_MAXSIZE}, &err, &n_calls), ==, 0);
  g_free(err);
  g_assert_cmpuint(n_calls, >, 100);
  g_autoptr(GHashTable) want = fault_files(study.data);
  for (gsize at = first(); at <= n_calls; at += stride()) {
    support_remove(study.data);
    const Interpose fault = {.kind = failure->kind, .at = at, .cause = failure->cause};
    if (simulate(&study, &fault, &err, &unused) != 1)
      g_error("a failure of call %zu went untold", at);
    assert_told(err, failure->cause, at);
    n_told++;
    g_free(err);
    g_assert_cmpint(simulate(&study, &(Interpose){.kind = FAULT_NONE}, &err, &unused), ==, 0);
    g_free(err);
    fault_assert_same(want, study.data);
  }
  g_test_message("failures of %zu of %zu calls were told, and the next run made the data whole", n_told, n_calls);
  fault_study_clear(&study);
}

int main(int argc, char **argv) {
  static const Failure full = {FAULT_FULL, ENOSPC}, once = {FAULT_FAIL, EIO};
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/faults/a kill instead of any call loses and doubles nothing", GINT_TO_POINTER(FAULT_KILL),
                       test_every_kill);
  g_test_add_data_func("/faults/a kill in the middle of any call loses and doubles nothing",
                       GINT_TO_POINTER(FAULT_TEAR), test_every_kill);
  g_test_add_func("/faults/kills of resumed sessions lose and double nothing", test_kills_of_the_resumed);
  g_test_add_data_func("/faults/a disk full from any call on is told and got over", &full, test_every_failure);
  g_test_add_data_func("/faults/an I/O error at any call is told and got over", &once, test_every_failure);
  return g_test_run();
}
