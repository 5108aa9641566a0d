#include "analysis/ratings/joint_ratings.h"

#include <math.h>

#include "tests/support.h"

#define N_LAYERS 3
#define N_EACH 12
#define N_DIFFERENT 6 /* each pair of ratings is given twice */

/* Three layers of one image each: agreement in the middle, ratings all over, and two groups on the second scale. */
static const double xs[N_LAYERS][N_DIFFERENT] = {
    {50, 51, 52, 49, 50, 53}, {5, 30, 60, 95, 75, 20}, {40, 45, 50, 55, 60, 52}};
static const double ys[N_LAYERS][N_DIFFERENT] = {
    {50, 48, 51, 52, 50, 49}, {90, 15, 55, 35, 80, 10}, {5, 6, 95, 94, 7, 93}};

typedef struct {
  Rating rows[N_LAYERS * N_EACH + 1];
  Ratings ratings;
  StudyImage images[N_LAYERS];
  StudyLayer layers[N_LAYERS];
  Study study;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused) {
  (void)unused;
  static char *scales[] = {(char *)"arousal", (char *)"valence", NULL};
  static char *names[] = {(char *)"agreed", (char *)"spread", (char *)"split"};
  for (gsize i = 0; i < N_LAYERS * N_EACH; i++)
    f->rows[i] = (Rating){
        .image = i % N_LAYERS,
        .values = {xs[i % N_LAYERS][i / N_LAYERS % N_DIFFERENT], ys[i % N_LAYERS][i / N_LAYERS % N_DIFFERENT]}};
  f->rows[N_LAYERS * N_EACH] = (Rating){.image = 0, .values = {99, NAN}}; /* no pair */
  f->ratings = (Ratings){
      .n_scales = 2, .scales = scales, .high = {100, 100}, .n_ratings = G_N_ELEMENTS(f->rows), .ratings = f->rows};
  for (gsize i = 0; i < N_LAYERS; i++) {
    f->images[i] = (StudyImage){.layer = i, .n_trials = N_EACH};
    f->layers[i] = (StudyLayer){.name = names[i]};
  }
  f->study = (Study){.ratings = &f->ratings,
                     .n_scales = 2,
                     .scales = scales,
                     .n_images = N_LAYERS,
                     .images = f->images,
                     .n_layers = N_LAYERS,
                     .layers = f->layers};
}

static JointRatings *joint_of(const Study *study) {
  JointRatings *joint = NULL;
  GError *error = NULL;
  joint_ratings_new(study, 0, 1, &joint, &error);
  g_assert_no_error(error);
  return joint;
}

/* NumPy: bandwidths SD of all 36 ratings times 12^(-1/6); K[i, j] the normal's mass in cell i of 50 around the centre c
 * of cell j and its images 200 r - c, 200 r + c, columns made to add up to 1; D = K_y counts K_x' / n;
 * -sum(D log2 D). */
static void entropies_are_those_of_numpy(Fixture *f, gconstpointer unused) {
  (void)unused;
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  const double want[] = {10.069267060936813, 11.014475958102615, 10.24496240502057};
  g_assert_cmpuint(joint->n_layers, ==, 3);
  support_assert_near("x bandwidth", joint->plane.bandwidth[0], 12.579902798185072, 1e-9, 0);
  support_assert_near("y bandwidth", joint->plane.bandwidth[1], 20.71509604127856, 1e-9, 0);
  for (gsize i = 0; i < N_LAYERS; i++) {
    g_assert_cmpuint(joint->layers[i].n, ==, N_EACH);
    support_assert_near("entropy", joint->layers[i].entropy, want[i], 1e-9, 0);
  }
}

static void cases_follow_their_rules(Fixture *f, gconstpointer unused) {
  (void)unused;
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  JointCase cases[JOINT_RATINGS_N_CASES];
  joint_ratings_cases(joint, cases);
  const gsize want[] = {0, 2, 1, 2, G_MAXSIZE, G_MAXSIZE};
  for (gsize k = 0; k < JOINT_RATINGS_N_CASES; k++)
    if (k != 1) /* which of three is ordinary is not worth a test */
      g_assert_cmpuint(cases[k].layer, ==, want[k]);
}

