/* SPDX-License-Identifier: MIT */
/* Addresses and numbers, from Python and to Python. */
#include "binding.h"

#include <arpa/inet.h>
#include <string.h>

#define IP_TYPES "an IP address is str, int, bytes (4 or 16) or an object of ipaddress, not %R"

static bool convert_packed(PyObject *bytes, struct arpq_ip *ip)
{
    Py_ssize_t size = PyBytes_Size(bytes);

    if (size != 4 && size != 16) {
        PyErr_Format(PyExc_ValueError,
                     "an IP address in bytes has 4 or 16 of them, not %zd; give text as str", size);
        return false;
    }
    memcpy(ip->bytes, PyBytes_AsString(bytes), (size_t)size);
    ip->family = size == 4 ? AF_INET : AF_INET6;
    return true;
}

/* As ipaddress does it: a number below 2^32 is IPv4. */
static bool convert_number(PyObject *number, struct arpq_ip *ip)
{
    PyObject *bytes;
    unsigned long long value = PyLong_AsUnsignedLongLong(number);
    bool done;

    if (!PyErr_Occurred() && value <= UINT32_MAX) {
        bytes = PyObject_CallMethod(number, "to_bytes", "is", 4, "big");
    } else {
        PyErr_Clear();
        bytes = PyObject_CallMethod(number, "to_bytes", "is", 16, "big");
    }
    if (!bytes) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError))
            PyErr_Format(PyExc_ValueError, "an IP address as int is from 0 to 2**128 - 1, not %R",
                         number);
        return false;
    }
    done = convert_packed(bytes, ip);
    Py_DECREF(bytes);
    return done;
}

/* The scope of a text is sought in the handle's namespace. */
static bool convert_scoped(struct handle_object *handle, PyObject *text, char *copy,
                           struct arpq_ip *ip)
{
    char *scope = strchr(copy, '%');
    uint32_t ifindex = 0;
    PyObject *name;
    bool found;

    *scope++ = '\0';
    if (arpq_ip_parse(copy, ip, 0) != 0 || ip->family != AF_INET6 || !*scope) {
        PyErr_Format(PyExc_ValueError, "%R is not an IP address", text);
        return false;
    }
    name = PyUnicode_DecodeUTF8(scope, (Py_ssize_t)strlen(scope), "surrogateescape");
    if (!name)
        return false;
    if (scope[strspn(scope, "0123456789")] == '\0')
        module_replace(&name, PyLong_FromString(scope, NULL, 10));
    found = name && convert_interface(handle, name, &ifindex);
    Py_XDECREF(name);
    ip->scope = ifindex;
    return found;
}

static bool convert_text(struct handle_object *handle, PyObject *text, struct arpq_ip *ip)
{
    PyObject *bytes = PyUnicode_AsUTF8String(text);
    char copy[160];
    const char *chars;
    size_t size;
    bool done = false;

    if (!bytes)
        return false;
    chars = PyBytes_AsString(bytes);
    size = (size_t)PyBytes_Size(bytes);
    if (size < sizeof copy && strlen(chars) == size) {
        memcpy(copy, chars, size + 1);
        if (handle && strchr(copy, '%')) {
            done = convert_scoped(handle, text, copy, ip);
            Py_DECREF(bytes);
            return done;
        }
        done = arpq_ip_parse(copy, ip, 0) == 0;
    }
    Py_DECREF(bytes);
    if (!done)
        PyErr_Format(PyExc_ValueError, "%R is not an IP address", text);
    return done;
}

/* An object of ipaddress, or one that has its attributes packed and scope_id. */
static bool convert_object(struct handle_object *handle, PyObject *object, struct arpq_ip *ip)
{
    PyObject *packed = PyObject_GetAttrString(object, "packed");
    PyObject *scope;
    bool done;

    if (!packed || !PyBytes_Check(packed)) {
        Py_XDECREF(packed);
        PyErr_Format(PyExc_TypeError, IP_TYPES, object);
        return false;
    }
    done = convert_packed(packed, ip);
    Py_DECREF(packed);
    if (!done || ip->family == AF_INET)
        return done;
    scope = PyObject_GetAttrString(object, "scope_id");
    if (!scope)
        PyErr_Clear();
    if (scope && scope != Py_None) {
        PyObject *text = PyObject_Str(object);

        done = text && convert_text(handle, text, ip);
        Py_XDECREF(text);
    }
    Py_XDECREF(scope);
    return done;
}

bool convert_ip(struct handle_object *handle, PyObject *object, struct arpq_ip *ip)
{
    memset(ip, 0, sizeof *ip);
    if (PyUnicode_Check(object))
        return convert_text(handle, object, ip);
    if (PyLong_Check(object) && !PyBool_Check(object))
        return convert_number(object, ip);
    if (PyBytes_Check(object))
        return convert_packed(object, ip);
    return convert_object(handle, object, ip);
}

