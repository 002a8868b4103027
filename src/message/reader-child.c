/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The prepared process and its children: all that qecp-reader is.
 *
 * The prepared process never looks at a message: it receives descriptors, forks, waits and says how
 * it ended.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "message/message-private.h"
#include "message/reader-private.h"

/* Exit statuses of a child, understood by its parent only. */
enum { CHILD_DONE = 0, CHILD_TOO_LARGE = 10, CHILD_NOT_THERE = 11, CHILD_FAILED = 12 };

static bool
write_pieces (int fd, struct iovec *piece, int n)
{
  while (n > 0)
    {
      gssize done = writev (fd, piece, n);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0 || (done == 0 && piece->iov_len > 0))
        return false;
      for (; n > 0 && (gsize) done >= piece->iov_len; piece++, n--)
        done -= (gssize) piece->iov_len;
      if (n > 0)
        {
          piece->iov_base = (char *) piece->iov_base + done;
          piece->iov_len -= (gsize) done;
        }
    }
  return true;
}

static bool
write_all (int fd, const void *data, gsize n)
{
  struct iovec piece = { (void *) data, n };

  return write_pieces (fd, &piece, 1);
}

static void
limit (int resource, rlim_t value)
{
  struct rlimit l = { value, value };

  setrlimit (resource, &l);
}

/* Of the prepared process, and so of its children. */
static void
limit_all (const ReaderLimits *limits)
{
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_NOFILE, 24);
#ifndef ENABLE_SANITIZERS /* ASan maps terabytes of shadow and writes its report */
  limit (RLIMIT_FSIZE, 0);
  limit (RLIMIT_AS, limits->memory);
#endif
}

static int
answer (GVariant *facts)
{
  return write_all (READER_ANSWER, g_variant_get_data (facts), g_variant_get_size (facts))
           ? CHILD_DONE
           : CHILD_FAILED;
}

static bool
answer_bytes (guint32 part, const void *data, gsize n)
{
  static const char zeros[8];
  ReaderBlock head = { part, (guint32) n };
  struct iovec pieces[] = { { &head, sizeof head },
                            { (void *) data, n },
                            { (void *) zeros, -n % 8 } };

  /* At once, or the office wakes for each. */
  return n <= G_MAXUINT32 && write_pieces (READER_ANSWER, pieces, G_N_ELEMENTS (pieces));
}

static bool
answer_block (guint32 part, GVariant *facts)
{
  return answer_bytes (part, g_variant_get_data (facts), g_variant_get_size (facts));
}

static int misbehave (guint32 order);

/* The signatures of the documents in CONTENTS (GBytes by part, NULL: none), and the documents, as
 * far as there is ROOM: the office needs both, and here they are at hand. */
static int
answer_signatures (const GPtrArray *contents, guint64 room)
{
  for (guint i = 0; i < contents->len; i++)
    {
      gsize n = 0;
      const void *bytes =
        contents->pdata[i] != NULL ? g_bytes_get_data (contents->pdata[i], &n) : NULL;

      if (bytes == NULL || n > room)
        continue;
      g_autoptr (PdfSigned) all = pdf_signed_read (bytes, n);
      g_autoptr (GVariant) facts = pdf_signed_to_variant (all);
      gsize size = g_variant_get_size (facts) + n + 2 * (sizeof (ReaderBlock) + 8);

      if (size > room)
        continue;
      room -= size;
      if (!answer_block (i | READER_SIGNATURES, facts)
          || !answer_bytes (i | READER_CONTENT, bytes, n))
        return CHILD_FAILED;
    }
  return CHILD_DONE;
}

/* The message's facts are out before its documents are looked at: those can cost only
 * themselves. */
