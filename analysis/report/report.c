#include "analysis/report/report.h"

#include "analysis/report/report_private.h"
#include "analysis/report/report_style.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"
#include "stimuli/base/stop.h"

static void begin_page(Report *report, const char *title) {
  g_string_append(report->html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                "<meta name=\"generator\" content=\"dreamrig-analysis " RIG_VERSION "\">\n");
  html_element(report->html, "title", NULL, title);
  g_string_append_printf(report->html, "<style>%s</style>\n</head>\n<body><main>\n", report_style);
}

static void warn_of_simulation(Report *report) {
  const Study *study = report->study;
  if (!study->simulated)
    return;
  g_string_append(report->html, "<div class=\"banner\" role=\"note\"><strong>SIMULATED DATA</strong>");
  g_autofree char *text =
      study->ratings->n_simulated == study->n_raters
          ? g_strdup("Every rating in this report was made by a program. It says nothing about people.")
          : g_strdup_printf("%zu of %zu sessions were simulated by a program; remove them before drawing any "
                            "conclusion.",
                            study->ratings->n_simulated, study->n_raters);
  html_text(report->html, text);
  g_string_append(report->html, "</div>\n");
}

/* What the set says of its network, e.g. that it is not trained. */
static void note_network(Report *report) {
  JsonNode *node = json_object_get_member(report->study->set->record, "network");
  JsonObject *network = node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
  const char *note = network != NULL ? json_text(network, "note", "") : "";
  if (*note == '\0')
    return;
  const char *name = json_text(network, "name", "the network");
  g_string_append(report->html, "<div class=\"banner\" role=\"note\"><strong>Note on the network</strong>");
  /* A note that names its network is a sentence of its own. */
  g_autofree char *text = g_str_has_prefix(note, name)
                              ? g_strdup_printf("%s.", note)
                              : g_strdup_printf("The images were dreamed by %s: %s.", name, note);
  html_text(report->html, text);
  g_string_append(report->html, "</div>\n");
}

static const struct {
  const char *id, *name;
  bool (*write)(Report *report, GError **error);
} parts[] = {{"ratings", "Ratings", report_overview},
             {"bounds", "Bounds", report_bounds},
             {"layers", "Layers", report_layers},
             {"tests", "Tests of layers", report_layer_tests},
             {"joint", "Joint ratings", report_joint},
             {"images", "Images", report_images},
             {"correlations", "Correlations", report_correlations},
             {"regressions", "Regressions", report_regressions},
             {"mixed", "Mixed models", report_mixed},
             {"prediction", "Prediction", report_prediction},
             {"agreement", "Agreement", report_reliability},
             {"questionnaires", "Participants", report_questionnaires},
             {"groups", "Groups", report_group_tests},
             {"methods", "Settings", report_methods}};

static void head_page(Report *report, const char *title, const char *set) {
  warn_of_simulation(report);
  note_network(report);
  html_element(report->html, "h1", NULL, title);
  html_paragraph(report->html, "lead", "Ratings of the stimulus set %s, analysed by dreamrig.", set);
  g_string_append(report->html, "<nav>");
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    g_string_append_printf(report->html, "<a href=\"#%s\">%s</a>", parts[i].id, parts[i].name);
  g_string_append(report->html, "</nav>\n");
}

static bool check_stop(GError **error) {
  const char *signal_name = stop_requested();
  if (signal_name != NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "stopped by %s; no report was written", signal_name);
  return signal_name == NULL;
}

bool report_make(const Study *study, const ReportOptions *options, ReportFiles **files, GError **error) {
  g_autoptr(ReportFiles) made = report_files_new();
  Report report = {.study = study, .options = options, .html = g_string_new(NULL), .files = made};
  g_autofree char *data = g_path_get_basename(study->folder), *set = g_path_get_basename(study->set->folder);
  g_autofree char *title = g_strdup_printf("Rating study: %s", data);
  begin_page(&report, title);
  head_page(&report, title, set);
  bool done = true;
  for (gsize i = 0; i < G_N_ELEMENTS(parts) && done; i++)
    done = check_stop(error) && parts[i].write(&report, error);
  done = done && check_stop(error) && report_files_add_prints(made, options->resampling.n_workers, error);
  if (done) {
    g_string_append(report.html, "</main></body>\n</html>\n");
    report_files_add_page(made, report.html->str, report.html->len);
    *files = g_steal_pointer(&made);
  }
  g_string_free(report.html, TRUE);
  return done;
}
