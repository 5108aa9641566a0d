#include "analysis/stats/adjust.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

typedef struct {
  double p;
  gsize index;
} Ranked;

static int ascending(const void *a, const void *b) {
  const Ranked *x = a, *y = b;
  return (x->p > y->p) - (x->p < y->p);
}

bool adjust_p(AdjustKind kind, const double *p, gsize n, double *adjusted, GError **error) {
  g_autofree Ranked *order = memory_items(n, sizeof *order, error);
  if (order == NULL)
    return false;
  gsize m = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(p[i]))
      continue;
    if (!(p[i] >= 0 && p[i] <= 1)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "p-value %zu is %g: must be in 0..1", i + 1, p[i]);
      return false;
    }
    order[m++] = (Ranked){p[i], i};
  }
  if (m > 1)
    qsort(order, m, sizeof *order, ascending);
  for (gsize i = 0; i < n; i++)
    adjusted[i] = NAN;
  double bound = kind == ADJUST_HOLM ? 0 : 1;
  for (gsize k = 0; k < m; k++) {
    /* Holm steps down from the smallest p, BH up from the largest; neither may turn back. */
    gsize rank = kind == ADJUST_HOLM ? k : m - 1 - k;
    double factor = kind == ADJUST_HOLM ? (double)(m - rank) : (double)m / (double)(rank + 1);
    double value = fmin(1, factor * order[rank].p);
    bound = kind == ADJUST_HOLM ? fmax(bound, value) : fmin(bound, value);
    adjusted[order[rank].index] = bound;
  }
  return true;
}
