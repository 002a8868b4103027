/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader as processes: what goes wrong with one message stays with it, and nothing gets out.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "message/reader-private.h"

static const char mail[] = "From: Ada <ada@example.org>\nSubject: hello\nMessage-ID: <1@x>\n\nwords\n";

static int
file_of (const char *bytes, gsize n)
{
  int fd = memfd_create ("message", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, bytes, n), ==, (gssize) n);
  return fd;
}

static Reader *
reader_of (const ReaderLimits *limits)
{
  g_autoptr (GError) error = NULL;
  Reader *reader = reader_new (limits, &error);

  g_assert_no_error (error);
  return reader;
}

static void
assert_reads (Reader *reader)
{
  int fd = file_of (mail, strlen (mail));
  g_autoptr (GError) error = NULL;
  g_autoptr (Message) m = reader_read (reader, fd, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (m->subject, ==, "hello");
  close (fd);
}

static void
a_message_is_read (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);

  g_test_message ("confined by %s", reader_sandbox (reader));
  for (guint i = 0; i < 20; i++)
    assert_reads (reader);
}

static void
a_part_is_extracted_within_its_limit (void)
{
  static const char two[] = "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n"
                            "Content-Transfer-Encoding: base64\n\nR3LDvMOfZQ==\n--b--\n";
  g_autoptr (Reader) reader = reader_of (NULL);
  int fd = file_of (two, strlen (two));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) part = reader_extract (reader, fd, "2", 100, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (part, NULL), g_bytes_get_size (part), "Grüße", 7);
  g_assert_null (reader_extract (reader, fd, "2", 6, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (reader_extract (reader, fd, "3", 100, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
  close (fd);
}

static void
a_pipe_is_refused (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_null (reader_read (reader, ends[0], &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
  close (ends[0]);
  close (ends[1]);
}

static void
an_empty_file_has_facts (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);
  int fd = file_of ("", 0);
  g_autoptr (Message) m = reader_read (reader, fd, NULL);

  g_assert_nonnull (m);
  g_assert_cmpuint (m->defects->len, ==, 1);
  close (fd);
}

#ifdef ENABLE_FAULT_POINTS
static void
a_bad_end_holds_one_message_only (void)
{
  static const struct {
    ReaderOrder order;
    const char *says;
  } rows[] = {
    { ORDER_CRASH, "signal" },
    { ORDER_HANG, "longer than 1 seconds" },
    { ORDER_SPIN, "longer than 1 seconds" },
    { ORDER_FLOOD, "larger" },
#ifndef ENABLE_SANITIZERS
    { ORDER_HOARD, "signal" },
#endif
    { ORDER_DIE, "process ended" },
  };
  const ReaderLimits limits = { .seconds = 1, .max_text = 1024 };
  g_autoptr (Reader) reader = reader_of (&limits);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int fd = file_of (mail, strlen (mail));
      g_autoptr (GError) error = NULL;

      reader_misbehave (reader, rows[i].order);
      g_assert_null (reader_read (reader, fd, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, rows[i].says));
      close (fd);
      assert_reads (reader);
    }
}

/* The answer "shut" is no facts, so it comes back as an error; what was tried is in the answer's length. */
static void
nothing_gets_out (void)
{
  const ReaderLimits limits = { .sandbox = SANDBOX_BEST_EFFORT };
  g_autoptr (Reader) reader = reader_of (&limits);
  int fd = file_of (mail, strlen (mail));
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  if (strstr (reader_sandbox (reader), "seccomp") == NULL)
    {
      g_test_skip ("this kernel has no seccomp");
      close (fd);
      return;
    }
  answer = reader_try_escape (reader, fd, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, strstr (reader_sandbox (reader), "landlock") != NULL ? "shut" : "reads");
  g_assert_false (g_file_test ("/tmp/qecp-reader-escape", G_FILE_TEST_EXISTS));
  close (fd);
}

static void
a_killed_reader_is_started_again (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);
  pid_t before = reader_pid (reader);

  kill (before, SIGKILL);
  assert_reads (reader);
  g_assert_cmpint (reader_pid (reader), !=, before);
}
#endif

static void
the_cost_of_a_message_is_small (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);
  int fd = file_of (mail, strlen (mail));
  gint64 start = clock_monotonic_ms ();

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (Message) m = reader_read (reader, fd, NULL);

      g_assert_nonnull (m);
    }
  g_test_message ("%.3f ms a message", (double) (clock_monotonic_ms () - start) / 200);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/reads", a_message_is_read);
  g_test_add_func ("/reader/extracts", a_part_is_extracted_within_its_limit);
  g_test_add_func ("/reader/pipe", a_pipe_is_refused);
  g_test_add_func ("/reader/empty", an_empty_file_has_facts);
#ifdef ENABLE_FAULT_POINTS
  g_test_add_func ("/reader/bad-end", a_bad_end_holds_one_message_only);
  g_test_add_func ("/reader/nothing-gets-out", nothing_gets_out);
  g_test_add_func ("/reader/killed", a_killed_reader_is_started_again);
#endif
  g_test_add_func ("/reader/cost", the_cost_of_a_message_is_small);
  return g_test_run ();
}
