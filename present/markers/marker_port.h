/* The ways by which a marker leaves the machine: a byte on a serial line or a parallel port, a text on a Lab Streaming
 * Layer outlet. markers.h decides when; a port only writes. */
#ifndef DREAMRIG_PRESENT_MARKER_PORT_H
#define DREAMRIG_PRESENT_MARKER_PORT_H

#include "present/display/clock.h"
#include "protocols/cues.h"

typedef struct MarkerPort MarkerPort;

/* What an implementation provides. The MarkerPort is the first member of its own struct. */
typedef struct {
  /* Writes one marker at once. `text` is its event and detail; event_ns is when what it marks happened, on the clock.
   */
  bool (*write)(MarkerPort *port, guint8 code, const char *text, gint64 event_ns, GError **error);
  bool holds_level; /* code 0 ends a pulse; otherwise 0 is never written */
  void (*free)(MarkerPort *port);
} MarkerPortClass;

struct MarkerPort {
  const MarkerPortClass *class;
};

void marker_port_free(MarkerPort *port); /* legal on NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkerPort, marker_port_free)

/* The port of a protocol; *port is NULL where markers are off. Fails with RIG_ERROR_STATE where it cannot be opened. */
bool marker_port_open(const ProtocolMarkers *markers, Clock *clock, MarkerPort **port, GError **error);

/* 8 data bits, no parity, one stop bit, no flow control. */
MarkerPort *marker_port_open_serial(const char *path, int baud, GError **error);

/* What a parallel port is reached through; tests inject their own. */
typedef struct {
  int (*open)(const char *path, int flags);
  int (*control)(int file, unsigned long request, void *argument); /* ioctl */
  int (*close)(int file);
} ParallelCalls;

/* Linux's ppdev: claims the port, sets its data lines as outputs, at 0. calls may be NULL (the system's). */
MarkerPort *marker_port_open_parallel(const char *path, const ParallelCalls *calls, GError **error);

/* The part of liblsl that is needed, as liblsl's C interface has it. */
typedef struct {
  void *(*create_streaminfo)(const char *name, const char *type, gint32 n_channels, double rate_hz, int format,
                             const char *source_id);
  void *(*create_outlet)(void *info, gint32 chunk_size, gint32 max_buffered);
  gint32 (*push_sample)(void *outlet, const char **data, double timestamp);
  double (*local_clock)(void);
  void (*destroy_outlet)(void *outlet);
  void (*destroy_streaminfo)(void *info);
} LslFunctions;

/* Loads liblsl from this file (NULL: "liblsl.so" and its usual names, where the system's linker finds them). It stays
 * loaded. */
bool marker_lsl_load(const char *library, LslFunctions *functions, GError **error);
/* An outlet "NAME" of type "Markers": one text channel, irregular rate. */
MarkerPort *marker_port_open_lsl(const char *name, const LslFunctions *functions, Clock *clock, GError **error);

#endif
