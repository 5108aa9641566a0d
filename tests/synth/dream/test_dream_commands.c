/* The commands as a user calls them: what they write, and one clear line for each kind of bad input. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stimuli/base/files.h"
#include "stimuli/base/json.h"
#include "stimuli/image.h"
#include "tests/stimuli/npy.h"
#include "tests/support.h"
#include "tests/synth/dream/folder.h"

#define PROGRAM "dreamrig-synth"

typedef struct {
  char *network, *noise, *folder, *output;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
  (void)data;
  fixture->network = support_data("tiny5h/net.pb");
  fixture->noise = support_data("tiny5h/noise.png");
  fixture->folder = support_folder();
  fixture->output = g_build_filename(fixture->folder, "out.png", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data) {
  (void)data;
  support_remove(fixture->folder);
  g_free(fixture->network);
  g_free(fixture->noise);
  g_free(fixture->folder);
  g_free(fixture->output);
}

static void dream_writes_the_oracles_floats(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *npy = g_build_filename(fixture->folder, "out.npy", NULL);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "dream", "--network", fixture->network, "--layer", "mixed3b",
                              "--start", fixture->noise, "--seed", "20241227", "--iterations", "1", "--tile", "64",
                              "-o", npy, NULL),
                  ==, 0);
  g_autofree char *oracle_path = support_data("tiny5h/dream-mixed3b.npy");
  g_autoptr(Image) got = npy_read(npy), oracle = npy_read(oracle_path);
  for (int i = 0; i < got->width * got->height * 3; i++)
    g_assert_cmpfloat_with_epsilon(got->pixels[i], oracle->pixels[i], 2e-3);
}

static void dream_records_what_it_did(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "dream", "--network", fixture->network, "--layer", "mixed4a",
                              "--start", fixture->noise, "--size", "50x40", "--octaves", "2", "--iterations", "2",
                              "--seed", "4294967295", "-o", fixture->output, NULL),
                  ==, 0);
  GError *error = NULL;
  g_autoptr(Image) image = NULL;
  g_assert_true(image_read(fixture->output, &image, &error));
  g_assert_cmpint(image->width, ==, 50);
  g_assert_cmpint(image->height, ==, 40);
  g_autofree char *path = g_build_filename(fixture->folder, "out.json", NULL), *text = NULL, *digest = NULL;
  gsize size;
  g_assert_true(files_read(path, 1 << 20, &text, &size, &error));
  g_assert_true(files_sha256(fixture->output, &digest, &error));
  g_autoptr(JsonNode) root = NULL;
  g_assert_true(json_read(path, text, size, &root, &error));
  JsonObject *record = json_node_get_object(root);
  g_assert_cmpstr(json_object_get_string_member(record, "sha256"), ==, digest);
  g_assert_cmpint(json_object_get_int_member(record, "seed"), ==, 4294967295);
  g_assert_cmpint(json_object_get_int_member(json_object_get_object_member(record, "recipe"), "octaves"), ==, 2);
  g_assert_null(strstr(text, fixture->folder));
}

static void an_image_of_a_set_is_the_dream_of_its_seed(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *set = g_build_filename(fixture->folder, "set", NULL);
  g_autofree char *image = g_build_filename(set, "mixed4a_3x3_seed2.png", NULL);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "set", "--network", fixture->network, "--layers", "mixed4a_3x3",
                              "--seeds", "2", "--size", "60x48", "--octaves", "3", "--iterations", "2", "-o", set,
                              NULL),
                  ==, 0);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "dream", "--network", fixture->network, "--layer", "mixed4a_3x3",
                              "--seed", "2", "--size", "60x48", "--octaves", "3", "--iterations", "2", "-o",
                              fixture->output, NULL),
                  ==, 0);
  g_autofree char *of_set = NULL, *of_dream = NULL;
  g_assert_true(files_sha256(image, &of_set, NULL));
  g_assert_true(files_sha256(fixture->output, &of_dream, NULL));
  g_assert_cmpstr(of_set, ==, of_dream);
}

static void limit_file_size(gpointer data) {
  const rlim_t bytes = GPOINTER_TO_SIZE(data);
  const struct rlimit limit = {bytes, bytes};
  setrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, SIG_IGN);
}

static void assert_contains(const char *path, const char *want) {
  g_autofree char *text = NULL;
  gsize size;
  g_assert_true(files_read(path, 1 << 20, &text, &size, NULL));
  g_assert_cmpstr(text, ==, want);
}

/* A limit on file size stands for a full disk: the record fits, the image does not; then neither. */
static void image_and_record_are_written_both_or_neither(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *program = support_program(PROGRAM), *record = g_build_filename(fixture->folder, "out.json", NULL);
  const char *arguments[] = {program,        "dream",  "--network", fixture->network, "--layer",
                             "mixed3a",      "--size", "128x96",    "--octaves",      "1",
                             "--iterations", "1",      "-o",        fixture->output,  NULL};
  const gsize limits[] = {8192, 64};
  for (gsize i = 0; i < 2 * G_N_ELEMENTS(limits); i++) {
    int status;
    g_autofree char *err = NULL;
    const bool had_files = i >= G_N_ELEMENTS(limits);
    if (had_files) {
      g_assert_true(files_write(record, "old record", 10, FILES_PUBLIC, NULL));
      g_assert_true(files_write(fixture->output, "old image", 9, FILES_PUBLIC, NULL));
    }
    g_assert_true(g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, limit_file_size,
                               GSIZE_TO_POINTER(limits[i % 2]), NULL, &err, &status, NULL));
    g_assert_cmpint(status >> 8, ==, 1);
    g_assert_nonnull(strstr(err, i % 2 ? "out.json: cannot write" : "out.png: cannot write"));
    if (had_files) {
      assert_contains(record, "old record");
      assert_contains(fixture->output, "old image");
    } else {
      g_autofree char *listing = folder_listing(fixture->folder);
      g_assert_cmpstr(listing, ==, "");
    }
  }
}

