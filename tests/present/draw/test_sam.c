#include "present/draw/sam.h"

#include "present/draw/frame.h"

/* The five figures of a scale all differ, and none leaves its square. */
static void test_figures(void) {
  GError *error = NULL;
  for (int figure = 0; figure < 2; figure++) {
    g_autoptr(Frame) last = frame_new(100, 100, &error);
    for (int level = 0; level < SAM_LEVELS; level++) {
      g_autoptr(Frame) frame = frame_new(100, 100, &error);
      cairo_t *cr = frame_paint(frame);
      sam_draw(cr, (SamFigure)figure, level, 10, 10, 80);
      cairo_destroy(cr);
      gsize differing = 0;
      for (int y = 0; y < 100; y++)
        for (int x = 0; x < 100; x++) {
          guint32 pixel = frame->pixels[y * 100 + x];
          if (x < 10 || y < 10 || x >= 90 || y >= 90)
            g_assert_cmphex(pixel, ==, 0xff808080u);
          g_assert_cmphex(pixel & 0xff, ==, pixel >> 8 & 0xff); /* grey only */
          differing += pixel != last->pixels[y * 100 + x];
        }
      g_assert_cmpuint(differing, >, 40);
      frame_copy(frame, last);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/figures/differ from level to level in grey", test_figures);
  return g_test_run();
}
