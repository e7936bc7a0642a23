/* SPDX-License-Identifier: MIT */
/* The list of interfaces against the kernel's files and ip(8). */
#include "test.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_tun.h>
#include <linux/mount.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/tun.h"
#include "process.h"

static struct arpq_interfaces *list_now(void)
{
    struct arpq_interfaces *list;
    struct arpq_handle *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    arpq_close(h); /* the list stays valid */
    return list;
}

static void test_kinds(void **state)
{
    static const char *const names[] = {"lo", "v0", "br0", "mv0", "vx0", "tun0", "tap0", "ifb7"};
    struct arpq_interfaces *list;
    int tun, tap;

    netns_enter();
    sh("ip link add v0 mtu 1400 type veth peer name v1; ip link add br0 type bridge;"
       "ip link add mv0 link v0 type macvlan; ip link add vx0 type vxlan id 5 dstport 4789;"
       "ip link add ifb7 type ifb");
    tun = open_tun("tun0", IFF_TUN, TUN_KEEPS_TYPE);
    tap = open_tun("tap0", IFF_TAP, TUN_KEEPS_TYPE);
    list = list_now();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct arpq_interface *link = arpq_interfaces_by_name(list, names[i]);
        char text[128], mac[ARPQ_MAC_STRLEN];

        assert_non_null(link);
        assert_ptr_equal(arpq_interfaces_by_ifindex(list, link->ifindex), link);
        assert_int_equal(link->ifindex, ifindex_of(names[i]));
        assert_int_equal(
            sh_read(text, sizeof text, "ip -o link show %s | grep -o 'mtu [0-9]*'", names[i]), 0);
        assert_int_equal(link->mtu, strtoul(text + 4, NULL, 10));
        sh_read(text, sizeof text,
                "ip -o link show %s | "
                "sed -n 's/.*link.[a-z]* \\([0-9a-f:]*\\) .*/\\1/p'",
                names[i]);
        text[strcspn(text, "\n")] = '\0';
        assert_string_equal(arpq_mac_format(&link->mac, ARPQ_MAC_COLON, mac, sizeof mac), text);
    }
    arpq_interfaces_free(list);
    close(tun);
    close(tap);
}

/* All interfaces are one array, and so are all addresses. */
static void check_entries(const struct arpq_interfaces *list)
{
    uint32_t count, stride;
    const char *first = (const char *)arpq_interfaces_entries(list, &count, &stride);

    assert_int_equal(count, arpq_interfaces_count(list));
    for (uint32_t n = 0; n < count; n++)
        assert_ptr_equal(first + (size_t)n * stride, arpq_interfaces_at(list, n));
    first = (const char *)arpq_interfaces_addresses(list, &count, &stride);
    assert_int_equal(count, arpq_interfaces_address_count(list));
    for (uint32_t n = 0; n < count; n++)
        assert_ptr_equal(first + (size_t)n * stride, arpq_interfaces_address_at(list, n));
}

static void test_thousand(void **state)
{
    struct arpq_interfaces *list;

    netns_enter();
    sh("{ for i in $(seq 1 500); do echo link add t$i type veth peer name u$i; done;"
       "for i in $(seq 1 1000); do echo addr add 10.9.$((i/250)).$((i%%250))/32 dev lo; done; }"
       "| ip -batch -");
    list = list_now();
    assert_int_equal(arpq_interfaces_count(list), netns_links + 1000);
    assert_true(arpq_interfaces_by_name(list, "lo")->address_count >= 1000);
    assert_null(arpq_interfaces_at(list, netns_links + 1000));
    check_entries(list);
    arpq_interfaces_free(list);
}

static const struct arpq_interface *named(const struct arpq_interfaces *list, const char *name)
{
    const struct arpq_interface *link = arpq_interfaces_by_name(list, name);

    if (!link)
        fail_msg("no interface %s", name);
    return link;
}

static const struct arpq_address *address_of(const struct arpq_interfaces *list, const char *text)
{
    struct arpq_ip ip = ip_of(text);

    for (uint32_t i = 0; i < arpq_interfaces_address_count(list); i++) {
        const struct arpq_address *address = arpq_interfaces_address_at(list, i);
        struct arpq_ip bare = address->ip;

        bare.scope = 0;
        if (arpq_ip_compare(&bare, &ip) == 0)
            return address;
    }
    fail_msg("no address %s", text);
    return NULL;
}

static void test_addresses(void **state)
{
    struct arpq_interfaces *list;
    const struct arpq_address *address;

    netns_enter();
    sh("ip link add none0 type bridge; ip link add six0 type bridge; ip link add down0 type bridge;"
       "ip link set none0 addrgenmode none; ip link set six0 addrgenmode none;"
       "ip link set none0 up; ip link set six0 up;"
       "ip addr add 2001:db8::6/64 dev six0 nodad; ip addr add 10.3.0.1/24 dev down0");
    list = list_now();
    assert_int_equal(named(list, "none0")->address_count, 0);
    assert_int_equal(named(list, "six0")->address_count, 1);
    address = arpq_interfaces_address_at(list, named(list, "six0")->address_first);
    assert_int_equal(address->ip.family, AF_INET6);
    assert_string_equal(address->label, "");
    assert_int_equal(named(list, "down0")->address_count, 1);
    assert_int_equal(named(list, "down0")->flags & IFF_UP, 0);
    assert_true(named(list, "six0")->flags & IFF_UP);
    arpq_interfaces_free(list);
}

