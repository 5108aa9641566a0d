#include <math.h>
#include <string.h>

#include "present/journal/journal_line.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

static void part_free(gpointer data) {
  JournalPart *part = data;
  display_facts_clear(&part->display);
  g_free(part->program_version);
  g_free(part->operating_system);
  g_free(part);
}

void journal_contents_free(JournalContents *contents) {
  if (contents == NULL)
    return;
  journal_header_free(contents->header);
  g_ptr_array_unref(contents->answers);
  g_ptr_array_unref(contents->trials);
  g_ptr_array_unref(contents->attempts);
  g_ptr_array_unref(contents->events);
  g_ptr_array_unref(contents->sounds);
  g_ptr_array_unref(contents->markers);
  g_ptr_array_unref(contents->parts);
  g_free(contents->path);
  g_free(contents->part_offset);
  g_free(contents->abort_reason);
  g_free(contents);
}

static void note_time(JournalContents *contents, const GArray *offsets, double time) {
  if (isfinite(time))
    contents->latest = MAX(contents->latest, g_array_index(offsets, double, offsets->len - 1) + time);
}

/* Seconds from the header's moment to a resumption; false where a wall clock is none. */
static bool seconds_between(const JournalHeader *header, JsonObject *resume, double *seconds) {
  g_autoptr(GDateTime) begun = g_date_time_new_from_iso8601(header->wall_clock, NULL);
  g_autoptr(GDateTime) resumed = g_date_time_new_from_iso8601(json_text(resume, "wall_clock", ""), NULL);
  if (begun == NULL || resumed == NULL)
    return false;
  double boot_s = json_object_get_double_member_with_default(resume, "boot_s", NAN);
  bool same_boot = header->boot[0] != '\0' && strcmp(header->boot, json_text(resume, "boot", "")) == 0 &&
                   isfinite(header->boot_s) && isfinite(boot_s);
  *seconds = same_boot ? boot_s - header->boot_s : (double)g_date_time_difference(resumed, begun) / 1e6;
  return true;
}

/* Takes over `display`, whose strings are copies; a text that is missing is as it was at the beginning. */
static void add_part(JournalContents *contents, const DisplayFacts *display, const char *version, const char *system) {
  const JournalHeader *header = contents->header;
  JournalPart *part = g_new(JournalPart, 1);
  *part = (JournalPart){*display, g_strdup(*version != '\0' ? version : header->program_version),
                        g_strdup(*system != '\0' ? system : header->operating_system)};
  g_ptr_array_add(contents->parts, part);
}

static bool read_part(JsonObject *data, JournalContents *contents, GError **error) {
  JsonNode *node = json_object_get_member(data, "display");
  DisplayFacts display = {0};
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "member \"display\" is missing or of another kind");
    return false;
  }
  if (!display_facts_from_json(json_node_get_object(node), &display, error))
    return false;
  add_part(contents, &display, json_text(data, "program_version", ""), json_text(data, "operating_system", ""));
  return true;
}

static bool read_resume(JsonObject *data, JournalContents *contents, GArray *offsets, GError **error) {
  double offset = 0;
  if (!seconds_between(contents->header, data, &offset)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "member \"wall_clock\" is not a date and time");
    return false;
  }
  if (!read_part(data, contents, error))
    return false;
  offset = MAX(offset, contents->latest); /* a wall clock that was set back */
  g_array_append_val(offsets, offset);
  contents->status = JOURNAL_INTERRUPTED;
  return true;
}

static void read_end(JsonObject *data, JournalContents *contents) {
  bool complete = strcmp(json_text(data, "status", ""), journal_status_name(JOURNAL_COMPLETE)) == 0;
  contents->status = complete ? JOURNAL_COMPLETE : JOURNAL_ABORTED;
  g_free(contents->abort_reason);
  contents->abort_reason = g_strdup(complete ? "" : json_text(data, "reason", ""));
}

/* That of the same image's showing. */
static void drop_attempt(JournalContents *contents, const TrialRecord *trial) {
  for (guint i = contents->attempts->len; i-- > 0;) {
    const TrialRecord *attempt = contents->attempts->pdata[i];
    if (attempt->part == trial->part && attempt->step == trial->step && attempt->trial == trial->trial &&
        attempt->onset_actual == trial->onset_actual)
      g_ptr_array_remove_index(contents->attempts, i);
  }
}

/* Takes up one record after the header. */
static bool read_record(const char *type, JsonObject *data, JournalContents *contents, GArray *offsets,
                        GError **error) {
  if (contents->status == JOURNAL_COMPLETE) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "a record follows the end of the session");
    return false;
  }
  if (strcmp(type, "trial") == 0 || strcmp(type, "attempt") == 0) {
    TrialRecord *trial = NULL;
    if (!trial_record_from_json(data, &trial, error))
      return false;
    trial->part = offsets->len - 1;
    drop_attempt(contents, trial);
    g_ptr_array_add(*type == 't' ? contents->trials : contents->attempts, trial);
    note_time(contents, offsets, trial->onset_actual);
    for (gsize i = 0; i < trial->n_ratings; i++)
      note_time(contents, offsets, trial->ratings[i].confirm_time);
    return true;
  }
  if (strcmp(type, "answer") == 0) {
    AnswerRecord *answer = NULL;
    if (!answer_record_from_json(data, &answer, error))
      return false;
    answer->part = offsets->len - 1;
    g_ptr_array_add(contents->answers, answer);
    note_time(contents, offsets, answer->confirm_time);
    return true;
  }
  if (strcmp(type, "event") == 0) {
    EventRecord *event = NULL;
    if (!event_record_from_json(data, &event, error))
      return false;
    event->part = offsets->len - 1;
    event->before = contents->trials->len;
    g_ptr_array_add(contents->events, event);
    note_time(contents, offsets, event->time);
    return true;
  }
  if (strcmp(type, "sound") == 0) {
    SoundRecord *sound = NULL;
    if (!sound_record_from_json(data, &sound, error))
      return false;
    sound->part = offsets->len - 1;
    g_ptr_array_add(contents->sounds, sound);
    note_time(contents, offsets, sound->onset);
    return true;
  }
  if (strcmp(type, "marker") == 0) {
    MarkerRecord *marker = NULL;
    if (!marker_record_from_json(data, &marker, error))
      return false;
    marker->part = offsets->len - 1;
    g_ptr_array_add(contents->markers, marker);
    note_time(contents, offsets, marker->time);
    return true;
  }
  if (strcmp(type, "resume") == 0)
    return read_resume(data, contents, offsets, error);
  if (strcmp(type, "end") == 0) {
    read_end(data, contents);
    note_time(contents, offsets, json_object_get_double_member_with_default(data, "time", NAN));
    return true;
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "there is no record of type \"%s\"", type);
  return false;
}