static int
answer_message (const ReaderLimits *limits, const ReaderRequest *request)
{
  g_autoptr (GPtrArray) contents = g_ptr_array_new ();
  Message *message = message_parse_with_documents (READER_MESSAGE, limits, contents);
  gsize room = READER_FACTS_BASE;
  guint n = 0;

  if (!answer_block (READER_MESSAGE_FACTS, message_to_variant (message)))
    return CHILD_FAILED;
  for (guint i = 0; i < contents->len; i++)
    {
      GBytes *content = contents->pdata[i];

      contents->pdata[i] = NULL;
      if (content == NULL || n == DOCUMENT_MAX_COUNT)
        continue;
      n++;
      if (request->kind != ORDER_READ)
        return misbehave (request->kind);
      g_autoptr (Document) document =
        message_read_document (message_document_kind (message->parts->pdata[i]), content);
      if (document->is_signed)
        contents->pdata[i] = content;
      g_autoptr (GVariant) facts = message_document_to_variant (document);
      gsize size = g_variant_get_size (facts) + sizeof (ReaderBlock) + 8;

      if (size > room)
        continue; /* asked for again alone, it is told from one that is too large for any answer */
      room -= size;
      if (!answer_block (i, facts))
        return CHILD_FAILED;
    }
  return answer_signatures (contents, request->max); /* what it holds ends with it */
}

static bool
answer_document (const ReaderRequest *request, GBytes *bytes)
{
  g_autoptr (Document) document = message_read_document (request->kind, bytes);
  g_autoptr (GVariant) facts = message_document_to_variant (document);

  return write_all (READER_ANSWER, g_variant_get_data (facts), g_variant_get_size (facts));
}

static int
answer_part (const ReaderLimits *limits, const ReaderRequest *request)
{
  bool too_large = false;
  GBytes *bytes =
    message_extract_fd (READER_MESSAGE, limits, request->path, request->max, &too_large);
  gsize n;
  const void *data;

  if (too_large)
    return CHILD_TOO_LARGE;
  if (bytes == NULL)
    return CHILD_NOT_THERE;
  if (request->order == ORDER_DOCUMENT)
    return answer_document (request, bytes) ? CHILD_DONE : CHILD_FAILED;
  data = g_bytes_get_data (bytes, &n);
  return write_all (READER_ANSWER, data, n) ? CHILD_DONE : CHILD_FAILED;
}

#ifdef ENABLE_FAULT_POINTS
/* What a message that took its reader over might try; the tests see that nothing of it works. */
static int
try_to_escape (void)
{
  bool out = false;

  out |= open ("/tmp/qecp-reader-escape", O_WRONLY | O_CREAT, 0600) >= 0;
  out |= open ("/etc/passwd", O_WRONLY) >= 0;
  out |= socket (AF_INET, SOCK_STREAM, 0) >= 0;
  out |= socket (AF_UNIX, SOCK_STREAM, 0) >= 0;
  out |= kill (getppid (), 0) == 0;
  out |= execl ("/bin/true", "true", NULL) == 0;
  out |= syscall (SYS_fork) >= 0;
  out |= syscall (SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0;
  out |= kill (getppid (), SIGKILL) == 0;
  out |= dup2 (READER_ANSWER, STDOUT_FILENO) >= 0;
  out |= write (READER_MESSAGE, "x", 1) >= 0 || write (STDOUT_FILENO, "x", 1) >= 0;
  out |= prctl (PR_SET_DUMPABLE, 1) == 0;
  out |= syscall (SYS_prlimit64, 0, RLIMIT_CPU, NULL, NULL) == 0;
  out |= syscall (SYS_recvmsg, READER_SOCKET, NULL, 0) >= 0 || errno != EPERM;
  out |= syscall (SYS_ptrace, 0, 0, 0, 0) == 0;
  out |= syscall (SYS_pidfd_open, getppid (), 0) >= 0;
  const char *said = out ? "out" : open ("/etc/passwd", O_RDONLY) >= 0 ? "reads" : "shut";
  write_all (READER_ANSWER, said, strlen (said));
  return CHILD_DONE;
}

static int
misbehave (guint32 order)
{
  static char junk[65536];
  volatile guint64 spin = 0;

  switch (order)
    {
    case ORDER_CRASH:
      signal (SIGSEGV, SIG_DFL);
      __builtin_trap ();
    case ORDER_HANG:
      for (;;)
        sleep (100);
    case ORDER_SPIN:
      for (;;)
        spin++;
    case ORDER_HOARD:
      for (guint64 i = 0; i < 64; i++)
        memset (g_malloc (64 * 1024 * 1024), 1, 64 * 1024 * 1024);
      return CHILD_DONE;
    case ORDER_FLOOD:
      while (write_all (READER_ANSWER, junk, sizeof junk))
        ;
      return CHILD_DONE;
    case ORDER_ESCAPE:
      return try_to_escape ();
    default:
      return CHILD_FAILED;
    }
}
#else
static int
misbehave (guint32 order)
{
  return CHILD_FAILED;
}
#endif

G_NORETURN static void
be_child (const ReaderLimits *limits, const struct sock_fprog *filter, const ReaderRequest *request)
{
  int status;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () == 1)
    _exit (CHILD_FAILED);
  signal (SIGPIPE, SIG_DFL);
  limit (RLIMIT_CPU, limits->seconds);
  if (!sandbox_narrow (filter))
    _exit (CHILD_FAILED);
  switch (request->order)
    {
    case ORDER_READ:
      status = answer_message (limits, request);
      break;
    case ORDER_MAIL_SIGNATURE:
      status = answer (reader_answer_mail (READER_MESSAGE));
      break;
    case ORDER_PDF_SIGNATURES:
      status = answer (reader_answer_pdf (READER_MESSAGE));
      break;
    case ORDER_EXTRACT:
    case ORDER_DOCUMENT:
      status = answer_part (limits, request);
      break;
    default:
      status = misbehave (request->order);
    }
  if (status == CHILD_DONE && !write_all (READER_ANSWER, READER_WHOLE, READER_WHOLE_SIZE))
    status = CHILD_FAILED;
  close (READER_ANSWER); /* what it holds is given back after that */
  _exit (status);
}

