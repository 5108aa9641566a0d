#include "tests/present/fault_study.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "present/bids/bids.h"
#include "present/participant/participant_sim.h"
#include "stimuli/base/files.h"
#include "tests/present/rig.h"
#include "tests/support.h"

Interpose interpose;

static const char protocol_text[] = "[protocol]\nname = faults\nversion = 1\ntitle = Faults\ntask = faults\nseed = 5\n"
                                    "stimuli = set\n"
                                    "[sequence]\nsteps = welcome; mood; practice; main; goodbye\n"
                                    "[page welcome]\ntext = Please begin.\n"
                                    "[page goodbye]\ntext = Thank you.\n"
                                    "[question mood]\nkind = choice\ntext = How are you?\noptions = Bad; Good\n"
                                    "[scale arousal]\nfigure = arousal\nleft = calm\nright = excited\nstart = hidden\n"
                                    "[scale valence]\nfigure = valence\nleft = bad\nright = good\nstart = random\n"
                                    "[block practice]\nphase = practice\nimages = 2\nscales = arousal; valence\n"
                                    "[block main]\nphase = main\nimages = all\nrepeats = 12\norder = random\n"
                                    "scales = arousal; valence\nscale_order = participant\nimage_ms = 200\n";

FaultStudy fault_study_new(void) {
  GError *error = NULL;
  FaultStudy study = {.folder = support_folder()};
  g_autofree char *set = g_build_filename(study.folder, "set", NULL);
  study.data = g_build_filename(study.folder, "data", NULL);
  study.path = g_build_filename(study.folder, "faults.protocol", NULL);
  rig_write_set(set, 4);
  g_assert_true(g_file_set_contents(study.path, protocol_text, -1, NULL));
  protocol_open(study.path, NULL, &study.protocol, &error);
  g_assert_no_error(error);
  g_assert_true(trial_list_new(study.protocol, FAULT_PARTICIPANT, &study.trials, NULL));
  g_assert_true(participant_model_latents(study.protocol, 1, &study.latents, NULL));
  FaultRun run = fault_run(&study, &(Interpose){.kind = FAULT_NONE});
  g_assert_cmpint(run.status, ==, 0);
  study.n_calls = run.n_calls;
  study.whole = fault_files(study.data);
  support_remove(study.data);
  return study;
}

void fault_study_clear(FaultStudy *study) {
  support_remove(study->folder);
  g_hash_table_unref(study->whole);
  trial_list_free(study->trials);
  protocol_free(study->protocol);
  g_free(study->latents);
  g_free(study->folder);
  g_free(study->path);
  g_free(study->data);
}

/* --- The child --- */

typedef struct {
  SessionWatcher participant;
  int pipe;
  Confirmed shown; /* what is on the screen; step G_MAXSIZE: nothing that is recorded */
  bool welcomes;   /* the first screen greets who comes back */
} Teller;

/* Once the next screen shows, the one before it was confirmed. */
static void tell(gpointer context, const SessionMoment *moment) {
  Teller *teller = context;
  Confirmed now = {G_MAXSIZE, 0};
  if (moment->kind == MOMENT_RATING)
    now = (Confirmed){moment->step, moment->trial->number};
  else if ((moment->kind == MOMENT_PAGE && !teller->welcomes) || moment->kind == MOMENT_QUESTION)
    now.step = moment->step;
  Confirmed shown = teller->shown;
  if (shown.step != G_MAXSIZE && write(teller->pipe, &shown, sizeof shown) != sizeof shown)
    _exit(98);
  teller->shown = now;
  teller->welcomes = false;
  teller->participant.entered(teller->participant.context, moment);
}

static bool open_journal(const FaultStudy *study, Journal **journal, JournalContents **before, GError **error) {
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, FAULT_PARTICIPANT, NULL, true, NULL);
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_INTERRUPTED;
  if (!journal_newest(study->data, FAULT_PARTICIPANT, NULL, study->protocol->task, &path, &status, error))
    return false;
  if (path == NULL)
    return journal_create(study->data, header, JOURNAL_DURABLE, journal, error);
  return status == JOURNAL_COMPLETE || journal_resume(path, header, JOURNAL_DURABLE, journal, before, error);
}

