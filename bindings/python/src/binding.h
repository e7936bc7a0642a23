/* SPDX-License-Identifier: MIT */
/* What the files of the extension share. Everything is called with the GIL held. */
#ifndef ARPQ_PYTHON_BINDING_H
#define ARPQ_PYTHON_BINDING_H

#define Py_LIMITED_API 0x03090000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#include "value_numbers.h" /* generated: ENUM_*, TYPE_* */

/* ---- classes.c: what the module knows of Python ---- */

struct classes {
    PyObject *errors;    /* dict: errno value -> exception class */
    PyObject *error;     /* the exception class of all other codes */
    PyObject *mac;       /* the class MAC */
    PyObject *bytes_new; /* bytes.__new__: makes a MAC without its constructor */
    PyObject *ipv4;      /* ipaddress.IPv4Address */
    PyObject *ipv6;      /* ipaddress.IPv6Address */
    PyObject *parsers;   /* tuple of classes whose text compat.arpreq takes */
    PyObject *enums[ENUM_COUNT];
    PyObject *members[ENUM_COUNT]; /* dicts: number -> member */
};
extern struct classes classes;

PyObject *classes_set(PyObject *module, PyObject *args);
PyObject *classes_enum(int which, unsigned long value);

/* ---- error.c ---- */

/* The kernel's words about a failed call, copied before the GIL is taken again. */
struct words {
    char text[ARPQ_DETAIL_STRLEN];
};

void words_of_thread(struct words *words, const struct arpq_handle *h);
void words_of_object(struct words *words, struct arpq_handle *h);
PyObject *error_make(int code, const struct words *words, PyObject *subject);
void *error_raise(int code, const struct words *words, PyObject *subject);
bool error_is_unknown(int code);

/* ---- value.c ---- */

int value_add_types(PyObject *module);
PyObject *value_new(int type, const void *data, PyObject *extra);
PyObject *value_list(int type, const void *entries, uint32_t count, uint32_t stride);
PyObject *value_restore(PyObject *module, PyObject *args);

/* ---- convert.c ---- */

struct handle_object;

bool convert_ip(struct handle_object *handle, PyObject *object, struct arpq_ip *ip);
bool convert_mac(PyObject *object, struct arpq_mac *mac);
bool convert_u32(PyObject *object, const char *what, uint32_t *number);
bool convert_interface(struct handle_object *handle, PyObject *object, uint32_t *ifindex);
PyObject *convert_from_ip(const struct arpq_ip *ip);
PyObject *convert_from_mac(const struct arpq_mac *mac);
PyObject *convert_mac_parse(PyObject *module, PyObject *text);

/* ---- handle.c ---- */

struct handle_object {
    PyObject_HEAD struct arpq_handle *h;
    unsigned users; /* calls that use h without the GIL */
    bool closing;   /* the last of them closes it */
};

extern PyTypeObject *handle_type;

int handle_add_type(PyObject *module);
struct arpq_handle *handle_enter(struct handle_object *self);
void handle_leave(struct handle_object *self);
struct handle_object *handle_check(PyObject *object);

/* ---- list.c, many.c, edit.c: methods of Handle ---- */

bool list_filter(struct handle_object *handle, PyObject *tuple, struct arpq_filter *filter);
PyObject *list_from_table(struct arpq_table *table);
PyObject *list_table(PyObject *object, PyObject *tuple);
PyObject *list_interfaces(PyObject *object, PyObject *args);
PyObject *list_gateways(PyObject *object, PyObject *args);
PyObject *list_table_stats(PyObject *object, PyObject *number);
PyObject *many_lookup(PyObject *self, PyObject *args);
PyObject *many_get(PyObject *self, PyObject *args);

/* ---- wait.c, mirror.c, arpreq.c ---- */

int wait_add_types(PyObject *module);
int mirror_add_type(PyObject *module);
PyObject *arpreq_text(PyObject *module, PyObject *address);
PyObject *arpreq_bytes(PyObject *module, PyObject *address);

/* A type from a specification, added to the module under the last part of its name. */
PyTypeObject *module_add_type(PyObject *module, PyType_Spec *spec);

/* Puts an object, to which the caller has a reference, in the place of another. */
void module_replace(PyObject **where, PyObject *object);

/* The end of a tp_dealloc: free the memory and the reference to the heap type. */
void module_free_object(PyObject *self);

#endif
