/* SPDX-License-Identifier: MIT */
/* The type Mirror: the table in memory. Any number of threads may ask it at a time. */
#include "binding.h"

#include <errno.h>

struct mirror_object {
    PyObject_HEAD struct arpq_mirror *mirror;
    struct arpq_handle *h;
    PyObject *handle;
    unsigned users;
    bool closing;
};

static struct arpq_mirror *mirror_enter(struct mirror_object *self)
{
    if (!self->mirror || self->closing) {
        PyErr_SetString(PyExc_ValueError, "the arpq.Mirror is closed; open another one");
        return NULL;
    }
    self->users++;
    return self->mirror;
}

static void mirror_leave(struct mirror_object *self)
{
    struct arpq_mirror *mirror = self->mirror;

    if (--self->users == 0 && self->closing) {
        self->mirror = NULL;
        arpq_mirror_close(mirror);
    }
}

/* Mirror(handle, thread, receive_buffer, damping_ms) */
static PyObject *mirror_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct arpq_mirror_options options = {.size = sizeof options};
    struct mirror_object *self;
    struct handle_object *handle;
    struct arpq_mirror *mirror = NULL;
    struct arpq_handle *h;
    struct words words;
    PyObject *first;
    int thread, code;

    (void)kwargs;
    if (!PyArg_ParseTuple(args, "OpII", &first, &thread, &options.receive_buffer,
                          &options.damping_ms) ||
        !(handle = handle_check(first)))
        return NULL;
    self = (struct mirror_object *)PyType_GenericAlloc(type, 0);
    h = self ? handle_enter(handle) : NULL;
    if (!h) {
        Py_XDECREF(self);
        return NULL;
    }
    options.flags = thread ? ARPQ_MIRROR_THREAD : 0;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_mirror_open(h, &mirror, &options);
    words_of_thread(&words, h);
    Py_END_ALLOW_THREADS
    handle_leave(handle);
    self->mirror = mirror;
    self->h = h;
    Py_INCREF(first);
    self->handle = first;
    if (code != 0) {
        Py_DECREF(self);
        return error_raise(code, &words, NULL);
    }
    return (PyObject *)self;
}

static PyObject *mirror_close(PyObject *object, PyObject *none)
{
    struct mirror_object *self = (struct mirror_object *)object;

    (void)none;
    if (self->mirror && !self->closing) {
        self->closing = true;
        self->users++;
        mirror_leave(self);
    }
    Py_RETURN_NONE;
}

static int mirror_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(((struct mirror_object *)object)->handle);
    Py_VISIT(Py_TYPE(object));
    return 0;
}

static int mirror_clear(PyObject *object)
{
    Py_CLEAR(((struct mirror_object *)object)->handle);
    return 0;
}

static void mirror_dealloc(PyObject *object)
{
    PyObject_GC_UnTrack(object);
    arpq_mirror_close(((struct mirror_object *)object)->mirror);
    mirror_clear(object);
    module_free_object(object);
}

static PyObject *mirror_closed(PyObject *object, void *closure)
{
    const struct mirror_object *self = (const struct mirror_object *)object;

    (void)closure;
    return PyBool_FromLong(!self->mirror || self->closing);
}

/* The arguments (ip, interface=None, *, default=...) of lookup and get. */
struct mirror_question {
    PyObject *subject, *missing;
    struct arpq_ip ip;
    uint32_t ifindex;
};

static bool mirror_read(struct mirror_object *self, PyObject *args, PyObject *kwargs,
                        struct mirror_question *question)
{
    static char *names[] = {"ip", "interface", "default", NULL};
    struct handle_object *handle = (struct handle_object *)self->handle;
    PyObject *interface = Py_None;

    question->missing = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O$O", names, &question->subject, &interface,
                                     &question->missing))
        return false;
    return convert_ip(handle, question->subject, &question->ip) &&
           convert_interface(handle, interface, &question->ifindex);
}

static PyObject *mirror_unknown(int code, const struct mirror_question *question)
{
    if (question->missing && error_is_unknown(code)) {
        Py_INCREF(question->missing);
        return question->missing;
    }
    return error_raise(code, NULL, question->subject);
}

/* The GIL stays: a question takes less time than giving it back. */
static PyObject *mirror_lookup(PyObject *object, PyObject *args, PyObject *kwargs)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct mirror_question question;
    struct arpq_mirror *mirror;
    struct arpq_mac mac;
    int code;

    if (!mirror_read(self, args, kwargs, &question) || !(mirror = mirror_enter(self)))
        return NULL;
    code = arpq_mirror_lookup(mirror, &question.ip, question.ifindex, &mac);
    mirror_leave(self);
    return code == 0 ? convert_from_mac(&mac) : mirror_unknown(code, &question);
}

static PyObject *mirror_get(PyObject *object, PyObject *args, PyObject *kwargs)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct mirror_question question;
    struct arpq_mirror *mirror;
    struct arpq_neigh neigh;
    int code;

    if (!mirror_read(self, args, kwargs, &question) || !(mirror = mirror_enter(self)))
        return NULL;
    code = arpq_mirror_get(mirror, &question.ip, question.ifindex, &neigh);
    mirror_leave(self);
    return code == 0 ? value_new(TYPE_NEIGH, &neigh, NULL) : mirror_unknown(code, &question);
}

