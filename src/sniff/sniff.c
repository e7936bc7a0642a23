/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/deadline.h"
#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/namespace.h"
#include "handle/options.h"
#include "handle/wait.h"
#include "kernel/packet_socket.h"
#include "kernel/sys.h"
#include "sniff/claims.h"
#include "sniff/frame.h"
#include "sniff/socket.h"

#define KNOWN_FLAGS                                                                                \
    (ARPQ_SNIFFER_ARP | ARPQ_SNIFFER_NDP | ARPQ_SNIFFER_CLAIMS | ARPQ_SNIFFER_OUTGOING |           \
     ARPQ_SNIFFER_PROMISCUOUS)
#define LEAST offsetof(struct arpq_sniffer_options, ifindex)
#define KNOWN offsetof(struct arpq_sniffer_options, reserved)

#define DEFAULT_BUFFER (4u << 20)
#define DEFAULT_DAMPING_MS 10000u
#define DEFAULT_CLAIMS 65536u
#define MOST_CLAIMS (16u << 20)

/* Space for the largest IPv6 packet that is not a jumbogram, and the header of any link. */
#define FRAME_MAX (65536u + 128u)

/* The most frames to read before the next check of the deadline and of the interfaces. */
#define BATCH 64u

/* If an interface that is down is deleted, the socket reports no error. Check at this interval
 * whether the interface still exists. */
#define DOWN_MS 200

struct arpq_sniffer {
    struct arpq_handle *h;
    int fd;
    uint32_t flags;
    bool down;    /* -ENETDOWN was returned */
    bool drained; /* the queue was empty after that: a new frame proves the interface is up */
    struct aq_claims claims;
    struct arpq_sniffer_stats stats;
    uint8_t bytes[FRAME_MAX];
};

/* ---- Opening and closing ---- */

static int sniffer_read_options(const struct arpq_sniffer_options *from,
                                struct arpq_sniffer_options *options)
{
    int code = aq_options_read(from, LEAST, KNOWN, KNOWN_FLAGS, options, sizeof *options);

    if (code < 0 || options->ifindex > INT32_MAX || options->claims_max > MOST_CLAIMS)
        return -EINVAL;
    if (options->flags & ARPQ_SNIFFER_PROMISCUOUS && !options->ifindex)
        return -EINVAL;
    if (!options->receive_buffer)
        options->receive_buffer = DEFAULT_BUFFER;
    if (!options->damping_ms)
        options->damping_ms = DEFAULT_DAMPING_MS;
    if (!options->claims_max)
        options->claims_max = DEFAULT_CLAIMS;
    return 0;
}

static int sniffer_open_socket(void *context)
{
    const struct arpq_sniffer_options *options = context;

    return aq_sniff_socket_open(options->flags, options->ifindex);
}

int arpq_sniffer_open(struct arpq_handle *h, struct arpq_sniffer **sniffer,
                      const struct arpq_sniffer_options *options)
{
    struct arpq_sniffer_options checked;
    struct arpq_sniffer *new_sniffer;
    int code;

    aq_detail_begin(h);
    if (sniffer)
        *sniffer = NULL;
    if (!h || !sniffer)
        return -EINVAL;
    code = sniffer_read_options(options, &checked);
    if (code < 0)
        return code;
    new_sniffer = calloc(1, sizeof *new_sniffer);
    if (!new_sniffer)
        return -ENOMEM;
    code = aq_namespace_run(h, sniffer_open_socket, &checked);
    if (code < 0) {
        free(new_sniffer);
        return code;
    }
    new_sniffer->h = new_sniffer->claims.h = aq_handle_ref(h);
    new_sniffer->fd = code;
    new_sniffer->flags = checked.flags;
    new_sniffer->claims.max = checked.claims_max;
    new_sniffer->claims.damping_ms = checked.damping_ms;
    new_sniffer->claims.seed = aq_sys_random();
    new_sniffer->stats.receive_buffer =
        aq_sys_set_receive_buffer(new_sniffer->fd, checked.receive_buffer);
    *sniffer = new_sniffer;
    return 0;
}

