#include "analysis/features/planes.h"
#include "analysis/features/rotated_kernel.h"
#include "stimuli/base/error.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

#include <math.h>

#define EXACT 1e-13 /* sums of a few products of numbers near 1 in another order */

static void fill(Plane *plane, guint32 seed) {
  Random random;
  random_init(&random, seed);
  for (gsize i = 0; i < plane_size(plane); i++)
    plane->data[i] = random_normal(&random);
}

/* Reflection about the end samples, written as a walk rather than as arithmetic. */
static int walk(int position, int n) {
  int at = 0, direction = 1;
  for (int step = 0; step < abs(position); step++) {
    if (at + direction < 0 || at + direction >= n)
      direction = -direction;
    at += direction;
  }
  return at;
}

static void test_reflect(void) {
  const double taps[5] = {0.3, -0.1, 0.7, 0.25, 0.05}; /* not symmetric: a correlation would differ */
  g_autoptr(Planes) planes = planes_new(2, 11, 7, NULL);
  Plane *in = &planes->planes[0], *out = &planes->planes[1];
  fill(in, 3);
  for (int step = 1; step <= 2; step++) {
    g_autoptr(LineFilter) rows = line_filter_reflect(11, taps, 2, step);
    plane_filter_rows(in, rows, out);
    g_assert_cmpint(out->width, ==, step == 1 ? 11 : 6);
    for (int y = 0; y < 7; y++)
      for (int i = 0; i < out->width; i++) {
        double sum = 0;
        for (int t = -2; t <= 2; t++)
          sum += taps[t + 2] * in->data[y * 11 + walk(i * step - t, 11)];
        support_assert_near("reflected row", out->data[y * out->width + i], sum, 0, EXACT);
      }
  }
}

/* E[.] of a line, from its definition on the zero-padded line. */
static double average_at(const double *line, int n, const double *taps, int half, int i) {
  double sum = 0, covered = 0, all = 0;
  for (int t = -half; t <= half; t++) {
    all += taps[t + half];
    if (i - t >= 0 && i - t < n) {
      sum += taps[t + half] * line[i - t];
      covered += taps[t + half];
    }
  }
  return all * sum / covered;
}

static void test_average(void) {
  double taps[7];
  gaussian_taps(3, 1.7, 0.4, taps);
  g_autoptr(Planes) planes = planes_new(2, 5, 13, NULL);
  Plane *in = &planes->planes[0], *out = &planes->planes[1];
  fill(in, 5);
  g_autoptr(LineFilter) columns = line_filter_average(13, taps, 3);
  plane_filter_columns(in, columns, out);
  for (int x = 0; x < 5; x++) {
    double line[13];
    for (int y = 0; y < 13; y++)
      line[y] = in->data[y * 5 + x];
    for (int y = 0; y < 13; y++)
      support_assert_near("averaged column", out->data[y * 5 + x], average_at(line, 13, taps, 3, y), 0, EXACT);
  }
}

static void test_average_keeps_constants(void) {
  double taps[57];
  gaussian_taps(28, 14, 0, taps); /* wider than the line */
  g_autoptr(LineFilter) filter = line_filter_average(9, taps, 28);
  for (int i = 0; i < 9; i++) {
    double sum = 0;
    for (int t = 0; t < filter->n_taps; t++)
      sum += filter->weights[i * filter->n_taps + t];
    support_assert_near("weights", sum, 1, 0, EXACT);
  }
}

static void test_expand(void) {
  double taps[9];
  gaussian_taps(4, 1.75, 0, taps);
  const double line[7] = {0.3, -1.2, 2.5, 0.7, -0.4, 1.1, 0.9};
  for (int phase = 0; phase < 2; phase++) {
    double spread[14] = {0};
    for (int i = 0; i < 7; i++)
      spread[2 * i + phase] = line[i];
    g_autoptr(LineFilter) average = line_filter_expand(7, taps, 4, phase, false);
    g_autoptr(LineFilter) reflect = line_filter_expand(7, taps, 4, phase, true);
    for (int i = 0; i < 14; i++) {
      double got = 0, got_reflect = 0, want_reflect = 0;
      for (int t = 0; t < average->n_taps; t++)
        got += average->weights[i * average->n_taps + t] * line[average->first[i] + t];
      for (int t = 0; t < reflect->n_taps; t++)
        got_reflect += reflect->weights[i * reflect->n_taps + t] * line[reflect->first[i] + t];
      for (int t = -4; t <= 4; t++)
        want_reflect += taps[t + 4] * spread[walk(i - t, 14)];
      support_assert_near("expanded, averaging", got, average_at(spread, 14, taps, 4, i), 0, EXACT);
      support_assert_near("expanded, reflecting", got_reflect, want_reflect, 0, EXACT);
    }
  }
}

