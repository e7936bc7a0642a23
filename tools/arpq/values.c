/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "neigh.h"
#include "number_name.h"
#include "report.h"

enum status value_error(const char *text, int code, const char *message)
{
    const struct failure f = {.subject = text, .code = code, .message = message, .detail = ""};

    return report_failure(false, &f);
}

bool value_number(const char *text, uint64_t most, uint64_t *number)
{
    size_t length = strlen(text);

    *number = 0;
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return false;
    *number = strtoull(text, NULL, 10);
    return *number <= most;
}

bool value_seconds(const char *text, int64_t *ms)
{
    *ms = -1;
    if (text[0] == '\0' || strlen(text) > 12 || text[strspn(text, "0123456789.")] != '\0' ||
        strchr(text, '.') != strrchr(text, '.') || strcmp(text, ".") == 0)
        return false;
    *ms = (int64_t)(strtod(text, NULL) * 1000 + 0.5);
    return true;
}

bool value_state(const char *text, uint32_t *states)
{
    if (strcasecmp(text, "all") == 0) {
        *states = ALL_STATES;
        return true;
    }
    if (strcasecmp(text, "none") == 0) {
        *states |= ARPQ_FILTER_STATE_NONE;
        return true;
    }
    for (uint32_t bit = ARPQ_STATE_INCOMPLETE; bit <= ARPQ_STATE_PERMANENT; bit <<= 1)
        if (strcasecmp(text, arpq_state_name(bit)) == 0) {
            *states |= bit;
            return true;
        }
    return false;
}

bool value_protocol(const char *text, uint8_t *protocol)
{
    uint64_t number = 0;
    const struct number_name *p = neigh_protocol_names;

    while (p->name && strcasecmp(text, p->name) != 0)
        p++;
    if (p->name)
        number = p->number;
    else if (!value_number(text, UINT8_MAX, &number))
        return false;
    *protocol = (uint8_t)number;
    return number != 0;
}

enum status value_prefix(const char *text, struct prefix *prefix)
{
    char address[ARPQ_IP_STRLEN + ARPQ_IFNAME_SIZE];
    const char *slash = strrchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    uint64_t bits = 0;

    *prefix = (struct prefix){0};
    if (length >= sizeof address)
        return value_error(text, -EINVAL, "not an IP address or prefix");
    memcpy(address, text, length);
    address[length] = '\0';
    int code = arpq_ip_parse(address, &prefix->ip, 0);
    if (code == -ENODEV)
        return value_error(text, code, "no interface of the name after '%'");
    if (code != 0)
        return value_error(text, code, "not an IP address or prefix");
    uint64_t most = prefix->ip.family == AF_INET ? 32 : 128;
    if (!slash)
        bits = most;
    else if (!value_number(slash + 1, most, &bits))
        return value_error(text, -EINVAL, "not a prefix length");
    prefix->length = (uint8_t)bits;
    return FOUND;
}
