#include "present/journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "present/journal/journal_line.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

struct Journal {
  char *path;
  gsize run;
  JournalSync sync;
  int file, lock;
  gsize sequence;                   /* of the last record */
  char digest[JOURNAL_DIGEST_SIZE]; /* of the last record */
  off_t size;                       /* up to the end of the last record */
  bool failed;
};

const char *journal_path(const Journal *journal) { return journal->path; }
gsize journal_run(const Journal *journal) { return journal->run; }

void journal_close(Journal *journal) {
  if (journal == NULL)
    return;
  if (journal->file >= 0)
    close(journal->file);
  files_unlock(journal->lock);
  g_free(journal->path);
  g_free(journal);
}

/* Returns 0 or an errno. */
static int write_line(const Journal *journal, const GString *line, bool wait) {
  for (gsize done = 0; done < line->len;) {
    gssize written = write(journal->file, line->str + done, line->len - done);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    done += (gsize)written;
  }
  while (wait && journal->sync == JOURNAL_DURABLE && fdatasync(journal->file) != 0)
    if (errno != EINTR)
      return errno;
  return 0;
}

/* Takes over `data`. Waits for the disk, or leaves that to the next record that does. */
static bool append_line(Journal *journal, const char *type, JsonObject *data, bool wait, GError **error) {
  char digest[JOURNAL_DIGEST_SIZE];
  memcpy(digest, journal->digest, sizeof digest);
  GString *line = journal_line_format(journal->sequence + 1, type, data, digest);
  json_object_unref(data);
  int cause = journal->failed ? EIO : write_line(journal, line, wait);
  if (cause == 0) {
    journal->sequence++;
    journal->size += (off_t)line->len;
    memcpy(journal->digest, digest, sizeof digest);
  } else {
    /* Where even this fails, the torn line is dropped on reading. */
    if (!journal->failed && ftruncate(journal->file, journal->size) == 0)
      fdatasync(journal->file);
    journal->failed = true;
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: record %zu could not be saved: %s", journal->path,
                journal->sequence + 1, g_strerror(cause));
  }
  g_string_free(line, TRUE);
  return cause == 0;
}

static bool append(Journal *journal, const char *type, JsonObject *data, GError **error) {
  return append_line(journal, type, data, true, error);
}

/* Makes new folders survive a power cut: a folder's name is on disk when its parent is. Parents that may not be listed
 * were there before. */
static bool sync_folders(const char *data, const char *folder, GError **error) {
  g_autofree char *path = g_strdup(folder);
  while (strlen(path) >= strlen(data)) {
    int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int cause = file >= 0 && fsync(file) != 0 ? errno : 0;
    if (file >= 0)
      close(file);
    if (cause != 0 && cause != EINVAL && cause != EROFS && cause != EINTR) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: the folder could not be saved: %s", path, g_strerror(cause));
      return false;
    }
    char *parent = g_path_get_dirname(path);
    bool top = strcmp(parent, path) == 0;
    g_free(path);
    path = parent;
    if (top)
      break;
  }
  return true;
}

/* One lock for all runs of a participant's session, so that two programs can't take the same run number either. */
static bool lock_session(const char *folder, const char *prefix, int *lock, GError **error) {
  g_autofree char *path = g_strdup_printf("%s/%s.lock", folder, prefix);
  g_autoptr(GError) cause = NULL;
  if (files_lock(path, lock, &cause))
    return true;
  if (g_error_matches(cause, RIG_ERROR, RIG_ERROR_STATE))
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s: another program is running a session of this participant",
                path);
  else
    g_propagate_error(error, g_steal_pointer(&cause));
  return false;
}

bool journal_check_idle(const char *data, const char *participant, const char *session, const char *task,
                        GError **error) {
  if (!protocol_check_label("participant", participant, error) ||
      (session != NULL && !protocol_check_label("session", session, error)))
    return false;
  g_autofree char *folder = journal_folder(data, participant, session);
  g_autofree char *prefix = journal_prefix(participant, session, task);
  int lock = -1;
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
    return true; /* nobody has begun anything */
  if (!lock_session(folder, prefix, &lock, error))
    return false;
  files_unlock(lock);
  return true;
}

