/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/viewers.h"

#include "loop/net.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct loop *loop_of(struct viewers *v)
{
    return shell_loop(v->shell);
}

static struct viewer_time now_of(struct viewers *v)
{
    const struct loop_clock *now = &loop_of(v)->now;
    return (struct viewer_time){now->boot_ms, now->real};
}

static void now_tell(struct viewers *v)
{
    const struct loop_clock *now = &loop_of(v)->now;
    desk_at(v->desk, now->boot_ms, now->real);
}

static struct asker asker_of(const struct viewer_link *l)
{
    return (struct asker){VIEWER_SLOT + (uint32_t)(l - l->of->link), l->turn};
}

/* ---- the log ---- */

/* A stranger could fill the log: what is too much is counted. */
static bool note_now(struct viewers *v)
{
    int64_t now = loop_of(v)->now.boot_ms;
    if (now - v->noted_ms < NOTES_MS) {
        v->unnoted++;
        return false;
    }
    v->noted_ms = now;
    return true;
}

static void note_end(struct viewer_link *l, const char *why)
{
    static const struct viewer nothing;
    const struct viewer       *w = l->viewer == NULL ? &nothing : l->viewer;
    const uint64_t   number[] = {w->shown, w->left_out, w->dropped, w->refused, l->of->unnoted};
    uint8_t          digits[ARRAY_LEN(number)][24];
    struct note_fact fact[2 + ARRAY_LEN(number)] = {{"terminal", name_span(&l->terminal)},
                                                    {"why", span_text(why)},
                                                    {"shown", {0}},
                                                    {"left-out", {0}},
                                                    {"dropped", {0}},
                                                    {"refused", {0}},
                                                    {"others", {0}}};
    if (!note_now(l->of)) {
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(number); i++) {
        struct writer t = WRITER_OF(digits[i]);
        note_count(&t, &fact[2 + i], number[i]);
    }
    shell_note(l->of->shell, "a TAK client has gone, or was cut off", fact, ARRAY_LEN(fact));
    l->of->unnoted = 0;
}

/* ---- the begin and the end ---- */

static void link_close(struct viewer_link *l, const char *why)
{
    struct viewers *v = l->of;
    newcomer_out(&v->newcomers, &l->newcomer);
    if (l->terminal.text[0] == 0) {
        tally_add(&v->turned_away, why, 1);
    } else {
        note_end(l, why);
    }
    if (l->viewer != NULL) {
        now_tell(v);
        desk_gone(v->desk, asker_of(l));
        viewer_end(l->viewer);
        free(l->viewer);
    }
    if (l->tls != NULL) {
        tls_end(l->tls);
        tls_close(l->tls);
    }
    loop_close(loop_of(v), l->id);
    *l = (struct viewer_link){0};
    v->count--;
}

static void watch(struct viewer_link *l, uint32_t events)
{
    if (l->watched != events) {
        l->watched = events;
        MUST(!err_is(loop_watch(loop_of(l->of), l->id, events)));
    }
}

static void link_ready(void *ctx, uint32_t events);

static struct viewer_link *link_free(struct viewers *v)
{
    size_t i = 0;
    while (i < VIEWER_LINKS_MAX && v->link[i].used) {
        i++;
    }
    return i < VIEWER_LINKS_MAX ? &v->link[i] : NULL;
}

static err link_open(struct viewers *v, int fd, struct viewer_link *l)
{
    *l = (struct viewer_link){.of = v,
                              .used = true,
                              .fd = fd,
                              .watched = EPOLLIN,
                              .turn = ++v->turns,
                              .deadline_ms = loop_of(v)->now.boot_ms + SHAKE_MS};
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int)); /* finds the dead */
    TRY(tls_open(v->tls, fd, NULL, &l->tls));
    err e = loop_add(loop_of(v), fd, EPOLLIN, link_ready, l, &l->id);
    if (err_is(e)) {
        tls_close(l->tls);
    }
    return e;
}

static void link_new(struct viewers *v, int fd)
{
    struct viewer_link *l = link_free(v);
    err                 e = l == NULL ? FAIL(FULL, "all places of TAK clients are taken") : OK;
    e = err_is(e) ? e : link_open(v, fd, l);
    if (err_is(e)) {
        if (l != NULL) {
            *l = (struct viewer_link){0};
        }
        tally_add(&v->turned_away, e.why, 1);
        close(fd);
        return;
    }
    v->count++;
    newcomer_in(&v->newcomers, &l->newcomer, l, loop_of(v)->now.boot_ms);
    link_ready(l, 0);
}

