/* SPDX-License-Identifier: MIT */
/*
 * Random topologies, as ip(8) commands.
 *
 * A topology has four veth pairs, v0 to v3, and one tun device, t0, which has no link-layer
 * addresses. Addresses come from two small pools, 10.1.0.0/22 and fd01::/62, with prefixes of any
 * length, so that prefixes overlap and routes of every kind lie within them. The kernel refuses
 * some commands, which then have no effect.
 */
#ifndef ARPQ_TEST_KERNEL_TOPOLOGY_H
#define ARPQ_TEST_KERNEL_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#define COMMANDS_MAX 256
#define COMMAND_SIZE 256
#define TARGETS_MAX 400
#define TOPOLOGY_MARK 51820u

struct command {
    char text[COMMAND_SIZE];
    bool skip; /* omit it when the topology is rebuilt */
};

struct topology {
    uint64_t random;
    struct command commands[COMMANDS_MAX];
    size_t count;
    struct arpq_ip targets[TARGETS_MAX]; /* addresses to look up */
    size_t target_count;
    int tun_fd;
};

/* Choose the commands and the targets from a seed. */
void topology_choose(struct topology *topology, uint64_t seed);

/* Enter a new namespace and run the commands there. */
void topology_make(struct topology *topology);

/* Run the commands from `first` on. */
void topology_run(struct topology *topology, size_t first);

/* Add that many IPv4 routes outside all targets, as on a router. */
void topology_add_routes(uint64_t count);

void topology_free(struct topology *topology);

/* Append a random change of a route, a rule, an address, a name, a link or an entry. Returns the
 * number of its first command, for topology_run. */
size_t topology_change(struct topology *topology);

/* Print the commands as shell commands, except skipped ones. */
void topology_print(const struct topology *topology);

#endif
