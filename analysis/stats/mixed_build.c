#include "analysis/stats/mixed_build.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "analysis/stats/mixed_system.h"
#include "analysis/stats/regression.h"
#include "stimuli/base/error.h"

#define MAX_REST 20000
/* How many times faster a multiplication is inside a matrix product than one scattered by indices. */
#define PRODUCT_GAIN 12.0

/* Takes the components along the first k columns of q out of v, noting them in r (k). Twice, since what is left may be
 * small. */
static void orthogonalise(const double *q, gsize k, gsize n, double *v, double *r) {
  for (int pass = 0; pass < 2; pass++)
    for (gsize j = 0; j < k; j++) {
      double dot = cblas_ddot((int)n, q + j * n, 1, v, 1);
      r[j] += dot;
      cblas_daxpy((int)n, -dot, q + j * n, 1, v, 1);
    }
}

/* X = QR over the columns that do not depend on those before them, as R's lm drops them; then the response's part that
 * X does not explain. */
static bool decompose(MixedSystem *system, double *q, GError **error) {
  const ModelFrame *frame = system->frame;
  gsize n = frame->n, p = frame->fixed.n_columns;
  if ((system->active = memory_items(p, sizeof(gsize), error)) == NULL ||
      (system->r = memory_doubles(p, p, error)) == NULL || (system->residual = memory_doubles(n, 1, error)) == NULL ||
      (system->projection = memory_doubles(p, 1, error)) == NULL)
    return false;
  g_autofree double *r = memory_doubles(p, p, error);
  if (r == NULL)
    return false;
  for (gsize c = 0; c < p; c++) {
    double *v = q + system->rank * n, *coefficients = r + system->rank * p;
    memcpy(v, frame->fixed.values + c * n, n * sizeof(double));
    double length = cblas_dnrm2((int)n, v, 1);
    memset(coefficients, 0, p * sizeof(double));
    orthogonalise(q, system->rank, n, v, coefficients);
    double left = cblas_dnrm2((int)n, v, 1);
    if (!(left > REGRESSION_TOLERANCE * length) || system->rank >= n)
      continue;
    cblas_dscal((int)n, 1 / left, v, 1);
    coefficients[system->rank] = left;
    system->active[system->rank++] = c;
  }
  for (gsize j = 0; j < system->rank; j++)
    for (gsize i = 0; i <= j; i++)
      system->r[j * system->rank + i] = r[j * p + i];
  memcpy(system->residual, frame->y, n * sizeof(double));
  double length = cblas_dnrm2((int)n, system->residual, 1);
  orthogonalise(q, system->rank, n, system->residual, system->projection);
  double left = cblas_dnrm2((int)n, system->residual, 1);
  system->total_ss = left * left;
  system->constant = !(left > 1e-12 * length);
  return true;
}

static bool build_units(MixedSystem *system, bool orthonormal, GError **error) {
  const ModelFrame *frame = system->frame;
  system->units = g_new0(MixedUnits, MAX(frame->n_groups, 1));
  for (gsize g = 0; g < frame->n_groups; g++)
    if (!mixed_units_build(&frame->groups[g], frame->n, orthonormal, &system->units[g], error))
      return false;
  return true;
}

/* Finds the random effect whose columns, one a level, all lie in the space of Q: the likelihood then says nothing of
 * its variance. */
static bool find_explained(MixedSystem *system, const double *q, GError **error) {
  const ModelFrame *frame = system->frame;
  gsize n = frame->n, rank = system->rank;
  system->explained_group = G_MAXSIZE;
  for (gsize g = 0; g < frame->n_groups; g++) {
    const ModelGroup *group = &frame->groups[g];
    g_autofree double *sums = memory_doubles(group->n_levels, 1, error);
    if (sums == NULL)
      return false;
    for (gsize c = 0; c < group->effects.n_columns; c++) {
      const double *z = system->units[g].values + c * n;
      double left = cblas_ddot((int)n, z, 1, z, 1), all = left;
      for (gsize j = 0; j < rank; j++) {
        memset(sums, 0, group->n_levels * sizeof *sums);
        for (gsize i = 0; i < n; i++)
          sums[group->level[i]] += q[j * n + i] * z[i];
        left -= cblas_ddot((int)group->n_levels, sums, 1, sums, 1);
      }
      if (left > 1e-9 * all)
        continue;
      system->explained_group = g;
      system->explained_effect = c;
      return true;
    }
  }
  return true;
}

