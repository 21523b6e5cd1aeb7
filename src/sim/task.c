/* SPDX-License-Identifier: Apache-2.0 */
/* How somebody gets a thing done: one question after the other, each act signed with his own key. */
#include "sim/cast.h"
#include "sim/grow.h"

#include <stdio.h>

#define TRIES_MAX     12
#define TRIES_CERTAIN 40 /* 16 s: links stand again, and a beat has gone both ways */

static void (*const first_step[TASK_KINDS])(struct world *w, struct task *t) = {
    [TASK_SUBMIT] = submit_begin, [TASK_OPEN] = open_begin,     [TASK_WATCH] = watch_begin,
    [TASK_DECIDE] = decide_begin, [TASK_LIST] = list_begin,     [TASK_PAUSE] = stop_begin,
    [TASK_ORDER] = back_begin,    [TASK_LOSS] = loss_begin,     [TASK_CERTIFY] = certify_begin,
    [TASK_END] = end_begin,       [TASK_NOTICE] = notice_begin,
};

struct task *task_new(struct world *w, enum task_kind kind, unsigned gateway, enum player role)
{
    struct cast *c = w->cast;
    struct task *t = zeros(sizeof *t);
    c->task = grow(c->task, &c->task_count, &c->task_max, sizeof(struct task *));
    c->task[c->task_count - 1] = t;
    *t = (struct task){.kind = kind,
                       .gateway = &w->gateway[gateway],
                       .role = role,
                       .slot = (uint32_t)c->task_count - 1,
                       .product = SIZE_MAX};
    return t;
}

static struct event task_event(const struct task *t, uint8_t process)
{
    return (struct event){.kind = HAPPENS_ERRAND, .process = process, .a = t->slot, .b = t->turn};
}

void task_begin(struct world *w, struct task *t, int64_t in_us)
{
    t->active = true;
    t->waits = false;
    t->turn++;
    happen(w, in_us, task_event(t, 0), (span){0});
}

void task_end(struct world *w, struct task *t)
{
    (void)w;
    t->active = t->waits = false;
    t->turn++;
}

void task_again(struct world *w, struct task *t)
{
    unsigned most = t->certain ? TRIES_CERTAIN : TRIES_MAX;
    if (++t->tries < most || t->kind == TASK_WATCH) {
        task_begin(w, t, 150 * MS + roll(w, 500000));
        return;
    }
    if (t->certain) {
        wrong(w, "%s: %s did not come through with %s", law_party[t->gateway->number],
              player_name[t->role], t->act);
    }
    task_end(w, t);
}

/* process: 0 begin, 1 the client takes more again */
void on_errand(struct world *w, const struct event *e)
{
    struct task *t = w->cast->task[e->a];
    if (!t->active || t->turn != e->b) {
        return;
    }
    if (!t->gateway->up[PROCESS_DESK]) {
        task_again(w, t);
    } else if (e->process == 1) {
        desk_room(t->gateway->desk, task_asker(t));
        process_turn_soon(t->gateway, PROCESS_DESK);
    } else {
        first_step[t->kind](w, t);
    }
}

struct asker task_asker(const struct task *t)
{
    return (struct asker){.slot = t->slot, .turn = t->turn};
}

struct task *task_of(struct world *w, struct asker a)
{
    struct task *t = a.slot < w->cast->task_count ? w->cast->task[a.slot] : NULL;
    return t != NULL && t->active && t->turn == a.turn ? t : NULL;
}

void task_terminal(const struct task *t, uint8_t out[static TERMINAL_LEN])
{
    memset(out, (int)t->role + 1, TERMINAL_LEN);
    out[0] = (uint8_t)t->gateway->number;
}

void task_ask(struct task *t, enum ask what, span json, task_next *next)
{
    struct gateway     *g = t->gateway;
    struct desk_request r = {
        .what = what, .named = span_text(t->path), .session = t->session, .body = json};
    t->turn++;
    t->waits = true;
    t->next = next;
    r.body_len = what == ASK_UPLOAD ? t->len : 0;
    task_terminal(t, r.terminal);
    desk_at(g->desk, boot_ms(g->world), g->world->stage->start + boot_ms(g->world) + g->skew_ms);
    desk_ask(g->desk, task_asker(t), &r);
    process_turn_soon(g, PROCESS_DESK);
}

void on_answer(struct world *w, const struct event *e)
{
    struct task *t = task_of(w, (struct asker){e->a, e->b});
    if (t == NULL || !t->waits) {
        return;
    }
    if (!t->gateway->up[PROCESS_DESK]) {
        task_again(w, t);
        return;
    }
    t->waits = t->kind == TASK_WATCH && e->life == 200 && t->next == NULL;
    if (t->next != NULL) {
        t->next(w, t, e->life, e->bytes == NULL ? "" : (const char *)e->bytes);
    }
}

