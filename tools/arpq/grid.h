/* SPDX-License-Identifier: MIT */
/* Rows of cells, printed in aligned columns. */
#ifndef ARPQ_TOOL_GRID_H
#define ARPQ_TOOL_GRID_H

#include <stddef.h>

#define GRID_COLUMNS 9

struct grid {
    const char *titles[GRID_COLUMNS]; /* NULL: the column is not printed */
    char **cells;
    size_t rows, capacity;
};

char **grid_add(struct grid *grid);           /* adds a row of empty cells */
void grid_set(char **cell, const char *text); /* NULL and "" leave the cell empty */
void grid_print_and_free(struct grid *grid);

#endif
