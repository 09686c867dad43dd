/* What this program was built from. sim-version.c is made from sim-version.c.in by the build. */
#pragma once

extern const char sim_version[];
extern const char sim_version_commit[]; /* "-dirty" at its end: with changes on top */