/* The next run that neither a journal nor a derived file has. */
static gsize free_run(const char *data, const JournalHeader *header, const char *folder, const char *prefix) {
  g_autofree char *subject = g_strdup_printf("sub-%s", header->participant);
  g_autofree char *visit = header->session != NULL ? g_strdup_printf("ses-%s/", header->session) : g_strdup("");
  for (gsize run = journal_highest_run(folder, prefix) + 1;; run++) {
    g_autofree char *derived = g_strdup_printf("%s/%s/%sbeh/%s_run-%zu_beh.tsv", data, subject, visit, prefix, run);
    if (!g_file_test(derived, G_FILE_TEST_EXISTS))
      return run;
  }
}

static Journal *journal_open(const char *path, gsize run, JournalSync sync, int lock, GError **error) {
  Journal *journal = g_new0(Journal, 1);
  *journal = (Journal){.path = g_strdup(path), .run = run, .sync = sync, .lock = lock};
  journal->file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (journal->file >= 0)
    return journal;
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write: %s", path, g_strerror(errno));
  journal_close(journal);
  return NULL;
}

bool journal_create(const char *data, const JournalHeader *header, JournalSync sync, Journal **journal,
                    GError **error) {
  if (!protocol_check_label("participant", header->participant, error) ||
      (header->session != NULL && !protocol_check_label("session", header->session, error)))
    return false;
  g_autofree char *folder = journal_folder(data, header->participant, header->session);
  g_autofree char *prefix = journal_prefix(header->participant, header->session, header->task);
  int lock = -1;
  if (!files_make_folder(folder, 0700, error) || !lock_session(folder, prefix, &lock, error))
    return false;
  gsize run = free_run(data, header, folder, prefix);
  g_autofree char *path = g_strdup_printf("%s/%s_run-%zu_journal.jsonl", folder, prefix, run);

  char digest[JOURNAL_DIGEST_SIZE] = "";
  g_autoptr(JsonObject) object = journal_header_to_json(header);
  GString *line = journal_line_format(1, "header", object, digest);
  bool written = files_write(path, line->str, line->len, FILES_PRIVATE, error) && sync_folders(data, folder, error);
  off_t size = (off_t)line->len;
  g_string_free(line, TRUE);
  if (!written) {
    files_unlock(lock);
    return false;
  }
  Journal *made = journal_open(path, run, sync, lock, error);
  if (made == NULL)
    return false;
  made->sequence = 1;
  made->size = size;
  memcpy(made->digest, digest, sizeof digest);
  *journal = made;
  return true;
}

/* What differs between the session's beginning and now, or NULL. */
static const char *difference(const JournalHeader *then, const JournalHeader *now) {
  if (strcmp(then->protocol_digest, now->protocol_digest) != 0)
    return "the protocol file has changed";
  if (strcmp(then->set_digest, now->set_digest) != 0)
    return "the stimulus set has changed";
  if (then->seed != now->seed)
    return "the protocol's seed has changed";
  if (then->rules != now->rules)
    return "another version of dreamrig began it, and the rules of its design have changed";
  if (strcmp(then->participant, now->participant) != 0)
    return "it is another participant's";
  if (then->allocation != now->allocation)
    return "the participant's number in the design (--allocation) has changed";
  if (g_strcmp0(then->session, now->session) != 0)
    return "it is of another session";
  if (strcmp(then->task, now->task) != 0)
    return "it is of another task";
  if (then->simulated != now->simulated)
    return "simulated and real data can't be mixed";
  return NULL;
}

static const Trial *find_trial(const TrialList *list, const TrialRecord *record) {
  gsize n = 0;
  const Trial *trials = trial_list_step(list, record->step, &n);
  return record->trial >= 1 && record->trial <= n ? &trials[record->trial - 1] : NULL;
}

/* The digests do not cover what the set's other columns say, nor the program's own rules. */
static bool check_trials(const JournalContents *contents, const Protocol *protocol, const TrialList *list,
                         GError **error) {
  for (guint i = 0; i < contents->trials->len; i++) {
    const TrialRecord *record = contents->trials->pdata[i];
    const Trial *trial = find_trial(list, record);
    const char *id = trial != NULL ? protocol_stimulus(protocol, trial->stimulus, "id") : "nothing";
    if (trial != NULL && strcmp(id, record->stim_id) == 0 &&
        strcmp(protocol->blocks[trial->block].name, record->block) == 0)
      continue;
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "%s: cannot be resumed: the design has changed since it began: trial %zu of block %s showed %s, and "
                "would show %s now (stimuli.tsv has other columns, or dreamrig is of another version)",
                contents->path, record->trial, record->block, record->stim_id, id);
    return false;
  }
  return true;
}

