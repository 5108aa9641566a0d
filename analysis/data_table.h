/* The tables that models are fitted to: our own, or another program's CSV. */
#ifndef DREAMRIG_DATA_TABLE_H
#define DREAMRIG_DATA_TABLE_H

#include "stimuli/base/table.h"

/* Reads a table as table_read does, without the blanks around its cells; a file whose name ends in .csv as delimited_read does, separated by commas,
 * semicolons or tabs. Fails as those, and of a CSV with RIG_ERROR_INPUT, naming file and line or column, on a column
 * without a name or with another's, on an empty line or a cell of several lines, by which later lines could not be
 * named in messages, and on a column of numbers with decimal commas, which would be taken for words. Free with
 * table_free. */
bool data_table_read(const char *path, Table **table, GError **error);

#endif