static void places_are_the_nearest_medians(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 0; i < N_EACH; i++) { /* moves the agreed layer to the top right, the split one to the left */
    f->rows[i * N_LAYERS].values[0] += 45;
    f->rows[i * N_LAYERS].values[1] += 45;
    f->rows[i * N_LAYERS + 2].values[0] -= 40;
  }
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  JointCase places[JOINT_RATINGS_N_PLACES];
  joint_ratings_places(joint, places);
  g_assert_cmpfloat(places[2].wanted[0], ==, 0);
  g_assert_cmpfloat(places[2].wanted[1], ==, 100);
  g_assert_cmpuint(places[1].layer, ==, 2); /* low, middle */
  g_assert_cmpuint(places[4].layer, ==, 0); /* high, high */
  g_assert_cmpuint(places[7].layer, ==, 1); /* middle, low */
}

static void a_layer_with_few_ratings_is_no_case(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 0; i < 8; i++)
    f->rows[i * N_LAYERS].values[0] = NAN;
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  JointCase cases[JOINT_RATINGS_N_CASES];
  g_assert_cmpuint(joint->layers[0].n, ==, 4);
  g_assert_false(isnan(joint->layers[0].entropy));
  joint_ratings_cases(joint, cases);
  g_assert_cmpuint(cases[0].layer, !=, 0);
}

/* One rating in the corner puts no layer there. */
static void a_layer_with_few_ratings_has_no_place(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 1; i < N_EACH; i++)
    f->rows[i * N_LAYERS].values[0] = NAN;
  f->rows[0].values[0] = f->rows[0].values[1] = 0;
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  JointCase places[JOINT_RATINGS_N_PLACES];
  g_assert_cmpuint(joint->layers[0].n, ==, 1);
  g_assert_true(isnan(joint_ratings_distance(joint, &joint->layers[0], (const double[]){0, 0})));
  joint_ratings_places(joint, places);
  for (gsize k = 0; k < JOINT_RATINGS_N_PLACES; k++)
    g_assert_cmpuint(places[k].layer, !=, 0);
}

static void layers_of_one_entropy_are_no_cases(Fixture *f, gconstpointer unused) {
  (void)unused;
  for (gsize i = 0; i < N_LAYERS * N_EACH; i++)
    f->rows[i].values[0] = f->rows[i].values[1] = 40;
  for (gsize i = 0; i < 5; i++) /* another number of them: the entropies are the same but for rounding */
    f->rows[i * N_LAYERS + 1].values[0] = NAN;
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  JointCase cases[JOINT_RATINGS_N_CASES];
  joint_ratings_cases(joint, cases);
  for (gsize k = 0; k < JOINT_RATINGS_N_CASES; k++)
    g_assert_cmpuint(cases[k].layer, ==, G_MAXSIZE);
}

static void the_table_has_a_row_a_layer(Fixture *f, gconstpointer unused) {
  (void)unused;
  g_autoptr(JointRatings) joint = joint_of(&f->study);
  g_autoptr(Table) table = joint_ratings_table(&f->study, joint);
  g_assert_cmpuint(table_n_rows(table), ==, 3);
  g_assert_cmpstr(table_get(table, 2, 0), ==, "split");
  g_assert_cmpint(table_column(table, "valence_median"), ==, 5);
  g_assert_cmpstr(table_get(table, 1, 4), ==, "45");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {{"entropies_are_those_of_numpy", entropies_are_those_of_numpy},
               {"cases_follow_their_rules", cases_follow_their_rules},
               {"places_are_the_nearest_medians", places_are_the_nearest_medians},
               {"a_layer_with_few_ratings_is_no_case", a_layer_with_few_ratings_is_no_case},
               {"a_layer_with_few_ratings_has_no_place", a_layer_with_few_ratings_has_no_place},
               {"layers_of_one_entropy_are_no_cases", layers_of_one_entropy_are_no_cases},
               {"the_table_has_a_row_a_layer", the_table_has_a_row_a_layer}};
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/ratings/joint/", tests[i].name, NULL);
    g_test_add(path, Fixture, NULL, set_up, tests[i].test, NULL);
  }
  return g_test_run();
}
