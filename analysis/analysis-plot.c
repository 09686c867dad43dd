#include "analysis-plot.h"

#include "analysis-output.h"
#include "analysis-page.h"

#include <string.h>

const AnalysisFigure *
analysis_plot_choose(AnalysisTrace *trace, const AnalysisFigure *figure,
                     const AnalysisParams *params)
{
  if (analysis_trace_runs(trace) < 2 || params->run > 0)
    return figure;
  g_autofree char *sweep = g_strdup_printf("%s-sweep", figure->name);
  const AnalysisFigure *other = analysis_figure_find(sweep);
  return other == NULL ? figure : other;
}

/* (transfer full) The drawing with its data and script; *@ret_template: what draws it. */
static AnalysisDrawing *
prepare(AnalysisTrace *trace, const AnalysisFigure *figure, const AnalysisParams *params,
        const char *name, const char **ret_template, GError **error)
{
  g_autoptr(AnalysisDrawing) drawing = analysis_drawing_new(trace, name, params, error);
  if (drawing == NULL || !figure->prepare(drawing, figure->title, error))
    return NULL;
  *ret_template = figure->template;
  if (drawing->missing != NULL) {
    analysis_page_nothing(drawing, figure->title);
    *ret_template = "nothing";
  }
  return g_steal_pointer(&drawing);
}

/* ---- Files. ---- */

/* Script and data stand beside the picture. */
static bool
keep_files(const AnalysisDrawing *drawing, const char *script, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  for (unsigned i = 0; i < drawing->files->len; i++) {
    const AnalysisFile *file = drawing->files->pdata[i];
    g_autofree char *beside = g_build_filename(folder, file->name, NULL);
    if (!analysis_output_write(beside, file->text, strlen(file->text), error))
      return false;
  }
  g_autofree char *name = g_strdup_printf("%s.gp", drawing->name);
  g_autofree char *beside = g_build_filename(folder, name, NULL);
  return analysis_output_write(beside, script, strlen(script), error);
}

/* (transfer full) The name of a picture's file without the ending that says its format. */
static char *
base_of(const char *path, AnalysisFormat format)
{
  g_autofree char *ending = g_strdup_printf(".%s", analysis_format_name(format));
  char *name = g_path_get_basename(path);
  if (g_str_has_suffix(name, ending) && strlen(name) > strlen(ending))
    name[strlen(name) - strlen(ending)] = '\0';
  return name;
}

bool
analysis_plot_draw(AnalysisTrace *trace, const AnalysisPlot *plot, char **ret_missing,
                   GError **error)
{
  g_autofree char *name = base_of(plot->path, plot->format);
  const char *template;
  g_autoptr(AnalysisDrawing) drawing =
    prepare(trace, plot->figure, &plot->params, name, &template, error);
  if (drawing == NULL)
    return false;
  g_autofree char *script = analysis_gnuplot_script(drawing, template, plot->format);
  g_autoptr(GBytes) picture = analysis_gnuplot_draw(drawing, script, plot->format, error);
  if (picture == NULL)
    return false;
  size_t size;
  const void *data = g_bytes_get_data(picture, &size);
  if ((plot->keep && !keep_files(drawing, script, plot->path, error)) ||
      !analysis_output_write(plot->path, data, size, error))
    return false;
  *ret_missing = g_strdup(drawing->missing);
  return true;
}

GBytes *
analysis_plot_svg(AnalysisTrace *trace, const AnalysisFigure *figure, const AnalysisParams *params,
                  char **ret_missing, GError **error)
{
  const char *template;
  g_autoptr(AnalysisDrawing) drawing =
    prepare(trace, figure, params, figure->name, &template, error);
  if (drawing == NULL)
    return NULL;
  g_autofree char *script = analysis_gnuplot_script(drawing, template, ANALYSIS_SVG);
  GBytes *picture = analysis_gnuplot_draw(drawing, script, ANALYSIS_SVG, error);
  if (picture != NULL)
    *ret_missing = g_strdup(drawing->missing);
  return picture;
}
