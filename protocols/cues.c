#include "protocols/cues.h"

#include <math.h>

static const char *const EVENTS[N_MARKER_EVENTS] = {
    [MARKER_SESSION_START] = "session_start",
    [MARKER_SESSION_END] = "session_end",
    [MARKER_BLOCK_START] = "block_start",
    [MARKER_BLOCK_END] = "block_end",
    [MARKER_FIXATION] = "fixation",
    [MARKER_IMAGE] = "image",
    [MARKER_RATING] = "rating",
    [MARKER_RESPONSE] = "response",
    [MARKER_SOUND] = "sound",
    [MARKER_PAUSE] = "pause",
    [MARKER_CONTINUE] = "continue",
};

const char *marker_event_key(MarkerEvent event) { return EVENTS[event]; }

const char *marker_kind_name(MarkerKind kind) {
  return ((const char *const[]){"off", "serial", "parallel", "lsl"})[kind];
}

static bool read_file(const ProtocolSound *sound, int rate_hz, Sound **made, GError **error) {
  g_autoptr(Sound) read = NULL;
  if (!sound_read(sound->path, &read, error))
    return false;
  if (!isnan(sound->level_dbfs) && !sound_set_level(read, sound->level_dbfs, error)) {
    g_prefix_error(error, "%s: ", sound->path);
    return false;
  }
  return sound_resample(read, rate_hz, made, error);
}

bool protocol_sound_make(const ProtocolSound *sound, guint64 seed, int rate_hz, Sound **made, GError **error) {
  g_autoptr(Sound) fresh = NULL;
  Random random;
  g_autofree char *stream = g_strconcat("sound ", sound->name, NULL);
  switch (sound->kind) {
  case SOUND_OF_FILE:
    if (!read_file(sound, rate_hz, &fresh, error))
      return false;
    break;
  case SOUND_OF_TONE:
    fresh = sound_new_tone(sound->frequency_hz, sound->duration_ms, sound->level_dbfs, rate_hz, error);
    break;
  case SOUND_OF_NOISE:
    random_init_stream(&random, seed, stream);
    fresh = sound_new_noise(sound->duration_ms, sound->level_dbfs, &random, rate_hz, error);
    break;
  }
  if (fresh == NULL)
    return false;
  sound_ramp(fresh, sound->ramp_ms);
  *made = g_steal_pointer(&fresh);
  return true;
}

void protocol_sound_clear(ProtocolSound *sound) {
  g_free(sound->name);
  g_free(sound->path);
  g_free(sound->sha256);
}
