/* A protocol's sounds, made at the device's rate before the session begins. */
#ifndef DREAMRIG_PRESENT_SOUND_BANK_H
#define DREAMRIG_PRESENT_SOUND_BANK_H

#include "protocols/protocol.h"

typedef struct {
  Sound **sounds; /* of Protocol.sounds, in its order */
  gsize n_sounds;
  int rate_hz;
} SoundBank;

/* Free with sound_bank_free. */
bool sound_bank_new(const Protocol *protocol, int rate_hz, SoundBank **bank, GError **error);
void sound_bank_free(SoundBank *bank); /* legal on NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SoundBank, sound_bank_free)

#endif
