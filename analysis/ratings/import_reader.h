/* A file under a column map: where each of the map's columns stands. Internal to the importer. */
#ifndef DREAMRIG_RATINGS_IMPORT_READER_H
#define DREAMRIG_RATINGS_IMPORT_READER_H

#include "analysis/ratings/import_private.h"

/* A column of the map, found in the file. */
typedef struct {
  bool there;
  bool is_file_name;
  gsize index;
  char *name;   /* as the map has it */
  char *member; /* of the JSON object in the cells; NULL: the cell itself */
} ImportColumn;

/* One image of a wide table: its columns. */
typedef struct {
  char *image;
  gssize scales[RATINGS_MAX_SCALES]; /* -1: none */
  gssize time;
} ImportWide;

typedef struct {
  Import *import;
  const ImportMap *map;
  Delimited *table;
  const char *file; /* its name without folder */
  char *stem;
  ImportColumn keep, participant, session, trial, image, layer, response_time, simulated, scale, value;
  ImportColumn scales[RATINGS_MAX_SCALES], touched[RATINGS_MAX_SCALES];
  GArray *attention; /* ImportColumn */
  GArray *wide;      /* ImportWide */
} ImportReader;

/* `name` is the file's without folder, and `file` the same, kept by the import. */
ImportReader import_reader_new(Import *import, const char *name, const char *file);
void import_reader_clear(ImportReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportReader, import_reader_clear)

/* Sets an error that names file, line and column (NULL: none); returns false. */
G_GNUC_PRINTF(5, 6)
bool import_reader_fault(const ImportReader *reader, gsize row, const char *column, GError **error, const char *format,
                         ...);
/* Finds the map's columns in reader->table. */
bool import_reader_find(ImportReader *reader, GError **error);

#endif