static void test_compose(void) {
  double taps[9];
  gaussian_taps(4, 1.75, 0, taps);
  g_autoptr(LineFilter) expand = line_filter_expand(19, taps, 4, 1, false);
  g_autoptr(LineFilter) reduce = line_filter_reflect(38, taps, 4, 2);
  g_autoptr(LineFilter) both = line_filter_compose(expand, reduce);
  g_autoptr(Planes) planes = planes_new(4, 38, 3, NULL);
  Plane *p = planes->planes;
  plane_shape(&p[0], 19, 3);
  fill(&p[0], 8);
  plane_filter_rows(&p[0], expand, &p[1]);
  plane_filter_rows(&p[1], reduce, &p[2]);
  plane_filter_rows(&p[0], both, &p[3]);
  g_assert_cmpint(p[3].width, ==, 19);
  for (gsize i = 0; i < plane_size(&p[2]); i++)
    support_assert_near("composed", p[3].data[i], p[2].data[i], 0, EXACT);
}

static void test_convolve(void) {
  static const int sizes[][2] = {{13, 9}, {5, 4}}; /* the second is narrower than a block of lanes */
  for (gsize size = 0; size < G_N_ELEMENTS(sizes); size++) {
    int width = sizes[size][0], height = sizes[size][1];
    g_autoptr(Planes) planes = planes_new(3, width + 4, height + 4, NULL);
    Plane *in = &planes->planes[0], *padded = &planes->planes[1], *out = &planes->planes[2];
    plane_shape(in, width, height);
    fill(in, 21);
    double kernel[25];
    for (int i = 0; i < 25; i++)
      kernel[i] = sin(i * 1.3) + 0.1 * i;
    plane_convolve(in, kernel, 2, padded, out);
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int v = -2; v <= 2; v++)
          for (int u = -2; u <= 2; u++)
            sum += kernel[(v + 2) * 5 + u + 2] * in->data[walk(y - v, height) * width + walk(x - u, width)];
        support_assert_near("convolved", out->data[y * width + x], sum, 0, 1e-12);
      }
  }
}

static void test_gaussian(void) {
  double taps[5];
  gaussian_taps(2, 1.14, 0.5, taps);
  /* numpy: t=np.arange(-2,3); g=np.exp(-(t-.5)**2/(2*1.14**2)); g/g.sum() */
  const double want[] = {0.03285589369465678, 0.15309615653910294, 0.33047589661356863, 0.33047589661356863,
                         0.15309615653910294};
  for (int i = 0; i < 5; i++)
    support_assert_near("tap", taps[i], want[i], 0, EXACT);
}

static void test_rotate(void) {
  double kernel[25], quarter[25], none[25], sum = 0;
  for (int i = 0; i < 25; i++)
    sum += kernel[i] = 1 + sin(i * 0.7);
  rotated_kernel(kernel, 2, 90, quarter);
  rotated_kernel(kernel, 2, 0, none);
  for (int y = 0; y < 5; y++)
    for (int x = 0; x < 5; x++) {
      support_assert_near("turned by nothing", none[y * 5 + x], kernel[y * 5 + x] / sum, 0, 1e-12);
      /* anticlockwise: the right column becomes the top row */
      support_assert_near("turned by 90 degrees", quarter[y * 5 + x], kernel[x * 5 + 4 - y] / sum, 0, 1e-12);
    }
}

static void test_no_memory(void) {
  GError *error = NULL;
  g_assert_null(planes_new(G_MAXSIZE / 4, 16384, 16384, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_MEMORY);
  g_clear_error(&error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/features/planes/reflecting filter is the naive convolution", test_reflect);
  g_test_add_func("/features/planes/average is the naive normalised convolution", test_average);
  g_test_add_func("/features/planes/average keeps constants", test_average_keeps_constants);
  g_test_add_func("/features/planes/expansion is zero insertion and a filter", test_expand);
  g_test_add_func("/features/planes/composition is one filter after the other", test_compose);
  g_test_add_func("/features/planes/convolution is the naive one", test_convolve);
  g_test_add_func("/features/planes/Gaussian taps", test_gaussian);
  g_test_add_func("/features/planes/kernel turned by right angles is permuted", test_rotate);
  g_test_add_func("/features/planes/impossible size is an error", test_no_memory);
  return g_test_run();
}
