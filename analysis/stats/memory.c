#include "analysis/stats/memory.h"

#include "stimuli/base/error.h"

gpointer memory_items(gsize n, gsize size, GError **error) {
  gsize bytes = 0;
  gpointer items = g_size_checked_mul(&bytes, MAX(n, 1), size) ? g_try_malloc0(bytes) : NULL;
  if (items == NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for %" G_GSIZE_FORMAT " values of the data", n);
  return items;
}

double *memory_doubles(gsize rows, gsize columns, GError **error) {
  gsize n = 0;
  if (!g_size_checked_mul(&n, rows, columns))
    n = G_MAXSIZE; /* which memory_items refuses */
  return memory_items(n, sizeof(double), error);
}
