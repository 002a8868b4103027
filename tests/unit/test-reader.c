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
#include "message/message-private.h"
#include "message/reader-private.h"

static const char mail[] =
  "From: Ada <ada@example.org>\nSubject: hello\nMessage-ID: <1@x>\n\nwords\n";

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
  static const char two[] =
    "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n"
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

static const char with_files[] =
  "From: Ada <ada@example.org>\nSubject: hello\nContent-Type: multipart/mixed; "
  "boundary=b\n\n--b\n\nwords\n"
  "--b\nContent-Type: text/csv; name=a.csv\nContent-Disposition: attachment\n\nLabel,first\n"
  "--b\nContent-Type: text/csv; name=b.csv\nContent-Disposition: attachment\n\nLabel,second\n"
  "--b\nContent-Type: application/pdf; name=c.pdf\nContent-Disposition: attachment\n\n%PDF-1.7 and "
  "nothing more\n--b--\n";

static const MessagePart *
part_of (const Message *m, guint part)
{
  return m->parts->pdata[part];
}

static const Document *
document_of (const Message *m, guint part)
{
  return part_of (m, part)->document;
}

/* A mail with a signed document and with one that is not. */
static int
signed_mail (GBytes **document)
{
  g_autofree char *file =
    g_build_filename (g_getenv ("top_srcdir"), "tests/fuzz/corpus/pdf-signed/flip", NULL);
  char *bytes;
  gsize n;

  g_assert_true (g_file_get_contents (file, &bytes, &n, NULL));
  *document = g_bytes_new_take (bytes, n);
  g_autofree char *encoded = g_base64_encode ((const guint8 *) bytes, n);
  g_autofree char *text = g_strdup_printf (
    "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf; "
    "name=a.pdf\n"
    "Content-Transfer-Encoding: base64\n\n%s\n--b\nContent-Type: application/pdf; name=b.pdf\n\n"
    "%%PDF-1.7 and nothing more\n--b--\n",
    encoded);
  return file_of (text, strlen (text));
}

static void
signatures_come_with_the_facts (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);
  g_autoptr (GBytes) document = NULL;
  int fd = signed_mail (&document);
  g_autoptr (GError) error = NULL;
  g_autoptr (Message) plain = reader_read (reader, fd, &error);
  g_autoptr (Message) m = reader_read_with_signatures (reader, fd, &error);
  int alone = file_of (g_bytes_get_data (document, NULL), g_bytes_get_size (document));
  g_autoptr (PdfSigned) wanted = reader_read_pdf (reader, alone, &error);

  g_assert_no_error (error);
  g_assert_null (part_of (plain, 0)->signatures);
  g_assert_null (part_of (m, 1)->signatures);
  g_assert_true (g_bytes_equal (part_of (m, 0)->content, document));
  g_autoptr (GVariant) a = pdf_signed_to_variant (wanted),
                       b = pdf_signed_to_variant (part_of (m, 0)->signatures);
  g_assert_true (g_variant_equal (a, b));
#ifdef ENABLE_FAULT_POINTS
  /* Whatever ends the child at its documents: they are asked for again, alone. */
  reader_misbehave_at_document (reader, ORDER_CRASH);
  g_autoptr (Message) again = reader_read_with_signatures (reader, fd, &error);
  g_assert_no_error (error);
  g_assert_null (part_of (again, 0)->signatures);
  g_assert_null (part_of (again, 0)->content);
#endif
  close (fd);
  close (alone);
}

static const char *
cell_of (const Document *document, guint cell)
{
  const DocumentSheet *sheet = document->sheets->pdata[0];

  return ((const DocumentCell *) sheet->cells->pdata[cell])->text;
}

static void
forms_attached_are_read_too (void)
{
  g_autoptr (Reader) reader = reader_of (NULL);
  int fd = file_of (with_files, strlen (with_files));
  g_autoptr (GError) error = NULL;
  g_autoptr (Message) m = reader_read (reader, fd, &error);

  g_assert_no_error (error);
  g_assert_null (document_of (m, 0));
  g_assert_cmpstr (cell_of (document_of (m, 1), 1), ==, "first");
  g_assert_cmpstr (cell_of (document_of (m, 2), 1), ==, "second");
  g_assert_cmphex (document_of (m, 3)->flaws, ==, FLAW_DAMAGED);
  close (fd);
}

/* What a child may answer that was taken over by what it read. */
static void
facts_that_break_their_rules_are_refused (void)
{
  static const char *const answers[] = {
    "(uint32 32768, '', @a(ss) [], @a(sba(uuubs)) [])",                         /* a flaw there is not */
    "(uint32 0, 'a\\nb', @a(ss) [], @a(sba(uuubs)) [])",                        /* a title of two lines */
    "(uint32 0, '', [('name', '\\u0001')], @a(sba(uuubs)) [])",
    "(uint32 0, '', @a(ss) [], [('s', false, [(uint32 0, uint32 1, uint32 0, false, 'x')])])", /* row 0 */
    "(uint32 0, '', @a(ss) [], [('s', false, [(uint32 1, uint32 1, uint32 9, false, 'x')])])", /* kind 9 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GVariant) facts =
        g_variant_parse (G_VARIANT_TYPE ("(usa(ss)a(sba(uuubs)))"), answers[i], NULL, NULL, NULL);
      g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (facts);

      g_assert_null (message_document_from_bytes (DOCUMENT_PDF, bytes));
    }
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_assert_null (message_document_from_bytes (DOCUMENT_PDF, junk));
}

#ifdef ENABLE_FAULT_POINTS
/* A document that kills its reader costs its own facts, not those of the mail or of the other
 * documents. */
static void
a_bad_end_costs_one_document_only (void)
{
  static const ReaderOrder orders[] = { ORDER_CRASH, ORDER_HANG, ORDER_DIE };
  const ReaderLimits limits = { .seconds = 1 };
  g_autoptr (Reader) reader = reader_of (&limits);

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      int fd = file_of (with_files, strlen (with_files));
      g_autoptr (GError) error = NULL;

      reader_misbehave_at_document (reader, orders[i]);
      g_autoptr (Message) m = reader_read (reader, fd, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (m->subject, ==, "hello");
      g_assert_cmphex (document_of (m, 1)->flaws, ==, FLAW_NOT_READ);
      g_assert_cmpstr (cell_of (document_of (m, 2), 1), ==, "second");
      close (fd);
    }
}

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

/* The answer "shut" is no facts, so it comes back as an error; what was tried is in the answer's
 * length. */
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
  g_assert_cmpstr (answer, ==,
                   strstr (reader_sandbox (reader), "landlock") != NULL ? "shut" : "reads");
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
  g_test_add_func ("/reader/forms-attached", forms_attached_are_read_too);
  g_test_add_func ("/reader/facts-checked", facts_that_break_their_rules_are_refused);
  g_test_add_func ("/reader/signatures", signatures_come_with_the_facts);
#ifdef ENABLE_FAULT_POINTS
  g_test_add_func ("/reader/bad-end-of-a-document", a_bad_end_costs_one_document_only);
  g_test_add_func ("/reader/bad-end", a_bad_end_holds_one_message_only);
  g_test_add_func ("/reader/nothing-gets-out", nothing_gets_out);
  g_test_add_func ("/reader/killed", a_killed_reader_is_started_again);
#endif
  g_test_add_func ("/reader/cost", the_cost_of_a_message_is_small);
  return g_test_run ();
}
