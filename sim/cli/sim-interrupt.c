#define _POSIX_C_SOURCE 200809L /* sigaction, SA_RESETHAND */
#include "sim-interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int signal)
{
  (void)signal;
  interrupted = 1;
}

void
sim_interrupt_catch(void)
{
  struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

bool
sim_interrupted(void)
{
  return interrupted != 0;
}
