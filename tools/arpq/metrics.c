/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "memory.h"

static bool has_suffix(const char *name, const char *suffix)
{
    const size_t length = strlen(name), end = strlen(suffix);

    return length > end && strcmp(name + length - end, suffix) == 0;
}

void metrics_family(FILE *out, const char *name, const char *help)
{
    fprintf(out, "# HELP %s %s\n", name, help);
    fprintf(out, "# TYPE %s %s\n", name, has_suffix(name, "_total") ? "counter" : "gauge");
    if (has_suffix(name, "_seconds"))
        fprintf(out, "# UNIT %s seconds\n", name);
}

static void write_labels(FILE *out, const struct metrics_label *labels)
{
    char separator = '{';

    for (; labels->key; labels++) {
        char *value = memory_check(malloc(ESCAPE_LABEL_SIZE(strlen(labels->value))));

        escape_label(value, labels->value);
        fprintf(out, "%c%s=\"%s\"", separator, labels->key, value);
        free(value);
        separator = ',';
    }
    if (separator == ',')
        fputc('}', out);
}

void metrics_sample(FILE *out, const char *name, const struct metrics_label *labels, uint64_t value)
{
    fputs(name, out);
    write_labels(out, labels);
    fprintf(out, " %" PRIu64 "\n", value);
}

void metrics_sample_ms(FILE *out, const char *name, const struct metrics_label *labels,
                       uint64_t milliseconds)
{
    fputs(name, out);
    write_labels(out, labels);
    fprintf(out, " %" PRIu64 ".%03d\n", milliseconds / 1000, (int)(milliseconds % 1000));
}

void metrics_end(FILE *out)
{
    fputs("# EOF\n", out);
}
