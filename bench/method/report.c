/* SPDX-License-Identifier: MIT */
#include "method/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum report_style style;
static unsigned missed;

void report_begin(enum report_style requested)
{
    style = requested;
    if (style == REPORT_TABLE)
        printf("%-44s %4s %11s %11s %9s %8s  %s\n", "row", "unit", "library", "raw", "ratio",
               "goal", "verdict");
    fflush(stdout); /* otherwise a child process would print the buffer again */
}

static const char *verdict(const struct row *row)
{
    if ((row->at_most > 0 && row->value > row->at_most) ||
        (row->at_least > 0 && row->value < row->at_least)) {
        missed++;
        return "MISS";
    }
    return row->at_most > 0 || row->at_least > 0 ? "ok" : "";
}

static void format_number(char text[16], const char *prefix, double value, int digits)
{
    if (value > 0)
        snprintf(text, 16, "%s%.*f", prefix, digits, value);
    else
        snprintf(text, 16, "-");
}

static void print_table(const struct row *row, const char *result)
{
    char arpq[16], raw[16], value[16], goal[16];

    format_number(arpq, "", row->arpq, 1);
    format_number(raw, "", row->raw, 1);
    format_number(value, "", row->value, 3);
    if (row->at_least > 0)
        format_number(goal, ">=", row->at_least, 2);
    else
        format_number(goal, "<=", row->at_most, 2);
    printf("%-44s %4s %11s %11s %9s %8s  %s\n", row->name, row->unit, arpq, raw, value, goal,
           result);
}

static void print_json(const struct row *row, const char *result)
{
    printf("{\"row\":\"%s\",\"unit\":\"%s\",\"library\":%.1f,\"raw\":%.1f,\"ratio\":%.4f,"
           "\"at_most\":%.2f,\"at_least\":%.2f,\"verdict\":\"%s\"}\n",
           row->name, row->unit, row->arpq, row->raw, row->value, row->at_most, row->at_least,
           result);
}

void report_row(const struct row *row)
{
    const char *result = verdict(row);

    if (style == REPORT_JSON)
        print_json(row, result);
    else
        print_table(row, result);
    fflush(stdout);
}

void report_point(const char *chart, const char *series, double x, const char *unit, double value)
{
    char name[96];

    snprintf(name, sizeof name, "%s: %s, %g", chart, series, x);
    report_row(&(struct row){name, unit, value, 0, 0, 0, 0});
}

unsigned report_missed(void)
{
    return missed;
}

_Noreturn void fail(int code, const char *what)
{
    fprintf(stderr, "arpq_bench: %s%s%s\n", what, code ? ": " : "", code ? strerror(code) : "");
    exit(BENCH_NO_SETUP);
}
