#include "analysis/report/report_private.h"

#include "stimuli/base/files.h"
#include "stimuli/base/json.h"

#include <string.h>

#define MAX_SIDECAR (4 << 20)

/* Members of the sessions' sidecars that the report shows, as written by dreamrig-present. */
static const struct {
  const char *object, *member, *name; /* object: NULL where the member is at the top */
} shown[] = {{NULL, "TaskName", "Task"},
             {NULL, "ProtocolName", "Protocol"},
             {NULL, "ProtocolVersion", "Version of the protocol"},
             {NULL, "ProtocolSHA256", "SHA-256 of the protocol"},
             {NULL, "StimulusSetSHA256", "SHA-256 of the set, as presented"},
             {"StimulusPresentation", "SoftwareVersion", "Version of dreamrig-present"},
             {NULL, "SessionStatus", "Sessions"},
             {NULL, "Clock", "Clock"}};

/* The sidecar of a rater's file; NULL where there is none that can be read: it only adds to the record. */
static JsonNode *read_sidecar(const Study *study, const Rater *rater) {
  if (!g_str_has_suffix(rater->file, ".tsv"))
    return NULL;
  g_autofree char *stem = g_strndup(rater->file, strlen(rater->file) - strlen(".tsv"));
  g_autofree char *name = g_strconcat(stem, ".json", NULL), *path = g_build_filename(study->folder, name, NULL);
  g_autofree char *text = NULL;
  gsize size;
  JsonNode *root = NULL;
  if (!files_read(path, MAX_SIDECAR, &text, &size, NULL) || !json_read(path, text, size, &root, NULL))
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT(root))
    g_clear_pointer(&root, json_node_unref);
  return root;
}

static const char *find_text(JsonNode *sidecar, gsize item) {
  JsonObject *object = json_node_get_object(sidecar);
  if (shown[item].object != NULL) {
    JsonNode *inner = json_object_get_member(object, shown[item].object);
    if (inner == NULL || !JSON_NODE_HOLDS_OBJECT(inner))
      return NULL;
    object = json_node_get_object(inner);
  }
  return json_text(object, shown[item].member, NULL);
}

void report_sessions(Report *report) {
  const Ratings *ratings = report->study->ratings;
  g_autoptr(GPtrArray) sidecars = g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);
  for (gsize i = 0; i < ratings->n_raters; i++) {
    JsonNode *sidecar = read_sidecar(report->study, &ratings->raters[i]);
    if (sidecar != NULL)
      g_ptr_array_add(sidecars, sidecar);
  }
  for (gsize item = 0; item < G_N_ELEMENTS(shown); item++) {
    g_autoptr(GPtrArray) values = g_ptr_array_new(); /* different ones; owned by the sidecars */
    for (guint i = 0; i < sidecars->len; i++) {
      const char *text = find_text(sidecars->pdata[i], item);
      if (text != NULL && *text != '\0' && !g_ptr_array_find_with_equal_func(values, text, g_str_equal, NULL))
        g_ptr_array_add(values, (char *)text);
    }
    if (values->len == 0)
      continue;
    g_ptr_array_add(values, NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)values->pdata);
    html_element(report->html, "dt", NULL, shown[item].name);
    html_element(report->html, "dd", NULL, all);
  }
}
