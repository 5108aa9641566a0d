#include "present/markers/markers.h"

#include <math.h>

typedef struct {
  gint64 due_ns;
  bool reset; /* the end of a pulse; else a marker */
  MarkerEvent event;
  char *detail;
} Item;

struct Markers {
  ProtocolMarkers settings; /* its port's name is not used */
  MarkerPort *port;
  Clock *clock;
  GThread *thread; /* NULL with a simulated clock */
  GMutex mutex;    /* of all below, and of the port */
  GCond wake;
  GPtrArray *items; /* Item, by due_ns */
  GQueue sent;      /* MarkerSent */
  guint8 level;     /* that a pulse holds on the line */
  bool ending;
};

static void item_free(gpointer item) {
  g_free(((Item *)item)->detail);
  g_free(item);
}

static void add_item(Markers *markers, const Item *item) {
  guint i = markers->items->len;
  while (i > 0 && ((const Item *)markers->items->pdata[i - 1])->due_ns > item->due_ns)
    i--;
  g_ptr_array_insert(markers->items, (gint)i, g_memdup2(item, sizeof *item));
}

/* Drops the items that are (reset) or are not ends of pulses; of markers only one event's. */
static void drop(Markers *markers, bool reset, MarkerEvent event) {
  for (guint i = markers->items->len; i-- > 0;) {
    const Item *item = markers->items->pdata[i];
    if (item->reset == reset && (reset || item->event == event))
      g_ptr_array_remove_index(markers->items, i);
  }
}

/* A simulated clock may have jumped over an item's time; nothing happens late there. */
static gint64 time_of(const Markers *markers, const Item *item) {
  return clock_is_simulated(markers->clock) ? item->due_ns : clock_now_ns(markers->clock);
}

static void reset(Markers *markers) {
  if (markers->port != NULL)
    markers->port->class->write(markers->port, 0, "", 0, NULL);
  markers->level = 0;
}

/* A code that the line holds already would be no change that the recording could see: the pulse before it is ended. */
static void write_marker(Markers *markers, const Item *item) {
  bool pulses = markers->port != NULL && markers->port->class->holds_level && markers->settings.pulse_ms > 0;
  if (pulses && markers->level == markers->settings.codes[item->event])
    reset(markers);
  MarkerSent *sent = g_new0(MarkerSent, 1);
  *sent = (MarkerSent){.event = item->event, .code = markers->settings.codes[item->event]};
  sent->detail = g_strdup(item->detail);
  sent->time_ns = time_of(markers, item);
  const char *name = marker_event_key(item->event);
  g_autofree char *text = *item->detail != '\0' ? g_strdup_printf("%s %s", name, item->detail) : g_strdup(name);
  g_autoptr(GError) error = NULL;
  bool good =
      markers->port == NULL || markers->port->class->write(markers->port, sent->code, text, item->due_ns, &error);
  sent->took_ns = time_of(markers, item) - sent->time_ns;
  sent->fault = good ? NULL : g_strdup(error->message);
  g_queue_push_tail(&markers->sent, sent);
  if (!pulses)
    return;
  markers->level = sent->code;
  drop(markers, true, item->event);
  gint64 end_ns = sent->time_ns + (gint64)llround(markers->settings.pulse_ms * (double)NS_PER_MS);
  add_item(markers, &(Item){.due_ns = end_ns, .reset = true});
}

/* Writes what is due. */
static void flush(Markers *markers) {
  while (markers->items->len > 0 && ((const Item *)markers->items->pdata[0])->due_ns <= clock_now_ns(markers->clock)) {
    Item *item = g_ptr_array_steal_index(markers->items, 0);
    if (item->reset)
      reset(markers);
    else
      write_marker(markers, item);
    item_free(item);
  }
}

static gpointer run(gpointer context) {
  Markers *markers = context;
  g_mutex_lock(&markers->mutex);
  while (!markers->ending) {
    flush(markers);
    if (markers->items->len == 0) {
      g_cond_wait(&markers->wake, &markers->mutex);
      continue;
    }
    gint64 due_ns = ((const Item *)markers->items->pdata[0])->due_ns;
    g_cond_wait_until(&markers->wake, &markers->mutex, due_ns / 1000); /* GLib's clock is CLOCK_MONOTONIC in us */
  }
  g_mutex_unlock(&markers->mutex);
  return NULL;
}

Markers *markers_new(const ProtocolMarkers *settings, MarkerPort *port, Clock *clock) {
  Markers *markers = g_new0(Markers, 1);
  markers->settings = *settings;
  markers->port = port;
  markers->clock = clock;
  markers->items = g_ptr_array_new_with_free_func(item_free);
  g_queue_init(&markers->sent);
  g_mutex_init(&markers->mutex);
  g_cond_init(&markers->wake);
  if (!clock_is_simulated(clock))
    markers->thread = g_thread_new("markers", run, markers);
  return markers;
}

void markers_free(Markers *markers) {
  if (markers == NULL)
    return;
  if (markers->thread != NULL) {
    g_mutex_lock(&markers->mutex);
    markers->ending = true;
    g_cond_signal(&markers->wake);
    g_mutex_unlock(&markers->mutex);
    g_thread_join(markers->thread);
  }
  for (guint i = 0; i < markers->items->len; i++)
    if (((const Item *)markers->items->pdata[i])->reset)
      reset(markers);
  marker_port_free(markers->port);
  g_ptr_array_unref(markers->items);
  for (MarkerSent *sent; (sent = g_queue_pop_head(&markers->sent)) != NULL; g_free(sent))
    marker_sent_clear(sent);
  g_mutex_clear(&markers->mutex);
  g_cond_clear(&markers->wake);
  g_free(markers);
}

bool markers_are_simulated(const Markers *markers) { return markers->port == NULL; }

void markers_send(Markers *markers, MarkerEvent event, const char *detail, gint64 event_ns) {
  if (markers->settings.codes[event] == 0)
    return;
  g_mutex_lock(&markers->mutex);
  add_item(markers, &(Item){.due_ns = event_ns, .event = event, .detail = g_strdup(detail)});
  flush(markers);
  g_cond_signal(&markers->wake);
  g_mutex_unlock(&markers->mutex);
}

void markers_move(Markers *markers, MarkerEvent event, gint64 later_ns) {
  g_mutex_lock(&markers->mutex);
  flush(markers);
  GPtrArray *items = markers->items;
  markers->items = g_ptr_array_new_with_free_func(item_free);
  for (guint i = 0; i < items->len; i++) {
    Item item = *(const Item *)items->pdata[i];
    item.detail = g_strdup(item.detail);
    item.due_ns += !item.reset && item.event == event ? later_ns : 0;
    add_item(markers, &item);
  }
  g_ptr_array_unref(items);
  flush(markers);
  g_cond_signal(&markers->wake);
  g_mutex_unlock(&markers->mutex);
}

void markers_drop(Markers *markers, MarkerEvent event) {
  g_mutex_lock(&markers->mutex);
  flush(markers);
  drop(markers, false, event);
  g_mutex_unlock(&markers->mutex);
}

bool markers_take(Markers *markers, MarkerSent *sent) {
  g_mutex_lock(&markers->mutex);
  flush(markers);
  MarkerSent *first = g_queue_pop_head(&markers->sent);
  g_mutex_unlock(&markers->mutex);
  if (first == NULL)
    return false;
  *sent = *first;
  g_free(first);
  return true;
}

void marker_sent_clear(MarkerSent *sent) {
  g_clear_pointer(&sent->detail, g_free);
  g_clear_pointer(&sent->fault, g_free);
}
