/* SPDX-License-Identifier: MIT */
/* arpq_bench - the library against the bare system calls. See README.md. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "cpu.h"
#include "fail.h"
#include "report.h"
#include "rows.h"

struct choice {
    int quick;
    int json;
    int check;
};

static void usage(void)
{
    fputs("usage: arpq_bench [--quick] [--json] [--check]\n"
          "  --quick  few rounds, no large table, no 1000 interfaces\n"
          "  --json   one object per line\n"
          "  --check  exit status 1 when a goal is missed\n",
          stderr);
}

/* 0, or -1 for an unknown option. */
static int choose(int argc, char **argv, struct choice *c)
{
    const struct option options[] = {{"quick", no_argument, &c->quick, 1},
                                     {"json", no_argument, &c->json, 1},
                                     {"check", no_argument, &c->check, 1},
                                     {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) == 0)
        ;
    return option == -1 && optind == argc ? 0 : -1;
}

/* The peers come before any large table: the kernel's is one for all namespaces, and a reader of
 * all of it walks the entries of others too. */
static void small_tables(const struct world *few, const struct pace *pace)
{
    struct world thousand;

    rows_hits(few, 1.15, pace);
    rows_misses(pace);
    rows_entries(few, pace);
    rows_threads(few, pace);
    rows_cost();
    world_make(&thousand, &(struct world_size){.links = 2, .neighbours = 1000});
    rows_hits(&thousand, 1.15, pace);
    rows_peers(&thousand, 1);
    world_drop(&thousand);
}

static void large_tables(const struct world *few, const struct pace *pace)
{
    struct world many, large;

    world_make(&many, &(struct world_size){.links = 1000, .neighbours = 16});
    rows_links(few, &many, pace);
    world_make(&large, &(struct world_size){.links = 2, .neighbours = 100000});
    rows_hits(&large, 1.10, pace);
    rows_threads(&large, pace);
    rows_peers(&large, 0);
    world_drop(&large);
    world_drop(&many);
}

int main(int argc, char **argv)
{
    struct choice choice = {0};
    struct pace pace = {.rounds = 60, .round_ns = 5000000};
    struct world few;

    if (choose(argc, argv, &choice)) {
        usage();
        return BENCH_NO_SETUP;
    }
    if (choice.quick)
        pace = (struct pace){.rounds = 9, .round_ns = 2000000};
    cpu_count();
    cpu_pin(0);
    world_make(&few, &(struct world_size){.links = 2, .neighbours = 16, .neighbours_v6 = 16});
    report_begin(choice.json ? REPORT_JSON : REPORT_TABLE);
    small_tables(&few, &pace);
    if (!choice.quick)
        large_tables(&few, &pace);
    world_drop(&few);
    return choice.check && report_missed() ? 1 : 0;
}
