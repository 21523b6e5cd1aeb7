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

#define MARKED "(--marking TEXT | --level LEVEL --topics LIST --disciplines LIST)"
#define STATED                                                                                     \
    "(--marking TEXT | --level LEVEL --topics LIST --disciplines LIST | --marking-file FILE "      \
    "--marking-form FORM | --inside FORM | --binding FILE --trust FILE)"
#define SAID                                                                                       \
    {"extent", "S,W,N,E", "where it lies: south, west, north, east in degrees"},                   \
    {                                                                                              \
        "reduced", "TEXT", "how much less than the original it shows"                              \
    }
#define MARKING                                                                                    \
    {"level", "LEVEL", "such as KOR:II"}, {"topics", "LIST", "what it is about"},                  \
        {"disciplines", "LIST", "how it was obtained"},                                            \
        {"show", "LIST", "whom it may be shown to"},                                               \
    {                                                                                              \
        "caveats", "LIST", "of the level's policy"                                                 \
    }

#define POLICY                                                                                     \
    {                                                                                              \
        "policy", "FILE", "one more policy; may be given more than once"                           \
    }
#define GROUND                                                                                     \
    POLICY, {"text", NULL, "an argument is the value, even when a file has its name"},             \
        {"lines", NULL, "the standard input has one JSON object a line, and so has the answer"},   \
        {"lenient", NULL, "read labels that deviate and lose nothing, and say how"},               \
        {"banner", "LINE", "of the page on which a portion stands"},                               \
        {"topics", "LIST", "of a marking that is made of a line"},                                 \
        {"disciplines", "LIST", "the same"},                                                       \
    {                                                                                              \
        "of", "LIST", "whose it is; otherwise the policy's"                                        \
    }
#define FROM                                                                                       \
    {                                                                                              \
        "from", "FORM", "of what is read; otherwise guessed, and said"                             \
    }
#define LANGUAGE                                                                                   \
    {                                                                                              \
        "lang", "LANGUAGE", "of what is displayed: en, ko, ja, or one that a policy has"           \
    }
#define LEAVE_OUT                                                                                  \
    {                                                                                              \
        "leave-out", "LIST",                                                                       \
            "what may be lost: topics, disciplines, authority, kind, originator, id, created, "    \
            "review"                                                                               \
    }

/* clang-format off */
OPT party_init[] = {
    {"desk", "ADDR", "where its people reach the desk: 127.0.0.1:7100"},
    {"courier", "ADDR", "where partners reach the courier: 192.0.2.1:7101"},
    {"officer", "NAME:CHAIN", "who begins, with his chain of command; two chains at least"},
    {"exercise-clock", "SECONDS", "an exercise: the whole gateway's clock is so much behind"},
    {"wrap-key", "FILE", "what wraps its keys at rest, outside of its folder; made when it is not there"},
    END};
OPT party_exchange[] = {
    {"address", "ADDR", "where partners reach the courier, if not as in accord.conf"}, OUT, END};
OPT party_trust[] = {{"fingerprint", "TEXT", "what the other party told you, by another way"}, END};

OPT simulate_[] = {
    {"seed", "S", "the first seed; otherwise 1"},
    {"seeds", "N", "how many; otherwise 1"},
    {"gateways", "G", "of each world, 3 to 30; otherwise 3"},
    {"hours", "H", "no new seed after so many hours, such as 0.5"},
    {"jobs", "N", "processes; otherwise as many as there are processors"},
    {"liars", "WHEN", "by-seed (half of the seeds), never, or always"},
    {"fault", "NAME", "something that the world does wrong, which an oracle must find: "
     "outbox lane party session leaf twice content sync again shorter slot pause order cut "
     "due copies loss certify place ended plain other fine early thin late"},
    {"root", "DIR", "has policies/ and agreements/; otherwise here, or the installed"},
    {"verbose", NULL, "the story of each seed"},
    END};

OPT policy_compile_[] = {OUT, END};
OPT agreement_check_[] = {POLICIES, {"with", "FILE", "an agreement that these stand under, or a folder of them"}, END};
OPT agreement_fmt_[] = {
    {"check", NULL, "only name those that would change, and fail"},
    {"write", NULL, "in place of the files"}, END};
OPT agreement_compile_[] = {OUT, POLICIES, {"with", "FILE", "an agreement that it stands under, or a folder of them"}, END};
#define INSTEAD_OF {"instead-of", "AGREEMENT", "it is to stand in place of this one, once all consent"}
OPT agreement_sign_[] = {
    {"out", "FILE", "the signature as a file too, to be carried by hand"}, INSTEAD_OF, POLICIES,
    {"with", "FILE", "an agreement that it stands under, or a folder of them"}, END};
