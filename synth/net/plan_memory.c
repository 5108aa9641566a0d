/* Memory of plans: buffers whose lives do not meet share it. */
#include <stdlib.h>

#include "stimuli/base/error.h"
#include "synth/net/plan_internal.h"

#define ALIGNMENT 64
#define ALIGN_FLOATS (ALIGNMENT / sizeof(float))

NetWorkspace *net_workspace_new(void) { return g_new0(NetWorkspace, 1); }

void net_workspace_free(NetWorkspace *workspace) {
  if (!workspace)
    return;
  free(workspace->memory);
  g_free(workspace);
}

static bool grow(NetPlan *plan, gsize floats, GError **error) {
  NetWorkspace *workspace = plan->workspace;
  if (floats <= workspace->floats)
    return true;
  float *memory = floats <= G_MAXSSIZE / sizeof(float) ? aligned_alloc(ALIGNMENT, floats * sizeof(float)) : NULL;
  if (!memory) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY,
                "%s: no memory for an image of %dx%d pixels, which needs %" G_GSIZE_FORMAT " MiB", plan->graph->name,
                plan->width, plan->height, floats / (1024 * 1024 / sizeof(float)));
    return false;
  }
  free(workspace->memory);
  workspace->memory = memory;
  workspace->floats = floats;
  return true;
}

static int larger_first(gconstpointer a, gconstpointer b) {
  const NetBuffer *x = *(const NetBuffer *const *)a, *y = *(const NetBuffer *const *)b;
  if (x->floats != y->floats)
    return x->floats > y->floats ? -1 : 1;
  return x < y ? -1 : x > y;
}

static gsize aligned(gsize floats) { return (floats + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS; }

/* The lowest offset where `buffer` meets none of the placed ones that live when it does. `placed` is in order of
 * offset. */
static gsize lowest_offset(const GPtrArray *placed, const NetBuffer *buffer) {
  gsize offset = 0;
  for (guint i = 0; i < placed->len; i++) {
    const NetBuffer *other = g_ptr_array_index(placed, i);
    if (other->last < buffer->first || buffer->last < other->first)
      continue;
    if (offset + buffer->floats <= other->offset)
      break;
    offset = MAX(offset, aligned(other->offset + other->floats));
  }
  return offset;
}

bool net_plan_allocate(NetPlan *plan, GError **error) {
  g_autoptr(GPtrArray) order = g_ptr_array_new(), placed = g_ptr_array_new();
  for (guint i = 0; i < plan->buffers->len; i++)
    g_ptr_array_add(order, &g_array_index(plan->buffers, NetBuffer, i));
  g_ptr_array_sort(order, larger_first);
  gsize total = 0;
  for (guint i = 0; i < order->len; i++) {
    NetBuffer *buffer = g_ptr_array_index(order, i);
    if (buffer->last < 0)
      continue;
    buffer->offset = lowest_offset(placed, buffer);
    total = MAX(total, aligned(buffer->offset + buffer->floats));
    guint rank = 0;
    while (rank < placed->len && ((const NetBuffer *)g_ptr_array_index(placed, rank))->offset <= buffer->offset)
      rank++;
    g_ptr_array_insert(placed, (int)rank, buffer);
  }
  plan->scratch_offset = total;
  plan->total_floats = total + aligned(plan->scratch_floats);
  return grow(plan, plan->total_floats, error);
}
