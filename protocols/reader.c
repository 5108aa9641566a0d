#include "protocols/reader.h"

#include <math.h>
#include <string.h>

#include "protocols/luminance.h"
#include "stimuli/base/number.h"

#define MAX_PARTS 1000
#define MIN_CONTRAST 1.5

static const char *const KINDS[] = {"page", "question", "score", "scale", "block"};

char *reader_group(const char *kind, const char *name) { return g_strdup_printf("%s %s", kind, name); }

static bool is_control(gunichar c) { return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0); }

/* One version of a text: `key` may be "text[pl]". */
static void check_characters(KeyFile *keys, const char *group, const char *key) {
  g_autofree char *text = keyfile_string(keys, group, key, "");
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c))
    if (is_control(g_utf8_get_char(c))) {
      keyfile_fault(keys, group, key, "has a control character (U+%04X)", g_utf8_get_char(c));
      return;
    }
}

char *reader_text(KeyFile *keys, const char *group, const char *key, const char *locale, const char *fallback) {
  g_auto(GStrv) locales = keyfile_locales(keys, group, key);
  if (keyfile_has(keys, group, key))
    check_characters(keys, group, key);
  for (gsize i = 0; locales[i] != NULL; i++) {
    g_autofree char *localised = g_strdup_printf("%s[%s]", key, locales[i]);
    check_characters(keys, group, localised);
  }
  return keyfile_text(keys, group, key, locale, fallback);
}

gsize reader_n_faults(const KeyFile *keys) {
  gsize n = 0;
  keyfile_faults(keys, &n);
  return n;
}

/* Takes `names`. */
static char **check_length(KeyFile *keys, const char *group, const char *key, char **names) {
  guint n = g_strv_length(names);
  if (n <= READER_MAX_NAMES)
    return names;
  keyfile_fault(keys, group, key, "has %u entries; at most %d are possible", n, READER_MAX_NAMES);
  g_strfreev(names);
  return g_new0(char *, 1);
}

char **reader_names(KeyFile *keys, const char *group, const char *key) {
  return check_length(keys, group, key, keyfile_list(keys, group, key));
}

char **reader_list(KeyFile *keys, const char *group, const char *key, const char *locale) {
  g_autofree char *text = reader_text(keys, group, key, locale, "");
  char **items = g_strsplit(text, ";", -1);
  gsize n = g_strv_length(items);
  for (gsize i = 0; i < n; i++)
    g_strstrip(items[i]);
  if (n > 0 && items[n - 1][0] == '\0')
    g_clear_pointer(&items[n - 1], g_free);
  return check_length(keys, group, key, items);
}

char *reader_required_text(KeyFile *keys, const char *group, const char *key, const char *locale) {
  gsize before = reader_n_faults(keys);
  char *text = reader_text(keys, group, key, locale, "");
  if (*text == '\0' && reader_n_faults(keys) == before)
    keyfile_fault(keys, group, key, "is missing; a text is needed");
  return text;
}

static void refuse_key(KeyFile *keys, const char *group, const char *key, const char *const *names, int kind,
                       guint kinds) {
  g_autoptr(GString) others = g_string_new(NULL);
  for (gsize i = 0; names[i] != NULL; i++)
    if ((kinds >> i & 1) != 0)
      g_string_append_printf(others, "%s%s", others->len > 0 ? ", " : "", names[i]);
  keyfile_fault(keys, group, key, "means nothing with kind = %s; it is for %s", names[kind], others->str);
}

int reader_kind(KeyFile *keys, const char *group, const char *const *names, const KindRule *rules, gsize n_rules,
                bool *known) {
  gsize before = reader_n_faults(keys);
  int kind = keyfile_choice(keys, group, "kind", names, 0);
  *known = reader_n_faults(keys) == before;
  for (gsize i = 0; i < n_rules; i++) {
    if (*known && (rules[i].kinds >> kind & 1) != 0)
      continue;
    g_free(keyfile_text(keys, group, rules[i].key, NULL, NULL)); /* makes it, and its translations, known */
    g_auto(GStrv) locales = keyfile_locales(keys, group, rules[i].key);
    if (*known && keyfile_has(keys, group, rules[i].key))
      refuse_key(keys, group, rules[i].key, names, kind, rules[i].kinds);
    for (gsize j = 0; *known && locales[j] != NULL; j++) {
      g_autofree char *localised = g_strdup_printf("%s[%s]", rules[i].key, locales[j]);
      refuse_key(keys, group, localised, names, kind, rules[i].kinds);
    }
  }
  return kind;
}

