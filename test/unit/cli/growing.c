/* SPDX-License-Identifier: Apache-2.0 */
/* reconcile over two folders that grow between the reading of the one and of the other. */
#include "cli/sides.h"
#include "unit/cli/border.h"

/* What is read of one party at one moment */
struct moment {
    struct cut      cut;
    struct passages passages;
};

static struct moment kor_before, jpn_before, kor_after, jpn_after;

static struct call call_make(void)
{
    struct call c = {.quiet = true, .json = true, .answer = json_object()};
    c.out = fopen("/dev/null", "w");
    c.notes = c.out;
    assert_true(c.out != NULL && c.answer != NULL);
    return c;
}

static void call_end(struct call *c)
{
    (void)fclose(c->out);
    json_decref(c->answer);
}

static void side_read(const struct border_side *s, struct moment *r)
{
    struct call c = call_make();
    BORDER_OK(passages_read(&c, s->dir, &r->cut, &r->passages));
    call_end(&c);
}

static void logs_sync(void)
{
    BORDER_OK(log_sync(&border.kor.log.writer));
    BORDER_OK(log_sync(&border.kor.pouches.writer));
    BORDER_OK(log_sync(&border.jpn.log.writer));
    BORDER_OK(log_sync(&border.jpn.pouches.writer));
}

static void more_items(void)
{
    uint8_t             head[INBOX_HEAD_MAX];
    struct writer       w = WRITER_OF(head);
    struct inbox_record r = {.number = 3, .kind = ENTRY_BATCH};
    memcpy(border.batch, border.epoch.bytes, ID_LEN);
    border_append(&border.kor.pouches, border.batch_bytes, (span){NULL, 0});
    BORDER_OK(name_of(SPAN_LIT("KOR"), &r.partner));
    memcpy(border.batch, border.handle.bytes, ID_LEN);
    inbox_head_put(&w, &r);
    border_append(&border.jpn.pouches, writer_span(&w), border.batch_bytes);
}

static void another_epoch(void)
{
    memset(border.epoch.bytes, 0xe2, ID_LEN);
    memset(border.handle.bytes, 0xa8, ID_LEN);
    given_leaves();
    taken_leaf();
    receipt_go(1);
}

/* Each side is read; then all goes on, and all of it arrives. */
static void read_and_grow(void)
{
    logs_sync();
    BORDER_OK(cut_read(border.kor.dir, &kor_before.cut));
    BORDER_OK(cut_read(border.jpn.dir, &jpn_before.cut));
    kor_after.cut = kor_before.cut;
    jpn_after.cut = jpn_before.cut;
    side_read(&border.kor, &kor_before);
    side_read(&border.jpn, &jpn_before);
    more_items();
    another_epoch();
    kor_pause();
    pause_letter();
    certificate_go(2);
}

static uint64_t differences(const struct moment *one, const struct moment *other)
{
    struct call c = call_make();
    uint64_t    differ = 0;
    BORDER_OK(reconcile_sides(&c, &one->passages, &other->passages, &differ));
    call_end(&c);
    return differ;
}

static int grown(void **state)
{
    (void)state;
    border_make((struct border_faults){.more = read_and_grow});
    side_read(&border.kor, &kor_after);
    side_read(&border.jpn, &jpn_after);
    return 0;
}

static int done(void **state)
{
    (void)state;
    passages_free(&kor_before.passages);
    passages_free(&jpn_before.passages);
    passages_free(&kor_after.passages);
    passages_free(&jpn_after.passages);
    border_remove();
    return 0;
}

static void what_came_between_two_readings_is_on_its_way(void **state)
{
    (void)state;
    assert_int_equal(differences(&kor_before, &jpn_after), 0);
    assert_int_equal(differences(&jpn_before, &kor_after), 0);
    assert_int_equal(differences(&kor_before, &jpn_before), 0);
    assert_int_equal(differences(&kor_after, &jpn_after), 0);
}

/* The same two readings of folders at rest: nothing came since, so all that one lacks is missed. */
static uint64_t differences_at_rest(const struct moment *before, struct moment *after)
{
    struct cut cut = after->passages.cut;
    memset(&after->passages.cut, 0xff, sizeof cut);
    for (size_t i = 0; i < after->passages.given_count; i++) {
        after->passages.given[i].then = after->passages.given[i].items;
    }
    for (size_t i = 0; i < after->passages.taken_count; i++) {
        after->passages.taken[i].then = after->passages.taken[i].items;
    }
    uint64_t differ = differences(before, after);
    after->passages.cut = cut;
    return differ;
}

static void at_rest_the_same_is_missed(void **state)
{
    (void)state; /* items, an epoch, two letters, and an instrument that its giver does not know */
    assert_int_equal(differences_at_rest(&kor_before, &jpn_after), 5);
    /* items, an epoch, three letters, and the leaves that a receipt and a certificate name */
    assert_int_equal(differences_at_rest(&jpn_before, &kor_after), 7);
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_between_two_readings_is_on_its_way),
        cmocka_unit_test(at_rest_the_same_is_missed),
    };
    return cmocka_run_group_tests(tests, grown, done);
}
