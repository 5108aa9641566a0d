/* Delimited text under every way of reading it: the first byte says which. */
#include <string.h>

#include "stimuli/base/delimited.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const DelimitedOptions ways[] = {
      {0},
      {.separator = ';'},
      {.separator = '\t', .header_row = 3},
      {.encoding = "ISO-8859-1", .rows_after = 2},
      {.encoding = "UTF-16"},
      {.header_row = 2, .rows_after = 1},
  };
  const DelimitedOptions *way = &ways[size > 0 ? data[0] % G_N_ELEMENTS(ways) : 0];
  g_autoptr(Delimited) table = NULL;
  if (!delimited_read(fuzz_file(data, size), way, &table, NULL))
    return 0;
  gsize column, length = 0;
  for (gsize row = 0; row < delimited_n_rows(table); row++)
    for (gsize i = 0; i < delimited_n_columns(table); i++)
      length += strlen(delimited_get(table, row, i)) + delimited_line(table, row);
  g_assert(length <= G_MAXSIZE / 2);
  delimited_require_column(table, "participant", &column, NULL);
  return 0;
}