static void test_address_members(void **state)
{
    struct arpq_ip peer = ip_of("10.5.0.2"), broadcast = ip_of("10.4.0.255");
    const struct arpq_address *address;
    struct arpq_interfaces *list;

    netns_enter();
    sh("ip link add d0 type bridge; ip link set d0 up;"
       "ip addr add 10.4.0.1/24 brd + dev d0 label d0:one; ip addr add 10.4.0.2/24 dev d0;"
       "ip addr add 10.5.0.1 peer 10.5.0.2/30 dev d0 scope link;"
       "ip addr add 2001:db8::4/64 dev d0 nodad noprefixroute");
    list = list_now();
    address = address_of(list, "10.4.0.1");
    assert_string_equal(address->label, "d0:one");
    assert_int_equal(arpq_ip_compare(&address->broadcast, &broadcast), 0);
    assert_int_equal(address->peer.family, 0);
    assert_int_equal(address->prefix_length, 24);
    assert_int_equal(address->scope, RT_SCOPE_UNIVERSE);
    assert_int_equal(address->flags, IFA_F_PERMANENT);
    assert_int_equal(address->ifindex, ifindex_of("d0"));
    address = address_of(list, "10.4.0.2");
    assert_int_equal(address->flags, IFA_F_PERMANENT | IFA_F_SECONDARY);
    assert_int_equal(address->broadcast.family, 0);
    address = address_of(list, "10.5.0.1");
    assert_int_equal(arpq_ip_compare(&address->peer, &peer), 0);
    assert_int_equal(address->prefix_length, 30);
    assert_int_equal(address->scope, RT_SCOPE_LINK);
    address = address_of(list, "2001:db8::4");
    assert_int_equal(address->flags, IFA_F_PERMANENT | IFA_F_NODAD | IFA_F_NOPREFIXROUTE);
    assert_int_equal(address_of(list, "::1")->scope, RT_SCOPE_HOST);
    arpq_interfaces_free(list);
}

/* Open a sysfs of this network namespace. It is mounted nowhere: in a chroot that is no mount
 * point, a mount of one process cannot be hidden from the others. */
static int open_sysfs(void)
{
    int context, directory;

    if (is_under_valgrind())
        SKIP_NOT_RUNNABLE("valgrind does not know fsopen(2)");
    assert_int_equal(unshare(CLONE_NEWNS), 0); /* the right to mount, without root */
    context = (int)syscall(SYS_fsopen, "sysfs", 0);
    assert_true(context >= 0);
    assert_int_equal(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), 0);
    directory = (int)syscall(SYS_fsmount, context, 0, 0);
    assert_true(directory >= 0);
    close(context);
    return directory;
}

/* Read a number from a file about the link. */
static unsigned read_sysfs(int sysfs, const char *link, const char *file)
{
    char path[64], text[32] = "";
    int fd;

    snprintf(path, sizeof path, "class/net/%s/%s", link, file);
    fd = openat(sysfs, path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(read(fd, text, sizeof text - 1) > 0);
    close(fd);
    return (unsigned)strtoul(text, NULL, 0);
}

static void compare_sysfs(int sysfs, const struct arpq_interface *link)
{
    const uint32_t volatile_flags = IFF_PROMISC | IFF_ALLMULTI | IFF_RUNNING | 0x30000u;
    const unsigned flags = read_sysfs(sysfs, link->name, "flags"),
                   type = read_sysfs(sysfs, link->name, "type"),
                   mtu = read_sysfs(sysfs, link->name, "mtu"),
                   index = read_sysfs(sysfs, link->name, "ifindex"),
                   parent = read_sysfs(sysfs, link->name, "iflink");

    assert_int_equal(link->flags & ~volatile_flags, flags & ~volatile_flags);
    assert_int_equal(link->type, type);
    assert_int_equal(link->mtu, mtu);
    assert_int_equal(link->ifindex, index);
    assert_int_equal(link->parent, parent == index ? 0 : parent);
}

static void test_sysfs(void **state)
{
    struct arpq_interfaces *list;
    int sysfs, tun;

    netns_enter();
    sysfs = open_sysfs();
    sh("ip link add br0 type bridge; ip link add v0 type veth peer name v1;"
       "ip link set v0 master br0 up; ip link set v1 arp off up; ip link add d0 type bridge;"
       "ip link add mv0 link d0 type macvlan");
    tun = open_tun("tun0", IFF_TUN, TUN_KEEPS_TYPE);
    list = list_now();
    for (uint32_t i = 0; i < arpq_interfaces_count(list); i++)
        compare_sysfs(sysfs, arpq_interfaces_at(list, i));
    assert_int_equal(named(list, "v0")->master, ifindex_of("br0"));
    assert_int_equal(named(list, "v1")->master, 0);
    assert_int_equal(named(list, "mv0")->parent, ifindex_of("d0"));
    assert_true(named(list, "v1")->flags & IFF_NOARP);
    assert_int_equal(named(list, "tun0")->mac.length, 0);
    assert_int_equal(named(list, "tun0")->broadcast.length, 0);
    arpq_interfaces_free(list);
    close(tun);
    close(sysfs);
}

static void test_hardware_types(void **state)
{
    static const int types[] = {804, 65000, ARPHRD_NONE, ARPHRD_INFINIBAND};
    struct arpq_interfaces *list;
    int sysfs;

    netns_enter();
    sysfs = open_sysfs();
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        int fd = open_tun("odd0", IFF_TAP, types[i]);
        const struct arpq_interface *link;

        list = list_now();
        link = named(list, "odd0");
        assert_int_equal(link->type, types[i]);
        assert_int_equal(link->mac.length == 0 || link->mac.type == types[i], 1);
        assert_int_equal(link->mac.length, read_sysfs(sysfs, "odd0", "addr_len"));
        arpq_interfaces_free(list);
        close(fd);
    }
    close(sysfs);
}

