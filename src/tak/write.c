/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/tak.h"

#include <tak.pb-c.h>

/* Remarks of '&', each five characters, and a warning */
#define REST_MAX 2304

/* What stands for "unknown" where a height or an error is */
#define UNKNOWN_M 9999999.0

static double metres(const struct report *r, uint32_t has, int64_t cm)
{
    return (r->has & has) != 0 ? (double)cm / 1e2 : UNKNOWN_M;
}

/* said - what the message points to: texts of ours that it does not change */
struct said {
    struct report     r;
    struct cot_labels labels;
    char              rest[REST_MAX], group[REPORT_GROUP_MAX + 1], role[sizeof REPORT_ROLE];
    Tak__Detail       detail;
    Tak__Contact      contact;
    Tak__Track        track;
    Tak__Group        team;
};

static void group_fill(struct said *s, span group)
{
    MUST(group.len <= REPORT_GROUP_MAX);
    tak__group__init(&s->team);
    if (group.len > 0) {
        memcpy(s->group, group.ptr, group.len);
        s->group[group.len] = '\0';
        memcpy(s->role, REPORT_ROLE, sizeof s->role);
        s->team.name = s->group;
        s->team.role = s->role;
        s->detail.group = &s->team;
    }
}

static void detail_fill(struct said *s, const struct report_also *also)
{
    const uint32_t whole = REPORT_COURSE | REPORT_SPEED;
    struct writer  w = writer_of(s->rest, sizeof s->rest - 1);
    tak__detail__init(&s->detail);
    tak__contact__init(&s->contact);
    tak__track__init(&s->track);
    if (s->r.callsign[0] != '\0') {
        s->contact.callsign = s->r.callsign;
        s->detail.contact = &s->contact;
    }
    if ((s->r.has & whole) == whole) {
        s->track.course = s->r.course_cdeg / 1e2;
        s->track.speed = s->r.speed_cms / 1e2;
        s->detail.track = &s->track;
    }
    group_fill(s, also->group);
    report_cot_rest(&s->r, &w);
    report_cot_link(also, &w);
    MUST(!w.bad);
    s->rest[w.len] = '\0';
    s->detail.xmldetail = s->rest;
}

static void event_fill(struct said *s, Tak__CotEvent *e)
{
    struct report *r = &s->r;
    tak__cot_event__init(e);
    e->uid = r->uid;
    e->type = r->type;
    e->how = r->how;
    e->access = s->labels.access;
    e->caveat = s->labels.caveat;
    e->releaseableto = s->labels.releasable_to;
    e->sendtime = (uint64_t)r->time;
    e->starttime = (uint64_t)r->start;
    e->staletime = (uint64_t)r->stale;
    e->lat = r->place.lat_e7 / 1e7;
    e->lon = r->place.lon_e7 / 1e7;
    e->hae = metres(r, REPORT_HAE, r->hae_cm);
    e->ce = metres(r, REPORT_CE, r->ce_cm);
    e->le = metres(r, REPORT_LE, r->le_cm);
    e->detail = &s->detail;
}

void tak_write(const struct report *r, const struct cot_labels *labels, struct writer *w)
{
    const struct report_also also = {.labels = labels};
    tak_write_also(r, &also, w);
}

void tak_write_also(const struct report *r, const struct report_also *also, struct writer *w)
{
    struct said     s;
    Tak__CotEvent   event;
    Tak__TakMessage message;
    s.r = *r;
    s.labels = also->labels != NULL ? *also->labels : (struct cot_labels){0};
    detail_fill(&s, also);
    event_fill(&s, &event);
    tak__tak_message__init(&message);
    message.cotevent = &event;
    uint8_t *at = put_space(w, tak__tak_message__get_packed_size(&message));
    if (at != NULL) {
        (void)tak__tak_message__pack(&message, at);
    }
}
