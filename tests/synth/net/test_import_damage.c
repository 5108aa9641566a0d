/* Damaged and foreign files: whatever the bytes, an importer gives a sealed graph or one error, and never crashes. */
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "synth/net/import.h"
#include "tests/support.h"
#include "tests/synth/net/networks.h"

typedef bool (*ReadNetwork)(const char *name, const void *data, gsize size, NetGraph **graph, GError **error);

/* Reads a copy of exactly this size, so that a sanitiser sees every byte read beyond it. */
static bool try_read(ReadNetwork read_network, const guint8 *data, gsize size) {
  g_autofree guint8 *copy = g_memdup2(data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = NULL;
  bool ok = read_network("n", copy, size, &graph, &error);
  g_assert_true(ok == (graph != NULL) && ok == (error == NULL));
  if (!ok) {
    g_assert_true(error->domain == RIG_ERROR);
    g_assert_nonnull(strstr(error->message, "n"));
    g_assert_null(strchr(error->message, '\n'));
    return false;
  }
  g_autofree NetShape *shapes = g_new(NetShape, (gsize)graph->n_nodes);
  net_graph_shapes(graph, 67, 45, shapes);
  return true;
}

static GBytes *tensorflow_bytes(void) {
  Tensorflow__Graph *graph = networks_tf_example();
  GBytes *bytes = networks_tf_pack(graph);
  tensorflow__graph__free_unpacked(graph, NULL);
  return bytes;
}

static GBytes *caffe_bytes(void) {
  Caffe__Net *net = networks_caffe_example();
  GBytes *bytes = networks_caffe_pack(net);
  caffe__net__free_unpacked(net, NULL);
  return bytes;
}

static GBytes *caffe_v1_bytes(void) {
  Caffe__Net *net = networks_caffe_example();
  networks_caffe_to_v1(net);
  GBytes *bytes = networks_caffe_pack(net);
  caffe__net__free_unpacked(net, NULL);
  return bytes;
}

static GBytes *safetensors_bytes(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "n", NULL);
  g_autoptr(GBytes) caffe = caffe_bytes();
  g_autoptr(NetGraph) graph = NULL;
  GError *error = NULL;
  char *data = NULL;
  gsize size = 0;
  g_assert_true(net_read_caffe("n", g_bytes_get_data(caffe, NULL), g_bytes_get_size(caffe), &graph, &error));
  g_assert_true(net_write_safetensors(graph, path, &error));
  g_assert_true(files_read(path, (gsize)1 << 20, &data, &size, &error));
  support_remove(folder);
  return g_bytes_new_take(data, size);
}

static const struct {
  const char *name;
  GBytes *(*make)(void);
  ReadNetwork read_network;
} formats[] = {{"TensorFlow", tensorflow_bytes, net_read_graphdef},
               {"Caffe", caffe_bytes, net_read_caffe},
               {"old Caffe", caffe_v1_bytes, net_read_caffe},
               {"safetensors", safetensors_bytes, net_read_safetensors}};

static void truncated_at_every_byte(gconstpointer data) {
  gsize format = GPOINTER_TO_SIZE(data);
  g_autoptr(GBytes) bytes = formats[format].make();
  gsize size = 0, n_read = 0;
  const guint8 *file = g_bytes_get_data(bytes, &size);
  g_assert_true(try_read(formats[format].read_network, file, size));
  for (gsize length = 0; length < size; length++)
    n_read += try_read(formats[format].read_network, file, length) ? 1 : 0;
  /* A protobuf cut between two of its nodes is a whole, smaller one; nothing else may pass. */
  g_assert_cmpuint(n_read, <, 20);
  if (formats[format].read_network == net_read_safetensors)
    g_assert_cmpuint(n_read, ==, 0);
}

/* A byte set to a random or an extreme value, a bit turned, a piece moved over another, or the end cut. */
static void damage(Random *random, GByteArray *file) {
  static const guint8 extremes[] = {0x00, 0x7f, 0x80, 0xff, 0x01, '{', '[', '"', '9', '-'};
  guint size = file->len;
  switch (random_below(random, 5)) {
  case 0:
    file->data[random_below(random, size)] = (guint8)random_below(random, 256);
    break;
  case 1:
    file->data[random_below(random, size)] = extremes[random_below(random, G_N_ELEMENTS(extremes))];
    break;
  case 2:
    file->data[random_below(random, size)] ^= (guint8)(1u << random_below(random, 8));
    break;
  case 3: {
    guint length = 1 + random_below(random, MIN(size, 40));
    memmove(file->data + random_below(random, size - length + 1), file->data + random_below(random, size - length + 1),
            length);
    break;
  }
  default:
    g_byte_array_set_size(file, 1 + random_below(random, size));
  }
}

