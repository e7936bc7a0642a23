/* SPDX-License-Identifier: MIT */
/* Values: a struct of the library in a constant object, whose members are decoded when they are
 * read. A list of 10 000 entries costs as many allocations, and nothing more. */
#include "binding.h"

#include <stddef.h>
#include <string.h>

#include "value_kinds.h"
#include "value_tables.h"

struct value {
    PyObject_HEAD PyObject *extra; /* tuple of what is not in the struct, or NULL */
    unsigned char data[];
};

/* What interfaces have beside their struct. */
static struct value_field value_extras[] = {
    {"addresses", VALUE_EXTRA, 0, 0},
    {"altnames", VALUE_EXTRA, 1, 0},
    {"stats", VALUE_EXTRA, 2, 0},
    {"alias", VALUE_EXTRA, 3, 0},
    {"device", VALUE_EXTRA, 4, 0},
    {"bus", VALUE_EXTRA, 5, 0},
    {0},
};

static PyTypeObject *value_types[TYPE_COUNT];

static int value_type_of(const PyObject *self)
{
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (Py_TYPE(self) == value_types[i])
            return i;
    }
    return -1;
}

PyObject *value_new(int type, const void *data, PyObject *extra)
{
    struct value *value = (struct value *)PyType_GenericAlloc(value_types[type], 0);

    if (!value)
        return NULL;
    memcpy(value->data, data, value_layouts[type].size);
    Py_XINCREF(extra);
    value->extra = extra;
    return (PyObject *)value;
}