OPT agreement_load_[] = {
    {"signature", "FILE", "what a party gave with `agreement sign`, when it came by no letter"},
    INSTEAD_OF, POLICIES, {"with", "FILE", "an agreement that it stands under, or a folder of them"}, END};
OPT standing_[] = {
    {"at", "TIME", "a day or an instant; otherwise now"},
    {"known-at", "TIME", "as it was known then; otherwise now"}, END};
OPT rules_[] = {POLICIES, END};
OPT assurance_give_[] = {
    {"to", "PARTY", "the giver who wants it"}, {"agreement", "NAME", "under which it is given"},
    {"levels", "LIST", "of the giver: KOR:II,KOR:III"}, {"topics", "LIST", "the official need"},
    {"until", "DAY", "when it ends"}, {"valid-from", "DAY", "when it begins; otherwise now"},
    {"authority", "NAME", "the competent authority"}, OUT, END};

OPT person_add_[] = {
    {"nationality", "PARTY", "of the person"}, {"employer", "PARTY", "otherwise the nationality"},
    {"firm", "NAME", "a contractor of the employer's, for which the person works"},
    {"facility", "NAME", "of that firm, where the person works"},
    {"chain", "NAME", "of command"},
    {"roles", "LIST", "auditor, author, officer, reader, registrar, security"},
    {"clearance", "LIST", "levels of the own policy; a set, not a ceiling"},
    {"topics", "LIST", "need-to-know"},
    {"key", "HEX", "as `person key` printed it, if it was made elsewhere"}, END};
OPT person_clear_[] = {
    {"clearance", "LIST", "levels of the own policy; none = none"},
    {"topics", "LIST", "need-to-know; none = none"}, END};
OPT terminal_revoke_[] = {
    {"certificate", "FILE", "only of the key of this certificate, DER or PEM"},
    {"key", "HEX", "only of this key: SHA-256 of its SubjectPublicKeyInfo"}, END};
OPT terminal_[] = {
    {"key", "BASE64", "as `person key` printed it, if it was made elsewhere"},
    {"out", "FILE", "otherwise people/NAME/terminal.crt"},
    {"here", NULL, "with the authority's key of this folder, when the desk cannot be asked"}, END};
OPT source_add_[] = {
    {"udp", "ADDR", "datagrams to this address"}, {"tcp", "ADDR", "connections to this address"},
    {"tls", "ADDR", "connections of this party's terminals to this address"},
    {"terminal", "NAME", "with --tls: only from this terminal"},
    {"form", "WORD", "what it sends: cot, ais or asterix"},
    {"unknown", "WORD", "what a report has no place for: drop or refuse"},
    {"dated", "WORD", "which times are taken: past, now or any"},
    {"site", "N,E,M", "where a radar stands: degrees north and east, metres high"},
    {"retention", "DAYS", "then its keys go, and with them what came of it"},
    {"kind", "KIND", "track or warning"},
    {"precedence", "WORD", "FLASH, IMMEDIATE, PRIORITY or ROUTINE"},
    MARKING, {"to", "LIST", "who may have it; none = nobody"},
    {"marking", "TEXT", "in place of these six"},
    {"access", "TEXT", "what an event's own access attribute may say"},
    {"caveat", "TEXT", "the same of caveat"},
    {"releasable-to", "LIST", "the same of releasableTo; the three must then say the marking"}, SAID, POLICY, POLICIES, END};

OPT room_add_[] = {
    {"ceiling", "LIST", "levels of the own policy that it may show"},
    {"presence", "SECONDS", "a word of its readers is good so long; otherwise 10"},
    {"comes-back", "WORD", "rule or officer: how what was taken away comes back; otherwise rule"},
    {"door", NULL, "its door is wired, and waits for the displays"}, END};
OPT room_reader_[] = {
    {"key", "HEX", "its Ed25519 key"},
    {"log", NULL, "a log file that the desk follows: its word, and nobody's signature"}, END};
OPT room_display_[] = {
    {"ceiling", "LIST", "levels of the own policy that it may show"},
    {"key", "BASE64", "as `person key` printed it, if it was made elsewhere"},
    {"out", "FILE", "otherwise people/NAME/terminal.crt"}, END};
OPT room_on_[] = {{"minutes", "N", "so long; otherwise 720"}, END};
OPT tak_on_[] = {{"minutes", "N", "so long; otherwise 720"},
                 {"topics", "LIST", "only these; otherwise all that are open to you"}, END};
OPT room_visit_[] = {
    {"party", "PARTY", "of the visitor"}, {"agreement", "NAME", "under which he comes"},
    {"clearance", "LIST", "levels of his own policy, as his party certifies"},
    {"ceiling", "LIST", "levels of the own policy that he may be shown"},
    {"topics", "LIST", "what he may be shown"}, {"scope", "TEXT", "what the visit is for"},
    {"rooms", "LIST", "where he may be shown it"}, {"from", "TIME", "a day or an instant"},
    {"until", "TIME", "the same"}, END};