static void read_colour(KeyFile *keys, const char *key, const char *fallback, guint8 colour[3]) {
  g_autofree char *text = keyfile_string(keys, "screen", key, fallback);
  bool good = strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
  if (!good)
    keyfile_fault(keys, "screen", key, "\"%s\" is not a colour; write #rrggbb, for example #808080", text);
  guint64 value = g_ascii_strtoull(good ? text + 1 : fallback + 1, NULL, 16);
  for (int i = 0; i < 3; i++)
    colour[i] = (guint8)(value >> (16 - 8 * i));
}

static void check_contrast(KeyFile *keys, const ProtocolScreen *screen) {
  double one = luminance_of(screen->background), other = luminance_of(screen->foreground);
  double contrast = (fmax(one, other) + 0.05) / (fmin(one, other) + 0.05);
  if (contrast < MIN_CONTRAST)
    keyfile_fault(keys, "screen", keyfile_has(keys, "screen", "foreground") ? "foreground" : "background",
                  "the foreground cannot be told from the background: their contrast is %.2f, %.1f is the least",
                  contrast, MIN_CONTRAST);
}

static void read_window(KeyFile *keys, ProtocolScreen *screen) {
  g_autofree char *text = keyfile_string(keys, "screen", "window", "1280x800");
  g_auto(GStrv) sides = g_strsplit(text, "x", -1);
  gint64 width = 0, height = 0;
  bool good = g_strv_length(sides) == 2 && number_parse_int(sides[0], &width) && number_parse_int(sides[1], &height) &&
              width >= 320 && width <= 16384 && height >= 240 && height <= 16384;
  if (!good)
    keyfile_fault(keys, "screen", "window", "\"%s\" is not a size; write WIDTHxHEIGHT in pixels, 320x240 or more",
                  text);
  screen->window_width = good ? (int)width : 1280;
  screen->window_height = good ? (int)height : 800;
}

/* A length in cm that need not be stated: NaN then. */
static double read_length(KeyFile *keys, const char *key) {
  return keyfile_has(keys, "screen", key) ? keyfile_double(keys, "screen", key, NAN, 1, 10000) : NAN;
}

static void read_timing(KeyFile *keys, ProtocolScreen *screen) {
  static const char *const untrusted[] = {"warn", "refuse", NULL};
  static const char *const corners[] = {"none", "top_left", "top_right", "bottom_left", "bottom_right", NULL};
  screen->refuse_untrusted = keyfile_choice(keys, "screen", "untrusted", untrusted, 0) == 1;
  screen->photodiode = (PhotodiodeCorner)keyfile_choice(keys, "screen", "photodiode", corners, PHOTODIODE_NONE);
  screen->photodiode_px = (int)keyfile_int(keys, "screen", "photodiode_px", 64, 8, 1000);
}

static void read_reading(KeyFile *keys, ProtocolScreen *screen) {
  static const char *const contrasts[] = {"normal", "high", "greyscale", NULL};
  static const char *const progress[] = {"none", "bar", NULL};
  screen->contrast = (ScreenContrast)keyfile_choice(keys, "screen", "contrast", contrasts, CONTRAST_NORMAL);
  screen->text_percent = keyfile_double(keys, "screen", "text_percent", 100, 50, 200);
  screen->progress = keyfile_choice(keys, "screen", "progress", progress, 0) == 1;
}

