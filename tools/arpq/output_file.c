/* SPDX-License-Identifier: MIT */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "report.h"

static bool write_all(int fd, const char *text, size_t size)
{
    while (size != 0) {
        const ssize_t written = write(fd, text, size);

        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            text += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* Returns 0, or the errno value of the first failure. fsync(2) keeps a crash of the machine from
 * leaving an empty file under the name. */
static int replace(const char *path, char *temporary, const char *text, size_t size)
{
    int code = 0, fd = mkostemp(temporary, O_CLOEXEC);

    if (fd < 0)
        return errno;
    if (!write_all(fd, text, size) || fchmod(fd, 0644) != 0 || fsync(fd) != 0)
        code = errno;
    if (close(fd) != 0 && code == 0)
        code = errno;
    if (code == 0 && rename(temporary, path) != 0)
        code = errno;
    if (code != 0)
        unlink(temporary);
    return code;
}

/* The temporary file is in the same folder, because rename(2) does not cross file systems. Its name
 * does not end like that of the file, so that a program that reads *.prom does not take it. */
enum status output_file_write(const char *path, const char *text, size_t size)
{
    static const char suffix[] = ".XXXXXX";
    const size_t length = strlen(path);
    char *temporary;
    struct stat now;
    int code;

    if (stat(path, &now) == 0 && !S_ISREG(now.st_mode)) {
        report_message("%s: not a regular file", path);
        return ERROR;
    }
    temporary = memory_check(malloc(length + sizeof suffix));
    memcpy(temporary, path, length);
    memcpy(temporary + length, suffix, sizeof suffix);
    code = replace(path, temporary, text, size);
    free(temporary);
    if (code == 0)
        return FOUND;
    report_message("%s: cannot write the file: %s", path, strerror(code));
    return ERROR;
}
