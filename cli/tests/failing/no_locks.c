/* Runs a program for which no file can be locked: `no_locks ERROR PROGRAM ARGUMENT...`, used by
 * `cli/tests/failing_calls.rs`. The system itself refuses the calls, whoever makes them and however. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL offsetof(struct seccomp_data, nr)
#define COMMAND offsetof(struct seccomp_data, args[1])

int main(int count, char **words) {
    if (count < 3) return 64;
    unsigned int error = (unsigned int)atoi(words[1]);
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, CALL),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_flock, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_fcntl, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, COMMAND),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_SETLK, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),
    };
    struct sock_fprog filter = { sizeof rules / sizeof rules[0], rules };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) return 77;
    execv(words[2], words + 2);
    return 127;
}
