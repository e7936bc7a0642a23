/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "ask.h"
#include "value/value.h"

/* A refusal of the arguments has no words of the kernel's. */
static int refuse(int code)
{
    aq_rtnl_detail_clear();
    return code;
}

static int lookup(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex,
                  struct arpq_mac *mac)
{
    struct aq_question question;
    int code = aq_choose_question(h, ip, ifindex, &question);

    if (code < 0)
        return refuse(code);
    code = aq_ask_mac(h, &question, mac);
    if (code < 0)
        memset(mac, 0, sizeof *mac);
    return code;
}

int arpq_lookup(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex, struct arpq_mac *mac)
{
    if (!mac)
        return refuse(-EINVAL);
    memset(mac, 0, sizeof *mac);
    if (!h || !ip)
        return refuse(-EINVAL);
    return lookup(h, ip, ifindex, mac);
}

int arpq_lookup_text(struct arpq *h, const char *ip, const char *ifname, struct arpq_mac *mac)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip value;
    uint32_t ifindex = 0;
    int code;

    if (!mac)
        return refuse(-EINVAL);
    memset(mac, 0, sizeof *mac);
    if (!h || !ip)
        return refuse(-EINVAL);
    code = aq_ip_parse(ip, 0, &value, scope_name);
    if (code == 0 && scope_name[0])
        code = arpq_name_to_index(h, scope_name, &value.scope);
    if (code == 0 && ifname)
        code = arpq_name_to_index(h, ifname, &ifindex);
    return code < 0 ? refuse(code) : lookup(h, &value, ifindex, mac);
}

int arpq_lookup_many(struct arpq *h, const struct arpq_ip *ips, uint32_t count, uint32_t ifindex,
                     struct arpq_mac *macs, int32_t *codes)
{
    int found = 0;

    if (!h || count > INT32_MAX || (count && (!ips || !macs)))
        return refuse(-EINVAL);
    for (uint32_t i = 0; i < count; i++) {
        int code = arpq_lookup(h, &ips[i], ifindex, &macs[i]);

        found += code == 0;
        if (codes)
            codes[i] = code;
    }
    return found;
}
