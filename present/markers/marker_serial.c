#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <libserialport.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "present/markers/marker_port.h"
#include "stimuli/base/error.h"

#define PATIENCE_MS 50 /* for a byte that the driver does not take */

typedef struct {
  MarkerPort base;
  struct sp_port *port;
  int terminal; /* a pseudo terminal's, instead of the port; -1: none */
  char *path;
} SerialPort;

static bool fail(const char *path, enum sp_return result, GError **error) {
  char *words = result == SP_ERR_FAIL ? sp_last_error_message() : NULL;
  const char *what = words != NULL           ? words
                     : result == SP_ERR_ARG  ? "there is no such serial port"
                     : result == SP_ERR_SUPP ? "it does not support these settings"
                     : result == SP_ERR_MEM  ? "no memory"
                                             : "it does not take the marker";
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "serial port %s: %s", path, what);
  if (words != NULL)
    sp_free_error_message(words);
  return false;
}

static bool fail_terminal(const char *path, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "serial port %s: %s", path, what);
  return false;
}

static bool write_terminal(const SerialPort *self, guint8 code, GError **error) {
  GPollFD room = {.fd = self->terminal, .events = G_IO_OUT};
  g_poll(&room, 1, PATIENCE_MS);
  gssize written = write(self->terminal, &code, 1);
  return written == 1 ||
         fail_terminal(self->path, written < 0 ? g_strerror(errno) : "it does not take the marker", error);
}

static bool serial_write(MarkerPort *port, guint8 code, const char *text G_GNUC_UNUSED, gint64 event_ns G_GNUC_UNUSED,
                         GError **error) {
  SerialPort *self = (SerialPort *)port;
  if (self->terminal >= 0)
    return write_terminal(self, code, error);
  enum sp_return written = sp_blocking_write(self->port, &code, 1, PATIENCE_MS);
  return written == 1 || fail(self->path, written, error);
}

static void serial_free(MarkerPort *port) {
  SerialPort *self = (SerialPort *)port;
  if (self->port != NULL) {
    sp_close(self->port);
    sp_free_port(self->port);
  }
  if (self->terminal >= 0)
    close(self->terminal);
  g_free(self->path);
  g_free(self);
}

static const MarkerPortClass serial_class = {serial_write, true, serial_free};

/* libserialport knows ports by their kernel names, not by links such as /dev/serial/by-id/... */
static enum sp_return find_port(SerialPort *self) {
  enum sp_return result = sp_get_port_by_name(self->path, &self->port);
  char *target = result != SP_OK ? realpath(self->path, NULL) : NULL;
  if (target != NULL)
    result = sp_get_port_by_name(target, &self->port);
  free(target);
  return result;
}

static enum sp_return open_port(SerialPort *self, int baud) {
  enum sp_return result = find_port(self);
  if (result != SP_OK)
    return result;
  if ((result = sp_open(self->port, SP_MODE_WRITE)) != SP_OK || (result = sp_set_baudrate(self->port, baud)) != SP_OK ||
      (result = sp_set_bits(self->port, 8)) != SP_OK || (result = sp_set_parity(self->port, SP_PARITY_NONE)) != SP_OK ||
      (result = sp_set_stopbits(self->port, 1)) != SP_OK)
    return result;
  return sp_set_flowcontrol(self->port, SP_FLOWCONTROL_NONE);
}

/* A pseudo terminal, behind which a simulator or a bridge (socat) sits. libserialport takes devices of /sys/class/tty
 * alone; a speed and modem lines these have none of. */
static bool is_pseudo_terminal(const char *path) {
  char *target = realpath(path, NULL);
  bool pseudo = target != NULL && g_str_has_prefix(target, "/dev/pts/");
  free(target);
  return pseudo;
}

static bool open_terminal(SerialPort *self, GError **error) {
  struct termios settings;
  self->terminal = g_open(self->path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->terminal < 0 || tcgetattr(self->terminal, &settings) != 0)
    return fail_terminal(self->path, g_strerror(errno), error);
  cfmakeraw(&settings);
  return tcsetattr(self->terminal, TCSANOW, &settings) == 0 || fail_terminal(self->path, g_strerror(errno), error);
}

MarkerPort *marker_port_open_serial(const char *path, int baud, GError **error) {
  SerialPort *self = g_new0(SerialPort, 1);
  self->base.class = &serial_class;
  self->path = g_strdup(path);
  self->terminal = -1;
  if (is_pseudo_terminal(path)) {
    if (open_terminal(self, error))
      return &self->base;
    serial_free(&self->base);
    return NULL;
  }
  enum sp_return result = open_port(self, baud);
  if (result == SP_OK)
    return &self->base;
  fail(path, result, error);
  serial_free(&self->base);
  return NULL;
}
