#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

static const char probe[] = "sounds = probe@-200; tone; probe@1500.5\n"
                            "[sound probe]\nkind = noise\nlevel_dbfs = -6\nduration_ms = 50\n"
                            "[sound tone]\nkind = tone\nfrequency_hz = 440\nlevel_dbfs = -20\nduration_ms = 300\n"
                            "ramp_ms = 12.5\n";

/* Four samples of 16 bit at 8 kHz, the last one of which differs. */
static void write_sound(const char *folder, char last) {
  char bytes[] = "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x08\0\0\0"
                 "\0\0\x10\0\x20\0\x30\0";
  bytes[sizeof bytes - 2] = last;
  g_autofree char *path = g_build_filename(folder, "click.wav", NULL);
  g_assert_true(g_file_set_contents(path, bytes, sizeof bytes - 1, NULL));
}

static Protocol *open_with(const char *folder, const char *main_lines) {
  GError *error = NULL;
  Protocol *protocol = NULL;
  g_autofree char *text = fixture_text(main_lines);
  g_autofree char *path = fixture_write(folder, "test.protocol", text);
  protocol_open(path, NULL, &protocol, &error);
  g_assert_no_error(error);
  return protocol;
}

static void test_sounds_of_a_block(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 6, probe);
  g_assert_cmpuint(protocol->n_sounds, ==, 2);
  const ProtocolSound *noise = &protocol->sounds[0], *tone = &protocol->sounds[1];
  g_assert_cmpstr(noise->name, ==, "probe");
  g_assert_cmpint(noise->kind, ==, SOUND_OF_NOISE);
  g_assert_cmpfloat(noise->ramp_ms, ==, 0);
  g_assert_cmpfloat(tone->frequency_hz, ==, 440);
  g_assert_cmpfloat(tone->ramp_ms, ==, 12.5);
  const ProtocolBlock *block = &protocol->blocks[1];
  g_assert_cmpuint(block->n_cues, ==, 3);
  g_assert_cmpuint(protocol->blocks[0].n_cues, ==, 0);
  g_assert_cmpfloat(block->cues[0].offset_ms, ==, -200);
  g_assert_cmpuint(block->cues[1].sound, ==, 1);
  g_assert_cmpfloat(block->cues[1].offset_ms, ==, 0);
  g_assert_cmpfloat(block->cues[2].offset_ms, ==, 1500.5);
  g_assert_cmpint(protocol->markers.kind, ==, MARKERS_OFF);
  support_remove(folder);
}

/* The first number of numpy.random.RandomState of the stream's four words: the same noise wherever it is made. */
static void test_noise_follows_from_the_seed(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 6, probe);
  g_autoptr(Sound) first = NULL, again = NULL, other = NULL;
  g_assert_true(protocol_sound_make(&protocol->sounds[0], 7, 48000, &first, NULL));
  g_assert_true(protocol_sound_make(&protocol->sounds[0], 7, 48000, &again, NULL));
  g_assert_true(protocol_sound_make(&protocol->sounds[0], 8, 48000, &other, NULL));
  g_assert_cmpuint(first->n_frames, ==, 2400);
  g_assert_true(memcmp(first->samples, again->samples, 2400 * sizeof(float)) == 0);
  g_assert_true(memcmp(first->samples, other->samples, 2400 * sizeof(float)) != 0);
  Random random;
  random_init_stream(&random, 7, "sound probe");
  double peak = M_SQRT1_2 * pow(10, -6 / 20.0) * sqrt(3);
  support_assert_near("sample", (double)first->samples[0], peak * (2 * random_uniform(&random) - 1), 0, 1e-7);
  support_remove(folder);
}

static void test_files_are_found_and_part_of_the_digest(void) {
  static const char lines[] = "sounds = click@100\n[sound click]\nfile = click.wav\n";
  g_autofree char *folder = support_folder();
  write_sound(folder, 1);
  fixture_set(folder, 6);
  g_autoptr(Protocol) one = open_with(folder, lines);
  g_autoptr(Protocol) silent = open_with(folder, "");
  write_sound(folder, 2);
  g_autoptr(Protocol) two = open_with(folder, lines);
  g_assert_cmpint(one->sounds[0].kind, ==, SOUND_OF_FILE);
  g_assert_true(isnan(one->sounds[0].level_dbfs));
  g_assert_cmpstr(one->sounds[0].sha256, !=, two->sounds[0].sha256);
  g_assert_cmpstr(one->set_digest, !=, two->set_digest);
  g_assert_cmpstr(one->set_digest, !=, silent->set_digest);
  g_autoptr(Sound) made = NULL;
  g_assert_true(protocol_sound_make(&one->sounds[0], 7, 8000, &made, NULL));
  g_assert_cmpuint(made->n_frames, ==, 4);
  g_assert_cmpfloat((double)made->samples[1], ==, 16 / 32768.0);
  support_remove(folder);
}

