#include "synth/dream/tiles.h"

#include <string.h>

#include "stimuli/base/error.h"

typedef struct {
  int width, height;
  NetPlan *plan;
} SizedPlan;

struct Tiles {
  const NetGraph *graph;
  const Objective *objective;
  int tile;
  NetWorkspace *workspace, *own_workspace;
  GArray *plans;            /* SizedPlan */
  Image *rolled, *gradient; /* as large as the largest prepared image; used as packed (height, width, 3) arrays */
};

int tiles_count(int side, int tile) {
  int end = MAX(side - tile / 2, tile);
  return (end + tile - 1) / tile;
}

int tiles_length(int side, int tile, int i) { return MIN(tile, side - i * tile); }

Tiles *tiles_new(const NetGraph *graph, const Objective *objective, int tile, NetWorkspace *workspace) {
  g_assert(tile >= 1);
  Tiles *tiles = g_new0(Tiles, 1);
  tiles->graph = graph;
  tiles->objective = objective;
  tiles->tile = tile;
  if (!workspace)
    tiles->own_workspace = net_workspace_new();
  tiles->workspace = workspace ? workspace : tiles->own_workspace;
  tiles->plans = g_array_new(FALSE, FALSE, sizeof(SizedPlan));
  return tiles;
}

void tiles_free(Tiles *tiles) {
  if (!tiles)
    return;
  for (guint i = 0; i < tiles->plans->len; i++)
    net_plan_free(g_array_index(tiles->plans, SizedPlan, i).plan);
  g_array_free(tiles->plans, TRUE);
  net_workspace_free(tiles->own_workspace);
  image_free(tiles->rolled);
  image_free(tiles->gradient);
  g_free(tiles);
}

static NetPlan *find_plan(const Tiles *tiles, int width, int height) {
  for (guint i = 0; i < tiles->plans->len; i++) {
    const SizedPlan *sized = &g_array_index(tiles->plans, SizedPlan, i);
    if (sized->width == width && sized->height == height)
      return sized->plan;
  }
  return NULL;
}

static gsize area(const Image *image) { return image ? (gsize)image->width * (gsize)image->height : 0; }

static bool grow(Image **buffer, int width, int height, GError **error) {
  if (area(*buffer) >= (gsize)width * (gsize)height)
    return true;
  Image *larger = image_new(width, height, error);
  if (!larger)
    return false;
  image_free(*buffer);
  *buffer = larger;
  return true;
}

bool tiles_prepare(Tiles *tiles, int width, int height, GError **error) {
  if (!grow(&tiles->rolled, width, height, error) || !grow(&tiles->gradient, width, height, error))
    return false;
  int n_targets;
  const int *targets = objective_targets(tiles->objective, &n_targets);
  for (int j = 0; j < tiles_count(height, tiles->tile); j++)
    for (int i = 0; i < tiles_count(width, tiles->tile); i++) {
      SizedPlan sized = {tiles_length(width, tiles->tile, i), tiles_length(height, tiles->tile, j), NULL};
      if (find_plan(tiles, sized.width, sized.height))
        continue;
      sized.plan = net_plan_new(tiles->graph, sized.height, sized.width, targets, n_targets, tiles->workspace, error);
      if (!sized.plan)
        return false;
      g_array_append_val(tiles->plans, sized);
    }
  return true;
}

/* to[(y + shift_y) % height][(x + shift_x) % width] = from[y][x] */
static void roll(const float *from, float *to, int width, int height, int shift_x, int shift_y) {
  const gsize row = (gsize)width * 3, head = (gsize)shift_x * 3;
  for (int y = 0; y < height; y++) {
    const float *source = from + (gsize)y * row;
    float *target = to + (gsize)((y + shift_y) % height) * row;
    memcpy(target + head, source, (row - head) * sizeof(float));
    memcpy(target, source + row - head, head * sizeof(float));
  }
}

void tiles_gradient(Tiles *tiles, const Image *image, int shift_x, int shift_y, float *gradient) {
  const int width = image->width, height = image->height, tile = tiles->tile;
  g_assert(shift_x >= 0 && shift_y >= 0 && area(tiles->rolled) >= area(image));
  shift_x %= width;
  shift_y %= height;
  const gsize stride = (gsize)width * 3;
  roll(image->pixels, tiles->rolled->pixels, width, height, shift_x, shift_y);
  memset(tiles->gradient->pixels, 0, (gsize)height * stride * sizeof(float));
  for (int j = 0; j < tiles_count(height, tile); j++)
    for (int i = 0; i < tiles_count(width, tile); i++) {
      NetPlan *plan = find_plan(tiles, tiles_length(width, tile, i), tiles_length(height, tile, j));
      g_assert(plan);
      const gsize at = (gsize)(j * tile) * stride + (gsize)(i * tile) * 3;
      net_plan_forward(plan, tiles->rolled->pixels + at, stride);
      objective_gradient(tiles->objective, plan);
      net_plan_backward(plan, tiles->gradient->pixels + at, stride);
    }
  roll(tiles->gradient->pixels, gradient, width, height, (width - shift_x) % width, (height - shift_y) % height);
}

double tiles_objective(Tiles *tiles, const Image *image) {
  const int width = image->width, height = image->height, tile = tiles->tile;
  const gsize stride = (gsize)width * 3;
  double sum = 0, pixels = 0;
  for (int j = 0; j < tiles_count(height, tile); j++)
    for (int i = 0; i < tiles_count(width, tile); i++) {
      const int tile_w = tiles_length(width, tile, i), tile_h = tiles_length(height, tile, j);
      NetPlan *plan = find_plan(tiles, tile_w, tile_h);
      g_assert(plan);
      net_plan_forward(plan, image->pixels + (gsize)(j * tile) * stride + (gsize)(i * tile) * 3, stride);
      const double weight = (double)tile_w * tile_h;
      sum += weight * objective_value(tiles->objective, plan);
      pixels += weight;
    }
  return sum / pixels;
}
