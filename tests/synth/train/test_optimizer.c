/* Loss and optimisers against numbers computed with NumPy.
 *
 * python3 - <<'END'
 * import numpy as np
 * z = np.array([[1.5, -.25], [.5, 2.125], [-.75, .375]]); y = [0, 2]
 * p = np.exp(z) / np.exp(z).sum(0); print(-np.log(p[0, 0]) - np.log(p[2, 1]), p)
 * w, m, v = .7, 0., 0.
 * for t, g in enumerate([.3, -.2, .05], 1):
 *     m = .9 * m + .1 * g; v = .99 * v + .01 * g * g
 *     w -= .01 * (m / (1 - .9**t)) / (np.sqrt(v / (1 - .99**t)) + 1e-8) + .01 * .1 * w
 *     print(w)
 * w, m = .7, 0.
 * for g in [.3, -.2, .05]:
 *     m = .9 * m + g; w -= .1 * m + .1 * .01 * w; print(w)
 * END */
#include "synth/train/loss.h"
#include "synth/train/optimizer.h"
#include "tests/support.h"

static void test_cross_entropy(void) {
  const float logits[6] = {1.5f, -.25f, .5f, 2.125f, -.75f, .375f};
  const guint32 labels[2] = {0, 2};
  float gradient[6];
  Loss loss = loss_cross_entropy(3, 2, logits, labels, .5, gradient);
  support_assert_near("loss", loss.loss, 2.373975207, 1e-6, 0);
  g_assert_cmpuint(loss.n_correct, ==, 1);
  const double want[6] = {-0.1606208916, 0.03671271651, 0.1248505967, 0.3946988993, 0.03577029486, -0.4314116158};
  for (int k = 0; k < 6; k++)
    support_assert_near("gradient", (double)gradient[k], want[k], 1e-5, 1e-7);
}

static void descend(OptimizerSettings settings, double rate, const double want[3]) {
  const float gradients[3] = {.3f, -.2f, .05f};
  g_autoptr(Optimizer) optimizer = optimizer_new(&settings, 1);
  float weight = .7f;
  for (int k = 0; k < 3; k++) {
    optimizer_begin_step(optimizer);
    optimizer_update(optimizer, 0, 1, &weight, &gradients[k], rate, rate * settings.weight_decay);
    support_assert_near("weight", (double)weight, want[k], 1e-6, 0);
  }
}

static void test_adam(void) {
  const double want[3] = {0.6893000003, 0.6871642356, 0.6844863639};
  descend((OptimizerSettings){OPTIMIZER_ADAM, .9, .99, 1e-8, .1}, .01, want);
}

static void test_sgd(void) {
  const double want[3] = {0.6693, 0.6616307, 0.6496690693};
  descend((OptimizerSettings){OPTIMIZER_SGD, .9, .99, 1e-8, .01}, .1, want);
}

static void test_rate_rises_then_falls_as_a_cosine(void) {
  support_assert_near("first", optimizer_rate(0, 4, 20, .8), .2, 1e-12, 0);
  support_assert_near("peak", optimizer_rate(3, 4, 20, .8), .8, 1e-12, 0);
  support_assert_near("middle", optimizer_rate(12, 4, 20, .8), .4, 1e-12, 0);
  support_assert_near("end", optimizer_rate(20, 4, 20, .8), 0, 0, 1e-12);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/train/loss/cross_entropy", test_cross_entropy);
  g_test_add_func("/train/optimizer/adam", test_adam);
  g_test_add_func("/train/optimizer/sgd", test_sgd);
  g_test_add_func("/train/optimizer/rate_rises_then_falls_as_a_cosine", test_rate_rises_then_falls_as_a_cosine);
  return g_test_run();
}
