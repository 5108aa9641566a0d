#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <wayland-client-core.h>

#include "present/display/flip_sources.h"

/* The few calls that are needed, from the library that SDL has loaded already: the program itself does not need it. */
typedef struct {
  __typeof__(wl_proxy_create_wrapper) *create_wrapper;
  __typeof__(wl_proxy_wrapper_destroy) *destroy_wrapper;
  __typeof__(wl_proxy_set_queue) *set_queue;
  __typeof__(wl_proxy_marshal_constructor) *marshal_constructor;
  __typeof__(wl_proxy_marshal_constructor_versioned) *marshal_constructor_versioned;
  __typeof__(wl_proxy_add_listener) *add_listener;
  __typeof__(wl_proxy_destroy) *destroy_proxy;
  __typeof__(wl_display_create_queue) *create_queue;
  __typeof__(wl_event_queue_destroy) *destroy_queue;
  __typeof__(wl_display_roundtrip_queue) *roundtrip;
  __typeof__(wl_display_prepare_read_queue) *prepare_read;
  __typeof__(wl_display_cancel_read) *cancel_read;
  __typeof__(wl_display_read_events) *read_events;
  __typeof__(wl_display_dispatch_queue_pending) *dispatch;
  __typeof__(wl_display_get_fd) *get_fd;
  __typeof__(wl_display_flush) *flush;
} Calls;

static const char *const NAMES[] = {"wl_proxy_create_wrapper",
                                    "wl_proxy_wrapper_destroy",
                                    "wl_proxy_set_queue",
                                    "wl_proxy_marshal_constructor",
                                    "wl_proxy_marshal_constructor_versioned",
                                    "wl_proxy_add_listener",
                                    "wl_proxy_destroy",
                                    "wl_display_create_queue",
                                    "wl_event_queue_destroy",
                                    "wl_display_roundtrip_queue",
                                    "wl_display_prepare_read_queue",
                                    "wl_display_cancel_read",
                                    "wl_display_read_events",
                                    "wl_display_dispatch_queue_pending",
                                    "wl_display_get_fd",
                                    "wl_display_flush"};

enum { DISPLAY_GET_REGISTRY = 1, REGISTRY_BIND = 0, PRESENTATION_FEEDBACK = 1 };
enum { FLAG_VSYNC = 1, FLAG_HW_CLOCK = 2, FLAG_HW_COMPLETION = 4 };

typedef struct {
  FlipSource base;
  void *library;
  Calls calls;
  struct wl_display *display;
  struct wl_proxy *surface;
  struct wl_event_queue *queue;
  struct wl_proxy *registry, *presentation, *feedback; /* feedback: of the swap under way */
  /* The protocol's tables; filled in at run time, as some entries are the library's own. */
  const struct wl_interface *feedback_types[2], *output_types[1], *no_types[7];
  struct wl_message requests[2], clock_event, feedback_events[3];
  struct wl_interface presentation_interface, feedback_interface;
  guint32 clock_id;
  bool answered;
  FlipStamp stamp;
} WaylandSource;

FlipStamp flip_wayland_stamp(guint32 tv_sec_hi, guint32 tv_sec_lo, guint32 tv_nsec, guint32 seq_hi, guint32 seq_lo,
                             guint32 flags) {
  guint64 seconds = (guint64)tv_sec_hi << 32 | tv_sec_lo, count = (guint64)seq_hi << 32 | seq_lo;
  bool fits = seconds < (guint64)(G_MAXINT64 / NS_PER_S) - 1 && count <= G_MAXINT64;
  return (FlipStamp){.answered = true,
                     .soft = (~flags & (FLAG_VSYNC | FLAG_HW_CLOCK | FLAG_HW_COMPLETION)) != 0,
                     .time_ns = fits ? (gint64)seconds * NS_PER_S + tv_nsec : 0,
                     .count = fits ? (gint64)count : 0};
}

/* --- What the compositor says --- */

static void end_feedback(WaylandSource *self) {
  if (self->feedback != NULL)
    self->calls.destroy_proxy(self->feedback);
  self->feedback = NULL;
}

