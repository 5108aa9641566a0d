#include "synth/train/first_layer.h"

#include <math.h>

#define PIXEL_DEVIATION 70.
#define START .25
#define SMOOTHING_PASSES 4 /* of the binomial kernel 1/4 1/2 1/4: a Gaussian of deviation sqrt(2) pixels */

bool first_layer_is(const NetGraph *graph, const NetNode *node) {
  return node->op == NET_CONV && graph->nodes[node->inputs[0]].op == NET_INPUT;
}

double first_layer_rate(void) { return 1 / PIXEL_DEVIATION; }

/* One pass along a line of n values that lie `stride` apart; the edge values are repeated. */
static void smooth_line(float *values, int n, int stride) {
  float before = values[0];
  for (int k = 0; k < n; k++) {
    float here = values[k * stride], after = k + 1 < n ? values[(k + 1) * stride] : here;
    values[k * stride] = .25f * before + .5f * here + .25f * after;
    before = here;
  }
}

static double sum_of_squares(const float *values, gsize n) {
  double sum = 0;
  for (gsize k = 0; k < n; k++)
    sum += (double)values[k] * (double)values[k];
  return sum;
}

static void start(NetNode *node) {
  int height = node->window.kernel_h, width = node->window.kernel_w;
  gsize plane = (gsize)height * (gsize)width, filter = node->n_weights / (gsize)node->channels;
  for (gsize first = 0; first < node->n_weights; first += filter) {
    float *weights = node->weights + first;
    double before = sum_of_squares(weights, filter);
    for (float *kernel = weights; kernel < weights + filter; kernel += plane)
      for (int pass = 0; pass < SMOOTHING_PASSES; pass++) {
        for (int y = 0; y < height; y++)
          smooth_line(kernel + y * width, width, 1);
        for (int x = 0; x < width; x++)
          smooth_line(kernel + x, height, width);
      }
    double after = sum_of_squares(weights, filter);
    double scale = after > 0 ? sqrt(before / after) * START / PIXEL_DEVIATION : 0;
    for (gsize k = 0; k < filter; k++)
      weights[k] *= (float)scale;
  }
}

void first_layer_start(NetGraph *graph) {
  for (int i = 0; i < graph->n_nodes; i++)
    if (first_layer_is(graph, &graph->nodes[i]))
      start(&graph->nodes[i]);
}