static bool read_line(const char *name, const char *line, gsize size, gsize sequence, char digest[JOURNAL_DIGEST_SIZE],
                      JournalContents *contents, GArray *offsets, GError **error) {
  g_autofree char *type = NULL;
  g_autoptr(JsonObject) data = NULL;
  g_autoptr(GError) cause = NULL;
  if (!journal_line_parse(name, line, size, sequence, digest, &type, &data, error))
    return false;
  bool read;
  if ((sequence == 1) != (strcmp(type, "header") == 0)) {
    g_set_error(&cause, RIG_ERROR, RIG_ERROR_INPUT, "the first record must be the header, and no other");
    read = false;
  } else if (sequence == 1) {
    read = journal_header_from_json(data, &contents->header, &cause);
    DisplayFacts display = {0};
    if (read) {
      display_facts_copy(&contents->header->display, &display);
      add_part(contents, &display, "", "");
    }
  } else {
    read = read_record(type, data, contents, offsets, &cause);
  }
  if (!read)
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", name, cause->message);
  return read;
}

/* A last line that a power cut left with holes is as unconfirmed as one without its end. */
static bool is_torn(const char *line, gsize size, bool last, const char *digest) {
  return last && memchr(line, '\0', size) != NULL && !journal_line_intact(line, size, digest);
}

static bool read_lines(const char *path, const char *text, gsize size, JournalContents *contents, GArray *offsets,
                       GError **error) {
  char digest[JOURNAL_DIGEST_SIZE] = "";
  gsize sequence = 0;
  for (gsize start = 0; start < size;) {
    const char *line = text + start, *end = memchr(line, '\n', size - start);
    gsize length = end != NULL ? (gsize)(end - line) : 0;
    bool last = end != NULL && memchr(end + 1, '\n', size - start - length - 1) == NULL;
    if (end == NULL || is_torn(line, length, last, digest)) {
      contents->torn_bytes = size - start;
      break;
    }
    g_autofree char *name = g_strdup_printf("%s:%zu", path, ++sequence);
    if (!read_line(name, line, length, sequence, digest, contents, offsets, error))
      return false;
    start += length + 1;
  }
  if (contents->header != NULL)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:1: the journal has no header", path);
  return false;
}

bool journal_read(const char *path, JournalContents **contents, GError **error) {
  g_autofree char *text = NULL;
  gsize size = 0;
  if (!files_read(path, JOURNAL_MAX_SIZE, &text, &size, error))
    return false;
  g_autoptr(JournalContents) read = g_new0(JournalContents, 1);
  read->path = g_strdup(path);
  read->answers = g_ptr_array_new_with_free_func((GDestroyNotify)answer_record_free);
  read->trials = g_ptr_array_new_with_free_func((GDestroyNotify)trial_record_free);
  read->attempts = g_ptr_array_new_with_free_func((GDestroyNotify)trial_record_free);
  read->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_record_free);
  read->sounds = g_ptr_array_new_with_free_func((GDestroyNotify)sound_record_free);
  read->markers = g_ptr_array_new_with_free_func((GDestroyNotify)marker_record_free);
  read->parts = g_ptr_array_new_with_free_func(part_free);
  read->abort_reason = g_strdup("");
  GArray *offsets = g_array_new(FALSE, FALSE, sizeof(double));
  double begun = 0;
  g_array_append_val(offsets, begun);
  bool good = read_lines(path, text, size, read, offsets, error);
  read->part_offset = g_array_steal(offsets, &read->n_parts);
  g_array_unref(offsets);
  if (!good)
    return false;
  g_autofree char *prefix = journal_prefix(read->header->participant, read->header->session, read->header->task);
  g_autofree char *file = g_path_get_basename(path);
  read->run = journal_file_run(file, prefix);
  if (read->run == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: by its header the file should be named %s_run-N_journal.jsonl",
                path, prefix);
    return false;
  }
  *contents = g_steal_pointer(&read);
  return true;
}

bool journal_confirmed(const JournalContents *contents, gsize step, gsize trial) {
  for (guint i = 0; trial == 0 && i < contents->answers->len; i++)
    if (((const AnswerRecord *)contents->answers->pdata[i])->step == step)
      return true;
  for (guint i = 0; trial > 0 && i < contents->trials->len; i++) {
    const TrialRecord *record = contents->trials->pdata[i];
    if (record->step == step && record->trial == trial && record->abort_reason == NULL)
      return true;
  }
  return false;
}

bool journal_answered(const JournalContents *contents, gsize step, const char *name) {
  for (guint i = 0; i < contents->answers->len; i++) {
    const AnswerRecord *record = contents->answers->pdata[i];
    if (record->step == step && strcmp(record->name, name) == 0)
      return true;
  }
  return false;
}
