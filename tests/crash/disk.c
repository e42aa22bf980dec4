/* Stands between a process and the kernel (LD_PRELOAD), and sees all that it writes, syncs and removes.

   What to do is told by a small shared file, so that it can change while the process runs: count the calls,
   kill the process before one of them or in the middle of it, let some of them fail, make syncs of the database
   slow, or write down every change to its files, for the simulation of a power loss.

   cc -shared -fPIC -O2 -pthread -o disk.so disk.c -ldl */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OFF, COUNT, KILL, KILL_HALFWAY, FAIL, RECORD, SLOW };

/* The shared file; `control.py` knows it by the same order. `struck` counts the calls that were hit. */
struct control {
  int64_t mode, at, span, error;
  _Atomic int64_t seen, struck;
};

static struct control *control;
static char database[PATH_MAX], folder[PATH_MAX];
static int out = -1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  return dlsym(RTLD_NEXT, name);
}

/* Called in the process to be watched; `trace` takes the names of the calls, or the record. 0: all is well. */
int disk_watch(const char *file, const char *path, const char *trace) {
  int fd = REAL(open)(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return errno;
  void *map = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  out = REAL(open)(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (map == MAP_FAILED || out < 0) return errno;
  snprintf(database, sizeof database, "%s", path);
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash) *slash = 0;
  control = map;
  return 0;
}

static void put(const void *data, size_t length) {
  const char *next = data;
  while (length) {
    ssize_t done = REAL(write)(out, next, length);
    if (done <= 0) abort();
    next += done, length -= done;
  }
}

/* One entry: kind, length of the name, offset, length of the data; name; data. */
static void record(char kind, const char *name, uint64_t offset, const void *data, uint64_t length) {
  struct { uint32_t kind, name; uint64_t offset, length; } head = {kind, strlen(name), offset, length};
  pthread_mutex_lock(&one_at_a_time);
  put(&head, sizeof head);
  put(name, head.name);
  if (data) put(data, length);
  pthread_mutex_unlock(&one_at_a_time);
}

/* A line of the process's own in the record: what it has promised by now. */
void disk_note(const char *text) {
  record('n', "", 0, text, strlen(text));
}

static const char *path_of(int fd, char *path) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
  return path;
}

