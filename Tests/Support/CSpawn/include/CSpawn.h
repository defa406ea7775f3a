// Steps of a child between its start and its program that glibc has and Swift's Glibc module does not show.
#ifndef CSPAWN_H
#define CSPAWN_H

#include <spawn.h>

/// The child closes every descriptor from this one on. Returns 0, or an error number.
int CSpawn_add_close_from(posix_spawn_file_actions_t *actions, int descriptor);

/// The child changes its working directory. Returns 0, or an error number.
int CSpawn_add_change_directory(posix_spawn_file_actions_t *actions, const char *path);

#endif
