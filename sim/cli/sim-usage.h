/* How the program says that it was asked for something it cannot do, and its exit statuses. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
  SIM_EXIT_USAGE = 2,   /* a wrong option, command or file name */
  SIM_EXIT_FAILURE = 4, /* the request was fine, doing it failed */
};

/* Prints the message on stderr as "drtsim: ...", then @near as what may have been meant (NULL:
 * points at --help instead). Returns SIM_EXIT_USAGE, for `return sim_usage_error(...)`. */
__attribute__((format(printf, 2, 3))) int sim_usage_error(const char *near, const char *format,
                                                          ...);
/* The number @text, from @least to @most, that stands behind @option. False, and said why, if it is
 * none, or @text is NULL. */
bool sim_usage_number(const char *option, const char *text, uint64_t least, uint64_t most,
                      uint64_t *ret);
/* How many runs go on at the same time, at most. */
#define SIM_JOBS_MAX 64
/* What --jobs says. False, and said why, if it is not a number of them. */
bool sim_usage_jobs(const char *text, int *ret);
/* One for each processor. */
int sim_usage_jobs_usual(void);
/* How many seeds --seeds may name. */
#define SIM_SEEDS_MAX UINT32_MAX
/* What --seeds says: "1..20", the first and the last, or one. False, and said why, if it is neither. */
bool sim_usage_seeds(const char *text, uint64_t ret[2]);
/* The classes of a trace that --trace names. False, and said so, if it names none. */
bool sim_usage_classes(const char *text, unsigned *ret);
/* A walk along the command line, behind the command. Begins as { 0 }. */
typedef struct {
  int at; /* in argv */
  bool is_option, only_words;
} SimUsageWalk;
/* On to the next word or option; behind a '--' all are words, and '-' is one anywhere. False at the
 * end. */
bool sim_usage_next(SimUsageWalk *walk, int argc, char **argv);
/* The one of @names, ended by NULL, that @word is, alone or with a '=' and a value behind it; or
 * NULL. (transfer none) */
const char *sim_usage_option(const char *word, const char *const *names);
/* Whether @word is the option @name, alone or with a '=' and a value behind it. */
bool sim_usage_is_option(const char *word, const char *name);
/* The value of the option @name at argv[*@i]: behind '=', or the next word, and then *@i is that.
 * NULL, and said so, if there is none or an empty one, or the option had another one before. (transfer
 * none) */
const char *sim_usage_value(const char *name, int argc, char **argv, int *i);
/* The same of --set, of which there may be one for each param, and with one value. */
const char *sim_usage_set(int argc, char **argv, int *i);
/* The same, with several values, for sim_plan_set. */
const char *sim_usage_sets(int argc, char **argv, int *i);
