/* One HTTPS request through libcurl, which is opened by dlopen at the first one. Headers of libcurl are needed to build, not to start. */
#pragma once
#include <stddef.h>

enum { CCURL_NO_LIBRARY = -1, CCURL_REFUSED_OPTION = -2 };

struct ccurl_request {
  const char *url, *method;
  const char *header_lines; /* "Name: value", each ended by NUL, the last one by two */
  const void *body;         /* NULL for none */
  size_t body_count;
  const char *user_agent;
  const char *ca_file; /* NULL for the system's; otherwise it alone is trusted */
  long connect_timeout_ms, total_timeout_ms;
  int loopback;    /* plain http is allowed, and no proxy is used */
  void *reply;     /* the body goes here and nowhere else */
  size_t capacity; /* a body of more bytes ends the request */
  void (*beat)(void *); /* NULL, or called about once a second and whenever something arrives, until the request has ended */
  int (*may_send)(void *); /* NULL, or asked once the connection stands; 0 sends nothing */
  void *beat_context;      /* for both */
};

struct ccurl_reply {
  size_t count, header_count;
  int too_large;
  int sent; /* at least one byte of the request may have left */
  int locations;
  long status, proxy_status; /* the second is what a proxy said to CONNECT; 0 for nothing, -1 for a proxy's URL that is none */
  char location[2048], retry_after[128], content_type[256], date[64]; /* "" for none, for one too long, and for two Locations; retry_after is in seconds */
  char error[256];                                                    /* libcurl's own words, without a proxy's URL */
};

/* Whether libcurl can be opened: 1 or 0. */
int ccurl_is_there(void);

/* 0, a CURLcode, or one of the negative codes above. */
int ccurl_perform(const struct ccurl_request *request, struct ccurl_reply *reply);

/* A fixed array is a tuple to Swift. */
static inline const char *ccurl_location(const struct ccurl_reply *r) { return r->location; }
static inline const char *ccurl_retry_after(const struct ccurl_reply *r) { return r->retry_after; }
static inline const char *ccurl_content_type(const struct ccurl_reply *r) { return r->content_type; }
static inline const char *ccurl_date(const struct ccurl_reply *r) { return r->date; }
static inline const char *ccurl_error(const struct ccurl_reply *r) { return r->error; }
