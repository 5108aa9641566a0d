#include "stimuli/base/json.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(GError) error = NULL;
  JsonNode *root = NULL;
  if (json_read("fuzz", (const char *)data, size, &root, &error))
    json_node_unref(root);
  return 0;
}
