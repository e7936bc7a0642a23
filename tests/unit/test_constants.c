/* SPDX-License-Identifier: MIT */
/* Checks names of values and values of names. abi/json.sh compares them with the header. */
#include "test.h"

#include <ctype.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#define FIRST_SET ARPQ_NAMES_STATE
#define LAST_SET ARPQ_NAMES_GATEWAYS

#define NAME(set, value, name) {ARPQ_NAMES_##set, value, #name},
static const struct {
    uint32_t set, value;
    const char *name;
} constants[] = {
#include "value/constants.def"
};
#undef NAME

static void test_every_name(void **state)
{
    uint32_t last = 0;

    for (size_t i = 0; i < LENGTH(constants); i++) {
        const char *name = arpq_name(constants[i].set, constants[i].value);
        char lower[64] = "";
        uint32_t value = 7;

        assert_int_equal(arpq_value(constants[i].set, constants[i].name, &value), 0);
        assert_int_equal(value, constants[i].value);
        value = 7;
        assert_int_equal(arpq_value(constants[i].set, name, &value), 0);
        assert_int_equal(value, constants[i].value);
        for (size_t n = 0; name[n] != '\0'; n++)
            lower[n] = (char)tolower((unsigned char)name[n]);
        assert_int_equal(arpq_value(constants[i].set, lower, &value), 0);
        assert_int_equal(value, constants[i].value);
        assert_true(constants[i].set == last || constants[i].set == last + 1);
        last = constants[i].set;
    }
    assert_int_equal(last, LAST_SET);
}

static void test_known_names(void **state)
{
    assert_string_equal(arpq_name(ARPQ_NAMES_STATE, ARPQ_STATE_NONE), "NONE");
    assert_string_equal(arpq_name(ARPQ_NAMES_STATE, ARPQ_STATE_REACHABLE), "REACHABLE");
    assert_string_equal(arpq_name(ARPQ_NAMES_SNIFFED, 1), "ARP");
    assert_string_equal(arpq_name(ARPQ_NAMES_SNIFFED_FLAG, 1), "VLAN");
    assert_string_equal(arpq_name(ARPQ_NAMES_SWEEP_METHOD, ARPQ_SWEEP_BY_ECHO), "ECHO");
    assert_string_equal(arpq_name(ARPQ_NAMES_OPERSTATE, IF_OPER_UP), "UP");
    assert_string_equal(arpq_name(ARPQ_NAMES_LINK_MODE, IF_LINK_MODE_DORMANT), "DORMANT");
    assert_string_equal(arpq_name(ARPQ_NAMES_LINK_TYPE, ARPHRD_IPGRE), "IPGRE");
    assert_string_equal(arpq_name(ARPQ_NAMES_LINK_TYPE, ARPHRD_CISCO), "CISCO");
    assert_string_equal(arpq_name(ARPQ_NAMES_LINK_TYPE, ARPHRD_NONE), "NONE");
    assert_string_equal(arpq_name(ARPQ_NAMES_PROTOCOL, RTPROT_ZEBRA), "ZEBRA");
    assert_string_equal(arpq_name(ARPQ_NAMES_INTERFACE_FLAG, IFF_LOWER_UP), "LOWER_UP");
}

static void test_errors(void **state)
{
    uint32_t value;

    assert_string_equal(arpq_name(ARPQ_NAMES_ERROR, ENOENT), "ENOENT");
    assert_string_equal(arpq_name(ARPQ_NAMES_ERROR, (uint32_t)-ENOENT), "ENOENT");
    assert_string_equal(arpq_name(ARPQ_NAMES_ERROR, 0), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_ERROR, 0x80000000u), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_ERROR, UINT32_MAX), "EPERM");
    assert_int_equal(arpq_value(ARPQ_NAMES_ERROR, "ehostunreach", &value), 0);
    assert_int_equal(value, EHOSTUNREACH);
}

/* Every code with a name has a text of its own. */
static void test_error_texts(void **state)
{
    for (int code = 1; code < 4096; code++) {
        if (arpq_name(ARPQ_NAMES_ERROR, (uint32_t)code)[0] == '\0')
            assert_string_equal(arpq_strerror(-code), "unknown error");
        else
            assert_string_not_equal(arpq_strerror(-code), "unknown error");
    }
}

static void test_without_name(void **state)
{
    static const uint32_t sets[] = {0, LAST_SET + 1, UINT32_MAX};

    for (size_t i = 0; i < LENGTH(sets); i++)
        for (uint32_t value = 0; value < 300; value++)
            assert_string_equal(arpq_name(sets[i], value), "");
    for (uint32_t set = FIRST_SET; set <= LAST_SET; set++)
        assert_string_equal(arpq_name(set, 0x12345678), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_STATE, 3), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_NEIGH_FLAG, 0), "");
    assert_string_equal(arpq_name(ARPQ_NAMES_EVENT, 0), "");
}

static void check_error(uint32_t set, const char *name, int code)
{
    uint32_t value = 7;

    assert_int_equal(arpq_value(set, name, &value), code);
    assert_int_equal(value, 0);
}

static void test_without_value(void **state)
{
    check_error(ARPQ_NAMES_STATE, NULL, -EINVAL);
    check_error(0, "NONE", -EINVAL);
    check_error(LAST_SET + 1, "NONE", -EINVAL);
    check_error(UINT32_MAX, "NONE", -EINVAL);
    assert_int_equal(arpq_value(ARPQ_NAMES_STATE, "NONE", NULL), -EINVAL);
    for (uint32_t set = FIRST_SET; set <= LAST_SET; set++) {
        check_error(set, "", -ENOENT);
        check_error(set, "NO SUCH NAME", -ENOENT);
    }
    check_error(ARPQ_NAMES_STATE, "REACHABL", -ENOENT);
    check_error(ARPQ_NAMES_STATE, "REACHABLE ", -ENOENT);
    check_error(ARPQ_NAMES_STATE, "REACHABLE\xc4\xb0", -ENOENT);
    check_error(ARPQ_NAMES_STATE, "ARPQ_STATE_REACHABLE", -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name),   cmocka_unit_test(test_known_names),
        cmocka_unit_test(test_errors),       cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_without_name), cmocka_unit_test(test_without_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
