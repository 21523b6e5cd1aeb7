/* SPDX-License-Identifier: Apache-2.0 */
/* accord-unwrap: opens the wrapped keys of a gateway for its guard, and ends (unwrap/unwrap.h). */
#include "unwrap/unwrap.h"
#include "box/box.h"
#include "crypt/warm.h"
#include "vault/secret_file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CANNOT 3 /* as the processes of a gateway: to start it again would change nothing */

/* held - the wrap keys of this run */
struct held {
    secret             key[UNWRAP_HOLDERS];
    struct wrap_holder holder[UNWRAP_HOLDERS];
    size_t             count;
};

static err holder_take(struct held *h, const char *what)
{
    size_t i = h->count;
    int    fd = UNWRAP_FD_SECRET + (int)i;
    if (strcmp(what, "file") != 0) {
        return FAIL(MALFORMED, "a wrap key is in a file");
    }
    TRY(wrap_key_read(fd, &h->key[i]));
    h->holder[i] = wrap_file_holder(&h->key[i]);
    h->count++;
    return OK;
}

static err run(int argc, char **argv, struct held *h, const char **about)
{
    name            party;
    struct box_told told;
    TRY(box_begin(&box_unwrap, &told));
    TRY(box_work(&box_unwrap, &told));
    TRY(name_of(span_text(argv[1]), &party));
    for (int i = 2; i < argc; i++) {
        *about = "the wrap key";
        TRY(holder_take(h, argv[i]));
    }
    return unwrap_keys(&party, h->holder, h->count, about);
}

/* In one write: the filter leaves no other way to standard error.  Who does not read it learns the code. */
static void complain(const char *about, err e)
{
    char    line[512];
    int     len = snprintf(line, sizeof line, "accord-unwrap: %s: %s\n", about, e.why);
    ssize_t put = write(STDERR_FILENO, line, len < (int)sizeof line ? (size_t)len : sizeof line);
    (void)put;
}

int main(int argc, char **argv)
{
    struct held h = {0};
    const char *about = "";
    if (argc < 3 || argc > 2 + UNWRAP_HOLDERS) {
        fputs("accord-unwrap is started by accordd, and by nobody else\n", stderr);
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    crypt_warm();
    err e = run(argc, argv, &h, &about);
    bytes_wipe(&h, sizeof h);
    if (err_is(e)) {
        complain(about, e);
    }
    return !err_is(e) ? 0 : e.code == ERR_IO || e.code == ERR_FULL ? 1 : CANNOT;
}
