/* SPDX-License-Identifier: MIT */
#include "handle/detail.h"

#include <errno.h>
#include <stdio.h>

#include "handle/handle.h"

_Static_assert(ARPQ_DETAIL_STRLEN == AQ_RTNL_DETAIL_SIZE, "arpq_detail_copy");

void aq_detail_begin(struct arpq_handle *h)
{
    aq_rtnl_detail_begin(h && aq_handle_epoch(h) ? &h->live->detail : NULL);
}

const char *arpq_detail(const struct arpq_handle *h)
{
    return h ? aq_rtnl_detail_of_thread(&h->live->detail) : "";
}

int arpq_detail_copy(struct arpq_handle *h, char *text, size_t size)
{
    char detail[ARPQ_DETAIL_STRLEN];
    size_t length;

    if (text && size > 0)
        text[0] = '\0';
    if (!h || (!text && size > 0))
        return -EINVAL;
    /* A forked child that has not used the handle may still have the lock of its parent. */
    if (aq_handle_epoch(h) == 0)
        return 0;
    length = aq_rtnl_detail_copy(&h->live->detail, detail);
    if (size > 0)
        (void)snprintf(text, size, "%s", detail);
    return (int)length;
}
