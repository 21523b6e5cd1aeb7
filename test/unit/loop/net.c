/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/net.h"
#include "cmocka_all.h"

#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void addresses_read_back(void **state)
{
    (void)state;
    static const char *const good[] = {"127.0.0.1:7001", "[::1]:7001",     "0.0.0.0:0",
                                       "[::]:65535",     "239.2.3.1:6969", "[fe80::1:2]:1"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct net_address a;
        uint8_t            buf[64];
        struct writer      w = WRITER_OF(buf);
        assert_false(err_is(net_address_of(span_text(good[i]), &a)));
        put_net_address(&w, &a);
        assert_true(span_is(writer_span(&w), good[i]));
    }
}

static void anything_else_is_no_address(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      ":",
                                      ":7001",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.1:7001",
                                      "127.0.0.1:65536",
                                      "::1:7001",
                                      "[::1]",
                                      "[::1]7001",
                                      "[]:1",
                                      "[::1:1",
                                      "localhost:1",
                                      "127.0.0.1:+1",
                                      "127.0.0.1:07",
                                      "[127.0.0.1]:1",
                                      "[::1]]:1",
                                      "1.2.3.4 :1"};
    struct net_address       a;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(net_address_of(span_text(bad[i]), &a).code, ERR_MALFORMED);
    }
    assert_int_equal(net_address_of((span){(const uint8_t *)"1.2.3.4\0:1", 10}, &a).code,
                     ERR_MALFORMED);
}

static void a_host_stands_without_port_and_brackets(void **state)
{
    (void)state;
    static const struct {
        const char *address, *host;
        size_t      octets;
    } rows[] = {{"127.0.0.1:7001", "127.0.0.1", 4},
                {"[::1]:7780", "::1", 16},
                {"[2001:db8::7]:1", "2001:db8::7", 16},
                {"0.0.0.0:7001", "", 0},
                {"[::]:7001", "", 0},
                {"[fe80::1%eth0]:7001", "", 0},
                {"gw.example:7001", "", 0},
                {"", "", 0}};
    uint8_t octets[16];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        span host = net_host(span_text(rows[i].address));
        assert_true(span_is(host, rows[i].host));
        assert_int_equal(net_ip_of(host, octets), rows[i].octets);
    }
    assert_int_equal(net_ip_of(SPAN_LIT("::1"), octets), 16);
    static const uint8_t loopback[16] = {[15] = 1};
    assert_memory_equal(octets, loopback, sizeof loopback);
    assert_int_equal(net_ip_of(SPAN_LIT("[::1]"), octets), 0);
    assert_int_equal(net_ip_of(SPAN_LIT("fe80::1%eth0"), octets), 0);
    assert_int_equal(net_ip_of(SPAN_LIT("gw.example"), octets), 0);
}

static void wait_for(int fd, short what)
{
    struct pollfd p = {.fd = fd, .events = what};
    assert_int_equal(poll(&p, 1, 10000), 1);
}

