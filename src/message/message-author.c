/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who a signed message says it is from, in a header that every reader reads the same way.
 *
 * The header is read as it stands, and not as somebody decodes it: one mailbox, nothing beside it
 * but comments, and no address in those.
 */
#include "config.h"

#include <string.h>

#include "message/message-author.h"
#include "message/message-private.h"

static const char not_one[] =
  "its author or sender is not one plain address, so readers may be shown "
  "different ones",
                  in_comment[] =
                    "a comment beside its author shows an address, which not all readers show";

/* TEXT, in UTF-8, looks like it named an address: "ann@acme", or "ann @ acme.example"; "Ann @
 * Acme" does not. */
static bool
shows_address (const char *text)
{
  g_autofree char *name = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  if (name == NULL)
    return strchr (text, '@') != NULL;
  for (const char *at = strchr (name, '@'); at != NULL; at = strchr (at + 1, '@'))
    {
      const char *domain = at + 1 + strspn (at + 1, " ");
      gsize n = strcspn (domain, " ");

      if (at > name && n > 0
          && ((at[-1] != ' ' && domain == at + 1) || memchr (domain, '.', n) != NULL))
        return true;
    }
  return false;
}

/* Behind what is quoted at S, a string or a comment with comments inside; NULL when it does not
 * end.  What it says is added to WORDS, without the marks. */
static const char *
pass_quoted (const char *s, GString *words)
{
  bool string = *s == '"';
  guint depth = 0;

  for (; *s != '\0'; s++)
    if (*s == '\\' && s[1] != '\0')
      g_string_append_c (words, *++s);
    else if (string ? *s == '"' : *s == '(')
      {
        if (string && depth > 0)
          return s + 1;
        depth++;
      }
    else if (!string && *s == ')' && --depth == 0)
      return s + 1;
    else
      g_string_append_c (words, *s);
  return NULL;
}

/* An address in a comment of VALUE: some readers show a comment as the name, others do not show
 * it. */
static bool
has_address_in_comment (const char *value)
{
  g_autoptr (GString) words = g_string_new (NULL);
  guint flaws;

  for (const char *s = value; s != NULL && *s != '\0';)
    {
      g_string_truncate (words, 0);
      if (*s != '"' && *s != '(')
        {
          s += *s == '\\' && s[1] != '\0' ? 2 : 1;
          continue;
        }
      bool comment = *s == '(';
      s = pass_quoted (s, words);
      g_autofree char *shown = header_decode (words->str, &flaws);
      if (comment && shows_address (shown))
        return true;
    }
  return false;
}

/* One mailbox (RFC 5322, 3.4), and no list, group or route. */
static bool
is_one_mailbox (const char *value)
{
  g_autoptr (GString) words = g_string_new (NULL);
  guint at = 0, begun = 0, ended = 0;
  bool gap = false; /* a blank or a comment inside of a domain, perhaps */

  for (const char *s = value; *s != '\0';)
    {
      if (*s == '"' || *s == '(')
        {
          if (*s == '"' && ended > 0)
            return false;
          s = pass_quoted (s, words);
          if (s == NULL)
            return false;
          gap = at > 0;
          continue;
        }
      if (g_ascii_isspace (*s))
        {
          gap = at > 0;
          s++;
          continue;
        }
      if (ended > 0 || (gap && *s != '>'))
        return false;
      at += *s == '@';
      begun += *s == '<';
      ended += *s == '>';
      if (strchr (",;:\\)", *s) != NULL || (*s == '@' && begun == 0 && strchr (s, '<') != NULL)
          || begun > 1 || ended > begun)
        return false;
      s++;
    }
  return at == 1 && begun == ended;
}

const char *
author_problem (const char *value)
{
  guint flaws;
  g_autofree char *shown = header_decode (value, &flaws);

  return has_address_in_comment (value) || has_address_in_comment (shown) ? in_comment
         : is_one_mailbox (value)                                         ? NULL
                                                                          : not_one;
}
