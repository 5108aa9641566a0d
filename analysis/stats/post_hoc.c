#include "analysis/stats/post_hoc.h"

#include <math.h>

#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"

/* Fills q, df, p and the interval from the standard error on the scale of the studentized range. */
static void finish(PostHocPair *pair, double se, double df, double groups) {
  pair->q = pair->df = pair->p = pair->ci_low = pair->ci_high = NAN;
  if (!(se > 0) || !(df >= 2))
    return;
  pair->df = df;
  pair->q = fabs(pair->difference) / se;
  pair->p = distribution_range_upper(pair->q, groups, df);
  double half = distribution_range_quantile(DESCRIPTIVE_CONFIDENCE, groups, df) * se;
  pair->ci_low = pair->difference - half;
  pair->ci_high = pair->difference + half;
}

static void compare(PostHocKind kind, const Anova *anova, PostHocPair *pair) {
  const Description *a = &anova->groups[pair->first], *b = &anova->groups[pair->second];
  double n_a = (double)a->n, n_b = (double)b->n, groups = (double)anova->n_filled;
  pair->difference = a->mean - b->mean;
  if (kind == POST_HOC_TUKEY) {
    finish(pair, sqrt(anova->ms_within / 2 * (1 / n_a + 1 / n_b)), anova->df_within, groups);
    return;
  }
  double e_a = a->sd * a->sd / n_a, e_b = b->sd * b->sd / n_b; /* NaN for a group of one */
  finish(pair, sqrt((e_a + e_b) / 2), (e_a + e_b) * (e_a + e_b) / (e_a * e_a / (n_a - 1) + e_b * e_b / (n_b - 1)),
         groups);
}

bool post_hoc_pairs(PostHocKind kind, const Anova *anova, PostHocPair **pairs, gsize *n_pairs, GError **error) {
  gsize filled = anova->n_filled;
  PostHocPair *made = memory_items(filled * (filled > 0 ? filled - 1 : 0) / 2, sizeof *made, error);
  if (made == NULL)
    return false;
  *n_pairs = 0;
  for (gsize i = 0; i < anova->n_groups; i++)
    for (gsize j = 0; j < i; j++)
      if (anova->groups[i].n > 0 && anova->groups[j].n > 0) {
        PostHocPair *pair = &made[(*n_pairs)++];
        pair->first = i;
        pair->second = j;
        compare(kind, anova, pair);
      }
  *pairs = made;
  return true;
}
