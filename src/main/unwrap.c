/* SPDX-License-Identifier: Apache-2.0 */
/* accord-unwrap: opens the wrapped keys of a gateway for its guard, and ends (unwrap/unwrap.h). */
#include "unwrap/unwrap.h"
#include "box/box.h"
#include "crypt/warm.h"
#include "token/token.h"
#include "vault/secret_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CANNOT 3 /* as the processes of a gateway: to start it again would change nothing */

#define FIRST_HOLDER 3

/* held - the wrap keys of this run */
struct held {
    secret             key[UNWRAP_HOLDERS];
    struct wrap_token *token[UNWRAP_HOLDERS]; /* NULL: a file's */
    struct wrap_holder holder[UNWRAP_HOLDERS];
    size_t             count;
};

static err token_take(struct held *h, const char *uri, int fd)
{
    char   pin[PIN_LEN_MAX + 1];
    size_t i = h->count;
    TRY(pin_read(fd, pin));
    err e = wrap_token_open(uri, pin, &h->token[i]);
    bytes_wipe(pin, sizeof pin);
    TRY(e);
    h->holder[i] = wrap_token_holder(h->token[i]);
    h->count++;
    return OK;
}

static err holder_take(struct held *h, const char *what)
{
    size_t i = h->count;
    int    fd = UNWRAP_FD_SECRET + (int)i;
    if (wrap_token_is(what)) {
        return token_take(h, what, fd);
    }
    if (strcmp(what, "file") != 0) {
        return FAIL(MALFORMED, "a wrap key is in a file or in a token");
    }
    TRY(wrap_key_read(fd, &h->key[i]));
    h->holder[i] = wrap_file_holder(&h->key[i]);
    h->count++;
    return OK;
}

/* What a token's module calls no table of ours can know: it has accordd's filter, which all inherit. */
static err bound(int argc, char **argv)
{
    struct box_told told;
    for (int i = FIRST_HOLDER; i < argc; i++) {
        if (wrap_token_is(argv[i])) {
            return box_privileges();
        }
    }
    TRY(box_begin(&box_unwrap, &told));
    return box_work(&box_unwrap, &told);
}

static err run(int argc, char **argv, struct held *h, const char **about)
{
    name party;
    TRY(bound(argc, argv));
    TRY(name_of(span_text(argv[1]), &party));
    for (int i = FIRST_HOLDER; i < argc; i++) {
        *about = wrap_token_is(argv[i]) ? "the token" : "the wrap key";
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

/* Modules find their configuration by a variable; it is the only one there is. */
static bool environment(char *text)
{
    return text[0] == 0 || (strchr(text, '=') != NULL && putenv(text) == 0);
}

int main(int argc, char **argv)
{
    struct held h = {0};
    const char *about = "";
    if (argc <= FIRST_HOLDER || argc > FIRST_HOLDER + UNWRAP_HOLDERS || !environment(argv[2])) {
        fputs("accord-unwrap is started by accordd, and by nobody else\n", stderr);
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    crypt_warm();
    err e = run(argc, argv, &h, &about);
    for (size_t i = 0; i < UNWRAP_HOLDERS; i++) {
        wrap_token_close(h.token[i]);
    }
    bytes_wipe(&h, sizeof h);
    if (err_is(e)) {
        complain(about, e);
    }
    return !err_is(e) ? 0 : e.code == ERR_IO || e.code == ERR_FULL ? 1 : CANNOT;
}
