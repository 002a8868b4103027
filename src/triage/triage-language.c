/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a language are few and everyday ("the", "of"; "el", "de"): nobody writes long
 * without them.  What the header says comes second: a program that is set to English writes so on
 * everything.
 */
#include "triage/triage-language.h"

#include <string.h>

enum { TEXT_READ = 4000, LEAST_WORDS = 4, MARGIN = 3 };

/* How many words of FLAT (see fold_words()) are among those of LANGUAGE, each as often as it stands
 * there. */
static guint
count (const ProgramLanguage *language, const char *flat)
{
  guint n = 0;

  for (char **word = language->words; *word != NULL; word++)
    for (const char *p = flat; (p = strstr (p, *word)) != NULL;
         p += strlen (*word) - 1) /* two share the blank between them */
      n++;
  return n;
}

/* The language FLAT has clearly more words of than of any other. */
static const ProgramLanguage *
by_words (const Program *program, const char *flat)
{
  const ProgramLanguage *best = NULL;
  guint most = 0, second = 0;

  for (guint i = 0; i < program->languages->len; i++)
    {
      const ProgramLanguage *language = program->languages->pdata[i];
      guint n = count (language, flat);

      second = MAX (second, MIN (n, most));
      if (n > most)
        {
          most = n;
          best = language;
        }
    }
  return most >= LEAST_WORDS && most >= MARGIN * second ? best : NULL;
}

const ProgramLanguage *
triage_language (const Program *program, const Message *message)
{
  const MessageWords *words = message_words (message);
  g_autofree char *start = g_strndup (words->text, TEXT_READ),
                  *both = g_strconcat (words->subject, start, NULL);
  const ProgramLanguage *said = by_words (program, both);

  return said != NULL || message->language[0] == '\0'
           ? said
           : program_language (program, message->language);
}
