/* Lock files of a set's folder that leave nothing behind: made when taken, removed when given back. What a killed
 * program leaves is taken over by the next. */
#ifndef DREAMRIG_DREAM_SET_LOCK_H
#define DREAMRIG_DREAM_SET_LOCK_H

#include <glib.h>
#include <stdbool.h>

/* Takes the lock, waiting up to `patience_ms` for another holder; RIG_ERROR_STATE when it is not given back. */
bool set_lock_take(const char *path, int patience_ms, int *lock, GError **error);
void set_lock_give_back(const char *path, int lock);

#endif
