/* The protocol reader with its languages, and what is made of a protocol that it takes: descriptions, orders, counts.
 */
#include <string.h>

#include "protocols/allocation_proof.h"
#include "protocols/locales.h"
#include "protocols/timing.h"
#include "stimuli/base/error.h"
#include "tests/fuzz/fuzz.h"

#define N_IMAGES 12
#define MOST_TRIALS 3000 /* more are only slower */

static const char *image_set(void) {
  static char *folder;
  if (folder != NULL)
    return folder;
  g_autoptr(GString) table = g_string_new("id\tfile\tlayer\tseed\tlayer_type\n");
  for (int i = 0; i < N_IMAGES; i++) {
    g_autofree char *file = g_strdup_printf("set/i%d.png", i);
    fuzz_write(file, file, 1);
    g_string_append_printf(table, "i%d\ti%d.png\tl%d\t%d\tt%d\n", i, i, i % 4, i / 4 + 1, i % 2);
  }
  fuzz_write("set/stimuli.tsv", table->str, table->len);
  return folder = g_build_filename(fuzz_folder(), "set", NULL);
}

static void use(const Protocol *protocol) {
  static const char *const labels[] = {"1", "017", "x"};
  json_object_unref(protocol_describe(protocol));
  g_autoptr(AllocationProof) proof = NULL;
  gsize n_trials = 0;
  for (gsize i = 0; i < protocol->n_blocks; i++)
    n_trials += trial_list_count(protocol, i);
  if (n_trials > MOST_TRIALS || !allocation_proof_new(protocol, &proof, NULL))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_autoptr(TrialList) list = NULL;
    if (!trial_list_new(protocol, labels[i], &list, NULL))
      continue;
    allocation_proof_add(proof, list);
    for (gsize t = 0; t < list->n_trials; t++)
      trial_timing(protocol, list->participant, &list->trials[t]);
    for (gsize q = 0; q < protocol->n_questions; q++)
      if (protocol->questions[q].kind == QUESTION_SLIDER)
        question_start(protocol, list->participant, &protocol->questions[q]);
    for (gsize b = 0; b < protocol->n_blocks; b++)
      for (gsize c = 0; c < protocol->blocks[b].n_checks; c++)
        check_place(protocol, list->participant, b, c, MAX(trial_list_count(protocol, b), 1));
  }
  g_free(allocation_proof_text(proof));
}

/* "FILE:LINE: what", "FILE: what" where the fault is no line's, in one line. */
static void check_message(const char *path, const char *message) {
  g_autofree char *line = rig_one_line(message);
  g_assert_cmpstr(line, ==, message);
  g_assert(g_str_has_prefix(message, path) && message[strlen(path)] == ':');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ProtocolOptions options = {.locale = "pl", .set = image_set()};
  const char *path = fuzz_file(data, size);
  g_autoptr(Protocol) protocol = NULL;
  g_auto(GStrv) faults = NULL, locales = NULL;
  g_autoptr(GError) error = NULL;
  if (!protocol_validate(path, &options, &faults, &error))
    check_message(path, error->message);
  for (char **fault = faults; fault != NULL && *fault != NULL; fault++)
    check_message(path, *fault);
  if (faults != NULL && faults[0] == NULL && protocol_open(path, &options, &protocol, NULL))
    use(protocol);
  protocol_locales(path, &locales, NULL);
  return 0;
}
