/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands as a table, and the reader that cuts a message into words and commands.
 */
#include "triage/triage-command-private.h"

#include <string.h>

#include "base/error.h"
#include "base/near.h"

typedef enum { WORDS_NONE, WORDS_OPTIONAL, WORDS_NEEDED } Words;

typedef struct {
  CommandHelp help;
  bool (*read) (Command *command, char **arguments, guint n, const Calendar *calendar,
                GError **error);
  Words words;
} Row;

bool
command_invalid (GError **error, const char *message)
{
  g_set_error_literal (error, QEC_ERROR, QEC_ERROR_INVALID, message);
  return false;
}

char *
command_join (char **arguments, guint from, guint to)
{
  GString *all = g_string_new (NULL);

  for (guint i = from; i < to; i++)
    g_string_append_printf (all, "%s%s", i > from ? " " : "", arguments[i]);
  return g_string_free (all, FALSE);
}

/* A span ("10bd", "2 weeks") or a date, out of the words from FIRST on. */
static bool
read_due (Command *command, char **first, const Calendar *calendar, GError **error)
{
  g_autofree char *text = g_strjoinv (" ", first);

  if (span_parse (text, &command->span, NULL))
    {
      command->has_span = true;
      return command->span.n > 0 || command_invalid (error, "the time must lie ahead");
    }
  if (calendar_parse_date (calendar, text, &command->due, NULL))
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
               "'%s' is not a time; write 10bd (business days), 14d (days) or 2026-12-31", text);
  return false;
}

static bool
read_finding (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 2)
    return command_invalid (error, "write the element and one finding");
  command->element = g_strdup (arguments[0]);
  command->value = g_ascii_strdown (arguments[1], -1);
  return true;
}

static bool
read_clarify (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n == 0)
    return command_invalid (error, "write the element the question is about");
  command->element = g_strdup (arguments[0]);
  if (n == 1)
    return true;
  if (g_ascii_strcasecmp (arguments[1], "due") != 0 && g_ascii_strcasecmp (arguments[1], "by") != 0)
    return command_invalid (
      error,
      "after the element only 'due' and a time can stand; the question goes into the lines below");
  return n > 2 ? read_due (command, arguments + 2, calendar, error)
               : command_invalid (error, "write a time after 'due'");
}

static bool
read_extend (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n < 2)
    return command_invalid (error, "write the element and by how long, or until when");
  command->element = g_strdup (arguments[0]);
  return read_due (command, arguments + 1, calendar, error);
}

static bool
read_person (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1)
    return command_invalid (error, "write one address of the roster");
  command->value = g_ascii_strdown (arguments[0], -1);
  return true;
}

static bool
read_category (Command *command, char **arguments, guint n, const Calendar *calendar,
               GError **error)
{
  if (n != 1)
    return command_invalid (error, "write one category after it");
  command->value = g_ascii_strdown (arguments[0], -1);
  return true;
}

/* "/introduce 1.1 letter" */
static bool
read_signed (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1 && n != 2)
    return command_invalid (
      error, "write the element, and one of its documents if it is about that one only");
  command->element = g_strdup (arguments[0]);
  command->value = n == 2 ? g_ascii_strdown (arguments[1], -1) : NULL;
  return true;
}

/* "/retire-signer chief@acme.example", or the fingerprint as people copy it: with colons */
static bool
read_signer (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1)
    return command_invalid (error, "write the address in the certificate, or its fingerprint");
  g_auto (GStrv) parts =
    g_strsplit (arguments[0], strchr (arguments[0], '@') != NULL ? "\n" : ":", -1);
  g_autofree char *bare = g_strjoinv ("", parts);
  command->value = g_ascii_strdown (bare, -1);
  return true;
}

/* The rest of the line is the first of the words. */
static bool
read_note (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n > 0)
    command->text = g_strjoinv (" ", arguments);
  return true;
}

/* "/decide approve" is the event "decide approve". */
static bool
read_word (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1)
    return command_invalid (error, "write one word after it");
  g_free (command->event);
  command->value = g_ascii_strdown (arguments[0], -1);
  command->event = g_strdup_printf ("%s %s", command->name, command->value);
  return true;
}

/* "/mark agreement-signed 2027-03-01 of Acme Analytics" is the event "mark agreement-signed". */
static bool
read_mark (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  guint of = 1;

  if (n == 0)
    return command_invalid (error, "write the word for what happened");
  while (of < n && g_ascii_strcasecmp (arguments[of], "of") != 0)
    of++;
  if (of + 1 == n)
    return command_invalid (error, "write the organization's name after 'of'");
  if (!read_word (command, arguments, 1, calendar, error))
    return false;
  g_autofree char *date = command_join (arguments, 1, of);
  command->party = of < n ? command_join (arguments, of + 1, n) : NULL;
  if (date[0] == '\0' || calendar_parse_date (calendar, date, &command->date, NULL))
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "'%s' is not a date; write such as 2026-12-31",
               date);
  return false;
}

