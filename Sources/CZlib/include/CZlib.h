/* zlib, which is opened by dlopen at the first use: nothing of it is needed to build or to start. What it allocates is wiped when it is freed. */
#pragma once
#include <stddef.h>

enum { CZLIB_MORE = 0, CZLIB_END = 1, CZLIB_NO_LIBRARY = -1, CZLIB_NO_MEMORY = -2, CZLIB_BROKEN = -3, CZLIB_TOO_LARGE = -4 };
enum { CZLIB_RAW = 0, CZLIB_GZIP = 1 };

struct czlib_stream;

/* Whether zlib can be opened: 1 or 0. */
int czlib_is_there(void);

/* One stream of compressed bytes: without any frame, or one member of a gzip file with its checksum. NULL where there is no zlib or no memory. */
struct czlib_stream *czlib_begin(int format);
void czlib_end(struct czlib_stream *stream);

/* Takes some of `from` and writes some of `to`, and says how many bytes of each. CZLIB_MORE while more input or room is needed, CZLIB_END behind
   the stream's last byte, or CZLIB_BROKEN or CZLIB_NO_MEMORY, after which nothing is to be done but to end it. */
int czlib_inflate(struct czlib_stream *stream, const void *from, size_t count, size_t *taken, void *to, size_t room, size_t *written);

/* Undoes gzip or zlib of a whole text. The number of bytes written, CZLIB_BROKEN where it is no whole text or there is no zlib, or
   CZLIB_TOO_LARGE where it does not fit. */
long czlib_inflate_all(const void *from, size_t count, void *to, size_t capacity);

/* The checksum of gzip and zip, over one more part; 0 to begin with, and where there is no zlib. */
unsigned czlib_crc32(unsigned crc, const void *bytes, size_t count);
