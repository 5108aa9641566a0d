#include "synth/dream/ascent.h"

/* Large enough for every layer of the networks in use; only ratios count. */
#define SIDE 256
/* Rolling, resizing, pooling and normalising, in multiply-accumulates a pixel; measured on inception5h's first layers.
 */
#define WORK_BESIDES 2000.0

static void mark_ancestors(const NetGraph *graph, int node, bool *needed) {
  needed[node] = true;
  for (int i = node; i > 0; i--)
    for (int k = 0; needed[i] && k < graph->nodes[i].n_inputs; k++)
      needed[graph->nodes[i].inputs[k]] = true;
}

double ascent_estimate_work(const NetGraph *graph, int node) {
  g_autofree bool *needed = g_new0(bool, graph->n_nodes);
  g_autofree NetShape *shapes = g_new(NetShape, graph->n_nodes);
  mark_ancestors(graph, node, needed);
  net_graph_shapes(graph, SIDE, SIDE, shapes);
  double macs = 0;
  for (int i = 1; i < graph->n_nodes; i++) {
    const NetNode *at = &graph->nodes[i];
    if (needed[i] && at->op == NET_CONV)
      macs += (double)at->n_weights * shapes[i].height * shapes[i].width;
    else if (needed[i] && at->op == NET_DENSE)
      macs += (double)at->n_weights;
  }
  return macs / ((double)SIDE * SIDE) + WORK_BESIDES;
}
