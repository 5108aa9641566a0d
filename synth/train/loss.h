/* The training objective of one classifier head. */
#ifndef DREAMRIG_TRAIN_LOSS_H
#define DREAMRIG_TRAIN_LOSS_H

#include <glib.h>

typedef struct {
  double loss;     /* summed over images, natural logarithm */
  gsize n_correct; /* images whose largest logit is the label's */
} Loss;

/* Softmax cross-entropy of logits (n_classes, n_images) against labels[n_images]; gradient (same shape) becomes
 * scale * (softmax - one-hot). */
Loss loss_cross_entropy(gsize n_classes, gsize n_images, const float *logits, const guint32 *labels, double scale,
                        float *gradient);

#endif
