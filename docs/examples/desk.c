/* SPDX-License-Identifier: Apache-2.0 */
/* Give in a product, open one, and say who is in a room.
 *
 *     cc desk.c $(pkg-config --cflags --libs accord) -o desk
 *     ./desk 127.0.0.1:7100 KOR kim kor/authority.crt kor/people/kim kor/people/kim/key submit MARKING TITLE FILE
 *     … open HANDLE PURPOSE FILE
 *     … presence READER ROOM NUMBER [enter NAME|leave NAME]      the key is the reader's then
 *
 * submit prints the product's handle, open its banner and what it is, presence the lease in milliseconds. */
#include <accord/accord.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONTENT_MAX (8 << 20)

static int submit(accord_client *c, char **word)
{
    struct accord_product p;
    char                  handle[ACCORD_HANDLE_LEN];
    char                 *content = malloc(CONTENT_MAX);
    FILE                 *f = fopen(word[2], "rb");
    memset(&p, 0, sizeof p);
    p.kind = "report";
    p.precedence = "ROUTINE";
    p.marking = word[0];
    p.title = word[1];
    p.content = content;
    p.content_len = f == NULL || content == NULL ? 0 : fread(content, 1, CONTENT_MAX, f);
    enum accord_code done = accord_client_submit(c, &p, handle);
    if (done == ACCORD_OK) {
        puts(handle);
    }
    if (f != NULL) {
        fclose(f);
    }
    free(content);
    return done != ACCORD_OK;
}

/* What came counts only when accord_client_open says that all of it is as its author signed it. */
static int part_write(void *ctx, int kind, const void *bytes, size_t len)
{
    FILE *to = kind == 'c' ? ctx : stdout;
    int   bad = len > 0 && fwrite(bytes, len, 1, to) != 1;
    return kind == 'b' ? putchar('\n') == EOF : bad;
}

static int open_one(accord_client *c, char **word)
{
    FILE *f = fopen(word[2], "wb");
    if (f == NULL) {
        perror(word[2]);
        return 1;
    }
    enum accord_code done = accord_client_open(c, word[0], word[1], part_write, f);
    if (fclose(f) != 0 || done != ACCORD_OK) {
        remove(word[2]);
        return 1;
    }
    return 0;
}

static int presence(accord_client *c, char **word)
{
    struct accord_presence p;
    char                   said[256] = "";
    uint64_t               lease = 0;
    if (word[3] != NULL) {
        snprintf(said, sizeof said, "%s\n", word[3]);
    }
    memset(&p, 0, sizeof p);
    p.reader = word[0];
    p.room = word[1];
    p.number = strtoull(word[2], NULL, 10);
    p.time_ms = (int64_t)time(NULL) * 1000;
    p.said = said;
    enum accord_code done = accord_client_presence(c, &p, &lease);
    if (done == ACCORD_OK) {
        printf("%llu\n", (unsigned long long)lease);
    }
    return done != ACCORD_OK;
}

static const struct {
    const char *name;
    int (*run)(accord_client *c, char **word);
} verbs[] = {{"submit", submit}, {"open", open_one}, {"presence", presence}};

static int run(accord_client *c, const char *verb, char **word)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, verb) == 0) {
            int failed = verbs[i].run(c, word);
            if (failed) {
                fprintf(stderr, "%s\n", accord_client_why(c));
            }
            return failed;
        }
    }
    fprintf(stderr, "submit, open or presence\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct accord_settings s;
    char                   crt[1024], key[1024], why[256] = "";
    accord_client         *c;
    if (argc < 11) {
        fprintf(stderr, "usage: desk DESK PARTY PERSON AUTHORITY FOLDER KEY VERB ARGUMENTS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    snprintf(crt, sizeof crt, "%s/terminal.crt", argv[5]);
    snprintf(key, sizeof key, "%s/terminal.key", argv[5]);
    memset(&s, 0, sizeof s);
    s.size = sizeof s;
    s.desk = argv[1];
    s.party = argv[2];
    s.person = argv[3];
    s.authority_file = argv[4];
    s.certificate_file = crt;
    s.key_file = key;
    s.seed_file = argv[6];
    if (accord_client_new(&s, &c, why, sizeof why) != ACCORD_OK) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    int failed = run(c, argv[7], argv + 8);
    accord_client_free(c);
    return failed;
}
