/* Measured latencies: a table of one-way delays, read from a file.
 *
 * Two forms, told apart by the first line with numbers. A square table: one row a line, microseconds
 * separated by commas or blanks. Pairs, as King data comes: "row column microseconds" a line, rows
 * and columns counted from 1; a pair that is given one way only holds for both. `#` starts a
 * comment. */
#pragma once
#include "sim-time.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  uint32_t n;
  uint32_t *microseconds; /* n rows of n */
} SimMatrix;

/* A mistake: what was expected and found, and where. */
typedef void (*SimMatrixTell)(void *data, uint32_t line, const char *message);

/* Reads @text, and tells every line that is wrong. NULL if there is any. */
SimMatrix *sim_matrix_read(const char *text, size_t n, SimMatrixTell tell, void *data);
/* The same for whom the first mistake is enough. NULL on a mistake: *ret_error (transfer full, g_free) says what was expected and
 * found, *ret_line where. */
SimMatrix *sim_matrix_parse(const char *text, size_t n, char **ret_error, uint32_t *ret_line);
/* NULL is ignored. */
void sim_matrix_free(SimMatrix *matrix);

/* Hosts beyond the last row take the rows from the first on again. */
static inline SimTime
sim_matrix_at(const SimMatrix *matrix, uint32_t from, uint32_t to)
{
  return matrix->microseconds[(size_t)(from % matrix->n) * matrix->n + to % matrix->n] *
         SIM_MICROSECOND;
}
