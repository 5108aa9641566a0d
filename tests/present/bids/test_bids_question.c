#include "present/bids/bids_question.h"

#include "tests/support.h"

static bool passes(const char *kind, double min, double max, double correct_min, double correct_max, double value) {
  g_autoptr(JsonObject) design = json_object_new();
  json_object_set_string_member(design, "kind", kind);
  json_object_set_double_member(design, "min", min);
  json_object_set_double_member(design, "max", max);
  json_object_set_double_member(design, "correct_min", correct_min);
  json_object_set_double_member(design, "correct_max", correct_max);
  g_autoptr(AnswerRecord) answer = answer_record_new(1, "attend", 0, "", 1.25, 3.5);
  answer_record_set_values(answer, &value, 1);
  g_autoptr(BidsQuestion) question = bids_question_new(design);
  return bids_question_passed(question, answer);
}

/* As a slider computes its values: -1 + 65 / 100 * 2 is 0.30000000000000004. */
static void test_rounding_fails_no_attention_check(void) {
  for (int k = 0; k <= 100; k++)
    g_assert_true(passes("slider", -1, 1, 0.3, 0.3, -1 + k / 100.0 * 2) == (k == 65));
  g_assert_true(passes("slider", 0, 0.7, 0.21, 0.35, 0 + 50 / 100.0 * 0.7));
  g_assert_false(passes("slider", 0, 0.7, 0.21, 0.35, 0 + 51 / 100.0 * 0.7));
  g_assert_false(passes("number", 0, 100, 2.5, 2.5, 2.500001));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bids question/rounding fails no attention check", test_rounding_fails_no_attention_check);
  return g_test_run();
}
