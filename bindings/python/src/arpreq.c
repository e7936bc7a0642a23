/* SPDX-License-Identifier: MIT */
/* The functions of python-arpreq, for arpq.compat.arpreq: their arguments, results and exceptions.
 *
 * python-arpreq asks on every interface that has a prefix with the address in it, up or down, and
 * answers the address of an interface with its MAC. It misses addresses that have a label, all that
 * is behind them, and neighbours that only a route makes reachable; these are answered here. */
#include "binding.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#define ADDRESS_TYPES                                                                              \
    "argument must be str, int, ipaddr.IPv4, ipaddress.IPv4Address or netaddr.IPAddress, not %s"

static struct arpq_handle *arpreq_handle; /* of the process; opened by the first call */

static bool arpreq_from_int(PyObject *number, struct arpq_ip *ip)
{
    unsigned long value = PyLong_AsUnsignedLong(number);
    uint32_t bytes;

    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_OverflowError))
        return false;
    if (PyErr_Occurred() || value > UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError,
                        "IPv4 addresses given as integers must be between zero and UINT32_MAX");
        return false;
    }
    bytes = htonl((uint32_t)value);
    memcpy(ip->bytes, &bytes, sizeof bytes);
    return true;
}

/* A NUL ends the text, as it does for python-arpreq. */
static bool arpreq_from_bytes(PyObject *bytes, struct arpq_ip *ip)
{
    const char *text = PyBytes_AsString(bytes);

    if (inet_pton(AF_INET, text, ip->bytes) == 1)
        return true;
    PyErr_Format(PyExc_ValueError, "Invalid IPv4 address: %s", text);
    return false;
}

static bool arpreq_from_text(PyObject *text, struct arpq_ip *ip)
{
    PyObject *bytes = PyUnicode_AsASCIIString(text);
    bool done = bytes && arpreq_from_bytes(bytes, ip);

    Py_XDECREF(bytes);
    return done;
}

static bool arpreq_from_object(PyObject *object, struct arpq_ip *ip)
{
    int is = PyObject_IsInstance(object, classes.parsers);
    PyObject *text, *type;
    bool done;

    if (is > 0) {
        text = PyObject_Str(object);
        done = text && arpreq_from_text(text, ip);
        Py_XDECREF(text);
        return done;
    }
    type = is == 0 ? PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__") : NULL;
    text = type ? PyUnicode_AsUTF8String(type) : NULL;
    if (text)
        PyErr_Format(PyExc_TypeError, ADDRESS_TYPES,
                     object == Py_None ? "None" : PyBytes_AsString(text));
    Py_XDECREF(type);
    Py_XDECREF(text);
    return false;
}

static bool arpreq_read(PyObject *object, struct arpq_ip *ip)
{
    memset(ip, 0, sizeof *ip);
    ip->family = AF_INET;
    if (PyLong_Check(object))
        return arpreq_from_int(object, ip);
    if (PyUnicode_Check(object))
        return arpreq_from_text(object, ip);
    if (PyBytes_Check(object))
        return arpreq_from_bytes(object, ip);
    return arpreq_from_object(object, ip);
}

static struct arpq_handle *arpreq_open(void)
{
    int code = 0;

    if (!arpreq_handle)
        code = arpq_open(&arpreq_handle, NULL);
    return code == 0 ? arpreq_handle : error_raise(code, NULL, NULL);
}

/* Codes that say nothing of other interfaces. */
static bool arpreq_is_none(int code)
{
    return error_is_unknown(code) || code == -EOPNOTSUPP || code == -EINVAL || code == -ENODEV;
}

static uint32_t arpreq_number(const struct arpq_ip *ip)
{
    uint32_t bytes;

    memcpy(&bytes, ip->bytes, sizeof bytes);
    return ntohl(bytes);
}

/* Whether the address is in the prefix, as python-arpreq compares: with the local address, or
 * with the other end of a link that is one address long. */
static bool arpreq_suits(const struct arpq_address *address, const struct arpq_ip *ip)
{
    if (address->ip.family != AF_INET)
        return false;
    if (address->prefix_length == 32 && address->peer.family == AF_INET &&
        arpreq_number(&address->peer) == arpreq_number(ip))
        return true;
    return arpq_prefix_contains(&address->ip, address->prefix_length, ip) == 1;
}

/* One address of an interface, up or down. */
static int arpreq_ask_on(struct arpq_handle *h, const struct arpq_interface *link,
                         const struct arpq_address *address, const struct arpq_ip *ip,
                         struct arpq_mac *mac)
{
    if (link->mac.length > 8)
        return -EOPNOTSUPP;
    if (arpq_ip_compare(&address->ip, ip) != 0)
        return arpq_lookup(h, ip, link->ifindex, ARPQ_LOOKUP_TABLE_ONLY, mac);
    *mac = link->mac;
    return 0;
}

/* Every interface that has a prefix with the address in it, in order, until one has an answer.
 * Links that are point-to-point do not count. */
static int arpreq_ask_all(struct arpq_handle *h, const struct arpq_interfaces *list,
                          const struct arpq_ip *ip, struct arpq_mac *mac)
{
    uint32_t count, stride;
    const char *first = (const char *)arpq_interfaces_addresses(list, &count, &stride);
    int code = -ENETUNREACH;

    for (uint32_t i = 0; i < count; i++) {
        const struct arpq_address *address = (const void *)(first + (size_t)i * stride);
        const struct arpq_interface *link;

        if (!arpreq_suits(address, ip))
            continue;
        link = arpq_interfaces_by_ifindex(list, address->ifindex);
        if (!link || link->flags & IFF_POINTOPOINT)
            continue;
        code = arpreq_ask_on(h, link, address, ip, mac);
        if (!arpreq_is_none(code))
            return code;
    }
    return code;
}

/* The interfaces; then, where none has such a prefix, the table by the routes. */
static int arpreq_ask(struct arpq_handle *h, const struct arpq_ip *ip, struct arpq_mac *mac)
{
    struct arpq_interfaces *list;
    int code = arpq_interfaces_get(h, 0, &list);

    if (code != 0)
        return code;
    code = arpreq_ask_all(h, list, ip, mac);
    arpq_interfaces_free(list);
    return code == -ENETUNREACH ? arpq_lookup(h, ip, 0, ARPQ_LOOKUP_TABLE_ONLY, mac) : code;
}

static PyObject *arpreq_answer(PyObject *object, PyObject *(*make)(const struct arpq_mac *))
{
    struct arpq_handle *h;
    struct arpq_mac mac;
    struct arpq_ip ip;
    int code;

    if (!arpreq_read(object, &ip) || !(h = arpreq_open()))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpreq_ask(h, &ip, &mac);
    Py_END_ALLOW_THREADS
    if (arpreq_is_none(code) || (code == 0 && (mac.length == 0 || mac.length > 8)))
        Py_RETURN_NONE;
    return code == 0 ? make(&mac) : error_raise(code, NULL, object);
}

static PyObject *arpreq_make_bytes(const struct arpq_mac *mac)
{
    return PyBytes_FromStringAndSize((const char *)mac->bytes, mac->length);
}

static PyObject *arpreq_make_text(const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    return PyUnicode_FromString(arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text));
}

PyObject *arpreq_text(PyObject *module, PyObject *address)
{
    (void)module;
    return arpreq_answer(address, arpreq_make_text);
}

PyObject *arpreq_bytes(PyObject *module, PyObject *address)
{
    (void)module;
    return arpreq_answer(address, arpreq_make_bytes);
}
