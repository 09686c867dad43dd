/* Ctrl-C and its like end the work in an orderly way: what is there is kept, and told. */
#pragma once
#include <stdbool.h>

/* From here on the first SIGINT or SIGTERM is noted; the second one ends the process, as is usual. */
void sim_interrupt_catch(void);
/* Whether there was one. */
bool sim_interrupted(void);
