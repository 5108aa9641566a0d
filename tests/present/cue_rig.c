#include "tests/present/cue_rig.h"

#include <string.h>

#include "stimuli/base/files.h"

static const char cue_lines[] = "sounds = probe@-100; tone; probe@800; tone@3000\n"
                                "[sound probe]\nkind = noise\nlevel_dbfs = -6\nduration_ms = 50\n"
                                "[sound tone]\nkind = tone\nfrequency_hz = 440\nlevel_dbfs = -20\nduration_ms = 300\n"
                                "[markers]\nkind = serial\nport = none\npause = 200\n";

Cues *cues_new(void) {
  GError *error = NULL;
  Cues *cues = g_new0(Cues, 1);
  cues->rig = rig_new(false, true);
  g_autofree char *path = g_build_filename(cues->rig->folder, "test.protocol", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autofree char *whole = g_strconcat(text, cue_lines, NULL);
  g_assert_true(files_write(path, whole, strlen(whole), FILES_PUBLIC, NULL));
  protocol_open(path, NULL, &cues->protocol, &error);
  g_assert_no_error(error);
  return cues;
}

void cues_free(Cues *cues) {
  journal_contents_free(cues->contents);
  protocol_free(cues->protocol);
  rig_free(cues->rig);
  g_free(cues);
}

JournalStatus cues_run(Cues *cues, void (*entered)(gpointer, const SessionMoment *)) {
  GError *error = NULL;
  g_autoptr(JournalHeader) header = journal_header_new(cues->protocol, "01", NULL, true, NULL);
  g_autoptr(Journal) journal = NULL;
  journal_create(cues->rig->data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  cues->audio = audio_null_new(cues->rig->clock, 48000);
  sound_bank_new(cues->protocol, 48000, &cues->bank, &error);
  g_assert_no_error(error);
  cues->markers = markers_new(&cues->protocol->markers, NULL, cues->rig->clock);
  CuePlayer *player = cue_player_new(cues->protocol, cues->audio, cues->bank, cues->markers);
  SessionSetup setup = {.protocol = cues->protocol,
                        .trials = cues->rig->trials,
                        .display = cues->rig->display,
                        .journal = journal,
                        .cues = player,
                        .watcher = {entered, cues}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  session_run(&setup, &status, &error);
  g_assert_no_error(error);
  cue_player_free(player);
  markers_free(cues->markers);
  audio_free(cues->audio);
  sound_bank_free(cues->bank);
  journal_read(journal_path(journal), &cues->contents, &error);
  g_assert_no_error(error);
  return status;
}
