/* A protocol: what one session is, read from a .protocol key file (protocols/dreamrig-protocol.5 documents the format).
 *
 * A session is a sequence of steps: pages, questions and blocks of trials. A block shows images of one stimulus set,
 * each rated on scales. Everything a participant reads is already in the chosen language here. The struct is plain and
 * read-only after opening; all strings are owned by it and never NULL unless said. */
#ifndef DREAMRIG_PROTOCOL_H
#define DREAMRIG_PROTOCOL_H

#include <glib.h>
#include <stdbool.h>

#include "protocols/cues.h"
#include "protocols/phrases.h"
#include "stimuli/base/json.h"
#include "stimuli/manifest.h"

#define PROTOCOL_MAX_SCALES 8
#define PROTOCOL_MAX_REHEARSAL 1000
#define PROTOCOL_NUMBER_MOST 1.0e12    /* no number that is typed is larger, nor smaller than its negative */
#define PROTOCOL_SLIDER_STEPS 100.0    /* a slider's values are so many equal steps from min to max */
#define PROTOCOL_STEP_TOLERANCE 1.0e-6 /* of a step: two values no further apart are one that rounding parted */

typedef enum { STEP_PAGE, STEP_QUESTION, STEP_BLOCK } StepKind;
typedef enum { PAGE_TEXT, PAGE_CONSENT, PAGE_DEBRIEF } PageKind;
typedef enum {
  QUESTION_CHOICE,   /* one of the options */
  QUESTION_MULTIPLE, /* any of the options */
  QUESTION_LIKERT,   /* one of the options for each item, as a grid */
  QUESTION_SLIDER,
  QUESTION_NUMBER,
  QUESTION_TEXT,
} QuestionKind;
typedef enum { FIGURE_NONE, FIGURE_AROUSAL, FIGURE_VALENCE, FIGURE_DOMINANCE } ScaleFigure;
typedef enum { START_HIDDEN, START_CENTER, START_RANDOM, START_VALUE } ScaleStart;
/* Which images a participant sees: see allocation.h. */
typedef enum { IMAGES_ALL, IMAGES_WINDOW, IMAGES_ONE_PER, IMAGES_BALANCED } ImageChoice;
typedef enum { ORDER_RANDOM, ORDER_FIXED, ORDER_LATIN } BlockOrder;
typedef struct AllocationPlan AllocationPlan; /* allocation.h */
/* Which scale is on top: always the listed order, rotated from participant to participant, or drawn for each trial. */
typedef enum { SCALES_FIXED, SCALES_BY_PARTICIPANT, SCALES_BY_TRIAL } ScaleArrangement;
/* On which side a scale's low end is: where the language's lines begin, or always left or right, or changing from
 * participant to participant. */
typedef enum { POLARITY_READING, POLARITY_LOW_LEFT, POLARITY_LOW_RIGHT, POLARITY_BY_PARTICIPANT } ScalePolarity;

typedef struct {
  StepKind kind;
  gsize index; /* into pages, questions or blocks */
} ProtocolStep;

typedef struct {
  char *name;
  PageKind kind;
  char *title; /* "" for none */
  char *text;
  char *agree, *decline; /* PAGE_CONSENT: its two answers */
} ProtocolPage;

typedef struct {
  char *name; /* snake_case; names the columns of the data */
  ScaleFigure figure;
  char *text;         /* the question above the slider; "" for none */
  char *left, *right; /* the labels of the low and the high end, which POLARITY_LOW_LEFT has there; "" for none */
  double min, max;    /* at the low and the high end; min < max */
  ScaleStart start;
  double start_value; /* START_VALUE and START_CENTER: the value; else NaN */
  ScalePolarity polarity;
} ProtocolScale;

