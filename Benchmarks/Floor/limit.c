/* The floor of the benchmark: the cryptography and the SQL that storing, sharing and retrieving a token need, in bare C
 * on libsodium and SQLite, with no product around it. scripts/bench builds this, runs it in turn with the library's own
 * benchmark (custody-benchmark tokens), and divides: `ratio 1.3` is 1.3 times the time of this file.
 *
 *   cc -O2 limit.c -o limit -lsodium -lsqlite3 && ./limit TOKENS FILE.db
 *
 * It needs the headers of both (Debian: libsodium-dev, libsqlite3-dev), makes FILE.db anew, and prints one line a
 * figure.
 *
 * Per token stored and shared: 1 item row (200 B metadata, 1,200 B secret), 3 envelopes (recipient, storing admin,
 * audit group), 2 signed entries of 600 B, their leaves and tree nodes. Per commit: 1 signed checkpoint, durable. Per
 * retrieval: 1 row with its envelope, 1 box opened, 2 entries opened and verified, 2 inclusion proofs, 2 AEADs. */
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { META = 200, SECRET = 1200, ENTRY = 600, NONCE = 24, TAG = 16, SEALED_KEY = 32 + crypto_box_SEALBYTES };

static sqlite3 *db;
static unsigned char box_pk[32], box_sk[32], sign_pk[32], sign_sk[64], vault_key[32], member[16];
static int64_t log_size;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}
static void need(int ok, const char *what) {
  if (!ok) {
    fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : "");
    exit(1);
  }
}
static void sql(const char *text) { need(sqlite3_exec(db, text, 0, 0, 0) == SQLITE_OK, text); }
static sqlite3_stmt *prepare(const char *text) {
  sqlite3_stmt *s;
  need(sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &s, 0) == SQLITE_OK, text);
  return s;
}
static void step(sqlite3_stmt *s) {
  need(sqlite3_step(s) == SQLITE_DONE, "step");
  sqlite3_reset(s);
}
static void blob(sqlite3_stmt *s, int i, const void *p, int n) { sqlite3_bind_blob(s, i, p, n, SQLITE_STATIC); }

static sqlite3_stmt *put_item, *put_envelope, *put_entry, *put_node, *get_node, *put_checkpoint, *find, *get_entry;

