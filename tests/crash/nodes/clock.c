/* The clock of a machine that is wrong: so many seconds ahead as the environment says, behind if negative. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long ahead(void) {
  const char *said = getenv("CLOCK_AHEAD_S");
  return said ? atol(said) : 0;
}

int clock_gettime(clockid_t id, struct timespec *found) {
  int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
  int done = real(id, found);
  if (done == 0 && id == CLOCK_REALTIME) found->tv_sec += ahead();
  return done;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
  int (*real)(struct timeval *restrict, void *restrict) = dlsym(RTLD_NEXT, "gettimeofday");
  int done = real(found, zone);
  if (done == 0) found->tv_sec += ahead();
  return done;
}

time_t time(time_t *found) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (found) *found = now.tv_sec;
  return now.tv_sec;
}
