/* The journal: the primary record of a session. Append-only, one JSON object a line, each on disk (fdatasync) before
 * the call returns.
 *
 * Every line is {"sequence":N,"type":T,"data":{...},"sha256":H}, H being the SHA-256 of the line before's H followed by
 * this line's text up to `,"sha256"`: a changed, lost, doubled or swapped line is found. The first line is the header.
 * A last line without its line end is what a kill or a full disk leaves; it was never confirmed, so it is dropped and
 * noted. Any other damage is refused with its line.
 *
 * Files: DATA/sourcedata/sub-ID/[ses-S/]sub-ID[_ses-S]_task-T_run-N_journal.jsonl, 0600 in folders of 0700, and a lock
 * file next to it, held while a session writes. */
#ifndef DREAMRIG_JOURNAL_H
#define DREAMRIG_JOURNAL_H

#include "present/journal/record.h"

typedef struct {
  char *participant; /* BIDS label, without "sub-" */
  char *session;     /* BIDS label, or NULL where the study has none */
  char *task;
  char *protocol_digest, *set_digest;
  guint64 seed;
  gsize rules;      /* ALLOCATION_RULES when the session began */
  gsize allocation; /* the participant's number in the design: TrialList.participant */
  char *locale;
  bool simulated;
  char *clock;           /* "CLOCK_MONOTONIC" or "simulated" */
  char *wall_clock;      /* UTC at the session clock's 0, ISO 8601 with microseconds: "2024-05-02T10:31:07.123456Z" */
  char *boot;            /* the kernel's id of this start of the machine; "" where it has none, or simulated */
  double boot_s;         /* CLOCK_BOOTTIME at the session clock's 0; NaN where simulated */
  char *program_version; /* RIG_VERSION */
  char *operating_system;
  DisplayFacts display;
  JsonObject *design; /* protocol_describe */
} JournalHeader;

/* A header of this program, machine and moment; allocation is the label's number, which a caller may change. session
 * and display may be NULL (display facts then are unknown); display is copied. Free with journal_header_free. */
JournalHeader *journal_header_new(const Protocol *protocol, const char *participant, const char *session,
                                  bool simulated, const DisplayFacts *display);
void journal_header_free(JournalHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalHeader, journal_header_free)

typedef enum {
  JOURNAL_INTERRUPTED, /* no end: still running, killed, or a full disk */
  JOURNAL_ABORTED,     /* quit on purpose; can be resumed */
  JOURNAL_COMPLETE,
} JournalStatus;
/* "interrupted", "aborted" or "complete", as the data have it. */
const char *journal_status_name(JournalStatus status);

/* What a session ran on from its beginning, or from a resumption, to the next. */
typedef struct {
  DisplayFacts display;
  char *program_version, *operating_system;
} JournalPart;

/* A journal read whole. */
typedef struct {
  char *path;
  gsize run;
  JournalHeader *header;
  GPtrArray *answers;  /* of AnswerRecord, in order */
  GPtrArray *trials;   /* of TrialRecord, in order, with the aborted ones */
  GPtrArray *attempts; /* of TrialRecord: images that were shown in trials that then began again or never ended */
  GPtrArray *events;   /* of EventRecord */
  GPtrArray *sounds;   /* of SoundRecord */
  GPtrArray *markers;  /* of MarkerRecord */
  double *part_offset; /* of each part (1 + number of resumptions): s from the first part's 0 to the part's 0, by the
                        * clock that runs since the machine's start, else by the wall clock; no part begins before the
                        * last record of the one before */
  GPtrArray *parts;    /* of JournalPart, n_parts of them */
  gsize n_parts;
  double latest; /* the last of all recorded times, s since the first part's 0 */
  JournalStatus status;
  char *abort_reason; /* "" unless aborted */
  gsize torn_bytes;   /* of an unfinished last line, dropped */
} JournalContents;

/* Reads and checks a journal, changing nothing. Free with journal_contents_free. */
bool journal_read(const char *path, JournalContents **contents, GError **error);
void journal_contents_free(JournalContents *contents);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalContents, journal_contents_free)
/* Whether a step is done: a page or question (trial 0) was confirmed, or this trial of a block (1-based) was. */
bool journal_confirmed(const JournalContents *contents, gsize step, gsize trial);
/* Whether a question of this name, asked in this step, was answered. */
bool journal_answered(const JournalContents *contents, gsize step, const char *name);

