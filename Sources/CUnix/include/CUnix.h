/* What Swift can't import from the C library: variadic calls and names behind _GNU_SOURCE. */
#pragma once
#include <stddef.h>

/* Keeps other processes of the same user from reading this one's memory, and the kernel from dumping it. 0 or errno. */
int cunix_forbid_dumping(void);
/* Whether that holds: 1 or 0. */
int cunix_forbids_dumping(void);
/* The magic number of the file system that holds the open file, or -1. */
long cunix_file_system_type(int descriptor);
/* open(2) with a mode; the descriptor or -errno. */
int cunix_open(const char *path, int flags, unsigned mode);
/* Columns of the terminal behind the descriptor, or 0. */
int cunix_terminal_columns(int descriptor);
/* rename(2) that never replaces a file. 0 or errno. */
int cunix_rename_new(const char *from, const char *to);
/* What errno means, as a constant string, or NULL. */
const char *cunix_error_text(int code);

/* Shows the prompt with echo and line editing off, so that a line may be longer than 4,095 bytes. SIGINT, SIGTERM,
   SIGHUP, SIGQUIT and SIGTSTP put the terminal right before they act; after SIGCONT it is hidden again. 0 or errno,
   EBUSY while another prompt is open. */
int cunix_terminal_hide(int descriptor, const char *prompt);
/* Ends what cunix_terminal_hide began. */
void cunix_terminal_show(void);
/* The environment of this process: a C global that Swift will not read. */
char **cunix_environment(void);
