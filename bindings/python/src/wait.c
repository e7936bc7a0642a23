/* SPDX-License-Identifier: MIT */
/* What all objects that wait have in common. A wait is cut into slices, between which the signal
 * handlers of Python run: a signal that another thread receives, or that comes before the wait,
 * ends no system call. */
#include "wait.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define SLICE_MS 200

/* Claims the object for a call; false and an exception if it is closed or used elsewhere. */
bool wait_enter(struct wait_object *self)
{
    if (!self->object || self->closing) {
        PyErr_Format(PyExc_ValueError, "the arpq.%s is closed; open another one", self->kind->name);
        return false;
    }
    if (self->pid != getpid()) {
        PyErr_Format(PyExc_RuntimeError,
                     "the arpq.%s was opened before the fork; open another one in this process",
                     self->kind->name);
        return false;
    }
    if (self->busy) {
        PyErr_Format(PyExc_RuntimeError,
                     "another thread waits on this arpq.%s; one thread at a time may use it",
                     self->kind->name);
        return false;
    }
    self->busy = true;
    return true;
}

void wait_leave(struct wait_object *self)
{
    void *object = self->object;

    self->busy = false;
    if (self->closing) {
        self->object = NULL;
        self->kind->close(object);
    }
}

static int64_t wait_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* One slice of a wait: 1, 0, or a negative code. */
static int wait_slice(struct wait_object *self, union wait_result *result, int64_t timeout_ms,
                      struct words *words)
{
    int32_t slice = timeout_ms < 0 || timeout_ms > SLICE_MS ? SLICE_MS : (int32_t)timeout_ms;
    int code;

    Py_BEGIN_ALLOW_THREADS
    code = self->kind->next(self->object, result, slice);
    if (code < 0)
        words_of_object(words, self->h);
    Py_END_ALLOW_THREADS
    return code;
}

/* Returns 1 with a result, 0 when the time has passed, -ENODATA at the end, or another code with
 * an exception. */
static int wait_for(struct wait_object *self, union wait_result *result, int64_t timeout_ms)
{
    int64_t until = wait_now_us() + timeout_ms * 1000;
    int64_t left = timeout_ms;
    struct words words;
    int code;

    if (!wait_enter(self))
        return -EINVAL;
    do {
        code = wait_slice(self, result, left, &words);
        if ((code == 0 || code == -EINTR) && PyErr_CheckSignals() != 0)
            code = -EINTR;
        else if (code == -EINTR)
            code = 0;
        else if (code < 0 && code != -ENODATA)
            error_raise(code, &words, NULL);
        if (timeout_ms > 0)
            left = (until - wait_now_us() + 999) / 1000;
    } while (code == 0 && !self->closing && left != 0 && (timeout_ms < 0 || left > 0));
    if (code == 0 && self->closing) {
        PyErr_Format(PyExc_ValueError, "the arpq.%s was closed meanwhile", self->kind->name);
        code = -EBADF;
    }
    wait_leave(self);
    return code;
}

/* next(timeout_ms=-1) -> a value, None when the time has passed; StopIteration at the end */
static PyObject *wait_next(PyObject *object, PyObject *args)
{
    struct wait_object *self = (struct wait_object *)object;
    union wait_result result;
    int timeout_ms = -1;
    int code;

    if (!PyArg_ParseTuple(args, "|i", &timeout_ms))
        return NULL;
    code = wait_for(self, &result, timeout_ms);
    if (code > 0)
        return value_new(self->kind->type, &result, NULL);
    if (code == 0)
        Py_RETURN_NONE;
    if (code == -ENODATA)
        PyErr_SetNone(PyExc_StopIteration);
    return NULL;
}

static PyObject *wait_iternext(PyObject *object)
{
    struct wait_object *self = (struct wait_object *)object;
    union wait_result result;

    if (wait_for(self, &result, -1) > 0)
        return value_new(self->kind->type, &result, NULL);
    return NULL; /* at the end without an exception */
}

static PyObject *wait_iter(PyObject *self)
{
    Py_INCREF(self);
    return self;
}

