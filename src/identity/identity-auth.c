/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One Authentication-Results field (RFC 8601, section 2.2) and what it says of an author's domain.
 *
 * A field that does not follow the grammar to its end vouches for nobody, nor does one that says
 * DMARC's result twice; that it reports a failure still counts, even behind what is broken.
 */
#include <string.h>

#include "identity/identity-private.h"

/* The rest of a field; BROKEN at the first thing the grammar does not allow. */
typedef struct {
  const char *at;
  bool broken;
} Scan;

/* Comments nest, and may hold anything (RFC 5322, section 3.2.2).  A quotation that begins in one
 * and does not end there is somebody's address that holds a bracket: what follows is theirs. */
static void
skip_comment (Scan *s)
{
  int depth = 0;
  bool in_quotes = false;

  do
    {
      if (*s->at == '\\' && s->at[1] != '\0')
        s->at++;
      else if (*s->at == '"')
        in_quotes = !in_quotes;
      else if (*s->at == '(')
        depth++;
      else if (*s->at == ')')
        depth--;
      else if (*s->at == '\0')
        {
          s->broken = true;
          return;
        }
      s->at++;
    }
  while (depth > 0);
  s->broken |= in_quotes;
}

static void
skip_cfws (Scan *s)
{
  while (g_ascii_isspace (*s->at) || *s->at == '(')
    if (*s->at == '(')
      skip_comment (s);
    else
      s->at++;
}

static bool
take (Scan *s, char ch)
{
  skip_cfws (s);
  if (*s->at != ch)
    return false;
  s->at++;
  return true;
}

static void
append_quoted (Scan *s, GString *out)
{
  for (s->at++; *s->at != '"'; s->at++)
    {
      if (*s->at == '\\' && s->at[1] != '\0')
        s->at++;
      if (*s->at == '\0')
        {
          s->broken = true;
          return;
        }
      g_string_append_c (out, *s->at);
    }
  s->at++;
}

/* A word up to one of STOPS, a space or a comment; parts of it may be quoted, as in "a
 * b"@c.example.  None at all breaks the scan. */
static char *
word (Scan *s, const char *stops)
{
  GString *out = g_string_new (NULL);
  const char *begin;

  skip_cfws (s);
  begin = s->at;
  while (!s->broken && *s->at != '\0' && !g_ascii_isspace (*s->at)
         && strchr (stops, *s->at) == NULL)
    if (*s->at == '"')
      append_quoted (s, out);
    else
      g_string_append_c (out, *s->at++);
  s->broken |= s->at == begin;
  return g_string_free (out, FALSE);
}

typedef struct {
  char *method, *result;
  char *header_from, *header_d, *header_i; /* NULL: not said */
} Result;

