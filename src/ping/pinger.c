/* SPDX-License-Identifier: MIT */
/* Ping many targets in an event loop. Each request has a socket of its own, so the kernel tells the
 * replies of requests apart, and its timestamps belong to one request. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/deadline.h"
#include "handle/detail.h"
#include "handle/handle.h"
#include "handle/wait.h"
#include "kernel/sys.h"
#include "kernel/wakeup.h"
#include "ping/request.h"

#define WINDOW 128u
#define WINDOW_MAX 4096u

/* The most requests whose results were not fetched. Each one takes about 200 bytes, and while it is
 * in the window 300 more and its packet. */
#define PENDING_MAX 1048576u

/* The time for each kind of work in one call, and the most messages to read of one socket before
 * other sockets get their turn. */
#define WORK_US 5000u
#define MESSAGES_MAX 16u
#define EVENTS_MAX 64u

struct item {
    struct item *previous, *next;
    struct arpq_pinged result;
    struct aq_ping_request request;
};

/* Items in the order in which they came. */
struct item_list {
    struct item *first, *last;
    uint32_t count;
};

struct arpq_pinger {
    struct arpq_handle *h;
    struct arpq_ping_options options;
    struct aq_wakeup wakeup;
    struct item_list waiting; /* not sent yet */
    struct item_list sent;    /* sorted by the time of sending, which is the order of the ends */
    struct item_list done;
    bool full;       /* no descriptor was left for a further request */
    bool unfinished; /* the last call ran out of time */
};

/* ---- Lists ---- */

static void item_append(struct item_list *list, struct item *item)
{
    item->next = NULL;
    item->previous = list->last;
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    list->count++;
}

static void item_remove(struct item_list *list, struct item *item)
{
    if (item->previous)
        item->previous->next = item->next;
    else
        list->first = item->next;
    if (item->next)
        item->next->previous = item->previous;
    else
        list->last = item->previous;
    list->count--;
}

static void item_list_free(struct item_list *list)
{
    struct item *next;

    for (struct item *item = list->first; item; item = next) {
        next = item->next;
        aq_ping_request_end(&item->request);
        free(item);
    }
}

/* ---- Open and close ---- */

static int pinger_read_options(const struct arpq_ping_options *from,
                               struct arpq_ping_options *options)
{
    int code = aq_ping_options_read(from, options);

    if (code < 0 || options->sequence || options->window > WINDOW_MAX)
        return -EINVAL;
    if (!options->window)
        options->window = WINDOW;
    return 0;
}

int arpq_pinger_open(struct arpq_handle *h, struct arpq_pinger **pinger,
                     const struct arpq_ping_options *options)
{
    struct arpq_ping_options checked;
    struct arpq_pinger *new_pinger;
    int code;

    aq_detail_begin(h);
    if (pinger)
        *pinger = NULL;
    if (!h || !pinger)
        return -EINVAL;
    code = pinger_read_options(options, &checked);
    if (code < 0)
        return code;
    new_pinger = calloc(1, sizeof *new_pinger);
    if (!new_pinger)
        return -ENOMEM;
    new_pinger->h = aq_handle_ref(h);
    new_pinger->options = checked;
    aq_wakeup_init(&new_pinger->wakeup);
    code = aq_wakeup_open(&new_pinger->wakeup);
    if (code < 0) {
        arpq_pinger_close(new_pinger);
        return aq_sys_unify_refusal(code);
    }
    *pinger = new_pinger;
    return 0;
}

void arpq_pinger_close(struct arpq_pinger *pinger)
{
    if (!pinger)
        return;
    item_list_free(&pinger->waiting);
    item_list_free(&pinger->sent);
    item_list_free(&pinger->done);
    aq_wakeup_close(&pinger->wakeup);
    aq_handle_unref(pinger->h);
    free(pinger);
}

int arpq_pinger_fd(const struct arpq_pinger *pinger)
{
    return pinger ? pinger->wakeup.fd : -EINVAL;
}

uint32_t arpq_pinger_pending(const struct arpq_pinger *pinger)
{
    return pinger ? pinger->waiting.count + pinger->sent.count + pinger->done.count : 0;
}

/* ---- Work ---- */

static bool pinger_is_over_time(struct arpq_pinger *pinger, uint64_t until_us)
{
    bool over = aq_sys_now_us() >= until_us;

    pinger->unfinished |= over;
    return over;
}

static void pinger_finish(struct arpq_pinger *pinger, struct item_list *from, struct item *item,
                          int code)
{
    item_remove(from, item);
    if (item->request.socket.fd >= 0)
        aq_wakeup_remove(&pinger->wakeup, item->request.socket.fd);
    aq_ping_request_end(&item->request);
    item->result.code = code;
    item_append(&pinger->done, item);
    pinger->full = false;
}

/* Returns whether there is a result. */
static bool pinger_read(struct arpq_pinger *pinger, struct item *item)
{
    for (unsigned n = 0; n < MESSAGES_MAX; n++) {
        int code = aq_ping_request_read(&item->request);

        if (code == -EAGAIN)
            return false;
        if (code == -ENOMSG)
            continue;
        pinger_finish(pinger, &pinger->sent, item, code);
        return true;
    }
    return false;
}

static struct item *pinger_find(const struct arpq_pinger *pinger, int fd)
{
    struct item *item = pinger->sent.first;

    while (item && item->request.socket.fd != fd)
        item = item->next;
    return item;
}

