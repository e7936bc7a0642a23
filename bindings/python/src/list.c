/* SPDX-License-Identifier: MIT */
/* Lists: the table, interfaces and gateways. */
#include "binding.h"

#include <string.h>

/* A filter is (interface, master, family, prefix, length, states, flags, protocol, mac, proxy). */
bool list_filter(struct handle_object *handle, PyObject *tuple, struct arpq_filter *filter)
{
    PyObject *interface, *master, *prefix, *mac;
    unsigned family, length, states, flags, protocol;
    int proxy;

    memset(filter, 0, sizeof *filter);
    if (!PyTuple_Check(tuple) ||
        !PyArg_ParseTuple(tuple, "OOIOIIIIOp", &interface, &master, &family, &prefix, &length,
                          &states, &flags, &protocol, &mac, &proxy))
        return false;
    filter->size = sizeof *filter;
    filter->flags = proxy ? ARPQ_FILTER_PROXY : 0;
    filter->family = (uint16_t)family;
    filter->states = states;
    filter->neigh_flags = flags;
    filter->protocol = (uint8_t)protocol;
    filter->prefix_length = (uint8_t)length;
    if (family > UINT16_MAX || protocol > UINT8_MAX || length > UINT8_MAX) {
        PyErr_SetString(PyExc_ValueError, "family, protocol or prefix length is out of range");
        return false;
    }
    return convert_interface(handle, interface, &filter->ifindex) &&
           convert_interface(handle, master, &filter->master) &&
           (prefix == Py_None || convert_ip(handle, prefix, &filter->prefix)) &&
           (mac == Py_None || convert_mac(mac, &filter->mac));
}

/* (list, flags, malformed); frees the table. */
PyObject *list_from_table(struct arpq_table *table)
{
    uint32_t count, stride;
    const struct arpq_neigh *entries = arpq_table_entries(table, &count, &stride);
    PyObject *list = value_list(TYPE_NEIGH, entries, count, stride);
    uint32_t flags = arpq_table_flags(table);
    uint32_t malformed = arpq_table_malformed(table);

    arpq_table_free(table);
    return list ? Py_BuildValue("(NII)", list, flags, malformed) : NULL;
}

PyObject *list_table(PyObject *object, PyObject *tuple)
{
    struct handle_object *self = (struct handle_object *)object;
    struct arpq_filter filter;
    struct arpq_table *table;
    struct arpq_handle *h;
    struct words words;
    int code;

    if (!list_filter(self, tuple, &filter) || !(h = handle_enter(self)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_table_get(h, &filter, &table);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    return code == 0 ? list_from_table(table) : error_raise(code, &words, NULL);
}

static PyObject *list_addresses(const struct arpq_interfaces *list,
                                const struct arpq_interface *link)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)link->address_count);

    for (uint32_t i = 0; tuple && i < link->address_count; i++) {
        PyObject *address = value_new(
            TYPE_ADDRESS, arpq_interfaces_address_at(list, link->address_first + i), NULL);

        if (!address || PyTuple_SetItem(tuple, (Py_ssize_t)i, address) != 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *list_altnames(const struct arpq_interfaces *list,
                               const struct arpq_interface *link)
{
    bool known = arpq_interfaces_altname_count(list) > 0;
    PyObject *tuple = PyTuple_New(known ? (Py_ssize_t)link->altname_count : 0);

    for (uint32_t i = 0; tuple && known && i < link->altname_count; i++) {
        const char *text = arpq_interfaces_altname_at(list, link->altname_first + i);
        PyObject *name = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "surrogateescape");

        if (!name || PyTuple_SetItem(tuple, (Py_ssize_t)i, name) != 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *list_interface(const struct arpq_interfaces *list, uint32_t n)
{
    const struct arpq_interface *link = arpq_interfaces_at(list, n);
    const struct arpq_interface_stats *counters = arpq_interfaces_stats_at(list, n);
    PyObject *addresses = list_addresses(list, link);
    PyObject *altnames = list_altnames(list, link);
    PyObject *stats = Py_None, *extra, *value;

    Py_INCREF(Py_None);
    if (counters)
        module_replace(&stats, value_new(TYPE_INTERFACE_STATS, counters, NULL));
    extra = addresses && altnames && stats
                ? Py_BuildValue("(OOOsss)", addresses, altnames, stats,
                                arpq_interfaces_text_at(list, n, ARPQ_INTERFACE_ALIAS),
                                arpq_interfaces_text_at(list, n, ARPQ_INTERFACE_DEVICE),
                                arpq_interfaces_text_at(list, n, ARPQ_INTERFACE_BUS))
                : NULL;
    Py_XDECREF(addresses);
    Py_XDECREF(altnames);
    Py_XDECREF(stats);
    value = extra ? value_new(TYPE_INTERFACE, link, extra) : NULL;
    Py_XDECREF(extra);
    return value;
}

/* _interfaces(flags) -> (list, flags) */
PyObject *list_interfaces(PyObject *object, PyObject *args)
{
    struct handle_object *self = (struct handle_object *)object;
    struct arpq_interfaces *interfaces;
    struct arpq_handle *h;
    struct words words;
    PyObject *list;
    unsigned flags;
    int code;

    if (!PyArg_ParseTuple(args, "I", &flags) || !(h = handle_enter(self)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_interfaces_get(h, flags, &interfaces);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    if (code != 0)
        return error_raise(code, &words, NULL);
    list = PyList_New((Py_ssize_t)arpq_interfaces_count(interfaces));
    for (uint32_t i = 0; list && i < arpq_interfaces_count(interfaces); i++) {
        PyObject *item = list_interface(interfaces, i);

        if (!item || PyList_SetItem(list, (Py_ssize_t)i, item) != 0)
            Py_CLEAR(list);
    }
    flags = arpq_interfaces_flags(interfaces);
    arpq_interfaces_free(interfaces);
    return list ? Py_BuildValue("(NI)", list, flags) : NULL;
}

/* _gateways(family, flags) -> (list, flags) */
PyObject *list_gateways(PyObject *object, PyObject *args)
{
    struct handle_object *self = (struct handle_object *)object;
    struct arpq_gateways *gateways;
    const struct arpq_gateway *entries;
    struct arpq_handle *h;
    uint32_t count, stride;
    struct words words;
    PyObject *list;
    unsigned short family;
    unsigned flags;
    int code;

    if (!PyArg_ParseTuple(args, "HI", &family, &flags) || !(h = handle_enter(self)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_gateways_get(h, family, flags, &gateways);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    if (code != 0)
        return error_raise(code, &words, NULL);
    entries = arpq_gateways_entries(gateways, &count, &stride);
    list = value_list(TYPE_GATEWAY, entries, count, stride);
    flags = arpq_gateways_flags(gateways);
    arpq_gateways_free(gateways);
    return list ? Py_BuildValue("(NI)", list, flags) : NULL;
}

PyObject *list_table_stats(PyObject *object, PyObject *number)
{
    struct handle_object *self = (struct handle_object *)object;
    struct arpq_table_stats stats;
    struct arpq_handle *h;
    struct words words;
    uint32_t family;
    int code;

    if (!convert_u32(number, "family", &family) || !(h = handle_enter(self)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_table_stats(h, (uint16_t)family, &stats);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    return code == 0 ? value_new(TYPE_TABLE_STATS, &stats, NULL)
                     : error_raise(code, &words, number);
}