static PyObject *mirror_table(PyObject *object, PyObject *tuple)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct arpq_filter filter;
    struct arpq_mirror *mirror;
    struct arpq_table *table;
    int code;

    if (!list_filter((struct handle_object *)self->handle, tuple, &filter) ||
        !(mirror = mirror_enter(self)))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    code = arpq_mirror_table(mirror, &filter, &table);
    Py_END_ALLOW_THREADS
    mirror_leave(self);
    return code == 0 ? list_from_table(table) : error_raise(code, NULL, NULL);
}

/* find_mac(mac): room is asked for first, and asked for again while it was not enough */
static PyObject *mirror_find_mac(PyObject *object, PyObject *address)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct arpq_neigh *neighs = NULL;
    struct arpq_mirror *mirror;
    struct arpq_mac mac;
    uint32_t room = 0;
    PyObject *list = NULL;
    int count = 0;

    if (!convert_mac(address, &mac) || !(mirror = mirror_enter(self)))
        return NULL;
    do {
        PyMem_Free(neighs);
        room = (uint32_t)count + 8;
        neighs = PyMem_Calloc(room, sizeof *neighs);
        count = neighs ? arpq_mirror_find_mac(mirror, &mac, neighs, room) : -ENOMEM;
    } while (count > (int)room);
    mirror_leave(self);
    list = count < 0 ? error_raise(count, NULL, address)
                     : value_list(TYPE_NEIGH, neighs, (uint32_t)count, sizeof *neighs);
    PyMem_Free(neighs);
    return list;
}

static PyObject *mirror_sync(PyObject *object, PyObject *none)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct arpq_mirror *mirror = mirror_enter(self);
    struct words words;
    int count;

    (void)none;
    if (!mirror)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    count = arpq_mirror_sync(mirror);
    words_of_object(&words, self->h);
    Py_END_ALLOW_THREADS
    mirror_leave(self);
    return count < 0 ? error_raise(count, &words, NULL) : PyLong_FromLong(count);
}

static PyObject *mirror_stats(PyObject *object, PyObject *none)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct arpq_mirror *mirror = mirror_enter(self);
    struct arpq_sync_stats stats;

    (void)none;
    if (!mirror)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    arpq_mirror_stats(mirror, &stats);
    Py_END_ALLOW_THREADS
    mirror_leave(self);
    return value_new(TYPE_SYNC_STATS, &stats, NULL);
}

static PyObject *mirror_fileno(PyObject *object, PyObject *none)
{
    struct mirror_object *self = (struct mirror_object *)object;
    struct arpq_mirror *mirror = mirror_enter(self);
    int fd;

    (void)none;
    if (!mirror)
        return NULL;
    fd = arpq_mirror_fd(mirror);
    mirror_leave(self);
    return fd < 0 ? error_raise(fd, NULL, NULL) : PyLong_FromLong(fd);
}

#define KEYWORDS(function) (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS

static PyMethodDef mirror_methods[] = {
    {"lookup", KEYWORDS(mirror_lookup),
     "lookup(ip, interface=None, *, default=...)\n--\n\n"
     "Return the MAC of an IP address, from memory and without a system call."},
    {"get", KEYWORDS(mirror_get),
     "get(ip, interface=None, *, default=...)\n--\n\nReturn the whole entry (Neigh)."},
    {"find_mac", mirror_find_mac, METH_O,
     "find_mac(mac)\n--\n\nReturn the list of the entries with a MAC."},
    {"sync", mirror_sync, METH_NOARGS,
     "sync()\n--\n\nApply the changes that wait; return how many. Needed without a thread."},
    {"stats", mirror_stats, METH_NOARGS, "stats()\n--\n\nReturn the counters (SyncStats)."},
    {"fileno", mirror_fileno, METH_NOARGS,
     "fileno()\n--\n\nReturn a descriptor that is readable when sync is to be called."},
    {"close", mirror_close, METH_NOARGS, "close()\n--\n\nClose it. It may be closed twice."},
    {"_table", mirror_table, METH_O, NULL},
    {0},
};

static PyGetSetDef mirror_getters[] = {
    {"closed", mirror_closed, NULL, "Whether it is closed.", NULL},
    {0},
};

static PyType_Slot mirror_slots[] = {
    {Py_tp_new, mirror_new},
    {Py_tp_dealloc, mirror_dealloc},
    {Py_tp_traverse, mirror_traverse},
    {Py_tp_clear, mirror_clear},
    {Py_tp_methods, mirror_methods},
    {Py_tp_getset, mirror_getters},
    {0},
};

static PyType_Spec mirror_spec = {
    .name = "arpq._arpq.Mirror",
    .basicsize = sizeof(struct mirror_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = mirror_slots,
};

int mirror_add_type(PyObject *module)
{
    return module_add_type(module, &mirror_spec) ? 0 : -1;
}