/* "" for the database itself, "-wal" or "-journal" for what lies beside it; NULL for other files. */
static const char *part_of(const char *path) {
  size_t length = strlen(database);
  if (strncmp(path, database, length)) return NULL;
  const char *part = path + length;
  return !*part || !strcmp(part, "-wal") || !strcmp(part, "-journal") ? part : NULL;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* A sync that takes as many milliseconds as `error` says, or until another order comes. */
static void linger(const char *path) {
  if (!control || control->mode != SLOW || !part_of(path)) return;
  ++control->struck;
  for (int64_t left = control->error; left > 0 && control->mode == SLOW; left -= 10)
    nanosleep(&(struct timespec){0, 10000000}, NULL);
}

/* What is to become of a call: 0 it goes through, -1 it fails with errno, 1 half of it is done and then the end. */
static int strike(const char *call, const char *path) {
  if (!control || control->mode == OFF || control->mode == RECORD || control->mode == SLOW) return 0;
  const char *part = part_of(path);
  if (control->mode == FAIL && !part) return 0;
  int64_t number = ++control->seen;
  int hit = number >= control->at && number < control->at + control->span;
  if (control->mode == COUNT || (hit && control->mode != FAIL)) {
    const char *what = part ? (*part ? part + 1 : "database") : !strncmp(path, "socket", 6) ? "socket" : "other";
    dprintf(out, "%s %s\n", call, what);
  }
  if (!hit || control->mode == COUNT) return 0;
  ++control->struck;
  if (control->mode == KILL) die();
  if (control->mode == KILL_HALFWAY) return 1;
  errno = control->error;
  return -1;
}

static int recording(void) {
  return control && control->mode == RECORD;
}

#define WRITE(name, offset_or_end, parameters, arguments, half)            \
  ssize_t name parameters {                                                \
    char path[PATH_MAX];                                                   \
    if (!control || fd == out) return REAL(name) arguments;                \
    int fate = strike(#name, path_of(fd, path));                           \
    if (fate < 0) return -1;                                               \
    if (fate > 0) { count /= 2; if (REAL(name) half < 0) {} die(); }       \
    const char *part = recording() ? part_of(path) : NULL;                 \
    off_t at = part ? offset_or_end : 0;                                   \
    ssize_t done = REAL(name) arguments;                                   \
    if (part && done > 0) record('w', part, at, buffer, done);             \
    return done;                                                           \
  }

WRITE(write, lseek(fd, 0, SEEK_CUR), (int fd, const void *buffer, size_t count), (fd, buffer, count),
      (fd, buffer, count))
WRITE(pwrite, offset, (int fd, const void *buffer, size_t count, off_t offset), (fd, buffer, count, offset),
      (fd, buffer, count, offset))
WRITE(pwrite64, offset, (int fd, const void *buffer, size_t count, off64_t offset), (fd, buffer, count, offset),
      (fd, buffer, count, offset))

/* Reading changes nothing, so that only its failure is of interest. */
#define READ(name, type)                                                   \
  ssize_t name(int fd, void *buffer, size_t count, type offset) {          \
    char path[PATH_MAX];                                                   \
    if (control && control->mode == FAIL && strike(#name, path_of(fd, path)) < 0) return -1; \
    return REAL(name)(fd, buffer, count, offset);                          \
  }

READ(pread, off_t)
READ(pread64, off64_t)

/* Answers, questions and letters leave by these. */
#define SEND(name, parameters, arguments)                                  \
  ssize_t name parameters {                                                \
    char path[PATH_MAX];                                                   \
    if (control && strike(#name, path_of(fd, path)) > 0) die();            \
    return REAL(name) arguments;                                           \
  }

SEND(send, (int fd, const void *buffer, size_t count, int flags), (fd, buffer, count, flags))
SEND(sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
SEND(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))

ssize_t sendto(int fd, const void *buffer, size_t count, int flags, const struct sockaddr *to, socklen_t length) {
  char path[PATH_MAX];
  if (control && strike("sendto", path_of(fd, path)) > 0) die();
  return REAL(sendto)(fd, buffer, count, flags, to, length);
}

#define SYNC(name)                                                         \
  int name(int fd) {                                                       \
    char path[PATH_MAX];                                                   \
    if (!control) return REAL(name)(fd);                                   \
    int fate = strike(#name, path_of(fd, path));                           \
    if (fate < 0) return -1;                                               \
    if (fate > 0) die();                                                   \
    linger(path);                                                          \
    int done = REAL(name)(fd);                                             \
    const char *part = part_of(path);                                      \
    if (!done && recording() && part) record('s', part, 0, NULL, 0);       \
    if (!done && recording() && !strcmp(path, folder)) record('d', "", 0, NULL, 0); \
    return done;                                                           \
  }

SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, type)                                               \
  int name(int fd, type length) {                                          \
    char path[PATH_MAX];                                                   \
    if (!control) return REAL(name)(fd, length);                           \
    int fate = strike(#name, path_of(fd, path));                           \
    if (fate < 0) return -1;                                               \
    if (fate > 0) die();                                                   \
    int done = REAL(name)(fd, length);                                     \
    const char *part = part_of(path);                                      \
    if (!done && recording() && part) record('t', part, length, NULL, 0);  \
    return done;                                                           \
  }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path) {
  const char *part = control ? part_of(path) : NULL;
  if (part) {
    int fate = strike("unlink", path);
    if (fate < 0) return -1;
    if (fate > 0) die();
  }
  int done = REAL(unlink)(path);
  if (!done && part && recording()) record('u', part, 0, NULL, 0);
  return done;
}

#define OPEN(name)                                                         \
  int name(const char *path, int flags, ...) {                             \
    va_list more;                                                          \
    va_start(more, flags);                                                 \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                          \
    const char *part = recording() ? part_of(path) : NULL;                 \
    int is_new = part && flags & O_CREAT && access(path, F_OK);            \
    int fd = REAL(name)(path, flags, mode);                                \
    if (fd >= 0 && is_new) record('c', part, 0, NULL, 0);                  \
    return fd;                                                             \
  }

OPEN(open)
OPEN(open64)
