/* SPDX-License-Identifier: MIT */
/* Simulates results of recvmsg on an ICMP socket. The first byte of the input chooses the kind of
 * socket. The next three bytes give the sizes of the sender's address and of the control messages.
 * The address, the control messages and the packet follow. */
#include "fuzz/fuzz.h"

#include <errno.h>

#include "kernel/icmp_socket.h"

#define IS_V6 1u
#define IS_RAW 2u
#define IS_QUEUED 4u
#define IS_CUT 8u

/* Copy the next `size` bytes into a block of exactly that size, so that ASan detects a read past
 * its end. */
static void *take(const uint8_t **data, size_t *left, size_t size, size_t *taken)
{
    void *block;

    if (size > *left)
        size = *left;
    block = exact_copy(*data, size);
    *data += size;
    *left -= size;
    *taken = size;
    return block;
}

static void check(const struct aq_icmp_socket *socket, const struct aq_icmp_message *message,
                  const uint8_t *packet, size_t size, unsigned how)
{
    struct arpq_icmp icmp;

    require(message->bytes >= packet && message->bytes + message->size == packet + size);
    require(message->from.family == 0 || message->from.family == AF_INET ||
            message->from.family == AF_INET6);
    require((message->kind == AQ_ICMP_MESSAGE) == !(how & IS_QUEUED));
    if (message->kind == AQ_ICMP_MESSAGE) {
        require(!(how & IS_CUT) && message->from.family == socket->family);
        require(message->to.family == 0 && message->type == 0 && message->code == 0);
    } else {
        require(message->bytes == packet);
    }
    (void)arpq_icmp_decode(socket->family, NULL, NULL, message->bytes, message->size, &icmp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aq_icmp_message message;
    struct aq_icmp_socket socket = {.fd = -1, .identifier = 0x1234};
    struct iovec part;
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    size_t left, name_size, control_size, packet_size;
    unsigned how;
    int code;

    if (size < 4)
        return 0;
    how = data[0];
    left = size - 4;
    name_size = data[1] % (sizeof(struct sockaddr_storage) + 1);
    control_size = (size_t)(data[2] << 8 | data[3]);
    data += 4;
    socket.family = how & IS_V6 ? AF_INET6 : AF_INET;
    socket.raw = (how & IS_RAW) != 0;
    header.msg_flags = how & IS_CUT ? MSG_TRUNC : 0;
    header.msg_name = take(&data, &left, name_size, &name_size);
    header.msg_namelen = (socklen_t)name_size;
    header.msg_control = take(&data, &left, control_size, &control_size);
    header.msg_controllen = (socklen_t)control_size;
    part.iov_base = take(&data, &left, left, &packet_size);
    part.iov_len = packet_size;
    memset(&message, 0xaa, sizeof message);
    code = aq_icmp_socket_parse(&socket, &header, packet_size, (how & IS_QUEUED) != 0, &message);
    require(code == 1 || code == -ENOMSG);
    if (code == 1)
        check(&socket, &message, part.iov_base, packet_size, how);
    free(header.msg_name);
    free(header.msg_control);
    free(part.iov_base);
    return 0;
}
