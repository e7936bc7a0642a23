/* SPDX-License-Identifier: MIT */
/* The type Handle: opening, closing, and the questions about one address. */
#include "binding.h"

#include <errno.h>
#include <string.h>

PyTypeObject *handle_type;

/* Returns the handle, which stays open until handle_leave; NULL and an exception if it is closed. */
struct arpq_handle *handle_enter(struct handle_object *self)
{
    if (!self->h || self->closing) {
        PyErr_SetString(PyExc_ValueError, "the arpq.Handle is closed; open another one");
        return NULL;
    }
    self->users++;
    return self->h;
}

void handle_leave(struct handle_object *self)
{
    struct arpq_handle *h = self->h;

    if (--self->users == 0 && self->closing) {
        self->h = NULL;
        arpq_close(h);
    }
}

/* The handle that an argument is, or NULL and an exception. */
struct handle_object *handle_check(PyObject *object)
{
    int is = PyObject_IsInstance(object, (PyObject *)handle_type);

    if (is > 0)
        return (struct handle_object *)object;
    if (is == 0)
        PyErr_Format(PyExc_TypeError, "an arpq.Handle is required, not %R", object);
    return NULL;
}

static PyObject *handle_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args;
    (void)kwargs;
    return PyType_GenericAlloc(type, 0);
}

/* __init__(netns_fd): -1 is the namespace of the calling thread */
static int handle_init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    struct handle_object *self = (struct handle_object *)object;
    struct arpq_options options = {.size = sizeof options, .flags = ARPQ_OPEN_INTERRUPTIBLE};
    struct arpq_handle *h = NULL;
    int fd = -1;
    int code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "|i", &fd))
        return -1;
    if (self->h) {
        PyErr_SetString(PyExc_ValueError, "the arpq.Handle is open; make another object");
        return -1;
    }
    if (fd >= 0) {
        options.flags |= ARPQ_OPEN_IN_NETNS;
        options.netns_fd = fd;
    }
    Py_BEGIN_ALLOW_THREADS
    code = arpq_open(&h, &options);
    Py_END_ALLOW_THREADS
    if (code != 0) {
        error_raise(code, NULL, NULL);
        return -1;
    }
    if (self->h) { /* another thread called __init__ meanwhile */
        arpq_close(h);
        PyErr_SetString(PyExc_ValueError, "the arpq.Handle is open; make another object");
        return -1;
    }
    self->h = h;
    self->closing = false;
    return 0;
}

static PyObject *handle_close(PyObject *object, PyObject *none)
{
    struct handle_object *self = (struct handle_object *)object;

    (void)none;
    if (self->h && !self->closing) {
        self->closing = true;
        self->users++;
        handle_leave(self);
    }
    Py_RETURN_NONE;
}

static void handle_dealloc(PyObject *object)
{
    struct handle_object *self = (struct handle_object *)object;

    if (self->h)
        arpq_close(self->h);
    module_free_object(object);
}

static PyObject *handle_closed(PyObject *object, void *closure)
{
    const struct handle_object *self = (const struct handle_object *)object;

    (void)closure;
    return PyBool_FromLong(!self->h || self->closing);
}

/* The arguments of lookup, get and peer. */
struct question {
    PyObject *subject;
    PyObject *interface;
    PyObject *missing; /* what to return for an address that is not known, or NULL */
    uint32_t ifindex;
    uint32_t flags;
};

static bool handle_read_question(PyObject *args, PyObject *kwargs, struct question *question)
{
    static char *names[] = {"ip", "interface", "flags", "default", NULL};
    PyObject *flags = NULL;

    memset(question, 0, sizeof *question);
    question->interface = Py_None;
    if (!kwargs && PyTuple_Size(args) == 1) { /* the usual case, in a third of the time */
        question->subject = PyTuple_GetItem(args, 0);
        return true;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O$OO", names, &question->subject,
                                     &question->interface, &flags, &question->missing))
        return false;
    return !flags || convert_u32(flags, "flags", &question->flags);
}

