/* SPDX-License-Identifier: MIT */
/* Compares whole processes: arpq show with ip neigh show. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "method/clock.h"
#include "method/report.h"
#include "rows/rows.h"

#define GOAL 1.0
#define GOAL_ENTRIES 100000u /* the goal applies to a table of this size */
#define ROUNDS 11u
#define ROUNDS_QUICK 5u

#define WORDS 5u

struct command {
    char words[WORDS][512]; /* the first word is the program; an empty word ends the list */
};

static const struct command ip_show = {{"ip", "neigh", "show"}};
static const struct command ip_show_json = {{"ip", "-j", "neigh", "show"}};
static const struct command arpq_show = {{BENCH_ARPQ_TOOL, "show"}};
static const struct command arpq_show_json = {{BENCH_ARPQ_TOOL, "show", "--json"}};

/* Returns the time from the start of the process to its end. The output of the process goes to
 * /dev/null. */
static uint64_t run_command(void *self)
{
    const struct command *c = self;
    char words[WORDS][sizeof c->words[0]], *arguments[WORDS] = {NULL};
    posix_spawn_file_actions_t actions;
    uint64_t began = clock_ns();
    int status;
    pid_t child;

    memcpy(words, c->words, sizeof words);
    for (unsigned i = 0; words[i][0]; i++)
        arguments[i] = words[i];
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&child, words[0], &actions, NULL, arguments, environ) ||
        waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status))
        fail(0, words[0]);
    posix_spawn_file_actions_destroy(&actions);
    return clock_ns() - began;
}

/* Returns the number of entries that the command prints, or 0 if the program is missing. */
static unsigned count_entries(const struct command *c)
{
    char line[1024];
    unsigned entries = 0;
    FILE *output;
    int size = 0;

    for (unsigned i = 0; c->words[i][0]; i++)
        size += snprintf(line + size, sizeof line - (size_t)size, "'%s' ", c->words[i]);
    snprintf(line + size, sizeof line - (size_t)size, "2>/dev/null | grep -o PERMANENT | wc -l");
    output = popen(line, "r");
    if (!output || fscanf(output, "%u", &entries) != 1)
        entries = 0;
    if (output)
        pclose(output);
    return entries;
}

static void compare_commands(const char *name, const struct command *ip, const struct command *arpq,
                             uint32_t neighbours, unsigned rounds)
{
    struct command commands[2] = {*ip, *arpq};
    double goal = neighbours == GOAL_ENTRIES ? GOAL : 0;
    struct score s[2];
    char row[64];

    snprintf(row, sizeof row, "%s, %u", name, neighbours);
    repeat((struct timed_run[]){{run_command, &commands[0]}, {run_command, &commands[1]}}, 2,
           rounds, s);
    report_row(&(struct row){row, "ms", s[1].ns / 1e6, s[0].ns / 1e6, s[1].ns / s[0].ns, goal, 0});
}

void rows_processes(const struct net_namespace *ns, int quick)
{
    uint32_t n = ns->size.neighbours;
    unsigned rounds = quick ? ROUNDS_QUICK : ROUNDS;

    if (count_entries(&ip_show_json) == 0 || count_entries(&arpq_show) == 0) {
        report_row(&(struct row){"arpq show: skipped, no arpq or no ip", "", 0, 0, 0, 0, 0});
        return;
    }
    if (count_entries(&ip_show) < n || count_entries(&ip_show_json) < n ||
        count_entries(&arpq_show) < n || count_entries(&arpq_show_json) < n)
        fail(0, "entries are missing in the output of a program");
    compare_commands("arpq show, against ip neigh show", &ip_show, &arpq_show, n, rounds);
    compare_commands("arpq show --json, against ip -j", &ip_show_json, &arpq_show_json, n, rounds);
}
