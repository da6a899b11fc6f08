#pragma once
#include <sqlite3.h>

/* Variadic functions and cast macros are not imported into Swift. */
static inline int csqlite_set_defensive(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}
static inline int csqlite_untrust_schema(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}
/* The connection that closes last leaves the write-ahead log as it is. */
static inline int csqlite_keep_log(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
/* It is copied into the file and removed again. */
static inline int csqlite_copy_log(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, (int *)0);
}
/* A null pointer would bind NULL; a blob of no bytes is not NULL. */
static inline int csqlite_bind_blob(sqlite3_stmt *s, int i, const void *p, int n) {
  return sqlite3_bind_blob(s, i, n ? p : "", n, SQLITE_TRANSIENT);
}
static inline int csqlite_bind_text(sqlite3_stmt *s, int i, const char *p, int n) {
  return sqlite3_bind_text(s, i, n ? p : "", n, SQLITE_TRANSIENT);
}