static void accept_ready(void *ctx, uint32_t events)
{
    struct viewers *v = ctx;
    struct coming   c = {0};
    (void)events;
    for (unsigned i = 0;
         i < VIEWER_ACCEPTS_MAX && door_next(&v->door, &v->newcomers, v->listener, &c); i++) {
        if (c.oldest != NULL) {
            link_close(c.oldest->who, NEWCOMER_PUSHED);
        }
        link_new(v, c.fd);
    }
    if (c.why != NULL) {
        tally_add(&v->turned_away, c.why, 1);
    }
}

/* ---- who it is ---- */

static err known(struct viewer_link *l)
{
    struct tls_peer    peer;
    struct viewers    *v = l->of;
    struct viewer_time t = now_of(v);
    TRY(tls_peer(l->tls, &peer));
    TRY(name_of(span_text(peer.cert.common), &l->terminal));
    struct viewer *viewer = malloc(sizeof *viewer);
    if (viewer == NULL) {
        return FAIL(FULL, "there is no memory for another TAK client");
    }
    viewer_begin(viewer, &v->store, (uint64_t)t.boot_ms * 1000 + l->turn % 1000, &t);
    now_tell(v);
    err e = desk_tak(v->desk, asker_of(l), &l->terminal);
    if (err_is(e)) {
        free(viewer);
        return e;
    }
    l->viewer = viewer;
    newcomer_out(&l->of->newcomers, &l->newcomer);
    return OK;
}

/* A client is done before its server has judged it, so it may have spoken already. */
static void shake(struct viewer_link *l)
{
    enum tls_step step = TLS_ENDED;
    if (l->of->shaken++ >= SHAKES_MAX) {
        return; /* the loop tells of it again */
    }
    err e = tls_handshake(l->tls, &step);
    e = !err_is(e) && step == TLS_DONE ? known(l) : e;
    if (err_is(e) || step == TLS_ENDED) {
        link_close(l, err_is(e) ? e.why : "it went away before it said who it is");
        return;
    }
    watch(l, step == TLS_WANT_WRITE ? EPOLLOUT : EPOLLIN);
}

/* ---- bytes ---- */

static void take_in(struct viewer_link *l)
{
    struct viewer     *w = l->viewer;
    struct viewer_time t = now_of(l->of);
    enum tls_step      step = TLS_DONE;
    l->more = false;
    for (unsigned i = 0; i < RECORDS_MAX && step == TLS_DONE && w->lost == NULL; i++) {
        size_t got = 0;
        err    e = tls_read(l->tls, w->in + w->in_len, sizeof w->in - w->in_len, &got, &step);
        if (err_is(e) || step == TLS_ENDED) {
            link_close(l, err_is(e) ? e.why : "it said goodbye");
            return;
        }
        if (step == TLS_DONE) {
            viewer_heard(w, got, &t, &l->of->reader);
        }
    }
    l->more = step == TLS_DONE;
}

static void link_ready(void *ctx, uint32_t events)
{
    struct viewer_link *l = ctx;
    struct viewers     *v = l->of; /* the connection may end here */
    (void)events;
    l->stuck = false;
    if (l->viewer == NULL) {
        shake(l);
    }
    if (l->used && l->viewer != NULL) {
        take_in(l);
    }
    loop_again(loop_of(v));
}

static void give_out(struct viewer_link *l)
{
    struct viewer_time t = now_of(l->of);
    enum tls_step      step = TLS_DONE;
    span               next = viewer_next(l->viewer);
    for (unsigned i = 0; i < RECORDS_MAX && next.len > 0 && step == TLS_DONE; i++) {
        size_t done = 0;
        err    e = tls_write(l->tls, next, &done, &step);
        if (err_is(e)) {
            link_close(l, e.why);
            return;
        }
        if (step == TLS_DONE) {
            viewer_sent(l->viewer, done, &t);
            next = viewer_next(l->viewer);
        }
    }
    l->stuck = step != TLS_DONE;
    l->more = l->more || (next.len > 0 && !l->stuck);
    watch(l, EPOLLIN | (step == TLS_WANT_WRITE ? (uint32_t)EPOLLOUT : 0));
}

static void link_turn(struct viewer_link *l)
{
    bool more = l->more;
    if (more) {
        take_in(l);
    }
    if (l->used && l->viewer->lost == NULL && !l->stuck && l->viewer->len > 0) {
        give_out(l);
    }
    if (l->used && l->viewer->lost != NULL) {
        link_close(l, l->viewer->lost);
    }
}

