/* SPDX-License-Identifier: MIT */
#include "grid.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "memory.h"

struct grid_row {
    size_t at; /* offset in the text where the cells of the row begin */
    uint32_t length[GRID_COLUMNS];
};

void grid_add(struct grid *grid)
{
    if (grid->row_count == grid->row_capacity) {
        grid->row_capacity = grid->row_capacity == 0 ? 64 : 2 * grid->row_capacity;
        grid->rows = memory_check(realloc(grid->rows, grid->row_capacity * sizeof *grid->rows));
    }
    grid->rows[grid->row_count++] = (struct grid_row){.at = grid->length};
}

void grid_set(struct grid *grid, int column, const char *text)
{
    struct grid_row *row = &grid->rows[grid->row_count - 1];

    if (!text || text[0] == '\0')
        return;
    const size_t size = ESCAPE_SIZE(strlen(text));
    if (grid->capacity - grid->length < size) {
        grid->capacity = 2 * (grid->capacity + size);
        grid->text = memory_check(realloc(grid->text, grid->capacity));
    }
    char *begin = grid->text + grid->length, *end = escape_write(begin, text);
    row->length[column] = (uint32_t)(end - begin);
    grid->length += row->length[column];
    if (row->length[column] > grid->widths[column])
        grid->widths[column] = row->length[column];
}

static char *copy(char *out, const char *text, size_t length)
{
    memcpy(out, text, length);
    return out + length;
}

static char *pad(char *out, size_t count)
{
    memset(out, ' ', count);
    return out + count;
}

/* Prints a row. The last cell is not padded, so that no line ends with spaces. */
static void print_row(const struct grid *grid, const struct grid_row *row, char *line, int last)
{
    const char *cell = grid->text + row->at;
    char *out = line;

    for (int c = 0; c <= last; c++) {
        if (!grid->titles[c])
            continue;
        const size_t length = row->length[c] != 0 ? row->length[c] : 1;

        out = copy(out, row->length[c] != 0 ? cell : "-", length);
        cell += row->length[c];
        if (c != last)
            out = pad(out, grid->widths[c] - length + 2);
    }
    *out++ = '\n';
    fwrite(line, 1, (size_t)(out - line), stdout);
}

static void print_titles(const struct grid *grid, int last)
{
    for (int c = 0; c < last; c++)
        if (grid->titles[c])
            printf("%-*s  ", (int)grid->widths[c], grid->titles[c]);
    puts(grid->titles[last]);
}

void grid_print_and_free(struct grid *grid)
{
    size_t size = 1;
    int last = 0;

    for (int c = 0; c < GRID_COLUMNS; c++) {
        if (!grid->titles[c])
            continue;
        last = c;
        if (grid->widths[c] < strlen(grid->titles[c]))
            grid->widths[c] = strlen(grid->titles[c]);
        size += grid->widths[c] + 2;
    }
    char *line = memory_check(malloc(size));
    print_titles(grid, last);
    for (size_t n = 0; n < grid->row_count; n++)
        print_row(grid, &grid->rows[n], line, last);
    free(line);
    free(grid->text);
    free(grid->rows);
    *grid = (struct grid){0};
}