/* entries may be larger than the struct that this module knows: stride says how large. */
PyObject *value_list(int type, const void *entries, uint32_t count, uint32_t stride)
{
    PyObject *list = PyList_New((Py_ssize_t)count);

    for (uint32_t i = 0; list && i < count; i++) {
        PyObject *value = value_new(type, (const char *)entries + (size_t)i * stride, NULL);

        if (!value || PyList_SetItem(list, (Py_ssize_t)i, value) != 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *value_text(const char *text, size_t size)
{
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strnlen(text, size), "surrogateescape");
}

static PyObject *value_struct(int type, const unsigned char *data)
{
    for (unsigned i = 0; i < value_layouts[type].size; i++) {
        if (data[i] != 0)
            return value_new(type, data, NULL);
    }
    Py_RETURN_NONE; /* the members that the event or the list does not have are zero */
}

static PyObject *value_number(const struct value_field *field, const unsigned char *data)
{
    uint64_t number = 0;
    size_t size = field->kind == VALUE_U8 ? 1 : field->kind == VALUE_U16 ? 2 : 4;

    /* little-endian or not: the number is copied into one of its own size */
    if (size == 1) {
        number = *data;
    } else if (size == 2) {
        uint16_t half;
        memcpy(&half, data, sizeof half);
        number = half;
    } else {
        uint32_t word;
        memcpy(&word, data, sizeof word);
        number = word;
    }
    if (field->kind == VALUE_LIFETIME && number == ARPQ_FOREVER)
        Py_RETURN_NONE;
    return classes_enum(field->which, (unsigned long)number);
}

static PyObject *value_signed(const struct value_field *field, const unsigned char *data)
{
    int64_t wide;
    int32_t number;

    if (field->kind == VALUE_I64) {
        memcpy(&wide, data, sizeof wide);
        return PyLong_FromLongLong(wide);
    }
    memcpy(&number, data, sizeof number);
    return PyLong_FromLong(number);
}

static PyObject *value_wide(const unsigned char *data)
{
    uint64_t number;

    memcpy(&number, data, sizeof number);
    return PyLong_FromUnsignedLongLong(number);
}

static PyObject *value_extra(const struct value *value, const struct value_field *field)
{
    PyObject *found = value->extra ? PyTuple_GetItem(value->extra, field->which) : Py_None;

    Py_XINCREF(found);
    return found;
}

static PyObject *value_get(PyObject *self, void *closure)
{
    const struct value_field *field = closure;
    const struct value *value = (const struct value *)self;
    const unsigned char *data = value->data + field->offset;

    switch (field->kind) {
    case VALUE_EXTRA:
        return value_extra(value, field);
    case VALUE_IP:
        return convert_from_ip((const struct arpq_ip *)(const void *)data);
    case VALUE_MAC:
        return convert_from_mac((const struct arpq_mac *)(const void *)data);
    case VALUE_TEXT:
        return value_text((const char *)data,
                          value_layouts[value_type_of(self)].size - field->offset);
    case VALUE_STRUCT:
        return value_struct(field->which, data);
    case VALUE_I32:
    case VALUE_I64:
        return value_signed(field, data);
    case VALUE_U64:
        return value_wide(data);
    default:
        return value_number(field, data);
    }
}

static PyObject *value_as_dict(PyObject *self, PyObject *none)
{
    const struct value_field *field = value_layouts[value_type_of(self)].fields;
    PyObject *dict = PyDict_New();

    (void)none;
    for (; dict && field->name; field++) {
        PyObject *member = PyObject_GetAttrString(self, field->name);

        if (!member || PyDict_SetItemString(dict, field->name, member) != 0)
            Py_CLEAR(dict);
        Py_XDECREF(member);
    }
    return dict;
}

/* Only what is not 0, "" or None: an event has a hundred members and tells of ten. */
static PyObject *value_repr(PyObject *self)
{
    int type = value_type_of(self);
    PyObject *parts = PyList_New(0);
    PyObject *comma = PyUnicode_FromString(", ");
    PyObject *text = NULL;

    for (const struct value_field *field = value_layouts[type].fields; parts && field->name;
         field++) {
        PyObject *member = PyObject_GetAttrString(self, field->name);
        int told = member ? PyObject_IsTrue(member) : -1;
        PyObject *part = told > 0 ? PyUnicode_FromFormat("%s=%R", field->name, member) : NULL;

        if (told < 0 || (told && (!part || PyList_Append(parts, part) != 0)))
            Py_CLEAR(parts);
        Py_XDECREF(part);
        Py_XDECREF(member);
    }
    if (parts && comma)
        text = PyUnicode_Join(comma, parts);
    Py_XDECREF(parts);
    Py_XDECREF(comma);
    if (text) {
        module_replace(&text, PyUnicode_FromFormat("%s(%U)", value_layouts[type].name + 5, text));
    }
    return text;
}

static PyObject *value_compare(PyObject *self, PyObject *other, int operation)
{
    const struct value *a = (const struct value *)self;
    const struct value *b = (const struct value *)other;
    bool equal;

    if (Py_TYPE(self) != Py_TYPE(other) || (operation != Py_EQ && operation != Py_NE))
        Py_RETURN_NOTIMPLEMENTED;
    equal = memcmp(a->data, b->data, value_layouts[value_type_of(self)].size) == 0;
    if (equal && a->extra && b->extra) {
        int same = PyObject_RichCompareBool(a->extra, b->extra, Py_EQ);

        if (same < 0)
            return NULL;
        equal = same;
    }
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static Py_hash_t value_hash(PyObject *self)
{
    const struct value *value = (const struct value *)self;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (unsigned i = 0; i < value_layouts[value_type_of(self)].size; i++)
        hash = (hash ^ value->data[i]) * 1099511628211u;
    return (Py_hash_t)hash == -1 ? -2 : (Py_hash_t)hash;
}

/* For copy and pickle: _value(type, bytes, extra) makes the same again. */
static PyObject *value_reduce(PyObject *self, PyObject *none)
{
    struct value *value = (struct value *)self;
    int type = value_type_of(self);
    PyObject *module = PyImport_ImportModule("arpq._arpq");
    PyObject *restore = module ? PyObject_GetAttrString(module, "_value") : NULL;

    (void)none;
    Py_XDECREF(module);
    if (!restore)
        return NULL;
    return Py_BuildValue("N(iy#O)", restore, type, value->data,
                         (Py_ssize_t)value_layouts[type].size,
                         value->extra ? value->extra : Py_None);
}

PyObject *value_restore(PyObject *module, PyObject *args)
{
    const char *data;
    Py_ssize_t size;
    PyObject *extra;
    int type;

    (void)module;
    if (!PyArg_ParseTuple(args, "iy#O", &type, &data, &size, &extra))
        return NULL;
    if (type < 0 || type >= TYPE_COUNT || size != (Py_ssize_t)value_layouts[type].size ||
        (extra != Py_None && !PyTuple_Check(extra))) {
        PyErr_SetString(PyExc_ValueError, "the value comes from another version of arpq");
        return NULL;
    }
    return value_new(type, data, extra == Py_None ? NULL : extra);
}

static PyObject *value_refuse(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)type;
    (void)args;
    (void)kwargs;
    PyErr_SetString(PyExc_TypeError, "values are made by the methods of arpq.Handle");
    return NULL;
}

static void value_dealloc(PyObject *self)
{
    Py_XDECREF(((struct value *)self)->extra);
    module_free_object(self);
}

static PyMethodDef value_methods[] = {
    {"_asdict", value_as_dict, METH_NOARGS, "The members as a dict."},
    {"__reduce__", value_reduce, METH_NOARGS, NULL},
    {0},
};

/* The getters of a type. They live as long as the process; their closures are the members. */
static PyGetSetDef *value_getters(int type)
{
    struct value_field *fields = value_layouts[type].fields;
    struct value_field *extras = type == TYPE_INTERFACE ? value_extras : NULL;
    size_t count = sizeof value_extras / sizeof *value_extras;
    PyGetSetDef *getters;

    for (const struct value_field *field = fields; field->name; field++)
        count++;
    getters = PyMem_Calloc(count, sizeof *getters);
    for (PyGetSetDef *getter = getters; getters && (fields->name || (extras && extras->name));
         getter++) {
        struct value_field *field = fields->name ? fields++ : extras++;

        getter->name = field->name;
        getter->get = value_get;
        getter->closure = field;
    }
    return getters;
}

int value_add_types(PyObject *module)
{
    for (int i = 0; i < TYPE_COUNT; i++) {
        PyGetSetDef *getters = value_getters(i);
        PyType_Slot slots[] = {
            {Py_tp_getset, getters},
            {Py_tp_methods, value_methods},
            {Py_tp_repr, value_repr},
            {Py_tp_richcompare, value_compare},
            {Py_tp_hash, value_hash},
            {Py_tp_new, value_refuse},
            {Py_tp_dealloc, value_dealloc},
            {Py_tp_doc, "See struct arpq_* of arpq.h."},
            {0},
        };
        PyType_Spec spec = {
            .name = value_layouts[i].name,
            .basicsize = (int)(offsetof(struct value, data) + value_layouts[i].size),
            .flags = Py_TPFLAGS_DEFAULT,
            .slots = slots,
        };

        if (!getters) {
            PyErr_NoMemory();
            return -1;
        }
        value_types[i] = module_add_type(module, &spec);
        if (!value_types[i])
            return -1;
    }
    return 0;
}
