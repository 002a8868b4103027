/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Why a mail was not delivered, by the words and the codes of the server that refused it.
 *
 * A phrase that a server uses and that is not understood yet is a row here.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

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

bool
report_is_hard (const char *action, const char *status, const char *reason)
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
char *
report_find_status (const char *text)
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
char *
report_find_reply_code (const char *text)
{
  for (const char *s = text; *s != '\0'; s++)
    if ((*s == '4' || *s == '5') && g_ascii_isdigit (s[1]) && s[1] <= '7' && g_ascii_isdigit (s[2]) &&
        (s == text || strchr (" \t\n:;('\"<>", s[-1]) != NULL) && (s[3] == ' ' || s[3] == '-' || s[3] == '\0' || s[3] == '\n' || s[3] == '\''))
      return g_strndup (s, 3);
  return g_strdup ("");
}
