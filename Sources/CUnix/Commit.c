#include "CUnix.h"

/* Package.swift says which; empty where nobody told it. */
const char *cunix_commit(void) { return CUSTODY_COMMIT; }
