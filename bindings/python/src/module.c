/* SPDX-License-Identifier: MIT */
/* The module arpq._arpq, which the package arpq is made of. */
#include "binding.h"

#include <string.h>

struct abi_size {
    const char *name;
    unsigned size;
};
#include "abi_sizes.h"

PyTypeObject *module_add_type(PyObject *module, PyType_Spec *spec)
{
    PyObject *type = PyType_FromSpec(spec);

    if (!type)
        return NULL;
    Py_INCREF(type);
    if (PyModule_AddObject(module, strrchr(spec->name, '.') + 1, type) != 0) {
        Py_DECREF(type);
        Py_CLEAR(type);
    }
    return (PyTypeObject *)type;
}

void module_replace(PyObject **where, PyObject *object)
{
    PyObject *old = *where;

    *where = object;
    Py_XDECREF(old);
}

void module_free_object(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc free_memory = (freefunc)PyType_GetSlot(type, Py_tp_free);

    free_memory(self);
    Py_DECREF(type);
}

static PyObject *module_version(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    return PyUnicode_FromString(arpq_version());
}

static PyObject *module_name(PyObject *module, PyObject *args)
{
    unsigned set, value;

    (void)module;
    if (!PyArg_ParseTuple(args, "II", &set, &value))
        return NULL;
    return PyUnicode_FromString(arpq_name(set, value));
}

static PyObject *module_strerror(PyObject *module, PyObject *args)
{
    int code;

    (void)module;
    return PyArg_ParseTuple(args, "i", &code) ? PyUnicode_FromString(arpq_strerror(code)) : NULL;
}

static PyMethodDef module_methods[] = {
    {"version", module_version, METH_NOARGS,
     "version()\n--\n\nReturn the version of the libarpq that is running."},
    {"name", module_name, METH_VARARGS,
     "name(set, value)\n--\n\nReturn the name of a value in a set (ARPQ_NAMES_*), or \"\"."},
    {"strerror", module_strerror, METH_VARARGS,
     "strerror(number)\n--\n\nReturn what an error number of libarpq means."},
    {"arpreq", arpreq_text, METH_O,
     "arpreq(address)\n--\n\nReturn the MAC of an IPv4 address as text, or None."},
    {"arpreqb", arpreq_bytes, METH_O,
     "arpreqb(address)\n--\n\nReturn the MAC of an IPv4 address as bytes, or None."},
    {"_mac_parse", convert_mac_parse, METH_O, NULL},
    {"_set_classes", classes_set, METH_VARARGS, NULL},
    {"_value", value_restore, METH_VARARGS, NULL},
    {0},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "arpq._arpq",
    .m_doc = "libarpq for Python: use the package arpq",
    .m_size = -1,
    .m_methods = module_methods,
};

/* Whether the library that is running has the structs that this module was compiled with. */
static bool module_check_abi(void)
{
    if (arpq_abi() != abi_number) {
        PyErr_Format(PyExc_ImportError,
                     "this package is built for ABI %u of libarpq, and the libarpq that is "
                     "installed (%s) has ABI %u: install the package again, or that libarpq",
                     (unsigned)abi_number, arpq_version(), (unsigned)arpq_abi());
        return false;
    }
    for (const struct abi_size *item = abi_sizes; item->name; item++) {
        if (arpq_sizeof(item->name) != item->size) {
            PyErr_Format(PyExc_ImportError,
                         "struct %s has %u bytes in this package and %zu in the libarpq that is "
                         "installed (%s): install the package again, or that libarpq",
                         item->name, item->size, arpq_sizeof(item->name), arpq_version());
            return false;
        }
    }
    return true;
}

PyMODINIT_FUNC PyInit__arpq(void)
{
    PyObject *module;

    if (!module_check_abi())
        return NULL;
    module = PyModule_Create(&module_definition);
    if (!module || value_add_types(module) != 0 || handle_add_type(module) != 0 ||
        wait_add_types(module) != 0 || mirror_add_type(module) != 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
