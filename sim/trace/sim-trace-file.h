/* The file of a trace: which name it has while it is written, and in the end. */
#pragma once
#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

typedef struct {
  char *path;  /* wanted */
  char *file;  /* written */
  char *vfs;   /* or NULL */
  sqlite3 *db; /* NULL once it is closed */
} SimTraceFile;

/* What an earlier file is wanted for. */
typedef struct {
  /* Whether it can be used so, of a trace that is open for reading. */
  bool (*fits)(const void *data, sqlite3 *db, const char *path, GError **error);
  const void *data;
} SimTraceFileUse;

/* Creates it, with the schema. False: @error says why; nothing of an earlier trace was touched. */
bool sim_trace_file_open(SimTraceFile *file, const char *path, const char *vfs, GError **error);
/* Opens a trace to add to it, at its own name; creates it if there is none. One that does not fit
 * @use is left as it is. */
bool sim_trace_file_open_again(SimTraceFile *file, const char *path, const SimTraceFileUse *use,
                               bool *ret_new, GError **error);
/* Adds the indexes that every finished trace has. */
bool sim_trace_file_index(SimTraceFile *file);
/* Closes it. @whole: it is all there, and may take its place. */
bool sim_trace_file_close(SimTraceFile *file, bool whole, GError **error);
void sim_trace_file_clear(SimTraceFile *file);
/* @error from what SQLite says; and the file system, if it said something. */
void sim_trace_file_error(sqlite3 *db, const char *file, const char *doing, GError **error);
