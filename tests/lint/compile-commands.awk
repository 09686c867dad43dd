# Prints "SOURCE <tab> DIRECTORY <tab> COMMAND" for each entry of compile_commands.json as ninja
# writes it: one member a line. SOURCE is as written there, relative to DIRECTORY.
function value(text) {
  sub(/^ *"[a-z]+": "/, "", text)
  sub(/",?$/, "", text)
  gsub(/\\"/, "\"", text)
  gsub(/\\\\/, "\\", text)
  return text
}
/^ *"directory": / { directory = value($0) }
/^ *"command": / { command = value($0) }
/^ *"file": / { printf "%s\t%s\t%s\n", value($0), directory, command }