static bool run_session(const FaultStudy *study, Teller *teller, GError **error) {
  g_autoptr(Clock) clock = clock_new_simulated(0);
  g_autoptr(Display) display = display_null_new(clock, 1280, 800, 60, false);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  if (!files_make_folder(study->data, 0700, error) || !open_journal(study, &journal, &before, error))
    return false;
  if (journal == NULL)
    return true;
  ParticipantTraits traits = participant_traits_new(3, FAULT_PARTICIPANT);
  SimulatedParticipant participant = {.protocol = study->protocol,
                                      .latents = study->latents,
                                      .traits = &traits,
                                      .display = display,
                                      .x = 640,
                                      .y = 400,
                                      .participant = study->trials->participant};
  teller->participant = simulated_participant_watcher(&participant);
  teller->welcomes = before != NULL;
  SessionSetup setup = {.protocol = study->protocol,
                        .trials = study->trials,
                        .display = display,
                        .journal = journal,
                        .before = before,
                        .watcher = {tell, teller}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  bool good = session_run(&setup, &status, error);
  participant_traits_clear(&traits);
  return good && status == JOURNAL_COMPLETE;
}

static void live(const FaultStudy *study, const Interpose *fault, int file) {
  g_autoptr(GError) error = NULL;
  Teller teller = {.pipe = file, .shown = {G_MAXSIZE, 0}};
  interpose = *fault;
  interpose.armed = true;
  bool good = run_session(study, &teller, &error) && bids_derive(study->data, &error);
  interpose.armed = false;
  Confirmed count = {G_MAXSIZE, interpose.count};
  char message[FAULT_MESSAGE_SIZE] = "";
  if (!good)
    g_strlcpy(message, error != NULL ? error->message : "the session did not end", sizeof message);
  bool told = write(file, &count, sizeof count) == sizeof count && write(file, message, sizeof message) > 0;
  _exit(told && good ? 0 : 1);
}

FaultRun fault_run(FaultStudy *study, const Interpose *fault) {
  FaultRun run = {0};
  int pipes[2], status = 0;
  g_assert_cmpint(pipe(pipes), ==, 0);
  pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    live(study, fault, pipes[1]);
  }
  close(pipes[1]);
  for (Confirmed told; read(pipes[0], &told, sizeof told) == sizeof told;)
    if (told.step == G_MAXSIZE) {
      run.n_calls = told.trial;
      if (read(pipes[0], run.message, sizeof run.message) != sizeof run.message)
        g_error("a session's message was cut off");
    } else if (run.n_confirmed < FAULT_MAX_CONFIRMED)
      run.confirmed[run.n_confirmed++] = told;
  close(pipes[0]);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

/* --- The comparison --- */

static bool is_time(const char *column) {
  static const char *const suffixes[] = {"onset_planned", "onset_actual", "_onset", "_confirm_time", "_shown"};
  bool time = false;
  for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
    time |= g_str_has_suffix(column, suffixes[i]);
  return time;
}

/* The session's clock begins anew with each part. */
static char *without_times(const char *path) {
  GError *error = NULL;
  g_autoptr(Table) table = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  bool pages = g_str_has_suffix(path, "pages.tsv");
  for (gsize i = 0; i < table_n_columns(table); i++) {
    const char *column = table_column_name(table, i);
    bool of_scale = !pages && g_str_has_suffix(column, "_confirm_time"); /* since the image: the same in every part */
    for (gsize row = 0; row < table_n_rows(table) && is_time(column) && !of_scale; row++)
      table_set(table, row, i, NULL);
  }
  return g_string_free(table_format(table), FALSE);
}

/* A resumed session's sidecar also lists its parts. */
static char *without_resumptions(const char *path) {
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autofree char *whole = text;
  g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
  GString *rest = g_string_new(NULL);
  bool in_parts = false;
  for (gsize i = 0; lines[i] != NULL; i++) {
    in_parts |= g_str_equal(lines[i], "  \"Parts\": [");
    if (!in_parts && strstr(lines[i], "\"Resumptions\"") == NULL)
      g_string_append_printf(rest, "%s\n", lines[i]);
    in_parts &= !g_str_equal(lines[i], "  ],");
  }
  return g_string_free(rest, FALSE);
}

static char *comparable(const char *path) {
  char *text = NULL;
  if (g_str_has_suffix(path, "_beh.tsv") || g_str_has_suffix(path, "phenotype/pages.tsv"))
    return without_times(path);
  if (g_str_has_suffix(path, "_beh.json"))
    return without_resumptions(path);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static void collect(const char *folder, const char *prefix, GHashTable *files) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL), *relative = g_build_filename(prefix, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      collect(path, relative, files);
    else if (!g_str_has_suffix(name, ".lock") && !g_str_has_suffix(name, "_journal.jsonl"))
      g_hash_table_insert(files, g_steal_pointer(&relative), comparable(path));
  }
}

GHashTable *fault_files(const char *folder) {
  GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  collect(folder, "", files);
  return files;
}

void fault_assert_same(GHashTable *want, const char *data) {
  g_autoptr(GHashTable) got = fault_files(data);
  GHashTableIter iter;
  gpointer name, text;
  g_hash_table_iter_init(&iter, want);
  while (g_hash_table_iter_next(&iter, &name, &text))
    if (g_strcmp0(g_hash_table_lookup(got, name), text) != 0)
      g_error("%s differs: %s", (const char *)name, (const char *)g_hash_table_lookup(got, name));
  g_hash_table_iter_init(&iter, got);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    if (!g_hash_table_contains(want, name))
      g_error("%s should not be there", (const char *)name);
}

void fault_assert_whole(const FaultStudy *study) { fault_assert_same(study->whole, study->data); }
