/* SPDX-License-Identifier: MIT */
/* How the generated tables describe the members of a struct. */
#ifndef ARPQ_PYTHON_VALUE_KINDS_H
#define ARPQ_PYTHON_VALUE_KINDS_H

enum {
    VALUE_U8,
    VALUE_U16,
    VALUE_U32,
    VALUE_U64,
    VALUE_I32,
    VALUE_I64,
    VALUE_LIFETIME, /* uint32_t seconds; ARPQ_FOREVER is None */
    VALUE_TEXT,     /* NUL-terminated */
    VALUE_IP,
    VALUE_MAC,
    VALUE_STRUCT,
    VALUE_EXTRA /* an object of the tuple "extra" */
};

struct value_field {
    const char *name;
    int kind;
    int which; /* a number: ENUM_* or -1; a struct: TYPE_*; an object: its index */
    unsigned offset;
};

struct value_layout {
    const char *name;
    unsigned size;
    struct value_field *fields; /* ends with a name of NULL */
};

#endif
