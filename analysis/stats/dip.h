/* Hartigan and Hartigan's dip test of unimodality. */
#ifndef DREAMRIG_STATS_DIP_H
#define DREAMRIG_STATS_DIP_H

#include <glib.h>
#include <stdbool.h>

/* The dip: the largest distance of the values' distribution function from the nearest unimodal one, 1 / (2 n) to 1/4;
 * NaN values are left out, none left gives NaN; constant values have the least dip. Fails with RIG_ERROR_MEMORY only
 * (it sorts a copy). Source: Hartigan & Hartigan 1985, doi:10.1214/aos/1176346577; Hartigan 1985, AS 217,
 * doi:10.2307/2347485, with the corrections of R's diptest (Maechler 2003). */
bool dip_statistic(const double *values, gsize n, double *dip, GError **error);

/* The dips of samples of n from the uniform distribution, to which the test compares. Ratings in steps have ties, which
 * a uniform has not: they raise the dip a little, so that p is on the small side for coarse scales. */
typedef struct DipNull DipNull;
/* n >= 1, replicates >= 1. The stream is random_init_stream(seed, "dip N"). Fails with RIG_ERROR_MEMORY only. Free with
 * dip_null_free. */
bool dip_null_new(gsize n, gsize replicates, guint64 seed, DipNull **null, GError **error);
void dip_null_free(DipNull *null);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DipNull, dip_null_free)
/* The share of simulated dips as large as this one, the observed sample counted among them: (1 + k) / (1 + replicates).
 * NaN for NaN. */
double dip_null_p(const DipNull *null, double dip);

#endif
