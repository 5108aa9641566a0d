#include <errno.h>
#include <linux/ppdev.h>
#include <pty.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "present/markers/markers.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

static ProtocolMarkers settings_new(MarkerKind kind, double pulse_ms) {
  ProtocolMarkers settings = {.kind = kind, .baud = 115200, .pulse_ms = pulse_ms};
  for (gsize i = 0; i < N_MARKER_EVENTS; i++)
    settings.codes[i] = (guint8)(101 + i);
  settings.codes[MARKER_RATING] = 0;
  return settings;
}

/* --- The queue, on a simulated clock --- */

static void assert_next(Markers *markers, MarkerEvent event, const char *detail, gint64 time_ns) {
  MarkerSent sent;
  g_assert_true(markers_take(markers, &sent));
  g_assert_cmpint(sent.event, ==, event);
  g_assert_cmpuint(sent.code, ==, 101 + event);
  g_assert_cmpstr(sent.detail, ==, detail);
  g_assert_cmpint(sent.time_ns, ==, time_ns);
  g_assert_null(sent.fault);
  marker_sent_clear(&sent);
}

static void test_markers_go_out_in_the_order_of_their_times(void) {
  g_autoptr(Clock) clock = clock_new_simulated(5000);
  ProtocolMarkers settings = settings_new(MARKERS_OFF, 5);
  g_autoptr(Markers) markers = markers_new(&settings, NULL, clock);
  MarkerSent sent;
  markers_send(markers, MARKER_SOUND, "probe", 9000);
  markers_send(markers, MARKER_IMAGE, "im1", 4000);
  markers_send(markers, MARKER_RATING, "", 4500); /* it has no code */
  markers_send(markers, MARKER_SOUND, "tone", 7000);
  assert_next(markers, MARKER_IMAGE, "im1", 4000);
  g_assert_false(markers_take(markers, &sent));
  clock_wait_until(clock, 20000);
  markers_send(markers, MARKER_RESPONSE, "", 8000);
  assert_next(markers, MARKER_SOUND, "tone", 7000);
  assert_next(markers, MARKER_RESPONSE, "", 8000);
  assert_next(markers, MARKER_SOUND, "probe", 9000);
  g_assert_false(markers_take(markers, &sent));
}

static void test_what_is_dropped_never_goes_out(void) {
  g_autoptr(Clock) clock = clock_new_simulated(0);
  ProtocolMarkers settings = settings_new(MARKERS_OFF, 5);
  g_autoptr(Markers) markers = markers_new(&settings, NULL, clock);
  MarkerSent sent;
  markers_send(markers, MARKER_SOUND, "first", 1000);
  markers_send(markers, MARKER_SOUND, "second", 3000);
  markers_send(markers, MARKER_IMAGE, "", 4000);
  clock_wait_until(clock, 2000);
  markers_drop(markers, MARKER_SOUND);
  clock_wait_until(clock, 9000);
  assert_next(markers, MARKER_SOUND, "first", 1000);
  assert_next(markers, MARKER_IMAGE, "", 4000);
  g_assert_false(markers_take(markers, &sent));
}

typedef struct {
  MarkerPort base;
  GString *codes;
} NotedPort;

static bool note_code(MarkerPort *port, guint8 code, const char *text G_GNUC_UNUSED, gint64 event_ns G_GNUC_UNUSED,
                      GError **error G_GNUC_UNUSED) {
  g_string_append_printf(((NotedPort *)port)->codes, "%u ", code);
  return true;
}

static void keep_port(MarkerPort *port G_GNUC_UNUSED) {}

/* Two of one code within a pulse of 5 ms, then another code, then the same again after its pulse. */
static void test_equal_codes_within_a_pulse_are_parted(void) {
  static const MarkerPortClass class = {note_code, true, keep_port};
  NotedPort port = {{&class}, g_string_new(NULL)};
  g_autoptr(Clock) clock = clock_new_simulated(0);
  ProtocolMarkers settings = settings_new(MARKERS_PARALLEL, 5);
  Markers *markers = markers_new(&settings, &port.base, clock);
  MarkerSent sent;
  static const MarkerEvent events[] = {MARKER_SOUND, MARKER_SOUND, MARKER_IMAGE, MARKER_IMAGE};
  static const gint64 at_ms[] = {10, 12, 14, 40};
  for (gsize i = 0; i < G_N_ELEMENTS(events); i++)
    markers_send(markers, events[i], "", at_ms[i] * NS_PER_MS);
  clock_wait_until(clock, 100 * NS_PER_MS);
  for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
    g_assert_true(markers_take(markers, &sent));
    marker_sent_clear(&sent);
  }
  markers_free(markers);
  g_autofree char *wanted = g_strdup_printf("%d 0 %d %d 0 %d 0 ", 101 + MARKER_SOUND, 101 + MARKER_SOUND,
                                            101 + MARKER_IMAGE, 101 + MARKER_IMAGE);
  g_assert_cmpstr(port.codes->str, ==, wanted);
  g_string_free(port.codes, TRUE);
}

