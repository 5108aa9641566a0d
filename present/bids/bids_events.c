#include <math.h>
#include <string.h>

#include "present/bids/bids_files.h"

enum { ONSET, DURATION, TRIAL_TYPE, VALUE, BLOCK, TRIAL, STIM_ID, DETAIL, SOURCE, UNCERTAINTY, FAULT, N_COLUMNS };
static const char *const COLUMNS[] = {"onset",   "duration", "trial_type", "value",       "block", "trial",
                                      "stim_id", "detail",   "source",     "uncertainty", "fault"};

/* Rows come in the journal's order, which is not that of time. */
typedef struct {
  double onset;
  gsize row;
} Entry;

static gint by_onset(gconstpointer a, gconstpointer b) {
  const Entry *x = a, *y = b;
  if (x->onset != y->onset)
    return x->onset < y->onset ? -1 : 1;
  return x->row < y->row ? -1 : 1;
}

static gsize add(Table *table, const char *type, double onset, double duration) {
  gsize row = table_add_row(table);
  table_set_double(table, row, ONSET, onset);
  table_set_double(table, row, DURATION, duration);
  table_set(table, row, TRIAL_TYPE, type);
  return row;
}

static void set_trial(Table *table, gsize row, const TrialRecord *trial) {
  table_set(table, row, BLOCK, trial->block);
  table_set_int(table, row, TRIAL, (gint64)trial->trial);
  table_set(table, row, STIM_ID, trial->stim_id);
}

/* The image and, where the trial was confirmed, the response. */
static void add_trial(Table *table, const TrialRecord *trial, double offset) {
  if (!isfinite(trial->onset_actual))
    return;
  gsize image = add(table, "image", trial->onset_actual + offset, trial->image_duration);
  set_trial(table, image, trial);
  table_set(table, image, SOURCE, trial->onset_source);
  table_set_double(table, image, UNCERTAINTY, trial->onset_uncertainty);
  if (trial->abort_reason != NULL || !isfinite(trial->response_time))
    return;
  gsize response = add(table, "response", trial->onset_actual + trial->response_time + offset, 0);
  set_trial(table, response, trial);
}

/* A sound is of the trial that has its part, step and number; one whose trial was never recorded is still of a block,
 * which any other trial of the step names. */
static void set_trial_of_sound(Table *table, gsize row, const JournalContents *contents, const SoundRecord *sound) {
  for (guint i = 0; i < contents->trials->len; i++) {
    const TrialRecord *trial = contents->trials->pdata[i];
    if (trial->step != sound->step)
      continue;
    table_set(table, row, BLOCK, trial->block);
    if (contents->trial_part[i] == sound->part && trial->trial == sound->trial) {
      set_trial(table, row, trial);
      return;
    }
  }
  table_set_int(table, row, TRIAL, (gint64)sound->trial);
}

static void set_detail(Table *table, gsize row, const char *text) {
  if (text[0] != '\0')
    table_set(table, row, DETAIL, text);
}

static void fill(Table *table, const JournalContents *contents) {
  for (guint i = 0; i < contents->trials->len; i++)
    add_trial(table, contents->trials->pdata[i], contents->part_offset[contents->trial_part[i]]);
  for (guint i = 0; i < contents->sounds->len; i++) {
    const SoundRecord *sound = contents->sounds->pdata[i];
    if (!isfinite(sound->onset))
      continue;
    gsize row = add(table, "sound", sound->onset + contents->part_offset[sound->part], NAN);
    set_detail(table, row, sound->name);
    set_trial_of_sound(table, row, contents, sound);
    table_set(table, row, SOURCE, sound->source);
    table_set_double(table, row, UNCERTAINTY, sound->uncertainty);
  }
  for (guint i = 0; i < contents->markers->len; i++) {
    const MarkerRecord *marker = contents->markers->pdata[i];
    gsize row = add(table, "marker", marker->time + contents->part_offset[marker->part], 0);
    g_autofree char *detail =
        marker->detail[0] != '\0' ? g_strconcat(marker->event, " ", marker->detail, NULL) : g_strdup(marker->event);
    table_set_int(table, row, VALUE, (gint64)marker->code);
    set_detail(table, row, detail);
    table_set_double(table, row, UNCERTAINTY, marker->uncertainty);
    if (marker->fault[0] != '\0')
      table_set(table, row, FAULT, marker->fault);
  }
  for (guint i = 0; i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    if (!isfinite(event->time))
      continue;
    gsize row = add(table, event->kind, event->time + contents->part_offset[event->part], 0);
    set_detail(table, row, event->detail);
  }
}

