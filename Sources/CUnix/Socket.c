#include "CUnix.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int cunix_peer(int socket, uint32_t *user, int32_t *process) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return errno;
  *user = peer.uid;
  *process = peer.pid;
  return 0;
}

int cunix_socket(void) {
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return made < 0 ? -errno : made;
}

static int address(const char *path, struct sockaddr_un *out) {
  memset(out, 0, sizeof *out);
  out->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof out->sun_path) return ENAMETOOLONG;
  strcpy(out->sun_path, path);
  return 0;
}

int cunix_bind(int socket, const char *path) {
  struct sockaddr_un place;
  int code = address(path, &place);
  if (code != 0) return code;
  return bind(socket, (struct sockaddr *)&place, sizeof place) == 0 ? 0 : errno;
}

int cunix_connect(int socket, const char *path) {
  struct sockaddr_un place;
  int code = address(path, &place);
  if (code != 0) return code;
  return connect(socket, (struct sockaddr *)&place, sizeof place) == 0 ? 0 : errno;
}

int cunix_accept(int socket) {
  int caller = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return caller < 0 ? -errno : caller;
}

int cunix_listens(int descriptor) {
  int domain = 0, type = 0, listens = 0;
  socklen_t size = sizeof domain;
  return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
         getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
         getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens;
}

union control {
  struct cmsghdr head;
  char room[CMSG_SPACE(sizeof(int))];
};

long cunix_send(int socket, const void *bytes, size_t count, int descriptor) {
  struct iovec part = {(void *)bytes, count};
  union control control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    control.head.cmsg_level = SOL_SOCKET;
    control.head.cmsg_type = SCM_RIGHTS;
    control.head.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.head), &descriptor, sizeof descriptor);
  }
  ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}

long cunix_receive(int socket, void *bytes, size_t count, int *descriptor) {
  struct iovec part = {bytes, count};
  union control control;
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  *descriptor = -1;
  ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (got < 0) return -errno;
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) return got;
  /* The room is padded, so that two may have come: one is asked for, and no other stays open. What had no room the kernel closed. */
  for (size_t place = CMSG_LEN(0); place + sizeof(int) <= head->cmsg_len; place += sizeof(int)) {
    int came;
    memcpy(&came, (unsigned char *)head + place, sizeof came);
    if (*descriptor < 0) *descriptor = came;
    else close(came);
  }
  return got;
}

int cunix_signal_descriptor(void) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGHUP);
  sigaddset(&ends, SIGINT);
  if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0) return -errno;
  int made = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  return made < 0 ? -errno : made;
}

int cunix_spawn_self(char *const words[], char *const environment[], int listener) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  pid_t child;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  /* First the listener, which may have any number above 2 (a number that is already 3 loses close-on-exec by this). */
  posix_spawn_file_actions_adddup2(&actions, listener, 3);
  for (int i = 0; i < 3; i++) posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, 4);
  int code = posix_spawn(&child, "/proc/self/exe", &actions, &attributes, words, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}
