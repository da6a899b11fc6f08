#include "CUnix.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Handlers get no argument of ours, so the one prompt that can be open at a time lives here. */
static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { CAUGHT = sizeof caught / sizeof caught[0] };
static struct sigaction before[CAUGHT];
static struct termios shown, hidden;
static int terminal = -1;
static char label[512];
static volatile sig_atomic_t is_hidden;

static void hide(void) {
  tcsetattr(terminal, TCSAFLUSH, &hidden);
  if (write(terminal, label, strlen(label)) < 0) return;
}

/* Everything called here is async-signal-safe. The terminal is mended before the signal has its way, since most end us. */
static void mend_and_raise(int number) {
  int saved = errno, i = 0;
  struct sigaction ours;
  sigset_t one, blocked;
  while (caught[i] != number) i++;
  tcsetattr(terminal, TCSAFLUSH, &shown);
  sigaction(number, &before[i], &ours);
  sigemptyset(&one);
  sigaddset(&one, number);
  pthread_sigmask(SIG_UNBLOCK, &one, &blocked);
  raise(number);
  pthread_sigmask(SIG_SETMASK, &blocked, NULL);
  sigaction(number, &ours, NULL);
  if (is_hidden) hide();
  errno = saved;
}

int cunix_terminal_hide(int descriptor, const char *prompt) {
  if (is_hidden) return EBUSY;
  if (tcgetattr(descriptor, &shown) != 0) return errno;
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN);
  hidden.c_cc[VMIN] = 1;
  hidden.c_cc[VTIME] = 0;
  terminal = descriptor;
  strncpy(label, prompt, sizeof label - 1);
  struct sigaction ours = {.sa_handler = mend_and_raise};
  sigfillset(&ours.sa_mask);
  for (int i = 0; i < CAUGHT; i++) {
    sigaction(caught[i], NULL, &before[i]);
    /* What the parent told us to ignore (nohup) stays ignored. */
    if (before[i].sa_handler != SIG_IGN) sigaction(caught[i], &ours, NULL);
  }
  is_hidden = 1;
  hide();
  return 0;
}

void cunix_terminal_show(void) {
  is_hidden = 0;
  /* What was pasted behind the first line is thrown away here, so that no shell runs it. */
  tcsetattr(terminal, TCSAFLUSH, &shown);
  for (int i = 0; i < CAUGHT; i++) sigaction(caught[i], &before[i], NULL);
}
