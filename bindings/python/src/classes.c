/* SPDX-License-Identifier: MIT */
/* The classes that the extension uses and that are written in Python. */
#include "binding.h"

#include "enum_names.h"

struct classes classes;

/* Takes a reference to a member of a dict. */
static int classes_take(PyObject *dict, const char *name, PyObject **where)
{
    PyObject *found = PyDict_GetItemString(dict, name);

    if (!found) {
        PyErr_Format(PyExc_ImportError, "arpq is incomplete: %s is missing; install it again",
                     name);
        return -1;
    }
    Py_INCREF(found);
    module_replace(where, found);
    return 0;
}

/* _set_classes(dict): called once by the package. */
PyObject *classes_set(PyObject *module, PyObject *args)
{
    PyObject *dict;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &dict))
        return NULL;
    if (classes_take(dict, "errors", &classes.errors) ||
        classes_take(dict, "Error", &classes.error) || classes_take(dict, "MAC", &classes.mac) ||
        classes_take(dict, "IPv4Address", &classes.ipv4) ||
        classes_take(dict, "IPv6Address", &classes.ipv6) ||
        classes_take(dict, "parsers", &classes.parsers))
        return NULL;
    for (int i = 0; i < ENUM_COUNT; i++) {
        if (classes_take(dict, enum_names[i], &classes.enums[i]))
            return NULL;
        module_replace(&classes.members[i], PyDict_New());
        if (!classes.members[i])
            return NULL;
    }
    if (!classes.bytes_new)
        classes.bytes_new = PyObject_GetAttrString((PyObject *)&PyBytes_Type, "__new__");
    if (!classes.bytes_new)
        return NULL;
    Py_RETURN_NONE;
}

#define MEMBERS_MAX 1024 /* that are remembered of one enumeration */

static PyObject *classes_make_member(int which, PyObject *number)
{
    PyObject *member = PyObject_CallFunctionObjArgs(classes.enums[which], number, NULL);

    if (!member && PyErr_ExceptionMatches(PyExc_ValueError)) {
        PyErr_Clear();
        Py_INCREF(number);
        return number;
    }
    return member;
}

/* A member of an enumeration; the number itself where a later kernel has one without a name. To
 * call the class takes ten times as long as to find a member that was made before. */
PyObject *classes_enum(int which, unsigned long value)
{
    PyObject *number = PyLong_FromUnsignedLong(value);
    PyObject *member;

    if (!number || which < 0 || !classes.enums[which])
        return number;
    member = PyDict_GetItemWithError(classes.members[which], number);
    Py_XINCREF(member);
    if (!member && !PyErr_Occurred()) {
        member = classes_make_member(which, number);
        if (member && PyDict_Size(classes.members[which]) < MEMBERS_MAX &&
            PyDict_SetItem(classes.members[which], number, member) != 0)
            Py_CLEAR(member);
    }
    Py_DECREF(number);
    return member;
}
