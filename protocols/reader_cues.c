#include <math.h>
#include <string.h>

#include "protocols/reader.h"
#include "stimuli/base/files.h"
#include "stimuli/base/number.h"

#define CHECKED_HZ 48000 /* what most devices play at: a sound is made once to know that it can be */
#define LEAST_DBFS (-120.0)
#define MAX_OFFSET_MS 3600e3
#define SOUND_PREFIX "sound "

/* --- [sound NAME] --- */

static void read_file(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolSound *sound) {
  g_autofree char *named = keyfile_string(keys, group, "file", "");
  g_autofree char *folder = g_path_get_dirname(protocol->path);
  g_autoptr(GError) error = NULL;
  if (*named == '\0') {
    keyfile_fault(keys, group, "file", "is missing; a sound file is needed, or kind = tone or noise");
    return;
  }
  g_free(sound->path);
  sound->path =
      g_path_is_absolute(named) || strcmp(folder, ".") == 0 ? g_strdup(named) : g_build_filename(folder, named, NULL);
  char *digest = NULL;
  if (!files_sha256(sound->path, &digest, &error)) {
    keyfile_fault(keys, group, "file", "%s", error->message);
    return;
  }
  g_free(sound->sha256);
  sound->sha256 = digest;
}

/* Whether a file whose keys are right can be played. Tones and noise within their keys' ranges always can. */
static void check_file(KeyFile *keys, const char *group, const Protocol *protocol, const ProtocolSound *sound,
                       gsize faults_before) {
  gsize n_faults = 0;
  keyfile_faults(keys, &n_faults);
  if (sound->kind != SOUND_OF_FILE || n_faults > faults_before)
    return;
  g_autoptr(Sound) made = NULL;
  g_autoptr(GError) error = NULL;
  if (!protocol_sound_make(sound, protocol->seed, CHECKED_HZ, &made, &error))
    keyfile_fault(keys, group, "file", "%s", error->message);
}

static ProtocolSound read_sound(KeyFile *keys, const char *group, const Protocol *protocol) {
  static const char *const kinds[] = {"file", "tone", "noise", NULL};
  static const KindRule rules[] = {{"file", 1 << SOUND_OF_FILE},
                                   {"duration_ms", 1 << SOUND_OF_TONE | 1 << SOUND_OF_NOISE},
                                   {"frequency_hz", 1 << SOUND_OF_TONE}};
  ProtocolSound sound = {.name = g_strdup(group + strlen(SOUND_PREFIX)), .path = g_strdup(""), .sha256 = g_strdup("")};
  gsize before = 0;
  keyfile_faults(keys, &before);
  keyfile_know_group(keys, group);
  reader_check_name(keys, group, sound.name);
  bool known = false;
  sound.kind = (SoundKind)reader_kind(keys, group, kinds, rules, G_N_ELEMENTS(rules), &known);
  sound.level_dbfs = NAN;
  double most = sound.kind == SOUND_OF_NOISE ? SOUND_MAX_NOISE_DBFS : 0;
  if (sound.kind != SOUND_OF_FILE)
    keyfile_require(keys, group, "level_dbfs");
  if (keyfile_has(keys, group, "level_dbfs"))
    sound.level_dbfs = keyfile_double(keys, group, "level_dbfs", -20, LEAST_DBFS, most);
  sound.ramp_ms = keyfile_double(keys, group, "ramp_ms", sound.kind == SOUND_OF_TONE ? 5 : 0, 0, 10000);
  if (sound.kind == SOUND_OF_FILE && known) {
    read_file(keys, group, protocol, &sound);
  } else if (known) {
    keyfile_require(keys, group, "duration_ms");
    sound.duration_ms = keyfile_double(keys, group, "duration_ms", 50, 1, SOUND_MAX_SECONDS * 1000.0);
  }
  if (sound.kind == SOUND_OF_TONE) {
    keyfile_require(keys, group, "frequency_hz");
    sound.frequency_hz = keyfile_double(keys, group, "frequency_hz", 1000, 1, 20000);
  }
  check_file(keys, group, protocol, &sound, before);
  return sound;
}

static void read_sounds(KeyFile *keys, Protocol *protocol) {
  GArray *sounds = g_array_new(FALSE, TRUE, sizeof(ProtocolSound));
  const char *const *groups = keyfile_groups(keys);
  for (gsize i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix(groups[i], SOUND_PREFIX)) {
      ProtocolSound sound = read_sound(keys, groups[i], protocol);
      g_array_append_val(sounds, sound);
    }
  protocol->sounds = g_array_steal(sounds, &protocol->n_sounds);
  g_array_unref(sounds);
}

/* --- [block NAME] sounds --- */

/* "NAME" or "NAME@OFFSET"; notes the sound as used. */
static bool read_cue(KeyFile *keys, const char *group, char *text, const Protocol *protocol, ProtocolCue *cue,
                     bool *used) {
  char *at = strchr(text, '@');
  *cue = (ProtocolCue){0};
  if (at != NULL)
    *at = '\0';
  g_strstrip(text);
  while (cue->sound < protocol->n_sounds && strcmp(protocol->sounds[cue->sound].name, text) != 0)
    cue->sound++;
  if (cue->sound == protocol->n_sounds) {
    keyfile_fault(keys, group, "sounds", "there is no [sound %s]", text);
    return false;
  }
  used[cue->sound] = true;
  if (at == NULL)
    return true;
  if (number_parse_double(g_strstrip(at + 1), &cue->offset_ms) && fabs(cue->offset_ms) <= MAX_OFFSET_MS)
    return true;
  keyfile_fault(keys, group, "sounds", "\"%s\" is not an offset in milliseconds from the image's onset", at + 1);
  return false;
}

