#ifndef ASSAY_CPOSTGRES_SHIM_H
#define ASSAY_CPOSTGRES_SHIM_H

// Static-inline wrappers for what Swift can't import from libpq: character macros as field codes. Nothing here decides
// anything.

#include <libpq-fe.h>

// Fields of an error or notice; NULL where the server sent none.
static inline const char *CPostgres_error_severity(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
}

static inline const char *CPostgres_error_sqlstate(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static inline const char *CPostgres_error_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

static inline const char *CPostgres_error_detail(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
}

static inline const char *CPostgres_error_constraint(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}

static inline const char *CPostgres_error_table(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_TABLE_NAME);
}

static inline const char *CPostgres_error_column(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
}

static inline const char *CPostgres_error_function(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
}

#endif
