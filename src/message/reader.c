/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The office asks the reader, doubts its answers, and has it started again.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "message/message-private.h"
#include "message/reader-private.h"

/* How much longer than its child the prepared process may take to say how it ended. */
#define GRACE_MS 5000

/* As much as a pipe holds, unless told otherwise, and the most that it can be told without
 * privilege (pipe(7)). */
#define PIPE_BYTES 65536u
#define PIPE_MAX_BYTES 1048576u

static bool
send_request (int socket, const ReaderRequest *request, int message, int answer)
{
  union {
    char bytes[CMSG_SPACE (2 * sizeof (int))];
    struct cmsghdr align;
  } control = { { 0 } };
  struct iovec data = { (void *) request, sizeof *request };
  struct msghdr m = {
    .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  struct cmsghdr *c = CMSG_FIRSTHDR (&m);
  int fds[2] = { message, answer };
  gssize sent;

  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN (sizeof fds);
  memcpy (CMSG_DATA (c), fds, sizeof fds);
  do
    sent = sendmsg (socket, &m, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == sizeof *request;
}

/* A file of its own for the child: read-only, with its own position.  -1: FD cannot be read at any
 * place. */
static int
read_only_twin (int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  int twin = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (lseek (fd, 0, SEEK_CUR) < 0)
    {
      if (twin >= 0)
        close (twin);
      return -1;
    }
  return twin >= 0 ? twin : fcntl (fd, F_DUPFD_CLOEXEC, 0);
}

/* What PIPE holds is made to fit an answer about MESSAGE with its signed documents: else the child
 * and the office wake each other for every 64 KB, which costs more than the bytes.  Returns how
 * much that is now. */
static guint
widen_for (int pipe, int message)
{
  struct stat st;
  int set = -1;

  if (fstat (message, &st) == 0 && st.st_size > PIPE_BYTES)
    set = fcntl (pipe, F_SETPIPE_SZ, (int) MIN (st.st_size, PIPE_MAX_BYTES));
  return set > 0 ? (guint) set : PIPE_BYTES; /* a user may be out of large pipes */
}

typedef enum { GOT_ALL, GOT_TOO_MUCH, GOT_STUCK } Got;

/* Until the writing end is closed.  ROOM: as much as the pipe holds. */
static Got
collect_answer (int pipe, guint room, GByteArray *answer, gsize max, gint64 deadline)
{
  for (;;)
    {
      struct pollfd p = { pipe, POLLIN, 0 };
      gint64 left = deadline - clock_monotonic_ms ();
      int ready = left > 0 ? poll (&p, 1, (int) left) : 0;
      guint have = answer->len;
      gssize got;

      if (ready < 0 && errno == EINTR)
        continue;
      if (ready <= 0)
        return GOT_STUCK;
      g_byte_array_set_size (answer, have + room);
      got = read (pipe, answer->data + have, room);
      g_byte_array_set_size (answer, have + (guint) MAX (got, 0));
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return got == 0 ? GOT_ALL : GOT_STUCK;
      if (answer->len > max)
        return GOT_TOO_MUCH;
    }
}

static bool
explain (const Reader *reader, const ReaderReply *reply, Got got, GError **error)
{
  if (got == GOT_TOO_MUCH)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                 "the reader's answer is larger than any facts can be");
  else if (reply->end == END_ANSWERED && got == GOT_ALL)
    return true;
  else if (reply->end == END_SLOW)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                 "reading the message took longer than %u seconds", reader->limits.seconds);
  else if (reply->end == END_KILLED)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                 "reading the message ended by signal %d (a crash, or more memory than allowed)",
                 reply->signal);
  else if (reply->end == END_TOO_LARGE)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the part is larger than allowed here");
  else if (reply->end == END_NOT_THERE)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the message has no such part");
  else if (reply->end == END_NO_PROCESS)
    g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "the reader could not make a process");
  else
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "reading the message failed");
  return false;
}

/* The block at *AT of an answer to ORDER_READ, whole, and where the next one begins; false: no
 * more. */
