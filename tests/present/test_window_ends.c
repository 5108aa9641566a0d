/* The real program in a window under Xvfb, where a session ends before its last trial. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "present/screens/page_screen.h"
#include "tests/present/window.h"
#include "tests/support.h"

static void test_quit(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  window_start(window, NULL);
  window_pass_page(window);
  Colour card;
  Goal paused = window_pause_page(window), asking = window_asking_page(window, &card);
  window_insist(window, &paused, "key Escape");
  window_insist(window, &asking, "key q");
  window_insist(window, &(Goal){.ended = true}, "key y");
  g_assert_cmpint(window->status, ==, 1);
  g_autoptr(JournalContents) contents = window_journal(window);
  g_assert_nonnull(contents);
  g_assert_cmpint(contents->status, ==, JOURNAL_ABORTED);
  g_assert_cmpuint(contents->answers->len, ==, 1);
  g_assert_cmpstr(contents->header->display.driver, ==, "x11");
  g_assert_false(contents->header->display.onset_trusted); /* Xvfb has no screen to wait for */
  window_free(window);
}

/* As window_start, with the program's messages in a file. */
static void start_with_messages(Window *window, const char *messages) {
  int own = dup(STDERR_FILENO), file = open(messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  g_assert_cmpint(own, >=, 0);
  g_assert_cmpint(dup2(file, STDERR_FILENO), ==, STDERR_FILENO);
  window_start(window, NULL);
  dup2(own, STDERR_FILENO);
  close(file);
  close(own);
}

static void test_image_gone(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  g_autofree char *messages = g_build_filename(window->folder, "messages", NULL), *said = NULL;
  g_autofree char *image = stimulus_set_path(window->protocol->set, window->trials->trials[0].stimulus);
  start_with_messages(window, messages);
  window_park_pointer(window);
  window_pass_page(window);
  g_assert_cmpint(unlink(image), ==, 0);
  window_pass_question(window);
  g_autoptr(Image) none = NULL;
  g_autoptr(GError) reason = NULL;
  g_assert_false(image_read(image, &none, &reason));
  g_autofree char *text = g_strdup_printf("%s\n\n%s", phrase_built_in(PHRASE_FAILED_HELP, NULL), reason->message);
  g_autoptr(Screen) told = page_screen_new(&window->theme, phrase_built_in(PHRASE_FAILED, NULL), text);
  window_park_pointer(window);
  window_wait(window, &(Goal){.looks = told});
  xserver_keep(window->server, "failed");
  window_insist(window, &(Goal){.ended = true}, "key Return");
  g_assert_cmpint(window->status, ==, 1);
  g_autoptr(JournalContents) contents = window_journal(window);
  g_assert_cmpint(contents->status, ==, JOURNAL_INTERRUPTED);
  g_assert_cmpuint(contents->answers->len, ==, 2);
  g_assert_true(g_file_get_contents(messages, &said, NULL, NULL));
  const char *line = strstr(said, "dreamrig-present: ");
  g_assert_nonnull(line);
  g_assert_nonnull(strstr(line, reason->message));
  g_assert_nonnull(strstr(line, "_journal.jsonl, and --resume goes on from there\n"));
  window_free(window);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/window ends/on Escape, Q, Y with status 1", test_quit);
  g_test_add_func("/window ends/telling why it cannot go on, and how to resume", test_image_gone);
  return g_test_run();
}
