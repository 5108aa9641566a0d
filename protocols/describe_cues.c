#include <math.h>

#include "protocols/protocol.h"

static JsonObject *describe_sound(const ProtocolSound *sound) {
  static const char *const kinds[] = {"file", "tone", "noise"};
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "name", sound->name);
  json_object_set_string_member(object, "kind", kinds[sound->kind]);
  if (sound->kind == SOUND_OF_FILE)
    json_object_set_string_member(object, "sha256", sound->sha256);
  else
    json_object_set_double_member(object, "duration_ms", sound->duration_ms);
  if (sound->kind == SOUND_OF_TONE)
    json_object_set_double_member(object, "frequency_hz", sound->frequency_hz);
  if (!isnan(sound->level_dbfs))
    json_object_set_double_member(object, "level_dbfs", sound->level_dbfs);
  json_object_set_double_member(object, "ramp_ms", sound->ramp_ms);
  return object;
}

static void describe_block(const Protocol *protocol, const ProtocolBlock *block, JsonArray *cues) {
  for (gsize i = 0; i < block->n_cues; i++) {
    JsonObject *cue = json_object_new();
    json_object_set_string_member(cue, "block", block->name);
    json_object_set_string_member(cue, "sound", protocol->sounds[block->cues[i].sound].name);
    json_object_set_double_member(cue, "offset_ms", block->cues[i].offset_ms);
    json_array_add_object_element(cues, cue);
  }
}

static JsonObject *describe_markers(const ProtocolMarkers *markers) {
  JsonObject *object = json_object_new(), *codes = json_object_new();
  json_object_set_string_member(object, "kind", marker_kind_name(markers->kind));
  json_object_set_double_member(object, "pulse_ms", markers->pulse_ms);
  for (gsize i = 0; i < N_MARKER_EVENTS; i++)
    if (markers->codes[i] > 0)
      json_object_set_int_member(codes, marker_event_key((MarkerEvent)i), markers->codes[i]);
  json_object_set_object_member(object, "codes", codes);
  return object;
}

void protocol_describe_cues(const Protocol *protocol, JsonObject *object) {
  if (protocol->n_sounds > 0) {
    JsonArray *sounds = json_array_new(), *cues = json_array_new();
    for (gsize i = 0; i < protocol->n_sounds; i++)
      json_array_add_object_element(sounds, describe_sound(&protocol->sounds[i]));
    for (gsize i = 0; i < protocol->n_blocks; i++)
      describe_block(protocol, &protocol->blocks[i], cues);
    json_object_set_array_member(object, "sounds", sounds);
    json_object_set_array_member(object, "cues", cues);
  }
  if (protocol->markers.kind != MARKERS_OFF)
    json_object_set_object_member(object, "markers", describe_markers(&protocol->markers));
}
