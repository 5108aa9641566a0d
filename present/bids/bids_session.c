#include <math.h>
#include <string.h>

#include "present/bids/bids_files.h"
#include "present/display/flip.h"

JsonObject *bids_presentation(const JournalPart *part) {
  const DisplayFacts *display = &part->display;
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "OperatingSystem", part->operating_system);
  json_object_set_string_member(object, "SoftwareName", "dreamrig");
  json_object_set_string_member(object, "SoftwareVersion", part->program_version);
  if (isfinite(display->distance_cm))
    json_object_set_double_member(object, "ScreenDistance", display->distance_cm / 100);
  if (isfinite(display->refresh_hz))
    json_object_set_double_member(object, "ScreenRefreshRate", display->refresh_hz);
  if (display->width_px > 0 && display->height_px > 0) {
    JsonArray *size = json_array_new();
    json_array_add_int_element(size, display->width_px);
    json_array_add_int_element(size, display->height_px);
    json_object_set_array_member(object, "ScreenResolution", size);
  }
  if (isfinite(display->width_cm) && isfinite(display->height_cm)) {
    JsonArray *size = json_array_new();
    json_array_add_double_element(size, display->width_cm / 100);
    json_array_add_double_element(size, display->height_cm / 100);
    json_object_set_array_member(object, "ScreenSize", size);
  }
  return object;
}

static bool had_untrusted_flip(const JournalContents *contents) {
  for (guint i = 0; i < contents->trials->len; i++)
    if (strcmp(((const TrialRecord *)contents->trials->pdata[i])->onset_source, flip_rung_name(FLIP_UNTRUSTED)) == 0)
      return true;
  return false;
}

static void describe_display(JsonObject *object, const JournalPart *part) {
  const DisplayFacts *display = &part->display;
  json_object_set_string_member(object, "DisplayDriver", display->driver);
  json_object_set_string_member(object, "Screen", display->screen);
  json_object_set_boolean_member(object, "OnsetTrusted", display->onset_trusted);
  json_object_set_string_member(object, "OnsetNote", display->note);
  json_object_set_object_member(object, "StimulusPresentation", bids_presentation(part));
}

/* The first part's display, whether all of them can be trusted, and where there are several each one's. */
static void describe_displays(JsonObject *sidecar, const JournalContents *contents) {
  const JournalPart *first = contents->parts->pdata[0];
  bool trusted = true, lost = had_untrusted_flip(contents);
  g_autoptr(GPtrArray) notes = g_ptr_array_new();
  JsonArray *parts = json_array_new();
  for (guint i = 0; i < contents->parts->len; i++) {
    const JournalPart *part = contents->parts->pdata[i];
    JsonObject *object = json_object_new();
    json_object_set_double_member(object, "Onset", contents->part_offset[i]);
    describe_display(object, part);
    json_array_add_object_element(parts, object);
    trusted = trusted && part->display.onset_trusted;
    if (*part->display.note != '\0' && !g_ptr_array_find_with_equal_func(notes, part->display.note, g_str_equal, NULL))
      g_ptr_array_add(notes, part->display.note);
  }
  if (trusted && lost)
    g_ptr_array_add(notes, (char *)"the flips of some trials cannot be trusted: see onset_source");
  g_ptr_array_add(notes, NULL);
  g_autofree char *note = g_strjoinv("; ", (char **)notes->pdata);
  describe_display(sidecar, first);
  json_object_set_boolean_member(sidecar, "OnsetTrusted", trusted && !lost);
  json_object_set_string_member(sidecar, "OnsetNote", note);
  if (contents->parts->len > 1)
    json_object_set_array_member(sidecar, "Parts", parts);
  else
    json_array_unref(parts);
}

void bids_describe_session(JsonObject *sidecar, const JournalContents *contents) {
  const JournalHeader *header = contents->header;
  json_object_set_string_member(sidecar, "TaskName", header->task);
  json_object_set_string_member(sidecar, "TaskDescription", json_text(header->design, "title", ""));
  json_object_set_boolean_member(sidecar, "Simulated", header->simulated);
  if (header->simulated)
    json_object_set_string_member(sidecar, "SimulatedNote",
                                  "These are answers of a simulated participant, made by dreamrig. They are not human "
                                  "data.");
  json_object_set_string_member(sidecar, "SessionStatus", journal_status_name(contents->status));
  if (contents->status == JOURNAL_ABORTED)
    json_object_set_string_member(sidecar, "AbortReason", contents->abort_reason);
  json_object_set_int_member(sidecar, "Resumptions", (gint64)contents->n_parts - 1);
  json_object_set_string_member(sidecar, "ProtocolName", json_text(header->design, "name", ""));
  json_object_set_string_member(sidecar, "ProtocolVersion", json_text(header->design, "version", ""));
  json_object_set_string_member(sidecar, "ProtocolSHA256", header->protocol_digest);
  json_object_set_string_member(sidecar, "StimulusSetSHA256", header->set_digest);
  json_object_set_int_member(sidecar, "Seed", (gint64)header->seed);
  json_object_set_int_member(sidecar, "Allocation", (gint64)header->allocation);
  json_object_set_string_member(sidecar, "Language", header->locale);
  json_object_set_string_member(sidecar, "Clock", header->clock);
  describe_displays(sidecar, contents);
  JsonNode *screen = json_object_get_member(header->design, "screen");
  if (screen != NULL)
    json_object_set_member(sidecar, "ScreenSettings", json_node_copy(screen));
}
