/* Trained Caffe models, in the layer format of 2014 ("layers") and the later one ("layer").
 *
 * Source: the message definitions of BVLC Caffe (caffe.proto). */
#include "synth/net/caffe.h"

#include <string.h>

#include "synth/net/import.h"
#include "synth/net/message.h"

/* Words of the old format's layer types that the new format has too. */
static const struct {
  int type;
  const char *word;
} v1_types[] = {{1, "Accuracy"},
                {2, "BNLL"},
                {3, "Concat"},
                {4, "Convolution"},
                {5, "Data"},
                {6, "Dropout"},
                {7, "EuclideanLoss"},
                {8, "Flatten"},
                {9, "HDF5Data"},
                {12, "ImageData"},
                {13, "InfogainLoss"},
                {14, "InnerProduct"},
                {15, "LRN"},
                {16, "MultinomialLogisticLoss"},
                {17, "Pooling"},
                {18, "ReLU"},
                {19, "Sigmoid"},
                {20, "Softmax"},
                {21, "SoftmaxWithLoss"},
                {22, "Split"},
                {23, "TanH"},
                {24, "WindowData"},
                {25, "Eltwise"},
                {26, "Power"},
                {27, "SigmoidCrossEntropyLoss"},
                {28, "HingeLoss"},
                {29, "MemoryData"},
                {32, "DummyData"},
                {33, "Slice"},
                {35, "AbsVal"},
                {36, "Silence"},
                {37, "ContrastiveLoss"},
                {39, "Deconvolution"}};

static CaffeLayer from_v1(const Caffe__LayerV1 *layer) {
  const char *type = "of an unknown number";
  for (gsize i = 0; i < G_N_ELEMENTS(v1_types); i++)
    if (layer->type == v1_types[i].type)
      type = v1_types[i].word;
  return (CaffeLayer){.name = layer->name,
                      .type = type,
                      .bottoms = layer->bottom,
                      .tops = layer->top,
                      .n_bottoms = layer->n_bottom,
                      .n_tops = layer->n_top,
                      .blobs = layer->blobs,
                      .n_blobs = layer->n_blobs,
                      .concat = layer->concat,
                      .convolution = layer->convolution,
                      .inner_product = layer->inner_product,
                      .lrn = layer->lrn,
                      .pooling = layer->pooling,
                      .relu = layer->relu};
}

static CaffeLayer from_v2(const Caffe__Layer *layer) {
  return (CaffeLayer){.name = layer->name,
                      .type = layer->type != NULL ? layer->type : "",
                      .bottoms = layer->bottom,
                      .tops = layer->top,
                      .n_bottoms = layer->n_bottom,
                      .n_tops = layer->n_top,
                      .blobs = layer->blobs,
                      .n_blobs = layer->n_blobs,
                      .concat = layer->concat,
                      .convolution = layer->convolution,
                      .inner_product = layer->inner_product,
                      .lrn = layer->lrn,
                      .pooling = layer->pooling,
                      .relu = layer->relu};
}

/* BGR less a mean: the one the file's data layer was trained with where it says so; else VGG's for VGG's own files, and
 * ImageNet's as BVLC rounds it for the rest. */
static NetInput input_of(const Caffe__Net *net) {
  NetInput input = {.bgr = true, .mean = {104, 117, 123}, .scale = {1, 1, 1}};
  const float vgg[3] = {103.939f, 116.779f, 123.68f};
  if (net->name != NULL && g_str_has_prefix(net->name, "VGG_ILSVRC"))
    memcpy(input.mean, vgg, sizeof vgg);
  const Caffe__Transform *transform = NULL;
  for (gsize i = 0; i < net->n_layers && transform == NULL; i++)
    transform = net->layers[i]->transform;
  for (gsize i = 0; i < net->n_layer && transform == NULL; i++)
    transform = net->layer[i]->transform;
  if (transform != NULL && transform->n_mean_value == 3)
    memcpy(input.mean, transform->mean_value, sizeof input.mean);
  if (transform != NULL && transform->has_scale)
    for (int c = 0; c < 3; c++)
      input.scale[c] = transform->scale;
  return input;
}

/* The input that a file declares at its head: name, and (1, channels, height, width). */
static bool declared_input(CaffeReader *reader, const Caffe__Net *net, GError **error) {
  if (net->n_input > 0)
    caffe_set_input(reader, net->input[0]);
  gint64 dims[4] = {0};
  if (net->n_input_shape > 0 && net->input_shape[0]->n_dim == 4)
    memcpy(dims, net->input_shape[0]->dim, sizeof dims);
  else if (net->n_input_dim >= 4)
    for (int i = 0; i < 4; i++)
      dims[i] = net->input_dim[i];
  else
    return true;
  const int largest = 16384;
  if (dims[1] != 3)
    return message_fail(error, reader->file, NULL, NULL, "an input of 3 channels expected, found %" G_GINT64_FORMAT,
                        dims[1]);
  if (dims[2] < 1 || dims[2] > largest || dims[3] < 1 || dims[3] > largest)
    return message_fail(error, reader->file, NULL, NULL, "an input of 1 to %d pixels a side expected", largest);
  reader->height = (int)dims[2];
  reader->width = (int)dims[3];
  return true;
}

static bool read_net(CaffeReader *reader, const Caffe__Net *net, GError **error) {
  if (net->n_layer > 0 && net->n_layers > 0)
    return message_fail(error, reader->file, NULL, NULL, "layers of both of Caffe's formats in one file");
  gsize n_layers = net->n_layer + net->n_layers;
  if (n_layers < 1 || n_layers > MESSAGE_MAX_NODES / 4)
    return message_fail(error, reader->file, NULL, NULL,
                        "a Caffe model of %" G_GSIZE_FORMAT " layers; 1 to %d expected", n_layers,
                        MESSAGE_MAX_NODES / 4);
  if (net_graph_add(reader->graph, "data", NET_INPUT, NULL, 0, error) == NULL || !declared_input(reader, net, error))
    return false;
  for (gsize i = 0; i < n_layers; i++) {
    CaffeLayer layer = net->n_layer > 0 ? from_v2(net->layer[i]) : from_v1(net->layers[i]);
    if (!message_check_name(reader->file, "layer", layer.name, error) || !caffe_add_layer(reader, &layer, error))
      return false;
  }
  return net_graph_seal(reader->graph, error);
}

bool net_read_caffe(const char *name, const void *data, gsize size, NetGraph **graph, GError **error) {
  ProtobufCMessage *message = NULL;
  if (!message_unpack(name, "Caffe model", &caffe__net__descriptor, data, size, &message, error))
    return false;
  const Caffe__Net *net = (const Caffe__Net *)message;
  NetInput input = input_of(net);
  g_autofree char *base = g_path_get_basename(name);
  g_autoptr(GHashTable) blobs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  CaffeReader reader = {.file = name, .graph = net_graph_new(base, &input), .blobs = blobs};
  bool ok = read_net(&reader, net, error);
  if (ok)
    *graph = g_steal_pointer(&reader.graph);
  net_graph_free(reader.graph);
  message_free(message);
  return ok;
}