/* Read the sockets that have messages. The others are still ready at the next call. */
static int pinger_receive(struct arpq_pinger *pinger)
{
    int fds[EVENTS_MAX];
    int count = aq_sys_epoll_ready(pinger->wakeup.fd, fds, EVENTS_MAX);

    for (int i = 0; i < count; i++) {
        struct item *item = pinger_find(pinger, fds[i]); /* none: the timer */

        if (item)
            (void)pinger_read(pinger, item);
    }
    return count < 0 && count != -EINTR ? count : 0;
}

static void pinger_expire(struct arpq_pinger *pinger, uint64_t until_us)
{
    struct item *item;

    while ((item = pinger->sent.first) && aq_ping_request_left_us(&item->request) == 0 &&
           !pinger_is_over_time(pinger, until_us))
        if (!pinger_read(pinger, item))
            pinger_finish(pinger, &pinger->sent, item, aq_ping_request_expire(&item->request));
}

/* Returns false if the request has to wait for a descriptor that another request uses. */
static bool pinger_send(struct arpq_pinger *pinger, struct item *item)
{
    int code = aq_ping_request_begin(&item->request, &item->result.ip);

    if ((code == -EMFILE || code == -ENFILE) && pinger->sent.count > 0)
        return false;
    if (code == 0)
        code = aq_wakeup_add(&pinger->wakeup, item->request.socket.fd);
    if (code < 0) {
        pinger_finish(pinger, &pinger->waiting, item, code);
        return true;
    }
    item_remove(&pinger->waiting, item);
    item_append(&pinger->sent, item);
    return true;
}

static bool pinger_can_send(const struct arpq_pinger *pinger)
{
    return pinger->waiting.count && pinger->sent.count < pinger->options.window && !pinger->full;
}

static int pinger_work(struct arpq_pinger *pinger)
{
    uint64_t until_us = aq_sys_now_us() + WORK_US;
    int code = pinger_receive(pinger);

    pinger->unfinished = false;
    pinger_expire(pinger, until_us);
    until_us = aq_sys_now_us() + WORK_US;
    while (pinger_can_send(pinger) && !pinger_is_over_time(pinger, until_us))
        pinger->full = !pinger_send(pinger, pinger->waiting.first);
    return code;
}

/* ---- Add and next ---- */

/* Set the timer that makes the descriptor readable when the pinger has work that no message
 * announces. */
static int pinger_set_alarm(struct arpq_pinger *pinger)
{
    const struct item *first = pinger->sent.first;
    uint64_t at_us = AQ_WAKEUP_NEVER;

    if (pinger->done.count || pinger->unfinished || pinger_can_send(pinger))
        at_us = AQ_WAKEUP_NOW;
    else if (first)
        at_us = first->request.sent_us + (uint64_t)pinger->options.answer_ms * 1000;
    return aq_sys_unify_refusal(aq_wakeup_set_alarm(&pinger->wakeup, at_us));
}

int arpq_pinger_add(struct arpq_pinger *pinger, const struct arpq_ip *ip, uint16_t sequence,
                    uint64_t token)
{
    struct item *item;

    aq_detail_begin(pinger ? pinger->h : NULL);
    if (!pinger || !ip)
        return -EINVAL;
    if (arpq_pinger_pending(pinger) >= PENDING_MAX)
        return -ENOBUFS;
    item = calloc(1, sizeof *item);
    if (!item)
        return -ENOMEM;
    item->result.ip = *ip;
    item->result.sequence = sequence;
    item->result.token = token;
    item->request.h = pinger->h;
    item->request.options = &pinger->options;
    item->request.sequence = sequence;
    item->request.reply = &item->result.reply;
    item->request.socket.fd = -1;
    item_append(&pinger->waiting, item);
    (void)pinger_set_alarm(pinger);
    return 0;
}

static bool pinger_take(struct arpq_pinger *pinger, struct arpq_pinged *pinged)
{
    struct item *item = pinger->done.first;

    if (!item)
        return false;
    item_remove(&pinger->done, item);
    *pinged = item->result;
    free(item);
    return true;
}

/* Do what is possible at once. Returns 1 with a result, 0, or an error. */
static int pinger_step(struct arpq_pinger *pinger, struct arpq_pinged *pinged)
{
    bool taken = pinger_take(pinger, pinged);
    int code = taken ? 0 : pinger_work(pinger), alarm_code;

    taken = taken || pinger_take(pinger, pinged);
    alarm_code = pinger_set_alarm(pinger);
    if (taken)
        return 1;
    return code < 0 ? code : alarm_code;
}

int arpq_pinger_next(struct arpq_pinger *pinger, struct arpq_pinged *pinged, int32_t timeout_ms)
{
    uint64_t deadline_us = aq_deadline(timeout_ms);

    aq_detail_begin(pinger ? pinger->h : NULL);
    if (pinged)
        memset(pinged, 0, sizeof *pinged);
    if (!pinger || !pinged || timeout_ms < -1)
        return -EINVAL;
    for (;;) {
        int code = pinger_step(pinger, pinged), left;

        if (code != 0)
            return code;
        if (arpq_pinger_pending(pinger) == 0)
            return -ENODATA;
        left = aq_deadline_left(timeout_ms, deadline_us);
        if (left == 0)
            return 0;
        code = aq_wait(pinger->h, pinger->wakeup.fd, left);
        if (code < 0)
            return code;
    }
}
