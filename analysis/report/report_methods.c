#include "analysis/plot/bars.h"
#include "analysis/report/number_text.h"
#include "analysis/report/report_private.h"

#include "analysis/ratings/joint_ratings.h"
#include "analysis/ratings/tables.h"
#include "stimuli/base/command.h"
#include "stimuli/base/files.h"
#include "stimuli/base/random.h"

#include <math.h>

#define EXCLUSIONS_SHOWN 50

static void fact(Report *report, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void fact(Report *report, const char *name, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *text = g_strdup_vprintf(format, list);
  va_end(list);
  html_element(report->html, "dt", NULL, name);
  html_element(report->html, "dd", NULL, text);
}

/* A member's value as text; NULL where it is missing or nested. Free with g_free. */
static char *member_text(JsonObject *object, const char *name) {
  JsonNode *node = object != NULL ? json_object_get_member(object, name) : NULL;
  if (node == NULL || !JSON_NODE_HOLDS_VALUE(node))
    return NULL;
  if (json_node_get_value_type(node) == G_TYPE_STRING)
    return g_strdup(json_node_get_string(node));
  if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
    return g_strdup(json_node_get_boolean(node) ? "yes" : "no");
  return number_compact(json_node_get_double(node), 10);
}

static JsonObject *member_object(JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member(object, name);
  return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static void add_member(Report *report, JsonObject *object, const char *member, const char *name) {
  g_autofree char *text = member_text(object, member);
  if (text != NULL)
    fact(report, name, "%s", text);
}

/* All plain members of an object, as "name value" pairs. */
static void add_settings(Report *report, JsonObject *object, const char *name) {
  if (object == NULL)
    return;
  g_autoptr(GString) all = g_string_new(NULL);
  GList *members = json_object_get_members(object);
  for (GList *member = members; member != NULL; member = member->next) {
    g_autofree char *text = member_text(object, member->data);
    if (text != NULL)
      g_string_append_printf(all, "%s%s %s", all->len > 0 ? "; " : "", (const char *)member->data, text);
  }
  g_list_free(members);
  if (all->len > 0)
    fact(report, name, "%s", g_strdelimit(all->str, "_", ' '));
}

static bool add_digest(Report *report, const char *folder, const char *file, GError **error) {
  g_autofree char *path = g_build_filename(folder, file, NULL);
  g_autofree char *digest = NULL;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return true;
  if (!files_sha256(path, &digest, error))
    return false;
  g_autofree char *name = g_strconcat("SHA-256 of ", file, NULL);
  fact(report, name, "%s", digest);
  return true;
}

/* A file of the analysis's own, by name and digest. */
static bool add_input(Report *report, const char *name, const char *path, GError **error) {
  if (path == NULL)
    return true;
  g_autofree char *base = g_path_get_basename(path), *digest = NULL;
  if (!files_sha256(path, &digest, error))
    return false;
  fact(report, name, "%s, SHA-256 %s", base, digest);
  return true;
}

static bool add_set(Report *report, GError **error) {
  const StimulusSet *set = report->study->set;
  JsonObject *network = member_object(set->record, "network");
  g_autofree char *folder = g_path_get_basename(set->folder);
  fact(report, "Stimulus set", "%s, %zu images", folder, report->study->n_images);
  add_member(report, set->record, "program", "Set made by");
  if (network != NULL) {
    add_member(report, network, "name", "Network");
    add_member(report, network, "note", "Note on the network");
    add_member(report, network, "sha256", "SHA-256 of the network");
  }
  add_settings(report, member_object(set->record, "recipe"), "Synthesis");
  add_settings(report, member_object(set->record, "features"), "Image properties");
  return add_digest(report, set->folder, MANIFEST_TABLE, error) &&
         add_digest(report, set->folder, MANIFEST_RECORD, error);
}

/* How many entries each reason has. */
static void draw_exclusions(Report *report, const Table *summary) {
  gsize n = table_n_rows(summary), entries = (gsize)table_column(summary, "entries");
  g_autofree Bar *bars = g_new0(Bar, MAX(n, 1));
  for (gsize i = 0; i < n; i++) {
    bars[i].name = table_get(summary, i, (gsize)table_column(summary, "reason"));
    bars[i].text = table_get(summary, i, entries);
    bars[i].value = g_ascii_strtod(bars[i].text, NULL);
  }
  const char *caption = "What was left out, by its reason.";
  const Bars plot = {caption, "entries", bars, n, NAN};
  report_figure(report, "exclusions", caption, bars_plot(&plot));
}

static void add_exclusions(Report *report) {
  const ExclusionLog *log = report->study->log;
  gsize n = exclusion_log_length(log);
  html_element(report->html, "h3", NULL, "Exclusions");
  if (n == 0) {
    html_paragraph(report->html, NULL, "Nothing was left out.");
    report_table(report, "exclusions", exclusion_log_table(log), NULL, 0);
    return;
  }
  const Ratings *ratings = report->study->ratings;
  gsize n_trials = ratings->n_ratings;
  for (gsize i = 0; i < n; i++)
    n_trials += exclusion_log_entry(log, i)->n_trials;
  html_paragraph(report->html, NULL,
                 "%zu of %zu participants and %zu of all %zu trials in the data are analysed. The first table counts "
                 "what was left out by its reason; each row of the second is one entry, with its place. %s",
                 ratings->n_participants, ratings->n_participants_read, ratings->n_ratings, n_trials,
                 ratings->rules != NULL
                     ? "The exclusion rules were given in a file."
                     : "No exclusion rules were given: no trial was left out for its rating or time.");
  static const HtmlColumn summary[] = {{"reason", "reason", CELL_TEXT},
                                       {"entries", "entries", CELL_COUNT},
                                       {"participants", "participants", CELL_COUNT},
                                       {"trials", "trials left out", CELL_COUNT}};
  Table *counts = exclusion_log_summary(log);
  draw_exclusions(report, counts);
  report_table(report, "exclusions_summary", counts, summary, G_N_ELEMENTS(summary));
  static const HtmlColumn columns[] = {{"reason", "reason", CELL_TEXT}, {"participant", "participant", CELL_TEXT},
                                       {"file", "file", CELL_TEXT},     {"line", "line", CELL_COUNT},
                                       {"field", "column", CELL_TEXT},  {"detail", "detail", CELL_TEXT}};
  if (n > EXCLUSIONS_SHOWN) {
    report_table(report, "exclusions", exclusion_log_table(log), NULL, 0);
    html_paragraph(report->html, "file", "%s/exclusions.tsv", REPORT_TABLES);
    return;
  }
  report_folded_table(report, "exclusions", exclusion_log_table(log), columns, G_N_ELEMENTS(columns),
                      "Show every exclusion");
}

bool report_methods(Report *report, GError **error) {
  const Study *study = report->study;
  report_section(report, "methods", "Settings, versions and digests");
  g_string_append(report->html, "<dl>\n");
  g_autofree char *data = g_path_get_basename(study->folder);
  fact(report, "Program", "dreamrig-analysis %s", RIG_VERSION);
  fact(report, "Data folder", "%s", data);
  fact(report, "Participants", "%zu, in %zu sessions, of them simulated %zu", study->n_participants, study->n_raters,
       study->ratings->n_simulated);
  fact(report, "Analysed phase", "%s, %zu presentations", study->ratings->phase, study->ratings->n_ratings);
  for (gsize scale = 0; scale < study->n_scales; scale++)
    fact(report, "Scale", "%s, %g to %g", study->scales[scale], study->ratings->low[scale],
         study->ratings->high[scale]);
  fact(report, "Cases of correlations and regressions", "%ss (means over all ratings of the %s)",
       study_unit_name(report->options->unit), study_unit_name(report->options->unit));
  fact(report, "Intervals", "95 %%, by Student's t; of correlations by Fisher's z");
  fact(report, "Quartiles", "linear interpolation (R's type 7); whiskers to 1.5 interquartile ranges");
  fact(report, "Stars of the correlations", "%s",
       report->options->one_tailed ? "one-tailed, each in the direction that was found" : "two-tailed");
  fact(report, "Other tests",
       "two-tailed; not corrected for their number but where a p by Holm, BH, Tukey or Games-Howell is given");
  fact(report, "Resampling", "%zu samples, seed %" G_GUINT64_FORMAT ", %s", report->options->resampling.resamples,
       report->options->resampling.seed, RANDOM_ALGORITHM);
  if (study->n_scales >= 2)
    fact(report, "Joint densities and entropies",
         "%d x %d cells over the scales; counts smoothed by a Gaussian kernel reflected at their ends, its standard "
         "deviation by Scott's rule (SD of all ratings times n^(-1/6), n the mean number of ratings of a layer); "
         "entropy in bits; chance: layers' labels permuted within participants; interval: by the "
         "jackknife over participants, around the entropy without the bias of few ratings, bandwidth held",
         JOINT_RATINGS_CELLS, JOINT_RATINGS_CELLS);
  fact(report, "Regressions", "ordinary least squares, all predictors entered, complete cases");
  fact(report, "Mixed models",
       "linear, REML; random intercepts of participants, images within layers, and layers; properties in standard "
       "deviations; Satterthwaite's degrees of freedom; likelihood ratios by ML; R\u00b2 by Nakagawa and others");
  fact(report, "Analyses of variance",
       "one-way, fixed effects, over participants' means (of all sessions of a participant)");
  report_sessions(report);
  bool done = add_input(report, "Column map", study->ratings->columns, error) &&
              add_input(report, "Exclusion rules", study->ratings->rules, error) && add_set(report, error);
  g_string_append(report->html, "</dl>\n");
  if (!done)
    return false;
  add_exclusions(report);
  report_paper(report);
  report_table(report, "participants", tables_participants(study), NULL, 0);
  report_table(report, "ratings", ratings_table(study->ratings, study->set), NULL, 0);
  html_paragraph(report->html, NULL,
                 "Beside this page, the folder %s holds every table as tab-separated text, among them participants.tsv "
                 "and all single ratings (ratings.tsv); the folder %s holds the figures as SVG, PDF and PNG.",
                 REPORT_TABLES, REPORT_FIGURES);
  return true;
}
