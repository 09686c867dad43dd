/* A figure that is being made: what every one of them needs. */
#pragma once
#include "analysis-script.h"
#include "analysis-table.h"

/* One of the files that a picture is drawn from. */
typedef struct {
  char *name;
  char *text;
} AnalysisFile;

typedef struct {
  AnalysisTrace *trace;
  AnalysisParams params; /* run is set */
  const char *name;      /* of the figure, and so of its files */
  AnalysisTable *run;    /* the answer of run.sql */
  AnalysisScript *script;
  GPtrArray *files; /* of AnalysisFile: the data */
  char *missing;    /* not NULL: there is nothing to draw, and why */
  char *hint;       /* what would give it, or NULL */
  char *picture_of; /* what the caption adds: "412 searches" */
  bool areas;       /* it fills the panel: disturbances are drawn on top */
  bool all_runs;    /* the caption is about all runs of the trace */
} AnalysisDrawing;

/* A rectangle on the page, in pixels. */
typedef struct {
  double left, top, right, bottom;
} AnalysisPanel;

/* (transfer full) @name: (transfer none), must outlive it. */
AnalysisDrawing *analysis_drawing_new(AnalysisTrace *trace, const char *name,
                                      const AnalysisParams *params, GError **error);
void analysis_drawing_free(AnalysisDrawing *drawing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnalysisDrawing, analysis_drawing_free)

/* (transfer full) The answer of a query about this drawing's run. */
AnalysisTable *analysis_drawing_query(AnalysisDrawing *drawing, const char *query, GError **error);
/* Puts a table beside the script: as NAME.tsv, or NAME-@part.tsv. */
void analysis_drawing_data(AnalysisDrawing *drawing, const char *part, const AnalysisTable *table);
/* The same with a text that is made already. (transfer full) */
void analysis_drawing_data_text(AnalysisDrawing *drawing, const char *part, char *text);
/* There is nothing to draw: @missing says what, @hint what to do. True, so that a figure can return
 * it: a picture that says so is no failure. */
bool analysis_drawing_nothing(AnalysisDrawing *drawing, const char *missing, const char *hint);
/* What the caption adds about this picture. (transfer full) */
void analysis_drawing_about(AnalysisDrawing *drawing, char *text);
