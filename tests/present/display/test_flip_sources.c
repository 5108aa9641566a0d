/* What each rung's source makes of the answers of its system, and when it is not there. */
#include <string.h>

#include "present/display/flip_sources.h"

/* --- GLX --- */

static const char *extensions = "";
static gint64 fake_ust = 0, fake_msc = 0;
static int a_display = 0;

static void *current_display(void) { return &a_display; }
static unsigned long current_drawable(void) { return 77; }
static int query_context(void *display G_GNUC_UNUSED, void *context G_GNUC_UNUSED, int attribute, int *value) {
  g_assert_cmpint(attribute, ==, 0x800C);
  *value = 3;
  return 0;
}
static const char *query_extensions(void *display, int screen) {
  g_assert_true(display == &a_display);
  g_assert_cmpint(screen, ==, 3);
  return extensions;
}
static int wait_for_sbc(void *display, unsigned long drawable, gint64 target, gint64 *ust, gint64 *msc, gint64 *sbc) {
  g_assert_true(display == &a_display);
  g_assert_cmpuint(drawable, ==, 77);
  g_assert_cmpint(target, ==, 0);
  *ust = fake_ust;
  *msc = fake_msc;
  *sbc = 5;
  return fake_ust >= 0;
}

typedef void (*AnyFunction)(void);
static void *lookup(const char *name) {
  static const struct {
    const char *name;
    AnyFunction function;
  } functions[] = {{"glXGetCurrentDisplay", (AnyFunction)current_display},
                   {"glXGetCurrentContext", (AnyFunction)current_display},
                   {"glXGetCurrentDrawable", (AnyFunction)current_drawable},
                   {"glXQueryContext", (AnyFunction)query_context},
                   {"glXQueryExtensionsString", (AnyFunction)query_extensions},
                   {"glXWaitForSbcOML", (AnyFunction)wait_for_sbc}};
  void *found = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
    if (strcmp(functions[i].name, name) == 0)
      memcpy(&found, &functions[i].function, sizeof found);
  return found;
}

static void *lookup_nothing(const char *name G_GNUC_UNUSED) { return NULL; }

/* Its functions are found here in every case, as under Xvfb. */
static void test_oml_needs_its_name_in_the_list(void) {
  static const char *const without[] = {"", "GLX_EXT_swap_control", "GLX_OML_sync_control_2 GLX_OML_swap_method"};
  for (gsize i = 0; i < G_N_ELEMENTS(without); i++) {
    const char *why = NULL;
    extensions = without[i];
    g_assert_null(flip_oml_new(lookup, &why));
    g_assert_nonnull(strstr(why, "does not list"));
  }
  const char *why = NULL;
  g_assert_null(flip_oml_new(lookup_nothing, &why));
  g_assert_cmpstr(why, ==, "no GLX context");
}

static void test_oml_stamps(void) {
  extensions = "GLX_EXT_swap_control GLX_OML_sync_control GLX_SGI_video_sync";
  FlipSource *source = flip_oml_new(lookup, NULL);
  g_assert_nonnull(source);
  g_assert_cmpint(source->rung, ==, FLIP_OML);
  g_autoptr(Clock) clock = clock_new_simulated(0);
  FlipStamp stamp = {0};
  fake_ust = 123456789;
  fake_msc = 4242;
  source->after(source, clock, 0, &stamp);
  g_assert_true(stamp.answered);
  g_assert_cmpint(stamp.time_ns, ==, 123456789000);
  g_assert_cmpint(stamp.count, ==, 4242);
  fake_ust = 0;
  source->after(source, clock, 0, &stamp);
  g_assert_cmpint(stamp.time_ns, ==, 0);
  fake_ust = -1;
  source->after(source, clock, 0, &stamp);
  g_assert_false(stamp.answered);
  flip_source_free(source);
  g_assert_cmpint(flip_oml_stamp(true, G_MAXINT64 / 10, 1).time_ns, ==, 0); /* would overflow in ns */
}

/* --- The kernel's counter --- */

static void test_kms_stamps(void) {
  FlipCount before = {true, 100, 1000000000}, queued = before, next = {true, 101, 1016683000};
  FlipStamp stamp = flip_kms_stamp(&before, &queued, &next);
  g_assert_true(stamp.answered && !stamp.unsure);
  g_assert_cmpint(stamp.time_ns, ==, 1016683000);
  g_assert_cmpint(stamp.count, ==, 101);
  queued.count = 101; /* a refresh passed during the swap */
  next.count = 102;
  g_assert_true(flip_kms_stamp(&before, &queued, &next).unsure);
  queued.count = 100; /* two passed before the next look */
  g_assert_true(flip_kms_stamp(&before, &queued, &next).unsure);
  next = queued; /* none came */
  g_assert_false(flip_kms_stamp(&before, &queued, &next).answered);
  next = (FlipCount){false, 101, 0};
  g_assert_false(flip_kms_stamp(&before, &queued, &next).answered);
}

static void test_kms_needs_a_drm_device(void) {
  const char *why = NULL;
  g_assert_null(flip_kms_new(-1, &why));
  g_assert_nonnull(why);
}

/* --- Wayland --- */

static void test_wayland_stamps(void) {
  FlipStamp stamp = flip_wayland_stamp(1, 705032704, 16683350, 2, 7, 0x7); /* 5000000000 s */
  g_assert_true(stamp.answered && !stamp.soft);
  g_assert_cmpint(stamp.time_ns, ==, 5000000000016683350);
  g_assert_cmpint(stamp.count, ==, 8589934599);
  g_assert_false(flip_wayland_stamp(0, 5, 6, 0, 7, 0xf).soft); /* zero copy, too */
  static const guint32 soft[] = {0, 1, 2, 3, 4, 5, 6, 8};
  for (gsize i = 0; i < G_N_ELEMENTS(soft); i++)
    g_assert_true(flip_wayland_stamp(0, 5, 6, 0, 7, soft[i]).soft);
  g_assert_cmpint(flip_wayland_stamp(G_MAXUINT32, 0, 0, 0, 7, 7).time_ns, ==, 0); /* no such time */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/flip_sources/oml is there only where it is listed", test_oml_needs_its_name_in_the_list);
  g_test_add_func("/flip_sources/oml passes on time and count", test_oml_stamps);
  g_test_add_func("/flip_sources/kms takes the refresh after the queued flip", test_kms_stamps);
  g_test_add_func("/flip_sources/kms is not there without a device", test_kms_needs_a_drm_device);
  g_test_add_func("/flip_sources/wayland believes hardware only", test_wayland_stamps);
  return g_test_run();
}
