/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports: who did not get what, and why.  RFC 3464 fields first; without them, the addresses, status and reply
 * codes that stand in the text.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* --- why ------------------------------------------------------------------------------------ */

/* What is said beats the number: servers are careless with their codes.  Order matters: the special before the
 * general. */
static const struct {
  const char *words, *reason;
} said[] = {
  { "mailbox full", "mailboxfull" },
  { "mailbox is full", "mailboxfull" },
  { "mailbox for", "" },
  { "over quota", "mailboxfull" },
  { "overquota", "mailboxfull" },
  { "quota exceeded", "mailboxfull" },
  { "exceeded storage allocation", "mailboxfull" },
  { "exceeds quota", "mailboxfull" },
  { "out of storage", "mailboxfull" },
  { "insufficient disk", "systemfull" },
  { "message too large", "mesgtoobig" },
  { "message size exceeds", "mesgtoobig" },
  { "message file too big", "mesgtoobig" },
  { "exceeds maximum message size", "mesgtoobig" },
  { "virus", "virusdetected" },
  { "infected", "virusdetected" },
  { "spf check", "authfailure" },
  { "dmarc", "authfailure" },
  { "dkim", "authfailure" },
  { "spf validation", "authfailure" },
  { "spf fail", "authfailure" },
  { "reverse dns", "requireptr" },
  { "ptr record", "requireptr" },
  { "reverse hostname", "requireptr" },
  { "bad reputation", "badreputation" },
  { "poor reputation", "badreputation" },
  { "ip reputation", "badreputation" },
  { "domain reputation", "badreputation" },
  { "low reputation", "badreputation" },
  { "spam", "spamdetected" },
  { "unsolicited", "spamdetected" },
  { "blacklist", "blocked" },
  { "block list", "blocked" },
  { "blocklist", "blocked" },
  { "blocked using", "blocked" },
  { "rbl", "blocked" },
  { "spamhaus", "blocked" },
  { "has been blocked", "blocked" },
  { "banned", "blocked" },
  { "relay access denied", "norelaying" },
  { "relaying denied", "norelaying" },
  { "relay not permitted", "norelaying" },
  { "unable to relay", "norelaying" },
  { "has moved", "hasmoved" },
  { "account has been suspended", "suspend" },
  { "account suspended", "suspend" },
  { "mailbox disabled", "suspend" },
  { "account disabled", "suspend" },
  { "mailbox unavailable or access denied", "filtered" },
  { "user unknown", "userunknown" },
  { "unknown user", "userunknown" },
  { "no such user", "userunknown" },
  { "no such recipient", "userunknown" },
  { "unknown recipient", "userunknown" },
  { "recipient unknown", "userunknown" },
  { "invalid recipient", "userunknown" },
  { "does not exist", "userunknown" },
  { "doesn't exist", "userunknown" },
  { "not exist", "userunknown" },
  { "unknown in", "userunknown" },
  { "no mailbox", "userunknown" },
  { "unknown address", "userunknown" },
  { "address unknown", "userunknown" },
  { "user not found", "userunknown" },
  { "recipient not found", "userunknown" },
  { "mailbox not found", "userunknown" },
  { "recipnotfound", "userunknown" },
  { "not listed in", "userunknown" },
  { "unrouteable address", "hostunknown" },
  { "unroutable address", "hostunknown" },
  { "host unknown", "hostunknown" },
  { "unknown host", "hostunknown" },
  { "host not found", "hostunknown" },
  { "domain not found", "hostunknown" },
  { "no such domain", "hostunknown" },
  { "name or service not known", "hostunknown" },
  { "couldn't find any host named", "hostunknown" },
  { "timed out", "networkerror" },
  { "connection refused", "networkerror" },
  { "no route to host", "networkerror" },
  { "network is unreachable", "networkerror" },
  { "too many hops", "networkerror" },
  { "loops back", "networkerror" },
  { "mail loop", "networkerror" },
  { "too many connections", "toomanyconn" },
  { "too many recipients", "toomanyconn" },
  { "rate limit", "toomanyconn" },
  { "too many messages", "toomanyconn" },
  { "does not accept mail", "notaccept" },
  { "null mx", "notaccept" },
  { "retry timeout exceeded", "expired" },
  { "retry time not reached", "expired" },
  { "been in the queue too long", "expired" },
  { "delivery expired", "expired" },
  { "message expired", "expired" },
  { "undeliverable for", "expired" },
  { "delivery temporarily suspended", "expired" },
  { "sender rejected", "rejected" },
  { "sender address rejected", "rejected" },
  { "sender denied", "rejected" },
  { "policy", "policyviolation" },
  { "local configuration error", "systemerror" },
  { "system error", "systemerror" },
  { "command died", "mailererror" },
  { "unknown mailer error", "mailererror" },
};

