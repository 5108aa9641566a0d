#include <math.h>
#include <string.h>

#include "present/bids/bids_files.h"
#include "present/bids/bids_images.h"
#include "present/display/flip.h"
#include "stimuli/base/number.h"

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
  bids_set_seconds(table, row, ONSET, onset);
  bids_set_seconds(table, row, DURATION, duration);
  table_set(table, row, TRIAL_TYPE, type);
  return row;
}

static void set_trial(Table *table, gsize row, const TrialRecord *trial) {
  table_set(table, row, BLOCK, trial->block);
  table_set_int(table, row, TRIAL, (gint64)trial->trial);
  table_set(table, row, STIM_ID, trial->stim_id);
}

/* An image that a trial showed. */
static void add_image(Table *table, const JournalContents *contents, const TrialRecord *trial, bool attempt) {
  gsize image = add(table, "image", trial->onset_actual + contents->part_offset[trial->part],
                    bids_image_duration(contents, trial));
  set_trial(table, image, trial);
  if (attempt || trial->abort_reason != NULL)
    table_set(table, image, DETAIL, "broken off");
  table_set(table, image, SOURCE, trial->onset_source);
  bids_set_seconds(table, image, UNCERTAINTY, trial->onset_uncertainty);
}

/* The image and, where the trial was confirmed, the response. */
static void add_trial(Table *table, const JournalContents *contents, const TrialRecord *trial) {
  if (!isfinite(trial->onset_actual))
    return;
  double offset = contents->part_offset[trial->part];
  add_image(table, contents, trial, false);
  if (trial->abort_reason != NULL || !isfinite(trial->response_time))
    return;
  gsize response = add(table, "response", trial->onset_actual + trial->response_time + offset, 0);
  set_trial(table, response, trial);
}

/* Whether one of these trials is the sound's; one of the same step tells at least the block. */
static bool set_trial_of(Table *table, gsize row, const GPtrArray *trials, const SoundRecord *sound) {
  for (guint i = 0; i < trials->len; i++) {
    const TrialRecord *trial = trials->pdata[i];
    if (trial->step != sound->step)
      continue;
    table_set(table, row, BLOCK, trial->block);
    if (trial->part == sound->part && trial->trial == sound->trial) {
      set_trial(table, row, trial);
      return true;
    }
  }
  return false;
}

/* A sound is of the trial, or the attempt at one, that has its part, step and number. */
static void set_trial_of_sound(Table *table, gsize row, const JournalContents *contents, const SoundRecord *sound) {
  if (!set_trial_of(table, row, contents->trials, sound) && !set_trial_of(table, row, contents->attempts, sound))
    table_set_int(table, row, TRIAL, (gint64)sound->trial);
}

static void set_detail(Table *table, gsize row, const char *text) {
  if (text[0] != '\0')
    table_set(table, row, DETAIL, text);
}

/* An image that only its marker tells of. */
static void add_marked_image(Table *table, const JournalContents *contents, const MarkerRecord *marker) {
  const TrialRecord *trial = bids_image_trial(contents, marker->detail);
  gsize row = add(table, "image", marker->time + contents->part_offset[marker->part], NAN);
  if (trial != NULL)
    set_trial(table, row, trial);
  if (marker->detail[0] != '\0')
    table_set(table, row, STIM_ID, marker->detail);
  table_set(table, row, DETAIL, "broken off; the time is its marker's");
}

static void append_time(GString *text, const char *time, double offset) {
  double value;
  char shifted[32];
  bool known = number_parse_double(time, &value);
  g_string_append_printf(text, " %s", known ? g_ascii_formatd(shifted, sizeof shifted, "%.6f", value + offset) : time);
}

/* The planned and actual times of an event "flips", which the journal has on the clock of its part, on the session's.
 */
static char *shift_flips(const char *detail, double offset) {
  GString *text = g_string_new(NULL);
  g_auto(GStrv) screens = g_strsplit(detail, "; ", -1);
  for (gsize i = 0; screens[i] != NULL; i++) {
    g_auto(GStrv) words = g_strsplit(screens[i], " ", 4); /* name, planned, actual, the rest */
    g_string_append(text, i > 0 ? "; " : "");
    if (g_strv_length(words) < 4 || strcmp(words[0], "redraws") == 0) {
      g_string_append(text, screens[i]);
      continue;
    }
    g_string_append(text, words[0]);
    append_time(text, words[1], offset);
    append_time(text, words[2], offset);
    g_string_append_printf(text, " %s", words[3]);
  }
  return g_string_free(text, FALSE);
}

