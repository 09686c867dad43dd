/* The host's answer to a bug in the core (sim/world/sim-panic.c). */
#include "drt-port.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

Test(panic, says_what_and_where_and_aborts)
{
  int ends[2];
  cr_assert(pipe(ends) == 0);
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    signal(SIGABRT, SIG_DFL); /* the test runner catches it */
    dup2(ends[1], STDERR_FILENO);
    drt_port_panic("two == three", "somewhere.c", 7);
  }
  close(ends[1]);
  char text[200] = { 0 };
  cr_expect(read(ends[0], text, sizeof text - 1) > 0);
  close(ends[0]);
  int status = 0;
  cr_assert(waitpid(child, &status, 0) == child);
  cr_expect_str_eq(text, "somewhere.c:7: this is a bug in drtsim: two == three\n");
  cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "status %d", status);
}
