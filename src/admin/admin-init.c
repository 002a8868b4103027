/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp init`: a new office in a folder, ready to run on two Maildirs, with a configuration that
 * explains itself.
 */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

static const char configuration[] =
  "# The configuration of one office.  Relative paths are relative to this file.\n"
  "# What the program asks, decides and writes is not here but in rules/ and templates/.\n"
  "\n"
  "office {\n"
  "  name = \"Certification Office\"            # name people see as the sender\n"
  "  domain = \"office.example\"                # our domain, for Message-IDs\n"
  "  # authserv-id = \"mx.office.example\"      # our mail server's name in "
  "Authentication-Results\n"
  "  # trace-hosts = {\"mx.office.example\"}    # our servers' names in Received, the one that "
  "delivers first\n"
  "  # subaddress = \"+\"                       # address extensions our mail server knows; \"\" "
  "for none\n"
  "  # admin = \"admin@office.example\"         # gets alarms\n"
  "  # sandbox = required                     # refuse to run where the kernel cannot confine the "
  "reader\n"
  "}\n"
  "\n"
  "# The program's own mailbox comes first.  This one is a folder, to try things without a "
  "server.\n"
  "mailbox \"program\" {\n"
  "  address = \"program@office.example\"\n"
  "  kind = maildir\n"
  "  path = \"mail/program\"\n"
  "\n"
  "  # A real account:\n"
  "  # kind = imap\n"
  "  # host = \"imap.office.example\"           # certificate and name are always checked\n"
  "  # port = 993\n"
  "  # tls = implicit                         # or starttls with port 143\n"
  "  # auth = login                           # or plain, xoauth2\n"
  "  # user = \"program@office.example\"\n"
  "  # secret-file = \"./secrets/program\"        # first line: the password; mode 0600\n"
  "  # token-command = \"/usr/local/bin/token\" # xoauth2: prints an access token\n"
  "}\n"
  "\n"
  "# Where everybody else writes.\n"
  "mailbox \"support\" {\n"
  "  address = \"support@office.example\"\n"
  "  kind = maildir\n"
  "  path = \"mail/support\"\n"
  "}\n"
  "\n"
  "# Whose signatures on mail and on documents are worth something.\n"
  "# signatures {\n"
  "#   trust = {\"trust/roots.pem\"}             # roots, and authorities below them\n"
  "#   crls = {\"trust/revoked.crl\"}            # nothing is ever fetched\n"
  "#   keys = {\"trust/people.asc\"}             # OpenPGP\n"
  "# }\n"
  "\n"
  "delivery {\n"
  "  kind = maildir\n"
  "  path = \"mail/out\"\n"
  "\n"
  "  # A real submission server:\n"
  "  # kind = smtp\n"
  "  # host = \"smtp.office.example\"\n"
  "  # port = 465\n"
  "  # tls = implicit                         # or starttls with port 587\n"
  "  # user = \"program@office.example\"\n"
  "  # secret-file = \"./secrets/smtp\"\n"
  "\n"
  "  # Signed mail; qecp keys list shows the keys.\n"
  "  # key-home = \"keys\"                      # a GnuPG home of the office's own, mode 0700\n"
  "  # signing-key = \"openpgp:FINGERPRINT\"    # or smime:\n"
  "  # signing = required                     # or wanted: rather unsigned than not at all\n"
  "}\n";

static bool
failed (const char *doing, const char *path, GError **error)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot %s %s: %s", doing, path,
               g_strerror (errno));
  return false;
}

static bool
copy_tree (const char *from, const char *to, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GDir) dir = g_dir_open (from, 0, &inner);
  const char *name;

  if (dir == NULL)
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, inner->message);
      return false;
    }
  if (g_mkdir_with_parents (to, 0755) != 0)
    return failed ("make", to, error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL),
                      *target = g_build_filename (to, name, NULL);
      g_autofree char *bytes = NULL;
      gsize n;

      if (name[0] == '.' || g_str_has_suffix (name, "~") || g_str_has_suffix (name, ".example"))
        continue;
      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        {
          if (!copy_tree (source, target, error))
            return false;
        }
      else if (!g_file_get_contents (source, &bytes, &n, NULL)
               || !g_file_set_contents (target, bytes, (gssize) n, NULL))
        return failed ("copy", source, error);
    }
  return true;
}

static bool
write_file (const char *dir, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_set_contents (path, text, -1, NULL) || failed ("write", path, error);
}

static bool
copy_roster (const char *dir, const char *data, GError **error)
{
  g_autofree char *source = g_build_filename (data, "rules", "roster.conf.example", NULL),
                  *text = NULL;

  if (!g_file_get_contents (source, &text, NULL, NULL))
    return failed ("read", source, error);
  return write_file (dir, "roster.conf", text, error);
}

/* Where rules/ and templates/ to copy are: where they were installed, or beside a program that was
 * not. */
static char *
data_folder (const char *asked)
{
  g_autofree char *rules = g_build_filename (QECP_DATADIR, "rules", NULL);

  if (asked != NULL)
    return g_strdup (asked);
  return g_strdup (g_file_test (rules, G_FILE_TEST_IS_DIR) ? QECP_DATADIR : ".");
}

static bool
make_office (const char *dir, const char *data, GError **error)
{
  g_autofree char *rules_from = g_build_filename (data, "rules", NULL),
                  *rules = g_build_filename (dir, "rules", NULL);
  g_autofree char *templates_from = g_build_filename (data, "templates", NULL);
  g_autofree char *templates = g_build_filename (dir, "templates", NULL);
  g_autofree char *key = g_build_filename (dir, "office.key", NULL),
                  *conf = g_build_filename (dir, "qecp.conf", NULL);

  if (g_file_test (conf, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: there is an office here already", conf);
      return false;
    }
  if (!g_file_test (rules_from, G_FILE_TEST_IS_DIR)
      || !g_file_test (templates_from, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "%s: there are no rules/ and templates/ to copy; name their folder with --data",
                   data);
      return false;
    }
  if (g_mkdir_with_parents (dir, 0750) != 0)
    return failed ("make", dir, error);
  if (!copy_tree (rules_from, rules, error) || !copy_tree (templates_from, templates, error)
      || !copy_roster (dir, data, error) || !office_key_create (key, error)
      || !write_file (dir, "qecp.conf", configuration, error))
    return false;
  g_autoptr (Office) office = office_run (conf, false, error);
  return office != NULL && office_reload (office, clock_now (), error);
}

int
admin_init (int argc, char **argv, const char *config)
{
  g_autofree char *asked = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &asked, "Folder with rules/ and templates/ to copy", "DIR" },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries, "DIR - make a new office", NULL, &status))
    return status;
  if (argc != 2)
    {
      fprintf (stderr, "qecp: init needs one folder, such as: qecp init office\n");
      return ADMIN_CALL;
    }
  log_set_least (LOG_ERR);
  g_autofree char *data = data_folder (asked);
  if (!make_office (argv[1], data, &error))
    return admin_error (error);
  printf ("The office is in %s.  Next: put your people into roster.conf, your servers into "
          "qecp.conf, then\n"
          "  qecp --config %s/qecp.conf program check\n  qecpd --config %s/qecp.conf\n",
          argv[1], argv[1], argv[1]);
  return ADMIN_YES;
}