static void
result_clear (Result *r)
{
  g_free (r->method);
  g_free (r->result);
  g_free (r->header_from);
  g_free (r->header_d);
  g_free (r->header_i);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

/* The same property twice says two things: neither is believed. */
static void
set_property (Scan *s, Result *r, const char *name, char *value)
{
  char **to = g_ascii_strcasecmp (name, "header.from") == 0 ? &r->header_from
              : g_ascii_strcasecmp (name, "header.d") == 0  ? &r->header_d
              : g_ascii_strcasecmp (name, "header.i") == 0  ? &r->header_i
                                                            : NULL;

  if (to == NULL)
    {
      g_free (value);
      return;
    }
  s->broken |= *to != NULL;
  g_free (*to);
  *to = value;
}

/* method [ "/" version ] "=" result, then name=value pairs: reason, ptype.property. */
static void
read_result (Scan *s, Result *r)
{
  r->method = word (s, "=/;()");
  if (take (s, '/'))
    g_free (word (s, "=;()"));
  if (!take (s, '='))
    {
      s->broken = true;
      return;
    }
  r->result = word (s, ";()=");
  for (skip_cfws (s); !s->broken && *s->at != ';' && *s->at != '\0'; skip_cfws (s))
    {
      g_autofree char *name = word (s, "=;()");

      if (!take (s, '='))
        s->broken = true;
      else
        set_property (s, r, name, word (s, ";()"));
    }
}

/* The domain of an address or a bare one, as DNS has it: international names are compared in their
 * ASCII form. */
static bool
domain_is (const char *value, const char *domain)
{
  const char *at = value != NULL ? strrchr (value, '@') : NULL;
  g_autofree char *one = value != NULL ? g_hostname_to_ascii (at != NULL ? at + 1 : value) : NULL;
  g_autofree char *other = g_hostname_to_ascii (domain);

  return one != NULL && other != NULL && one[0] != '\0' && g_ascii_strcasecmp (one, other) == 0;
}

static AuthVerdict
judge (const Result *r, const char *domain)
{
  bool is_dmarc = r->method != NULL && g_ascii_strcasecmp (r->method, "dmarc") == 0;
  bool is_dkim = r->method != NULL && g_ascii_strcasecmp (r->method, "dkim") == 0;

  if (is_dmarc && r->result != NULL && g_ascii_strcasecmp (r->result, "fail") == 0)
    return AUTH_FAIL;
  if (r->result == NULL || g_ascii_strcasecmp (r->result, "pass") != 0)
    return AUTH_NONE;
  /* DMARC's pass means aligned; header.from says for whom.  The signing domain is header.d;
   * header.i is below it. */
  return (is_dmarc && domain_is (r->header_from, domain))
             || (is_dkim && domain_is (r->header_d != NULL ? r->header_d : r->header_i, domain))
           ? AUTH_PASS
           : AUTH_NONE;
}

bool
auth_field_is_of (const char *field, const char *authserv_id)
{
  Scan s = { field, false };
  g_autofree char *id = word (&s, ";()");

  return authserv_id[0] != '\0' && !s.broken && g_ascii_strcasecmp (id, authserv_id) == 0;
}

/* Behind something broken a failure is looked for: from the next result on, or, when a comment or a
 * quotation has no end, from the next semicolon behind where RESULT began.  false: there is none.
 */
static bool
go_on (Scan *s, const char *result, guint *tries)
{
  enum { MAX_TRIES = 100 };
  const char *next = strchr (*s->at != '\0' ? s->at : result, ';');

  if (next == NULL || (*tries)++ == MAX_TRIES)
    return false;
  *s = (Scan){ next, false };
  return true;
}

/* One result, behind its semicolon. */
static AuthVerdict
next_result (Scan *s, const char *domain, guint *dmarc)
{
  g_auto (Result) r = { NULL };

  skip_cfws (s);
  if (*s->at == '\0')
    return AUTH_NONE; /* a last semicolon with nothing behind it is common */
  if (g_ascii_strncasecmp (s->at, "none", 4) == 0 && strchr ("; \t(", s->at[4]) != NULL)
    {
      s->at += 4;
      return AUTH_NONE;
    }
  read_result (s, &r);
  *dmarc += g_ascii_strcasecmp (r.method, "dmarc") == 0;
  return judge (&r, domain);
}

AuthVerdict
auth_field_judge (const char *field, const char *domain)
{
  Scan s = { field, false };
  bool pass = false, broken = false;
  const char *begin = field;
  guint dmarc = 0, tries = 0;

  g_free (word (&s, ";()"));
  skip_cfws (&s);
  if (g_ascii_isdigit (*s.at))
    g_free (word (&s, ";()"));
  for (;;)
    {
      skip_cfws (&s);
      if (s.broken || (*s.at != ';' && *s.at != '\0'))
        {
          broken = true;
          if (!go_on (&s, begin, &tries))
            break;
        }
      if (!take (&s, ';'))
        break;
      begin = s.at;
      AuthVerdict verdict = next_result (&s, domain, &dmarc);
      if (verdict == AUTH_FAIL)
        return AUTH_FAIL;
      pass |= verdict == AUTH_PASS;
    }
  return pass && !broken && dmarc < 2 ? AUTH_PASS : AUTH_NONE;
}
