/* What a session records: plain structs that the session fills, the journal stores and the BIDS files show.
 *
 * Times are seconds on the session's clock: 0 where the program began (or resumed) the session, CLOCK_MONOTONIC, or the
 * simulated clock. NaN means "not known" or "did not happen"; it is null in the journal and n/a in the tables. */
#ifndef DREAMRIG_RECORD_H
#define DREAMRIG_RECORD_H

#include "protocols/trials.h"

#define RECORD_MAX_SAMPLES 2000
#define RECORD_MAX_VALUES 1000

/* Where a slider's thumb was. */
typedef struct {
  double ms; /* since the image's onset */
  double value;
} RecordSample;

typedef struct {
  char *scale;
  double start;            /* NaN: hidden until touched */
  double final;            /* NaN: no answer */
  bool touched;            /* by press or key; an untouched start value is never an answer */
  double first_touch_time; /* session clock */
  double confirm_time;     /* session clock */
  bool mirrored;           /* its low end was at the right */
  RecordSample *samples;   /* at most RECORD_MAX_SAMPLES */
  gsize n_samples;
  double spacing_ms; /* the trajectory's resolution; grows where a trajectory is long */
} RatingRecord;

typedef struct {
  gsize step;
  gsize trial; /* 1-based within the block */
  char *block;
  char *phase; /* "practice" or "main" */
  char *stim_id, *stim_file, *stim_sha256, *layer, *seed;
  double onset_planned, onset_actual; /* of the image; session clock */
  char *onset_source;                 /* the flip's rung: "simulated", "swap + glFinish" */
  double onset_uncertainty;           /* s */
  gsize missed_frames;
  RatingRecord ratings[PROTOCOL_MAX_SCALES]; /* in the block's listed order, not the screen's */
  gsize n_ratings;
  char *slider_on_top;
  gsize image_width_px, image_height_px; /* of the image on the screen; 0: nobody draws */
  double response_uncertainty;           /* s; the confirmation was so much earlier at most; NaN: not known */
  double response_time;                  /* s from the image's actual onset to the confirmation */
  bool timed_out;                        /* the deadline passed: the trial is over, without an answer */
  double image_duration;                 /* s on the screen until the next screen's flip, without pauses that hid the
                                          * image; NaN: it stayed with the sliders */
  double image_hidden;                   /* s of those pauses; NaN: an earlier version, image_duration includes them */
  double fixation_planned, iti_planned;  /* s, as drawn for this trial */
  gsize focus_losses, pauses;
  double pause_duration; /* s of pauses within response_time: since the onset that counts; NaN: an earlier version */
  char *abort_reason;    /* NULL: confirmed. Otherwise the trial has no answer, and a resumed session shows it again. */
  gsize part;            /* as SoundRecord.part */
} TrialRecord;

/* A confirmed page (choice 0, no label) or question. A question among a block's trials has the block's step. */
typedef struct {
  gsize step;
  char *name;
  gsize choice; /* 1-based; 0: a page, or a question left out */
  char *label;  /* the chosen option's text in the participant's language, or what was typed; "" for neither */
  double onset, confirm_time;
  /* What the data hold: of a choice, a number or a slider one value, of a grid one an item, of a multiple choice 0 or 1
   * an option. NaN: left out. None for pages, text, and choices that only have their number. */
  double *values;
  gsize n_values;
  double start; /* of a slider, in its units; NaN: hidden, or no slider */
  gsize part;   /* as SoundRecord.part */
} AnswerRecord;

/* What else happened: "pause", "continue", "focus_lost", "focus_gained", "resized", "missed_frames", ... */
typedef struct {
  double time;
  char *kind;
  char *detail; /* "" for none */
  gsize part;   /* of the journal, 0-based: whose clock it is; set on reading */
  gsize before; /* the journal's trial that was recorded next, 0-based; set on reading */
} EventRecord;

