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
  "message headers follow", "--- returned message", "original message header", "----- message header",
  "a copy of the original message", "message text follows", "bounced e-mail:", "original mail as follows", "\nreceived: ", "\nreturn-path: ",
};

char *
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

/* Whether LINE (N bytes) begins with ADDRESS, as a list of recipients does, or a transcript where
 * it comes to it. */
static bool
line_names (const char *line, gsize n, const char *address)
{
  static const char command[] = ">>> RCPT TO:";
  bool transcript =
    n > strlen (command) && g_ascii_strncasecmp (line, command, strlen (command)) == 0;
  gsize code = transcript ? strlen (command) : strspn (line, "0123456789") == 3 ? 3 : 0;
  gsize lead = code + strspn (line + code, " \t<\"'*(");
  gsize length = strlen (address);

  return lead + length <= n && g_ascii_strncasecmp (line + lead, address, length) == 0;
}

static bool
line_names_other (const char *line, gsize n, const char *recipient, const GPtrArray *others)
{
  for (guint i = 0; i < others->len; i++)
    if (g_ascii_strcasecmp (others->pdata[i], recipient) != 0
        && line_names (line, n, others->pdata[i]))
      return true;
  return false;
}

/* "550 mx.example.org (smtp)... Host unknown", as old systems begin what they say of the next
 * host. */
static bool
line_begins_host (const char *line, gsize n)
{
  const char *mailer = strspn (line, "0123456789") == 3 ? memmem (line, n, " (", 2) : NULL;
  const char *end = mailer != NULL ? memmem (line, n, ")... ", 5) : NULL;

  return end != NULL && end > mailer && memchr (line, '@', (gsize) (mailer - line)) == NULL
         && memchr (line + 4, ' ', (gsize) (mailer - line - 4)) == NULL;
}

