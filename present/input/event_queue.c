#include "present/input/event_queue.h"

GArray *event_queue_new(void) { return g_array_new(FALSE, FALSE, sizeof(Event)); }

void event_queue_push(GArray *queue, const Event *event) {
  guint i = queue->len;
  while (i > 0 && g_array_index(queue, Event, i - 1).time_ns > event->time_ns)
    i--;
  g_array_insert_val(queue, i, *event);
}

const Event *event_queue_first(const GArray *queue) { return queue->len > 0 ? &g_array_index(queue, Event, 0) : NULL; }
