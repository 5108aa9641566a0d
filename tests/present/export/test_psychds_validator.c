/* The official Psych-DS validator on our export. `make test-psychds` names its command, to which a folder and --json
 * are appended, in DREAMRIG_PSYCHDS_VALIDATOR; without it this is skipped. */
#include <string.h>

#include "stimuli/base/json.h"
#include "tests/support.h"

static bool no_validator(void) {
  if (g_getenv("DREAMRIG_PSYCHDS_VALIDATOR") != NULL)
    return false;
  g_test_skip("make test-psychds runs it");
  return true;
}

/* The simulated demonstration, exported; in a new folder. */
static char *export_demo(const char *folder) {
  g_autofree char *data = g_build_filename(folder, "data", NULL);
  char *dataset = g_build_filename(folder, "dataset", NULL);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "simulate", "protocols/demo.protocol", "--participants",
                              "3", "--data", data, NULL),
                  ==, 0);
  g_assert_cmpint(
      support_run(NULL, NULL, "dreamrig-present", "export", data, "-o", dataset, "--format", "psych-ds", NULL), ==, 0);
  return dataset;
}

/* What the validator says: whether the dataset is valid, and its errors as messages. */
static bool validate(const char *dataset) {
  g_autofree char *out = NULL, *err = NULL;
  g_autofree char *line = g_strdup_printf("%s \"$0\" --json", g_getenv("DREAMRIG_PSYCHDS_VALIDATOR"));
  support_run(&out, &err, "sh", "-c", line, dataset, NULL);
  g_autoptr(JsonNode) root = NULL;
  GError *error = NULL;
  const char *start = strstr(out, "{\"valid\""), *text = start != NULL ? start : out;
  g_autofree char *object = g_strchomp(g_strdup(text));
  json_read("psychds-validator", object, strlen(object), &root, &error);
  if (error != NULL)
    g_error("the validator did not run: %s\n%s%s", error->message, out, err);
  JsonObject *result = json_node_get_object(root);
  JsonArray *issues = json_object_get_array_member(result, "issues");
  guint n_warnings = 0;
  for (guint i = 0; i < json_array_get_length(issues); i++) {
    JsonObject *issue = json_array_get_object_element(issues, i);
    bool warning = strcmp(json_object_get_string_member(issue, "severity"), "warning") == 0;
    n_warnings += warning;
    if (!warning)
      g_test_message("%s: %s", json_object_get_string_member(issue, "key"),
                     json_object_get_string_member(issue, "reason"));
  }
  g_test_message("%u warnings; %" G_GINT64_FORMAT " files", n_warnings,
                 json_object_get_int_member(json_object_get_object_member(result, "summary"), "totalFiles"));
  return json_object_get_boolean_member(result, "valid");
}

static void test_export_is_valid(void) {
  if (no_validator())
    return;
  g_autofree char *folder = support_folder(), *dataset = export_demo(folder);
  g_assert_true(validate(dataset));
  support_remove(folder);
}

/* What the test above would not tell from a validator that finds nothing anywhere. */
static void test_missing_variable_is_found(void) {
  if (no_validator())
    return;
  g_autofree char *folder = support_folder(), *dataset = export_demo(folder), *text = NULL;
  g_autofree char *description = g_build_filename(dataset, "dataset_description.json", NULL);
  g_assert_true(g_file_get_contents(description, &text, NULL, NULL));
  memcpy(strstr(text, "\"response_time\""), "\"response_tome\"", strlen("\"response_time\""));
  g_assert_true(g_file_set_contents(description, text, -1, NULL));
  g_assert_false(validate(dataset));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/psychds-validator/finds no error in the exported demo", test_export_is_valid);
  g_test_add_func("/psychds-validator/finds a column that is not described", test_missing_variable_is_found);
  return g_test_run();
}
