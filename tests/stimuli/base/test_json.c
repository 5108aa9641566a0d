#include "stimuli/base/json.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

static void assert_refused(const char *text, gsize size, const char *want) {
  JsonNode *root = NULL;
  GError *error = NULL;
  g_assert_false(json_read("a.json", text, size, &root, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, want);
  g_assert_null(root);
  g_error_free(error);
}

static void test_what_rfc_8259_forbids_is_refused_with_its_line(void) {
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"", "a.json:1: a value is expected"},
      {"{\n\"a\":1,\n\"a\":2}", "a.json:3: an object has two members of this name"},
      {"{\"a\":1,\"\\u0061\":2}", "a.json:1: an object has two members of this name"},
      {"[1,]", "a.json:1: a value is expected"},
      {"{\"a\":1,}", "a.json:1: a string is expected"},
      {"{a:1}", "a.json:1: a string is expected"},
      {"{\"a\" 1}", "a.json:1: ':' is expected after a member's name"},
      {"[1 2]", "a.json:1: ',' or ']' is expected in an array"},
      {"[1]\n// no\n", "a.json:2: more text after the value"},
      {"[NaN]", "a.json:1: a value is expected"},
      {"[01]", "a.json:1: ',' or ']' is expected in an array"},
      {"[+1]", "a.json:1: a value is expected"},
      {"[1.]", "a.json:1: digits are expected after the point"},
      {"[1e]", "a.json:1: digits are expected in the exponent"},
      {"[1e400]", "a.json:1: a number is out of range"},
      {"[9223372036854775808]", "a.json:1: a number is out of range"},
      {"\"abc", "a.json:1: the text ends inside a string"},
      {"\"a\tb\"", "a.json:1: a control character in a string"},
      {"\"\\x\"", "a.json:1: unknown escape"},
      {"\"\\u12g4\"", "a.json:1: \\u is followed by four hexadecimal digits"},
      {"\"\\ud800\"", "a.json:1: half a surrogate pair"},
      {"\"\\udc00\"", "a.json:1: half a surrogate pair"},
      {"\"\\u0000\"", "a.json:1: \\u0000 in a string"},
      {"\n\"\xff\"", "a.json:2: the text is not UTF-8"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].want);
  assert_refused("[1]\0", 4, "a.json:1: there is a NUL byte; a text file has none");
}

static void test_deep_nesting_is_refused_without_a_crash(void) {
  for (int kind = 0; kind < 2; kind++) {
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
      g_string_append(text, kind == 0 ? "[" : "{\"a\":");
    assert_refused(text->str, text->len, "a.json:1: it is nested more than 64 levels deep");
  }
}

static void test_sixty_four_levels_are_read(void) {
  g_autofree char *open = g_strnfill(64, '['), *close = g_strnfill(64, ']');
  g_autofree char *text = g_strconcat(open, close, NULL);
  g_autoptr(JsonNode) root = NULL;
  GError *error = NULL;
  json_read("a.json", text, strlen(text), &root, &error);
  g_assert_no_error(error);
}

static void test_text_is_read_and_written_in_order(void) {
  static const char text[] = "{\n"
                             "  \"z\": [\n"
                             "    1,\n"
                             "    -0.1,\n"
                             "    1e+30,\n"
                             "    true,\n"
                             "    null\n"
                             "  ],\n"
                             "  \"a\": \"q\\\"\\\\\\n\\u0001ż𝄞\",\n"
                             "  \"empty\": {},\n"
                             "  \"none\": [],\n"
                             "  \"int\": -9223372036854775808,\n"
                             "  \"double\": 3.0,\n"
                             "  \"third\": 0.3333333333333333\n"
                             "}\n";
  g_autoptr(JsonNode) root = NULL;
  GError *error = NULL;
  gsize size;
  json_read("a.json", text, strlen(text), &root, &error);
  g_assert_no_error(error);
  g_autofree char *written = json_write(root, &size);
  g_assert_cmpstr(written, ==, text);
  g_assert_cmpuint(size, ==, strlen(text));
}

