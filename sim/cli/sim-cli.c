/* One word decides: an option of the program itself, a command of the table, or a scenario file. */
#define _POSIX_C_SOURCE 200809L /* SIGXFSZ */
#include "sim-cli.h"

#include "sim-command.h"
#include "sim-run.h"
#include "sim-suggest.h"
#include "sim-usage.h"
#include "sim-version.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const own_options[] = { "--help", "--version", NULL };

/* A file is run, with whatever options follow it. */
static int
scenario_file(int argc, char **argv)
{
  const char *path = argv[1];
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *near = sim_suggest_file(path);
    return sim_usage_error(near, "there is no file '%s'", path);
  }
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return sim_usage_error(NULL, "'%s' is a folder, not a scenario file", path);
  return sim_cmd_run_file(argc, argv);
}

/* No command has a dot or a slash in its name; a file that shares a command's name is not meant. */
static bool
looks_like_a_file(const char *word)
{
  return strpbrk(word, "./") != NULL;
}

static bool
asks_for_help(int argc, char **argv)
{
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return true;
  return false;
}

static int
own_option(int argc, char **argv)
{
  const char *option = argv[1];
  bool help = strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0;
  if (!help && strcmp(option, "--version") != 0)
    return sim_usage_error(sim_suggest(option, own_options), "unknown option '%s'", option);
  /* The command of the same name does the work, and complains about what follows. */
  return sim_command_find(help ? "help" : "version")->run(argc - 1, argv + 1);
}

static int
dispatch(int argc, char **argv)
{
  if (argc < 2)
    return sim_command_find("help")->run(1, (char *[]){ "help", NULL });
  if (argv[1][0] == '-')
    return own_option(argc, argv);
  const SimCommand *command = sim_command_find(argv[1]);
  if (command != NULL) {
    if (!asks_for_help(argc - 1, argv + 1))
      return command->run(argc - 1, argv + 1);
    fputs(command->help, stdout);
    return 0;
  }
  if (looks_like_a_file(argv[1]))
    return scenario_file(argc, argv);
  g_autofree const char **names = sim_command_names();
  return sim_usage_error(sim_suggest(argv[1], names), "unknown command '%s'", argv[1]);
}

/* What GLib and we give up at is memory that is not there. GLib would end in a trap. */
static void
on_log(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
  if ((level & G_LOG_FLAG_FATAL) == 0) {
    g_log_default_handler(domain, level, message, data);
    return;
  }
  fflush(stdout);
  fprintf(stderr, "drtsim: %s\n", message);
  _exit(SIM_EXIT_TROUBLE);
}

int
sim_cli_main(int argc, char **argv)
{
  signal(SIGXFSZ,
         SIG_IGN); /* a file may not grow further: an error like a full disk, not the end */
  g_log_set_default_handler(on_log, NULL);
  int status = dispatch(argc, argv);
  /* A full disk shows itself at the flush; a result that did not arrive is no success. */
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "drtsim: cannot write the output: %s\n", g_strerror(errno));
    return SIM_EXIT_FAILURE;
  }
  return status;
}
