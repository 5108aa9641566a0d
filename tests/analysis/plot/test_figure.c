#include "analysis/plot/figure.h"

#include <string.h>

#include "analysis/plot/svg.h"
#include "stimuli/base/error.h"
#include "stimuli/image.h"
#include "tests/support.h"

/* 40 x 30: white, a red square from (10, 10) to (20, 20). */
static char *square(void) {
  Svg *svg = svg_new(40, 30, "A square");
  svg_rect(svg, 10, 10, 10, 10, 0, &(SvgStyle){.fill = "#ff0000"});
  svg_text(svg, 2, 28, "R\u00b2 < \u03b1", &(SvgText){.size = 6, .colour = "#000000"});
  return svg_finish(svg);
}

static void pixel_is(const Image *image, int x, int y, float r, float g, float b) {
  const float *p = image->pixels + ((gsize)y * (gsize)image->width + (gsize)x) * 3;
  g_assert_cmpfloat(p[0], ==, r);
  g_assert_cmpfloat(p[1], ==, g);
  g_assert_cmpfloat(p[2], ==, b);
}

static void png_shows_the_figure_three_times_as_large(void) {
  g_autofree char *svg = square();
  g_autoptr(GByteArray) png = NULL;
  g_autoptr(Image) image = NULL;
  GError *error = NULL;
  g_assert_true(figure_png(svg, &png, &error));
  g_assert_true(image_decode("png", png->data, png->len, &image, &error));
  g_assert_cmpint(image->width, ==, 120);
  g_assert_cmpint(image->height, ==, 90);
  pixel_is(image, 31, 31, 255, 0, 0);
  pixel_is(image, 58, 58, 255, 0, 0);
  pixel_is(image, 61, 45, 255, 255, 255);
  pixel_is(image, 28, 45, 255, 255, 255);
}

static void pdf_has_one_page_and_the_same_bytes_each_time(void) {
  g_autofree char *svg = square();
  g_autoptr(GByteArray) one = NULL, two = NULL;
  GError *error = NULL;
  g_assert_true(figure_pdf(svg, &one, &error));
  g_assert_true(figure_pdf(svg, &two, &error));
  g_assert_cmpuint(one->len, ==, two->len);
  g_assert_cmpint(memcmp(one->data, two->data, one->len), ==, 0);
  g_assert_cmpint(memcmp(one->data, "%PDF-", 5), ==, 0);
  /* 40 x 30 CSS pixels in points */
  static const char box[] = "[ 0 0 30 22.5 ]";
  g_assert_nonnull(memmem(one->data, one->len, box, strlen(box)));
}

static void damaged_figure_is_refused(void) {
  g_autoptr(GByteArray) bytes = NULL;
  GError *error = NULL;
  g_assert_false(figure_pdf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\"", &bytes, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
  g_assert_false(figure_png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\"/>", &bytes, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plot/figure/png_shows_the_figure_three_times_as_large", png_shows_the_figure_three_times_as_large);
  g_test_add_func("/plot/figure/pdf_has_one_page_and_the_same_bytes_each_time",
                  pdf_has_one_page_and_the_same_bytes_each_time);
  g_test_add_func("/plot/figure/damaged_figure_is_refused", damaged_figure_is_refused);
  return g_test_run();
}
