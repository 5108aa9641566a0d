#include <math.h>
#include <string.h>

#include "analysis/ratings/exclusion_rules.h"
#include "analysis/ratings/ratings_private.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

/* All that the rules ask about a participant. */
typedef struct {
  const Rater *rater; /* the first */
  gsize n_trials, n_fast, n_timed, n_untouched, n_judged_touch, n_missing, n_images, n_checks, n_failed;
  double run[RATINGS_MAX_SCALES], longest[RATINGS_MAX_SCALES], last[RATINGS_MAX_SCALES]; /* of the same rating */
  double n[RATINGS_MAX_SCALES], mean[RATINGS_MAX_SCALES], squares[RATINGS_MAX_SCALES];   /* Welford's sums */
  bool excluded;
} Person;

typedef struct {
  const ExclusionRules *rules;
  Ratings *ratings;
  ExclusionLog *log;
  gsize n_expected;
  Person *people; /* (n_participants) */
} Judge;

/* 1, 0, or -1 where nothing tells. A slider that stands where it started counts as untouched. */
static int is_untouched(const Judge *judge, const Rating *rating) {
  if (rating->touched >= 0)
    return rating->touched == 0;
  if (isnan(judge->rules->start))
    return -1;
  for (gsize s = 0; s < judge->ratings->n_scales; s++)
    if (rating->values[s] != judge->rules->start)
      return 0;
  return 1;
}

static bool is_fast(const Judge *judge, const Rating *rating) { return rating->response_time < judge->rules->min_time; }
static bool is_slow(const Judge *judge, const Rating *rating) { return rating->response_time > judge->rules->max_time; }

static void count_value(Person *person, gsize s, double value) {
  if (isnan(value)) {
    person->n_missing++;
    return;
  }
  person->run[s] = person->n[s] > 0 && value == person->last[s] ? person->run[s] + 1 : 1;
  person->longest[s] = MAX(person->longest[s], person->run[s]);
  person->last[s] = value;
  double delta = value - person->mean[s];
  person->n[s]++;
  person->mean[s] += delta / person->n[s];
  person->squares[s] += delta * (value - person->mean[s]);
}

static void count_all(Judge *judge, gsize n_images) {
  Ratings *ratings = judge->ratings;
  /* Which participant an image was counted for last: ratings come participant by participant. */
  g_autofree gsize *counted = g_new0(gsize, MAX(n_images, 1));
  for (gsize i = 0; i < ratings->n_raters; i++) {
    Person *person = &judge->people[ratings->raters[i].person];
    if (person->rater == NULL)
      person->rater = &ratings->raters[i];
  }
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    gsize index = ratings->raters[rating->rater].person;
    Person *person = &judge->people[index];
    person->n_trials++;
    person->n_timed += isnan(rating->response_time) ? 0 : 1;
    person->n_fast += is_fast(judge, rating) ? 1 : 0;
    int untouched = is_untouched(judge, rating);
    person->n_judged_touch += untouched >= 0 ? 1 : 0;
    person->n_untouched += untouched > 0 ? 1 : 0;
    bool any = false;
    for (gsize s = 0; s < ratings->n_scales; s++) {
      count_value(person, s, rating->values[s]);
      any = any || !isnan(rating->values[s]);
    }
    if (any && counted[rating->image] != index + 1) {
      counted[rating->image] = index + 1;
      person->n_images++;
    }
  }
  for (gsize i = 0; i < ratings->n_checks; i++) {
    Person *person = &judge->people[ratings->raters[ratings->checks[i].rater].person];
    person->n_checks++;
    if (!ratings->checks[i].passed)
      person->n_failed++;
  }
  for (gsize i = 0; i < ratings->n_raters; i++) {
    const Rater *rater = &ratings->raters[i];
    judge->people[rater->person].n_checks += rater->n_recorded_checks;
    judge->people[rater->person].n_failed += rater->n_recorded_failed;
  }
}

static bool refuse(const Judge *judge, GError **error, const char *group, const char *what) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: [%s]: %s", judge->rules->path, group, what);
  return false;
}

