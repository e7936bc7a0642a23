/* SPDX-License-Identifier: MIT */
#include "grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "memory.h"

#define EMPTY "-"

char **grid_add(struct grid *grid)
{
    if (grid->rows == grid->capacity) {
        grid->capacity = grid->capacity == 0 ? 64 : 2 * grid->capacity;
        grid->cells =
            memory_check(realloc(grid->cells, grid->capacity * GRID_COLUMNS * sizeof *grid->cells));
    }
    char **row = &grid->cells[grid->rows++ * GRID_COLUMNS];
    for (int c = 0; c < GRID_COLUMNS; c++)
        row[c] = NULL;
    return row;
}

void grid_set(char **cell, const char *text)
{
    free(*cell);
    *cell = text && text[0] != '\0' ? escape_text(text, false) : NULL;
}

static const char *cell_text(const char *cell)
{
    return cell ? cell : EMPTY;
}

/* The last cell is not padded, so that no line ends with spaces. */
static void print_line(const struct grid *grid, const char *const *cells,
                       const size_t widths[GRID_COLUMNS])
{
    int last = GRID_COLUMNS - 1;

    while (!grid->titles[last])
        last--;
    for (int c = 0; c < last; c++)
        if (grid->titles[c])
            printf("%-*s  ", (int)widths[c], cell_text(cells[c]));
    puts(cell_text(cells[last]));
}

void grid_print_and_free(struct grid *grid)
{
    size_t widths[GRID_COLUMNS] = {0};

    for (int c = 0; c < GRID_COLUMNS; c++) {
        if (grid->titles[c])
            widths[c] = strlen(grid->titles[c]);
        for (size_t n = 0; n < grid->rows; n++) {
            size_t width = strlen(cell_text(grid->cells[n * GRID_COLUMNS + (size_t)c]));

            if (width > widths[c])
                widths[c] = width;
        }
    }
    print_line(grid, grid->titles, widths);
    for (size_t n = 0; n < grid->rows; n++)
        print_line(grid, (const char *const *)&grid->cells[n * GRID_COLUMNS], widths);
    for (size_t n = 0; n < grid->rows * GRID_COLUMNS; n++)
        free(grid->cells[n]);
    free(grid->cells);
    *grid = (struct grid){0};
}
