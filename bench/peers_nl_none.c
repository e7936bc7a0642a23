/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "contestants/peers.h"

const struct peer *peer_nl(void)
{
    return NULL;
}
