#include <math.h>
#include <string.h>

#include "present/journal/record.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

/* NaN is null in the journal: JSON has no other way to say it. */
static void put_double(JsonObject *object, const char *name, double value) {
  if (isfinite(value))
    json_object_set_double_member(object, name, value);
  else
    json_object_set_null_member(object, name);
}

static void put_text(JsonObject *object, const char *name, const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1); /* details may come from other libraries */
  json_object_set_string_member(object, name, valid);
}

static void put_count(JsonObject *object, const char *name, gsize count) {
  json_object_set_int_member(object, name, (gint64)count);
}

static bool bad_member(const char *name, const char *wanted, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "member \"%s\": %s is needed", name, wanted);
  return false;
}

static JsonNode *value_member(JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member(object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? node : NULL;
}

static bool get_double(JsonObject *object, const char *name, double *value, GError **error) {
  JsonNode *node = json_object_get_member(object, name);
  if (node != NULL && JSON_NODE_HOLDS_NULL(node)) {
    *value = NAN;
    return true;
  }
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return bad_member(name, "a number or null", error);
  *value = json_node_get_double(node);
  return true;
}

static bool get_count(JsonObject *object, const char *name, gsize max, gsize *count, GError **error) {
  JsonNode *node = value_member(object, name);
  if (node == NULL || json_node_get_value_type(node) != G_TYPE_INT64 || json_node_get_int(node) < 0 ||
      (guint64)json_node_get_int(node) > max)
    return bad_member(name, "a count in range", error);
  *count = (gsize)json_node_get_int(node);
  return true;
}

static bool get_later_count(JsonObject *object, const char *name, gsize *count, GError **error) {
  *count = 0;
  return !json_object_has_member(object, name) || get_count(object, name, G_MAXINT, count, error);
}

/* Of a member that journals of earlier versions do not have: the fallback then. */
static bool get_later_double(JsonObject *object, const char *name, double *value, GError **error) {
  *value = NAN;
  return !json_object_has_member(object, name) || get_double(object, name, value, error);
}

static bool get_bool(JsonObject *object, const char *name, bool *value, GError **error) {
  JsonNode *node = value_member(object, name);
  if (node == NULL || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
    return bad_member(name, "true or false", error);
  *value = json_node_get_boolean(node);
  return true;
}

static bool get_later_bool(JsonObject *object, const char *name, bool *value, GError **error) {
  *value = false;
  return !json_object_has_member(object, name) || get_bool(object, name, value, error);
}

static bool get_text(JsonObject *object, const char *name, char **text, GError **error) {
  JsonNode *node = value_member(object, name);
  if (node == NULL || json_node_get_value_type(node) != G_TYPE_STRING)
    return bad_member(name, "a text", error);
  *text = g_strdup(json_node_get_string(node));
  return true;
}

static JsonObject *rating_to_json(const RatingRecord *rating) {
  JsonObject *object = json_object_new();
  g_autofree char *trajectory = rating_record_trajectory(rating);
  put_text(object, "scale", rating->scale);
  put_double(object, "start", rating->start);
  put_double(object, "final", rating->final);
  json_object_set_boolean_member(object, "touched", rating->touched);
  put_double(object, "first_touch_time", rating->first_touch_time);
  put_double(object, "confirm_time", rating->confirm_time);
  json_object_set_boolean_member(object, "mirrored", rating->mirrored);
  put_text(object, "trajectory", trajectory);
  put_double(object, "spacing_ms", rating->spacing_ms);
  return object;
}

static bool parse_trajectory(const char *text, RatingRecord *rating, GError **error) {
  if (strcmp(text, "n/a") == 0)
    return true;
  g_auto(GStrv) parts = g_strsplit(text, ";", RECORD_MAX_SAMPLES + 1);
  gsize n = g_strv_length(parts);
  if (n > RECORD_MAX_SAMPLES)
    return bad_member("trajectory", "a shorter list", error);
  rating->samples = g_new(RecordSample, RECORD_MAX_SAMPLES);
  for (gsize i = 0; i < n; i++) {
    char *colon = strchr(parts[i], ':');
    if (colon == NULL)
      return bad_member("trajectory", "ms:value;...", error);
    *colon = '\0';
    RecordSample *sample = &rating->samples[rating->n_samples++];
    if (!number_parse_double(parts[i], &sample->ms) || !number_parse_double(colon + 1, &sample->value))
      return bad_member("trajectory", "ms:value;...", error);
  }
  return true;
}

static bool rating_from_json(JsonObject *object, RatingRecord *rating, GError **error) {
  g_autofree char *trajectory = NULL;
  return get_text(object, "scale", &rating->scale, error) && get_double(object, "start", &rating->start, error) &&
         get_double(object, "final", &rating->final, error) && get_bool(object, "touched", &rating->touched, error) &&
         get_double(object, "first_touch_time", &rating->first_touch_time, error) &&
         get_double(object, "confirm_time", &rating->confirm_time, error) &&
         get_later_bool(object, "mirrored", &rating->mirrored, error) &&
         get_text(object, "trajectory", &trajectory, error) &&
         get_double(object, "spacing_ms", &rating->spacing_ms, error) && parse_trajectory(trajectory, rating, error);
}

JsonObject *trial_record_to_json(const TrialRecord *record) {
  JsonObject *object = json_object_new();
  JsonArray *ratings = json_array_new();
  put_count(object, "step", record->step);
  put_count(object, "trial", record->trial);
  put_text(object, "block", record->block);
  put_text(object, "phase", record->phase);
  put_text(object, "stim_id", record->stim_id);
  put_text(object, "stim_file", record->stim_file);
  put_text(object, "stim_sha256", record->stim_sha256);
  put_text(object, "layer", record->layer);
  put_text(object, "seed", record->seed);
  put_double(object, "onset_planned", record->onset_planned);
  put_double(object, "onset_actual", record->onset_actual);
  put_text(object, "onset_source", record->onset_source);
  put_double(object, "onset_uncertainty", record->onset_uncertainty);
  put_count(object, "missed_frames", record->missed_frames);
  for (gsize i = 0; i < record->n_ratings; i++)
    json_array_add_object_element(ratings, rating_to_json(&record->ratings[i]));
  json_object_set_array_member(object, "ratings", ratings);
  put_text(object, "slider_on_top", record->slider_on_top);
  put_count(object, "image_width_px", record->image_width_px);
  put_count(object, "image_height_px", record->image_height_px);
  put_double(object, "response_time", record->response_time);
  put_double(object, "response_uncertainty", record->response_uncertainty);
  json_object_set_boolean_member(object, "timed_out", record->timed_out);
  put_double(object, "image_duration", record->image_duration);
  put_double(object, "image_hidden", record->image_hidden);
  put_double(object, "fixation_planned", record->fixation_planned);
  put_double(object, "iti_planned", record->iti_planned);
  put_count(object, "focus_losses", record->focus_losses);
  put_count(object, "pauses", record->pauses);
  put_double(object, "pause_duration", record->pause_duration);
  if (record->abort_reason != NULL)
    put_text(object, "abort_reason", record->abort_reason);
  return object;
}

static bool ratings_from_json(JsonObject *object, TrialRecord *record, GError **error) {
  JsonNode *node = json_object_get_member(object, "ratings");
  JsonArray *ratings = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  gsize n = ratings != NULL ? json_array_get_length(ratings) : 0;
  if (n < 1 || n > PROTOCOL_MAX_SCALES)
    return bad_member("ratings", "a list of ratings", error);
  for (gsize i = 0; i < n; i++) {
    JsonNode *rating = json_array_get_element(ratings, (guint)i);
    if (!JSON_NODE_HOLDS_OBJECT(rating))
      return bad_member("ratings", "a list of ratings", error);
    record->n_ratings++;
    if (!rating_from_json(json_node_get_object(rating), &record->ratings[i], error))
      return false;
  }
  return true;
}

bool trial_record_from_json(JsonObject *object, TrialRecord **record, GError **error) {
  g_autoptr(TrialRecord) read = g_new0(TrialRecord, 1);
  if (!get_count(object, "step", G_MAXINT, &read->step, error) ||
      !get_count(object, "trial", G_MAXINT, &read->trial, error) || !get_text(object, "block", &read->block, error) ||
      !get_text(object, "phase", &read->phase, error) || !get_text(object, "stim_id", &read->stim_id, error) ||
      !get_text(object, "stim_file", &read->stim_file, error) ||
      !get_text(object, "stim_sha256", &read->stim_sha256, error) || !get_text(object, "layer", &read->layer, error) ||
      !get_text(object, "seed", &read->seed, error) ||
      !get_double(object, "onset_planned", &read->onset_planned, error) ||
      !get_double(object, "onset_actual", &read->onset_actual, error) ||
      !get_text(object, "onset_source", &read->onset_source, error) ||
      !get_double(object, "onset_uncertainty", &read->onset_uncertainty, error) ||
      !get_count(object, "missed_frames", G_MAXINT, &read->missed_frames, error) ||
      !ratings_from_json(object, read, error) || !get_text(object, "slider_on_top", &read->slider_on_top, error) ||
      !get_double(object, "response_time", &read->response_time, error) ||
      !get_later_count(object, "image_width_px", &read->image_width_px, error) ||
      !get_later_count(object, "image_height_px", &read->image_height_px, error) ||
      !get_later_double(object, "response_uncertainty", &read->response_uncertainty, error) ||
      !get_later_bool(object, "timed_out", &read->timed_out, error) ||
      !get_later_double(object, "image_duration", &read->image_duration, error) ||
      !get_later_double(object, "image_hidden", &read->image_hidden, error) ||
      !get_later_double(object, "fixation_planned", &read->fixation_planned, error) ||
      !get_later_double(object, "iti_planned", &read->iti_planned, error) ||
      !get_count(object, "focus_losses", G_MAXINT, &read->focus_losses, error) ||
      !get_count(object, "pauses", G_MAXINT, &read->pauses, error) ||
      !get_later_double(object, "pause_duration", &read->pause_duration, error) ||
      (json_object_has_member(object, "abort_reason") && !get_text(object, "abort_reason", &read->abort_reason, error)))
    return false;
  *record = g_steal_pointer(&read);
  return true;
}

JsonObject *answer_record_to_json(const AnswerRecord *record) {
  JsonObject *object = json_object_new();
  put_count(object, "step", record->step);
  put_text(object, "name", record->name);
  put_count(object, "choice", record->choice);
  put_text(object, "label", record->label);
  put_double(object, "onset", record->onset);
  put_double(object, "confirm_time", record->confirm_time);
  if (isfinite(record->start))
    put_double(object, "start", record->start);
  if (record->n_values == 0)
    return object;
  JsonArray *values = json_array_new();
  for (gsize i = 0; i < record->n_values; i++)
    json_add_number(values, record->values[i]);
  json_object_set_array_member(object, "values", values);
  return object;
}

static bool get_values(JsonObject *object, AnswerRecord *record, GError **error) {
  JsonNode *node = json_object_get_member(object, "values");
  if (node == NULL)
    return true;
  gsize n = JSON_NODE_HOLDS_ARRAY(node) ? json_array_get_length(json_node_get_array(node)) : 0;
  if (n < 1 || n > RECORD_MAX_VALUES)
    return bad_member("values", "a list of numbers", error);
  record->values = g_new(double, n);
  for (; record->n_values < n; record->n_values++) {
    JsonNode *value = json_array_get_element(json_node_get_array(node), (guint)record->n_values);
    GType type = JSON_NODE_HOLDS_VALUE(value) ? json_node_get_value_type(value) : G_TYPE_INVALID;
    if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64 && !JSON_NODE_HOLDS_NULL(value))
      return bad_member("values", "a list of numbers", error);
    record->values[record->n_values] = JSON_NODE_HOLDS_NULL(value) ? NAN : json_node_get_double(value);
  }
  return true;
}

bool answer_record_from_json(JsonObject *object, AnswerRecord **record, GError **error) {
  g_autoptr(AnswerRecord) read = g_new0(AnswerRecord, 1);
  if (!get_count(object, "step", G_MAXINT, &read->step, error) || !get_text(object, "name", &read->name, error) ||
      !get_count(object, "choice", G_MAXINT, &read->choice, error) || !get_text(object, "label", &read->label, error) ||
      !get_double(object, "onset", &read->onset, error) ||
      !get_double(object, "confirm_time", &read->confirm_time, error) ||
      !get_later_double(object, "start", &read->start, error) || !get_values(object, read, error))
    return false;
  *record = g_steal_pointer(&read);
  return true;
}

JsonObject *event_record_to_json(const EventRecord *record) {
  JsonObject *object = json_object_new();
  put_double(object, "time", record->time);
  put_text(object, "kind", record->kind);
  put_text(object, "detail", record->detail);
  return object;
}

bool event_record_from_json(JsonObject *object, EventRecord **record, GError **error) {
  g_autoptr(EventRecord) read = g_new0(EventRecord, 1);
  if (!get_double(object, "time", &read->time, error) || !get_text(object, "kind", &read->kind, error) ||
      !get_text(object, "detail", &read->detail, error))
    return false;
  *record = g_steal_pointer(&read);
  return true;
}

JsonObject *sound_record_to_json(const SoundRecord *record) {
  JsonObject *object = json_object_new();
  put_count(object, "step", record->step);
  put_count(object, "trial", record->trial);
  put_text(object, "name", record->name);
  put_double(object, "planned", record->planned);
  put_double(object, "onset", record->onset);
  put_text(object, "source", record->source);
  put_double(object, "uncertainty", record->uncertainty);
  return object;
}

bool sound_record_from_json(JsonObject *object, SoundRecord **record, GError **error) {
  g_autoptr(SoundRecord) read = g_new0(SoundRecord, 1);
  if (!get_count(object, "step", G_MAXINT, &read->step, error) ||
      !get_count(object, "trial", G_MAXINT, &read->trial, error) || !get_text(object, "name", &read->name, error) ||
      !get_double(object, "planned", &read->planned, error) || !get_double(object, "onset", &read->onset, error) ||
      !get_text(object, "source", &read->source, error) ||
      !get_double(object, "uncertainty", &read->uncertainty, error))
    return false;
  *record = g_steal_pointer(&read);
  return true;
}

JsonObject *marker_record_to_json(const MarkerRecord *record) {
  JsonObject *object = json_object_new();
  put_double(object, "time", record->time);
  put_text(object, "event", record->event);
  put_count(object, "code", record->code);
  put_text(object, "detail", record->detail);
  put_double(object, "uncertainty", record->uncertainty);
  put_text(object, "fault", record->fault);
  return object;
}

bool marker_record_from_json(JsonObject *object, MarkerRecord **record, GError **error) {
  g_autoptr(MarkerRecord) read = g_new0(MarkerRecord, 1);
  if (!get_double(object, "time", &read->time, error) || !get_text(object, "event", &read->event, error) ||
      !get_count(object, "code", 255, &read->code, error) || !get_text(object, "detail", &read->detail, error) ||
      !get_double(object, "uncertainty", &read->uncertainty, error) || !get_text(object, "fault", &read->fault, error))
    return false;
  *record = g_steal_pointer(&read);
  return true;
}

JsonObject *display_facts_to_json(const DisplayFacts *facts) {
  JsonObject *object = json_object_new();
  put_text(object, "driver", facts->driver);
  put_text(object, "screen", facts->screen);
  put_count(object, "width_px", (gsize)MAX(facts->width_px, 0));
  put_count(object, "height_px", (gsize)MAX(facts->height_px, 0));
  put_double(object, "refresh_hz", facts->refresh_hz);
  put_double(object, "width_cm", facts->width_cm);
  put_double(object, "height_cm", facts->height_cm);
  put_double(object, "distance_cm", facts->distance_cm);
  put_text(object, "onset_source", facts->onset_source);
  json_object_set_boolean_member(object, "onset_trusted", facts->onset_trusted);
  put_text(object, "note", facts->note);
  return object;
}

bool display_facts_from_json(JsonObject *object, DisplayFacts *facts, GError **error) {
  DisplayFacts read = {0};
  gsize width = 0, height = 0;
  if (!get_text(object, "driver", &read.driver, error) ||
      (json_object_has_member(object, "screen") && !get_text(object, "screen", &read.screen, error)) ||
      !get_count(object, "width_px", 1000000, &width, error) ||
      !get_count(object, "height_px", 1000000, &height, error) ||
      !get_double(object, "refresh_hz", &read.refresh_hz, error) ||
      !get_double(object, "width_cm", &read.width_cm, error) ||
      !get_double(object, "height_cm", &read.height_cm, error) ||
      !get_double(object, "distance_cm", &read.distance_cm, error) ||
      !get_text(object, "onset_source", &read.onset_source, error) ||
      !get_bool(object, "onset_trusted", &read.onset_trusted, error) || !get_text(object, "note", &read.note, error)) {
    display_facts_clear(&read);
    return false;
  }
  if (read.screen == NULL)
    read.screen = g_strdup("");
  read.width_px = (int)width;
  read.height_px = (int)height;
  *facts = read;
  return true;
}