/* RFC 3463 and 5248, when nothing is said that is known.  "X" stands for 4 or 5. */
static const struct {
  const char *code, *reason;
} numbered[] = {
  { "1.1", "userunknown" }, { "1.0", "userunknown" }, { "1.2", "hostunknown" }, { "1.3", "userunknown" },
  { "1.6", "hasmoved" }, { "1.7", "rejected" }, { "1.8", "rejected" }, { "1.9", "userunknown" },
  { "1.10", "notaccept" }, { "2.0", "filtered" }, { "2.1", "suspend" }, { "2.2", "mailboxfull" },
  { "2.3", "exceedlimit" }, { "2.4", "filtered" }, { "3.0", "systemerror" }, { "3.1", "systemfull" },
  { "3.2", "notaccept" }, { "3.4", "mesgtoobig" }, { "3.5", "systemerror" }, { "4.1", "expired" },
  { "4.2", "networkerror" }, { "4.3", "systemerror" }, { "4.4", "hostunknown" }, { "4.5", "toomanyconn" },
  { "4.6", "networkerror" }, { "4.7", "expired" }, { "5.3", "toomanyconn" }, { "6.0", "contenterror" },
  { "6.7", "contenterror" }, { "7.0", "" }, { "7.1", "rejected" }, { "7.8", "securityerror" }, { "7.20", "authfailure" },
  { "7.21", "authfailure" }, { "7.22", "authfailure" }, { "7.23", "authfailure" }, { "7.24", "authfailure" },
  { "7.25", "requireptr" }, { "7.26", "authfailure" }, { "7.27", "notaccept" },
};

const char *
report_reason (const char *status, const char *text)
{
  g_autofree char *low = g_utf8_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (*said[i].reason != '\0' && strstr (low, said[i].words) != NULL)
      return said[i].reason;
  if (strlen (status) > 2)
    for (guint i = 0; i < G_N_ELEMENTS (numbered); i++)
      if (g_str_equal (status + 2, numbered[i].code))
        return numbered[i].reason;
  return "";
}

/* For good: writing there again cannot succeed. */
static bool
is_hard (const char *action, const char *status, const char *reason)
{
  static const char *const hard[] = { "userunknown", "hostunknown", "hasmoved", "notaccept" };

  if (!g_str_equal (action, "failed") || *status == '4')
    return false;
  for (guint i = 0; i < G_N_ELEMENTS (hard); i++)
    if (g_str_equal (reason, hard[i]))
      return true;
  return false;
}

/* --- codes in text ---------------------------------------------------------------------------- */

static bool
is_boundary (char c)
{
  return !g_ascii_isalnum (c) && c != '.' && c != '-' && c != '@' && c != '_';
}

