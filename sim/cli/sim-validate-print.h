/* The table of published and measured numbers, for people, for a README, for programs. */
#pragma once
#include "sim-validate-run.h"

/* (transfer full) */
char *sim_validate_text(const SimValidated *validated);
char *sim_validate_markdown(const SimValidated *validated);
char *sim_validate_json(const SimValidated *validated);
/* What did not hold, and how to see it again: lines, or nothing. */
char *sim_validate_troubles(const SimValidated *validated);