/* "/set delivery-day 2029-03-01" is the event "set delivery-day". */
static bool
read_set (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n < 2)
    return command_invalid (error, "write the field and its value");
  g_free (command->event);
  command->event = g_strdup_printf ("%s %s", command->name, arguments[0]);
  command->value = g_strjoinv (" ", arguments + 1);
  return true;
}

/* "/open change edition 2016" */
static bool
read_open (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1 && (n != 3 || g_ascii_strcasecmp (arguments[1], "edition") != 0))
    return command_invalid (
      error, "write the kind of case, and 'edition' with its name if it is not the usual one");
  command->value = g_ascii_strdown (arguments[0], -1);
  command->element = g_strdup (n == 3 ? arguments[2] : NULL);
  return true;
}

/* "/case APP-2026-0001" */
static bool
read_case (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1)
    return command_invalid (error, "write the number of the case");
  command->value = g_ascii_strup (arguments[0], -1);
  return true;
}

/* "/office program@office.example" */
static bool
read_office (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  if (n != 1 || !command_is_address (arguments[0]))
    return command_invalid (error, "write the address of the office");
  command->value = g_ascii_strdown (arguments[0], -1);
  return true;
}

static bool
read_nothing (Command *command, char **arguments, guint n, const Calendar *calendar, GError **error)
{
  return n == 0 || command_invalid (error, "nothing can stand after it");
}

