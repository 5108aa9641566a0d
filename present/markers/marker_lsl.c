#include <dlfcn.h>

#include "present/markers/marker_port.h"
#include "stimuli/base/error.h"

#define LSL_STRING 3 /* cft_string of liblsl's lsl_channel_format_t */
#define LSL_BUFFERED_S 360

typedef struct {
  MarkerPort base;
  LslFunctions lsl;
  Clock *clock;
  void *info, *outlet;
} LslPort;

static void *open_library(const char *library) {
  static const char *const names[] = {"liblsl.so", "liblsl.so.2", "liblsl64.so"};
  if (library != NULL)
    return dlopen(library, RTLD_NOW | RTLD_LOCAL);
  void *handle = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(names) && handle == NULL; i++)
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  return handle;
}

bool marker_lsl_load(const char *library, LslFunctions *functions, GError **error) {
  const char *name = library != NULL ? library : "liblsl.so";
  void *handle = open_library(library);
  if (handle == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "LSL markers need the library %s, which is not installed; it comes from the Lab Streaming Layer "
                "project (liblsl)",
                name);
    return false;
  }
  LslFunctions read = {0};
  const struct {
    const char *symbol;
    void *into; /* dlsym gives a data pointer, which POSIX lets one store as a function's */
  } symbols[] = {
      {"lsl_create_streaminfo", &read.create_streaminfo}, {"lsl_create_outlet", &read.create_outlet},
      {"lsl_push_sample_strt", &read.push_sample},        {"lsl_local_clock", &read.local_clock},
      {"lsl_destroy_outlet", &read.destroy_outlet},       {"lsl_destroy_streaminfo", &read.destroy_streaminfo}};
  for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
    void *found = dlsym(handle, symbols[i].symbol);
    if (found == NULL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "LSL markers: the library %s has no function %s", name,
                  symbols[i].symbol);
      dlclose(handle);
      return false;
    }
    *(void **)symbols[i].into = found;
  }
  *functions = read;
  return true;
}

/* LSL's clock has an origin of its own: the event's age is what both clocks share. */
static bool lsl_write(MarkerPort *port, guint8 code G_GNUC_UNUSED, const char *text, gint64 event_ns, GError **error) {
  LslPort *self = (LslPort *)port;
  double age = (double)(clock_now_ns(self->clock) - event_ns) / (double)NS_PER_S;
  if (self->lsl.push_sample(self->outlet, &text, self->lsl.local_clock() - age) == 0)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "LSL does not take the marker");
  return false;
}

static void lsl_free(MarkerPort *port) {
  LslPort *self = (LslPort *)port;
  if (self->outlet != NULL)
    self->lsl.destroy_outlet(self->outlet);
  if (self->info != NULL)
    self->lsl.destroy_streaminfo(self->info);
  g_free(self);
}

static const MarkerPortClass lsl_class = {lsl_write, false, lsl_free};

MarkerPort *marker_port_open_lsl(const char *name, const LslFunctions *functions, Clock *clock, GError **error) {
  LslPort *self = g_new0(LslPort, 1);
  *self = (LslPort){.base = {&lsl_class}, .lsl = *functions, .clock = clock};
  g_autofree char *source = g_strconcat("dreamrig ", name, NULL);
  self->info = self->lsl.create_streaminfo(name, "Markers", 1, 0, LSL_STRING, source);
  if (self->info != NULL)
    self->outlet = self->lsl.create_outlet(self->info, 0, LSL_BUFFERED_S);
  if (self->outlet != NULL)
    return &self->base;
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "LSL cannot make the outlet \"%s\"", name);
  lsl_free(&self->base);
  return NULL;
}
