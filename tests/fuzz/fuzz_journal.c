#include "present/journal/journal.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(JournalContents) contents = NULL;
  g_autoptr(GError) error = NULL;
  journal_read(fuzz_file(data, size), &contents, &error);
  return 0;
}
