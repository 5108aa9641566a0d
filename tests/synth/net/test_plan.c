/* Plans: graphs of any wiring against the naive network, several targets, shared workspaces, threads. */
#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "synth/net/architectures.h"
#include "synth/net/plan.h"
#include "tests/support.h"
#include "tests/synth/net/naive.h"

#define HEIGHT 9
#define WIDTH 7
#define MAX_NODES 16

/* A graph that grows at random; each node knows its size, so that concats can choose partners. */
typedef struct {
  NetGraph *graph;
  int heights[MAX_NODES], widths[MAX_NODES];
  Random *random;
} Growing;

static int pick(Growing *g, int bound) { return (int)random_below(g->random, (guint32)bound); }

static void note_size(Growing *g, int node, int from, bool windowed) {
  const NetWindow *w = &g->graph->nodes[node].window;
  g->heights[node] = windowed ? net_window_output(w, true, g->heights[from], NULL) : g->heights[from];
  g->widths[node] = windowed ? net_window_output(w, false, g->widths[from], NULL) : g->widths[from];
}

static void grow_concat(Growing *g, int from) {
  int inputs[MAX_NODES], n_inputs = 0, n_nodes = g->graph->n_nodes;
  for (int i = 0; i < n_nodes && n_inputs < 4; i++)
    if (g->heights[i] == g->heights[from] && g->widths[i] == g->widths[from] && pick(g, 2))
      inputs[n_inputs++] = i;
  inputs[n_inputs++] = from;
  g_autofree char *name = g_strdup_printf("concat%d", n_nodes);
  g_autoptr(GError) error = NULL;
  net_graph_add(g->graph, name, NET_CONCAT, inputs, n_inputs, &error);
  g_assert_no_error(error);
  note_size(g, n_nodes, from, false);
}

static void grow_windowed(Growing *g, NetOp op, int from) {
  NetWindow w = {1 + 2 * pick(g, 2), 1 + 2 * pick(g, 2), 1, 1, NET_PAD_SAME, 0, 0};
  if (pick(g, 4) == 0)
    w.stride_h = w.stride_w = 2;
  int node;
  if (op == NET_CONV) {
    node = naive_conv(g->graph, from, 2 + pick(g, 4), 1, w, g->random);
  } else {
    node = naive_plain(g->graph, op, from);
    g->graph->nodes[node].window = w;
  }
  note_size(g, node, from, true);
}

static void grow(Growing *g) {
  int n_nodes = g->graph->n_nodes;
  /* Mostly onwards from the last node, so that units, towers and concats arise; sometimes from an earlier one. */
  int from = pick(g, 3) ? n_nodes - 1 : pick(g, n_nodes);
  static const NetOp ops[] = {NET_CONV, NET_CONV,   NET_BIAS,   NET_BIAS,    NET_RELU,    NET_RELU,
                              NET_LRN,  NET_CONCAT, NET_CONCAT, NET_MAXPOOL, NET_AVGPOOL, NET_DROPOUT};
  NetOp op = ops[pick(g, G_N_ELEMENTS(ops))];
  if (op == NET_CONCAT) {
    grow_concat(g, from);
  } else if (op == NET_CONV || op == NET_MAXPOOL || op == NET_AVGPOOL) {
    grow_windowed(g, op, from);
  } else {
    int node = op == NET_BIAS ? naive_bias(g->graph, from, g->random) : naive_plain(g->graph, op, from);
    g->graph->nodes[node].lrn = (NetLrn){2, 1.0f, 0.02f, 0.75f};
    note_size(g, node, from, false);
  }
}

static void test_random_wiring(void) {
  for (guint32 seed = 0; seed < 400; seed++) {
    Random random;
    random_init(&random, seed);
    g_autoptr(NetGraph) graph = naive_graph();
    Growing growing = {.graph = graph, .heights = {HEIGHT}, .widths = {WIDTH}, .random = &random};
    int n_nodes = 5 + pick(&growing, MAX_NODES - 5);
    while (graph->n_nodes < n_nodes)
      grow(&growing);
    naive_seal(graph);
    int targets[3], n_targets = 1 + pick(&growing, 3);
    for (int t = 0; t < n_targets; t++)
      targets[t] = t == 0 ? n_nodes - 1 : pick(&growing, n_nodes);
    naive_check(graph, HEIGHT, WIDTH, targets, n_targets, 2, &random);
    if (g_test_failed()) {
      g_test_message("seed %u", seed);
      return;
    }
  }
}

