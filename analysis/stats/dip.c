#include "analysis/stats/dip.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/random.h"

/* The sample's distribution function has a step of 1 at every value (distances are divided by 2n at the end). Its
 * greatest convex minorant and least concave majorant over an interval are lists of vertices. */
typedef struct {
  gsize n;
  const double *x; /* (n) ascending */
  gsize *below;    /* (n) the vertex left of i on the convex minorant of x[0..i] */
  gsize *above;    /* (n) the vertex right of i on the concave majorant of x[i..n-1] */
  gsize *minorant; /* (n) vertices of the interval under study, from high to low */
  gsize *majorant; /* (n) from low to high */
  gsize n_minorant, n_majorant;
} Dip;

/* Whether the slope from a to b is at least that from b to c, by cross products (no division by a tie's 0). */
static bool slope_falls(const double *x, gsize a, gsize b, gsize c) {
  double rise_ab = (double)b - (double)a, rise_bc = (double)c - (double)b;
  return rise_ab * (x[c] - x[b]) >= rise_bc * (x[b] - x[a]);
}

static void find_hulls(Dip *dip) {
  dip->below[0] = 0;
  for (gsize i = 1; i < dip->n; i++) {
    gsize left = i - 1;
    while (left != 0 && slope_falls(dip->x, dip->below[left], left, i))
      left = dip->below[left];
    dip->below[i] = left;
  }
  gsize last = dip->n - 1;
  dip->above[last] = last;
  for (gsize i = last; i-- > 0;) {
    gsize right = i + 1;
    while (right != last && slope_falls(dip->x, dip->above[right], right, i))
      right = dip->above[right];
    dip->above[i] = right;
  }
}

static void list_vertices(Dip *dip, gsize low, gsize high) {
  dip->n_minorant = dip->n_majorant = 1;
  dip->minorant[0] = high;
  dip->majorant[0] = low;
  for (gsize i = high; i > low; i = dip->below[i])
    dip->minorant[dip->n_minorant++] = dip->below[i];
  for (gsize i = low; i < high; i = dip->above[i])
    dip->majorant[dip->n_majorant++] = dip->above[i];
}

/* The largest distance between the two hulls over the interval, and the vertices (positions in the lists) at which the
 * new interval begins and ends. Walks the vertices of both from low to high. */
static double hull_distance(const Dip *dip, gsize *begin, gsize *end) {
  const double *x = dip->x;
  double largest = 0;
  gsize low = dip->n_minorant - 2, high = 1; /* next vertex of either, still ahead */
  *begin = dip->n_minorant - 1;
  *end = dip->n_majorant - 1;
  if (dip->n_minorant == 2 && dip->n_majorant == 2)
    return 1;
  for (;;) {
    gsize g = dip->minorant[low], l = dip->majorant[high];
    double distance;
    if (g > l) { /* the majorant's vertex comes first: its height above the minorant's chord */
      gsize from = dip->minorant[low + 1];
      distance = (double)l - (double)from + 1 - (x[l] - x[from]) * ((double)g - (double)from) / (x[g] - x[from]);
      high++;
      if (distance >= largest) {
        largest = distance;
        *begin = low + 1;
        *end = high - 1;
      }
    } else { /* the minorant's: its depth below the majorant's chord */
      gsize from = dip->majorant[high - 1];
      distance = (x[g] - x[from]) * ((double)l - (double)from) / (x[l] - x[from]) - ((double)g - (double)from - 1);
      if (distance >= largest) {
        largest = distance;
        *begin = low;
        *end = high;
      }
      if (low > 0)
        low--;
    }
    high = MIN(high, dip->n_majorant - 1);
    if (dip->minorant[low] == dip->majorant[high])
      return largest;
  }
}

