#include "analysis/ratings/exclusion_rules.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/keyfile.h"

#define MAX_TIME 1e6
#define MAX_COUNT 1000000
#define SHARE(file, group, key, fallback) keyfile_double(file, group, key, fallback, 0, 1)

void exclusion_rules_free(ExclusionRules *rules) {
  if (rules == NULL)
    return;
  g_free(rules->path);
  g_strfreev(rules->participants);
  g_strfreev(rules->check_images);
  g_free(rules->check_scale);
  g_free(rules);
}

static void read_attention(KeyFile *file, ExclusionRules *rules) {
  static const char group[] = "attention";
  rules->judges_attention = keyfile_has_group(file, group);
  rules->check_images = keyfile_list(file, group, "images");
  rules->check_scale = keyfile_string(file, group, "scale", NULL);
  rules->check_low = keyfile_double(file, group, "low", -INFINITY, -1e9, 1e9);
  rules->check_high = keyfile_double(file, group, "high", INFINITY, -1e9, 1e9);
  rules->min_passed_share = SHARE(file, group, "min_share", NAN);
  bool any_number = keyfile_has(file, group, "min_share") && !keyfile_has(file, group, "max_failed");
  rules->max_failed = any_number ? -1 : keyfile_int(file, group, "max_failed", 0, 0, MAX_COUNT);
  bool limited = keyfile_has(file, group, "low") || keyfile_has(file, group, "high");
  if (*rules->check_images != NULL && (rules->check_scale == NULL || !limited))
    keyfile_fault(file, group, "images", "needs scale, and low or high: which ratings pass");
  if (*rules->check_images == NULL && (rules->check_scale != NULL || limited))
    keyfile_fault(file, group, rules->check_scale != NULL ? "scale" : "low", "is of no use without images");
}

static void read_limits(KeyFile *file, ExclusionRules *rules) {
  static const char *const which[] = {"any", "every", NULL};
  rules->min_time = keyfile_double(file, "too_fast", "min_response_time", NAN, 0, MAX_TIME);
  rules->max_fast_share = SHARE(file, "too_fast", "max_share", NAN);
  rules->max_time = keyfile_double(file, "too_slow", "max_response_time", NAN, 0, MAX_TIME);
  rules->judges_touched = keyfile_has_group(file, "untouched");
  rules->start = keyfile_double(file, "untouched", "start", NAN, -1e9, 1e9);
  rules->max_untouched_share = SHARE(file, "untouched", "max_share", NAN);
  rules->max_run = (double)keyfile_int(file, "straight_lining", "max_run", 0, 1, MAX_COUNT);
  if (!keyfile_has(file, "straight_lining", "max_run"))
    rules->max_run = NAN;
  rules->min_sd = keyfile_double(file, "straight_lining", "min_sd", NAN, 0, 1e9);
  rules->every_scale = keyfile_choice(file, "straight_lining", "scales", which, 0) == 1;
  rules->max_missing_share = SHARE(file, "missing", "max_share", NAN);
  rules->min_completion = SHARE(file, "completion", "min_share", NAN);
  rules->expected_images = keyfile_int(file, "completion", "images", 0, 1, MAX_COUNT);
  static const struct {
    const char *group, *key;
  } needed[] = {{"too_fast", "min_response_time"},
                {"too_slow", "max_response_time"},
                {"missing", "max_share"},
                {"completion", "min_share"},
                {"participants", "exclude"}};
  for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
    if (keyfile_has_group(file, needed[i].group))
      keyfile_require(file, needed[i].group, needed[i].key);
  if (keyfile_has_group(file, "straight_lining") && isnan(rules->max_run) && isnan(rules->min_sd))
    keyfile_fault(file, "straight_lining", NULL, "needs max_run or min_sd");
}

bool exclusion_rules_read(const char *path, ExclusionRules **rules, GError **error) {
  static const char *const groups[] = {"participants", "attention",       "too_fast", "too_slow",
                                       "untouched",    "straight_lining", "missing",  "completion"};
  g_autoptr(KeyFile) file = NULL;
  if (!keyfile_open(path, &file, error))
    return false;
  g_autoptr(ExclusionRules) read = g_new0(ExclusionRules, 1);
  read->path = g_strdup(path);
  for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
    keyfile_know_group(file, groups[i]);
  read->participants = keyfile_list(file, "participants", "exclude");
  read_attention(file, read);
  read_limits(file, read);
  if (!keyfile_finish(file, error))
    return false;
  *rules = g_steal_pointer(&read);
  return true;
}

bool exclusion_rules_is_check(const ExclusionRules *rules, const char *image) {
  return rules != NULL && g_strv_contains((const char *const *)rules->check_images, image);
}

bool exclusion_rules_passes(const ExclusionRules *rules, const Ratings *ratings, const double *values) {
  for (gsize s = 0; s < ratings->n_scales; s++)
    if (strcmp(ratings->scales[s], rules->check_scale) == 0)
      return values[s] >= rules->check_low && values[s] <= rules->check_high;
  return false;
}
