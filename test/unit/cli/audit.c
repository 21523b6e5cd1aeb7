/* SPDX-License-Identifier: Apache-2.0 */
/* verify, replay, reconcile and explain over what a feed between two parties leaves behind. */
#include "unit/cli/border.h"

static int none(void **state)
{
    (void)state;
    border_make((struct border_faults){0});
    return 0;
}

static int done(void **state)
{
    (void)state;
    border_remove();
    return 0;
}

static void a_whole_store_is_found_whole(void **state)
{
    (void)state;
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    assert_string_equal(answer_string("party"), "KOR");
    assert_int_equal(answer_number("leaves"), border.kor.ledger.tree.size);
    assert_int_equal(answer_number("covered"), border.kor.ledger.tree.size);
    assert_int_equal(answer_number("signatures"), 2 * 7 + 1);
    const json_t *out = json_array_get(json_object_get(border_answer, "pouches"), 0);
    assert_int_equal(json_integer_value(json_object_get(out, "items")), BORDER_ITEMS);
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_DONE);
    const json_t *in = json_array_get(json_object_get(border_answer, "pouches"), 2);
    assert_int_equal(json_integer_value(json_object_get(in, "batches")), 1);
    assert_int_equal(json_integer_value(json_object_get(in, "grants")), 1);
    assert_int_equal(json_integer_value(json_object_get(in, "strangers")), 0);
}

static void every_verdict_follows_at_both_ends(void **state)
{
    (void)state;
    assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("released"), 1);
    assert_int_equal(answer_number("differ"), 0);
    assert_int_equal(RUN("replay", border.jpn.dir), CALL_DONE);
    assert_int_equal(answer_number("received"), 1);
    assert_int_equal(answer_number("recomputed"), 1);
}

static void the_two_ledgers_agree(void **state)
{
    (void)state;
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    const json_t *way = json_array_get(json_object_get(border_answer, "directions"), 0);
    assert_int_equal(json_integer_value(json_object_get(way, "given")), 1);
    assert_int_equal(json_integer_value(json_object_get(way, "received")), 1);
    assert_int_equal(json_integer_value(json_object_get(way, "compared")), 1);
}

static void a_verdict_on_record_is_explained(void **state)
{
    (void)state;
    static const char epoch[] = "e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1";
    assert_int_equal(RUN("explain", "--dir", border.kor.dir, "--epoch", epoch), CALL_DONE);
    const json_t *one = json_array_get(json_object_get(border_answer, "verdicts"), 0);
    const char   *text = json_string_value(json_object_get(one, "explanation"));
    assert_non_null(text);
    assert_non_null(strstr(text, "EXCHANGE clause"));
    assert_int_equal(RUN("explain", "--dir", border.jpn.dir, "--epoch", epoch), CALL_DONE);
    assert_int_equal(RUN("explain", "--dir", border.jpn.dir, "--epoch", epoch, "--partner", "USA"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
}

static void another_party_s_key_does_not_verify_it(void **state)
{
    (void)state;
    uint8_t         text[256], key[SIGN_PUBLIC_LEN];
    struct writer   w = WRITER_OF(text);
    struct note_key note;
    sign_public(&border.kor.identity, key);
    BORDER_OK(note_key_make(SPAN_LIT("accord/KOR"), key, &note));
    note_key_format(&note, &w);
    put_u8(&w, 0);
    assert_int_equal(RUN("verify", border.kor.dir, "--key", (const char *)text), CALL_DONE);
    assert_int_equal(RUN("verify", border.jpn.dir, "--key", (const char *)text), CALL_FAILED);
    assert_string_equal(answer_string("code"), "forged");
}

static void partners_are_listed_from_the_ledger(void **state)
{
    (void)state;
    assert_int_equal(RUN("party", "list", "--dir", border.kor.dir), CALL_DONE);
    const json_t *one = json_array_get(json_object_get(border_answer, "partners"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "partner")), "JPN");
}

/* ---- each fault is found by the verb that is there for it ---- */

static void inbox_fails(struct border_faults faults)
{
    border_make(faults);
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "forged");
    assert_string_equal(answer_string("log"), "inbox");
    border_remove();
}

static void fails(struct border_faults faults, const char *verb, bool both, const char *code)
{
    border_make(faults);
    int status = both ? RUN(verb, border.kor.dir, border.jpn.dir) : RUN(verb, border.kor.dir);
    assert_int_equal(status, CALL_FAILED);
    assert_string_equal(answer_string("code"), code);
    border_remove();
}

static void an_act_that_nobody_enrolled_signed_is_found(void **state)
{
    (void)state;
    fails((struct border_faults){.stranger_signs = true}, "verify", false, "forged");
}

static void an_act_signed_by_one_chain_is_found(void **state)
{
    (void)state;
    fails((struct border_faults){.one_chain = true}, "verify", false, "denied");
}