/* A new table with the rows in the order of time. */
static Table *sorted(const Table *table) {
  gsize n = table_n_rows(table);
  g_autofree Entry *order = g_new0(Entry, n + 1);
  for (gsize i = 0; i < n; i++) {
    order[i].row = i;
    table_get_double(table, i, ONSET, &order[i].onset, NULL);
  }
  qsort(order, n, sizeof *order, by_onset);
  Table *result = table_new(COLUMNS, N_COLUMNS);
  for (gsize i = 0; i < n; i++) {
    gsize row = table_add_row(result);
    for (gsize column = 0; column < N_COLUMNS; column++)
      table_set(result, row, column, table_get(table, order[i].row, column));
  }
  return result;
}

static void describe(JsonObject *sidecar) {
  static const char *const types[] = {"image",
                                      "an image appeared",
                                      "response",
                                      "the ratings were confirmed",
                                      "sound",
                                      "a sound began",
                                      "marker",
                                      "a code was sent to the recording",
                                      "pause",
                                      "the session was paused",
                                      "continue",
                                      "the pause ended",
                                      "focus_lost",
                                      "the window lost the keyboard",
                                      "focus_gained",
                                      "the window regained the keyboard",
                                      "break",
                                      "a break began",
                                      "break_end",
                                      "the break was ended",
                                      "consent_declined",
                                      "a consent page was declined",
                                      "flips",
                                      "when each screen of a trial was shown",
                                      "all_flips",
                                      "how all flips of the session went",
                                      "markers",
                                      "how the sending of all codes went",
                                      "audio",
                                      "how the sound of the whole session went",
                                      "audio_underrun",
                                      "the sound device ran dry",
                                      "audio_clipped",
                                      "sounds together were too loud and were cut",
                                      "audio_lost",
                                      "the sound device was gone",
                                      "audio_back",
                                      "the sound device was there again",
                                      "resized",
                                      "the window has another size",
                                      "display_lost",
                                      "a screen was unplugged",
                                      "display_changed",
                                      "the window moved to another screen",
                                      "untrusted_display",
                                      "nothing tells when a frame reaches the screen",
                                      "simulation",
                                      "what the simulated participant answers by"};
  static const struct {
    const char *name, *description, *units;
  } columns[] = {
      {"onset",
       "Time on the session's clock, which begins with the program; the markers' codes tie it to the recording.", "s"},
      {"duration",
       "How long it lasted: of an image, until the next screen took it away; n/a where it stayed until the answer, and "
       "of sounds, which an answer or a pause may cut short.",
       "s"},
      {"trial_type", "What happened.", NULL},
      {"value", "The code that was sent to the recording.", NULL},
      {"block", "Name of the block in the protocol.", NULL},
      {"trial", "Number of the trial within its block, from 1.", NULL},
      {"stim_id", "Name of the image in the stimulus set.", NULL},
      {"detail", "The sound's name, the marker's event, or what else is known.", NULL},
      {"source", "How the onset was measured. No software time is proof of light or sound.", NULL},
      {"uncertainty", "Uncertainty of the onset.", "s"},
      {"fault", "Why a code could not be sent.", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    bids_describe(sidecar, columns[i].name, columns[i].description, columns[i].units);
  JsonObject *levels = json_object_new();
  for (gsize i = 0; i < G_N_ELEMENTS(types); i += 2)
    json_object_set_string_member(levels, types[i], types[i + 1]);
  json_object_set_object_member(json_object_get_object_member(sidecar, "trial_type"), "Levels", levels);
}

bool bids_write_events(const char *data, const JournalContents *contents, GError **error) {
  if (contents->markers->len == 0)
    return true;
  g_autoptr(Table) table = table_new(COLUMNS, N_COLUMNS);
  fill(table, contents);
  g_autoptr(Table) ordered = sorted(table);
  g_autoptr(JsonObject) sidecar = json_object_new();
  /* Besides columns the validator takes this member alone. */
  json_object_set_object_member(sidecar, "StimulusPresentation", bids_presentation(contents->parts->pdata[0]));
  describe(sidecar);
  g_autofree char *stem = bids_stem(contents), *named = g_strconcat(stem, "_events", NULL);
  return bids_put_tsv((gpointer)data, named, ordered, sidecar, error);
}
