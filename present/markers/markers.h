/* When markers are sent: at once from the session's own thread, or later, exactly then, from one of its own, which also
 * ends the pulses. What became of each is kept until the session writes it into the journal between trials.
 *
 * With a simulated clock there is no thread, and what is due goes out whenever one of the functions is called. */
#ifndef DREAMRIG_PRESENT_MARKERS_H
#define DREAMRIG_PRESENT_MARKERS_H

#include "present/markers/marker_port.h"

typedef struct Markers Markers;

/* What became of a marker. */
typedef struct {
  MarkerEvent event;
  guint8 code;
  char *detail;
  gint64 time_ns; /* when the writing began */
  gint64 took_ns;
  char *fault; /* NULL: written */
} MarkerSent;

/* Takes the port over; NULL: nothing leaves the machine, and all is sent on time (simulated sessions). */
Markers *markers_new(const ProtocolMarkers *settings, MarkerPort *port, Clock *clock);
/* Ends a pulse, drops what is not due. Legal on NULL. */
void markers_free(Markers *markers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Markers, markers_free)

/* Whether nothing leaves the machine. */
bool markers_are_simulated(const Markers *markers);

/* Sends the marker of an event that happens (happened) at event_ns: at once where that is not in the future. Nothing
 * where the event has no code. */
void markers_send(Markers *markers, MarkerEvent event, const char *detail, gint64 event_ns);
/* Those of this event that are still to come will come so much later (earlier where negative). */
void markers_move(Markers *markers, MarkerEvent event, gint64 later_ns);
/* Drops those of this event that are still to come. */
void markers_drop(Markers *markers, MarkerEvent event);
/* The next result, in the order of sending; false: none. Free with marker_sent_clear. */
bool markers_take(Markers *markers, MarkerSent *sent);
void marker_sent_clear(MarkerSent *sent);

#endif
