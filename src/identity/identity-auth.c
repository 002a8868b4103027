/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Authentication-Results (RFC 8601): only what our own mail server wrote.
 */
#include <string.h>

#include "identity/identity.h"

/* White space may stand around '='; it means nothing. */
static void
append (GString *out, char ch)
{
  if (ch == '=')
    while (out->len > 0 && out->str[out->len - 1] == ' ')
      g_string_truncate (out, out->len - 1);
  if (!g_ascii_isspace (ch))
    g_string_append_c (out, ch);
  else if (out->len > 0 && out->str[out->len - 1] != '=')
    g_string_append_c (out, ' ');
}

/* The text without comments, so that "(dmarc=pass)" is not taken for a result. */
static char *
without_comments (const char *text)
{
  GString *out = g_string_new (NULL);
  int depth = 0;
  bool quoted = false;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"' && depth == 0)
        quoted = !quoted;
      else if (*p == '(' && !quoted)
        depth++;
      else if (*p == ')' && depth > 0 && !quoted)
        depth--;
      else if (depth == 0 && !quoted)
        append (out, *p);
    }
  return g_string_free (out, FALSE);
}

static bool
is_of (const char *field, const char *authserv_id)
{
  gsize n = strcspn (field, "; \t");

  return strlen (authserv_id) == n && g_ascii_strncasecmp (field, authserv_id, n) == 0;
}

/* The value of PROPERTY ("header.d") in one result, or NULL. */
static char *
property (const char *result, const char *name)
{
  g_auto (GStrv) words = g_strsplit (result, " ", -1);
  gsize n = strlen (name);

  for (char **w = words; *w != NULL; w++)
    if (g_ascii_strncasecmp (*w, name, n) == 0 && (*w)[n] == '=')
      return g_strdup (*w + n + 1);
  return NULL;
}

static bool
domain_is (const char *value, const char *domain)
{
  const char *at = value != NULL ? strrchr (value, '@') : NULL;

  return value != NULL && g_ascii_strcasecmp (at != NULL ? at + 1 : value, domain) == 0;
}

/* Whether RESULT begins with WORD ("dmarc=pass") and not with a longer one. */
static bool
result_is (const char *result, const char *word)
{
  gsize n = strlen (word);

  return g_ascii_strncasecmp (result, word, n) == 0 && (result[n] == '\0' || result[n] == ' ');
}

AuthVerdict
identity_auth_results (const GPtrArray *auth_results, const char *authserv_id, const char *from)
{
  const char *at = strrchr (from, '@');
  AuthVerdict verdict = AUTH_NONE;

  /* Only the topmost field: a sender can write as many below it as he likes. */
  if (authserv_id[0] == '\0' || auth_results->len == 0 || at == NULL)
    return AUTH_NONE;
  g_autofree char *field = without_comments (auth_results->pdata[0]);
  if (!is_of (g_strstrip (field), authserv_id))
    return AUTH_NONE;
  g_auto (GStrv) results = g_strsplit (field, ";", -1);
  for (char **r = results + 1; results[0] != NULL && *r != NULL; r++)
    {
      const char *result = g_strstrip (*r);
      g_autofree char *dkim_domain = property (result, "header.d");
      g_autofree char *dmarc_from = property (result, "header.from");

      if (result_is (result, "dmarc=fail"))
        return AUTH_FAIL;
      if ((result_is (result, "dmarc=pass") && domain_is (dmarc_from, at + 1))
          || (result_is (result, "dkim=pass") && domain_is (dkim_domain, at + 1)))
        verdict = AUTH_PASS;
    }
  return verdict;
}
