/* Runs a fuzz target over files, and over the files of folders: the committed corpus as a test,
 * with any compiler, and one crashing input under a debugger.
 *
 * Prints TAP on stdout. Each name goes to stderr first, so that a crash can be blamed on the last
 * one: stderr is what the test runner shows. */
#define _DEFAULT_SOURCE /* scandir */
#include "fuzz-target.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  unsigned count, failed;
} Replay;

static void
report(Replay *replay, const char *path, const char *problem)
{
  replay->count++;
  replay->failed += problem != NULL;
  printf("%sok %u - %s%s%s\n", problem != NULL ? "not " : "", replay->count, path,
         problem != NULL ? ": " : "", problem != NULL ? problem : "");
}

static void
replay_file(Replay *replay, const char *path, size_t size)
{
  fprintf(stderr, "%s\n", path);
  /* Exactly as long as the input, so that a sanitizer sees a read behind its end. */
  uint8_t *data = malloc(size > 0 ? size : 1);
  FILE *file = fopen(path, "rb");
  bool complete = data != NULL && file != NULL && fread(data, 1, size, file) == size;
  if (complete)
    LLVMFuzzerTestOneInput(data, size);
  report(replay, path, complete ? NULL : "cannot be read");
  if (file != NULL)
    fclose(file);
  free(data);
}

static void replay_path(Replay *replay, const char *path);

static int
skip_dots(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

static void
replay_folder(Replay *replay, const char *path)
{
  struct dirent **entries = NULL;
  int n = scandir(path, &entries, skip_dots, alphasort);
  if (n <= 0)
    report(replay, path, n < 0 ? strerror(errno) : "the folder is empty");
  for (int i = 0; i < n; i++) {
    size_t size = strlen(path) + strlen(entries[i]->d_name) + 2;
    char *inner = malloc(size);
    if (inner == NULL)
      abort();
    snprintf(inner, size, "%s/%s", path, entries[i]->d_name);
    replay_path(replay, inner);
    free(inner);
    free(entries[i]);
  }
  free(entries);
}

static void
replay_path(Replay *replay, const char *path)
{
  struct stat info;
  if (stat(path, &info) != 0)
    report(replay, path, strerror(errno));
  else if (S_ISDIR(info.st_mode))
    replay_folder(replay, path);
  else
    replay_file(replay, path, (size_t)info.st_size);
}

int
main(int argc, char **argv)
{
  Replay replay = { 0 };
  if (argc < 2) {
    fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
    return 2;
  }
  for (int i = 1; i < argc; i++)
    replay_path(&replay, argv[i]);
  printf("1..%u\n", replay.count);
  return replay.failed > 0 ? 1 : 0;
}
