/* The values come from NumPy 1.24.2, numpy.random.RandomState: r = RandomState(seed), r._bit_generator.random_raw(),
 * r.randint(bound, size=n), r.random_sample(), r.standard_normal(), r.shuffle(numpy.arange(10)). */
#include "stimuli/base/random.h"

#include "tests/support.h"

static void assert_draws(Random *random, guint32 bound, const guint32 *want, gsize n) {
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint(random_below(random, bound), ==, want[i]);
}

static void test_bits_match_numpy_for_many_seeds(void) {
  static const struct {
    guint32 seed, first[4], after_2004;
  } cases[] = {
      {20241227, {1475226004, 2161412981, 2169835793, 580407115}, 3724008801},
      {0, {2357136044, 2546248239, 3071714933, 3626093760}, 2043657930},
      {4294967295, {419326371, 479346978, 3918654476, 2416749639}, 1380450931},
      {7, {327741615, 976413892, 3349725721, 1369975286}, 1639537649},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Random random;
    random_init(&random, cases[i].seed);
    for (gsize j = 0; j < 4; j++)
      g_assert_cmpuint(random_bits(&random), ==, cases[i].first[j]);
    for (gsize j = 0; j < 2000; j++)
      random_bits(&random);
    g_assert_cmpuint(random_bits(&random), ==, cases[i].after_2004);
  }
}

static void test_every_draw_matches_numpy_in_one_stream(void) {
  static const guint32 below_64[] = {20, 53, 17, 11, 59, 1, 46, 57}, below_512[] = {492, 193, 14, 334, 41, 385};
  static const guint32 below_1000[] = {52, 986, 113, 834, 295, 612, 789, 534}, below_1[] = {0};
  static const guint32 below_3e9[] = {1125900375, 2346276769, 1750208675};
  static const double uniform[] = {0.30969502377958014, 0.2510156093734498, 0.7558939947113672};
  static const double normal[] = {0.5526488131315236, -0.7273102338124467, -0.5447977943685498, 0.3559734206794642,
                                  2.2151462657982783};
  static const gsize shuffled[] = {8, 2, 0, 5, 7, 3, 1, 6, 4, 9};
  Random random;
  random_init(&random, 20241227);
  assert_draws(&random, 64, below_64, G_N_ELEMENTS(below_64));
  assert_draws(&random, 512, below_512, G_N_ELEMENTS(below_512));
  assert_draws(&random, 1000, below_1000, G_N_ELEMENTS(below_1000));
  assert_draws(&random, 1, below_1, 1);
  assert_draws(&random, 3000000000u, below_3e9, G_N_ELEMENTS(below_3e9));
  for (gsize i = 0; i < G_N_ELEMENTS(uniform); i++)
    g_assert_cmpfloat(random_uniform(&random), ==, uniform[i]);
  /* One unit in the last place: libm's log may round otherwise than the one NumPy was built with. */
  for (gsize i = 0; i < G_N_ELEMENTS(normal); i++)
    support_assert_near("normal", random_normal(&random), normal[i], 4e-16, 0);
  gsize items[10];
  for (gsize i = 0; i < 10; i++)
    items[i] = i;
  random_shuffle(&random, items, 10);
  for (gsize i = 0; i < 10; i++)
    g_assert_cmpuint(items[i], ==, shuffled[i]);
  g_assert_cmpuint(random_below(&random, 1000000), ==, 549903);
}

static void test_streams_depend_on_seed_and_label_as_documented(void) {
  /* RandomState(list(struct.unpack('>4I', hashlib.sha256(b'7/participant 12').digest()[:16]))) */
  Random random;
  random_init_stream(&random, 7, "participant 12");
  g_assert_cmpuint(random_bits(&random), ==, 2212007987);
  g_assert_cmpuint(random_bits(&random), ==, 2337095123);
  g_assert_cmpuint(random_bits(&random), ==, 3970973133);
  g_assert_cmpfloat(random_uniform(&random), ==, 0.6415048275683729);
  random_init_stream(&random, G_GUINT64_CONSTANT(9223372036854775813), "");
  g_assert_cmpuint(random_bits(&random), ==, 3334593287);
}

static void test_shuffling_nothing_or_one_item_draws_nothing(void) {
  Random random, untouched;
  random_init(&random, 3);
  untouched = random;
  gsize item = 41;
  random_shuffle(&random, &item, 0);
  random_shuffle(&random, &item, 1);
  g_assert_cmpuint(item, ==, 41);
  g_assert_cmpuint(random_bits(&random), ==, random_bits(&untouched));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/random/bits-match-numpy-for-many-seeds", test_bits_match_numpy_for_many_seeds);
  g_test_add_func("/random/every-draw-matches-numpy-in-one-stream", test_every_draw_matches_numpy_in_one_stream);
  g_test_add_func("/random/streams-depend-on-seed-and-label-as-documented",
                  test_streams_depend_on_seed_and_label_as_documented);
  g_test_add_func("/random/shuffling-nothing-or-one-item-draws-nothing",
                  test_shuffling_nothing_or_one_item_draws_nothing);
  return g_test_run();
}
