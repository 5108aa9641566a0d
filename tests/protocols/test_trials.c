#include "protocols/trials.h"

#include <math.h>
#include <string.h>

#include "protocols/allocation.h"
#include "stimuli/base/error.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

static TrialList *list_of(const Protocol *protocol, const char *participant) {
  GError *error = NULL;
  TrialList *list = NULL;
  trial_list_new(protocol, participant, &list, &error);
  g_assert_no_error(error);
  return list;
}

/* NumPy: def stream(seed, label): d = sha256(f"{seed}/{label}".encode()).digest()
 *   return RandomState([int.from_bytes(d[4*i:4*i+4], "big") for i in range(4)])
 * perm = arange(12); stream(7, "images").shuffle(perm); rows 2 * (5 % 6) and the next of it, sorted, are the warm-up's;
 * r = stream(7, f"order P05 {block}"); r.shuffle(rows); and randint(101) for each trial's random start. */
static void test_order_and_starts_are_numpys(void) {
  static const gsize rows[] = {1, 0, 3, 4, 7, 8, 0, 1, 10, 5, 11, 9, 6, 2};
  static const double starts[] = {65, 68, 66, 100, 63, 22, 48, 39, 55, 21, 0, 63, 35, 26};
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "");
  protocol->rules = 1; /* the label's zero counts */
  g_autoptr(TrialList) list = list_of(protocol, "P05");
  g_assert_cmpuint(list->n_trials, ==, G_N_ELEMENTS(rows));
  for (gsize i = 0; i < list->n_trials; i++) {
    const Trial *trial = &list->trials[i];
    gsize arousal = trial->scales[0] == 0 ? 0 : 1;
    g_assert_cmpuint(trial->stimulus, ==, rows[i]);
    g_assert_cmpuint(trial->number, ==, i < 2 ? i + 1 : i - 1);
    g_assert_cmpuint(trial->step, ==, i < 2 ? 2 : 3);
    g_assert_cmpfloat(trial->start[arousal], ==, starts[i]);
    g_assert_cmpfloat(trial->start[1 - arousal], ==, 0); /* valence starts in the centre of -50..50 */
  }
  support_remove(folder);
}

static void test_zeros_before_the_number_change_nothing(void) {
  static const char *const labels[][2] = {{"7", "007"}, {"P5", "P05"}, {"a0b1", "a0b0001"}, {"0", "000"}, {"x", "x"}};
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "");
  for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_autoptr(TrialList) bare = list_of(protocol, labels[i][0]), padded = list_of(protocol, labels[i][1]);
    g_autoptr(TrialList) other = list_of(protocol, "lab7");
    bool differs = false;
    for (gsize t = 0; t < bare->n_trials; t++) {
      g_assert_cmpuint(bare->trials[t].stimulus, ==, padded->trials[t].stimulus);
      g_assert_cmpfloat(bare->trials[t].start[0], ==, padded->trials[t].start[0]);
      differs |= bare->trials[t].stimulus != other->trials[t].stimulus;
    }
    g_assert_true(differs);
    protocol->rules = 1; /* the order of a label without zeros has stayed */
    g_autoptr(TrialList) earlier = list_of(protocol, labels[i][0]);
    protocol->rules = ALLOCATION_RULES;
    for (gsize t = 0; t < bare->n_trials; t++)
      g_assert_cmpuint(bare->trials[t].stimulus, ==, earlier->trials[t].stimulus);
  }
  support_remove(folder);
}

static void test_label_without_digits_draws_its_number(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "");
  g_autoptr(TrialList) anna = list_of(protocol, "anna"), p12 = list_of(protocol, "P2x0012");
  g_assert_cmpuint(anna->participant, ==, 273722536); /* stream(7, "number anna").randint(1000000000) */
  g_assert_cmpuint(p12->participant, ==, 12);
  support_remove(folder);
}

