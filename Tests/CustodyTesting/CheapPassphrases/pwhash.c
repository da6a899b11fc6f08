/* Preloaded into the built command by tests whose subject is not what a passphrase costs: Argon2id with one pass over 8 KiB,
 * whatever costs the vault names. The command itself is as it is released; a vault that was made under this library opens
 * under it, and under nothing else. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

typedef int pwhash(unsigned char *, unsigned long long, const char *, unsigned long long, const unsigned char *,
                   unsigned long long, size_t, int);

int crypto_pwhash(unsigned char *out, unsigned long long out_size, const char *phrase, unsigned long long phrase_size,
                  const unsigned char *salt, unsigned long long passes, size_t memory, int algorithm) {
  (void)passes, (void)memory;
  pwhash *real = (pwhash *)dlsym(RTLD_NEXT, "crypto_pwhash");
  if (!real) abort();
  return real(out, out_size, phrase, phrase_size, salt, 1, 8192, algorithm);
}
