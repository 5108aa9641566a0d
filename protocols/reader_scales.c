#include <math.h>
#include <string.h>

#include "protocols/reader.h"
#include "stimuli/base/number.h"

#define MIN_RANGE (1 - 1e-9) /* 0.3 to 1.3 is 1, whatever its binary fractions say */

static void read_start(KeyFile *keys, const char *group, ProtocolScale *scale) {
  static const char *const words[] = {"hidden", "center", "random"};
  g_autofree char *text = keyfile_string(keys, group, "start", "hidden");
  scale->start_value = NAN;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(text, words[i]) == 0) {
      scale->start = (ScaleStart)i;
      if (scale->start == START_CENTER)
        scale->start_value = (scale->min + scale->max) / 2;
      return;
    }
  double value = 0;
  scale->start = START_VALUE;
  if (number_parse_double(text, &value) && value >= scale->min && value <= scale->max)
    scale->start_value = value;
  else
    keyfile_fault(keys, group, "start", "is \"%s\"; hidden, center, random or a number from %.7g to %.7g is needed",
                  text, scale->min, scale->max);
}

void reader_scale_ends(KeyFile *keys, const char *group, const char *locale, ProtocolScale *scale) {
  static const char *const polarities[] = {"reading", "low_left", "low_right", "participant", NULL};
  scale->left = reader_text(keys, group, "left", locale, "");
  scale->right = reader_text(keys, group, "right", locale, "");
  scale->min = keyfile_double(keys, group, "min", 0, -1e6, 1e6);
  scale->max = keyfile_double(keys, group, "max", 100, -1e6, 1e6);
  if (!(scale->max - scale->min >= MIN_RANGE)) {
    keyfile_fault(keys, group, keyfile_has(keys, group, "max") ? "max" : "min",
                  "%.7g (min) must be below %.7g (max), by 1 at the least", scale->min, scale->max);
    scale->max = scale->min + 1;
  }
  read_start(keys, group, scale);
  scale->polarity = (ScalePolarity)keyfile_choice(keys, group, "polarity", polarities, POLARITY_READING);
}

void reader_scale(KeyFile *keys, const char *group, const char *name, const char *locale, GArray *scales) {
  static const char *const figures[] = {"none", "arousal", "valence", "dominance", NULL};
  ProtocolScale scale = {.name = g_strdup(name)};
  scale.figure = (ScaleFigure)keyfile_choice(keys, group, "figure", figures, FIGURE_NONE);
  scale.text = reader_text(keys, group, "text", locale, "");
  reader_scale_ends(keys, group, locale, &scale);
  g_array_append_val(scales, scale);
}

/* The data's columns that one scale makes are also what no other scale may be named. */
void reader_check_scale_names(KeyFile *keys, const Protocol *protocol) {
  static const char *const suffixes[] = {"start",        "touched",    "first_touch_time",
                                         "confirm_time", "trajectory", "mirrored"};
  for (gsize i = 0; i < protocol->n_scales; i++) {
    const char *name = protocol->scales[i].name;
    g_autofree char *group = reader_group("scale", name);
    for (gsize j = 0; j < protocol->n_scales; j++)
      for (gsize s = 0; s < G_N_ELEMENTS(suffixes); s++) {
        g_autofree char *column = g_strdup_printf("%s_%s", protocol->scales[j].name, suffixes[s]);
        if (strcmp(column, name) == 0)
          keyfile_fault(keys, group, NULL, "\"%s\" is a column that [scale %s] makes; choose another name", name,
                        protocol->scales[j].name);
      }
  }
}