static void test_all_digits_of_a_label_count(void) {
  static const struct {
    const char *label;
    guint64 number, earlier;
  } cases[] = {{"4294967297", 4294967297, 294967297},
               {"2000000001", 2000000001, 1},
               {"lab09223372036854775807", 9223372036854775807u, 854775807}};
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(TrialList) list = list_of(protocol, cases[i].label);
    g_assert_cmpuint(list->participant, ==, cases[i].number);
    for (gsize rules = 1; rules <= 2; rules++) {
      protocol->rules = rules; /* a session that began so goes on so */
      g_autoptr(TrialList) earlier = list_of(protocol, cases[i].label);
      g_assert_cmpuint(earlier->participant, ==, cases[i].earlier);
    }
    protocol->rules = ALLOCATION_RULES;
  }
  g_autoptr(GError) error = NULL;
  g_assert_true(allocation_check_label(protocol, "p09223372036854775807", NULL));
  g_assert_false(allocation_check_label(protocol, "p9223372036854775808", &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(
      strstr(error->message, "participant p9223372036854775808: the number 9223372036854775808 that ends"));
  protocol->rules = 2;
  g_assert_true(allocation_check_label(protocol, "p9223372036854775808", NULL));
  g_autoptr(TrialList) earlier = list_of(protocol, "p9223372036854775808");
  g_assert_cmpuint(earlier->participant, ==, 854775808);
  support_remove(folder);
}

static void test_ill_formed_label_is_refused(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 4, "");
  static const char *const labels[] = {"", "a b", "../x", "Zoë", "123456789012345678901234567890123"};
  for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_autoptr(TrialList) list = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(trial_list_new(protocol, labels[i], &list, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_true(g_str_has_prefix(error->message, "participant \""));
  }
  support_remove(folder);
}

static void test_same_participant_gets_the_same_trials(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "scale_order = trial\n");
  g_autoptr(TrialList) a = list_of(protocol, "031"), b = list_of(protocol, "031"), other = list_of(protocol, "032");
  bool differs = false;
  for (gsize i = 0; i < a->n_trials; i++) {
    g_assert_cmpuint(a->trials[i].stimulus, ==, b->trials[i].stimulus);
    g_assert_cmpuint(a->trials[i].scales[0], ==, b->trials[i].scales[0]);
    g_assert_cmpfloat(a->trials[i].start[0], ==, b->trials[i].start[0]);
    differs |= a->trials[i].stimulus != other->trials[i].stimulus;
  }
  g_assert_true(differs);
  support_remove(folder);
}

static void test_fixed_order_is_the_sets(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 9, "order = fixed\nexclude = warmup\n");
  g_autoptr(TrialList) list = list_of(protocol, "4");
  gsize n = 0;
  const Trial *main_trials = trial_list_step(list, 3, &n);
  g_assert_cmpuint(n, ==, 7);
  for (gsize i = 1; i < n; i++)
    g_assert_cmpuint(main_trials[i].stimulus, >, main_trials[i - 1].stimulus);
  g_assert_null(trial_list_step(list, 0, &n));
  g_assert_cmpuint(n, ==, 0);
  support_remove(folder);
}

/* Checks a protocol's exact balance over `period` participants: in the main block, each image is shown equally often,
 * and equally often with each scale on top over twice as many. */
static void check_balance(gsize n_images, const char *main_lines, gsize period) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, n_images, main_lines);
  g_autofree gsize *shown = g_new0(gsize, n_images), *warmups = g_new0(gsize, n_images);
  g_autofree gsize *on_top = g_new0(gsize, n_images);
  for (gsize p = 0; p < 2 * period; p++) {
    g_autofree char *label = g_strdup_printf("%zu", 17 + p);
    g_autoptr(TrialList) list = list_of(protocol, label);
    g_autofree bool *seen = g_new0(bool, n_images);
    for (gsize i = 0; i < list->n_trials; i++) {
      const Trial *trial = &list->trials[i];
      if (trial->step == 2) {
        warmups[trial->stimulus]++;
        seen[trial->stimulus] = protocol->blocks[1].n_excluded > 0;
      } else {
        g_assert_false(seen[trial->stimulus]);
        seen[trial->stimulus] = true;
        shown[trial->stimulus]++;
        on_top[trial->stimulus] += trial->scales[0] == 0;
      }
    }
    if (p + 1 == period) /* in whatever period, and from whatever number on, it is exact */
      for (gsize i = 0; i < n_images; i++)
        g_assert_cmpuint(shown[i], ==, shown[0]);
  }
  for (gsize i = 0; i < n_images; i++) {
    g_assert_cmpuint(shown[i], ==, shown[0]);
    g_assert_cmpuint(warmups[i], ==, warmups[0]);
    g_assert_cmpuint(2 * on_top[i], ==, shown[i]);
  }
  support_remove(folder);
}

static void test_images_and_scales_are_balanced_exactly(void) {
  check_balance(12, "", 6);
  check_balance(12, "images = 4\n", 12);                   /* 2 + 4 of 12: 6 does not divide them */
  check_balance(12, "images = 5\nexclude = warmup\n", 12); /* windows of 7 */
  check_balance(15, "images = 3\nexclude = warmup\n", 15); /* windows of 5 */
  check_balance(10, "exclude = warmup\n", 5);              /* all but the two of the warm-up */
  check_balance(9, "images = 9\n", 9);                     /* more than the set: windows overlap */
}

