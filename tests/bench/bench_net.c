/* How long a step of the ascent takes: forward and backward to mixed5b of a full-width inception5h at 512x512, with two
 * workers as in a set (each its own plan and one BLAS thread), beside one large matrix product of the same run.
 *
 * The machine may be busy with other things: each figure is the best of several rounds, and the single worker and the
 * product are timed by the processor time of their thread. */
#include <cblas.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "synth/net/architectures.h"
#include "synth/net/plan.h"

#define SIDE 512
#define WORKERS 2
#define STEPS 3 /* of each worker in a round */
#define ROUNDS 4
#define GEMM_SIDE 2048
#define TARGET_SECONDS 0.6
#define PYTORCH_SECONDS 0.7

typedef struct {
  NetPlan *plan;
  float *pixels, *gradient;
  double seconds, forward_seconds; /* processor time of its last round */
} Worker;

static double now(void) { return (double)g_get_monotonic_time() * 1e-6; }

static double processor_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void step(Worker *worker) {
  double start = processor_now();
  net_plan_forward(worker->plan, worker->pixels, 3 * SIDE);
  worker->forward_seconds += processor_now() - start;
  NetShape shape;
  net_plan_activation(worker->plan, 0, &shape);
  gsize n = (gsize)shape.channels * (gsize)shape.height * (gsize)shape.width;
  float *seed = net_plan_gradient(worker->plan, 0);
  for (gsize i = 0; i < n; i++)
    seed[i] = 1.0f / (float)n;
  net_plan_backward(worker->plan, worker->gradient, 3 * SIDE);
  worker->seconds += processor_now() - start;
}

static gpointer work(gpointer data) {
  Worker *worker = data;
  worker->seconds = worker->forward_seconds = 0;
  for (int i = 0; i < STEPS; i++)
    step(worker);
  return NULL;
}

static double round_seconds(Worker *workers, int n_workers) {
  GThread *threads[WORKERS];
  double start = now();
  for (int w = 0; w < n_workers; w++)
    threads[w] = g_thread_new("worker", work, &workers[w]);
  for (int w = 0; w < n_workers; w++)
    g_thread_join(threads[w]);
  return (now() - start) / (STEPS * n_workers);
}

/* GFLOP/s of one thread on a large product. */
static double gemm_rate(void) {
  gsize n = (gsize)GEMM_SIDE * GEMM_SIDE;
  g_autofree float *a = g_new(float, n), *b = g_new(float, n), *c = g_new0(float, n);
  for (gsize i = 0; i < n; i++) {
    a[i] = (float)(i % 101) * 0.01f;
    b[i] = (float)(i % 97) * 0.01f;
  }
  double best = INFINITY;
  for (int i = 0; i < ROUNDS; i++) {
    double start = processor_now();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, GEMM_SIDE, GEMM_SIDE, GEMM_SIDE, 1, a, GEMM_SIDE, b,
                GEMM_SIDE, 0, c, GEMM_SIDE);
    best = fmin(best, processor_now() - start);
  }
  return 2.0 * GEMM_SIDE * GEMM_SIDE * GEMM_SIDE / best * 1e-9;
}

int main(void) {
  net_blas_init();
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("inception5h (random weights)", 1.0, 1008, 1, &error);
  if (!graph) {
    fprintf(stderr, "bench_net: %s\n", error->message);
    return 1;
  }
  int target = net_graph_find(graph, "mixed5b");
  Worker workers[WORKERS];
  for (int w = 0; w < WORKERS; w++) {
    workers[w] = (Worker){.plan = net_plan_new(graph, SIDE, SIDE, &target, 1, NULL, &error),
                          .pixels = g_new(float, 3 * SIDE * SIDE),
                          .gradient = g_new(float, 3 * SIDE * SIDE)};
    if (!workers[w].plan) {
      fprintf(stderr, "bench_net: %s\n", error->message);
      return 1;
    }
    for (int i = 0; i < 3 * SIDE * SIDE; i++)
      workers[w].pixels[i] = 127.0f + (float)((i % 9973 * 7919 + w) % 51 - 25);
  }
  double one = INFINITY, two = INFINITY, forward = INFINITY;
  for (int i = 0; i < ROUNDS; i++) {
    round_seconds(workers, 1);
    one = fmin(one, workers[0].seconds / STEPS);
    forward = fmin(forward, workers[0].forward_seconds / STEPS);
    two = fmin(two, round_seconds(workers, WORKERS));
  }
  double flop = 4 * net_plan_macs(workers[0].plan), gemm = gemm_rate();
  printf("BLAS\t%s\n", net_blas_description());
  printf("work\t%.2f GMAC forward, as many backward; %.0f MiB a worker\n", flop / 4e9,
         (double)net_plan_bytes(workers[0].plan) / (1024 * 1024));
  printf("one worker\t%.3f s of processor time a step (%.3f forward), %.1f GFLOP/s, %.2f of a large product (%.1f)\n",
         one, forward, flop / one * 1e-9, flop / one * 1e-9 / gemm, gemm);
  printf("two workers\t%.3f s a step, %.1f GFLOP/s; the target is %.1f s, PyTorch took %.1f s\n", two,
         flop / two * 1e-9, TARGET_SECONDS, PYTORCH_SECONDS);
  for (int w = 0; w < WORKERS; w++) {
    net_plan_free(workers[w].plan);
    g_free(workers[w].pixels);
    g_free(workers[w].gradient);
  }
  return 0;
}
