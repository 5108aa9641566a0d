/* What the tests share: where things are, temporary folders, running our programs. */
#ifndef DREAMRIG_TESTS_SUPPORT_H
#define DREAMRIG_TESTS_SUPPORT_H

#include <glib.h>
#include <stdbool.h>

/* The path of a file in ../shared (or $DREAMRIG_SHARED), or NULL after g_test_skip where shared is absent. g_free it.
 */
char *support_shared(const char *relative);
/* The path of a file in tests/data. g_free it. */
char *support_data(const char *relative);
/* A fresh temporary folder, removed by support_remove. g_free it. */
char *support_folder(void);
void support_remove(const char *folder);
/* Runs a program of ours ("dreamrig-synth") or any other command with a NULL-terminated argument list; returns its exit
 * status (128 + signal where it was killed). Captured text to *out and *err, which may be NULL; g_free them. */
int support_run(char **out, char **err, const char *program, ...) G_GNUC_NULL_TERMINATED;
/* The path of a program of ours. g_free it. */
char *support_program(const char *program);

/* |got - want| <= absolute or <= relative * |want|; fails the test with both numbers and `what`. */
void support_assert_near(const char *what, double got, double want, double relative, double absolute);

#endif
