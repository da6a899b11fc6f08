#define _GNU_SOURCE
#include "CZlib.h"
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* zlib's stream, as its binary interface has had it since version 1: its header is not needed. */
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

struct czlib_stream {
  struct stream s;
};

enum { Z_OK = 0, Z_STREAM_END = 1, Z_BUF_ERROR = -5, Z_MEM_ERROR = -4, Z_NO_FLUSH = 0, Z_FINISH = 4 };
enum { RAW = -15, GZIP = 15 + 16, GZIP_OR_ZLIB = 15 + 32, MOST = 1 << 30 };

static struct {
  int (*init)(struct stream *, int, const char *, int);
  int (*inflate)(struct stream *, int);
  int (*end)(struct stream *);
  unsigned long (*crc32)(unsigned long, const unsigned char *, unsigned);
  int ready;
} zlib;

static void open_library(void) {
  void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  zlib.init = dlsym(library, "inflateInit2_");
  zlib.inflate = dlsym(library, "inflate");
  zlib.end = dlsym(library, "inflateEnd");
  zlib.crc32 = dlsym(library, "crc32");
  zlib.ready = zlib.init && zlib.inflate && zlib.end && zlib.crc32;
}

int czlib_is_there(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return zlib.ready;
}

static void *allocate(void *context, unsigned count, unsigned size) {
  (void)context;
  return calloc(count, size);
}

/* The window has had what was compressed in it, which may be a reply with secrets. */
static void wipe(void *context, void *p) {
  (void)context;
  if (!p) return;
  explicit_bzero(p, malloc_usable_size(p));
  free(p);
}

static int begin(struct stream *s, int format) {
  s->allocate = allocate, s->release = wipe;
  return zlib.init(s, format, "1", sizeof *s) == Z_OK;
}

struct czlib_stream *czlib_begin(int format) {
  if (!czlib_is_there()) return NULL;
  struct czlib_stream *made = calloc(1, sizeof *made);
  if (made && begin(&made->s, format == CZLIB_GZIP ? GZIP : RAW)) return made;
  free(made);
  return NULL;
}

void czlib_end(struct czlib_stream *stream) {
  if (!stream) return;
  zlib.end(&stream->s);
  free(stream);
}

int czlib_inflate(struct czlib_stream *stream, const void *from, size_t count, size_t *taken, void *to, size_t room, size_t *written) {
  unsigned in = count < MOST ? (unsigned)count : MOST, out = room < MOST ? (unsigned)room : MOST;
  struct stream *s = &stream->s;
  s->next_in = from, s->avail_in = in, s->next_out = to, s->avail_out = out;
  int code = zlib.inflate(s, Z_NO_FLUSH);
  *taken = in - s->avail_in, *written = out - s->avail_out;
  s->next_in = NULL, s->next_out = NULL;
  if (code == Z_STREAM_END) return CZLIB_END;
  /* Z_BUF_ERROR: nothing could be done with what there was of input or room, and nothing is lost. */
  if (code == Z_OK || code == Z_BUF_ERROR) return CZLIB_MORE;
  return code == Z_MEM_ERROR ? CZLIB_NO_MEMORY : CZLIB_BROKEN;
}

long czlib_inflate_all(const void *from, size_t count, void *to, size_t capacity) {
  if (!czlib_is_there() || count > MOST || capacity > MOST) return CZLIB_BROKEN;
  struct stream s = {.next_in = from, .avail_in = (unsigned)count, .next_out = to, .avail_out = (unsigned)capacity};
  if (!begin(&s, GZIP_OR_ZLIB)) return CZLIB_BROKEN;
  int code = zlib.inflate(&s, Z_FINISH);
  long length = code == Z_STREAM_END ? (long)s.total_out : s.avail_out ? CZLIB_BROKEN : CZLIB_TOO_LARGE;
  zlib.end(&s);
  return length;
}

unsigned czlib_crc32(unsigned crc, const void *bytes, size_t count) {
  const unsigned char *place = bytes;
  if (!czlib_is_there()) return 0;
  while (count) {
    unsigned part = count < MOST ? (unsigned)count : MOST;
    crc = (unsigned)zlib.crc32(crc, place, part);
    place += part, count -= part;
  }
  return crc;
}