static void fill(Table *table, const JournalContents *contents) {
  for (guint i = 0; i < contents->trials->len; i++)
    add_trial(table, contents, contents->trials->pdata[i]);
  for (guint i = 0; i < contents->attempts->len; i++)
    add_image(table, contents, contents->attempts->pdata[i], true);
  for (guint i = 0; i < contents->markers->len; i++)
    if (bids_image_only_marked(contents, contents->markers->pdata[i]))
      add_marked_image(table, contents, contents->markers->pdata[i]);
  for (guint i = 0; i < contents->sounds->len; i++) {
    const SoundRecord *sound = contents->sounds->pdata[i];
    if (!isfinite(sound->onset))
      continue;
    gsize row = add(table, "sound", sound->onset + contents->part_offset[sound->part], NAN);
    set_detail(table, row, sound->name);
    set_trial_of_sound(table, row, contents, sound);
    table_set(table, row, SOURCE, sound->source);
    bids_set_seconds(table, row, UNCERTAINTY, sound->uncertainty);
  }
  for (guint i = 0; i < contents->markers->len; i++) {
    const MarkerRecord *marker = contents->markers->pdata[i];
    gsize row = add(table, "marker", marker->time + contents->part_offset[marker->part], 0);
    g_autofree char *detail =
        marker->detail[0] != '\0' ? g_strconcat(marker->event, " ", marker->detail, NULL) : g_strdup(marker->event);
    table_set_int(table, row, VALUE, (gint64)marker->code);
    set_detail(table, row, detail);
    if (contents->header->simulated)
      table_set(table, row, SOURCE, flip_rung_name(FLIP_SIMULATED));
    bids_set_seconds(table, row, UNCERTAINTY, marker->uncertainty);
    if (marker->fault[0] != '\0')
      table_set(table, row, FAULT, marker->fault);
  }
  for (guint i = 0; i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    if (!isfinite(event->time))
      continue;
    gsize row = add(table, event->kind, event->time + contents->part_offset[event->part], 0);
    g_autofree char *flips =
        strcmp(event->kind, "flips") == 0 ? shift_flips(event->detail, contents->part_offset[event->part]) : NULL;
    set_detail(table, row, flips != NULL ? flips : event->detail);
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

static void describe(JsonObject *sidecar, bool simulated) {
  const char *sent = simulated ? "a code that a real session sends to the recording; simulated: nothing was sent"
                               : "a code was sent to the recording";
  const char *const types[] = {
      "image",
      "an image appeared",
      "image_hidden",
      "a pause took the image off the screen",
      "image_back",
      "the image came back after a pause; its sounds and its code do not come again",
      "response",
      "the ratings were confirmed",
      "sound",
      "a sound began",
      "marker",
      sent,
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
      "page_shown",
      "a page was shown that is no step to be answered once: in a break, after declining, or declined itself",
      "page_closed",
      "such a page was confirmed",
      "consent_declined",
      "a consent page was declined",
      "flips",
      "for each screen of a trial its name, planned and actual time (s, on the clock of onset), "
      "source, uncertainty (s) and missed refreshes; one that came back after a pause "
      "has another entry",
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
  const struct {
    const char *name, *description, *units;
  } columns[] = {
      {"onset",
       "Time on the session's clock, which begins with the program; the markers' codes tie it to the recording.", "s"},
      {"duration",
       "How long it lasted: of an image, the time on the screen until the next one took it away, without the pauses "
       "that hid it in between (image_hidden to image_back); n/a where it stayed until the answer or was broken off, "
       "and of sounds, which an answer or a pause may cut short.",
       "s"},
      {"trial_type", "What happened.", NULL},
      {"value",
       simulated ? "The code that a real session sends to the recording; simulated: nothing was sent."
                 : "The code that was sent to the recording.",
       NULL},
      {"block", "Name of the block in the protocol.", NULL},
      {"trial", "Number of the trial within its block, from 1.", NULL},
      {"stim_id", "Name of the image in the stimulus set.", NULL},
      {"detail",
       "The sound's name, the marker's event, or what else is known. An image is \"broken off\" where its trial began "
       "again after a pause, or never came to its end.",
       NULL},
      {"source",
       "How the onset was measured. No software time is proof of light or sound. A simulated marker was not sent.",
       NULL},
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
  describe(sidecar, contents->header->simulated);
  g_autofree char *stem = bids_stem(contents), *named = g_strconcat(stem, "_events", NULL);
  return bids_put_tsv((gpointer)data, named, ordered, sidecar, error);
}
