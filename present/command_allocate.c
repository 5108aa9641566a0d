#include <stdio.h>

#include "present/commands.h"
#include "protocols/allocation.h"
#include "protocols/allocation_proof.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define MAX_PARTICIPANTS 100000
#define MAX_ROWS 20000000

typedef struct {
  gint64 participants, first;
  const char *prefix, *output;
} Wanted;

static void append_header(GString *design, const Protocol *protocol) {
  g_string_append(design, "participant\tnumber\tblock\tphase\ttrial\tstim_id\tlayer\tseed");
  gsize most = 0;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    most = MAX(most, protocol->blocks[i].n_scales);
  for (gsize i = 0; i < most; i++)
    g_string_append_printf(design, "\tscale_%zu", i + 1);
  g_string_append_c(design, '\n');
}

/* One row a trial; scales from top to bottom, n/a where the block has fewer than another. */
static void append_rows(GString *design, const Protocol *protocol, const char *label, const TrialList *list) {
  gsize most = 0;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    most = MAX(most, protocol->blocks[i].n_scales);
  for (gsize i = 0; i < list->n_trials; i++) {
    const Trial *trial = &list->trials[i];
    const ProtocolBlock *block = &protocol->blocks[trial->block];
    g_string_append_printf(
        design, "%s\t%zu\t%s\t%s\t%zu\t%s\t%s\t%s", label, list->participant, block->name,
        block->practice ? "practice" : "main", trial->number, protocol_stimulus(protocol, trial->stimulus, "id"),
        protocol_stimulus(protocol, trial->stimulus, "layer"), protocol_stimulus(protocol, trial->stimulus, "seed"));
    for (gsize s = 0; s < most; s++)
      g_string_append_printf(design, "\t%s", s < block->n_scales ? protocol->scales[trial->scales[s]].name : "n/a");
    g_string_append_c(design, '\n');
  }
}

static bool check_size(const Protocol *protocol, const Wanted *wanted, GError **error) {
  gsize rows = 0;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    rows += trial_list_count(protocol, i);
  if (rows * (gsize)wanted->participants <= MAX_ROWS)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%zu trials of %" G_GINT64_FORMAT " participants are too many rows; at most %d", rows,
              wanted->participants, MAX_ROWS);
  return false;
}

/* The proof goes to the standard output; so does the design where no file is named, the proof's lines then being
 * comments behind it. */
static bool print(const Wanted *wanted, const GString *design, const char *proof, GError **error) {
  if (wanted->output != NULL) {
    if (!files_write(wanted->output, design->str, design->len, FILES_PUBLIC, error))
      return false;
    fputs(proof, stdout);
    return true;
  }
  fputs(design->str, stdout);
  g_auto(GStrv) lines = g_strsplit(proof, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      printf("# %s\n", lines[i]);
  return true;
}

static bool allocate(const Protocol *protocol, const Wanted *wanted, GError **error) {
  g_autoptr(AllocationProof) proof = NULL;
  if (!check_size(protocol, wanted, error) || !allocation_proof_new(protocol, &proof, error) ||
      (wanted->output != NULL && !files_check_output(wanted->output, error)))
    return false;
  g_autoptr(GString) design = g_string_new(NULL);
  append_header(design, protocol);
  gint64 last = wanted->first + wanted->participants - 1;
  int digits = MAX(3, snprintf(NULL, 0, "%" G_GINT64_FORMAT, last));
  for (gint64 number = wanted->first; number <= last; number++) {
    g_autofree char *label = g_strdup_printf("%s%0*" G_GINT64_FORMAT, wanted->prefix, digits, number);
    g_autoptr(TrialList) list = NULL;
    if (!allocation_check_label(protocol, label, error) || !trial_list_new(protocol, label, &list, error))
      return false;
    append_rows(design, protocol, label, list);
    allocation_proof_add(proof, list);
  }
  g_autofree char *text = allocation_proof_text(proof);
  return print(wanted, design, text, error);
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *set = NULL, *output = NULL, *prefix = NULL;
  gint64 participants = 0, first = 1, seed = -1;
  const GOptionEntry entries[] = {
      {"participants", 0, 0, G_OPTION_ARG_INT64, &participants, "How many participants (required)", "N"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME, &set, "Use this stimulus set instead of the protocol's", "DIR"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write the design here, and only the proof to the terminal",
       "TSV"},
      {"first", 0, 0, G_OPTION_ARG_INT64, &first, "Number of the first participant (default 1)", "N"},
      {"prefix", 0, 0, G_OPTION_ARG_STRING, &prefix, "What labels have before the number (default: nothing)", "TEXT"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed instead of the protocol's", "S"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_allocate, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (participants < 1 || participants > MAX_PARTICIPANTS || first < 0 || first > G_MAXINT64 - participants ||
      seed < -1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "allocate needs --participants 1..%d; --first and --seed are not negative, and the last participant's "
                "number is below %" G_GINT64_FORMAT,
                MAX_PARTICIPANTS, G_MAXINT64);
    return false;
  }
  g_autoptr(Protocol) protocol = NULL;
  if (!protocol_open(argv[1], &(ProtocolOptions){NULL, set}, &protocol, error))
    return false;
  if (seed >= 0 && !allocation_reseed(protocol, (guint64)seed, error))
    return false;
  const Wanted wanted = {participants, first, prefix != NULL ? prefix : "", output};
  return allocate(protocol, &wanted, error);
}

const Command command_allocate = {"allocate", "PROTOCOL", "Print who sees what in which order, and count the balance",
                                  run};
