#include <math.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "synth/net/architectures.h"
#include "synth/net/import.h"
#include "synth/net/plan.h"
#include "synth/net/safetensors.h"
#include "tests/support.h"
#include "tests/synth/net/networks.h"

/* A file of this header, without terminator, and these bytes of data. */
static GBytes *file_of(const char *header, const void *data, gsize size) {
  GByteArray *file = g_byte_array_new();
  guint64 length = GUINT64_TO_LE((guint64)strlen(header));
  g_byte_array_append(file, (const guint8 *)&length, sizeof length);
  g_byte_array_append(file, (const guint8 *)header, (guint)strlen(header));
  g_byte_array_append(file, data, (guint)size);
  return g_byte_array_free_to_bytes(file);
}

static void assert_refused(const char *header, gsize size, const char *message) {
  g_autofree guint8 *data = g_malloc0(size + 1);
  g_autoptr(GBytes) bytes = file_of(header, data, size);
  g_autoptr(GError) error = NULL;
  SafetensorsFile *file = NULL;
  g_assert_false(
      safetensors_parse("n.safetensors", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &file, &error));
  g_assert_null(file);
  if (strstr(error->message, message) == NULL || strstr(error->message, "n.safetensors") == NULL)
    g_error("'%s' expected, got '%s'", message, error->message);
}

static NetGraph *open_network(const char *name) {
  GError *error = NULL;
  NetGraph *graph = NULL;
  net_open(name, &graph, &error);
  g_assert_no_error(error);
  return graph;
}

static void assert_same_bytes(const void *a, const void *b, gsize n) { g_assert_true(n == 0 || memcmp(a, b, n) == 0); }

static void assert_same_graph(const NetGraph *a, const NetGraph *b) {
  g_assert_cmpint(a->n_nodes, ==, b->n_nodes);
  g_assert_cmpint(a->input.bgr, ==, b->input.bgr);
  assert_same_bytes(a->input.mean, b->input.mean, sizeof b->input.mean);
  assert_same_bytes(a->input.scale, b->input.scale, sizeof b->input.scale);
  g_assert_cmpstr(a->note, ==, b->note);
  for (int i = 0; i < a->n_nodes; i++) {
    const NetNode *x = &a->nodes[i], *y = &b->nodes[i];
    g_assert_cmpstr(x->name, ==, y->name);
    g_assert_cmpint(x->op, ==, y->op);
    g_assert_cmpint(x->n_inputs, ==, y->n_inputs);
    g_assert_cmpuint(x->n_weights, ==, y->n_weights);
    assert_same_bytes(x->inputs, y->inputs, (gsize)y->n_inputs * sizeof(int));
    assert_same_bytes(&x->window, &y->window, sizeof y->window);
    assert_same_bytes(&x->lrn, &y->lrn, sizeof y->lrn);
    g_assert_cmpint(x->groups, ==, y->groups);
    g_assert_cmpint(x->order, ==, y->order);
    g_assert_cmpint(x->channels, ==, y->channels);
    g_assert_cmpint(x->depth, ==, y->depth);
    g_assert_cmpint(x->average_counts_padding, ==, y->average_counts_padding);
    assert_same_bytes(x->weights, y->weights, y->n_weights * sizeof(float));
  }
}

/* The mean's gradient of a layer with respect to a noise-like image. */
static void run_layer(const NetGraph *graph, const char *layer, int height, int width, float *gradient) {
  GError *error = NULL;
  int target = net_graph_find(graph, layer);
  g_autoptr(NetPlan) plan = net_plan_new(graph, height, width, &target, 1, NULL, &error);
  g_assert_no_error(error);
  gsize stride = 3 * (gsize)width;
  g_autofree float *pixels = g_new(float, stride *(gsize)height);
  for (gsize i = 0; i < stride * (gsize)height; i++)
    pixels[i] = (float)((i * 7919) % 256);
  net_plan_forward(plan, pixels, stride);
  NetShape shape;
  net_plan_activation(plan, 0, &shape);
  float *seed = net_plan_gradient(plan, 0);
  for (int i = 0; i < shape.channels * shape.height * shape.width; i++)
    seed[i] = 1.0f / (float)(shape.channels * shape.height * shape.width);
  net_plan_backward(plan, gradient, stride);
}

/* To the 11 bits of IEEE 754 binary16, ties to even; below 2^-14 to multiples of 2^-24. */
static void round_weights(NetGraph *graph) {
  for (int i = 0; i < graph->n_nodes; i++)
    for (gsize k = 0; k < graph->nodes[i].n_weights; k++) {
      int exponent = 0;
      frexpf(graph->nodes[i].weights[k], &exponent);
      float step = ldexpf(1, MAX(exponent - 11, -24));
      graph->nodes[i].weights[k] = rintf(graph->nodes[i].weights[k] / step) * step;
    }
  net_graph_refresh(graph);
}