typedef struct {
  char *name; /* snake_case; names the columns of the data */
  QuestionKind kind;
  char *text;
  char **options; /* of choice, multiple and likert: NULL-terminated, 2..20; else empty */
  gsize n_options;
  double *values; /* what the data hold for each option, all different: 1, 2, ... unless the file says otherwise */
  char **items;   /* of likert: NULL-terminated, 1..50; else empty */
  gsize n_items;
  bool *reversed;      /* (MAX(n_items, 1)) counted the other way round in scores */
  ProtocolScale scale; /* of a slider; of a number min and max alone */
  gsize decimals;      /* of a number, 0..6 */
  gsize lines;         /* of a text's box, 1..10 */
  bool required;
  double correct_min, correct_max; /* the answers that pass an attention check; NaN: there is no right answer */
  double *correct_items;           /* (MAX(n_items, 1)) the value that an item of a grid asks for; NaN: none */
} ProtocolQuestion;

/* One value of a questionnaire: a question, or one item of it. */
typedef struct {
  gsize question; /* into Protocol.questions */
  gsize item;     /* into its items; 0 where it has none */
} ScoreTerm;

typedef struct {
  char *name;
  bool mean; /* else the sum */
  ScoreTerm *terms;
  gsize n_terms;
} ProtocolScore;

/* Milliseconds: drawn for each trial, uniform over the whole ms of min..max. */
typedef struct {
  double min, max;
} DurationRange;

typedef struct {
  char *name;
  bool practice; /* else main */
  ImageChoice choice;
  gsize images;  /* a window's or balanced block's, 1..n; else 0 */
  char *one_per; /* IMAGES_ONE_PER: the column of stimuli.tsv that makes the groups; else NULL */
  gsize repeats; /* each image so many times, 1..1000 */
  BlockOrder order;
  gsize max_run; /* no more than so many images in a row that agree in run_of; 0: any */
  char *run_of;  /* the column of stimuli.tsv; NULL where max_run is 0 */
  AllocationPlan *plan;
  gsize *excluded; /* blocks whose images are not shown here */
  gsize n_excluded;
  gsize scales[PROTOCOL_MAX_SCALES]; /* into Protocol.scales, in the listed order */
  gsize n_scales;
  ProtocolCue *cues; /* the sounds of each trial */
  gsize n_cues;
  ScaleArrangement arrangement;
  bool affective_slider;     /* arousal and valence as the Affective Slider has them */
  bool require_touch;        /* else an untouched slider is a missing answer */
  DurationRange fixation_ms; /* 0: no fixation cross */
  double image_ms;      /* 0: the image stays, with the sliders, until confirmed; else the sliders follow the image */
  bool image_free;      /* the image shows until a key or click, then the sliders; image_ms is 0 */
  double mask_ms;       /* a mask after the image; 0: none */
  DurationRange iti_ms; /* blank after the answer */
  double deadline_ms;   /* from the sliders' onset; 0: none */
  gsize break_trials;   /* a break after every so many trials; 0: none */
  double break_minutes; /* a break once so long has passed since the last one; 0: none */
  gsize break_page;     /* into Protocol.pages, where there are breaks */
  gsize *checks;        /* into Protocol.questions: attention checks, spread over the block in this order */
  gsize n_checks;
} ProtocolBlock;

/* Where the photodiode looks. */
typedef enum {
  PHOTODIODE_NONE,
  PHOTODIODE_TOP_LEFT,
  PHOTODIODE_TOP_RIGHT,
  PHOTODIODE_BOTTOM_LEFT,
  PHOTODIODE_BOTTOM_RIGHT
} PhotodiodeCorner;

/* The colours of everything but stimuli. */
typedef enum {
  CONTRAST_NORMAL,    /* the protocol's two and shades between them */
  CONTRAST_HIGH,      /* black and white alone, with strong outlines */
  CONTRAST_GREYSCALE, /* greys of the same luminance */
} ScreenContrast;

typedef struct {
  guint8 background[3], foreground[3]; /* sRGB */
  ScreenContrast contrast;
  double text_percent;                     /* size of what is read, of the normal one, 50..200 */
  bool progress;                           /* how much of the session is done, on pages and questions */
  double image_percent;                    /* of the screen's height that an image may take, 10..100 */
  bool exact_scaling;                      /* images take all of it; else as much as whole factors allow */
  int window_width, window_height;         /* in px, with --windowed */
  double width_cm, height_cm, distance_cm; /* the laboratory's screen and the eye's distance; NaN: not stated */
  bool refuse_untrusted;                   /* no session where nothing tells when a frame is shown; else a warning */
  PhotodiodeCorner photodiode;
  int photodiode_px; /* the patch's side */
} ProtocolScreen;

