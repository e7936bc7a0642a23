/* SPDX-License-Identifier: MIT */
/* Rows of cells, printed in aligned columns. */
#ifndef ARPQ_TOOL_GRID_H
#define ARPQ_TOOL_GRID_H

#include <stddef.h>

#define GRID_COLUMNS 9

struct grid {
    const char *titles[GRID_COLUMNS]; /* NULL if the column is not printed */
    size_t widths[GRID_COLUMNS];
    char *text; /* the text of all cells, one after the other */
    size_t length, capacity;
    struct grid_row *rows;
    size_t row_count, row_capacity;
};

void grid_add(struct grid *grid); /* adds a row of empty cells */

/* Sets a cell of the last row. The cell must be to the right of all cells that are already set. If
 * text is NULL, the cell stays empty. */
void grid_set(struct grid *grid, int column, const char *text);

void grid_print_and_free(struct grid *grid);

#endif
