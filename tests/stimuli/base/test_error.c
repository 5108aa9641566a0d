#include "stimuli/base/error.h"

static void test_control_characters_are_shown_as_escapes(void) {
  g_autofree char *line = rig_one_line("a\n\tb\x1b[2J\x7f \xc2\x9b \xc2\xa0 zł \xff\xc2");
  g_assert_cmpstr(line, ==, "a\\n\\tb\\x1b[2J\\x7f \\x9b \xc2\xa0 zł \xff\xc2");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/error/control characters are shown as escapes", test_control_characters_are_shown_as_escapes);
  return g_test_run();
}
