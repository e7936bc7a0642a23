/* SPDX-License-Identifier: MIT */
/* Objects that wait for results: watches, resolvers, pingers, sweeps, sniffers. */
#ifndef ARPQ_PYTHON_WAIT_H
#define ARPQ_PYTHON_WAIT_H

#include "binding.h"

#include <sys/types.h>

union wait_result {
    struct arpq_event event;
    struct arpq_resolved resolved;
    struct arpq_pinged pinged;
    struct arpq_found found;
    struct arpq_sniffed sniffed;
};

struct wait_kind {
    const char *name;
    int type; /* of its results: TYPE_* */
    int (*next)(void *object, union wait_result *result, int32_t timeout_ms);
    int (*fd)(const void *object);
    void (*close)(void *object);
    PyObject *(*stats)(void *object);
};

struct wait_object {
    PyObject_HEAD const struct wait_kind *kind;
    void *object;
    struct arpq_handle *h; /* alive as long as the object is */
    PyObject *handle;      /* whose names of interfaces count */
    pid_t pid;             /* of the process that may use it */
    bool busy;             /* a thread uses it without the GIL */
    bool closing;          /* that thread closes it */
};

bool wait_enter(struct wait_object *self);
void wait_leave(struct wait_object *self);
PyObject *wait_make(PyTypeObject *type, const struct wait_kind *kind, void *object,
                    PyObject *handle, struct arpq_handle *h);
PyTypeObject *wait_add_type(PyObject *module, const char *name, newfunc make, PyMethodDef *methods);

/* wait_kinds.c */
int wait_add_kinds(PyObject *module);

#endif