static NetGraph *tiny_network(void) {
  g_autoptr(GError) error = NULL;
  NetGraph *graph = net_inception5h_new("tiny", 0.06, 10, 3, &error);
  g_assert_no_error(error);
  return graph;
}

static void test_units_and_their_sides(void) {
  g_autoptr(NetGraph) graph = tiny_network();
  const char *const names[] = {"mixed3a_1x1_pre_relu", "mixed3a_1x1", "mixed3a", "mixed3b_3x3_pre_relu", "maxpool4"};
  int targets[G_N_ELEMENTS(names)];
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    targets[i] = net_graph_find(graph, names[i]);
  Random random;
  random_init(&random, 4);
  naive_check(graph, 33, 47, targets, G_N_ELEMENTS(names), 3, &random);
  naive_check(graph, 33, 47, targets, 1, 3, &random);
}

static void test_whole_network_to_its_classifiers(void) {
  g_autoptr(NetGraph) graph = tiny_network();
  int targets[] = {net_graph_find(graph, "softmax0"), net_graph_find(graph, "softmax1_pre_activation"),
                   net_graph_find(graph, "mixed5b")};
  g_assert_cmpint(targets[0], >, 0);
  Random random;
  random_init(&random, 5);
  naive_check(graph, 224, 224, targets, 3, 1, &random);
}

static void test_only_ancestors_run(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("full", 1.0, 1008, 3, &error);
  g_assert_no_error(error);
  /* Counted from the reference table of blocks; mixed5b at 512x512 is its 8.27 GMAC. */
  const struct {
    const char *layer;
    int height, width;
    double macs;
  } cases[] = {{"mixed5b", 512, 512, 8274804736.0}, {"mixed4c", 301, 207, 1473963296.0}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int target = net_graph_find(graph, cases[i].layer);
    g_autoptr(NetPlan) plan = net_plan_new(graph, cases[i].height, cases[i].width, &target, 1, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(net_plan_macs(plan), ==, cases[i].macs);
    g_assert_cmpuint(net_plan_bytes(plan), <, 140u << 20); /* what the reference expects of a 512x512 tile */
  }
}

/* One step on a fixed image: activation's and gradient's bytes as one digest. */
static char *step_digest(NetPlan *plan, int height, int width) {
  gsize n = (gsize)(3 * height * width);
  g_autofree float *pixels = g_new(float, n), *gradient = g_new(float, n);
  for (gsize i = 0; i < n; i++)
    pixels[i] = (float)(i * 7919 % 256);
  net_plan_forward(plan, pixels, (gsize)(3 * width));
  NetShape shape;
  const float *activation = net_plan_activation(plan, 0, &shape);
  gsize size = (gsize)shape.channels * (gsize)shape.height * (gsize)shape.width;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)activation, (gssize)(size * sizeof(float)));
  for (gsize i = 0; i < size; i++)
    net_plan_gradient(plan, 0)[i] = (float)(i % 13) - 6;
  net_plan_backward(plan, gradient, (gsize)(3 * width));
  g_checksum_update(checksum, (const guchar *)gradient, (gssize)(n * sizeof(float)));
  return g_strdup(g_checksum_get_string(checksum));
}

