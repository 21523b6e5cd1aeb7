/* SPDX-License-Identifier: Apache-2.0 */
/* The n-th call fails: a library that is loaded before the C library into the programs as they are
 * built (docs/why/fault.md).
 *
 * Whoever starts a program puts this file into LD_PRELOAD and the number of an open file of one page
 * into FAULT_PAGE.  That page says which program is meant, which kind of calls is counted, and which
 * of them fails, so a span can be chosen while programs run; what failed is written back into it.
 * accordd gives what it starts no environment: here its exec hands these two words on.  Nothing else
 * differs, and no system call is made that the program did not make, so the filters hold as they are. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

#define PAGE_FD   700 /* in accordd: above what it gives its children numbers of */
#define FRAMES    24
#define DEPTH     12 /* so many callers make a place */
#define PLACES    (1 << 14)
#define PROGRAMS  8
#define WHOLE_MAX 128 /* bells and signals are read whole */

enum kind { KIND_MEMORY, KIND_ERROR, KIND_AGAIN, KIND_SHORT, KIND_COUNT };

struct frame {
    char     module[24];
    uint64_t offset;
};

/* page - what the test and the programs share; test/live/faults/shim.py knows it by its offsets
 *
 * armed     the number of this span; 0 = nothing is counted
 * n         which call of `kind` in program[target] fails; 0 = all kinds of all programs are counted.  Memory is asked
 *           for tens of thousands of times at a start: a call of that kind counts when none came the same way before
 * only      when it is not empty: calls of this name alone
 * pid       of the process whose call failed; 0 = none did
 * of_child  it was made by fork and had not become another program yet */
struct page {
    char             program[PROGRAMS][24];
    _Atomic uint32_t armed;
    uint32_t         target, kind, unused;
    uint64_t         n;
    _Atomic uint64_t count[PROGRAMS][KIND_COUNT];
    _Atomic uint32_t pid;
    int32_t          error;
    char             call[32];
    uint32_t         frames, of_child;
    char             only[32];
    struct frame     frame[FRAMES];
};

static struct page *page;
static char         preload[4096];
static pid_t        self;
static unsigned     mine; /* which program this is; PROGRAMS = none */

static void resolve(void);

/* ---- does this call fail? ---- */

/* row - with what a call fails: by an error, by what asks to try again; and may it do less than asked? */
struct row {
    const char *call;
    int         error[3], again[2];
};

