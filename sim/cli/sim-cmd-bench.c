/* `drtsim bench cloud`: the numbers of the README, measured here. */
#include "sim-bench-cloud.h"
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <string.h>

static const char *const benches[] = { "cloud", NULL };
static const char *const options[] = { "--nodes", "--minutes", "--seed", "--json", NULL };

static int
run(int argc, char **argv)
{
  uint64_t nodes = 1000, minutes = 10, seed = 1;
  bool json = false;
  if (argc < 2)
    return sim_usage_error(NULL, "'bench' wants the name of what to measure: cloud");
  if (strcmp(argv[1], "cloud") != 0)
    return sim_usage_error(sim_suggest(argv[1], benches), "there is no benchmark '%s'", argv[1]);
  for (int i = 2; i < argc; i++) {
    bool good = true;
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    if (strcmp(argv[i], "--json") == 0)
      json = true;
    else if (strcmp(argv[i], "--nodes") == 0)
      good = sim_usage_number(argv[i++], value, 2, 10000000, &nodes);
    else if (strcmp(argv[i], "--minutes") == 0)
      good = sim_usage_number(argv[i++], value, 1, 1000000, &minutes);
    else if (strcmp(argv[i], "--seed") == 0)
      good = sim_usage_number(argv[i++], value, 0, UINT64_MAX, &seed);
    else
      return sim_usage_error(sim_suggest(argv[i], options), "unknown option '%s'", argv[i]);
    if (!good)
      return SIM_EXIT_USAGE;
  }
  return sim_bench_cloud(&(SimBenchCloud){
    .nodes = (uint32_t)nodes, .minutes = (uint32_t)minutes, .seed = seed, .json = json });
}

const SimCommand sim_cmd_bench = {
  .name = "bench",
  .summary = "measure speed and memory on this machine",
  .help =
    "Usage: drtsim bench cloud [--nodes N] [--minutes M] [--seed S] [--json]\n"
    "\n"
    "Builds a cloud of N nodes (1000) in the first third of M virtual minutes (10), lets it\n"
    "settle in the second, crashes a tenth of it, and searches it N/100 times a second in the\n"
    "last third. Prints what that took, and how well the protocol did.\n"
    "\n"
    "The same seed (1) gives the same run, as the trajectory's fingerprint shows.\n"
    "\n"
    "  --nodes N     how many\n"
    "  --minutes M   of virtual time\n"
    "  --seed S      of the run\n"
    "  --json        print one JSON object instead of text\n"
    "\n"
    "Example:\n"
    "  drtsim bench cloud --nodes 10000 --minutes 6\n",
  .options = options,
  .run = run,
};
