#include "analysis/plot/bars.h"
#include "analysis/plot/boxes.h"
#include "analysis/plot/heat_map.h"
#include "analysis/plot/histogram.h"
#include "analysis/plot/intervals.h"
#include "analysis/plot/joint.h"
#include "analysis/plot/palette.h"
#include "analysis/plot/picture_sheet.h"
#include "analysis/plot/scatter.h"
#include "analysis/plot/scatter_matrix.h"
#include "tests/support.h"

#include <math.h>
#include <string.h>

/* A figure must be XML, and have no ids (figures share a page) and no numbers that are none. */
static void assert_figure(const char *svg) {
  static const GMarkupParser nothing = {NULL, NULL, NULL, NULL, NULL};
  GError *error = NULL;
  GMarkupParseContext *context = g_markup_parse_context_new(&nothing, 0, NULL, NULL);
  g_markup_parse_context_parse(context, svg, (gssize)strlen(svg), &error);
  g_assert_no_error(error);
  g_markup_parse_context_end_parse(context, &error);
  g_assert_no_error(error);
  g_markup_parse_context_free(context);
  g_assert_null(strstr(svg, " id="));
  g_assert_null(strstr(svg, "nan"));
  g_assert_null(strstr(svg, "inf"));
}

static gsize count(const char *text, const char *part) {
  gsize n = 0;
  for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
    n++;
  return n;
}

static void assert_ticks(Axis axis, const char *want) {
  g_autoptr(GString) got = g_string_new(NULL);
  for (int i = 0; i < axis_n_ticks(&axis); i++) {
    g_autofree char *label = axis_label(&axis, i);
    g_string_append_printf(got, "%s%s", i > 0 ? " " : "", label);
  }
  g_assert_cmpstr(got->str, ==, want);
}

static void test_ticks(void) {
  assert_ticks(axis_around(0, 100, 0, 5), "0 20 40 60 80 100");
  assert_ticks(axis_around(0, 100, 0.02, 5), "0 25 50 75 100");
  assert_ticks(axis_around(-0.31, 0.42, 0, 5), "\u22120.2 0.0 0.2 0.4");
  assert_ticks(axis_around(6931, 9817, 0, 4), "7000 8000 9000");
  assert_ticks(axis_around(0.1, 0.3, 0, 4), "0.10 0.15 0.20 0.25 0.30"); /* no end tick lost to rounding */
}

static void test_degenerate_ranges(void) {
  Axis constant = axis_around(7, 7, 0.05, 5), zero = axis_around(0, 0, 0, 5), none = axis_around(NAN, NAN, 0, 5);
  g_assert_true(constant.low < 7 && constant.high > 7 && axis_n_ticks(&constant) > 1);
  g_assert_true(zero.low < 0 && zero.high > 0);
  g_assert_true(none.low == 0 && none.high == 1);
}

static void test_box_shape(void) {
  const double values[] = {2.1, 3.4, 4.4, 4.9, 5.0, 5.8, 6.1, 6.6, 7.3, 12.9, -4.0};
  BoxShape shape;
  g_assert_true(box_shape(values, G_N_ELEMENTS(values), &shape, NULL));
  /* R: x <- c(2.1,3.4,4.4,4.9,5,5.8,6.1,6.6,7.3,12.9,-4); quantile(x, 1:3/4); range(x[abs(x-5.125) <= ...]) by the
   * fences 3.9 - 1.5 * 2.45 and 6.35 + 1.5 * 2.45 */
  support_assert_near("first quartile", shape.q1, 3.9, 1e-12, 0);
  support_assert_near("median", shape.median, 5.0, 1e-12, 0);
  support_assert_near("third quartile", shape.q3, 6.35, 1e-12, 0);
  g_assert_cmpfloat(shape.low, ==, 2.1);
  g_assert_cmpfloat(shape.high, ==, 7.3);
}

