/* What Swift can't import from the C library: variadic calls and names behind _GNU_SOURCE. */
#pragma once
#include <stddef.h>
#include <stdint.h>

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

/* A file in that folder that has no name yet, and is gone with its descriptor unless it gets one; or -errno, as where the file
   system has no such files. */
int cunix_nameless_file(const char *folder, unsigned mode);
/* Gives it one that is free; 0 or errno. */
int cunix_name_file(int descriptor, const char *path);
/* A file to write and read that has no name, or has lost it, close-on-exec; the descriptor or -errno. */
int cunix_scratch_file(const char *folder);
/* What errno means, as a constant string, or NULL. */
const char *cunix_error_text(int code);

/* A file in memory without a name, close-on-exec; the descriptor or -errno. */
int cunix_memory_file(const char *name);
/* Puts it back to its start, for its owner to read and for nobody to change any more. 0 or errno. */
int cunix_finish_memory_file(int descriptor);
/* A second descriptor, close-on-exec, of that number or the next free one; it or -errno. */
int cunix_duplicate(int descriptor, int lowest);
/* Whether it is open and will be for the program that replaces this one: 1 or 0. */
int cunix_is_inherited(int descriptor);
/* Becomes another program, a shell script without its first line too. Comes back only where that fails, with errno. */
int cunix_execute(const char *path, char *const arguments[], char *const environment[]);

/* Shows the prompt with echo and line editing off, so that a line may be longer than 4,095 bytes. SIGINT, SIGTERM,
   SIGHUP, SIGQUIT and SIGTSTP put the terminal right before they act; after SIGCONT it is hidden again. 0 or errno,
   EBUSY while another prompt is open. */
int cunix_terminal_hide(int descriptor, const char *prompt);
/* Ends what cunix_terminal_hide began. */
void cunix_terminal_show(void);
/* The commit that this was built from, or nothing. */
const char *cunix_commit(void);

/* The environment of this process: a C global that Swift will not read. */
char **cunix_environment(void);

/* What this process was started with, its own name first: as the kernel gave it, wherever the environment and /proc are. */
int cunix_argument_count(void);
char **cunix_arguments(void);

/* The peer's user and process, of a connected local socket. 0 or errno. */
int cunix_peer(int socket, uint32_t *user, int32_t *process);
/* A local stream socket: close-on-exec, and the caller waits for it by poll. The descriptor or -errno. */
int cunix_socket(void);
/* bind(2) or connect(2) to a path. 0 or errno; ENAMETOOLONG where the kernel has no room for it. */
int cunix_bind(int socket, const char *path);
int cunix_connect(int socket, const char *path);
/* The next caller, close-on-exec and not blocking; or -errno. */
int cunix_accept(int socket);
/* Whether the descriptor is a local stream socket that listens: 1 or 0. */
int cunix_listens(int descriptor);
/* One send with an open descriptor beside it. Bytes sent, or -errno. */
long cunix_send(int socket, const void *bytes, size_t count, int descriptor);
/* One receive; a descriptor that came with it goes to *descriptor, else -1. Bytes received, or -errno. */
long cunix_receive(int socket, void *bytes, size_t count, int *descriptor);
/* SIGTERM, SIGHUP and SIGINT as a descriptor that becomes readable, in place of their effect. It, or -errno. */
int cunix_signal_descriptor(void);
/* Starts this very program in a session of its own, with `listener` as descriptor 3, /dev/null as 0 to 2, and no other
   descriptor. 0 or errno. */
int cunix_spawn_self(char *const words[], char *const environment[], int listener);
