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

/* The dips of samples of n from the uniform distribution, to which the test compares, as many as a p needs. Ratings in
 * steps have ties, which raise the dip; such a sample is compared to uniform ones over as many levels. */
typedef struct DipNull DipNull;
/* Simulated samples at most; the least p is 1 / (1 + samples). */
#define DIP_MOST_SAMPLES 20000
/* n >= 1; levels of the scale, 0 for values without steps. The stream is random_init_stream(seed, "dip N", with levels
 * "dip N LEVELS"). Fails with RIG_ERROR_MEMORY only. Free with dip_null_free. */
bool dip_null_new(gsize n, gsize levels, guint64 seed, DipNull **null, GError **error);
/* For values less the mean of their group, which depend on each other: the dips of such samples, of n_groups groups of
 * sizes[g] values (DIP_FEWEST_WITHIN or more; n_groups >= 1), even over the range that has the standard deviation sd (above 0, within
 * groups, of the data) and, where whole, rounded to whole numbers, so that there are as many ties. Of two values the
 * deviations are mirror images, which say nothing of peaks. At most DIP_WITHIN_SAMPLES are drawn; the stream is
 * "dip within N". Fails with RIG_ERROR_MEMORY only.
 *
 * Of 300 simulated layers each with p <= .05 (3 and 12 images; 3, 4, 8, 20 raters; the standard error is a hundredth):
 * ratings in whole steps of 0 to 100, normal (sd 15) .05 .03 .01 .00 and .04 .02 .00 .00, even .04 .05 .06 .04 and .03
 * .03 .05 .06, exponential .06 .03 .02 .01 and .01 .01 .00 .00; of 7 steps (sd 1.2) .01 .02 .02 .08 and .02 .06 .05
 * .09. Of two equal groups of raters, six of their sds apart: .07 .15 .44 .95, and with 12 images .08 .21 .78. */
#define DIP_WITHIN_SAMPLES 2000
#define DIP_FEWEST_WITHIN 3 /* values of a group */
bool dip_null_new_within(const gsize *sizes, gsize n_groups, double sd, bool whole, guint64 seed, DipNull **null,
                         GError **error);
/* values[i] less the mean of its group, to a billionth of `range`, beyond which the means' rounding would part ties. */
double dip_deviation(double value, double mean, double range);
void dip_null_free(DipNull *null);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DipNull, dip_null_free)
/* The share of simulated dips as large as this one, the observed sample counted among them: (1 + k) / (1 + samples).
 * Samples are drawn, and kept for further calls, until 50 are as large or the limit is reached. NaN for NaN.
 * Source: Besag & Clifford 1991, doi:10.1093/biomet/78.2.301, on such stopping; here at doublings of the samples. */
double dip_null_p(DipNull *null, double dip);

#endif