static void test_boxes(void) {
  const double values[] = {2, 3, 4, 5, 30};
  BoxGroup groups[] = {{"first & <last>", values, 5, NAN}, {"empty", NULL, 0, 0.5}, {"single", values, 1, 1}};
  Boxes boxes = {.title = "boxes",
                 .y_title = "y",
                 .groups = groups,
                 .n_groups = 3,
                 .low = 0,
                 .high = 100,
                 .reference = 50,
                 .per_row = 2,
                 .low_shade = "low",
                 .high_shade = "high"};
  char *svg;
  g_assert_true(boxes_plot(&boxes, &svg, NULL));
  assert_figure(svg);
  g_assert_cmpuint(count(svg, "first &amp; &lt;last&gt;"), ==, 2); /* label and tooltip */
  g_assert_cmpuint(count(svg, "<circle"), ==, 1);                  /* the outlier, 30 */
  g_free(svg);
  boxes.n_groups = 0;
  g_assert_true(boxes_plot(&boxes, &svg, NULL));
  assert_figure(svg);
  g_free(svg);
}

/* The outline's points, mirrored at x, from the lowest value's tail to the highest's. */
static void test_violins(void) {
  const double values[] = {40, 42, 45, 61, 64};
  BoxGroup group = {"group", values, 5, NAN};
  Boxes boxes = {.title = "v",
                 .y_title = "y",
                 .groups = &group,
                 .n_groups = 1,
                 .high = 100,
                 .reference = NAN,
                 .violins = true,
                 .per_row = 1};
  char *svg;
  g_assert_true(boxes_plot(&boxes, &svg, NULL));
  assert_figure(svg);
  const char *outline = strstr(svg, "<polygon points=\"");
  g_assert_nonnull(outline);
  g_auto(GStrv) points = g_strsplit(outline + strlen("<polygon points=\""), " ", 300);
  double x1 = g_ascii_strtod(points[0], NULL), widest = 0;
  gsize n = 0;
  while (points[n] != NULL && strchr(points[n], '"') == NULL)
    n++;
  double x2 = g_ascii_strtod(points[n], NULL); /* the last point stands with the closing quote */
  for (gsize i = 0; i <= n; i++)
    widest = fmax(widest, fabs(g_ascii_strtod(points[i], NULL) - (x1 + x2) / 2));
  g_assert_cmpuint((n + 1) % 2, ==, 0);
  support_assert_near("half the width", widest, 40, 1e-3, 0);
  g_assert_cmpfloat(fabs(x1 - x2), <, .1 * widest); /* the tail is thin, and not drawn where nobody rated */
  g_assert_cmpuint(n + 1, <, 202);
  g_free(svg);
}

static void test_scatter_matrix(void) {
  const double a[] = {1, 2, 3, NAN}, b[] = {2, 1, 3, 4}, r[] = {1, .5, .5, 1}, none[] = {NAN, NAN, NAN, NAN};
  const double *const values[] = {a, b}, *const empty[] = {none, none};
  const char *const names[] = {"A < B", "a name of many, many letters"}, *const marks[] = {NULL, "*", "*", NULL};
  ScatterMatrix matrix = {"m", names, values, r, marks, 2, 4};
  g_autofree char *svg = scatter_matrix_plot(&matrix);
  assert_figure(svg);
  g_assert_cmpuint(count(svg, "h0M") + count(svg, "h0\""), ==, 3); /* three complete pairs */
  g_assert_nonnull(strstr(svg, ">0.50<"));
  g_assert_nonnull(strstr(svg, ">A &lt; B<"));
  matrix.values = empty;
  matrix.r = none;
  g_autofree char *nothing = scatter_matrix_plot(&matrix);
  assert_figure(nothing);
  g_assert_nonnull(strstr(nothing, ">n/a<"));
}

