/* What everybody wants to see of a run, made without being asked: `drtsim FILE`. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

/* (transfer full) Where the trace of a scenario goes if nobody says: out/NAME.db, here. The folder is
 * made; NULL, and said why, if it cannot be. */
char *sim_pictures_trace(const char *scenario);
/* Draws the convergence of the run and writes its report, both beside the trace, and says on @to where
 * they are. False, and said why, if one could not be made. */
bool sim_pictures_make(const char *trace, FILE *to);
