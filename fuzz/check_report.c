/* links: check */
/* SPDX-License-Identifier: Apache-2.0 */
/* A report, as feed/ and as check/ read it: both take the same.  Before it 8 bytes say of what epoch: what passes its rules
 * keeps them. */
#include "check/rules.h"
#include "feed/report.h"

#define HEAD_LEN 8

static struct inspect_row told_of(const uint8_t *head)
{
    static const uint32_t metres[] = {0, 1, 1000, 5000000};
    struct inspect_row    t = {.form = head[0] % SOURCE_FORM_COUNT,
                               .dated = head[0] / 4 % SOURCE_DATED_COUNT,
                               .tracks = true,
                               .bounded = (head[0] & 0x40) != 0,
                               .derived = (head[0] & 0x80) != 0,
                               .box = {330000000, 1240000000, 430000000, 1320000000},
                               .without = ((uint32_t)head[1] << 1 | head[2]) & WITHOUT_ALL};
    if (t.derived) {
        t.position_m = metres[head[3] % 4];
        t.height_m = metres[head[3] / 4 % 4];
        t.delay_ms = head[4];
        t.less = ((uint32_t)head[5] << 1 | head[6]) & WITHOUT_ALL;
    }
    return t;
}

static void keeps(const struct inspect_row *t, const struct report *r)
{
    uint32_t gone = t->derived ? t->less : 0;
    MUST(!t->bounded || (r->place.lat_e7 >= t->box[0] && r->place.lat_e7 <= t->box[2] &&
                         r->place.lon_e7 >= t->box[1] && r->place.lon_e7 <= t->box[3]));
    MUST(((t->without | gone) & WITHOUT_HEIGHT) == 0 || (r->has & REPORT_HAE) == 0);
    MUST(((t->without | gone) & WITHOUT_LAUNCH) == 0 || (r->has & REPORT_LAUNCH) == 0);
    MUST(((t->without | gone) & WITHOUT_REMARKS) == 0 || r->remarks[0] == 0);
    MUST(((t->without | gone) & WITHOUT_IDENTITY) == 0 || r->callsign[0] == 0);
    MUST((gone & WITHOUT_SOURCE) == 0 || (strlen(r->uid) == 16 && strcmp(r->how, "m") == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct report     r;
    struct own_report own;
    if (len < HEAD_LEN) {
        return 0;
    }
    const struct inspect_row t = told_of(data);
    const span               bytes = {data + HEAD_LEN, len - HEAD_LEN};
    bool                     taken = own_report_read(bytes, &own) == INSPECT_PASS;
    MUST(taken == !err_is(report_decode(bytes, &r)));
    if (taken && rules_source(&t, &own, INT64_C(1700000000000)) == INSPECT_PASS &&
        (!t.derived || rules_reduced(&t, &own, INT64_C(1700000000000)) == INSPECT_PASS)) {
        keeps(&t, &r);
    }
    return 0;
}
