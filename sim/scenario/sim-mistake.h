/* What is wrong with a file: one mistake, and the list of all of them. */
#pragma once

#include <glib.h>
#include <stdint.h>

#define SIM_MISTAKES_MAX 20 /* that are shown of one load */

typedef struct {
  char *file;
  uint32_t line, column; /* 0: the mistake is no place in a file */
  char *message;         /* what was expected, what was found */
  char *near;            /* what may have been meant, or NULL */
  char *text;            /* the line, of a long one what is around the column; or NULL */
  uint32_t shown;        /* the column in @text, if that is not the same; else 0 */
  uint32_t file_number;  /* files in the order of reading */
} SimMistake;

typedef struct {
  GPtrArray *list; /* of SimMistake, in the order of files and lines */
  guint left_off;  /* more than SIM_MISTAKES_MAX were found */
} SimMistakes;

/* (transfer full) */
SimMistakes *sim_mistakes_new(void);
/* NULL is ignored. */
void sim_mistakes_free(SimMistakes *mistakes);
/* Takes over @mistake's strings. The same mistake at the same place counts once. */
void sim_mistakes_add(SimMistakes *mistakes, SimMistake mistake);
/* Brings the list into order and cuts it to SIM_MISTAKES_MAX. */
void sim_mistakes_finish(SimMistakes *mistakes);
/* "file:line:column: message (did you mean 'near'?)", the line, and a caret below it; ends with a
 * newline. (transfer full) */
char *sim_mistake_format(const SimMistake *mistake);
/* How many more there are than are shown, in words; NULL if none. (transfer full) */
char *sim_mistakes_rest(const SimMistakes *mistakes);
/* All of them. (transfer full) */
char *sim_mistakes_format(const SimMistakes *mistakes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimMistakes, sim_mistakes_free)
