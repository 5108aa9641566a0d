/* Plays a session's sounds and sends its markers: told what the session shows, it does what goes with that, and keeps
 * the records until the session writes them. Every function is legal on NULL, which does nothing. */
#ifndef DREAMRIG_PRESENT_CUE_PLAYER_H
#define DREAMRIG_PRESENT_CUE_PLAYER_H

#include "present/audio/audio.h"
#include "present/audio/sound_bank.h"
#include "present/display/display.h"
#include "present/journal/journal.h"
#include "present/markers/markers.h"

typedef struct CuePlayer CuePlayer;

/* `audio` and `bank` may be NULL where the protocol has no sounds, `markers` where they are off; none is taken over.
 * The bank must be at the audio's rate. */
CuePlayer *cue_player_new(const Protocol *protocol, Audio *audio, const SoundBank *bank, Markers *markers);
void cue_player_free(CuePlayer *player);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CuePlayer, cue_player_free)

/* Marks an event that happened at time_ns. */
void cue_player_mark(CuePlayer *player, MarkerEvent event, const char *detail, gint64 time_ns);
/* The trial's image is planned for planned_ns: cues its sounds. To be called as soon as that is known. */
void cue_player_plan(CuePlayer *player, const Trial *trial, gint64 planned_ns);
/* The trial's image was flipped at onset_ns: anchors the sounds there (cueing them, where they were not planned) and
 * marks the image. */
void cue_player_image(CuePlayer *player, const Trial *trial, gint64 onset_ns);
/* Whether this trial's image was announced by cue_player_image since the last cue_player_finish. */
bool cue_player_has_image(const CuePlayer *player);
/* A pause breaks into the trial: ends its sounds, for good where the trial goes on, and takes up what became of them.
 */
void cue_player_interrupt(CuePlayer *player, const Trial *trial);
/* The trial is over, or is begun again: likewise, and the next image is another. */
void cue_player_finish(CuePlayer *player, const Trial *trial);
/* Whether there are sounds to play and no device to play them on. */
bool cue_player_is_mute(CuePlayer *player);
bool cue_player_reopen(CuePlayer *player, GError **error);
/* How many markers could not be written, of those that the journal has. */
gsize cue_player_n_faults(const CuePlayer *player);
/* Writes the records that wait, times being seconds since origin_ns. They are on disk with the next record that the
 * journal waits for. */
bool cue_player_write(CuePlayer *player, Journal *journal, gint64 origin_ns, GError **error);

#endif
