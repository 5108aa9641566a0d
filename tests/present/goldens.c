#include "tests/present/goldens.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <pixman.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "stimuli/image.h"
#include "tests/support.h"

bool goldens_writing(void) { return g_strcmp0(g_getenv("DREAMRIG_GOLDENS"), "write") == 0; }

char *golden_path(const char *folder, const char *name) {
  return g_test_build_filename(G_TEST_DIST, "golden", folder, name, NULL);
}

/* --- The libraries and fonts --- */

/* The font file that pango takes for this text, by its content. */
static void add_font(GString *versions, const char *script, const char *text) {
  PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
  PangoLayout *layout = pango_layout_new(context);
  PangoFontDescription *wanted = pango_font_description_from_string("DejaVu Sans");
  pango_layout_set_font_description(layout, wanted);
  pango_layout_set_text(layout, text, -1);
  const PangoLayoutRun *run = pango_layout_get_line_readonly(layout, 0)->runs->data;
  hb_blob_t *blob = hb_face_reference_blob(hb_font_get_face(pango_font_get_hb_font(run->item->analysis.font)));
  unsigned int size = 0;
  const char *data = hb_blob_get_data(blob, &size);
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, size);
  g_string_append_printf(versions, "%s font %s\n", script, sum);
  hb_blob_destroy(blob);
  pango_font_description_free(wanted);
  g_object_unref(layout);
  g_object_unref(context);
}

char *goldens_versions_here(void) {
  FT_Library library;
  FT_Int major = 0, minor = 0, patch = 0;
  g_assert_cmpint(FT_Init_FreeType(&library), ==, 0);
  FT_Library_Version(library, &major, &minor, &patch);
  FT_Done_FreeType(library);
  GString *versions = g_string_new(NULL);
  g_string_append_printf(versions, "cairo %s\npango %s\nfreetype %d.%d.%d\nharfbuzz %s\npixman %s\n",
                         cairo_version_string(), pango_version_string(), major, minor, patch, hb_version_string(),
                         pixman_version_string());
  add_font(versions, "Latin", "A");
  add_font(versions, "Arabic", "م");
  add_font(versions, "Chinese", "中");
  return g_string_free(versions, FALSE);
}

double goldens_allowed_rms(bool write) {
  g_autofree char *path = golden_path("present", "versions.txt"), *here = goldens_versions_here(), *there = NULL;
  GError *error = NULL;
  if (write) {
    files_write(path, here, strlen(here), FILES_PUBLIC, &error);
    g_assert_no_error(error);
  }
  g_file_get_contents(path, &there, NULL, &error);
  g_assert_no_error(error);
  if (strcmp(here, there) == 0)
    return 0;
  g_test_message("The goldens were made with other libraries or fonts: an RMS of %g levels is allowed, not none.\n"
                 "made with:\n%shere:\n%s",
                 GOLDENS_OTHER_LIBRARIES_RMS, there, here);
  return GOLDENS_OTHER_LIBRARIES_RMS;
}

/* --- Comparing --- */

static bool write_difference(const Image *drawn, const Image *golden, const char *path, GError **error) {
  g_autoptr(Image) difference = image_new(drawn->width, drawn->height, error);
  if (difference == NULL)
    return false;
  for (gsize i = 0; i < (gsize)drawn->width * (gsize)drawn->height * 3; i++)
    difference->pixels[i] = 8 * fabsf(drawn->pixels[i] - golden->pixels[i]);
  return image_write_png(difference, path, error);
}

char *golden_fault(const char *drawn_path, const char *golden_file, const char *folder, const char *name,
                   double allowed) {
  g_autoptr(Image) drawn = NULL;
  g_autoptr(Image) golden = NULL;
  GError *error = NULL;
  image_read(drawn_path, &drawn, &error);
  g_assert_no_error(error);
  g_autofree char *kept = g_build_filename(folder, name, NULL);
  g_autofree char *difference = g_strconcat(kept, "-difference.png", NULL);
  bool same = false;
  g_autofree char *why = NULL;
  if (!g_file_test(golden_file, G_FILE_TEST_EXISTS)) {
    why = g_strdup("there is no such golden");
  } else {
    image_read(golden_file, &golden, &error);
    g_assert_no_error(error);
    if (golden->width != drawn->width || golden->height != drawn->height) {
      why = g_strdup_printf("%d x %d px, drawn at %d x %d", golden->width, golden->height, drawn->width, drawn->height);
    } else {
      double squares = 0;
      gsize n = (gsize)drawn->width * (gsize)drawn->height * 3, n_off = 0;
      for (gsize i = 0; i < n; i++) {
        double off = drawn->pixels[i] - golden->pixels[i];
        squares += off * off;
        n_off += off != 0;
      }
      double rms = sqrt(squares / (double)n);
      same = rms <= allowed;
      why = g_strdup_printf("%" G_GSIZE_FORMAT " values differ, RMS %.4f of 255 levels (allowed: %g); see %s", n_off,
                            rms, allowed, difference);
      if (!same)
        write_difference(drawn, golden, difference, &error);
      g_assert_no_error(error);
    }
  }
  if (same)
    return NULL;
  image_write_png(drawn, kept, &error);
  g_assert_no_error(error);
  return g_strdup_printf("%s: %s; drawn now: %s", golden_file, why, kept);
}

char *goldens_kept_folder(void) {
  GError *error = NULL;
  char *folder = support_program("goldens");
  files_make_folder(folder, 0755, &error);
  g_assert_no_error(error);
  return folder;
}
