#include <math.h>

#include "stimuli/base/error.h"
#include "tests/present/journal/journal_fixture.h"

static void test_sounds_and_markers(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "p7", NULL, true, 1);
  g_autoptr(SoundRecord) heard = sound_record_new(3, 2, "probe");
  g_autoptr(SoundRecord) lost = sound_record_new(3, 2, "tone");
  g_autoptr(MarkerRecord) sent = marker_record_new(12.0625, "image", 200, "im3");
  g_autoptr(MarkerRecord) failed = marker_record_new(13.5, "response", 255, "");
  heard->planned = 12.0625;
  heard->onset = 12.0634375;
  heard->uncertainty = 0.00533;
  g_free(heard->source);
  heard->source = g_strdup("fit");
  sent->uncertainty = 0.000125;
  g_free(failed->fault);
  failed->fault = g_strdup("Input/output error");
  g_assert_true(journal_sound(journal, heard, NULL) && journal_sound(journal, lost, NULL));
  g_assert_true(journal_marker(journal, sent, NULL) && journal_marker(journal, failed, NULL));
  g_autoptr(JournalContents) contents = fixture_contents(journal_path(journal));
  g_assert_cmpuint(contents->sounds->len, ==, 2);
  g_assert_cmpuint(contents->markers->len, ==, 2);
  const SoundRecord *first = contents->sounds->pdata[0], *second = contents->sounds->pdata[1];
  g_assert_cmpuint(first->step, ==, 3);
  g_assert_cmpuint(first->trial, ==, 2);
  g_assert_cmpstr(first->name, ==, "probe");
  g_assert_cmpfloat(first->planned, ==, 12.0625);
  g_assert_cmpfloat(first->onset, ==, 12.0634375);
  g_assert_cmpfloat(first->uncertainty, ==, 0.00533);
  g_assert_cmpstr(first->source, ==, "fit");
  g_assert_true(isnan(second->onset) && isnan(second->planned));
  const MarkerRecord *image = contents->markers->pdata[0], *response = contents->markers->pdata[1];
  g_assert_cmpfloat(image->time, ==, 12.0625);
  g_assert_cmpstr(image->event, ==, "image");
  g_assert_cmpuint(image->code, ==, 200);
  g_assert_cmpstr(image->detail, ==, "im3");
  g_assert_cmpfloat(image->uncertainty, ==, 0.000125);
  g_assert_cmpstr(response->fault, ==, "Input/output error");
  g_assert_true(isnan(response->uncertainty));
}

static void test_code_in_range(void) {
  g_autoptr(MarkerRecord) record = marker_record_new(1, "image", 255, "");
  g_autoptr(JsonObject) object = marker_record_to_json(record);
  g_autoptr(MarkerRecord) read = NULL;
  g_autoptr(GError) error = NULL;
  json_object_set_int_member(object, "code", 256);
  g_assert_false(marker_record_from_json(object, &read, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, "member \"code\": a count in range is needed");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/journal cues/what is written is read", test_sounds_and_markers);
  g_test_add_func("/journal cues/refuses a code that no port can send", test_code_in_range);
  return g_test_run();
}
