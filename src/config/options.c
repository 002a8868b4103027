/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * qecp.conf: the schema as a table, and the tree it gives as a struct.
 */
#include "config/options.h"

#include <string.h>

#include "base/error.h"

static const ConfOption mailbox_schema[] = {
  { "address", CONF_STRING, .required = true, .help = "The address people write to." },
  { "kind", CONF_STRING, "maildir", .words = "maildir|imap", .help = "A Maildir on this machine, or an IMAP account." },
  { "path", CONF_STRING, .help = "Maildir: its folder; made when missing." },
  { "host", CONF_STRING, .help = "IMAP server." },
  { "port", CONF_INT, "993", 1, 65535, .help = "IMAP port: 993 with tls = implicit, 143 with starttls." },
  { "tls", CONF_STRING, "implicit", .words = "implicit|starttls|none",
    .help = "How the connection is protected; none only to this machine itself." },
  { "ca-file", CONF_STRING, .help = "PEM file of the authorities to trust; without it the system's." },
  { "auth", CONF_STRING, "login", .words = "login|plain|xoauth2", .help = "How to log in." },
  { "user", CONF_STRING, .help = "Account name." },
  { "secret-file", CONF_STRING, .secret = true, .help = "File whose first line is the password." },
  { "token-command", CONF_STRING, .help = "xoauth2: a command that prints an access token; run before each login." },
  { "folder", CONF_STRING, "INBOX", .help = "Folder in which mail arrives." },
  { "filed", CONF_STRING, "Filed", .help = "Folder for mail that was dealt with." },
  { "held", CONF_STRING, "Held", .help = "Folder for mail that waits for a person." },
  { "timeout", CONF_INT, "60", 1, 600, .help = "Seconds one command may take." },
  { NULL }
};

static const ConfOption delivery_schema[] = {
  { "kind", CONF_STRING, "maildir", .words = "maildir|smtp", .help = "Into a Maildir (to try things), or to a submission server." },
  { "path", CONF_STRING, .help = "Maildir: its folder; made when missing." },
  { "host", CONF_STRING, .help = "SMTP submission server." },
  { "port", CONF_INT, "465", 1, 65535, .help = "465 with tls = implicit, 587 with starttls." },
  { "tls", CONF_STRING, "implicit", .words = "implicit|starttls|none", .help = "How the connection is protected; none only to this machine itself." },
  { "ca-file", CONF_STRING, .help = "PEM file of the authorities to trust; without it the system's." },
  { "user", CONF_STRING, .help = "Account name; without it no log-in." },
  { "secret-file", CONF_STRING, .secret = true, .help = "File whose first line is the password." },
  { "token-command", CONF_STRING, .help = "A command that prints an OAuth 2 access token." },
  { "helo", CONF_STRING, .help = "How we introduce ourselves; without it the office's domain." },
  { "parallel", CONF_INT, "4", 1, 4, .help = "Connections at the same time." },
  { "timeout", CONF_INT, "120", 1, 600, .help = "Seconds one mail may take." },
  { "give-up-days", CONF_INT, "5", 1, 30, .help = "After so many days of deferrals a mail has failed." },
  { "key-home", CONF_STRING, .help = "Folder of the keys mail is signed with and encrypted for, closed to all others (mode 0700)." },
  { "signing-key", CONF_STRING, .help = "The office's key: openpgp:FINGERPRINT or smime:FINGERPRINT; without it nothing is signed." },
  { "signing", CONF_STRING, "required", .words = "required|wanted",
    .help = "When a mail cannot be signed: keep it back, or send it unsigned." },
  { NULL }
};

