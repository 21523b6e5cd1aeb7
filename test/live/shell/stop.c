/* SPDX-License-Identifier: Apache-2.0 */
/* accord-intake itself, under a flood by UDP, with this test as accordd and guard: how long a stop takes
 * to be answered, and that the feed goes on each time. */
#include "store/log.h"
#include "wire/control.h"
#include "wire/request.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmocka_all.h"

#define SEGMENTS      4
#define SEGMENT_BYTES (8 << 20)
#define STOPS         20
#define RATE          50000 /* datagrams a second */
#define PAGE          4096

/* Half of the answers within what the guard waits; sanitizers make everything ten times slower. */
#ifdef __has_feature
#define IS_SANITIZED __has_feature(address_sanitizer)
#else
#define IS_SANITIZED 0
#endif
#if IS_SANITIZED || defined __SANITIZE_ADDRESS__
#define SOON_US 500000
#else
#define SOON_US 50000
#endif

static int      accordd, guard; /* our ends */
static pid_t    intake, sensor;
static uint16_t port;
static uint8_t  epochs;
static id       open_epoch;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- as accordd ---- */

static void hand(const struct writer *w, const int *fd, size_t fds)
{
    union {
        struct cmsghdr head;
        uint8_t        bytes[CMSG_SPACE(4 * sizeof(int))];
    } control;
    struct iovec  part = {w->ptr, w->len};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
    memset(&control, 0, sizeof control);
    if (fds > 0) {
        m.msg_control = control.bytes;
        m.msg_controllen = CMSG_SPACE(fds * sizeof(int));
        control.head = (struct cmsghdr){CMSG_LEN(fds * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.head), fd, fds * sizeof(int));
    }
    assert_int_equal(sendmsg(accordd, &m, 0), w->len);
    for (size_t i = 0; i < fds; i++) {
        close(fd[i]);
    }
}

static void hand_log(const char *dir)
{
    uint8_t             bytes[16];
    struct writer       w = WRITER_OF(bytes);
    struct segment_head h = {.bytes = SEGMENT_BYTES};
    const int           page[] = {memfd_create("marks", MFD_CLOEXEC), eventfd(0, EFD_CLOEXEC)};
    int                 folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(ftruncate(page[0], PAGE), 0);
    put_u8(&w, CONTROL_LOG);
    put_u8(&w, LOG_OUTBOX_INTAKE);
    put_u8(&w, LOG_WRITES);
    hand(&w, page, 2);
    assert_false(err_is(name_of(SPAN_LIT("outbox-intake"), &h.log)));
    for (h.number = 0; h.number < SEGMENTS; h.number++) {
        int fd;
        assert_false(err_is(segment_create(folder, &h, &fd)));
        w.len = 0;
        put_u8(&w, CONTROL_SEGMENT);
        put_u8(&w, LOG_OUTBOX_INTAKE);
        put_u8(&w, LOG_WRITES);
        put_u64(&w, h.number);
        hand(&w, &fd, 1);
    }
    close(folder);
}

static void hand_all(const char *dir)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    name          kor;
    int           end[2];
    assert_false(err_is(name_of(SPAN_LIT("KOR"), &kor)));
    put_u8(&w, CONTROL_PARTY);
    put_name(&w, &kor);
    put_block16(&w, SPAN_LIT(""));
    hand(&w, NULL, 0);
    hand_log(dir);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end), 0);
    guard = end[0];
    w.len = 0;
    put_u8(&w, CONTROL_CHANNEL);
    put_u8(&w, CALLER_INTAKE);
    hand(&w, &end[1], 1);
    w.len = 0;
    put_u8(&w, CONTROL_GO);
    hand(&w, NULL, 0);
}

/* The program of this build: this test lies in test/live/shell of it. */
static void intake_start(int channel)
{
    char    path[512];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 32);
    assert_true(len > 0);
    path[len] = 0;
    for (int up = 0; up < 4; up++) {
        *strrchr(path, '/') = 0;
    }
    strcat(path, "/bin/accord-intake");
    intake = fork();
    assert_true(intake >= 0);
    if (intake == 0) {
        int fd = channel == CONTROL_FD ? dup(channel) : channel;
        dup2(fd, CONTROL_FD);
        execl(path, "accord-intake", (char *)NULL);
        _exit(127);
    }
}

/* ---- as guard ---- */

static uint8_t       room[1024];
static struct writer out;

static struct writer *answer(uint8_t kind, uint32_t tag)
{
    out = WRITER_OF(room);
    guard_message_begin(&out, kind, tag);
    return &out;
}

static void answered(void)
{
    assert_int_equal(send(guard, room, out.len, 0), out.len);
}

static void answer_sources(uint32_t tag)
{
    struct source_row row = {.transport = TRANSPORT_UDP};
    assert_false(err_is(name_of(SPAN_LIT("radar"), &row.name)));
    snprintf(row.address, sizeof row.address, "127.0.0.1:%u", port);
    source_row_put(answer(ANSWER_SOURCE, tag), &row);
    answered();
    source_row_put(answer(ANSWER_SOURCE, tag), &(struct source_row){0});
    answered();
}

