/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <linux/if_tun.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/topology.h"
#include "kernel/tun.h"
#include "namespace.h"
#include "process.h"

static void set_sysctl(const char *setting)
{
    char path[COMMAND_SIZE + 16];
    char *value;
    FILE *file;

    snprintf(path, sizeof path, "/proc/sys/%s", setting);
    value = strchr(path, '=');
    *value++ = '\0';
    file = fopen(path, "we"); /* the link may be gone or renamed */
    if (file) {
        fputs(value, file);
        fclose(file);
    }
}

static bool is_sysctl(const struct command *command)
{
    return strncmp(command->text, "sysctl ", 7) == 0;
}

/* "-4" or "-6", or "" for commands whose addresses determine the family. */
static const char *family_of(const struct command *command)
{
    return strncmp(command->text, "-6 ", 3) == 0 ? "-6" : command->text[0] == '-' ? "-4" : "";
}

static void run_batch(const struct command *commands, size_t count)
{
    const char *family = family_of(commands);
    char line[64];
    FILE *pipe;

    snprintf(line, sizeof line, "exec ip %s -force -batch - 2>/dev/null", family);
    fflush(NULL);
    pipe = popen(line, "we");
    assert_non_null(pipe);
    for (size_t i = 0; i < count; i++)
        if (!commands[i].skip)
            fprintf(pipe, "%s\n", commands[i].text + (*family ? 3 : 0));
    pclose(pipe);
}

void topology_run(struct topology *t, size_t first)
{
    for (size_t end; first < t->count; first = end) {
        const struct command *command = &t->commands[first];

        end = first + 1;
        if (is_sysctl(command)) {
            if (!command->skip)
                set_sysctl(command->text + 7);
            continue;
        }
        while (end < t->count && !is_sysctl(&t->commands[end]) &&
               strcmp(family_of(&t->commands[end]), family_of(command)) == 0)
            end++;
        run_batch(command, end - first);
    }
}

void topology_make(struct topology *t)
{
    if (!namespace_enter())
        not_run("no network namespace can be made");
    deadline(NETNS_DEADLINE);
    if (t->tun_fd >= 0)
        close(t->tun_fd);
    t->tun_fd = open_tun("t0", IFF_TUN, TUN_KEEPS_TYPE);
    topology_run(t, 0);
}

void topology_add_routes(uint64_t count)
{
    FILE *pipe;

    if (!count)
        return;
    pipe = popen("exec ip -force -batch - 2>/dev/null", "we");
    assert_non_null(pipe);
    for (uint64_t n = 0; n < count; n++)
        fprintf(pipe, "route add 20.%u.%u.%u/32 dev lo\n", (unsigned)(n >> 16 & 255),
                (unsigned)(n >> 8 & 255), (unsigned)(n & 255));
    assert_int_equal(pclose(pipe), 0);
    deadline(NETNS_DEADLINE);
}

void topology_free(struct topology *t)
{
    close(t->tun_fd);
    t->tun_fd = -1;
}

void topology_print(const struct topology *t)
{
    puts("unshare -n # and in it, where commands may fail:\nip link set lo up\n"
         "ip tuntap add t0 mode tun # held open by a process");
    for (size_t i = 0; i < t->count; i++) {
        const struct command *command = &t->commands[i];

        if (!command->skip)
            printf("%s%s\n", is_sysctl(command) ? "" : "ip ", command->text);
    }
    fflush(stdout);
}
