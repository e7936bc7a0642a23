/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "contestants/peers.h"

const struct peer *peer_dnet(void)
{
    return NULL;
}
