/* Every scenario once more, with a trace: it holds, its fingerprints are the same, and the trace is
 * sound. */
#include "test-recorded.h"
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>

/* Looks at each trace, and removes it. */
static unsigned
check_traces(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  unsigned n = 0;
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *check = test_recorded_text(path, "PRAGMA integrity_check");
    cr_expect_str_eq(check, "ok", "%s: %s", name, check);
    test_recorded_expect_none(path, name, "PRAGMA foreign_key_check");
    cr_expect_eq(test_recorded_number(path, "SELECT complete FROM run"), 1, "%s", name);
    g_unlink(path);
    n++;
  }
  return n;
}

static unsigned
scenarios_in(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  unsigned n = 0;
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL)
    n += g_str_has_suffix(name, ".drt");
  return n;
}

static void
run_folder(const char *folder, const char *classes)
{
  g_autofree char *traces = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(g_getenv("DRTSIM_SOURCE"), "scenarios", folder, NULL);
  TestRun run =
    test_spawn_drtsim("test", path, "--traces", traces, "--trace", classes, "--jobs", "2", NULL);
  cr_expect(run.status == 0, "%s%s", run.out, run.err);
  test_run_clear(&run);
  cr_expect_eq(check_traces(traces), scenarios_in(path));
  g_rmdir(traces);
}

Test(scenarios_traced, api_all, .timeout = 300)
{
  run_folder("api", "all");
}

/* They are long: where memory is watched, api and a part of each are enough. */
#ifndef __SANITIZE_ADDRESS__
#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
#if !__has_feature(address_sanitizer)
Test(scenarios_traced, tour_protocol, .timeout = 300)
{
  run_folder("tour", "protocol");
}

Test(scenarios_traced, faults_protocol, .timeout = 300)
{
  run_folder("faults", "protocol");
}

Test(scenarios_traced, attack_all, .timeout = 300)
{
  run_folder("attack", "all");
}

Test(scenarios_traced, churn_summary, .timeout = 300)
{
  run_folder("churn", "summary");
}

Test(scenarios_traced, regress_all, .timeout = 300)
{
  run_folder("regress", "all");
}
#endif
#endif
