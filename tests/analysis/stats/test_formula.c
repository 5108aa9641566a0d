#include <string.h>

#include "analysis/stats/formula.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

static void append_sum(GString *text, const Formula *formula, const FormulaSum *sum) {
  g_string_append(text, sum->intercept ? "1" : "0");
  for (gsize t = 0; t < sum->terms->len; t++) {
    g_autofree char *name = formula_term_name(formula, g_array_index(sum->terms, guint64, t));
    g_string_append_printf(text, " %s", name);
  }
}

/* The parsed formula in one normal form: "y = 1 a b a:b; 1 x | g". */
static char *normal_form(const char *text) {
  g_autoptr(Formula) formula = NULL;
  g_autoptr(GError) error = NULL;
  formula_parse(text, &formula, &error);
  g_assert_no_error(error);
  GString *form = g_string_new(NULL);
  g_string_append_printf(form, "%s = ", formula->response.name);
  append_sum(form, formula, &formula->fixed);
  for (gsize r = 0; r < formula->n_random; r++) {
    g_string_append(form, "; ");
    append_sum(form, formula, &formula->random[r].effects);
    g_string_append_printf(form, " | %s", formula->random[r].group_name);
  }
  return g_string_free(form, FALSE);
}

static void assert_form(const char *text, const char *want) {
  g_autofree char *got = normal_form(text);
  g_assert_cmpstr(got, ==, want);
}

/* attr(terms(y ~ ...), "term.labels") and attr(terms(...), "intercept") */
static void fixed_terms_are_rs(void) {
  assert_form("y ~ a + b", "y = 1 a b");
  assert_form("y~a*b*c", "y = 1 a b c a:b a:c b:c a:b:c");
  assert_form("y ~ a:b + a", "y = 1 a a:b");
  assert_form("y ~ b:a + a", "y = 1 a b:a");
  assert_form("y ~ a/b/c", "y = 1 a a:b a:b:c");
  assert_form("y ~ (a + b)/c", "y = 1 a b a:b:c");
  assert_form("y ~ (a + b + c)^2 - a:c", "y = 1 a b c a:b b:c");
  assert_form("y ~ a*b - a", "y = 1 b a:b");
  assert_form("y ~ a - 1", "y = 0 a");
  assert_form("y ~ 0 + a", "y = 0 a");
  assert_form("y ~ -1 + a + 1", "y = 1 a");
  assert_form("y ~ a:a + a", "y = 1 a");
  assert_form("y ~ 1", "y = 1");
  assert_form("log(rt) ~ `image hue` + factor( block ) + scale(cfc):sqrt(n)",
              "log(rt) = 1 image hue factor(block) scale(cfc):sqrt(n)");
}

/* names(coef(lm(y ~ ...))), but for backquotes */
static void calls_are_named_as_rs(void) {
  assert_form("y ~ x + I( x ^2) + I(x^3)*g", "y = 1 x I(x^2) I(x^3) g I(x^3):g");
  assert_form("log2(y+2.50) ~ log(x +1) + log10( x-0.25 ) + exp(x) + I(x*2) + I(x / 10) + I(x)",
              "log2(y + 2.5) = 1 log(x + 1) log10(x - 0.25) exp(x) I(x * 2) I(x/10) I(x)");
  assert_form("y ~ scale(x^2) + (0 + I(`image hue`^9) | g)", "y = 1 scale(x^2); 0 I(image hue^9) | g");
  assert_form("y ~ I + exp + I(I^2) - I( I ^ 2 )", "y = 1 I exp");
}

/* names(ranef(lmer(...))) and its columns */
static void random_terms_are_lme4s(void) {
  assert_form("y ~ x + (1|g)", "y = 1 x; 1 | g");
  assert_form("y ~ (1|layer/image)", "y = 1; 1 | image:layer; 1 | layer");
  assert_form("y ~ (1|a/b/c) + x", "y = 1 x; 1 | c:b:a; 1 | b:a; 1 | a");
  assert_form("y ~ (x|g)", "y = 1; 1 x | g");
  assert_form("y ~ (0 + x|a:b)", "y = 1; 0 x | a:b");
  assert_form("y ~ (x*z || g)", "y = 1; 1 | g; 0 x | g; 0 z | g; 0 x:z | g");
}

