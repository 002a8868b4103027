/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who a signed message says it is from, in a header that every reader reads the same way.
 *
 * The header is read as it stands, and not as somebody decodes it: one mailbox, nothing beside it
 * but comments, and no address in those.  A name shows no address but its own.
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

/* --- addresses in words ---------------------------------------------------------------------- */

/* Marks of quotation around WORD, and what ends a sentence, go; an apostrophe inside stays. */
static char *
without_marks (char *word)
{
  static const char *const marks[] = { "'",      "`",      ".",      ":",      "!",
                                       "?",      "\u2018", "\u2019", "\u201a", "\u201c",
                                       "\u201d", "\u201e", "\u00ab", "\u00bb" };
  bool again = true;

  while (again)
    {
      again = false;
      for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
        {
          gsize n = strlen (marks[i]);

          if (g_str_has_prefix (word, marks[i]))
            {
              memmove (word, word + n, strlen (word + n) + 1);
              again = true;
            }
          if (g_str_has_suffix (word, marks[i]))
            {
              word[strlen (word) - n] = '\0';
              again = true;
            }
        }
    }
  return word;
}

/* Whether what stands around the sign at WORD, or in it, is an address other than ADDRESS:
 * "ann@acme", or "ann @ acme.example"; "Ann @ Acme" is none, nor is "(@ann)". */
static bool
shows_other (const char *before, const char *word, const char *behind, const char *address)
{
  const char *at = strchr (word, '@');
  bool apart = at == word || at[1] == '\0';
  const char *local = at == word ? before : "";
  const char *domain = at[1] == '\0' ? behind : at + 1;
  g_autofree char *whole = g_strconcat (local, word, at[1] == '\0' ? behind : "", NULL);

  if (apart && ((at == word && local[0] == '\0') || strchr (domain, '.') == NULL))
    return false;
  return strcmp (whole, address) != 0;
}

bool
author_shows_other (const char *text, const char *own)
{
  g_autofree char *plain = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  g_autoptr (GString) dotted = g_string_new (plain != NULL ? plain : text);
  g_string_replace (dotted, "\u3002", ".", 0); /* it separates in domains, too: RFC 3490, 3.1 */
  g_autofree char *folded = g_utf8_casefold (dotted->str, -1);
  g_autofree char *address = g_utf8_casefold (own, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\"<>()[]{},;", -1);
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();
  bool other = false;

  for (char **word = words; *word != NULL; word++)
    if (without_marks (*word)[0] != '\0')
      g_ptr_array_add (shown, *word);
  for (guint i = 0; i < shown->len && !other; i++)
    other = strchr (shown->pdata[i], '@') != NULL
            && shows_other (i > 0 ? shown->pdata[i - 1] : "", shown->pdata[i],
                            i + 1 < shown->len ? shown->pdata[i + 1] : "", address);
  return other;
}

/* --- the header as it is written -------------------------------------------------------------- */

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
      if (comment && author_shows_other (shown, ""))
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
