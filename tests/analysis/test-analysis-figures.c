/* Every figure, drawn from a small trace: that it is a picture, and holds the data that it should. */
#include "analysis-figure.h"
#include "test-picture.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

/* What each figure's data must hold, and its picture say. */
static const struct {
  const char *figure, *rows, *part, *data, *words;
} figures[] = {
  { "convergence", "small", "", "6.0\t0.4\t0.5\t2\n", "crash p1" },
  { "convergence", "small", "-disturbances", "\tcrash p1\tcrash\t6\t1\t1\t0.4\t2.0\t3.0\t4.0\n",
    "leafset.nearest" },
  { "convergence-sweep", "sweep", "-1", "N=2 life=5min\t2.0\t2\t0.6\t0.6\t0.8\t", "N=2 life=5min" },
  { "convergence-sweep", "sweep", "-2", "N=8 life=1h\t1.0\t2\t0.1\t0.1\t0.3\t", "N=8 life=1h" },
  { "convergence-sweep", "sweep", "-disturbances",
    "N=2 life=5min\t1\tstart n\t0.0\t2\t0.2\t2.0\t3.0\t3.0\t", "not yet (0 of 1)" },
  /* 5 s, when p1 crashed, is 0; the join is the first line */
  { "recovery", "small", "-2", "1\t0.4\n2\t0.6\n3\t0.95\n4\t1\n5\t1\n", "2 crash" },
  { "recovery", "small", "-1", "1\t0.4\n2\t1\n4\t1\n", "time since the end of the disturbance" },
  { "rings", "small", "", "2.0\t3\t?\n",
    "Split at 6 s, into 2 rings at most; one ring again at 8 s" },
  { "rings", "small", "-splits", "1\t2.0\t3.0\t3\n", "ring.count" },
  { "stale", "small", "", "6.0\t0.25\t1.0\n", "cache.stale" },
  { "status", "small", "", "6.0\t1\t0\t0\t0\t1\t2\n", "not running" },
  { "searches", "small", "", "6.5\t2\t0.5\t1\t1.0\t1.0\n", "search.correct" },
  { "latency", "small", "", "0.3\t0.75\n", "p50 200 ms" },
  { "hops", "small", "", "2\t1\t1\n", "nothing found" },
  { "hops-size", "sweep", "", "8\t1\t4\t3.0\t3.0\t3.0\t4\t4\n", "A sweep" },
  { "success-session", "sweep", "", "N\t8\t8.0\tnumber\t3\t1\t4\t3\t0.75\n", "param N" },
  { "success-session", "sweep", "-line", "8\t0.75\t4\n", "search.success" },
  { "traffic", "small", "", "3.5\t0\t0\t0\t0\t0\t0.5\t0\t2.0\t", "AUTHORITY" },
  { "load", "small", "", "1.0\t4.0\n", "p99 4/s" },
  { "load", "small", "-time", "6.5\t2\t1.0\t3.0\t3.0\n", "the busiest: p1" },
  { "ring", "small", "", "p0\t6000", "1 wrong neighbour link" },
  { "ring", "small", "-right", "0.125\t0.375\n", "in a square" },
  { "sequence", "small", "", "401\t202\t6.1\t6.15\ta0\tp0\tLOOKUP\t100\t?\t1\t?\n",
    "LOOKUP, 100 B, again" },
};

/* (transfer full) The picture of @figure in @format, drawn by the program, with @option if not NULL. */
static char *
draw_as(const char *folder, const char *trace, const char *figure, const char *base,
        const char *format, const char *option, size_t *ret_size)
{
  g_autofree char *name = g_strdup_printf("%s.%s", base, format);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  TestRun run = test_spawn_drtsim("plot", trace, figure, "-o", path, "--keep", option, NULL);
  cr_assert(run.status == 0, "%s: %s", name, run.err);
  g_autofree char *said = g_strdup_printf("%s\n", path);
  cr_expect_str_eq(run.out, said);
  test_run_clear(&run);
  char *picture = NULL;
  cr_assert(g_file_get_contents(path, &picture, ret_size, NULL));
  return picture;
}

static char *
draw(const char *folder, const char *trace, const char *figure, const char *format,
     const char *option, size_t *ret_size)
{
  return draw_as(folder, trace, figure, figure, format, option, ret_size);
}

