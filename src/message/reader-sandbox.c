/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What shuts the reader in: Landlock for files, TCP and signals (as far as the kernel knows it),
 * seccomp for the rest.
 *
 * Two seccomp filters, one upon the other.  That of the prepared process lists what may be done;
 * whatever else fails with EPERM.  That of a child takes away what only its parent needs, so that
 * it can read, compute, load a charset and write to its answer. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "message/reader-private.h"

/* Debian 12 has the headers of Linux 6.1: later additions by number. */
#define FS_REFER     (1ULL << 13) /* ABI 2 */
#define FS_TRUNCATE  (1ULL << 14) /* ABI 3 */
#define FS_IOCTL_DEV (1ULL << 15) /* ABI 5 */
#define NET_ALL      3ULL         /* ABI 4: bind and connect TCP */
#define SCOPE_ALL    3ULL         /* ABI 6: abstract sockets and signals */

typedef struct {
  guint64 fs, net, scoped;
} Ruleset;

/* Where iconv finds its modules, and what they are linked to. */
static const char *const readable[] = { "/usr/lib", "/usr/lib64", "/lib", "/lib64" };

static bool
allow_reading (int ruleset, const char *path)
{
  struct landlock_path_beneath_attr rule = {
    .allowed_access = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    .parent_fd = open (path, O_PATH | O_CLOEXEC),
  };
  bool ok;

  if (rule.parent_fd < 0)
    return errno == ENOENT;
  ok = syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close (rule.parent_fd);
  return ok;
}

/* The ABI in force, or 0. */
static int
enter_landlock (void)
{
  long abi = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  Ruleset attributes = { .fs = (1ULL << 13) - 1 };
  gsize size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  int ruleset;
  bool ok = true;

  if (abi <= 0)
    return 0;
  attributes.fs |=
    (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) | (abi >= 5 ? FS_IOCTL_DEV : 0);
  attributes.net = abi >= 4 ? NET_ALL : 0;
  attributes.scoped = abi >= 6 ? SCOPE_ALL : 0;
  ruleset = (int) syscall (SYS_landlock_create_ruleset, &attributes, size, 0);
  if (ruleset < 0)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (readable); i++)
    ok = allow_reading (ruleset, readable[i]) && ok;
  ok = ok && syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
  close (ruleset);
  return ok ? (int) abi : 0;
}

/* --- seccomp ------------------------------------------------------------------- */

/* Computing, memory, and files that are open already. */
static const int common_calls[] = {
  SCMP_SYS (read), SCMP_SYS (readv), SCMP_SYS (pread64), SCMP_SYS (lseek), SCMP_SYS (close), SCMP_SYS (fstat),
  SCMP_SYS (newfstatat), SCMP_SYS (stat), SCMP_SYS (lstat), SCMP_SYS (statx), SCMP_SYS (access), SCMP_SYS (faccessat),
  SCMP_SYS (faccessat2), SCMP_SYS (readlink), SCMP_SYS (readlinkat), SCMP_SYS (getdents64), SCMP_SYS (mmap),
  SCMP_SYS (munmap), SCMP_SYS (mprotect), SCMP_SYS (mremap), SCMP_SYS (madvise), SCMP_SYS (brk), SCMP_SYS (futex),
  SCMP_SYS (exit), SCMP_SYS (exit_group), SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask), SCMP_SYS (rt_sigreturn),
  SCMP_SYS (sigaltstack), SCMP_SYS (getpid), SCMP_SYS (gettid), SCMP_SYS (getppid), SCMP_SYS (getuid), SCMP_SYS (geteuid),
  SCMP_SYS (getgid), SCMP_SYS (getegid), SCMP_SYS (getrandom), SCMP_SYS (clock_gettime), SCMP_SYS (gettimeofday),
  SCMP_SYS (clock_nanosleep), SCMP_SYS (nanosleep), SCMP_SYS (pause), SCMP_SYS (sched_yield), SCMP_SYS (sched_getaffinity), SCMP_SYS (getrusage),
  SCMP_SYS (getrlimit), SCMP_SYS (sysinfo), SCMP_SYS (uname), SCMP_SYS (set_robust_list), SCMP_SYS (rseq),
  SCMP_SYS (restart_syscall), SCMP_SYS (poll), SCMP_SYS (ppoll),
};

static const int writing_calls[] = { SCMP_SYS (write), SCMP_SYS (writev) };

/* What the prepared process needs beyond: to fork, to be asked, to end what takes too long. */
static const int parent_calls[] = {
  SCMP_SYS (wait4), SCMP_SYS (waitid), SCMP_SYS (rt_sigtimedwait), SCMP_SYS (recvmsg), SCMP_SYS (dup), SCMP_SYS (dup2),
  SCMP_SYS (dup3), SCMP_SYS (set_tid_address), SCMP_SYS (seccomp), SCMP_SYS (prctl), SCMP_SYS (fcntl), SCMP_SYS (close_range),
  SCMP_SYS (fork),
};

/* The same, with some arguments only. */
static const int bounded_calls[] = {
  SCMP_SYS (kill), SCMP_SYS (prlimit64), SCMP_SYS (clone),
};

static bool
add_calls (scmp_filter_ctx c, guint32 action, const int *calls, guint n)
{
  bool ok = true;

  for (guint i = 0; i < n; i++)
    ok = seccomp_rule_add (c, action, calls[i], 0) == 0 && ok;
  return ok;
}

