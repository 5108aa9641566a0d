#include "present/bids/bids_sounds.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/number.h"

static const char *const OF_SOUND[] = {
    "", "_level", "_onset_planned", "_onset_actual", "_onset_source", "_onset_uncertainty"};
enum { NAME, LEVEL, PLANNED, ACTUAL, SOURCE, UNCERTAINTY };

static char *column_name(gsize sound, gsize what) { return g_strdup_printf("sound_%zu%s", sound + 1, OF_SOUND[what]); }

static gsize count_cues(JsonArray *cues, const char *block) {
  gsize n = 0;
  for (guint i = 0; i < json_array_get_length(cues); i++)
    n += strcmp(json_text(json_array_get_object_element(cues, i), "block", ""), block) == 0;
  return MIN(n, PROTOCOL_MAX_CUES);
}

static gsize most_cues(const JournalHeader *header) {
  g_autoptr(JsonArray) cues = bids_design_list(header, "cues");
  gsize most = 0;
  for (guint i = 0; i < json_array_get_length(cues); i++)
    most = MAX(most, count_cues(cues, json_text(json_array_get_object_element(cues, i), "block", "")));
  return most;
}

void bids_sounds_name(const JournalHeader *header, GPtrArray *names) {
  gsize n = most_cues(header);
  for (gsize i = 0; i < n; i++)
    for (gsize what = 0; what < G_N_ELEMENTS(OF_SOUND); what++)
      g_ptr_array_add(names, column_name(i, what));
}

/* NaN: the file's own. */
static double level_of(const JournalHeader *header, const char *sound) {
  g_autoptr(JsonArray) sounds = bids_design_list(header, "sounds");
  for (guint i = 0; i < json_array_get_length(sounds); i++) {
    JsonObject *design = json_array_get_object_element(sounds, i);
    if (strcmp(json_text(design, "name", ""), sound) == 0)
      return json_object_get_double_member_with_default(design, "level_dbfs", NAN);
  }
  return NAN;
}

static void set_text(Table *table, gsize row, gsize sound, gsize what, const char *text) {
  g_autofree char *name = column_name(sound, what);
  int column = table_column(table, name);
  if (column >= 0 && *text != '\0')
    table_set(table, row, (gsize)column, text);
}

static void set_seconds(Table *table, gsize row, gsize sound, gsize what, double value) {
  g_autofree char *name = column_name(sound, what);
  int column = table_column(table, name);
  if (column >= 0)
    bids_set_seconds(table, row, (gsize)column, value);
}

static void set_level(Table *table, gsize row, gsize sound, double dbfs) {
  g_autofree char *name = column_name(sound, LEVEL);
  int column = table_column(table, name);
  if (column >= 0)
    table_set_exact(table, row, (gsize)column, dbfs);
}

void bids_sounds_fill(const JournalContents *contents, gsize index, Table *table, gsize row) {
  const TrialRecord *trial = contents->trials->pdata[index];
  gsize part = trial->part;
  double offset = contents->part_offset[part];
  g_autoptr(JsonArray) cues = bids_design_list(contents->header, "cues");
  g_autoptr(GPtrArray) heard = g_ptr_array_new();
  for (guint i = 0; i < contents->sounds->len; i++) {
    SoundRecord *sound = contents->sounds->pdata[i];
    if (sound->part == part && sound->step == trial->step && sound->trial == trial->trial)
      g_ptr_array_add(heard, sound);
  }
  gsize n = count_cues(cues, trial->block), first = heard->len > n ? heard->len - n : 0;
  for (gsize i = first; i < heard->len; i++) {
    const SoundRecord *sound = heard->pdata[i];
    set_text(table, row, i - first, NAME, sound->name);
    set_level(table, row, i - first, level_of(contents->header, sound->name));
    set_seconds(table, row, i - first, PLANNED, sound->planned + offset);
    set_seconds(table, row, i - first, ACTUAL, sound->onset + offset);
    set_text(table, row, i - first, SOURCE, sound->source);
    set_seconds(table, row, i - first, UNCERTAINTY, sound->uncertainty);
  }
}

/* "a tone of 440 Hz, 300 ms", with the level where it has one. */
static char *description_of(JsonObject *design) {
  const char *kind = json_text(design, "kind", "");
  double hz = json_object_get_double_member_with_default(design, "frequency_hz", NAN);
  double ms = json_object_get_double_member_with_default(design, "duration_ms", NAN);
  double level = json_object_get_double_member_with_default(design, "level_dbfs", NAN);
  GString *text = g_string_new(strcmp(kind, "tone") == 0    ? "a sine tone"
                               : strcmp(kind, "noise") == 0 ? "white noise"
                                                            : "a sound file");
  char number[NUMBER_SIZE];
  if (isfinite(hz))
    g_string_append_printf(text, " of %s Hz", number_format(hz, number));
  if (isfinite(ms))
    g_string_append_printf(text, ", %s ms", number_format(ms, number));
  if (isfinite(level))
    g_string_append_printf(text, ", %s dBFS", number_format(level, number));
  if (*json_text(design, "sha256", "") != '\0')
    g_string_append_printf(text, ", SHA-256 %s", json_text(design, "sha256", ""));
  return g_string_free(text, FALSE);
}

static JsonObject *levels_of_sounds(const JournalHeader *header) {
  JsonObject *levels = json_object_new();
  g_autoptr(JsonArray) sounds = bids_design_list(header, "sounds");
  for (guint i = 0; i < json_array_get_length(sounds); i++) {
    JsonObject *design = json_array_get_object_element(sounds, i);
    g_autofree char *text = description_of(design);
    json_object_set_string_member(levels, json_text(design, "name", ""), text);
  }
  return levels;
}

static JsonObject *levels_of_sources(void) {
  JsonObject *levels = json_object_new();
  json_object_set_string_member(levels, "fit", "a line fitted to the sound device's callbacks, at the sound's sample");
  json_object_set_string_member(levels, "untrusted", "the planned onset: nothing tells when the sound began");
  json_object_set_string_member(levels, "simulated", "a simulated device");
  return levels;
}

void bids_sounds_describe(const JournalHeader *header, JsonObject *sidecar) {
  static const struct {
    const char *description, *units;
  } columns[G_N_ELEMENTS(OF_SOUND)] = {
      {"A sound of the trial, by its name in the protocol; n/a where the block has fewer sounds.", NULL},
      {"Root mean square level of the sound before its ramps, a sine of full scale being 0 (AES17); n/a where the file "
       "is played as it is. It says nothing about the sound pressure at the ear.",
       "dBFS"},
      {"Planned onset of the sound, on the clock of onset_planned.", "s"},
      {"Onset of the sound, on the clock of onset_planned; n/a where it was not heard: the answer or a pause came "
       "first, or the sound device was gone. After a pause that the image comes back from, its sounds do not come "
       "again; where a pause began the trial again, these are the sounds of the last attempt.",
       "s"},
      {"How the sound's onset is known.", NULL},
      {"The sound began within this much of its onset, as far as the program can tell; n/a where it cannot.", "s"},
  };
  gsize n = most_cues(header);
  for (gsize i = 0; i < n; i++)
    for (gsize what = 0; what < G_N_ELEMENTS(OF_SOUND); what++) {
      g_autofree char *name = column_name(i, what);
      JsonObject *column = bids_describe(sidecar, name, columns[what].description, columns[what].units);
      if (what == NAME)
        json_object_set_object_member(column, "Levels", levels_of_sounds(header));
      if (what == SOURCE)
        json_object_set_object_member(column, "Levels", levels_of_sources());
    }
}
