/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Why a mail was not delivered: what the server said (message-report-words.c), then its number,
 * then the step of the dialogue at which it said so (message-report-stage.c).
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_GAP 80   /* bytes that a "*" in a phrase stands for at most */

/* "mx.example.net": letters behind the last of its dots, and nothing around it. */
static bool
is_host (const char *s, gsize n)
{
  const char *dot = memrchr (s, '.', n);
  gsize top = dot != NULL ? (gsize) (s + n - dot - 1) : 0;

  return top >= 2 && top <= 6 && dot > s
         && strspn (s, "abcdefghijklmnopqrstuvwxyz0123456789.-") >= n
         && strspn (dot + 1, "abcdefghijklmnopqrstuvwxyz") >= top;
}

/* Lower case, one blank between words, and without what only looks like words: addresses ("@"
 * stands for each), hosts
 * ("%h"), numbers, fragments of links, and the "550-5.7.1" that is repeated at the head of each
 * line of an answer. */
static char *
plain_words (const char *text)
{
  g_autofree char *low = g_utf8_strdown (text, -1);
  GString *out = g_string_sized_new (strlen (low));

  for (const char *s = low + strspn (low, " \t\n"); *s != '\0';)
    {
      gsize n = strcspn (s, " \t\n");
      bool repeated = n > 3 && strspn (s, "0123456789") == 3 && s[3] == '-'
                      && strspn (s + 4, "0123456789.") == n - 4;
      const char *hash = memmem (s, n, "://", 3) != NULL ? memchr (s, '#', n) : NULL;

      if (memchr (s, '@', n) != NULL)
        g_string_append_c (out, '@');
      else if (is_host (s, n))
        g_string_append (out, "%h");
      else if (!repeated && strspn (s, "0123456789.") < n)
        g_string_append_len (out, s, hash != NULL ? hash - s : (gssize) n);
      s += n;
      s += strspn (s, " \t\n");
      if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  return g_string_free (out, FALSE);
}

/* Whether PHRASE, which ends before END, begins a word of TEXT; each "*" bridges a gap. */
static bool
holds_phrase (const char *text, const char *phrase, const char *end)
{
  const char *star = memchr (phrase, '*', (gsize) (end - phrase));
  const char *head_end = star != NULL ? star : end;

  while (head_end > phrase && star != NULL && head_end[-1] == ' ')
    head_end--;
  if (head_end == phrase)
    return star == NULL;
  for (const char *at = text;
       (at = memmem (at, strlen (at), phrase, (gsize) (head_end - phrase))) != NULL; at++)
    {
      const char *rest = at + (head_end - phrase);

      if (at > text && g_ascii_isalnum (at[-1]) && g_ascii_isalnum (*phrase))
        continue;
      if (star == NULL)
        return true;
      g_autofree char *near = g_strndup (rest, MAX_GAP);
      const char *next = star + 1;

      while (next < end && *next == ' ')
        next++;
      if (holds_phrase (near, next, end))
        return true;
    }
  return false;
}

static const ReportWords *
said (const ReportWords *rows, guint n, const char *text)
{
  static const ReportWords nothing = { "", "", false };

  for (guint i = 0; i < n && *text != '\0'; i++)
    for (const char *phrase = rows[i].phrases; *phrase != '\0';)
      {
        const char *end = strchrnul (phrase, '|');

        if (holds_phrase (text, phrase, end))
          return &rows[i];
        phrase = *end != '\0' ? end + 1 : end;
      }
  return &nothing;
}

static const char *
numbered (const char *status)
{
  unsigned detail;

  /* "4.5.0" is a server that cannot now, not one that did not understand. */
  if (strlen (status) < 4 || g_str_has_prefix (status, "4.5."))
    return "";
  for (guint i = 0; i < report_numbers_n; i++)
    if (g_str_equal (status + 2, report_numbers[i].number))
      return report_numbers[i].reason;
  /* Exchange Online numbers its refusals of senders in ranges. */
  if (sscanf (status + 1, ".7.%u", &detail) == 1 && detail >= 500)
    return detail <= 503                    ? "spamdetected"
           : detail >= 606 && detail <= 649 ? "blocked"
           : detail >= 700                  ? "toomanyconn"
                                            : "";
  return "";
}

/* "5.1.0" to "5.1.99": about the address. */
static bool
is_of_address (const char *status)
{
  return strlen (status) > 3 && strncmp (status + 1, ".1.", 3) == 0;
}

/* "No such user" means another thing when it is said of the sender, or after the recipient had been
 * accepted.  QUOTED: a server said it, and nobody knows in answer to what: unless its number speaks
 * of the address, it may have been any filter's, and is not believed for ever. */
static const char *
at_stage (const char *reason, const char *status, ReportStage stage, bool quoted)
{
  bool nobody = g_str_equal (reason, "userunknown"), nowhere = g_str_equal (reason, "hostunknown");
  bool forbidden = g_str_equal (reason, "securityerror");

  if (stage == STAGE_SENDER && (nobody || nowhere || forbidden))
    return "rejected";
  if (nobody
      && (stage == STAGE_ACCEPTED
          || (!is_of_address (status)
              && (stage == STAGE_DATA || (stage == STAGE_UNKNOWN && quoted)))))
    return "filtered";
  if (stage == STAGE_CONNECT && g_str_equal (reason, "rejected"))
    return "blocked";
  /* X.2.3 is the limit of one mailbox, whatever its server calls it. */
  if (g_str_equal (reason, "mesgtoobig") && g_str_has_suffix (status, ".2.3"))
    return "exceedlimit";
  return reason;
}

/* What the system that reports knows by itself, it says in words of its own; RFC 3464 names the
 * kind of an answer before it: "smtp; 550 ...". */
static bool
is_of_server (const char *answer)
{
  gsize n = strspn (answer, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
  bool typed = n > 0 && answer[n + strspn (answer + n, " ")] == ';';

  return *answer != '\0' && (!typed || (n == 4 && g_ascii_strncasecmp (answer, "smtp", 4) == 0));
}

const char *
report_reason (const char *status, const char *answer, const char *words, ReportStage stage)
{
  static const char *const refused[] = {
    [STAGE_UNKNOWN] = "", [STAGE_CONNECT] = "blocked", [STAGE_SENDER] = "rejected", [STAGE_RECIPIENT] = "userunknown",
    [STAGE_DATA] = "filtered", [STAGE_ACCEPTED] = "",
  };
  g_autofree char *of_server = plain_words (answer);
  g_autofree char *of_report = plain_words (words);
  const ReportWords *row = said (report_words_strong, report_words_strong_n, of_server);
  const char *by_number = numbered (status);
  bool quoted =
    is_of_server (answer) || (*of_server == '\0' && strstr (of_report, "user unknown") != NULL);

  if (*row->reason == '\0' && *of_server == '\0')
    row = said (report_words_strong, report_words_strong_n, of_report);
  if (*row->reason == '\0' && *by_number != '\0')
    return at_stage (by_number, status, stage, quoted);
  if (*row->reason == '\0')
    row = said (report_words_strong, report_words_strong_n, of_report);
  if (*row->reason == '\0')
    row = said (report_words_weak, report_words_weak_n, of_server);
  if (*row->reason == '\0')
    row = said (report_words_weak, report_words_weak_n, of_report);
  if (*row->reason == '\0' && *refused[stage] != '\0')
    return refused[stage];
  /* An answer that nobody understands yet is not the same as none. */
  if (*row->reason == '\0')
    return *of_server != '\0' ? "onhold" : "";
  return row->at_any_stage ? row->reason : at_stage (row->reason, status, stage, quoted);
}

bool
report_is_hard (const char *action, const char *reason)
{
  static const char *const hard[] = { "userunknown", "hostunknown", "hasmoved", "notaccept" };

  for (guint i = 0; i < G_N_ELEMENTS (hard); i++)
    if (g_str_equal (action, "failed") && g_str_equal (reason, hard[i]))
      return true;
  return false;
}

static ReportStage
stage_of_step (const char *step)
{
  static const struct {
    const char *step;
    ReportStage stage;
  } steps[] = {
    { "connect", STAGE_CONNECT }, { "sender", STAGE_SENDER }, { "recipient", STAGE_RECIPIENT }, { "data", STAGE_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (step, steps[i].step))
      return steps[i].stage;
  return STAGE_UNKNOWN;
}

const char *
message_refusal_reason (const MessageRefusal *refusal, bool *hard)
{
  g_autofree char *answer = g_strdup_printf ("%d %s", refusal->code, refusal->text);
  bool said = refusal->code != 0;
  /* Without a reply there is a number at most, of our own, and no words of a server. */
  const char *reason =
    said || refusal->status[0] != '\0'
      ? report_reason (refusal->status, said ? answer : "", "", stage_of_step (refusal->step))
      : "";

  *hard = report_is_hard ("failed", reason);
  return reason;
}

char *
message_reason_text (const char *code, const char *status, const char *reason)
{
  g_autofree char *numbers = g_strstrip (g_strdup_printf ("%s %s", code, status));

  return g_strdup_printf ("%s%s%s", numbers, numbers[0] != '\0' ? ": " : "",
                          message_reason_words (reason));
}

const char *
message_reason_words (const char *reason)
{
  static const char *const words[][2] = {
    { "authfailure", "the mail could not be authenticated (SPF, DKIM or DMARC)" },
    { "badreputation", "our sending server has a bad reputation there" },
    { "blocked", "our sending server is blocked there" },
    { "contenterror", "something in the mail was not accepted" },
    { "exceedlimit", "the mail exceeds a limit there" },
    { "expired", "delivery was tried for days" },
    { "filtered", "a filter there refused it" },
    { "hasmoved", "the person has moved to another address" },
    { "hostunknown", "the domain does not exist" },
    { "mailboxfull", "the mailbox is full" },
    { "mailererror", "a program there failed" },
    { "mesgtoobig", "the mail is too large for it" },
    { "networkerror", "the network failed on the way" },
    { "norelaying", "the server does not pass mail on to that address" },
    { "notaccept", "the domain takes no mail" },
    { "notcompliantrfc", "the server says that the mail does not obey a standard" },
    { "onhold", "nobody knows what its answer means" },
    { "policyviolation", "a policy there forbids it" },
    { "rejected", "it does not take mail from our address" },
    { "requireptr", "our sending server has no name in the DNS" },
    { "securityerror", "a security rule there forbids it" },
    { "spamdetected", "it was taken for spam" },
    { "suspend", "the mailbox is suspended" },
    { "syntaxerror", "the servers did not understand each other" },
    { "systemerror", "the server there has a fault" },
    { "systemfull", "the disk of the server there is full" },
    { "toomanyconn", "there were too many connections" },
    { "userunknown", "nobody there has this address" },
    { "virusdetected", "it was taken for a virus" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (reason, words[i][0]))
      return words[i][1];
  return "it gave no reason";
}