static void mutated(gconstpointer data) {
  gsize format = GPOINTER_TO_SIZE(data);
  g_autoptr(GBytes) bytes = formats[format].make();
  gsize size = 0;
  const guint8 *file = g_bytes_get_data(bytes, &size);
  Random random;
  random_init_stream(&random, 20240924, formats[format].name);
  const int n_mutations = g_test_thorough() ? 100000 : 20000;
  for (int i = 0; i < n_mutations; i++) {
    g_autoptr(GByteArray) copy = g_byte_array_new();
    g_byte_array_append(copy, file, (guint)size);
    for (guint n = 1 + random_below(&random, 4); n > 0; n--)
      damage(&random, copy);
    try_read(formats[format].read_network, copy->data, copy->len);
  }
}

static void random_bytes(void) {
  Random random;
  random_init(&random, 5);
  for (int i = 0; i < 4000; i++) {
    guint8 bytes[64];
    gsize size = random_below(&random, sizeof bytes);
    for (gsize k = 0; k < size; k++)
      bytes[k] = (guint8)random_below(&random, 256);
    for (gsize f = 0; f < G_N_ELEMENTS(formats); f++)
      g_assert_false(try_read(formats[f].read_network, bytes, size));
  }
}

/* Two bytes that unpack to a hundred, ten million times: refused or read within a limit of memory. */
static void many_empty_messages(void) {
  gsize size = (gsize)20 << 20;
  g_autofree guint8 *bytes = g_malloc0(size);
  for (gsize i = 0; i < size; i += 2)
    bytes[i] = 0x0a;
  g_autoptr(GError) error = NULL;
  NetGraph *graph = NULL;
  g_assert_false(net_read_graphdef("n", bytes, size, &graph, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_MEMORY);
}

static void assert_open_refused(const void *bytes, gsize size, const char *message) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "n.pb", NULL);
  GError *error = NULL;
  NetGraph *graph = NULL;
  g_assert_true(files_write(path, bytes, size, FILES_PUBLIC, &error));
  g_assert_false(net_open(path, &graph, &error));
  if (strstr(error->message, message) == NULL || strstr(error->message, path) == NULL)
    g_error("'%s' expected, got '%s'", message, error->message);
  g_error_free(error);
  support_remove(folder);
}

static void foreign_files_are_named(void) {
  assert_open_refused("", 0, "the file is empty");
  assert_open_refused("PK\3\4........", 12, "a zip archive; unpack it first");
  assert_open_refused("\x89HDF\r\n\x1a\n....", 12, "an HDF5 file (Keras)");
  assert_open_refused("<html><body>404", 15, "a web page; the download failed");
  assert_open_refused("version https://git-lfs.github.com/spec/v1", 42, "a Git LFS pointer");
  assert_open_refused("GIF89a..........", 16,
                      "known are TensorFlow GraphDef (.pb), Caffe (.caffemodel) and dreamrig's safetensors");
  GError *error = NULL;
  NetGraph *graph = NULL;
  g_assert_false(net_open("/nonexistent/n.pb", &graph, &error));
  g_assert_nonnull(strstr(error->message, "/nonexistent/n.pb"));
  g_error_free(error);
}

/* What net_open makes of each format's file, whole and cut. */
static void formats_are_known_by_content(void) {
  static const char *const cut[] = {"TensorFlow GraphDef: the file is damaged or truncated",
                                    "Caffe model: the file is damaged or truncated",
                                    "Caffe model: the file is damaged or truncated", "truncated"};
  for (gsize f = 0; f < G_N_ELEMENTS(formats); f++) {
    g_autoptr(GBytes) bytes = formats[f].make();
    gsize size = 0;
    const guint8 *file = g_bytes_get_data(bytes, &size);
    g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a file", NULL), *digest = NULL;
    GError *error = NULL;
    g_autoptr(NetGraph) graph = NULL;
    g_assert_true(files_write(path, file, size, FILES_PUBLIC, &error));
    net_open(path, &graph, &error);
    g_assert_no_error(error);
    files_sha256(path, &digest, &error);
    g_assert_cmpstr(graph->digest, ==, digest);
    support_remove(folder);
    assert_open_refused(file, size - 3, cut[f]);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (gsize f = 0; f < G_N_ELEMENTS(formats); f++) {
    g_autofree char *cut = g_strdup_printf("/synth/net/damage/%s cut at every byte", formats[f].name);
    g_autofree char *changed = g_strdup_printf("/synth/net/damage/%s with random changes", formats[f].name);
    g_test_add_data_func(cut, GSIZE_TO_POINTER(f), truncated_at_every_byte);
    g_test_add_data_func(changed, GSIZE_TO_POINTER(f), mutated);
  }
  g_test_add_func("/synth/net/damage/random bytes are no network", random_bytes);
  g_test_add_func("/synth/net/damage/unpacking stays within a limit of memory", many_empty_messages);
  g_test_add_func("/synth/net/damage/foreign files are named for what they are", foreign_files_are_named);
  g_test_add_func("/synth/net/damage/formats are known by content", formats_are_known_by_content);
  return g_test_run();
}
