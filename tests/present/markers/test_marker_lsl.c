/* Markers as LSL samples, on injected functions and through a shared library. */
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/present/markers/marker_fixture.h"
#include "tests/support.h"

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
  ProtocolMarkers settings = marker_settings(MARKERS_LSL, 5);
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
  ProtocolMarkers settings = marker_settings(MARKERS_LSL, 5);
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
  g_test_add_func("/markers/lsl samples carry the event's own time", test_lsl_samples);
  g_test_add_func("/markers/lsl is used through a shared library", test_lsl_through_a_shared_library);
  g_test_add_func("/markers/lsl outlet that cannot be made", test_lsl_without_an_outlet);
  g_test_add_func("/markers/lsl library that is absent or another", test_no_lsl);
  return g_test_run();
}