/* A text that is the same in every language. */
static char *read_plain(KeyFile *keys, const char *group, const char *key, const char *fallback) {
  gsize before = reader_n_faults(keys);
  char *text = keyfile_string(keys, group, key, fallback);
  check_characters(keys, group, key);
  if (*text == '\0' && keyfile_has(keys, group, key) && reader_n_faults(keys) == before)
    keyfile_fault(keys, group, key, "is empty");
  return text;
}

void reader_study(KeyFile *keys, Protocol *protocol) {
  const char *group = "protocol";
  keyfile_know_group(keys, group);
  keyfile_know_group(keys, "screen");
  if (!keyfile_has_group(keys, group))
    keyfile_fault(keys, NULL, NULL, "has no group [protocol]");
  else
    for (gsize i = 0; i < 3; i++)
      keyfile_require(keys, group, ((const char *[]){"name", "task", "seed"})[i]);
  protocol->name = read_plain(keys, group, "name", "");
  protocol->version = read_plain(keys, group, "version", "1");
  protocol->title = reader_text(keys, group, "title", protocol->locale, protocol->name);
  protocol->task = keyfile_string(keys, group, "task", "");
  g_autoptr(GError) error = NULL;
  if (keyfile_has(keys, group, "task") && !protocol_check_label("task", protocol->task, &error))
    keyfile_fault(keys, group, "task", "%s", error->message);
  protocol->seed = (guint64)keyfile_int(keys, group, "seed", 0, 0, G_MAXINT64);
  protocol->rehearsal_trials = (gsize)keyfile_int(keys, group, "rehearsal_trials", 2, 1, PROTOCOL_MAX_REHEARSAL);

  read_colour(keys, "background", "#808080", protocol->screen.background);
  read_colour(keys, "foreground", "#000000", protocol->screen.foreground);
  check_contrast(keys, &protocol->screen);
  read_reading(keys, &protocol->screen);
  protocol->screen.image_percent = keyfile_double(keys, "screen", "image_percent", 55, 10, 100);
  static const char *const scalings[] = {"whole", "exact", NULL};
  protocol->screen.exact_scaling = keyfile_choice(keys, "screen", "image_scaling", scalings, 0) == 1;
  read_window(keys, &protocol->screen);
  protocol->screen.width_cm = read_length(keys, "width_cm");
  protocol->screen.height_cm = read_length(keys, "height_cm");
  protocol->screen.distance_cm = read_length(keys, "distance_cm");
  read_timing(keys, &protocol->screen);
}

/* Words of the program's own, which a key may replace but not take away. */
static char *read_phrase(KeyFile *keys, const char *group, const char *key, const char *locale, const char *words) {
  gsize before = reader_n_faults(keys);
  char *text = reader_text(keys, group, key, locale, words);
  if (*text == '\0' && reader_n_faults(keys) == before)
    keyfile_fault(keys, group, key, "is empty; leave the key out to have the program's own words");
  return text;
}

void reader_phrases(KeyFile *keys, Protocol *protocol) {
  keyfile_know_group(keys, "phrases");
  for (gsize i = 0; i < N_PHRASES; i++) {
    const char *words = phrase_built_in((Phrase)i, protocol->locale);
    protocol->phrases[i] = read_phrase(keys, "phrases", phrase_key((Phrase)i), protocol->locale, words);
  }
}

static void read_page(KeyFile *keys, const char *group, const char *name, const Protocol *protocol, GArray *pages) {
  static const char *const kinds[] = {"text", "consent", "debrief", NULL};
  static const KindRule rules[] = {{"agree", 1 << PAGE_CONSENT}, {"decline", 1 << PAGE_CONSENT}};
  const char *locale = protocol->locale;
  ProtocolPage page = {.name = g_strdup(name)};
  bool known = false;
  page.kind = (PageKind)reader_kind(keys, group, kinds, rules, G_N_ELEMENTS(rules), &known);
  page.title = reader_text(keys, group, "title", locale, "");
  page.text = reader_required_text(keys, group, "text", locale);
  bool consent = page.kind == PAGE_CONSENT;
  page.agree = consent ? read_phrase(keys, group, "agree", locale, protocol->phrases[PHRASE_AGREE]) : g_strdup("");
  page.decline =
      consent ? read_phrase(keys, group, "decline", locale, protocol->phrases[PHRASE_DECLINE]) : g_strdup("");
  g_array_append_val(pages, page);
}

