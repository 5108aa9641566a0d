#include "tests/present/markers/marker_fixture.h"

ProtocolMarkers marker_settings(MarkerKind kind, double pulse_ms) {
  ProtocolMarkers settings = {.kind = kind, .baud = 115200, .pulse_ms = pulse_ms};
  for (gsize i = 0; i < N_MARKER_EVENTS; i++)
    settings.codes[i] = (guint8)(101 + i);
  settings.codes[MARKER_RATING] = 0;
  return settings;
}