static const Row rows[] = {
  { { "finding", "/finding ELEMENT FINDING", "record what you found about an element; reasons may stand below" },
    read_finding, WORDS_OPTIONAL },
  { { "clarify", "/clarify ELEMENT [due 10bd]", "ask the applicant the question that stands below" },
    read_clarify, WORDS_NEEDED },
  { { "extend", "/extend ELEMENT 5bd", "move the due date of an open clarification" }, read_extend, WORDS_OPTIONAL },
  { { "assign", "/assign ADDRESS", "give the case to another person" }, read_person, WORDS_NONE },
  { { "introduce", "/introduce ELEMENT [DOCUMENT]", "who signed it is whom we know in that role, with that certificate" },
    read_signed, WORDS_NONE },
  { { "retire-signer", "/retire-signer ADDRESS|FINGERPRINT", "what comes signed with that certificate does not count any more, for this organization, or in a mail without a case for all; the reason may stand below" },
    read_signer, WORDS_OPTIONAL },
  { { "accept-signature", "/accept-signature ELEMENT [DOCUMENT]", "its signature does not count, and it counts all the same; the reason below" },
    read_signed, WORDS_NEEDED },
  { { "note", "/note TEXT", "write into the case's history; nobody outside sees it" }, read_note, WORDS_OPTIONAL },
  { { "remind", "/remind 10bd|2026-12-31 [TEXT]", "we write to you about the case on that day; /remind off: not any more" }, command_read_remind,
    WORDS_OPTIONAL },
  { { "link", "/link NUMBER", "the two cases have to do with each other: whoever looks at one sees the other; /link NUMBER off: not any more" },
    command_read_link, WORDS_NONE },
  { { "close", "/close [REASON]", "close it, or, in answer to a notice about a held message, say that nobody needs to answer" }, read_note,
    WORDS_OPTIONAL },
  { { "on-behalf-of", "/on-behalf-of ADDRESS",
      "what stands below (or is forwarded, or attached) came from that contact, by phone or paper; it is filed, and marked as yours" },
    command_read_behalf, WORDS_OPTIONAL },
  { { "merge", "/merge NUMBER", "this case ends, and that one of the same organization goes on: what still comes for this one goes there" },
    command_read_merge, WORDS_NONE },
  { { "split", "/split [TYPE][: FILE, FILE]",
      "the message you answer holds a second matter, which goes on in a case of its own, with these files of it; below, what of it, or all" },
    command_read_split, WORDS_OPTIONAL },
  { { "recommend", "/recommend approve", "recommend a decision; reasons may stand below" }, read_word, WORDS_OPTIONAL },
  { { "decide", "/decide approve", "decide; what stands below goes into the notice" }, read_word, WORDS_OPTIONAL },
  { { "mark", "/mark WORD [2026-12-31] [of NAME]", "something happened outside the mail, that day or today; to one organization" },
    read_mark, WORDS_OPTIONAL },
  { { "open", "/open TYPE [edition NAME]", "open a further case of the same organization" }, read_open, WORDS_NONE },
  { { "migrate", "/migrate", "let the case go on by today's definition of the program" }, read_nothing, WORDS_NONE },
  { { "party", "/party NAME access|no-access [from 2026-12-31] [ROLE]",
      "an organization works with the applicant, with access to the data or without; /party end NAME [2026-12-31]: no longer" },
    command_read_party, WORDS_NONE },
  { { "contact", "/contact ADDRESS [NAME]", "somebody else speaks for the organization, too; /contact end ADDRESS: no longer, from this moment" },
    command_read_contact, WORDS_NONE },
  { { "ask-contact", "/ask-contact ADDRESS [NAME]", "the people we know are asked whether somebody else is to speak for the organization, too" },
    command_read_ask_contact, WORDS_NONE },
  { { "language", "/language LANGUAGE [ADDRESS]", "the language in which a contact of the case, or each of them, gets mail" },
    command_read_language, WORDS_NONE },
  { { "set", "/set FIELD VALUE", "write a field of the case" }, read_set, WORDS_OPTIONAL },
  { { "away", "/away [DATE] until DATE [deputy PERSON]",
      "in a message of its own: you are away; who stands in gets your mail, and new work goes to others" }, command_read_away, WORDS_NONE },
  { { "back", "/back", "in a message of its own: you are back before that, or do not go" }, read_nothing, WORDS_NONE },
  { { "roster", "/roster add ADDRESS NAME ROLE... | role ADDRESS +ROLE -ROLE | leave ADDRESS | away ADDRESS [DATE] until DATE [deputy PERSON] | back ADDRESS",
      "in a message of its own, signed, below /office: somebody comes, has other roles, leaves for good, or is away for a time" },
    command_read_roster, WORDS_NONE },
  { { "withdraw-proposal", "/withdraw-proposal", "take back what you proposed and no second person has agreed to yet" }, read_nothing,
    WORDS_NONE },
  { { "case", "/case NUMBER", "which case all this is for; a message that must be signed has to say so" }, read_case, WORDS_NONE },
  { { "office", "/office ADDRESS", "which office all this is for; a signed message about the roster has to say so" }, read_office, WORDS_NONE },
  { { "done", "/done", "in answer to a notice about a held message: nobody needs to answer it" }, read_nothing,
    WORDS_NONE },
  { { "route", "/route CATEGORY", "in answer to a notice about a held message: what it is; who looks after such mail is told" },
    read_category, WORDS_OPTIONAL },
  { { "search", "/search WORDS", "the newest messages in which all of them stand, in a mail of its own; nothing of confidential cases" },
    command_read_search, WORDS_NONE },
  { { "status", "/status", "show where the case stands" }, read_nothing, WORDS_NONE },
  { { "help", "/help", "show these commands" }, read_nothing, WORDS_NONE },
};

const CommandHelp *
command_help (void)
{
  static CommandHelp help[G_N_ELEMENTS (rows) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    help[i] = rows[i].help;
  return help;
}

static const Row *
find_row (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_ascii_strcasecmp (rows[i].help.name, name) == 0)
      return &rows[i];
  return NULL;
}

static void
command_free (gpointer data)
{
  Command *command = data;

  g_free (command->line);
  g_free (command->name);
  g_free (command->event);
  g_free (command->element);
  g_free (command->value);
  g_free (command->text);
  g_free (command->party);
  g_free (command->other);
  g_free (command->files);
  g_free (command->since);
  g_free (command->until);
  g_free (command->error);
  g_free (command);
}

void
command_reading_free (CommandReading *reading)
{
  if (reading == NULL)
    return;
  g_free (reading->words);
  g_ptr_array_unref (reading->commands);
  g_free (reading);
}

static char **
words_of (const char *text)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_auto (GStrv) all = g_strsplit_set (text, " \t", -1);

  for (char **w = all; *w != NULL; w++)
    if (**w != '\0')
      g_ptr_array_add (words, g_strdup (*w));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

