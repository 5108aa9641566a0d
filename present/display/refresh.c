#include "present/display/refresh.h"

#include <math.h>

#define MAX_DROPPED_SHARE 0.2

void refresh_measure(const gint64 *times_ns, const gint64 *counts, gsize n, double nominal_hz, RefreshFacts *facts) {
  *facts = (RefreshFacts){.nominal_hz = nominal_hz, .mean_ms = NAN, .sd_ms = NAN};
  double mean = 0, squares = 0;
  for (gsize i = 1; i < n; i++) {
    double interval = (double)(times_ns[i] - times_ns[i - 1]) / 1e6;
    gint64 refreshes = counts != NULL ? counts[i] - counts[i - 1] : 1;
    if (refreshes > 1)
      interval /= (double)refreshes;
    bool valid = refreshes >= 1 && interval > 0;
    if (nominal_hz > 0)
      valid = valid && fabs(interval * nominal_hz / 1000 - 1) <= REFRESH_MAX_DEVIATION;
    if (!valid) {
      facts->n_dropped++;
      continue;
    }
    double before = mean; /* Welford's update */
    mean += (interval - mean) / ++facts->n_intervals;
    squares += (interval - before) * (interval - mean);
  }
  if (facts->n_intervals > 0)
    facts->mean_ms = mean;
  if (facts->n_intervals > 1)
    facts->sd_ms = sqrt(squares / (facts->n_intervals - 1));
}

bool refresh_is_trusted(const RefreshFacts *facts) {
  g_autofree char *fault = refresh_fault(facts);
  return fault == NULL;
}

char *refresh_fault(const RefreshFacts *facts) {
  int n = facts->n_intervals + facts->n_dropped;
  if (!(facts->nominal_hz > 0))
    return g_strdup("the system does not say the screen's rate");
  if (facts->n_dropped > MAX_DROPPED_SHARE * n)
    return g_strdup_printf("%d of %d intervals were more than %.0f %% off the nominal %.3f ms", facts->n_dropped, n,
                           REFRESH_MAX_DEVIATION * 100, 1000 / facts->nominal_hz);
  if (facts->n_intervals < REFRESH_MIN_INTERVALS)
    return g_strdup_printf("only %d intervals could be measured, %d are needed", facts->n_intervals,
                           REFRESH_MIN_INTERVALS);
  if (!(facts->sd_ms < REFRESH_MAX_SD_MS))
    return g_strdup_printf("the intervals' SD is %.3f ms, %.1f is the limit", facts->sd_ms, REFRESH_MAX_SD_MS);
  return NULL;
}
