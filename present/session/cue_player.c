#include "present/session/cue_player.h"

#include <math.h>

G_STATIC_ASSERT(PROTOCOL_MAX_CUES <= AUDIO_MAX_CUES);

/* A sound that was played, or should have been. */
typedef struct {
  gsize step, trial;
  const char *name; /* the protocol's */
  AudioOnset onset;
} Played;

struct CuePlayer {
  const Protocol *protocol;
  Audio *audio;
  const SoundBank *bank;
  Markers *markers;
  const Trial *planned; /* whose sounds are cued */
  gint64 anchor_ns;     /* at this onset of its image */
  bool has_image;
  GArray *played;   /* Played */
  AudioState noted; /* what the journal knows of the device */
  bool described;   /* in the journal */
  gsize n_faults;
};

CuePlayer *cue_player_new(const Protocol *protocol, Audio *audio, const SoundBank *bank, Markers *markers) {
  g_assert(audio == NULL || bank->rate_hz == audio->rate_hz);
  CuePlayer *player = g_new0(CuePlayer, 1);
  *player = (CuePlayer){.protocol = protocol, .audio = audio, .bank = bank, .markers = markers};
  player->played = g_array_new(FALSE, FALSE, sizeof(Played));
  if (audio != NULL)
    player->noted = audio_state(audio);
  return player;
}

void cue_player_free(CuePlayer *player) {
  if (player == NULL)
    return;
  if (player->audio != NULL)
    audio_cue(player->audio, NULL, 0, 0); /* the device forgets the bank's samples */
  g_array_unref(player->played);
  g_free(player);
}

void cue_player_mark(CuePlayer *player, MarkerEvent event, const char *detail, gint64 time_ns) {
  if (player != NULL && player->markers != NULL)
    markers_send(player->markers, event, detail, time_ns);
}

static const ProtocolBlock *block_of(const CuePlayer *player, const Trial *trial) {
  return &player->protocol->blocks[trial->block];
}

void cue_player_plan(CuePlayer *player, const Trial *trial, gint64 planned_ns) {
  if (player == NULL || player->audio == NULL || block_of(player, trial)->n_cues == 0)
    return;
  const ProtocolBlock *block = block_of(player, trial);
  AudioCue cues[PROTOCOL_MAX_CUES];
  for (gsize i = 0; i < block->n_cues; i++)
    cues[i] = (AudioCue){player->bank->sounds[block->cues[i].sound], block->cues[i].offset_ms};
  audio_cue(player->audio, cues, block->n_cues, planned_ns);
  for (gsize i = 0; i < block->n_cues; i++)
    cue_player_mark(player, MARKER_SOUND, player->protocol->sounds[block->cues[i].sound].name,
                    planned_ns + (gint64)llround(block->cues[i].offset_ms * (double)NS_PER_MS));
  player->planned = trial;
  player->anchor_ns = planned_ns;
}

void cue_player_image(CuePlayer *player, const Trial *trial, gint64 onset_ns) {
  if (player == NULL)
    return;
  cue_player_mark(player, MARKER_IMAGE, protocol_stimulus(player->protocol, trial->stimulus, "id"), onset_ns);
  player->has_image = true;
  if (player->planned != trial) {
    cue_player_plan(player, trial, onset_ns);
    return;
  }
  audio_anchor(player->audio, onset_ns);
  if (player->markers != NULL)
    markers_move(player->markers, MARKER_SOUND, onset_ns - player->anchor_ns);
}

bool cue_player_has_image(const CuePlayer *player) { return player != NULL && player->has_image; }

void cue_player_interrupt(CuePlayer *player, const Trial *trial) {
  if (player == NULL || player->planned == NULL)
    return;
  const ProtocolBlock *block = block_of(player, trial);
  audio_stop(player->audio);
  if (player->markers != NULL)
    markers_drop(player->markers, MARKER_SOUND);
  for (gsize i = 0; i < block->n_cues; i++) {
    Played played = {trial->step, trial->number, player->protocol->sounds[block->cues[i].sound].name,
                     audio_onset(player->audio, i)};
    g_array_append_val(player->played, played);
  }
  player->planned = NULL;
}

void cue_player_finish(CuePlayer *player, const Trial *trial) {
  if (player == NULL)
    return;
  cue_player_interrupt(player, trial);
  player->has_image = false;
}

bool cue_player_is_mute(CuePlayer *player) {
  return player != NULL && player->audio != NULL && audio_state(player->audio).lost;
}