/* --- the prepared process --------------------------------------------------------- */

/* Waits for PID until the deadline.  The office going away ends us, and with us the child
 * (PDEATHSIG). */
static void
wait_child (pid_t pid, const ReaderLimits *limits, ReaderReply *reply)
{
  gint64 deadline = clock_monotonic_ms () + (gint64) limits->seconds * 1000;
  sigset_t ended;
  bool slow = false;
  int status = 0;
  pid_t done;

  sigemptyset (&ended);
  sigaddset (&ended, SIGCHLD);
  while ((done = waitpid (pid, &status, slow ? 0 : WNOHANG)) == 0 || (done < 0 && errno == EINTR))
    {
      gint64 left = MAX (deadline - clock_monotonic_ms (), 0);
      struct timespec most = { left / 1000, left % 1000 * 1000000 };

      /* A signal may be left of the child before; nobody else gets the number of this one. */
      if (!slow && sigtimedwait (&ended, NULL, &most) < 0 && errno == EAGAIN)
        {
          slow = true;
          kill (pid, SIGKILL);
        }
    }
  if (slow || (WIFSIGNALED (status) && WTERMSIG (status) == SIGXCPU))
    reply->end = END_SLOW;
  else if (WIFSIGNALED (status))
    *reply = (ReaderReply){ END_KILLED, WTERMSIG (status) };
  else if (WEXITSTATUS (status) == CHILD_DONE)
    reply->end = END_ANSWERED;
  else if (WEXITSTATUS (status) == CHILD_TOO_LARGE)
    reply->end = END_TOO_LARGE;
  else
    reply->end = WEXITSTATUS (status) == CHILD_NOT_THERE ? END_NOT_THERE : END_FAILED;
}

