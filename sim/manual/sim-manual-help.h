/* The help of a command taken apart: what its page and its completions are made of.
 *
 * A help text is paragraphs with empty lines between them. The first is the usage; one whose lines
 * begin with two blanks and a '-' lists options; "Exit status:" and "Example:" say what they are. */
#pragma once
#include "sim-command.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
  char *names[2]; /* as they are typed, such as "-o" and "--output"; the second may be NULL */
  char *value;    /* what it wants behind it, such as "RUN.db", or NULL */
  char *text;     /* on one line */
} SimManualOption;

typedef enum {
  SIM_MANUAL_TEXT,    /* a paragraph, on one line */
  SIM_MANUAL_LINES,   /* lines to be kept as they are, without their indent */
  SIM_MANUAL_STATUS,  /* the exit status, on one line */
  SIM_MANUAL_EXAMPLE, /* lines, without their indent */
} SimManualKind;

typedef struct {
  SimManualKind kind;
  char *text;
} SimManualPart;

/* What can stand at a place of the command line: the alternatives of all usages, such as "FILE" or
 * "search:ID". */
typedef struct {
  GPtrArray *words; /* of char * */
  bool repeats;     /* and at all places behind it */
} SimManualPlace;

typedef struct {
  const SimCommand *command;
  GPtrArray *usages;  /* of char *, without the word "Usage:" */
  GPtrArray *parts;   /* of SimManualPart, but for the options */
  GPtrArray *options; /* of SimManualOption */
  GPtrArray *places;  /* of SimManualPlace, behind the command */
} SimManualHelp;

/* (transfer full) */
SimManualHelp *sim_manual_help_new(const SimCommand *command);
void sim_manual_help_free(SimManualHelp *help);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimManualHelp, sim_manual_help_free)
