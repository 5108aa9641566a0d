#include <math.h>

#include "stimuli/base/error.h"
#include "stimuli/image.h"
#include "synth/commands.h"
#include "synth/net/import.h"

#define DEFAULT_SCALE 12
#define GAP 4

/* The first convolution that reads the image, in three colours. */
static const NetNode *first_convolution(const NetGraph *graph) {
  for (int i = 1; i < graph->n_nodes; i++) {
    const NetNode *node = &graph->nodes[i];
    if (node->op == NET_CONV && node->inputs[0] == 0 && node->groups == 1)
      return node;
  }
  return NULL;
}

/* The largest weight of one filter, in size. */
static float reach(const float *filter, gsize n) {
  float largest = 0;
  for (gsize k = 0; k < n; k++)
    largest = fmaxf(largest, fabsf(filter[k]));
  return largest > 0 ? largest : 1;
}

/* One filter at (left, top): 0 is mid grey, its largest weight white or black in its channel. */
static void draw(const NetNode *node, bool bgr, int index, int scale, int left, int top, Image *image) {
  int h = node->window.kernel_h, w = node->window.kernel_w;
  gsize taps = (gsize)h * (gsize)w;
  const float *filter = node->weights + (gsize)index * 3 * taps;
  float factor = 127 / reach(filter, 3 * taps);
  for (int y = 0; y < h * scale; y++)
    for (int x = 0; x < w * scale; x++)
      for (int c = 0; c < 3; c++) {
        gsize plane = (gsize)(bgr ? 2 - c : c);
        float weight = filter[plane * taps + (gsize)(y / scale) * (gsize)w + (gsize)(x / scale)];
        image->pixels[((gsize)(top + y) * (gsize)image->width + (gsize)(left + x)) * 3 + (gsize)c] =
            128 + factor * weight;
      }
}

static Image *draw_all(const NetGraph *graph, const NetNode *node, int scale, GError **error) {
  int columns = (int)ceil(sqrt((double)node->channels)), rows = (node->channels + columns - 1) / columns;
  int cell_w = node->window.kernel_w * scale + GAP, cell_h = node->window.kernel_h * scale + GAP;
  Image *image = image_new(columns * cell_w + GAP, rows * cell_h + GAP, error);
  if (image == NULL)
    return NULL;
  gsize n = (gsize)image->width * (gsize)image->height * 3;
  for (gsize k = 0; k < n; k++)
    image->pixels[k] = 255;
  for (int i = 0; i < node->channels; i++)
    draw(node, graph->input.bgr, i, scale, GAP + i % columns * cell_w, GAP + i / columns * cell_h, image);
  return image;
}

static bool run_filters(int argc, char **argv, GError **error) {
  g_autofree char *out = NULL;
  int scale = DEFAULT_SCALE;
  const GOptionEntry entries[] = {
      {"scale", 0, 0, G_OPTION_ARG_INT, &scale, "Pixels a weight (12)", "PX"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The picture to write, a PNG", "OUT.png"},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  if (!command_parse(&command_filters, entries, 1, 1, &argc, &argv, error))
    return error == NULL || *error == NULL;
  if (out == NULL || scale < 1 || scale > 64) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE,
                        out == NULL ? "-o is missing: the PNG to write" : "--scale: 1 to 64 expected");
    return false;
  }
  g_autoptr(NetGraph) graph = NULL;
  if (!net_open(argv[1], &graph, error))
    return false;
  const NetNode *node = first_convolution(graph);
  if (node == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no convolution reads the image's three colours", argv[1]);
    return false;
  }
  g_autoptr(Image) image = draw_all(graph, node, scale, error);
  return image != NULL && image_write_png(image, out, error);
}

const Command command_filters = {"filters", "NETWORK", "Draw the filters of the first convolution", run_filters};
