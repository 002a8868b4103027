/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The trace boundary: which header fields our own mail servers wrote, and nobody before them.
 *
 * Each server puts a Received field above all it was given (RFC 5321, section 4.4).  So what stands
 * above the Received field of the server that took a message from the world was written by us; what
 * stands below may be anybody's, whatever name it bears.
 */
#include <string.h>

#include "identity/identity-private.h"

/* The next word of a Received field, without its comments (they may hold what the other side said);
 * "" at the end. */
static char *
next_word (const char **at)
{
  GString *word = g_string_new (NULL);
  int depth = 0;

  for (;
       **at != '\0'
       && (depth > 0 || word->len == 0 || (!g_ascii_isspace (**at) && **at != '(' && **at != ';'));
       (*at)++)
    {
      if (**at == '(')
        depth++;
      else if (**at == ')' && depth > 0)
        depth--;
      else if (depth == 0 && !g_ascii_isspace (**at))
        g_string_append_c (word, **at);
    }
  return g_string_free (word, FALSE);
}

/* "from NAME (...) by HOST (...) with ...": NAME is the sender's own choice and may be "by",
 * too. */
static bool
is_by (const char *received, const char *host)
{
  const char *at = received;
  bool is_name = false;

  for (;;)
    {
      g_autofree char *word = next_word (&at);

      if (word[0] == '\0')
        return false;
      if (!is_name && g_ascii_strcasecmp (word, "by") == 0)
        break;
      is_name = !is_name && g_ascii_strcasecmp (word, "from") == 0;
    }
  g_autofree char *by = next_word (&at);
  return g_ascii_strcasecmp (by, host) == 0;
}

/* How many Received fields, from the top, are ours; 0: the boundary is not where the configuration
 * says. */
static guint
own_hops (const GPtrArray *received, const char *const *hosts)
{
  guint n = 0;

  if (hosts == NULL || hosts[0] == NULL)
    return MIN (received->len, 1);
  for (; hosts[n] != NULL; n++)
    if (n >= received->len || !is_by (received->pdata[n], hosts[n]))
      return 0;
  return n;
}

static const char *const verdict_names[] = { "none", "pass", "fail" };

enum { NO_ID, NO_BOUNDARY, NO_RESULT, NOT_OF_DOMAIN, PASSED, FAILED };

static const char *const whys[] = {
  [NO_ID] = "not known: no authserv-id is configured",
  [NO_BOUNDARY] = "not known: the topmost Received is not of our servers",
  [NO_RESULT] = "not known: our mail server wrote no result",
  [NOT_OF_DOMAIN] = "not known: no result for the author's domain",
  [PASSED] = "pass",
  [FAILED] = "our mail server says DMARC failed",
};

const char *
mail_auth_name (AuthVerdict verdict)
{
  return verdict_names[verdict];
}

MailAuth
mail_auth_again (const char *verdict, const char *why)
{
  MailAuth auth = { AUTH_NONE, whys[NO_ID] };

  for (guint i = 0; i < G_N_ELEMENTS (verdict_names); i++)
    if (g_strcmp0 (verdict, verdict_names[i]) == 0)
      auth.verdict = i;
  for (guint i = 0; i < G_N_ELEMENTS (whys); i++)
    if (g_strcmp0 (why, whys[i]) == 0)
      auth.why = whys[i];
  return auth;
}

MailAuth
identity_authentication (const Message *m, const Options *options)
{
  const MessageAddress *author = message_author (m);
  const char *at = author != NULL ? strrchr (author->address, '@') : NULL;
  guint hops = own_hops (m->received, (const char *const *) options->trace_hosts), ours = 0;
  bool pass = false;

  for (guint i = 0; at != NULL && i < m->auth_results->len; i++)
    {
      const MessageAuth *auth = m->auth_results->pdata[i];

      if (auth->received >= hops || !auth_field_is_of (auth->value, options->authserv_id))
        continue;
      AuthVerdict verdict = auth_field_judge (auth->value, at + 1);
      if (verdict == AUTH_FAIL)
        return (MailAuth){ AUTH_FAIL, whys[FAILED] };
      pass |= verdict == AUTH_PASS;
      ours++;
    }
  if (pass)
    return (MailAuth){ AUTH_PASS, whys[PASSED] };
  return (MailAuth){ AUTH_NONE, whys[options->authserv_id[0] == '\0' ? NO_ID
                                     : hops == 0                     ? NO_BOUNDARY
                                     : ours == 0                     ? NO_RESULT
                                                                     : NOT_OF_DOMAIN] };
}
