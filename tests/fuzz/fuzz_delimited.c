#include "stimuli/base/delimited.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Delimited) table = NULL;
  g_autoptr(GError) error = NULL;
  delimited_read(fuzz_file(data, size), NULL, &table, &error);
  return 0;
}
