/* SPDX-License-Identifier: MIT */
/* Measures the time to open a handle, the number of its descriptors, and the size of the
 * library. */

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
#include "rows/rows.h"

#define OPENS 200

static struct arpq_handle *open_or_fail(void)
{
    struct arpq_handle *h;
    int code = arpq_open(&h, NULL);

    if (code)
        fail(-code, "arpq_open");
    return h;
}

static double measure_open_us(void)
{
    double took[OPENS];

    arpq_close(open_or_fail());
    for (unsigned i = 0; i < OPENS; i++) {
        uint64_t began = clock_thread_ns();

        arpq_close(open_or_fail());
        took[i] = (double)(clock_thread_ns() - began) / 1000;
    }
    return median(took, OPENS);
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

static int descriptors_of_a_handle(void)
{
    int before = count_descriptors();
    struct arpq_handle *h = open_or_fail();
    int during = count_descriptors();

    arpq_close(h);
    if (count_descriptors() != before)
        fail(0, "arpq_close left a descriptor open");
    return during - before;
}

/* strip(1) keeps the sections that are loaded, the section names and the section headers. */
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

static double stripped_kib(const char *path)
{
    FILE *file = fopen(path, "rbe");
    long bytes;

    if (!file)
        return 0;
    bytes = stripped_bytes(file);
    fclose(file);
    return (double)bytes / 1024;
}

/* Returns 0 if the benchmark is not linked with the shared library. */
static double library_kib(void)
{
    Dl_info info;

    if (!dladdr((const void *)(uintptr_t)arpq_open, &info) || !info.dli_fname ||
        !strstr(info.dli_fname, "libarpq"))
        return 0;
    return stripped_kib(info.dli_fname);
}

static void report_kib(const char *name, double kib, double goal)
{
    if (kib > 0)
        report_row(&(struct row){name, "KiB", kib, 0, kib, goal, 0});
}

void rows_footprint(void)
{
    double us = measure_open_us();

    report_row(&(struct row){"arpq_open + arpq_close", "us", us, 0, us, 100, 0});
    report_row(&(struct row){"descriptors of a handle", "", 0, 0, descriptors_of_a_handle(), 3, 0});
    report_kib("libarpq.so, stripped", library_kib(), 180);
    report_kib("README's program, static library, stripped", stripped_kib(BENCH_SMALLEST), 48);
}
