/* Markers on a serial line, which is a pseudo terminal here. */
#include <pty.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "tests/present/markers/marker_fixture.h"
#include "tests/support.h"

typedef struct {
  int master, slave;
  char path[64];
  Clock *clock;
} Line;

/* A pseudo terminal has no modem lines, and libserialport takes no port without: here they are, all off. */
int ioctl(int file, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (request == TIOCMGET)
    *(int *)argument = 0;
  if (request == TIOCMGET || request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC)
    return 0;
  return (int)syscall(SYS_ioctl, file, request, argument);
}

/* libserialport takes "/dev/X" only where "/sys/class/tty/X" is a link, which pseudo terminals do not have: an X that
 * goes up to the root and to the link of an open file is the same under both. */
static void line_open(Line *line, gconstpointer unused) {
  (void)unused;
  g_assert_cmpint(openpty(&line->master, &line->slave, NULL, NULL, NULL), ==, 0);
  struct termios raw;
  g_assert_cmpint(tcgetattr(line->slave, &raw), ==, 0);
  cfmakeraw(&raw);
  g_assert_cmpint(tcsetattr(line->slave, TCSANOW, &raw), ==, 0);
  g_snprintf(line->path, sizeof line->path, "/dev/../../../proc/self/fd/%d", line->slave);
  line->clock = clock_new_real();
}

static void line_cut(Line *line) {
  close(line->slave);
  close(line->master);
  line->slave = line->master = -1;
}

static void line_close(Line *line, gconstpointer unused) {
  (void)unused;
  line_cut(line);
  clock_free(line->clock);
}

static Markers *open_markers(const char *path, double pulse_ms, Clock *clock) {
  GError *error = NULL;
  ProtocolMarkers settings = marker_settings(MARKERS_SERIAL, pulse_ms);
  MarkerPort *port = marker_port_open_serial(path, 115200, &error);
  g_assert_no_error(error);
  return markers_new(&settings, port, clock);
}

static void assert_bytes(int master, const guint8 *want, gsize n) {
  for (gsize i = 0; i < n; i++) {
    guint8 got = 0;
    g_assert_cmpint(read(master, &got, 1), ==, 1);
    g_assert_cmpuint(got, ==, want[i]);
  }
}

static void test_serial_bytes(Line *line, gconstpointer unused) {
  (void)unused;
  Markers *markers = open_markers(line->path, 0, line->clock);
  gint64 now = clock_now_ns(line->clock);
  markers_send(markers, MARKER_SOUND, "probe", now + 30 * NS_PER_MS);
  markers_send(markers, MARKER_IMAGE, "im1", now);
  assert_bytes(line->master, (const guint8[]){101 + MARKER_IMAGE, 101 + MARKER_SOUND}, 2);
  MarkerSent first = {0}, second = {0};
  g_assert_true(markers_take(markers, &first) && markers_take(markers, &second));
  g_assert_null(first.fault);
  g_assert_null(second.fault);
  g_assert_cmpint(first.time_ns, >=, now);
  g_assert_cmpint(first.took_ns, >=, 0);
  g_assert_cmpint(second.time_ns, >=, now + 30 * NS_PER_MS);
  marker_sent_clear(&first);
  marker_sent_clear(&second);
  markers_free(markers);
}

/* Each pulse ends with a 0, the last one at the latest when the port is closed; a marker within a pulse begins a new
 * one. */
static void test_pulses_end(Line *line, gconstpointer unused) {
  (void)unused;
  Markers *markers = open_markers(line->path, 20, line->clock);
  markers_send(markers, MARKER_FIXATION, "", 0);
  assert_bytes(line->master, (const guint8[]){101 + MARKER_FIXATION, 0}, 2);
  gint64 over_ns = clock_now_ns(line->clock);
  MarkerSent sent = {0};
  g_assert_true(markers_take(markers, &sent));
  g_assert_cmpint(over_ns - sent.time_ns, >=, 20 * NS_PER_MS); /* never shorter than it was asked to be */
  marker_sent_clear(&sent);
  markers_free(markers);
  markers = open_markers(line->path, 1e6, line->clock);
  markers_send(markers, MARKER_FIXATION, "", 0);
  markers_send(markers, MARKER_IMAGE, "", 0);
  markers_free(markers);
  assert_bytes(line->master, (const guint8[]){101 + MARKER_FIXATION, 101 + MARKER_IMAGE, 0}, 3);
}

static void test_a_line_that_was_cut(Line *line, gconstpointer unused) {
  (void)unused;
  Markers *markers = open_markers(line->path, 0, line->clock);
  line_cut(line);
  markers_send(markers, MARKER_IMAGE, "im1", 0);
  MarkerSent sent = {0};
  g_assert_true(markers_take(markers, &sent));
  g_assert_nonnull(sent.fault);
  g_autofree char *want = g_strdup_printf("serial port %s: Input/output error", line->path);
  g_assert_cmpstr(sent.fault, ==, want);
  marker_sent_clear(&sent);
  markers_free(markers);
}

/* As socat makes them: its own path, and a link to it. The terminal is not raw, and would turn a 10 into 13 and 10. */
static void test_a_pseudo_terminal_is_a_port(void) {
  g_autofree char *folder = support_folder(), *link = g_build_filename(folder, "trigger", NULL);
  int master = -1, slave = -1;
  char path[64];
  g_assert_cmpint(openpty(&master, &slave, path, NULL, NULL), ==, 0);
  close(slave);
  g_assert_cmpint(symlink(path, link), ==, 0);
  const char *const names[] = {path, link};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    GError *error = NULL;
    g_autoptr(Clock) clock = clock_new_real();
    ProtocolMarkers settings = marker_settings(MARKERS_SERIAL, 0);
    settings.codes[MARKER_IMAGE] = 10;
    MarkerPort *port = marker_port_open_serial(names[i], 115200, &error);
    g_assert_no_error(error);
    Markers *markers = markers_new(&settings, port, clock);
    markers_send(markers, MARKER_IMAGE, "im1", 0);
    markers_send(markers, MARKER_RESPONSE, "", 0);
    assert_bytes(master, (const guint8[]){10, 101 + MARKER_RESPONSE}, 2);
    markers_free(markers);
  }
  close(master);
  g_autoptr(GError) gone = NULL;
  g_assert_null(marker_port_open_serial(path, 115200, &gone));
  g_assert_error(gone, RIG_ERROR, RIG_ERROR_STATE);
  support_remove(folder);
}

static void test_no_serial_port(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(marker_port_open_serial("/dev/ttyNone0", 9600, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_cmpstr(error->message, ==, "serial port /dev/ttyNone0: there is no such serial port");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/markers/serial bytes arrive, at once and later", Line, NULL, line_open, test_serial_bytes, line_close);
  g_test_add("/markers/serial pulses end with 0", Line, NULL, line_open, test_pulses_end, line_close);
  g_test_add("/markers/serial line that was cut is a fault of the marker", Line, NULL, line_open,
             test_a_line_that_was_cut, line_close);
  g_test_add_func("/markers/serial port that is a pseudo terminal", test_a_pseudo_terminal_is_a_port);
  g_test_add_func("/markers/serial port that is not there", test_no_serial_port);
  return g_test_run();
}