bool convert_mac(PyObject *object, struct arpq_mac *mac)
{
    PyObject *bytes = NULL;
    bool done = false;

    memset(mac, 0, sizeof *mac);
    if (PyBytes_Check(object)) {
        Py_ssize_t size = PyBytes_Size(object);

        if (size >= 1 && size <= ARPQ_MAC_MAX) {
            memcpy(mac->bytes, PyBytes_AsString(object), (size_t)size);
            mac->length = (uint8_t)size;
            return true;
        }
    } else if (PyUnicode_Check(object)) {
        bytes = PyUnicode_AsUTF8String(object);
        if (!bytes)
            return false;
        done = strlen(PyBytes_AsString(bytes)) == (size_t)PyBytes_Size(bytes) &&
               arpq_mac_parse(PyBytes_AsString(bytes), mac) == 0;
        Py_DECREF(bytes);
        if (done)
            return true;
    } else {
        PyErr_Format(PyExc_TypeError, "a link-layer address is a MAC, bytes or str, not %R",
                     object);
        return false;
    }
    PyErr_Format(PyExc_ValueError, "%R is not a link-layer address of 1 to 32 bytes", object);
    return false;
}

bool convert_u32(PyObject *object, const char *what, uint32_t *number)
{
    unsigned long value;

    if (!PyLong_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s is an int, not %R", what, object);
        return false;
    }
    value = PyLong_AsUnsignedLong(object);
    if (PyErr_Occurred() || value > UINT32_MAX) {
        PyErr_Format(PyExc_ValueError, "%s is from 0 to 2**32 - 1, not %R", what, object);
        return false;
    }
    *number = (uint32_t)value;
    return true;
}

/* None, a name or an ifindex. */
bool convert_interface(struct handle_object *handle, PyObject *object, uint32_t *ifindex)
{
    PyObject *bytes;
    struct arpq_handle *h;
    int code;

    *ifindex = 0;
    if (object == Py_None)
        return true;
    if (PyLong_Check(object))
        return convert_u32(object, "an ifindex", ifindex);
    if (!PyUnicode_Check(object)) {
        PyErr_Format(PyExc_TypeError, "an interface is a name (str) or an ifindex (int), not %R",
                     object);
        return false;
    }
    bytes = PyUnicode_AsEncodedString(object, "utf-8", "surrogateescape");
    h = bytes ? handle_enter(handle) : NULL;
    if (!h) {
        Py_XDECREF(bytes);
        return false;
    }
    Py_BEGIN_ALLOW_THREADS
    code = arpq_interface_index(h, PyBytes_AsString(bytes), ifindex);
    Py_END_ALLOW_THREADS
    handle_leave(handle);
    Py_DECREF(bytes);
    if (code != 0)
        error_raise(code, NULL, object);
    return code == 0;
}

PyObject *convert_from_ip(const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];
    uint32_t number;

    if (ip->family == 0)
        Py_RETURN_NONE;
    if (ip->family == AF_INET) { /* an int makes one fastest */
        memcpy(&number, ip->bytes, sizeof number);
        return PyObject_CallFunction(classes.ipv4, "k", (unsigned long)ntohl(number));
    }
    if (ip->scope != 0)
        return PyObject_CallFunction(classes.ipv6, "s", arpq_ip_format(ip, text, sizeof text));
    return PyObject_CallFunction(classes.ipv6, "y#", (const char *)ip->bytes, (Py_ssize_t)16);
}

/* Sets an attribute that the class forbids others to set. */
static int convert_attribute(PyObject *mac, const char *name, int which, unsigned long value)
{
    PyObject *member = classes_enum(which, value);
    PyObject *key = PyUnicode_FromString(name);
    int result = member && key ? PyObject_GenericSetAttr(mac, key, member) : -1;

    Py_XDECREF(member);
    Py_XDECREF(key);
    return result;
}

/* An object of the class MAC. Its class has the usual type and origin. */
PyObject *convert_from_mac(const struct arpq_mac *mac)
{
    PyObject *bytes, *object;

    if (mac->length == 0 || mac->length > ARPQ_MAC_MAX)
        Py_RETURN_NONE;
    bytes = PyBytes_FromStringAndSize((const char *)mac->bytes, mac->length);
    if (!bytes)
        return NULL;
    object = PyObject_CallFunctionObjArgs(classes.bytes_new, classes.mac, bytes, NULL);
    Py_DECREF(bytes);
    if (object && mac->type != 1 &&
        convert_attribute(object, "type", ENUM_LINK_TYPE, mac->type) != 0)
        Py_CLEAR(object);
    if (object && mac->origin != 0 &&
        convert_attribute(object, "origin", ENUM_ORIGIN, mac->origin) != 0)
        Py_CLEAR(object);
    return object;
}

/* _mac_parse(text) -> bytes */
PyObject *convert_mac_parse(PyObject *module, PyObject *text)
{
    struct arpq_mac mac;

    (void)module;
    if (!convert_mac(text, &mac))
        return NULL;
    return PyBytes_FromStringAndSize((const char *)mac.bytes, mac.length);
}
