/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * qecp.conf: what it becomes, and every mistake with its line.
 */
#include "lib/office.h"

#include "base/error.h"

static void
what_is_not_said_has_its_default (void)
{
  g_autoptr (Options) o = office_options ();
  g_autofree char *database = g_build_filename (o->dir, "qecp.db", NULL);

  g_assert_cmpstr (o->database, ==, database);
  g_assert_cmpstr (o->subaddress, ==, "+");
  g_assert_cmpstr (o->sandbox, ==, "best-effort");
  g_assert_cmpstr (o->admin, ==, "");
  g_assert_cmpint (o->max_message, ==, 36700160);
  g_assert_cmpint (o->poll_seconds, ==, 60);
  g_assert_false (o->clear_log);
  g_assert_cmpuint (o->mailboxes->len, ==, 2);
  g_assert_cmpstr (options_mailbox (o, "support")->address, ==, "support@office.example");
  g_assert_null (options_mailbox (o, "none"));
  g_assert_true (g_path_is_absolute (options_mailbox (o, "program")->path));
  g_assert_cmpstr (o->delivery.helo, ==, "office.example");
}

static void
which_addresses_are_ours (void)
{
  static const struct { const char *address; bool own; } rows[] = {
    { "qecp@office.example", true },        { "QECP@OFFICE.EXAMPLE", true },   { "qecp+x@office.example", true },
    { "qecp+@office.example", true },       { "support@office.example", true }, { "qecpx@office.example", false },
    { "qec@office.example", false },        { "qecp@other.example", false },   { "qecp", false },
    { "", false },                          { "@office.example", false },      { "qecp-x@office.example", false },
    { "qecp@office.example@other.example", false },
  };
  g_autoptr (Options) o = office_options ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].address);
      g_assert_true (options_is_own (o, rows[i].address) == rows[i].own);
    }
  g_free (o->subaddress);
  o->subaddress = g_strdup ("");
  g_assert_true (options_is_own (o, "qecp@office.example"));
  g_assert_false (options_is_own (o, "qecp+x@office.example"));
}

#define OFFICE "office { name = \"O\" domain = \"o.example\" }\n"
#define BOX "mailbox program { address = \"a@o.example\" path = \"in\" }\n"
#define OUT "delivery { path = \"out\" }\n"
#define IMAP "mailbox program { address = \"a@o.example\" kind = imap"
#define SMTP "delivery { kind = smtp"