/* Four values in one bin and one in another: bars of 80 and of 20. */
static void test_scatter_matrix_histogram(void) {
  const double a[] = {0, 0, 0, 0, 1}, r[] = {1};
  const double *const values[] = {a};
  const char *const names[] = {"a"}, *const marks[] = {NULL};
  ScatterMatrix matrix = {"m", names, values, r, marks, 1, 5};
  g_autofree char *svg = scatter_matrix_plot(&matrix);
  g_assert_cmpuint(count(svg, "height=\"80\""), ==, 1);
  g_assert_cmpuint(count(svg, "height=\"20\""), ==, 1);
}

/* A layer's name that is too wide for its map takes two lines, and is not cut. */
static void test_joint_names(void) {
  const double density[JOINT_CELLS * JOINT_CELLS] = {1};
  JointPanel panels[2] = {{.name = "mixed5b_5x5_bottleneck_pre_relu", .density = density},
                          {.name = "conv2d0", .density = density}};
  Joint joint = {"j", "x", "y", 0, 100, 0, 100, panels, 2, 2, 132};
  g_autofree char *svg = NULL;
  g_assert_true(joint_plot(&joint, &svg, NULL));
  g_assert_nonnull(strstr(svg, ">mixed5b_5x5_</text>"));
  g_assert_nonnull(strstr(svg, ">bottleneck_pre_relu</text>"));
  g_assert_nonnull(strstr(svg, ">conv2d0</text>"));
}

static void test_joint(void) {
  double density[JOINT_CELLS * JOINT_CELLS] = {0};
  density[3] = 1;
  JointPanel panels[] = {
      {.name = "first", .density = density, .mean = {10, 20}, .median = {NAN, NAN}, .wanted = {0, 0}},
      {.heading = "a heading that is far too long for one line",
       .name = "second",
       .note = "9.1 bits",
       .density = density,
       .mean = {NAN, NAN},
       .median = {50, 50},
       .wanted = {NAN, NAN}}};
  Joint joint = {"j", "x", "y", 0, 100, 0, 100, panels, 2, 1, 100};
  g_autofree char *svg = NULL;
  g_assert_true(joint_plot(&joint, &svg, NULL));
  g_assert_cmpuint(count(svg, "<image"), ==, 2);
  g_assert_cmpuint(count(svg, "<circle"), ==, 1);            /* the median of the second */
  g_assert_cmpuint(count(svg, "stroke=\"#ffffff\""), ==, 2); /* the cross of the first */
  g_assert_cmpuint(count(svg, "stroke=\"#ff5a4d\""), ==, 1); /* the wanted place of the first */
  g_assert_nonnull(strstr(svg, ">a heading that is far<"));
}

static void test_long_names(void) {
  const double values[] = {2, 3, 4};
  BoxGroup groups[60];
  for (int i = 0; i < 60; i++)
    groups[i] = (BoxGroup){"block_3/with_a_rather_long_scope/convolution_7", values, 3, NAN};
  Boxes boxes = {.title = "b", .y_title = "y", .groups = groups, .n_groups = 60, .high = 10, .per_row = 48};
  char *svg;
  g_assert_true(boxes_plot(&boxes, &svg, NULL));
  assert_figure(svg);
  g_assert_cmpuint(count(svg, ">block_3/with_\u2026/convolution_7<"), ==, 60);
  g_assert_cmpuint(count(svg, "<title>block_3/with_a_rather_long_scope/convolution_7</title>"), ==, 60);
  g_assert_cmpuint(count(svg, "rotate(-90 "), ==, 60 + 2); /* and the axes' titles */
  g_assert_cmpfloat(g_ascii_strtod(strstr(svg, "width=\"") + strlen("width=\""), NULL), <, 1000);
  g_free(svg);
  g_autofree char *umlauts = svg_short_text("\u00e4\u00f6\u00fc\u00df\u00e4\u00f6\u00fc", 5);
  g_assert_cmpstr(umlauts, ==, "\u00e4\u00f6\u2026\u00f6\u00fc");
}

