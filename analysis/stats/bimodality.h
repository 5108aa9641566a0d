/* Sarle's bimodality coefficient. */
#ifndef DREAMRIG_STATS_BIMODALITY_H
#define DREAMRIG_STATS_BIMODALITY_H

#include <glib.h>

/* A uniform distribution has 5/9; more hints at two modes (or at a skewed single one, which is why it goes with the dip
 * test, dip.h). */
#define BIMODALITY_CUT (5.0 / 9.0)

/* NaN below four values and for constant ones. */
typedef struct {
  gsize n;                /* without NaN */
  double skewness;        /* type 2 (SAS, SPSS): Joanes & Gill 1998, doi:10.1111/1467-9884.00122, G1 */
  double excess_kurtosis; /* type 2, G2 */
  double coefficient;     /* (g1^2 + 1) / (g2 + 3 (n - 1)^2 / ((n - 2)(n - 3))), above 0 to 1 */
} Bimodality;

/* Source: SAS Institute 1990; Pfister et al. 2013, doi:10.3389/fpsyg.2013.00700. */
void bimodality_coefficient(const double *values, gsize n, Bimodality *bimodality);

#endif
