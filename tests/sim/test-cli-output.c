/* Where commands write to: a device or a pipe is never replaced by a file. The nodes are our own. */
#define _DEFAULT_SOURCE /* mknod, makedev */
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static char *folder, *scenario, *trace, *node;

static void
set_up(void)
{
  folder = test_trace_folder();
  scenario = g_build_filename(folder, "ring.drt", NULL);
  trace = test_trace_make(folder, "small", NULL);
  node = g_build_filename(folder, "node", NULL);
  cr_assert(g_file_set_contents(
    scenario, "group n 3\nat 0s start n\nat 1min end\nexpect nodes.alive == 3\n", -1, NULL));
}

static void
tear_down(void)
{
  test_trace_folder_free(folder);
  g_free(scenario);
  g_free(trace);
  g_free(node);
}

TestSuite(cli_output, .init = set_up, .fini = tear_down, .timeout = 100);

/* S, T and N stand for the scenario, the trace and the node; @begins: how what is written begins, or
 * NULL: it is a database, and refused. */
typedef struct {
  const char *command, *begins;
} Command;

static const Command commands[] = {
  { "export T v_run -o N", "id,scenario,title" },
  { "plot T -o N --format svg", "<?xml" },
  { "report T -o N", "<!DOCTYPE html>" },
  { "test S --junit N", "<?xml" },
  { "run S --quiet -o N", NULL },
  { "sweep S --seeds 1 --quiet -o N", NULL },
};

/* Runs it while somebody reads the node, if that has two ends. */
static TestRun
run_command(const Command *command, bool read)
{
  g_autoptr(GString) script = g_string_new(NULL);
  if (read && command->begins != NULL)
    g_string_append_printf(script, "timeout 20 cat '%s' > '%s.got' & ", node, node);
  g_string_append(script, "\"$DRTSIM_PROGRAM\"");
  g_auto(GStrv) words = g_strsplit(command->command, " ", -1);
  for (char **word = words; *word != NULL; word++) {
    const char *real = **word == 'S' ? scenario : **word == 'T' ? trace : node;
    bool named = strlen(*word) == 1 && strchr("STN", **word) != NULL;
    g_string_append_printf(script, " '%s'", named ? real : *word);
  }
  g_string_append(script, "; status=$?; wait; exit $status");
  const char *const argv[] = { "sh", "-c", script->str, NULL };
  return test_spawn(argv);
}

/* The node is what it was, and a database is refused with a reason. */
static void
expect_kept(const Command *command, TestRun run, mode_t kind, const char *why)
{
  struct stat about;
  cr_expect(lstat(node, &about) == 0 && (about.st_mode & S_IFMT) == kind, "'%s' replaced it",
            command->command);
  cr_expect(run.status == (why == NULL ? 0 : 4), "'%s': status %d: %s", command->command,
            run.status, run.err);
  cr_expect(why == NULL || strstr(run.err, why) != NULL, "'%s': %s", command->command, run.err);
  test_run_clear(&run);
}

Test(cli_output, a_pipe_takes_texts_and_no_database)
{
  g_autofree char *got = g_strconcat(node, ".got", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
    const Command *command = &commands[i];
    cr_assert(mkfifo(node, 0600) == 0);
    TestRun run = run_command(command, true);
    expect_kept(command, run, S_IFIFO, command->begins == NULL ? "is a pipe" : NULL);
    g_autofree char *text = NULL;
    if (command->begins != NULL)
      cr_expect(g_file_get_contents(got, &text, NULL, NULL) &&
                  g_str_has_prefix(text, command->begins),
                "'%s' wrote: %.80s", command->command, text);
    g_unlink(node);
  }
}

/* The device that takes everything, and one that takes nothing. */
Test(cli_output, a_device_takes_texts_and_no_database)
{
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
    const Command *command = &commands[i];
    int probe = -1;
    bool made = mknod(node, S_IFCHR | 0600, makedev(1, 3)) == 0;
    if (!made || (probe = open(node, O_WRONLY | O_CLOEXEC)) < 0) {
      g_unlink(node);
      return; /* only root may, and not in every file system */
    }
    close(probe);
    TestRun run = run_command(command, false);
    expect_kept(command, run, S_IFCHR, command->begins == NULL ? "is a device" : NULL);
    g_unlink(node);
    cr_assert(mknod(node, S_IFCHR | 0600, makedev(1, 7)) == 0);
    run = run_command(command, false);
    expect_kept(command, run, S_IFCHR,
                command->begins == NULL ? "is a device" : "No space left on device");
    g_unlink(node);
  }
}

Test(cli_output, a_block_device_takes_nothing)
{
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
    if (mknod(node, S_IFBLK | 0600, makedev(7, 255)) != 0)
      return;
    TestRun run = run_command(&commands[i], false);
    expect_kept(&commands[i], run, S_IFBLK, "device");
    g_unlink(node);
  }
}

Test(cli_output, a_folder_takes_no_file)
{
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
    if (g_str_has_prefix(commands[i].command, "plot"))
      continue; /* its picture gets a name in there */
    cr_assert(g_mkdir(node, 0700) == 0);
    TestRun run = run_command(&commands[i], false);
    expect_kept(&commands[i], run, S_IFDIR, "a folder");
    g_rmdir(node);
  }
}