static const ConfOption office_schema[] = {
  { "name", CONF_STRING, .required = true, .help = "Name people see as the sender." },
  { "domain", CONF_STRING, .required = true, .help = "Our domain, for Message-IDs." },
  { "database", CONF_STRING, "qecp.db", .help = "The database." },
  { "archive", CONF_STRING, "archive", .help = "Folder of every message as it came and as it went." },
  { "rules", CONF_STRING, "rules", .help = "Folder of the program definition." },
  { "templates", CONF_STRING, "templates", .help = "Folder of the notices." },
  { "roster", CONF_STRING, "roster.conf", .help = "Who works here, with which roles." },
  { "key-file", CONF_STRING, "./office.key", .secret = true,
    .help = "File with this office's secret: case addresses, Message-IDs and names in the log hang on it." },
  { "subaddress", CONF_STRING, "+", .help = "Separator of address extensions our mail server knows; \"\" for none." },
  { "authserv-id", CONF_STRING, "", .help = "Our mail server's name in Authentication-Results; nobody else's is believed." },
  { "trace-hosts", CONF_LIST, "", .help = "Names our mail servers give after \"by\" in Received, from the one that delivers to the one the world sends to; without it, one." },
  { "sandbox", CONF_STRING, "best-effort", .words = "best-effort|required", .help = "What to do where the kernel cannot confine the reader." },
  { "admin", CONF_STRING, "", .help = "Address that gets alarms." },
  { "personal-data-in-log", CONF_STRING, "hashed", .words = "hashed|clear", .help = "How addresses appear in the log." },
  { "max-message", CONF_INT, "36700160", 65536, 1073741824, .help = "Octets; a larger mail is answered and held, never read." },
  { "max-attach", CONF_INT, "10485760", 0, 104857600, .help = "Octets; a larger original is not sent along to staff." },
  { "poll", CONF_INT, "60", 1, 3600, .help = "Seconds between looks where the server cannot tell us." },
  { "alarm", CONF_INT, "15", 1, 1440, .help = "Minutes without a successful look at a mailbox before an alarm." },
  { "clock-grace", CONF_INT, "60", 0, 10080, .help = "Minutes the clock waits for a mailbox that cannot be read, so that nobody is overdue whose answer is in it." },
  { NULL }
};

static const ConfOption signatures_schema[] = {
  { "trust", CONF_LIST, "", .help = "PEM files of the roots, and authorities below them, whose certificates are trusted." },
  { "crls", CONF_LIST, "", .help = "Lists of revoked certificates, PEM or DER; nothing is ever fetched." },
  { "keys", CONF_LIST, "", .help = "Files of OpenPGP keys that are trusted." },
  { "timeout", CONF_INT, "10", 1, 60, .help = "Seconds one signature may take." },
  { NULL }
};

const ConfOption options_schema[] = {
  { "office", CONF_SECTION, .required = true, .section = office_schema, .help = "This office." },
  { "mailbox", CONF_SECTION, .required = true, .titled = true, .section = mailbox_schema, .help = "A mailbox to read; the first is the program's own." },
  { "signatures", CONF_SECTION, .section = signatures_schema, .help = "Whose signatures on mail and documents are worth something." },
  { "delivery", CONF_SECTION, .required = true, .section = delivery_schema, .help = "How mail leaves." },
  { NULL }
};

static char *
path_of (const Options *options, const ConfNode *node, const char *option)
{
  const char *path = conf_string (node, option);

  if (path == NULL)
    return NULL;
  return g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (options->dir, path, NULL);
}

static char *
text_of (const ConfNode *node, const char *option)
{
  return g_strdup (conf_string (node, option));
}

static void
mailbox_free (gpointer data)
{
  OptionsMailbox *m = data;
  char *texts[] = { m->name,        m->address,       m->kind,    m->path, m->host,
                    m->folder,      m->tls,           m->ca_file, m->auth, m->user,
                    m->secret_file, m->token_command, m->filed,   m->held };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (m);
}

void
options_free (Options *o)
{
  if (o == NULL)
    return;
  char *texts[] = { o->file,
                    o->dir,
                    o->name,
                    o->domain,
                    o->database,
                    o->archive,
                    o->rules,
                    o->templates,
                    o->roster,
                    o->key_file,
                    o->subaddress,
                    o->authserv_id,
                    o->sandbox,
                    o->admin,
                    o->delivery.kind,
                    o->delivery.path,
                    o->delivery.host,
                    o->delivery.tls,
                    o->delivery.ca_file,
                    o->delivery.user,
                    o->delivery.secret_file,
                    o->delivery.token_command,
                    o->delivery.helo,
                    o->delivery.key_home,
                    o->delivery.signing_key };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_strfreev (o->trace_hosts);
  g_strfreev (o->signatures.trust);
  g_strfreev (o->signatures.crls);
  g_strfreev (o->signatures.keys);
  g_clear_pointer (&o->mailboxes, g_ptr_array_unref);
  g_free (o);
}

static void
check_address (const ConfNode *node, const char *option, const char *address, GString *mistakes)
{
  const char *at = strchr (address, '@');

  if (at == NULL || at == address || at[1] == '\0' || strpbrk (address, " \t<>,;") != NULL)
    g_string_append_printf (mistakes, "%s:%d: '%s' is not an address such as office@example.org\n",
                            conf_file (node), conf_option_line (node, option), address);
}

