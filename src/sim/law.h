/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_LAW_H
#define SIM_LAW_H

#include "agreement/agreement.h"
#include "base/err.h"

/* law - the shipped policies, agreements and rules, compiled once for every gateway of a simulation */
/* LAW_PARTIES  - of the shipped texts, the first in every world
 * GATEWAYS_MAX - most that a world may have;  NOBODY: none of them */
#define LAW_PARTIES    3
#define GATEWAYS_MAX   30
#define NOBODY         GATEWAYS_MAX
#define LAW_AGREEMENTS 5

struct law_text {
    name     name;
    uint32_t len;
    uint8_t  table[AGREEMENT_TABLE_MAX];
    uint8_t  digest[32];
    set64    parties; /* numbers in law.policies */
};

/* bond - an agreement of two parties (sim/bond.h)
 * read      as a gateway holds it */
#define BONDS_MAX 48
struct bond {
    unsigned         one, other;
    struct law_text  text;
    struct agreement read;
};

/* file   which is being read: after a failure, the one that it is about; "" = no file's */
#define LAW_FILE_ROOM 512
struct law {
    char              file[LAW_FILE_ROOM];
    unsigned          parties, bond_count;
    struct policies   policies;
    struct agreements agreements;
    struct law_text   policy[GATEWAYS_MAX], rules[GATEWAYS_MAX], agreement[LAW_AGREEMENTS];
    struct bond       bond[BONDS_MAX];
};

extern const char *const law_party[GATEWAYS_MAX]; /* KOR, JPN, USA, and codes that no country has */

/* law_read - from the files of a checkout
 *
 * root     folder with policies/ and agreements/
 * parties  how many; those past LAW_PARTIES have policies and rules that are made for them
 * fails    as the readers of each; IO; out->file says of which file */
err law_read(const char *root, unsigned parties, struct law *out);

/* law_bonds - the agreements of the further parties, by the scene
 *
 * fails   as language_compile */
err law_bonds(struct law *law, unsigned scene);

/* law_agreement - one more text, compiled after those that it stands under
 *
 * fails   as language_compile */
err law_agreement(struct law *law, span source, struct law_text *out);

/* law_rules - a party's rules as its file has them, and these lines behind
 *
 * fails   as law_read */
err law_rules(const char *root, struct law *law, unsigned party, const char *lines);

#endif
