#include "analysis-drawing.h"

static void
file_free(gpointer data)
{
  AnalysisFile *file = data;
  g_free(file->name);
  g_free(file->text);
  g_free(file);
}

AnalysisDrawing *
analysis_drawing_new(AnalysisTrace *trace, const char *name, const AnalysisParams *params,
                     GError **error)
{
  AnalysisTable *run = analysis_table_query(trace, "run", params, error);
  if (run == NULL)
    return NULL;
  g_assert(analysis_table_rows(run) == 1); /* the caller has looked */
  AnalysisDrawing *drawing = g_new0(AnalysisDrawing, 1);
  drawing->trace = trace;
  drawing->name = name;
  drawing->params = *params;
  drawing->files = g_ptr_array_new_with_free_func(file_free);
  drawing->script = analysis_script_new(900, 560);
  drawing->run = run;
  drawing->params.run = analysis_table_integer(run, 0, "id");
  return drawing;
}

void
analysis_drawing_free(AnalysisDrawing *drawing)
{
  if (drawing == NULL)
    return;
  analysis_table_free(drawing->run);
  analysis_script_free(drawing->script);
  g_ptr_array_unref(drawing->files);
  g_free(drawing->missing);
  g_free(drawing->hint);
  g_free(drawing->picture_of);
  g_free(drawing);
}

AnalysisTable *
analysis_drawing_query(AnalysisDrawing *drawing, const char *query, GError **error)
{
  return analysis_table_query(drawing->trace, query, &drawing->params, error);
}

void
analysis_drawing_data_text(AnalysisDrawing *drawing, const char *part, char *text)
{
  AnalysisFile *file = g_new0(AnalysisFile, 1);
  file->name = part == NULL ? g_strdup_printf("%s.tsv", drawing->name)
                            : g_strdup_printf("%s-%s.tsv", drawing->name, part);
  file->text = text;
  g_ptr_array_add(drawing->files, file);
}

void
analysis_drawing_data(AnalysisDrawing *drawing, const char *part, const AnalysisTable *table)
{
  analysis_drawing_data_text(drawing, part, analysis_table_tsv(table));
}

bool
analysis_drawing_nothing(AnalysisDrawing *drawing, const char *missing, const char *hint)
{
  g_assert(drawing->missing == NULL);
  drawing->missing = g_strdup(missing);
  drawing->hint = g_strdup(hint);
  return true;
}

void
analysis_drawing_about(AnalysisDrawing *drawing, char *text)
{
  g_free(drawing->picture_of);
  drawing->picture_of = text;
}