/* The largest distance of the steps from the chord between two vertices: above it (sign 1) or below it (-1). */
static double chord_distance(const double *x, gsize from, gsize to, int sign) {
  double largest = 1;
  if (to - from < 2 || x[to] == x[from])
    return largest;
  double slope = ((double)to - (double)from) / (x[to] - x[from]);
  for (gsize i = from; i <= to; i++) {
    double distance = ((double)i - (double)from) - (x[i] - x[from]) * slope;
    largest = fmax(largest, sign * distance + 1);
  }
  return largest;
}

/* Narrows the modal interval until the distance within it is no longer larger than what lies outside. */
static double find_dip(Dip *dip) {
  double found = 1; /* half a step: no sample's dip is smaller */
  gsize low = 0, high = dip->n - 1;
  if (dip->x[0] == dip->x[high])
    return found / (2 * (double)dip->n);
  find_hulls(dip);
  for (;;) {
    gsize begin, end;
    list_vertices(dip, low, high);
    if (hull_distance(dip, &begin, &end) < found)
      break;
    for (gsize i = begin; i + 1 < dip->n_minorant; i++)
      found = fmax(found, chord_distance(dip->x, dip->minorant[i + 1], dip->minorant[i], 1));
    for (gsize i = end; i + 1 < dip->n_majorant; i++)
      found = fmax(found, chord_distance(dip->x, dip->majorant[i], dip->majorant[i + 1], -1));
    /* Maechler: an interval that no longer shrinks would be studied for ever. */
    if (low == dip->minorant[begin] && high == dip->majorant[end])
      break;
    low = dip->minorant[begin];
    high = dip->majorant[end];
  }
  return found / (2 * (double)dip->n);
}

bool dip_statistic(const double *values, gsize n, double *dip, GError **error) {
  g_autofree double *x = memory_doubles(n, 1, error);
  g_autofree gsize *vertices = memory_items(n, 4 * sizeof *vertices, error);
  if (x == NULL || vertices == NULL)
    return false;
  gsize known = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan(values[i]))
      x[known++] = values[i];
  descriptive_sort(x, known);
  Dip made = {known, x, vertices, vertices + n, vertices + 2 * n, vertices + 3 * n, 0, 0};
  *dip = known > 0 ? find_dip(&made) : NAN;
  return true;
}

#define FIRST_SAMPLES 500
#define ENOUGH 50 /* dips as large: p is known to a seventh of itself */

struct DipNull {
  gsize n, levels, n_dips, n_groups; /* no groups: of values as they are */
  gsize *sizes;                      /* (n_groups) */
  double range;                      /* of the values in a group */
  bool whole;                        /* the values in a group */
  gsize n_most;
  double *dips; /* (n_most) the first n_dips are drawn */
  double *x;    /* (n) workspace */
  gsize *vertices;
  gsize *counts; /* (levels) workspace */
  Random random;
};

static DipNull *null_new(gsize n, gsize levels, gsize n_most, GError **error) {
  g_assert(n > 0);
  g_autoptr(DipNull) made = g_new0(DipNull, 1);
  made->n = n;
  made->levels = levels;
  made->n_most = n_most;
  if ((made->x = memory_doubles(n, 1, error)) == NULL ||
      (made->vertices = memory_items(n, 4 * sizeof *made->vertices, error)) == NULL ||
      (made->counts = memory_items(MAX(levels, 1), sizeof *made->counts, error)) == NULL ||
      (made->dips = memory_doubles(n_most, 1, error)) == NULL)
    return NULL;
  return g_steal_pointer(&made);
}

bool dip_null_new(gsize n, gsize levels, guint64 seed, DipNull **null, GError **error) {
  g_autoptr(DipNull) made = null_new(n, levels, DIP_MOST_SAMPLES, error);
  if (made == NULL)
    return false;
  g_autofree char *label = levels > 0 ? g_strdup_printf("dip %zu %zu", n, levels) : g_strdup_printf("dip %zu", n);
  random_init_stream(&made->random, seed, label);
  *null = g_steal_pointer(&made);
  return true;
}

