/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_FURTHER_H
#define SIM_FURTHER_H

#include "sim/cast.h"

/* further - what a party may give by its bonds, as matter_rows has it of the shipped texts */
#define FURTHER_ROWS 5

struct further {
    struct matter_row row[FURTHER_ROWS];
    char              marking[FURTHER_ROWS][160];
};

/* further_new - of each of so many parties; freed by the caller. NULL: there are no bonds */
struct further *further_new(unsigned gateways, unsigned scene);

#endif
