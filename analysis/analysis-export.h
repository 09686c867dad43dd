/* Tables and views as CSV, as RFC 4180 has it. */
#pragma once
#include "analysis-trace.h"

#include <stdio.h>

/* (transfer full) The names of all views, then of all tables, ended by NULL: g_strfreev. */
char **analysis_export_names(AnalysisTrace *trace, GError **error);
/* (transfer full) The columns of one of them, with ", " between. */
char *analysis_export_columns(AnalysisTrace *trace, const char *name, GError **error);
/* Writes the rows of a view or table, the names of its columns first. NULL is an empty field, an
 * empty text is "", bytes are hexadecimal digits. The caller looks whether @to has an error. */
bool analysis_export_to(AnalysisTrace *trace, const char *name, FILE *to, GError **error);
/* The same into the file @path, which is replaced when all is there. */
bool analysis_export_file(AnalysisTrace *trace, const char *name, const char *path, GError **error);