static const struct { const char *name, *text, *want; } mistakes[] = {
  { "no office", BOX OUT, "office" },
  { "no mailbox", OFFICE OUT, "mailbox" },
  { "no delivery", OFFICE BOX, "delivery" },
  { "no domain", "office { name = \"O\" }\n" BOX OUT, ":1: " },
  { "an unknown option", OFFICE "mailbox program { address = \"a@o.example\" path = \"in\" pth = \"x\" }\n" OUT, ":2: " },
  { "a word that is not one of them", OFFICE "mailbox program { address = \"a@o.example\" kind = pop3 }\n" OUT, ":2: " },
  { "a number out of range", "office { name = \"O\" domain = \"o.example\" poll = 0 }\n" BOX OUT, ":1: " },
  { "no number", "office { name = \"O\" domain = \"o.example\" poll = \"soon\" }\n" BOX OUT, ":1: " },
  { "a Maildir without a path", OFFICE "mailbox program { address = \"a@o.example\" }\n" OUT, ":2: kind = maildir needs 'path'" },
  { "a mailbox without an address", OFFICE "mailbox program { path = \"in\" }\n" OUT, ":2: " },
  { "an address that is none", OFFICE "mailbox program { address = \"office\" path = \"in\" }\n" OUT, ":2: 'office' is not an address" },
  { "two mailboxes with one address", OFFICE BOX "mailbox b { address = \"A@o.example\" path = \"b\" }\n" OUT, ":3: " },
  { "an administrator without an address", "office { name = \"O\" domain = \"o.example\" admin = \"root\" }\n" BOX OUT, ":1: 'root' is not an address" },
  { "a separator of two characters", "office { name = \"O\" domain = \"o.example\" subaddress = \"+-\" }\n" BOX OUT, ":1: subaddress" },
  { "IMAP without a host", OFFICE IMAP " user = \"u\" secret-file = \"./s\" }\n" OUT, ":2: kind = imap needs 'host'" },
  { "IMAP without a user", OFFICE IMAP " host = \"h\" secret-file = \"./s\" }\n" OUT, ":2: kind = imap needs 'user'" },
  { "IMAP without a password", OFFICE IMAP " host = \"h\" user = \"u\" }\n" OUT, ":2: kind = imap needs 'secret-file'" },
  { "XOAUTH2 without a token", OFFICE IMAP " host = \"h\" user = \"u\" auth = xoauth2 }\n" OUT, ":2: kind = imap needs 'token-command'" },
  { "IMAP in clear over a network", OFFICE IMAP " host = \"h\" user = \"u\" secret-file = \"./s\"\ntls = none }\n" OUT, ":3: tls = none" },
  { "delivery into no Maildir", OFFICE BOX "delivery { }\n", ":3: kind = maildir needs 'path'" },
  { "SMTP without a host", OFFICE BOX SMTP " }\n", ":3: kind = smtp needs 'host'" },
  { "SMTP without a password", OFFICE BOX SMTP " host = \"h\" user = \"u\" }\n", ":3: kind = smtp with a user needs 'secret-file'" },
  { "SMTP in clear over a network", OFFICE BOX SMTP " host = \"h\" tls = none }\n", ":3: tls = none" },
  { "signing-key-home", OFFICE BOX "delivery { path = \"out\" signing-key = \"openpgp:0123456789abcdef0123456789ABCDEF01234567\" }\n",
    "'signing-key' needs 'key-home'" },
  { "signing-key-kind", OFFICE BOX "delivery { path = \"out\" key-home = k signing-key = \"0123456789abcdef0123456789ABCDEF01234567\" }\n",
    "names no key: write openpgp: and 40" },
  { "signing-key-short", OFFICE BOX "delivery { path = \"out\" key-home = k signing-key = \"smime:0123456789abcdef0123456789ABCDEF01234567\" }\n",
    "names no key" },
};

static void
every_mistake_is_told_with_its_line (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (Options) o = office_read (mistakes[i].text, &error);

      g_test_message ("%s: %s", mistakes[i].name, error != NULL ? error->message : "no error");
      g_assert_null (o);
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, "qecp.conf"));
      g_assert_nonnull (strstr (error->message, mistakes[i].want));
    }
}

static void
what_is_right_is_taken (void)
{
  static const char *const good[] = {
    OFFICE BOX OUT,
    OFFICE IMAP " host = \"127.0.0.1\" user = \"u\" secret-file = \"./s\" tls = none }\n" SMTP " host = \"::1\" tls = none }\n",
    OFFICE IMAP " host = \"h\" user = \"u\" auth = xoauth2 token-command = \"t\" }\n" SMTP " host = \"h\" user = \"u\" token-command = \"t\" }\n",
    "office { name = \"O\" domain = \"o.example\" subaddress = \"\" admin = \"root@o.example\" }\n" BOX OUT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (Options) o = office_read (good[i], &error);

      g_assert_no_error (error);
      g_assert_nonnull (o);
    }
}

static void
several_mistakes_are_told_at_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) o =
    office_read (OFFICE "mailbox program { address = \"a@o.example\" }\ndelivery { }\n", &error);

  g_assert_null (o);
  g_assert_nonnull (strstr (error->message, ":2: "));
  g_assert_nonnull (strstr (error->message, ":3: "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/defaults", what_is_not_said_has_its_default);
  g_test_add_func ("/options/own-addresses", which_addresses_are_ours);
  g_test_add_func ("/options/mistakes", every_mistake_is_told_with_its_line);
  g_test_add_func ("/options/right", what_is_right_is_taken);
  g_test_add_func ("/options/several", several_mistakes_are_told_at_once);
  return g_test_run ();
}
