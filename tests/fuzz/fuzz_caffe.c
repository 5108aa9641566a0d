#include "synth/net/import.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(NetGraph) graph = NULL;
  g_autoptr(GError) error = NULL;
  net_read_caffe("fuzz", data, size, &graph, &error);
  return 0;
}