static _Unwind_Reason_Code frame_put(struct _Unwind_Context *at, void *ctx)
{
    Dl_info       info;
    struct page  *p = ctx;
    uintptr_t     ip = _Unwind_GetIP(at);
    struct frame *f = &p->frame[p->frames];
    if (p->frames == FRAMES || dladdr((void *)ip, &info) == 0) {
        return _URC_END_OF_STACK;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    strncpy(f->module, slash == NULL ? info.dli_fname : slash + 1, sizeof f->module - 1);
    f->offset = ip - (uintptr_t)info.dli_fbase;
    p->frames++;
    return _URC_NO_REASON;
}

/* ---- has this way been gone before? ---- */

struct way {
    uint64_t hash;
    unsigned depth;
};

static _Unwind_Reason_Code way_step(struct _Unwind_Context *at, void *ctx)
{
    struct way *w = ctx;
    w->hash = (w->hash ^ (uint64_t)_Unwind_GetIP(at)) * 0x100000001b3u;
    w->hash ^= w->hash >> 29;
    return ++w->depth < DEPTH ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* When the table is full each call is one more of those that were there. */
static bool new_place(uint32_t span)
{
    static _Atomic uint64_t seen[PLACES];
    static _Atomic uint32_t seen_span;
    struct way              w = {0xcbf29ce484222325u, 0};
    if (atomic_exchange(&seen_span, span) != span) {
        for (size_t i = 0; i < PLACES; i++) {
            atomic_store_explicit(&seen[i], 0, memory_order_relaxed);
        }
    }
    _Unwind_Backtrace(way_step, &w);
    w.hash |= 1;
    for (size_t i = 0; i < PLACES; i++) {
        uint64_t was = 0;
        if (atomic_compare_exchange_strong(&seen[(w.hash + i) % PLACES], &was, w.hash)) {
            return true;
        }
        if (was == w.hash) {
            return false;
        }
    }
    return false;
}

static bool counted(enum kind kind, const char *call)
{
    uint32_t span = page == NULL ? 0 : atomic_load_explicit(&page->armed, memory_order_acquire);
    bool     meant = page != NULL && (page->n == 0 || (mine == page->target && kind == page->kind));
    if (span == 0 || !meant || mine == PROGRAMS || atomic_load(&page->pid) != 0 ||
        (page->only[0] != 0 && strcmp(page->only, call) != 0) ||
        (kind == KIND_MEMORY && !new_place(span))) {
        return false;
    }
    return atomic_fetch_add(&page->count[mine][kind], 1) + 1 == page->n;
}

static void note(const char *call, int error)
{
    strncpy(page->call, call, sizeof page->call - 1);
    page->error = error;
    page->of_child = getpid() != self;
    page->frames = 0;
    _Unwind_Backtrace(frame_put, page);
    atomic_store(&page->pid, (uint32_t)getpid());
}

static int one_of(const int *error, size_t max)
{
    size_t count = 0;
    while (count < max && error[count] != 0) {
        count++;
    }
    return count == 0 ? 0 : error[page->n % count];
}

/* The error that this call is to give, or 0 */
static int fails(const struct row *r)
{
    int error = 0;
    if (r->error[0] != 0 && counted(KIND_ERROR, r->call)) {
        error = one_of(r->error, 3);
    } else if (r->again[0] != 0 && counted(KIND_AGAIN, r->call)) {
        error = one_of(r->again, 2);
    }
    if (error != 0) {
        note(r->call, error);
        errno = error;
    }
    return error;
}

static bool no_memory(const char *call)
{
    if (!counted(KIND_MEMORY, call)) {
        return false;
    }
    note(call, ENOMEM);
    errno = ENOMEM;
    return true;
}

static size_t shorter(const char *call, size_t len)
{
    if (len <= WHOLE_MAX || !counted(KIND_SHORT, call)) {
        return len;
    }
    note(call, 0);
    return len / 2;
}

/* ---- memory ---- */

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t len)
{
    return no_memory("malloc") ? NULL : __libc_malloc(len);
}

void *calloc(size_t count, size_t len)
{
    return no_memory("calloc") ? NULL : __libc_calloc(count, len);
}

void *realloc(void *at, size_t len)
{
    return no_memory("realloc") ? NULL : __libc_realloc(at, len);
}

void *reallocarray(void *at, size_t count, size_t len)
{
    size_t all;
    if (__builtin_mul_overflow(count, len, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return no_memory("reallocarray") ? NULL : __libc_realloc(at, all);
}

void *aligned_alloc(size_t to, size_t len)
{
    return no_memory("aligned_alloc") ? NULL : __libc_memalign(to, len);
}

int posix_memalign(void **out, size_t to, size_t len)
{
    void *at = no_memory("posix_memalign") ? NULL : __libc_memalign(to, len);
    if (at == NULL) {
        return ENOMEM;
    }
    *out = at;
    return 0;
}

/* ---- calls that give -1, or what pointers are when they are none ---- */

/* Each: result, what it is when it failed, name, parameters, arguments, errors, try-again errors */
#define E(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define CALLS(X)                                                                                   \
    X(int, -1, fdatasync, (int fd), (fd), E(EIO, ENOSPC), E(0))                                    \
    X(int, -1, fsync, (int fd), (fd), E(EIO, ENOSPC), E(0))                                        \
    X(int, -1, ftruncate, (int fd, off_t len), (fd, len), E(EIO, ENOSPC), E(EINTR))                \
    X(int, -1, socket, (int d, int t, int p), (d, t, p), E(EMFILE, ENOMEM, ENOBUFS), E(0))         \
    X(int, -1, socketpair, (int d, int t, int p, int fd[2]), (d, t, p, fd), E(EMFILE, ENOMEM),     \
      E(0))                                                                                        \
    X(int, -1, accept4, (int fd, struct sockaddr *a, socklen_t *l, int f), (fd, a, l, f),          \
      E(EMFILE, ECONNABORTED, ENOMEM), E(EAGAIN, EINTR))                                           \
    X(int, -1, bind, (int fd, const struct sockaddr *a, socklen_t l), (fd, a, l), E(EADDRINUSE),   \
      E(0))                                                                                        \
    X(int, -1, listen, (int fd, int n), (fd, n), E(EADDRINUSE), E(0))                              \
    X(int, -1, connect, (int fd, const struct sockaddr *a, socklen_t l), (fd, a, l),               \
      E(ECONNREFUSED, ENETUNREACH, EADDRNOTAVAIL), E(0))                                           \
    X(ssize_t, -1, sendmsg, (int fd, const struct msghdr *m, int f), (fd, m, f),                   \
      E(ECONNRESET, EPIPE), E(EAGAIN, EINTR))                                                      \
    X(ssize_t, -1, recvmsg, (int fd, struct msghdr *m, int f), (fd, m, f), E(ECONNRESET),          \
      E(EAGAIN, EINTR))                                                                            \
    X(int, -1, recvmmsg, (int fd, struct mmsghdr *m, unsigned n, int f, struct timespec *t),       \
      (fd, m, n, f, t), E(ENOMEM), E(EAGAIN, EINTR))                                               \
    X(int, -1, poll, (struct pollfd * p, nfds_t n, int t), (p, n, t), E(ENOMEM), E(EINTR))         \
    X(int, -1, epoll_create1, (int f), (f), E(EMFILE, ENOMEM), E(0))                               \
    X(int, -1, epoll_wait, (int e, struct epoll_event *v, int n, int t), (e, v, n, t), E(0),       \
      E(EINTR))                                                                                    \
    X(int, -1, eventfd, (unsigned n, int f), (n, f), E(EMFILE, ENOMEM), E(0))                      \
    X(int, -1, signalfd, (int fd, const sigset_t *s, int f), (fd, s, f), E(EMFILE, ENOMEM), E(0))  \
    X(int, -1, memfd_create, (const char *n, unsigned f), (n, f), E(EMFILE, ENOMEM), E(0))         \
    X(int, -1, pipe2, (int fd[2], int f), (fd, f), E(EMFILE, ENFILE), E(0))                        \
    X(pid_t, -1, fork, (void), (), E(EAGAIN, ENOMEM), E(0))                                        \
    X(pid_t, -1, waitpid, (pid_t p, int *s, int f), (p, s, f), E(0), E(EINTR))                     \
    X(int, -1, dup2, (int a, int b), (a, b), E(EMFILE), E(EINTR))                                  \
    X(int, -1, fstat, (int fd, struct stat *s), (fd, s), E(EIO), E(0))                             \
    X(int, -1, fstatat, (int fd, const char *n, struct stat *s, int f), (fd, n, s, f),             \
      E(EIO, EACCES), E(0))                                                                        \
    X(int, -1, stat, (const char *n, struct stat *s), (n, s), E(EIO, EACCES), E(0))                \
    X(int, -1, faccessat, (int fd, const char *n, int m, int f), (fd, n, m, f), E(EIO), E(0))      \
    X(int, -1, mkdir, (const char *n, mode_t m), (n, m), E(ENOSPC, EROFS), E(0))                   \
    X(int, -1, mkdirat, (int fd, const char *n, mode_t m), (fd, n, m), E(ENOSPC, EROFS), E(0))     \
    X(int, -1, linkat, (int a, const char *n, int b, const char *o, int f), (a, n, b, o, f),       \
      E(EIO, ENOSPC), E(0))                                                                        \
    X(int, -1, unlink, (const char *n), (n), E(EIO, EROFS), E(0))                                  \
    X(int, -1, unlinkat, (int fd, const char *n, int f), (fd, n, f), E(EIO, EROFS), E(0))          \
    X(int, -1, rename, (const char *a, const char *b), (a, b), E(EIO, ENOSPC), E(0))               \
    X(int, -1, renameat, (int a, const char *n, int b, const char *o), (a, n, b, o),               \
      E(EIO, ENOSPC), E(0))                                                                        \
    X(int, -1, fchmod, (int fd, mode_t m), (fd, m), E(EPERM), E(0))                                \
    X(int, -1, chown, (const char *n, uid_t u, gid_t g), (n, u, g), E(EPERM), E(0))                \
    X(int, -1, flock, (int fd, int op), (fd, op), E(EWOULDBLOCK, ENOLCK), E(0))                    \
    X(int, -1, fstatvfs, (int fd, struct statvfs *s), (fd, s), E(EIO), E(0))                       \
    X(int, -1, setsockopt, (int fd, int l, int o, const void *v, socklen_t n), (fd, l, o, v, n),   \
      E(ENOBUFS), E(0))                                                                            \
    X(int, -1, getsockopt, (int fd, int l, int o, void *v, socklen_t *n), (fd, l, o, v, n),        \
      E(ENOBUFS), E(0))                                                                            \
    X(int, -1, getsockname, (int fd, struct sockaddr *a, socklen_t *l), (fd, a, l), E(ENOBUFS),    \
      E(0))                                                                                        \
    X(int, -1, shutdown, (int fd, int how), (fd, how), E(ENOTCONN), E(0))                          \
    X(off_t, -1, lseek, (int fd, off_t at, int how), (fd, at, how), E(EIO), E(0))                  \
    X(int, -1, setresuid, (uid_t a, uid_t b, uid_t c), (a, b, c), E(EAGAIN, EPERM), E(0))          \
    X(int, -1, setresgid, (gid_t a, gid_t b, gid_t c), (a, b, c), E(EPERM), E(0))                  \
    X(int, -1, setgroups, (size_t n, const gid_t *g), (n, g), E(EPERM, ENOMEM), E(0))              \
    X(int, -1, unshare, (int f), (f), E(ENOMEM, EPERM), E(0))                                      \
    X(int, -1, close_range, (unsigned a, unsigned b, int f), (a, b, f), E(ENOMEM), E(0))           \
    X(FILE *, NULL, fopen, (const char *n, const char *m), (n, m), E(EMFILE, EIO), E(0))           \
    X(DIR *, NULL, opendir, (const char *n), (n), E(EMFILE, EIO), E(0))                            \
    X(DIR *, NULL, fdopendir, (int fd), (fd), E(ENOMEM, EIO), E(0))                                \
    X(int, -1, mkstemp, (char *n), (n), E(EMFILE, ENOSPC), E(0))                                   \
    X(int, EOF, fflush, (FILE * f), (f), E(ENOSPC, EIO), E(0))

#define WRAP(type, failed, name, params, args, errors, agains)                                     \
    static type(*real_##name) params;                                                              \
    type name params                                                                               \
    {                                                                                              \
        static const struct row row = {#name, errors, agains};                                     \
        resolve();                                                                                 \
        return fails(&row) != 0 ? (failed) : real_##name args;                                     \
    }
CALLS(WRAP)

/* ---- calls that move bytes: they may also move fewer than asked ---- */

#define MOVES(X)                                                                                   \
    X(read, (int fd, void *to, size_t len), (fd, to, len), E(EIO), E(EINTR))                       \
    X(write, (int fd, const void *of, size_t len), (fd, of, len), E(EIO, ENOSPC), E(EINTR))        \
    X(pread, (int fd, void *to, size_t len, off_t at), (fd, to, len, at), E(EIO), E(EINTR))        \
    X(pwrite, (int fd, const void *of, size_t len, off_t at), (fd, of, len, at), E(EIO, ENOSPC),   \
      E(EINTR))                                                                                    \
    X(send, (int fd, const void *of, size_t len, int f), (fd, of, len, f), E(ECONNRESET, EPIPE),   \
      E(EAGAIN, EINTR))                                                                            \
    X(recv, (int fd, void *to, size_t len, int f), (fd, to, len, f), E(ECONNRESET, ETIMEDOUT),     \
      E(EAGAIN, EINTR))

#define WRAP_MOVE(name, params, args, errors, agains)                                              \
    static ssize_t(*real_##name) params;                                                           \
    ssize_t name params                                                                            \
    {                                                                                              \
        static const struct row row = {#name, errors, agains};                                     \
        resolve();                                                                                 \
        if (fails(&row) != 0) {                                                                    \
            return -1;                                                                             \
        }                                                                                          \
        len = shorter(#name, len);                                                                 \
        return real_##name args;                                                                   \
    }
MOVES(WRAP_MOVE)

/* What a build with _FORTIFY_SOURCE calls instead, after it looked at the room. */
ssize_t __read_chk(int fd, void *to, size_t len, size_t room);
ssize_t __pread_chk(int fd, void *to, size_t len, off_t at, size_t room);
ssize_t __recv_chk(int fd, void *to, size_t len, size_t room, int flags);
int     __openat_2(int fd, const char *name, int flags);
int     __open_2(const char *name, int flags);

ssize_t __read_chk(int fd, void *to, size_t len, size_t room)
{
    return len > room ? (abort(), -1) : read(fd, to, len);
}

ssize_t __pread_chk(int fd, void *to, size_t len, off_t at, size_t room)
{
    return len > room ? (abort(), -1) : pread(fd, to, len, at);
}

ssize_t __recv_chk(int fd, void *to, size_t len, size_t room, int flags)
{
    return len > room ? (abort(), -1) : recv(fd, to, len, flags);
}

/* ---- those of other shapes ---- */

static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static int (*real_epoll_ctl)(int, int, int, struct epoll_event *);
static int (*real_fcntl)(int, int, ...);
static int (*real_posix_fallocate)(int, off_t, off_t);
static int (*real_pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static void *(*real_mmap)(void *, size_t, int, int, int, off_t);
static int (*real_execveat)(int, const char *, char *const[], char *const[], int);
static ssize_t (*real_getrandom)(void *, size_t, unsigned);

#define OTHERS(X)                                                                                  \
    X(openat)                                                                                      \
    X(close)                                                                                       \
    X(epoll_ctl) X(fcntl) X(posix_fallocate) X(pthread_create) X(mmap) X(execveat) X(getrandom)

static mode_t mode_of(int flags, va_list more)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

int openat(int fd, const char *name, int flags, ...)
{
    static const struct row row = {"openat", {EMFILE, EIO, ENFILE}, {EINTR}};
    va_list                 more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    resolve();
    return fails(&row) != 0 ? -1 : real_openat(fd, name, flags, mode);
}

int open(const char *name, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    return openat(AT_FDCWD, name, flags, mode);
}

int __openat_2(int fd, const char *name, int flags)
{
    return openat(fd, name, flags);
}

int __open_2(const char *name, int flags)
{
    return openat(AT_FDCWD, name, flags);
}

/* It is closed, whatever it says. */
int close(int fd)
{
    static const struct row row = {"close", {EIO, ENOSPC}, {EINTR}};
    resolve();
    int result = real_close(fd);
    return fails(&row) != 0 ? -1 : result;
}

/* What is taken out wants no memory. */
int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
    static const struct row row = {"epoll_ctl", {ENOMEM, ENOSPC}, {0}};
    resolve();
    return op != EPOLL_CTL_DEL && fails(&row) != 0 ? -1 : real_epoll_ctl(epoll, op, fd, event);
}

int fcntl(int fd, int command, ...)
{
    static const struct row row = {"fcntl", {EMFILE}, {0}};
    va_list                 more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    resolve();
    bool makes = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    return makes && fails(&row) != 0 ? -1 : real_fcntl(fd, command, argument);
}

int posix_fallocate(int fd, off_t at, off_t len)
{
    static const struct row row = {"posix_fallocate", {ENOSPC, EIO}, {EINTR}};
    resolve();
    int error = fails(&row);
    return error != 0 ? error : real_posix_fallocate(fd, at, len);
}

int pthread_create(pthread_t *out, const pthread_attr_t *how, void *(*run)(void *), void *ctx)
{
    static const struct row row = {"pthread_create", {EAGAIN}, {0}};
    resolve();
    int error = fails(&row);
    return error != 0 ? error : real_pthread_create(out, how, run, ctx);
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    resolve();
    return no_memory("mmap") ? MAP_FAILED : real_mmap(at, len, protection, flags, fd, offset);
}

ssize_t getrandom(void *to, size_t len, unsigned flags)
{
    static const struct row row = {"getrandom", {EIO}, {EINTR}};
    resolve();
    return fails(&row) != 0 ? -1 : real_getrandom(to, len, flags);
}

int execveat(int fd, const char *name, char *const argv[], char *const environment[], int flags)
{
    static const struct row row = {"execveat", {ENOMEM, EIO}, {0}};
    static char             first[sizeof preload + 16], second[32];
    char *const             handed[] = {first, second, NULL};
    if (fails(&row) != 0) {
        return -1;
    }
    if (page == NULL) {
        return real_execveat(fd, name, argv, environment, flags);
    }
    snprintf(first, sizeof first, "LD_PRELOAD=%s", preload);
    snprintf(second, sizeof second, "FAULT_PAGE=%d", PAGE_FD);
    if (real_fcntl(PAGE_FD, F_SETFD, 0) != 0) {
        return -1;
    }
    return real_execveat(fd, name, argv, handed, flags);
}

/* ---- the start ---- */

#define RESOLVE_NAME(name)                                             *(void **)&real_##name = dlsym(RTLD_NEXT, #name);
#define RESOLVE_CALL(type, failed, name, params, args, errors, agains) RESOLVE_NAME(name)
#define RESOLVE_MOVE(name, params, args, errors, agains)               RESOLVE_NAME(name)

/* Other libraries begin before this one, and call. */
static void resolve(void)
{
    if (real_getrandom == NULL) {
        CALLS(RESOLVE_CALL)
        MOVES(RESOLVE_MOVE)
        OTHERS(RESOLVE_NAME)
    }
}

static void page_open(const char *number)
{
    int   fd = atoi(number);
    void *at = real_mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    bool  starts_others = strcmp(program_invocation_short_name, "accordd") == 0;
    if (at == MAP_FAILED ||
        (starts_others && fd != PAGE_FD && real_fcntl(fd, F_DUPFD_CLOEXEC, PAGE_FD) != PAGE_FD)) {
        fprintf(stderr, "shim: FAULT_PAGE cannot be used\n");
        _exit(126);
    }
    if (fd == PAGE_FD && !starts_others) {
        real_close(fd); /* no descriptor that it would not have */
    }
    page = at;
    mine = 0;
    while (mine < PROGRAMS && strcmp(page->program[mine], program_invocation_short_name) != 0) {
        mine++;
    }
}

__attribute__((constructor)) static void begin(void)
{
    const char *number = getenv("FAULT_PAGE"), *path = getenv("LD_PRELOAD");
    resolve();
    self = getpid();
    if (number != NULL && path != NULL) {
        strncpy(preload, path, sizeof preload - 1);
        page_open(number);
    }
}