/* --- Serial, on a pseudo terminal --- */

typedef struct {
  int master, slave;
  char path[64];
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
static Line line_new(void) {
  Line line;
  g_assert_cmpint(openpty(&line.master, &line.slave, NULL, NULL, NULL), ==, 0);
  struct termios raw;
  g_assert_cmpint(tcgetattr(line.slave, &raw), ==, 0);
  cfmakeraw(&raw);
  g_assert_cmpint(tcsetattr(line.slave, TCSANOW, &raw), ==, 0);
  g_snprintf(line.path, sizeof line.path, "/dev/../../../proc/self/fd/%d", line.slave);
  return line;
}

static void line_close(const Line *line) {
  close(line->slave);
  close(line->master);
}

static MarkerPort *open_serial(const Line *line) {
  GError *error = NULL;
  MarkerPort *port = marker_port_open_serial(line->path, 115200, &error);
  g_assert_no_error(error);
  return port;
}

static void assert_bytes(const Line *line, const guint8 *want, gsize n) {
  for (gsize i = 0; i < n; i++) {
    guint8 got = 0;
    g_assert_cmpint(read(line->master, &got, 1), ==, 1);
    g_assert_cmpuint(got, ==, want[i]);
  }
}

static void test_serial_bytes(void) {
  Line line = line_new();
  g_autoptr(Clock) clock = clock_new_real();
  ProtocolMarkers settings = settings_new(MARKERS_SERIAL, 0);
  Markers *markers = markers_new(&settings, open_serial(&line), clock);
  gint64 now = clock_now_ns(clock);
  markers_send(markers, MARKER_SOUND, "probe", now + 30 * NS_PER_MS);
  markers_send(markers, MARKER_IMAGE, "im1", now);
  assert_bytes(&line, (const guint8[]){101 + MARKER_IMAGE, 101 + MARKER_SOUND}, 2);
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
  line_close(&line);
}

/* Each pulse ends with a 0, the last one at the latest when the port is closed; a marker within a pulse begins a new
 * one. */
static void test_pulses_end(void) {
  Line line = line_new();
  g_autoptr(Clock) clock = clock_new_real();
  ProtocolMarkers settings = settings_new(MARKERS_SERIAL, 20);
  Markers *markers = markers_new(&settings, open_serial(&line), clock);
  markers_send(markers, MARKER_FIXATION, "", 0);
  assert_bytes(&line, (const guint8[]){101 + MARKER_FIXATION, 0}, 2);
  gint64 over_ns = clock_now_ns(clock);
  MarkerSent sent = {0};
  g_assert_true(markers_take(markers, &sent));
  g_assert_cmpint(over_ns - sent.time_ns, >=, 20 * NS_PER_MS); /* never shorter than it was asked to be */
  marker_sent_clear(&sent);
  settings.pulse_ms = 1e6;
  markers_free(markers);
  markers = markers_new(&settings, open_serial(&line), clock);
  markers_send(markers, MARKER_FIXATION, "", 0);
  markers_send(markers, MARKER_IMAGE, "", 0);
  markers_free(markers);
  assert_bytes(&line, (const guint8[]){101 + MARKER_FIXATION, 101 + MARKER_IMAGE, 0}, 3);
  line_close(&line);
}

static void test_a_line_that_was_cut(void) {
  Line line = line_new();
  g_autoptr(Clock) clock = clock_new_real();
  ProtocolMarkers settings = settings_new(MARKERS_SERIAL, 0);
  Markers *markers = markers_new(&settings, open_serial(&line), clock);
  line_close(&line);
  markers_send(markers, MARKER_IMAGE, "im1", 0);
  MarkerSent sent = {0};
  g_assert_true(markers_take(markers, &sent));
  g_assert_nonnull(sent.fault);
  g_autofree char *want = g_strdup_printf("serial port %s: Input/output error", line.path);
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
    Line line = {.master = master};
    GError *error = NULL;
    g_strlcpy(line.path, names[i], sizeof line.path);
    g_autoptr(Clock) clock = clock_new_real();
    ProtocolMarkers settings = settings_new(MARKERS_SERIAL, 0);
    settings.codes[MARKER_IMAGE] = 10;
    MarkerPort *port = marker_port_open_serial(names[i], 115200, &error);
    g_assert_no_error(error);
    Markers *markers = markers_new(&settings, port, clock);
    markers_send(markers, MARKER_IMAGE, "im1", 0);
    markers_send(markers, MARKER_RESPONSE, "", 0);
    assert_bytes(&line, (const guint8[]){10, 101 + MARKER_RESPONSE}, 2);
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

/* --- Parallel, on injected calls --- */

static GString *calls; /* what the port did; the calls have no context */
static unsigned long failing;

static int fake_open(const char *path, int flags) {
  g_string_append_printf(calls, "open %s %d;", path, flags);
  if (strcmp(path, "/dev/parport0") == 0)
    return 17;
  errno = ENOENT;
  return -1;
}

static int fake_control(int file, unsigned long request, void *argument) {
  g_assert_cmpint(file, ==, 17);
  if (request == failing) {
    errno = EBUSY;
    return -1;
  }
  if (request == PPWDATA)
    g_string_append_printf(calls, "data %d;", *(guint8 *)argument);
  else if (request == PPDATADIR)
    g_string_append_printf(calls, "direction %d;", *(int *)argument);
  else
    g_string_append(calls, request == PPCLAIM ? "claim;" : request == PPRELEASE ? "release;" : "?;");
  return 0;
}

static int fake_close(int file) {
  g_string_append_printf(calls, "close %d;", file);
  return 0;
}

static const ParallelCalls fake = {fake_open, fake_control, fake_close};

static void test_parallel_calls(void) {
  GError *error = NULL;
  calls = g_string_new(NULL);
  failing = 0;
  MarkerPort *port = marker_port_open_parallel("/dev/parport0", &fake, &error);
  g_assert_no_error(error);
  g_assert_true(port->class->write(port, 200, "image", 0, NULL));
  failing = PPWDATA;
  g_assert_false(port->class->write(port, 201, "image", 0, &error));
  g_assert_cmpstr(error->message, ==, "parallel port /dev/parport0: cannot write: Device or resource busy");
  g_error_free(error);
  failing = 0;
  marker_port_free(port);
  /* 2 is O_RDWR; the lines are outputs, at 0 from the start and at the end. */
  g_assert_cmpstr(calls->str, ==, "open /dev/parport0 2;claim;direction 0;data 0;data 200;data 0;release;close 17;");
  g_string_free(calls, TRUE);
}

static void test_parallel_pulses(void) {
  GError *error = NULL;
  calls = g_string_new(NULL);
  failing = 0;
  g_autoptr(Clock) clock = clock_new_real();
  ProtocolMarkers settings = settings_new(MARKERS_PARALLEL, 1e6);
  Markers *markers = markers_new(&settings, marker_port_open_parallel("/dev/parport0", &fake, &error), clock);
  g_assert_no_error(error);
  markers_send(markers, MARKER_FIXATION, "", 0);
  markers_send(markers, MARKER_IMAGE, "im1", 0);
  markers_free(markers);
  g_autofree char *want = g_strdup_printf("open /dev/parport0 2;claim;direction 0;data 0;data %d;data %d;data 0;",
                                          101 + MARKER_FIXATION, 101 + MARKER_IMAGE);
  g_assert_true(g_str_has_prefix(calls->str, want));
  g_string_free(calls, TRUE);
}

static void test_parallel_faults(void) {
  g_autoptr(GError) none = NULL, busy = NULL;
  calls = g_string_new(NULL);
  failing = PPCLAIM;
  g_assert_null(marker_port_open_parallel("/dev/parport9", &fake, &none));
  g_assert_error(none, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_cmpstr(none->message, ==,
                  "parallel port /dev/parport9: cannot open: No such file or directory; is the module ppdev loaded?");
  g_assert_null(marker_port_open_parallel("/dev/parport0", &fake, &busy));
  g_assert_cmpstr(busy->message, ==, "parallel port /dev/parport0: cannot claim: Device or resource busy");
  g_assert_cmpstr(calls->str, ==, "open /dev/parport9 2;open /dev/parport0 2;close 17;");
  g_string_free(calls, TRUE);
}

/* --- LSL, on injected functions --- */

static struct {
  char *name, *type, *source, *text;
  gint32 n_channels;
  double rate_hz, timestamp;
  int format, n_open;
  bool refuse;
} lsl;

static void *fake_info(const char *name, const char *type, gint32 n_channels, double rate_hz, int format,
                       const char *source_id) {
  lsl.name = g_strdup(name);
  lsl.type = g_strdup(type);
  lsl.source = g_strdup(source_id);
  lsl.n_channels = n_channels;
  lsl.rate_hz = rate_hz;
  lsl.format = format;
  lsl.n_open++;
  return &lsl;
}

static void *fake_outlet(void *info, gint32 chunk_size G_GNUC_UNUSED, gint32 max_buffered G_GNUC_UNUSED) {
  lsl.n_open += !lsl.refuse;
  return lsl.refuse ? NULL : info;
}

static gint32 fake_push(void *outlet G_GNUC_UNUSED, const char **data, double timestamp) {
  g_free(lsl.text);
  lsl.text = g_strdup(data[0]);
  lsl.timestamp = timestamp;
  return lsl.refuse ? -1 : 0;
}

static double fake_clock(void) { return 1000.5; }

static void fake_destroy(void *thing G_GNUC_UNUSED) { lsl.n_open--; }

static const LslFunctions fake_lsl = {fake_info, fake_outlet, fake_push, fake_clock, fake_destroy, fake_destroy};

static void clear_lsl(void) {
  g_assert_cmpint(lsl.n_open, ==, 0);
  g_free(lsl.name);
  g_free(lsl.type);
  g_free(lsl.source);
  g_free(lsl.text);
  memset(&lsl, 0, sizeof lsl);
}

/* The image was flipped 62.5 ms ago: LSL's clock, at 1000.5 now, is told 1000.4375. */
static void test_lsl_samples(void) {
  GError *error = NULL;
  g_autoptr(Clock) clock = clock_new_simulated(70 * NS_PER_MS);
  ProtocolMarkers settings = settings_new(MARKERS_LSL, 5);
  Markers *markers = markers_new(&settings, marker_port_open_lsl("dreams", &fake_lsl, clock, &error), clock);
  g_assert_no_error(error);
  g_assert_cmpstr(lsl.name, ==, "dreams");
  g_assert_cmpstr(lsl.type, ==, "Markers");
  g_assert_cmpint(lsl.n_channels, ==, 1);
  g_assert_cmpfloat(lsl.rate_hz, ==, 0);
  g_assert_cmpint(lsl.format, ==, 3);
  markers_send(markers, MARKER_IMAGE, "im1", 70 * NS_PER_MS - 62500000);
  g_assert_cmpstr(lsl.text, ==, "image im1");
  g_assert_cmpfloat(lsl.timestamp, ==, 1000.4375);
  markers_send(markers, MARKER_RESPONSE, "", 0);
  g_assert_cmpstr(lsl.text, ==, "response");
  clock_wait_until(clock, 10 * NS_PER_S);
  lsl.refuse = true;
  markers_send(markers, MARKER_PAUSE, "", 0);
  MarkerSent sent[3];
  for (gsize i = 0; i < 3; i++)
    g_assert_true(markers_take(markers, &sent[i]));
  g_assert_null(sent[1].fault);
  g_assert_cmpstr(sent[2].fault, ==, "LSL does not take the marker");
  g_assert_cmpstr(lsl.text, ==, "pause"); /* no pulse: nothing else was pushed */
  for (gsize i = 0; i < 3; i++)
    marker_sent_clear(&sent[i]);
  markers_free(markers);
  clear_lsl();
}

static void test_lsl_without_an_outlet(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Clock) clock = clock_new_simulated(0);
  lsl.refuse = true;
  g_assert_null(marker_port_open_lsl("dreams", &fake_lsl, clock, &error));
  g_assert_cmpstr(error->message, ==, "LSL cannot make the outlet \"dreams\"");
  clear_lsl();
}

static void test_no_lsl(void) {
  g_autoptr(GError) absent = NULL, other = NULL;
  LslFunctions functions;
  g_assert_false(marker_lsl_load("liblsl-that-is-not-there.so", &functions, &absent));
  g_assert_error(absent, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_cmpstr(absent->message, ==,
                  "LSL markers need the library liblsl-that-is-not-there.so, which is not installed; it comes from the "
                  "Lab Streaming Layer project (liblsl)");
  g_assert_false(marker_lsl_load("libm.so.6", &functions, &other));
  g_assert_cmpstr(other->message, ==, "LSL markers: the library libm.so.6 has no function lsl_create_streaminfo");
}

/* A library with liblsl's functions, which writes what it is told into the file LSL_TOLD. */
static const char fake_liblsl[] =
    "#include <stdio.h>\n#include <stdlib.h>\n"
    "static void tell(const char *a, const char *b, double c, int d) {\n"
    "  FILE *f = fopen(LSL_TOLD, \"a\");\n"
    "  fprintf(f, \"%s %s %.4f %d\\n\", a, b, c, d);\n  fclose(f);\n}\n"
    "void *lsl_create_streaminfo(const char *name, const char *type, int channels, double rate, int format, const char "
    "*id) {\n  (void)id; tell(name, type, rate, 10 * channels + format); return malloc(1);\n}\n"
    "void *lsl_create_outlet(void *info, int chunk, int max) { tell(\"outlet\", info ? \"of info\" : \"\", 0, chunk); "
    "(void)max; return malloc(2); }\n"
    "int lsl_push_sample_strt(void *out, const char **data, double t) { (void)out; tell(\"push\", data[0], t, 0); "
    "return 0; }\n"
    "int lsl_push_sample_strtp(void *out, const char **data, double t, int p) { (void)out; tell(\"push\", data[0], t, "
    "p); "
    "return 0; }\n"
    "double lsl_local_clock(void) { return 2000.25; }\n"
    "void lsl_destroy_outlet(void *out) { tell(\"destroy\", \"outlet\", 0, 0); free(out); }\n"
    "void lsl_destroy_streaminfo(void *info) { tell(\"destroy\", \"info\", 0, 0); free(info); }\n";

/* Through dlopen and the C calling convention, as with the real one. */
static void test_lsl_through_a_shared_library(void) {
  g_autofree char *compiler = g_find_program_in_path("cc");
  if (compiler == NULL) {
    g_test_skip("no C compiler to build a stand-in for liblsl with");
    return;
  }
  GError *error = NULL;
  g_autofree char *folder = support_folder(), *source = g_build_filename(folder, "lsl.c", NULL), *text = NULL;
  g_autofree char *library = g_build_filename(folder, "liblsl.so", NULL),
                  *told = g_build_filename(folder, "told", NULL);
  g_autofree char *definition = g_strdup_printf("-DLSL_TOLD=\"%s\"", told);
  g_assert_true(g_file_set_contents(source, fake_liblsl, -1, &error));
  g_assert_cmpint(support_run(NULL, NULL, compiler, "-shared", "-fPIC", definition, "-o", library, source, NULL), ==,
                  0);
  LslFunctions functions;
  marker_lsl_load(library, &functions, &error);
  g_assert_no_error(error);
  g_autoptr(Clock) clock = clock_new_simulated(70 * NS_PER_MS);
  ProtocolMarkers settings = settings_new(MARKERS_LSL, 5);
  Markers *markers = markers_new(&settings, marker_port_open_lsl("dreams", &functions, clock, &error), clock);
  g_assert_no_error(error);
  markers_send(markers, MARKER_IMAGE, "im1", 70 * NS_PER_MS - 62500000);
  markers_free(markers);
  g_assert_true(g_file_get_contents(told, &text, NULL, &error));
  /* One channel of strings (format 3) at an irregular rate; the time is that of the flip. */
  g_assert_nonnull(strstr(text, "dreams Markers 0.0000 13\noutlet of info 0.0000 "));
  g_assert_nonnull(strstr(text, "\npush image im1 2000.1875 "));
  g_assert_nonnull(strstr(text, "\ndestroy outlet "));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/markers/go out in the order of their times", test_markers_go_out_in_the_order_of_their_times);
  g_test_add_func("/markers/never go out once dropped", test_what_is_dropped_never_goes_out);
  g_test_add_func("/markers/equal codes within a pulse are parted", test_equal_codes_within_a_pulse_are_parted);
  g_test_add_func("/markers/serial bytes arrive, at once and later", test_serial_bytes);
  g_test_add_func("/markers/serial pulses end with 0", test_pulses_end);
  g_test_add_func("/markers/serial line that was cut is a fault of the marker", test_a_line_that_was_cut);
  g_test_add_func("/markers/serial port that is a pseudo terminal", test_a_pseudo_terminal_is_a_port);
  g_test_add_func("/markers/serial port that is not there", test_no_serial_port);
  g_test_add_func("/markers/parallel port is claimed, written, released", test_parallel_calls);
  g_test_add_func("/markers/parallel pulses end with 0", test_parallel_pulses);
  g_test_add_func("/markers/parallel faults name the port and what failed", test_parallel_faults);
  g_test_add_func("/markers/lsl samples carry the event's own time", test_lsl_samples);
  g_test_add_func("/markers/lsl is used through a shared library", test_lsl_through_a_shared_library);
  g_test_add_func("/markers/lsl outlet that cannot be made", test_lsl_without_an_outlet);
  g_test_add_func("/markers/lsl library that is absent or another", test_no_lsl);
  return g_test_run();
}
