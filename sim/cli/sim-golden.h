/* The fingerprints that the scenarios of a folder are known to have, in its file fingerprints.txt:
 * a line for each, "NAME TRAJECTORY RESULTS". */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_GOLDEN_FILE "fingerprints.txt"

typedef struct SimGolden SimGolden;

/* (transfer full) */
SimGolden *sim_golden_new(void);
void sim_golden_free(SimGolden *golden);
/* False if none is known for the scenario at @path. */
bool sim_golden_find(SimGolden *golden, const char *path, uint64_t *ret_trajectory,
                     uint64_t *ret_results);
void sim_golden_set(SimGolden *golden, const char *path, uint64_t trajectory, uint64_t results);
/* Writes what was set. False, with @error, if a file cannot be written. */
bool sim_golden_save(SimGolden *golden, GError **error);
