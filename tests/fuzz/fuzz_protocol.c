#include "protocols/protocol.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Protocol) protocol = NULL;
  g_autoptr(GError) error = NULL;
  protocol_parse("fuzz", (const char *)data, size, NULL, &protocol, &error);
  return 0;
}
