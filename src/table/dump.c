/* SPDX-License-Identifier: MIT */
/*
 * The kernel dumps its hash table in chunks. Entries made or freed between two chunks shift the others
 * in the bucket where the dump stopped, so that one entry is missing or comes twice (about one dump
 * in a hundred under heavy change). When the hash table grows between two chunks, or during one,
 * large parts are missing (43 of 100 entries in a test). No flag of the dump shows these cases, but
 * the counters of the table do. A second dump then brings the missing entries.
 */
#include "table/dump.h"

#include <errno.h>

#include "handle/sockets.h"
#include "kernel/rtnl_neightbl.h"
#include "kernel/sys.h"

/* Maximum number of dumps. A dump during which the hash table grew must be repeated, but the
 * table doubles only a few times while a machine is up. */
#define ATTEMPTS 8

/* Linux 6.18 allocates no larger hash table, so that it stays too small for more entries. */
#define HASH_SIZE_MOST (1u << 19)

/* A growth takes about this long. */
#define GROWTH_MS 1

/* Counters of the IPv4 and IPv6 tables together. */
struct counters {
    bool known;   /* the kernel shows the counters */
    bool growing; /* a hash table is too small, so the kernel is probably replacing it */
    uint64_t hash_sizes, changes;
};

static int read_counters(struct aq_rtnl *rtnl, uint16_t family, struct counters *counters)
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
        counters->growing |= stats.entries > stats.hash_size && stats.hash_size < HASH_SIZE_MOST;
        counters->hash_sizes = (counters->hash_sizes << 32) + stats.hash_size;
        counters->changes += stats.allocs + stats.destroys;
    }
    return 0;
}

/* How complete a dump is, from worst to best. */
enum trust {
    GROWING, /* large parts may be missing, also from a dump that follows at once */
    MOVED,   /* large parts may be missing */
    UNKNOWN, /* the kernel does not show the counters */
    CHURNED, /* single entries may be missing */
    QUIET,   /* complete */
};

static int dump_pass(struct aq_rtnl *rtnl, const struct aq_dump *dump, enum trust *trust)
{
    struct counters before, after;
    unsigned chunks;
    int code, inconsistent;

    code = read_counters(rtnl, dump->which.family, &before);
    if (code < 0)
        return code;
    inconsistent = aq_rtnl_neigh_dump(rtnl, &dump->which, dump->handler, dump->context, &chunks);
    if (inconsistent < 0)
        return inconsistent;
    code = read_counters(rtnl, dump->which.family, &after);
    if (code < 0)
        return code;
    /* No entry shifts within a chunk, because the kernel does not leave the bucket meanwhile. A
     * growing hash table moves entries even then. The counters of Linux 7.2 do not wait for its end;
     * those of 6.18 do. */
    if (after.growing)
        *trust = GROWING;
    else if (inconsistent || before.hash_sizes != after.hash_sizes)
        *trust = MOVED;
    else if (!before.known || !after.known)
        *trust = UNKNOWN;
    else if (chunks <= 1 || before.changes == after.changes)
        *trust = QUIET;
    else
        *trust = CHURNED;
    return 0;
}

/* Two dumps of a table that kept its hash size are nearly as good as one dump of a quiet table:
 * each misses few entries, and they hardly ever miss the same ones. If the kernel does not show the
 * counters, the function stops after two dumps. */
static int dump_repeat(struct aq_rtnl *rtnl, const struct aq_dump *dump)
{
    enum trust trust;
    bool once = false;

    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int code = attempt ? dump->again(dump->context) : 0;

        if (code == 0)
            code = dump_pass(rtnl, dump, &trust);
        if (code < 0)
            return code;
        if (trust == QUIET || (trust == CHURNED && once))
            return 0;
        if (trust == UNKNOWN && once)
            return AQ_DUMP_UNKNOWN;
        once |= trust > MOVED;
        if (trust == GROWING)
            aq_sys_sleep_ms(GROWTH_MS);
    }
    return AQ_DUMP_MOVED;
}

/* A sandbox may allow the socket and refuse the request. */
static int dump_result(int code)
{
    return aq_sys_is_refusal(code) ? -EOPNOTSUPP : code;
}

int aq_dump(struct arpq_handle *h, const struct aq_dump *dump)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    if (code < 0)
        return code;
    code = dump_repeat(rtnl, dump);
    aq_sockets_unlock(h, rtnl);
    return dump_result(code);
}

/* The handler calls the user's callback, so the dump uses its own socket and locks no shared
 * one. */
int aq_dump_once(struct arpq_handle *h, const struct aq_dump *dump)
{
    struct aq_rtnl rtnl;
    enum trust trust;
    int code = aq_sockets_open(h, &rtnl);

    if (code < 0)
        return code;
    rtnl.disposable = true;
    code = dump_pass(&rtnl, dump, &trust);
    aq_rtnl_close(&rtnl);
    return dump_result(code == 0 ? trust <= UNKNOWN : code);
}
