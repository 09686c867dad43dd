/* What is written into, what is replaced, and what is left alone. */
#define _DEFAULT_SOURCE /* lstat, symlink, S_IFSOCK */
#include "analysis-error.h"
#include "analysis-output.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char *folder, *path;

static void
set_up(void)
{
  folder = test_trace_folder();
  path = g_build_filename(folder, "x.svg", NULL);
}

static void
tear_down(void)
{
  test_trace_folder_free(folder);
  g_free(path);
}

TestSuite(analysis_output, .init = set_up, .fini = tear_down, .timeout = 60);

/* Nothing but @count files is in the folder. */
static void
expect_files(guint count)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint found = 0;
  while (g_dir_read_name(dir) != NULL)
    found++;
  cr_expect(found == count, "%u files, not %u", found, count);
}

Test(analysis_output, a_file_is_replaced_when_all_is_written)
{
  cr_assert(analysis_output_write(path, "old", 3, NULL));
  AnalysisOutput *output = analysis_output_open(path, NULL);
  cr_assert(output != NULL);
  fputs("new one", analysis_output_stream(output));
  g_autofree char *during = test_trace_read(folder, "x.svg");
  cr_expect_str_eq(during, "old");
  cr_expect(analysis_output_close(output, true, NULL));
  g_autofree char *after = test_trace_read(folder, "x.svg");
  cr_expect_str_eq(after, "new one");
  expect_files(1);
}

Test(analysis_output, what_is_not_whole_leaves_the_file_of_before)
{
  cr_assert(analysis_output_write(path, "old", 3, NULL));
  AnalysisOutput *output = analysis_output_open(path, NULL);
  fputs("half", analysis_output_stream(output));
  cr_expect(!analysis_output_close(output, false, NULL));
  g_autofree char *after = test_trace_read(folder, "x.svg");
  cr_expect_str_eq(after, "old");
  expect_files(1);
}

Test(analysis_output, a_pipe_is_written_into)
{
  cr_assert(mkfifo(path, 0600) == 0);
  int reader = open(path, O_RDONLY | O_NONBLOCK);
  cr_expect(analysis_output_write(path, "a picture", 9, NULL));
  char text[20] = "";
  cr_expect(read(reader, text, sizeof text - 1) == 9);
  cr_expect_str_eq(text, "a picture");
  close(reader);
  struct stat about;
  cr_expect(lstat(path, &about) == 0 && S_ISFIFO(about.st_mode));
  expect_files(1);
}

/* As /dev/stdout is a link to whatever that goes to. */
Test(analysis_output, a_link_to_our_own_output_is_written_behind_what_is_there)
{
  g_autofree char *real = g_build_filename(folder, "stdout", NULL);
  int before = dup(STDOUT_FILENO);
  int file = open(real, O_WRONLY | O_CREAT, 0600);
  cr_assert(file >= 0 && dup2(file, STDOUT_FILENO) == STDOUT_FILENO);
  cr_assert(symlink("stdout", path) == 0);
  fputs("said before\n", stdout);
  bool good = analysis_output_write(path, "a page\n", 7, NULL);
  fputs("said after\n", stdout);
  fflush(stdout);
  dup2(before, STDOUT_FILENO);
  cr_expect(good);
  g_autofree char *text = test_trace_read(folder, "stdout");
  cr_expect_str_eq(text, "said before\na page\nsaid after\n");
  struct stat about;
  cr_expect(lstat(path, &about) == 0 && S_ISLNK(about.st_mode));
}

static void
make_socket(void)
{
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  g_strlcpy(name.sun_path, path, sizeof name.sun_path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof name) == 0);
  close(fd);
}

static void
make_folder(void)
{
  cr_assert(g_mkdir(path, 0700) == 0);
}

Test(analysis_output, what_takes_no_text_is_left_alone)
{
  static const struct {
    void (*make)(void);
    const char *why;
    mode_t kind;
  } cases[] = { { make_socket, "it is a socket", S_IFSOCK },
                { make_folder, "it is a folder", S_IFDIR } };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    cases[i].make();
    g_autoptr(GError) error = NULL;
    cr_expect(!analysis_output_write(path, "x", 1, &error));
    cr_expect(g_error_matches(error, ANALYSIS_ERROR, ANALYSIS_ERROR_WRITE));
    cr_expect(strstr(error->message, cases[i].why) != NULL, "%s", error->message);
    struct stat about;
    cr_expect(lstat(path, &about) == 0 && (about.st_mode & S_IFMT) == cases[i].kind);
    expect_files(1);
    g_remove(path);
  }
}

Test(analysis_output, a_folder_that_is_missing_is_why)
{
  g_autofree char *nowhere = g_build_filename(folder, "no", "x.svg", NULL);
  g_autoptr(GError) error = NULL;
  cr_expect(!analysis_output_write(nowhere, "x", 1, &error));
  cr_expect(g_str_has_suffix(error->message, "x.svg': No such file or directory"), "%s",
            error->message);
}