/* What comes back is the network with its weights in half precision, and comes back unchanged from then on. */
static void round_trip(const char *name, const char *layer, int height, int width) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "net.safetensors", NULL);
  g_autofree char *again = g_build_filename(folder, "again.safetensors", NULL), *one = NULL, *two = NULL;
  GError *error = NULL;
  g_autoptr(NetGraph) graph = open_network(name);
  net_write_safetensors(graph, path, &error);
  g_assert_no_error(error);
  g_autoptr(NetGraph) back = open_network(path);
  round_weights(graph);
  assert_same_graph(graph, back);
  g_assert_cmpstr(back->name, ==, graph->name);
  files_sha256(path, &one, NULL);
  g_assert_cmpstr(back->digest, ==, one);
  net_write_safetensors(back, again, &error);
  g_assert_no_error(error);
  files_sha256(again, &two, NULL);
  g_assert_cmpstr(one, ==, two);

  gsize bytes = 3 * (gsize)height * (gsize)width * sizeof(float);
  g_autofree float *before = g_malloc(bytes), *after = g_malloc(bytes);
  run_layer(graph, layer, height, width, before);
  run_layer(back, layer, height, width, after);
  assert_same_bytes(before, after, bytes);
  support_remove(folder);
}

static void tensorflow_round_trip(void) {
  g_autofree char *path = support_data("tiny5h/net.pb");
  round_trip(path, "mixed5b", 97, 131);
}

static void mini_round_trip(void) { round_trip("mini", "head1_bottleneck", 224, 224); }

static void caffe_round_trip(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.caffemodel", NULL);
  Caffe__Net *net = networks_caffe_example();
  g_autoptr(GBytes) bytes = networks_caffe_pack(net);
  caffe__net__free_unpacked(net, NULL);
  GError *error = NULL;
  files_write(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), FILES_PUBLIC, &error);
  g_assert_no_error(error);
  round_trip(path, "ip", 9, 11);
  support_remove(folder);
}

/* python3 -c 'import numpy as n; print(n.array([0x3555,0xbc01,1,0x7bff],n.uint16).view(n.float16).astype(n.float32))'
 * and the same bits shifted by 16 as float32 for bfloat16. */
static void three_types_are_read(void) {
  static const guint8 data[] = {0x00, 0x00, 0xc0, 0x3f, 0x55, 0x35, 0x01, 0xbc, 0x01, 0x00,
                                0xff, 0x7b, 0x9e, 0x3f, 0x49, 0xc0, 0x00, 0x80, 0x80, 0x3f};
  g_autoptr(GBytes) bytes = file_of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                                    "\"c\":{\"dtype\":\"BF16\",\"shape\":[1,4],\"data_offsets\":[12,20]},"
                                    "\"b\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[4,12]}}  ",
                                    data, sizeof data);
  GError *error = NULL;
  g_autoptr(SafetensorsFile) file = NULL;
  safetensors_parse("n", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &file, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(file->n_tensors, ==, 3);
  float values[4];
  safetensors_floats(safetensors_find(file, "a"), values);
  g_assert_cmpfloat(values[0], ==, 1.5f);
  safetensors_floats(safetensors_find(file, "b"), values);
  g_assert_cmpfloat(values[0], ==, 0.333251953125f);
  g_assert_cmpfloat(values[1], ==, -1.0009765625f);
  g_assert_cmpfloat(values[2], ==, 5.9604644775390625e-8f);
  g_assert_cmpfloat(values[3], ==, 65504.0f);
  safetensors_floats(safetensors_find(file, "c"), values);
  g_assert_cmpfloat(values[0], ==, 1.234375f);
  g_assert_cmpfloat(values[1], ==, -3.140625f);
  g_assert_true(values[2] == 0 && signbit(values[2]));
  g_assert_cmpfloat(values[3], ==, 1.0f);
  g_assert_null(safetensors_find(file, "d"));
}

#define TENSOR(name, dtype, shape, offsets)                                                                            \
  "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static void containers_must_tile(void) {
  assert_refused("{" TENSOR("a", "F32", "[2]", "[0,8]") "," TENSOR("b", "F32", "[1]", "[4,8]") "}", 8,
                 "'b': its bytes overlap");
  assert_refused("{" TENSOR("a", "F32", "[1]", "[0,4]") "," TENSOR("b", "F32", "[1]", "[8,12]") "}", 12,
                 "'b': its bytes come after a hole");
  assert_refused("{" TENSOR("a", "F32", "[1]", "[4,8]") "}", 8, "'a': its bytes come after a hole");
  assert_refused("{" TENSOR("a", "F32", "[1]", "[0,4]") "}", 8, "4 bytes of tensors expected, found 8");
  assert_refused("{" TENSOR("a", "F32", "[3]", "[0,12]") "}", 8, "the file may be truncated");
  assert_refused("{" TENSOR("a", "F32", "[3]", "[0,8]") "}", 8, "12 bytes expected for its shape, found 8");
  assert_refused("{" TENSOR("a", "F32", "[2]", "[8,0]") "}", 8, "data_offsets must be [begin, end)");
  assert_refused("{" TENSOR("a", "F32", "[2]", "[-8,0]") "}", 8, "data_offsets must be [begin, end)");
  assert_refused("{" TENSOR("a", "F32", "[2]", "[0,8.0]") "}", 8, "data_offsets must be [begin, end)");
  assert_refused("{" TENSOR("a", "I64", "[1]", "[0,8]") "}", 8, "dtype must be F32, F16 or BF16");
  assert_refused("{" TENSOR("a", "F32", "[0]", "[0,0]") "}", 0, "shape must be");
  assert_refused("{" TENSOR("a", "F32", "[2147483647,2147483647,2147483647]", "[0,8]") "}", 8, "shape must be");
  assert_refused("{" TENSOR("a", "F32", "[1,1,1,1,1]", "[0,4]") "}", 4, "shape must be");
  assert_refused("{" TENSOR("a", "F32", "[2]", "[0,8]") "," TENSOR("a", "F32", "[2]", "[0,8]") "}", 8, "a");
  assert_refused("{\"a\":3}", 0, "'a': an object expected");
  assert_refused("[]", 0, "must be an object");
  assert_refused("{\"__metadata__\":{\"n\":1}}", 0, "__metadata__ must be an object of strings");
}