static void read_block_scales(KeyFile *keys, const char *group, const Protocol *protocol, ProtocolBlock *block) {
  g_auto(GStrv) names = reader_names(keys, group, "scales");
  for (gsize i = 0; names[i] != NULL; i++) {
    gsize scale = 0;
    while (scale < protocol->n_scales && strcmp(protocol->scales[scale].name, g_strstrip(names[i])) != 0)
      scale++;
    if (scale == protocol->n_scales) {
      keyfile_fault(keys, group, "scales", "there is no [scale %s]", names[i]);
    } else if (g_strv_contains((const char *const *)names + i + 1, names[i])) {
      keyfile_fault(keys, group, "scales", "has \"%s\" twice", names[i]);
    } else if (block->n_scales == PROTOCOL_MAX_SCALES) {
      keyfile_fault(keys, group, "scales", "has more than %d scales", PROTOCOL_MAX_SCALES);
      return;
    } else {
      block->scales[block->n_scales++] = scale;
    }
  }
  if (names[0] == NULL)
    keyfile_fault(keys, group, "scales", "is missing; at least one scale is needed");
}

static void read_block(KeyFile *keys, const char *group, const char *name, const Protocol *protocol, GArray *blocks) {
  static const char *const phases[] = {"main", "practice", NULL};
  static const char *const arrangements[] = {"fixed", "participant", "trial", NULL};
  ProtocolBlock block = {.name = g_strdup(name)};
  block.practice = keyfile_choice(keys, group, "phase", phases, 0) == 1;
  reader_images(keys, group, &block);
  block.repeats = (gsize)keyfile_int(keys, group, "repeats", 1, 1, 1000);
  read_block_scales(keys, group, protocol, &block);
  block.arrangement = (ScaleArrangement)keyfile_choice(keys, group, "scale_order", arrangements, SCALES_BY_PARTICIPANT);
  reader_timing(keys, group, &block);
  reader_breaks(keys, group, protocol, &block);
  reader_checks(keys, group, protocol, &block);
  reader_preset(keys, group, protocol, &block);
  g_array_append_val(blocks, block);
}

/* Splits "block main"; NULL where the group is not a part. */
static const char *part_name(const char *group, gsize *kind) {
  for (*kind = 0; *kind < G_N_ELEMENTS(KINDS); (*kind)++) {
    gsize length = strlen(KINDS[*kind]);
    if (strncmp(group, KINDS[*kind], length) == 0 && group[length] == ' ')
      return group + length + 1;
  }
  return NULL;
}

bool reader_check_name(KeyFile *keys, const char *group, const char *name) {
  bool good = protocol_is_name(name);
  if (!good)
    keyfile_fault(keys, group, NULL, "\"%s\" is not a name: a small letter, then up to 31 of a-z, 0-9 and _ are needed",
                  name);
  return good;
}

/* Records the fault where a part's name is ill-formed or another step's. */
static void check_name(KeyFile *keys, const char *group, const char *name, gsize kind) {
  if (!reader_check_name(keys, group, name))
    return;
  if (strcmp(KINDS[kind], "page") != 0 && strcmp(KINDS[kind], "block") != 0 && protocol_is_reserved(name))
    keyfile_fault(keys, group, NULL, "\"%s\" is the name of a column of the data; choose another", name);
  bool score = strcmp(KINDS[kind], "score") == 0;
  for (gsize other = 0; other < kind; other++) {
    g_autofree char *clash = reader_group(KINDS[other], name);
    if (score || strcmp(KINDS[other], "score") == 0) {
      if (score && strcmp(KINDS[other], "question") == 0 && keyfile_has_group(keys, clash))
        keyfile_fault(keys, group, NULL, "[%s] has the same name, and so the same file of data; choose another", clash);
      continue;
    }
    if (strcmp(KINDS[other], "scale") != 0 && strcmp(KINDS[kind], "scale") != 0 && keyfile_has_group(keys, clash))
      keyfile_fault(keys, group, NULL, "[%s] has the same name, so that [sequence] could mean either", clash);
  }
}

