/* SPDX-License-Identifier: MIT */
#include "kernel/wakeup.h"

#include "kernel/sys.h"

void aq_wakeup_init(struct aq_wakeup *wakeup)
{
    *wakeup = (struct aq_wakeup){.fd = -1, .timer_fd = -1, .alarm_us = AQ_WAKEUP_NEVER};
}

int aq_wakeup_open(struct aq_wakeup *wakeup)
{
    wakeup->fd = aq_sys_epoll();
    if (wakeup->fd < 0)
        return wakeup->fd;
    wakeup->timer_fd = aq_sys_timer();
    return wakeup->timer_fd < 0 ? wakeup->timer_fd : aq_wakeup_add(wakeup, wakeup->timer_fd);
}

void aq_wakeup_close(struct aq_wakeup *wakeup)
{
    aq_sys_close(wakeup->fd);
    aq_sys_close(wakeup->timer_fd);
    aq_wakeup_init(wakeup);
}

int aq_wakeup_add(const struct aq_wakeup *wakeup, int fd)
{
    return aq_sys_epoll_add(wakeup->fd, fd);
}

void aq_wakeup_remove(const struct aq_wakeup *wakeup, int fd)
{
    (void)aq_sys_epoll_remove(wakeup->fd, fd);
}

int aq_wakeup_set_alarm(struct aq_wakeup *wakeup, uint64_t at_us)
{
    int code;

    if (at_us == wakeup->alarm_us)
        return 0;
    code = aq_sys_timer_at(wakeup->timer_fd, at_us == AQ_WAKEUP_NEVER ? 0 : at_us);
    if (code == 0)
        wakeup->alarm_us = at_us;
    return code;
}
