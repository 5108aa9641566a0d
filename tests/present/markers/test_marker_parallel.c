/* Markers on a parallel port, on injected calls. */
#include <errno.h>
#include <linux/ppdev.h>
#include <string.h>
#include <sys/ioctl.h>

#include "stimuli/base/error.h"
#include "tests/present/markers/marker_fixture.h"

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
  ProtocolMarkers settings = marker_settings(MARKERS_PARALLEL, 1e6);
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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/markers/parallel port is claimed, written, released", test_parallel_calls);
  g_test_add_func("/markers/parallel pulses end with 0", test_parallel_pulses);
  g_test_add_func("/markers/parallel faults name the port and what failed", test_parallel_faults);
  return g_test_run();
}