OPT room_history_[] = {
    {"from", "TIME", "a day or an instant; otherwise the beginning"},
    {"until", "TIME", "the same; otherwise now"}, END};

OPT submit_[] = {
    {"title", "TEXT", "one line"}, {"kind", "KIND", "report, image, thing, oral"},
    {"translation-of", "HANDLE", "of an item that came; --marking names its originators"},
    {"precedence", "WORD", "FLASH, IMMEDIATE, PRIORITY or ROUTINE"},
    MARKING, {"to", "LIST", "who may have it; none = nobody"},
    {"marking", "TEXT", "in place of these six"},
    {"marking-file", "FILE", "the marking, in another form"},
    {"marking-form", "FORM", "of that file, as `marking forms` lists them"},
    {"inside", "FORM", "the product itself carries its marking, in this form"},
    {"binding", "FILE", "a binding of labels to the product, when accord.conf has them on"},
    {"trust", "FILE", "certificates of who may have signed it, in PEM; may be given more than once"},
    LEAVE_OUT, POLICY, POLICIES, SAID,
    {"drop", NULL, "into the drop folder, not to the desk"}, END};
OPT open_[] = {
    {"purpose", "TEXT", "what it is wanted for; it is recorded"},
    {"out", "FILE", "a new file for the content"},
    {"label", "FILE", "a new file for the originator's label"},
    {"own-label", "FILE", "a new file for the level that was added, as an alternative label"},
    {"label-form", "FORM", "of both, as `marking forms` lists them"},
    {"binding", "FILE", "a new file: both bound to the content, when accord.conf has bindings on"},
    {"key", "FILE", "of whoever signs the binding: PKCS#8 in PEM"},
    {"certificate", "FILE", "of that key, in PEM"},
    {"unsigned", NULL, "nobody signs the binding"},
    LEAVE_OUT, POLICY, POLICIES, END};
OPT stream_[] = {
    {"originator", "PARTY", "only its feeds"}, {"feed", "NAME", "only this one"},
    {"count", "N", "end after so many reports"}, {"seconds", "S", "end after so long"},
    {"end-when-lost", NULL, "end, and fail, when the desk is lost or ends the session"}, END};

#define REASON                                                                                     \
    {                                                                                              \
        "reason", "TEXT", "why; it is recorded"                       \
    }
OPT reason_[] = {REASON, END};
OPT sign_[] = {
    {"agree", NULL, "sign the act; otherwise its text is only shown"},
    {"out", "FILE", "of an agreement: the signature as a file too"}, INSTEAD_OF, POLICIES,
    {"with", "FILE", "an agreement that it stands under, or a folder of them"}, END};
OPT trace_[] = {
    {"uid", "NAME", "what a track is called at home, where its name was hidden; may be repeated"},
    {"cell", "METRES", "of the reduction; otherwise all that texts in force name; may be repeated"},
    {"chance", "N", "nobody is named at a chance above N in 1000000000; otherwise 1000"},
    REASON, END};
OPT pause_[] = {
    {"direction", "WORD", "giving, opening or both, which it is otherwise"}, REASON, END};
OPT notice_[] = {{"suspend", NULL, "suspend the effect of the notice that was given"}, REASON, END};
OPT consent_[] = {{"at", "TIME", "from when on: a day or an instant, of all parties the same"}, REASON, END};
OPT order_[] = {
    {"partner", "PARTY", "only from this one; otherwise from all that have it"},
    {"list", "FILE", "more epochs, one a line"}, REASON, END};
OPT loss_[] = {
    {"what", "TEXT", "what happened, in up to 256 bytes; its giver is told"},
    {"certain", NULL, "it is lost; otherwise it may be"},
    {"discovered", "TIME", "a day or an instant; otherwise now"}, END};
OPT found_[] = {
    {"what", "TEXT", "where it was, who may have seen it, in up to 256 bytes; its giver is told"}, END};
OPT contractor_approve_[] = {
    {"firm", "NAME", "of the employer's, as the partner's registry has it; otherwise its own people"},
    {"facility", "NAME", "where they work, as the registry has it"},
    {"agreement", "NAME", "everything under it"}, {"epoch", "HEX", "or one item"},
    {"level", "LEVEL", "of the own policy: nothing above"},
    {"topics", "LIST", "nothing of another topic; otherwise of none"},
    {"purpose", "TEXT", "what they need it for"},
    {"until", "TIME", "a day or an instant"}, END};
