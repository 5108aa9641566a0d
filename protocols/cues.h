/* What goes with a protocol's images besides pictures: sounds for the participant, markers for recording equipment. */
#ifndef DREAMRIG_PROTOCOLS_CUES_H
#define DREAMRIG_PROTOCOLS_CUES_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/sound.h"

typedef enum { SOUND_OF_FILE, SOUND_OF_TONE, SOUND_OF_NOISE } SoundKind;

/* [sound NAME] */
typedef struct {
  char *name;
  SoundKind kind;
  char *path;          /* SOUND_OF_FILE, as found from the protocol's folder; else "" */
  char *sha256;        /* of the file; else "" */
  double level_dbfs;   /* stimuli/sound.h; NaN: as the file has it */
  double duration_ms;  /* tone and noise */
  double ramp_ms;      /* at both ends; 0: none */
  double frequency_hz; /* tone */
} ProtocolSound;

#define PROTOCOL_MAX_CUES 32 /* in a block */

/* One of a block's `sounds`. */
typedef struct {
  gsize sound;      /* into Protocol.sounds */
  double offset_ms; /* from the image's onset; before it where negative */
} ProtocolCue;

typedef enum { MARKERS_OFF, MARKERS_SERIAL, MARKERS_PARALLEL, MARKERS_LSL } MarkerKind;

typedef enum {
  MARKER_SESSION_START,
  MARKER_SESSION_END,
  MARKER_BLOCK_START,
  MARKER_BLOCK_END,
  MARKER_FIXATION,
  MARKER_IMAGE,
  MARKER_RATING, /* the sliders, where they follow the image */
  MARKER_RESPONSE,
  MARKER_SOUND,
  MARKER_PAUSE,
  MARKER_CONTINUE,
  N_MARKER_EVENTS,
} MarkerEvent;

/* [markers] */
typedef struct {
  MarkerKind kind;
  char *port;                    /* "/dev/ttyUSB0", "/dev/parport0"; of LSL the stream's name */
  int baud;                      /* serial */
  double pulse_ms;               /* after which the port goes back to 0; 0: it stays, and the serial line gets no 0 */
  guint8 codes[N_MARKER_EVENTS]; /* 0: nothing is sent */
} ProtocolMarkers;

/* The key of an event's code, which is also its name in the data: "image". */
const char *marker_event_key(MarkerEvent event);
const char *marker_kind_name(MarkerKind kind); /* "serial" */

/* The sound at a device's rate: read or made, at its level, ramped, converted. Noise is the same in every session of a
 * protocol's seed: it comes from random_init_stream(seed, "sound NAME"). */
bool protocol_sound_make(const ProtocolSound *sound, guint64 seed, int rate_hz, Sound **made, GError **error);

void protocol_sound_clear(ProtocolSound *sound); /* frees its strings */

#endif