static bool
receive (ReaderRequest *request, int fds[2])
{
  union {
    char bytes[CMSG_SPACE (2 * sizeof (int))];
    struct cmsghdr align;
  } control;
  struct iovec data = { request, sizeof *request };
  struct msghdr m = {
    .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  struct cmsghdr *c;
  gssize got;

  do
    got = recvmsg (READER_SOCKET, &m, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  c = got == sizeof *request ? CMSG_FIRSTHDR (&m) : NULL;
  if (c == NULL || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN (2 * sizeof (int)))
    return false;
  memcpy (fds, CMSG_DATA (c), 2 * sizeof (int));
  request->path[READER_MAX_PATH - 1] = '\0';
  return true;
}

/* The descriptors arrive as 4 and 5, the lowest free ones; were they others, they are moved
 * there. */
static void
take_places (int fds[2])
{
  if (fds[0] != READER_MESSAGE)
    {
      if (fds[1] == READER_MESSAGE)
        {
          fds[1] = dup (fds[1]);
        }
      dup2 (fds[0], READER_MESSAGE);
      close (fds[0]);
    }
  if (fds[1] != READER_ANSWER)
    {
      dup2 (fds[1], READER_ANSWER);
      close (fds[1]);
    }
}

G_NORETURN static void
serve (const ReaderLimits *limits, const struct sock_fprog *child_filter)
{
  ReaderRequest request;
  int fds[2];

  while (receive (&request, fds))
    {
      ReaderReply reply = { END_FAILED, 0 };
      pid_t pid;

      take_places (fds);
#ifdef ENABLE_FAULT_POINTS
      if (request.order == ORDER_DIE)
        _exit (1);
#endif
      pid = _Fork (); /* no handlers of libraries: there is one thread, and they cost more than
                       * the fork */
      if (pid == 0)
        {
          close (READER_SOCKET);
          be_child (limits, child_filter, &request);
        }
      close (READER_MESSAGE);
      close (READER_ANSWER);
      if (pid < 0)
        reply.end = END_NO_PROCESS;
      else
        wait_child (pid, limits, &reply);
      if (!write_all (READER_SOCKET, &reply, sizeof reply))
        break;
    }
  _exit (0);
}

/* Nothing of the office may be reachable from inside: only standard descriptors to nowhere, and the
 * socket. */
static void
keep_only_socket (void)
{
  int null = open ("/dev/null", O_RDWR);

  dup2 (null, STDIN_FILENO);
  dup2 (null, STDOUT_FILENO);
#ifndef ENABLE_SANITIZERS
  dup2 (null, STDERR_FILENO);
#endif
  close_range (READER_SOCKET + 1, ~0U, 0);
}

/* Takes what is free between other things, so that a child's own things lie together on fresh
 * pages: where they fill gaps, each gap costs the copy of a page. */
static void
fill_gaps (void)
{
  const struct mallinfo2 heap = mallinfo2 ();
  guintptr top = (guintptr) sbrk (0) - heap.keepcost;
  gsize left = heap.arena; /* there cannot be more */

  for (gsize size = 65536; size >= 16; size = size > 1024 ? size / 2 : size - 16)
    while (size <= left)
      {
        void *gap = malloc (size);

        if ((guintptr) gap >= top)
          {
            free (gap);
            break;
          }
        left -= size;
      }
}

void
reader_main (void)
{
  ReaderHello hello;
  char shape[READER_SHAPE_SIZE] = "";
  sigset_t child_ended;
  struct sock_fprog *child_filter;

  prctl (PR_SET_DUMPABLE, 0);
  prctl (PR_SET_NAME, "qecp-reader");
  signal (SIGPIPE, SIG_IGN);
  signal (SIGINT, SIG_IGN); /* Ctrl-C is for the office, which will close our socket */
  sigemptyset (&child_ended);
  sigaddset (&child_ended, SIGCHLD);
  sigprocmask (SIG_BLOCK, &child_ended, NULL); /* wait_child() asks for it */
  keep_only_socket ();
  if (read (READER_SOCKET, &hello, sizeof hello) != sizeof hello || hello.size != sizeof hello
      || strncmp (hello.version, PACKAGE_VERSION, sizeof hello.version) != 0)
    _exit (1);
  message_preload ();
  message_warm_up ();
  child_filter = sandbox_child_filter (hello.limits.sandbox);
  if (!sandbox_enter (hello.limits.sandbox, shape, sizeof shape))
    shape[0] = '\0';
  if (write (READER_SOCKET, shape, sizeof shape) != sizeof shape || shape[0] == '\0')
    _exit (1);
  limit_all (&hello.limits);
  malloc_trim (0); /* what is freed already, a child would copy page by page to sort it */
  fill_gaps ();
  serve (&hello.limits, child_filter);
}