/* The regression line's ends, in px. */
static void line_ends(const char *svg, double ends[4]) {
  static const char *const names[] = {" x1=\"", " y1=\"", " x2=\"", " y2=\""};
  for (const char *at = strstr(svg, "<line"); at != NULL; at = strstr(at + 1, "<line")) {
    g_autofree char *element = g_strndup(at, (gsize)(strchr(at, '>') - at));
    if (strstr(element, PALETTE_LINE) == NULL)
      continue;
    for (int k = 0; k < 4; k++) {
      const char *value = strstr(element, names[k]);
      g_assert_nonnull(value);
      ends[k] = g_ascii_strtod(value + strlen(names[k]), NULL);
    }
    return;
  }
  g_error("no line");
}

/* lm(y ~ x) is 11.5 + 6.8 x: at x = 0 far below every y, where it would strike through the labels. */
static void test_scatter_line_stays_inside(void) {
  const double x[] = {0, 3, 6, 7, 8, 9, 10}, y[] = {34, 30, 31, 33, 41, 72, 131};
  const Axis narrow = {.low = 25, .high = 60, .step = 5};
  Scatter scatter = {.title = "", .x_title = "", .y_title = "", .x = x, .y = y, .n = 7, .regression = true};
  scatter.width = 330;
  scatter.height = 260;
  double wide[4], cut[4];
  g_autofree char *own = scatter_plot(&scatter);
  line_ends(own, wide);
  scatter.y_axis = &narrow;
  g_autofree char *given = scatter_plot(&scatter);
  line_ends(given, cut);
  for (int end = 1; end < 4; end += 2) {
    g_assert_cmpfloat(wide[end], >, 10);
    g_assert_cmpfloat(wide[end], <, 260 - FRAME_BOTTOM_MARGIN);
  }
  support_assert_near("low end", cut[1], 260 - FRAME_BOTTOM_MARGIN, 0, 0.01);
  support_assert_near("high end", cut[3], 10, 0, 0.01);
}

static void test_lines_are_clipped_along_their_slope(void) {
  const Frame frame = {.left = 0, .top = 10, .width = 100, .height = 80};
  double x[] = {0, 100}, y[] = {130, -20}, flat_x[] = {0, 100}, flat_y[] = {50, 50}, out_y[] = {95, 130};
  g_assert_true(frame_clip_line(&frame, x, y));
  support_assert_near("x", x[0], 26.6666666667, 1e-9, 0);
  support_assert_near("y", y[0], 90, 1e-12, 0);
  support_assert_near("x", x[1], 80, 1e-12, 0);
  support_assert_near("y", y[1], 10, 1e-12, 0);
  g_assert_true(frame_clip_line(&frame, flat_x, flat_y));
  g_assert_cmpfloat(flat_x[1], ==, 100);
  g_assert_false(frame_clip_line(&frame, flat_x, out_y));
}

static void test_scatter(void) {
  const double x[] = {1, 2, 3, NAN, 5}, y[] = {2.2, 3.9, 6.3, 1, 9.7};
  Scatter scatter = {.title = "scatter",
                     .x_title = "x",
                     .y_title = "y",
                     .x = x,
                     .y = y,
                     .n = 5,
                     .regression = true,
                     .width = 300,
                     .height = 200};
  g_autofree char *svg = scatter_plot(&scatter);
  assert_figure(svg);
  g_assert_cmpuint(count(svg, "<circle"), ==, 4);
  g_assert_cmpuint(count(svg, PALETTE_LINE), ==, 2); /* the line and its band */

  const double same[] = {4, 4, 4, 4, 4};
  scatter.x = same;
  g_autofree char *vertical = scatter_plot(&scatter);
  assert_figure(vertical);
  g_assert_cmpuint(count(vertical, PALETTE_LINE), ==, 0);

  scatter.n = 0;
  g_autofree char *empty = scatter_plot(&scatter);
  assert_figure(empty);
  g_assert_nonnull(strstr(empty, "no values"));
}

