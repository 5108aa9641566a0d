#include <math.h>
#include <string.h>

#include "present/bids/bids_files.h"
#include "present/bids/bids_images.h"
#include "present/bids/bids_sounds.h"
#include "present/display/flip.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

/* The columns before and after those that the scales make. */
static const char *const BEFORE[] = {"trial", "block", "phase", "stim_id", "stim_file", "stim_sha256", "layer", "seed"};
static const char *const AFTER[] = {"response_time_uncertainty",
                                    "slider_on_top",
                                    "onset_planned",
                                    "onset_actual",
                                    "onset_source",
                                    "onset_uncertainty",
                                    "missed_frames",
                                    "timed_out",
                                    "image_width",
                                    "image_height",
                                    "image_duration",
                                    "fixation_planned",
                                    "iti_planned",
                                    "focus_losses",
                                    "focus_events",
                                    "pauses",
                                    "pause_duration",
                                    "abort_reason",
                                    "simulated"};
static const char *const OF_SCALE[] = {"start",        "touched",    "first_touch_time",
                                       "confirm_time", "trajectory", "mirrored"};

/* All columns, in order; NULL where the design's scales would make one twice or ill-named. Unref it. */
static GPtrArray *column_names(const JournalHeader *header, JsonArray *scales) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  guint n = json_array_get_length(scales);
  for (gsize i = 0; i < G_N_ELEMENTS(BEFORE); i++)
    g_ptr_array_add(names, g_strdup(BEFORE[i]));
  for (guint i = 0; i < n; i++) {
    const char *name = json_text(json_array_get_object_element(scales, i), "name", "");
    if (!protocol_is_name(name))
      return NULL;
    g_ptr_array_add(names, g_strdup(name));
  }
  g_ptr_array_add(names, g_strdup("response_time"));
  for (guint i = 0; i < n; i++)
    for (gsize k = 0; k < G_N_ELEMENTS(OF_SCALE); k++)
      g_ptr_array_add(names, g_strdup_printf("%s_%s", json_text(json_array_get_object_element(scales, i), "name", ""),
                                             OF_SCALE[k]));
  for (gsize i = 0; i < G_N_ELEMENTS(AFTER); i++)
    g_ptr_array_add(names, g_strdup(AFTER[i]));
  bids_sounds_name(header, names);
  for (guint i = 0; i < names->len; i++)
    if (!g_hash_table_add(seen, names->pdata[i]))
      return NULL;
  return g_steal_pointer(&names);
}

static void set_text(Table *table, gsize row, const char *column, const char *text) {
  table_set(table, row, (gsize)table_column(table, column), text);
}

static void set_double(Table *table, gsize row, const char *column, double value) {
  table_set_exact(table, row, (gsize)table_column(table, column), value);
}

static void set_seconds(Table *table, gsize row, const char *column, double seconds) {
  bids_set_seconds(table, row, (gsize)table_column(table, column), seconds);
}

static void set_count(Table *table, gsize row, const char *column, gsize count) {
  table_set_int(table, row, (gsize)table_column(table, column), (gint64)count);
}

/* The cell "NAME_SUFFIX" of a scale. */
static void set_scale_double(Table *table, gsize row, const char *scale, const char *suffix, double value) {
  g_autofree char *column = g_strdup_printf("%s_%s", scale, suffix);
  set_double(table, row, column, value);
}

static void set_scale_seconds(Table *table, gsize row, const char *scale, const char *suffix, double seconds) {
  g_autofree char *column = g_strdup_printf("%s_%s", scale, suffix);
  set_seconds(table, row, column, seconds);
}

static void fill_rating(Table *table, gsize row, const RatingRecord *rating, double onset) {
  g_autofree char *trajectory = rating_record_trajectory(rating);
  g_autofree char *column = g_strdup_printf("%s_trajectory", rating->scale);
  set_double(table, row, rating->scale, rating->touched ? rating->final : NAN);
  set_scale_double(table, row, rating->scale, "start", rating->start);
  set_scale_double(table, row, rating->scale, "touched", rating->touched ? 1 : 0);
  set_scale_seconds(table, row, rating->scale, "first_touch_time", rating->first_touch_time - onset);
  set_scale_seconds(table, row, rating->scale, "confirm_time", rating->confirm_time - onset);
  set_text(table, row, column, trajectory);
  set_scale_double(table, row, rating->scale, "mirrored", rating->mirrored ? 1 : 0);
}

