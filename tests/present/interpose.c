#include "tests/present/interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MAX_FILES 256

static struct {
  bool dirty;
  off_t size; /* when it was last synced */
} unsynced[MAX_FILES];
static char unsynced_name[PATH_MAX]; /* linked last, its folder not synced; "": none */

static void power_cut(void) {
  for (int file = 0; file < MAX_FILES; file++)
    if (unsynced[file].dirty)
      syscall(SYS_ftruncate, file, unsynced[file].size);
  if (unsynced_name[0] != '\0')
    syscall(SYS_unlinkat, AT_FDCWD, unsynced_name, 0);
  syscall(SYS_kill, getpid(), SIGKILL);
}

typedef enum { PASS, FAIL, KILL_AFTER } Turn;

static Turn turn(bool needs_room) {
  if (!interpose.armed)
    return PASS;
  gsize number = ++interpose.count;
  bool now = number == interpose.at;
  switch (interpose.kind) {
  case FAULT_KILL:
    if (now)
      power_cut();
    return PASS;
  case FAULT_TEAR:
    return now ? KILL_AFTER : PASS;
  case FAULT_FAIL:
    errno = interpose.cause;
    return now ? FAIL : PASS;
  case FAULT_FULL:
    errno = interpose.cause;
    return now || (needs_room && number > interpose.at) ? FAIL : PASS;
  case FAULT_NONE:
  default:
    return PASS;
  }
}

static int end(Turn which, long result) {
  if (which == KILL_AFTER)
    power_cut();
  return (int)result;
}

/* Pipes, terminals and the library's own wake-ups are none of the session's files. */
static bool is_file(int file, struct stat *status) {
  return interpose.armed && fstat(file, status) == 0 && (S_ISREG(status->st_mode) || S_ISDIR(status->st_mode));
}

ssize_t write(int file, const void *data, size_t size) {
  struct stat status;
  if (!is_file(file, &status))
    return syscall(SYS_write, file, data, size);
  Turn which = turn(true);
  if (which == FAIL)
    return -1;
  if (file < MAX_FILES && !unsynced[file].dirty) {
    unsynced[file].dirty = true;
    unsynced[file].size = status.st_size;
  }
  if (which == KILL_AFTER) { /* the half that is written may well have reached the disk */
    syscall(SYS_write, file, data, size / 2);
    if (file < MAX_FILES)
      unsynced[file].dirty = false;
    power_cut();
  }
  return syscall(SYS_write, file, data, size);
}

static int sync_call(int file, long number) {
  struct stat status;
  if (!is_file(file, &status))
    return (int)syscall(number, file);
  Turn which = turn(true);
  if (which == FAIL)
    return -1;
  if (S_ISDIR(status.st_mode))
    unsynced_name[0] = '\0';
  else if (file < MAX_FILES)
    unsynced[file].dirty = false;
  return end(which, 0);
}

int fsync(int file) { return sync_call(file, SYS_fsync); }
int fdatasync(int file) { return sync_call(file, SYS_fdatasync); }

int ftruncate(int file, off_t size) {
  Turn which = turn(false);
  return which == FAIL ? -1 : end(which, syscall(SYS_ftruncate, file, size));
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  Turn which = turn(true);
  if (which == FAIL)
    return -1;
  long result = syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (interpose.armed && result == 0)
    snprintf(unsynced_name, sizeof unsynced_name, "%s", to);
  return end(which, result);
}

int rename(const char *from, const char *to) {
  Turn which = turn(false);
  if (which == FAIL)
    return -1;
  unsynced_name[0] = '\0'; /* it has another name now */
  return end(which, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int unlink(const char *path) {
  Turn which = turn(false);
  return which == FAIL ? -1 : end(which, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

/* GLib tries again where it failed once. */
int mkdir(const char *path, mode_t mode) {
  Turn which = interpose.kind == FAULT_FAIL ? PASS : turn(true);
  return which == FAIL ? -1 : end(which, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

static gint64 step_us(void) {
  interpose.wall_us += interpose.drift_us;
  return interpose.wall_us;
}

int clock_gettime(clockid_t which, struct timespec *time) {
  long result = syscall(SYS_clock_gettime, which, time);
  if (which == CLOCK_REALTIME && result == 0) {
    gint64 us = (gint64)time->tv_sec * G_USEC_PER_SEC + time->tv_nsec / 1000 + step_us();
    time->tv_sec = (time_t)(us / G_USEC_PER_SEC);
    time->tv_nsec = (long)(us % G_USEC_PER_SEC * 1000);
  }
  return (int)result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone G_GNUC_UNUSED) {
  struct timespec now;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}
