#include <string.h>

#include "protocols/reader.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

static bool find_step(const Protocol *protocol, const char *name, ProtocolStep *step) {
  for (gsize i = 0; i < protocol->n_pages; i++)
    if (strcmp(protocol->pages[i].name, name) == 0) {
      *step = (ProtocolStep){STEP_PAGE, i};
      return true;
    }
  for (gsize i = 0; i < protocol->n_questions; i++)
    if (strcmp(protocol->questions[i].name, name) == 0) {
      *step = (ProtocolStep){STEP_QUESTION, i};
      return true;
    }
  for (gsize i = 0; i < protocol->n_blocks; i++)
    if (strcmp(protocol->blocks[i].name, name) == 0) {
      *step = (ProtocolStep){STEP_BLOCK, i};
      return true;
    }
  return false;
}

/* The place of a part in the sequence, or -1. */
static int place_of(const Protocol *protocol, StepKind kind, gsize index) {
  for (gsize i = 0; i < protocol->n_steps; i++)
    if (protocol->steps[i].kind == kind && protocol->steps[i].index == index)
      return (int)i;
  return -1;
}

static void read_steps(KeyFile *keys, Protocol *protocol) {
  gsize before = reader_n_faults(keys);
  g_auto(GStrv) names = reader_names(keys, "sequence", "steps");
  gsize n = g_strv_length(names);
  if (n == 0 && keyfile_has(keys, "sequence", "steps") && reader_n_faults(keys) == before)
    keyfile_fault(keys, "sequence", "steps", "is empty; the names of pages, questions and blocks are needed");
  protocol->steps = g_new0(ProtocolStep, n);
  for (gsize i = 0; i < n; i++) {
    ProtocolStep step = {0};
    g_strstrip(names[i]);
    if (!find_step(protocol, names[i], &step)) {
      keyfile_fault(keys, "sequence", "steps", "there is no page, question or block named \"%s\"", names[i]);
    } else if (step.kind != STEP_PAGE && place_of(protocol, step.kind, step.index) >= 0) {
      keyfile_fault(keys, "sequence", "steps", "has \"%s\" twice; only a page may come again", names[i]);
    } else {
      protocol->steps[protocol->n_steps++] = step;
    }
  }
}

/* Whether a block shows a page in its breaks, or a question among its trials. */
static bool block_shows(const Protocol *protocol, StepKind kind, gsize index) {
  for (gsize i = 0; i < protocol->n_blocks; i++) {
    const ProtocolBlock *block = &protocol->blocks[i];
    bool has_breaks = block->break_trials > 0 || block->break_minutes > 0;
    if (kind == STEP_PAGE && has_breaks && block->break_page == index)
      return true;
    for (gsize j = 0; kind == STEP_QUESTION && j < block->n_checks; j++)
      if (block->checks[j] == index)
        return true;
  }
  return false;
}

/* A question is asked once in a session, so that it has one answer. */
static void check_checks(KeyFile *keys, const Protocol *protocol) {
  g_autofree bool *asked = g_new0(bool, protocol->n_questions + 1);
  for (gsize i = 0; i < protocol->n_blocks; i++)
    for (gsize j = 0; j < protocol->blocks[i].n_checks; j++) {
      gsize question = protocol->blocks[i].checks[j];
      g_autofree char *group = reader_group("block", protocol->blocks[i].name);
      if (asked[question] || place_of(protocol, STEP_QUESTION, question) >= 0)
        keyfile_fault(keys, group, "checks", "[question %s] is asked elsewhere already",
                      protocol->questions[question].name);
      asked[question] = true;
    }
}

static void check_shown(KeyFile *keys, const Protocol *protocol) {
  const gsize counts[] = {protocol->n_pages, protocol->n_questions, protocol->n_blocks};
  static const char *const kinds[] = {"page", "question", "block"};
  for (gsize kind = 0; kind < G_N_ELEMENTS(counts); kind++)
    for (gsize i = 0; i < counts[kind]; i++) {
      if (place_of(protocol, (StepKind)kind, i) >= 0 || block_shows(protocol, (StepKind)kind, i))
        continue;
      const char *name = kind == 0   ? protocol->pages[i].name
                         : kind == 1 ? protocol->questions[i].name
                                     : protocol->blocks[i].name;
      g_autofree char *group = reader_group(kinds[kind], name);
      keyfile_fault(keys, group, NULL, "is never shown; add \"%s\" to the steps of [sequence] or remove the group",
                    name);
    }
  for (gsize scale = 0; scale < protocol->n_scales; scale++) {
    bool used = false;
    for (gsize i = 0; i < protocol->n_blocks; i++)
      for (gsize j = 0; j < protocol->blocks[i].n_scales; j++)
        used |= protocol->blocks[i].scales[j] == scale;
    g_autofree char *group = reader_group("scale", protocol->scales[scale].name);
    if (!used)
      keyfile_fault(keys, group, NULL, "is never used; add it to the scales of a block or remove the group");
  }
}

/* A block whose images depend on no other block's. */
static bool chooses_first(const ProtocolBlock *block) {
  return block->choice == IMAGES_ONE_PER || block->choice == IMAGES_BALANCED;
}

