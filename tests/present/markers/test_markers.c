/* The queue of markers, on a simulated clock. */
#include "tests/present/markers/marker_fixture.h"

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
  ProtocolMarkers settings = marker_settings(MARKERS_OFF, 5);
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
  ProtocolMarkers settings = marker_settings(MARKERS_OFF, 5);
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
  ProtocolMarkers settings = marker_settings(MARKERS_PARALLEL, 5);
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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/markers/go out in the order of their times", test_markers_go_out_in_the_order_of_their_times);
  g_test_add_func("/markers/never go out once dropped", test_what_is_dropped_never_goes_out);
  g_test_add_func("/markers/equal codes within a pulse are parted", test_equal_codes_within_a_pulse_are_parted);
  return g_test_run();
}
