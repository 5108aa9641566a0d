/* The sound device through SDL2: opened once, kept open on silence, floats on two channels.
 *
 * SDL's default of 4096 frames would put every onset in doubt by 85 ms; AUDIO_PERIOD_FRAMES at 48 kHz are 5.3 ms. The
 * device's own rate is taken, never SDL's silent conversion: sounds are converted beforehand. */
#ifndef DREAMRIG_PRESENT_AUDIO_SDL_H
#define DREAMRIG_PRESENT_AUDIO_SDL_H

#include "present/audio/audio.h"

#define AUDIO_PERIOD_FRAMES 256
#define AUDIO_WANTED_HZ 48000

/* Opens a device by name (NULL: the default one) and returns once it asks for sound steadily, so that there is a fit
 * (audio_clock.h). Fails with RIG_ERROR_STATE where there is none or it asks for nothing. */
Audio *audio_sdl_open(Clock *clock, const char *device, GError **error);
/* A copy of the callbacks' clock as it is now. */
AudioClock audio_sdl_clock(Audio *audio);

#endif
