#include "analysis/ratings/exclusion_rules.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/analysis/ratings/ratings_fixture.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

/* good: six plain trials. fast: 2 of 4 below .2 s. flat: arousal 50, 50, 50, 50. part: 1 image of 6, valence missing.
 * still: stands at the start in 3 of 4. Everyone saw catch, where arousal must be 90 or more; flat failed. */
static const char data[] = "participant,image,arousal,valence,time\n"
                           "good,image-1,11,71,1.5\ngood,image-2,35,64,2.5\ngood,image-3,82,20,1.25\n"
                           "good,image-4,57,33,3.75\ngood,image-5,44,91,2\ngood,image-6,29,12,70\n"
                           "fast,image-1,15,81,.1\nfast,image-2,75,24,.15\nfast,image-3,62,30,1\nfast,image-4,8,47,1\n"
                           "flat,image-1,50,31,1\nflat,image-2,50,44,1\nflat,image-3,50,78,1\nflat,image-4,50,12,1\n"
                           "part,image-6,61,,1\n"
                           "still,image-1,50,50,1\nstill,image-2,50,50,1\nstill,image-3,91,5,1\nstill,image-4,50,50,1\n"
                           "good,catch,97,1,1\nfast,catch,90,1,1\nflat,catch,50,1,1\npart,catch,99,9,1\n"
                           "still,catch,93,9,1\n";
#define CHECK "[attention]\nimages = catch\nscale = arousal\nlow = 90\n"

static void set_up(RatingsFixture *f, gconstpointer unused) {
  ratings_fixture_set_up(f, unused);
  g_assert_true(g_file_set_contents(f->table, data, -1, NULL));
  g_assert_true(g_file_set_contents(f->map, "[columns]\nresponse_time = time\n", -1, NULL));
}

static bool apply(RatingsFixture *f, const char *rules, GError **error) {
  return ratings_fixture_apply(f, f->table, f->map, rules, error);
}

/* The participants who stay, and how many trials. */
static void stay(RatingsFixture *f, const char *rules, const char *participants, gsize n_trials) {
  g_autoptr(GError) error = NULL;
  apply(f, rules, &error);
  g_assert_no_error(error);
  g_autofree char *names = ratings_fixture_participants(f);
  g_assert_cmpstr(names, ==, participants);
  g_assert_cmpuint(f->ratings->n_ratings, ==, n_trials);
  g_assert_cmpuint(f->ratings->n_participants, ==, f->ratings->n_raters);
  gsize n = 0;
  for (gsize i = 0; i < exclusion_log_length(f->log); i++)
    if (exclusion_log_entry(f->log, i)->reason != EXCLUSION_CHECK)
      n += exclusion_log_entry(f->log, i)->n_trials;
  g_assert_cmpuint(n + n_trials, ==, 19); /* every trial stays or has its reason */
  for (gsize i = 0; i < n_trials; i++)
    g_assert_cmpuint(f->ratings->ratings[i].rater, <, f->ratings->n_raters);
}

static void logged(RatingsFixture *f, ExclusionReason reason, const char *participant, const char *detail) {
  for (gsize i = 0; i < exclusion_log_length(f->log); i++) {
    const Exclusion *entry = exclusion_log_entry(f->log, i);
    if (entry->reason == reason && strcmp(entry->participant, participant) == 0) {
      g_assert_cmpstr(entry->detail, ==, detail);
      return;
    }
  }
  g_error("no entry '%s' of %s", exclusion_reason_name(reason), participant);
}

static void attention(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, CHECK, "fast good part still", 15);
  logged(f, EXCLUSION_ATTENTION, "flat", "participant left out: 1 of 1 attention checks failed (at most 0)");
  stay(f, CHECK "max_failed = 1\n", "fast flat good part still", 19);
}

static void times(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, CHECK "max_failed = 1\n[too_fast]\nmin_response_time = .2\n", "fast flat good part still", 17);
  stay(f, CHECK "max_failed = 1\n[too_fast]\nmin_response_time = .2\nmax_share = .5\n", "fast flat good part still",
       17);
  stay(f, CHECK "max_failed = 1\n[too_fast]\nmin_response_time = .2\nmax_share = .4\n", "flat good part still", 15);
  logged(f, EXCLUSION_FAST, "fast", "participant left out: 2 of 4 trials below 0.2 s (at most 0.4 of them)");
  stay(f, CHECK "max_failed = 1\n[too_slow]\nmax_response_time = 60\n", "fast flat good part still", 18);
  logged(f, EXCLUSION_SLOW, "good", "70 s, above 60");
}

static void untouched(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, CHECK "max_failed = 1\n[untouched]\nstart = 50\n", "fast flat good part still", 16);
  stay(f, CHECK "max_failed = 1\n[untouched]\nstart = 50\nmax_share = .7\n", "fast flat good part", 15);
  logged(f, EXCLUSION_UNTOUCHED, "still",
         "participant left out: 3 of 4 trials with untouched sliders (at most 0.7 of them)");
}