static bool
allow_read_only_opening (scmp_filter_ctx c)
{
  const int writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | __O_TMPFILE;

  return seccomp_rule_add (c, SCMP_ACT_ALLOW, SCMP_SYS (openat), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, (scmp_datum_t) writing, 0)) == 0 &&
         seccomp_rule_add (c, SCMP_ACT_ALLOW, SCMP_SYS (open), 1,
                           SCMP_A1 (SCMP_CMP_MASKED_EQ, (scmp_datum_t) writing, 0)) == 0;
}

/* Own limits only (pid 0), and to end something and no more: what else there is of the same user is
 * out of reach. */
static bool
allow_bounded (scmp_filter_ctx c)
{
  return seccomp_rule_add (c, SCMP_ACT_ALLOW, SCMP_SYS (prlimit64), 1, SCMP_A0 (SCMP_CMP_EQ, 0))
           == 0
         && seccomp_rule_add (c, SCMP_ACT_ALLOW, SCMP_SYS (kill), 1,
                              SCMP_A1 (SCMP_CMP_EQ, SIGKILL))
              == 0;
}

/* fork() and nothing more: no name spaces.  clone3 cannot be looked into, so glibc is told to use
 * clone. */
static bool
allow_forking (scmp_filter_ctx c)
{
  const scmp_datum_t spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC
                              | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

  return seccomp_rule_add (c, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0
         && seccomp_rule_add (c, SCMP_ACT_ALLOW, SCMP_SYS (clone), 1,
                              SCMP_A0 (SCMP_CMP_MASKED_EQ, spaces, 0))
              == 0;
}

static bool
enter_seccomp (void)
{
  scmp_filter_ctx c = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  bool ok;

  if (c == NULL)
    return false;
  ok = add_calls (c, SCMP_ACT_ALLOW, common_calls, G_N_ELEMENTS (common_calls))
       && add_calls (c, SCMP_ACT_ALLOW, writing_calls, G_N_ELEMENTS (writing_calls))
       && add_calls (c, SCMP_ACT_ALLOW, parent_calls, G_N_ELEMENTS (parent_calls))
       && allow_read_only_opening (c) && allow_bounded (c) && allow_forking (c)
       && seccomp_load (c) == 0;
  seccomp_release (c);
  return ok;
}

/* Writes go to where the answer is awaited, and to no other descriptor. */
static bool
deny_writing_elsewhere (scmp_filter_ctx c)
{
  const guint32 no = SCMP_ACT_ERRNO (EPERM);
  bool ok = true;

  for (guint i = 0; i < G_N_ELEMENTS (writing_calls); i++)
    {
      for (scmp_datum_t fd = 0; fd < READER_ANSWER; fd++)
#ifdef ENABLE_SANITIZERS
        if (fd != STDERR_FILENO)
#endif
          ok = seccomp_rule_add (c, no, writing_calls[i], 1, SCMP_A0 (SCMP_CMP_EQ, fd)) == 0 && ok;
      ok =
        seccomp_rule_add (c, no, writing_calls[i], 1, SCMP_A0 (SCMP_CMP_GT, READER_ANSWER)) == 0
        && ok;
    }
  return ok;
}

/* libseccomp writes its program to a file descriptor: a memory file turns it into an array. */
static struct sock_fprog *
export_filter (scmp_filter_ctx c)
{
  int fd = memfd_create ("filter", MFD_CLOEXEC);
  struct stat st;
  struct sock_fprog *program;

  if (fd < 0 || seccomp_export_bpf (c, fd) != 0 || fstat (fd, &st) != 0 || st.st_size == 0)
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  program = g_new0 (struct sock_fprog, 1);
  program->filter = g_malloc ((gsize) st.st_size);
  program->len = (unsigned short) ((gsize) st.st_size / sizeof (struct sock_filter));
  if (pread (fd, program->filter, (gsize) st.st_size, 0) != st.st_size)
    {
      g_free (program->filter);
      g_clear_pointer (&program, g_free);
    }
  close (fd);
  return program;
}

/* A child stands behind the filter of the prepared process, so that its own only takes away; each
 * child loads it, and the kernel makes code of it each time: it is short. */
struct sock_fprog *
sandbox_child_filter (SandboxMode mode)
{
  const guint32 no = SCMP_ACT_ERRNO (EPERM);
  scmp_filter_ctx c;
  struct sock_fprog *program = NULL;

  if (mode == SANDBOX_OFF || (c = seccomp_init (SCMP_ACT_ALLOW)) == NULL)
    return NULL;
  if (add_calls (c, no, parent_calls, G_N_ELEMENTS (parent_calls))
      && add_calls (c, no, bounded_calls, G_N_ELEMENTS (bounded_calls))
      && deny_writing_elsewhere (c))
    program = export_filter (c);
  seccomp_release (c);
  return program;
}

bool
sandbox_narrow (const struct sock_fprog *filter)
{
  return filter == NULL || syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) == 0;
}

bool
sandbox_enter (SandboxMode mode, char *shape, gsize size)
{
  int abi = 0;
  bool filtered = false;

  if (mode == SANDBOX_OFF)
    {
      g_strlcpy (shape, "none", size);
      return true;
    }
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    {
      abi = enter_landlock ();
      filtered = enter_seccomp ();
    }
  if (abi > 0)
    g_snprintf (shape, size, "landlock-%d%s", abi, filtered ? " seccomp" : "");
  else
    g_strlcpy (shape, filtered ? "seccomp" : "none", size);
  return mode != SANDBOX_REQUIRED || (abi > 0 && filtered);
}
