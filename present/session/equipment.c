#include "present/session/equipment.h"

#include "present/audio/audio_null.h"
#include "present/audio/audio_sdl.h"

#define SIMULATED_HZ AUDIO_WANTED_HZ

static bool fill(const Protocol *protocol, Equipment *equipment, GError **error) {
  if (equipment->audio != NULL && !sound_bank_new(protocol, equipment->audio->rate_hz, &equipment->bank, error))
    return false;
  if (equipment->audio != NULL || equipment->markers != NULL)
    equipment->cues = cue_player_new(protocol, equipment->audio, equipment->bank, equipment->markers);
  return true;
}

bool equipment_open(const Protocol *protocol, Clock *clock, const char *audio_device, Equipment *equipment,
                    GError **error) {
  Equipment opened = {0};
  MarkerPort *port = NULL;
  bool good = marker_port_open(&protocol->markers, clock, &port, error);
  if (good && port != NULL)
    opened.markers = markers_new(&protocol->markers, port, clock);
  if (good && protocol->n_sounds > 0)
    good = (opened.audio = audio_sdl_open(clock, audio_device, error)) != NULL;
  if (good && fill(protocol, &opened, error)) {
    *equipment = opened;
    return true;
  }
  equipment_close(&opened);
  return false;
}

bool equipment_simulate(const Protocol *protocol, Clock *clock, Equipment *equipment, GError **error) {
  Equipment opened = {0};
  if (protocol->n_sounds > 0)
    opened.audio = audio_null_new(clock, SIMULATED_HZ);
  if (protocol->markers.kind != MARKERS_OFF)
    opened.markers = markers_new(&protocol->markers, NULL, clock);
  if (fill(protocol, &opened, error)) {
    *equipment = opened;
    return true;
  }
  equipment_close(&opened);
  return false;
}

void equipment_close(Equipment *equipment) {
  cue_player_free(equipment->cues);
  markers_free(equipment->markers);
  audio_free(equipment->audio);
  sound_bank_free(equipment->bank);
  *equipment = (Equipment){0};
}