static void
read_office (Options *o, const ConfNode *node, GString *mistakes)
{
  o->name = text_of (node, "name");
  o->domain = text_of (node, "domain");
  o->database = path_of (o, node, "database");
  o->archive = path_of (o, node, "archive");
  o->rules = path_of (o, node, "rules");
  o->templates = path_of (o, node, "templates");
  o->roster = path_of (o, node, "roster");
  o->key_file = path_of (o, node, "key-file");
  o->subaddress = text_of (node, "subaddress");
  o->authserv_id = text_of (node, "authserv-id");
  o->trace_hosts = g_strdupv ((char **) (gpointer) conf_list (node, "trace-hosts"));
  o->sandbox = text_of (node, "sandbox");
  o->admin = text_of (node, "admin");
  o->clear_log = strcmp (conf_string (node, "personal-data-in-log"), "clear") == 0;
  o->max_message = conf_int (node, "max-message");
  o->max_attach = conf_int (node, "max-attach");
  o->poll_seconds = (int) conf_int (node, "poll");
  o->alarm_minutes = (int) conf_int (node, "alarm");
  o->clock_grace_minutes = (int) conf_int (node, "clock-grace");
  if (o->admin[0] != '\0')
    check_address (node, "admin", o->admin, mistakes);
  if (strlen (o->subaddress) > 1)
    g_string_append_printf (mistakes, "%s:%d: subaddress is one character, or \"\" for none\n",
                            conf_file (node), conf_option_line (node, "subaddress"));
}

static void
need (const ConfNode *node, const char *kind, const char *option, GString *mistakes)
{
  if (conf_string (node, option) == NULL)
    g_string_append_printf (mistakes, "%s:%d: kind = %s needs '%s'\n", conf_file (node),
                            conf_line (node), kind, option);
}

static void
check_tls (const ConfNode *node, GString *mistakes)
{
  const char *host = conf_string (node, "host");

  if (strcmp (conf_string (node, "tls"), "none") == 0 && host != NULL
      && strcmp (host, "127.0.0.1") != 0 && strcmp (host, "::1") != 0
      && strcmp (host, "localhost") != 0)
    g_string_append_printf (
      mistakes, "%s:%d: tls = none is for this machine itself; write implicit or starttls\n",
      conf_file (node), conf_option_line (node, "tls"));
}

static void
read_mailbox (Options *o, const ConfNode *node, GString *mistakes)
{
  OptionsMailbox *m = g_new0 (OptionsMailbox, 1);
  const char *address = conf_string (node, "address");

  check_address (node, "address", address, mistakes);
  for (guint i = 0; i < o->mailboxes->len; i++)
    if (g_ascii_strcasecmp (((const OptionsMailbox *) o->mailboxes->pdata[i])->address, address)
        == 0)
      g_string_append_printf (mistakes, "%s:%d: '%s' is another mailbox's address already\n",
                              conf_file (node), conf_option_line (node, "address"), address);
  g_ptr_array_add (o->mailboxes, m);
  m->name = g_strdup (conf_title (node));
  m->address = text_of (node, "address");
  m->kind = text_of (node, "kind");
  m->path = path_of (o, node, "path");
  m->host = text_of (node, "host");
  m->folder = text_of (node, "folder");
  m->tls = text_of (node, "tls");
  m->ca_file = path_of (o, node, "ca-file");
  m->auth = text_of (node, "auth");
  m->user = text_of (node, "user");
  m->secret_file = path_of (o, node, "secret-file");
  m->token_command = text_of (node, "token-command");
  m->filed = text_of (node, "filed");
  m->held = text_of (node, "held");
  m->port = (int) conf_int (node, "port");
  m->timeout = (int) conf_int (node, "timeout");
  if (strcmp (m->kind, "maildir") == 0)
    {
      need (node, "maildir", "path", mistakes);
      return;
    }
  need (node, "imap", "host", mistakes);
  need (node, "imap", "user", mistakes);
  need (node, "imap", strcmp (m->auth, "xoauth2") == 0 ? "token-command" : "secret-file", mistakes);
  check_tls (node, mistakes);
}

/* "openpgp:" or "smime:", and a fingerprint in hexadecimal. */
static bool
is_key (const char *text)
{
  const char *colon = strchr (text, ':');
  gsize n = colon != NULL ? strspn (colon + 1, "0123456789abcdefABCDEF") : 0;

  if (colon == NULL || colon[1 + n] != '\0')
    return false;
  return (g_str_has_prefix (text, "openpgp:") && n == 40)
         || (g_str_has_prefix (text, "smime:") && n == 64);
}

static void
read_keys (Options *o, const ConfNode *node, GString *mistakes)
{
  OptionsDelivery *d = &o->delivery;

  d->key_home = path_of (o, node, "key-home");
  d->signing_key = text_of (node, "signing-key");
  d->signing_required = strcmp (conf_string (node, "signing"), "required") == 0;
  if (d->signing_key == NULL)
    return;
  if (!is_key (d->signing_key))
    g_string_append_printf (mistakes,
                            "%s:%d: '%s' names no key: write openpgp: and 40 hexadecimal digits, "
                            "or smime: and the 64 of the "
                            "certificate's SHA-256 (qecp keys list shows them)\n",
                            conf_file (node), conf_option_line (node, "signing-key"),
                            d->signing_key);
  if (d->key_home == NULL)
    g_string_append_printf (mistakes, "%s:%d: 'signing-key' needs 'key-home'\n", conf_file (node),
                            conf_option_line (node, "signing-key"));
}

