#define _GNU_SOURCE
#include "CCurl.h"
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#if LIBCURL_VERSION_NUM < 0x075700
#error "libcurl 7.87 or newer is needed"
#endif
#define MOST_HEADERS (64 * 1024)

/* libcurl copies header lines and keeps requests and replies in buffers of its own. Given these, it wipes them when it frees them.
   What OpenSSL buffered, and what the kernel did, can't be reached. Without effect if something else in the process began libcurl first. */
static void wiping_free(void *p) {
  if (!p) return;
  explicit_bzero(p, malloc_usable_size(p));
  free(p);
}

static void *wiping_realloc(void *old, size_t size) {
  void *new = malloc(size ? size : 1);
  if (!new || !old) return new;
  size_t had = malloc_usable_size(old);
  memcpy(new, old, had < size ? had : size);
  wiping_free(old);
  return new;
}

static struct {
  CURL *(*init)(void);
  CURLcode (*setopt)(CURL *, CURLoption, ...);
  CURLcode (*perform)(CURL *);
  CURLcode (*getinfo)(CURL *, CURLINFO, ...);
  const char *(*strerror)(CURLcode);
  time_t (*getdate)(const char *, const time_t *);
  void (*cleanup)(CURL *);
  struct curl_slist *(*append)(struct curl_slist *, const char *);
  void (*free_all)(struct curl_slist *);
  int ready;
} curl;

typedef CURLcode (*global_init_function)(long, curl_malloc_callback, curl_free_callback, curl_realloc_callback,
                                         curl_strdup_callback, curl_calloc_callback);

/* A variable for debuggers has libcurl, when it begins, open a file for the keys of every connection: with them what someone
   recorded on the way can be read, secrets and all. Who is run by this process afterwards has the variable as it was. */
static CURLcode begin(global_init_function global_init) {
  static const char hidden[] = "SSLKEYLOGFILE=";
  char **given = environ;
  size_t all = 0, kept = 0;
  while (given && given[all]) all++;
  char **without = calloc(all + 1, sizeof *without);
  if (!without) return CURLE_OUT_OF_MEMORY;
  for (size_t i = 0; i < all; i++)
    if (strncmp(given[i], hidden, sizeof hidden - 1) != 0) without[kept++] = given[i];
  environ = without;
  CURLcode code = global_init(CURL_GLOBAL_DEFAULT, malloc, wiping_free, wiping_realloc, strdup, calloc);
  environ = given;
  free(without);
  return code;
}

static void open_library(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  global_init_function global_init = (global_init_function)dlsym(library, "curl_global_init_mem");
  curl.init = dlsym(library, "curl_easy_init");
  curl.setopt = dlsym(library, "curl_easy_setopt");
  curl.perform = dlsym(library, "curl_easy_perform");
  curl.getinfo = dlsym(library, "curl_easy_getinfo");
  curl.strerror = dlsym(library, "curl_easy_strerror");
  curl.getdate = dlsym(library, "curl_getdate");
  curl.cleanup = dlsym(library, "curl_easy_cleanup");
  curl.append = dlsym(library, "curl_slist_append");
  curl.free_all = dlsym(library, "curl_slist_free_all");
  if (!global_init || !curl.init || !curl.setopt || !curl.perform || !curl.getinfo || !curl.strerror || !curl.getdate ||
      !curl.cleanup || !curl.append || !curl.free_all)
    return;
  curl.ready = begin(global_init) == CURLE_OK;
}

struct transfer {
  const struct ccurl_request *request;
  struct ccurl_reply *reply;
};

static size_t on_body(char *bytes, size_t one, size_t count, void *context) {
  struct transfer *t = context;
  if (one != 1 || count > t->request->capacity - t->reply->count) return t->reply->too_large = 1, 0;
  memcpy((char *)t->request->reply + t->reply->count, bytes, count);
  t->reply->count += count;
  return count;
}

static void keep(const char *line, size_t count, const char *name, char *to, size_t room) {
  size_t length = strlen(name);
  if (count <= length || strncasecmp(line, name, length) != 0) return;
  for (line += length, count -= length; count && (*line == ' ' || *line == '\t'); line++) count--;
  while (count && strchr(" \t\r\n", line[count - 1])) count--;
  if (count >= room || memchr(line, 0, count)) return;
  memcpy(to, line, count);
  to[count] = 0;
}

static size_t on_header(char *line, size_t one, size_t count, void *context) {
  struct ccurl_reply *r = ((struct transfer *)context)->reply;
  r->header_count += count;
  if (one != 1 || r->header_count > MOST_HEADERS) return r->too_large = 1, 0;
  if (count > 5 && memcmp(line, "HTTP/", 5) == 0) /* what a 100 Continue said does not count */
    *r->location = *r->retry_after = *r->content_type = *r->date = r->locations = 0;
  if (count > 9 && strncasecmp(line, "location:", 9) == 0 && r->locations++) *r->location = 0; /* two are none */
  else keep(line, count, "location:", r->location, sizeof r->location);
  keep(line, count, "retry-after:", r->retry_after, sizeof r->retry_after);
  keep(line, count, "content-type:", r->content_type, sizeof r->content_type);
  keep(line, count, "date:", r->date, sizeof r->date);
  return count;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  const struct ccurl_request *q = ((struct transfer *)context)->request;
  (void)a, (void)b, (void)c, (void)d;
  return q->beat(q->beat_context), 0;
}

/* Connected, and where there is TLS the other side has shown who it is. Up to here nothing of the request has left: what a proxy
   was told before is none. */
