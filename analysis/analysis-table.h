/* The answer of a query, in memory: what figures and reports are made of. */
#pragma once
#include "analysis-trace.h"

/* What the queries in analysis/sql may ask for by name; zero or NULL: not said, and each query has
 * its own default. */
typedef struct {
  int64_t run; /* :run */
  double at;   /* :at, seconds; only with has_at */
  bool has_at;
  int64_t search; /* :search */
  int64_t id;     /* :id, of any row */
  const char *x;  /* :x, the name of a param */
  int64_t bins;   /* :bins, the most rows of a series */
} AnalysisParams;

typedef struct AnalysisTable AnalysisTable;

/* (transfer full) The answer of analysis/sql/@name.sql. */
AnalysisTable *analysis_table_query(AnalysisTrace *trace, const char *name,
                                    const AnalysisParams *params, GError **error);
/* NULL is ignored. */
void analysis_table_free(AnalysisTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnalysisTable, analysis_table_free)

unsigned analysis_table_rows(const AnalysisTable *table);
unsigned analysis_table_columns(const AnalysisTable *table);
const char *analysis_table_column_name(const AnalysisTable *table, unsigned column);
/* A column by its name; one that the query does not have is a mistake of ours. */
unsigned analysis_table_column(const AnalysisTable *table, const char *name);
/* NULL where the database has NULL. (transfer none) */
const char *analysis_table_text(const AnalysisTable *table, unsigned row, const char *column);
/* NAN where the database has NULL. */
double analysis_table_number(const AnalysisTable *table, unsigned row, const char *column);
int64_t analysis_table_integer(const AnalysisTable *table, unsigned row, const char *column);
/* Whether the column holds something else than NULL in any row. */
bool analysis_table_has(const AnalysisTable *table, const char *column);
/* The greatest number of a column, or @least if none is greater. */
double analysis_table_max(const AnalysisTable *table, const char *column, double least);
/* (transfer full) As text with tabs between, and the names in the first line behind a '#'. NULL is
 * '?', which gnuplot takes for a missing value. */
char *analysis_table_tsv(const AnalysisTable *table);
/* (transfer full) Only rows whose @column is @value; all if @column is NULL. */
char *analysis_table_tsv_where(const AnalysisTable *table, const char *column, const char *value);
