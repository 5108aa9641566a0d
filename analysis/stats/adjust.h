/* p-values of a family of tests, adjusted for their number. */
#ifndef DREAMRIG_STATS_ADJUST_H
#define DREAMRIG_STATS_ADJUST_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  ADJUST_HOLM, /* the chance of any false rejection stays below the level: Holm 1979 */
  ADJUST_BH,   /* the expected share of false ones among the rejections does: Benjamini & Hochberg 1995 */
} AdjustKind;

/* adjusted[i] of p[i], (n) each, as R's p.adjust: a NaN stays NaN and does not count as a test. The arrays may be the
 * same. Fails with RIG_ERROR_INPUT on a value outside 0..1, RIG_ERROR_MEMORY.
 * Source: Holm 1979, Scandinavian Journal of Statistics 6:65; Benjamini & Hochberg 1995,
 * doi:10.1111/j.2517-6161.1995.tb02031.x. */
bool adjust_p(AdjustKind kind, const double *p, gsize n, double *adjusted, GError **error);

#endif
