/* The images of the layers at each corner and side of the plane of two ratings: the study's Figs S5 to S12. */
#ifndef DREAMRIG_REPORT_CORNERS_H
#define DREAMRIG_REPORT_CORNERS_H

#include "analysis/ratings/joint_ratings.h"
#include "analysis/report/report_private.h"

/* One figure a place, folded away. Fails as reading a picture does. */
bool report_corners(Report *report, const JointRatings *joint, const JointCase *places, gsize n, GError **error);

#endif