static bool check_resumable(const JournalContents *contents, const JournalHeader *header, GError **error) {
  const char *changed = difference(contents->header, header), *locale = contents->header->locale;
  g_autofree char *language = g_strdup_printf("the language has changed (it was %s%s)",
                                              *locale != '\0' ? "--language " : "begun without --language", locale);
  if (changed == NULL && strcmp(locale, header->locale) != 0)
    changed = language;
  if (contents->status == JOURNAL_COMPLETE)
    changed = "the session is complete";
  if (changed == NULL)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s: cannot be resumed: %s%s", contents->path, changed,
              contents->status == JOURNAL_COMPLETE ? "" : " since it began");
  return false;
}

bool journal_check_resume(const char *path, const JournalHeader *header, const Protocol *protocol,
                          const TrialList *trials, GError **error) {
  g_autoptr(JournalContents) contents = NULL;
  return journal_read(path, &contents, error) && check_resumable(contents, header, error) &&
         check_trials(contents, protocol, trials, error);
}

/* Positions at the end of the last whole record and removes what follows it. */
static bool go_to_end(Journal *journal, const JournalContents *contents, GError **error) {
  g_autofree char *text = NULL;
  gsize size = 0;
  if (!files_read(journal->path, JOURNAL_MAX_SIZE, &text, &size, error))
    return false;
  size -= contents->torn_bytes;
  for (gsize i = 0; i < size; i++)
    journal->sequence += text[i] == '\n';
  memcpy(journal->digest, text + size - 3 - 64, 64); /* HEX"}\n */
  journal->digest[64] = '\0';
  journal->size = (off_t)size;
  if (contents->torn_bytes == 0)
    return true;
  if (ftruncate(journal->file, journal->size) == 0)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: the torn last record cannot be removed: %s", journal->path,
              g_strerror(errno));
  return false;
}

static bool append_resume(Journal *journal, const JournalHeader *header, gsize torn_bytes, GError **error) {
  JsonObject *object = json_object_new();
  journal_put_clocks(object, header);
  json_object_set_string_member(object, "program_version", header->program_version);
  json_object_set_string_member(object, "operating_system", header->operating_system);
  json_object_set_object_member(object, "display", display_facts_to_json(&header->display));
  json_object_set_int_member(object, "torn_bytes", (gint64)torn_bytes);
  return append(journal, "resume", object, error);
}

bool journal_resume(const char *path, const JournalHeader *header, JournalSync sync, Journal **journal,
                    JournalContents **contents, GError **error) {
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *prefix = journal_prefix(header->participant, header->session, header->task);
  int lock = -1;
  if (!lock_session(folder, prefix, &lock, error))
    return false;
  g_autoptr(JournalContents) read = NULL;
  if (!journal_read(path, &read, error) || !check_resumable(read, header, error)) {
    files_unlock(lock);
    return false;
  }
  g_autoptr(Journal) opened = journal_open(path, read->run, sync, lock, error);
  if (opened == NULL || !go_to_end(opened, read, error) || !append_resume(opened, header, read->torn_bytes, error))
    return false;
  *journal = g_steal_pointer(&opened);
  *contents = g_steal_pointer(&read);
  return true;
}

bool journal_answer(Journal *journal, const AnswerRecord *record, GError **error) {
  return append(journal, "answer", answer_record_to_json(record), error);
}

bool journal_trial(Journal *journal, const TrialRecord *record, GError **error) {
  return append(journal, "trial", trial_record_to_json(record), error);
}

bool journal_event(Journal *journal, const EventRecord *record, GError **error) {
  return append(journal, "event", event_record_to_json(record), error);
}

bool journal_sound(Journal *journal, const SoundRecord *record, GError **error) {
  return append_line(journal, "sound", sound_record_to_json(record), false, error);
}

bool journal_marker(Journal *journal, const MarkerRecord *record, GError **error) {
  return append_line(journal, "marker", marker_record_to_json(record), false, error);
}

bool journal_attempt(Journal *journal, const TrialRecord *record, GError **error) {
  return append_line(journal, "attempt", trial_record_to_json(record), false, error);
}

const char *journal_status_name(JournalStatus status) {
  static const char *const names[] = {"interrupted", "aborted", "complete"};
  return names[status];
}

bool journal_end(Journal *journal, JournalStatus status, const char *abort_reason, double time, GError **error) {
  g_assert(status != JOURNAL_INTERRUPTED);
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "status", journal_status_name(status));
  json_object_set_string_member(object, "reason", abort_reason != NULL ? abort_reason : "");
  json_object_set_double_member(object, "time", time);
  return append(journal, "end", object, error);
}
