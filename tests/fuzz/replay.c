/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on stored inputs, without a fuzzer: replay FILE-OR-DIRECTORY... Fails if an
 * input cannot be read or if there are no inputs, so that a test does not pass when the corpus was
 * moved. */
#define _FILE_OFFSET_BITS 64 /* readdir fails if a position does not fit into off_t */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static unsigned long replayed;
static int failed;

static void complain(const char *path)
{
    fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
    failed = 1;
}

/* Read the file into a block of exactly its size, so that ASan detects a read past its end. */
static uint8_t *read_exactly(FILE *file, size_t size)
{
    uint8_t *data = malloc(size > 0 ? size : 1);

    if (data && fread(data, 1, size, file) == size)
        return data;
    free(data);
    return NULL;
}

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data;

    if (!file) {
        complain(path);
        return;
    }
    data = read_exactly(file, size);
    if (data) {
        LLVMFuzzerTestOneInput(data, size);
        replayed++;
    } else {
        complain(path);
    }
    free(data);
    fclose(file);
}

static void replay(const char *path);

static void replay_entry(const char *directory, const char *name)
{
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = malloc(size);

    if (!path) {
        complain(directory);
        return;
    }
    snprintf(path, size, "%s/%s", directory, name);
    replay(path);
    free(path);
}

static void replay_directory(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (!directory) {
        complain(path);
        return;
    }
    while ((entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            replay_entry(path, entry->d_name);
    }
    closedir(directory);
}

static void replay(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        complain(path);
    else if (S_ISDIR(st.st_mode))
        replay_directory(path);
    else
        replay_file(path, (size_t)st.st_size);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%lu inputs replayed\n", replayed);
    return replayed > 0 && !failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
