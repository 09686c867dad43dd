# Checks #include lines against rooms.txt. Arguments: rooms.txt, headers.list (all headers, to find
# the room of a quoted include), then the sources. Prints one line per problem.

# The room of a path: two folders deep in drt-core and sim, one in analysis.
function room_of(path, part, n) {
  n = split(path, part, "/")
  if (part[1] == "analysis" || n == 2)
    return part[1]
  return part[1] "/" part[2]
}

function problem(text) {
  printf "%s:%d: %s\n", FILENAME, FNR, text
}

function matches_set(header, set, pattern, n, i, p) {
  n = split(sets[set], pattern, " ")
  for (i = 1; i <= n; i++) {
    p = pattern[i]
    gsub(/\./, "\\.", p)
    gsub(/\*/, ".*", p)
    if (header ~ ("^" p "$"))
      return 1
  }
  return 0
}

function system_allowed(header, word, n, i) {
  n = split(rooms[room], word, " ")
  for (i = 1; i <= n; i++)
    if (word[i] ~ /^</ && matches_set(header, word[i]))
      return 1
  return 0
}

function own_allowed(path, other, word, n, i) {
  other = room_of(path)
  if (other == room)
    return 1
  n = split(rooms[room], word, " ")
  for (i = 1; i <= n; i++)
    if (word[i] == other || word[i] == path)
      return 1
  return 0
}

# What the build makes from the .gresource.xml of a room has no file in the tree.
function own_resources(header, name) {
  name = room
  gsub("/", "-", name)
  return header == name "-resources.h"
}

FILENAME ~ /rooms\.txt$/ {
  if (/^<[a-z-]+> = /) {
    name = $1
    sub(/^<[a-z-]+> = /, "")
    sets[name] = $0
  } else if (/^[a-z]/) {
    name = $1
    sub(/:$/, "", name)
    sub(/^[^:]*: */, "")
    rooms[name] = $0
  }
  next
}

FILENAME ~ /headers\.list$/ {
  base = $0
  sub(/.*\//, "", base)
  if (base in path_of)
    printf "%s:1: another header is called %s too; names are unique in the tree\n", $0, path_of[base]
  path_of[base] = $0
  next
}

FNR == 1 {
  room = room_of(FILENAME)
  known = room in rooms
  if (!known)
    problem("the room " room " has no line in tests/lint/rooms.txt")
}

known && /^[ \t]*#[ \t]*include/ {
  if (match($0, /"[^"]*"/)) {
    header = substr($0, RSTART + 1, RLENGTH - 2)
    if (own_resources(header))
      next
    if (!(header in path_of))
      problem("there is no header \"" header "\"; includes are file names without a folder")
    else if (!own_allowed(path_of[header]))
      problem(room " may not include " path_of[header] "; it may use: " rooms[room])
  } else if (match($0, /<[^>]*>/)) {
    header = substr($0, RSTART + 1, RLENGTH - 2)
    if (!system_allowed(header))
      problem(room " may not include <" header ">; it may use: " rooms[room])
  } else {
    problem("an include names its header directly, not through a macro")
  }
}
