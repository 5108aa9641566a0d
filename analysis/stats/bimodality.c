#include "analysis/stats/bimodality.h"

#include <math.h>

#include "analysis/stats/descriptive.h"

void bimodality_coefficient(const double *values, gsize n, Bimodality *bimodality) {
  *bimodality = (Bimodality){0, NAN, NAN, NAN};
  double mean = descriptive_mean(values, n), sd = descriptive_sd(values, n);
  double third = 0, fourth = 0, second = 0, count = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(values[i]))
      continue;
    count++;
    if (!(sd > 0))
      continue;
    double z = (values[i] - mean) / sd; /* so that no power over- or underflows */
    second += z * z;
    third += z * z * z;
    fourth += z * z * z * z;
  }
  bimodality->n = (gsize)count;
  if (count < 4 || !(sd > 0))
    return;
  second /= count;
  double g1 = third / count / pow(second, 1.5), g2 = fourth / count / (second * second) - 3;
  bimodality->skewness = g1 * sqrt(count * (count - 1)) / (count - 2);
  bimodality->excess_kurtosis = ((count + 1) * g2 + 6) * (count - 1) / ((count - 2) * (count - 3));
  bimodality->coefficient = (bimodality->skewness * bimodality->skewness + 1) /
                            (bimodality->excess_kurtosis + 3 * (count - 1) * (count - 1) / ((count - 2) * (count - 3)));
}
