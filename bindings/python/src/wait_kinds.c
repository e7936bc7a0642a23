/* SPDX-License-Identifier: MIT */
/* The kinds of objects that wait: how each is opened, asked and closed. */
#include "wait.h"

#include <string.h>

static int kind_watch_next(void *object, union wait_result *result, int32_t timeout_ms)
{
    return arpq_watch_next(object, &result->event, timeout_ms);
}

static int kind_watch_fd(const void *object)
{
    return arpq_watch_fd(object);
}

static void kind_watch_close(void *object)
{
    arpq_watch_close(object);
}

static PyObject *kind_watch_stats(void *object)
{
    struct arpq_sync_stats stats;

    arpq_watch_stats(object, &stats);
    return value_new(TYPE_SYNC_STATS, &stats, NULL);
}

static int kind_resolver_next(void *object, union wait_result *result, int32_t timeout_ms)
{
    return arpq_resolver_next(object, &result->resolved, timeout_ms);
}

static int kind_resolver_fd(const void *object)
{
    return arpq_resolver_fd(object);
}

static void kind_resolver_close(void *object)
{
    arpq_resolver_close(object);
}

static int kind_pinger_next(void *object, union wait_result *result, int32_t timeout_ms)
{
    return arpq_pinger_next(object, &result->pinged, timeout_ms);
}

static int kind_pinger_fd(const void *object)
{
    return arpq_pinger_fd(object);
}

static void kind_pinger_close(void *object)
{
    arpq_pinger_close(object);
}

static int kind_sweep_next(void *object, union wait_result *result, int32_t timeout_ms)
{
    return arpq_sweep_next(object, &result->found, timeout_ms);
}

static int kind_sweep_fd(const void *object)
{
    return arpq_sweep_fd(object);
}

static void kind_sweep_close(void *object)
{
    arpq_sweep_close(object);
}

static PyObject *kind_sweep_stats(void *object)
{
    struct arpq_sweep_stats stats;

    arpq_sweep_stats(object, &stats);
    return value_new(TYPE_SWEEP_STATS, &stats, NULL);
}

static int kind_sniffer_next(void *object, union wait_result *result, int32_t timeout_ms)
{
    return arpq_sniffer_next(object, &result->sniffed, timeout_ms);
}

static int kind_sniffer_fd(const void *object)
{
    return arpq_sniffer_fd(object);
}

static void kind_sniffer_close(void *object)
{
    arpq_sniffer_close(object);
}

static PyObject *kind_sniffer_stats(void *object)
{
    struct arpq_sniffer_stats stats;

    arpq_sniffer_stats(object, &stats);
    return value_new(TYPE_SNIFFER_STATS, &stats, NULL);
}

static const struct wait_kind kind_watch = {"Watch",       TYPE_EVENT,       kind_watch_next,
                                            kind_watch_fd, kind_watch_close, kind_watch_stats};
static const struct wait_kind kind_resolver = {
    "Resolver", TYPE_RESOLVED, kind_resolver_next, kind_resolver_fd, kind_resolver_close, NULL};
static const struct wait_kind kind_pinger = {"Pinger",       TYPE_PINGED,       kind_pinger_next,
                                             kind_pinger_fd, kind_pinger_close, NULL};
static const struct wait_kind kind_sweep = {"Sweep",       TYPE_FOUND,       kind_sweep_next,
                                            kind_sweep_fd, kind_sweep_close, kind_sweep_stats};
static const struct wait_kind kind_sniffer = {"Sniffer",          TYPE_SNIFFED,
                                              kind_sniffer_next,  kind_sniffer_fd,
                                              kind_sniffer_close, kind_sniffer_stats};

/* The end of each tp_new: the object, or the exception of the code. */
static PyObject *kind_opened(PyTypeObject *type, const struct wait_kind *kind, void *object,
                             struct handle_object *handle, struct arpq_handle *h, int code,
                             const struct words *words, PyObject *subject)
{
    PyObject *self = NULL;

    if (code == 0)
        self = wait_make(type, kind, object, (PyObject *)handle, h);
    handle_leave(handle);
    return code == 0 ? self : error_raise(code, words, subject);
}

/* Watch(handle, filter, flags, receive_buffer, damping_ms) */
static PyObject *kind_watch_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct arpq_watch_options options = {.size = sizeof options};
    struct handle_object *handle;
    PyObject *first, *filter;
    struct arpq_watch *watch = NULL;
    struct arpq_handle *h;
    struct words words;
    int code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OOIII", &first, &filter, &options.flags, &options.receive_buffer,
                          &options.damping_ms) ||
        !(handle = handle_check(first)) || !list_filter(handle, filter, &options.filter) ||
        !(h = handle_enter(handle)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_watch_open(h, &watch, &options);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    return kind_opened(type, &kind_watch, watch, handle, h, code, &words, NULL);
}

/* Resolver(handle, flags, answer_ms, max_age_ms, window) */
static PyObject *kind_resolver_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct arpq_resolve_options options = {.size = sizeof options};
    struct arpq_resolver *resolver = NULL;
    struct handle_object *handle;
    struct arpq_handle *h;
    struct words words;
    PyObject *first;
    int code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OIIII", &first, &options.flags, &options.answer_ms,
                          &options.max_age_ms, &options.window) ||
        !(handle = handle_check(first)) || !(h = handle_enter(handle)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_resolver_open(h, &resolver, &options);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    return kind_opened(type, &kind_resolver, resolver, handle, h, code, &words, NULL);
}

