/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/names.h"
#include "kernel/sys.h"
#include "neigh/ask.h"

/* Returns a numeric option of a socket, or 0 if the socket or the kernel lacks it. */
static uint32_t read_option(int fd, int name)
{
    int value = 0;
    socklen_t size = sizeof value;

    if (aq_sys_getsockopt(fd, SOL_SOCKET, name, &value, &size) < 0)
        return 0;
    return (uint32_t)value;
}

static int read_peer(int fd, struct arpq_ip *peer)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    int code = aq_sys_getpeername(fd, &address, &size);

    if (code < 0)
        return code;
    return arpq_ip_from_sockaddr((const struct sockaddr *)&address, size, peer);
}

static void read_source(int fd, struct arpq_ip *source)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;

    if (aq_sys_getsockname(fd, &address, &size) < 0 ||
        arpq_ip_from_sockaddr((const struct sockaddr *)&address, size, source) < 0)
        memset(source, 0, sizeof *source);
}

/* Reads the interface that the socket is bound to, or 0. Before Linux 5.1, only the name of the
 * interface can be read. */
static int read_device(struct arpq_handle *h, int fd, uint32_t *ifindex)
{
    char name[ARPQ_IFNAME_SIZE] = "";
    socklen_t size = sizeof *ifindex;
    int code = aq_sys_getsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, ifindex, &size);

    if (code != -ENOPROTOOPT)
        return code;
    *ifindex = 0;
    size = sizeof name;
    code = aq_sys_getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &size);
    return code < 0 || !name[0] ? code : aq_names_index(h, name, ifindex);
}

static int peer_read_query(struct arpq_handle *h, int fd, uint32_t flags, struct aq_query *query)
{
    uint32_t ifindex = 0;
    struct arpq_ip peer;
    int code = read_peer(fd, &peer);

    if (code < 0)
        return code;
    if (!peer.scope)
        code = read_device(h, fd, &ifindex);
    if (code == 0)
        code = aq_query_make(&peer, peer.scope ? 0 : ifindex, flags, query);
    if (code < 0)
        return code;
    read_source(fd, &query->route.source);
    query->route.mark = read_option(fd, SO_MARK);
    return 0;
}

int arpq_peer(struct arpq_handle *h, int fd, uint32_t flags, struct arpq_mac *mac)
{
    struct aq_query query;
    int code;

    if (mac)
        memset(mac, 0, sizeof *mac);
    code = h && mac ? peer_read_query(h, fd, flags, &query) : -EINVAL;
    if (code < 0) {
        aq_detail_begin(h);
        return code;
    }
    return aq_lookup(h, &query, mac);
}
