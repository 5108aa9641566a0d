#include "tests/analysis/stats/groups.h"

#include "tests/analysis/stats/data.h"

gsize groups_values(gsize group, double *values) {
  gsize n = 0;
  for (gsize i = 0; i < DATA_N; i++)
    if (data_group[i] == group)
      values[n++] = data_y[i];
  return n;
}

Description groups_description(gsize group) {
  double values[DATA_N];
  gsize n = groups_values(group, values);
  Description d;
  g_assert_true(descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &d, NULL));
  return d;
}
