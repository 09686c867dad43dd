/* The page about a run: complete in itself, well-formed, and with what is worst first. */
#include "test-picture.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* (transfer full) The page that the program makes of a trace. */
static char *
page_of(const char *folder, const char *trace, const char *option)
{
  g_autofree char *path = g_build_filename(folder, "page.html", NULL);
  TestRun run = test_spawn_drtsim("report", trace, "-o", path, option, NULL);
  cr_assert(run.status == 0, "%s", run.err);
  test_run_clear(&run);
  return test_trace_read(folder, "page.html");
}

static void
expect_has(const char *text, const char *part)
{
  cr_expect(strstr(text, part) != NULL, "'%s' is missing", part);
}

/* Nothing is fetched, nothing runs, and every id is one element's. */
static char *
check_page(const char *page)
{
  static const char *const never[] = { "http:", "https:", "src=", "<script", "@import", "<link" };
  for (unsigned i = 0; i < G_N_ELEMENTS(never); i++)
    cr_expect(strstr(page, never[i]) == NULL, "'%s' is in the page", never[i]);
  expect_has(page, "<!DOCTYPE html>");
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  char *words = test_picture_xml(strstr(page, "<html"), "html", ids);
  /* References inside the page lead somewhere. */
  for (const char *at = page; (at = strstr(at, "href=")) != NULL; at++) {
    cr_assert(at[6] == '#', "%.40s", at);
    g_autofree char *id = g_strndup(at + 7, strcspn(at + 7, "\"'"));
    cr_expect(g_hash_table_contains(ids, id), "nothing is called '%s'", id);
  }
  return words;
}

Test(analysis_report, of_a_run_has_all_parts_and_needs_nothing_else)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *page = page_of(folder, trace, NULL);
  g_autofree char *words = check_page(page);
  static const char *const parts[] = {
    "A \"small\" run, <made> by hand & head", /* escaped, it is text again */
    "4 nodes, 10 s of virtual time in 500 ms; seed 18446744073709551615",
    "always ring.count == 1",
    "small.drt:9",
    "search.success, whole run",
    "75 %",
    "start a0, start p over 1s",
    "NOT FOUND after 300 ms (timeout), having asked 2 nodes\n  - p0 had that key all through, and "
    "was "
    "asked\n  - 2 messages were lost on the way: loss 2",
    "because the scenario (line 5): from 3s to 10s search 1/s",
    "LOOKUP to p0, LOST (loss)  [message:400]  = rejected unreachable",
    "Convergence of leaf sets",
    "Messages of one search",
    "drtsim run small.drt --seed 18446744073709551615",
    "0123456789abcdef",
    "title \"small\"",
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
    expect_has(words, parts[i]);
  g_autofree char *why = g_strdup_printf("drtsim why %s search:202", trace);
  expect_has(words, why);
  const char *failed = strstr(words, "✗ failed"), *held = strstr(words, "✓ held");
  cr_expect(failed != NULL && held != NULL && failed < held); /* bad news first */
  test_trace_folder_free(folder);
}

/* What a trace keeps of searches decides how much of their stories can be told. */
Test(analysis_report, tells_of_searches_what_the_trace_holds)
{
  static const struct {
    const char *sql, *has, *has_not;
  } rows[] = {
    { "UPDATE fault SET text = 'search </pre> & <b>' WHERE id = 105", "): search </pre> & <b>\n",
      "was not recorded" },
    { "DELETE FROM message; DELETE FROM note",
      " 1. p0, 3 bits like the target: rejected unreachable", "[message:400]" },
    { "DELETE FROM message; DELETE FROM note",
      "not the messages: 'drtsim run --trace protocol' keeps them", "was not recorded" },
    { "DELETE FROM message; DELETE FROM note; DELETE FROM hop",
      "was not recorded: 'drtsim run --trace protocol' does", "How it went" },
    { "DELETE FROM message; DELETE FROM note; DELETE FROM hop", "- p0 had that key all through\n",
      "drtsim why" },
  };
  char *folder = test_trace_folder();
  for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *trace = test_trace_make(folder, "small", rows[i].sql);
    g_autofree char *page = page_of(folder, trace, NULL);
    g_autofree char *words = check_page(page);
    expect_has(words, rows[i].has);
    cr_expect(strstr(words, rows[i].has_not) == NULL, "'%s' is in the page", rows[i].has_not);
  }
  test_trace_folder_free(folder);
}

