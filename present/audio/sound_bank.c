#include "present/audio/sound_bank.h"

bool sound_bank_new(const Protocol *protocol, int rate_hz, SoundBank **bank, GError **error) {
  g_autoptr(SoundBank) made = g_new0(SoundBank, 1);
  made->rate_hz = rate_hz;
  made->sounds = g_new0(Sound *, protocol->n_sounds + 1);
  for (; made->n_sounds < protocol->n_sounds; made->n_sounds++) {
    const ProtocolSound *sound = &protocol->sounds[made->n_sounds];
    if (!protocol_sound_make(sound, protocol->seed, rate_hz, &made->sounds[made->n_sounds], error)) {
      g_prefix_error(error, "%s: [sound %s]: ", protocol->path, sound->name);
      return false;
    }
  }
  *bank = g_steal_pointer(&made);
  return true;
}

void sound_bank_free(SoundBank *bank) {
  if (bank == NULL)
    return;
  for (gsize i = 0; i < bank->n_sounds; i++)
    sound_free(bank->sounds[i]);
  g_free(bank->sounds);
  g_free(bank);
}
