#include "protocols/protocol.h"

#include <math.h>
#include <string.h>

#include "protocols/allocation.h"
#include "protocols/reader.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/keyfile.h"

#define MAX_SIZE ((gsize)4 << 20)

static const char *const RESERVED[] = {"trial",
                                       "block",
                                       "phase",
                                       "stim_id",
                                       "stim_file",
                                       "stim_sha256",
                                       "layer",
                                       "seed",
                                       "response_time",
                                       "timed_out",
                                       "image_duration",
                                       "fixation_planned",
                                       "iti_planned",
                                       "slider_on_top",
                                       "onset_planned",
                                       "onset_actual",
                                       "onset_source",
                                       "onset_uncertainty",
                                       "missed_frames",
                                       "focus_losses",
                                       "focus_events",
                                       "abort_reason",
                                       "pauses",
                                       "pause_duration",
                                       "simulated",
                                       "participant",
                                       "session",
                                       "session_id",
                                       "run",
                                       "participant_id",
                                       "onset",
                                       "duration",
                                       "pages",
                                       "image_width",
                                       "image_height",
                                       "response_time_uncertainty",
                                       NULL};

bool protocol_is_reserved(const char *name) {
  bool sound = g_str_has_prefix(name, "sound_") && g_ascii_isdigit(name[strlen("sound_")]);
  return sound || g_strv_contains(RESERVED, name);
}

bool protocol_is_name(const char *name) {
  gsize length = strlen(name);
  return length >= 1 && length <= 32 && g_ascii_islower(name[0]) &&
         strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

bool protocol_check_label(const char *what, const char *label, GError **error) {
  gsize length = strlen(label);
  bool good = length >= 1 && length <= 32;
  for (gsize i = 0; good && i < length; i++)
    good = g_ascii_isalnum(label[i]);
  if (!good)
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s \"%s\": 1 to 32 letters (A-Z, a-z) and digits are needed", what,
                label);
  return good;
}

/* Whether texts are found for a locale, by itself or by its language. */
static bool is_among(const char *const *locales, const char *locale) {
  g_autofree char *language = g_strndup(locale, strcspn(locale, "_-.@"));
  return g_strv_contains(locales, locale) || g_strv_contains(locales, language);
}

/* A language that nothing is written in is a slip of the keys, which would show all texts untranslated. */
static bool check_locale(const KeyFile *keys, const char *path, const ProtocolOptions *options, GError **error) {
  const char *locale = options != NULL && options->locale != NULL ? options->locale : "";
  g_auto(GStrv) locales = keyfile_all_locales(keys);
  if (*locale == '\0' || is_among((const char *const *)locales, locale) || is_among(phrase_languages(), locale))
    return true;
  g_autofree char *own = g_strjoinv(", ", locales), *built_in = g_strjoinv(", ", (char **)phrase_languages());
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "--language %s: %s has texts in %s; the program's own words are in %s",
              locale, path, *own != '\0' ? own : "no other language", built_in);
  return false;
}

/* Reads everything that the key file says; its faults stay in the key file. */
static Protocol *read_protocol(KeyFile *keys, const char *path, const char *text, gsize size,
                               const ProtocolOptions *options, GError **set_fault) {
  Protocol *protocol = g_new0(Protocol, 1);
  protocol->path = g_strdup(path);
  protocol->digest = files_sha256_data(text, size);
  protocol->rules = ALLOCATION_RULES;
  protocol->locale = g_strdup(options != NULL && options->locale != NULL ? options->locale : "");
  reader_study(keys, protocol);
  reader_phrases(keys, protocol);
  reader_parts(keys, protocol);
  reader_sequence(keys, protocol);
  reader_set(keys, options, protocol, set_fault);
  reader_cues(keys, protocol);
  return protocol;
}

bool protocol_parse(const char *path, const char *text, gsize size, const ProtocolOptions *options, Protocol **protocol,
                    GError **error) {
  g_autoptr(KeyFile) keys = NULL;
  if (!keyfile_parse(path, text, size, &keys, error))
    return false;
  g_autoptr(GError) set_fault = NULL;
  g_autoptr(Protocol) read = read_protocol(keys, path, text, size, options, &set_fault);
  if (!keyfile_finish(keys, error) || !check_locale(keys, path, options, error))
    return false;
  if (set_fault != NULL) {
    g_propagate_prefixed_error(error, g_steal_pointer(&set_fault), "--set: ");
    return false;
  }
  *protocol = g_steal_pointer(&read);
  return true;
}

bool protocol_open(const char *path, const ProtocolOptions *options, Protocol **protocol, GError **error) {
  g_autofree char *text = NULL;
  gsize size = 0;
  return files_read(path, MAX_SIZE, &text, &size, error) && protocol_parse(path, text, size, options, protocol, error);
}

