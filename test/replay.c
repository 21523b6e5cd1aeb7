/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the fuzzer's main: gives each file of a corpus to one target, and some mutations of it,
 * the same at every run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define INPUT_MAX (1 << 20)
#define MUTATIONS 2000 /* of all files together … */
#define EACH_MIN  5    /* … and of each at least */

/* A target that takes long for each says itself how many of a file. */
[[gnu::weak]] extern const unsigned replay_mutations;

static unsigned long given, files;

/* A copy of exactly len bytes on the heap, so that the sanitizers see a read past its end. */
static void give(const uint8_t *data, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, len);
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
    given++;
}

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

static unsigned mutations_each(void)
{
    if (&replay_mutations != NULL) {
        return replay_mutations;
    }
    return MUTATIONS / files > EACH_MIN ? (unsigned)(MUTATIONS / files) : EACH_MIN;
}

static void give_mutations(uint8_t *data, size_t len)
{
    uint64_t       state = len;
    const unsigned count = mutations_each();
    for (unsigned i = 0; i < count && len > 0; i++) {
        size_t  at = (size_t)(next(&state) % len);
        uint8_t was = data[at];
        data[at] = (uint8_t)next(&state);
        give(data, i % 4 == 0 ? at : len);
        data[at] = was;
    }
}

static int give_file(const char *path)
{
    static uint8_t data[INPUT_MAX];
    FILE          *f = fopen(path, "re");
    if (f == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        return 1;
    }
    size_t len = fread(data, 1, sizeof data, f);
    fclose(f);
    give(data, len);
    give_mutations(data, len);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s corpus-folder\n", argv[0]);
        return 2;
    }
    DIR           *dir = opendir(argv[1]);
    struct dirent *entry;
    int            failed = dir == NULL;
    while (!failed && (entry = readdir(dir)) != NULL) {
        files += entry->d_name[0] != '.';
    }
    if (!failed) {
        rewinddir(dir);
    }
    while (!failed && (entry = readdir(dir)) != NULL) {
        char path[1024];
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
            failed |= give_file(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (failed || given == 0) {
        fprintf(stderr, "no corpus in %s\n", argv[1]);
        return 1;
    }
    printf("PASS 1 corpus: %lu inputs\n", given);
    return 0;
}
