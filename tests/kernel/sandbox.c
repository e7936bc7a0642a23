/* SPDX-License-Identifier: MIT */
/* Refuses system calls of this process with a seccomp filter. */
#include "kernel/sandbox.h"

#include <endian.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH_HERE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH_HERE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH_HERE AUDIT_ARCH_RISCV64
#elif defined(__i386__)
#define ARCH_HERE AUDIT_ARCH_I386
#elif defined(__arm__)
#define ARCH_HERE AUDIT_ARCH_ARM
#elif defined(__s390x__)
#define ARCH_HERE AUDIT_ARCH_S390X
#else
#error "name the AUDIT_ARCH_* of this machine"
#endif

/* The half of the first argument that holds an int. */
#if __BYTE_ORDER == __LITTLE_ENDIAN
#define ARGUMENT_AT offsetof(struct seccomp_data, args)
#else
#define ARGUMENT_AT (offsetof(struct seccomp_data, args) + 4)
#endif

/* Where socket() of the C library is a call of socketcall, the family is in memory, which a filter
 * cannot read. There the filter refuses every socket that is opened this way, and socket() is
 * replaced, also for the library, by a function that makes the other call. */
#ifdef SYS_socketcall
#define CALL_OF_SOCKET SYS_socketcall
#define NUMBER_OF_SOCKET 1 /* SYS_SOCKET of linux/net.h */

int socket(int domain, int type, int protocol)
{
    return (int)syscall(SYS_socket, domain, type, protocol);
}
#else
#define CALL_OF_SOCKET SYS_socket
#define NUMBER_OF_SOCKET AF_NETLINK
#endif

bool refuse_netlink(int error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH_HERE, 0, 8),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT_AT),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 3, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL_OF_SOCKET, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT_AT),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NUMBER_OF_SOCKET, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
           socket(AF_NETLINK, SOCK_RAW, 0) == -1 && errno == error;
}

#define CALLS_MAX 14

bool refuse_calls(const int *numbers, unsigned count, int error)
{
    struct sock_filter code[2 + 2 * CALLS_MAX] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    struct sock_fprog program = {.len = 1, .filter = code};

    if (count > CALLS_MAX)
        return false;
    for (unsigned i = 0; i < count; i++) {
        code[program.len++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)numbers[i], 0, 1);
        code[program.len++] =
            (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error);
    }
    code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}
