#include "present/journal/record.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/number.h"

TrialRecord *trial_record_new(const Protocol *protocol, const Trial *trial) {
  const ProtocolBlock *block = &protocol->blocks[trial->block];
  TrialRecord *record = g_new0(TrialRecord, 1);
  record->step = trial->step;
  record->trial = trial->number;
  record->block = g_strdup(block->name);
  record->phase = g_strdup(block->practice ? "practice" : "main");
  record->stim_id = g_strdup(protocol_stimulus(protocol, trial->stimulus, "id"));
  record->stim_file = g_strdup(protocol_stimulus(protocol, trial->stimulus, "file"));
  record->stim_sha256 = g_strdup(protocol->set_sha256[trial->stimulus]);
  record->layer = g_strdup(protocol_stimulus(protocol, trial->stimulus, "layer"));
  record->seed = g_strdup(protocol_stimulus(protocol, trial->stimulus, "seed"));
  record->onset_planned = record->onset_actual = record->onset_uncertainty = record->response_time = NAN;
  record->response_uncertainty = NAN;
  record->image_duration = record->image_hidden = record->fixation_planned = record->iti_planned = NAN;
  record->onset_source = g_strdup("");
  record->slider_on_top = g_strdup(protocol->scales[trial->scales[0]].name);
  record->n_ratings = block->n_scales;
  for (gsize i = 0; i < block->n_scales; i++) {
    RatingRecord *rating = &record->ratings[i];
    rating->scale = g_strdup(protocol->scales[block->scales[i]].name);
    rating->start = rating->final = rating->first_touch_time = rating->confirm_time = NAN;
    for (gsize j = 0; j < block->n_scales; j++)
      if (trial->scales[j] == block->scales[i])
        rating->start = trial->start[j];
  }
  return record;
}

void trial_record_free(TrialRecord *record) {
  if (record == NULL)
    return;
  for (gsize i = 0; i < record->n_ratings; i++) {
    g_free(record->ratings[i].scale);
    g_free(record->ratings[i].samples);
  }
  g_free(record->block);
  g_free(record->phase);
  g_free(record->stim_id);
  g_free(record->stim_file);
  g_free(record->stim_sha256);
  g_free(record->layer);
  g_free(record->seed);
  g_free(record->onset_source);
  g_free(record->slider_on_top);
  g_free(record->abort_reason);
  g_free(record);
}

RatingRecord *trial_record_rating(TrialRecord *record, const Protocol *protocol, gsize scale) {
  for (gsize i = 0; i < record->n_ratings; i++)
    if (strcmp(record->ratings[i].scale, protocol->scales[scale].name) == 0)
      return &record->ratings[i];
  g_assert_not_reached();
}

/* Halves the resolution: keeps the samples with even index. */
static void thin(RatingRecord *rating) {
  gsize kept = 0;
  for (gsize i = 0; i < rating->n_samples; i += 2)
    rating->samples[kept++] = rating->samples[i];
  rating->n_samples = kept;
  double span = rating->samples[kept - 1].ms - rating->samples[0].ms;
  rating->spacing_ms = MAX(2 * rating->spacing_ms, span / (double)(kept - 1));
}

void rating_record_sample(RatingRecord *rating, double ms, double value) {
  RecordSample sample = {ms, value};
  if (rating->samples == NULL)
    rating->samples = g_new(RecordSample, RECORD_MAX_SAMPLES);
  if (rating->n_samples == RECORD_MAX_SAMPLES)
    thin(rating);
  /* Too near to the last but one: the last one gives way, so that the newest position always stays. */
  if (rating->n_samples >= 2 && ms - rating->samples[rating->n_samples - 2].ms < rating->spacing_ms)
    rating->samples[rating->n_samples - 1] = sample;
  else
    rating->samples[rating->n_samples++] = sample;
}

char *rating_record_trajectory(const RatingRecord *rating) {
  if (rating->n_samples == 0)
    return g_strdup("n/a");
  GString *text = g_string_new(NULL);
  for (gsize i = 0; i < rating->n_samples; i++) {
    char value[NUMBER_SIZE];
    g_string_append_printf(text, "%s%.0f:%s", i > 0 ? ";" : "", rint(rating->samples[i].ms),
                           number_format(rating->samples[i].value, value));
  }
  return g_string_free(text, FALSE);
}

AnswerRecord *answer_record_new(gsize step, const char *name, gsize choice, const char *label, double onset,
                                double confirm_time) {
  AnswerRecord *record = g_new0(AnswerRecord, 1);
  *record = (AnswerRecord){.step = step,
                           .name = g_strdup(name),
                           .choice = choice,
                           .label = g_strdup(label),
                           .onset = onset,
                           .confirm_time = confirm_time,
                           .start = NAN};
  return record;
}

void answer_record_set_values(AnswerRecord *record, const double *values, gsize n_values) {
  g_free(record->values);
  record->values = g_memdup2(values, n_values * sizeof *values);
  record->n_values = n_values;
}

void answer_record_free(AnswerRecord *record) {
  if (record == NULL)
    return;
  g_free(record->name);
  g_free(record->label);
  g_free(record->values);
  g_free(record);
}

EventRecord *event_record_new(double time, const char *kind, const char *detail) {
  EventRecord *record = g_new0(EventRecord, 1);
  *record = (EventRecord){.time = time, .kind = g_strdup(kind), .detail = g_strdup(detail)};
  return record;
}

void event_record_free(EventRecord *record) {
  if (record == NULL)
    return;
  g_free(record->kind);
  g_free(record->detail);
  g_free(record);
}

SoundRecord *sound_record_new(gsize step, gsize trial, const char *name) {
  SoundRecord *record = g_new0(SoundRecord, 1);
  *record = (SoundRecord){.step = step, .trial = trial, .name = g_strdup(name), .source = g_strdup("")};
  record->planned = record->onset = record->uncertainty = NAN;
  return record;
}

void sound_record_free(SoundRecord *record) {
  if (record == NULL)
    return;
  g_free(record->name);
  g_free(record->source);
  g_free(record);
}

MarkerRecord *marker_record_new(double time, const char *event, gsize code, const char *detail) {
  MarkerRecord *record = g_new0(MarkerRecord, 1);
  *record = (MarkerRecord){.time = time, .code = code, .uncertainty = NAN};
  record->event = g_strdup(event);
  record->detail = g_strdup(detail);
  record->fault = g_strdup("");
  return record;
}

void marker_record_free(MarkerRecord *record) {
  if (record == NULL)
    return;
  g_free(record->event);
  g_free(record->detail);
  g_free(record->fault);
  g_free(record);
}

void display_facts_copy(const DisplayFacts *from, DisplayFacts *to) {
  *to = *from;
  to->driver = g_strdup(from->driver);
  to->screen = g_strdup(from->screen);
  to->onset_source = g_strdup(from->onset_source);
  to->note = g_strdup(from->note);
}

void display_facts_clear(DisplayFacts *facts) {
  g_clear_pointer(&facts->screen, g_free);
  g_clear_pointer(&facts->driver, g_free);
  g_clear_pointer(&facts->onset_source, g_free);
  g_clear_pointer(&facts->note, g_free);
}