static void capital_suffixes_are_taken(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *png = g_build_filename(fixture->folder, "X.PNG", NULL);
  g_autofree char *record = g_build_filename(fixture->folder, "X.json", NULL);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "dream", "--network", fixture->network, "--layer", "conv2d0",
                              "--size", "32x32", "--octaves", "1", "--iterations", "1", "-o", png, NULL),
                  ==, 0);
  g_autoptr(Image) image = NULL;
  g_assert_true(image_read(png, &image, NULL));
  g_assert_true(g_file_test(record, G_FILE_TEST_IS_REGULAR));
}

static void a_sheet_replaces_no_file_of_its_set(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *set = g_build_filename(fixture->folder, "set", NULL), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, PROGRAM, "set", "--network", fixture->network, "--layers", " conv2d0 ",
                              "--size", "32x32", "--octaves", "1", "--iterations", "0", "-o", set, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(out, "1 stimulus, 1 made now"));
  g_assert_null(strstr(out, "gradient"));
  g_autofree char *before = folder_listing(set);
  const char *const own[] = {"conv2d0_seed1.png", "start/noise_seed1.png", "start/new.png", "link.png"};
  g_autofree char *link_path = g_build_filename(set, "link.png", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(own); i++) {
    if (i == 3)
      g_assert_cmpint(symlink("stimuli.tsv", link_path), ==, 0);
    g_autofree char *path = g_build_filename(set, own[i], NULL), *err = NULL;
    g_assert_cmpint(support_run(NULL, &err, PROGRAM, "sheet", set, "-o", path, NULL), ==, 1);
    g_assert_nonnull(strstr(err, "is a file of the set itself"));
  }
  g_assert_cmpint(unlink(link_path), ==, 0);
  g_autofree char *after = folder_listing(set), *sheet = g_build_filename(set, "sheet.PNG", NULL);
  g_assert_cmpstr(before, ==, after);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "sheet", set, "-o", sheet, NULL), ==, 0);
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "sheet", set, "-o", sheet, NULL), ==, 0);
}

static void sheet_draws_the_set(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *set = g_build_filename(fixture->folder, "set", NULL), *out = NULL;
  g_assert_cmpint(support_run(&out, NULL, PROGRAM, "set", "--network", "mini-untrained", "--layers", "mixed3a,conv2d0",
                              "--seeds", "2", "--size", "48x48", "--octaves", "1", "--iterations", "1", "-o", set,
                              NULL),
                  ==, 0);
  g_assert_nonnull(strstr(out, "4 stimuli, 4 made now, 0 kept"));
  g_assert_nonnull(strstr(out, "untrained"));
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "sheet", set, "-o", fixture->output, "--columns", "2", NULL), ==, 0);
  g_autoptr(Image) sheet = NULL;
  g_assert_true(image_read(fixture->output, &sheet, NULL));
  g_assert_cmpint(sheet->width, ==, 40 + 2 * 48 + 14);
}

