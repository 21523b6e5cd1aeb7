/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/further.h"

#include "sim/bond.h"
#include "sim/grow.h"

/* Two that the bonds let go, one by itself and one by an officer, and three that must not: nothing permits the
 * source, the level is above, nobody is listed. */
static const struct {
    const char *level; /* NULL: high or low, as a bond has it */
    bool        low;
    const char *topic, *from, *kind;
    bool        listed;
} forms[FURTHER_ROWS] = {
    {NULL, true, "dprk-missile", "imagery", "image", true},
    {NULL, false, "dprk-nuclear", "electronic", "report", true},
    {NULL, false, "dprk-missile", "human", "report", true},
    {"TOP-SECRET", false, "dprk-missile", "imagery", "image", true},
    {NULL, false, "dprk-missile", "imagery", "image", false},
};

static void row_make(struct further *f, unsigned n, unsigned party, unsigned bonds)
{
    struct writer w = writer_of(f->marking[n], sizeof f->marking[n]);
    if (forms[n].level == NULL || party == 0) {
        bond_put_level(&w, party, forms[n].low ? LEVEL_LOW : LEVEL_HIGH);
    } else {
        put_text(&w, law_party[party]);
        put_u8(&w, ':');
        put_text(&w, forms[n].level);
    }
    put_text(&w, " of ");
    put_text(&w, law_party[party]);
    put_text(&w, " about ");
    put_text(&w, forms[n].topic);
    put_text(&w, " from ");
    put_text(&w, forms[n].from);
    put_text(&w, forms[n].listed ? " to " : "");
    bond_put_codes(&w, forms[n].listed ? bonds : 0);
    put_u8(&w, 0);
    MUST(!w.bad);
    f->row[n] = (struct matter_row){.party = party,
                                    .marking = f->marking[n],
                                    .kind = forms[n].kind,
                                    .to = forms[n].listed ? bonds : 0,
                                    .low = forms[n].low};
}

struct further *further_new(unsigned gateways, unsigned scene)
{
    struct further *all = gateways > LAW_PARTIES ? zeros(gateways * sizeof *all) : NULL;
    for (unsigned i = 0; all != NULL && i < gateways; i++) {
        unsigned bonds = bonds_of(gateways, scene, i);
        for (unsigned n = 0; bonds != 0 && n < FURTHER_ROWS; n++) {
            row_make(&all[i], n, i, bonds);
        }
    }
    return all;
}