OPT ask_[] = {
    {"level", "LEVEL", "of the own policy, as which it is passed on"},
    {"purpose", "TEXT", "what the third party needs it for"}, END};
OPT approval_give_[] = {
    {"epoch", "HEX", "one item"}, {"feed", "NAME", "or all of one feed"},
    {"purpose", "TEXT", "what the third party may use it for"},
    {"until", "TIME", "a day or an instant"},
    {"count", "N", "so many epochs; otherwise one"}, END};
OPT relay_add_[] = {
    {"feed", "NAME", "only this one; otherwise every feed"},
    {"level", "LEVEL", "of the own policy, as which it is passed on"},
    {"purpose", "TEXT", "what the third party needs it for"}, END};
OPT relay_end_[] = {{"feed", "NAME", "only this one; otherwise the one for every feed"}, END};
OPT backup_[] = {{"keys", "FOLDER", "a new folder for the keys; keep it elsewhere"}, END};
OPT restore_[] = {{"keys", "FOLDER", "the keys that were kept elsewhere"}, END};

OPT try_[] = {{"ledger", "DIR", "the folder of a party whose traffic is judged; once for each"}, END};
OPT verify_[] = {{"key", "KEY", "the ledger's key, name+id+base64; otherwise DIR/genesis"}, END};
OPT explain_[] = {
    {"from", "PARTY", "the giver, also the originator"}, {"to", "PARTY", "the recipient"},
    {"via", "PARTY", "a hub"}, {"kind", "KIND", "track, warning, report, image, thing, oral"},
    MARKING, {"release-to", "LIST", "whom the marking names; none = nobody"},
    {"marking", "TEXT", "in place of these six"},
    {"disclose", NULL, "shown, not given"},
    {"at", "TIME", "a day or an instant; otherwise now"},
    {"approvals", "N", "officers who approved"}, SAID,
    {"no-assurance", NULL, "the recipient has not assured it"},
    {"agreement", "FILE", "an agreement, or a folder of them; also as an argument"},
    {"rules", "FILE", "national rules; those of the giver count"},
    POLICIES,
    {"epoch", "HEX", "instead: the verdicts on record in the party's ledger"},
    {"partner", "PARTY", "only those for this partner"},
    END};

#define LAW_OF                                                                                    \
    {"agreement", "FILE", "a text or a folder of texts; also as an argument"},                   \
        {"rules", "FILE", "national rules; once for each party that is known"},                    \
    POLICIES
OPT reach_[] = {
    {"from", "PARTY", "whose items"}, {"to", "PARTY", "who might get them"},
    {"via", "PARTY", "only what passes this one on its way"},
    LAW_OF, END};

OPT assert_[] = {{"file", "FILE", "sentences, one a line"}, LAW_OF, END};

OPT diff_[] = {
    {"from", "PARTY", "only what comes from this party"},
    {"to", "PARTY", "only what comes to this party"},
    {"with", "FILE", "a text or a folder of texts that belongs to both"},
    {"rules", "FILE", "national rules; once for each party that is known"},
    POLICIES, END};

OPT marking_read_[] = {FROM, LANGUAGE, GROUND, POLICIES, END};
OPT marking_write_[] = {{"to", "FORM", "in which it is written"},
    {"created", "TIME", "of a label that does not say it: 2026-11-22T00:00:00Z"}, LEAVE_OUT, OUT, FROM, GROUND, POLICIES, END};
OPT marking_format_[] = {{"to", "FORM", "in which it is written"},
    {"lang", "LANGUAGE", "instead: what is shown in en, ko, ja, or a language that the policy has"},
    {"created", "TIME", "of a label that does not say it: 2026-11-22T00:00:00Z"}, LEAVE_OUT, OUT, FROM, GROUND, POLICIES, END};
OPT marking_join_[] = {
    {"rule", "WORD", "closed (otherwise), adatp or register"}, {"to", "FORM", "otherwise as they came"},
    {"created", "TIME", "of the label that is made"}, LEAVE_OUT, OUT, FROM, GROUND, POLICIES, END};
OPT marking_dominates_[] = {
    {"clearance", "FILE|TEXT", "of the reader, of a label"},
    {"clearance-form", "FORM", "otherwise guessed"},
    {"direction", "WORD", "encrypt or decrypt: translate the label to the clearance's policy first"},
    {"levels", "LIST", "of the reader, of the register: S,C,U"},
    {"nationality", "LIST", "of the reader"}, {"employer", "CODE", "for whom he works"},
    {"sci", "LIST", "control systems that he is read in to"},
    {"sap", "LIST", "special access programs that he is read in to"},
    {"accm", "LIST", "alternative measures that he is read in to"},
    {"aea", "LIST", "of atomic energy: RD,FRD,RD-SG-14"},
    {"nato", "LIST", "of NATO's: NATO,ATOMAL,BOHEMIA,BALK"},
    {"controls", "LIST", "under which it was decided that he needs it: OC,PR,LES"}, LANGUAGE, FROM, GROUND, POLICIES, END};
