/* Lets one call on the files below a folder fail, once: loaded before the C library with LD_PRELOAD by
 * `cli/tests/failing_calls.rs`.
 *
 * FAILING_FOLDER  the folder; calls on other files are not touched
 * FAILING_CALL    which call fails, counted from 1; 0 for none
 * FAILING_ERROR   the number of the error with which it fails
 * FAILING_UNLOCKS set: calls that give a lock back are counted alone
 * FAILING_COUNT   a file outside of the folder, into which the number of all calls is written at the end
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 4096

static atomic_long calls;
static atomic_char watched[FILES];
static const char *folder;
static long failing;
static int error;
static int only_unlocks;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    folder = getenv("FAILING_FOLDER");
    const char *call = getenv("FAILING_CALL");
    const char *number = getenv("FAILING_ERROR");
    failing = call ? atol(call) : 0;
    error = number ? atoi(number) : EIO;
    only_unlocks = getenv("FAILING_UNLOCKS") != NULL;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAILING_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

static int is_below(const char *path) {
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_watched(int fd) { return fd >= 0 && fd < FILES && atomic_load(&watched[fd]); }

/* Counts a call, and says whether it is the one. */
static int fails_now(void) {
    if (atomic_fetch_add(&calls, 1) + 1 != failing) return 0;
    errno = error;
    return 1;
}

static int fails(void) { return !only_unlocks && fails_now(); }

/* The same for a lock. */
static int lock_fails(const struct flock *lock) {
    return only_unlocks ? lock->l_type == F_UNLCK && fails_now() : fails();
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < FILES) atomic_store(&watched[fd], is_below(path));
    return fd;
}

#define OPEN(name)                                                   \
    int name(const char *path, int flags, ...) {                     \
        va_list rest;                                                \
        va_start(rest, flags);                                       \
        mode_t mode = va_arg(rest, mode_t);                          \
        va_end(rest);                                                \
        if (is_below(path) && fails()) return -1;                    \
        return opened(REAL(name)(path, flags, mode), path);          \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                 \
    int name(int at, const char *path, int flags, ...) {             \
        va_list rest;                                                \
        va_start(rest, flags);                                       \
        mode_t mode = va_arg(rest, mode_t);                          \
        va_end(rest);                                                \
        if (is_below(path) && fails()) return -1;                    \
        return opened(REAL(name)(at, path, flags, mode), path);      \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    if (fd >= 0 && fd < FILES) atomic_store(&watched[fd], 0);
    return REAL(close)(fd);
}

#define ON_FILE(type, name, parameters, arguments)                   \
    type name parameters {                                           \
        if (is_watched(fd) && fails()) return -1;                    \
        return REAL(name) arguments;                                 \
    }
ON_FILE(ssize_t, read, (int fd, void *to, size_t count), (fd, to, count))
ON_FILE(ssize_t, write, (int fd, const void *from, size_t count), (fd, from, count))
ON_FILE(ssize_t, pread, (int fd, void *to, size_t count, off_t at), (fd, to, count, at))
ON_FILE(ssize_t, pread64, (int fd, void *to, size_t count, off64_t at), (fd, to, count, at))
ON_FILE(ssize_t, pwrite, (int fd, const void *from, size_t count, off_t at), (fd, from, count, at))
ON_FILE(ssize_t, pwrite64, (int fd, const void *from, size_t count, off64_t at), (fd, from, count, at))
ON_FILE(int, fsync, (int fd), (fd))
ON_FILE(int, fdatasync, (int fd), (fd))
ON_FILE(int, ftruncate, (int fd, off_t length), (fd, length))
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length))
ON_FILE(int, flock, (int fd, int how), (fd, how))
ON_FILE(int, fstat, (int fd, struct stat *into), (fd, into))
ON_FILE(int, fstat64, (int fd, struct stat64 *into), (fd, into))

#define FCNTL(name)                                                  \
    int name(int fd, int command, ...) {                             \
        va_list rest;                                                \
        va_start(rest, command);                                     \
        void *argument = va_arg(rest, void *);                       \
        va_end(rest);                                                \
        int locks = command == F_SETLK || command == F_SETLKW;       \
        if (locks && is_watched(fd) && lock_fails(argument))         \
            return -1;                                               \
        return REAL(name)(fd, command, argument);                    \
    }
FCNTL(fcntl)
FCNTL(fcntl64)

#define ON_PATH(name, parameters, arguments)                         \
    int name parameters {                                            \
        if (is_below(path) && fails()) return -1;                    \
        return REAL(name) arguments;                                 \
    }
ON_PATH(stat, (const char *path, struct stat *into), (path, into))
ON_PATH(stat64, (const char *path, struct stat64 *into), (path, into))
ON_PATH(lstat, (const char *path, struct stat *into), (path, into))
ON_PATH(lstat64, (const char *path, struct stat64 *into), (path, into))
ON_PATH(access, (const char *path, int how), (path, how))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(unlink, (const char *path), (path))
ON_PATH(rename, (const char *path, const char *to), (path, to))
ON_PATH(chmod, (const char *path, mode_t mode), (path, mode))

int statx(int at, const char *path, int flags, unsigned int mask, struct statx *into) {
    /* Rust asks without a path whether the call is there; the header promises that nobody does. */
    const char *volatile given = path;
    int is_ours = (given && *given) ? is_below(given) : is_watched(at);
    if (is_ours && fails()) return -1;
    return REAL(statx)(at, path, flags, mask, into);
}
