/* Small traces, made by hand: the schema of sim/trace and rows from tests/analysis. */
#pragma once
#include <glib.h>

/* (transfer full) A new folder for a test; test_trace_folder_free removes it with all that is in it. */
char *test_trace_folder(void);
void test_trace_folder_free(char *folder);
/* (transfer full) The path of a new trace in @folder with the rows of tests/analysis/@rows.sql; NULL:
 * without rows. @more: SQL that runs at the end, or NULL. */
char *test_trace_make(const char *folder, const char *rows, const char *more);
/* (transfer full) A file's text. Fails the test if there is none. */
char *test_trace_read(const char *folder, const char *name);
