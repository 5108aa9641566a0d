#include "synth/train/loss.h"

#include <math.h>

Loss loss_cross_entropy(gsize n_classes, gsize n_images, const float *logits, const guint32 *labels, double scale,
                        float *gradient) {
  g_assert(n_classes > 0);
  Loss total = {0, 0};
  for (gsize i = 0; i < n_images; i++) {
    gsize largest = 0;
    for (gsize c = 1; c < n_classes; c++)
      if (logits[c * n_images + i] > logits[largest * n_images + i])
        largest = c;
    double top = (double)logits[largest * n_images + i], others = 0;
    for (gsize c = 0; c < n_classes; c++)
      others += c == largest ? 0 : exp((double)logits[c * n_images + i] - top);
    for (gsize c = 0; c < n_classes; c++) {
      double p = exp((double)logits[c * n_images + i] - top) / (1 + others);
      gradient[c * n_images + i] = (float)(scale * (p - (c == labels[i] ? 1 : 0)));
    }
    total.loss += top + log1p(others) - (double)logits[labels[i] * n_images + i];
    total.n_correct += largest == labels[i];
  }
  return total;
}
