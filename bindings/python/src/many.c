/* SPDX-License-Identifier: MIT */
/* Handle.lookup_many and get_many. */
#include "binding.h"

/* The arguments and results of a call about many addresses. */
struct many {
    PyObject *sequence;
    Py_ssize_t count;
    uint32_t ifindex;
    unsigned flags;
    int exceptions; /* an unknown address is an exception in the list, not None */
    struct arpq_ip *ips;
    int32_t *codes;
    void *answers;
};

static void many_free(struct many *many)
{
    Py_XDECREF(many->sequence);
    PyMem_Free(many->ips);
    PyMem_Free(many->codes);
    PyMem_Free(many->answers);
}

/* (ips, interface, flags, return_exceptions) */
static bool many_read(struct handle_object *self, PyObject *args, size_t size, struct many *many)
{
    PyObject *ips, *interface;

    if (!PyArg_ParseTuple(args, "OOIp", &ips, &interface, &many->flags, &many->exceptions) ||
        !convert_interface(self, interface, &many->ifindex))
        return false;
    many->sequence = PySequence_List(ips);
    if (!many->sequence)
        return false;
    many->count = PyList_Size(many->sequence);
    many->ips = PyMem_Calloc((size_t)many->count + 1, sizeof *many->ips);
    many->codes = PyMem_Calloc((size_t)many->count + 1, sizeof *many->codes);
    many->answers = PyMem_Calloc((size_t)many->count + 1, size);
    if (!many->ips || !many->codes || !many->answers) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < many->count; i++) {
        if (!convert_ip(self, PyList_GetItem(many->sequence, i), &many->ips[i]))
            return false;
    }
    return true;
}

/* What stands in the list for an address without an answer. */
static PyObject *many_unknown(const struct many *many, Py_ssize_t i)
{
    if (!many->exceptions && error_is_unknown(many->codes[i]))
        Py_RETURN_NONE;
    if (many->exceptions)
        return error_make(many->codes[i], NULL, PyList_GetItem(many->sequence, i));
    return error_raise(many->codes[i], NULL, PyList_GetItem(many->sequence, i));
}

static PyObject *many_list(const struct many *many, bool whole)
{
    const struct arpq_neigh *neighs = many->answers;
    const struct arpq_mac *macs = many->answers;
    PyObject *list = PyList_New(many->count);

    for (Py_ssize_t i = 0; list && i < many->count; i++) {
        PyObject *item;

        if (many->codes[i] != 0)
            item = many_unknown(many, i);
        else
            item = whole ? value_new(TYPE_NEIGH, &neighs[i], NULL) : convert_from_mac(&macs[i]);
        if (!item || PyList_SetItem(list, i, item) != 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *many_ask(PyObject *object, PyObject *args, bool whole)
{
    struct handle_object *self = (struct handle_object *)object;
    struct many many = {0};
    PyObject *list = NULL;
    struct arpq_handle *h;
    struct words words;
    int code;

    if (many_read(self, args, whole ? sizeof(struct arpq_neigh) : sizeof(struct arpq_mac), &many) &&
        (h = handle_enter(self)) != NULL) {
        Py_BEGIN_ALLOW_THREADS
        if (whole) {
            code = arpq_neigh_get_many(h, many.ips, (uint32_t)many.count, many.ifindex, many.flags,
                                       many.answers, many.codes);
        } else {
            code = arpq_lookup_many(h, many.ips, (uint32_t)many.count, many.ifindex, many.flags,
                                    many.answers, many.codes);
        }
        words_of_thread(&words, h);
        Py_END_ALLOW_THREADS
        handle_leave(self);
        list = code < 0 ? error_raise(code, &words, NULL) : many_list(&many, whole);
    }
    many_free(&many);
    return list;
}

PyObject *many_lookup(PyObject *self, PyObject *args)
{
    return many_ask(self, args, false);
}

PyObject *many_get(PyObject *self, PyObject *args)
{
    return many_ask(self, args, true);
}
