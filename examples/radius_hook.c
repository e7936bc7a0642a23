/* SPDX-License-Identifier: MIT */
/*
 * radius_hook - a program for the exec module of FreeRADIUS: Calling-Station-Id from the address.
 *
 * Build:  cc radius_hook.c $(pkg-config --cflags --libs arpq) -o radius_hook
 * Run:    ./radius_hook 192.0.2.2
 * Try:    FRAMED_IP_ADDRESS=192.0.2.2 ./radius_hook
 *
 * Some access servers send the address of a client and not its MAC. On the link of the clients,
 * this program adds the MAC, in the form of RFC 3580. In raddb/mods-enabled/arpq, with "arpq" in
 * the section preacct:
 *
 *   exec arpq {
 *       wait = yes
 *       program = "/usr/local/bin/radius_hook"
 *       input_pairs = request
 *       output_pairs = request
 *   }
 *
 * The address is the argument, or the attribute Framed-IP-Address or Framed-IPv6-Address, which
 * FreeRADIUS passes in the environment. If the kernel does not know the client yet, the program
 * waits up to one second for its answer. It needs no privilege. The exit status is a code of the
 * exec module: 0 ok, 2 fail, 5 invalid (no address), 7 notfound (no such host of the link).
 */
#include <arpq.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum exec_code { EXEC_OK = 0, EXEC_FAIL = 2, EXEC_INVALID = 5, EXEC_NOT_FOUND = 7 };

static const char *find_address(int argc, char **argv)
{
    const char *address = argc == 2 ? argv[1] : getenv("FRAMED_IP_ADDRESS");

    return address ? address : getenv("FRAMED_IPV6_ADDRESS");
}

static int resolve(const struct arpq_ip *ip, struct arpq_neigh *neigh)
{
    struct arpq_handle *h;
    int code = arpq_open(&h, NULL);

    if (code == 0)
        code = arpq_resolve(h, ip, 0, 0, 1000, neigh);
    /* The MAC of a group, as of 255.255.255.255 (RFC 2865: the client chooses), or of loopback. */
    if (code == 0 && (arpq_mac_is_multicast(&neigh->mac) || arpq_mac_is_zero(&neigh->mac)))
        code = -ENETUNREACH;
    arpq_close(h);
    return code;
}

int main(int argc, char **argv)
{
    const char *address = find_address(argc, argv);
    struct arpq_ip ip;
    struct arpq_neigh neigh;
    char text[ARPQ_MAC_STRLEN];
    int code;

    if (argc > 2 || !address || arpq_ip_parse(address, &ip, 0) != 0) {
        fprintf(stderr, "radius_hook: not an IP address: %s\n", address ? address : "(none)");
        return EXEC_INVALID;
    }
    code = resolve(&ip, &neigh);
    switch (code) {
    case 0:
        arpq_mac_format(&neigh.mac, ARPQ_MAC_DASH | ARPQ_MAC_UPPER, text, sizeof text);
        printf("Calling-Station-Id := \"%s\"\n", text);
        return fflush(stdout) != 0 ? EXEC_FAIL : EXEC_OK;
    case -EHOSTUNREACH: /* nobody answers */
    case -ENETUNREACH:  /* behind a router, or no address of a host */
    case -EOPNOTSUPP:   /* the link has no MACs */
        fprintf(stderr, "radius_hook: %s: %s\n", address, arpq_strerror(code));
        return EXEC_NOT_FOUND;
    default:
        fprintf(stderr, "radius_hook: %s: %s\n", address, arpq_strerror(code));
        return EXEC_FAIL;
    }
}
