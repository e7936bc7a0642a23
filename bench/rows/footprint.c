/* SPDX-License-Identifier: MIT */
#include "rows/footprint.h"

#include <arpq.h>
#include <dirent.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "method/clock.h"
#include "method/report.h"

#define OPENS_MAX 1000

static struct arpq *open_or_fail(void)
{
    struct arpq *h;
    int code = arpq_open(&h, NULL);

    if (code)
        fail(-code, "arpq_open");
    return h;
}

double footprint_open_us(unsigned n)
{
    double took[OPENS_MAX];

    arpq_close(open_or_fail());
    for (unsigned i = 0; i < n && i < OPENS_MAX; i++) {
        uint64_t began = clock_ns();

        arpq_close(open_or_fail());
        took[i] = (double)(clock_ns() - began) / 1000;
    }
    return median(took, n < OPENS_MAX ? n : OPENS_MAX);
}

static int count_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = 0;

    if (!directory)
        fail(errno, "/proc/self/fd");
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

int footprint_descriptors(void)
{
    int before = count_descriptors();
    struct arpq *h = open_or_fail();
    int during = count_descriptors();

    arpq_close(h);
    if (count_descriptors() != before)
        fail(0, "arpq_close left a descriptor open");
    return during - before;
}

/* strip keeps what is allocated in memory, the section names and the section headers. */
static long stripped_bytes(FILE *file)
{
    ElfW(Ehdr) header;
    ElfW(Shdr) section;
    long end = 0, kept = 1;

    if (fread(&header, sizeof header, 1, file) != 1)
        return 0;
    for (unsigned i = 0; i < header.e_shnum; i++) {
        if (fseek(file, (long)(header.e_shoff + i * sizeof section), SEEK_SET) ||
            fread(&section, sizeof section, 1, file) != 1)
            return 0;
        if (!(section.sh_flags & SHF_ALLOC) && i != header.e_shstrndx)
            continue;
        kept++;
        if (section.sh_flags & SHF_ALLOC && section.sh_type != SHT_NOBITS &&
            (long)(section.sh_offset + section.sh_size) > end)
            end = (long)(section.sh_offset + section.sh_size);
        if (i == header.e_shstrndx)
            end += (long)section.sh_size;
    }
    return end + kept * (long)sizeof section;
}

long footprint_library_bytes(void)
{
    Dl_info info;
    FILE *file;
    long bytes;

    if (!dladdr((const void *)(uintptr_t)arpq_open, &info) || !info.dli_fname ||
        !strstr(info.dli_fname, "libarpq"))
        return 0;
    file = fopen(info.dli_fname, "rbe");
    if (!file)
        return 0;
    bytes = stripped_bytes(file);
    fclose(file);
    return bytes;
}
