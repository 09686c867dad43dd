#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>

#define ARGUMENTS_MAX 12

TestRun
test_spawn(const char *const *argv)
{
  TestRun run = { 0 };
  int wait_status = 0;
  g_autoptr(GError) error = NULL;
  if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &run.out, &run.err,
                    &wait_status, &error))
    cr_assert_fail("cannot start %s: %s", argv[0], error->message);
  run.status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  return run;
}

TestRun
test_spawn_drtsim(const char *argument, ...)
{
  const char *argv[ARGUMENTS_MAX + 2] = { g_getenv("DRTSIM_PROGRAM") };
  if (argv[0] == NULL)
    cr_assert_fail("DRTSIM_PROGRAM does not name the program; meson test sets it");
  va_list args;
  va_start(args, argument);
  size_t n = 1;
  for (; argument != NULL; argument = va_arg(args, const char *)) {
    cr_assert(n <= ARGUMENTS_MAX);
    argv[n++] = argument;
  }
  va_end(args);
  return test_spawn(argv);
}

TestRun
test_spawn_interrupted(const char *folder, unsigned seconds, const char *command)
{
  g_autofree char *script = g_strdup_printf(
    "cd '%s' && { (sleep %u; kill -INT 0) >/dev/null 2>&1 & exec %s; }", folder, seconds, command);
  return test_spawn((const char *const[]){ "setsid", "-w", "sh", "-c", script, NULL });
}

void
test_run_clear(TestRun *run)
{
  g_free(run->out);
  g_free(run->err);
  memset(run, 0, sizeof *run);
}

void
test_expect_usage_error(TestRun run, const char *part)
{
  cr_expect(run.status == 2, "status %d", run.status);
  cr_expect_str_empty(run.out);
  cr_expect(strstr(run.err, part) != NULL, "'%s' is not in:\n%s", part, run.err);
  test_run_clear(&run);
}