/* "ms:lost;ms:gained" since the image's onset, of what was recorded since the trial before; n/a for none. */
static char *focus_events(const JournalContents *contents, gsize index) {
  const TrialRecord *trial = contents->trials->pdata[index];
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < contents->events->len; i++) {
    const EventRecord *event = contents->events->pdata[i];
    bool lost = strcmp(event->kind, "focus_lost") == 0;
    if (event->before == index && event->part == trial->part && isfinite(trial->onset_actual) &&
        (lost || strcmp(event->kind, "focus_gained") == 0))
      g_string_append_printf(text, "%s%.0f:%s", text->len > 0 ? ";" : "",
                             rint((event->time - trial->onset_actual) * 1e3), lost ? "lost" : "gained");
  }
  if (text->len == 0)
    g_string_append(text, "n/a");
  return g_string_free(text, FALSE);
}

/* A trial that was broken off has a row as long as it was not shown again. */
static bool has_row(const JournalContents *contents, gsize index) {
  const TrialRecord *trial = contents->trials->pdata[index];
  for (gsize i = index + 1; trial->abort_reason != NULL && i < contents->trials->len; i++) {
    const TrialRecord *later = contents->trials->pdata[i];
    if (later->step == trial->step && later->trial == trial->trial)
      return false;
  }
  return true;
}

static bool fill_row(Table *table, const JournalContents *contents, gsize index, GError **error) {
  const TrialRecord *trial = contents->trials->pdata[index];
  double offset = contents->part_offset[trial->part];
  gsize row = table_add_row(table);
  set_count(table, row, "trial", trial->trial);
  set_text(table, row, "block", trial->block);
  set_text(table, row, "phase", trial->phase);
  set_text(table, row, "stim_id", trial->stim_id);
  set_text(table, row, "stim_file", trial->stim_file);
  set_text(table, row, "stim_sha256", trial->stim_sha256);
  set_text(table, row, "layer", trial->layer);
  set_text(table, row, "seed", trial->seed);
  set_seconds(table, row, "response_time", trial->response_time);
  for (gsize i = 0; i < trial->n_ratings; i++) {
    g_autofree char *known = g_strdup_printf("%s_touched", trial->ratings[i].scale);
    if (table_column(table, known) < 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: a trial has a scale \"%s\" that its header does not have",
                  contents->path, trial->ratings[i].scale);
      return false;
    }
    fill_rating(table, row, &trial->ratings[i], trial->onset_actual);
  }
  set_seconds(table, row, "response_time_uncertainty", trial->response_uncertainty);
  set_text(table, row, "slider_on_top", trial->slider_on_top);
  set_seconds(table, row, "onset_planned", trial->onset_planned + offset);
  set_seconds(table, row, "onset_actual", trial->onset_actual + offset);
  set_text(table, row, "onset_source", trial->onset_source);
  set_seconds(table, row, "onset_uncertainty", trial->onset_uncertainty);
  set_count(table, row, "missed_frames", trial->missed_frames);
  set_count(table, row, "timed_out", trial->timed_out ? 1 : 0);
  set_double(table, row, "image_width", trial->image_width_px > 0 ? (double)trial->image_width_px : NAN);
  set_double(table, row, "image_height", trial->image_height_px > 0 ? (double)trial->image_height_px : NAN);
  set_seconds(table, row, "image_duration", bids_image_duration(contents, trial));
  set_seconds(table, row, "fixation_planned", trial->fixation_planned);
  set_seconds(table, row, "iti_planned", trial->iti_planned);
  set_count(table, row, "focus_losses", trial->focus_losses);
  g_autofree char *focus = focus_events(contents, index);
  set_text(table, row, "focus_events", focus);
  set_count(table, row, "pauses", trial->pauses);
  set_seconds(table, row, "pause_duration", trial->pause_duration);
  set_text(table, row, "abort_reason", trial->abort_reason);
  set_count(table, row, "simulated", contents->header->simulated ? 1 : 0);
  bids_sounds_fill(contents, index, table, row);
  return true;
}