static void straight_lining(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, CHECK "max_failed = 1\n[straight_lining]\nmax_run = 3\n", "fast good part still", 15);
  logged(f, EXCLUSION_STRAIGHT, "flat", "participant left out: the same arousal 4 times in a row (at most 3)");
  stay(f, CHECK "max_failed = 1\n[straight_lining]\nmax_run = 3\nscales = every\n", "fast flat good part still", 19);
  stay(f, CHECK "max_failed = 1\n[straight_lining]\nmin_sd = 21\n", "fast good part", 11);
  /* sd(c(50, 50, 91, 50)) in R: 20.5 */
  logged(f, EXCLUSION_STRAIGHT, "still",
         "participant left out: arousal with a standard deviation of 20.5 (at least 21)");
}

static void incomplete(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, CHECK "max_failed = 1\n[completion]\nmin_share = .5\n", "fast flat good still", 18);
  logged(f, EXCLUSION_INCOMPLETE, "part", "participant left out: 1 of 6 images rated (at least 0.5 of them)");
  stay(f, CHECK "max_failed = 1\n[completion]\nmin_share = 1\nimages = 4\n", "fast flat good still", 18);
  stay(f, CHECK "max_failed = 1\n[missing]\nmax_share = .4\n", "fast flat good still", 18);
}

/* Images of the set that are attention checks have no ratings: who rated all others is complete. By the name that the
 * data have, and of session data. */
static void checks_are_not_expected_to_be_rated(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  static const char rules[] = "[attention]\nimages = image-6; image-5\nscale = arousal\nhigh = 95\nmax_failed = 9\n"
                              "[completion]\nmin_share = 1\n";
  g_autoptr(GError) error = NULL, of_sessions = NULL;
  g_assert_true(g_file_set_contents(f->map, "[columns]\nresponse_time = time\n[images]\nunknown = skip\n", -1, NULL));
  apply(f, rules, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(f->ratings->n_participants, ==, 4); /* all but part, whose one image is a check */
  g_autofree char *sessions = small_study_data();
  const RatingsOptions options = {.rules = f->rules};
  g_clear_pointer(&f->ratings, ratings_free);
  ratings_read(sessions, f->set, &options, f->log, &f->ratings, &of_sessions);
  g_assert_no_error(of_sessions);
  g_assert_cmpuint(f->ratings->n_participants, ==, 5);
  support_remove(sessions);
}

/* All reasons are told; the trials count once. */
static void several_rules_at_once(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f,
       CHECK
       "[participants]\nexclude = flat;part\n[straight_lining]\nmax_run = 3\n[too_fast]\nmin_response_time = .12\n",
       "fast good still", 13);
  logged(f, EXCLUSION_NAMED, "flat", "participant left out: named in the rules");
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_STRAIGHT), ==, 1);
  g_autoptr(Table) summary = exclusion_log_summary(f->log);
  g_autoptr(GString) text = table_format(summary);
  g_assert_cmpstr(text->str, ==,
                  "reason\tentries\tparticipants\ttrials\nmissing rating\t1\t1\t0\nattention check\t5\t5\t5\n"
                  "named in the rules\t2\t2\t5\nfailed attention checks\t1\t1\t0\ntoo fast\t1\t1\t1\n"
                  "straight-lining\t1\t1\t0\n");
}

static void refused(RatingsFixture *f, const char *rules, const char *ending) {
  g_autoptr(GError) error = NULL;
  g_assert_false(apply(f, rules, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_suffix(error->message, ending))
    g_error("message '%s' does not end in '%s'", error->message, ending);
}

/* Otherwise they would pass everyone. */
static void rules_without_grounds_are_refused(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  refused(f, CHECK "[participants]\nexclude = goood\n",
          "t.rules: [participants]: exclude: no participant 'goood'; did you mean 'good'?");
  refused(f, CHECK "[untouched]\nmax_share = .5\n",
          "t.rules: [untouched]: the data do not say whether sliders were touched; set start");
  refused(f, "[attention]\nimages = catch\nscale = dominance\nhigh = 3\n",
          "t.rules: [attention]: scale: no scale 'dominance'; there are arousal, valence");
  refused(f, CHECK "[too_slow]\nmax_response_time = .01\n", "t.rules: the rules leave no trial");
  refused(f, CHECK "[too_fast]\n", "t.rules:5: [too_fast] min_response_time: is missing");
  refused(f, CHECK "[missing]\nmax_share = 2\n", "t.rules:6: [missing] max_share: '2' is not a number from 0 to 1");
  refused(f, "[attention]\nimages = catch\nscale = arousal\n",
          "t.rules:2: [attention] images: needs scale, and low or high: which ratings pass");
  g_assert_true(g_file_set_contents(f->map, "", -1, NULL));
  refused(f, CHECK "[too_slow]\nmax_response_time = 9\n", "t.rules: [too_slow]: the data have no response times");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/exclusion_rules/" #name, RatingsFixture, NULL, set_up, name, ratings_fixture_tear_down)
  TEST(attention);
  TEST(times);
  TEST(untouched);
  TEST(straight_lining);
  TEST(incomplete);
  TEST(checks_are_not_expected_to_be_rated);
  TEST(several_rules_at_once);
  TEST(rules_without_grounds_are_refused);
  return g_test_run();
}