/* A page changes nothing in its trace, though stories need what it has no indexes for. */
Test(analysis_report, leaves_the_trace_as_it_was)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  cr_assert(g_chmod(trace, 0444) == 0);
  g_autoptr(GFile) file = g_file_new_for_path(trace);
  g_autoptr(GBytes) before = g_file_load_bytes(file, NULL, NULL, NULL);
  g_free(page_of(folder, trace, NULL));
  g_autoptr(GBytes) after = g_file_load_bytes(file, NULL, NULL, NULL);
  cr_expect(before != NULL && after != NULL && g_bytes_equal(before, after));
  test_trace_folder_free(folder);
}

Test(analysis_report, of_a_sweep_lists_its_runs)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "sweep", NULL);
  g_autofree char *page = page_of(folder, trace, NULL);
  g_autofree char *words = check_page(page);
  expect_has(words, "A sweep of 4 runs.");
  expect_has(words, "2 of 4 held.");
  expect_has(words, "N=8 life=1h");
  expect_has(words, "Hops against the number of nodes");
  g_autofree char *one = page_of(folder, trace, "--run=2");
  g_autofree char *one_words = check_page(one);
  expect_has(one_words, "seed 2");
  expect_has(one_words, "Verdicts");
  test_trace_folder_free(folder);
}

/* Killed at its first moment: still a page, which says so. */
Test(analysis_report, of_an_empty_run_is_a_page)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(
    folder, "small",
    "DELETE FROM sample; DELETE FROM search; DELETE FROM event; DELETE FROM message; DELETE FROM "
    "hop;"
    "DELETE FROM fault; DELETE FROM life; DELETE FROM expectation; DELETE FROM registration;"
    "UPDATE run SET complete = 0, reached = NULL, verdict = NULL, wall_s = NULL, events = NULL,"
    " messages = NULL, bytes = NULL, nodes_peak = NULL, peak_rss_bytes = NULL, title = NULL,"
    " trajectory = NULL, results = NULL; UPDATE node SET alive = NULL, sent = NULL");
  g_autofree char *page = page_of(folder, trace, NULL);
  g_autofree char *words = check_page(page);
  expect_has(words, "did not come to its end");
  expect_has(words, "Nothing was expected");
  expect_has(words, "Not shown, for want of data:");
  test_trace_folder_free(folder);
}

/* What a browser makes of a page, and layout.js of that. */
static void
check_layout(const char *folder, const char *page, unsigned width)
{
  g_autofree char *script = test_trace_read(g_getenv("DRTSIM_SOURCE"), "tests/analysis/layout.js");
  g_autofree char *copy = g_build_filename(folder, "copy.html", NULL);
  g_autofree char *profile = g_strdup_printf("--user-data-dir=%s/browser", folder);
  g_autofree char *size = g_strdup_printf("--window-size=%u,900", width);
  g_auto(GStrv) parts = g_strsplit(page, "</body>", 2);
  g_autofree char *text =
    g_strdup_printf("%s<script>\n%s</script></body>%s", parts[0], script, parts[1]);
  cr_assert(g_file_set_contents(copy, text, -1, NULL));
  TestRun run =
    test_spawn((const char *const[]){ "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                                      profile, size, "--dump-dom", copy, NULL });
  cr_expect(strstr(run.out, "<pre id=\"layout\">DONE</pre>") != NULL, "at a width of %u:\n%s",
            width, run.out);
  test_run_clear(&run);
}

/* In a browser no text of a picture lies on another or leaves it, and no page is wider than its window. */
Test(analysis_report, fits_its_page, .timeout = 100)
{
  g_autofree char *browser = g_find_program_in_path("chromium");
  cr_assert(browser != NULL, "chromium is not installed: .ci/setup check installs it");
  char *folder = test_trace_folder();
  static const char *const rows[] = { "small", "sweep" };
  for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *trace = test_trace_make(folder, rows[i],
                                             "UPDATE run SET title = 'A title that is so long that "
                                             "it needs two lines of a picture, and then "
                                             "goes on and on, and has no end that anybody has "
                                             "seen, not on one line, and not on two of them, "
                                             "so that it is cut'");
    g_autofree char *page = page_of(folder, trace, NULL);
    check_layout(folder, page, 1000);
    check_layout(folder, page, 500);
  }
  g_autofree char *browser_folder = g_build_filename(folder, "browser", NULL);
  TestRun removed = test_spawn((const char *const[]){ "rm", "-rf", browser_folder, NULL });
  test_run_clear(&removed);
  test_trace_folder_free(folder);
}
