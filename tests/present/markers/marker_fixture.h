/* What the tests of markers on each kind of port share. */
#ifndef DREAMRIG_TESTS_MARKER_FIXTURE_H
#define DREAMRIG_TESTS_MARKER_FIXTURE_H

#include "present/markers/markers.h"

/* The code of event i is 101 + i, but MARKER_RATING has none. */
ProtocolMarkers marker_settings(MarkerKind kind, double pulse_ms);

#endif
