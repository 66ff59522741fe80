/* A disk that fails, beneath one folder of one process (LD_PRELOAD). Set by the environment:
 *
 * SHIM_DIR      the folder; nothing else is touched
 * SHIM_MODE     lose:  SIGUSR2 cuts the power: what was written and not synced is taken back, then the process ends
 *               eio:   writing and syncing fail, from the SHIM_AT-th call on
 *               short: every write takes half of what it is given
 *               slow:  every write and every sync takes SHIM_MS milliseconds
 * SHIM_TRIGGER  a file; eio and slow act only while it is there
 *
 * What the directory holds (names, renames) counts as kept: only the bytes of files are lost. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { NOTHING, LOSE, EIO_, SHORT_, SLOW };

struct undo {
  struct undo *before;
  char path[512];
  dev_t device;
  ino_t node;
  off_t at, size;
  size_t length;
  char bytes[];
};

static enum mode mode;
static const char *folder, *trigger;
static size_t folder_length;
static long from = 1, calls;
static useconds_t slowness;
static struct undo *undone;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);

static void *watch(void *set) {
  int signal;
  while (sigwait(set, &signal) != 0) {
  }
  pthread_mutex_lock(&one);
  for (struct undo *last = undone; last; last = last->before) {
    struct stat about;
    int file = open(last->path, O_WRONLY | O_CLOEXEC);
    if (file < 0) continue;
    if (fstat(file, &about) == 0 && about.st_dev == last->device && about.st_ino == last->node) {
      if (last->length) real_pwrite(file, last->bytes, last->length, last->at);
      if (real_ftruncate(file, last->size)) perror("shim");
    }
    close(file);
  }
  /* Whoever waits for the lock waits until the end. */
  _exit(137);
}

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  folder = getenv("SHIM_DIR");
  const char *name = getenv("SHIM_MODE");
  if (!folder || !name) return;
  folder_length = strlen(folder);
  trigger = getenv("SHIM_TRIGGER");
  if (getenv("SHIM_AT")) from = atol(getenv("SHIM_AT"));
  if (getenv("SHIM_MS")) slowness = (useconds_t)atol(getenv("SHIM_MS")) * 1000;
  mode = !strcmp(name, "lose") ? LOSE : !strcmp(name, "eio") ? EIO_ : !strcmp(name, "short") ? SHORT_ : SLOW;
  if (mode == LOSE) {
    /* Blocked before there are other threads, so that this one alone takes it. */
    static sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_t watcher;
    pthread_create(&watcher, NULL, watch, &set);
  }
}

/* The file's path where it lies in the folder. */
static int is_ours(int file, char *path) {
  char link[64];
  if (mode == NOTHING) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, 511);
  if (length <= 0) return 0;
  path[length] = 0;
  return !strncmp(path, folder, folder_length) && !strstr(path, ".sqlite3-shm");
}

static int acts(void) { return !trigger || access(trigger, F_OK) == 0; }

/* Whether this call fails. */
static int fails(void) {
  if (mode == SLOW && acts()) usleep(slowness);
  if (mode != EIO_ || !acts()) return 0;
  if (__sync_add_and_fetch(&calls, 1) < from) return 0;
  errno = EIO;
  return 1;
}

/* Notes what stood where something is written, until it is synced. The lock is held. */
static void remember(int file, const char *path, off_t at, size_t length) {
  struct stat about;
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return;
  size_t held = at < about.st_size ? (size_t)(about.st_size - at) : 0;
  if (held > length) held = length;
  struct undo *note = malloc(sizeof *note + held);
  if (!note) return;
  snprintf(note->path, sizeof note->path, "%s", path);
  note->device = about.st_dev;
  note->node = about.st_ino;
  note->at = at;
  note->size = about.st_size;
  note->length = 0;
  if (held) {
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    if (reader >= 0) {
      ssize_t got = pread(reader, note->bytes, held, at);
      note->length = got > 0 ? (size_t)got : 0;
      close(reader);
    }
  }
  note->before = undone;
  undone = note;
}

static off_t place(int file) {
  int flags = fcntl(file, F_GETFL);
  struct stat about;
  if (flags >= 0 && (flags & O_APPEND) && fstat(file, &about) == 0) return about.st_size;
  return lseek(file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *bytes, size_t length) {
  char path[512];
  if (!is_ours(file, path)) return real_write(file, bytes, length);
  if (fails()) return -1;
  if (mode == SHORT_ && length > 1) length = (length + 1) / 2;
  if (mode != LOSE) return real_write(file, bytes, length);
  pthread_mutex_lock(&one);
  remember(file, path, place(file), length);
  ssize_t written = real_write(file, bytes, length);
  pthread_mutex_unlock(&one);
  return written;
}

static ssize_t write_at(int file, const void *bytes, size_t length, off_t at) {
  char path[512];
  if (!is_ours(file, path)) return real_pwrite(file, bytes, length, at);
  if (fails()) return -1;
  if (mode == SHORT_ && length > 1) length = (length + 1) / 2;
  if (mode != LOSE) return real_pwrite(file, bytes, length, at);
  pthread_mutex_lock(&one);
  remember(file, path, at, length);
  ssize_t written = real_pwrite(file, bytes, length, at);
  pthread_mutex_unlock(&one);
  return written;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) { return write_at(file, bytes, length, at); }
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) { return write_at(file, bytes, length, at); }

ssize_t writev(int file, const struct iovec *parts, int count) {
  char path[512];
  if (!is_ours(file, path)) return real_writev(file, parts, count);
  /* A writer takes less than it was given for what it is. */
  for (int part = 0; part < count; part++)
    if (parts[part].iov_len) return write(file, parts[part].iov_base, parts[part].iov_len);
  return 0;
}

static int cut(int file, off_t size) {
  char path[512];
  if (!is_ours(file, path)) return real_ftruncate(file, size);
  if (fails()) return -1;
  if (mode != LOSE) return real_ftruncate(file, size);
  pthread_mutex_lock(&one);
  struct stat about;
  if (fstat(file, &about) == 0)
    remember(file, path, size, size < about.st_size ? (size_t)(about.st_size - size) : 0);
  int done = real_ftruncate(file, size);
  pthread_mutex_unlock(&one);
  return done;
}

int ftruncate(int file, off_t size) { return cut(file, size); }
int ftruncate64(int file, off64_t size) { return cut(file, size); }

static int synced(int file, int (*sync)(int)) {
  char path[512];
  if (!is_ours(file, path)) return sync(file);
  if (fails()) return -1;
  if (mode != LOSE) return sync(file);
  pthread_mutex_lock(&one);
  struct stat about;
  /* The machine's own disk need not be waited for: what counts is what is taken back. */
  if (fstat(file, &about) == 0) {
    struct undo **at = &undone;
    while (*at) {
      struct undo *note = *at;
      if (note->device == about.st_dev && note->node == about.st_ino) {
        *at = note->before;
        free(note);
      } else {
        at = &note->before;
      }
    }
  }
  pthread_mutex_unlock(&one);
  return 0;
}

int fsync(int file) { return synced(file, real_fsync); }
int fdatasync(int file) { return synced(file, real_fdatasync); }
