/* How a text or a picture gets to where it is wanted. A file of that name is replaced at once, when
 * all is written beside it; what only passes bytes on (a pipe, a terminal, a device, what is our own
 * standard output under another name) is written into; what takes none is refused. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct AnalysisOutput AnalysisOutput;

/* (transfer full), or NULL: ANALYSIS_ERROR_WRITE, and nothing was touched. */
AnalysisOutput *analysis_output_open(const char *path, GError **error);
/* Whoever writes need not look for errors. (transfer none) */
FILE *analysis_output_stream(AnalysisOutput *output);
/* Ends it, and frees it. @whole: all was written that should be; otherwise an earlier file stays as
 * it was, and nothing is said. */
bool analysis_output_close(AnalysisOutput *output, bool whole, GError **error);
/* All at once. */
bool analysis_output_write(const char *path, const void *data, size_t size, GError **error);