static bool check_names(const Judge *judge, GError **error) {
  const ExclusionRules *rules = judge->rules;
  const Ratings *ratings = judge->ratings;
  g_autofree const char **names = g_new0(const char *, ratings->n_raters + 1);
  for (gsize i = 0; i < ratings->n_raters; i++)
    names[i] = ratings->raters[i].participant;
  for (gsize i = 0; rules->participants[i] != NULL; i++) {
    if (g_strv_contains(names, rules->participants[i]))
      continue;
    const char *near = command_nearest(rules->participants[i], names, ratings->n_raters);
    g_autofree char *what =
        g_strdup_printf("exclude: no participant '%s'%s%s%s", rules->participants[i],
                        near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
    return refuse(judge, error, "participants", what);
  }
  if (rules->check_scale != NULL && !g_strv_contains((const char *const *)ratings->scales, rules->check_scale)) {
    g_autofree char *scales = g_strjoinv(", ", ratings->scales);
    g_autofree char *what = g_strdup_printf("scale: no scale '%s'; there are %s", rules->check_scale, scales);
    return refuse(judge, error, "attention", what);
  }
  return true;
}

/* A rule that has nothing to judge by would pass everyone. */
static bool check_grounds(const Judge *judge, GError **error) {
  const ExclusionRules *rules = judge->rules;
  gsize n_timed = 0, n_judged = 0, n_checks = 0;
  for (gsize i = 0; i < judge->ratings->n_participants; i++) {
    n_timed += judge->people[i].n_timed;
    n_judged += judge->people[i].n_judged_touch;
    n_checks += judge->people[i].n_checks;
  }
  if (!check_names(judge, error))
    return false;
  if (n_timed == 0 && (!isnan(rules->min_time) || !isnan(rules->max_time)))
    return refuse(judge, error, isnan(rules->min_time) ? "too_slow" : "too_fast", "the data have no response times");
  if (n_judged == 0 && rules->judges_touched)
    return refuse(judge, error, "untouched", "the data do not say whether sliders were touched; set start");
  if (n_checks == 0 && rules->judges_attention)
    return refuse(judge, error, "attention", "the data have no attention check");
  return true;
}

/* Logs an exclusion of a whole participant, whose trials the first one counts. */
G_GNUC_PRINTF(4, 5)
static void exclude(Judge *judge, Person *person, ExclusionReason reason, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  exclusion_log_add_trials(judge->log, reason, person->rater->participant, person->excluded ? 0 : person->n_trials,
                           person->rater->file, 0, "", "participant left out: %s", what);
  person->excluded = true;
}

static double share(gsize part, gsize whole) { return whole > 0 ? (double)part / (double)whole : 0; }

static double sd_of(const Person *person, gsize s) {
  return person->n[s] > 1 ? sqrt(person->squares[s] / (person->n[s] - 1)) : INFINITY;
}

static void judge_straight(Judge *judge, Person *person) {
  const ExclusionRules *rules = judge->rules;
  gsize n_scales = judge->ratings->n_scales, longest = 0, flattest = 0;
  bool every = rules->every_scale;
  for (gsize s = 1; s < n_scales; s++) {
    if ((person->longest[s] > person->longest[longest]) != every && person->longest[s] != person->longest[longest])
      longest = s;
    if ((sd_of(person, s) < sd_of(person, flattest)) != every && sd_of(person, s) != sd_of(person, flattest))
      flattest = s;
  }
  if (person->longest[longest] > rules->max_run)
    exclude(judge, person, EXCLUSION_STRAIGHT, "the same %s %g times in a row (at most %g)",
            judge->ratings->scales[longest], person->longest[longest], rules->max_run);
  if (sd_of(person, flattest) < rules->min_sd)
    exclude(judge, person, EXCLUSION_STRAIGHT, "%s with a standard deviation of %.3g (at least %g)",
            judge->ratings->scales[flattest], sd_of(person, flattest), rules->min_sd);
}

static void judge_attention(Judge *judge, Person *person) {
  const ExclusionRules *rules = judge->rules;
  if (!rules->judges_attention)
    return;
  if (person->n_checks == 0)
    exclusion_log_add_trials(judge->log, EXCLUSION_UNCHECKED, person->rater->participant, 0, person->rater->file, 0, "",
                             "no attention check in the data: not judged by attention");
  if (rules->max_failed >= 0 && person->n_failed > (gsize)rules->max_failed)
    exclude(judge, person, EXCLUSION_ATTENTION, "%zu of %zu attention checks failed (at most %d)", person->n_failed,
            person->n_checks, (int)rules->max_failed);
  gsize n_passed = person->n_checks - person->n_failed;
  if (person->n_checks > 0 && share(n_passed, person->n_checks) < rules->min_passed_share)
    exclude(judge, person, EXCLUSION_ATTENTION, "%zu of %zu attention checks passed (at least %g of them)", n_passed,
            person->n_checks, rules->min_passed_share);
}

static void judge_person(Judge *judge, Person *person) {
  const ExclusionRules *rules = judge->rules;
  gsize n_values = person->n_trials * judge->ratings->n_scales;
  if (g_strv_contains((const char *const *)rules->participants, person->rater->participant))
    exclude(judge, person, EXCLUSION_NAMED, "named in the rules");
  judge_attention(judge, person);
  if (share(person->n_fast, person->n_trials) > rules->max_fast_share)
    exclude(judge, person, EXCLUSION_FAST, "%zu of %zu trials below %g s (at most %g of them)", person->n_fast,
            person->n_trials, rules->min_time, rules->max_fast_share);
  if (share(person->n_untouched, person->n_trials) > rules->max_untouched_share)
    exclude(judge, person, EXCLUSION_UNTOUCHED, "%zu of %zu trials with untouched sliders (at most %g of them)",
            person->n_untouched, person->n_trials, rules->max_untouched_share);
  judge_straight(judge, person);
  if (share(person->n_missing, n_values) > rules->max_missing_share)
    exclude(judge, person, EXCLUSION_INCOMPLETE, "%zu of %zu ratings missing (at most %g of them)", person->n_missing,
            n_values, rules->max_missing_share);
  if (share(person->n_images, judge->n_expected) < rules->min_completion)
    exclude(judge, person, EXCLUSION_INCOMPLETE, "%zu of %zu images rated (at least %g of them)", person->n_images,
            judge->n_expected, rules->min_completion);
}

/* Whether the trial stays. */
static bool judge_trial(const Judge *judge, const Rating *rating) {
  const Rater *rater = &judge->ratings->raters[rating->rater];
  bool stays = true;
  if (is_fast(judge, rating)) {
    exclusion_log_add_trials(judge->log, EXCLUSION_FAST, rater->participant, 1, rater->file, rating->line,
                             "response_time", "%g s, below %g", rating->response_time, judge->rules->min_time);
    stays = false;
  }
  if (is_slow(judge, rating)) {
    exclusion_log_add_trials(judge->log, EXCLUSION_SLOW, rater->participant, stays, rater->file, rating->line,
                             "response_time", "%g s, above %g", rating->response_time, judge->rules->max_time);
    stays = false;
  }
  if (judge->rules->judges_touched && is_untouched(judge, rating) > 0) {
    exclusion_log_add_trials(judge->log, EXCLUSION_UNTOUCHED, rater->participant, stays, rater->file, rating->line, "",
                             "%s",
                             rating->touched >= 0 ? "a slider was not touched" : "all sliders stand at the start");
    stays = false;
  }
  return stays;
}

static void drop_trials(Judge *judge) {
  Ratings *ratings = judge->ratings;
  gsize n_kept = 0;
  for (gsize i = 0; i < ratings->n_raters; i++)
    ratings->raters[i].n_trials = 0;
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    const Rating *rating = &ratings->ratings[i];
    Rater *rater = &ratings->raters[rating->rater];
    if (judge->people[rater->person].excluded || !judge_trial(judge, rating))
      continue;
    rater->n_trials++;
    ratings->ratings[n_kept++] = *rating;
  }
  ratings->n_ratings = n_kept;
}

