/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_PARTY_H
#define ACCORDD_PARTY_H

#include "accordd/roles.h"
#include "base/text.h"

#include <stdio.h>
#include <sys/types.h>

/* A party's directory: what accord.conf in it says, and whether it is as it must be. */

#define PARTY_WORD_MAX 256

/* The guard keeps one key for each epoch it made or received, three quarters full at most. */
#define PARTY_SLOTS 65536

/* While one wrap key is exchanged for another there are two. */
#define PARTY_WRAP_KEYS 2

/* party_user - who a process runs as when accordd is root */
struct party_user {
    unsigned process; /* enum process */
    name     name;
};

struct party_segment {
    unsigned log; /* enum log_name */
    uint64_t bytes;
};

/* party_keep - how long a log's segments stay that nobody needs */
struct party_keep {
    unsigned log; /* enum log_name */
    uint64_t ms;
};

/* party_wrap_key - what the gateway's keys at rest are wrapped by: the path of a file, or pkcs11:… (token/token.h) */
struct party_wrap_key {
    char from[PARTY_WORD_MAX];
};

/* party_config - accord.conf, read */
struct party_config {
    name party;
    char desk[PARTY_WORD_MAX], courier[PARTY_WORD_MAX];
    char tak[PARTY_WORD_MAX], drop[PARTY_WORD_MAX], presence_log[PARTY_WORD_MAX],
        programs[PARTY_WORD_MAX], counter[PARTY_WORD_MAX];
    uint64_t             clock_error_ms, lease_ms, exercise_s, slots;
    unsigned             segment_count, user_count, keep_count, wrap_key_count;
    unsigned             bindings; /* on or off; for the tool of the party's people */
    struct party_keep    keep[LOG_COUNT];
    struct party_segment segment[LOG_COUNT];
    struct party_user    user[PROCESS_COUNT];

    struct party_wrap_key wrap_key[PARTY_WRAP_KEYS];
    char                  wrap_pin[PARTY_WORD_MAX], wrap_environment[PARTY_WORD_MAX];
};

/* party - an open directory
 *
 * uid, gid   of each process; accordd's own unless it is root and users are configured
 * conf       path of accord.conf, the caller's of party_open
 * wall       folder of the page for displays, -1 when it is not installed
 * apart      does every process have a user of its own? */
struct party {
    struct party_config config;
    const char         *conf;
    int                 dir;
    int                 wall;
    uid_t               uid[PROCESS_COUNT];
    gid_t               gid[PROCESS_COUNT];
    bool                apart;
};

/* party_open - read and check accord.conf and all files of the party that must be there
 *
 * conf     path of accord.conf
 * tell     receives each mistake with its place, and each file that is not as it must be
 * fails    MALFORMED after telling all; UNKNOWN without such a file; IO */
err  party_open(struct party *p, const char *conf, FILE *tell);
void party_close(struct party *p);

/* party_conf_check - accord.conf alone   as party_open */
err party_conf_check(const char *conf, FILE *tell);

/* party_wrap_again - the wrap keys as accord.conf names them by now: they are exchanged while the gateway runs; as they
 * were, when it cannot be read */
void party_wrap_again(struct party *p);

/* party_wrap_token - does a token hold it?
 * party_wrap_open - the file of the n-th wrap key, or of the token's PIN, checked anew (vault/secret_file.h)
 *
 * fails   as secret_file_open */
bool party_wrap_token(const struct party *p, unsigned n);
err  party_wrap_open(const struct party *p, unsigned n, int *out);

/* party_settings - accord.conf as its processes are told: canonical text, one `key value` a line */
void party_settings(const struct party *p, struct writer *w);

/* party_segment_bytes - of the segments of a log */
uint32_t party_segment_bytes(const struct party *p, enum log_name log);

/* party_keep_ms - how long a segment of a log stays that no reader needs */
instant party_keep_ms(const struct party *p, enum log_name log);

#endif