OPT marking_translate_[] = {
    {"to-policy", "NAME", "the other policy"}, {"direction", "WORD", "encrypt or decrypt"},
    {"agreement", "FILE", "instead: what this agreement's own table states"},
    {"with", "FILE", "an agreement that it stands under, or a folder of them"},
    {"to", "FORM", "otherwise as it came"},
    {"created", "TIME", "of the label that is made"}, LANGUAGE, LEAVE_OUT, OUT, FROM, GROUND, POLICIES, END};

OPT marking_bind_[] = {
    {"data", "FILE", "what the labels are about; may be given more than once"},
    {"label", "VALUE|FILE", "the originator's label"},
    {"alternative", "VALUE|FILE", "one that somebody else added; may be given more than once"},
    {"metadata", "VALUE|FILE", "of the metadata themselves"},
    {"added-by", "TYPE=NAME", "whose an alternative label is that does not say it: dNSName=gate.example"},
    {"embedded", NULL, "in the document, which is XML; otherwise a file beside the data"},
    {"element", "ID", "embedded: about this element, not the document; may be given more than once"},
    {"key", "FILE", "of whoever signs it: PKCS#8 in PEM"},
    {"certificate", "FILE", "of that key, in PEM"},
    {"unsigned", NULL, "nobody signs it"},
    {"created", "TIME", "of a label that does not say it: 2026-11-22T00:00:00Z"},
    OUT, LEAVE_OUT, FROM, POLICY, {"text", NULL, "a label is the value, even when a file has its name"},
    {"topics", "LIST", "of a marking that is made of a line"}, {"disciplines", "LIST", "the same"},
    {"of", "LIST", "whose a label is; otherwise the policy's"}, POLICIES, END};
OPT marking_unbind_[] = {
    {"data", "FILE", "a file that it names; may be given more than once"},
    {"trust", "FILE", "certificates of who may have signed it, in PEM; may be given more than once"},
    {"unsigned", NULL, "read one that nobody signed"},
    {"lenient", NULL, "read labels that deviate and lose nothing"}, LANGUAGE, POLICY, POLICIES, END};