/* "5.1.1" with class 2, 4 or 5, standing alone. */
static char *
find_status (const char *text)
{
  for (const char *s = text; *s != '\0'; s++)
    {
      gsize subject, detail;

      if ((*s != '2' && *s != '4' && *s != '5') || s[1] != '.' || (s > text && !is_boundary (s[-1]) ))
        continue;
      subject = strspn (s + 2, "0123456789");
      if (subject == 0 || subject > 3 || s[2 + subject] != '.')
        continue;
      detail = strspn (s + 3 + subject, "0123456789");
      if (detail == 0 || detail > 3 || g_ascii_isalnum (s[3 + subject + detail]) ||
          (s[3 + subject + detail] == '.' && g_ascii_isdigit (s[4 + subject + detail])))
        continue;
      return g_strndup (s, 3 + subject + detail);
    }
  return g_strdup ("");
}

/* "550" followed by a space, a dash or an enhanced status. */
static char *
find_reply_code (const char *text)
{
  for (const char *s = text; *s != '\0'; s++)
    if ((*s == '4' || *s == '5') && g_ascii_isdigit (s[1]) && s[1] <= '7' && g_ascii_isdigit (s[2]) &&
        (s == text || strchr (" \t\n:;('\"<>", s[-1]) != NULL) && (s[3] == ' ' || s[3] == '-' || s[3] == '\0' || s[3] == '\n' || s[3] == '\''))
      return g_strndup (s, 3);
  return g_strdup ("");
}

/* --- making one ----------------------------------------------------------------------------------- */

static char *
original_id (const Parse *parse)
{
  const char *text = parse->original_text->str;
  const char *at = text;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  while (at != NULL && ids->len == 0)
    {
      if (g_ascii_strncasecmp (at, "message-id:", 11) == 0)
        {
          const char *end = at + 11;

          do
            end = strchrnul (end + 1, '\n');
          while (*end != '\0' && (end[1] == ' ' || end[1] == '\t'));
          g_autofree char *value = g_strndup (at + 11, (gsize) (end - at - 11));
          message_ids_scan (value, ids);
        }
      at = strchr (at, '\n');
      at = at != NULL ? at + 1 : NULL;
    }
  return g_strdup (ids->len > 0 ? g_ptr_array_index (ids, 0) : "");
}

/* Takes over ACTION and STATUS. */
static void
add_report (Parse *parse, const char *recipient, char *action, char *status, const char *diagnostic)
{
  MessageReport *r;

  if (parse->message->reports->len >= MAX_REPORTS)
    {
      parse_defect (parse, "message", "more reported recipients than are read");
      g_free (action);
      g_free (status);
      return;
    }
  r = g_new0 (MessageReport, 1);
  r->recipient = address_normalise (recipient);
  r->action = action;
  r->status = status;
  r->reply_code = find_reply_code (diagnostic);
  r->reason = g_strdup (report_reason (status, diagnostic));
  if (g_str_equal (action, "delayed") && *r->reason == '\0')
    {
      g_free (r->reason);
      r->reason = g_strdup ("expired");
    }
  if (g_str_equal (action, "delivered") || g_str_equal (action, "relayed") || g_str_equal (action, "expanded"))
    {
      g_free (r->reason);
      r->reason = g_strdup ("delivered");
    }
  r->hard = is_hard (r->action, r->status, r->reason);
  r->original_message_id = original_id (parse);
  g_ptr_array_add (parse->message->reports, r);
}

/* --- RFC 3464 ---------------------------------------------------------------------------------------- */

/* Field NAME of a block of header-like lines, unfolded; NULL when it is not there. */
static char *
block_field (const char *block, const char *name)
{
  gsize length = strlen (name);
  const char *at = block;

  while (at != NULL)
    {
      if (g_ascii_strncasecmp (at, name, length) == 0 && at[length] == ':')
        {
          const char *end = at + length;

          do
            end = strchrnul (end + 1, '\n');
          while (*end != '\0' && (end[1] == ' ' || end[1] == '\t'));
          g_autofree char *value = g_strndup (at + length + 1, (gsize) (end - at - length - 1));
          return clean_line (value, -1);
        }
      at = strchr (at, '\n');
      at = at != NULL ? at + 1 : NULL;
    }
  return NULL;
}

