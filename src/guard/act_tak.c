/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of TAK clients: such a client cannot sign, so a person does, for the terminal whose certificate it shows. */
#include "guard/act.h"
#include "guard/opening.h"
#include "marking/banner.h"

/* tak_session - what an act asks for; topics: 0 = all */
struct tak_session {
    name     terminal;
    uint64_t minutes;
    span     topics;
};

static err on_decode(const struct guard *g, const struct act_view *v, struct tak_session *out)
{
    struct lines       l = lines_of(v->body);
    struct tak_session s = {.terminal = take_name(&l, "terminal")};
    set64              topics;
    s.minutes = take_number(&l, "minutes", UINT64_MAX);
    s.topics = take_text(&l, "topics");
    TRY(minutes_end(&l, s.minutes));
    TRY(set_read(&g->tables.policies.topics, s.topics, &topics));
    *out = s;
    return OK;
}

/* Own sources whose marking an event's three words cannot say: their reports are not shown there. */
static void unsaid_show(const struct guard *g, struct writer *shown)
{
    const char          *before = "shown not these, as an event cannot say their marking: ";
    struct banner_labels labels;
    for (unsigned i = 0; i < g->source_count; i++) {
        const struct source *s = &g->source[i];
        if (!s->removed && err_is(banner_labels(&g->tables.policies, &s->marking, &labels))) {
            put_text(shown, before);
            put_span(shown, name_span(&s->row.name));
            before = ", ";
        }
    }
    put_text(shown, before[0] == ',' ? "\n" : "");
}

static bool is_of(const struct guard *g, const struct session *s, const name *terminal)
{
    return s->number != 0 && s->until_boot_ms > g->boot_ms && name_equal(&s->terminal, terminal);
}

static const struct session *session_of(const struct guard *g, const name *terminal)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        if (is_of(g, &g->session[i], terminal)) {
            return &g->session[i];
        }
    }
    return NULL;
}

/* Its signer may, and those who watch over others. */
static err may_end(struct guard *g, const struct session *s, const name *by)
{
    const struct person *p = person_find(g, by);
    bool                 may = &g->person[s->person] == p ||
               (p->roles & (PERSON_OFFICER | PERSON_SECURITY | PERSON_REGISTRAR)) != 0;
    return may ? OK
               : FAIL(DENIED, "another person has signed for this terminal: he ends that, or an "
                              "officer, registrar or security officer");
}

/* What was signed for the terminal before ends by it, and nobody learns of that but by what is signed here. */
static err before_ends(struct guard *g, const struct act_view *v, const name *terminal,
                       struct writer *shown)
{
    const struct session *s = session_of(g, terminal);
    const name           *whose = s == NULL ? &v->by : &g->person[s->person].name;
    if (name_equal(whose, &v->by)) {
        return OK;
    }
    TRY(may_end(g, s, &v->by));
    put_text(shown, "shown it ends what was signed for this terminal by ");
    put_span(shown, name_span(whose));
    put_u8(shown, '\n');
    return OK;
}

err tak_on_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct tak_session s;
    TRY(on_decode(g, v, &s));
    TRY(terminal_known(g, &s.terminal));
    line_text(shown, "shown",
              SPAN_LIT("feeds that are open to you will be shown to whoever holds that terminal"));
    TRY(before_ends(g, v, &s.terminal, shown));
    unsaid_show(g, shown);
    return OK;
}

/* One person at a time: who signs for a terminal ends what was signed for it before. */
static void sessions_end(struct guard *g, const name *terminal)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        if (is_of(g, &g->session[i], terminal)) {
            g->session[i].number = 0;
        }
    }
}

err tak_on_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result)
{
    struct tak_session want;
    struct session    *s;
    TRY(on_decode(g, v, &want));
    TRY(session_begin(g, a, v, want.minutes, &s));
    sessions_end(g, &want.terminal);
    s->terminal = want.terminal;
    put_u64(result, s->number);
    put_name(result, &want.terminal);
    put_u16(result, (uint16_t)want.minutes);
    put_block16(result, want.topics);
    return OK;
}

static err off_decode(const struct act_view *v, name *out)
{
    struct lines l = lines_of(v->body);
    *out = take_name(&l, "terminal");
    return body_end(&l);
}

err tak_off_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    name terminal;
    (void)shown;
    TRY(off_decode(v, &terminal));
    const struct session *s = session_of(g, &terminal);
    return s == NULL ? FAIL(UNKNOWN, "no session is open for a TAK client of that terminal")
                     : may_end(g, s, &v->by);
}

void tak_off_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    name terminal;
    MUST(!err_is(off_decode(v, &terminal)));
    sessions_end(g, &terminal);
    line_name(result, "terminal", &terminal);
    line_text(result, "outcome", SPAN_LIT("it is shown nothing"));
}
