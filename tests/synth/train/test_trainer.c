#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "synth/net/plan.h"
#include "synth/train/checkpoint.h"
#include "synth/train/trainer.h"
#include "tests/support.h"

static TrainSettings tiny(void) {
  TrainSettings s = train_settings_default();
  s.width = .03;
  s.size = 64;
  s.batch = 48;
  s.steps = 8;
  s.warmup = 2;
  s.seed = 2385;
  return s;
}

static TrainState *fresh(const TrainSettings *settings) {
  TrainState *state = NULL;
  GError *error = NULL;
  bool made = train_state_new(settings, &state, &error);
  g_assert_no_error(error);
  g_assert_true(made);
  return state;
}

static double steps(TrainState *state, gsize n_workers, int n) {
  g_autoptr(Trainer) trainer = NULL;
  GError *error = NULL;
  TrainScore score = {0, {0}};
  g_assert_true(trainer_new(state, n_workers, &trainer, &error));
  for (int k = 0; k < n; k++) {
    trainer_step(trainer, &score, &error);
    g_assert_no_error(error);
  }
  return score.loss;
}

static void assert_same_weights(const TrainState *a, const TrainState *b) {
  for (int i = 0; i < a->graph->n_nodes; i++) {
    const NetNode *x = &a->graph->nodes[i], *y = &b->graph->nodes[i];
    if (x->n_weights > 0)
      g_assert_cmpint(memcmp(x->weights, y->weights, x->n_weights * sizeof(float)), ==, 0);
  }
}

static void test_workers_do_not_change_the_result(void) {
  TrainSettings s = tiny();
  g_autoptr(TrainState) one = fresh(&s), three = fresh(&s);
  double a = steps(one, 1, 3), b = steps(three, 3, 3);
  g_assert_cmpfloat(a, ==, b);
  assert_same_weights(one, three);
}

/* Even predictions at the start: the loss is ln(classes) at the first step. */
static void test_first_loss_is_that_of_even_predictions(void) {
  TrainSettings s = tiny();
  g_autoptr(TrainState) state = fresh(&s);
  int classes = state->graph->nodes[net_graph_find(state->graph, "softmax2_pre_activation")].channels;
  support_assert_near("loss", steps(state, 2, 1), log(classes), 1e-6, 0);
}

static void test_checkpoint_resumes_exactly(void) {
  TrainSettings s = tiny();
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "c.safetensors", NULL);
  g_autoptr(TrainState) whole = fresh(&s), first = fresh(&s), second = fresh(&s);
  GError *error = NULL;
  steps(whole, 2, 5);
  steps(first, 2, 2);
  TrainPoint point = {2, 4.2385, .5, .25, .001};
  g_array_append_val(first->curve, point);
  first->since_loss = 8.5381;
  first->since_steps = 2;
  g_assert_true(checkpoint_write(first, path, &error));
  g_assert_true(checkpoint_read(second, path, &error));
  g_assert_cmpuint(second->optimizer->steps, ==, 2);
  g_assert_cmpuint(second->curve->len, ==, 1);
  g_assert_cmpfloat(g_array_index(second->curve, TrainPoint, 0).loss, ==, 4.2385);
  g_assert_cmpfloat(second->since_loss, ==, 8.5381);
  g_assert_cmpuint(second->since_steps, ==, 2);
  steps(second, 2, 3);
  assert_same_weights(whole, second);
  support_remove(folder);
}

static void test_checkpoint_of_other_settings_is_refused(void) {
  TrainSettings s = tiny(), other = tiny();
  other.rate = .004;
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "c.safetensors", NULL);
  g_autoptr(TrainState) state = fresh(&s), wants = fresh(&other);
  GError *error = NULL;
  g_assert_true(checkpoint_write(state, path, &error));
  g_assert_false(checkpoint_read(wants, path, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "rate="));
  g_clear_error(&error);
  support_remove(folder);
}

static void test_truncated_checkpoint_is_refused(void) {
  TrainSettings s = tiny();
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "c.safetensors", NULL);
  g_autoptr(TrainState) state = fresh(&s);
  g_autofree char *data = NULL;
  gsize size = 0;
  GError *error = NULL;
  g_assert_true(checkpoint_write(state, path, &error));
  g_assert_true(g_file_get_contents(path, &data, &size, NULL));
  g_assert_true(g_file_set_contents(path, data, (gssize)(size / 2), NULL));
  g_assert_false(checkpoint_read(state, path, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
  support_remove(folder);
}

/* One bit of one weight, which no shape or range check would see. */
static void test_checkpoint_with_another_weight_is_refused(void) {
  TrainSettings s = tiny();
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "c.safetensors", NULL);
  g_autoptr(TrainState) state = fresh(&s);
  g_autofree char *data = NULL;
  gsize size = 0;
  GError *error = NULL;
  g_assert_true(checkpoint_write(state, path, &error));
  g_assert_true(g_file_get_contents(path, &data, &size, NULL));
  data[size - 4001] = (char)(data[size - 4001] ^ 1);
  g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
  g_assert_false(checkpoint_read(state, path, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "damaged"));
  g_clear_error(&error);
  support_remove(folder);
}

static void test_infinite_loss_stops_before_the_weights_change(void) {
  TrainSettings s = tiny();
  g_autoptr(TrainState) state = fresh(&s);
  g_autoptr(Trainer) trainer = NULL;
  GError *error = NULL;
  TrainScore score;
  int bias = net_graph_find(state->graph, "softmax2_pre_activation");
  state->graph->nodes[bias].weights[3] = INFINITY;
  float before = state->graph->nodes[1].weights[0];
  g_assert_true(trainer_new(state, 1, &trainer, &error));
  g_assert_false(trainer_step(trainer, &score, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "step 0"));
  g_assert_cmpfloat(state->graph->nodes[1].weights[0], ==, before);
  g_clear_error(&error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  g_test_add_func("/train/trainer/workers_do_not_change_the_result", test_workers_do_not_change_the_result);
  g_test_add_func("/train/trainer/first_loss_is_that_of_even_predictions", test_first_loss_is_that_of_even_predictions);
  g_test_add_func("/train/trainer/checkpoint_resumes_exactly", test_checkpoint_resumes_exactly);
  g_test_add_func("/train/trainer/checkpoint_of_other_settings_is_refused",
                  test_checkpoint_of_other_settings_is_refused);
  g_test_add_func("/train/trainer/truncated_checkpoint_is_refused", test_truncated_checkpoint_is_refused);
  g_test_add_func("/train/trainer/checkpoint_with_another_weight_is_refused",
                  test_checkpoint_with_another_weight_is_refused);
  g_test_add_func("/train/trainer/infinite_loss_stops_before_the_weights_change",
                  test_infinite_loss_stops_before_the_weights_change);
  return g_test_run();
}