static void test_heat_map(void) {
  const char *const names[] = {"one", "two", "three"}, *const marks[9] = {[3] = "***", [6] = ""};
  const double values[9] = {1, 0, 0, -0.823, 1, 0, NAN, -0.001, 1};
  HeatMap map = {"matrix", names, values, marks, 3};
  g_autofree char *svg = heat_map_plot(&map);
  assert_figure(svg);
  g_assert_nonnull(strstr(svg, ">\u22120.82<"));
  g_assert_nonnull(strstr(svg, ">0.00<")); /* no minus on a zero */
  g_assert_nonnull(strstr(svg, ">n/a<"));
  g_assert_cmpuint(count(svg, "***"), ==, 1);
}

static void test_histogram(void) {
  const double values[] = {0, 2.499, 2.5, 50, 97.4, 97.6, 100, NAN, 101, -1};
  Histogram histogram = {.title = "histogram",
                         .x_title = "x",
                         .y_title = "n",
                         .values = values,
                         .n = G_N_ELEMENTS(values),
                         .low = 0,
                         .high = 100,
                         .n_bins = 21,
                         .width = 300,
                         .height = 200};
  gsize counts[21];
  double sizes[21];
  histogram_count(&histogram, counts, sizes);
  static const gsize want[21] = {[0] = 2, [1] = 1, [10] = 1, [19] = 1, [20] = 2};
  for (gsize bin = 0; bin < 21; bin++) {
    g_assert_cmpuint(counts[bin], ==, want[bin]);
    g_assert_cmpfloat(sizes[bin], ==, bin % 20 == 0 ? 2.5 : 5);
  }
  g_autofree char *svg = histogram_plot(&histogram);
  assert_figure(svg);
  g_assert_false(histogram_is_whole(values, 10, 0, 100));
}

/* 101 whole numbers do not go into bins alike; a last bin with one number more stood out. */
static void test_flat_histogram(void) {
  double values[101];
  for (int i = 0; i <= 100; i++)
    values[i] = i;
  Histogram histogram = {.values = values, .n = 101, .low = 0, .high = 100, .n_bins = 21, .whole = true};
  gsize counts[21];
  double sizes[21];
  g_assert_true(histogram_is_whole(values, 101, 0, 100));
  histogram_count(&histogram, counts, sizes);
  for (gsize bin = 0; bin < 21; bin++) {
    g_assert_cmpuint(counts[bin], ==, bin % 20 == 0 ? 3 : 5);
    g_assert_cmpfloat((double)counts[bin] / sizes[bin], ==, 1);
  }
}

static void test_palette(void) {
  g_assert_cmpstr(palette_diverging(-1).css, ==, "#2166ac");
  g_assert_cmpstr(palette_diverging(0).css, ==, "#f7f7f7");
  g_assert_cmpstr(palette_diverging(3).css, ==, "#b2182b");
  g_assert_cmpstr(palette_sequential(1).css, ==, "#440154");
}

/* Rows in further columns; n/a where there is no estimate; ends outside the axis are cut at it. */
static void test_intervals(void) {
  const IntervalRow rows[] = {{"first & <last>", 2.5, 1, 4, NAN, INTERVAL_FILLED},
                              {"none", NAN, NAN, NAN, NAN, INTERVAL_HOLLOW},
                              {"no interval", -1, NAN, NAN, 0.5, INTERVAL_HALF}};
  Intervals intervals = {.title = "intervals",
                         .x_title = "x",
                         .rows = rows,
                         .n_rows = 3,
                         .per_column = 2,
                         .reference = 0,
                         .low = NAN,
                         .high = NAN};
  g_autofree char *svg = intervals_plot(&intervals);
  assert_figure(svg);
  g_assert_cmpuint(count(svg, "<circle"), ==, 2);
  g_assert_cmpuint(count(svg, ">n/a<"), ==, 1);
  g_assert_cmpuint(count(svg, "stroke-dasharray"), ==, 2);         /* the reference in both columns */
  g_assert_cmpuint(count(svg, "first &amp; &lt;last&gt;"), ==, 2); /* label and tooltip */
  intervals.low = 0;
  intervals.high = 1;
  g_autofree char *cut = intervals_plot(&intervals);
  assert_figure(cut);
  g_assert_cmpuint(count(cut, "<circle"), ==, 0);
  intervals.n_rows = 0;
  g_autofree char *empty = intervals_plot(&intervals);
  assert_figure(empty);
}

