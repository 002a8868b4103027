/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports without fields: the addresses, status and reply codes that stand in the text.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static const char *const original_marks[] = {
  "this is a copy of the message", "below this line is a copy", "original message follows", "----- original message",
  "--- the header of the original", "unsent message below", "header of the original message", "message header follows",
  "message headers follow", "returned message", "original message header", "----- message header",
};

/* The report's words, without the returned message that follows in the same text. */
static char *
report_words (const char *text)
{
  g_autofree char *low = g_ascii_strdown (text, -1);
  gsize end = strlen (text);

  for (guint i = 0; i < G_N_ELEMENTS (original_marks); i++)
    {
      const char *at = strstr (low, original_marks[i]);

      if (at != NULL)
        end = MIN (end, (gsize) (at - low));
    }
  return g_strndup (text, MIN (end, 64 * 1024));
}

static bool
is_address_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static char *
address_at (const char *text, const char *at)
{
  const char *from = at, *to = at + 1;

  while (from > text && is_address_char (from[-1]))
    from--;
  while (g_ascii_isalnum (*to) || *to == '-' || *to == '.')
    to++;
  while (to > at && to[-1] == '.')
    to--;
  if (from == at || to <= at + 1 || to - from > 320)
    return NULL;
  return g_strndup (from, (gsize) (to - from));
}

static bool
is_own_address (const Parse *parse, const char *address, bool reporter_only)
{
  const MessageAddress *author = message_author (parse->message);
  g_autofree char *normal = address_normalise (address);

  if (author != NULL && g_ascii_strcasecmp (author->address, normal) == 0)
    return true;
  for (guint i = 0; !reporter_only && i < parse->message->to->len; i++)
    if (g_ascii_strcasecmp (((MessageAddress *) g_ptr_array_index (parse->message->to, i))->address, normal) == 0)
      return true;
  return g_ascii_strncasecmp (normal, "postmaster@", 11) == 0 || g_ascii_strncasecmp (normal, "mailer-daemon@", 14) == 0;
}

static void
free_report (Parse *parse, const char *recipient, const char *words)
{
  g_autofree char *low = g_ascii_strdown (words, -1);
  bool delayed = strstr (low, "will retry") != NULL || strstr (low, "still be attempted") != NULL ||
                 strstr (low, "will keep trying") != NULL || strstr (low, "not yet been delivered") != NULL ||
                 strstr (low, "do not need to resend") != NULL || strstr (low, "will continue to try") != NULL;

  report_add (parse, recipient, g_strdup (delayed ? "delayed" : "failed"), report_find_status (words), words);
}

/* The first addresses in the words that are neither the reporter nor (unless nothing else is there) we. */
static void
free_recipients (Parse *parse, const char *words, bool reporter_only)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *at = strchr (words, '@'); at != NULL && g_hash_table_size (seen) < 20; at = strchr (at + 1, '@'))
    {
      g_autofree char *address = address_at (words, at);
      g_autofree char *key = address != NULL ? g_ascii_strdown (address, -1) : NULL;
      const char *from = at;

      if (key == NULL || is_own_address (parse, address, reporter_only) || g_hash_table_contains (seen, key))
        continue;
      g_hash_table_add (seen, g_steal_pointer (&key));
      /* Only an address that begins its line, or that is alone in brackets, names a recipient after the first. */
      while (from > words && from[-1] != '\n')
        from--;
      if (g_hash_table_size (seen) > 1 && strspn (from, " \t<") + strlen (address) < (gsize) (at - from))
        continue;
      if (g_hash_table_size (seen) > 1 && from + strspn (from, " \t<") + (strchr (address, '@') - address) != at)
        continue;
      free_report (parse, address, words);
    }
}

static void
failed_recipients_header (Parse *parse, const char *words)
{
  GMimeHeader *h = g_mime_header_list_get_header (g_mime_object_get_header_list (GMIME_OBJECT (parse->mime)), "X-Failed-Recipients");
  g_autofree char *value = h != NULL ? header_unfold (g_mime_header_get_raw_value (h)) : NULL;
  g_auto (GStrv) each = value != NULL ? g_strsplit_set (value, ", ", -1) : NULL;

  for (guint i = 0; each != NULL && each[i] != NULL; i++)
    if (strchr (each[i], '@') != NULL)
      {
        const char *at = strstr (words, each[i]);
        const char *end = at != NULL ? strstr (at, "\n\n") : NULL;
        g_autofree char *own = at != NULL ? g_strndup (at, end != NULL ? (gsize) (end - at) : strlen (at)) : NULL;

        free_report (parse, each[i], own != NULL ? own : words);
      }
}

void
report_text_facts (Parse *parse)
{
  g_autofree char *words = report_words (parse->message->text);

  failed_recipients_header (parse, words);
  if (parse->message->reports->len == 0)
    free_recipients (parse, words, false);
  if (parse->message->reports->len == 0)
    free_recipients (parse, words, true);
}
