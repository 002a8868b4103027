/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What somebody says in a line: words in the subject alone, and "help TOPIC", a request that a
 * machine may answer, because nothing else stands in the message.
 */
#include "triage/triage.h"

#include <string.h>

/* More words than this after "help" are a question for a person: "help, we cannot send our
 * documents because ...". */
enum { TOPIC_WORDS_MAX = 6 };

const char *
triage_bare_subject (const char *subject)
{
  static const char *const marks[] = { "re:", "aw:", "fwd:", "fw:", "sv:", "rv:" };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      subject += strspn (subject, " ");
      if (g_ascii_strncasecmp (subject, marks[i], strlen (marks[i])) != 0)
        continue;
      subject += strlen (marks[i]);
      i = (guint) -1; /* there may be more of them, in any order */
    }
  return subject;
}

/* The topic when LINE is "help", "HELP: fees", "Help with the fees and costs?"; NULL when it is
 * something else. */
static char *
topic_of (const char *line)
{
  g_autofree char *flat = g_strdup (line);
  const char *rest = g_strdelimit (flat, "*_`\"'()<>[]:,.!?\t", ' ');
  g_auto (GStrv) words = NULL;
  guint n = 0, from = 1;

  words = g_strsplit_set (rest, " ", -1);
  for (char **word = words; *word != NULL; word++)
    if (**word == '\0')
      g_free (*word);
    else
      words[n++] = *word;
  words[n] = NULL;
  if (n == 0 || g_ascii_strcasecmp (words[0], "help") != 0 || n - 1 > TOPIC_WORDS_MAX)
    return NULL;
  while (from < n
         && (g_ascii_strcasecmp (words[from], "with") == 0
             || g_ascii_strcasecmp (words[from], "on") == 0
             || g_ascii_strcasecmp (words[from], "about") == 0
             || g_ascii_strcasecmp (words[from], "the") == 0))
    from++;
  return g_strjoinv (" ", words + from);
}

char *
triage_topic (const char *subject, const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *end = strchr (stripped, '\n');
  char *topic = end == NULL ? topic_of (stripped) : NULL;

  /* A signature below the line is cut off already; an empty message may ask in its subject. */
  if (topic == NULL && stripped[0] == '\0')
    topic = topic_of (triage_bare_subject (subject));
  return topic;
}

/* "Antw:", "RE :", "Ynt:": of whatever language, in the thread of another mail. */
static bool
has_any_mark (const char *subject)
{
  const char *end = strchr (subject, ':');
  g_autofree char *mark =
    end != NULL ? g_strstrip (g_strndup (subject, (gsize) (end - subject))) : NULL;

  return mark != NULL && g_utf8_strlen (mark, -1) <= 5 && strchr (mark, ' ') == NULL;
}

/* SUBJECT without tags such as "[APP-2026-0001]". */
static char *
without_tags (const char *subject)
{
  GString *out = g_string_new (NULL);

  for (const char *s = subject; *s != '\0'; s++)
    {
      const char *end = *s == '[' ? strchr (s, ']') : NULL;

      if (end != NULL)
        s = end;
      else
        g_string_append_c (out, *s);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

char *
triage_words (const Message *m)
{
  g_autofree char *text = g_strstrip (g_strdup (m->new_text));
  g_autofree char *subject = text[0] == '\0' ? without_tags (m->subject) : NULL;
  bool threaded = m->in_reply_to->len > 0 || m->references->len > 0;

  if (subject == NULL)
    return g_strdup (m->new_text);
  return triage_bare_subject (subject) != subject || (threaded && has_any_mark (subject))
           ? g_strdup ("")
           : g_steal_pointer (&subject);
}
