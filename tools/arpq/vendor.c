/* SPDX-License-Identifier: MIT */
/* Reads the lists of the IEEE in the form of the Debian package ieee-data. */
#include "vendor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "memory.h"
#include "report.h"

#define KEY_BITS 36 /* length of the longest prefix that the IEEE assigns */

/* A block of addresses. start is its prefix, shifted left to KEY_BITS. */
struct block {
    uint64_t start;
    uint32_t bits;
    uint32_t line; /* line number in the file; of two lines for a block the first is used */
    const char *name;
};

#define FILES 3
static const struct {
    const char *name;
    uint32_t bits;
} files[FILES] = {{"oui.csv", 24}, {"mam.csv", 28}, {"oui36.csv", 36}};

static struct {
    char *texts[FILES];   /* never freed, because the names point into them */
    struct block *blocks; /* sorted by compare_blocks */
    size_t count, capacity;
    bool loaded;
} makers;

static int compare_blocks(const void *pa, const void *pb)
{
    const struct block *a = pa, *b = pb;

    if (a->bits != b->bits)
        return a->bits < b->bits ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* Returns the first field of a line of CSV, terminated in place, or NULL if the field is malformed.
 * *rest becomes the next field, or NULL after the last field. */
static char *parse_field(char **rest)
{
    char *in = *rest, *field = in, *out = in;

    if (!in)
        return NULL;
    if (*in != '"') {
        *rest = strchr(in, ',');
        if (*rest)
            *(*rest)++ = '\0';
        return field;
    }
    for (in++; *in != '"' || in[1] == '"'; in++) {
        if (*in == '\0')
            return NULL;
        if (*in == '"') /* a doubled quote is one quote */
            in++;
        *out++ = *in;
    }
    in++;
    if (*in != ',' && *in != '\0')
        return NULL;
    *rest = *in == ',' ? in + 1 : NULL;
    *out = '\0';
    return field;
}

static void add_block(const struct block *block)
{
    if (makers.count == makers.capacity) {
        makers.capacity = makers.capacity == 0 ? 65536 : 2 * makers.capacity;
        makers.blocks =
            memory_check(realloc(makers.blocks, makers.capacity * sizeof *makers.blocks));
    }
    makers.blocks[makers.count++] = *block;
}

/* The fields of a line are: registry, prefix in hexadecimal, manufacturer, postal address. The
 * postal address may span several lines; its further lines look malformed and are skipped. */
static void parse_line(char *line, uint32_t bits, uint32_t number)
{
    size_t length = strcspn(line, "\r");

    line[length] = '\0';
    const char *registry = parse_field(&line), *digits = parse_field(&line);
    const char *name = parse_field(&line);
    if (!registry || !digits || !name || name[0] == '\0')
        return;
    if (strlen(digits) != bits / 4 || strspn(digits, "0123456789abcdefABCDEF") != bits / 4)
        return;
    uint64_t start = strtoull(digits, NULL, 16) << (KEY_BITS - bits);
    add_block(&(struct block){.start = start, .bits = bits, .line = number, .name = name});
}

/* Returns the contents of the file, or NULL if the file cannot be read. */
static char *read_file(const char *directory, const char *name)
{
    char path[4096], *text = NULL;
    size_t length = 0, capacity = 0, got = 0;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, name) >= sizeof path)
        return NULL;
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    do {
        length += got;
        if (capacity - length < 2) {
            capacity += capacity / 2 + (1u << 20);
            text = memory_check(realloc(text, capacity));
        }
        got = fread(text + length, 1, capacity - length - 1, file);
    } while (got != 0);
    bool failed = ferror(file) != 0; /* for example, the file is a directory */
    fclose(file);
    if (failed) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}

static char *find_file(const char *name)
{
    const char *directory = getenv("ARPQ_IEEE_DATA");

    if (directory && directory[0] != '\0')
        return read_file(directory, name);
    char *text = read_file("/usr/share/ieee-data", name);
    return text ? text : read_file("/var/lib/ieee-data", name);
}

static void load_makers(void)
{
    const char *missing = NULL;

    makers.loaded = true;
    for (size_t i = 0; i < FILES; i++) {
        char *text = makers.texts[i] = find_file(files[i].name);
        uint32_t number = 0;

        if (!text && !missing)
            missing = files[i].name;
        for (char *line; text && (line = strsep(&text, "\n")) != NULL;)
            parse_line(line, files[i].bits, number++);
    }
    if (missing)
        report_message("manufacturers are unknown: cannot read %s (Debian package ieee-data)",
                       missing);
    if (makers.count != 0)
        qsort(makers.blocks, makers.count, sizeof *makers.blocks, compare_blocks);
}

static const char *find_block(uint64_t start, uint32_t bits)
{
    const struct block wanted = {.start = start, .bits = bits};
    size_t low = 0, high = makers.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_blocks(&makers.blocks[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == makers.count || makers.blocks[low].bits != bits || makers.blocks[low].start != start)
        return NULL;
    return makers.blocks[low].name;
}

const char *vendor_name(const struct arpq_mac *mac)
{
    const char *name = NULL;
    uint64_t key = 0;

    if (!makers.loaded)
        load_makers();
    if ((mac->length != 6 && mac->length != 8) || arpq_mac_is_multicast(mac) ||
        arpq_mac_is_zero(mac))
        return NULL;
    if (arpq_mac_is_local(mac))
        return "locally administered";
    for (size_t i = 0; i < 5; i++)
        key = key << 8 | mac->bytes[i];
    key >>= 40 - KEY_BITS;
    for (size_t i = FILES; !name && i > 0; i--) {
        uint32_t rest = KEY_BITS - files[i - 1].bits;

        name = find_block(key >> rest << rest, files[i - 1].bits);
    }
    return name;
}

void vendor_print(const struct arpq_mac *mac, const char *before)
{
    const char *vendor = vendor_name(mac);

    if (vendor) {
        fputs(before, stdout);
        escape_print(vendor);
    }
}
