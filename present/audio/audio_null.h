/* No sound device: every sound begins exactly when it should. For simulated sessions. */
#ifndef DREAMRIG_PRESENT_AUDIO_NULL_H
#define DREAMRIG_PRESENT_AUDIO_NULL_H

#include "present/audio/audio.h"

Audio *audio_null_new(Clock *clock, int rate_hz);
/* For tests of sessions that lose their device: from now on it is gone, until audio_reopen (which fails where it is not
 * `back`). */
void audio_null_lose(Audio *audio, bool back);

#endif