static void test_picture_sheet(void) {
  static const guint8 png[] = {0x89, 'P', 'N', 'G'};
  const SheetPicture pictures[] = {{png, sizeof png, "a note"}, {png, sizeof png, NULL}};
  const SheetRow rows[] = {{"layer <1>", "behind", pictures, 2}, {"empty", NULL, NULL, 0}};
  const PictureSheet sheet = {"sheet", rows, 2, 96};
  g_autofree char *svg = picture_sheet_plot(&sheet);
  assert_figure(svg);
  g_assert_cmpuint(count(svg, "<image"), ==, 2);
  g_assert_cmpuint(count(svg, "data:image/png;base64,iVBORw=="), ==, 2);
  g_assert_nonnull(strstr(svg, "layer &lt;1&gt;"));
  g_assert_cmpuint(count(svg, "a note"), ==, 1);
}

static void test_bars(void) {
  const Bar bars[] = {{"a <b>", 62.5, "62.5 %"}, {"none", NAN, "n/a"}, {"zero", 0, "0.0 %"}};
  Bars plot = {.title = "bars", .x_title = "share", .bars = bars, .n_bars = 3, .high = NAN};
  g_autofree char *svg = bars_plot(&plot);
  assert_figure(svg);
  g_assert_nonnull(strstr(svg, "62.5 %"));
  g_assert_cmpuint(count(svg, ">n/a<"), ==, 1);
  plot.n_bars = 0;
  g_autofree char *empty = bars_plot(&plot);
  assert_figure(empty);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plot/axes/ticks are round numbers", test_ticks);
  g_test_add_func("/plot/axes/a range without width is widened", test_degenerate_ranges);
  g_test_add_func("/plot/boxes/quartiles and whiskers are R's", test_box_shape);
  g_test_add_func("/plot/boxes/groups may be empty or have one value", test_boxes);
  g_test_add_func("/plot/boxes/violins are the density, mirrored", test_violins);
  g_test_add_func("/plot/scatter matrix/incomplete pairs are left out", test_scatter_matrix);
  g_test_add_func("/plot/scatter matrix/histogram's bars are as high as counts", test_scatter_matrix_histogram);
  g_test_add_func("/plot/joint/marks what is known", test_joint);
  g_test_add_func("/plot/joint/long names take two lines", test_joint_names);
  g_test_add_func("/plot/boxes/long names are shortened and turned", test_long_names);
  g_test_add_func("/plot/scatter/line stays inside", test_scatter_line_stays_inside);
  g_test_add_func("/plot/axes/lines are clipped along their slope", test_lines_are_clipped_along_their_slope);
  g_test_add_func("/plot/scatter/points without a value or a slope are left out", test_scatter);
  g_test_add_func("/plot/heat map/undefined cells say so", test_heat_map);
  g_test_add_func("/plot/histogram/bars are centred on round values", test_histogram);
  g_test_add_func("/plot/histogram/equal use gives equal bars", test_flat_histogram);
  g_test_add_func("/plot/palette/ends and middle", test_palette);
  g_test_add_func("/plot/intervals", test_intervals);
  g_test_add_func("/plot/picture sheet", test_picture_sheet);
  g_test_add_func("/plot/bars", test_bars);
  return g_test_run();
}
