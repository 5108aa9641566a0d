/* Events that are to come, in the order of their times. */
#ifndef DREAMRIG_PRESENT_EVENT_QUEUE_H
#define DREAMRIG_PRESENT_EVENT_QUEUE_H

#include "present/input/event.h"

/* A GArray of Event; empty at first. Free with g_array_free. */
GArray *event_queue_new(void);
/* Events of one time keep the order in which they came. */
void event_queue_push(GArray *queue, const Event *event);
/* The first; NULL: none. Borrowed until the queue changes. */
const Event *event_queue_first(const GArray *queue);

#endif
