#include "analysis/stats/mixed_products.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"

/* The share of a matrix's square that is rounding, when those before it are taken out. */
#define DEPENDENT 1e-10

double *mixed_cross_products(const ModelGroup *group, gsize n, const double *a, gsize p, const double *b, gsize q,
                             GError **error) {
  double *cross = memory_doubles(group->n_levels, p * q, error);
  for (gsize i = 0; i < n && cross != NULL; i++) {
    double *own = cross + group->level[i] * p * q;
    for (gsize c = 0; c < p; c++)
      for (gsize d = 0; d < q; d++)
        own[c * q + d] += a[c * n + i] * b[d * n + i];
  }
  return cross;
}

double mixed_product_trace(const double *cross, gsize n_levels, gsize p, gsize q, MixedPair ab, MixedPair cd) {
  double sum = 0;
  for (gsize l = 0; l < n_levels; l++) {
    const double *a = cross + (l * p + ab.first) * q, *b = cross + (l * p + ab.second) * q;
    sum += (a[cd.first] * b[cd.second] + a[cd.second] * b[cd.first]) / 2;
  }
  return sum;
}

gsize mixed_products_factor(double *gram, gsize k, double *sizes) {
  for (gsize i = 0; i < k; i++)
    sizes[i] = sqrt(gram[i * k + i]);
  for (gsize j = 0; j < k; j++) {
    if (!(sizes[j] > 0))
      return j;
    for (gsize i = j; i < k; i++)
      gram[j * k + i] = sizes[i] > 0 ? gram[j * k + i] / sizes[i] / sizes[j] : 0;
  }
  for (gsize j = 0; j < k; j++) {
    for (gsize c = 0; c < j; c++)
      for (gsize i = j; i < k; i++)
        gram[j * k + i] -= gram[c * k + i] * gram[c * k + j];
    if (!(gram[j * k + j] > DEPENDENT))
      return j;
    double root = sqrt(gram[j * k + j]);
    for (gsize i = j; i < k; i++)
      gram[j * k + i] /= root;
  }
  return k;
}

/* Levels are numbered by appearance, so that the same partition has the same numbers. */
bool mixed_same_levels(const ModelGroup *one, const ModelGroup *two, gsize n) {
  return one->n_levels == two->n_levels && memcmp(one->level, two->level, n * sizeof *one->level) == 0;
}

gsize mixed_block_end(const ModelGroup *group, gsize first) {
  gsize end = first;
  while (end < group->effects.n_columns && group->block[end] == group->block[first])
    end++;
  return end;
}

char *mixed_block_name(const ModelGroup *group, gsize first) {
  gsize end = mixed_block_end(group, first);
  GString *name = g_string_new("(");
  g_string_append(name, group->effects.terms[first] == MODEL_NO_TERM ? "1" : "0");
  for (gsize c = first; c < end; c++)
    if (group->effects.terms[c] != MODEL_NO_TERM)
      g_string_append_printf(name, " + %s", group->effects.names[c]);
  g_string_append_printf(name, " | %s)", group->name);
  return g_string_free(name, FALSE);
}

/* A column of all those over the same levels. */
typedef struct {
  const ModelGroup *group;
  gsize column;
} Effect;

/* Whether an effect's column has one value in each level. */
static bool is_constant(const Effect *effect, gsize n) {
  const double *values = effect->group->effects.values + effect->column * n;
  for (gsize i = 0; i < n; i++)
    if (values[i] != values[effect->group->example[effect->group->level[i]]])
      return false;
  return true;
}

/* Of a pair that the data cannot tell from others: which term, and why, where a column without variation is why. */
static char *describe(const Effect *one, const Effect *two, gsize n) {
  gsize first = two->column;
  while (first > 0 && two->group->block[first - 1] == two->group->block[first])
    first--;
  g_autofree char *term = mixed_block_name(two->group, first);
  const Effect *effects[2] = {two, one};
  for (gsize e = 0; e < 2; e++)
    if (effects[e]->group->effects.terms[effects[e]->column] != MODEL_NO_TERM && is_constant(effects[e], n))
      return g_strdup_printf(
          "%s does not vary within the levels of '%s', so that the variances and correlations of the "
          "random effects %s cannot be told from others; leave it out of the term",
          effects[e]->group->effects.names[effects[e]->column], two->group->name, term);
  return g_strdup_printf(
      "the rows cannot tell the variances and correlations of the random effects %s from each other, "
      "or from those of the other terms; leave out some of them",
      term);
}

/* Of the effects over the levels of group g, their columns one after the other. */
static bool check_effects(const MixedSystem *system, const ModelGroup *group, const GArray *effects,
                          const double *columns, char **fault, GError **error) {
  gsize n = system->n, q = effects->len;
  g_autofree double *cross = mixed_cross_products(group, n, columns, q, columns, q, error);
  g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(MixedPair));
  for (gsize b = 0; b < q; b++)
    for (gsize a = 0; a <= b; a++) {
      const Effect *one = &g_array_index(effects, Effect, a), *two = &g_array_index(effects, Effect, b);
      const MixedPair pair = {a, b};
      if (one->group == two->group && one->group->block[one->column] == two->group->block[two->column])
        g_array_append_val(pairs, pair);
    }
  gsize k = pairs->len + 1;
  g_autofree double *gram = memory_doubles(k, k, error), *sizes = memory_doubles(k, 1, error);
  if (cross == NULL || gram == NULL || sizes == NULL)
    return false;
  gram[0] = (double)n; /* the residual's identity, whose product with D_ab has the trace z_a'z_b */
  for (gsize i = 1; i < k; i++) {
    MixedPair pair = g_array_index(pairs, MixedPair, i - 1);
    for (gsize l = 0; l < group->n_levels; l++)
      gram[i] += cross[(l * q + pair.first) * q + pair.second];
    for (gsize j = 1; j <= i; j++)
      gram[j * k + i] = mixed_product_trace(cross, group->n_levels, q, q, pair, g_array_index(pairs, MixedPair, j - 1));
  }
  gsize dependent = mixed_products_factor(gram, k, sizes);
  if (dependent < k) {
    MixedPair pair = g_array_index(pairs, MixedPair, dependent - 1);
    *fault = describe(&g_array_index(effects, Effect, pair.first), &g_array_index(effects, Effect, pair.second), n);
  }
  return true;
}

bool mixed_identified(const MixedSystem *system, char **fault, GError **error) {
  const ModelFrame *frame = system->frame;
  gsize n = frame->n;
  *fault = NULL;
  for (gsize g = 0; g < frame->n_groups && *fault == NULL; g++) {
    g_autoptr(GArray) effects = g_array_new(FALSE, FALSE, sizeof(Effect));
    bool earlier = false;
    for (gsize h = 0; h < g; h++)
      earlier = earlier || mixed_same_levels(&frame->groups[h], &frame->groups[g], n);
    if (earlier)
      continue;
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize h = g; h < frame->n_groups; h++) {
      if (!mixed_same_levels(&frame->groups[h], &frame->groups[g], n))
        continue;
      for (gsize c = 0; c < frame->groups[h].effects.n_columns; c++) {
        const Effect effect = {&frame->groups[h], c};
        g_array_append_val(effects, effect);
        g_array_append_vals(columns, system->units[h].values + c * n, (guint)n);
      }
    }
    if (!check_effects(system, &frame->groups[g], effects, (const double *)(gconstpointer)columns->data, fault, error))
      return false;
  }
  return true;
}
