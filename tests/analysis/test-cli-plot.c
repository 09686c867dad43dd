/* `drtsim plot` and `drtsim report` from outside: where pictures go, and what is said of mistakes. */
#include "analysis-figure.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static void
expect_error(TestRun run, int status, const char *part)
{
  cr_expect(run.status == status, "status %d: %s", run.status, run.err);
  cr_expect_str_empty(run.out);
  cr_expect(strstr(run.err, part) != NULL, "'%s' is not in: %s", part, run.err);
  test_run_clear(&run);
}

static void
expect_good(TestRun run, const char *out)
{
  cr_expect(run.status == 0, "status %d: %s", run.status, run.err);
  cr_expect_str_empty(run.err);
  cr_expect(strstr(run.out, out) != NULL, "'%s' is not in: %s", out, run.out);
  test_run_clear(&run);
}

Test(cli_plot, lists_every_figure_with_a_line)
{
  TestRun run = test_spawn_drtsim("plot", "--list", NULL);
  cr_expect(run.status == 0);
  for (unsigned i = 0; analysis_figure_at(i) != NULL; i++) {
    g_autofree char *line =
      g_strdup_printf("%-18s %s\n", analysis_figure_at(i)->name, analysis_figure_at(i)->summary);
    cr_expect(strstr(run.out, line) != NULL, "%s", line);
  }
  test_run_clear(&run);
}

Test(cli_plot, pictures_go_where_they_are_wanted)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *pictures = g_build_filename(folder, "pictures", NULL);
  g_autofree char *base = g_path_get_basename(trace);
  base[strlen(base) - strlen(".db")] = '\0';
  g_autofree char *two =
    g_strdup_printf("%s/%s-latency.png\n%s/%s-hops.png\n", pictures, base, pictures, base);
  expect_good(
    test_spawn_drtsim("plot", trace, "latency", "hops", "--format", "png", "-o", pictures, NULL),
    two);
  /* Without --keep nothing else is left; with it, the script and the data are. */
  g_autofree char *script = g_strdup_printf("%s/%s-hops.gp", pictures, base);
  g_autofree char *data = g_strdup_printf("%s/%s-hops.tsv", pictures, base);
  cr_expect(!g_file_test(script, G_FILE_TEST_EXISTS) && !g_file_test(data, G_FILE_TEST_EXISTS));
  g_autofree char *hops = g_strdup_printf("%s/%s-hops.svg\n", pictures, base);
  expect_good(test_spawn_drtsim("plot", trace, "hops", "--keep", "-o", pictures, NULL), hops);
  cr_expect(g_file_test(script, G_FILE_TEST_EXISTS) && g_file_test(data, G_FILE_TEST_EXISTS));
  test_trace_folder_free(pictures);
  pictures = NULL;
  test_trace_folder_free(folder);
}

Test(cli_plot, mistakes_are_told_with_what_would_be_right)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *newer = test_trace_make(folder, "small", "PRAGMA user_version = 7");
  g_autofree char *text = g_build_filename(folder, "x.db", NULL);
  g_autofree char *odd = g_build_filename(folder, "x.jpeg", NULL);
  cr_assert(g_file_set_contents(text, "no database", -1, NULL));
  expect_error(test_spawn_drtsim("plot", NULL), 2, "needs a trace");
  expect_error(test_spawn_drtsim("plot", trace, "convergense", NULL), 2,
               "there is no figure 'convergense' (did you mean 'convergence'?)");
  expect_error(test_spawn_drtsim("plot", trace, "--fromat", "png", NULL), 2,
               "(did you mean '--format'?)");
  expect_error(test_spawn_drtsim("plot", trace, "--format", "jpeg", NULL), 2, "svg, png or pdf");
  expect_error(test_spawn_drtsim("plot", trace, "-o", odd, NULL), 2, "svg, png or pdf");
  expect_error(test_spawn_drtsim("plot", trace, "-o", "x.png", "--format", "svg", NULL), 2,
               "'x.png' would be a picture of the format png, not of '--format svg'");
  expect_error(test_spawn_drtsim("plot", trace, "--at", "5", NULL), 2, "wants a time such as");
  expect_error(test_spawn_drtsim("plot", trace, "--run", "9", NULL), 2, "there is no run 9");
  expect_error(test_spawn_drtsim("plot", trace, "--search", "9", NULL), 2, "there is no search 9");
  expect_error(test_spawn_drtsim("plot", trace, "--x", "lfie", NULL), 2,
               "there is no param 'lfie' in '");
  expect_error(test_spawn_drtsim("plot", trace, "--x", "lfie", NULL), 2, "its params are N,life");
  expect_error(test_spawn_drtsim("plot", trace, "--format", NULL), 2, "needs a value");
  expect_error(test_spawn_drtsim("plot", text, NULL), 2, "is not a trace of drtsim");
  expect_error(test_spawn_drtsim("plot", newer, NULL), 2, "has version 7");
  expect_error(test_spawn_drtsim("report", newer, NULL), 2, "has version 7");
  expect_error(test_spawn_drtsim("report", trace, "--run", "9", NULL), 2, "there is no run 9");
  expect_error(test_spawn_drtsim("report", trace, trace, NULL), 2, "takes one trace");
  expect_error(test_spawn_drtsim("report", NULL), 2, "needs a trace");
  test_trace_folder_free(folder);
}

