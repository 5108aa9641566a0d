/* Checked allocation of arrays whose length comes from the data. */
#ifndef DREAMRIG_STATS_MEMORY_H
#define DREAMRIG_STATS_MEMORY_H

#include <glib.h>
#include <stdbool.h>

/* rows * columns doubles, zero-filled, at least one; NULL with RIG_ERROR_MEMORY set where the size overflows or memory
 * is out. Free with g_free. */
double *memory_doubles(gsize rows, gsize columns, GError **error);
/* As memory_doubles for items of `size` bytes. */
gpointer memory_items(gsize n, gsize size, GError **error);

#endif
