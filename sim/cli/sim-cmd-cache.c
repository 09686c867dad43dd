/* `drtsim cache`: the keys of simulated certificates that are kept between runs. */
#include "sim-command.h"
#include "sim-pki.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <stdio.h>

static const char *const options[] = { "--clear", "--help", NULL };

static int
run(int argc, char **argv)
{
  bool clear = false;
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    char *word = argv[walk.at];
    if (walk.is_option && g_str_equal(word, "--clear"))
      clear = true;
    else if (walk.is_option)
      return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'cache'", word);
    else
      return sim_usage_error(NULL, "'cache' takes no file, but got '%s'", word);
  }
  g_autofree char *folder = sim_pki_cache_folder();
  uint32_t files;
  uint64_t bytes = sim_pki_cache_size(&files);
  g_autoptr(GError) error = NULL;
  if (clear && !sim_pki_cache_clear(&error)) {
    fprintf(stderr, "drtsim: cannot clear the cache: %s\n", error->message);
    return SIM_EXIT_FAILURE;
  }
  g_autofree char *size = g_format_size(bytes);
  printf("%s: %s%u %s, %s\n", folder, clear ? "removed " : "", files, files == 1 ? "file" : "files",
         size);
  return 0;
}

const SimCommand sim_cmd_cache = {
  .name = "cache",
  .summary = "the keys kept between runs with certificates: how large, and --clear",
  .help =
    "Usage: drtsim cache [--clear]\n"
    "\n"
    "Runs with 'security derived-key' need an RSA key for each key of each node. Those follow\n"
    "from the seed and take long to find, so they are kept in the cache folder of the user.\n"
    "This prints the folder and how much is in it.\n"
    "\n"
    "  --clear   remove them; the next run finds them again\n"
    "\n"
    "Example:\n"
    "  drtsim cache --clear\n",
  .options = options,
  .run = run,
};