static bool
next_block (const GByteArray *answer, gsize *at, ReaderBlock *head, gsize *begin)
{
  if (answer->len < sizeof *head || *at > answer->len - sizeof *head)
    return false;
  memcpy (head, answer->data + *at, sizeof *head);
  *begin = *at + sizeof *head;
  if (head->size == 0 || head->size > answer->len - *begin)
    return false;
  *at = *begin + ((gsize) head->size + 7) / 8 * 8;
  return true;
}

/* Then it does not matter how the child ended: a document that it did not get to is read alone. */
static bool
tells_message (const ReaderRequest *request, const GByteArray *answer)
{
  ReaderBlock head;
  gsize at = 0, begin;

  return request->order == ORDER_READ && next_block (answer, &at, &head, &begin)
         && head.part == READER_MESSAGE_FACTS;
}

static bool
cut_mark (GByteArray *answer)
{
  if (answer->len < READER_WHOLE_SIZE
      || memcmp (answer->data + answer->len - READER_WHOLE_SIZE, READER_WHOLE, READER_WHOLE_SIZE)
           != 0)
    return false;
  g_byte_array_set_size (answer, answer->len - (guint) READER_WHOLE_SIZE);
  return true;
}

/* False: the prepared process is gone. */
static bool
hear_end (Reader *reader, ReaderReply *reply, gint64 deadline)
{
  reader->owed = false;
  return reader_read_exactly (reader->socket, reply, sizeof *reply, deadline);
}

/* One request and its answer over PIPE.  False: the prepared process itself is gone. */
static bool
converse (Reader *reader, const ReaderRequest *request, int message, int pipes[2], gsize max,
          GByteArray *answer, ReaderReply *reply, Got *got)
{
  gint64 deadline = clock_monotonic_ms () + (gint64) reader->limits.seconds * 1000 + GRACE_MS;
  guint room = widen_for (pipes[1], message);
  bool sent = (!reader->owed || hear_end (reader, reply, deadline))
              && send_request (reader->socket, request, message, pipes[1]);

  *reply = (ReaderReply){ END_FAILED, 0 };
  close (pipes[1]);
  if (!sent)
    {
      close (pipes[0]);
      return false;
    }
  *got = collect_answer (pipes[0], room, answer, max + READER_WHOLE_SIZE, deadline);
  close (pipes[0]);
  if (*got != GOT_ALL || !cut_mark (answer))
    return hear_end (reader, reply, deadline);
  reply->end = END_ANSWERED;
  reader->owed = true;
  return true;
}

/* The prepared process is started again when it is gone; a message that finds it gone twice is not
 * read. */
static GByteArray *
ask (Reader *reader, const ReaderRequest *request, int fd, gsize max, GError **error)
{
  int message = read_only_twin (fd);
  bool answered = false;
  ReaderReply reply;
  Got got = GOT_STUCK;
  g_autoptr (GByteArray) answer = g_byte_array_new ();

  if (message < 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the message is not in a file");
      return NULL;
    }
  for (guint attempt = 0; attempt < 2 && !answered; attempt++)
    {
      int pipes[2];

      if ((reader->pid == 0 && !reader_start (reader, error)) || pipe2 (pipes, O_CLOEXEC) != 0)
        {
          close (message);
          if (error != NULL && *error == NULL)
            g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "no pipe: %s", g_strerror (errno));
          return NULL;
        }
      g_byte_array_set_size (answer, 0);
      answered = converse (reader, request, message, pipes, max, answer, &reply, &got);
      if (!answered)
        {
          log_event (LOG_WARNING, "reader.restarted", LOG_INT ("attempt", attempt + 1));
          reader_stop (reader);
        }
    }
  close (message);
  if (!answered)
    g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                 "the reader process ended while it read the message");
  if (!answered || (!tells_message (request, answer) && !explain (reader, &reply, got, error)))
    return NULL;
  return g_steal_pointer (&answer);
}

/* Takes ANSWER apart: the facts of the message, and those of its documents by part.  All of them
 * are places in ALL, the answer. */