static void test_markers(void) {
  g_autofree char *folder = support_folder();
  g_autoptr(Protocol) protocol = fixture_protocol(
      folder, 6, "[markers]\nkind = serial\nport = /dev/ttyUSB0\nbaud = 57600\nimage = 200\nrating = 0\n");
  const ProtocolMarkers *markers = &protocol->markers;
  g_assert_cmpint(markers->kind, ==, MARKERS_SERIAL);
  g_assert_cmpstr(markers->port, ==, "/dev/ttyUSB0");
  g_assert_cmpint(markers->baud, ==, 57600);
  g_assert_cmpfloat(markers->pulse_ms, ==, 0);
  g_assert_cmpuint(markers->codes[MARKER_SESSION_START], ==, 1);
  g_assert_cmpuint(markers->codes[MARKER_IMAGE], ==, 200);
  g_assert_cmpuint(markers->codes[MARKER_RATING], ==, 0);
  g_assert_cmpuint(markers->codes[MARKER_CONTINUE], ==, 11);
  g_autoptr(Protocol) parallel = open_with(folder, "[markers]\nkind = parallel\n");
  g_assert_cmpstr(parallel->markers.port, ==, "/dev/parport0");
  g_assert_cmpfloat(parallel->markers.pulse_ms, ==, 5);
  support_remove(folder);
}

static void test_description(void) {
  g_autofree char *folder = support_folder();
  g_autofree char *lines = g_strconcat(probe, "[markers]\nkind = lsl\nsound = 77\n", NULL);
  g_autoptr(Protocol) protocol = fixture_protocol(folder, 6, lines);
  g_autoptr(JsonObject) object = json_object_new();
  protocol_describe_cues(protocol, object);
  g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
  g_autofree char *text = json_to_string(node, FALSE);
  g_assert_nonnull(strstr(text, "{\"name\":\"probe\",\"kind\":\"noise\",\"duration_ms\":50.0,\"level_dbfs\":-6.0,"
                                "\"ramp_ms\":0.0}"));
  g_assert_nonnull(strstr(text, "{\"block\":\"main\",\"sound\":\"probe\",\"offset_ms\":1500.5}"));
  g_assert_nonnull(strstr(text, "\"markers\":{\"kind\":\"lsl\""));
  g_assert_nonnull(strstr(text, "\"sound\":77"));
  support_remove(folder);
}

static void test_faults(void) {
  static const struct {
    const char *lines, *fault;
  } cases[] = {
      {"sounds = bang\n", "[block main] sounds: there is no [sound bang]"},
      {"sounds = t@soon\n[sound t]\nkind = tone\nfrequency_hz = 9\nlevel_dbfs = -9\nduration_ms = 9\n",
       "\"soon\" is not an offset in milliseconds"},
      {"sounds = t@-501\n[sound t]\nkind = tone\nfrequency_hz = 9\nlevel_dbfs = -9\nduration_ms = 9\n",
       "t at -501 ms would come before the fixation cross, which shows for 500 ms"},
      {"[sound t]\nkind = tone\nfrequency_hz = 9\nlevel_dbfs = -9\nduration_ms = 9\n",
       "[sound t]: no block's `sounds` names it"},
      {"sounds = t\n[sound t]\nkind = tone\n", "[sound t] level_dbfs: "},
      {"sounds = t\n[sound t]\nkind = noise\nlevel_dbfs = -1\nduration_ms = 50\n", "[sound t] level_dbfs: "},
      {"sounds = t\n[sound t]\nkind = tone\nfrequency_hz = 9\nlevel_dbfs = -9\nduration_ms = 9\nfile = a.wav\n",
       "[sound t] file: "},
      {"sounds = t\n[sound t]\nfile = none.wav\n", "none.wav"},
      {"sounds = t\n[sound t]\nfile = test.protocol\n", "cannot be read as a sound"},
      {"sounds = t\n[sound t]\n", "[sound t] file: is missing"},
      {"sounds = 9t\n[sound 9t]\nkind = noise\nlevel_dbfs = -9\nduration_ms = 50\n", "\"9t\" is not a name"},
      {"[markers]\nkind = serial\n", "[markers] port: is missing"},
      {"[markers]\nport = /dev/ttyS0\n", "[markers] kind: "},
      {"[markers]\nkind = lsl\nimage = 256\n", "[markers] image: "},
      {"[markers]\nkind = usb\n", "[markers] kind: "},
  };
  g_autofree char *folder = support_folder();
  fixture_set(folder, 6);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = fixture_text(cases[i].lines);
    g_autofree char *path = fixture_write(folder, "test.protocol", text);
    g_auto(GStrv) faults = NULL;
    GError *error = NULL;
    protocol_validate(path, NULL, &faults, &error);
    g_assert_no_error(error);
    g_autofree char *all = g_strjoinv("\n", faults);
    if (strstr(all, cases[i].fault) == NULL)
      g_error("case %zu: \"%s\" does not say \"%s\"", i, all, cases[i].fault);
  }
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cues/sounds of a block have their offsets", test_sounds_of_a_block);
  g_test_add_func("/cues/noise follows from the seed", test_noise_follows_from_the_seed);
  g_test_add_func("/cues/sound files are found and part of the digest", test_files_are_found_and_part_of_the_digest);
  g_test_add_func("/cues/markers have ports and codes", test_markers);
  g_test_add_func("/cues/are described for the data", test_description);
  g_test_add_func("/cues/faults name group and key", test_faults);
  return g_test_run();
}
