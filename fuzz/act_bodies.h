/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_ACT_BODIES_H
#define FUZZ_ACT_BODIES_H

/* Acts as people ask for them.  What an input chooses: $i an id in hex, $n a number of a leaf, $p another party, $f a text
 * that an act gave before.  The rest comes from the guard: $o its own party, $t tomorrow, $y yesterday, $k a public key of
 * a person, $d one for HPKE, $I identity and $A authority of the party that $p chose */

enum act_brings {
    BRINGS_NOTHING,
    BRINGS_POLICY,
    BRINGS_AGREEMENT,
    BRINGS_RENEWED,
    BRINGS_RULES,
    BRINGS_IDS
};

struct act_body {
    const char     *act;
    enum act_brings brings;
    const char     *body;
};

static const struct act_body act_body[] = {
    {"policy-load", BRINGS_POLICY, "policy $p\n"},
    {"agreement-sign", BRINGS_AGREEMENT, "agreement GSOMIA\n"},
    {"agreement-sign", BRINGS_RENEWED, "agreement RENEWED\n"},
    {"agreement-sign", BRINGS_RENEWED, "agreement RENEWED\ninstead GSOMIA\n"},
    {"agreement-load", BRINGS_AGREEMENT, "agreement TISA\n"},
    {"agreement-load", BRINGS_RENEWED, "agreement RENEWED\n"},
    {"agreement-load", BRINGS_RENEWED, "agreement RENEWED\ninstead GSOMIA\n"},
    {"rules-load", BRINGS_RULES, "rules $o\n"},
    {"partner-trust", BRINGS_NOTHING,
     "partner $p\nidentity $I\naddress 127.0.0.1:1\nauthority $A\n"},
    {"assurance-give", BRINGS_NOTHING,
     "from $o\nto $p\nagreement GSOMIA\nlevels KOR:II,KOR:III\ntopics dprk-missile\nvalid-from $y\n"
     "valid-until $t\nauthority Ministry of Defence\n"},
    {"assurance-load", BRINGS_NOTHING, "$f"},
    {"person-add", BRINGS_NOTHING,
     "person park\nkey $k\nnationality KOR\nemployer KOR\nchain J2\nroles author,reader\n"
     "clearance KOR:II,KOR:III\ntopics dprk-missile\n"},
    {"person-add", BRINGS_NOTHING,
     "person abe\nkey $k\nnationality JPN\nemployer JPN\nfirm mhi\nfacility nagoya\nchain J2\n"
     "roles reader\nclearance JPN:HI,JPN:TOKUTEI-HIMITSU\ntopics dprk-missile\n"},
    {"person-clear", BRINGS_NOTHING, "person kim\nclearance KOR:III\ntopics dprk-missile\n"},
    {"person-clear", BRINGS_NOTHING, "person sato\nclearance -\ntopics -\n"},
    {"person-revoke", BRINGS_NOTHING, "person kim\n"},
    {"person-revoke", BRINGS_NOTHING, "person sato\n"},
    {"terminal", BRINGS_NOTHING, "terminal kim\nkey " DEVICE_KEY "\n"},
    {"source-add", BRINGS_NOTHING,
     "source lidar\ntransport tcp\naddress 127.0.0.1:7100\nkind track\nprecedence FLASH\n"
     "marking KOR:II of KOR about dprk-missile from radar to JPN,USA\naccess -\n"
     "extent 33.0000000,124.0000000,39.0000000,132.0000000\nform cot\ndated now\nretention 1\n"},
    {"source-remove", BRINGS_NOTHING, "source feed0\n"},
    {"approve", BRINGS_NOTHING, "epoch $i\npartner $p\n"},
    {"reject", BRINGS_NOTHING, "epoch $i\npartner $p\n"},
    {"designate", BRINGS_NOTHING, "handle $i\nlevel JPN:GOKUHI\n"},
    {"relay", BRINGS_NOTHING, "originator KOR\nfeed -\nto $p\nlevel USA:SECRET\npurpose warning\n"},
    {"relay-end", BRINGS_NOTHING, "originator KOR\nfeed warnings\nto JPN\n"},
    {"onward-ask", BRINGS_NOTHING, "handle $i\nto USA\nlevel JPN:HI\npurpose warning\n"},
    {"onward-approve", BRINGS_NOTHING,
     "partner USA\nepoch -\nfeed warnings\nto JPN\npurpose warning\nuntil $t\ncount 2\n"},
    {"onward-approve", BRINGS_NOTHING,
     "partner $p\nepoch $i\nfeed -\nto USA\npurpose warning\nuntil $t\ncount 1\n"},
    {"onward-revoke", BRINGS_NOTHING, "approval $n\nreason mistaken\n"},
    {"contractor-approve", BRINGS_NOTHING,
     "partner JPN\nemployer JPN\nfirm mhi\nfacility nagoya\nagreement GSOMIA\nitem -\n"
     "topics dprk-missile\nlevel KOR:II\nuntil $t\npurpose upkeep\n"},
    {"contractor-approve", BRINGS_NOTHING,
     "partner JPN\nemployer JPN\nfirm -\nfacility -\nagreement -\nitem $i\n"
     "topics dprk-missile\nlevel KOR:II\nuntil $t\npurpose upkeep\n"},
    {"contractor-revoke", BRINGS_NOTHING, "approval $n\nreason mistaken\n"},
    {"pause", BRINGS_NOTHING, "agreement GSOMIA\ndirection both\nreason talks\n"},
    {"pause", BRINGS_NOTHING, "agreement KOR-USA-1987\ndirection giving\nreason talks\n"},
    {"pause", BRINGS_NOTHING, "agreement GSOMIA\ndirection opening\nreason talks\n"},
    {"resume", BRINGS_NOTHING, "agreement GSOMIA\nreason talks\n"},
    {"notice", BRINGS_NOTHING, "agreement GSOMIA\nreason talks\n"},
    {"notice-suspend", BRINGS_NOTHING, "agreement GSOMIA\nreason talks\n"},
    {"notice-withdraw", BRINGS_NOTHING, "agreement GSOMIA\nreason talks\n"},
    {"amend", BRINGS_NOTHING, "agreement GSOMIA\ninto RENEWED\nat $t\nreason talks\n"},
    {"terminate", BRINGS_NOTHING, "agreement GSOMIA\nat $t\nreason talks\n"},
    {"reading", BRINGS_NOTHING, "agreement GSOMIA\nreading lapsed\nreason talks\n"},
    {"recall", BRINGS_IDS, "partner $p\nreason a mistake\n"},
    {"recall", BRINGS_IDS, "partner -\nreason a mistake\n"},
    {"destroy", BRINGS_IDS, "partner -\nreason a mistake\n"},
    {"loss", BRINGS_NOTHING, "handle $i\ncertain no\ndiscovered $y\nwhat a bag\n"},
    {"found", BRINGS_NOTHING, "handle $i\nwhat in the safe\n"},
    {"certify", BRINGS_NOTHING, "handle $i\nreason shredded\n"},
    {"session", BRINGS_NOTHING, "minutes 5\n"},
    {"tak-on", BRINGS_NOTHING, "terminal kim\nminutes 5\ntopics -\n"},
    {"tak-off", BRINGS_NOTHING, "terminal kim\n"},
    {"open", BRINGS_NOTHING, "handle $i\npurpose assessment\n"},
    {"room-add", BRINGS_NOTHING,
     "room annex\nceiling KOR:II,KOR:UNCLASSIFIED\npresence 5000\ncomes-back officer\ndoor yes\n"},
    {"room-remove", BRINGS_NOTHING, "room ops\n"},
    {"reader-add", BRINGS_NOTHING, "reader gate-c\nroom ops\nkey log\n"},
    {"reader-remove", BRINGS_NOTHING, "reader gate-a\nroom ops\n"},
    {"display-add", BRINGS_NOTHING,
     "display wall-3\nroom ops\nkey " DEVICE_KEY "\nceiling KOR:II,KOR:UNCLASSIFIED\n"},
    {"display-remove", BRINGS_NOTHING, "display wall-1\n"},
    {"visit-add", BRINGS_NOTHING,
     "visitor tanaka\nparty JPN\nagreement GSOMIA\nclearance JPN:GOKUHI\nceiling KOR:II\n"
     "topics dprk-missile\nscope exercise briefing\nrooms ops\nfrom $y\nuntil $t\n"},
    {"visit-end", BRINGS_NOTHING, "visitor sato\n"},
    {"room-enter", BRINGS_NOTHING, "room ops\nperson sato\n"},
    {"room-leave", BRINGS_NOTHING, "room ops\nperson sato\n"},
    {"room-show", BRINGS_NOTHING, "room ops\nreason briefing\n"},
    {"display-on", BRINGS_NOTHING, "display wall-2\nminutes 600\n"},
    {"display-off", BRINGS_NOTHING, "display wall-1\n"},
    {"trace", BRINGS_NOTHING, "key $d\nreason a leak\n"},
    {"head-sign", BRINGS_NOTHING, "reason restored\n"},
    {"clock-confirm", BRINGS_NOTHING, "reason looked\n"},
};

#endif
