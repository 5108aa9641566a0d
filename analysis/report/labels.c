#include "analysis/report/labels.h"

#include <glib.h>
#include <string.h>

static const struct {
  const char *name, *label, *unit;
} known[] = {
    {"hue", "Hue", "degrees"},
    {"saturation", "Saturation", "0 to 1"},
    {"brightness", "Brightness", "0 to 1"},
    {"jpeg_bytes", "JPEG size", "bytes"},
    {"cfc", "Feature congestion", "CFC"},
    {"cse", "Subband entropy", "CSE, nats"},
};

/* "self_esteem" as "Self esteem". */
static char *readable(const char *name) {
  char *text = g_strdelimit(g_strdup(name), "_", ' ');
  text[0] = g_ascii_toupper(text[0]);
  return text;
}

char *report_label(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(known[i].name, name) == 0)
      return g_strdup(known[i].label);
  return readable(name);
}

char *report_axis_title(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(known[i].name, name) == 0)
      return g_strdup_printf("%s (%s)", known[i].label, known[i].unit);
  return readable(name);
}