static void assert_refused(const char *text, const char *part) {
  g_autoptr(Formula) formula = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(formula_parse(text, &formula, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_USAGE);
  g_assert_null(formula);
  if (strstr(error->message, part) == NULL)
    g_error("'%s': \"%s\" lacks \"%s\"", text, error->message, part);
}

static void faults_are_named_with_their_place(void) {
  assert_refused("y", "'~' expected at character 2, its end");
  assert_refused("y ~", "a variable expected at character 4, its end");
  assert_refused("y ~ a +", "a variable expected");
  assert_refused("y ~ a b", "an operator expected at character 7, 'b'");
  assert_refused("y ~ (a + b", "')' expected");
  assert_refused("y ~ x | g", "a random term belongs in parentheses");
  assert_refused("y ~ x*(1|g)", "can only be added");
  assert_refused("y ~ x - (1|g)", "can only be added");
  assert_refused("y ~ (1|a+b)", "':', '/' or ')' expected");
  assert_refused("y ~ (0|g)", "without effects");
  assert_refused("y ~ y", "on both sides");
  assert_refused("factor(y) ~ x", "cannot be a factor");
  assert_refused("y ~ poly(x, 2)", "a function that is not factor(), scale(), log(), log2(), log10(), sqrt(), exp() or "
                                   "I() at character 5, 'poly(x, 2)'");
  assert_refused("y ~ a + offset(b)", "a function that is not");
  assert_refused("y ~ b %in% a", "an operator expected at character 7, '%in% a'");
  assert_refused("y ~ I(x^1)", "a power from 2 to 9 expected at character 9, '1)'");
  assert_refused("y ~ I(x^10)", "a power from 2 to 9 expected");
  assert_refused("y ~ I(x^2.5)", "a power from 2 to 9 expected");
  assert_refused("y ~ log(x + z)", "a number without sign and exponent expected at character 13, 'z)'");
  assert_refused("y ~ log(x + -1)", "a number without sign");
  assert_refused("y ~ log(x + 1e3)", "a number without sign");
  assert_refused("y ~ log(x + 0x3)", "a number without sign");
  assert_refused("y ~ log(x + 1.2.3)", "a number without sign");
  assert_refused("y ~ log(x +", "a number without sign and exponent expected at character 12, its end");
  assert_refused("y ~ log(1 + x)", "a variable expected at character 9, '1 + x)'");
  assert_refused("y ~ I(scale(x)^2)", "')', or one of + - * / ^ and a number expected at character 12, '(x)^2)'");
  assert_refused("y ~ I(x + 1 + 2)", "')' expected");
  assert_refused("y ~ factor(x + 1)", "')' expected");
  assert_refused("I(y^2) ~ y", "on both sides");
  assert_refused("y ~ .", "name them");
  assert_refused("y ~ a^0", "a power from 1 to 9");
  assert_refused("y ~ 1:a", "only be added or taken away");
  assert_refused("y ~ (((a+b+c+d+e+f+g+h+i)^9)^9)^9", "too many terms are multiplied");
  /* Found by the fuzzer: more than 20 seconds. */
  assert_refused("arousal ~ypvactot/lay+(cac * facmto +fcmtor * f_+ (carousv)^6 - f*c * fr * f_+ (carousv)^6 - f*c * f"
                 "ac + (cfc * vactot/lay+(cac  - sqayer/i - ca/fimac + f- usv)^6 - f*cctofayeym/imaim/imac +fcmtor * f"
                 "_+ (carousv)^6 - f*c * fa+ (caroty)^6 - fc * f2 - sqayer/i - ca/fimac + f- usv)^6 - f*cctofayev)^6 -"
                 " f*c * fdaxeyer/io/imaim/im",
                 "too many terms are multiplied");
  assert_refused("y ~ `a", "not closed");
  g_autofree char *deep = g_strnfill(2000, '('), *nested = g_strdup_printf("y ~ %s", deep);
  assert_refused(nested, "nested too deeply");
}

static void terms_inside_others_cannot_be_dropped_alone(void) {
  g_autoptr(Formula) formula = NULL;
  g_assert_true(formula_parse("y ~ a*b + c + (1|g) + (1|h)", &formula, NULL));
  g_autoptr(GArray) droppable = formula_droppable(formula);
  g_assert_cmpuint(droppable->len, ==, 2);
  static const char *const names[] = {"c", "a:b"};
  for (gsize k = 0; k < 2; k++) {
    g_autofree char *name =
        formula_term_name(formula, g_array_index(formula->fixed.terms, guint64, g_array_index(droppable, gsize, k)));
    g_assert_cmpstr(name, ==, names[k]);
  }
  g_autoptr(Formula) without_fixed = formula_without_fixed(formula, g_array_index(droppable, gsize, 1));
  g_assert_cmpuint(without_fixed->fixed.terms->len, ==, 3);
  g_assert_cmpuint(without_fixed->n_random, ==, 2);
  g_autoptr(Formula) without_random = formula_without_random(formula, 0);
  g_assert_cmpuint(without_random->n_random, ==, 1);
  g_assert_cmpstr(without_random->random[0].group_name, ==, "h");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/formula/fixed_terms_are_rs", fixed_terms_are_rs);
  g_test_add_func("/formula/calls_are_named_as_rs", calls_are_named_as_rs);
  g_test_add_func("/formula/random_terms_are_lme4s", random_terms_are_lme4s);
  g_test_add_func("/formula/faults_are_named_with_their_place", faults_are_named_with_their_place);
  g_test_add_func("/formula/terms_inside_others_cannot_be_dropped_alone", terms_inside_others_cannot_be_dropped_alone);
  return g_test_run();
}
