/* What a session plays sounds and sends markers with, opened as far as its protocol needs it. */
#ifndef DREAMRIG_PRESENT_EQUIPMENT_H
#define DREAMRIG_PRESENT_EQUIPMENT_H

#include "present/session/cue_player.h"

typedef struct {
  Audio *audio;     /* NULL: the protocol has no sounds */
  SoundBank *bank;  /* likewise */
  Markers *markers; /* NULL: markers are off */
  CuePlayer *cues;  /* for SessionSetup */
} Equipment;

/* Opens the sound device (by name; NULL: the default one) and the marker port, and makes the sounds. Fails where one is
 * missing: better before the participant sits down. Close it before the display, whose end is the end of SDL. */
bool equipment_open(const Protocol *protocol, Clock *clock, const char *audio_device, Equipment *equipment,
                    GError **error);
/* For a simulated clock: sounds begin and markers go out on time, and nothing leaves the machine. */
bool equipment_simulate(const Protocol *protocol, Clock *clock, Equipment *equipment, GError **error);
void equipment_close(Equipment *equipment);

#endif
