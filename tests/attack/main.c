/* SPDX-License-Identifier: MIT */
/*
 * arpq_attack [SECONDS] [TARGET...] - attack the functions that listen to a link, and print the
 * bounds that the header states beside what was reached.
 *
 * Each target runs in a process and in namespaces of its own. ARPQ_SEED repeats the random choices.
 * Exit status: 0, 1 if a bound was broken, 2 if a target could not be run.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack/targets.h"
#include "random.h"

#define SECONDS 600u
#define SECONDS_MOST 86400u

struct attack_target {
    struct attack_mix mix;
    void (*run)(struct lab *lab);
};

static const struct attack_target targets[] = {
    {{"sweep4",
      {forge_arp_reply, forge_arp_reply, forge_arp_reply, forge_arp_invented, forge_arp_announce,
       forge_arp_request, forge_arp_victim, forge_arp_contest, forge_arp_probe, forge_arp_tagged,
       forge_arp_malformed},
      .answers_arp = true},
     attack_sweep4},
    {{"sweep6",
      {forge_echo_all_nodes, forge_echo_all_nodes, forge_echo_all_nodes, forge_echo_all_nodes,
       forge_echo_all_nodes, forge_echo_all_nodes, forge_echo_all_nodes, forge_echo_all_nodes,
       forge_echo_all_nodes, forge_echo_wrong, forge_na_invented, forge_ns_pool, forge_ndp_any,
       forge_ndp_any, forge_ra},
      .answers_arp = false},
     attack_sweep6},
    {{"sniffer",
      {forge_arp_invented, forge_arp_announce, forge_arp_announce, forge_arp_reply,
       forge_arp_request, forge_arp_victim, forge_arp_contest, forge_arp_probe, forge_arp_tagged,
       forge_arp_malformed, forge_na_invented, forge_na_invented, forge_ndp_any, forge_ns_pool},
      .answers_arp = true},
     attack_sniffer},
    {{"watch",
      {forge_arp_pool, forge_arp_pool, forge_arp_pool, forge_na_pool, forge_na_pool, forge_ns_pool,
       forge_arp_request, forge_arp_malformed},
      .answers_arp = true},
     attack_watch},
    {{"mirror",
      {forge_arp_pool, forge_arp_pool, forge_arp_pool, forge_na_pool, forge_na_pool, forge_ns_pool,
       forge_arp_request, forge_arp_malformed},
      .answers_arp = true},
     attack_mirror},
    {{"resolver",
      {forge_arp_pool, forge_arp_pool, forge_na_pool, forge_ns_pool, forge_arp_reply,
       forge_arp_request, forge_arp_malformed, forge_ndp_any},
      .answers_arp = true},
     attack_resolver},
    {{"ping",
      {forge_echo_single4, forge_echo_single4, forge_echo_single6, forge_echo_single6, forge_error4,
       forge_error6, forge_arp_invented, forge_ndp_any},
      .answers_echo = true},
     attack_ping},
};

#define TARGETS (sizeof targets / sizeof targets[0])

void expect_code(int code, int wanted, const char *call)
{
    if (code == wanted)
        return;
    printf("%s returned %d: %s\n", call, code, arpq_strerror(code));
    fflush(stdout);
    _exit(1);
}

static int run_target(const struct attack_target *target, uint32_t seconds, uint64_t seed)
{
    const pid_t parent = getpid();
    pid_t pid;
    int status;

    fflush(NULL);
    pid = fork();
    if (pid < 0)
        return 2;
    if (pid == 0) {
        struct lab lab;

        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
            _exit(2);

        lab_open(&lab, &target->mix, seconds, seed);
        target->run(&lab);
        lab_close(&lab);
        exit(lab.broken ? 1 : 0);
    }
    if (waitpid(pid, &status, 0) != pid)
        return 2;
    if (!WIFEXITED(status)) {
        printf("%s ended by signal %d\n", target->mix.name, WTERMSIG(status));
        return 1;
    }
    return WEXITSTATUS(status);
}

static const struct attack_target *find_target(const char *name)
{
    for (size_t i = 0; i < TARGETS; i++)
        if (strcmp(targets[i].mix.name, name) == 0)
            return &targets[i];
    return NULL;
}

static int usage(void)
{
    fputs("usage: arpq_attack [SECONDS] [TARGET...]\n  SECONDS  for each target, 1 to 86400 (600)\n"
          "  TARGET  ",
          stderr);
    for (size_t i = 0; i < TARGETS; i++)
        fprintf(stderr, " %s", targets[i].mix.name);
    fputs(" (all)\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    uint32_t seconds = SECONDS;
    int worst = 0, at = 1;
    uint64_t seed;

    if (argc > 1 && argv[1][0] >= '0' && argv[1][0] <= '9') {
        char *end;
        unsigned long value = strtoul(argv[at++], &end, 10);

        if (*end || value == 0 || value > SECONDS_MOST)
            return usage();
        seconds = (uint32_t)value;
    }
    for (int i = at; i < argc; i++)
        if (!find_target(argv[i]))
            return usage();
    seed = seed_of_run();
    puts("| target | what | bound | reached in the attack | |\n|---|---|---|---|---|");
    for (size_t i = 0; i < (at < argc ? (size_t)(argc - at) : TARGETS); i++) {
        int code =
            run_target(at < argc ? find_target(argv[at + (int)i]) : &targets[i], seconds, seed);

        worst = code > worst ? code : worst;
    }
    return worst;
}