static char *
unknown (const char *name)
{
  const char *names[G_N_ELEMENTS (rows) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    names[i] = rows[i].help.name;
  const char *meant = near_word (name, names);

  return meant != NULL ? g_strdup_printf (
           "there is no command '/%s'; did you mean '/%s'? /help lists them", name, meant)
                       : g_strdup_printf ("there is no command '/%s'; /help lists them", name);
}

static Command *
read_command (const char *line, const Calendar *calendar)
{
  Command *command = g_new0 (Command, 1);
  g_auto (GStrv) words = words_of (line + 1);
  g_autoptr (GError) error = NULL;
  const Row *row = words[0] != NULL ? find_row (words[0]) : NULL;

  command->line = g_strdup (line);
  if (row == NULL)
    {
      command->name = g_strdup (words[0] != NULL ? words[0] : "");
      command->error = unknown (command->name);
      return command;
    }
  command->name = g_strdup (row->help.name);
  command->event = g_strdup (row->help.name);
  if (!row->read (command, words + 1, g_strv_length (words) - 1, calendar, &error))
    command->error = g_strdup_printf ("%s (%s)", error->message, row->help.syntax);
  return command;
}

/* The lines that belong to a command have come to an end: do they fit? */
static void
end_command (Command *command, const char *below)
{
  const Row *row = command != NULL ? find_row (command->name) : NULL;
  g_autofree char *text = g_strstrip (g_strdup (below));

  if (row == NULL || command->error != NULL)
    return;
  if (text[0] != '\0' && row->words == WORDS_NONE)
    command->error =
      g_strdup_printf ("%s takes no text below it; words for the applicant stand above the first "
                       "command",
                       row->help.syntax);
  else if (text[0] == '\0' && row->words == WORDS_NEEDED)
    command->error = g_strdup_printf ("%s needs the question, or the reason, in the lines below it",
                                      row->help.syntax);
  else if (text[0] != '\0' && command->text != NULL)
    {
      char *both = g_strconcat (command->text, "\n", text, NULL);

      g_free (command->text);
      command->text = both;
    }
  else if (text[0] != '\0')
    command->text = g_steal_pointer (&text);
}

/* A first line such as "finding 1.2 met" or "\decide approve" was meant as a command. */
static char *
meant_as_command (const char *line)
{
  g_auto (GStrv) words = words_of (line);
  const char *first = words[0] != NULL ? words[0] : "";

  if (first[0] == '\\' || first[0] == '!' || (first[0] == ':' && g_ascii_isalpha (first[1])))
    return find_row (first + 1) != NULL
             ? g_strdup_printf ("commands begin with '/': /%s", first + 1)
             : NULL;
  if (find_row (first) == NULL || g_strv_length (words) < 2 || g_strv_length (words) > 4)
    return NULL;
  return g_strdup_printf ("this looks like a command without its '/': /%s", first);
}

/* A line that is a command or was meant as one: "/decide", "/", "//note", "/ decide approve"; as
 * the FIRST line whatever begins with a slash, so that it never goes to the applicant. */
static bool
is_command (const char *line, bool first)
{
  if (line[0] != '/')
    return false;
  if (first || g_ascii_isalpha (line[1]) || line[1] == '\0' || line[1] == '/')
    return true;
  g_auto (GStrv) words = words_of (line + 1);
  return words[0] != NULL && find_row (words[0]) != NULL;
}

CommandReading *
commands_read (const char *new_text, const Calendar *calendar)
{
  CommandReading *reading = g_new0 (CommandReading, 1);
  g_auto (GStrv) lines = g_strsplit (new_text, "\n", -1);
  g_autoptr (GString) words = g_string_new (NULL), below = g_string_new (NULL);
  Command *open = NULL;
  bool first = true;

  reading->commands = g_ptr_array_new_with_free_func (command_free);
  for (char **l = lines; *l != NULL; l++)
    {
      g_autofree char *line = g_strstrip (g_strdup (*l));
      g_autofree char *meant = first && line[0] != '\0' ? meant_as_command (line) : NULL;

      bool command = is_command (line, first);

      first = first && line[0] == '\0';
      if (command)
        {
          end_command (open, below->str);
          g_string_truncate (below, 0);
          open = read_command (line, calendar);
          g_ptr_array_add (reading->commands, open);
        }
      else if (meant != NULL)
        {
          open = g_new0 (Command, 1);
          open->line = g_strdup (line);
          open->name = g_strdup ("");
          open->error = g_steal_pointer (&meant);
          g_ptr_array_add (reading->commands, open);
        }
      else
        g_string_append_printf (open != NULL ? below : words, "%s\n", *l);
    }
  end_command (open, below->str);
  for (guint i = 0; i < reading->commands->len; i++)
    reading->refused |= ((const Command *) reading->commands->pdata[i])->error != NULL;
  reading->words = g_strstrip (g_string_free (g_steal_pointer (&words), FALSE));
  return reading;
}

CommandReading *
commands_of (const Message *message, const Calendar *calendar)
{
  return commands_read (message_passes_on (message) ? "" : message->new_text, calendar);
}
