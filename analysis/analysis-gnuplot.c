/* Gnuplot reads files, so it gets a folder of its own with the script and the data. What people keep
 * is exactly these files. */
#include "analysis-gnuplot.h"

#include "analysis-error.h"
#include "analysis-resources.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

const char *
analysis_format_name(AnalysisFormat format)
{
  static const char *const names[ANALYSIS_FORMATS] = { "svg", "png", "pdf" };
  return names[format];
}

/* (transfer full) A file that is part of the program. */
static char *
resource(const char *name)
{
  g_autofree char *path = g_strdup_printf("/drtsim/analysis/plots/%s.gp", name);
  g_autoptr(GBytes) bytes =
    g_resource_lookup_data(analysis_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert(bytes != NULL);
  size_t size;
  const char *text = g_bytes_get_data(bytes, &size);
  return g_strndup(text, size);
}

/* ---- The script. ---- */

/* Pixels of the layout are points in print; a PNG has four dots for each, for screens that do. Its
 * fonts are measured in points of 96 dots to the inch. */
static void
append_terminal(GString *to, AnalysisDrawing *drawing, AnalysisFormat format)
{
  int width = (int)analysis_script_width(drawing->script),
      height = (int)analysis_script_height(drawing->script);
  g_string_append_printf(to, "scale = %s\n", format == ANALYSIS_PNG ? "1.5" : "1");
  switch (format) {
  case ANALYSIS_SVG:
    g_string_append_printf(
      to, "set terminal svg size %d,%d dynamic font 'Helvetica,13' background '#ffffff'\n", width,
      height);
    break;
  case ANALYSIS_PNG:
    g_string_append_printf(to,
                           "set terminal pngcairo size %d,%d font 'Helvetica,19.5' linewidth 2 "
                           "pointscale 2 dashlength 1.6 background '#ffffff'\n",
                           2 * width, 2 * height);
    break;
  case ANALYSIS_PDF:
    g_string_append_printf(
      to,
      "set terminal pdfcairo size %d/72.0 in,%d/72.0 in font 'Helvetica,13' fontscale 0.75 "
      "linewidth 2 dashlength 1.6\n",
      width, height);
    break;
  case ANALYSIS_FORMATS:
    g_assert_not_reached();
  }
  /* With a folder in front, a name that begins with '|', '<' or '$' is one, too. */
  g_autofree char *file = g_strdup_printf("./%s.%s", drawing->name, analysis_format_name(format));
  g_autofree char *output = analysis_script_quote(file);
  g_string_append_printf(to, "set output %s\n", output);
}

/* `data`, `data_disturbances`, ... */
static void
append_files(GString *to, AnalysisDrawing *drawing)
{
  for (unsigned i = 0; i < drawing->files->len; i++) {
    const AnalysisFile *file = drawing->files->pdata[i];
    g_autofree char *path = g_strconcat("./", file->name, NULL);
    g_autofree char *quoted = analysis_script_quote(path);
    g_autofree char *part = g_strndup(file->name + strlen(drawing->name),
                                      strlen(file->name) - strlen(drawing->name) - strlen(".tsv"));
    g_strdelimit(part, "-", '_');
    g_string_append_printf(to, "data%s = %s\n", part, quoted);
  }
}

char *
analysis_gnuplot_script(AnalysisDrawing *drawing, const char *template, AnalysisFormat format)
{
  GString *script = g_string_new(NULL);
  g_autofree char *style = resource("style");
  g_autofree char *plot = resource(template);
  g_autofree char *name = analysis_script_quote(drawing->name); /* a comment has one line, too */
  g_string_append_printf(script,
                         "# Made by drtsim plot: %s. To draw it again, give this file to gnuplot.\n"
                         "\n# ---- The page.\n\n",
                         name);
  append_terminal(script, drawing, format);
  append_files(script, drawing);
  g_string_append_printf(script, "\n# ---- What figures have in common.\n\n%s", style);
  g_string_append_printf(script, "\n# ---- What this one shows.\n\n%s",
                         analysis_script_body(drawing->script));
  g_string_append_printf(script, "\n# ---- How it is drawn.\n\n%s", plot);
  return g_string_free(script, FALSE);
}

/* ---- The picture. ---- */

bool
analysis_gnuplot_find(GError **error)
{
  g_autofree char *program = g_find_program_in_path("gnuplot");
  if (program != NULL)
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_GNUPLOT,
              "gnuplot is not installed: on Debian and Ubuntu it is in the package gnuplot-nox");
  return false;
}

static bool
write_file(const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GError) trouble = NULL;
  if (g_file_set_contents(path, text, -1, &trouble))
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_WRITE, "cannot write for gnuplot: %s",
              trouble->message);
  return false;
}

static bool
write_files(AnalysisDrawing *drawing, const char *script, const char *folder, GError **error)
{
  for (unsigned i = 0; i < drawing->files->len; i++) {
    const AnalysisFile *file = drawing->files->pdata[i];
    if (!write_file(folder, file->name, file->text, error))
      return false;
  }
  return write_file(folder, "script.gp", script, error);
}

static void
remove_folder(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(folder);
}

/* Without a user's own settings, and with numbers written as in C. */
static bool
run_gnuplot(const char *folder, GError **error)
{
  const char *argv[] = { "gnuplot", "-d", "script.gp", NULL };
  g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C.UTF-8", TRUE);
  g_autofree char *said = NULL;
  int status = 0;
  g_autoptr(GError) trouble = NULL;
  if (!g_spawn_sync(folder, (char **)argv, environment,
                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said,
                    &status, &trouble)) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_GNUPLOT, "cannot start gnuplot: %s",
                trouble->message);
    return false;
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_GNUPLOT, "gnuplot failed: %s",
              *g_strstrip(said) != '\0' ? said : "it said nothing");
  return false;
}

static GBytes *
draw_in(AnalysisDrawing *drawing, const char *folder, const char *script, AnalysisFormat format,
        GError **error)
{
  if (!write_files(drawing, script, folder, error) || !run_gnuplot(folder, error))
    return NULL;
  g_autofree char *name = g_strdup_printf("%s.%s", drawing->name, analysis_format_name(format));
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *picture;
  size_t size;
  if (g_file_get_contents(path, &picture, &size, NULL) && size > 0)
    return g_bytes_new_take(picture, size);
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_GNUPLOT, "gnuplot has drawn no %s",
              analysis_format_name(format));
  return NULL;
}

GBytes *
analysis_gnuplot_draw(AnalysisDrawing *drawing, const char *script, AnalysisFormat format,
                      GError **error)
{
  if (!analysis_gnuplot_find(error))
    return NULL;
  g_autoptr(GError) trouble = NULL;
  g_autofree char *folder = g_dir_make_tmp("drtsim-plot-XXXXXX", &trouble);
  if (folder == NULL) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_WRITE, "cannot write for gnuplot: %s",
                trouble->message);
    return NULL;
  }
  GBytes *picture = draw_in(drawing, folder, script, format, error);
  remove_folder(folder);
  return picture;
}