static void test_names(void **state)
{
    static const char *const names[] = {"fifteen-letters", "a\"b'c", "a\\b",    "$HOME", "-rf",
                                        "n\xc3\xa9t0",     "\x01x",  "\xff\xfe"};
    char name[ARPQ_IFNAME_SIZE], before[ARPQ_IFNAME_SIZE] = "v0";
    struct arpq_interfaces *list;
    struct arpq_handle *h;
    uint32_t index, found;

    netns_enter();
    sh("ip link add v0 type veth peer name v1");
    index = ifindex_of("v0");
    assert_int_equal(arpq_open(&h, NULL), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        rename_link(before, names[i]);
        assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
        assert_int_equal(named(list, names[i])->ifindex, index);
        assert_null(arpq_interfaces_by_name(list, before));
        arpq_interfaces_free(list);
        assert_int_equal(arpq_interface_index(h, names[i], &found), 0);
        assert_int_equal(found, index);
        assert_int_equal(arpq_interface_name(h, index, name), 0);
        assert_string_equal(name, names[i]);
        snprintf(before, sizeof before, "%s", names[i]);
    }
    assert_int_equal(arpq_interface_index(h, "fifteen-letters+", &found), -ENODEV);
    assert_int_equal(found, 0);
    arpq_close(h);
}

static void test_null(void **state)
{
    struct arpq_interfaces *list = (void *)&list;
    char name[ARPQ_IFNAME_SIZE] = "x";
    uint32_t index = 7;
    struct arpq_handle *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_interfaces_get(NULL, 0, &list), -EINVAL);
    assert_null(list);
    assert_int_equal(arpq_interfaces_get(h, 0, NULL), -EINVAL);
    assert_int_equal(arpq_interface_index(NULL, "lo", &index), -EINVAL);
    assert_int_equal(index, 0);
    index = 7;
    assert_int_equal(arpq_interface_index(h, NULL, &index), -EINVAL);
    assert_int_equal(index, 0);
    assert_int_equal(arpq_interface_index(h, "", &index), -EINVAL);
    assert_int_equal(arpq_interface_index(h, "lo", NULL), -EINVAL);
    assert_int_equal(arpq_interface_name(NULL, 1, name), -EINVAL);
    assert_string_equal(name, "");
    assert_int_equal(arpq_interface_name(h, 1, NULL), -EINVAL);
    assert_int_equal(arpq_interface_name(h, 0, name), -EINVAL);
    assert_int_equal(arpq_interface_name(h, 0x80000000u, name), -EINVAL);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_null(arpq_interfaces_by_name(list, NULL));
    assert_null(arpq_interfaces_by_ifindex(list, 0));
    assert_null(arpq_interfaces_address_at(list, UINT32_MAX));
    arpq_interfaces_free(list);
    arpq_close(h);
}

static void test_null_list(void **state)
{
    assert_int_equal(arpq_interfaces_get(NULL, 0, NULL), -EINVAL);
    arpq_interfaces_free(NULL);
    check_entries(NULL);
    assert_int_equal(arpq_interfaces_count(NULL), 0);
    assert_int_equal(arpq_interfaces_address_count(NULL), 0);
    assert_null(arpq_interfaces_at(NULL, 0));
    assert_null(arpq_interfaces_address_at(NULL, 0));
    assert_null(arpq_interfaces_by_name(NULL, "lo"));
    assert_null(arpq_interfaces_by_ifindex(NULL, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),     cmocka_unit_test(test_thousand),
        cmocka_unit_test(test_null),      cmocka_unit_test(test_null_list),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_address_members),
        cmocka_unit_test(test_sysfs),     cmocka_unit_test(test_hardware_types),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
