/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp case timeline`: what happened in a case, as a person tells it.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "store/journal.h"

/* How an event reads: the first row that fits counts.  {NAME} stands for a member of its detail,
 * [words {NAME}] for nothing where the member is missing; a row with a member and no value fits
 * where that is missing; without words it is no news for a person. */
static const struct {
  const char *kind, *member, *value, *words;
} sentences[] = {
  { "case.opened", NULL, NULL, "case opened for {organization}" },
  { "case.state", NULL, NULL, "now {to}, was {from}" },
  { "case.owner", NULL, NULL, "given to {owner}" },
  { "case.field", NULL, NULL, "{name}: {value}" },
  { "case.document", "status", "unclear", "received, but unclear what it is: {file}" },
  { "case.document", "status", "enclosed", "enclosed: {file}" },
  { "case.document", NULL, NULL, "received {element} {document}[ of {party}]: {file}" },
  { "case.document-moved", NULL, NULL, "goes on in {case}: {file}; by {by}" },
  { "case.document-status", NULL, NULL, NULL },
  { "case.finding", NULL, NULL, "finding {element} {finding}, by {by}" },
  { "case.clarification", "what", "opened", "question about {element}, by {by}: {text}" },
  { "case.clarification", "what", "answered", "question about {element} answered, by {by}" },
  { "case.clarification", "what", "extended", "more time for the question about {element}" },
  { "case.signer", "what", "retired", "retired as {role}, by {by}: {name}, certificate {fingerprint}" },
  { "case.signer", NULL, NULL, "introduced as {role}, by {by}: {name}" },
  { "case.signature-accepted", NULL, NULL, "signature on {element} {document} accepted as it is, by {by}: {text}" },
  { "case.party", NULL, NULL, "party: {party}, {access}[, {role}][, from {since}][, until {until}]; by {by}" },
  { "case.proposal", "status", "open", "proposed by {by}, 1 of 2: {what}[; {text}]" },
  { "case.proposal", "status", "seconded", "2 of 2, proposed by {by}: {what}" },
  { "case.proposal", NULL, NULL, "proposal of {by} {status}: {what}" },
  { "case.definition", NULL, NULL, "goes by version {to} of the rules, was {from}; by {by}" },
  { "case.note", "what", "on-behalf-of", "entered by {by}: {text}" },
  { "case.link", "what", "joined", "joined with {case}, which goes on; by {by}" },
  { "case.link", "what", "took-in", "{case} was joined with this case, by {by}" },
  { "case.link", "what", "linked", "linked with {case}, by {by}" },
  { "case.link", "what", "unlinked", "no longer linked with {case}, by {by}" },
  { "case.signal", NULL, NULL, "told {to}: {signal}" },
  { "case.clarification", "what", "moved", NULL }, /* its timer tells */
  { "case.timer-moved", NULL, NULL, 
    "date moved ({what}): {timer}, was {was}, now {due}; {why}[; by {by}]; calendar {calendar}" },
  { "case.timer", "reminder", NULL,
    "date set: {timer}, {due}[, for {for}][: {text}]; {why}[; {basis}][: {source}][, rule {rule}]; start {start}; calendar {calendar}" },
  { "case.timer", NULL, NULL, NULL },
  { "case.timer-status", "what", "fired", "date came: {timer} {reminder}" },
  { "case.timer-status", NULL, NULL, NULL },
  { "message.unread", "why", NULL, "could not be read: page {pages} of {file}, which shows more than text" },
  { "message.unread", NULL, NULL, "could not be read: {file}; {why}" },
  { "message", NULL, NULL, "mail from {from}: {reason}" },
  { "outbox.queued", NULL, NULL, "mail to {rcpt}: {subject}" },
  { "delivery", "status", "accepted", NULL },
  { "outbox.sent-before", NULL, NULL, NULL },
};

/* The members as they are, for events that have no sentence. */
static char *
members (const JournalEvent *event)
{
  static const char *const names[] = {
    "ref",  "outcome", "from",   "to",    "owner",    "name",   "value", "element", "document",
    "file", "finding", "what",   "timer", "reminder", "notice", "rcpt",  "status",  "by",
    "why",  "basis",   "source", "rule",  "calendar", "reason", "reply", "text"
  };
  GString *line = g_string_new (NULL);

  g_string_printf (line, "%-20s ", event->kind);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *value = journal_member (event->detail, names[i]);

      if (value != NULL && value[0] != '\0')
        g_string_append_printf (line, "%s%s: %s", line->len > 21 ? ", " : "", names[i], value);
    }
  return g_string_free (line, FALSE);
}

/* The member NAME as a person reads it: a time is a day. */
static char *
value_of (const char *detail, const char *name, const Calendar *calendar)
{
  static const char *const times[] = { "due", "was", "start", NULL };
  g_autofree char *value = journal_member (detail, name);

  if (value == NULL || !g_strv_contains (times, name))
    return g_steal_pointer (&value);
  return calendar_short (calendar, g_ascii_strtoll (value, NULL, 10));
}

/* The N bytes at WORDS with their members filled in; false: one is missing. */
static bool
append_filled (GString *line, const char *words, gsize n, const char *detail,
               const Calendar *calendar)
{
  const char *end = words + n, *open, *close;
  bool all = true;

  while ((open = memchr (words, '{', (gsize) (end - words))) != NULL
         && (close = memchr (open, '}', (gsize) (end - open))) != NULL)
    {
      g_autofree char *name = g_strndup (open + 1, (gsize) (close - open - 1));
      g_autofree char *value = value_of (detail, name, calendar);

      g_string_append_len (line, words, open - words);
      g_string_append (line, value != NULL ? value : "");
      all &= value != NULL;
      words = close + 1;
    }
  g_string_append_len (line, words, end - words);
  return all;
}

static char *
fill_in (const char *words, const char *detail, const Calendar *calendar)
{
  GString *line = g_string_new (NULL);

  while (*words != '\0')
    {
      gsize before = line->len, n = strcspn (words, "[]");
      bool optional = words[n] == ']';

      if (!append_filled (line, words, n, detail, calendar) && optional)
        g_string_truncate (line, before);
      words += n + (words[n] != '\0');
    }
  return g_string_free (line, FALSE);
}

/* NULL: nothing to tell. */
static char *
in_words (const JournalEvent *event, const Calendar *calendar)
{
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autofree char *value =
        sentences[i].member != NULL ? journal_member (event->detail, sentences[i].member) : NULL;

      if (strcmp (event->kind, sentences[i].kind) == 0
          && (sentences[i].member == NULL || g_strcmp0 (value, sentences[i].value) == 0))
        return sentences[i].words != NULL ? fill_in (sentences[i].words, event->detail, calendar)
                                          : NULL;
    }
  return members (event);
}

static void
print_line (FILE *out, const JournalEvent *event, const Program *program, bool all)
{
  g_autofree char *day = calendar_short (program->calendar, event->at);
  g_autofree char *words = all ? members (event) : in_words (event, program->calendar);

  if (words == NULL)
    return;
  for (char *p = words; *p != '\0'; p++)
    if (*p == '\n')
      *p = ' ';
  fprintf (out, "%5" G_GINT64_FORMAT "  %-15s  %s\n", event->id, day, g_strchomp (words));
}

static bool
is_message (const JournalEvent *event)
{
  return strcmp (event->kind, "message") == 0;
}

/* The journal says last which message it was; a person wants to know that first. */
static void
print_events (FILE *out, const GPtrArray *events, const Program *program)
{
  for (guint i = 0, end; i < events->len; i = end)
    {
      const JournalEvent *first = events->pdata[i];

      for (end = i;
           end < events->len && ((const JournalEvent *) events->pdata[end])->input == first->input;
           end++)
        if (is_message (events->pdata[end]))
          print_line (out, events->pdata[end], program, false);
      for (guint k = i; k < end; k++)
        if (!is_message (events->pdata[k]))
          print_line (out, events->pdata[k], program, false);
    }
}

static void
add_event (JsonArray *array, const JournalEvent *event)
{
  JsonObject *object = json_object_new ();
  g_autofree char *at = clock_format (event->at);

  json_object_set_int_member (object, "event", event->id);
  json_object_set_string_member (object, "at", at);
  json_object_set_string_member (object, "kind", event->kind);
  json_object_set_member (object, "detail", json_from_string (event->detail, NULL));
  json_object_set_string_member (object, "hash", event->hash);
  json_array_add_object_element (array, object);
}

void
admin_timeline_text (FILE *out, const GPtrArray *events, const Program *program, bool all)
{
  if (!all)
    print_events (out, events, program);
  for (guint i = 0; all && i < events->len; i++)
    print_line (out, events->pdata[i], program, true);
}

JsonNode *
admin_timeline_json (const GPtrArray *events)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < events->len; i++)
    add_event (array, events->pdata[i]);
  json_node_take_array (node, array);
  return node;
}

int
admin_timeline (Office *office, const Case *c, const Program *program, bool all, bool json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = journal_of_case (office->store, c->id, &error);

  if (events == NULL)
    return admin_error (error);
  if (json)
    {
      g_autoptr (JsonNode) node = admin_timeline_json (events);

      admin_print_json (node);
    }
  else
    admin_timeline_text (stdout, events, program, all);
  return ADMIN_YES;
}
