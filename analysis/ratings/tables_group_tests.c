#include <math.h>

#include "analysis/ratings/tables_tests.h"
#include "analysis/stats/anova_two_way.h"
#include "analysis/stats/effect_size.h"
#include "analysis/stats/nonparametric.h"
#include "analysis/stats/post_hoc.h"
#include "analysis/stats/t_test.h"

static void add_test(Table *table, const char *name, const char *effect, const double *values) {
  gsize row = table_add_row(table);
  table_set(table, row, 0, name);
  table_set(table, row, 5, effect);
  for (gsize i = 0; i < 4; i++)
    table_set_double(table, row, i + 1, values[i]);
  for (gsize i = 4; i < 7; i++)
    table_set_double(table, row, i + 2, values[i]);
}

bool tables_group_tests(const Study *study, gsize scale, const Questionnaire *questionnaire, Table **table,
                        GError **error) {
  static const char *const columns[] = {"test",   "statistic",   "df1",    "df2",    "p",
                                        "effect", "effect_size", "ci_low", "ci_high"};
  g_autoptr(Anova) anova = NULL;
  g_autofree double *means = NULL;
  KruskalWallis kruskal;
  VarianceShare share;
  if (!study_anova(study, scale, questionnaire, &anova, error) ||
      !study_participant_means(study, scale, &means, error) ||
      !nonparametric_kruskal_wallis(means, questionnaire->participant_levels, study->n_participants,
                                    questionnaire->n_levels, &kruskal, error))
    return false;
  Table *made = table_new(columns, G_N_ELEMENTS(columns));
  effect_size_variance(anova->f, anova->df_between, anova->df_within, anova->df_between + anova->df_within + 1, &share);
  add_test(made, "Fisher", "eta2",
           (const double[]){anova->f, anova->df_between, anova->df_within, anova->p, share.eta2, share.ci_low,
                            share.ci_high});
  add_test(made, "Fisher", "omega2",
           (const double[]){anova->f, anova->df_between, anova->df_within, anova->p, share.omega2, share.ci_low,
                            share.ci_high});
  add_test(made, "Welch", "n/a",
           (const double[]){anova->welch_f, anova->welch_df1, anova->welch_df2, anova->welch_p, NAN, NAN, NAN});
  add_test(made, "Kruskal-Wallis", "epsilon2",
           (const double[]){kruskal.h, kruskal.df, NAN, kruskal.p, kruskal.epsilon2, NAN, NAN});
  *table = made;
  return true;
}

static bool add_pair(Table *table, const Study *study, gsize scale, const Questionnaire *questionnaire,
                     const Anova *anova, const PostHocPair *tukey, const PostHocPair *games, GError **error) {
  g_autofree double *first = NULL, *second = NULL;
  gsize n_first, n_second;
  RankSum ranks;
  TTest welch;
  StandardisedDifference effect;
  if (!study_level_values(study, questionnaire, tukey->first, scale, &first, &n_first, error) ||
      !study_level_values(study, questionnaire, tukey->second, scale, &second, &n_second, error) ||
      !nonparametric_rank_sum(first, n_first, second, n_second, &ranks, error))
    return false;
  const Description *a = &anova->groups[tukey->first], *b = &anova->groups[tukey->second];
  t_test_welch(a, b, &welch);
  effect_size_two_samples(a, b, &effect);
  const double values[] = {tukey->difference, tukey->ci_low, tukey->ci_high, tukey->p, games->ci_low, games->ci_high,
                           games->p,          welch.p,       ranks.p,        effect.g, effect.ci_low, effect.ci_high};
  gsize row = table_add_row(table);
  table_set(table, row, 0, questionnaire->labels[tukey->first]);
  table_set(table, row, 1, questionnaire->labels[tukey->second]);
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    table_set_double(table, row, i + 2, values[i]);
  return true;
}

bool tables_group_pairs(const Study *study, gsize scale, const Questionnaire *questionnaire, Table **table,
                        GError **error) {
  static const char *const columns[] = {"answer_1",       "answer_2", "difference",          "tukey_ci_low",
                                        "tukey_ci_high",  "tukey_p",  "games_howell_ci_low", "games_howell_ci_high",
                                        "games_howell_p", "welch_p",  "wilcoxon_p",          "g",
                                        "d_ci_low",       "d_ci_high"};
  g_autoptr(Anova) anova = NULL;
  g_autofree PostHocPair *tukey = NULL, *games = NULL;
  gsize n;
  if (!study_anova(study, scale, questionnaire, &anova, error) ||
      !post_hoc_pairs(POST_HOC_TUKEY, anova, &tukey, &n, error) ||
      !post_hoc_pairs(POST_HOC_GAMES_HOWELL, anova, &games, &n, error))
    return false;
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < n; i++)
    if (!add_pair(made, study, scale, questionnaire, anova, &tukey[i], &games[i], error))
      return false;
  *table = g_steal_pointer(&made);
  return true;
}

bool tables_two_way(const Study *study, gsize scale, const Questionnaire *first, const Questionnaire *second,
                    Table **table, const char **why, GError **error) {
  static const char *const columns[] = {"type",         "effect",         "ss",     "df",     "df_error", "f", "p",
                                        "partial_eta2", "partial_omega2", "ci_low", "ci_high"};
  static const char *const types[] = {"I", "II", "III"};
  g_autofree double *means = NULL;
  AnovaTwoWay anova;
  if (!study_participant_means(study, scale, &means, error) ||
      !anova_two_way(means, first->participant_levels, first->n_levels, second->participant_levels, second->n_levels,
                     study->n_participants, &anova, error))
    return false;
  Table *made = table_new(columns, G_N_ELEMENTS(columns));
  for (int type = 0; type < ANOVA_TYPES; type++)
    for (int effect = 0; effect < ANOVA_EFFECTS; effect++) {
      const AnovaRow *r = &anova.rows[type][effect];
      g_autofree char *name = effect == ANOVA_EFFECT_A   ? g_strdup(first->name)
                              : effect == ANOVA_EFFECT_B ? g_strdup(second->name)
                                                         : g_strdup_printf("%s:%s", first->name, second->name);
      const double values[] = {r->ss,     r->df,     anova.df_residual, r->f, r->p, r->partial_eta2, r->partial_omega2,
                               r->ci_low, r->ci_high};
      gsize row = table_add_row(made);
      table_set(made, row, 0, types[type]);
      table_set(made, row, 1, name);
      for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        table_set_double(made, row, i + 2, values[i]);
    }
  *why = anova.undefined != NULL ? anova.undefined
         : anova.type_iii_undefined
             ? "some combinations of answers were given by nobody, so that type III has no meaning"
             : NULL;
  *table = made;
  return true;
}
