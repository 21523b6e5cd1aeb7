/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/law.h"

#include "crypt/hash.h"
#include "language/language.h"
#include "sim/bond.h"
#include "spif/spif.h"

#include <stdio.h>

const char *const law_party[GATEWAYS_MAX] = {"KOR", "JPN", "USA", "XAA", "XAB", "XAC", "XAD", "XAE",
                                             "XAF", "XAG", "XAH", "XAI", "XAJ", "XAK", "XAL", "XAM",
                                             "XAN", "XAO", "XAP", "XAQ", "XAR", "XAS", "XAT", "XAU",
                                             "XAV", "XAW", "XAX", "XAY", "XAZ", "XBA"};

/* In an order in which each stands after those it stands under. */
static const char *const agreement_file[LAW_AGREEMENTS] = {"gsomia", "kor-usa-1987", "jpn-usa-2007",
                                                           "tisa", "exchange"};

#define FILE_ROOM (128 << 10)

struct text {
    uint8_t bytes[FILE_ROOM];
    size_t  len;
};

static err file_read(struct law *law, const char *root, const char *folder, const char *file,
                     const char *ending, struct text *out)
{
    int len = snprintf(law->file, sizeof law->file, "%s/%s/%s%s", root, folder, file, ending);
    if (len < 0 || (size_t)len >= sizeof law->file) {
        return FAIL(LIMIT, "the path of a file of law is too long");
    }
    FILE *f = fopen(law->file, "re");
    if (f == NULL) {
        return FAIL(IO, "a file of law cannot be read");
    }
    out->len = fread(out->bytes, 1, sizeof out->bytes, f);
    bool whole = feof(f) != 0;
    fclose(f);
    return whole ? OK : FAIL(LIMIT, "a file of law is longer than it may be");
}

static err text_done(struct law_text *t, struct writer *w)
{
    span table;
    TRY(writer_end(w, &table));
    t->len = (uint32_t)table.len;
    sha256(table, t->digest);
    return OK;
}

static err policy_compile(struct law *law, const struct text *xml, const char *party,
                          struct law_text *out)
{
    struct writer w = WRITER_OF(out->table);
    TRY(name_of(span_text(party), &out->name));
    TRY(spif_compile((span){xml->bytes, xml->len}, &w, NULL));
    TRY(text_done(out, &w));
    return policy_read(&law->policies, writer_span(&w), out->digest);
}

static err agreement_compile(const struct law *law, texts under, span source, struct agreement *a,
                             struct law_text *out)
{
    static struct diagnostics d;
    struct writer             w = WRITER_OF(out->table);
    d.count = d.errors = d.left_out = 0;
    TRY(language_compile(source, &law->policies, under, &d, a));
    sha256(source, a->text_digest);
    agreement_write(&law->policies, a, &w);
    TRY(text_done(out, &w));
    memcpy(a->digest, out->digest, sizeof a->digest);
    out->name = a->name;
    out->parties = a->parties;
    return OK;
}

err law_agreement(struct law *law, span source, struct law_text *out)
{
    struct agreement *a = &law->agreements.agreement[law->agreements.count];
    TRY(agreement_compile(law, texts_of(&law->agreements), source, a, out));
    law->agreements.count++;
    return OK;
}

static err bond_add(struct law *law, unsigned one, unsigned other)
{
    uint8_t       text[BOND_TEXT_MAX];
    struct writer w = WRITER_OF(text);
    struct bond  *b = &law->bond[law->bond_count++];
    MUST(law->bond_count <= BONDS_MAX);
    bond_text(&w, one, other);
    MUST(!w.bad);
    b->one = one;
    b->other = other;
    return agreement_compile(law, (texts){0}, writer_span(&w), &b->read, &b->text);
}

err law_bonds(struct law *law, unsigned scene)
{
    for (unsigned i = 0; i < law->parties; i++) {
        unsigned with = bonds_of(law->parties, scene, i);
        for (unsigned other = i + 1; other < law->parties; other++) {
            if ((with & 1u << other) != 0) {
                TRY(bond_add(law, i, other));
            }
        }
    }
    return OK;
}

static err rules_compile(const struct law *law, const struct text *text, const char *party,
                         struct law_text *out)
{
    static struct diagnostics d;
    static struct rules       rules;
    struct writer             w = WRITER_OF(out->table);
    d.count = d.errors = d.left_out = 0;
    TRY(name_of(span_text(party), &out->name));
    TRY(language_compile_rules((span){text->bytes, text->len}, &law->policies, &d, &rules));
    rules_write(&law->policies, &rules, &w);
    return text_done(out, &w);
}

err law_rules(const char *root, struct law *law, unsigned party, const char *lines)
{
    static struct text text;
    size_t             len = strlen(lines);
    TRY(file_read(law, root, "agreements/rules", law_party[party], ".rules", &text));
    if (sizeof text.bytes - text.len < len) {
        return FAIL(LIMIT, "a file of law is longer than it may be");
    }
    memcpy(text.bytes + text.len, lines, len);
    text.len += len;
    TRY(rules_compile(law, &text, law_party[party], &law->rules[party]));
    law->file[0] = 0;
    return OK;
}

/* With more parties than the shipped ones each policy can name them all. */
static err policy_make(const char *root, struct law *law, unsigned party)
{
    static struct text shipped, made;
    bool               further = party >= LAW_PARTIES;
    TRY(file_read(law, root, "policies", further ? "USA" : law_party[party], ".xml", &shipped));
    if (law->parties == LAW_PARTIES) {
        return policy_compile(law, &shipped, law_party[party], &law->policy[party]);
    }
    struct writer w = WRITER_OF(made.bytes);
    TRY(bond_policy((span){shipped.bytes, shipped.len}, party, law->parties, &w));
    made.len = w.len;
    return policy_compile(law, &made, law_party[party], &law->policy[party]);
}

static err rules_make(const char *root, struct law *law, unsigned party)
{
    static struct text made;
    if (party < LAW_PARTIES) {
        return law_rules(root, law, party, "");
    }
    struct writer w = WRITER_OF(made.bytes);
    bond_rules(&w, party);
    made.len = w.len;
    return rules_compile(law, &made, law_party[party], &law->rules[party]);
}

err law_read(const char *root, unsigned parties, struct law *out)
{
    static struct text text;
    out->parties = parties;
    for (unsigned i = 0; i < parties; i++) {
        TRY(policy_make(root, out, i));
    }
    for (unsigned i = 0; i < LAW_AGREEMENTS; i++) {
        TRY(file_read(out, root, "agreements", agreement_file[i], ".agreement", &text));
        TRY(law_agreement(out, (span){text.bytes, text.len}, &out->agreement[i]));
    }
    out->file[0] = 0;
    for (unsigned i = 0; i < parties; i++) {
        TRY(rules_make(root, out, i));
    }
    return OK;
}