void viewers_turn(struct viewers *v)
{
    v->shaken = 0;
    for (size_t i = 0; v->count > 0 && i < VIEWER_LINKS_MAX; i++) {
        struct viewer_link *l = &v->link[i];
        if (l->used && l->viewer != NULL) {
            link_turn(l);
        }
        if (l->used && l->more) {
            loop_again(loop_of(v));
        }
    }
}

void viewers_tick(struct viewers *v)
{
    struct viewer_time t = now_of(v);
    for (size_t i = 0; v->count > 0 && i < VIEWER_LINKS_MAX; i++) {
        struct viewer_link *l = &v->link[i];
        if (l->used && l->viewer != NULL) {
            viewer_tick(l->viewer, &t);
        } else if (l->used && t.boot_ms >= l->deadline_ms) {
            link_close(l, NEWCOMER_LATE);
        }
    }
}

void viewers_revoke(struct viewers *v)
{
    for (size_t i = 0; v->count > 0 && i < VIEWER_LINKS_MAX; i++) {
        if (v->link[i].used && tls_is_revoked(v->link[i].tls)) {
            link_close(&v->link[i], "its certificate was revoked");
        }
    }
}

/* ---- what the desk wants ---- */

static struct viewer *viewer_of(struct viewers *v, struct asker a)
{
    struct viewer_link *l = &v->link[a.slot - VIEWER_SLOT];
    return l->used && l->turn == a.turn ? l->viewer : NULL;
}

void viewers_show(struct viewers *v, const struct asker *to, size_t count,
                  const struct desk_shown *s)
{
    struct viewer_time    t = now_of(v);
    struct viewer_report *r = &v->report;
    r->report = s->report;
    r->also = (struct report_also){.labels = s->labels, .group = s->group};
    r->warning = s->warning;
    r->under = s->under;
    r->len[0] = r->len[1] = 0;
    for (size_t i = 0; i < count; i++) {
        struct viewer *w = viewer_of(v, to[i]);
        if (w != NULL) {
            viewer_show(w, r, &t);
        }
    }
}

void viewers_take(struct viewers *v, struct asker a, uint64_t under)
{
    struct viewer_time t = now_of(v);
    struct viewer     *w = viewer_of(v, a);
    if (w != NULL) {
        viewer_take(w, under, &t);
    }
}

/* ---- the start ---- */

err viewers_open(struct viewers *v, struct shell *shell, span address)
{
    struct net_address at;
    uint64_t           salt;
    memset(v, 0, sizeof *v);
    v->shell = shell;
    v->listener = -1;
    v->newcomers.max = NEWCOMERS_MAX;
    v->newcomers.stay_ms = NEWCOMERS_STAY_MS;
    if (address.len == 0) {
        return OK;
    }
    random_fill(random_system(), &salt, sizeof salt);
    cot_init(&v->cot, salt);
    v->reader.cot = &v->cot;
    TRY(net_address_of(address, &at));
    TRY(viewer_store_open(&v->store));
    err e = net_listen(&at, &v->listener);
    return e.code == ERR_CONFLICT ? FAIL(IO, "the address for TAK clients is taken") : e;
}

err viewers_certify(struct viewers *v, const struct desk_certificate *c, span key)
{
    struct tls_context       *tls;
    const struct tls_settings settings = {.cert = c->leaf,
                                          .key = key,
                                          .trusted = &c->authority,
                                          .trusted_count = 1,
                                          .roles = set_one(ROLE_TERMINAL),
                                          .server = true};
    if (v->listener < 0) {
        return OK;
    }
    TRY(tls_context_open(&settings, &tls));
    bool first = v->tls == NULL;
    tls_context_close(v->tls);
    v->tls = tls;
    v->door.loop = loop_of(v);
    return first ? loop_add(loop_of(v), v->listener, EPOLLIN, accept_ready, v, &v->door.id) : OK;
}

void viewers_close(struct viewers *v)
{
    for (size_t i = 0; v->count > 0 && i < VIEWER_LINKS_MAX; i++) {
        if (v->link[i].used) {
            link_close(&v->link[i], "the desk ends");
        }
    }
    tls_context_close(v->tls);
    v->tls = NULL;
    if (v->store.late != NULL) {
        viewer_store_close(&v->store);
    }
}