static PyObject *wait_fileno(PyObject *object, PyObject *none)
{
    struct wait_object *self = (struct wait_object *)object;
    int fd;

    (void)none;
    if (!wait_enter(self))
        return NULL;
    fd = self->kind->fd(self->object);
    wait_leave(self);
    return fd < 0 ? error_raise(fd, NULL, NULL) : PyLong_FromLong(fd);
}

static PyObject *wait_stats(PyObject *object, PyObject *none)
{
    struct wait_object *self = (struct wait_object *)object;
    PyObject *stats;

    (void)none;
    if (!self->kind->stats)
        return PyErr_Format(PyExc_TypeError, "an arpq.%s has no counters", self->kind->name);
    if (!wait_enter(self))
        return NULL;
    stats = self->kind->stats(self->object);
    wait_leave(self);
    return stats;
}

static PyObject *wait_close(PyObject *object, PyObject *none)
{
    struct wait_object *self = (struct wait_object *)object;

    (void)none;
    if (self->object && !self->closing) {
        bool busy = self->busy && self->pid == getpid();

        self->closing = true;
        if (!busy)
            wait_leave(self);
    }
    Py_RETURN_NONE;
}

static PyObject *wait_closed(PyObject *object, void *closure)
{
    const struct wait_object *self = (const struct wait_object *)object;

    (void)closure;
    return PyBool_FromLong(!self->object || self->closing);
}

static int wait_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(((struct wait_object *)object)->handle);
    Py_VISIT(Py_TYPE(object));
    return 0;
}

static int wait_clear(PyObject *object)
{
    Py_CLEAR(((struct wait_object *)object)->handle);
    return 0;
}

static void wait_dealloc(PyObject *object)
{
    struct wait_object *self = (struct wait_object *)object;

    PyObject_GC_UnTrack(object);
    if (self->object)
        self->kind->close(self->object);
    wait_clear(object);
    module_free_object(object);
}

/* The Python object of an open object, which it closes on failure. */
PyObject *wait_make(PyTypeObject *type, const struct wait_kind *kind, void *object,
                    PyObject *handle, struct arpq_handle *h)
{
    struct wait_object *self = (struct wait_object *)PyType_GenericAlloc(type, 0);

    if (!self) {
        kind->close(object);
        return NULL;
    }
    self->kind = kind;
    self->object = object;
    self->h = h;
    self->pid = getpid();
    Py_INCREF(handle);
    self->handle = handle;
    return (PyObject *)self;
}

#define WAIT_METHODS                                                                               \
    {"next", wait_next, METH_VARARGS,                                                              \
     "next(timeout_ms=-1)\n--\n\nReturn the next result; None when the time has passed."},         \
        {"fileno", wait_fileno, METH_NOARGS,                                                       \
         "fileno()\n--\n\nReturn a descriptor that is readable when next is to be called."},       \
        {"stats", wait_stats, METH_NOARGS, "stats()\n--\n\nReturn the counters."},                 \
        {"close", wait_close, METH_NOARGS, "close()\n--\n\nClose it. It may be closed twice."},

static PyMethodDef wait_methods[] = {WAIT_METHODS{0}};

static PyGetSetDef wait_getters[] = {
    {"closed", wait_closed, NULL, "Whether it is closed.", NULL},
    {0},
};

int wait_add_types(PyObject *module)
{
    PyTypeObject *base = wait_add_type(module, "arpq._arpq.Waiter", NULL, wait_methods);

    return base ? wait_add_kinds(module) : -1;
}

/* methods are added to the common ones, which the first call defines. */
PyTypeObject *wait_add_type(PyObject *module, const char *name, newfunc make, PyMethodDef *methods)
{
    static PyTypeObject *base;
    PyType_Slot slots[] = {
        {Py_tp_new, (void *)make},
        {Py_tp_dealloc, wait_dealloc},
        {Py_tp_traverse, wait_traverse},
        {Py_tp_clear, wait_clear},
        {Py_tp_iter, wait_iter},
        {Py_tp_iternext, wait_iternext},
        {Py_tp_methods, methods},
        {base ? Py_tp_base : Py_tp_getset, base ? (void *)base : wait_getters},
        {0},
    };
    PyType_Spec spec = {
        .name = name,
        .basicsize = sizeof(struct wait_object),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
        .slots = slots,
    };
    PyTypeObject *type;

    type = module_add_type(module, &spec);
    if (!base)
        base = type;
    return type;
}