static int seal(unsigned char *out, const unsigned char *in, int n, const unsigned char *key,
                const unsigned char id[16]) {
  unsigned long long len;
  randombytes_buf(out, NONCE);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &len, in, n, id, 16, 0, out, key);
  return NONCE + (int)len;
}
static void open_(unsigned char *out, const unsigned char *in, int n, const unsigned char *key,
                  const unsigned char id[16]) {
  unsigned long long len;
  need(!crypto_aead_xchacha20poly1305_ietf_decrypt(out, &len, 0, in + NONCE, n - NONCE, id, 16, in, key), "aead");
}
static void node_hash(unsigned char out[32], const unsigned char *l, const unsigned char *r) {
  unsigned char b[65];
  b[0] = 1;
  memcpy(b + 1, l, 32);
  memcpy(b + 33, r, 32);
  crypto_hash_sha256(out, b, 65);
}
static void read_node(int level, int64_t n, unsigned char out[32]) {
  sqlite3_bind_int64(get_node, 1, ((int64_t)level << 48) | n);
  need(sqlite3_step(get_node) == SQLITE_ROW, "node");
  memcpy(out, sqlite3_column_blob(get_node, 0), 32);
  sqlite3_reset(get_node);
}
static void write_node(int level, int64_t n, const unsigned char h[32]) {
  sqlite3_bind_int64(put_node, 1, ((int64_t)level << 48) | n);
  blob(put_node, 2, h, 32);
  step(put_node);
}
static int64_t append(unsigned char fill, const unsigned char id[16]) {
  unsigned char entry[ENTRY], sealed[NONCE + ENTRY + TAG], leaf[ENTRY + 1], h[32], l[32];
  memset(entry, fill, ENTRY);
  memcpy(entry, id, 16);
  crypto_sign_detached(entry + ENTRY - 64, 0, entry, ENTRY - 64, sign_sk);
  int n = seal(sealed, entry, ENTRY, vault_key, id);
  leaf[0] = 0;
  memcpy(leaf + 1, entry, ENTRY);
  crypto_hash_sha256(h, leaf, sizeof leaf);
  int64_t index = log_size++, at = index;
  sqlite3_bind_int64(put_entry, 1, index);
  blob(put_entry, 2, sealed, n);
  blob(put_entry, 3, id, 16);
  step(put_entry);
  write_node(0, at, h);
  for (int level = 0; at & 1; level++, at >>= 1) {
    read_node(level, at - 1, l);
    node_hash(h, l, h);
    write_node(level + 1, at >> 1, h);
  }
  return index;
}
static void checkpoint(void) {
  unsigned char root[32], l[32], note[136], sig[64];
  int have = 0;
  for (int level = 0; level < 48; level++) {
    if (!(log_size >> level & 1)) continue;
    read_node(level, (log_size >> level) - 1, l);
    if (have) node_hash(root, l, root);
    else memcpy(root, l, 32);
    have = 1;
  }
  memset(note, 'n', sizeof note);
  memcpy(note, root, 32);
  crypto_sign_detached(sig, 0, note, sizeof note, sign_sk);
  sqlite3_bind_int64(put_checkpoint, 1, log_size);
  blob(put_checkpoint, 2, note, sizeof note);
  blob(put_checkpoint, 3, sig, 64);
  step(put_checkpoint);
}
/* Folds the audit path inside a full left subtree; a reader has the nodes of the right edge at hand. */
static void include(int64_t index, unsigned char h[32]) {
  unsigned char s[32];
  int64_t n = index;
  for (int level = 0; ((n ^ 1) + 1) << level <= log_size; level++, n >>= 1) {
    read_node(level, n ^ 1, s);
    if (n & 1) node_hash(h, s, h);
    else node_hash(h, h, s);
  }
}
static void store_and_share(unsigned char tag[32]) {
  unsigned char id[16], data_key[32], meta_key[32], plain[SECRET], m[NONCE + META + TAG], s[NONCE + SECRET + TAG],
      wrapped[SEALED_KEY], hash[32];
  randombytes_buf(id, 16);
  randombytes_buf(data_key, 32);
  memset(plain, 's', SECRET);
  crypto_generichash(tag, 32, id, 16, vault_key, 32);
  crypto_generichash(meta_key, 32, (const unsigned char *)"metadata", 8, data_key, 32);
  crypto_generichash(hash, 32, id, 16, data_key, 32); /* key commitment */
  int mn = seal(m, plain, META, meta_key, id), sn = seal(s, plain, SECRET, data_key, id);
  crypto_hash_sha256(hash, s, sn);
  int64_t stored = append('a', id), shared = append('b', id);
  blob(put_item, 1, id, 16);
  blob(put_item, 2, tag, 32);
  blob(put_item, 3, m, mn);
  blob(put_item, 4, s, sn);
  sqlite3_bind_int64(put_item, 5, stored);
  step(put_item);
  for (int g = 0; g < 3; g++) {
    unsigned char to[16];
    memcpy(to, member, 16);
    to[0] ^= g;
    crypto_box_seal(wrapped, g == 2 ? meta_key : data_key, 32, box_pk);
    blob(put_envelope, 1, id, 16);
    blob(put_envelope, 2, to, 16);
    blob(put_envelope, 3, wrapped, SEALED_KEY);
    sqlite3_bind_int64(put_envelope, 4, shared);
    step(put_envelope);
  }
}
static void read_entry(int64_t index) {
  unsigned char entry[ENTRY], leaf[ENTRY + 1], h[32];
  sqlite3_bind_int64(get_entry, 1, index);
  need(sqlite3_step(get_entry) == SQLITE_ROW, "entry");
  open_(entry, sqlite3_column_blob(get_entry, 0), sqlite3_column_bytes(get_entry, 0), vault_key,
        sqlite3_column_blob(get_entry, 1));
  sqlite3_reset(get_entry);
  need(!crypto_sign_verify_detached(entry + ENTRY - 64, entry, ENTRY - 64, sign_pk), "signature");
  leaf[0] = 0;
  memcpy(leaf + 1, entry, ENTRY);
  crypto_hash_sha256(h, leaf, sizeof leaf);
  include(index, h);
}
static void retrieve(const unsigned char tag[32]) {
  unsigned char id[16], data_key[32], meta_key[32], out[SECRET], hash[32];
  blob(find, 1, tag, 32);
  blob(find, 2, member, 16);
  need(sqlite3_step(find) == SQLITE_ROW, "find");
  memcpy(id, sqlite3_column_blob(find, 0), 16);
  need(!crypto_box_seal_open(data_key, sqlite3_column_blob(find, 3), SEALED_KEY, box_pk, box_sk), "box");
  crypto_generichash(hash, 32, id, 16, data_key, 32);
  crypto_generichash(meta_key, 32, (const unsigned char *)"metadata", 8, data_key, 32);
  read_entry(sqlite3_column_int64(find, 4));
  read_entry(sqlite3_column_int64(find, 5));
  open_(out, sqlite3_column_blob(find, 1), sqlite3_column_bytes(find, 1), meta_key, id);
  crypto_hash_sha256(hash, sqlite3_column_blob(find, 2), sqlite3_column_bytes(find, 2));
  open_(out, sqlite3_column_blob(find, 2), sqlite3_column_bytes(find, 2), data_key, id);
  sqlite3_reset(find);
}
static void report(const char *what, int n, double seconds) {
  printf("%-32s %9d  %8.3f s  %9.1f us each\n", what, n, seconds, seconds / n * 1e6);
  fflush(stdout);
}

