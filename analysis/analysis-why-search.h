/* The story of one search. */
#pragma once
#include "analysis-table.h"

typedef struct {
  char *head; /* who looked for what, and what made it look */
  char *way;  /* whom it asked, in lines; "" if that was not recorded */
  char *end;  /* what it came to and, if that is bad, why; in lines */
} AnalysisWhySearch;

/* (transfer full) All three of them as one text. */
char *analysis_why_search(AnalysisTrace *trace, int64_t id, GError **error);
/* Fills @ret, which is cleared by the caller. False and the error if the trace cannot be read. */
bool analysis_why_search_parts(AnalysisTrace *trace, int64_t id, AnalysisWhySearch *ret,
                               GError **error);
void analysis_why_search_clear(AnalysisWhySearch *story);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AnalysisWhySearch, analysis_why_search_clear)

/* Before the stories of several searches: puts their messages at hand, which takes one look at the trace
 * instead of some for each of them. It writes nothing to the file. Until _put_back, queries see no other
 * messages and notes. */
bool analysis_why_search_take(AnalysisTrace *trace, const GArray *ids, GError **error);
void analysis_why_search_put_back(AnalysisTrace *trace);

/* A line about the first row of the answer of why-row. */
void analysis_why_line(GString *to, const AnalysisTable *row, int64_t id, unsigned depth);