static void test_numbers_without_a_value_are_written_as_null(void) {
  g_autoptr(JsonNode) root = json_node_new(JSON_NODE_ARRAY);
  JsonArray *array = json_array_new();
  json_node_take_array(root, array);
  json_array_add_double_element(array, NAN);
  json_array_add_double_element(array, -INFINITY);
  json_array_add_double_element(array, 0.1 + 0.2);
  json_add_number(array, NAN);
  json_add_number(array, 0.1 + 0.7);
  g_assert_true(json_array_get_null_element(array, 3));
  g_autofree char *text = json_write(root, NULL);
  g_assert_cmpstr(text, ==, "[\n  null,\n  null,\n  0.30000000000000004,\n  null,\n  0.7999999999999999\n]\n");
}

static void test_any_double_is_read_back_equal_and_as_a_double(void) {
  Random random;
  random_init_stream(&random, 2385, "JSON");
  g_autoptr(JsonNode) root = json_node_new(JSON_NODE_ARRAY);
  JsonArray *array = json_array_new();
  json_node_take_array(root, array);
  json_array_add_double_element(array, 99999999999999999999.0);
  for (int i = 0; i < 20000; i++) {
    union {
      guint64 bits;
      double value;
    } any = {.bits = (guint64)random_bits(&random) << 32 | random_bits(&random)};
    if (isfinite(any.value))
      json_array_add_double_element(array, any.value);
    json_array_add_double_element(array, pow(10, i % 617 - 308));
    json_array_add_double_element(array, trunc(ldexp(random_uniform(&random), i % 70)));
  }
  for (int line = 0; line < 2; line++) {
    g_autofree char *text = line == 1 ? json_write_line(root) : json_write(root, NULL);
    g_autoptr(JsonNode) back = NULL;
    GError *error = NULL;
    json_read("a.json", text, strlen(text), &back, &error);
    g_assert_no_error(error);
    JsonArray *read = json_node_get_array(back);
    g_assert_cmpuint(json_array_get_length(read), ==, json_array_get_length(array));
    for (guint i = 0; i < json_array_get_length(read); i++) {
      g_assert_true(json_node_get_value_type(json_array_get_element(read, i)) == G_TYPE_DOUBLE);
      g_assert_true(json_array_get_double_element(read, i) == json_array_get_double_element(array, i));
    }
  }
}

static void test_one_line_has_no_blanks(void) {
  static const char text[] = "{\"b\":[1,{\"c d\":null},[],1e+20],\"a\":\"x\\ny\"}";
  g_autoptr(JsonNode) root = NULL;
  GError *error = NULL;
  json_read("a.json", text, strlen(text), &root, &error);
  g_assert_no_error(error);
  g_autofree char *written = json_write_line(root);
  g_assert_cmpstr(written, ==, text);
}

static void test_a_member_that_is_no_text_gives_the_fallback(void) {
  static const char text[] = "{\"name\": \"mixed4c\", \"empty\": \"\", \"seed\": 7, \"none\": null, \"list\": [\"a\"]}";
  g_autoptr(JsonNode) root = NULL;
  GError *error = NULL;
  json_read("a.json", text, strlen(text), &root, &error);
  g_assert_no_error(error);
  JsonObject *object = json_node_get_object(root);
  g_assert_cmpstr(json_text(object, "name", "other"), ==, "mixed4c");
  g_assert_cmpstr(json_text(object, "empty", "other"), ==, "");
  static const char *const others[] = {"seed", "none", "list", "missing"};
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_assert_cmpstr(json_text(object, others[i], "other"), ==, "other");
    g_assert_null(json_text(object, others[i], NULL));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json/what-rfc-8259-forbids-is-refused-with-its-line",
                  test_what_rfc_8259_forbids_is_refused_with_its_line);
  g_test_add_func("/json/deep-nesting-is-refused-without-a-crash", test_deep_nesting_is_refused_without_a_crash);
  g_test_add_func("/json/sixty-four-levels-are-read", test_sixty_four_levels_are_read);
  g_test_add_func("/json/text-is-read-and-written-in-order", test_text_is_read_and_written_in_order);
  g_test_add_func("/json/numbers-without-a-value-are-written-as-null",
                  test_numbers_without_a_value_are_written_as_null);
  g_test_add_func("/json/a-member-that-is-no-text-gives-the-fallback",
                  test_a_member_that_is_no_text_gives_the_fallback);
  g_test_add_func("/json/any-double-is-read-back-equal-and-as-a-double",
                  test_any_double_is_read_back_equal_and_as_a_double);
  g_test_add_func("/json/one-line-has-no-blanks", test_one_line_has_no_blanks);
  return g_test_run();
}
