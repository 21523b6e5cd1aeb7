/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/err.h"
#include "config/diagnostic.h"

/* Reads a configuration file into the caller's structs, as the caller's table says
 * (docs/format/configuration.md):
 *
 *   party   KOR
 *   data    /var/lib/accord
 *   partner JPN
 *       address 192.0.2.7:7001
 *       beat    10 seconds
 *
 * A new setting is a new row; there is no branch for it. */

enum config_type {
    CONFIG_NONE,     /* ends a row's values */
    CONFIG_NAME,     /* base/text.h: into a `name` */
    CONFIG_WORD,     /* a path or an address: into char[room], NUL-terminated */
    CONFIG_STRING,   /* "in quotes": into char[room] */
    CONFIG_NUMBER,   /* 42: into uint64_t */
    CONFIG_SIZE,     /* 4 MiB (bytes, KiB, MiB, GiB): into uint64_t, bytes */
    CONFIG_DURATION, /* 10 seconds (ms, seconds, minutes, hours, days): into uint64_t, ms */
    CONFIG_YES,      /* yes or no: into bool */
    CONFIG_CHOICE,   /* one of the words of `choices`: its place, into unsigned */
    CONFIG_SET,      /* nothing is read: the keyword alone sets a bool */
};

#define CONFIG_VALUES_MAX 4
#define CONFIG_KEYS_MAX   64 /* of one table */

/* config_value - one value after a keyword
 *
 * offset   where it goes, from the start of the struct, or of the element where the row repeats
 * room     size of the char array, for WORD and STRING
 * least, most   for NUMBER, SIZE and DURATION; most 0 = no bound
 * choices  for CHOICE: the words, NULL after the last */
struct config_value {
    enum config_type   type;
    size_t             offset, room;
    uint64_t           least, most;
    const char *const *choices;
};

/* config_list - where the elements of a row that may repeat go; most 0 = it stands once at most */
struct config_list {
    unsigned    most;
    size_t      offset, size; /* of the array in the struct; of an element */
    size_t      count_offset; /* of the `unsigned` that receives how many */
    const void *fresh;        /* an element before its lines are read; NULL = zeros */
};

struct config_table {
    const struct config_key *key;
    unsigned                 count; /* at most CONFIG_KEYS_MAX */
};

/* config_key - a row: keyword, values, and the table of the indented lines under it
 *
 * help    one sentence for the manual page */
struct config_key {
    const char                *keyword, *help;
    bool                       required;
    struct config_value        value[CONFIG_VALUES_MAX];
    struct config_list         list;
    const struct config_table *block; /* its rows have no block themselves */
};

/* config_read - a file into a struct
 *
 * out     holds the defaults; untouched on failure
 * d       receives every mistake with its place
 * fails   MALFORMED or LIMIT when d has an error
 * cost    two passes: all is checked before anything is written; no memory */
err config_read(span text, const struct config_table *table, void *out, struct diagnostics *d);

#endif
