#include "tests/present/xserver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"

#define REPEAT_DELAY_MS "1500"

static XServer *start(int width, int height, bool repeats_keys) {
  g_autofree char *xvfb = g_find_program_in_path("Xvfb");
  g_autofree char *xdotool = g_find_program_in_path("xdotool");
  if (xvfb == NULL || xdotool == NULL) {
    g_test_skip("Xvfb or xdotool is missing");
    return NULL;
  }
  XServer *server = g_new0(XServer, 1);
  server->folder = support_folder();
  g_autofree char *size = g_strdup_printf("%dx%dx24", width, height);
  int ends[2];
  g_assert_cmpint(pipe(ends), ==, 0);
  server->pid = fork();
  g_assert_cmpint(server->pid, >=, 0);
  if (server->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* no server outlives its test */
    close(ends[0]);
    dup2(ends[1], 3); /* Xvfb picks a free number and writes it here */
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    /* -noreset: a second program finds the server as the first left it, not in the middle of a reset.
     * -r: no repeated keys, which a key would make that a busy machine is slow to let go of; where they are
     * wanted they begin after longer than such a machine takes. */
    execl(xvfb, "Xvfb", "-displayfd", "3", "-screen", "0", size, "-fbdir", server->folder, "-nolisten", "tcp",
          "-noreset", repeats_keys ? "-ardelay" : "-r", repeats_keys ? REPEAT_DELAY_MS : NULL, NULL);
    _exit(127);
  }
  close(ends[1]);
  char number[16] = {0};
  gsize n = 0;
  while (n + 1 < sizeof number) {
    ssize_t got = read(ends[0], number + n, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || number[n] == '\n')
      break;
    n++;
  }
  close(ends[0]);
  number[n] = '\0';
  g_assert_cmpuint(n, >, 0);
  server->display = g_strdup_printf(":%s", number);
  return server;
}

XServer *xserver_start(int width, int height) { return start(width, height, false); }

XServer *xserver_start_repeating(int width, int height) { return start(width, height, true); }

void xserver_stop(XServer *server) {
  kill(server->pid, SIGTERM);
  waitpid(server->pid, NULL, 0);
  support_remove(server->folder);
  g_free(server->folder);
  g_free(server->display);
  g_free(server);
}

char **xserver_environment(const XServer *server) {
  char **environment = g_get_environ();
  environment = g_environ_setenv(environment, "DISPLAY", server->display, TRUE);
  environment = g_environ_setenv(environment, "SDL_VIDEODRIVER", "x11", TRUE);
  environment = g_environ_unsetenv(environment, "WAYLAND_DISPLAY");
  /* Under the sanitizers: drivers that SDL loads and unloads leak, and once unloaded no suppression can name them. The
   * session's own leaks are looked for on the null display. */
  environment = g_environ_setenv(environment, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  return environment;
}

void xserver_do(const XServer *server, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *rest = g_strdup_vprintf(format, list);
  va_end(list);
  g_autofree char *line = g_strchomp(g_strconcat("xdotool ", rest, NULL));
  g_auto(GStrv) arguments = g_strsplit(line, " ", -1);
  g_auto(GStrv) environment = xserver_environment(server);
  int status = 0;
  GError *error = NULL;
  g_spawn_sync(NULL, arguments, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(status, ==, 0);
}

/* The server keeps its frame buffer in a file in the format of xwd: a header of big-endian words, the colour map (12
 * bytes an entry), then rows of 4-byte BGRX pixels. */
typedef struct {
  int file;
  gsize width, height, start, stride;
} Buffer;

static Buffer open_buffer(const XServer *server) {
  g_autofree char *path = g_build_filename(server->folder, "Xvfb_screen0", NULL);
  Buffer buffer = {.file = open(path, O_RDONLY | O_CLOEXEC)};
  g_assert_cmpint(buffer.file, >=, 0);
  guint32 words[20];
  g_assert_true(pread(buffer.file, words, sizeof words, 0) == (ssize_t)sizeof words);
  g_assert_cmpuint(GUINT32_FROM_BE(words[11]), ==, 32);
  buffer.width = GUINT32_FROM_BE(words[4]);
  buffer.height = GUINT32_FROM_BE(words[5]);
  buffer.stride = GUINT32_FROM_BE(words[12]);
  buffer.start = GUINT32_FROM_BE(words[0]) + GUINT32_FROM_BE(words[19]) * (gsize)12;
  return buffer;
}

static void read_pixels(const Buffer *buffer, gsize x, gsize y, gsize n, guint32 *pixels) {
  gsize at = buffer->start + y * buffer->stride + x * 4;
  g_assert_true(pread(buffer->file, pixels, n * 4, (off_t)at) == (ssize_t)(n * 4));
  for (gsize i = 0; i < n; i++)
    pixels[i] = 0xff000000u | GUINT32_FROM_LE(pixels[i]);
}

guint32 xserver_pixel(const XServer *server, int x, int y) {
  Buffer buffer = open_buffer(server);
  guint32 pixel = 0xff000000u;
  if (x >= 0 && y >= 0 && (gsize)x < buffer.width && (gsize)y < buffer.height)
    read_pixels(&buffer, (gsize)x, (gsize)y, 1, &pixel);
  close(buffer.file);
  return pixel;
}

Frame *xserver_picture(const XServer *server) {
  Buffer buffer = open_buffer(server);
  GError *error = NULL;
  Frame *frame = frame_new((int)buffer.width, (int)buffer.height, &error);
  g_assert_no_error(error);
  for (gsize y = 0; y < buffer.height; y++)
    read_pixels(&buffer, 0, y, buffer.width, frame->pixels + y * buffer.width);
  close(buffer.file);
  return frame;
}

void xserver_keep(const XServer *server, const char *name) {
  const char *folder = g_getenv("DREAMRIG_SCREENSHOTS");
  if (folder == NULL)
    return;
  g_autofree char *file = g_strconcat(name, ".png", NULL);
  g_autofree char *path = g_build_filename(folder, file, NULL);
  g_autoptr(Frame) frame = xserver_picture(server);
  GError *error = NULL;
  frame_write_png(frame, path, &error);
  g_assert_no_error(error);
}