static int on_ready(void *context, char *a, char *b, int c, int d) {
  struct transfer *t = context;
  (void)a, (void)b, (void)c, (void)d;
  if (t->request->may_send && !t->request->may_send(t->request->beat_context)) return CURL_PREREQFUNC_ABORT;
  return t->reply->sent = 1, CURL_PREREQFUNC_OK;
}

/* One option that libcurl refuses, and nothing is sent: an option missed could be the one that verifies. */
#define SET(option, value) \
  if (curl.setopt(easy, option, value) != CURLE_OK) return 0

static int set_safety(CURL *easy, const struct ccurl_request *q) {
  SET(CURLOPT_PROTOCOLS_STR, q->loopback ? "https,http" : "https");
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  SET(CURLOPT_SSL_VERIFYPEER, 1L);
  SET(CURLOPT_SSL_VERIFYHOST, 2L);
  SET(CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  SET(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  SET(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  if (q->ca_file) {
    SET(CURLOPT_CAINFO, q->ca_file);
    SET(CURLOPT_CAPATH, (char *)NULL);
    SET(CURLOPT_PROXY_CAINFO, q->ca_file);
    SET(CURLOPT_PROXY_CAPATH, (char *)NULL);
  }
  if (q->loopback) SET(CURLOPT_PROXY, ""); /* others: as the environment says */
  SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* our headers are not for a proxy */
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  SET(CURLOPT_HTTP09_ALLOWED, 0L);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_QUICK_EXIT, 1L); /* a resolver that hangs does not hold up the time limit */
  SET(CURLOPT_CONNECTTIMEOUT_MS, q->connect_timeout_ms);
  SET(CURLOPT_TIMEOUT_MS, q->total_timeout_ms);
  return 1;
}

/* No Accept-Encoding is sent, and none is undone here: libcurl would fail on a name it does not know, and the reply be lost. */
static int set_request(CURL *easy, struct transfer *t, struct curl_slist *headers) {
  const struct ccurl_request *q = t->request;
  SET(CURLOPT_URL, q->url);
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_USERAGENT, q->user_agent);
  if (q->body) {
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, q->body); /* not copied here */
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_count);
  } else {
    SET(CURLOPT_HTTPGET, 1L);
  }
  SET(CURLOPT_CUSTOMREQUEST, q->method);
  SET(CURLOPT_HTTPHEADER, headers);
  SET(CURLOPT_WRITEFUNCTION, on_body);
  SET(CURLOPT_WRITEDATA, t);
  SET(CURLOPT_HEADERFUNCTION, on_header);
  SET(CURLOPT_HEADERDATA, t);
  SET(CURLOPT_ERRORBUFFER, t->reply->error);
  SET(CURLOPT_PREREQFUNCTION, on_ready);
  SET(CURLOPT_PREREQDATA, t);
  if (q->beat) {
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, t);
  }
  return 1;
}

/* A proxy's URL may hold a password, and libcurl repeats one that it can't read. */
static void say_nothing_of_proxies(struct ccurl_reply *r, int code) {
  if (strstr(r->error, "nsupported proxy")) r->proxy_status = -1;
  else if (!strchr(r->error, '@') && !strstr(r->error, "://")) return;
  strncpy(r->error, curl.strerror(code), sizeof r->error - 1);
}

/* A time of day becomes the seconds from the server's own Date to it, as their clock and ours need not agree. */
static void count_seconds(struct ccurl_reply *r) {
  if (!*r->retry_after || strspn(r->retry_after, "0123456789") == strlen(r->retry_after)) return;
  time_t from = curl.getdate(r->date, NULL), to = curl.getdate(r->retry_after, NULL);
  if (from == -1) from = time(NULL);
  if (to == -1) *r->retry_after = 0;
  else snprintf(r->retry_after, sizeof r->retry_after, "%lld", to > from ? (long long)to - from : 0LL);
}

static int send_with(CURL *easy, struct transfer *t, struct curl_slist *headers) {
  if (!set_safety(easy, t->request) || !set_request(easy, t, headers)) return CCURL_REFUSED_OPTION;
  int code = curl.perform(easy);
  curl.getinfo(easy, CURLINFO_RESPONSE_CODE, &t->reply->status);
  curl.getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &t->reply->proxy_status);
  if (code) say_nothing_of_proxies(t->reply, code);
  count_seconds(t->reply);
  return code;
}

static int add(struct curl_slist **list, const char *line) {
  struct curl_slist *longer = curl.append(*list, line);
  if (!longer) return CURLE_OUT_OF_MEMORY;
  return *list = longer, CURLE_OK;
}

int ccurl_is_there(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return curl.ready;
}

int ccurl_perform(const struct ccurl_request *request, struct ccurl_reply *reply) {
  struct transfer transfer = {request, reply};
  struct curl_slist *headers = NULL;
  memset(reply, 0, sizeof *reply);
  CURL *easy = ccurl_is_there() ? curl.init() : NULL;
  if (!easy) return CCURL_NO_LIBRARY;
  int code = CURLE_OK;
  for (const char *line = request->header_lines; *line && code == CURLE_OK; line += strlen(line) + 1)
    code = add(&headers, line);
  if (code == CURLE_OK) code = add(&headers, "Expect:"); /* no waiting for a 100 Continue, however long the body */
  if (code == CURLE_OK) code = send_with(easy, &transfer, headers);
  curl.cleanup(easy);
  curl.free_all(headers);
  return code;
}