static void test_ten_thousand_participants_balance(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 50, "images = 3\nexclude = warmup\n");
  gsize shown[50] = {0};
  for (gsize p = 1; p <= 10000; p++) {
    g_autofree char *label = g_strdup_printf("%05zu", p);
    g_autoptr(TrialList) list = list_of(protocol, label);
    for (gsize i = 0; i < list->n_trials; i++)
      shown[list->trials[i].stimulus] += list->trials[i].step == 3;
  }
  for (gsize i = 0; i < 50; i++)
    g_assert_cmpuint(shown[i], ==, 600);
  support_remove(folder);
}

static void test_repeats_come_after_all_and_never_twice_in_succession(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 3, "repeats = 40\n");
  g_assert_cmpuint(trial_list_count(protocol, 1), ==, 120);
  g_autoptr(TrialList) list = list_of(protocol, "8");
  gsize n = 0;
  const Trial *trials = trial_list_step(list, 3, &n);
  g_assert_cmpuint(n, ==, 120);
  for (gsize pass = 0; pass < 40; pass++) {
    const Trial *of_pass = trials + 3 * pass;
    g_assert_cmpuint(of_pass[0].stimulus + of_pass[1].stimulus + of_pass[2].stimulus, ==, 3);
    g_assert_cmpuint(of_pass[0].stimulus, !=, of_pass[1].stimulus);
    if (pass > 0)
      g_assert_cmpuint(of_pass[0].stimulus, !=, of_pass[-1].stimulus);
  }
  support_remove(folder);
}

/* Chi-squared of image by place over 6,000 participants: 25 degrees of freedom, qchisq(1 - 1e-6, 25) = 73.9. */
static void test_every_image_comes_at_every_place_equally_often(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 6, "");
  double counts[6][6] = {0}, chi_squared = 0;
  for (gsize p = 0; p < 6000; p++) {
    g_autofree char *label = g_strdup_printf("%zu", p);
    g_autoptr(TrialList) list = list_of(protocol, label);
    for (gsize i = 2; i < list->n_trials; i++)
      counts[i - 2][list->trials[i].stimulus]++;
  }
  for (gsize i = 0; i < 36; i++)
    chi_squared += (counts[i / 6][i % 6] - 1000) * (counts[i / 6][i % 6] - 1000) / 1000;
  g_assert_cmpfloat(chi_squared, <, 73.9);
  support_remove(folder);
}

/* Steps: a page, a question, 2 trials, 12 trials. */
static void test_progress_counts_pages_questions_and_trials(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 12, "");
  g_autoptr(TrialList) list = list_of(protocol, "P05");
  g_assert_cmpfloat(trial_list_progress(protocol, list, 0, 1), ==, 0);
  g_assert_cmpfloat(trial_list_progress(protocol, list, 1, 1), ==, 1 / 16.0);
  g_assert_cmpfloat(trial_list_progress(protocol, list, 2, 2), ==, 3 / 16.0);
  g_assert_cmpfloat(trial_list_progress(protocol, list, 3, 4), ==, 7 / 16.0);
  g_assert_cmpfloat(trial_list_progress(protocol, list, 3, 13), ==, 1);
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/trials/zeros before the number change nothing", test_zeros_before_the_number_change_nothing);
  g_test_add_func("/trials/order and starts are NumPy's", test_order_and_starts_are_numpys);
  g_test_add_func("/trials/label without digits draws its number", test_label_without_digits_draws_its_number);
  g_test_add_func("/trials/ill-formed label is refused", test_ill_formed_label_is_refused);
  g_test_add_func("/trials/same participant gets the same trials", test_same_participant_gets_the_same_trials);
  g_test_add_func("/trials/fixed order is the set's", test_fixed_order_is_the_sets);
  g_test_add_func("/trials/images and scales are balanced exactly", test_images_and_scales_are_balanced_exactly);
  g_test_add_func("/trials/ten thousand participants balance", test_ten_thousand_participants_balance);
  g_test_add_func("/trials/repeats come after all and never twice in succession",
                  test_repeats_come_after_all_and_never_twice_in_succession);
  g_test_add_func("/trials/every image comes at every place equally often",
                  test_every_image_comes_at_every_place_equally_often);
  g_test_add_func("/trials/progress counts pages, questions and trials",
                  test_progress_counts_pages_questions_and_trials);
  g_test_add_func("/trials/all digits of a label count", test_all_digits_of_a_label_count);
  return g_test_run();
}
