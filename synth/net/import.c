#include "synth/net/import.h"

#include <string.h>

#include "stimuli/base/files.h"
#include "synth/net/architectures.h"
#include "synth/net/message.h"
#include "synth/net/safetensors.h"

#define KNOWN_FORMATS                                                                                                  \
  "known are TensorFlow GraphDef (.pb), Caffe (.caffemodel) and dreamrig's safetensors, and the bundled network mini"

static const gsize largest_file = (gsize)2 << 30;

typedef bool (*ReadNetwork)(const char *name, const void *data, gsize size, NetGraph **graph, GError **error);

/* Files that are not networks of a known format, but that people hand in as such. */
static const struct {
  const char *bytes;
  gsize n_bytes, at;
  const char *what;
} foreign[] = {
    {"PK\3\4", 4, 0, "a zip archive; unpack it first (a .pth of PyTorch holds no architecture and is not supported)"},
    {"\x89HDF\r\n\x1a\n", 8, 0, "an HDF5 file (Keras)"},
    {"\x80\2", 2, 0, "a Python pickle"},
    {"TFL3", 4, 4, "a TensorFlow Lite model"},
    {"\x89PNG", 4, 0, "a PNG image"},
    {"\xff\xd8\xff", 3, 0, "a JPEG image"},
    {"\x1f\x8b", 2, 0, "a gzip archive; unpack it first"},
    {"version https://git-lfs", 23, 0, "a Git LFS pointer, not the file itself"},
    {"<!DOCTYPE", 9, 0, "a web page; the download failed"},
    {"<html", 5, 0, "a web page; the download failed"},
};

static bool looks_like_safetensors(const guint8 *data, gsize size) {
  return size > 9 && data[8] == '{' && message_little_endian(data, 8) <= SAFETENSORS_MAX_HEADER;
}

/* A GraphDef is a list of nodes (field 1, each starting with its name); a Caffe net has one name (field 1) and layers
 * (field 2 in the old format, 100 in the new one). A damaged tail does not change what the head says. */
static ReadNetwork protobuf_reader(const guint8 *data, gsize size) {
  enum { CAFFE_LAYERS = 2, CAFFE_LAYER = 100 };
  gsize at = 0, content_size = 0, n_first = 0, n_second = 0;
  guint field = 0, wire_type = 0;
  const guint8 *content = NULL;
  while (at < size) {
    /* The last field may be cut: its tag is still evidence. */
    bool whole = message_next_field(data, size, &at, &field, &wire_type, &content, &content_size);
    if (wire_type == 2 && field == CAFFE_LAYER)
      return net_read_caffe;
    if (wire_type == 2 && field == CAFFE_LAYERS)
      n_second++;
    if (wire_type == 2 && field == 1 && (!whole || (content_size > 2 && content[0] == 0x0a)))
      n_first++;
    if (!whole)
      break;
  }
  if (n_first > 0)
    return net_read_graphdef;
  return n_second > 0 ? net_read_caffe : NULL;
}

static bool read_known(const char *name, const char *data, gsize size, NetGraph **graph, GError **error) {
  if (size == 0)
    return message_fail(error, name, NULL, NULL, "the file is empty");
  for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++)
    if (size >= foreign[i].at + foreign[i].n_bytes &&
        memcmp(data + foreign[i].at, foreign[i].bytes, foreign[i].n_bytes) == 0)
      return message_fail(error, name, NULL, NULL, "not a network but %s; " KNOWN_FORMATS, foreign[i].what);
  ReadNetwork read = looks_like_safetensors((const guint8 *)data, size) ? net_read_safetensors
                                                                        : protobuf_reader((const guint8 *)data, size);
  if (read == NULL)
    return message_fail(error, name, NULL, NULL, "not a network of a known format; " KNOWN_FORMATS);
  return read(name, data, size, graph, error);
}

static bool open_file(const char *path, NetGraph **graph, GError **error) {
  g_autofree char *data = NULL;
  gsize size = 0;
  g_autoptr(NetGraph) result = NULL;
  if (!files_read(path, largest_file, &data, &size, error) || !read_known(path, data, size, &result, error))
    return false;
  g_free(result->digest);
  result->digest = files_sha256_data(data, size);
  *graph = g_steal_pointer(&result);
  return true;
}

bool net_is_bundled(const char *name) { return strcmp(name, "mini") == 0 || strcmp(name, "mini-untrained") == 0; }

bool net_open(const char *name, NetGraph **graph, GError **error) {
  g_autofree char *trained = NULL;
  if (!net_is_bundled(name))
    return open_file(name, graph, error);
  if (strcmp(name, "mini") == 0 && files_bundled(NET_MINI_FILE, &trained, NULL))
    return open_file(trained, graph, error);
  NetGraph *untrained = net_mini_new(error);
  if (untrained != NULL)
    *graph = untrained;
  return untrained != NULL;
}
