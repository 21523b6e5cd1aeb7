/* SPDX-License-Identifier: Apache-2.0 */
/* Every verb there is: help, usage and the reading of options come from here. */
#include "cli/verbs.h"
#include "cli/cli.h"

#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }
#define OPT  static const struct option
#define MANY CALL_ARGS_MAX

#define POLICIES                                                                                   \
    {                                                                                              \
        "policies", "DIR", "where the policies are; otherwise ./policies or the installed"         \
    }
#define OUT                                                                                        \
    {                                                                                              \
        "out", "FILE", "where the result goes"                                                     \
    }

/* clang-format off */
OPT party_init[] = {
    {"desk", "ADDR", "where its people reach the desk: 127.0.0.1:7100"},
    {"courier", "ADDR", "where partners reach the courier: 0.0.0.0:7101"},
    {"officer", "NAME:CHAIN", "one who begins, with his chain of command; at least two chains"},
    END};
OPT policy_compile_[] = {OUT, END};
OPT agreement_check_[] = {POLICIES, {"with", "FILE", "an agreement that these stand under"}, END};
OPT agreement_compile_[] = {OUT, POLICIES, {"with", "FILE", "an agreement that it stands under"}, END};
OPT rules_check_[] = {POLICIES, END};
OPT verify_[] = {{"key", "KEY", "the ledger's key, name+id+base64; otherwise DIR/genesis"}, END};
OPT explain_[] = {
    {"from", "PARTY", "the giver, also the originator"},
    {"to", "PARTY", "the recipient"},
    {"via", "PARTY", "a hub"},
    {"kind", "KIND", "track, warning, report, image, thing, oral"},
    {"level", "LEVEL", "such as KOR:II"},
    {"topics", "LIST", "what it is about"},
    {"disciplines", "LIST", "how it was obtained"},
    {"release-to", "LIST", "whom the marking names; none = nobody"},
    {"show", "LIST", "whom it may be shown to"},
    {"caveats", "LIST", "of the level's policy"},
    {"marking", "TEXT", "in place of these six"},
    {"disclose", NULL, "shown, not given"},
    {"at", "TIME", "a day or an instant; otherwise now"},
    {"approvals", "N", "officers who approved"},
    {"no-assurance", NULL, "the recipient has not assured it"},
    {"agreement", "FILE", "an agreement; also as an argument"},
    {"rules", "FILE", "the giver's national rules"},
    POLICIES,
    {"epoch", "HEX", "instead: the verdicts on record in the party's ledger"},
    {"partner", "PARTY", "only those for this partner"},
    END};

const struct verb verb_rows[] = {
    {"party", "party init", "CODE", 1, 1, "make the folder of a new party: keys, genesis, accord.conf",
     party_init, do_party_init},

    {"agreement", "policy compile", "FILE.xml", 1, 1, "compile a marking policy",
     policy_compile_, do_policy_compile},
    {"agreement", "agreement check", "FILE...", 1, MANY, "judge the text of agreements",
     agreement_check_, do_agreement_check},
    {"agreement", "agreement compile", "FILE", 1, 1, "compile an agreement, print its digest",
     agreement_compile_, do_agreement_compile},
    {"agreement", "rules check", "FILE", 1, 1, "judge the text of national rules",
     rules_check_, do_rules_check},

    {"ledger", "verify", "DIR", 1, 1, "check every byte, signature and hash of a party's store",
     verify_, do_verify},
    {"ledger", "replay", "DIR", 1, 1, "recompute every verdict in a party's ledger",
     NULL, do_replay},
    {"ledger", "reconcile", "DIR DIR", 2, 2, "lay two parties' ledgers side by side",
     NULL, do_reconcile},
    {"ledger", "explain", "[FILE...]", 0, MANY, "a verdict step by step, of a case or on record",
     explain_, do_explain},
};
/* clang-format on */

const unsigned verb_row_count = ARRAY_LEN(verb_rows);
