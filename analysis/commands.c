#include "analysis/commands.h"

#include "analysis/output_place.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

static bool check_outputs(const StimulusSet *set, const char *const *outputs, gsize n_outputs, GError **error) {
  g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(own, g_build_filename(set->folder, MANIFEST_TABLE, NULL));
  g_ptr_array_add(own, g_build_filename(set->folder, MANIFEST_RECORD, NULL));
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++)
    g_ptr_array_add(own, stimulus_set_path(set, row));
  return output_place_check_files(outputs, n_outputs, (const char *const *)own->pdata, own->len, error);
}

bool commands_open_set(const char *folder, bool verify, const char *const *outputs, gsize n_outputs, StimulusSet **set,
                       GError **error) {
  g_autoptr(StimulusSet) opened = NULL;
  if (!stimulus_set_open(folder, verify, &opened, error))
    return false;
  if (table_n_rows(opened->stimuli) == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: the set has no images", table_name(opened->stimuli));
    return false;
  }
  if (!check_outputs(opened, outputs, n_outputs, error))
    return false;
  *set = g_steal_pointer(&opened);
  return true;
}

static bool write_table(const Table *table, const char *out, int mode, GError **error) {
  g_autofree char *folder = g_path_get_dirname(out);
  return files_make_folder(folder, 0755, error) && table_write(table, out, mode, error);
}

bool commands_write_table(const Table *table, const char *out, GError **error) {
  return write_table(table, out, FILES_PUBLIC, error);
}

bool commands_write_private(const Table *table, const char *out, GError **error) {
  return write_table(table, out, FILES_PRIVATE, error);
}
