/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parser makes of bytes: rows of a mail and what must be found in it.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static Message *
parse (const char *mail)
{
  return message_parse_bytes ((const guint8 *) mail, strlen (mail), NULL);
}

static bool
has_defect (const Message *m, const char *where, const char *what)
{
  for (guint i = 0; i < m->defects->len; i++)
    {
      const MessageDefect *d = g_ptr_array_index (m->defects, i);

      if (strstr (d->where, where) != NULL && strstr (d->what, what) != NULL)
        return true;
    }
  return false;
}

/* --- headers ------------------------------------------------------------------------- */

static void
a_subject_is_decoded_whatever_its_form (void)
{
  static const struct {
    const char *raw, *want;
  } rows[] = {
    { "plain words", "plain words" },
    { "=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße" },
    { "=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße" },
    { "=?UTF-8?B?R3LDvMOfZQ?=", "Grüße" },                       /* no padding */
    { "=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße" },      /* a character split over two words */
    { "=?utf-8?b?R3LD?=\r\n =?utf-8?b?vMOfZQ==?=", "Grüße" },
    { "=?utf-8?q?a?= =?utf-8?q?b?=", "ab" },
    { "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c" },
    { "=?utf-8?q?a?==?utf-8?q?b?=", "ab" },                       /* no space between */
    { "=?utf-8?q?a b?=", "a b" },                                 /* a space inside */
    { "\"=?utf-8?q?Gr=C3=BC?=\"", "\"Grü\"" },                    /* in quotes */
    { "=?iso-8859-1*de?q?Gr=FC=DFe?=", "Grüße" },                 /* RFC 2231 language */
    { "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本" },
    { "=?no-such?q?Gr=C3=BC?=", "Grü" },
    { "=?utf-8?x?abc?=", "=?utf-8?x?abc?=" },
    { "=?utf-8?q?unterminated", "=?utf-8?q?unterminated" },
    { "Gr\xc3\xbc\xc3\x9f" "e", "Grüße" },
    { "Gr\xfc\xdf" "e", "Grüße" },
    { "folded\r\n\tline", "folded line" },
    { "=?utf-8?q?a=0D=0AX-Evil:_1?=", "a X-Evil: 1" },
    { "=?utf-8?q?a=00b?=", "ab" },
    { "u\xcc\x88", "ü" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *mail =
        g_strdup_printf ("From: a@b\r\nSubject: %s\r\n\r\nx\r\n", rows[i].raw);
      g_autoptr (Message) m = parse (mail);

      g_assert_cmpstr (m->subject, ==, rows[i].want);
    }
}

static void
an_author_is_read_whatever_its_form (void)
{
  static const struct {
    const char *raw, *name, *address;
  } rows[] = {
    { "a@b.org", "", "a@b.org" },
    { "Ada <Ada.L@EXAMPLE.Org>", "Ada", "Ada.L@example.org" },
    { "\"Lovelace, Ada\" <a@b.org>", "Lovelace, Ada", "a@b.org" },
    { "=?utf-8?q?J=C3=B6rg?= <j@b.org>", "Jörg", "j@b.org" },
    { "\"=?utf-8?q?J=C3=B6rg?=\" <j@b.org>", "Jörg", "j@b.org" },
    { "J\xc3\xb6rg <j@b.org>", "Jörg", "j@b.org" },
    { "J\xf6rg <j@b.org>", "Jörg", "j@b.org" },
    { "a@b.org (Ada)", "Ada", "a@b.org" },
    { "undisclosed: Ada <a@b.org>;", "Ada", "a@b.org" },
    { "<a@xn--exmple-cua.org>", "", "a@xn--exmple-cua.org" },
    { "Ada <a@b.org", "Ada", "a@b.org" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *mail = g_strdup_printf ("From: %s\nSubject: x\n\nx\n", rows[i].raw);
      g_autoptr (Message) m = parse (mail);
      const MessageAddress *a = message_author (m);

      g_assert_nonnull (a);
      g_assert_cmpstr (a->address, ==, rows[i].address);
      g_assert_cmpstr (a->name, ==, rows[i].name);
    }
}

static void
identifiers_and_dates_are_read (void)
{
  g_autoptr (Message) m =
    parse ("From: a@b\nMessage-ID: <x.1@b>\nIn-Reply-To: <y@b> (your mail of Monday)\n"
           "References: <a@b>\n <c@d> <a@b>\nDate: Sun, 22 Nov 2026 10:00:00 -0500\n\nx\n");

  g_assert_cmpstr (m->message_id, ==, "x.1@b");
  g_assert_cmpuint (m->in_reply_to->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (m->in_reply_to, 0), ==, "y@b");
  g_assert_cmpuint (m->references->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (m->references, 1), ==, "c@d");
  g_assert_cmpint (m->date, ==, 1795359600);
  g_assert_cmpint (m->date_offset, ==, -300);
  g_assert_cmpuint (m->defects->len, ==, 0);
}

static void
what_is_missing_or_double_is_a_defect (void)
{
  g_autoptr (Message) m =
    parse ("From: a@b\nFrom: c@d\nDate: soon\nSubject: one\nSubject: two\n\nx\n");

  g_assert_cmpstr (message_author (m)->address, ==, "a@b");
  g_assert_cmpstr (m->subject, ==, "one");
  g_assert_true (has_defect (m, "From", "more than once"));
  g_assert_true (has_defect (m, "Subject", "more than once"));
  g_assert_true (has_defect (m, "Date", "cannot be read"));
  g_assert_true (has_defect (m, "Message-ID", "missing"));
}

/* What one reader shows as the author and a mail server's check is about may be different fields. */
static void
every_field_that_names_an_author_counts (void)
{
  static const struct {
    const char *header;
    guint authors;
  } rows[] = {
    { "From: a@b\n", 1 },
    { "From: a@b\nFrom: c@d\n", 2 },
    { "From: a@b\nFrom : c@d\n", 2 },
    { "From : a@b\nFrom: c@d\n", 2 },
    { "From: a@b\nfrom:\n c@d\n", 2 },
    { "From: a@b\nFrom: \n", 2 },
    { "From: a@b\nFrom: a@b\n", 2 },
    { "From: \nFrom: a@b\n", 2 },
    { "From: a@b\nX-From: c@d\nResent-From: e@f\n", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *mail = g_strdup_printf ("%sSubject: x\n\nx\n", rows[i].header);
      g_autoptr (Message) m = parse (mail);

      g_test_message ("%s", rows[i].header);
      g_assert_cmpuint (m->from->len, ==, rows[i].authors);
    }
  GString *far = g_string_new ("From: a@b\n");
  for (int i = 0; i < 3000; i++)
    g_string_append (far, "X: y\n");
  g_string_append (far, "From: c@d\n\nx\n");
  g_autoptr (Message) m = parse (far->str);
  g_assert_cmpuint (m->from->len, ==, 2);
  g_string_free (far, TRUE);
}

/* Cut, "b.example.evil.example" would read "b.example", and no failure would stand behind it. */
static void
what_a_mail_server_found_out_is_kept_whole (void)
{
  const char *end = " header.d=b.example.evil.example; dmarc=fail header.from=b.example";

  for (gsize n = 16000; n < 17000; n += 10)
    {
      g_autofree char *fill = g_strnfill (n, 'k');
      g_autofree char *mail = g_strdup_printf (
        "Authentication-Results: x; dkim=pass header.s=%s%s\nFrom: a@b.example\n\nx\n", fill, end);
      g_autoptr (Message) m = parse (mail);

      g_assert_cmpuint (m->auth_results->len, ==, 1);
      g_assert_true (
        g_str_has_suffix (((const MessageAuth *) m->auth_results->pdata[0])->value, end));
    }
}

static void
a_null_return_path_is_not_a_missing_one (void)
{
  g_autoptr (Message) null = parse ("Return-Path: <>\nFrom: a@b\n\nx\n");
  g_autoptr (Message) none = parse ("From: a@b\n\nx\n");

  g_assert_cmpstr (null->return_path, ==, "");
  g_assert_null (none->return_path);
}

/* --- file names --------------------------------------------------------------------------- */

static void
a_file_name_is_decoded_and_made_safe (void)
{
  static const struct {
    const char *raw, *want;
  } rows[] = {
    { "filename=a.pdf", "a.pdf" },
    { "filename=\"a b.pdf\"", "a b.pdf" },
    { "filename*=UTF-8''Pr%C3%BCf.pdf", "Prüf.pdf" },
    { "filename*0*=UTF-8''Pr%C3; filename*1*=%BCf; filename*2=\".pdf\"", "Prüf.pdf" },
    { "filename*1=b.pdf; filename*0=a", "ab.pdf" },
    { "filename=\"=?utf-8?q?Pr=C3=BCf.pdf?=\"", "Prüf.pdf" },
    { "filename=\"=?utf-8?b?UHLDvGYucGRm?=\"", "Prüf.pdf" },
    { "filename*0=\"=?utf-8?q?Pr=C3=BC\"; filename*1=\"f.pdf?=\"", "Prüf.pdf" },
    { "filename=\"Pr\xc3\xbc" "f.pdf\"", "Prüf.pdf" },
    { "filename=\"Pr\xfc" "f.pdf\"", "Prüf.pdf" },
    { "filename=\"../../etc/passwd\"", "passwd" },
    { "filename=\"C:\\temp\\a.pdf\"", "a.pdf" },
    { "filename=\"..\"", "" },
    { "filename=\".htaccess\"", "htaccess" },
    { "filename*=UTF-8''a%E2%80%AEfdp.exe", "afdp.exe" },
    { "filename*=UTF-8''a%00b%0D%0A.pdf", "ab .pdf" },
    { "filename=a b.pdf", "a b.pdf" },
    { "filename=\"a%20b.pdf\"", "a b.pdf" },
    { "filename=\"100%.pdf\"", "100%.pdf" },
    { "filename*=no-such''a.pdf", "a.pdf" },
    { "filename*=UTF-8'a.pdf", "UTF-8'a.pdf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *mail = g_strdup_printf ("From: a@b\nContent-Type: application/pdf\n"
                                               "Content-Disposition: attachment; %s\n\n%%PDF-\n",
                                               rows[i].raw);
      g_autoptr (Message) m = parse (mail);
      const MessagePart *p = g_ptr_array_index (m->parts, 0);

      g_assert_cmpstr (p->name, ==, rows[i].want);
    }
}

/* --- text ------------------------------------------------------------------------------------ */

static void
text_is_chosen_and_decoded (void)
{
  static const struct {
    const char *name, *mail, *want;
  } rows[] = {
    { "plain", "Content-Type: text/plain; charset=utf-8\n\nGr\xc3\xbc\xc3\x9f" "e\n", "Grüße\n" },
    { "latin", "Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdf" "e \x80\n", "Grüße €\n" },
    { "undeclared latin", "Subject: x\n\nGr\xfc\xdf" "e\n", "Grüße\n" },
    { "undeclared utf-8", "Subject: x\n\nGr\xc3\xbc\xc3\x9f" "e\n", "Grüße\n" },
    { "utf-8 that is not", "Content-Type: text/plain; charset=utf-8\n\nGr\xfc\xdf" "e\n", "Grüße\n" },
    { "unknown charset", "Content-Type: text/plain; charset=x-none\n\nGr\xc3\xbc\n", "Grü\n" },
    { "iso-2022-jp undeclared", "Subject: x\n\n\033$BF|K\\\033(B\n", "日本\n" },
    { "koi8-r", "Content-Type: text/plain; charset=koi8-r\n\n\xc4\xc1\n", "да\n" },
    { "four bytes", "Content-Type: text/plain; charset=utf-8\n\n\xf0\x9f\x99\x82 on\n", "🙂 on\n" },
    { "CRLF", "Subject: x\r\n\r\na\r\nb\r\n", "a\nb\n" },
    { "flowed", "Content-Type: text/plain; format=flowed\n\none \ntwo\n> q \n> r\n-- \nme\n", "one two\n> q r\n-- \nme\n" },
    { "delsp", "Content-Type: text/plain; format=flowed; delsp=yes\n\non \ne\n", "one\n" },
    { "html only", "Content-Type: text/html; charset=utf-8\n\n<html><head><style>p{}</style></head><body><p>One</p><p>Two<br>three</p></body></html>",
      "One\n\nTwo\nthree\n" },
    { "html quotation", "Content-Type: text/html\n\n<div>mine</div><blockquote><div>theirs</div></blockquote>", "mine\n> theirs\n" },
    { "html table", "Content-Type: text/html\n\n<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td\n" },
    { "html link", "Content-Type: text/html\n\n<a href=\"https://e.org/x\">here</a>", "here (https://e.org/x)\n" },
    { "html outlook", "Content-Type: text/html\n\n<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb\n" },
    { "html hidden", "Content-Type: text/html\n\n<div style=\"display: none\">x</div><script>y</script>z", "z\n" },
    { "html list", "Content-Type: text/html\n\n<ul><li>a<li>b</ul><ol><li>c</ol>", "- a\n- b\n1. c\n" },
    { "alternative", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/html\n\nhtml\n--b--\n", "plain" },
    { "empty plain", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\nhtml\n--b--\n", "html\n" },
    { "placeholder", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nYour mail program does not support HTML.\n--b\nContent-Type: text/html\n\nhtml\n--b--\n", "html\n" },
    { "attached text", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n--b\nContent-Disposition: attachment\n\nfile\n--b--\n", "body" },
    { "named text", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n--b\nContent-Type: text/plain; name=n.txt\n\nfile\n--b--\n", "body" },
    { "two texts", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n", "one\n\ntwo" },
    { "attached mail", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ninner\n--b--\n", "body" },
    { "no end", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n", "body\n" },
    { "no parts", "Content-Type: multipart/mixed; boundary=b\n\nbody\n", "body\n" },
    { "no boundary", "Content-Type: multipart/mixed\n\nbody\n", "body\n" },
    { "base64", "Content-Transfer-Encoding: base64\n\nR3LDvMOfZQo=\n", "Grüße\n" },
    { "nul", "Subject: x\n\na", "a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = parse (rows[i].mail);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (m->text, ==, rows[i].want);
    }
}

static void
an_attached_message_keeps_its_bytes (void)
{
  g_autoptr (Message) m = parse (
    "From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody\r\n--b\r\n"
    "Content-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed; "
    "boundary=c\r\n\r\n"
    "--c\r\n\r\nx\r\n--c--\r\n\r\n--b--\r\n");
  const MessagePart *p = g_ptr_array_index (m->parts, 1);
  g_autofree char *want = g_compute_checksum_for_string (
    G_CHECKSUM_SHA256,
    "Subject: in\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n",
    -1);

  g_assert_cmpuint (m->parts->len, ==, 2);
  g_assert_cmpstr (p->type, ==, "message/rfc822");
  g_assert_cmpstr (p->path, ==, "2");
  g_assert_cmpstr (p->name, ==, "in.eml");
  g_assert_cmpstr (p->sha256, ==, want);
}

static void
text_without_structure_is_kept (void)
{
  g_autoptr (Message) none = parse ("\nno header at all\n");
  g_autoptr (Message) junk = parse ("no header at all, and\nno colon\n");
  g_autoptr (Message) inner = parse (
    "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
    "no header\n--b--\n");

  g_assert_nonnull (strstr (none->text, "no header at all"));
  g_assert_nonnull (strstr (junk->text, "no header at all"));
  g_assert_cmpuint (((MessagePart *) g_ptr_array_index (inner->parts, 0))->size, ==, 9);
}

static void
content_is_sniffed (void)
{
  static const struct {
    const char *bytes;
    gsize n;
    const char *want;
  } rows[] = {
    { "%PDF-1.7", 8, "application/pdf" },
    { "junk\n%PDF-1.7", 13, "application/pdf" },
    { "PK\3\4....[Content_Types].xml....word/document.xml", 47, "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "PK\3\4....xl/workbook.xml", 23, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "PK\3\4....a.txt", 13, "application/zip" },
    { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "application/x-ole-storage" },
    { "\x89PNG\r\n\x1a\n", 8, "image/png" },
    { "\xff\xd8\xff\xe0", 4, "image/jpeg" },
    { "GIF89a", 6, "image/gif" },
    { "{\\rtf1", 6, "application/rtf" },
    { " <!DOCTYPE html>", 16, "text/html" },
    { "<?xml version", 13, "text/xml" },
    { "hello", 5, "text/plain" },
    { "BMW is a car", 12, "text/plain" },
    { "\x78\x9f\x3e\x22", 4, "application/vnd.ms-tnef" },
    { "\x1f\x8b\x08", 3, "application/gzip" },
    { "\0\1\2\3", 4, "application/octet-stream" },
    { "", 0, "application/x-empty" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (sniff_type ((const guint8 *) rows[i].bytes, rows[i].n, rows[i].n), ==,
                     rows[i].want);
}

/* --- own words ------------------------------------------------------------------------------- */

static void
own_words_are_kept_and_quotation_is_cut (void)
{
  static const struct {
    const char *name, *text, *want;
  } rows[] = {
    { "no quotation", "a\n\nb\n", "a\n\nb" },
    { "top posting", "mine\n\nOn Mon, 1 Jan 2024 at 10:00, A <a@b.org> wrote:\n> theirs\n", "mine" },
    { "german", "mein\n\nAm 01.01.2024 um 10:00 schrieb A <a@b.org>:\n> ihres\n", "mein" },
    { "wrapped", "mine\n\nOn Mon, 1 Jan 2024 at 10:00, A Very Long Name\n<a@b.org> wrote:\n\n> theirs\n", "mine" },
    { "between", "On 1 Jan 2024 10:00, A <a@b.org> wrote:\n> one?\nyes\n> two?\nno\n", "yes\nno" },
    { "bare quotation above", "> one?\n\nyes\n", "> one?\n\nyes" },
    { "outlook", "mine\n\n-----Original Message-----\nFrom: A\nSent: today\nTo: b\nSubject: s\n\ntheirs\n", "mine" },
    { "outlook row", "mine\n________________________________\nFrom: A <a@b>\nSent: today\nTo: b\nSubject: s\n\ntheirs\n", "mine" },
    { "french outlook", "le mien\n\nDe : A <a@b.fr>\nEnvoyé : lundi\nÀ : b\nObjet : s\n\nle leur\n", "le mien" },
    { "signature", "mine\n-- \nMe\nOffice\n", "mine" },
    { "device", "mine\n\nSent from my iPhone\n", "mine" },
    { "device in the middle", "mine\nSent from my iPhone to you\nmore\n", "mine\nSent from my iPhone to you\nmore" },
    { "forward only", "---------- Forwarded message ----------\nFrom: A <a@b>\nDate: x\nSubject: s\nTo: t\n\nwords\n", "words" },
    { "answers in red", "See my answers in red below.\n\nFrom: U <u@o.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: J\nSubject: x\n\n"
                        "Final?\nYes.\n/decide approve\n", "See my answers in red below.\n\n> \n> Final?\n> Yes.\n> /decide approve" },
    { "a device above headers", "Yes\n\nGet Outlook for iOS<https://aka.ms/x>\n________________________________\nFrom: U <u@o.org>\n"
                                "Sent: Tuesday, November 24, 2026 10:00 AM\nTo: J\nSubject: x\n\nHello\n", "Yes" },
    { "yahoo", "mine\n\n    On Monday, November 30, 2026 at 10:00:00 AM EST, A <a@b.org> wrote:\n \n > one?\n theirs\n", "mine" },
    { "yahoo between", "mine\n\nOn Monday, November 30, 2026 at 10:00:00 AM EST, A <a@b.org> wrote:\n> one?\nyes\n", "mine\n\nyes" },
    { "zoho", "mine\n\n---- On Wed, 25 Nov 2026 09:13:00 -0500 A <a@b.org> wrote ----\n\n> one?\ntheirs\n", "mine" },
    { "groupwise", "mine\n\n>>> A B 11/25/26 9:13 AM >>>\n> one?\ntheirs\n", "mine" },
    { "marks three deep", "On 1 Jan 2024 10:00, A <a@b.org> wrote:\n>>> one?\nyes\n", "yes" },
    { "a row of dashes", "mine\n---- here ----\nmore\n", "mine\n---- here ----\nmore" },
    { "a person wrote", "As the report of 2019 wrote:\nall is well\n", "As the report of 2019 wrote:\nall is well" },
    { "a form", "From: 2020\nTo: 2021\nAmount: 5\n", "From: 2020\nTo: 2021\nAmount: 5" },
    { "dashes in a list", "a\n--\nb\nc\n" "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "a\n--\nb\nc\n1\n2\n3\n4\n5\n6\n7\n8\n9" },
    { "quotation only", "On 1 Jan 2024 10:00, A <a@b.org> wrote:\n> one\n", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *own = NULL;
      g_autofree char *quoted = NULL;

      g_test_message ("%s", rows[i].name);
      quote_split (rows[i].text, &own, &quoted);
      g_assert_cmpstr (own, ==, rows[i].want);
    }
}

/* --- machines --------------------------------------------------------------------------------- */

static void
machines_are_told_from_people (void)
{
  static const struct {
    const char *mail;
    MessageMachine want;
  } rows[] = {
    { "From: a@b\nSubject: x\n\nx\n", MACHINE_NONE },
    { "From: a@b\nX-Auto-Response-Suppress: All\n\nx\n", MACHINE_NONE },
    { "From: a@b\nAuto-Submitted: no\n\nx\n", MACHINE_NONE },
    { "From: a@b\nSubject: Re: Automatic reply: x\n\nx\n", MACHINE_NONE },
    { "From: a@b\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nsee c@d\n", MACHINE_NONE },
    { "From: postmaster@b\nSubject: our new mail server\n\nwrite to c@d\n", MACHINE_NONE },
    { "From: a@b\nAuto-Submitted: auto-replied (vacation)\n\nx\n", MACHINE_AUTO_REPLY },
    { "From: a@b\nSubject: Automatische Antwort: x\n\nx\n", MACHINE_AUTO_REPLY },
    { "From: a@b\nX-Autoreply: yes\n\nx\n", MACHINE_AUTO_REPLY },
    { "From: a@b\nReturn-Path: <>\n\nx\n", MACHINE_AUTO_REPLY },
    { "From: a@b\nList-Id: <l.b>\n\nx\n", MACHINE_LIST },
    { "From: a@b\nPrecedence: bulk\n\nx\n", MACHINE_LIST },
    { "From: a@b\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n", MACHINE_CALENDAR },
    { "From: a@b\nContent-Type: text/calendar; method=PUBLISH\n\nBEGIN:VCALENDAR\n", MACHINE_NONE },
    { "From: a@b\nContent-Disposition: reaction\n\n\xf0\x9f\x91\x8d\n", MACHINE_REACTION },
    { "From: a@b\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b--\n",
      MACHINE_READ_RECEIPT },
    { "From: a@b\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nspam\n--b--\n",
      MACHINE_FEEDBACK_REPORT },
    { "From: MAILER-DAEMON@b\nReturn-Path: <>\nSubject: failure notice\n\n<c@d.org>:\nno such user (#5.1.1)\n", MACHINE_DELIVERY_REPORT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = parse (rows[i].mail);

      g_test_message ("%s", rows[i].mail);
      g_assert_cmpstr (message_machine_name (m->machine), ==, message_machine_name (rows[i].want));
      g_assert_true ((*m->machine_why != '\0') == (m->machine != MACHINE_NONE));
    }
}

static void
a_report_names_each_recipient (void)
{
  g_autoptr (Message) m =
    parse ("From: MAILER-DAEMON@mx\nReturn-Path: <>\nContent-Type: multipart/report; "
           "report-type=delivery-status; boundary=b\n\n"
           "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
           "Final-Recipient: rfc822; One@D.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: "
           "smtp; 550 5.1.1 No such user\n\n"
           "Final-Recipient: rfc822; two@d.org\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: "
           "smtp; 452 4.2.2 mailbox\n full\n\n"
           "--b\nContent-Type: message/rfc822\n\nMessage-ID: <orig@us>\nSubject: x\n\nx\n--b--\n");
  const MessageReport *one, *two;

  g_assert_cmpint (m->machine, ==, MACHINE_DELIVERY_REPORT);
  g_assert_cmpuint (m->reports->len, ==, 2);
  one = g_ptr_array_index (m->reports, 0);
  two = g_ptr_array_index (m->reports, 1);
  g_assert_cmpstr (one->recipient, ==, "One@d.org");
  g_assert_cmpstr (one->status, ==, "5.1.1");
  g_assert_cmpstr (one->reply_code, ==, "550");
  g_assert_cmpstr (one->reason, ==, "userunknown");
  g_assert_true (one->hard);
  g_assert_cmpstr (one->original_message_id, ==, "orig@us");
  g_assert_cmpstr (two->action, ==, "delayed");
  g_assert_cmpstr (two->reason, ==, "mailboxfull");
  g_assert_false (two->hard);
}

static void
who_wrote_what_is_forwarded (void)
{
  static const struct {
    const char *name, *mail, *address, *who;
  } rows[] = {
    { "Gmail", "From: a@b\nSubject: Fwd: x\n\nSee below.\n\n---------- Forwarded message ---------\nFrom: Jane Doe <jane@x.org>\n"
               "Date: Tue, 24 Nov 2026 at 10:00\nSubject: x\nTo: <a@b>\n\nHello\n", "jane@x.org", "Jane Doe" },
    { "Outlook", "From: a@b\nSubject: FW: x\n\n\nFrom: Doe, Jane [mailto:jane@x.org]\nSent: Tuesday, November 24, 2026 10:00 AM\n"
                 "To: A\nSubject: x\n\nHello\n", "jane@x.org", "Doe, Jane" },
    { "Outlook in German", "From: a@b\nSubject: WG: x\n\n\nVon: Jane Doe <jane@x.org>\nGesendet: Dienstag, 24. November 2026 10:00\n"
                           "An: A\nBetreff: x\n\nHallo\n", "jane@x.org", "Jane Doe" },
    { "Apple", "From: a@b\nSubject: Fwd: x\n\nBegin forwarded message:\n\nFrom: Jane Doe <jane@x.org>\nSubject: x\n"
               "Date: November 24, 2026 at 10:00\nTo: a@b\n\nHello\n", "jane@x.org", "Jane Doe" },
    { "old Apple, quoted", "From: a@b\nSubject: x\n\nBegin forwarded message:\n\n> From: Jane Doe <jane@x.org>\n> Subject: x\n",
      "jane@x.org", "Jane Doe" },
    { "attached", "From: a@b\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee.\n--b\nContent-Type: message/rfc822\n\n"
                  "From: Jane Doe <jane@x.org>\nSubject: y\n\nHello\n--b--\n", "jane@x.org", "Jane Doe" },
    { "a reply is none", "From: a@b\nSubject: RE: x\n\nYes.\n\nFrom: Jane Doe <jane@x.org>\nSent: Tuesday, November 24, 2026 10:00 AM\n"
                         "To: A\nSubject: x\n\nHello\n", NULL, NULL },
    { "what comes back is none", "From: MAILER-DAEMON@mx\nReturn-Path: <>\nSubject: Undelivered\nContent-Type: multipart/report; "
                                 "report-type=delivery-status; boundary=b\n\n--b\n\nNo.\n--b\nContent-Type: message/rfc822\n\n"
                                 "From: us@office.org\nTo: a@b\n\nx\n--b--\n", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = parse (rows[i].mail);
      const MessageAddress *a = m->forwarded_from->len > 0 ? m->forwarded_from->pdata[0] : NULL;

      g_test_message ("%s", rows[i].name);
      g_assert_cmpuint (m->forwarded_from->len, ==, rows[i].address != NULL ? 1 : 0);
      g_assert_cmpstr (a != NULL ? a->address : NULL, ==, rows[i].address);
      g_assert_cmpstr (a != NULL ? a->name : NULL, ==, rows[i].who);
    }
}

static void
an_invitation_alone_says_what_it_is (void)
{
  g_autoptr (Message) m = parse (
    "From: a@b\nSubject: x\nContent-Type: text/calendar; method=REQUEST; "
    "charset=utf-8\n\nBEGIN:VCALENDAR\nBEGIN:VTIMEZONE\n"
    "DTSTART:19700101T000000\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:Quarterly\n  review\\, again\n"
    "DTSTART;TZID=America/New_York:20261124T100000\nDTEND:20261124T160000Z\nLOCATION:Room "
    "5\nDESCRIPTION:Bring\\nthe file\nEND:VEVENT\n"
    "END:VCALENDAR\n");

  g_assert_cmpint (m->machine, ==, MACHINE_INVITATION);
  g_assert_cmpstr (m->text, ==,
                   "Calendar entry: Quarterly review, again\nBegins: 2026-11-24 10:00 "
                   "America/New_York\nEnds: 2026-11-24 16:00 UTC\n"
                   "Where: Room 5\nAbout: Bring the file\n");
}

static void
a_reaction_is_no_answer (void)
{
  static const struct {
    const char *mail;
    MessageMachine want;
  } rows[] = {
    { "From: a@b\nSubject: Re: x\n\n\xf0\x9f\x91\x8d Jane Doe reacted to your message:\n\nOn Tue, 24 Nov 2026 10:00, U <u@o.org> wrote:\n> x\n",
      MACHINE_REACTION },
    { "From: a@b\nSubject: Re: x\nContent-Type: text/vnd.google.email-reaction+json\n\n{\"emoji\":\"x\",\"version\":1}\n", MACHINE_REACTION },
    { "From: a@b\nSubject: Re: x\n\nMy boss reacted to your message.\n\nWe withdraw.\n", MACHINE_NONE },
    { "From: a@b\nSubject: Jane Doe is out of the office\nIn-Reply-To: <1@o.org>\n\nx\n", MACHINE_AUTO_REPLY },
    { "From: a@b\nSubject: Out of the office next week\n\nCan we have more time?\n", MACHINE_NONE },
    { "From: a@b\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nread\n--b\nContent-Type: "
      "message/disposition-notification\n\nFinal-Recipient: rfc822;a@b\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
      MACHINE_READ_RECEIPT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = parse (rows[i].mail);

      g_test_message ("%s", rows[i].mail);
      g_assert_cmpstr (message_machine_name (m->machine), ==, message_machine_name (rows[i].want));
    }
}

static void
what_lies_elsewhere_hides_no_text (void)
{
  g_autoptr (Message) m =
    parse ("From: a@b\nContent-Type: multipart/mixed; "
           "boundary=b\n\n--b\n\nBefore.\n--b\nContent-Type: message/external-body; "
           "access-type=URL; URL=\"http://x.org/y\"\n\nContent-Type: text/plain\nContent-ID: "
           "<1@x>\n\nphantom\n--b\n\nAfter.\n--b--\n");

  g_assert_nonnull (strstr (m->text, "Before."));
  g_assert_nonnull (strstr (m->text, "After."));
}

/* What is in BER becomes the content of a value with TAG: of known length, or open. */
static void
wrap (GByteArray *ber, guint8 tag, bool open)
{
  const guint8 open_head[] = { tag, 0x80 },
               head[] = { tag, 0x82, (guint8) (ber->len >> 8), (guint8) ber->len };

  if (open)
    g_byte_array_append (ber, (const guint8 *) "\0\0", 2);
  g_byte_array_prepend (ber, open ? open_head : head, open ? 2 : 4);
}

/* The mail in two pieces, of which the second is in pieces again. */
static void
append_pieces (GByteArray *ber, const char *mail, bool open)
{
  gsize n = strlen (mail), half = n - 10;

  g_byte_array_append (ber, (const guint8 *) mail + half, (guint) (n - half));
  wrap (ber, 0x04, false);
  wrap (ber, 0x24, open);
  g_byte_array_prepend (ber, (const guint8 *) mail, (guint) half);
  const guint8 head[] = { 0x04, 0x82, (guint8) (half >> 8), (guint8) half };
  g_byte_array_prepend (ber, head, sizeof head);
  wrap (ber, 0x24, open);
}

static GByteArray *
signed_mail (const char *mail, bool open, bool pieces)
{
  GByteArray *ber = g_byte_array_new ();

  if (pieces)
    append_pieces (ber, mail, open);
  else
    {
      g_byte_array_append (ber, (const guint8 *) mail, (guint) strlen (mail));
      wrap (ber, 0x04, false);
    }
  wrap (ber, 0xa0, open);
  g_byte_array_prepend (ber, (const guint8 *) "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 11);
  wrap (ber, 0x30, open);
  g_byte_array_prepend (ber, (const guint8 *) "\x02\x01\x01\x31\x80\x30\x02\x05\x00\0\0", 11);
  wrap (ber, 0x30, open);
  wrap (ber, 0xa0, open);
  g_byte_array_prepend (ber, (const guint8 *) "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 11);
  wrap (ber, 0x30, open);
  return ber;
}

static void
an_opaque_signature_hides_no_text (void)
{
  static const char inner[] =
    "Content-Type: multipart/mixed; boundary=i\n\n--i\n\nHello.\n--i\nContent-Type: text/csv; "
    "name=a.csv\n\n1,2\n"
    "--i\nContent-Type: message/rfc822\n\nFrom: c@d\n\nx\n--i--\n";

  for (guint way = 0; way < 4; way++)
    {
      g_autoptr (GByteArray) ber = signed_mail (inner, way & 1, way & 2);
      g_autofree char *base64 = g_base64_encode (ber->data, ber->len);
      g_autofree char *mail = g_strconcat (
        "From: a@b\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
        "Content-Transfer-Encoding: base64\n\n",
        base64, "\n", NULL);
      g_autoptr (Message) m = parse (mail);

      g_assert_cmpstr (m->text, ==, "Hello.");
      g_assert_cmpuint (m->parts->len, ==, 4);
      g_assert_true (message_part_is_envelope (m->parts->pdata[0]));
      g_assert_cmpstr (((const MessagePart *) m->parts->pdata[2])->path, ==, "1.1.2");
      g_assert_cmpstr (((const MessagePart *) m->parts->pdata[2])->name, ==, "a.csv");
      g_assert_cmpuint (((const MessagePart *) m->parts->pdata[3])->size, ==,
                        strlen ("From: c@d\n\nx"));
      g_assert_true (opaque_is_whole (ber->data, ber->len));
      for (guint n = 0; n < ber->len; n++)
        {
          GBytes *cut = opaque_content (ber->data, n);

          g_clear_pointer (&cut, g_bytes_unref);
        }
    }
}

static void
signed_text_is_read_as_it_was_signed (void)
{
  g_autoptr (Message) m = parse (
    "From: a@b\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nOne \ntwo\n- - three\n\n"
    "-----BEGIN PGP SIGNATURE-----\nComment: who knows\n\niQ/=\n=abcd\n"
    "-----END PGP SIGNATURE-----\n");

  g_assert_cmpstr (m->new_text, ==, "One\ntwo\n- three");
  g_assert_nonnull (strstr (m->text, "-----BEGIN PGP SIGNED MESSAGE-----"));
}

static void
a_name_in_several_words_is_whole (void)
{
  g_autoptr (Message) m =
    parse ("From: =?utf-8?B?SsO8cmdlbg==?= =?utf-8?B?IE3DvGxsZXI=?= <a@b.example>\n"
           "To: =?utf-8?Q?Anna?=\n =?iso-8859-1?Q?_M=FCller?= (Office) <c@d.example>, \"x\" <e@f.example>\n\nx\n");

  g_assert_cmpstr (((const MessageAddress *) m->from->pdata[0])->name, ==, "J\303\274rgen M\303\274ller");
  g_assert_cmpstr (((const MessageAddress *) m->to->pdata[0])->name, ==, "Anna M\303\274ller");
  g_assert_cmpuint (m->to->len, ==, 2);
}

static void
what_can_be_read_beside_the_text_is_kept (void)
{
  g_autoptr (Message) m = parse (
    "From: a@b\nContent-Type: multipart/mixed; boundary=m\n\n--m\n"
    "Content-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n--a\n"
    "Content-Type: text/html\n\n<p>rich\n--a--\n--m\nContent-Type: text/html; name=a.html\n"
    "Content-Transfer-Encoding: quoted-printable\n\n<p>f=69le\n--m\n"
    "Content-Type: message/rfc822\n\nFrom: c@d\nContent-Type: multipart/mixed; boundary=i\n\n"
    "--i\n\ninner\n--i\nContent-Type: message/rfc822\n\nFrom: e@f\n\ninnermost\n--i--\n--m--\n");

  g_assert_cmpstr (m->text, ==, "plain");
  g_assert_cmpstr (m->aside, ==, "rich\n\nfile\n\ninner\ninnermost\n");
}

static void
files_of_text_are_text_whatever_they_are_called (void)
{
  g_autoptr (Message) m = parse (
    "From: a@b\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nplain\n--m\n"
    "Content-Type: application/json; name=a.json\n\n{\"a\": \"json\"}\n--m\n"
    "Content-Type: application/octet-stream; name=a.txt\n\noctets\n--m\n"
    "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n\n"
    "AAECAw==\n--m\n"
    "Content-Type: message/rfc822; name=a.eml\n\nFrom: c@d\nSubject: =?utf-8?q?inn=65r?=\n"
    "Content-Type: multipart/mixed; boundary=i\n\n--i\n\nwords\n--i\n"
    "Content-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\n1,csv\n--i\n"
    "Content-Type: application/octet-stream; name=b.bin\nContent-Transfer-Encoding: base64\n\n"
    "AAECAw==\n--i--\n--m--\n");

  g_assert_cmpstr (m->text, ==, "plain");
  g_assert_cmpstr (m->aside, ==,
                   "{\"a\": \"json\"}\noctets\ninner\nwords\na.csv\n1,csv\nb.bin\n");
}

/* Words that stand in two runs, and a tab; a blank that is an element; and a footer. */
#define DOCX \
  "UEsDBBQAAAAIAAAAIQBSgv+uXQAAALMAAAARAAAAd29yZC9kb2N1bWVudC54bWyzKbdKyU8uzU3NK1GoyM3JK7Yqt1Uq" \
  "V7KzKbdKyk+pBNEFIKIIRJTYGTlGGNvog1ggsghJxi3S3MPL0hBFUh+qGdmERKgKIJGYpA8Ry0ktKUktwqJVH+YKfYQz" \
  "7QBQSwMEFAAAAAAAAAAhAJILFIU8AAAAPAAAABAAAAB3b3JkL2Zvb3RlcjEueG1sPHc6ZnRyIHhtbG5zOnc9InciPjx3" \
  "OnA+PHc6dD5hdCB0aGUgZm9vdDwvdzp0PjwvdzpwPjwvdzpmdHI+UEsBAhQDFAAAAAgAAAAhAFKC/65dAAAAswAAABEA" \
  "AAAAAAAAAAAAAIABAAAAAHdvcmQvZG9jdW1lbnQueG1sUEsBAhQDFAAAAAAAAAAhAJILFIU8AAAAPAAAABAAAAAAAAAA" \
  "AAAAAIABjAAAAHdvcmQvZm9vdGVyMS54bWxQSwUGAAAAAAIAAgB9AAAA9gAAAAAA"
#define ODT \
  "UEsDBBQAAAAAAAAAIVxexjIMJwAAACcAAAAIAAAAbWltZXR5cGVhcHBsaWNhdGlvbi92bmQub2FzaXMub3BlbmRv" \
  "Y3VtZW50LnRleHRQSwMEFAAAAAgAAAAhXAYC8kpJAAAAdQAAAAsAAABjb250ZW50LnhtbLPJT0vLTE61SslPLs1N" \
  "zSvRTc7PKwHSChW5OXnFVhBZW6V8JahASWpFia1SiZKdDYhlVWCXX5CaB2EX69uBaBt9qIyNPg6z7QBQSwECFAMU" \
  "AAAAAAAAACFcXsYyDCcAAAAnAAAACAAAAAAAAAAAAAAAgAEAAAAAbWltZXR5cGVQSwECFAMUAAAACAAAACFcBgLy" \
  "SkkAAAB1AAAACwAAAAAAAAAAAAAAgAFNAAAAY29udGVudC54bWxQSwUGAAAAAAIAAgBvAAAAvwAAAAAA"

static void
letters_are_read_for_their_words (void)
{
  g_autoptr (Message) m =
    parse ("From: a@b\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nplain\n--m\n"
           "Content-Type: application/octet-stream; name=a.docx\n"
           "Content-Transfer-Encoding: base64\n\n" DOCX "\n--m\n"
           "Content-Type: application/octet-stream; name=a.odt\n"
           "Content-Transfer-Encoding: base64\n\n" ODT "\n--m\n"
           "Content-Type: application/rtf; name=a.rtf\n\n{\\rtf1 rich\\par words}\n--m\n"
           "Content-Type: application/zip; name=a.zip\n\nPK\3\4 is no zip\n--m--\n");

  g_assert_cmpstr (m->text, ==, "plain");
  g_assert_nonnull (strstr (m->aside, "2AX3FY7HJ91\na letter\nat the foot\n"));
  g_assert_nonnull (strstr (m->aside, "open text\n"));
  g_assert_nonnull (strstr (m->aside, "rich\nwords"));
  g_assert_null (strstr (m->aside, "no zip"));
}

static void
the_protected_subject_is_found (void)
{
  g_autoptr (Message) m =
    parse ("From: a@b\nSubject: ...\nContent-Type: multipart/signed; boundary=b\n\n--b\n"
           "Content-Type: text/plain; protected-headers=\"v1\"\nSubject: the real "
           "one\n\nx\n--b\n\ns\n--b--\n");

  g_assert_true (m->protected_present);
  g_assert_cmpstr (m->protected_subject, ==, "the real one");
}

/* --- whole files: tests/data/mail/README says why each is there ------------------------ */

static Message *
parse_file (const char *name)
{
  g_autofree char *path = g_build_filename (
    g_getenv ("top_srcdir") != NULL ? g_getenv ("top_srcdir") : ".", "tests/data/mail", name, NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  return message_parse_bytes ((const guint8 *) bytes, n, NULL);
}

static void
our_own_mails_are_read (void)
{
  static const struct {
    const char *file, *subject, *new_text;
    MessageMachine machine;
    guint parts, reports;
  } rows[] = {
    { "plain/latin1-undeclared.eml", "Antrag für die Prüfung", "Grüße aus Köln", MACHINE_NONE, 1, 0 },
    { "plain/reply-outlook-german.eml", "AW: [APP-2026-0001] Unterlagen", "Anbei die Unterlagen.", MACHINE_NONE, 1, 0 },
    { "mime/name-in-every-encoding.eml", "Unterlagen – Prüfung", "see attached", MACHINE_NONE, 3, 0 },
    { "mime/html-only-outlook.eml", "hello", "First line\nSecond line – here", MACHINE_NONE, 1, 0 },
    { "broken/no-blank-line.eml", "no body follows", NULL, MACHINE_NONE, 1, 0 },
    { "broken/boundary-never-comes.eml", "", "The text is here all the same.", MACHINE_NONE, 1, 0 },
    { "bounce/two-recipients.eml", "Undelivered Mail Returned to Sender", "Sorry.", MACHINE_DELIVERY_REPORT, 3, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = parse_file (rows[i].file);

      g_test_message ("%s", rows[i].file);
      g_assert_cmpstr (m->subject, ==, rows[i].subject);
      if (rows[i].new_text != NULL)
        g_assert_cmpstr (m->new_text, ==, rows[i].new_text);
      g_assert_cmpint (m->machine, ==, rows[i].machine);
      g_assert_cmpuint (m->parts->len, ==, rows[i].parts);
      g_assert_cmpuint (m->reports->len, ==, rows[i].reports);
    }
}

static void
every_name_of_a_part_is_safe (void)
{
  g_autoptr (Message) m = parse_file ("mime/name-in-every-encoding.eml");

  g_assert_cmpstr (((MessagePart *) g_ptr_array_index (m->parts, 1))->name, ==, "Prüfung.pdf");
  g_assert_cmpstr (((MessagePart *) g_ptr_array_index (m->parts, 2))->name, ==, "résumé.docx");
}

/* --- limits ----------------------------------------------------------------------------------- */

static void
limits_leave_out_and_say_so (void)
{
  g_autoptr (GString) deep = g_string_new ("From: a@b\n");
  g_autoptr (GString) wide =
    g_string_new ("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n");
  g_autoptr (GString) heads = g_string_new ("From: a@b\n");
  g_autoptr (GString) marks =
    g_string_new ("From: a@b\nContent-Type: text/plain; charset=utf-8\n\na");

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (deep, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  for (guint i = 0; i < 50000; i++)
    {
      g_string_append (wide, "--b\n\nx\n");
      g_string_append (heads, "X-A: b\n");
      g_string_append (marks, "\xcc\x80\xcc\xa3");
    }
  g_autoptr (Message) d = parse (deep->str);
  g_autoptr (Message) w = parse (wide->str);
  g_autoptr (Message) h = parse (heads->str);
  g_autoptr (Message) k = parse (marks->str);

  g_assert_true (has_defect (d, "", "deep"));
  g_assert_cmpuint (w->parts->len, ==, 1000);
  g_assert_true (has_defect (w, "message", "more parts"));
  g_assert_true (has_defect (h, "message", "more headers"));
  g_assert_cmpuint (strlen (k->text), >, 100000);
}

static void
any_bytes_give_facts_that_survive_the_journey (void)
{
  for (guint seed = 0; seed < 300; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      guint8 bytes[600];
      gsize n = (gsize) g_rand_int_range (rand, 0, sizeof bytes);
      static const char *const bits[] = {
        "From: ",    "Subject: =?", "\n",   "\r\n", "\n\n", "--", "Content-Type: multipart/",
        "boundary=", "?q?",         "\xff", "@",    "<",    ">"
      };

      for (gsize i = 0; i < n;)
        if (g_rand_boolean (rand))
          bytes[i++] = (guint8) g_rand_int_range (rand, 0, 256);
        else
          for (const char *b = bits[g_rand_int_range (rand, 0, G_N_ELEMENTS (bits))];
               *b != '\0' && i < n; b++)
            bytes[i++] = (guint8) *b;
      g_autoptr (Message) m = message_parse_bytes (bytes, n, NULL);
      g_autoptr (GVariant) facts = message_to_variant (m);
      g_autoptr (GError) error = NULL;
      g_autoptr (Message) back = message_from_variant (facts, &error);

      g_assert_no_error (error);
      g_autoptr (JsonNode) one = message_to_json (m);
      g_autoptr (JsonNode) two = message_to_json (back);
      g_assert_true (json_node_equal (one, two));
    }
}

static void
facts_that_break_their_promise_are_refused (void)
{
  g_autoptr (GVariantType) type = message_variant_type ();
  g_autoptr (Message) m = parse ("From: a@b\nSubject: x\n\nx\n");
  g_autoptr (GVariant) facts = NULL;
  g_autoptr (GError) error = NULL;

  g_free (m->subject);
  m->subject = g_strdup ("forged\nline");
  facts = message_to_variant (m);
  g_assert_null (message_from_variant (facts, &error));
  for (gsize n = 0; n < 200; n++)
    {
      g_autofree guint8 *junk = g_malloc0 (n + 1);

      memset (junk, (int) n, n);
      g_autoptr (GBytes) bytes = g_bytes_new (junk, n);
      g_autoptr (GVariant) bad = g_variant_ref_sink (g_variant_new_from_bytes (type, bytes, FALSE));
      g_assert_null (message_from_variant (bad, NULL));
    }
}

/* What facts may not hold: controls, what ends a line elsewhere, and what is no character (Unicode,
 * Cc, U+2028, U+2029, U+FEFF, U+FFF9 to U+FFFB, noncharacters at the end of a plane). */
static void
every_character_is_clean_or_not (void)
{
  char text[9] = "a";

  for (gunichar c = 1; c <= 0x10ffff; c++)
    {
      if (!g_unichar_validate (c))
        continue;
      strcpy (text + 1 + g_unichar_to_utf8 (c, text + 1), "b");
      bool refused = g_unichar_type (c) == G_UNICODE_CONTROL || c == 0x2028 || c == 0x2029
                     || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe;

      if (text_is_clean (text, true) == refused
          || text_is_clean (text, false) != (!refused || c == '\n' || c == '\t'))
        g_test_message ("U+%04X", c), g_test_fail ();
    }
}

/* As cleaning one by one would: Unicode's normal form C, and what is no text left out. */
static void
random_text_is_cleaned_as_the_library_says (void)
{
  static const gunichar from[] = { 'a', ' ', 0xe9, 0x301, 0x3b1, 0x430, 0x5d0, 0x64b, 0x1100, 0x1161, 0x11a8, 0x3042,
                                   0x3099, 0x4e00, 0xac00, 0xff21, 0x1f600, 0xfffd, 0x212b, 0x2019, 0x0f71, 0x1e0a };

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (gint32 n = g_test_rand_int_range (0, 12); n > 0; n--)
        g_string_append_unichar (text, from[g_test_rand_int_range (0, G_N_ELEMENTS (from))]);
      g_autofree char *ours = clean_text (text->str, (gssize) text->len);
      g_autofree char *theirs = g_utf8_normalize (text->str, -1, G_NORMALIZE_NFC);
      g_assert_cmpstr (ours, ==, theirs);
    }
}

/* gmime needs as much stack as such a field is long, or minutes; a line of the body is none. */
static void
a_header_longer_than_any_is_not_read (void)
{
  g_autoptr (GString) groups = g_string_new ("From: ");
  g_autofree char *words = g_strnfill (70000, 'x');

  while (groups->len < 100000)
    g_string_append (groups, "a:");
  g_autofree char *top = g_strconcat (groups->str, "\nSubject: s\n\nbody\n", NULL);
  g_autofree char *part = g_strconcat (
    "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n",
    groups->str, "\nSubject: inner\n\ninner\n--b--\n", NULL);
  g_autofree char *body =
    g_strconcat ("From: a@b\nSubject: s\n\nfirst\nTo: ", words, "\n\nsecond\n", NULL);
  g_autoptr (Message) m = parse (top);
  g_autoptr (Message) inside = parse (part);
  g_autoptr (Message) honest = parse (body);

  g_assert_cmpuint (m->from->len, ==, 0);
  g_assert_cmpstr (m->subject, ==, "s");
  g_assert_true (has_defect (m, "message", "longer than is read"));
  g_assert_true (has_defect (inside, "message", "longer than is read"));
  g_assert_false (has_defect (honest, "message", "longer than is read"));
  g_assert_nonnull (strstr (honest->text, "\nTo: xxx"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/subject", a_subject_is_decoded_whatever_its_form);
  g_test_add_func ("/message/author", an_author_is_read_whatever_its_form);
  g_test_add_func ("/message/identifiers", identifiers_and_dates_are_read);
  g_test_add_func ("/message/missing", what_is_missing_or_double_is_a_defect);
  g_test_add_func ("/message/return-path", a_null_return_path_is_not_a_missing_one);
  g_test_add_func ("/message/file-name", a_file_name_is_decoded_and_made_safe);
  g_test_add_func ("/message/text", text_is_chosen_and_decoded);
  g_test_add_func ("/message/attached", an_attached_message_keeps_its_bytes);
  g_test_add_func ("/message/loose-text", text_without_structure_is_kept);
  g_test_add_func ("/message/sniff", content_is_sniffed);
  g_test_add_func ("/message/own-words", own_words_are_kept_and_quotation_is_cut);
  g_test_add_func ("/message/authors", every_field_that_names_an_author_counts);
  g_test_add_func ("/message/authentication-results", what_a_mail_server_found_out_is_kept_whole);
  g_test_add_func ("/message/machine", machines_are_told_from_people);
  g_test_add_func ("/message/report", a_report_names_each_recipient);
  g_test_add_func ("/message/forwarded", who_wrote_what_is_forwarded);
  g_test_add_func ("/message/invitation", an_invitation_alone_says_what_it_is);
  g_test_add_func ("/message/reaction", a_reaction_is_no_answer);
  g_test_add_func ("/message/opaque", an_opaque_signature_hides_no_text);
  g_test_add_func ("/message/external-body", what_lies_elsewhere_hides_no_text);
  g_test_add_func ("/message/signed-text", signed_text_is_read_as_it_was_signed);
  g_test_add_func ("/message/names", a_name_in_several_words_is_whole);
  g_test_add_func ("/message/aside", what_can_be_read_beside_the_text_is_kept);
  g_test_add_func ("/message/aside-files", files_of_text_are_text_whatever_they_are_called);
  g_test_add_func ("/message/letters", letters_are_read_for_their_words);
  g_test_add_func ("/message/protected", the_protected_subject_is_found);
  g_test_add_func ("/message/own-mails", our_own_mails_are_read);
  g_test_add_func ("/message/part-names", every_name_of_a_part_is_safe);
  g_test_add_func ("/message/limits", limits_leave_out_and_say_so);
  g_test_add_func ("/message/any-bytes", any_bytes_give_facts_that_survive_the_journey);
  g_test_add_func ("/message/broken-promise", facts_that_break_their_promise_are_refused);
  g_test_add_func ("/message/clean-characters", every_character_is_clean_or_not);
  g_test_add_func ("/message/clean-text", random_text_is_cleaned_as_the_library_says);
  g_test_add_func ("/message/long-header", a_header_longer_than_any_is_not_read);
  return g_test_run ();
}