/* Raters who have no trial go, and those who stay get new numbers. */
static void drop_raters(Ratings *ratings) {
  g_autofree gsize *number = g_new(gsize, ratings->n_raters);
  gsize n_kept = 0, n_checks = 0;
  for (gsize i = 0; i < ratings->n_raters; i++) {
    number[i] = ratings->raters[i].n_trials > 0 ? n_kept : G_MAXSIZE;
    if (number[i] == G_MAXSIZE)
      ratings_clear_rater(&ratings->raters[i]);
    else
      ratings->raters[n_kept++] = ratings->raters[i];
  }
  ratings->n_raters = n_kept;
  for (gsize i = 0; i < ratings->n_ratings; i++)
    ratings->ratings[i].rater = number[ratings->ratings[i].rater];
  for (gsize i = 0; i < ratings->n_checks; i++) {
    AttentionCheck *check = &ratings->checks[i];
    check->rater = number[check->rater];
    if (check->rater == G_MAXSIZE)
      g_free(check->name);
    else
      ratings->checks[n_checks++] = *check;
  }
  ratings->n_checks = n_checks;
  ratings_number_participants(ratings);
}

static bool apply(const ExclusionRules *rules, Ratings *ratings, gsize n_images, ExclusionLog *log, GError **error) {
  g_autofree Person *people = g_new0(Person, MAX(ratings->n_participants, 1));
  gsize n_expected =
      rules->expected_images > 0 ? (gsize)rules->expected_images : n_images - MIN(ratings->n_check_images, n_images);
  Judge judge = {rules, ratings, log, n_expected, people};
  count_all(&judge, n_images);
  if (!check_grounds(&judge, error))
    return false;
  for (gsize i = 0; i < ratings->n_participants; i++)
    judge_person(&judge, &people[i]);
  drop_trials(&judge);
  return true;
}

bool exclusion_rules_apply(const ExclusionRules *rules, Ratings *ratings, gsize n_images, ExclusionLog *log,
                           GError **error) {
  ratings->n_participants_read = ratings->n_participants;
  ratings->n_ratings_read = ratings->n_ratings;
  if (rules != NULL && !apply(rules, ratings, n_images, log, error))
    return false;
  drop_raters(ratings);
  if (ratings->n_ratings > 0 || rules == NULL)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: the rules leave no trial", rules->path);
  return false;
}
