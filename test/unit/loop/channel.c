/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/channel.h"
#include "cmocka_all.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct channel a, b;
static uint8_t        queue_a[CHANNEL_QUEUE_MAX], queue_b[CHANNEL_QUEUE_MAX];
static uint8_t        buf[MESSAGE_MAX], large[MESSAGE_MAX + 1];

static int set_up(void **state)
{
    (void)state;
    int ends[2];
    if (err_is(channel_pair(ends))) {
        return -1;
    }
    channel_init(&a, ends[0], queue_a, sizeof queue_a);
    channel_init(&b, ends[1], queue_b, sizeof queue_b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    int fd[2] = {a.fd, b.fd};
    channel_done(&a);
    channel_done(&b);
    close(fd[0]);
    close(fd[1]);
    return 0;
}

static void messages_stay_whole_and_in_order(void **state)
{
    (void)state;
    struct message m = {.bytes = SPAN_LIT("first")}, got;
    bool           more = false;
    assert_false(err_is(channel_send(&a, &m)));
    m.bytes = SPAN_LIT("second");
    assert_false(err_is(channel_send(&a, &m)));
    assert_false(err_is(channel_receive(&b, buf, &got, &more)));
    assert_true(more && span_is(got.bytes, "first") && got.fds == 0);
    assert_false(err_is(channel_receive(&b, buf, &got, &more)));
    assert_true(more && span_is(got.bytes, "second"));
    assert_false(err_is(channel_receive(&b, buf, &got, &more)));
    assert_false(more);
}

/* The other side is slow: all that was taken arrives, each with its own descriptor. */
static void a_full_queue_refuses_and_loses_nothing(void **state)
{
    (void)state;
    uint32_t       sent = 0, received = 0;
    struct message m = {.bytes = {large, 40000}, .fds = 1}, got;
    err            e = OK;
    bool           more = false;
    for (;; sent++) {
        memcpy(large, &sent, sizeof sent);
        m.fd[0] = fcntl(a.fd, F_DUPFD_CLOEXEC, 0);
        e = channel_send(&a, &m);
        if (err_is(e)) {
            break;
        }
    }
    assert_int_equal(e.code, ERR_FULL);
    assert_int_equal(fcntl(m.fd[0], F_GETFD), FD_CLOEXEC); /* still ours */
    close(m.fd[0]);
    assert_true(channel_waits(&a) && sent > 20);
    while (received < sent) {
        assert_false(err_is(channel_receive(&b, buf, &got, &more)));
        if (!more) {
            assert_false(err_is(channel_send_rest(&a)));
            continue;
        }
        assert_int_equal(got.bytes.len, 40000);
        assert_memory_equal(got.bytes.ptr, &received, sizeof received);
        assert_int_equal(got.fds, 1);
        assert_int_equal(fcntl(got.fd[0], F_GETFD), FD_CLOEXEC);
        close(got.fd[0]);
        received++;
    }
    assert_false(channel_waits(&a));
}

static void descriptors_travel_and_are_ours_no_more(void **state)
{
    (void)state;
    int            pipes[2][2];
    struct message m = {.bytes = SPAN_LIT("segments"), .fds = 4}, got;
    bool           more = false;
    uint8_t        byte = 0;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pipe(pipes[i]), 0);
        m.fd[2 * i] = pipes[i][0];
        m.fd[2 * i + 1] = pipes[i][1];
    }
    assert_false(err_is(channel_send(&a, &m)));
    assert_int_equal(fcntl(pipes[1][1], F_GETFD), -1);
    assert_false(err_is(channel_receive(&b, buf, &got, &more)));
    assert_int_equal(got.fds, 4);
    assert_int_equal(write(got.fd[3], "x", 1), 1);
    assert_int_equal(read(got.fd[2], &byte, 1), 1);
    assert_int_equal(byte, 'x');
    for (size_t i = 0; i < 4; i++) {
        close(got.fd[i]);
    }
}

static void too_much_is_dropped_whole(void **state)
{
    (void)state;
    struct message m = {.bytes = {large, sizeof large}}, got;
    bool           more = true;
    assert_int_equal(channel_send(&a, &m).code, ERR_LIMIT);
    m.bytes.len = 0;
    assert_int_equal(channel_send(&a, &m).code, ERR_LIMIT);
    assert_int_equal(send(a.fd, large, sizeof large, 0), (int)sizeof large);
    assert_int_equal(channel_receive(&b, buf, &got, &more).code, ERR_LIMIT);
    assert_false(more);
}

/* Five descriptors where four are allowed: none may stay open here. */
static void too_many_descriptors_leave_none_behind(void **state)
{
    (void)state;
    union {
        struct cmsghdr align;
        char           bytes[CMSG_SPACE(5 * sizeof(int))];
    } control = {0};
    struct iovec   part = {.iov_base = large, .iov_len = 1};
    struct msghdr  h = {.msg_iov = &part,
                        .msg_iovlen = 1,
                        .msg_control = control.bytes,
                        .msg_controllen = sizeof control.bytes};
    int            five[5] = {a.fd, a.fd, a.fd, a.fd, a.fd};
    struct message got;
    bool           more = true;
    control.align.cmsg_level = SOL_SOCKET;
    control.align.cmsg_type = SCM_RIGHTS;
    control.align.cmsg_len = CMSG_LEN(sizeof five);
    memcpy(CMSG_DATA(&control.align), five, sizeof five);
    assert_int_equal(sendmsg(a.fd, &h, 0), 1);
    int before = dup(0);
    close(before);
    assert_int_equal(channel_receive(&b, buf, &got, &more).code, ERR_LIMIT);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void a_gone_partner_is_told(void **state)
{
    (void)state;
    struct message m = {.bytes = SPAN_LIT("last words")}, got;
    bool           more = false;
    assert_false(err_is(channel_send(&a, &m)));
    close(a.fd);
    a.fd = -1;
    assert_false(err_is(channel_receive(&b, buf, &got, &more)));
    assert_true(more);
    assert_int_equal(channel_receive(&b, buf, &got, &more).code, ERR_STATE);
    assert_int_equal(channel_send(&b, &m).code, ERR_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_stay_whole_and_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_queue_refuses_and_loses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(descriptors_travel_and_are_ours_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_much_is_dropped_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_descriptors_leave_none_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_gone_partner_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
