#include "sim-golden.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of one folder. */
typedef struct {
  GTree *lines; /* name to line, sorted */
  bool changed;
} Folder;

struct SimGolden {
  GHashTable *folders; /* path to Folder */
};

static const char heading[] =
  "# What these scenarios do, as fingerprints of every event and of the results. They change when\n"
  "# the protocol, or a scenario, does: `drtsim test --update` writes them anew.\n";

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  (void)data;
  return strcmp(a, b);
}

static void
free_folder(gpointer data)
{
  Folder *folder = data;
  g_tree_unref(folder->lines);
  g_free(folder);
}

SimGolden *
sim_golden_new(void)
{
  SimGolden *golden = g_new0(SimGolden, 1);
  golden->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_folder);
  return golden;
}

void
sim_golden_free(SimGolden *golden)
{
  if (golden == NULL)
    return;
  g_hash_table_destroy(golden->folders);
  g_free(golden);
}

static Folder *
read_folder(const char *path)
{
  Folder *folder = g_new0(Folder, 1);
  folder->lines = g_tree_new_full(compare, NULL, g_free, g_free);
  g_autofree char *name = g_build_filename(path, SIM_GOLDEN_FILE, NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(name, &text, NULL, NULL))
    return folder;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    const char *gap = strchr(*line, ' ');
    if (**line != '#' && gap != NULL)
      g_tree_insert(folder->lines, g_strndup(*line, (gsize)(gap - *line)), g_strdup(gap + 1));
  }
  return folder;
}

static Folder *
folder_of(SimGolden *golden, const char *path)
{
  char *name = g_path_get_dirname(path);
  Folder *folder = g_hash_table_lookup(golden->folders, name);
  if (folder != NULL) {
    g_free(name);
    return folder;
  }
  folder = read_folder(name);
  g_hash_table_insert(golden->folders, name, folder);
  return folder;
}

bool
sim_golden_find(SimGolden *golden, const char *path, uint64_t *ret_trajectory,
                uint64_t *ret_results)
{
  g_autofree char *name = g_path_get_basename(path);
  const char *line = g_tree_lookup(folder_of(golden, path)->lines, name);
  return line != NULL && sscanf(line, "%" SCNx64 " %" SCNx64, ret_trajectory, ret_results) == 2;
}

void
sim_golden_set(SimGolden *golden, const char *path, uint64_t trajectory, uint64_t results)
{
  Folder *folder = folder_of(golden, path);
  g_tree_insert(folder->lines, g_path_get_basename(path),
                g_strdup_printf("%016" PRIx64 " %016" PRIx64, trajectory, results));
  folder->changed = true;
}

static gboolean
append_line(gpointer name, gpointer line, gpointer to)
{
  g_string_append_printf(to, "%s %s\n", (const char *)name, (const char *)line);
  return FALSE;
}

bool
sim_golden_save(SimGolden *golden, GError **error)
{
  GHashTableIter iter;
  gpointer path, value;
  g_hash_table_iter_init(&iter, golden->folders);
  while (g_hash_table_iter_next(&iter, &path, &value)) {
    const Folder *folder = value;
    if (!folder->changed)
      continue;
    g_autofree char *name = g_build_filename(path, SIM_GOLDEN_FILE, NULL);
    g_autoptr(GString) text = g_string_new(heading);
    g_tree_foreach(folder->lines, append_line, text);
    if (!g_file_set_contents(name, text->str, (gssize)text->len, error))
      return false;
  }
  return true;
}