static void on_output(void *data G_GNUC_UNUSED, struct wl_proxy *feedback G_GNUC_UNUSED,
                      struct wl_proxy *output G_GNUC_UNUSED) {}

static void on_presented(void *data, struct wl_proxy *feedback G_GNUC_UNUSED, uint32_t tv_sec_hi, uint32_t tv_sec_lo,
                         uint32_t tv_nsec, uint32_t refresh G_GNUC_UNUSED, uint32_t seq_hi, uint32_t seq_lo,
                         uint32_t flags) {
  WaylandSource *self = data;
  self->answered = true;
  self->stamp = flip_wayland_stamp(tv_sec_hi, tv_sec_lo, tv_nsec, seq_hi, seq_lo, flags);
  end_feedback(self);
}

static void on_discarded(void *data, struct wl_proxy *feedback G_GNUC_UNUSED) {
  WaylandSource *self = data;
  self->answered = true;
  self->stamp = (FlipStamp){.dropped = true};
  end_feedback(self);
}

static void on_clock(void *data, struct wl_proxy *presentation G_GNUC_UNUSED, uint32_t clock_id) {
  ((WaylandSource *)data)->clock_id = clock_id;
}

static void on_global_gone(void *data G_GNUC_UNUSED, struct wl_proxy *registry G_GNUC_UNUSED,
                           uint32_t name G_GNUC_UNUSED) {}

/* Listeners are arrays of functions of different types to the library. */
typedef void (*Listener)(void);
static void on_global(void *data, struct wl_proxy *registry, uint32_t name, const char *interface,
                      uint32_t version G_GNUC_UNUSED);
static Listener registry_listener[] = {(Listener)on_global, (Listener)on_global_gone};
static Listener clock_listener[] = {(Listener)on_clock};
static Listener feedback_listener[] = {(Listener)on_output, (Listener)on_presented, (Listener)on_discarded};

static void on_global(void *data, struct wl_proxy *registry, uint32_t name, const char *interface,
                      uint32_t version G_GNUC_UNUSED) {
  WaylandSource *self = data;
  if (strcmp(interface, "wp_presentation") != 0 || self->presentation != NULL)
    return;
  self->presentation = self->calls.marshal_constructor_versioned(registry, REGISTRY_BIND, &self->presentation_interface,
                                                                 1, name, interface, 1, NULL);
  if (self->presentation != NULL)
    self->calls.add_listener(self->presentation, clock_listener, self);
}

/* --- Flips --- */

static void before(FlipSource *source) {
  WaylandSource *self = (WaylandSource *)source;
  end_feedback(self);
  self->answered = false;
  self->feedback = self->calls.marshal_constructor(self->presentation, PRESENTATION_FEEDBACK, &self->feedback_interface,
                                                   self->surface, NULL);
  if (self->feedback != NULL)
    self->calls.add_listener(self->feedback, feedback_listener, self);
}

/* Waits for events of the queue until a time; false: the connection is lost. */
static bool wait_events(WaylandSource *self, const Clock *clock, gint64 until_ns) {
  if (self->calls.prepare_read(self->display, self->queue) != 0)
    return self->calls.dispatch(self->display, self->queue) >= 0;
  self->calls.flush(self->display);
  gint64 left = MAX(until_ns - clock_now_ns(clock), 0);
  struct timespec patience = {.tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};
  struct pollfd connection = {.fd = self->calls.get_fd(self->display), .events = POLLIN};
  if (ppoll(&connection, 1, &patience, NULL) <= 0) {
    self->calls.cancel_read(self->display);
    return true;
  }
  return self->calls.read_events(self->display) == 0 && self->calls.dispatch(self->display, self->queue) >= 0;
}

static void after(FlipSource *source, Clock *clock, gint64 until_ns, FlipStamp *stamp) {
  WaylandSource *self = (WaylandSource *)source;
  bool connected = self->feedback != NULL || self->answered;
  while (connected && !self->answered && clock_now_ns(clock) < until_ns)
    connected = wait_events(self, clock, until_ns);
  *stamp = self->answered ? self->stamp : (FlipStamp){0};
}

