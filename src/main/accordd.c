/* SPDX-License-Identifier: Apache-2.0 */
/* accordd: makes the files of one party's gateway, starts its processes, hands them what they may
 * have, and starts them again when they die.  It reads nothing that comes from outside. */
#include "accordd/gateway.h"
#include "accordd/tell.h"
#include "box/box.h"
#include "crypt/warm.h"
#include "loop/view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM 4096

static const char usage[] =
    "usage: accordd [--check] DIRECTORY\n"
    "       accordd [--check] -c DIRECTORY/accord.conf\n"
    "       accordd --check-conf -c DIRECTORY/accord.conf\n"
    "       accordd --help\n"
    "\n"
    "Runs the gateway of one party until SIGTERM.\n"
    "  -c FILE   the configuration; everything else of the party lies beside it\n"
    "  --check   read the configuration, look at the files' permissions, and end\n"
    "  --check-conf\n"
    "            read the configuration, and end\n";

static struct gateway gateway;

struct options {
    bool check, check_conf, help;
    char conf[PATH_ROOM];
};

static bool path_take(struct options *o, const char *path, const char *ending)
{
    int len = snprintf(o->conf, sizeof o->conf, "%s%s", path, ending);
    return len > 0 && (size_t)len < sizeof o->conf;
}

static bool options_read(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--check") == 0) {
            o->check = true;
        } else if (strcmp(argv[i], "--check-conf") == 0) {
            o->check_conf = true;
        } else if (strcmp(argv[i], "--help") == 0) {
            o->help = true;
        } else if (strcmp(argv[i], "-c") == 0 && more && o->conf[0] == 0) {
            if (!path_take(o, argv[++i], "")) {
                return false;
            }
        } else if (argv[i][0] == '-' || o->conf[0] != 0 || !path_take(o, argv[i], "/accord.conf")) {
            return false;
        }
    }
    return o->help || o->conf[0] != 0;
}

/* Two of them on one directory would be two writers of one log. */
static err run_lock(int dir, int *out)
{
    if (mkdirat(dir, "run", 0700) != 0 && errno != EEXIST) {
        return FAIL(IO, "the folder run could not be made");
    }
    int fd = openat(dir, "run/accordd.pid", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) {
        return FAIL(IO, "run/accordd.pid could not be made");
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return FAIL(CONFLICT, "another accordd runs this party already");
    }
    if (ftruncate(fd, 0) != 0 || dprintf(fd, "%d\n", (int)getpid()) <= 0) {
        tell("run/accordd.pid could not be written: the gateway goes on", NULL, 0);
    }
    *out = fd;
    return OK;
}

/* Each segment of each log is a descriptor, and on its way to a process one more. */
static void raise_files(void)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) == 0) {
        l.rlim_cur = l.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &l);
    }
}

static void tell_users(const struct party *p)
{
    if (!p->apart) {
        tell("the processes do not each have a user of their own: file permissions between them "
             "prove nothing",
             NULL, 0);
    }
}

static void tell_keys(const struct party *p)
{
    if (p->config.wrap_key_count == 0) {
        tell("the keys of this gateway lie unwrapped: whoever gets a copy of its folder has them "
             "(accord keys status)",
             NULL, 0);
    }
}

static bool views_told(void)
{
    err e = geteuid() != 0 ? FAIL(DENIED, "only root can give them one") : view_possible();
    if (err_is(e)) {
        struct note_fact fact = {"because", span_text(e.why)};
        tell("the processes see this machine as their user does, without a view of their own",
             &fact, 1);
        return false;
    }
    tell("each process sees all files read-only, and guard and check no network", NULL, 0);
    return true;
}

/* What accordd starts inherits its filter, so that one allows all that each of them may, and what starting takes. */
static err bind_self(struct gateway *g)
{
    size_t rows = 0;
    g->views = views_told();
    if (BOX_OPEN) {
        tell("this build has sanitizers: no system call is forbidden", NULL, 0);
        return OK;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return FAIL(IO, "the kernel does not let accordd give up new privileges");
    }
    return filter_close(box_accordd.table, FILTER_START, &rows);
}

static err run(struct gateway *g)
{
    int lock = -1;
    raise_files();
    tell_users(&g->party);
    tell_keys(&g->party);
    TRY(bind_self(g));
    TRY(run_lock(g->party.dir, &lock));
    TRY(gateway_programs(g));
    TRY(stores_open(&g->stores, &g->party));
    err e = gateway_run(g);
    if (ftruncate(lock, 0) != 0) {
        tell("run/accordd.pid could not be emptied", NULL, 0);
    }
    TRY(e);
    tell("the gateway has ended", NULL, 0);
    return OK;
}

static err open_and_run(const struct options *o)
{
    crypt_warm();
    umask(027);
    TRY(party_open(&gateway.party, o->conf, stderr));
    return o->check ? OK : run(&gateway);
}

int main(int argc, char **argv)
{
    struct options o = {0};
    if (!options_read(argc, argv, &o)) {
        fputs(usage, stderr);
        return 2;
    }
    if (o.help) {
        fputs(usage, stdout);
        return 0;
    }
    err e = o.check_conf ? party_conf_check(o.conf, stderr) : open_and_run(&o);
    if (err_is(e)) {
        fprintf(stderr, "accordd: %s\n", e.why);
        return 1;
    }
    return 0;
}
