/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_detail.h"

#include <stdio.h>
#include <string.h>

static _Thread_local struct {
    uint32_t serial;
    bool muted;
    char text[AQ_RTNL_DETAIL_SIZE];
} thread_detail;

/* ---- The text of a handle ---- */

static void detail_set(struct aq_rtnl_detail *detail, const char *text)
{
    if (thread_detail.muted)
        return;
    pthread_mutex_lock(&detail->mutex);
    memcpy(detail->text, text, sizeof detail->text);
    atomic_store_explicit(&detail->any, text[0] != '\0', memory_order_relaxed);
    pthread_mutex_unlock(&detail->mutex);
}

static void detail_clear(struct aq_rtnl_detail *detail)
{
    static const char none[AQ_RTNL_DETAIL_SIZE];

    if (atomic_load_explicit(&detail->any, memory_order_relaxed))
        detail_set(detail, none);
}

size_t aq_rtnl_detail_copy(struct aq_rtnl_detail *detail, char text[AQ_RTNL_DETAIL_SIZE])
{
    pthread_mutex_lock(&detail->mutex);
    memcpy(text, detail->text, sizeof detail->text);
    pthread_mutex_unlock(&detail->mutex);
    return strlen(text);
}

/* ---- The text of a thread ---- */

const char *aq_rtnl_detail_of_thread(const struct aq_rtnl_detail *detail)
{
    return thread_detail.serial && thread_detail.serial == detail->serial ? thread_detail.text : "";
}

void aq_rtnl_detail_mute(void)
{
    thread_detail.muted = true;
}

/* ---- Both ---- */

void aq_rtnl_detail_begin(struct aq_rtnl_detail *detail)
{
    thread_detail.serial = 0;
    if (detail)
        detail_clear(detail);
}

void aq_rtnl_detail_drop(struct aq_rtnl_detail *detail)
{
    if (!detail)
        return;
    if (thread_detail.serial == detail->serial)
        thread_detail.serial = 0;
    detail_clear(detail);
}

void aq_rtnl_detail_save(struct aq_rtnl_detail *detail, const char *text, size_t length)
{
    if (!detail)
        return;
    if (length >= sizeof thread_detail.text)
        length = sizeof thread_detail.text - 1;
    memset(thread_detail.text, 0, sizeof thread_detail.text);
    memcpy(thread_detail.text, text, strnlen(text, length));
    thread_detail.serial = detail->serial;
    detail_set(detail, thread_detail.text);
}

void aq_rtnl_detail_set_port(struct aq_rtnl_detail *detail, const char *name, const char *master)
{
    char text[AQ_RTNL_DETAIL_SIZE];

    (void)snprintf(text, sizeof text, "%s is a port of %s", name, master);
    aq_rtnl_detail_save(detail, text, sizeof text);
}
