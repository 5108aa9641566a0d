/* How long a mixed model of a large rating study takes, beside R's lme4 in the same run: 757 participants x 900 images
 * crossed, two predictors, both random intercepts; each participant rating a quarter of the images, then all.
 *
 * dreamrig's time is of the whole command (reading the table, fit, degrees of freedom, writing); lme4's of lmer()
 * alone. Both are processor times, because the machine may be busy with other things. */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "tests/bench/measure.h"

#define PARTICIPANTS 757
#define IMAGES 900
#define MAX_RATIO (1.0 / 3)
#define MAX_MIB 477 /* 500 MB */

static bool write_study(const char *path, int every, gsize *n_ratings) {
  Random random;
  random_init(&random, 5);
  double cfc[IMAGES], cse[IMAGES], image[IMAGES];
  for (int i = 0; i < IMAGES; i++) {
    cfc[i] = random_normal(&random);
    cse[i] = random_normal(&random);
    image[i] = 1.5 * cfc[i] - 2 * cse[i] + 6 * random_normal(&random);
  }
  g_autoptr(GString) text = g_string_new("participant\timage\tcfc\tcse\tarousal\n");
  *n_ratings = 0;
  for (int p = 0; p < PARTICIPANTS; p++) {
    double participant = 12 * random_normal(&random);
    for (int i = 0; i < IMAGES; i++)
      if ((p + i) % every == 0) {
        g_string_append_printf(text, "s%d\tm%d\t%.5f\t%.5f\t%.2f\n", p, i, cfc[i], cse[i],
                               50 + image[i] + participant + 18 * random_normal(&random));
        (*n_ratings)++;
      }
  }
  return files_write(path, text->str, text->len, FILES_PUBLIC, NULL);
}

/* lmer()'s own processor and wall seconds; false where R or lme4 is absent. */
static bool time_lme4(const char *path, double *processor, double *wall) {
  g_autofree char *script = g_strdup_printf(
      "suppressMessages(library(lme4)); d <- read.delim('%s', stringsAsFactors = TRUE); "
      "t <- system.time(lmer(arousal ~ cfc + cse + (1 | participant) + (1 | image), d)); cat(t[1] + t[2], t[3])",
      path);
  char *argv[] = {(char *)"Rscript", (char *)"-e", script, NULL};
  g_autofree char *out = NULL;
  int status = 0;
  if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &status,
                    NULL) ||
      status != 0)
    return false;
  char *end = NULL;
  *processor = g_ascii_strtod(out, &end);
  *wall = g_ascii_strtod(end, NULL);
  return *processor > 0;
}

static bool bench(const char *folder, int every) {
  const char *bin = g_getenv("DREAMRIG_BIN");
  g_autofree char *data = g_build_filename(folder, "ratings.tsv", NULL);
  g_autofree char *out = g_build_filename(folder, "model.tsv", NULL);
  g_autofree char *program = g_build_filename(bin != NULL ? bin : "build", "dreamrig-analysis", NULL);
  gsize n_ratings;
  double processor, wall, mib, lme4_processor, lme4_wall;
  char *argv[] = {program,
                  (char *)"model",
                  (char *)"--data",
                  data,
                  (char *)"--formula",
                  (char *)"arousal ~ cfc + cse + (1 | participant) + (1 | image)",
                  (char *)"-o",
                  out,
                  NULL};
  if (!write_study(data, every, &n_ratings) || !measure(argv, &processor, &wall, &mib)) {
    fprintf(stderr, "%s model failed\n", program);
    return false;
  }
  printf("%" G_GSIZE_FORMAT " ratings: %.2f s of processor time (%.2f s in all), %.0f MiB (at most %d)\n", n_ratings,
         processor, wall, mib, MAX_MIB);
  if (time_lme4(data, &lme4_processor, &lme4_wall))
    printf("  lme4: %.2f s (%.2f s in all); ratio %.3f (at most %.3f)\n", lme4_processor, lme4_wall,
           processor / lme4_processor, MAX_RATIO);
  else
    printf("  no R with lme4 here to compare with\n");
  g_unlink(data);
  g_unlink(out);
  return true;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  g_autofree char *folder = g_dir_make_tmp("dreamrig-bench-XXXXXX", NULL);
  if (folder == NULL)
    return 1;
  bool done = bench(folder, 4) && bench(folder, 1);
  g_rmdir(folder);
  return done ? 0 : 1;
}
