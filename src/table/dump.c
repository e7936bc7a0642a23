/* SPDX-License-Identifier: MIT */
/*
 * The kernel walks its hash table for a dump, one chunk at a time. Entries made or freed
 * between two chunks shift the others in the bucket where it stopped, so that one is left
 * out or comes twice (about one dump in a hundred under heavy change); and when the hash
 * table grows, whole parts are (43 of 100 entries were missing). No flag says so. The
 * table's counters do: what one dump may have missed, another brings.
 */
#include "table/dump.h"

#include <errno.h>

#include "handle/sockets.h"
#include "kernel/rtnl_neightbl.h"
#include "kernel/sys.h"

/* The hash table doubles a few times in the life of a machine. */
#define ATTEMPTS 8

/* What the counters of both tables say; zeros where the kernel does not tell. */
struct counters {
    bool known;
    uint64_t shape, changes;
};

static int read_counters(struct arpq *h, struct aq_rtnl *rtnl, uint16_t family,
                         struct counters *counters)
{
    static const uint16_t families[] = {AF_INET, AF_INET6};
    struct arpq_table_stats stats;
    int code;

    *counters = (struct counters){.known = true};
    for (size_t i = 0; i < 2; i++) {
        if (family && family != families[i])
            continue;
        code = aq_rtnl_neightbl_get(rtnl, families[i], &stats);
        if (code != -EAFNOSUPPORT && aq_sys_is_refusal(code))
            counters->known = false;
        else if (code < 0 && code != -EAFNOSUPPORT)
            return code;
        code = aq_sockets_reopen(h, rtnl);
        if (code < 0)
            return code;
        counters->shape = (counters->shape << 32) + stats.hash_size;
        counters->changes += stats.allocs + stats.destroys;
    }
    return 0;
}

/* How far a dump can be trusted. UNKNOWN: the system does not show the counters. */
enum trust { MOVED, UNKNOWN, CHURNED, QUIET };

static int dump_pass(struct arpq *h, struct aq_rtnl *rtnl, const struct aq_dump *dump,
                     enum trust *trust)
{
    struct counters before, after;
    unsigned chunks;
    int code, inconsistent;

    code = read_counters(h, rtnl, dump->which.family, &before);
    if (code < 0)
        return code;
    inconsistent = aq_rtnl_neigh_dump(rtnl, &dump->which, dump->handler, dump->context, &chunks);
    if (inconsistent < 0)
        return inconsistent;
    code = read_counters(h, rtnl, dump->which.family, &after);
    if (code < 0)
        return code;
    /* One chunk is written in one go: nobody shifts entries meanwhile. But they leave the
     * hash table under it when that grows. */
    if (inconsistent || before.shape != after.shape)
        *trust = MOVED;
    else if (!before.known || !after.known)
        *trust = UNKNOWN;
    else if (chunks <= 1 || before.changes == after.changes)
        *trust = QUIET;
    else
        *trust = CHURNED;
    return 0;
}

/* Two dumps of a table that kept its shape are nearly as good as one of a quiet one: each
 * leaves out few, and hardly the same. Without the counters two have to do. */
static int dump_repeat(struct arpq *h, struct aq_rtnl *rtnl, const struct aq_dump *dump)
{
    enum trust trust;
    bool once = false;

    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int code = attempt ? dump->again(dump->context) : 0;

        if (code == 0)
            code = dump_pass(h, rtnl, dump, &trust);
        if (code < 0)
            return code;
        if (trust == QUIET || (trust == CHURNED && once))
            return 0;
        if (trust == UNKNOWN && once)
            return AQ_DUMP_UNKNOWN;
        once |= trust != MOVED;
    }
    return AQ_DUMP_MOVED;
}

static int dump_finish(struct arpq *h, struct aq_rtnl *rtnl, int code)
{
    aq_sockets_unlock(h, rtnl);
    /* A system may hand out the socket and still refuse the question. */
    return aq_sys_is_refusal(code) ? -EOPNOTSUPP : code;
}

int aq_dump(struct arpq *h, const struct aq_dump *dump)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    return code < 0 ? code : dump_finish(h, rtnl, dump_repeat(h, rtnl, dump));
}

int aq_dump_once(struct arpq *h, const struct aq_dump *dump)
{
    struct aq_rtnl *rtnl;
    enum trust trust;
    int code = aq_sockets_lock(h, &rtnl);

    if (code < 0)
        return code;
    code = dump_pass(h, rtnl, dump, &trust);
    return dump_finish(h, rtnl, code == 0 ? trust <= UNKNOWN : code);
}