static bool list_parameters(MixedSystem *system, GError **error) {
  const ModelFrame *frame = system->frame;
  g_autoptr(GArray) parameters = g_array_new(FALSE, FALSE, sizeof(MixedParameter));
  system->eliminated = G_MAXSIZE;
  gsize largest = 0, total = 0;
  for (gsize g = 0; g < frame->n_groups; g++) {
    const ModelGroup *group = &frame->groups[g];
    gsize q = group->effects.n_columns, coefficients = q * group->n_levels;
    total += coefficients;
    if (coefficients > largest) {
      largest = coefficients;
      system->eliminated = g;
    }
    for (gsize column = 0; column < q; column++)
      for (gsize row = column; row < q && group->block[row] == group->block[column]; row++) {
        double length = cblas_dnrm2((int)frame->n, system->units[g].values + row * frame->n, 1);
        MixedParameter parameter = {g, row, column, length / sqrt((double)group->n_levels)};
        g_array_append_val(parameters, parameter);
      }
  }
  system->m = total - largest;
  system->size = system->m + system->rank + 1;
  if (system->m > MAX_REST) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "the random effects are too many: without the largest group there are %" G_GSIZE_FORMAT
                " of them, and at most %d are possible",
                system->m, MAX_REST);
    return false;
  }
  system->n_parameters = parameters->len;
  system->parameters = (MixedParameter *)(gpointer)g_array_free(g_steal_pointer(&parameters), FALSE);
  system->offset = g_new0(gsize, frame->n_groups + 1);
  for (gsize g = 0, next = 0; g < frame->n_groups; g++) {
    system->offset[g] = next;
    if (g != system->eliminated)
      next += frame->groups[g].effects.n_columns * frame->groups[g].n_levels;
  }
  return true;
}

/* Row i as (index, value) pairs over the `size` rows: the other groups' effects ascending, Q, the scaled residual. */
static gsize row_entries(const MixedSystem *system, const double *q, gsize i, guint32 *index, double *value) {
  const ModelFrame *frame = system->frame;
  gsize k = 0;
  for (gsize g = 0; g < frame->n_groups; g++) {
    const ModelGroup *group = &frame->groups[g];
    gsize width = group->effects.n_columns;
    for (gsize c = 0; c < width && g != system->eliminated; c++) {
      index[k] = (guint32)(system->offset[g] + group->level[i] * width + c);
      value[k++] = system->units[g].values[c * frame->n + i];
    }
  }
  for (gsize j = 0; j < system->rank; j++) {
    index[k] = (guint32)(system->m + j);
    value[k++] = q[j * frame->n + i];
  }
  index[k] = (guint32)(system->size - 1);
  value[k++] = system->constant ? 0 : system->residual[i] / sqrt(system->total_ss);
  return k;
}

static void sum_rest(MixedSystem *system, const double *q, guint32 *index, double *value) {
  gsize size = system->size;
  for (gsize i = 0; i < system->n; i++) {
    gsize k = row_entries(system, q, i, index, value);
    gsize effects = k - system->rank - 1;
    for (gsize a = 0; a < effects; a++)
      for (gsize b = a; b < k; b++)
        system->rest[index[a] * size + index[b]] += value[a] * value[b];
  }
  /* Q is orthonormal and the residual orthogonal to it. */
  for (gsize j = system->m; j < size; j++)
    system->rest[j * size + j] = 1;
}

