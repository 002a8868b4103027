/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place that decides what a libetpan result or a server's refusal means to the caller.
 */
#include "base/error.h"
#include "mailbox/mailbox-imap.h"

/* RFC 5530 and RFC 3501.  CONFIG ends the process, so it is only for what waiting cannot mend. */
static const struct { const char *code; QecErrorCode means; } response_codes[] = {
  { "AUTHENTICATIONFAILED", QEC_ERROR_CONFIG },
  { "AUTHORIZATIONFAILED",  QEC_ERROR_CONFIG },
  { "EXPIRED",              QEC_ERROR_CONFIG },
  { "PRIVACYREQUIRED",      QEC_ERROR_CONFIG },
  { "CONTACTADMIN",         QEC_ERROR_CONFIG },
  { "NOPERM",               QEC_ERROR_CONFIG },
  { "NONEXISTENT",          QEC_ERROR_CONFIG },
  { "CANNOT",               QEC_ERROR_CONFIG },
  { "UNAVAILABLE",          QEC_ERROR_TRANSIENT },
  { "INUSE",                QEC_ERROR_TRANSIENT },
  { "LIMIT",                QEC_ERROR_TRANSIENT },
  { "OVERQUOTA",            QEC_ERROR_TRANSIENT },
  { "SERVERBUG",            QEC_ERROR_TRANSIENT },
  { "CLIENTBUG",            QEC_ERROR_TRANSIENT },
  { "CORRUPTION",           QEC_ERROR_TRANSIENT },
  { "EXPUNGEISSUED",        QEC_ERROR_TRANSIENT },
};

static const struct { const char *doing; QecErrorCode refused; } steps[] = {
  [IMAP_STEP_LOGIN]    = { "login", QEC_ERROR_CONFIG },
  [IMAP_STEP_SELECT]   = { "selecting the folder", QEC_ERROR_CONFIG },
  [IMAP_STEP_STARTTLS] = { "STARTTLS", QEC_ERROR_CONFIG },
  [IMAP_STEP_OTHER]    = { "IMAP", QEC_ERROR_TRANSIENT },
};

static const char *
last_code (const ImapMailbox *im)
{
  const struct mailimap_response_info *info
    = im->imap != NULL ? im->imap->imap_response_info : NULL;

  return info != NULL ? info->rsp_atom : NULL;
}

bool
imap_answered (const ImapMailbox *im, const char *code)
{
  const char *last = last_code (im);

  return last != NULL && g_ascii_strcasecmp (last, code) == 0;
}

static QecErrorCode
refusal_means (const ImapMailbox *im, ImapStep step)
{
  for (gsize i = 0; i < G_N_ELEMENTS (response_codes); i++)
    if (imap_answered (im, response_codes[i].code))
      return response_codes[i].means;
  return steps[step].refused;
}

/* After these nobody knows what the server will send next (or, after SASL, what it waits for). */
static bool
is_broken (int result)
{
  switch (result)
    {
    case MAILIMAP_ERROR_BAD_STATE:
    case MAILIMAP_ERROR_STREAM:
    case MAILIMAP_ERROR_PARSE:
    case MAILIMAP_ERROR_CONNECTION_REFUSED:
    case MAILIMAP_ERROR_MEMORY:
    case MAILIMAP_ERROR_FATAL:
    case MAILIMAP_ERROR_PROTOCOL:
    case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
    case MAILIMAP_ERROR_EXTENSION:
    case MAILIMAP_ERROR_SASL:
    case MAILIMAP_ERROR_SSL:
      return true;
    default:
      return false;
    }
}

static const char *
why_broken (const ImapMailbox *im, int result)
{
  if (im->wire->failed != NULL)
    return im->wire->failed;
  switch (result)
    {
    case MAILIMAP_ERROR_STREAM:
      return "the server said goodbye";
    case MAILIMAP_ERROR_PARSE:
      return "the server's answer cannot be read";
    case MAILIMAP_ERROR_PROTOCOL:
      return "the server does not understand us, or answers somebody else";
    case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
      return "the server accepts no connection now";
    default:
      return "the session is unusable";
    }
}

static void
set_broken (ImapMailbox *im, int result, ImapStep step, GError **error)
{
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s: %s", steps[step].doing,
               why_broken (im, result));
  imap_drop (im);
}

static void
set_refused (ImapMailbox *im, ImapStep step, GError **error)
{
  const char *text = im->imap->imap_response;
  const char *code = last_code (im);
  g_autofree char *said = g_utf8_make_valid (text != NULL ? text : "no reason given", -1);

  g_set_error (error, QEC_ERROR, refusal_means (im, step), "%s refused: %s%s%s%s",
               steps[step].doing, code != NULL ? "[" : "", code != NULL ? code : "",
               code != NULL ? "] " : "", g_strchomp (said));
}

bool
imap_check (ImapMailbox *im, int result, ImapStep step, GError **error)
{
  if (result == MAILIMAP_NO_ERROR || result == MAILIMAP_NO_ERROR_AUTHENTICATED
      || result == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
    return true;
  if (is_broken (result) || im->wire->failed != NULL)
    set_broken (im, result, step, error);
  else
    set_refused (im, step, error);
  return false;
}
