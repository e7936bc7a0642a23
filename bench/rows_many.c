/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "contestants/raw_table.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

struct bench_arpq_batch {
    struct arpq *handle;
    struct arpq_ip *ips; /* the keys, side by side */
    uint32_t ifindex;
};

static size_t bench_arpq_batches(void *self, const struct keys *keys, size_t start, size_t count)
{
    const struct bench_arpq_batch *arpq = self;
    struct arpq_neigh neighs[MANY_BATCH];
    size_t wrong = 0;

    for (size_t done = 0; done < count; done += MANY_BATCH) {
        size_t batch = count - done < MANY_BATCH ? count - done : MANY_BATCH;
        size_t first = (start + done) & keys->mask;

        if (arpq_neigh_get_many(arpq->handle, arpq->ips + first, (uint32_t)batch, arpq->ifindex, 0,
                                neighs, NULL) != (int)batch)
            return count;
        for (size_t i = 0; i < batch; i++)
            wrong += answer_wrong_v4(&keys->at[(first + i) & keys->mask], neighs[i].mac.bytes);
    }
    return wrong;
}

void rows_many(const struct net_namespace *ns, const struct timing *timing)
{
    static struct raw_many raw;
    struct bench_arpq_batch chosen = {.ifindex = 0}, given;
    struct keys keys;
    struct score s[3];
    char name[80];
    int code = arpq_open(&chosen.handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    raw_many_open(&raw);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    chosen.ips = keys_pack(&keys, MANY_BATCH);
    given = chosen;
    given.ifindex = LINK_IFINDEX;
    compare((struct contestant[]){{raw_many_hits, &raw, &keys},
                                  {bench_arpq_batches, &chosen, &keys},
                                  {bench_arpq_batches, &given, &keys}},
            3, timing, s);
    snprintf(name, sizeof name, "get_many by 64, %u, interface chosen", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, 1.15, 0});
    snprintf(name, sizeof name, "get_many by 64, %u, interface given", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[2].ns, s[0].ns, s[2].ratio, 1.15, 0});
    free(chosen.ips);
    keys_free(&keys);
    raw_many_close(&raw);
    arpq_close(chosen.handle);
}
