#include "CUnix.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

int cunix_forbid_dumping(void) {
  struct rlimit none = {0, 0};
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0) return errno;
  return 0;
}

int cunix_forbids_dumping(void) {
  struct rlimit limit;
  return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
}

long cunix_file_system_type(int descriptor) {
  struct statfs s;
  return fstatfs(descriptor, &s) == 0 ? (long)s.f_type : -1;
}

int cunix_open(const char *path, int flags, unsigned mode) {
  int descriptor = open(path, flags, mode);
  return descriptor < 0 ? -errno : descriptor;
}

int cunix_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int cunix_rename_new(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  /* This file system has no such rename; a second name is as atomic, and is refused where the name is taken. */
  if (link(from, to) != 0) return errno;
  return unlink(from) == 0 ? 0 : errno;
}

const char *cunix_error_text(int code) { return strerrordesc_np(code); }

char **cunix_environment(void) { return environ; }