static void recipes_set_what_options_do_not(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *set = g_build_filename(fixture->folder, "set", NULL);
  g_autofree char *recipe = g_build_filename(fixture->folder, "my.recipe", NULL), *text = NULL;
  g_autofree char *written = g_build_filename(set, "set.recipe", NULL);
  const char *mine = "[stimuli]\nlayers=conv2d?;!conv2d1\nsize=40x40\n[ascent]\niterations=1\noctaves=1\n";
  g_assert_true(files_write(recipe, mine, strlen(mine), FILES_PUBLIC, NULL));
  g_assert_cmpint(support_run(NULL, NULL, PROGRAM, "set", "--recipe", recipe, "--network", fixture->network, "--step",
                              "0.5", "-o", set, NULL),
                  ==, 0);
  gsize size;
  g_assert_true(files_read(written, 1 << 16, &text, &size, NULL));
  g_assert_nonnull(strstr(text, "layers=conv2d0;conv2d2;\nseeds=1\nsize=40x40\nstart=noise\n\n[ascent]\niterations=1\n"
                                "step=0.5\noctaves=1\noctave_scale=1.4\ntile=512\n"));
}

/* Runs the words of `line`, in which @N, @I and @D stand for the network, the noise image and the temporary folder. */
static int run_line(const Fixture *fixture, const char *line, char **err) {
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(arguments, support_program(PROGRAM));
  for (char **word = words; *word; word++) {
    GString *text = g_string_new(*word);
    g_string_replace(text, "@N", fixture->network, 0);
    g_string_replace(text, "@I", fixture->noise, 0);
    g_string_replace(text, "@D", fixture->folder, 0);
    g_ptr_array_add(arguments, g_string_free(text, FALSE));
  }
  g_ptr_array_add(arguments, NULL);
  int status;
  g_assert_true(g_spawn_sync(NULL, (char **)arguments->pdata, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, err,
                             &status, NULL));
  g_assert_true(g_spawn_check_wait_status(status, NULL) || status > 255); /* not killed by a signal */
  return status >> 8;
}

