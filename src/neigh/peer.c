/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "kernel/sys.h"
#include "neigh/ask.h"

/* A number that the socket may carry; 0 where it does not. */
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

static int peer_read_query(const struct arpq *h, int fd, struct aq_query *query)
{
    struct arpq_ip peer;
    int code = read_peer(fd, &peer);

    if (code < 0)
        return code;
    code = aq_target_query(h, &peer, peer.scope ? peer.scope : read_option(fd, SO_BINDTOIFINDEX),
                           query);
    if (code < 0)
        return code;
    read_source(fd, &query->route.source);
    query->route.mark = read_option(fd, SO_MARK);
    return 0;
}

int arpq_peer(struct arpq *h, int fd, struct arpq_mac *mac)
{
    struct aq_query query;
    int code;

    if (mac)
        memset(mac, 0, sizeof *mac);
    code = h && mac ? peer_read_query(h, fd, &query) : -EINVAL;
    if (code < 0) {
        aq_rtnl_detail_clear();
        return code;
    }
    return aq_lookup(h, &query, mac);
}
