/* What a word of a help text, such as FILE or FIGURE, stands for: what completion offers there. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef enum {
  SIM_MANUAL_ANYTHING, /* a number, a name: nothing to offer */
  SIM_MANUAL_FILE,
  SIM_MANUAL_FOLDER,
  SIM_MANUAL_SCENARIO,
  SIM_MANUAL_TRACE,
  SIM_MANUAL_CLASSES, /* of a trace, with commas between them */
  SIM_MANUAL_VIEW,    /* of the trace that was named before */
  SIM_MANUAL_CHOICE,
} SimManualWordKind;

typedef struct {
  SimManualWordKind kind;
  GPtrArray *choices; /* of char *, of a choice, else NULL */
} SimManualWord;

/* What @value, behind an option, stands for; NULL for an option without one. */
void sim_manual_word_of_option(const char *value, SimManualWord *ret);
/* Of the alternatives of a place. */
void sim_manual_word_of_place(const GPtrArray *words, SimManualWord *ret);
void sim_manual_word_clear(SimManualWord *word);
/* (transfer full) The choices with blanks between them. */
char *sim_manual_word_choices(const SimManualWord *word);
/* (transfer full) The classes of a trace, with blanks between them. */
char *sim_manual_word_classes(void);
