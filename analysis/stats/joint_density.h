/* The joint density of two bounded ratings on a grid, and its Shannon entropy: the one implementation behind the joint
 * maps and the tests of entropy.
 *
 * The plane is cut into cells x cells cells. Ratings are counted in them, each at its cell's centre; the counts are
 * smoothed by a Gaussian kernel of one bandwidth a scale, integrated over each cell, and what falls outside is
 * reflected at the scale's ends, so that the cells add up to 1. Entropy is in bits, 0 to 2 log2(cells). */
#ifndef DREAMRIG_STATS_JOINT_DENSITY_H
#define DREAMRIG_STATS_JOINT_DENSITY_H

#include <glib.h>
#include <stdbool.h>

/* How the plane is cut and smoothed; index 0 is x, 1 is y. */
typedef struct {
  double low[2], high[2]; /* of the scales; low < high */
  gsize cells;            /* along each side, at least 2 */
  double bandwidth[2];    /* SD of the kernel, in units of the scale, above 0 */
} JointPlane;

/* Scott's bandwidth for n_per_group pairs: sd n^(-1/6). Source: Scott 1992, Multivariate Density Estimation, ch. 6. */
double joint_density_bandwidth(double sd, double n_per_group);

/* The smoothing matrices of a plane. */
typedef struct JointDensity JointDensity;

/* Fails with RIG_ERROR_MEMORY only. Free with joint_density_free. */
bool joint_density_new(const JointPlane *plane, JointDensity **density, GError **error);
void joint_density_free(JointDensity *density);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JointDensity, joint_density_free)

/* The cell of a pair in a map of (cells, cells), row by row from the lowest y. Values beyond the scale count in its
 * outermost cell. */
gsize joint_density_cell(const JointDensity *density, double x, double y);
/* map (cells, cells): the probability of each cell given counts (cells, cells); half is a workspace of the same size.
 * False, and a map of zeros, where there are no counts. */
bool joint_density_smooth(const JointDensity *density, const double *counts, double *half, double *map);
/* -sum p log2 p over n cells, in bits. Source: Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x. */
double joint_density_entropy(const double *map, gsize n);

#endif