static void read_part(KeyFile *keys, const char *group, const char *name, gsize kind, const Protocol *protocol,
                      GArray *parts) {
  keyfile_know_group(keys, group);
  check_name(keys, group, name, kind);
  switch (kind) {
  case 0:
    read_page(keys, group, name, protocol, parts);
    break;
  case 1:
    reader_question(keys, group, name, protocol->locale, parts);
    break;
  case 2:
    reader_score(keys, group, name, protocol, parts);
    break;
  case 3:
    reader_scale(keys, group, name, protocol->locale, parts);
    break;
  default:
    read_block(keys, group, name, protocol, parts);
    break;
  }
}

/* Whether the first letter of a text belongs to a script that runs from right to left. *found: there is a letter. */
static bool is_rtl(const char *text, bool *found) {
  static const GUnicodeScript scripts[] = {G_UNICODE_SCRIPT_ARABIC, G_UNICODE_SCRIPT_HEBREW, G_UNICODE_SCRIPT_SYRIAC,
                                           G_UNICODE_SCRIPT_THAANA, G_UNICODE_SCRIPT_NKO};
  for (const char *c = text; *c != '\0' && !*found; c = g_utf8_next_char(c)) {
    *found = g_unichar_isalpha(g_utf8_get_char(c));
    for (gsize i = 0; *found && i < G_N_ELEMENTS(scripts); i++)
      if (g_unichar_get_script(g_utf8_get_char(c)) == scripts[i])
        return true;
  }
  return false;
}

/* The direction of what is read first: the language asked for may have no texts here. */
static void find_direction(Protocol *protocol) {
  bool found = false;
  for (gsize i = 0; i < protocol->n_pages && !found; i++)
    protocol->rtl = is_rtl(protocol->pages[i].text, &found);
  for (gsize i = 0; i < protocol->n_questions && !found; i++)
    protocol->rtl = is_rtl(protocol->questions[i].text, &found);
  for (gsize i = 0; i < protocol->n_scales && !found; i++)
    protocol->rtl = is_rtl(protocol->scales[i].text, &found);
  for (gsize i = 0; i < protocol->n_scales && !found; i++)
    protocol->rtl = is_rtl(protocol->scales[i].left, &found);
}

void reader_parts(KeyFile *keys, Protocol *protocol) {
  static const gsize sizes[] = {sizeof(ProtocolPage), sizeof(ProtocolQuestion), sizeof(ProtocolScore),
                                sizeof(ProtocolScale), sizeof(ProtocolBlock)};
  void **const arrays[] = {(void **)&protocol->pages, (void **)&protocol->questions, (void **)&protocol->scores,
                           (void **)&protocol->scales, (void **)&protocol->blocks};
  gsize *const counts[] = {&protocol->n_pages, &protocol->n_questions, &protocol->n_scores, &protocol->n_scales,
                           &protocol->n_blocks};
  const char *const *groups = keyfile_groups(keys);
  if (g_strv_length((char **)groups) > MAX_PARTS) {
    keyfile_fault(keys, NULL, NULL, "has more than %d groups", MAX_PARTS);
    return;
  }
  /* Scores name questions, and blocks name pages, questions and scales. */
  for (gsize wanted = 0; wanted < G_N_ELEMENTS(KINDS); wanted++) {
    GArray *parts = g_array_new(FALSE, TRUE, (guint)sizes[wanted]);
    for (gsize i = 0; groups[i] != NULL; i++) {
      gsize kind;
      const char *name = part_name(groups[i], &kind);
      if (name != NULL && kind == wanted)
        read_part(keys, groups[i], name, kind, protocol, parts);
    }
    *arrays[wanted] = g_array_steal(parts, counts[wanted]);
    g_array_unref(parts);
  }
  reader_check_scale_names(keys, protocol);
  find_direction(protocol);
}
