#include "synth/dream/layers.h"

#include "stimuli/base/error.h"
#include "synth/net/architectures.h"
#include "tests/support.h"

static char *selected(const NetGraph *graph, const char *list, GError **error) {
  g_auto(GStrv) wanted = g_strsplit(list, ",", -1);
  g_autofree int *nodes = NULL;
  gsize n_nodes;
  if (!layers_select(graph, (const char *const *)wanted, &nodes, &n_nodes, error))
    return NULL;
  GString *names = g_string_new(NULL);
  for (gsize i = 0; i < n_nodes; i++)
    g_string_append_printf(names, "%s%s", i ? "," : "", graph->nodes[nodes[i]].name);
  return g_string_free(names, FALSE);
}

static void names_and_patterns_give_each_layer_once(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("tiny", 0.0625, 10, 1, &error);
  g_assert_no_error(error);
  const struct {
    const char *list, *names;
  } known[] = {
      {"mixed4a", "mixed4a"},
      {"mixed5b,conv2d0,mixed5b", "mixed5b,conv2d0"},
      {"mixed4?_1x1", "mixed4a_1x1,mixed4b_1x1,mixed4c_1x1,mixed4d_1x1,mixed4e_1x1"},
      {"mixed3b_pool,mixed3?_pool", "mixed3b_pool,mixed3a_pool"},
      {"conv2d*,!*_pre_relu", "conv2d0,conv2d1,conv2d2"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_autofree char *names = selected(graph, known[i].list, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(names, ==, known[i].names);
  }
}

static void all_are_the_studys_144(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("tiny", 0.0625, 10, 1, &error);
  g_autofree char *names = selected(graph, "all", &error);
  g_assert_no_error(error);
  g_auto(GStrv) got = g_strsplit(names, ",", -1);
  g_assert_cmpuint(g_strv_length(got), ==, 144);
  for (const char *const *layer = net_inception5h_layers(); *layer; layer++)
    g_assert_true(g_strv_contains((const char *const *)got, *layer));
}

static void lists_that_name_nothing_are_refused(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("tiny", 0.0625, 10, 1, &error);
  const struct {
    const char *list, *message;
  } known[] = {
      {"mixed4a,mixd4b", "mixed4b"}, /* the nearest */
      {"mixed9*", "no layer matches 'mixed9*'"},
      {"input", "has no dream of its own"},
      {"mixed4a,!mixed5*", "no layer listed before it matches '!mixed5*'"},
      {"mixed4a,!mixed4?", "leaves none"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_autofree char *names = selected(graph, known[i].list, &error);
    g_assert_null(names);
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, known[i].message));
    g_clear_error(&error);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/layers/names and patterns give each layer once", names_and_patterns_give_each_layer_once);
  g_test_add_func("/layers/all are the study's 144", all_are_the_studys_144);
  g_test_add_func("/layers/lists that name nothing are refused", lists_that_name_nothing_are_refused);
  return g_test_run();
}