static void answer_epoch(uint32_t tag)
{
    struct epoch_row row = {.epoch = {{++epochs}}, .lease_ms = 5000, .items_max = 1 << 20};
    open_epoch = row.epoch;
    epoch_row_put(answer(ANSWER_EPOCH, tag), &row);
    answered();
}

/* take - one message of intake, answered; its kind, 0 when there is none in this time */
static uint8_t take(int wait_ms, struct reader *body)
{
    static uint8_t       bytes[GUARD_MESSAGE_MAX];
    struct guard_message m;
    struct pollfd        p = {.fd = guard, .events = POLLIN};
    if (poll(&p, 1, wait_ms) <= 0) {
        return 0;
    }
    ssize_t got = recv(guard, bytes, sizeof bytes, 0);
    assert_true(got > 0);
    assert_false(err_is(guard_message_read((span){bytes, (size_t)got}, &m)));
    *body = reader_of(m.body);
    if (m.kind == REQUEST_GREET) {
        put_name(answer(ANSWER_GREETED, m.tag), &(name){"KOR"});
        answered();
    } else if (m.kind == REQUEST_SOURCES) {
        answer_sources(m.tag);
    } else if (m.kind == REQUEST_ORIGIN) {
        answer_epoch(m.tag);
    } else if (m.kind == REQUEST_LEASE) {
        put_u32(answer(ANSWER_LEASE, m.tag), 5000);
        answered();
    }
    return m.kind;
}

static void guard_for(int64_t us)
{
    struct reader body;
    for (int64_t end = now_us() + us; now_us() < end;) {
        (void)take((int)((end - now_us()) / 1000) + 1, &body);
    }
}

/* stop - the epoch that is open; how long until it is closed, and with how many items */
static int64_t stop(uint64_t *items)
{
    struct reader body;
    id            stopped = open_epoch;
    int64_t       began = now_us();
    put_id(answer(ANSWER_STOP, 0), &stopped);
    answered();
    while (take(5000, &body) != REQUEST_CLOSED) {
        assert_true(now_us() - began < 5000000);
    }
    int64_t took = now_us() - began;
    id      closed = read_id(&body);
    assert_true(id_equal(&closed, &stopped));
    *items = read_u64(&body);
    return took;
}

/* ---- the flood ---- */

static void sensor_start(void)
{
    static const char event[] =
        "<event version='2.0' uid='track' type='a-h-A' how='m-r' time='2017-11-28T18:18:00Z' "
        "start='2017-11-28T18:18:00Z' stale='2017-11-28T18:18:10Z'><point lat='39.282' "
        "lon='125.869' hae='100' ce='10' le='9999999'/></event>";
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sensor = fork();
    assert_true(sensor >= 0);
    if (sensor > 0) {
        return;
    }
    int     fd = socket(AF_INET, SOCK_DGRAM, 0);
    int64_t began = now_us();
    for (int64_t sent = 0; getppid() != 1; sent++) {
        while ((now_us() - began) * RATE / 1000000 < sent) {
            usleep(200);
        }
        (void)sendto(fd, event, sizeof event - 1, 0, (const struct sockaddr *)&to, sizeof to);
    }
    _exit(0);
}

static uint16_t free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          len = sizeof at;
    int                fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static void folder_remove(const char *dir)
{
    for (unsigned i = 0; i < SEGMENTS; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%016x", dir, i);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(dir), 0);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void a_stop_under_a_flood_is_soon_answered(void **state)
{
    char     dir[] = "/tmp/accord-stop-XXXXXX";
    int      end[2];
    int64_t  took[STOPS];
    uint64_t items, sealed = 0;
    (void)state;
    assert_non_null(mkdtemp(dir));
    port = free_port();
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end), 0);
    accordd = end[0];
    intake_start(end[1]);
    close(end[1]);
    hand_all(dir);
    for (unsigned waits = 0; epochs == 0 && waits < 40; waits++) {
        guard_for(250000); /* a busy machine may need seconds to start it */
    }
    assert_true(epochs > 0);
    sensor_start();
    int64_t began = now_us();
    for (unsigned i = 0; i < STOPS; i++) {
        guard_for(40000 + 1000 * i);
        took[i] = stop(&items);
        sealed += items;
    }
    int64_t all = now_us() - began;
    guard_for(50000);
    kill(sensor, SIGKILL);
    kill(intake, SIGKILL);
    assert_int_equal(waitpid(sensor, NULL, 0), sensor);
    assert_int_equal(waitpid(intake, NULL, 0), intake);
    folder_remove(dir);
    qsort(took, STOPS, sizeof took[0], compare);
    print_message("# %llu reports a second; a stop took %lld us, at worst %lld us\n",
                  (unsigned long long)(sealed * 1000000 / (uint64_t)all),
                  (long long)took[STOPS / 2], (long long)took[STOPS - 1]);
    assert_int_equal(epochs, STOPS + 1); /* the feed went on under each next epoch */
    assert_true(sealed > STOPS);
    assert_true(took[STOPS / 2] < SOON_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_stop_under_a_flood_is_soon_answered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