/* What an unsuccessful question gives: the default, or an exception. */
static PyObject *handle_unknown(int code, const struct words *words,
                                const struct question *question)
{
    if (question->missing && error_is_unknown(code)) {
        Py_INCREF(question->missing);
        return question->missing;
    }
    return error_raise(code, words, question->subject);
}

static PyObject *handle_lookup(PyObject *object, PyObject *args, PyObject *kwargs)
{
    struct handle_object *self = (struct handle_object *)object;
    struct question question;
    struct arpq_handle *h;
    struct arpq_mac mac;
    struct arpq_ip ip;
    struct words words;
    int code;

    if (!handle_read_question(args, kwargs, &question) ||
        !convert_ip(self, question.subject, &ip) ||
        !convert_interface(self, question.interface, &question.ifindex))
        return NULL;
    h = handle_enter(self);
    if (!h)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_lookup(h, &ip, question.ifindex, question.flags, &mac);
    if (code != 0)
        words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    return code == 0 ? convert_from_mac(&mac) : handle_unknown(code, &words, &question);
}

static PyObject *handle_get(PyObject *object, PyObject *args, PyObject *kwargs)
{
    struct handle_object *self = (struct handle_object *)object;
    struct question question;
    struct arpq_handle *h;
    struct arpq_neigh neigh;
    struct arpq_ip ip;
    struct words words;
    int code;

    if (!handle_read_question(args, kwargs, &question) ||
        !convert_ip(self, question.subject, &ip) ||
        !convert_interface(self, question.interface, &question.ifindex))
        return NULL;
    h = handle_enter(self);
    if (!h)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_neigh_get(h, &ip, question.ifindex, question.flags, &neigh);
    if (code != 0)
        words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    return code == 0 ? value_new(TYPE_NEIGH, &neigh, NULL)
                     : handle_unknown(code, &words, &question);
}

static PyObject *handle_peer(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"sock", "flags", "default", NULL};
    struct handle_object *self = (struct handle_object *)object;
    struct question question = {0};
    PyObject *flags = NULL;
    struct arpq_handle *h;
    struct arpq_mac mac;
    struct words words;
    int fd, code;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$OO", names, &question.subject, &flags,
                                     &question.missing) ||
        (flags && !convert_u32(flags, "flags", &question.flags)))
        return NULL;
    fd = PyObject_AsFileDescriptor(question.subject);
    if (fd < 0)
        return NULL;
    h = handle_enter(self);
    if (!h)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_peer(h, fd, question.flags, &mac);
    if (code != 0)
        words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    return code == 0 ? convert_from_mac(&mac) : handle_unknown(code, &words, &question);
}

/* _resolve_at_once(ip, interface, flags): asks the kernel to resolve, and does not wait */
static PyObject *handle_resolve_at_once(PyObject *object, PyObject *args)
{
    struct handle_object *self = (struct handle_object *)object;
    PyObject *subject, *interface;
    struct arpq_handle *h;
    struct arpq_neigh neigh;
    struct arpq_ip ip;
    struct words words;
    uint32_t ifindex;
    unsigned flags;
    int code;

    if (!PyArg_ParseTuple(args, "OOI", &subject, &interface, &flags) ||
        !convert_ip(self, subject, &ip) || !convert_interface(self, interface, &ifindex))
        return NULL;
    h = handle_enter(self);
    if (!h)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_resolve(h, &ip, ifindex, flags, 0, &neigh);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    return code == 0 ? value_new(TYPE_NEIGH, &neigh, NULL) : error_raise(code, &words, subject);
}

static PyObject *handle_interface_index(PyObject *object, PyObject *name)
{
    uint32_t ifindex;

    if (!PyUnicode_Check(name))
        return PyErr_Format(PyExc_TypeError, "the name of an interface is str, not %R", name);
    if (!convert_interface((struct handle_object *)object, name, &ifindex))
        return NULL;
    return PyLong_FromUnsignedLong(ifindex);
}

