/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/nitf_said.h"

const struct digraph digraphs[DIGRAPHS] = {
    {"AT", "nonUSControls", "ATOMAL"},       {"CN", "atomicEnergyMarkings", "RD-CNWDI"},
    {"RD", "atomicEnergyMarkings", "RD"},    {"RF", "atomicEnergyMarkings", "FRD"},
    {"FO", "disseminationControls", "FOUO"}, {"NC", "disseminationControls", "NOCON"},
    {"OR", "disseminationControls", "OC"},   {"PI", "disseminationControls", "PR"},
    {"UO", "disseminationControls", "NF"},   {"DS", "nonICmarkings", "DS"},
};

const char *const said_names[SAID_COUNT] = {
    "classification", "ownerProducer",         "SCIcontrols",          "atomicEnergyMarkings",
    "nonUSControls",  "disseminationControls", "nonICmarkings",        "releasableTo",
    "classifiedBy",   "derivedFrom",           "classificationReason", "declassDate",
    "declassEvent",   "declassException"};

void work_init(struct block_work *w)
{
    for (unsigned i = 0; i < SAID_COUNT; i++) {
        w->said[i] = WRITER_OF(w->bytes[i]);
    }
}

enum said said_of(span attribute)
{
    unsigned i = 0;
    while (i < SAID_COUNT && !span_is(attribute, said_names[i])) {
        i++;
    }
    return i;
}
