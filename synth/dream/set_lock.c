#include "synth/dream/set_lock.h"

#include <sys/stat.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define POLL_MS 5

bool set_lock_take(const char *path, int patience_ms, int *lock, GError **error) {
  for (;;) {
    GError *fault = NULL;
    int file;
    if (files_lock(path, &file, &fault)) {
      struct stat status;
      /* The holder before us removed the file between our open and our lock: this lock guards nothing. */
      if (fstat(file, &status) == 0 && status.st_nlink == 0) {
        files_unlock(file);
        continue;
      }
      *lock = file;
      return true;
    }
    if (!g_error_matches(fault, RIG_ERROR, RIG_ERROR_STATE) || patience_ms <= 0) {
      g_propagate_error(error, fault);
      return false;
    }
    g_error_free(fault);
    g_usleep(POLL_MS * 1000);
    patience_ms -= POLL_MS;
  }
}

void set_lock_give_back(const char *path, int lock) {
  unlink(path);
  files_unlock(lock);
}