Test(cli_plot, what_cannot_be_written_is_a_failure)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *nowhere = g_build_filename(folder, "no", "x.svg", NULL);
  expect_error(test_spawn_drtsim("plot", trace, "-o", nowhere, NULL), 4, "cannot write");
  expect_error(test_spawn_drtsim("report", trace, "-o", nowhere, NULL), 4, "cannot write");
  expect_error(test_spawn_drtsim("plot", trace, "hops", "latency", "-o", trace, NULL), 4,
               "cannot make the folder");
  test_trace_folder_free(folder);
}

/* The picture of before is still there, and the message names the package. */
Test(cli_plot, without_gnuplot_it_says_which_package_has_it)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *picture = g_build_filename(folder, "x.svg", NULL);
  cr_assert(g_file_set_contents(picture, "old", -1, NULL));
  static const char *const commands[] = { "plot", "report" };
  for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_autofree char *command = g_strdup_printf(
      "PATH=/nowhere exec \"$DRTSIM_PROGRAM\" %s '%s' -o '%s'", commands[i], trace, picture);
    expect_error(test_spawn((const char *const[]){ "sh", "-c", command, NULL }), 4, "gnuplot-nox");
  }
  g_autofree char *kept = test_trace_read(folder, "x.svg");
  cr_expect_str_eq(kept, "old");
  test_trace_folder_free(folder);
}

/* A gnuplot that fails leaves the old picture, and what it said is told. */
Test(cli_plot, a_gnuplot_that_fails_is_a_failure)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *fake = g_build_filename(folder, "gnuplot", NULL);
  cr_assert(g_file_set_contents(fake, "#!/bin/sh\necho 'no font' >&2\nexit 1\n", -1, NULL));
  cr_assert(g_chmod(fake, 0755) == 0);
  g_autofree char *command = g_strdup_printf(
    "PATH='%s' exec \"$DRTSIM_PROGRAM\" plot '%s' -o '%s/x.svg'", folder, trace, folder);
  expect_error(test_spawn((const char *const[]){ "sh", "-c", command, NULL }), 4,
               "gnuplot failed: no font");
  test_trace_folder_free(folder);
}

Test(cli_plot, a_run_that_did_not_end_is_drawn_with_a_note)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(
    folder, "small", "UPDATE run SET complete = 0, reached = NULL, verdict = NULL, wall_s = NULL");
  g_autofree char *picture = g_build_filename(folder, "x.svg", NULL);
  TestRun run = test_spawn_drtsim("plot", trace, "-o", picture, NULL);
  cr_expect(run.status == 0);
  cr_expect(strstr(run.err, "did not come to its end") != NULL, "%s", run.err);
  test_run_clear(&run);
  g_autofree char *svg = test_trace_read(folder, "x.svg");
  cr_expect(strstr(svg, "incomplete: stopped before its end") != NULL);
  test_trace_folder_free(folder);
}