/* "rfc822; a@b" without the type and brackets. */
static char *
typed_value (const char *value)
{
  const char *s = strchr (value, ';');
  g_autofree char *inner = NULL;
  gsize n;

  s = s != NULL ? s + 1 : value;
  s += strspn (s, " <");
  n = strlen (s);
  while (n > 0 && strchr (" >", s[n - 1]) != NULL)
    n--;
  inner = g_strndup (s, n);
  return g_steal_pointer (&inner);
}

static char *
known_action (const char *action)
{
  static const char *const actions[] = { "failed", "delayed", "delivered", "relayed", "expanded" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (action != NULL && g_ascii_strncasecmp (action, actions[i], strlen (actions[i])) == 0)
      return g_strdup (actions[i]);
  return g_strdup ("failed");
}

static void
recipient_block (Parse *parse, const char *block)
{
  g_autofree char *final = block_field (block, "Final-Recipient");
  g_autofree char *original = block_field (block, "Original-Recipient");
  g_autofree char *action = block_field (block, "Action");
  g_autofree char *status_line = block_field (block, "Status");
  g_autofree char *diagnostic = block_field (block, "Diagnostic-Code");
  g_autofree char *recipient = NULL;
  char *status;

  if (final == NULL && original == NULL)
    return;
  recipient = typed_value (final != NULL ? final : original);
  if (strchr (recipient, '@') == NULL && original != NULL)
    {
      g_free (recipient);
      recipient = typed_value (original);
    }
  status = find_status (status_line != NULL ? status_line : "");
  /* "5.0.0" says nothing; what the server answered often says more. */
  if (diagnostic != NULL && (*status == '\0' || g_str_has_suffix (status, ".0.0")))
    {
      g_autofree char *better = find_status (diagnostic);

      if (*better != '\0')
        {
          g_free (status);
          status = g_steal_pointer (&better);
        }
    }
  add_report (parse, recipient, known_action (action), status, diagnostic != NULL ? diagnostic : "");
}

static void
status_blocks (Parse *parse)
{
  g_autofree char *text = clean_text (parse->status_text->str, -1);
  char *block = text;

  while (block != NULL && *block != '\0')
    {
      char *end = strstr (block, "\n\n");

      if (end != NULL)
        *end = '\0';
      recipient_block (parse, block);
      block = end != NULL ? end + 2 + strspn (end + 2, "\n") : NULL;
    }
}

/* A report's recipients without a diagnosis: the explanation above may hold it. */
static void
improve_from_text (Parse *parse)
{
  Message *m = parse->message;

  for (guint i = 0; i < m->reports->len; i++)
    {
      MessageReport *r = g_ptr_array_index (m->reports, i);

      if (*r->reason == '\0' && !g_str_equal (r->action, "delivered"))
        {
          g_free (r->reason);
          r->reason = g_strdup (report_reason (r->status, m->text));
          r->hard = is_hard (r->action, r->status, r->reason);
        }
      if (*r->reply_code == '\0' && m->reports->len == 1)
        {
          g_free (r->reply_code);
          r->reply_code = find_reply_code (m->text);
        }
    }
}

/* --- free form ------------------------------------------------------------------------------------------ */

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

  add_report (parse, recipient, g_strdup (delayed ? "delayed" : "failed"), find_status (words), words);
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

/* Fills the reports.  CERTAIN: it is a report, whatever is found; otherwise false means that it does not look like one. */
bool
report_facts (Parse *parse, bool certain)
{
  g_autofree char *words = NULL;

  status_blocks (parse);
  if (parse->message->reports->len > 0)
    {
      improve_from_text (parse);
      return true;
    }
  words = report_words (parse->message->text);
  failed_recipients_header (parse, words);
  if (parse->message->reports->len == 0)
    free_recipients (parse, words, false);
  if (parse->message->reports->len == 0)
    free_recipients (parse, words, true);
  return certain || parse->message->reports->len > 0;
}