bool protocol_validate(const char *path, const ProtocolOptions *options, char ***faults, GError **error) {
  g_autofree char *text = NULL;
  gsize size = 0, n = 0;
  g_autoptr(KeyFile) keys = NULL;
  if (!files_read(path, MAX_SIZE, &text, &size, error) || !keyfile_parse(path, text, size, &keys, error))
    return false;
  g_autoptr(GError) set_fault = NULL;
  protocol_free(read_protocol(keys, path, text, size, options, &set_fault));
  keyfile_finish(keys, NULL);
  const KeyFileFault *found = keyfile_faults(keys, &n);
  GPtrArray *lines = g_ptr_array_new();
  g_autoptr(GError) unknown = NULL;
  if (!check_locale(keys, path, options, &unknown))
    g_ptr_array_add(lines, g_strdup(unknown->message));
  if (set_fault != NULL)
    g_ptr_array_add(lines, g_strconcat("--set: ", set_fault->message, NULL));
  for (gsize i = 0; i < n; i++) {
    GString *line = g_string_new(path);
    if (found[i].line > 0)
      g_string_append_printf(line, ":%d", found[i].line);
    g_string_append(line, ": ");
    if (found[i].group != NULL)
      g_string_append_printf(line, "[%s]", found[i].group);
    if (found[i].key != NULL)
      g_string_append_printf(line, " %s", found[i].key);
    g_string_append_printf(line, "%s%s", found[i].group != NULL ? ": " : "", found[i].message);
    g_ptr_array_add(lines, g_string_free(line, FALSE));
  }
  g_ptr_array_add(lines, NULL);
  *faults = (char **)g_ptr_array_free(lines, FALSE);
  return true;
}

static void scale_clear(ProtocolScale *scale) {
  g_free(scale->name);
  g_free(scale->text);
  g_free(scale->left);
  g_free(scale->right);
}

void protocol_free(Protocol *protocol) {
  if (protocol == NULL)
    return;
  for (gsize i = 0; i < protocol->n_pages; i++) {
    g_free(protocol->pages[i].name);
    g_free(protocol->pages[i].title);
    g_free(protocol->pages[i].text);
    g_free(protocol->pages[i].agree);
    g_free(protocol->pages[i].decline);
  }
  for (gsize i = 0; i < protocol->n_questions; i++) {
    ProtocolQuestion *question = &protocol->questions[i];
    g_free(question->name);
    g_free(question->text);
    g_strfreev(question->options);
    g_free(question->values);
    g_strfreev(question->items);
    g_free(question->reversed);
    g_free(question->correct_items);
    scale_clear(&question->scale);
  }
  for (gsize i = 0; i < protocol->n_scores; i++) {
    g_free(protocol->scores[i].name);
    g_free(protocol->scores[i].terms);
  }
  for (gsize i = 0; i < protocol->n_scales; i++)
    scale_clear(&protocol->scales[i]);
  for (gsize i = 0; i < protocol->n_blocks; i++) {
    g_free(protocol->blocks[i].name);
    g_free(protocol->blocks[i].cues);
    g_free(protocol->blocks[i].excluded);
    g_free(protocol->blocks[i].one_per);
    g_free(protocol->blocks[i].run_of);
    allocation_plan_free(protocol->blocks[i].plan);
    g_free(protocol->blocks[i].checks);
  }
  for (gsize i = 0; i < N_PHRASES; i++)
    g_free(protocol->phrases[i]);
  g_free(protocol->pages);
  g_free(protocol->questions);
  g_free(protocol->scores);
  g_free(protocol->scales);
  g_free(protocol->blocks);
  g_free(protocol->steps);
  stimulus_set_free(protocol->set);
  for (gsize i = 0; i < protocol->n_sounds; i++)
    protocol_sound_clear(&protocol->sounds[i]);
  g_free(protocol->sounds);
  g_free(protocol->markers.port);
  g_strfreev(protocol->set_sha256);
  g_free(protocol->set_digest);
  g_free(protocol->path);
  g_free(protocol->digest);
  g_free(protocol->locale);
  g_free(protocol->name);
  g_free(protocol->version);
  g_free(protocol->title);
  g_free(protocol->task);
  g_free(protocol);
}

const char *protocol_step_name(const Protocol *protocol, gsize step) {
  const ProtocolStep *wanted = &protocol->steps[step];
  switch (wanted->kind) {
  case STEP_PAGE:
    return protocol->pages[wanted->index].name;
  case STEP_QUESTION:
    return protocol->questions[wanted->index].name;
  default:
    return protocol->blocks[wanted->index].name;
  }
}

bool protocol_image_first(const ProtocolBlock *block) { return block->image_free || block->image_ms > 0; }

bool protocol_scale_mirrored(const Protocol *protocol, const ProtocolScale *scale, gsize participant) {
  switch (scale->polarity) {
  case POLARITY_LOW_LEFT:
    return false;
  case POLARITY_LOW_RIGHT:
    return true;
  case POLARITY_BY_PARTICIPANT:
    return allocation_mirrors(protocol, participant);
  default:
    return protocol->rtl;
  }
}

const char *protocol_stimulus(const Protocol *protocol, gsize row, const char *column) {
  int index = table_column(protocol->set->stimuli, column);
  if (index < 0 || table_is_missing(protocol->set->stimuli, row, (gsize)index))
    return "n/a";
  return table_get(protocol->set->stimuli, row, (gsize)index);
}
