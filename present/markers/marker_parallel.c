#include <errno.h>
#include <fcntl.h>
#include <linux/ppdev.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "present/markers/marker_port.h"
#include "stimuli/base/error.h"

typedef struct {
  MarkerPort base;
  ParallelCalls calls;
  int file; /* -1: not open */
  bool claimed;
  char *path;
} ParallelPort;

static int system_open(const char *path, int flags) { return open(path, flags | O_CLOEXEC); }

static int system_control(int file, unsigned long request, void *argument) { return ioctl(file, request, argument); }

static bool fail(const ParallelPort *self, const char *what, GError **error) {
  const char *hint = errno == ENOENT ? "; is the module ppdev loaded?" : "";
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "parallel port %s: %s: %s%s", self->path, what, g_strerror(errno),
              hint);
  return false;
}

static bool parallel_write(MarkerPort *port, guint8 code, const char *text G_GNUC_UNUSED, gint64 event_ns G_GNUC_UNUSED,
                           GError **error) {
  ParallelPort *self = (ParallelPort *)port;
  return self->calls.control(self->file, PPWDATA, &code) == 0 || fail(self, "cannot write", error);
}

static void parallel_free(MarkerPort *port) {
  ParallelPort *self = (ParallelPort *)port;
  guint8 nothing = 0;
  if (self->claimed) {
    self->calls.control(self->file, PPWDATA, &nothing);
    self->calls.control(self->file, PPRELEASE, NULL);
  }
  if (self->file >= 0)
    self->calls.close(self->file);
  g_free(self->path);
  g_free(self);
}

static const MarkerPortClass parallel_class = {parallel_write, true, parallel_free};

static bool open_port(ParallelPort *self, GError **error) {
  int outputs = 0;
  if ((self->file = self->calls.open(self->path, O_RDWR)) < 0)
    return fail(self, "cannot open", error);
  if (self->calls.control(self->file, PPCLAIM, NULL) != 0)
    return fail(self, "cannot claim", error);
  self->claimed = true;
  if (self->calls.control(self->file, PPDATADIR, &outputs) != 0)
    return fail(self, "cannot set its data lines as outputs", error);
  return parallel_write(&self->base, 0, "", 0, error);
}

MarkerPort *marker_port_open_parallel(const char *path, const ParallelCalls *calls, GError **error) {
  ParallelPort *self = g_new0(ParallelPort, 1);
  self->base.class = &parallel_class;
  self->calls = calls != NULL ? *calls : (ParallelCalls){system_open, system_control, close};
  self->path = g_strdup(path);
  if (open_port(self, error))
    return &self->base;
  parallel_free(&self->base);
  return NULL;
}