static void make_keys(void) {
  need(sodium_init() >= 0, "sodium_init");
  crypto_box_keypair(box_pk, box_sk);
  crypto_sign_keypair(sign_pk, sign_sk);
  randombytes_buf(vault_key, 32);
  randombytes_buf(member, 16);
}
static void make_file(const char *path) {
  const char *ends[] = {"", "-wal", "-shm"};
  for (int k = 0; k < 3; k++) {
    char file[4096];
    snprintf(file, sizeof file, "%s%s", path, ends[k]);
    unlink(file);
  }
  need(sqlite3_open(path, &db) == SQLITE_OK, path);
  sql("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE item(id BLOB PRIMARY KEY, tag BLOB NOT NULL UNIQUE, metadata BLOB, secret BLOB, stored INTEGER) "
      "STRICT;"
      "CREATE TABLE envelope(item BLOB, recipient BLOB, sealed BLOB, granted INTEGER, PRIMARY KEY(item, recipient)) "
      "STRICT, WITHOUT ROWID;"
      "CREATE TABLE log_entry(idx INTEGER PRIMARY KEY, sealed BLOB, id BLOB) STRICT;"
      "CREATE TABLE log_node(at INTEGER PRIMARY KEY, hash BLOB) STRICT;"
      "CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, note BLOB, signature BLOB) STRICT;");
}
static void prepare_all(void) {
  put_item = prepare("INSERT INTO item VALUES(?,?,?,?,?)");
  put_envelope = prepare("INSERT INTO envelope VALUES(?,?,?,?)");
  put_entry = prepare("INSERT INTO log_entry VALUES(?,?,?)");
  put_node = prepare("INSERT INTO log_node VALUES(?,?)");
  get_node = prepare("SELECT hash FROM log_node WHERE at=?");
  put_checkpoint = prepare("INSERT INTO checkpoint VALUES(?,?,?)");
  get_entry = prepare("SELECT sealed, id FROM log_entry WHERE idx=?");
  find = prepare("SELECT i.id, i.metadata, i.secret, e.sealed, i.stored, e.granted FROM item i JOIN envelope e ON "
                 "e.item=i.id WHERE i.tag=? AND e.recipient=?");
}

int main(int argc, char **argv) {
  int tokens = argc > 1 ? atoi(argv[1]) : 10000;
  if (tokens < 20) {
    fprintf(stderr, "usage: limit TOKENS FILE.db, of 20 tokens or more\n");
    return 2;
  }
  make_keys();
  make_file(argc > 2 ? argv[2] : "limit.db");
  prepare_all();
  unsigned char(*tags)[32] = malloc((size_t)tokens * 32);
  need(tags != 0, "malloc");
  int single = tokens / 20 < 2000 ? tokens / 20 : 2000;
  double t = now();
  for (int k = 0; k < single; k++) {
    sql("BEGIN IMMEDIATE");
    store_and_share(tags[k]);
    checkpoint();
    sql("COMMIT");
  }
  report("store+share, a commit each", single, now() - t);
  t = now();
  for (int k = single; k < tokens;) {
    sql("BEGIN IMMEDIATE");
    for (int e = k + 1000; k < tokens && k < e; k++) store_and_share(tags[k]);
    checkpoint();
    sql("COMMIT");
  }
  report("store+share, 1,000 a commit", tokens - single, now() - t);
  int reads = 20000;
  t = now();
  for (int k = 0; k < reads; k++) retrieve(tags[randombytes_uniform(tokens)]);
  report("retrieve, every check", reads, now() - t);
  int scan = log_size < 100000 ? (int)log_size : 100000;
  t = now();
  for (int k = 0; k < scan; k++) read_entry(k);
  report("read one entry, every check", scan, now() - t);
  sql("PRAGMA wal_checkpoint(TRUNCATE)");
  sqlite3_stmt *pages = prepare("SELECT page_count*page_size FROM pragma_page_count, pragma_page_size");
  sqlite3_step(pages);
  printf("%-32s %9.0f  bytes a token\n", "file", (double)sqlite3_column_int64(pages, 0) / tokens);
  return 0;
}