void arpq_sniffer_close(struct arpq_sniffer *sniffer)
{
    if (!sniffer)
        return;
    aq_sys_close(sniffer->fd);
    aq_claims_free(&sniffer->claims);
    aq_handle_unref(sniffer->h);
    free(sniffer);
}

int arpq_sniffer_fd(const struct arpq_sniffer *sniffer)
{
    return sniffer ? sniffer->fd : -EINVAL;
}

int arpq_sniffer_stats(struct arpq_sniffer *sniffer, struct arpq_sniffer_stats *stats)
{
    if (stats)
        memset(stats, 0, sizeof *stats);
    if (!sniffer || !stats)
        return -EINVAL;
    sniffer->stats.dropped += aq_packet_socket_dropped(sniffer->fd);
    *stats = sniffer->stats;
    stats->claims = sniffer->claims.count;
    stats->forgotten = sniffer->claims.forgotten;
    stats->moved = sniffer->claims.moved;
    stats->conflicts = sniffer->claims.conflicts;
    return 0;
}

/* ---- Frames ---- */

static bool is_reported(const struct arpq_sniffer *sniffer, const struct arpq_sniffed *frame)
{
    const uint32_t news =
        ARPQ_SNIFFED_NEW | ARPQ_SNIFFED_MOVED | ARPQ_SNIFFED_CONFLICT | ARPQ_SNIFFED_OURS;

    return !(sniffer->flags & ARPQ_SNIFFER_CLAIMS) || frame->flags & news;
}

/* Read one frame. Returns 1 if it must be reported, 0 if not, -EAGAIN if none is waiting, or an
 * error. */
static int sniffer_take(struct arpq_sniffer *sniffer, struct arpq_sniffed *frame)
{
    struct aq_packet_received received;
    int code = aq_claims_reserve(&sniffer->claims);

    if (code < 0)
        return code;
    code = aq_packet_socket_receive(sniffer->fd, sniffer->bytes, sizeof sniffer->bytes, &received);
    if (code < 0)
        return code;
    if (sniffer->drained)
        sniffer->down = false;
    sniffer->stats.frames++;
    if (received.mac_length == 0)
        received.mac_length = aq_links_facts(sniffer->h, received.ifindex).mac_length;
    code = aq_frame_read(&received, frame);
    if (code < 0) {
        sniffer->stats.malformed += code == -EBADMSG;
        return 0;
    }
    aq_claims_judge(&sniffer->claims, frame, aq_sys_now_ms());
    return is_reported(sniffer, frame);
}

/* If there is nothing to read, check that the interface still exists. */
static int check_interface(struct arpq_sniffer *sniffer, int code)
{
    if (code == -ENETDOWN)
        sniffer->down = true;
    sniffer->drained = code == -EAGAIN;
    return sniffer->down && aq_packet_socket_is_orphan(sniffer->fd) ? -ENODEV : code;
}

static int take_several(struct arpq_sniffer *sniffer, struct arpq_sniffed *frame)
{
    int code = 0;

    for (unsigned n = 0; code == 0 && n < BATCH; n++)
        code = sniffer_take(sniffer, frame);
    if (code != 1)
        memset(frame, 0, sizeof *frame);
    return code < 0 ? check_interface(sniffer, code) : code;
}

int arpq_sniffer_next(struct arpq_sniffer *sniffer, struct arpq_sniffed *frame, int32_t timeout_ms)
{
    uint64_t deadline_us = aq_deadline(timeout_ms);

    aq_detail_begin(sniffer ? sniffer->h : NULL);
    if (frame)
        memset(frame, 0, sizeof *frame);
    if (!sniffer || !frame || timeout_ms < -1)
        return -EINVAL;
    for (;;) {
        int code, left;

        /* If the refresh fails, the sniffer uses the current view. */
        (void)aq_interfaces_refresh(sniffer->h);
        code = take_several(sniffer, frame);
        if (code != 0 && code != -EAGAIN)
            return code;
        left = aq_deadline_left(timeout_ms, deadline_us);
        if (left == 0)
            return 0;
        if (sniffer->down && (left < 0 || left > DOWN_MS))
            left = DOWN_MS;
        if (code == -EAGAIN || aq_wait_is_woken(sniffer->h))
            code = aq_wait(sniffer->h, sniffer->fd, left);
        if (code < 0)
            return code;
    }
}
