#ifndef ASSAY_CRDKAFKA_SHIM_H
#define ASSAY_CRDKAFKA_SHIM_H

// Static-inline wrappers for what Swift can't import from librdkafka: unions, function-like macros, and functions
// that exist only in some releases. Nothing here decides anything.

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// The headers' RD_KAFKA_VERSION: which functions this build may call. rd_kafka_version() is the library that runs.
static inline int32_t CRDKafka_header_version(void) { return (int32_t)RD_KAFKA_VERSION; }

// Produces one message; the payload is copied. `headers` belongs to the library on success and is destroyed here on
// failure, so the caller never touches it again. One RD_KAFKA_VTYPE_HEADERS is used rather than one VTYPE_HEADER
// per header because librdkafka < 2.12 frees the latter twice when the forced partition does not exist.
// A negative partition means "let the partitioner choose"; a timestamp of 0 means "now".
static inline rd_kafka_resp_err_t CRDKafka_produce(rd_kafka_t *rk, const char *topic, int32_t partition,
                                                   const void *key, size_t key_size, const void *value,
                                                   size_t value_size, int64_t timestamp_ms,
                                                   rd_kafka_headers_t *headers, uintptr_t opaque, char *error_text,
                                                   size_t error_text_size) {
    rd_kafka_vu_t arguments[8];
    size_t count = 0;
    memset(arguments, 0, sizeof(arguments));
    arguments[count].vtype = RD_KAFKA_VTYPE_TOPIC;
    arguments[count++].u.cstr = topic;
    arguments[count].vtype = RD_KAFKA_VTYPE_PARTITION;
    arguments[count++].u.i32 = partition < 0 ? RD_KAFKA_PARTITION_UA : partition;
    arguments[count].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    arguments[count++].u.i = RD_KAFKA_MSG_F_COPY;
    arguments[count].vtype = RD_KAFKA_VTYPE_KEY;
    arguments[count].u.mem.ptr = (void *)key;
    arguments[count++].u.mem.size = key_size;
    arguments[count].vtype = RD_KAFKA_VTYPE_VALUE;
    arguments[count].u.mem.ptr = (void *)value;
    arguments[count++].u.mem.size = value_size;
    arguments[count].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    arguments[count++].u.i64 = timestamp_ms;
    arguments[count].vtype = RD_KAFKA_VTYPE_OPAQUE;
    arguments[count++].u.ptr = (void *)opaque;
    if (headers) {
        arguments[count].vtype = RD_KAFKA_VTYPE_HEADERS;
        arguments[count++].u.headers = headers;
    }
    rd_kafka_error_t *error = rd_kafka_produceva(rk, arguments, count);
    if (!error) return RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    snprintf(error_text, error_text_size, "%s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    if (headers) rd_kafka_headers_destroy(headers);
    return code;
}

static inline uintptr_t CRDKafka_message_opaque(const rd_kafka_message_t *message) {
    return (uintptr_t)message->_private;
}

// Turns an error object into its code and text and frees it. NULL is "no error".
static inline rd_kafka_resp_err_t CRDKafka_take_error(rd_kafka_error_t *error, char *text, size_t text_size) {
    if (!error) return RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    snprintf(text, text_size, "%s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return code;
}

// One answer of a mock broker, of the function's variable number.
static inline rd_kafka_resp_err_t CRDKafka_mock_push_request_error(rd_kafka_mock_cluster_t *cluster, int32_t broker,
                                                                   int16_t api_key, rd_kafka_resp_err_t error,
                                                                   int32_t delay_ms) {
    return rd_kafka_mock_broker_push_request_error_rtts(cluster, broker, api_key, 1, error, (int)delay_ms);
}

// Leader epochs keep a consumer from resuming on a truncated log (KIP-320). The functions appeared in 2.1.0; from
// that release on an offset stored without its epoch is less safe. Before, -1 ("unknown") is all there is.
static inline int32_t CRDKafka_message_leader_epoch(const rd_kafka_message_t *message) {
#if RD_KAFKA_VERSION >= 0x020100ff
    return rd_kafka_message_leader_epoch(message);
#else
    (void)message;
    return -1;
#endif
}

static inline void CRDKafka_topic_partition_set_leader_epoch(rd_kafka_topic_partition_t *partition, int32_t epoch) {
#if RD_KAFKA_VERSION >= 0x020100ff
    rd_kafka_topic_partition_set_leader_epoch(partition, epoch);
#else
    (void)partition;
    (void)epoch;
#endif
}

#endif