Test(analysis_figures, are_svg_and_hold_their_data)
{
  char *folder = test_trace_folder();
  g_autofree char *small = test_trace_make(folder, "small", NULL);
  g_autofree char *sweep = test_trace_make(folder, "sweep", NULL);
  for (unsigned i = 0; i < G_N_ELEMENTS(figures); i++) {
    const char *trace = strcmp(figures[i].rows, "small") == 0 ? small : sweep;
    g_autofree char *picture = draw(folder, trace, figures[i].figure, "svg", NULL, NULL);
    g_autofree char *words = test_picture_xml(picture, "svg", NULL);
    cr_expect(strstr(words, figures[i].words) != NULL, "%s does not say '%s':\n%s",
              figures[i].figure, figures[i].words, words);
    g_autofree char *file = g_strdup_printf("%s%s.tsv", figures[i].figure, figures[i].part);
    g_autofree char *data = test_trace_read(folder, file);
    cr_expect(strstr(data, figures[i].data) != NULL, "%s does not hold '%s':\n%s", file,
              figures[i].data, data);
    cr_expect(g_str_has_prefix(data, "# ")); /* the names of the columns */
  }
  test_trace_folder_free(folder);
}

/* Whoever adds a figure adds it to the table above. */
Test(analysis_figures, are_all_tested)
{
  for (unsigned i = 0; analysis_figure_at(i) != NULL; i++) {
    bool found = false;
    for (unsigned k = 0; k < G_N_ELEMENTS(figures); k++)
      found = found || strcmp(figures[k].figure, analysis_figure_at(i)->name) == 0;
    cr_expect(found, "%s is in no test", analysis_figure_at(i)->name);
  }
}

Test(analysis_figures, are_png_and_say_where_they_are_from)
{
  char *folder = test_trace_folder();
  g_autofree char *small = test_trace_make(folder, "small", NULL);
  g_autofree char *sweep = test_trace_make(folder, "sweep", NULL);
  const char *last = "";
  for (unsigned i = 0; i < G_N_ELEMENTS(figures); i++) {
    if (strcmp(last, figures[i].figure) == 0)
      continue;
    last = figures[i].figure;
    const char *trace = strcmp(figures[i].rows, "small") == 0 ? small : sweep;
    size_t size;
    g_autofree char *picture = draw(folder, trace, last, "png", NULL, &size);
    test_picture_png(picture, size, 1800);
    g_autofree char *name = g_strdup_printf("%s.gp", last);
    g_autofree char *script = test_trace_read(folder, name);
    cr_expect(
      strstr(script, trace == small ? "small.drt, seed 18446744073709551615" : "sweep.drt") != NULL,
      "%s", last);
    cr_expect(strstr(script, "drtsim 0.1.0 (test)") != NULL, "%s", last);
  }
  test_trace_folder_free(folder);
}

Test(analysis_figures, are_pdf)
{
  char *folder = test_trace_folder();
  g_autofree char *small = test_trace_make(folder, "small", NULL);
  size_t size;
  g_autofree char *picture = draw(folder, small, "convergence", "pdf", NULL, &size);
  cr_expect(size > 1000 && memcmp(picture, "%PDF-", 5) == 0);
  test_trace_folder_free(folder);
}

/* The files that are kept draw the same picture, with gnuplot alone. */
Test(analysis_figures, kept_scripts_draw_the_same_again)
{
  char *folder = test_trace_folder();
  g_autofree char *small = test_trace_make(folder, "small", NULL);
  g_autofree char *first = draw(folder, small, "convergence", "svg", NULL, NULL);
  g_autofree char *command = g_strdup_printf(
    "cd '%s' && rm convergence.svg && LC_ALL=C.UTF-8 gnuplot -d convergence.gp", folder);
  TestRun run = test_spawn((const char *const[]){ "sh", "-c", command, NULL });
  cr_expect(run.status == 0, "%s", run.err);
  test_run_clear(&run);
  g_autofree char *again = test_trace_read(folder, "convergence.svg");
  cr_expect_str_eq(again, first);
  test_trace_folder_free(folder);
}