static void header_length_is_checked(void) {
  static const guint64 lengths[] = {9, G_MAXUINT64, ((guint64)100 << 20) + 1, (guint64)G_MAXINT64};
  for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
    guint8 file[16] = "........{}      ";
    guint64 length = GUINT64_TO_LE(lengths[i]);
    memcpy(file, &length, sizeof length);
    g_autoptr(GError) error = NULL;
    SafetensorsFile *result = NULL;
    g_assert_false(safetensors_parse("n", file, sizeof file, &result, &error));
    g_assert_nonnull(strstr(error->message, "a safetensors header of at most 8 bytes expected"));
  }
}

/* Replaces `what` by `with`, of equal length, in the file of the example network, and expects this message. */
static void assert_edit_refused(const char *what, const char *with, const char *message) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "n.safetensors", NULL), *data = NULL;
  GError *error = NULL;
  gsize size = 0;
  g_autoptr(NetGraph) graph = NULL, edited = NULL;
  Caffe__Net *net = networks_caffe_example();
  g_autoptr(GBytes) bytes = networks_caffe_pack(net);
  caffe__net__free_unpacked(net, NULL);
  net_read_caffe("a", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &graph, &error);
  net_write_safetensors(graph, path, &error);
  files_read(path, (gsize)1 << 20, &data, &size, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(strlen(what), ==, strlen(with));
  char *at = g_strstr_len(data + 8, (gssize)size - 8, what);
  g_assert_nonnull(at);
  memcpy(at, with, strlen(with));
  g_assert_false(net_read_safetensors("n.safetensors", data, size, &edited, &error));
  if (strstr(error->message, message) == NULL)
    g_error("'%s' expected, got '%s'", message, error->message);
  g_error_free(error);
  support_remove(folder);
}

static void node_lists_are_checked(void) {
  assert_edit_refused("dreamrig 1", "dreamrig 9", "a safetensors file without a node list");
  assert_edit_refused("\\\"lrn\\\"", "\\\"lrx\\\"", "node 'norm1': \"op\" must be one of input, conv");
  assert_edit_refused("\\\"ceil\\\"", "\\\"cell\\\"", "\"padding\" must be one of same, valid, explicit, ceil");
  assert_edit_refused("\\\"groups\\\"", "\\\"grOups\\\"", "an integer \"groups\"");
  assert_edit_refused("\\\"norm1\\\"", "\\\"conv1\\\"", "conv1");
  assert_edit_refused("\\\"alpha\\\"", "\\\"alpxa\\\"", "node 'norm1': a number \"alpha\" expected");
}

static void an_unwritable_place_is_an_error(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = net_mini_new(&error);
  g_assert_no_error(error);
  g_assert_false(net_write_safetensors(graph, "/nonexistent/folder/n.safetensors", &error));
  g_assert_nonnull(strstr(error->message, "/nonexistent/folder/n.safetensors"));
  g_error_free(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  g_test_add_func("/synth/net/safetensors/a TensorFlow network survives a round trip", tensorflow_round_trip);
  g_test_add_func("/synth/net/safetensors/a Caffe network survives a round trip", caffe_round_trip);
  g_test_add_func("/synth/net/safetensors/the bundled network survives a round trip", mini_round_trip);
  g_test_add_func("/synth/net/safetensors/F32, F16 and BF16 are read", three_types_are_read);
  g_test_add_func("/synth/net/safetensors/tensors must tile the buffer", containers_must_tile);
  g_test_add_func("/synth/net/safetensors/the header's length is checked", header_length_is_checked);
  g_test_add_func("/synth/net/safetensors/node lists are checked", node_lists_are_checked);
  g_test_add_func("/synth/net/safetensors/an unwritable place is an error", an_unwritable_place_is_an_error);
  return g_test_run();
}
