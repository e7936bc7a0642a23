/* SPDX-License-Identifier: MIT */
/*
 * guest_ips - the IP addresses of a guest, by the MAC of its network card.
 *
 * Build:  cc guest_ips.c $(pkg-config --cflags --libs arpq) -o guest_ips
 * Run:    ./guest_ips 52:54:00:12:34:56
 * Try:    ./guest_ips 52:54:00:12:34:56 30    (waits up to 30 s for the first address)
 *
 * This is what "virsh domifaddr --source arp" asks, for IPv4 and IPv6 and in every state of the
 * entry. A mirror holds a copy of the neighbour table, which the kernel's events keep current, with
 * an index by MAC: a question costs no system call, and the wait needs no polling. A guest that has
 * not spoken to this machine yet is not in the table.
 *
 * It prints one address a line, with its interface and the state of the entry. Exit status: 0 if
 * there is an address, 1 if there is none, 2 for wrong usage, 3 if the system lacks something.
 */
#include <arpq.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The entries that have the MAC, for free(3). */
struct guest {
    struct arpq_neigh *neighs;
    int count;
};

static int find(const struct arpq_mirror *mirror, const struct arpq_mac *mac, struct guest *guest)
{
    int room = 16, count;

    for (;;) {
        struct arpq_neigh *neighs = realloc(guest->neighs, (size_t)room * sizeof *neighs);

        if (!neighs)
            return -ENOMEM;
        guest->neighs = neighs;
        count = arpq_mirror_find_mac(mirror, mac, neighs, (uint32_t)room);
        if (count <= room)
            break;
        room = count;
    }
    guest->count = count > 0 ? count : 0;
    return count < 0 ? count : 0;
}

/* The same, and wait until there is an entry, or the time is over. */
static int await(struct arpq_mirror *mirror, const struct arpq_mac *mac, int64_t wait_ms,
                 struct guest *guest)
{
    struct pollfd event = {.fd = arpq_mirror_fd(mirror), .events = POLLIN};
    int64_t end = now_ms() + wait_ms, left;
    int code = find(mirror, mac, guest);

    while (code == 0 && guest->count == 0 && (left = end - now_ms()) > 0) {
        if (poll(&event, 1, (int)left) < 0 && errno != EINTR)
            return -errno;
        code = arpq_mirror_sync(mirror); /* the number of changes, or a failure */
        if (code >= 0)
            code = find(mirror, mac, guest);
    }
    return code;
}

static void print(struct arpq_handle *h, const struct arpq_neigh *neigh)
{
    char ip[ARPQ_IP_STRLEN], name[ARPQ_IFNAME_SIZE];

    if (arpq_interface_name(h, neigh->ifindex, name) != 0)
        snprintf(name, sizeof name, "#%u", (unsigned)neigh->ifindex); /* it has just gone */
    printf("%s dev %s %s\n", arpq_ip_format_named(h, &neigh->ip, ip, sizeof ip), name,
           arpq_name(ARPQ_NAMES_STATE, neigh->state));
}

int main(int argc, char **argv)
{
    struct arpq_handle *h = NULL;
    struct arpq_mirror *mirror = NULL;
    struct guest guest = {NULL, 0};
    struct arpq_mac mac;
    char *end = NULL;
    long seconds = argc == 3 ? strtol(argv[2], &end, 10) : 0;
    int code;

    if (argc < 2 || argc > 3 || arpq_mac_parse(argv[1], &mac) != 0 || (end && *end) ||
        seconds < 0 || seconds > 1000000) {
        fprintf(stderr, "usage: guest_ips MAC [SECONDS]\n");
        return 2;
    }
    code = arpq_open(&h, NULL);
    if (code == 0)
        code = arpq_mirror_open(h, &mirror, NULL);
    if (code == 0)
        code = await(mirror, &mac, seconds * 1000, &guest);
    if (code < 0)
        fprintf(stderr, "guest_ips: %s\n", arpq_strerror(code));
    for (int n = 0; n < guest.count; n++)
        print(h, &guest.neighs[n]);
    if (fflush(stdout) != 0 && code >= 0) {
        perror("guest_ips");
        code = -EIO;
    }
    free(guest.neighs);
    arpq_mirror_close(mirror);
    arpq_close(h);
    return code < 0 ? 3 : guest.count == 0;
}
