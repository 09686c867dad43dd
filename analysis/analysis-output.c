/* A rename would make a plain file of a device or a pipe, for whoever uses it after us. */
#define _POSIX_C_SOURCE 200809L /* fdopen, fstat, getpid */
#include "analysis-output.h"

#include "analysis-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct AnalysisOutput {
  char *path;
  char *part; /* what is renamed to it in the end; NULL: it is written into */
  FILE *stream;
};

static void
set_error(const char *path, const char *why, GError **error)
{
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_WRITE, "cannot write '%s': %s", path, why);
}

/* Why what is there cannot be written, or NULL. */
static const char *
refusal(const struct stat *about)
{
  if (S_ISDIR(about->st_mode))
    return "it is a folder";
  if (S_ISBLK(about->st_mode))
    return "it is a block device";
  if (S_ISSOCK(about->st_mode))
    return "it is a socket";
  return NULL;
}

/* The stream of ours that @path is a link to, as /dev/stdout is, or -1: opened again, a file would be
 * written from its beginning, over what we say ourselves. */
static int
own_stream(const char *path, const struct stat *about)
{
  struct stat link, own;
  if (lstat(path, &link) != 0 || !S_ISLNK(link.st_mode))
    return -1;
  for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
    if (fstat(fd, &own) == 0 && own.st_dev == about->st_dev && own.st_ino == about->st_ino)
      return fd;
  return -1;
}

static FILE *
open_stream(AnalysisOutput *output, const struct stat *about)
{
  int own = about == NULL ? -1 : own_stream(output->path, about);
  if (own >= 0) {
    fflush(own == STDOUT_FILENO ? stdout : stderr);
    int fd = dup(own);
    return fd < 0 ? NULL : fdopen(fd, "wb");
  }
  if (about != NULL && !S_ISREG(about->st_mode)) {
    int fd = open(output->path, O_WRONLY | O_NOCTTY | O_CLOEXEC); /* never made, never cut short */
    return fd < 0 ? NULL : fdopen(fd, "wb");
  }
  output->part = g_strdup_printf("%s.%ld.part", output->path, (long)getpid());
  return g_fopen(output->part, "wb");
}

static void
free_output(AnalysisOutput *output)
{
  g_free(output->path);
  g_free(output->part);
  g_free(output);
}

AnalysisOutput *
analysis_output_open(const char *path, GError **error)
{
  struct stat about;
  bool there = stat(path, &about) == 0;
  const char *why = there ? refusal(&about) : NULL;
  if (why != NULL) {
    set_error(path, why, error);
    return NULL;
  }
  AnalysisOutput *output = g_new0(AnalysisOutput, 1);
  output->path = g_strdup(path);
  output->stream = open_stream(output, there ? &about : NULL);
  if (output->stream != NULL)
    return output;
  set_error(path, g_strerror(errno), error);
  free_output(output);
  return NULL;
}

FILE *
analysis_output_stream(AnalysisOutput *output)
{
  return output->stream;
}

bool
analysis_output_close(AnalysisOutput *output, bool whole, GError **error)
{
  bool good = !ferror(output->stream); /* what stopped it is still in errno */
  int problem = errno;
  if (good && fflush(output->stream) != 0) {
    good = false;
    problem = errno;
  }
  if (fclose(output->stream) != 0 && good) {
    good = false;
    problem = errno;
  }
  if (good && whole && output->part != NULL && g_rename(output->part, output->path) != 0) {
    good = false;
    problem = errno;
  }
  if (output->part != NULL && !(good && whole))
    g_unlink(output->part);
  if (whole && !good)
    set_error(output->path, g_strerror(problem), error);
  free_output(output);
  return good && whole;
}

bool
analysis_output_write(const char *path, const void *data, size_t size, GError **error)
{
  AnalysisOutput *output = analysis_output_open(path, error);
  if (output == NULL)
    return false;
  fwrite(data, 1, size, output->stream);
  return analysis_output_close(output, true, error);
}