static void describe_levels(JsonObject *column, const char *const *pairs) {
  JsonObject *levels = json_object_new();
  for (; pairs[0] != NULL; pairs += 2)
    json_object_set_string_member(levels, pairs[0], pairs[1]);
  json_object_set_object_member(column, "Levels", levels);
}

static JsonObject *rungs(void) {
  JsonObject *levels = json_object_new();
  for (FlipRung rung = 0; rung < N_FLIP_RUNGS; rung++)
    json_object_set_string_member(levels, flip_rung_name(rung), flip_rung_meaning(rung));
  return levels;
}

static void describe_fixed(JsonObject *sidecar) {
  static const char *const phases[] = {"practice", "trials to learn the task", "main", "the study's trials", NULL};
  static const char *const timed_out[] = {"0", "confirmed or broken off", "1", "the deadline passed", NULL};
  static const struct {
    const char *name, *description, *units;
  } columns[] = {
      {"trial", "Number of the trial within its block, from 1.", NULL},
      {"block", "Name of the block in the protocol.", NULL},
      {"phase", "What the block is for.", NULL},
      {"stim_id", "Name of the image in the stimulus set.", NULL},
      {"stim_file", "File of the image, seen from the folder of the stimulus set.", NULL},
      {"stim_sha256", "SHA-256 digest of the image file.", NULL},
      {"layer", "Network layer that the image was dreamed from.", NULL},
      {"seed", "Seed that the image was dreamed with.", NULL},
      {"response_time",
       "Time from the image's onset to the confirmation of the ratings, with any pauses in between: see "
       "pause_duration.",
       "s"},
      {"response_time_uncertainty",
       "The confirmation may have been made so much before the program saw it: the time since it last looked for "
       "input. The onset's uncertainty comes on top.",
       "s"},
      {"slider_on_top", "Scale whose slider was the upper one.", NULL},
      {"onset_planned",
       "Planned onset of the image since the session began. The time of an interruption is counted by the clock that "
       "runs since the computer's start, and where it was started anew by its wall clock.",
       "s"},
      {"onset_actual", "Measured onset of the image, on the clock of onset_planned.", "s"},
      {"onset_source", "How the onset was measured. No software time is proof of light on the screen.", NULL},
      {"onset_uncertainty", "Uncertainty of onset_actual.", "s"},
      {"missed_frames", "Frames of the trial that the display showed late.", NULL},
      {"timed_out", "Whether the deadline passed before the ratings were confirmed: there is no answer then.", NULL},
      {"image_width",
       "Width of the image on the screen; n/a where nobody saw it. Its visual angle follows with ScreenResolution, "
       "ScreenSize and ScreenDistance.",
       "px"},
      {"image_height", "Height of the image on the screen; n/a where nobody saw it.", "px"},
      {"image_duration",
       "Time that the image was on the screen until the next screen took it away, without pauses that hid it; n/a "
       "where it stayed with the sliders.",
       "s"},
      {"fixation_planned", "Time of the fixation cross, as drawn for the trial.", "s"},
      {"iti_planned", "Blank time after the answer, as drawn for the trial.", "s"},
      {"focus_losses", "How often the window lost the keyboard during the trial.", NULL},
      {"focus_events",
       "When the window lost and regained the keyboard since the trial before: milliseconds since the image's onset "
       "and "
       "what, \"ms:lost;ms:gained\".",
       NULL},
      {"pauses", "How often the trial was paused.", NULL},
      {"pause_duration",
       "Time that pauses took between the image's onset and the confirmation of the ratings: it is part of "
       "response_time and of the times to a slider's first touch and confirmation that came after the pause. 0 also "
       "where a pause began the trial again, whose times are those of the last attempt.",
       "s"},
      {"abort_reason", "Why the trial was broken off and not shown again; n/a for a confirmed trial.", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
    JsonObject *column = bids_describe(sidecar, columns[i].name, columns[i].description, columns[i].units);
    if (strcmp(columns[i].name, "phase") == 0)
      describe_levels(column, phases);
    if (strcmp(columns[i].name, "timed_out") == 0)
      describe_levels(column, timed_out);
    if (strcmp(columns[i].name, "onset_source") == 0)
      json_object_set_object_member(column, "Levels", rungs());
  }
  bids_describe_simulated(sidecar);
}

static void describe_scale(JsonObject *sidecar, JsonObject *scale) {
  static const char *const touched[] = {"0", "untouched: no answer", "1", "touched by press or key", NULL};
  static const char *const mirrored[] = {"0", "the low end at the left", "1", "the low end at the right", NULL};
  static const char *const descriptions[] = {
      "Where the slider stood when it appeared; n/a where it was hidden until touched.",
      "Whether the participant touched the slider.",
      "Time from the image's onset to the first touch of the slider, with any pauses in between.",
      "Time from the image's onset to the confirmation of the rating, with any pauses in between: see pause_duration.",
      "The slider's way: milliseconds since the image's onset and value, \"ms:value;ms:value\".",
      "Whether the low end was at the right.",
  };
  static const char *const units[] = {NULL, NULL, "s", "s", NULL, NULL};
  const char *name = json_text(scale, "name", "");
  double min = json_object_get_double_member_with_default(scale, "min", NAN);
  double max = json_object_get_double_member_with_default(scale, "max", NAN);
  const char *left = json_text(scale, "left", ""), *right = json_text(scale, "right", "");
  char low[NUMBER_SIZE], high[NUMBER_SIZE];
  g_autofree char *text =
      g_strdup_printf("Rating on a continuous slider from %s (%s) to %s (%s). %s", number_format(min, low),
                      *left != '\0' ? left : "left", number_format(max, high), *right != '\0' ? right : "right",
                      json_text(scale, "text", ""));
  JsonObject *column = bids_describe(sidecar, name, g_strchomp(text), "arbitrary");
  json_object_set_double_member(column, "Minimum", min);
  json_object_set_double_member(column, "Maximum", max);
  for (gsize i = 0; i < G_N_ELEMENTS(OF_SCALE); i++) {
    g_autofree char *other = g_strdup_printf("%s_%s", name, OF_SCALE[i]);
    JsonObject *described = bids_describe(sidecar, other, descriptions[i], units[i]);
    if (strcmp(OF_SCALE[i], "touched") == 0)
      describe_levels(described, touched);
    if (strcmp(OF_SCALE[i], "mirrored") == 0)
      describe_levels(described, mirrored);
  }
}

char *bids_stem(const JournalContents *contents) {
  const JournalHeader *header = contents->header;
  g_autofree char *visit = header->session != NULL ? g_strdup_printf("ses-%s/", header->session) : g_strdup("");
  g_autofree char *visit_part = header->session != NULL ? g_strdup_printf("_ses-%s", header->session) : g_strdup("");
  return g_strdup_printf("sub-%s/%sbeh/sub-%s%s_task-%s_run-%zu", header->participant, visit, header->participant,
                         visit_part, header->task, contents->run);
}

bool bids_behaviour_table(const JournalContents *contents, Table **table, JsonObject **columns, GError **error) {
  g_autoptr(JsonArray) scales = bids_design_list(contents->header, "scales");
  g_autoptr(GPtrArray) names = column_names(contents->header, scales);
  if (names == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: its scales' names make no columns", contents->path);
    return false;
  }
  g_autoptr(Table) made = table_new((const char *const *)names->pdata, names->len);
  for (gsize i = 0; i < contents->trials->len; i++)
    if (has_row(contents, i) && !fill_row(made, contents, i, error))
      return false;
  *columns = json_object_new();
  describe_fixed(*columns);
  for (guint i = 0; i < json_array_get_length(scales); i++)
    describe_scale(*columns, json_array_get_object_element(scales, i));
  bids_sounds_describe(contents->header, *columns);
  *table = g_steal_pointer(&made);
  return true;
}

bool bids_write_behaviour(const char *data, const JournalContents *contents, GError **error) {
  g_autoptr(Table) table = NULL;
  g_autoptr(JsonObject) columns = NULL;
  if (!bids_behaviour_table(contents, &table, &columns, error))
    return false;
  bids_describe_session(columns, contents);
  g_autofree char *stem = bids_stem(contents), *named = g_strconcat(stem, "_beh", NULL);
  return bids_put_tsv((gpointer)data, named, table, columns, error);
}
