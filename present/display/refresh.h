/* A display's refresh rate, measured from the times of its own flips at the start of a session.
 *
 * Source: the criteria are those of Psychtoolbox's start-up test (Screen('OpenWindow'), SyncTrouble): at least 50 valid
 * intervals, standard deviation below 0.2 ms, mean within 20 % of the nominal interval. As there, intervals outside
 * that range do not count as samples. Here they are reported, and more than a fifth of them fail the test. */
#ifndef DREAMRIG_PRESENT_REFRESH_H
#define DREAMRIG_PRESENT_REFRESH_H

#include <glib.h>
#include <stdbool.h>

#define REFRESH_MIN_INTERVALS 50
#define REFRESH_MAX_SD_MS 0.2
#define REFRESH_MAX_DEVIATION 0.2

typedef struct {
  double nominal_hz; /* what the system says; 0: nothing */
  double mean_ms;    /* of the valid intervals; NaN: none */
  double sd_ms;      /* NaN: fewer than two */
  int n_intervals;   /* valid */
  int n_dropped;     /* intervals left out: longer or shorter than 20 % from nominal */
} RefreshFacts;

/* From the times of n flips in a row; counts (NULL: none) are the source's counter of refreshes, by which an interval
 * over a dropped frame is divided. */
void refresh_measure(const gint64 *times_ns, const gint64 *counts, gsize n, double nominal_hz, RefreshFacts *facts);
/* The criteria above. */
bool refresh_is_trusted(const RefreshFacts *facts);
/* Which criterion fails first, as a phrase; NULL: none. Free with g_free. */
char *refresh_fault(const RefreshFacts *facts);

#endif