static void a_batch_of_another_sealer_is_found(void **state)
{
    (void)state;
    fails((struct border_faults){.other_sealer = true}, "verify", false, "forged");
}

static void another_grant_than_was_accepted_is_found(void **state)
{
    (void)state;
    inbox_fails((struct border_faults){.other_grant = true});
}

static void an_entry_out_of_its_order_is_found(void **state)
{
    (void)state;
    inbox_fails((struct border_faults){.number_again = true});
}

static void another_genesis_than_the_ledger_s_is_found(void **state)
{
    (void)state;
    char path[FILE_PATH_MAX];
    border_make((struct border_faults){0});
    (void)snprintf(path, sizeof path, "%.900s/genesis", border.kor.dir);
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    (void)fprintf(f, "officer choi J9 officer %064d\n", 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(RUN("verify", border.kor.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "forged");
    border_remove();
}

static void a_verdict_that_does_not_follow_is_found(void **state)
{
    (void)state;
    fails((struct border_faults){.other_verdict = true}, "replay", false, "conflict");
    fails((struct border_faults){.other_standing = true}, "replay", false, "conflict");
    fails((struct border_faults){.no_assurance = true}, "replay", false, "conflict");
    border_make((struct border_faults){.other_instruments = true});
    assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
    assert_int_equal(RUN("replay", border.jpn.dir), CALL_FAILED);
    border_remove();
    fails((struct border_faults){.approval_made_up = true}, "replay", false, "conflict");
}

static void a_verdict_under_what_was_paused_is_found(void **state)
{
    (void)state;
    border_make((struct border_faults){.paused = true});
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("letters"), 2);
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_DONE);
    assert_int_equal(answer_number("letters"), 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(RUN("replay", i == 0 ? border.kor.dir : border.jpn.dir), CALL_FAILED);
        const json_t *one = json_array_get(json_object_get(border_answer, "different"), 0);
        const char   *text = json_string_value(json_object_get(one, "error"));
        assert_non_null(text);
        assert_non_null(strstr(text, "paused"));
        assert_int_equal(answer_number("differ"), 1);
    }
    border_remove();
}

/* Between the signature of a pause and its leaf nothing is given under it any more. */
static void what_a_pause_explains_is_no_fault(void **state)
{
    (void)state;
    border_make((struct border_faults){.refused_ahead = true});
    assert_int_equal(RUN("replay", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("refused"), 1);
    border_remove();
}

static void a_pause_that_is_not_what_was_signed_is_found(void **state)
{
    (void)state;
    fails((struct border_faults){.other_effect = true}, "verify", false, "forged");
    fails((struct border_faults){.other_direction = true}, "verify", false, "forged");
}

static void a_pause_in_a_ledger_that_is_ahead_is_no_fault(void **state)
{
    (void)state;
    border_make((struct border_faults){.ahead = true});
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    border_remove();
}

static void letter_fails(struct border_faults faults, const char *code)
{
    border_make(faults);
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), code);
    border_remove();
}

static void a_letter_that_nobody_sent_so_is_found(void **state)
{
    (void)state;
    letter_fails((struct border_faults){.letter_forged = true}, "forged");
    letter_fails((struct border_faults){.letter_lost = true}, "malformed");
    letter_fails((struct border_faults){.letter_unknown = true}, "unknown");
    fails((struct border_faults){.letter_unknown = true}, "verify", false, "unknown");
}

static void what_was_sent_and_did_not_come_is_named(void **state)
{
    (void)state;
    border_make((struct border_faults){.item_lost = true});
    assert_int_equal(RUN("reconcile", border.jpn.dir, border.kor.dir), CALL_FAILED);
    const json_t *one = json_array_get(json_object_get(border_answer, "differences"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "giver")), "KOR");
    assert_int_equal(json_array_size(json_object_get(border_answer, "differences")), 1);
    border_remove();
    fails((struct border_faults){.other_matter = true}, "reconcile", true, "conflict");
    border_make((struct border_faults){0});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.kor.dir), CALL_USAGE);
    border_remove();
}

/* ---- what two guards wrote to each other ---- */

static json_int_t way_number(const char *key)
{
    const json_t *way = json_array_get(json_object_get(border_answer, "directions"), 0);
    return json_integer_value(json_object_get(way, key));
}

static void what_goes_its_way_agrees(void **state)
{
    (void)state;
    border_make((struct border_faults){.letters = true});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    assert_int_equal(way_number("letters"), 3);
    assert_int_equal(way_number("receipts"), 1);
    assert_int_equal(way_number("orders"), 1);
    assert_int_equal(way_number("instruments"), 1);
    assert_int_equal(way_number("waiting"), 0);
    border_remove();
}

