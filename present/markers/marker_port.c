#include "present/markers/marker_port.h"

void marker_port_free(MarkerPort *port) {
  if (port != NULL)
    port->class->free(port);
}

bool marker_port_open(const ProtocolMarkers *markers, Clock *clock, MarkerPort **port, GError **error) {
  LslFunctions lsl;
  switch (markers->kind) {
  case MARKERS_OFF:
    *port = NULL;
    return true;
  case MARKERS_SERIAL:
    *port = marker_port_open_serial(markers->port, markers->baud, error);
    break;
  case MARKERS_PARALLEL:
    *port = marker_port_open_parallel(markers->port, NULL, error);
    break;
  case MARKERS_LSL:
    *port = marker_lsl_load(NULL, &lsl, error) ? marker_port_open_lsl(markers->port, &lsl, clock, error) : NULL;
    break;
  }
  return *port != NULL;
}
