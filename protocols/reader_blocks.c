#include <math.h>
#include <string.h>

#include "protocols/reader.h"
#include "stimuli/base/number.h"

#define MAX_MS 3600e3

/* "500" or "400..600". */
static DurationRange read_range(KeyFile *keys, const char *group, const char *key, double fallback) {
  DurationRange range = {fallback, fallback};
  g_autofree char *text = keyfile_string(keys, group, key, NULL);
  if (text == NULL)
    return range;
  char *dots = strstr(text, "..");
  if (dots != NULL)
    *dots = '\0';
  bool good = number_parse_double(g_strstrip(text), &range.min) &&
              (dots == NULL || number_parse_double(g_strstrip(dots + 2), &range.max));
  if (dots == NULL)
    range.max = range.min;
  if (good && range.min >= 0 && range.max <= MAX_MS && range.min <= range.max)
    return range;
  keyfile_fault(keys, group, key, "is neither a number nor a range like 400..600, from 0 to %.7g", MAX_MS);
  return (DurationRange){fallback, fallback};
}

void reader_timing(KeyFile *keys, const char *group, ProtocolBlock *block) {
  block->fixation_ms = read_range(keys, group, "fixation_ms", 500);
  block->iti_ms = read_range(keys, group, "iti_ms", 500);
  g_autofree char *image = keyfile_string(keys, group, "image_ms", "0");
  block->image_free = strcmp(image, "free") == 0;
  if (!block->image_free)
    block->image_ms = keyfile_double(keys, group, "image_ms", 0, 0, MAX_MS);
  block->mask_ms = keyfile_double(keys, group, "mask_ms", 0, 0, MAX_MS);
  block->deadline_ms = keyfile_double(keys, group, "deadline_ms", 0, 0, MAX_MS);
  block->require_touch = keyfile_bool(keys, group, "require_touch", true);
  if (block->mask_ms > 0 && !protocol_image_first(block))
    keyfile_fault(keys, group, "mask_ms", "needs an image that ends before the sliders: image_ms above 0, or free");
}

void reader_breaks(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block) {
  block->break_trials = (gsize)keyfile_int(keys, group, "break_trials", 0, 0, 100000);
  block->break_minutes = keyfile_double(keys, group, "break_minutes", 0, 0, 600);
  bool any = block->break_trials > 0 || block->break_minutes > 0;
  g_autofree char *name = keyfile_string(keys, group, "break_page", NULL);
  if (name == NULL || *name == '\0') {
    if (any)
      keyfile_fault(keys, group, "break_page", "is missing; the name of the page that breaks show is needed");
    return;
  }
  if (!any)
    keyfile_fault(keys, group, "break_page", "needs break_trials or break_minutes: when the page is shown");
  while (block->break_page < protocol->n_pages && strcmp(protocol->pages[block->break_page].name, name) != 0)
    block->break_page++;
  if (block->break_page < protocol->n_pages && protocol->pages[block->break_page].kind != PAGE_CONSENT)
    return;
  keyfile_fault(keys, group, "break_page",
                block->break_page == protocol->n_pages ? "there is no [page %s]" : "[page %s] asks for consent", name);
  block->break_page = 0;
}

void reader_checks(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block) {
  g_auto(GStrv) names = reader_names(keys, group, "checks");
  block->checks = g_new0(gsize, g_strv_length(names) + 1);
  for (gsize i = 0; names[i] != NULL; i++) {
    gsize question = 0;
    g_strstrip(names[i]);
    while (question < protocol->n_questions && strcmp(protocol->questions[question].name, names[i]) != 0)
      question++;
    bool twice = false;
    for (gsize j = 0; j < block->n_checks; j++)
      twice |= block->checks[j] == question;
    if (question == protocol->n_questions)
      keyfile_fault(keys, group, "checks", "there is no [question %s]", names[i]);
    else if (twice)
      keyfile_fault(keys, group, "checks", "has \"%s\" twice", names[i]);
    else
      block->checks[block->n_checks++] = question;
  }
}

static bool is_grey(const guint8 rgb[3]) { return rgb[0] == rgb[1] && rgb[1] == rgb[2]; }

void reader_preset(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block) {
  static const char *const presets[] = {"none", "affective_slider", NULL};
  block->affective_slider = keyfile_choice(keys, group, "preset", presets, 0) == 1;
  if (!block->affective_slider)
    return;
  bool has[FIGURE_DOMINANCE + 1] = {false};
  for (gsize i = 0; i < block->n_scales; i++)
    has[protocol->scales[block->scales[i]].figure] = true;
  if (block->n_scales != 2 || !has[FIGURE_AROUSAL] || !has[FIGURE_VALENCE])
    keyfile_fault(keys, group, "preset",
                  "affective_slider needs two scales, one with figure = arousal and one with figure = valence");
  if (protocol->screen.contrast == CONTRAST_NORMAL &&
      (!is_grey(protocol->screen.background) || !is_grey(protocol->screen.foreground)))
    keyfile_fault(keys, group, "preset", "affective_slider is grey: background and foreground in [screen] are not");
  if (keyfile_has(keys, group, "scale_order") && block->arrangement != SCALES_BY_TRIAL)
    keyfile_fault(keys, group, "scale_order", "affective_slider draws for each trial which scale is on top");
  block->arrangement = SCALES_BY_TRIAL;
}
