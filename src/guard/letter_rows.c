/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/act.h"
#include "guard/signature.h"

/* A partner shows that one of our numbers came to it with two contents: its proof stands in the leaf that
 * records the letter, and nothing else follows from it here. */
const struct letter_row letter_rows[] = {
    {"fraud", NULL, NULL, NULL, NULL},
    {"fork", letter_fork_check, letter_fork_fold, letter_fork_sent_fold, letter_fork_done},
    {"acts", letter_acts_check, letter_acts_fold, letter_acts_sent_fold, NULL},
    {"instrument", letter_instrument_check, letter_instrument_fold, letter_instrument_sent_fold,
     letter_instrument_done},
    {"signature", letter_signature_check, letter_signature_fold, letter_signature_sent_fold, NULL},
    {"order", letter_order_check, letter_order_fold, letter_order_sent_fold, letter_order_done},
    {"done", letter_done_check, letter_done_fold, letter_done_sent_fold, NULL},
    {"receipts", letter_receipts_check, letter_receipts_fold, letter_receipts_sent_fold, NULL},
    {"loss", letter_loss_check, letter_loss_fold, letter_loss_sent_fold, NULL},
    {"found", letter_found_check, letter_found_fold, letter_found_sent_fold, NULL},
    {"certificate", letter_certificate_check, letter_certificate_fold, letter_certificate_sent_fold,
     NULL},
    {"contractor", letter_contractor_check, letter_contractor_fold, letter_contractor_sent_fold,
     NULL},
    {"contractor-end", letter_contractor_end_check, letter_contractor_end_fold,
     letter_contractor_end_sent_fold, NULL},
    {"assurance", letter_assurance_check, letter_assurance_fold, NULL, NULL},
    {"ask", letter_ask_check, letter_ask_fold, letter_ask_sent_fold, letter_ask_done},
    {"onward", letter_onward_check, letter_onward_fold, letter_onward_sent_fold,
     letter_onward_done},
    {"declined", letter_declined_check, letter_declined_fold, letter_declined_sent_fold, NULL},
    {"passage", letter_passage_check, letter_passage_fold, NULL, NULL},
    {"revoked", letter_revoked_check, letter_revoked_fold, letter_revoked_sent_fold,
     letter_revoked_done},
};

const unsigned letter_row_count = ARRAY_LEN(letter_rows);