bool dip_null_new_within(const gsize *sizes, gsize n_groups, double sd, bool whole, guint64 seed, DipNull **null,
                         GError **error) {
  gsize n = 0;
  for (gsize g = 0; g < n_groups; g++)
    n += sizes[g];
  g_autoptr(DipNull) made = null_new(n, 0, DIP_WITHIN_SAMPLES, error);
  if (made == NULL || (made->sizes = memory_items(n_groups, sizeof *sizes, error)) == NULL)
    return false;
  memcpy(made->sizes, sizes, n_groups * sizeof *sizes);
  made->n_groups = n_groups;
  made->whole = whole;
  /* Rounding adds a twelfth to the variance. */
  made->range = sqrt(fmax(12 * sd * sd - (whole ? 1 : 0), 0.01 * sd * sd));
  g_autofree char *label = g_strdup_printf("dip within %zu", n);
  random_init_stream(&made->random, seed, label);
  *null = g_steal_pointer(&made);
  return true;
}

#define FINEST 1e-9
double dip_deviation(double value, double mean, double range) {
  return rint((value - mean) / (FINEST * range)) * (FINEST * range);
}

void dip_null_free(DipNull *null) {
  if (null == NULL)
    return;
  g_free(null->dips);
  g_free(null->x);
  g_free(null->vertices);
  g_free(null->counts);
  g_free(null->sizes);
  g_free(null);
}

static void draw_groups(DipNull *null) {
  double *x = null->x;
  for (gsize g = 0; g < null->n_groups; x += null->sizes[g++]) {
    double centre = random_uniform(&null->random), sum = 0;
    for (gsize i = 0; i < null->sizes[g]; i++) {
      x[i] = centre + null->range * random_uniform(&null->random);
      if (null->whole)
        x[i] = rint(x[i]);
      sum += x[i];
    }
    for (gsize i = 0; i < null->sizes[g]; i++)
      x[i] = dip_deviation(x[i], sum / (double)null->sizes[g], null->range);
  }
  descriptive_sort(null->x, null->n);
}

/* A sorted sample. */
static void draw(DipNull *null) {
  gsize n = null->n, at = 0;
  double sum = 0;
  if (null->n_groups > 0) {
    draw_groups(null);
    return;
  }
  if (null->levels == 0) {
    /* Partial sums of exponential variates are a sorted uniform sample but for their scale, which no dip depends on. */
    for (gsize i = 0; i < n; i++)
      null->x[i] = sum -= log1p(-random_uniform(&null->random));
    return;
  }
  memset(null->counts, 0, null->levels * sizeof *null->counts);
  for (gsize i = 0; i < n; i++)
    null->counts[random_below(&null->random, (guint32)null->levels)]++;
  for (gsize level = 0; level < null->levels; level++)
    for (gsize k = 0; k < null->counts[level]; k++)
      null->x[at++] = (double)level;
}

double dip_null_p(DipNull *null, double dip) {
  if (isnan(dip))
    return NAN;
  gsize n = null->n, as_large = 0, seen = 0;
  /* Dips are multiples of small fractions, so that equal ones can differ by rounding. */
  double bound = dip * (1 - 1e-12);
  for (gsize wanted = FIRST_SAMPLES;; wanted *= 2) {
    wanted = MIN(wanted, null->n_most);
    for (; null->n_dips < wanted; null->n_dips++) {
      draw(null);
      Dip sample = {n, null->x, null->vertices, null->vertices + n, null->vertices + 2 * n, null->vertices + 3 * n,
                    0, 0};
      null->dips[null->n_dips] = find_dip(&sample);
    }
    for (; seen < wanted; seen++)
      as_large += null->dips[seen] >= bound;
    if (as_large >= ENOUGH || wanted == null->n_most)
      return (1 + (double)as_large) / (1 + (double)seen);
  }
}
