/* What Swift can't import from the C library: variadic calls and names behind _GNU_SOURCE. */
#pragma once
#include <stddef.h>

/* Keeps other processes of the same user from reading this one's memory, and the kernel from dumping it. 0 or errno. */
int cunix_forbid_dumping(void);
/* The magic number of the file system that holds the open file, or -1. */
long cunix_file_system_type(int descriptor);
/* open(2) with a mode; the descriptor or -errno. */
int cunix_open(const char *path, int flags, unsigned mode);
/* Columns of the terminal behind the descriptor, or 0. */
int cunix_terminal_columns(int descriptor);