static void tcp_both_ways(const char *where)
{
    struct net_address a, peer, mine;
    int                listener = -1, client = -1, server = -1, second = -1, on = 0;
    bool               more = true;
    socklen_t          len = sizeof on;
    uint8_t            byte = 0;
    assert_false(err_is(net_address_of(span_text(where), &a)));
    assert_false(err_is(net_listen(&a, &listener)));
    assert_false(err_is(net_local(listener, &a)));
    assert_int_not_equal(net_port(&a), 0);
    assert_int_equal(net_listen(&a, &second).code, ERR_CONFLICT);
    assert_false(err_is(net_accept(listener, &server, &peer, &more)));
    assert_false(more);
    assert_false(err_is(net_connect(&a, &client)));
    wait_for(client, POLLOUT);
    assert_false(err_is(net_connected(client)));
    wait_for(listener, POLLIN);
    assert_false(err_is(net_accept(listener, &server, &peer, &more)));
    assert_true(more);
    assert_false(err_is(net_local(client, &mine)));
    assert_int_equal(net_port(&peer), net_port(&mine));
    assert_int_equal(getsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
    assert_true(on != 0);
    assert_int_equal(send(client, "k", 1, 0), 1);
    wait_for(server, POLLIN);
    assert_int_equal(recv(server, &byte, 1, 0), 1);
    assert_int_equal(byte, 'k');
    close(listener);
    close(client);
    close(server);
}

static void tcp_over_ipv4(void **state)
{
    (void)state;
    tcp_both_ways("127.0.0.1:0");
}

static void tcp_over_ipv6(void **state)
{
    (void)state;
    struct net_address a;
    int                fd = -1;
    assert_false(err_is(net_address_of(SPAN_LIT("[::1]:0"), &a)));
    if (err_is(net_listen(&a, &fd))) {
        print_message("skipped: this machine has no IPv6\n");
        skip();
    }
    close(fd);
    tcp_both_ways("[::1]:0");
}

static void a_refused_connection_is_told(void **state)
{
    (void)state;
    struct net_address a;
    int                listener = -1, client = -1;
    assert_false(err_is(net_address_of(SPAN_LIT("127.0.0.1:0"), &a)));
    assert_false(err_is(net_listen(&a, &listener)));
    assert_false(err_is(net_local(listener, &a)));
    close(listener);
    if (!err_is(net_connect(&a, &client))) {
        wait_for(client, POLLOUT);
        assert_int_equal(net_connected(client).code, ERR_IO);
        close(client);
    }
}

static void datagrams_arrive(void **state)
{
    (void)state;
    struct net_address a;
    int                in = -1, out = -1;
    char               got[8] = {0};
    assert_false(err_is(net_address_of(SPAN_LIT("127.0.0.1:0"), &a)));
    assert_false(err_is(net_udp(&a, (span){0}, &out)));
    assert_false(err_is(net_udp(&a, (span){0}, &in)));
    assert_false(err_is(net_local(in, &a)));
    assert_int_equal(sendto(out, "track", 5, 0, &a.at.any, a.len), 5);
    wait_for(in, POLLIN);
    assert_int_equal(recv(in, got, sizeof got, 0), 5);
    assert_string_equal(got, "track");
    close(in);
    close(out);
}

/* Whoever prepares a source before its interface is there reads this of it. */
static void what_cannot_be_listened_to_is_told_apart(void **state)
{
    (void)state;
    struct net_address a;
    int                fd = -1;
    assert_false(err_is(net_address_of(SPAN_LIT("192.0.2.77:7001"), &a))); /* RFC 5737: nobody's */
    assert_int_equal(net_listen(&a, &fd).code, ERR_UNKNOWN);
    assert_int_equal(net_udp(&a, (span){0}, &fd).code, ERR_UNKNOWN);
    assert_false(err_is(net_address_of(SPAN_LIT("239.2.3.1:6969"), &a)));
    assert_int_equal(net_udp(&a, SPAN_LIT("nope0"), &fd).code, ERR_UNKNOWN);
    assert_int_equal(fd, -1);
}

/* ---- groups ---- */

#define TWO_INTERFACES                                                                             \
    "{ ip link set lo up multicast on && ip link add two0 type veth peer name two1 && "            \
    "ip addr add 192.0.2.2/24 dev two0 && ip link set two1 up && ip link set two0 up multicast "   \
    "on && "                                                                                       \
    "ip route add default dev two0; } >/dev/null 2>&1"

static void group_send(const struct net_address *group, const char *interface)
{
    struct ip_mreqn by = {.imr_ifindex = (int)if_nametoindex(interface)};
    int             fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by), 0);
    assert_int_equal(sendto(fd, interface, strlen(interface), 0, &group->at.any, group->len),
                     strlen(interface));
    close(fd);
}

static bool has(int fd, const char *text)
{
    char    got[16] = {0};
    ssize_t len = recv(fd, got, sizeof got - 1, MSG_DONTWAIT);
    return len > 0 && strcmp(got, text) == 0;
}

/* In a process of its own, since it takes another network: 0; or what went wrong. */
static int groups_at_two_interfaces(void)
{
    struct net_address group;
    int                lo = -1, two = -1, any = -1;
    assert_false(err_is(net_address_of(SPAN_LIT("239.2.3.20:7742"), &group)));
    assert_false(err_is(net_udp(&group, SPAN_LIT("lo"), &lo)));
    assert_false(err_is(net_udp(&group, SPAN_LIT("two0"), &two)));
    assert_false(err_is(net_udp(&group, (span){0}, &any))); /* where routes say: two0 */
    group_send(&group, "two0");
    wait_for(two, POLLIN);
    if (!has(two, "two0") || !has(any, "two0") || has(lo, "two0")) {
        return 1;
    }
    group_send(&group, "lo");
    wait_for(lo, POLLIN);
    return has(lo, "lo") && !has(two, "lo") && !has(any, "lo") ? 0 : 2;
}

static void what_comes_at_another_interface_does_not_come(void **state)
{
    (void)state;
    int   status = 0;
    pid_t made = fork();
    assert_true(made >= 0);
    if (made == 0) {
        bool ready = unshare(CLONE_NEWNET) == 0 && system(TWO_INTERFACES) == 0;
        _exit(ready ? groups_at_two_interfaces() : 77);
    }
    assert_int_equal(waitpid(made, &status, 0), made);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        print_message("skipped: another network with two interfaces wants root and ip\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_read_back),
        cmocka_unit_test(anything_else_is_no_address),
        cmocka_unit_test(a_host_stands_without_port_and_brackets),
        cmocka_unit_test(tcp_over_ipv4),
        cmocka_unit_test(tcp_over_ipv6),
        cmocka_unit_test(a_refused_connection_is_told),
        cmocka_unit_test(datagrams_arrive),
        cmocka_unit_test(what_cannot_be_listened_to_is_told_apart),
        cmocka_unit_test(what_comes_at_another_interface_does_not_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