char *
report_own_words (const char *words, const char *recipient, const GPtrArray *others)
{
  GString *own;
  bool mine = false;

  if (others->len < 2)
    return g_strdup (words);
  own = g_string_new (NULL);
  for (const char *s = words; *s != '\0';)
    {
      const char *end = strchrnul (s, '\n');
      gsize n = (gsize) (end - s);

      mine = line_names (s, n, recipient)
             || (mine && !line_names_other (s, n, recipient, others) && !line_begins_host (s, n));
      if (mine)
        g_string_append_printf (own, "%.*s\n", (int) n, s);
      s = *end != '\0' ? end + 1 : end;
    }
  return g_string_free (own, FALSE);
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

typedef enum { NOT_US, NOT_REPORTER, ANYBODY } Allowed;

static bool
is_own_address (const Parse *parse, const char *address, Allowed allowed)
{
  const MessageAddress *author = message_author (parse->message);
  g_autofree char *normal = address_normalise (address);

  if (author != NULL && g_ascii_strcasecmp (author->address, normal) == 0)
    return true;
  for (guint i = 0; allowed == NOT_US && i < parse->message->to->len; i++)
    if (g_ascii_strcasecmp (((MessageAddress *) g_ptr_array_index (parse->message->to, i))->address,
                            normal)
        == 0)
      return true;
  return allowed != ANYBODY
         && (g_ascii_strncasecmp (normal, "postmaster@", 11) == 0
             || g_ascii_strncasecmp (normal, "mailer-daemon@", 14) == 0);
}

static bool
is_still_tried (const char *words)
{
  static const char *const phrases[] = {
    "will retry", "still be attempted", "will keep trying", "not yet been delivered", "do not need to resend",
    "will continue to try", "delivery attempts will continue", "will be retried", "still trying", "wird weiter versucht",
  };
  g_autofree char *low = g_ascii_strdown (words, -1);

  for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
    if (strstr (low, phrases[i]) != NULL)
      return true;
  return false;
}

/* Where the server's own answer begins, behind the reporter's explanations, and behind its number:
 * "554 <a@b>... 550 Host unknown". */
static const char *
answer_in (const char *words)
{
  g_autofree char *code = report_find_reply_code (words);
  const char *at = *code != '\0' ? strstr (words, code) : NULL;
  const char *end = strchrnul (at != NULL ? at : "", '\n');
  const char *dots = at != NULL ? memmem (at, (gsize) (end - at), "... ", 4) : NULL;

  if (dots != NULL && strspn (dots + 4, "0123456789") == 3
      && memchr (at, '@', (gsize) (dots - at)) != NULL)
    return dots + 4;
  return at != NULL ? at : "";
}

static void
add_all (Parse *parse, const GPtrArray *recipients, const char *words)
{
  for (guint i = 0; i < recipients->len; i++)
    {
      g_autofree char *own = report_own_words (words, recipients->pdata[i], recipients);
      ReportClaim claim = { recipients->pdata[i],
                            is_still_tried (own) ? "delayed" : "failed",
                            NULL,
                            answer_in (own),
                            own,
                            STAGE_UNKNOWN };

      report_add (parse, &claim);
    }
}

/* "<a@b>:" and "a@b:" at the head of a line, as Postfix, qmail and most who learned from them
 * write, and sendmail's "550 <a@b>...". */
static void
addresses_with_colon (Parse *parse, const char *words, GPtrArray *recipients)
{
  for (const char *line = words; line != NULL && recipients->len < MAX_REPORTS;)
    {
      const char *end = strchrnul (line, '\n');
      const char *at = memchr (line, '@', (gsize) (end - line));
      g_autofree char *address = at != NULL ? address_at (words, at) : NULL;

      if (address != NULL && line_names (line, (gsize) (end - line), address)
          && !is_own_address (parse, address, NOT_REPORTER))
        {
          const char *after = strstr (line, address) + strlen (address);

          after += strspn (after, ">\"' ");
          if (*after == ':' || g_str_has_prefix (after, "...")
              || g_str_has_prefix (after, "(expanded from"))
            g_ptr_array_add (recipients, g_steal_pointer (&address));
        }
      line = *end != '\0' ? end + 1 : NULL;
    }
}

/* The first addresses in the words that are neither the reporter nor (unless nothing else is there)
 * we. */
static void
addresses_in_words (Parse *parse, const char *words, Allowed allowed, GPtrArray *recipients)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *at = strchr (words, '@'); at != NULL && recipients->len < 20;
       at = strchr (at + 1, '@'))
    {
      g_autofree char *address = address_at (words, at);
      g_autofree char *key = address != NULL ? g_ascii_strdown (address, -1) : NULL;
      const char *line = at;

      if (key == NULL || is_own_address (parse, address, allowed)
          || !g_hash_table_add (seen, g_steal_pointer (&key)))
        continue;
      while (line > words && line[-1] != '\n')
        line--;
      /* After the first, only an address that begins its line names a recipient. */
      if (recipients->len == 0 || line_names (line, strlen (line), address))
        g_ptr_array_add (recipients, g_steal_pointer (&address));
    }
}

static void
addresses_in_header (const char *value, GPtrArray *recipients)
{
  for (const char *at = strchr (value, '@'); at != NULL && recipients->len < MAX_REPORTS;
       at = strchr (at + 1, '@'))
    {
      char *address = address_at (value, at);

      if (address != NULL)
        g_ptr_array_add (recipients, address);
    }
}

void
report_text_facts (Parse *parse, const char *words)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *failed = header_raw (GMIME_OBJECT (parse->mime), "X-Failed-Recipients");

  if (failed != NULL)
    addresses_in_header (failed, recipients);
  if (recipients->len == 0)
    addresses_with_colon (parse, words, recipients);
  for (Allowed allowed = NOT_US; allowed <= ANYBODY && recipients->len == 0; allowed++)
    addresses_in_words (parse, words, allowed, recipients);
  add_all (parse, recipients, words);
}

void
report_original_recipients (Parse *parse, const char *words)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *to = report_field (parse->original_text->str, "To");

  /* Without parts it stands below the words. */
  if (to == NULL)
    to = report_field (parse->message->text + strlen (words), "To");
  if (to != NULL)
    addresses_in_header (to, recipients);
  add_all (parse, recipients, words);
}