/* --- Opening and closing --- */

static void wayland_free(FlipSource *source) {
  WaylandSource *self = (WaylandSource *)source;
  end_feedback(self);
  if (self->presentation != NULL)
    self->calls.destroy_proxy(self->presentation);
  if (self->registry != NULL)
    self->calls.destroy_proxy(self->registry);
  if (self->queue != NULL)
    self->calls.destroy_queue(self->queue);
  if (self->library != NULL)
    dlclose(self->library);
  g_free(self);
}

static const struct wl_interface *interface_of(const WaylandSource *self, const char *symbol) {
  return dlsym(self->library, symbol);
}

static bool load(WaylandSource *self) {
  self->library = dlopen("libwayland-client.so.0", RTLD_NOW | RTLD_LOCAL);
  if (self->library == NULL)
    return false;
  void *found[G_N_ELEMENTS(NAMES)];
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++)
    if ((found[i] = dlsym(self->library, NAMES[i])) == NULL)
      return false;
  G_STATIC_ASSERT(sizeof found == sizeof(Calls));
  memcpy(&self->calls, found, sizeof found);
  return true;
}

/* The tables that wayland-scanner would make of presentation-time.xml. */
static void describe_protocol(WaylandSource *self) {
  self->feedback_types[0] = interface_of(self, "wl_surface_interface");
  self->feedback_types[1] = &self->feedback_interface;
  self->output_types[0] = interface_of(self, "wl_output_interface");
  self->requests[0] = (struct wl_message){"destroy", "", self->no_types};
  self->requests[1] = (struct wl_message){"feedback", "on", self->feedback_types};
  self->clock_event = (struct wl_message){"clock_id", "u", self->no_types};
  self->feedback_events[0] = (struct wl_message){"sync_output", "o", self->output_types};
  self->feedback_events[1] = (struct wl_message){"presented", "uuuuuuu", self->no_types};
  self->feedback_events[2] = (struct wl_message){"discarded", "", self->no_types};
  self->presentation_interface = (struct wl_interface){"wp_presentation", 1, 2, self->requests, 1, &self->clock_event};
  self->feedback_interface = (struct wl_interface){"wp_presentation_feedback", 1, 0, NULL, 3, self->feedback_events};
}

/* A registry on a queue of our own, so that SDL's events are left to SDL. */
static bool find_presentation(WaylandSource *self) {
  self->queue = self->calls.create_queue(self->display);
  void *wrapper = self->queue != NULL ? self->calls.create_wrapper(self->display) : NULL;
  if (wrapper == NULL)
    return false;
  self->calls.set_queue(wrapper, self->queue);
  self->registry =
      self->calls.marshal_constructor(wrapper, DISPLAY_GET_REGISTRY, interface_of(self, "wl_registry_interface"), NULL);
  self->calls.destroy_wrapper(wrapper);
  if (self->registry == NULL)
    return false;
  self->calls.add_listener(self->registry, registry_listener, self);
  /* The first round trip brings the globals, the second the clock of the one that was bound. */
  return self->calls.roundtrip(self->display, self->queue) >= 0 &&
         self->calls.roundtrip(self->display, self->queue) >= 0 && self->presentation != NULL;
}

FlipSource *flip_wayland_new(void *wl_display, void *wl_surface, const char **why) {
  const char *ignored = NULL;
  why = why != NULL ? why : &ignored;
  WaylandSource *self = g_new0(WaylandSource, 1);
  self->base = (FlipSource){FLIP_WAYLAND, before, after, wayland_free};
  self->display = wl_display;
  self->surface = wl_surface;
  self->clock_id = G_MAXUINT32;
  *why = NULL;
  if (!load(self)) {
    *why = "no libwayland-client";
  } else {
    describe_protocol(self);
    if (!find_presentation(self))
      *why = "the compositor has no wp_presentation";
    else if (self->clock_id != CLOCK_MONOTONIC)
      *why = "the compositor's presentation clock is not CLOCK_MONOTONIC";
  }
  if (*why == NULL)
    return &self->base;
  wayland_free(&self->base);
  return NULL;
}