static void read_excluded(KeyFile *keys, Protocol *protocol, gsize index) {
  ProtocolBlock *block = &protocol->blocks[index];
  g_autofree char *group = reader_group("block", block->name);
  g_auto(GStrv) names = reader_names(keys, group, "exclude");
  block->excluded = g_new0(gsize, g_strv_length(names));
  for (gsize i = 0; names[i] != NULL; i++) {
    ProtocolStep step = {0};
    int own = place_of(protocol, STEP_BLOCK, index);
    bool found = find_step(protocol, g_strstrip(names[i]), &step) && step.kind == STEP_BLOCK;
    int place = found ? place_of(protocol, STEP_BLOCK, step.index) : -1;
    for (gsize j = 0; found && j < block->n_excluded; j++)
      if (block->excluded[j] == step.index)
        keyfile_fault(keys, group, "exclude", "has \"%s\" twice", names[i]);
    if (!found)
      keyfile_fault(keys, group, "exclude", "there is no [block %s]", names[i]);
    else if (own >= 0 && (place < 0 || (place >= own && !chooses_first(&protocol->blocks[step.index]))))
      keyfile_fault(keys, group, "exclude", "[block %s] does not come before this block in [sequence]", names[i]);
    else
      block->excluded[block->n_excluded++] = step.index;
  }
}

void reader_sequence(KeyFile *keys, Protocol *protocol) {
  keyfile_know_group(keys, "sequence");
  if (!keyfile_has_group(keys, "sequence"))
    keyfile_fault(keys, NULL, NULL, "has no group [sequence]");
  else
    keyfile_require(keys, "sequence", "steps");
  read_steps(keys, protocol);
  if (keyfile_has(keys, "sequence", "steps"))
    check_shown(keys, protocol);
  check_checks(keys, protocol);
  for (gsize i = 0; i < protocol->n_blocks; i++)
    read_excluded(keys, protocol, i);
}

/* Opens the set that the options or the protocol name; records the fault and returns NULL where that fails. */
static StimulusSet *open_set(KeyFile *keys, const ProtocolOptions *options, const Protocol *protocol,
                             GError **set_fault) {
  g_autofree char *named = keyfile_string(keys, "protocol", "stimuli", NULL);
  g_autoptr(GError) error = NULL;
  StimulusSet *set = NULL;
  if (options != NULL && options->set != NULL) {
    keyfile_has(keys, "protocol", "stimuli");
    stimulus_set_open(options->set, true, &set, set_fault);
    return set;
  }
  if (named == NULL || *named == '\0') {
    if (keyfile_has_group(keys, "protocol"))
      keyfile_fault(keys, "protocol", "stimuli", "is missing; the folder of a stimulus set is needed");
    return NULL;
  }
  g_autofree char *folder = g_path_get_dirname(protocol->path);
  g_autofree char *path =
      g_path_is_absolute(named) || strcmp(folder, ".") == 0 ? g_strdup(named) : g_build_filename(folder, named, NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_DIR))
    keyfile_fault(keys, "protocol", "stimuli", "there is no folder %s; dream the set first, or name another", path);
  else if (!stimulus_set_open(path, true, &set, &error))
    keyfile_fault(keys, "protocol", "stimuli", "%s", error->message);
  return set;
}

static bool digest_set(Protocol *protocol, GError **error) {
  const StimulusSet *set = protocol->set;
  gsize n = table_n_rows(set->stimuli);
  int column = table_column(set->stimuli, "sha256");
  g_autoptr(GChecksum) whole = g_checksum_new(G_CHECKSUM_SHA256);
  protocol->set_sha256 = g_new0(char *, n + 1);
  for (gsize row = 0; row < n; row++) {
    if (column >= 0 && !table_is_missing(set->stimuli, row, (gsize)column)) {
      protocol->set_sha256[row] = g_ascii_strdown(table_get(set->stimuli, row, (gsize)column), -1);
    } else {
      g_autofree char *path = stimulus_set_path(set, row);
      if (!files_sha256(path, &protocol->set_sha256[row], error))
        return false;
    }
    g_autofree char *line = g_strdup_printf("%s\t%s\t%s\n", protocol_stimulus(protocol, row, "id"),
                                            protocol_stimulus(protocol, row, "file"), protocol->set_sha256[row]);
    g_checksum_update(whole, (const guchar *)line, (gssize)strlen(line));
  }
  protocol->set_digest = g_strdup(g_checksum_get_string(whole));
  return true;
}

void reader_set(KeyFile *keys, const ProtocolOptions *options, Protocol *protocol, GError **set_fault) {
  protocol->set = open_set(keys, options, protocol, set_fault);
  if (protocol->set == NULL)
    return;
  g_autoptr(GError) error = NULL;
  if (table_n_rows(protocol->set->stimuli) == 0)
    g_set_error(&error, RIG_ERROR, RIG_ERROR_INPUT, "the set %s has no stimulus", protocol->set->folder);
  else if (digest_set(protocol, &error))
    reader_allocation(keys, protocol);
  if (error != NULL && options != NULL && options->set != NULL)
    g_propagate_error(set_fault, g_steal_pointer(&error));
  else if (error != NULL)
    keyfile_fault(keys, "protocol", "stimuli", "%s", error->message);
}
