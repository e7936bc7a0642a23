/* SPDX-License-Identifier: MIT */
/* How the library interprets each possible answer of SIOCGARP. The test simulates the ioctl. */
#include "test.h"

#include <net/if_arp.h>

#include "kernel/arp_ioctl.h"

static const uint8_t address[4] = {192, 0, 2, 7};
static const char dev[ARPQ_IFNAME_SIZE] = "eth0";

static struct {
    int error;
    const char *dev; /* NULL: the name in the request */
    uint16_t type;
    int flags;
    size_t length;
} kernel;
static unsigned calls;

int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
    struct arpreq *arp = argument;
    struct sockaddr_in asked;

    calls++;
    assert_int_equal(fd, 42);
    assert_int_equal(request, SIOCGARP);
    memcpy(&asked, &arp->arp_pa, sizeof asked);
    assert_int_equal(asked.sin_family, AF_INET);
    assert_memory_equal(&asked.sin_addr, address, sizeof address);
    assert_string_equal(arp->arp_dev, "eth0");
    assert_int_equal(arp->arp_flags, 0);
    if (kernel.error) {
        errno = kernel.error;
        return -1;
    }
    arp->arp_ha.sa_family = kernel.type;
    /* Write past sa_data and past the request, as kernels before the fix of CVE-2024-26733 do. They
     * write flags and name last. */
    for (size_t i = 0; i < kernel.length; i++)
        ((uint8_t *)argument)[offsetof(struct arpreq, arp_ha.sa_data) + i] = (uint8_t)(i + 1);
    arp->arp_flags = kernel.flags;
    memset(arp->arp_dev, 0, sizeof arp->arp_dev);
    memcpy(arp->arp_dev, kernel.dev ? kernel.dev : dev, strlen(kernel.dev ? kernel.dev : dev));
    return 0;
}

static int set_up(void **state)
{
    memset(&kernel, 0, sizeof kernel);
    kernel.type = ARPHRD_ETHER;
    kernel.flags = ATF_COM;
    kernel.length = 6;
    calls = 0;
    return 0;
}

static int ask(uint8_t length, struct arpq_mac *mac)
{
    memset(mac, 0, sizeof *mac);
    return aq_arp_ioctl_get(42, dev, address, ARPHRD_ETHER, length, mac);
}

static void refused(int expected)
{
    static const struct arpq_mac none;
    struct arpq_mac mac;

    assert_int_equal(ask(6, &mac), expected);
    assert_memory_equal(&mac, &none, sizeof mac);
    assert_int_equal(calls, 1);
}

static void answered(uint8_t length)
{
    struct arpq_mac mac;

    assert_int_equal(ask(length, &mac), 0);
    assert_int_equal(mac.length, length);
    assert_int_equal(mac.type, ARPHRD_ETHER);
    for (size_t i = 0; i < ARPQ_MAC_MAX; i++)
        assert_int_equal(mac.bytes[i], i < length ? i + 1 : 0);
    assert_int_equal(calls, 1);
}

static void test_answer(void **state)
{
    answered(6);
}

static void test_longest_answer(void **state)
{
    kernel.length = AQ_ARP_IOCTL_MAC_MAX;
    answered(AQ_ARP_IOCTL_MAC_MAX);
}

static void test_permanent(void **state)
{
    kernel.flags = ATF_COM | ATF_PERM;
    answered(6);
}

static void test_old_bytes_are_no_answer(void **state)
{
    kernel.flags = 0;
    refused(-EAGAIN);
}

static void test_old_permanent_bytes(void **state)
{
    kernel.flags = ATF_PERM;
    refused(-EAGAIN);
}

static void test_other_device(void **state)
{
    kernel.dev = "eth1";
    refused(-ESTALE);
}

static void test_longer_name(void **state)
{
    kernel.dev = "eth0x";
    refused(-ESTALE);
}

static void test_other_type(void **state)
{
    kernel.type = ARPHRD_INFINIBAND;
    refused(-ESTALE);
}

static void test_overflow(void **state)
{
    kernel.length = ARPQ_MAC_MAX;
    answered(6);
}

static void test_overflow_past_the_request(void **state)
{
    kernel.length = sizeof(struct arpreq) - offsetof(struct arpreq, arp_ha.sa_data) + ARPQ_MAC_MAX;
    answered(6);
}

static void test_errors(void **state)
{
    static const int result[][2] = {
        {ENXIO, -ENOENT}, {ENODEV, -ENODEV}, {EPERM, -EPERM}, {ENOMEM, -ENOMEM}, {EINVAL, -EINVAL}};

    for (size_t i = 0; i < sizeof result / sizeof result[0]; i++) {
        kernel.error = result[i][0];
        calls = 0;
        refused(result[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_answer),
        TEST_SET_UP(test_longest_answer),
        TEST_SET_UP(test_permanent),
        TEST_SET_UP(test_old_bytes_are_no_answer),
        TEST_SET_UP(test_old_permanent_bytes),
        TEST_SET_UP(test_other_device),
        TEST_SET_UP(test_longer_name),
        TEST_SET_UP(test_other_type),
        TEST_SET_UP(test_overflow),
        TEST_SET_UP(test_overflow_past_the_request),
        TEST_SET_UP(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