static PyObject *handle_interface_name(PyObject *object, PyObject *number)
{
    struct handle_object *self = (struct handle_object *)object;
    char name[ARPQ_IFNAME_SIZE];
    struct arpq_handle *h;
    uint32_t ifindex;
    int code;

    if (!convert_u32(number, "an ifindex", &ifindex) || !(h = handle_enter(self)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_interface_name(h, ifindex, name);
    Py_END_ALLOW_THREADS
    handle_leave(self);
    if (code != 0)
        return error_raise(code, NULL, number);
    return PyUnicode_DecodeUTF8(name, (Py_ssize_t)strlen(name), "surrogateescape");
}

static PyObject *handle_wake(PyObject *object, PyObject *none)
{
    struct arpq_handle *h = handle_enter((struct handle_object *)object);

    (void)none;
    if (!h)
        return NULL;
    arpq_wake(h);
    handle_leave((struct handle_object *)object);
    Py_RETURN_NONE;
}

static PyObject *handle_wake_clear(PyObject *object, PyObject *none)
{
    struct arpq_handle *h = handle_enter((struct handle_object *)object);

    (void)none;
    if (!h)
        return NULL;
    arpq_wake_clear(h);
    handle_leave((struct handle_object *)object);
    Py_RETURN_NONE;
}

#define KEYWORDS(function) (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS

static PyMethodDef handle_methods[] = {
    {"lookup", KEYWORDS(handle_lookup),
     "lookup(ip, interface=None, *, flags=0, default=...)\n--\n\n"
     "Return the MAC of an IP address that the kernel knows.\n\n"
     "ip is str, int, bytes (4 or 16) or an object of ipaddress; interface is a name or an\n"
     "ifindex, and is chosen by the kernel's routes if it is None; flags are arpq.Lookup.\n"
     "Raise NotFound, InProgress, Unreachable or NotDirect for an address that is not known,\n"
     "unless there is a default."},
    {"get", KEYWORDS(handle_get),
     "get(ip, interface=None, *, flags=0, default=...)\n--\n\n"
     "Return the whole neighbour entry (Neigh) of an IP address. The arguments are those of\n"
     "lookup."},
    {"peer", KEYWORDS(handle_peer),
     "peer(sock, *, flags=0, default=...)\n--\n\n"
     "Return the MAC of the host at the other end of a connected socket (or descriptor)."},
    {"close", handle_close, METH_NOARGS,
     "close()\n--\n\nClose the handle. What was opened on it goes on working. It may be closed "
     "twice."},
    {"interface_index", handle_interface_index, METH_O,
     "interface_index(name)\n--\n\nReturn the ifindex of a name, alternative name or label."},
    {"interface_name", handle_interface_name, METH_O,
     "interface_name(ifindex)\n--\n\nReturn the name of an interface."},
    {"wake", handle_wake, METH_NOARGS,
     "wake()\n--\n\nEnd the waits of all calls on the handle with Cancelled, also of later ones."},
    {"wake_clear", handle_wake_clear, METH_NOARGS, "wake_clear()\n--\n\nLet calls wait again."},
    {"_resolve_at_once", handle_resolve_at_once, METH_VARARGS, NULL},
    {"_table", list_table, METH_O, NULL},
    {"_interfaces", list_interfaces, METH_VARARGS, NULL},
    {"_gateways", list_gateways, METH_VARARGS, NULL},
    {"_table_stats", list_table_stats, METH_O, NULL},
    {"_lookup_many", many_lookup, METH_VARARGS, NULL},
    {"_get_many", many_get, METH_VARARGS, NULL},
    {0},
};

static PyGetSetDef handle_getters[] = {
    {"closed", handle_closed, NULL, "Whether the handle is closed.", NULL},
    {0},
};

static PyType_Slot handle_slots[] = {
    {Py_tp_new, handle_new},         {Py_tp_init, handle_init},
    {Py_tp_dealloc, handle_dealloc}, {Py_tp_methods, handle_methods},
    {Py_tp_getset, handle_getters},  {0},
};

static PyType_Spec handle_spec = {
    .name = "arpq._arpq.Handle",
    .basicsize = sizeof(struct handle_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = handle_slots,
};

int handle_add_type(PyObject *module)
{
    handle_type = module_add_type(module, &handle_spec);
    return handle_type ? 0 : -1;
}
