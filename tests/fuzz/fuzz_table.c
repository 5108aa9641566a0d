#include "stimuli/base/table.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(Table) table = NULL;
  g_autoptr(GError) error = NULL;
  table_read(fuzz_file(data, size), &table, &error);
  return 0;
}
