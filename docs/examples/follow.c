/* SPDX-License-Identifier: Apache-2.0 */
/* Follow a party's feeds over cuts and restarts, and print each report's id.
 *
 *     cc follow.c $(pkg-config --cflags --libs accord) -o follow
 *     ./follow 127.0.0.1:7100 KOR kim kor/authority.crt kor/people/kim seen
 *
 * The last argument is a file in which is kept what was seen: a later run goes on after it. */
#include <accord/accord.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int print(void *ctx, const struct accord_event *e)
{
    (void)ctx;
    printf("%s %s %s\n", e->kind, e->id[0] == 0 ? "-" : e->id, e->data);
    return fflush(stdout);
}

static void seen_load(const char *path, char *text, size_t max)
{
    FILE *f = fopen(path, "r");
    text[0] = 0;
    if (f != NULL) {
        text[fread(text, 1, max - 1, f)] = 0;
        fclose(f);
    }
}

static void seen_save(const accord_client *c, const char *path)
{
    char  text[ACCORD_SEEN_MAX];
    FILE *f = accord_client_seen(c, text, sizeof text) == ACCORD_OK ? fopen(path, "w") : NULL;
    if (f != NULL) {
        fputs(text, f);
        fclose(f);
    }
}

static volatile sig_atomic_t over;

static void stop(int number)
{
    (void)number;
    over = 1;
}

static int follow(accord_client *c, const char *path)
{
    char             seen[ACCORD_SEEN_MAX];
    enum accord_code done;
    seen_load(path, seen, sizeof seen);
    done = accord_client_follow(c, NULL, NULL, seen, print, NULL);
    while (done == ACCORD_OK && !over) {
        struct pollfd p = {accord_client_fd(c), POLLIN, 0};
        (void)poll(&p, 1, -1);
        done = accord_client_step(c);
    }
    seen_save(c, path);
    if (done != ACCORD_OK) {
        fprintf(stderr, "%s\n", accord_client_why(c));
    }
    return done != ACCORD_OK;
}

int main(int argc, char **argv)
{
    struct accord_settings s;
    char                   crt[1024], key[1024], seed[1024], why[256] = "";
    accord_client         *c;
    if (argc != 7) {
        fprintf(stderr, "usage: follow DESK PARTY PERSON AUTHORITY FOLDER SEEN\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, stop);
    snprintf(crt, sizeof crt, "%s/terminal.crt", argv[5]);
    snprintf(key, sizeof key, "%s/terminal.key", argv[5]);
    snprintf(seed, sizeof seed, "%s/key", argv[5]);
    memset(&s, 0, sizeof s);
    s.size = sizeof s;
    s.desk = argv[1];
    s.party = argv[2];
    s.person = argv[3];
    s.authority_file = argv[4];
    s.certificate_file = crt;
    s.key_file = key;
    s.seed_file = seed;
    if (accord_client_new(&s, &c, why, sizeof why) != ACCORD_OK) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    int failed = follow(c, argv[6]);
    accord_client_free(c);
    return failed;
}
