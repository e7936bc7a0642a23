/* SPDX-License-Identifier: MIT */
/* Exceptions from the codes of the library. */
#include "binding.h"

#include <errno.h>
#include <string.h>

/* The words about the last call of this thread: right whatever other threads do. */
void words_of_thread(struct words *words, const struct arpq_handle *h)
{
    const char *text = arpq_detail(h);
    size_t length = strlen(text);

    if (length >= sizeof words->text)
        length = sizeof words->text - 1;
    memcpy(words->text, text, length);
    words->text[length] = '\0';
}

/* For objects that may outlive their handle. */
void words_of_object(struct words *words, struct arpq_handle *h)
{
    arpq_detail_copy(h, words->text, sizeof words->text);
}

/* Whether a code says that an address is not known, and nothing is wrong. */
bool error_is_unknown(int code)
{
    return code == -ENOENT || code == -EAGAIN || code == -EHOSTUNREACH || code == -ENETUNREACH;
}

static PyObject *error_class(int code)
{
    PyObject *number = PyLong_FromLong(-(long)code);
    PyObject *found = NULL;

    if (number && classes.errors)
        found = PyDict_GetItemWithError(classes.errors, number);
    Py_XDECREF(number);
    if (!found && !PyErr_Occurred())
        found = classes.error ? classes.error : PyExc_OSError;
    return found;
}

/* An exception: errno, what it means, whom the call was about, and the kernel's words. */
PyObject *error_make(int code, const struct words *words, PyObject *subject)
{
    const char *detail = words ? words->text : "";
    PyObject *class = error_class(code);
    PyObject *name = NULL;
    PyObject *error;

    if (!class)
        return NULL;
    if (subject && !(name = PyObject_Str(subject)))
        return NULL;
    error = PyObject_CallFunction(class, name ? "isO" : "is", -code, arpq_strerror(code), name);
    Py_XDECREF(name);
    if (error && *detail) {
        PyObject *text = PyUnicode_DecodeUTF8(detail, (Py_ssize_t)strlen(detail), "replace");

        if (!text || PyObject_SetAttrString(error, "detail", text) != 0)
            Py_CLEAR(error);
        Py_XDECREF(text);
    }
    return error;
}

/* Returns NULL, so that a function can return it. */
void *error_raise(int code, const struct words *words, PyObject *subject)
{
    PyObject *error = error_make(code, words, subject);

    if (error) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
    return NULL;
}
