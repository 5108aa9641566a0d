#include "analysis/features/fft_planner.h"

#include <glib.h>

static GMutex planner;

void fft_planner_lock(void) { g_mutex_lock(&planner); }
void fft_planner_unlock(void) { g_mutex_unlock(&planner); }
