/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who we are: the three ways to log in.
 */
#include <string.h>

#include "base/error.h"
#include "mailbox/mailbox-imap.h"
#include "mailbox/mailbox-token.h"

/* The first line of the secret's file, wiped by wipe(). */
static char *
read_secret (const char *file, GError **error)
{
  g_autoptr (GError) why = NULL;
  char *text = NULL;

  if (file == NULL || !g_file_get_contents (file, &text, NULL, &why))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "password: %s",
                   why != NULL ? why->message : "no file is configured");
      return NULL;
    }
  text[strcspn (text, "\r\n")] = '\0';
  return text;
}

static void
wipe (char *secret)
{
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static int
send_login (ImapMailbox *im, const char *secret)
{
  return mailimap_login (im->imap, im->base.options.user, secret);
}

static int
send_plain (ImapMailbox *im, const char *secret)
{
  const MailboxOptions *o = &im->base.options;

  return mailimap_authenticate (im->imap, "PLAIN", o->host, NULL, NULL, o->user, o->user, secret,
                                NULL);
}

static int
send_xoauth2 (ImapMailbox *im, const char *token)
{
  return mailimap_oauth2_authenticate (im->imap, im->base.options.user, token);
}

static const struct {
  const char *announced; /* in AUTH=, or NULL */
  bool token;
  int (*send) (ImapMailbox *im, const char *secret);
} ways[] = {
  [MAILBOX_AUTH_LOGIN]   = { NULL, false, send_login },
  [MAILBOX_AUTH_PLAIN]   = { "PLAIN", false, send_plain },
  [MAILBOX_AUTH_XOAUTH2] = { "XOAUTH2", true, send_xoauth2 },
};

static bool
is_offered (ImapMailbox *im, GError **error)
{
  const char *mechanism = ways[im->base.options.auth].announced;
  bool offered = mechanism != NULL ? mailimap_has_authentication (im->imap, mechanism)
                                   : !mailimap_has_extension (im->imap, "LOGINDISABLED");

  if (!offered)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s does not offer to log in with %s",
                 im->base.options.host, mechanism != NULL ? mechanism : "LOGIN");
  return offered;
}

/* libetpan asks libsasl for PLAIN, and libsasl a module that may not be installed. */
static bool
was_sent (ImapMailbox *im, int result, GError **error)
{
  if (result != MAILIMAP_ERROR_LOGIN || im->wire->received > 0 || im->wire->failed != NULL)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
               "no SASL module for PLAIN on this machine: install libsasl2-modules or use LOGIN");
  return false;
}

bool
imap_login (ImapMailbox *im, GError **error)
{
  const MailboxOptions *o = &im->base.options;

  if (!is_offered (im, error))
    return false;
  char *secret = ways[o->auth].token ? mailbox_token (o->token_command, o->timeout_s, error)
                                     : read_secret (o->secret_file, error);

  if (secret == NULL)
    return false;
  imap_begin (im, IMAP_SMALL_ANSWER);
  int result = ways[o->auth].send (im, secret);

  wipe (secret);
  return was_sent (im, result, error) && imap_check (im, result, IMAP_STEP_LOGIN, error);
}