static void bad_input_is_one_clear_line_and_leaves_nothing(Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autofree char *corrupt = g_build_filename(fixture->folder, "corrupt.png", NULL), *png = NULL;
  g_autofree char *broken = g_build_filename(fixture->folder, "broken.recipe", NULL);
  gsize size;
  g_assert_true(files_read(fixture->noise, 1 << 20, &png, &size, NULL));
  g_assert_true(files_write(corrupt, png, size / 2, FILES_PUBLIC, NULL));
  g_assert_true(files_write(broken, "[ascent]\nstep=two\n", 18, FILES_PUBLIC, NULL));
  const struct {
    const char *line;
    int status;
    const char *message;
  } known[] = {
      {"dream --network @N --layer mixd4a --size 64x64 -o @D/x.png", 1, "mixed4a"},
      {"dream --network @N --layer head0_pool --size 48x48 --octaves 1 -o @D/x.png", 1,
       "smallest size that works is 65x65"},
      {"dream --network @N --layer head0_pool --size 128x128 -o @D/x.png", 1, "use --octaves 3 or fewer"},
      {"dream --network @N --layer mixed4a --start @D/corrupt.png -o @D/x.png", 1, "corrupt.png"},
      {"dream --network @N --layer mixed4a --start @D/absent.png -o @D/x.png", 1, "absent.png"},
      {"dream --network @N --layer mixed4a --start @I --size 191x10 -o @D/x.png", 1, "smaller than the wanted 191x10"},
      {"dream --network @D/absent.pb --layer mixed4a -o @D/x.png", 1, "absent.pb"},
      {"dream --network @I --layer mixed4a -o @D/x.png", 1, "noise.png"},
      {"dream --network @N --layer mixed4a --size 64x64 --iterations 1 -o /proc/x.png", 1, "/proc"},
      {"dream --network @N --layer mixed4a --size 64x64 -o @D/corrupt.png/x.png", 1, "corrupt.png"},
      {"dream --network @N --layer mixed4a --size 64x64 --octaves 1 -o @D/folder.png", 1, "it is a folder"},
      {"dream --network @N --layer mixed4a --size 64x64 --octaves 1 -o @D/taken.png", 1, "taken.json: cannot write"},
      {"dream --network @N --layer  -o @D/x.png", 2, "--layer is empty"},
      {"dream --network @N --layer mixed4a", 2, "-o is missing"},
      {"dream --network @N -o @D/x.png", 2, "--layer is missing"},
      {"dream --layer mixed4a -o @D/x.png", 2, "--network is missing"},
      {"dream --network @N --layer mixed4a -o @D/x.jpg", 2, ".png"},
      {"dream --network @N --layer mixed4* -o @D/x.png --size 64x64 --octaves 1", 2, "dreamrig-synth set"},
      {"dream --network @N --layer mixed4a -o @D/x.png --size 64", 2, "'64' is no size"},
      {"dream --network @N --layer mixed4a -o @D/x.png --step nan", 2, "step"},
      {"dream --network @N --layer mixed4a -o @D/x.png --octave-scale 0.5", 2, "--octave-scale"},
      {"dream --network @N --layer mixed4a -o @D/x.png --seed -1", 2, "--seed"},
      {"dream --network @N --layer mixed4a -o @D/x.png --ocatves 3", 2, "--octaves"},
      {"set --network @N --layers mixed4a,mixed9* --size 64x64 -o @D/set", 1, "mixed9*"},
      {"set --network @N --layers all --size 64x64 --octaves 1 -o @D/set", 1, "head0_pool"},
      {"set --network @N --size 64x64 -o @D/set", 2, "--layers is missing"},
      {"set --network @N --layers all --seeds 0 -o @D/set", 2, "--seeds"},
      {"set --network @N --layers all --shard 3/2 -o @D/set", 2, "3/2"},
      {"set --network @N --layers mixed4a --size 64x64 --octaves 1 -o @D/corrupt.png", 1, "corrupt.png"},
      {"set --recipe @D/broken.recipe --network @N --layers mixed4a -o @D/set", 1, "broken.recipe:2"},
      {"sheet @D/set -o @D/x.png", 1, "set"},
      {"sheet @D -o @D/x.png", 1, "stimuli.tsv"},
      {"sheet @D", 2, "-o is missing"},
      {"sheet @D -o @D/stimuli.tsv", 2, "must end in .png"},
      {"sheet -o @D/x.png", 2, "SET"},
  };
  g_autofree char *taken = g_build_filename(fixture->folder, "taken.json", NULL);
  g_autofree char *image_folder = g_build_filename(fixture->folder, "folder.png", NULL);
  g_assert_true(files_make_folder(taken, 0755, NULL) && files_make_folder(image_folder, 0755, NULL));
  g_autofree char *before = folder_listing(fixture->folder);
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_autofree char *err = NULL;
    const int status = run_line(fixture, known[i].line, &err);
    g_test_message("%s", err);
    if (status != known[i].status || !strstr(err, known[i].message)) {
      g_test_message("^ status %d for: %s", status, known[i].line);
      g_test_fail();
    }
    /* One line, after a progress line where the work was done; usage faults add one that points to --help. */
    g_auto(GStrv) lines = g_strsplit(err, PROGRAM ": ", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2);
    g_assert_cmpint(strstr(err, "--help shows") != NULL, ==, known[i].status == 2);
    g_autofree char *after = folder_listing(fixture->folder);
    g_assert_cmpstr(after, ==, before);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  const struct {
    const char *name;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {
      {"dream writes the oracle's floats", dream_writes_the_oracles_floats},
      {"dream records what it did", dream_records_what_it_did},
      {"an image of a set is the dream of its seed", an_image_of_a_set_is_the_dream_of_its_seed},
      {"image and record are written both or neither", image_and_record_are_written_both_or_neither},
      {"capital suffixes are taken", capital_suffixes_are_taken},
      {"a sheet replaces no file of its set", a_sheet_replaces_no_file_of_its_set},
      {"sheet draws the set", sheet_draws_the_set},
      {"recipes set what options do not", recipes_set_what_options_do_not},
      {"bad input is one clear line and leaves nothing", bad_input_is_one_clear_line_and_leaves_nothing},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/dream commands/", tests[i].name, NULL);
    g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run();
}