const struct verb verb_rows[] = {
    {"party", "party init", "CODE --desk ADDR --courier ADDR --officer NAME:CHAIN", 1, 1, 0,
     "make a new party: keys, genesis, accord.conf", party_init, do_party_init},
    {"party", "party exchange", "", 0, 0, 0,
     "write the signed file by which others know this party", party_exchange, do_party_exchange},
    {"party", "party trust", "FILE", 1, 1, 2, "take another party's identity as its own",
     party_trust, do_party_trust},
    {"party", "party list", "", 0, 0, 0, "the partners, from the ledger", NULL, do_party_list},
    {"keys", "keys status", "", 0, 0, 0, "how the gateway's keys lie at rest", NULL, do_keys_status},
    {"keys", "keys make", "FILE | pkcs11:URI", 1, 1, 0, "make a wrap key, in a file or in a token", NULL, do_keys_make},
    {"keys", "keys wrap", "", 0, 0, 0, "wrap the gateway's keys by the wrap key that accord.conf names first",
     NULL, do_keys_wrap},

    {"agreement", "policy compile", "FILE.xml --out FILE", 1, 1, 0, "compile a marking policy",
     policy_compile_, do_policy_compile},
    {"agreement", "policy load", "FILE.xml", 1, 1, 2, "load a marking policy",
     NULL, do_policy_load},
    {"agreement", "agreement check", "FILE...", 1, MANY, 0, "judge texts of agreements and national rules",
     agreement_check_, do_agreement_check},
    {"agreement", "check", "FILE...", 1, MANY, 0, "the same", agreement_check_, do_agreement_check},
    {"agreement", "agreement fmt", "FILE...", 1, MANY, 0, "write texts as everybody writes them",
     agreement_fmt_, do_agreement_fmt},
    {"agreement", "fmt", "FILE...", 1, MANY, 0, "the same", agreement_fmt_, do_agreement_fmt},
    {"agreement", "agreement grammar", "", 0, 0, 0, "the grammar of the language, as EBNF",
     NULL, do_agreement_grammar},
    {"agreement", "agreement compile", "FILE --out FILE", 1, 1, 0,
     "compile an agreement, print its digest", agreement_compile_, do_agreement_compile},
    {"agreement", "compile", "FILE --out FILE", 1, 1, 0, "the same",
     agreement_compile_, do_agreement_compile},
    {"agreement", "agreement sign", "FILE", 1, 1, 2, "sign an agreement for the party, and tell the others",
     agreement_sign_, do_agreement_sign},
    {"agreement", "agreement load", "FILE", 1, 1, 2, "put an agreement into force here",
     agreement_load_, do_agreement_load},
    {"agreement", "agreement list", "", 0, 0, 1, "agreements and their standing",
     NULL, do_agreement_list},
    {"agreement", "agreement standing", "[AGREEMENT]", 0, 1, 0,
     "what stood on a day, as it was known on another", standing_, do_agreement_standing},
    {"agreement", "try", "DRAFT... --ledger DIR", 1, MANY, 0,
     "what past traffic would do under a draft", try_, do_try},
    {"agreement", "rules check", "FILE", 1, 1, 0, "judge the text of national rules",
     rules_, do_rules_check},
    {"agreement", "rules load", "FILE", 1, 1, 2, "put national rules into force",
     rules_, do_rules_load},
    {"agreement", "assurance give",
     "--to PARTY --agreement NAME --levels LIST --topics LIST --until DAY --authority NAME", 0, 0, 1,
     "assure a giver that what he gives is protected", assurance_give_, do_assurance_give},
    {"agreement", "assurance load", "FILE", 1, 1, 1, "take in a partner's assurance",
     NULL, do_assurance_load},

    {"person", "person key", "NAME", 1, 1, 0, "make people/NAME: a key and a terminal's key",
     NULL, do_person_key},
    {"person", "person add", "NAME --nationality PARTY --chain NAME --roles LIST", 1, 1, 2,
     "enrol a person", person_add_, do_person_add},
    {"person", "person clear", "NAME --clearance LIST --topics LIST", 1, 1, 2,
     "change clearance and need-to-know", person_clear_, do_person_clear},
    {"person", "person revoke", "NAME", 1, 1, 1, "strike a person off", NULL, do_person_revoke},
    {"person", "person list", "", 0, 0, 1, "who is on the registry", NULL, do_person_list},
    {"person", "terminal revoke", "NAME", 1, 1, 1,
     "end what a terminal's certificate is good for, now", terminal_revoke_, do_terminal_revoke},
    {"person", "terminal", "NAME", 1, 1, 1, "have a terminal's key certified",
     terminal_, do_terminal},
    {"person", "tak on", "TERMINAL", 1, 1, 1, "TAK clients of that terminal see what you may",
     tak_on_, do_tak_on},
    {"person", "tak off", "TERMINAL", 1, 1, 1, "they see nothing more", NULL, do_tak_off},
    {"person", "source add",
     "NAME (--udp ADDR | --tcp ADDR | --tls ADDR) --kind KIND --precedence WORD " MARKED, 1, 1, 2,
     "open a source of live reports", source_add_, do_source_add},
    {"person", "source remove", "NAME", 1, 1, 1, "close a source", NULL, do_source_remove},
    {"person", "source list", "", 0, 0, 1, "the sources and their markings", NULL, do_source_list},

    {"room", "room add", "NAME --ceiling LIST", 1, 1, 2, "make a room", room_add_, do_room_add},
    {"room", "room remove", "NAME", 1, 1, 1, "a room and its displays are gone", NULL,
     do_room_remove},
    {"room", "room reader add", "ROOM READER (--log | --key HEX)", 2, 2, 2,
     "what reports who comes and goes", room_reader_, do_room_reader_add},
    {"room", "room reader remove", "ROOM READER", 2, 2, 1, "a reader is gone", NULL,
     do_room_reader_remove},
    {"room", "room display add", "ROOM DISPLAY --ceiling LIST", 2, 2, 2,
     "a display, and a certificate of it", room_display_, do_room_display_add},
    {"room", "room display remove", "DISPLAY", 1, 1, 1, "a display is gone", NULL,
     do_room_display_remove},
    {"room", "room display on", "DISPLAY", 1, 1, 1, "it shows what its room may see", room_on_,
     do_room_display_on},
    {"room", "room display off", "DISPLAY", 1, 1, 1, "it shows nothing", NULL,
     do_room_display_off},
    {"room", "room visit add",
     "VISITOR --party PARTY --agreement NAME --clearance LIST --ceiling LIST --topics LIST "
     "--scope TEXT --rooms LIST --from TIME --until TIME", 1, 1, 2,
     "a person of a partner comes", room_visit_, do_room_visit_add},
    {"room", "room visit end", "VISITOR", 1, 1, 1, "the visit is over", NULL, do_room_visit_end},
    {"room", "room enter", "ROOM PERSON", 2, 2, 1, "an officer says who came", NULL,
     do_room_enter},
    {"room", "room leave", "ROOM PERSON", 2, 2, 1, "an officer says who left", NULL,
     do_room_leave},
    {"room", "room show", "ROOM --reason TEXT", 1, 1, 1, "what was taken away comes back",
     reason_, do_room_show},
    {"room", "room list", "", 0, 0, 1, "rooms, who is in them, displays, visits", NULL,
     do_room_list},
    {"room", "room history", "ROOM", 1, 1, 0, "who was in it while what was shown",
     room_history_, do_room_history},

    {"product", "submit", "FILE --title TEXT --kind KIND --precedence WORD " STATED, 1, 1, 1,
     "sign a product and hand it in", submit_, do_submit},
    {"product", "list", "", 0, 0, 1, "what there is for a reader", NULL, do_list},
    {"product", "open", "HANDLE --purpose TEXT --out FILE", 1, 1, 1, "sign for an item and get it",
     open_, do_open},
    {"product", "stream", "", 0, 0, 1, "live reports as they come", stream_, do_stream},
    {"product", "queue", "", 0, 0, 1, "what waits for a release officer", NULL, do_queue},
    {"product", "approve", "EPOCH PARTNER", 2, 2, 1, "let a held item go", NULL, do_approve},
    {"product", "reject", "EPOCH PARTNER", 2, 2, 1, "keep a held item", NULL, do_reject},
    {"product", "levels", "", 0, 0, 1, "what came and waits for its own level",
     NULL, do_levels},
    {"product", "designate", "HANDLE LEVEL", 2, 2, 1, "choose the own level of what came",
     NULL, do_designate},

    {"control", "sign", "ACT|FILE", 1, 1, 1,
     "an act that waits for a second signature, or an agreement's text", sign_, do_sign},
    {"control", "pause", "AGREEMENT --reason TEXT", 1, 1, 1,
     "stop giving, opening or both, at once", pause_, do_pause},
    {"control", "resume", "AGREEMENT --reason TEXT", 1, 1, 2, "go on after a pause",
     reason_, do_resume},
    {"control", "notice", "AGREEMENT --reason TEXT", 1, 1, 2,
     "give notice of termination, or suspend it", notice_, do_notice},
    {"control", "withdraw", "AGREEMENT --reason TEXT", 1, 1, 2, "withdraw a notice",
     reason_, do_withdraw},
    {"control", "amend", "AGREEMENT NEW --at TIME --reason TEXT", 2, 2, 2,
     "consent to another text in its place", consent_, do_amend},
    {"control", "terminate", "AGREEMENT --at TIME --reason TEXT", 1, 1, 2,
     "consent to its end", consent_, do_terminate},
    {"control", "reading", "AGREEMENT (lapsed | held) --reason TEXT", 2, 2, 2,
     "say how a suspended notice is read in giving", reason_, do_reading},
    {"control", "recall", "[EPOCH...] --reason TEXT", 0, MANY, 1, "take items back from partners",
     order_, do_recall},
    {"control", "destroy", "[EPOCH...] --reason TEXT", 0, MANY, 2, "destroy items, here too",
     order_, do_destroy},
    {"control", "ask", "HANDLE PARTY --level LEVEL --purpose TEXT", 2, 2, 1,
     "ask its originator to pass an item on", ask_, do_ask},
    {"control", "approval give",
     "PARTNER PARTY (--epoch HEX | --feed NAME) --purpose TEXT --until TIME", 2, 2, 1,
     "let a partner pass on what is ours", approval_give_, do_approval_give},
    {"control", "approval revoke", "LEAF --reason TEXT", 1, 1, 1, "take such an approval back",
     reason_, do_approval_revoke},
    {"control", "contractor approve",
     "PARTNER EMPLOYER (--agreement NAME | --epoch HEX) --level LEVEL --purpose TEXT --until TIME",
     2, 2, 1, "let a contractor's people open what is ours", contractor_approve_,
     do_contractor_approve},
    {"control", "contractor revoke", "LEAF --reason TEXT", 1, 1, 1, "take such an approval back",
     reason_, do_contractor_revoke},
    {"control", "relay add", "ORIGINATOR PARTY --level LEVEL --purpose TEXT", 2, 2, 1,
     "as a hub, pass feeds on", relay_add_, do_relay_add},
    {"control", "relay end", "ORIGINATOR PARTY", 2, 2, 1, "pass them on no more",
     relay_end_, do_relay_end},
    {"control", "partners", "", 0, 0, 1, "when each was last heard, letters, leases",
     NULL, do_partners},
    {"control", "asked", "", 0, 0, 1, "what partners ask to pass on, and approvals",
     NULL, do_asked},
    {"control", "orders", "", 0, 0, 1, "recalls, destructions, receipts that are owed",
     NULL, do_orders},
    {"control", "duties", "", 0, 0, 1, "what is owed for items that came, losses, certificates",
     NULL, do_duties},
    {"control", "loss", "HANDLE --what TEXT", 1, 1, 1,
     "report that what came is lost, or may be: it opens for nobody", loss_, do_loss},
    {"control", "found", "HANDLE --what TEXT", 1, 1, 2,
     "say that what was lost is found: it opens again once its giver knows", found_, do_found},
    {"control", "certify", "HANDLE --reason TEXT", 1, 1, 1,
     "destroy what came, and sign that it is", reason_, do_certify},
    {"control", "trace", "FILE --reason TEXT", 1, 1, 1, "tell whose copy of a track has leaked",
     trace_, do_trace},
    {"control", "head sign", "--reason TEXT", 0, 0, 2,
     "take the ledger as it is here for the true one", reason_, do_head_sign},
    {"control", "clock confirm", "--reason TEXT", 0, 0, 1, "take the clock for right",
     reason_, do_clock_confirm},
    {"control", "backup", "FOLDER", 1, 1, 0, "copy a gateway while it runs", backup_, do_backup},
    {"control", "restore", "FOLDER --keys FOLDER", 1, 1, 0, "make a gateway of such a copy",
     restore_, do_restore},

    {"marking", "marking forms", "", 0, 0, 0, "the forms that are read and written",
     NULL, do_marking_forms},
    {"marking", "marking parse", "[VALUE|FILE]", 0, 1, 0, "what a label or line says",
     marking_read_, do_marking_parse},
    {"marking", "marking format", "[TEXT|FILE] (--to FORM | --lang LANGUAGE)", 0, 1, 0,
     "write a marking in another form, or as it is shown in a language", marking_format_, do_marking_format},
    {"marking", "marking convert", "[VALUE|FILE] --to FORM", 0, 1, 0, "the same in another form",
     marking_write_, do_marking_convert},
    {"marking", "marking explain", "[VALUE|FILE]", 0, 1, 0, "each part in words",
     marking_read_, do_marking_explain},
    {"marking", "marking join", "[VALUE|FILE...]", 0, MANY, 0, "the marking of what is made of all",
     marking_join_, do_marking_join},
    {"marking", "marking rollup", "[PORTION|FILE...]", 0, MANY, 0, "the banner of a page of portions",
     marking_join_, do_marking_rollup},
    {"marking", "marking dominates", "[VALUE|FILE]", 0, 1, 0, "may this reader have it?",
     marking_dominates_, do_marking_dominates},
    {"marking", "marking translate", "[VALUE|FILE] --to-policy NAME (--direction WORD | --agreement FILE)", 0, 1, 0,
     "the label in another policy", marking_translate_, do_marking_translate},
    {"marking", "marking bind",
     "--data FILE --label VALUE|FILE (--unsigned | --key FILE --certificate FILE)", 0, 0, 0,
     "bind labels to files or to a document", marking_bind_, do_marking_bind},
    {"marking", "marking unbind", "FILE (--unsigned | --trust FILE)", 1, 1, 0,
     "what a binding says, of what, and who signed it", marking_unbind_, do_marking_unbind},
    {"ledger", "verify", "DIR", 1, 1, 0, "check every byte, signature and hash of a party's store",
     verify_, do_verify},
    {"ledger", "replay", "DIR", 1, 1, 0, "recompute every verdict in a party's ledger",
     NULL, do_replay},
    {"ledger", "reconcile", "DIR DIR", 2, 2, 0, "lay two parties' ledgers side by side",
     NULL, do_reconcile},
    {"ledger", "explain",
     "[FILE...] (--epoch HEX | --from PARTY --to PARTY --kind KIND " MARKED ")", 0, MANY, 0,
     "a verdict step by step, of a case or on record",
     explain_, do_explain},
    {"ledger", "status", "[--as NAME]", 0, 0, 0, "that the gateway answers; its figures with --as",
     NULL, do_status},

    {"reach", "reach", "[FILE...] --from PARTY --to PARTY", 0, MANY, 0,
     "everything that could ever flow from one party to another", reach_, do_reach},
    {"reach", "assert", "SENTENCE...", 0, MANY, 0,
     "prove or refute what is said to flow, or not", assert_, do_assert},
    {"reach", "diff", "FILE FILE", 2, 2, 0,
     "what a change of texts lets flow, stops, and asks of who gets it", diff_, do_diff},

    {"simulate", "simulate", "", 0, 0, 0,
     "whole gateways from seeds, with faults and liars, under oracles", simulate_, do_simulate},
};
/* clang-format on */

const unsigned verb_row_count = ARRAY_LEN(verb_rows);
