#include "CUnix.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

static void name_of_descriptor(int descriptor, char *name, size_t room) { snprintf(name, room, "/proc/self/fd/%d", descriptor); }

int cunix_nameless_file(const char *folder, unsigned mode) {
  char name[32];
  int descriptor = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (descriptor < 0) return -errno;
  name_of_descriptor(descriptor, name, sizeof name);
  if (access(name, F_OK) == 0) return descriptor;
  int code = errno;
  close(descriptor);
  return -code;
}

int cunix_name_file(int descriptor, const char *path) {
  char name[32];
  name_of_descriptor(descriptor, name, sizeof name);
  return linkat(AT_FDCWD, name, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

int cunix_scratch_file(const char *folder) {
  char name[4096];
  int descriptor = open(folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  /* Some file systems have no such files: there it has a name for a moment. */
  if (snprintf(name, sizeof name, "%s/.custody.XXXXXX", folder) >= (int)sizeof name) return -ENAMETOOLONG;
  descriptor = mkostemp(name, O_CLOEXEC);
  if (descriptor < 0) return -errno;
  unlink(name);
  return descriptor;
}

const char *cunix_error_text(int code) { return strerrordesc_np(code); }

int cunix_memory_file(const char *name) {
#ifdef MFD_NOEXEC_SEAL
  int made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
  /* Kernels before 6.3 don't know the last flag. */
  if (made < 0 && errno == EINVAL) made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
#else
  int made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
#endif
  return made < 0 ? -errno : made;
}

int cunix_finish_memory_file(int descriptor) {
  const int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (lseek(descriptor, 0, SEEK_SET) < 0 || fchmod(descriptor, 0400) != 0) return errno;
  return fcntl(descriptor, F_ADD_SEALS, seals) == 0 ? 0 : errno;
}

int cunix_duplicate(int descriptor, int lowest) {
  int made = fcntl(descriptor, F_DUPFD_CLOEXEC, lowest);
  return made < 0 ? -errno : made;
}

int cunix_is_inherited(int descriptor) {
  int flags = fcntl(descriptor, F_GETFD);
  return flags >= 0 && !(flags & FD_CLOEXEC);
}

int cunix_execute(const char *path, char *const arguments[], char *const environment[]) {
  execvpe(path, arguments, environment);
  return errno;
}

char **cunix_environment(void) { return environ; }

static int argument_count;
static char **argument_values;

/* glibc gives an initializer what main is given. Swift's runtime looks for it beside the environment, which a library's setenv
   has moved by then, and in /proc, which need not be there; and finds nothing without a word. */
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

int cunix_argument_count(void) { return argument_count; }

char **cunix_arguments(void) { return argument_values; }
