/* System calls that fail, tear or kill the program at a chosen moment. interpose.c defines write, fsync and the like,
 * so that every call of the program that it is linked into passes through it; it is linked into the test_faults
 * programs only (see the Makefile). */
#ifndef DREAMRIG_TESTS_INTERPOSE_H
#define DREAMRIG_TESTS_INTERPOSE_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  FAULT_NONE, /* only counts */
  FAULT_KILL, /* SIGKILL instead of the call */
  FAULT_TEAR, /* SIGKILL in the middle of a write, of which half is done; after any other call */
  FAULT_FAIL, /* the call fails, mkdir excepted */
  FAULT_FULL, /* it and every later write, fsync, mkdir and link fails */
} FaultKind;

/* Counted are write, fsync, fdatasync and ftruncate on files and folders, and link, rename, unlink and mkdir. While
 * armed nothing waits for the disk; instead a kill is a power cut too: what was written to a file that stays open and
 * not synced is gone, and so is a name in a folder that was not synced. */
typedef struct {
  bool armed;
  FaultKind kind;
  gsize at;        /* the call that it happens at, from 1 */
  int cause;       /* errno of FAULT_FAIL and FAULT_FULL */
  gint64 wall_us;  /* added to the wall clock, never to the monotonic one */
  gint64 drift_us; /* added to wall_us at every reading: a clock that runs backwards */
  gsize count;     /* calls so far */
} Interpose;

extern Interpose interpose; /* in fault_study.c */

#endif