Test(analysis_figures, the_ring_is_drawn_at_the_time_that_is_asked_for)
{
  char *folder = test_trace_folder();
  g_autofree char *small = test_trace_make(folder, "small", NULL);
  g_autofree char *picture = draw(folder, small, "ring", "svg", "--at=4s", NULL);
  g_autofree char *words = test_picture_xml(picture, "svg", NULL);
  cr_expect(strstr(words, "At 4 s") != NULL && strstr(words, "3 keys") != NULL, "%s", words);
  cr_expect(strstr(words, "0 wrong neighbour links") != NULL, "%s", words);
  g_autofree char *early = draw(folder, small, "ring", "svg", "--at=1s", NULL);
  g_autofree char *early_words = test_picture_xml(early, "svg", NULL);
  cr_expect(strstr(early_words, "No key was registered") != NULL, "%s", early_words);
  g_autofree char *late = draw(folder, small, "ring", "svg", "--at=11s", NULL);
  g_autofree char *late_words = test_picture_xml(late, "svg", NULL);
  cr_expect(strstr(late_words, "over before that time, at 10 s") != NULL, "%s", late_words);
  test_trace_folder_free(folder);
}

Test(analysis_figures, of_a_sweep_one_run_can_be_chosen)
{
  char *folder = test_trace_folder();
  g_autofree char *sweep = test_trace_make(folder, "sweep", NULL);
  g_autofree char *all = draw(folder, sweep, "convergence", "svg", NULL, NULL);
  g_autofree char *one = draw(folder, sweep, "convergence", "svg", "--run=2", NULL);
  g_autofree char *all_words = test_picture_xml(all, "svg", NULL);
  g_autofree char *one_words = test_picture_xml(one, "svg", NULL);
  cr_expect(strstr(all_words, "sweep.drt, 4 runs, seeds 1, 2") != NULL, "%s", all_words);
  cr_expect(strstr(one_words, "seed 2 (run 2 of 4)") != NULL, "%s", one_words);
  test_trace_folder_free(folder);
}

/* Nothing but the run: no picture is an empty frame, and no exit is a failure. */
Test(analysis_figures, without_data_say_what_is_missing)
{
  static const char *const no_data = "DELETE FROM sample; DELETE FROM search; DELETE FROM event; "
                                     "DELETE FROM message; UPDATE node SET alive = NULL;"
                                     "UPDATE registration SET ended = 3000000000";
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", no_data);
  for (unsigned i = 0; analysis_figure_at(i) != NULL; i++) {
    const char *name = analysis_figure_at(i)->name;
    g_autofree char *path = g_build_filename(folder, "picture.svg", NULL);
    TestRun run = test_spawn_drtsim("plot", trace, name, "-o", path, NULL);
    cr_expect(run.status == 0, "%s", run.err);
    cr_expect(strstr(run.err, "note: ") != NULL && strstr(run.err, "has nothing to show: ") != NULL,
              "%s: %s", name, run.err);
    test_run_clear(&run);
    g_autofree char *picture = test_trace_read(folder, "picture.svg");
    g_autofree char *words = test_picture_xml(picture, "svg", NULL);
    cr_expect(strstr(words, "small.drt") != NULL); /* the caption is there all the same */
    cr_expect(strstr(words, "--") != NULL || strstr(words, "at the end of a run") != NULL,
              "%s gives no hint: %s", name, words);
  }
  test_trace_folder_free(folder);
}

/* Nor is the name of a file. */
Test(analysis_figures, file_names_may_have_quotes)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  static const char *const names[] = { "it's", "'", "$(x) `y` @z", "a b.c", "< true", "|cat" };
  for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *picture = draw_as(folder, trace, "hops", names[i], "svg", NULL, NULL);
    g_autofree char *words = test_picture_xml(picture, "svg", NULL);
    cr_expect(strstr(words, "Hops of searches") != NULL, "%s", names[i]);
  }
  test_trace_folder_free(folder);
}

/* A title is text, whatever is in it: for the shell, for gnuplot, for XML. */
Test(analysis_figures, titles_are_never_commands)
{
  char *folder = test_trace_folder();
  g_autofree char *trap = g_build_filename(folder, "trap", NULL);
  g_autofree char *sql =
    g_strdup_printf("UPDATE run SET title = '`touch %s` $(touch %s) ''.system(\"touch %s\").'' "
                    "</svg>&{/:Bold x}_y^2'; "
                    "UPDATE fault SET text = '`touch %s`''; system(\"touch %s\")';",
                    trap, trap, trap, trap, trap);
  g_autofree char *trace = test_trace_make(folder, "small", sql);
  g_autofree char *picture = draw(folder, trace, "convergence", "svg", NULL, NULL);
  g_autofree char *words = test_picture_xml(picture, "svg", NULL);
  cr_expect(!g_file_test(trap, G_FILE_TEST_EXISTS));
  cr_expect(strstr(words, "</svg>&{/:Bold x}_y^2") != NULL, "%s", words);
  test_trace_folder_free(folder);
}
