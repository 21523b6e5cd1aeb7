/* links: spif */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/phrase.h"
#include "spif/spif.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct groups *table(void)
{
    static struct groups g;
    unsigned             line = 0;
    if (g.count == 0) {
        MUST(!err_is(
            groups_read(SPAN_LIT("accord groups 1\nversion 202404\ncode FIN\ncode USA\ngroup NATO\n"
                                 "since 202110 USA\nsince 202305 FIN,USA\n"),
                        &g, &line)));
    }
    return &g;
}

/* Every label of one and of all categories can be judged, shown, joined and translated */
static void label_use(const struct scheme *s, const struct label *l)
{
    static uint8_t         line[1 << 20];
    struct writer          w = WRITER_OF(line);
    struct label_faults    faults;
    struct label_hold      hold;
    enum label_outcome     outcome;
    struct label           out;
    struct label_clearance c = {.scheme = s, .classes = 1, .categories = s->known};
    bool                   valid = label_valid(l, &faults);
    MUST(valid == (faults.count == 0));
    MUST(!label_access(l, &c, &faults) || valid);
    MUST(!label_access_dated(l, &c, table(), &faults) || valid);
    for (unsigned i = 0; i < faults.count; i++) {
        fault_format(s, &faults.fault[i], &w);
    }
    label_phrase(l, SPAN_LIT("fr-CA"), PLACE_PAGE, &w);
    clearance_phrase(&c, SPAN_LIT("ko"), &w);
    MUST(err_is(label_join(l, l, JOIN_CLOSED, &out, &outcome, &hold)) == !valid);
    err e = label_translate(l, s, APPLIED_ENCRYPT, &out, &outcome, &hold);
    MUST(err_is(e));
}

/* The first version of its table of groups, or else the category again */
static unsigned version_of(const struct scheme *s, unsigned category)
{
    if (s->group_table == SCHEME_NONE) {
        return category;
    }
    const struct scheme_tag *t = &s->tag[s->set[s->group_table].first_tag];
    return t->count > 0 ? t->first : category;
}

/* What is read keeps its rules; what is refused has a reason for each problem. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct scheme_problems problems;
    struct scheme         *s = NULL;
    err                    e = spif_scheme((span){data, len}, &s, &problems);
    MUST(err_is(e) == (s == NULL) && err_is(e) == (problems.count > 0));
    for (unsigned i = 0; i < problems.count; i++) {
        MUST(problems.problem[i].why != NULL);
    }
    for (unsigned i = 0; s != NULL && i < s->category_count && i < 64; i++) {
        struct label l = {.scheme = s, .privacy = SCHEME_NONE};
        category_put(&l.categories, i);
        label_use(s, &l);
        category_put(&l.categories, version_of(s, i));
        label_use(s, &l);
        l.categories = s->known;
        l.class = (uint16_t)(s->class_count - 1);
        label_use(s, &l);
    }
    free(s);
    return 0;
}
