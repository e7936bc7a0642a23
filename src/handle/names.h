/* SPDX-License-Identifier: MIT */
/* Names and indexes of interfaces, as arpq_interface_index and arpq_interface_name give them. */
#ifndef AQ_HANDLE_NAMES_H
#define AQ_HANDLE_NAMES_H

#include "arpq.h"

/* Find the interface with a name, alternative name or address label. Returns 0 or an error, with
 * *ifindex 0. */
int aq_names_index(struct arpq_handle *h, const char *name, uint32_t *ifindex);

/* Write the name of an interface into ARPQ_IFNAME_SIZE bytes. Returns 0 or an error, with "". */
int aq_names_name(struct arpq_handle *h, uint32_t ifindex, char *name);

#endif