/* The rows in the order of the eliminated group's levels; first (n_levels + 1). */
static gsize *sort_by_level(const ModelGroup *group, gsize n, gsize *first, GError **error) {
  gsize *order = memory_items(n, sizeof *order, error);
  if (order == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    first[group->level[i] + 1]++;
  for (gsize l = 0; l < group->n_levels; l++)
    first[l + 1] += first[l];
  g_autofree gsize *next = g_memdup2(first, group->n_levels * sizeof *first);
  for (gsize i = 0; i < n; i++)
    order[next[group->level[i]]++] = i;
  return order;
}

static int by_index(const void *a, const void *b) {
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return x < y ? -1 : x > y;
}

/* The cross-products of each level of the eliminated group with all else. */
static bool sum_cross(MixedSystem *system, const double *q_basis, guint32 *index, double *value, GError **error) {
  const ModelFrame *frame = system->frame;
  const ModelGroup *group = &frame->groups[system->eliminated];
  const double *columns = system->units[system->eliminated].values;
  gsize n = frame->n, q = group->effects.n_columns, size = system->size, largest = 0;
  double sparse_cost = 0;
  g_autofree gsize *first = memory_items(group->n_levels + 1, sizeof *first, error), *order = NULL;
  g_autofree double *sums = memory_doubles(size, q, error);
  g_autofree guint32 *touched = memory_items(size, sizeof *touched, error);
  g_autofree bool *met = memory_items(size, sizeof *met, error);
  if (first == NULL || sums == NULL || touched == NULL || met == NULL ||
      (order = sort_by_level(group, n, first, error)) == NULL ||
      (system->own = memory_doubles(group->n_levels, q * q, error)) == NULL ||
      (system->start = memory_items(group->n_levels + 1, sizeof(gsize), error)) == NULL)
    return false;
  g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autoptr(GArray) cross = g_array_new(FALSE, FALSE, sizeof(double));
  for (gsize level = 0; level < group->n_levels; level++) {
    gsize n_touched = 0;
    double *own = system->own + level * q * q;
    for (gsize at = first[level]; at < first[level + 1]; at++) {
      gsize i = order[at], k = row_entries(system, q_basis, i, index, value);
      for (gsize c = 0; c < q; c++) {
        double z = columns[c * n + i];
        for (gsize d = 0; d < q; d++)
          own[c * q + d] += z * columns[d * n + i];
        for (gsize e = 0; e < k; e++)
          sums[index[e] * q + c] += z * value[e];
      }
      for (gsize e = 0; e < k; e++)
        if (!met[index[e]]) {
          met[index[e]] = true;
          touched[n_touched++] = index[e];
        }
    }
    qsort(touched, n_touched, sizeof *touched, by_index);
    g_array_append_vals(entries, touched, (guint)n_touched);
    for (gsize e = 0; e < n_touched; e++) {
      g_array_append_vals(cross, sums + touched[e] * q, (guint)q);
      memset(sums + touched[e] * q, 0, q * sizeof(double));
      met[touched[e]] = false;
    }
    system->start[level + 1] = entries->len;
    largest = MAX(largest, n_touched);
    sparse_cost += (double)n_touched * (double)n_touched * (double)q;
  }
  system->entry = (guint32 *)(gpointer)g_array_free(g_steal_pointer(&entries), FALSE);
  system->cross = (double *)(gpointer)g_array_free(g_steal_pointer(&cross), FALSE);
  double dense_cost = (double)size * (double)size * (double)q * (double)group->n_levels;
  system->dense = sparse_cost * PRODUCT_GAIN > dense_cost;
  if (system->dense && (system->panel = memory_doubles(size, MAX(MIXED_PANEL, q), error)) == NULL)
    return false;
  return (system->scaled = memory_doubles(largest, q, error)) != NULL &&
         (system->schur_theta = memory_doubles(q, q, error)) != NULL;
}

static bool build(MixedSystem *system, bool orthonormal, GError **error) {
  const ModelFrame *frame = system->frame;
  g_autofree double *q = memory_doubles(frame->n, MAX(frame->fixed.n_columns, 1), error);
  if (q == NULL || !decompose(system, q, error) || !build_units(system, orthonormal, error) ||
      !find_explained(system, q, error) || !list_parameters(system, error) ||
      (system->rest = memory_doubles(system->size, system->size, error)) == NULL ||
      (system->schur = memory_doubles(system->size, system->size, error)) == NULL ||
      (system->factor = memory_doubles(system->size, system->size, error)) == NULL)
    return false;
  gsize width = system->rank + 1;
  for (gsize g = 0; g < frame->n_groups; g++)
    width += frame->groups[g].effects.n_columns;
  g_autofree guint32 *index = g_new(guint32, width);
  g_autofree double *value = g_new(double, width);
  sum_rest(system, q, index, value);
  if (frame->n_groups == 0) {
    memcpy(system->schur, system->rest, system->size * system->size * sizeof(double));
    return true;
  }
  if (!sum_cross(system, q, index, value, error))
    return false;
  system->schur_theta[0] = NAN;
  return true;
}

bool mixed_system_new(const ModelFrame *frame, bool orthonormal, MixedSystem **system, GError **error) {
  g_autoptr(MixedSystem) made = g_new0(MixedSystem, 1);
  made->frame = frame;
  made->n = frame->n;
  if (!build(made, orthonormal, error))
    return false;
  *system = g_steal_pointer(&made);
  return true;
}

void mixed_system_free(MixedSystem *system) {
  if (system == NULL)
    return;
  for (gsize g = 0; system->units != NULL && g < system->frame->n_groups; g++)
    mixed_units_clear(&system->units[g]);
  g_free(system->units);
  g_free(system->active);
  g_free(system->r);
  g_free(system->projection);
  g_free(system->residual);
  g_free(system->parameters);
  g_free(system->offset);
  g_free(system->own);
  g_free(system->start);
  g_free(system->entry);
  g_free(system->cross);
  g_free(system->rest);
  g_free(system->schur);
  g_free(system->factor);
  g_free(system->panel);
  g_free(system->scaled);
  g_free(system->schur_theta);
  g_free(system);
}