bool cue_player_reopen(CuePlayer *player, GError **error) {
  if (!audio_reopen(player->audio, error))
    return false;
  player->noted = audio_state(player->audio); /* its counts begin anew */
  return true;
}

/* --- Records --- */

static double seconds(gint64 time_ns, gint64 origin_ns) { return (double)(time_ns - origin_ns) / (double)NS_PER_S; }

static bool write_sounds(CuePlayer *player, Journal *journal, gint64 origin_ns, GError **error) {
  for (guint i = 0; i < player->played->len; i++) {
    const Played *played = &g_array_index(player->played, Played, i);
    g_autoptr(SoundRecord) record = sound_record_new(played->step, played->trial, played->name);
    record->planned = seconds(played->onset.planned_ns, origin_ns);
    if (played->onset.heard) {
      record->onset = seconds(played->onset.time_ns, origin_ns);
      g_free(record->source);
      record->source = g_strdup(played->onset.source);
    }
    if (played->onset.heard && played->onset.uncertainty_ns >= 0)
      record->uncertainty = (double)played->onset.uncertainty_ns / (double)NS_PER_S;
    if (!journal_sound(journal, record, error))
      return false;
  }
  g_array_set_size(player->played, 0);
  return true;
}

static bool write_markers(CuePlayer *player, Journal *journal, gint64 origin_ns, GError **error) {
  MarkerSent sent;
  bool good = true;
  while (good && markers_take(player->markers, &sent)) {
    g_autoptr(MarkerRecord) record =
        marker_record_new(seconds(sent.time_ns, origin_ns), marker_event_key(sent.event), sent.code, sent.detail);
    record->uncertainty = (double)sent.took_ns / (double)NS_PER_S;
    if (sent.fault != NULL) {
      player->n_faults++;
      g_free(record->fault);
      record->fault = g_strdup(sent.fault);
    }
    marker_sent_clear(&sent);
    good = journal_marker(journal, record, error);
  }
  return good;
}

static bool write_event(Journal *journal, double time, const char *kind, guint64 count, GError **error) {
  g_autofree char *detail = g_strdup_printf("%" G_GUINT64_FORMAT, count);
  g_autoptr(EventRecord) record = event_record_new(time, kind, detail);
  return journal_event(journal, record, error);
}

/* What the device did since the last time. */
static bool write_device(CuePlayer *player, Journal *journal, gint64 origin_ns, GError **error) {
  AudioState state = audio_state(player->audio), before = player->noted;
  double time = seconds(clock_now_ns(player->audio->clock), origin_ns);
  player->noted = state;
  return (state.n_underruns <= before.n_underruns ||
          write_event(journal, time, "audio_underrun", state.n_underruns - before.n_underruns, error)) &&
         (state.n_clipped <= before.n_clipped ||
          write_event(journal, time, "audio_clipped", state.n_clipped - before.n_clipped, error));
}

/* What plays and sends, once, before all else. */
static bool describe(CuePlayer *player, Journal *journal, GError **error) {
  if (player->described)
    return true;
  player->described = true;
  if (player->audio != NULL) {
    const AudioInfo *info = &player->audio->info;
    g_autofree char *detail = g_strdup_printf("driver %s, device %s, %d Hz, period of %u frames", info->driver,
                                              info->device, player->audio->rate_hz, info->period_frames);
    g_autoptr(EventRecord) record = event_record_new(0, "audio", detail);
    if (!journal_event(journal, record, error))
      return false;
  }
  if (player->markers == NULL)
    return true;
  const ProtocolMarkers *markers = &player->protocol->markers;
  g_autofree char *detail =
      g_strdup_printf("%s %s%s", marker_kind_name(markers->kind), markers->port,
                      markers_are_simulated(player->markers) ? " (simulated: nothing was sent)" : "");
  g_autoptr(EventRecord) record = event_record_new(0, "markers", detail);
  return journal_event(journal, record, error);
}

gsize cue_player_n_faults(const CuePlayer *player) { return player != NULL ? player->n_faults : 0; }

bool cue_player_write(CuePlayer *player, Journal *journal, gint64 origin_ns, GError **error) {
  return player == NULL || (describe(player, journal, error) &&
                            (player->audio == NULL || (write_sounds(player, journal, origin_ns, error) &&
                                                       write_device(player, journal, origin_ns, error))) &&
                            (player->markers == NULL || write_markers(player, journal, origin_ns, error)));
}
