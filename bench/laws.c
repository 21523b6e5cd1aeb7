/* links: release */
/* SPDX-License-Identifier: Apache-2.0 */
/* A law as files, from a seed, for `accord reach` and `accord diff`.  Arguments: folder, parties, agreements,
 * clauses, seed. */
#include "unit/cli/laws.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    char path[512];
    if (argc != 6) {
        fprintf(stderr, "laws FOLDER PARTIES AGREEMENTS CLAUSES SEED\n");
        return 2;
    }
    const struct laws l = {argv[1], (unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]),
                           (unsigned)atoi(argv[4]), (uint64_t)atoi(argv[5])};
    (void)mkdir(l.dir, 0700);
    (void)snprintf(path, sizeof path, "%s/policies", l.dir);
    (void)mkdir(path, 0700);
    laws_write(&l);
    return 0;
}