/* The newest journal of a participant's session and task: *path is NULL where there is none. Free with g_free. */
bool journal_newest(const char *data, const char *participant, const char *session, const char *task, char **path,
                    JournalStatus *status, GError **error);
/* Whether no program writes a session of this participant and task, so that one can be begun or resumed: fails with
 * RIG_ERROR_STATE otherwise. It may be another moment's answer by the time of journal_create, which asks again. */
bool journal_check_idle(const char *data, const char *participant, const char *session, const char *task,
                        GError **error);
/* Whether a data folder may take data of this kind: simulated and real ones do not share a folder. Its first journal
 * that can be read decides; a folder without any takes both. */
bool journal_check_kind(const char *data, bool simulated, GError **error);
/* The label of another participant of this task who has the same number in the design, NULL: nobody. Journals that
 * can't be read are passed by: whoever derives the data hears of them. Free with g_free. */
char *journal_namesake(const char *data, const JournalHeader *header);
/* The rules of the first session of the protocol's task and seed whose design follows others than these; 0: none.
 * Headers that can't be read are passed by. */
gsize journal_other_rules(const char *data, const Protocol *protocol, gsize rules);
/* All journals below a data folder, participant by participant, each one's in the order in which they were begun
 * (simulated ones, which begin at no moment: by session and run); NULL with error set where there is none. Free with
 * g_ptr_array_unref. */
GPtrArray *journal_list(const char *data, GError **error);

/* Whether each record waits for the disk. Simulated sessions need not. */
typedef enum { JOURNAL_DURABLE, JOURNAL_FAST } JournalSync;

typedef struct Journal Journal; /* open for writing, locked */

/* Begins a new run (the next free number): creates the folders and the file with its header, atomically. Fails with
 * RIG_ERROR_STATE while another program writes a session of this participant. Free with journal_close. */
bool journal_create(const char *data, const JournalHeader *header, JournalSync sync, Journal **journal, GError **error);
/* Goes on with an unfinished run: checks that participant, task, protocol, stimuli, seed, number, rules and language
 * are those of `header` (the present ones; the message says which differ), removes a torn last line, and notes the
 * resumption with the header's wall clock and display. Refuses a complete session. *contents is what was recorded
 * before. */
bool journal_resume(const char *path, const JournalHeader *header, JournalSync sync, Journal **journal,
                    JournalContents **contents, GError **error);
/* Whether journal_resume would take it, and whether each trial that it has is the one that the list has in its place:
 * else images would come twice or not at all. Changes nothing. */
bool journal_check_resume(const char *path, const JournalHeader *header, const Protocol *protocol,
                          const TrialList *trials, GError **error);
const char *journal_path(const Journal *journal);
gsize journal_run(const Journal *journal);

/* Each appends one record and returns once it is on disk. On failure (RIG_ERROR_OUTPUT: disk full, I/O error) the
 * record is taken back so that the file ends with the record before, and every later call fails too: the session must
 * stop. A program should ignore SIGXFSZ, so that a file-size limit is such an error too. */
bool journal_answer(Journal *journal, const AnswerRecord *record, GError **error);
bool journal_trial(Journal *journal, const TrialRecord *record, GError **error);
bool journal_event(Journal *journal, const EventRecord *record, GError **error);
/* As above, but they come in numbers or not alone: they are on disk with the next record of another type. */
bool journal_sound(Journal *journal, const SoundRecord *record, GError **error);
bool journal_marker(Journal *journal, const MarkerRecord *record, GError **error);
/* A trial whose image was shown, as it stands when a pause breaks into it. A later record of the same trial with the
 * same onset replaces it. */
bool journal_attempt(Journal *journal, const TrialRecord *record, GError **error);
/* The last record: status JOURNAL_COMPLETE or JOURNAL_ABORTED; abort_reason may be NULL. */
bool journal_end(Journal *journal, JournalStatus status, const char *abort_reason, double time, GError **error);
void journal_close(Journal *journal); /* legal on NULL; unlocks */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_close)

#endif