void cast_desk_gone(struct gateway *g)
{
    struct world *w = g->world;
    for (size_t i = 0; w->cast != NULL && i < w->cast->task_count; i++) {
        struct task *t = w->cast->task[i];
        if (t->active && t->gateway == g && t->waits) {
            task_again(w, t);
        }
    }
}

/* ---- JSON, as far as a person's program needs it here ---- */

static void json_text(struct writer *w, const char *s)
{
    for (; *s != 0; s++) {
        if (*s == '\n') {
            put_text(w, "\\n");
            continue;
        }
        if (*s == '"' || *s == '\\') {
            put_u8(w, '\\');
        }
        put_u8(w, (uint8_t)*s);
    }
}

void json_put(struct writer *w, const char *key, const char *value, bool last)
{
    put_text(w, "\"");
    put_text(w, key);
    put_text(w, "\":\"");
    json_text(w, value);
    put_text(w, last ? "\"}" : "\",");
}

/* What follows a backslash; \u00XX is all that a desk writes of the long form. */
static char unescaped(const char **at)
{
    unsigned code;
    if (**at == 'u' && sscanf(*at + 1, "%4x", &code) == 1) {
        *at += 4;
        return (char)code;
    }
    return **at == 'n' ? '\n' : **at == 't' ? '\t' : **at;
}

bool json_member(const char *json, const char *key, char *out, size_t max, const char **after)
{
    char   wanted[64];
    size_t len = 0;
    snprintf(wanted, sizeof wanted, "\"%s\":\"", key);
    const char *at = strstr(json, wanted);
    if (at == NULL) {
        return false;
    }
    for (at += strlen(wanted); *at != '"' && *at != 0 && len + 1 < max; at++) {
        bool escape = *at == '\\';
        at += escape;
        out[len++] = escape ? unescaped(&at) : *at;
    }
    out[len] = 0;
    if (after != NULL) {
        *after = at;
    }
    return *at == '"';
}

/* ---- acts ---- */

/* What the person signs goes to the desk, from his terminal. */
static void act_sign(struct task *t, enum player who, const char *text, task_next *next)
{
    uint8_t                   signature[SIGNATURE_LEN], hex[2 * SIGNATURE_LEN + 1], body[1024];
    struct writer             h = WRITER_OF(hex), b = WRITER_OF(body);
    enum player               role = t->role;
    const struct gate_person *p = gate_person_find(t->gateway->gate, player_name[who]);
    sign_make(&p->key, "accord act 1", span_text(text), signature);
    put_hex(&h, SPAN_OF(signature));
    put_u8(&h, 0);
    put_u8(&b, '{');
    json_put(&b, "person", player_name[who], false);
    json_put(&b, "signature", (const char *)hex, true);
    MUST(!b.bad && !h.bad);
    t->role = who;
    task_ask(t, ASK_SIGN, writer_span(&b), next);
    t->role = role;
}

static void act_signed_once(struct world *w, struct task *t, unsigned status, const char *json)
{
    if (status == 200 && strstr(json, "\"needed\":1") != NULL) {
        act_sign(t, PLAYER_SECOND, t->said, t->signed_next);
    } else {
        t->signed_next(w, t, status, json);
    }
}

static void act_asked(struct world *w, struct task *t, unsigned status, const char *json)
{
    static char text[ACT_TEXT_MAX + 1];
    const char *number = strstr(json, "\"act\":");
    if (status != 200 || number == NULL || !json_member(json, "text", text, sizeof text, NULL)) {
        t->signed_next(w, t, status, json);
        return;
    }
    free(t->said);
    t->said = t->both ? strdup(text) : NULL;
    snprintf(t->path, sizeof t->path, "%lu", strtoul(number + 6, NULL, 10));
    act_sign(t, t->role, text, t->both ? act_signed_once : t->signed_next);
}

void task_act(struct task *t, const char *act, const char *body, task_next *next)
{
    uint8_t       json[2048];
    struct writer w = WRITER_OF(json);
    snprintf(t->act, sizeof t->act, "%s", act);
    put_u8(&w, '{');
    json_put(&w, "person", player_name[t->role], false);
    json_put(&w, "act", act, false);
    json_put(&w, "body", body, t->attachment[0] == 0);
    if (t->attachment[0] != 0) {
        json_put(&w, "attachment", t->attachment, true);
    }
    MUST(!w.bad);
    t->signed_next = next;
    task_ask(t, ASK_ACT, writer_span(&w), act_asked);
}
