#include "tests/present/study.h"

#include <string.h>

#include "tests/support.h"

Study study_new(void) {
  Study study = {.folder = support_folder()};
  study.set = g_build_filename(study.folder, "set", NULL);
  study.data = g_build_filename(study.folder, "data", NULL);
  rig_write_set(study.set, 4);
  study.protocol = rig_write_protocol(study.folder, true);
  return study;
}

void study_clear(Study *study) {
  support_remove(study->folder);
  g_free(study->folder);
  g_free(study->set);
  g_free(study->protocol);
  g_free(study->data);
}

int study_simulate(const Study *study, const char *participants, const char *seed, const char *workers,
                   const char *data, char **err) {
  return support_run(NULL, err, "dreamrig-present", "simulate", study->protocol, "--participants", participants,
                     "--seed", seed, "-j", workers, "--data", data, NULL);
}

void study_assert_one_line(const char *err, const char *part) {
  if (strstr(err, part) == NULL)
    g_test_message("no '%s' in: %s", part, err);
  g_assert_nonnull(strstr(err, part));
  g_assert_true(strchr(err, '\n') == err + strlen(err) - 1);
}

int study_run_unseen(const Study *study, const char *option, char **err) {
  g_autofree char *program = support_program("dreamrig-present");
  return support_run(NULL, err, "env", "SDL_VIDEODRIVER=none", program, "run", study->protocol, "--subject", "01",
                     "--data", study->data, option, NULL);
}