typedef struct {
  char *path;   /* as given; for messages */
  char *digest; /* SHA-256 of the file's bytes, hex */
  char *locale; /* the language asked for; "" for the untranslated texts */
  bool rtl;     /* the participant's texts run from right to left */
  char *name, *version, *title;
  char *task; /* BIDS task label: letters and digits */
  guint64 seed;
  gsize rules; /* of the design: ALLOCATION_RULES, but for a session that goes on under earlier ones (allocation.h) */
  gsize rehearsal_trials; /* of each block, 1..1000 */
  ProtocolScreen screen;
  char *phrases[N_PHRASES]; /* what the program itself says */
  ProtocolPage *pages;
  gsize n_pages;
  ProtocolQuestion *questions;
  gsize n_questions;
  ProtocolScore *scores;
  gsize n_scores;
  ProtocolScale *scales;
  gsize n_scales;
  ProtocolBlock *blocks;
  gsize n_blocks;
  ProtocolStep *steps;
  gsize n_steps;
  StimulusSet *set;  /* opened, digests verified */
  char **set_sha256; /* of each row's file, computed where the set does not state it */
  char *set_digest;  /* SHA-256 over every row's id, file and digest, and over the sound files' */
  ProtocolSound *sounds;
  gsize n_sounds;
  ProtocolMarkers markers;
} Protocol;

typedef struct {
  /* "pl", "pt_BR", of which the file or the program must have texts; NULL or "": the untranslated texts */
  const char *locale;
  const char *set; /* a folder that replaces the protocol's stimuli; NULL: the protocol's own */
} ProtocolOptions;

/* Reads, checks and opens a protocol and its stimulus set. The message names file, line and field of the first fault
 * and counts the others. options may be NULL. Free with protocol_free. */
bool protocol_open(const char *path, const ProtocolOptions *options, Protocol **protocol, GError **error);
/* As protocol_open from memory; a relative stimuli folder is taken from the folder of `path`, which need not exist. */
bool protocol_parse(const char *path, const char *text, gsize size, const ProtocolOptions *options, Protocol **protocol,
                    GError **error);
void protocol_free(Protocol *protocol);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Protocol, protocol_free)

/* All faults of a protocol, each "FILE:LINE: [group] key: what", NULL-terminated, in order of line; empty when there is
 * none. Fails only where the file can't be read as a key file at all. Free *faults with g_strfreev. */
bool protocol_validate(const char *path, const ProtocolOptions *options, char ***faults, GError **error);

/* The name of a step's page, question or block. */
const char *protocol_step_name(const Protocol *protocol, gsize step);
/* The cell of a stimulus's column ("id", "file", "layer", "seed"), "n/a" where the set does not have it. */
const char *protocol_stimulus(const Protocol *protocol, gsize row, const char *column);
/* Whether the sliders' image is shown before them rather than with them. */
bool protocol_image_first(const ProtocolBlock *block);
/* Whether a scale's low end is at the right, for the participant with this number (TrialList.participant). */
bool protocol_scale_mirrored(const Protocol *protocol, const ProtocolScale *scale, gsize participant);
/* Whether a part of a protocol may have this name: a small letter, then up to 31 of a-z, 0-9 and _. */
bool protocol_is_name(const char *name);
/* Whether the data have a column or a table of this name besides those that scales and questions make; none of these
 * may have such a name. */
bool protocol_is_reserved(const char *name);
/* What the data's sidecars must say about the session: name, version, title, pages, scales and questions with their
 * texts.
 * Stored in every journal, so that the data can be derived without the protocol. Free with json_object_unref. */
JsonObject *protocol_describe(const Protocol *protocol);
/* Its part about sounds and markers, where there are any. */
void protocol_describe_cues(const Protocol *protocol, JsonObject *object);

/* A BIDS label ("01", "p7"): 1..32 letters and digits. The message starts with `what` ("participant"). */
bool protocol_check_label(const char *what, const char *label, GError **error);

#endif
