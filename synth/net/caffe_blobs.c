/* The blobs that a Caffe file names, and sizes along both axes. */
#include "synth/net/caffe.h"
#include "synth/net/message.h"

#define FAIL(...) message_fail(error, reader->file, "layer", layer->name, __VA_ARGS__)

void caffe_set_blob(CaffeReader *reader, const char *name, int node, const char *maker, bool flat) {
  CaffeBlob *blob = g_new(CaffeBlob, 1);
  *blob = (CaffeBlob){.node = node, .maker = maker, .flat = flat};
  g_hash_table_replace(reader->blobs, g_strdup(name), blob);
}

void caffe_set_input(CaffeReader *reader, const char *blob) {
  caffe_set_blob(reader, blob, 0, "data", false);
  reader->has_input = true;
}

const CaffeBlob *caffe_bottom(CaffeReader *reader, const CaffeLayer *layer, gsize k, GError **error) {
  const char *name = layer->bottoms[k];
  if (!reader->has_input && !g_hash_table_contains(reader->blobs, name))
    caffe_set_input(reader, name);
  const CaffeBlob *blob = g_hash_table_lookup(reader->blobs, name);
  if (blob == NULL) {
    g_autofree char *start = g_strndup(name, 60);
    g_autofree char *shown = g_strescape(start, NULL);
    FAIL("no layer before it makes its input '%s'", shown);
  }
  return blob;
}

const CaffeBlob *caffe_only_bottom(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  if (layer->n_bottoms != 1 || layer->n_tops != 1) {
    FAIL("a %s layer of one input and one output expected, found %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT, layer->type,
         layer->n_bottoms, layer->n_tops);
    return NULL;
  }
  return caffe_bottom(reader, layer, 0, error);
}

NetNode *caffe_add_node(CaffeReader *reader, const char *name, NetOp op, int input, GError **error) {
  return net_graph_add(reader->graph, name, op, &input, 1, error);
}

int caffe_last_node(const CaffeReader *reader) { return reader->graph->n_nodes - 1; }

bool caffe_axes(const CaffeReader *reader, const CaffeLayer *layer, const char *what, const guint32 *list, gsize n_list,
                const guint32 *h, const guint32 *w, guint32 fallback, int *out_h, int *out_w, GError **error) {
  const guint32 largest = 4096;
  guint32 vertical = fallback, horizontal = fallback;
  if (n_list > 2 || (n_list > 0 && (h != NULL || w != NULL)))
    return FAIL("its %s is given in more than one way", what);
  if (n_list > 0) {
    vertical = list[0];
    horizontal = list[n_list - 1];
  }
  if (h != NULL)
    vertical = *h;
  if (w != NULL)
    horizontal = *w;
  if (vertical > largest || horizontal > largest)
    return FAIL("its %s is over %u", what, largest);
  *out_h = (int)vertical;
  *out_w = (int)horizontal;
  return true;
}
