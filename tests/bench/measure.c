#include "tests/bench/measure.h"

#include <glib.h>
#include <sys/resource.h>
#include <sys/wait.h>

bool measure(char **argv, double *processor, double *wall, double *mib) {
  GPid child;
  double start = (double)g_get_monotonic_time() * 1e-6;
  if (!g_spawn_async(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                     NULL, NULL, &child, NULL))
    return false;
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0 || status != 0)
    return false;
  *wall = (double)g_get_monotonic_time() * 1e-6 - start;
  *processor = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  *mib = (double)usage.ru_maxrss / 1024;
  return true;
}
