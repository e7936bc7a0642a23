/* SPDX-License-Identifier: MIT */
#include "kernel/packet_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <time.h>

#include "kernel/sys.h"

/* Kernels before 4.20 do not know the option and run the filter on outgoing frames. */
static int packet_socket_spare_outgoing(int fd)
{
    const int on = 1;
    int code = aq_sys_setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);

    return code == -ENOPROTOOPT ? 0 : code;
}

/* Binds the socket after the filter is attached. A socket that is opened with a protocol would
 * receive every frame until then. */
static int packet_socket_bind_to(int fd, const struct aq_packet *packet)
{
    const struct sock_fprog program = {.len = packet->filter_length, .filter = packet->filter};
    const struct packet_mreq promiscuous = {.mr_ifindex = (int)packet->ifindex,
                                            .mr_type = PACKET_MR_PROMISC};
    const int on = 1;
    const struct {
        bool wanted;
        int level, name;
        const void *value;
        socklen_t size;
    } options[] = {
        {true, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program},
        {packet->described, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on},
        {packet->described, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on},
        {packet->promiscuous, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous},
    };
    const struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                        .sll_protocol = htons(packet->protocol),
                                        .sll_ifindex = (int)packet->ifindex};
    int code = 0;

    for (size_t i = 0; code == 0 && i < sizeof options / sizeof options[0]; i++)
        if (options[i].wanted)
            code = aq_sys_setsockopt(fd, options[i].level, options[i].name, options[i].value,
                                     options[i].size);
    if (code == 0 && packet->spare_outgoing)
        code = packet_socket_spare_outgoing(fd);
    if (code < 0)
        return code;
    return aq_sys_bind(fd, (const struct sockaddr *)&address, sizeof address);
}

int aq_packet_socket_open(const struct aq_packet *packet)
{
    int fd = aq_sys_socket(AF_PACKET, packet->type, 0), code;

    if (fd < 0)
        return fd;
    code = packet_socket_bind_to(fd, packet);
    if (code < 0) {
        aq_sys_close(fd);
        return code;
    }
    return fd;
}

/* ---- Receiving ---- */

/* The kernel writes link-layer addresses that are longer than sll_addr. */
union sender {
    struct sockaddr_ll ll;
    uint8_t bytes[offsetof(struct sockaddr_ll, sll_addr) + ARPQ_MAC_MAX];
};

union packet_control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata)) + CMSG_SPACE(sizeof(struct timespec))];
};

static void read_sender(const union sender *sender, struct aq_packet_received *frame)
{
    const struct sockaddr_ll *ll = &sender->ll;

    frame->ifindex = (uint32_t)ll->sll_ifindex;
    frame->protocol = ntohs(ll->sll_protocol);
    frame->hatype = ll->sll_hatype;
    frame->outgoing = ll->sll_pkttype == PACKET_OUTGOING;
    if (ll->sll_halen > ARPQ_MAC_MAX)
        return;
    frame->mac_length = ll->sll_halen;
    frame->source.type = ll->sll_hatype;
    frame->source.length = ll->sll_halen;
    memcpy(frame->source.bytes, sender->bytes + offsetof(struct sockaddr_ll, sll_addr),
           ll->sll_halen);
}

static void read_control(struct msghdr *message, struct aq_packet_received *frame)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = aq_sys_next_control(message, c)) {
        struct tpacket_auxdata aux;
        struct timespec time;

        if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA &&
            c->cmsg_len >= CMSG_LEN(sizeof aux)) {
            memcpy(&aux, CMSG_DATA(c), sizeof aux);
            frame->network = aux.tp_net;
            frame->has_vlan = aux.tp_status & TP_STATUS_VLAN_VALID;
            frame->vlan_tci = frame->has_vlan ? aux.tp_vlan_tci : 0;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS &&
                   c->cmsg_len >= CMSG_LEN(sizeof time)) {
            memcpy(&time, CMSG_DATA(c), sizeof time);
            frame->time_ns = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
        }
    }
}

int aq_packet_socket_receive(int fd, void *buffer, size_t size, struct aq_packet_received *frame)
{
    union sender sender = {.bytes = {0}};
    union packet_control control;
    struct iovec piece = {.iov_base = buffer, .iov_len = size};
    struct msghdr message = {.msg_name = &sender,
                             .msg_namelen = sizeof sender,
                             .msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t received = aq_sys_recvmsg(fd, &message, MSG_DONTWAIT);

    memset(frame, 0, sizeof *frame);
    if (received < 0)
        return (int)received;
    frame->bytes = buffer;
    frame->size = (size_t)received < size ? (size_t)received : size;
    read_sender(&sender, frame);
    read_control(&message, frame);
    return 0;
}

/* ---- The interface ---- */

int aq_packet_socket_check_up(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    int code = aq_sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);

    return code < 0 ? code : -error;
}

bool aq_packet_socket_is_orphan(int fd)
{
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof storage;
    struct sockaddr_ll address;

    if (aq_sys_getsockname(fd, &storage, &size) < 0)
        return false;
    memcpy(&address, &storage, sizeof address);
    return address.sll_ifindex < 0;
}

uint32_t aq_packet_socket_dropped(int fd)
{
    struct tpacket_stats stats = {0};
    socklen_t size = sizeof stats;

    if (aq_sys_getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) < 0)
        return 0;
    return stats.tp_drops;
}