static void
read_delivery (Options *o, const ConfNode *node, GString *mistakes)
{
  OptionsDelivery *d = &o->delivery;

  d->kind = text_of (node, "kind");
  d->path = path_of (o, node, "path");
  d->host = text_of (node, "host");
  d->tls = text_of (node, "tls");
  d->ca_file = path_of (o, node, "ca-file");
  d->user = text_of (node, "user");
  d->secret_file = path_of (o, node, "secret-file");
  d->token_command = text_of (node, "token-command");
  d->helo = conf_string (node, "helo") != NULL ? text_of (node, "helo") : g_strdup (o->domain);
  d->port = (int) conf_int (node, "port");
  d->timeout = (int) conf_int (node, "timeout");
  d->parallel = (int) conf_int (node, "parallel");
  d->give_up_days = (int) conf_int (node, "give-up-days");
  read_keys (o, node, mistakes);
  if (strcmp (d->kind, "maildir") == 0)
    need (node, "maildir", "path", mistakes);
  else
    {
      need (node, "smtp", "host", mistakes);
      if (d->user != NULL && d->token_command == NULL)
        need (node, "smtp with a user", "secret-file", mistakes);
      check_tls (node, mistakes);
    }
}

/* Whether the files can be read is told when a signature has to be judged: mail goes on without. */
static char **
paths_of (const Options *o, const ConfNode *node, const char *option)
{
  const char *const *names = node != NULL ? conf_list (node, option) : NULL;
  GPtrArray *paths = g_ptr_array_new ();

  for (; names != NULL && *names != NULL; names++)
    g_ptr_array_add (paths, g_path_is_absolute (*names) ? g_strdup (*names)
                                                        : g_build_filename (o->dir, *names, NULL));
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (paths, FALSE);
}

static void
read_signatures (Options *o, const ConfNode *node)
{
  o->signatures.trust = paths_of (o, node, "trust");
  o->signatures.crls = paths_of (o, node, "crls");
  o->signatures.keys = paths_of (o, node, "keys");
  o->signatures.timeout = node != NULL ? (int) conf_int (node, "timeout") : 10;
}

Options *
options_read (const char *file, GError **error)
{
  g_autoptr (Conf) conf = conf_read (file, options_schema, error);

  if (conf == NULL)
    return NULL;
  const ConfNode *root = conf_root (conf), *node;
  g_autoptr (Options) o = g_new0 (Options, 1);
  g_autoptr (GString) mistakes = g_string_new (NULL);
  g_autofree char *full = g_canonicalize_filename (file, NULL);

  o->file = g_strdup (full);
  o->dir = g_path_get_dirname (full);
  o->mailboxes = g_ptr_array_new_with_free_func (mailbox_free);
  read_office (o, conf_section (root, "office", 0), mistakes);
  for (guint i = 0; (node = conf_section (root, "mailbox", i)) != NULL; i++)
    read_mailbox (o, node, mistakes);
  read_signatures (o, conf_section (root, "signatures", 0));
  read_delivery (o, conf_section (root, "delivery", 0), mistakes);
  if (mistakes->len == 0)
    return g_steal_pointer (&o);
  g_string_truncate (mistakes, mistakes->len - 1);
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, mistakes->str);
  return NULL;
}

const OptionsMailbox *
options_mailbox (const Options *options, const char *name)
{
  for (guint i = 0; i < options->mailboxes->len; i++)
    {
      const OptionsMailbox *m = options->mailboxes->pdata[i];

      if (strcmp (m->name, name) == 0)
        return m;
    }
  return NULL;
}

bool
options_is_own (const Options *options, const char *address)
{
  const char *at = strrchr (address, '@');

  for (guint i = 0; at != NULL && i < options->mailboxes->len; i++)
    {
      const char *own = ((const OptionsMailbox *) options->mailboxes->pdata[i])->address;
      const char *own_at = strrchr (own, '@');
      gsize local = own_at != NULL ? (gsize) (own_at - own) : 0;

      if (own_at != NULL && g_ascii_strcasecmp (at, own_at) == 0
          && g_ascii_strncasecmp (address, own, local) == 0
          && (address[local] == '@'
              || (options->subaddress[0] != '\0' && address[local] == options->subaddress[0])))
        return true;
    }
  return false;
}