static void a_loss_and_a_certificate_are_known(void **state)
{
    (void)state;
    border_make((struct border_faults){.letters = true, .certified = true});
    assert_int_equal(RUN("verify", border.jpn.dir), CALL_DONE);
    assert_int_equal(RUN("verify", border.kor.dir), CALL_DONE);
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    assert_int_equal(way_number("waiting"), 0);
    border_remove();
}

static void what_is_on_its_way_is_no_difference(void **state)
{
    (void)state;
    border_make((struct border_faults){.letter_waits = true});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    assert_int_equal(way_number("waiting"), 1);
    border_remove();
}

static void what_a_lane_still_has_is_not_lost(void **state)
{
    (void)state; /* a receipt, which has a day, is on its way in any case */
    border_make((struct border_faults){.lanes = true, .item_lost = true});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    assert_int_equal(way_number("waiting"), 2);
    border_remove();
    border_make((struct border_faults){.lanes_before = true, .item_lost = true});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_FAILED);
    assert_int_equal(json_array_size(json_object_get(border_answer, "differences")), 1);
    border_remove();
    border_make((struct border_faults){.lanes = true});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    assert_int_equal(way_number("waiting"), 1);
    border_remove();
}

static void what_a_pause_cut_off_is_no_difference(void **state)
{
    (void)state;
    border_make((struct border_faults){.cut = true, .item_lost = true});
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_DONE);
    border_remove();
}

static void differs(struct border_faults faults, const char *kind, const char *what)
{
    border_make(faults);
    assert_int_equal(RUN("reconcile", border.kor.dir, border.jpn.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    const json_t *list = json_object_get(border_answer, "differences");
    const json_t *one = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(one, "difference")), what);
    assert_string_equal(json_string_value(json_object_get(one, "giver")), "KOR");
    assert_non_null(json_object_get(one, kind));
    border_remove();
}

static void each_difference_is_named(void **state)
{
    (void)state;
    differs((struct border_faults){.other_instruments = true}, "epoch",
            "the verdicts of both ends rest on different instruments");
    differs((struct border_faults){.letter_other = true}, "letter",
            "received with another content than was sent");
    differs((struct border_faults){.letter_made_up = true}, "letter", "received, not sent");
    differs((struct border_faults){.order_undone = true}, "order",
            "ordered, and not done by the taker");
    differs((struct border_faults){.order_otherwise = true}, "order",
            "answered otherwise than the taker's ledger says");
    differs((struct border_faults){.receipt_stale = true}, "handle",
            "receipt came, its leaf is not in the taker's ledger");
    differs((struct border_faults){.certificate_stale = true}, "handle",
            "certificate came, its leaf is not in the taker's ledger");
    differs((struct border_faults){.receipt_not = true}, "handle",
            "received, and not answered by a receipt in time");
}

int main(void)
{
    const struct CMUnitTest whole[] = {
        cmocka_unit_test(a_whole_store_is_found_whole),
        cmocka_unit_test(every_verdict_follows_at_both_ends),
        cmocka_unit_test(the_two_ledgers_agree),
        cmocka_unit_test(a_verdict_on_record_is_explained),
        cmocka_unit_test(another_party_s_key_does_not_verify_it),
        cmocka_unit_test(partners_are_listed_from_the_ledger),
    };
    const struct CMUnitTest broken[] = {
        cmocka_unit_test(an_act_that_nobody_enrolled_signed_is_found),
        cmocka_unit_test(an_act_signed_by_one_chain_is_found),
        cmocka_unit_test(a_batch_of_another_sealer_is_found),
        cmocka_unit_test(another_grant_than_was_accepted_is_found),
        cmocka_unit_test(an_entry_out_of_its_order_is_found),
        cmocka_unit_test(another_genesis_than_the_ledger_s_is_found),
        cmocka_unit_test(a_verdict_that_does_not_follow_is_found),
        cmocka_unit_test(a_verdict_under_what_was_paused_is_found),
        cmocka_unit_test(what_a_pause_explains_is_no_fault),
        cmocka_unit_test(a_pause_that_is_not_what_was_signed_is_found),
        cmocka_unit_test(a_pause_in_a_ledger_that_is_ahead_is_no_fault),
        cmocka_unit_test(a_letter_that_nobody_sent_so_is_found),
        cmocka_unit_test(what_was_sent_and_did_not_come_is_named),
        cmocka_unit_test(what_goes_its_way_agrees),
        cmocka_unit_test(a_loss_and_a_certificate_are_known),
        cmocka_unit_test(what_is_on_its_way_is_no_difference),
        cmocka_unit_test(what_a_lane_still_has_is_not_lost),
        cmocka_unit_test(what_a_pause_cut_off_is_no_difference),
        cmocka_unit_test(each_difference_is_named),
    };
    int failed = cmocka_run_group_tests(whole, none, done);
    return failed + cmocka_run_group_tests(broken, NULL, NULL);
}
