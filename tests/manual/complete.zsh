#!/usr/bin/env zsh
# What zsh offers: complete.zsh FOLDER LINE, with the folder that _drtsim is in, and the beginning of a
# command line. One completion a line. Completion needs a terminal, so there is a zsh in a pseudo one.
# What zsh finds out about all its functions, which takes a second, is kept in the folder.
zmodload zsh/zpty || exit 1
zpty offers zsh -f -i

# It says where each part begins, so that what a terminal echoes is not taken for an answer.
inside() {
  PROMPT=
  stty -echo
  fpath=($1 $fpath)
  autoload -Uz compinit
  compinit -u -d $1/zcompdump
  compadd() {
    # Asked to fill an array, not to offer.
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
      builtin compadd "$@"
      return
    fi
    local -a hits
    builtin compadd -A hits "$@"
    (( $#hits )) && print -rl -- "[offer]"$^hits
    builtin compadd "$@"
  }
  done-offering() { print -r -- '[end]' }
  comppostfuncs=(done-offering)
  bindkey '^I' complete-word
  print -r -- '[ready]'
}
zpty -w offers "${functions[inside]//\$1/${(q)1}}"
zpty -r -m offers answer '*\[ready\]*' || exit 1
zpty -w -n offers "$2"$'\t'
zpty -r -m offers answer '*\[end\]*' || exit 1
zpty -d offers
print -rl -- ${${(M)${(f)${answer//$'\r'}}:#*\[offer\]*}##*\[offer\]}
