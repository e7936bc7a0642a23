/* SPDX-License-Identifier: MIT */
/* The kernel's text about the last call. */
#ifndef AQ_HANDLE_DETAIL_H
#define AQ_HANDLE_DETAIL_H

struct arpq_handle;

/* A call begins, on this handle or, with NULL, on none: there is no text about it yet. */
void aq_detail_begin(struct arpq_handle *h);

#endif
