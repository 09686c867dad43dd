/* What the host does when the core finds a mistake of our own (a failed drt_assert).
 *
 * Only the command line prints, with this one exception: after a broken invariant nothing else of
 * the program can be trusted to report it. So: one line on stderr, then a core dump. */
#include "drt-port.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void
drt_port_panic(const char *what, const char *file, int line)
{
  fprintf(stderr, "%s:%d: this is a bug in drtsim: %s\n", file, line, what);
  abort();
}
