/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/state.h"

/* A partner shows that one of our numbers came to it with two contents: its proof stands in the leaf that
 * records the letter, and nothing else follows from it here. */
const struct letter_row letter_rows[] = {
    {"fraud", NULL, NULL, NULL, NULL},
    {"fork", letter_fork_check, letter_fork_fold, letter_fork_sent_fold, letter_fork_done},
};

const unsigned letter_row_count = ARRAY_LEN(letter_rows);