/* A sound of a trial, once for each time it was started: a trial that a pause begins again has them twice. */
typedef struct {
  gsize step, trial;
  char *name;
  double planned;     /* session clock: the image's onset and the offset */
  double onset;       /* session clock; NaN: it was not heard */
  char *source;       /* "fit" (of frames against time), "untrusted", "simulated"; "" where it was not heard */
  double uncertainty; /* s; NaN: not known */
  gsize part;         /* of the journal, 0-based: whose clock it is; set on reading */
} SoundRecord;

/* A marker that was sent to the recording equipment, or could not be. */
typedef struct {
  double time;        /* session clock: when it was written out; with an error: when that was tried */
  char *event;        /* "image", "response", ...: a key of [markers] */
  gsize code;         /* 1..255 */
  char *detail;       /* the stimulus, sound or step that it is about; "" for none */
  double uncertainty; /* s that the writing took */
  char *fault;        /* "" where it was written */
  gsize part;         /* as SoundRecord.part */
} MarkerRecord;

/* What is known about the display. NaN, 0 and "" where it is not. */
typedef struct {
  char *driver; /* "null", "x11", "wayland", ... */
  char *screen; /* its number and name: "1: DP-1" */
  int width_px, height_px;
  double refresh_hz;
  double width_cm, height_cm, distance_cm;
  char *onset_source;
  bool onset_trusted;
  char *note; /* why it is not trusted, or "" */
} DisplayFacts;

/* A record with what is known before the trial: step, names, stimulus, starts, which scale is on top; nothing touched,
 * all times NaN. Free with trial_record_free. */
TrialRecord *trial_record_new(const Protocol *protocol, const Trial *trial);
void trial_record_free(TrialRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrialRecord, trial_record_free)
/* The rating of a scale (an index into Protocol.scales) of this trial's block. */
RatingRecord *trial_record_rating(TrialRecord *record, const Protocol *protocol, gsize scale);
/* Appends to the trajectory. One that would grow over RECORD_MAX_SAMPLES loses every second sample and from then on
 * keeps only one sample in twice the time; the last position always stays. */
void rating_record_sample(RatingRecord *rating, double ms, double value);
/* "0:50;131:52.5;..." (ms rounded); "n/a" for none. Free with g_free. */
char *rating_record_trajectory(const RatingRecord *rating);

AnswerRecord *answer_record_new(gsize step, const char *name, gsize choice, const char *label, double onset,
                                double confirm_time);
/* Copies the values. */
void answer_record_set_values(AnswerRecord *record, const double *values, gsize n_values);
void answer_record_free(AnswerRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnswerRecord, answer_record_free)
EventRecord *event_record_new(double time, const char *kind, const char *detail);
void event_record_free(EventRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventRecord, event_record_free)
SoundRecord *sound_record_new(gsize step, gsize trial, const char *name);
void sound_record_free(SoundRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SoundRecord, sound_record_free)
MarkerRecord *marker_record_new(double time, const char *event, gsize code, const char *detail);
void marker_record_free(MarkerRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkerRecord, marker_record_free)
void display_facts_copy(const DisplayFacts *from, DisplayFacts *to);
void display_facts_clear(DisplayFacts *facts); /* frees the strings */

/* To and from the journal's JSON. Reading checks every member's presence, type and range: the message names the member.
 * Free objects with json_object_unref. */
JsonObject *trial_record_to_json(const TrialRecord *record);
bool trial_record_from_json(JsonObject *object, TrialRecord **record, GError **error);
JsonObject *answer_record_to_json(const AnswerRecord *record);
bool answer_record_from_json(JsonObject *object, AnswerRecord **record, GError **error);
JsonObject *event_record_to_json(const EventRecord *record);
bool event_record_from_json(JsonObject *object, EventRecord **record, GError **error);
JsonObject *sound_record_to_json(const SoundRecord *record);
bool sound_record_from_json(JsonObject *object, SoundRecord **record, GError **error);
JsonObject *marker_record_to_json(const MarkerRecord *record);
bool marker_record_from_json(JsonObject *object, MarkerRecord **record, GError **error);
JsonObject *display_facts_to_json(const DisplayFacts *facts);
bool display_facts_from_json(JsonObject *object, DisplayFacts *facts, GError **error);

#endif