static GVariant *
message_facts (const GByteArray *answer, GBytes *all, GHashTable *documents)
{
  g_autoptr (GVariantType) type = message_variant_type ();
  g_autoptr (GBytes) facts = NULL;
  ReaderBlock head;
  gsize at = 0, begin;

  while (next_block (answer, &at, &head, &begin))
    {
      GBytes *bytes = g_bytes_new_from_bytes (all, begin, head.size);

      if (facts == NULL)
        facts = bytes;
      else
        g_hash_table_replace (documents, GUINT_TO_POINTER (head.part), bytes);
    }
  return g_variant_ref_sink (g_variant_new_from_bytes (type, facts, FALSE));
}

static Message *
read_message (Reader *reader, int fd, gsize signed_room, GError **error)
{
  ReaderRequest request = { .order = ORDER_READ, .kind = ORDER_READ, .max = signed_room };
  gsize max = 2 * READER_FACTS_BASE + 4 * reader->limits.max_text + signed_room;
  g_autoptr (GHashTable) documents =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);

#ifdef ENABLE_FAULT_POINTS
  request.order = reader->misbehave;
  request.kind = reader->misbehave_at_document;
  reader->misbehave = ORDER_READ;
#endif
  g_autoptr (GByteArray) answer = ask (reader, &request, fd, max, error);
  if (answer == NULL)
    return NULL;
  g_autoptr (GBytes) all = g_bytes_new_with_free_func (
    answer->data, answer->len, (GDestroyNotify) g_byte_array_unref, g_byte_array_ref (answer));
  g_autoptr (GVariant) facts = message_facts (answer, all, documents);
  g_autoptr (Message) message = message_from_variant (facts, error);
  if (message == NULL || !message_read_documents (reader, fd, message, documents, error))
    return NULL;
  reader_take_signatures (message, documents);
  return g_steal_pointer (&message);
}

Message *
reader_read (Reader *reader, int fd, GError **error)
{
  return read_message (reader, fd, 0, error);
}

Message *
reader_read_with_signatures (Reader *reader, int fd, GError **error)
{
  return read_message (reader, fd, READER_SIGNED_ROOM, error);
}

static GBytes *
ask_about_part (Reader *reader, ReaderRequest *request, int fd, const char *path, gsize max,
                GError **error)
{
  GByteArray *answer;

  if (g_strlcpy (request->path, path, sizeof request->path) >= sizeof request->path)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the message has no such part");
      return NULL;
    }
  answer = ask (reader, request, fd, max, error);
  return answer != NULL ? g_byte_array_free_to_bytes (answer) : NULL;
}

GBytes *
reader_order (Reader *reader, ReaderOrder order, int fd, gsize max, GError **error)
{
  ReaderRequest request = { .order = order };
  GByteArray *answer = ask (reader, &request, fd, max, error);

  return answer != NULL ? g_byte_array_free_to_bytes (answer) : NULL;
}

GBytes *
reader_extract (Reader *reader, int fd, const char *path, guint64 max, GError **error)
{
  ReaderRequest request = { .order = ORDER_EXTRACT, .max = max };

  return ask_about_part (reader, &request, fd, path, max, error);
}

GBytes *
reader_document (Reader *reader, int fd, const char *path, DocumentKind kind, guint64 max,
                 GError **error)
{
  ReaderRequest request = { .order = ORDER_DOCUMENT, .kind = kind, .max = max };

#ifdef ENABLE_FAULT_POINTS
  if (reader->misbehave_at_document != ORDER_READ)
    request.order = reader->misbehave_at_document;
  reader->misbehave_at_document = ORDER_READ;
#endif
  return ask_about_part (reader, &request, fd, path, READER_FACTS_BASE, error);
}

#ifdef ENABLE_FAULT_POINTS
void
reader_misbehave (Reader *reader, ReaderOrder order)
{
  reader->misbehave = order;
}

void
reader_misbehave_at_document (Reader *reader, ReaderOrder order)
{
  reader->misbehave_at_document = order;
}

char *
reader_try_escape (Reader *reader, int fd, GError **error)
{
  ReaderRequest request = { .order = ORDER_ESCAPE };
  g_autoptr (GByteArray) answer = ask (reader, &request, fd, 1024, error);

  return answer != NULL ? g_strndup ((const char *) answer->data, answer->len) : NULL;
}

pid_t
reader_pid (const Reader *reader)
{
  return reader->pid;
}
#endif
