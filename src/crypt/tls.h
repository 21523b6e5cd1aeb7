/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_TLS_H
#define CRYPT_TLS_H

#include "base/err.h"
#include "base/set64.h"
#include "base/span.h"
#include "crypt/cert.h"

/* TLS 1.3, both sides with certificates, nothing else: TLS_AES_256_GCM_SHA384, no tickets, no
 * resumption, no early data.  On descriptors that do not block; the caller waits.. */

#define TLS_TRUSTED_MAX 64 /* authorities: parties, and two of one while it changes its identity */
#define TLS_ALPN_MAX    32

/* tls_settings - who we are and whom we take
 *
 * cert, key   our leaf and its PKCS#8 key
 * trusted     gateway identities, one certificate each; a peer is known by its place in this list
 * roles       which roles of peer are taken, as 1 << enum cert_role
 * alpn        what both must name, such as "accord/1"; NULL: not asked for (TAK clients have none)
 * server      we wait for the peer's hello */
struct tls_settings {
    span        cert;
    span        key;
    const span *trusted;
    size_t      trusted_count;
    set64       roles;
    const char *alpn;
    bool        server;
};

/* tls_context_open - checks everything once; a new one is opened to reload
 *
 * fails   MALFORMED on a certificate or key that is none; CONFLICT when they do not belong together;
 * LIMIT past TLS_TRUSTED_MAX; FULL
 *
 * tls_context_close - connections that are open keep what they need; NULL is nothing
 * tls_context_groups - the key exchange that is in force: "X25519MLKEM768:X25519:P-256" where
 * libcrypto has it (3.5), else "X25519:P-256" */
struct tls_context;
err         tls_context_open(const struct tls_settings *s, struct tls_context **out);
void        tls_context_close(struct tls_context *c);
const char *tls_context_groups(const struct tls_context *c);

/* tls_clock_back - for an exercise: certificates are judged by a clock so much earlier, in connections
 * that this process opens from now on */
void tls_clock_back(int64_t seconds);

/* TLS_WE_ARE_REVOKED - the sentence of the DENIED with which a call fails whose peer says so of our certificate */
#define TLS_WE_ARE_REVOKED "the peer says that our certificate was revoked"

/* tls_revoke - from now on no certificate of this key is taken: one set a process, for all contexts
 *
 * key     SHA-256 of its SubjectPublicKeyInfo, as cert.key_print; once more is nothing
 * fails   LIMIT past TLS_REVOKED_MAX */
#define TLS_REVOKED_MAX 4096
err tls_revoke(const uint8_t key[static SHA256_LEN]);

/* tls_step - what came of it, or what the caller is to wait for */
enum tls_step { TLS_DONE, TLS_WANT_READ, TLS_WANT_WRITE, TLS_ENDED };

/* tls_open - on a connected descriptor, which stays the caller's
 *
 * host    a client's: the host name or address that the server's leaf must bear, at most 253 bytes;
 * NULL when its authority is enough
 * fails   FULL */
struct tls;
err tls_open(struct tls_context *c, int fd, const char *host, struct tls **out);

/* tls_handshake - call again when the descriptor is ready, until TLS_DONE
 *
 * fails   DENIED when either side does not accept the other, with the reason; MALFORMED when the
 * peer does not speak our TLS; IO.  After a failure only tls_close is allowed.
 *
 * In TLS 1.3 a client is done before the server has judged it: a refusal comes with the first read */
err tls_handshake(struct tls *t, enum tls_step *step);

/* tls_read - up to max bytes
 *
 * Reads ahead: call until TLS_WANT_READ before waiting, or ask tls_pending.
 *
 * step    TLS_DONE: *len bytes; TLS_ENDED: the peer said goodbye
 * fails   IO when it went away without a goodbye; others as tls_handshake */
err  tls_read(struct tls *t, uint8_t *buf, size_t max, size_t *len, enum tls_step *step);
bool tls_pending(const struct tls *t);

/* tls_write - some or all of it; after TLS_WANT_… the same bytes come again, wherever they lie
 *
 * step    TLS_DONE: *len of them are on their way, at least one; bytes is not empty */
err tls_write(struct tls *t, span bytes, size_t *len, enum tls_step *step);

/* tls_gather - the caller's; room for what tls_write seals of four times 16 KiB
 *
 * tls_gather_begin - what is written from now on is put there: a call of the system for several records costs little more
 *                    than for one.  As much is written as the peer is known to take at once (net_room)
 * tls_gather_end   - it leaves; step becomes TLS_WANT_WRITE when the system did not take all: the rest is kept, and leaves
 *                    with another call of this, or before what is written next
 * tls_rests        - is there such a rest?
 *
 * fails   IO, FULL */
#define TLS_GATHER_RECORDS 4
#define TLS_GATHER_MAX     ((size_t)TLS_GATHER_RECORDS * (16384 + 64))
struct tls_gather {
    size_t  len;
    uint8_t bytes[TLS_GATHER_MAX];
};
void tls_gather_begin(struct tls *t, struct tls_gather *g);
err  tls_gather_end(struct tls *t, enum tls_step *step);
bool tls_rests(const struct tls *t);

/* tls_end - say goodbye, once; no answer is waited for */
void tls_end(struct tls *t);

/* tls_close - gives everything back but the descriptor; NULL is nothing */
void tls_close(struct tls *t);

/* tls_peer - who it is, after the handshake
 *
 * authority   place in settings.trusted of the identity that signed it: the party, so to say
 * role        one of settings.roles
 * cert        its leaf, fingerprints included */
struct tls_peer {
    size_t         authority;
    enum cert_role role;
    struct cert    cert;
};

/* tls_peer - fails STATE before the handshake is done */
err tls_peer(const struct tls *t, struct tls_peer *out);

/* tls_is_revoked - was the peer's key revoked, be it since?   false before the handshake is done */
bool tls_is_revoked(const struct tls *t);

#endif
