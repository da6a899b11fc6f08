#define _GNU_SOURCE
#include "CCurl.h"
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* zlib's stream, as its binary interface has had it since version 1. libcurl brings the library along; its header is not needed. */
struct stream {
  const unsigned char *next_in;
  unsigned avail_in;
  unsigned long total_in;
  unsigned char *next_out;
  unsigned avail_out;
  unsigned long total_out;
  const char *message;
  void *state;
  void *(*allocate)(void *, unsigned, unsigned);
  void (*release)(void *, void *);
  void *context;
  int data_type;
  unsigned long adler, reserved;
};

enum { Z_OK = 0, Z_STREAM_END = 1, Z_FINISH = 4, GZIP_OR_ZLIB = 15 + 32 };

static struct {
  int (*init)(struct stream *, int, const char *, int);
  int (*inflate)(struct stream *, int);
  int (*end)(struct stream *);
} zlib;

static void open_library(void) {
  void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  zlib.init = dlsym(library, "inflateInit2_");
  zlib.inflate = dlsym(library, "inflate");
  zlib.end = dlsym(library, "inflateEnd");
}

static void *allocate(void *context, unsigned count, unsigned size) {
  (void)context;
  return calloc(count, size);
}

/* The window has had the reply in it. */
static void wipe(void *context, void *p) {
  (void)context;
  if (!p) return;
  explicit_bzero(p, malloc_usable_size(p));
  free(p);
}

long ccurl_inflate(const void *from, size_t count, void *to, size_t capacity) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  if (!zlib.init || !zlib.inflate || !zlib.end || count > 1u << 30 || capacity > 1u << 30) return CCURL_NOT_COMPRESSED;
  struct stream s = {.next_in = from, .avail_in = (unsigned)count, .next_out = to, .avail_out = (unsigned)capacity};
  s.allocate = allocate, s.release = wipe;
  if (zlib.init(&s, GZIP_OR_ZLIB, "1", sizeof s) != Z_OK) return CCURL_NOT_COMPRESSED;
  int code = zlib.inflate(&s, Z_FINISH);
  long length = code == Z_STREAM_END ? (long)s.total_out : s.avail_out ? CCURL_NOT_COMPRESSED : CCURL_TOO_LARGE;
  zlib.end(&s);
  return length;
}