static void test_plans_share_a_workspace(void) {
  g_autoptr(NetGraph) graph = tiny_network();
  g_autoptr(GError) error = NULL;
  g_autoptr(NetWorkspace) workspace = net_workspace_new();
  const int sizes[][2] = {{61, 47}, {96, 128}, {33, 64}};
  int target = net_graph_find(graph, "mixed4b");
  NetPlan *plans[3];
  char *alone[3];
  for (int i = 0; i < 3; i++) {
    g_autoptr(NetPlan) plan = net_plan_new(graph, sizes[i][0], sizes[i][1], &target, 1, NULL, &error);
    g_assert_no_error(error);
    alone[i] = step_digest(plan, sizes[i][0], sizes[i][1]);
    plans[i] = net_plan_new(graph, sizes[i][0], sizes[i][1], &target, 1, workspace, &error);
    g_assert_no_error(error);
  }
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < 3; i++) {
      g_autofree char *shared = step_digest(plans[i], sizes[i][0], sizes[i][1]);
      g_assert_cmpstr(shared, ==, alone[i]);
    }
  for (int i = 0; i < 3; i++) {
    net_plan_free(plans[i]);
    g_free(alone[i]);
  }
}

typedef struct {
  const NetGraph *graph;
  char *digest;
} Thread;

static gpointer run_thread(gpointer data) {
  Thread *thread = data;
  int target = net_graph_find(thread->graph, "mixed4e");
  g_autoptr(NetPlan) plan = net_plan_new(thread->graph, 95, 128, &target, 1, NULL, NULL);
  g_assert_nonnull(plan);
  thread->digest = step_digest(plan, 95, 128);
  return NULL;
}

static void test_results_do_not_depend_on_threads(void) {
  g_autoptr(NetGraph) graph = tiny_network();
  Thread alone = {graph, NULL}, together[4];
  run_thread(&alone);
  GThread *threads[4];
  for (int i = 0; i < 4; i++) {
    together[i] = (Thread){graph, NULL};
    threads[i] = g_thread_new("plan", run_thread, &together[i]);
  }
  for (int i = 0; i < 4; i++) {
    g_thread_join(threads[i]);
    g_assert_cmpstr(together[i].digest, ==, alone.digest);
    g_free(together[i].digest);
  }
  g_free(alone.digest);
}

static void test_activation_survives_backward(void) {
  g_autoptr(NetGraph) graph = tiny_network();
  g_autoptr(GError) error = NULL;
  int target = net_graph_find(graph, "mixed3a_3x3_pre_relu");
  g_autoptr(NetPlan) plan = net_plan_new(graph, 50, 40, &target, 1, NULL, &error);
  g_assert_no_error(error);
  g_autofree float *pixels = g_new0(float, 3 * 50 * 40), *gradient = g_new(float, 3 * 50 * 40);
  net_plan_forward(plan, pixels, 120);
  NetShape shape;
  const float *activation = net_plan_activation(plan, 0, &shape);
  gsize size = (gsize)shape.channels * (gsize)shape.height * (gsize)shape.width * sizeof(float);
  g_autofree float *before = g_memdup2(activation, size);
  memset(net_plan_gradient(plan, 0), 0, size);
  net_plan_backward(plan, gradient, 120);
  g_assert_true(memcmp(before, net_plan_activation(plan, 0, NULL), size) == 0);
}

static void test_too_small_an_image_is_refused(void) {
  g_autoptr(NetGraph) graph = tiny_network();
  g_autoptr(GError) error = NULL;
  int target = net_graph_find(graph, "head0_pool");
  g_assert_null(net_plan_new(graph, 64, 70, &target, 1, NULL, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(
      error->message, ==,
      "tiny: layer head0_pool cannot be computed for an image of 70x64 pixels; the smallest size that works "
      "is 65x65");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  g_test_add_func("/net/plan/random wiring agrees with the naive network", test_random_wiring);
  g_test_add_func("/net/plan/both sides of a unit, its block and what follows as targets", test_units_and_their_sides);
  g_test_add_func("/net/plan/the whole network to its classifiers", test_whole_network_to_its_classifiers);
  g_test_add_func("/net/plan/only the targets' ancestors run", test_only_ancestors_run);
  g_test_add_func("/net/plan/plans share a workspace", test_plans_share_a_workspace);
  g_test_add_func("/net/plan/results do not depend on threads", test_results_do_not_depend_on_threads);
  g_test_add_func("/net/plan/the activation survives backward", test_activation_survives_backward);
  g_test_add_func("/net/plan/too small an image is refused", test_too_small_an_image_is_refused);
  return g_test_run();
}
