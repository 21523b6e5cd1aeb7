/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/act.h"

/* clang-format off */
const struct act_row act_rows[] = {
    /* name             leaf             who may sign      signers  traits */
    {"policy-load",    LEAF_POLICY,     PERSON_SECURITY,  2, true,
     policy_load_check, policy_load_fold, NULL, NULL},
    {"agreement-sign", LEAF_SIGNED,     PERSON_SECURITY,  2, true,
     agreement_sign_check, NULL, agreement_sign_done, NULL},
    {"agreement-load", LEAF_AGREEMENT,  PERSON_SECURITY,  2, true,
     agreement_load_check, agreement_load_fold, NULL, NULL},
    {"rules-load",     LEAF_RULES,      PERSON_SECURITY,  2, true,
     rules_load_check, rules_load_fold, NULL, NULL},
    {"partner-trust",  LEAF_PARTY,      PERSON_SECURITY,  2, false,
     partner_trust_check, partner_trust_fold, partner_trust_done, NULL},
    {"assurance-give", LEAF_SIGNED,     PERSON_OFFICER,   1, false,
     assurance_give_check, NULL, assurance_give_done, NULL},
    {"assurance-load", LEAF_ASSURANCE,  PERSON_OFFICER,   1, false,
     assurance_load_check, assurance_load_fold, NULL, NULL},
    {"person-add",     LEAF_PERSON,     PERSON_REGISTRAR, 2, false,
     person_add_check, person_add_fold, NULL, NULL},
    {"person-clear",   LEAF_PERSON,     PERSON_REGISTRAR, 2, false,
     person_clear_check, person_clear_fold, NULL, NULL},
    {"person-revoke",  LEAF_PERSON,     PERSON_REGISTRAR, 1, false,
     person_revoke_check, person_revoke_fold, NULL, NULL},
    {"terminal",       LEAF_ACT,        PERSON_REGISTRAR, 1, false,
     terminal_check, NULL, terminal_done, NULL},
    {"source-add",     LEAF_SOURCE,     PERSON_REGISTRAR, 2, false,
     source_add_check, source_add_fold, source_add_done, NULL},
    {"source-remove",  LEAF_SOURCE,     PERSON_REGISTRAR, 1, false,
     source_remove_check, source_remove_fold, source_remove_done, NULL},
    {"approve",        LEAF_APPROVED,   PERSON_OFFICER,   1, false,
     approve_check, approve_fold, approve_done, NULL},
    {"reject",         LEAF_REJECTED,   PERSON_OFFICER,   1, false,
     reject_check, reject_fold, reject_done, NULL},
    {"designate",      LEAF_DESIGNATED, PERSON_OFFICER,   1, false,
     designate_check, designate_fold, NULL, NULL},
    {"session",        LEAF_ACT,        UINT16_MAX,       1, false,
     session_check, NULL, NULL, session_perform},
    {"open",           LEAF_OPENED,     UINT16_MAX,       1, ACT_CLOCK,
     open_check, NULL, NULL, open_perform},
    {"head-sign",      LEAF_FORK,       PERSON_SECURITY,  2, ACT_MUTE_TOO,
     head_sign_check, head_sign_fold, NULL, NULL},
    {"clock-confirm",  LEAF_ACT,        PERSON_SECURITY,  1, ACT_MUTE_TOO,
     clock_confirm_check, NULL, clock_confirm_done, NULL},
};
/* clang-format on */

const unsigned act_row_count = ARRAY_LEN(act_rows);
