#include "analysis/stats/joint_density.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"

struct JointDensity {
  JointPlane plane;
  double *kernel[2]; /* (cells, cells): mass that a rating in cell j puts into cell i, at [j * cells + i] */
};

double joint_density_bandwidth(double sd, double n_per_group) { return sd * pow(n_per_group, -1.0 / 6); }

static double normal_mass(double from, double to, double mean, double sd) {
  return 0.5 * (erf((to - mean) / (sd * G_SQRT2)) - erf((from - mean) / (sd * G_SQRT2)));
}

/* Reflections as far as they hold any mass; each cell's column is made to add up to 1. */
static void fill_kernel(double *kernel, gsize cells, double range, double bandwidth) {
  double width = range / (double)cells;
  int reflections = (int)fmin(20, ceil(6 * bandwidth / range) + 1);
  for (gsize j = 0; j < cells; j++) {
    double centre = (0.5 + (double)j) * width, sum = 0;
    for (gsize i = 0; i < cells; i++) {
      double mass = 0, from = (double)i * width, to = from + width;
      for (int k = -reflections; k <= reflections; k++) {
        mass += normal_mass(from, to, 2 * k * range + centre, bandwidth);
        mass += normal_mass(from, to, 2 * k * range - centre, bandwidth);
      }
      kernel[j * cells + i] = mass;
      sum += mass;
    }
    for (gsize i = 0; i < cells; i++)
      kernel[j * cells + i] /= sum;
  }
}

bool joint_density_new(const JointPlane *plane, JointDensity **density, GError **error) {
  g_assert(plane->cells >= 2 && plane->bandwidth[0] > 0 && plane->bandwidth[1] > 0);
  g_autoptr(JointDensity) made = g_new0(JointDensity, 1);
  made->plane = *plane;
  for (int axis = 0; axis < 2; axis++) {
    if ((made->kernel[axis] = memory_doubles(plane->cells, plane->cells, error)) == NULL)
      return false;
    fill_kernel(made->kernel[axis], plane->cells, plane->high[axis] - plane->low[axis], plane->bandwidth[axis]);
  }
  *density = g_steal_pointer(&made);
  return true;
}

void joint_density_free(JointDensity *density) {
  if (density == NULL)
    return;
  g_free(density->kernel[0]);
  g_free(density->kernel[1]);
  g_free(density);
}

static gsize cell_of(const JointPlane *plane, int axis, double value) {
  double share = (value - plane->low[axis]) / (plane->high[axis] - plane->low[axis]);
  return (gsize)CLAMP(floor(share * (double)plane->cells), 0, (double)plane->cells - 1);
}

gsize joint_density_cell(const JointDensity *density, double x, double y) {
  return cell_of(&density->plane, 1, y) * density->plane.cells + cell_of(&density->plane, 0, x);
}

bool joint_density_smooth(const JointDensity *density, const double *counts, double *half, double *map) {
  gsize m = density->plane.cells;
  double total = 0;
  memset(half, 0, m * m * sizeof *half);
  memset(map, 0, m * m * sizeof *map);
  for (gsize row = 0; row < m; row++)
    for (gsize j = 0; j < m; j++) {
      double count = counts[row * m + j];
      if (count == 0)
        continue;
      total += count;
      for (gsize i = 0; i < m; i++)
        half[row * m + i] += count * density->kernel[0][j * m + i];
    }
  if (total == 0)
    return false;
  for (gsize j = 0; j < m; j++)
    for (gsize row = 0; row < m; row++) {
      double mass = density->kernel[1][j * m + row];
      for (gsize i = 0; i < m; i++)
        map[row * m + i] += mass * half[j * m + i];
    }
  for (gsize i = 0; i < m * m; i++)
    map[i] /= total;
  return true;
}

double joint_density_entropy(const double *map, gsize n) {
  double bits = 0;
  for (gsize i = 0; i < n; i++)
    if (map[i] > 0)
      bits -= map[i] * log2(map[i]);
  return bits;
}