/* Whether a sound can begin within the trial. */
static void check_offset(KeyFile *keys, const char *group, const ProtocolBlock *block, const char *name,
                         double offset_ms) {
  double latest_ms =
      block->deadline_ms > 0 && !block->image_free ? block->image_ms + block->mask_ms + block->deadline_ms : INFINITY;
  if (-offset_ms > block->fixation_ms.min)
    keyfile_fault(keys, group, "sounds", "%s at %.7g ms would come before the fixation cross, which shows for %.7g ms",
                  name, offset_ms, block->fixation_ms.min);
  else if (offset_ms >= latest_ms)
    keyfile_fault(keys, group, "sounds",
                  "%s at %.7g ms would never be heard: by deadline_ms the trial is over at %.7g ms", name, offset_ms,
                  latest_ms);
}

static void read_cues(KeyFile *keys, Protocol *protocol, ProtocolBlock *block, bool *used) {
  g_autofree char *group = reader_group("block", block->name);
  g_auto(GStrv) texts = reader_names(keys, group, "sounds");
  gsize n = g_strv_length(texts);
  if (n > PROTOCOL_MAX_CUES)
    keyfile_fault(keys, group, "sounds", "has %zu sounds; %d are the most", n, PROTOCOL_MAX_CUES);
  block->cues = g_new0(ProtocolCue, n + 1);
  for (gsize i = 0; i < n; i++) {
    ProtocolCue *cue = &block->cues[block->n_cues];
    if (!read_cue(keys, group, texts[i], protocol, cue, used))
      continue;
    check_offset(keys, group, block, protocol->sounds[cue->sound].name, cue->offset_ms);
    block->n_cues++;
  }
}

/* --- [markers] --- */

static void read_markers(KeyFile *keys, ProtocolMarkers *markers) {
  static const char *const kinds[] = {"off", "serial", "parallel", "lsl", NULL};
  static const KindRule rules[] = {
      {"baud", 1 << MARKERS_OFF | 1 << MARKERS_SERIAL},
      {"pulse_ms", 1 << MARKERS_OFF | 1 << MARKERS_SERIAL | 1 << MARKERS_PARALLEL},
  };
  static const char *const ports[] = {"", "", "/dev/parport0", "dreamrig"};
  const char *group = "markers";
  keyfile_know_group(keys, group);
  if (keyfile_has_group(keys, group))
    keyfile_require(keys, group, "kind");
  bool known = false;
  markers->kind = (MarkerKind)reader_kind(keys, group, kinds, rules, G_N_ELEMENTS(rules), &known);
  markers->port = keyfile_string(keys, group, "port", ports[markers->kind]);
  if (markers->kind != MARKERS_OFF && *markers->port == '\0')
    keyfile_fault(keys, group, "port", "is missing; a serial port is needed, for example /dev/ttyUSB0");
  markers->baud = (int)keyfile_int(keys, group, "baud", 115200, 300, 4000000);
  markers->pulse_ms = keyfile_double(keys, group, "pulse_ms", markers->kind == MARKERS_PARALLEL ? 5 : 0, 0, 1000);
  for (gsize i = 0; i < N_MARKER_EVENTS; i++)
    markers->codes[i] =
        (guint8)keyfile_int(keys, group, marker_event_key((MarkerEvent)i), (gint64)i + 1, 0, G_MAXUINT8);
}

/* The sounds count as stimuli: a session whose sound files changed cannot be resumed. */
static void digest_sounds(Protocol *protocol) {
  g_autoptr(GString) lines = g_string_new(protocol->set_digest);
  bool any = false;
  for (gsize i = 0; i < protocol->n_sounds; i++) {
    any |= protocol->sounds[i].kind == SOUND_OF_FILE;
    g_string_append_printf(lines, "\n%s\t%s", protocol->sounds[i].name, protocol->sounds[i].sha256);
  }
  if (!any || protocol->set_digest == NULL)
    return;
  g_free(protocol->set_digest);
  protocol->set_digest = files_sha256_data(lines->str, lines->len);
}

void reader_cues(KeyFile *keys, Protocol *protocol) {
  read_sounds(keys, protocol);
  g_autofree bool *used = g_new0(bool, protocol->n_sounds + 1);
  for (gsize i = 0; i < protocol->n_blocks; i++)
    read_cues(keys, protocol, &protocol->blocks[i], used);
  for (gsize i = 0; i < protocol->n_sounds; i++)
    if (!used[i]) {
      g_autofree char *group = reader_group("sound", protocol->sounds[i].name);
      keyfile_fault(keys, group, NULL, "no block's `sounds` names it");
    }
  read_markers(keys, &protocol->markers);
  digest_sounds(protocol);
}