static bool kind_source(struct handle_object *handle, PyObject *source, struct arpq_ip *ip)
{
    return source == Py_None || convert_ip(handle, source, ip);
}

/* Pinger(handle, flags, interface, answer_ms, payload_size, hop_limit, source, window) */
static PyObject *kind_pinger_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct arpq_ping_options options = {.size = sizeof options};
    PyObject *first, *interface, *source;
    struct arpq_pinger *pinger = NULL;
    struct handle_object *handle;
    struct arpq_handle *h;
    struct words words;
    int code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OIOIIbOI", &first, &options.flags, &interface, &options.answer_ms,
                          &options.payload_size, &options.hop_limit, &source, &options.window) ||
        !(handle = handle_check(first)) ||
        !convert_interface(handle, interface, &options.ifindex) ||
        !kind_source(handle, source, &options.source) || !(h = handle_enter(handle)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_pinger_open(h, &pinger, &options);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    return kind_opened(type, &kind_pinger, pinger, handle, h, code, &words, NULL);
}

/* Sweep(handle, prefix, length, flags, interface, rate, attempts, answer_ms, source, vlan) */
static PyObject *kind_sweep_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct arpq_sweep_options options = {.size = sizeof options};
    PyObject *first, *prefix, *interface, *source;
    struct arpq_sweep *sweep = NULL;
    struct handle_object *handle;
    struct arpq_handle *h;
    struct arpq_ip ip;
    struct words words;
    unsigned length;
    int code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OOIIOIIIOI", &first, &prefix, &length, &options.flags, &interface,
                          &options.rate, &options.attempts, &options.answer_ms, &source,
                          &options.vlan) ||
        !(handle = handle_check(first)) || !convert_ip(handle, prefix, &ip) ||
        !convert_interface(handle, interface, &options.ifindex) ||
        !kind_source(handle, source, &options.source) || !(h = handle_enter(handle)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_sweep_open(h, &sweep, &ip, length, &options);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    return kind_opened(type, &kind_sweep, sweep, handle, h, code, &words, prefix);
}

/* Sniffer(handle, flags, interface, receive_buffer, damping_ms, claims_max) */
static PyObject *kind_sniffer_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct arpq_sniffer_options options = {.size = sizeof options};
    struct arpq_sniffer *sniffer = NULL;
    struct handle_object *handle;
    PyObject *first, *interface;
    struct arpq_handle *h;
    struct words words;
    int code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OIOIII", &first, &options.flags, &interface,
                          &options.receive_buffer, &options.damping_ms, &options.claims_max) ||
        !(handle = handle_check(first)) ||
        !convert_interface(handle, interface, &options.ifindex) || !(h = handle_enter(handle)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_sniffer_open(h, &sniffer, &options);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    return kind_opened(type, &kind_sniffer, sniffer, handle, h, code, &words, interface);
}

/* add(ip, interface, token) of a resolver */
static PyObject *kind_resolver_add(PyObject *object, PyObject *args)
{
    struct wait_object *self = (struct wait_object *)object;
    struct handle_object *handle = (struct handle_object *)self->handle;
    PyObject *subject, *interface;
    unsigned long long token;
    uint32_t ifindex;
    struct arpq_ip ip;
    int code;

    if (!PyArg_ParseTuple(args, "OOK", &subject, &interface, &token) ||
        !convert_ip(handle, subject, &ip) || !convert_interface(handle, interface, &ifindex) ||
        !wait_enter(self))
        return NULL;
    code = arpq_resolver_add(self->object, &ip, ifindex, token);
    wait_leave(self);
    if (code != 0)
        return error_raise(code, NULL, subject);
    Py_RETURN_NONE;
}

/* add(ip, sequence, token) of a pinger */
static PyObject *kind_pinger_add(PyObject *object, PyObject *args)
{
    struct wait_object *self = (struct wait_object *)object;
    unsigned long long token;
    unsigned short sequence;
    PyObject *subject;
    struct arpq_ip ip;
    int code;

    if (!PyArg_ParseTuple(args, "OHK", &subject, &sequence, &token) ||
        !convert_ip((struct handle_object *)self->handle, subject, &ip) || !wait_enter(self))
        return NULL;
    code = arpq_pinger_add(self->object, &ip, sequence, token);
    wait_leave(self);
    if (code != 0)
        return error_raise(code, NULL, subject);
    Py_RETURN_NONE;
}

static PyMethodDef kind_no_methods[] = {{0}};
static PyMethodDef kind_resolver_methods[] = {
    {"_add", kind_resolver_add, METH_VARARGS, NULL},
    {0},
};
static PyMethodDef kind_pinger_methods[] = {
    {"_add", kind_pinger_add, METH_VARARGS, NULL},
    {0},
};

int wait_add_kinds(PyObject *module)
{
    if (!wait_add_type(module, "arpq._arpq.Watch", kind_watch_new, kind_no_methods) ||
        !wait_add_type(module, "arpq._arpq.Resolver", kind_resolver_new, kind_resolver_methods) ||
        !wait_add_type(module, "arpq._arpq.Pinger", kind_pinger_new, kind_pinger_methods) ||
        !wait_add_type(module, "arpq._arpq.Sweep", kind_sweep_new, kind_no_methods) ||
        !wait_add_type(module, "arpq._arpq.Sniffer", kind_sniffer_new, kind_no_methods))
        return -1;
    return 0;
}
