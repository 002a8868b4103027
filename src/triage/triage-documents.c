/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recognizing documents.  When two answers are possible nothing is guessed: the sender is asked one
 * question (triage-documents-ask.c).
 */
#include "triage/triage-documents-private.h"

#include <string.h>

#include "base/fold.h"
#include "base/words.h"

/* "ELEMENT words: FILE" */
typedef struct {
  const ProgramElement *element;
  char *words, *file;
  bool used;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->words);
  g_free (line->file);
  g_free (line);
}

static void
question_free (gpointer data)
{
  DocumentQuestion *question = data;

  g_free (question->file);
  g_free (question->question);
  g_free (question);
}

void
document_reading_free (DocumentReading *reading)
{
  if (reading == NULL)
    return;
  g_ptr_array_unref (reading->documents);
  g_ptr_array_unref (reading->questions);
  g_free (reading);
}

/* Lower case, with '_', '-', '.' and runs of white space as one space: what a pattern and a name
 * have in common. */
static char *
fold (const char *text)
{
  g_autofree char *lower = fold_case (text);
  GString *out = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p++)
    {
      char ch = strchr ("_-. \t+", *p) != NULL ? ' ' : *p;

      if (ch != ' ' || (out->len > 0 && out->str[out->len - 1] != ' '))
        g_string_append_c (out, ch);
    }
  return g_string_free (out, FALSE);
}

static void
add_line (DocumentRecognition *r, const ProgramElement *element, const char *words, char *file)
{
  Line *line = g_new0 (Line, 1);

  g_strdelimit (g_strstrip (file), "\"'<>[]", ' ');
  line->element = element;
  line->words = fold (words);
  line->file = g_strdup (g_strstrip (file));
  g_ptr_array_add (r->lines, line);
}

static void
read_line (DocumentRecognition *r, GRegex *regex, const char *text)
{
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return;
  g_autofree char *name = g_match_info_fetch (match, 1), *words = g_match_info_fetch (match, 2);
  g_autofree char *files = g_match_info_fetch (match, 3);
  const ProgramElement *element = program_element (r->edition, name);
  if (element == NULL)
    return;
  g_auto (GStrv) each = g_strsplit_set (files, ",;", -1);
  for (char **file = each; *file != NULL; file++)
    add_line (r, element, words, *file);
  /* "Smith, Inc. plan.pdf" is one file. */
  if (each[0] != NULL && each[1] != NULL)
    add_line (r, element, words, files);
}

static void
read_lines (DocumentRecognition *r, const char *text)
{
  static const char pattern[] =
    "^[\\s>*\\-]*(?:element\\s+)?([0-9A-Z]+(?:\\.[0-9A-Z]+)*)\\b[.)]?\\s*"
    "([^:=]*?)\\s*[:=]\\s*(\\S.*)$";
  static GRegex *regex;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (regex == NULL)
    regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
  for (char **line = lines; *line != NULL; line++)
    if (strlen (*line) < 500)
      read_line (r, regex, *line);
}

/* A file that is part of the letter's looks, not something sent in. */
static bool
is_document (const MessagePart *part)
{
  bool inline_image =
    g_str_has_prefix (part->type, "image/") && strcmp (part->disposition, "attachment") != 0;
  bool signature = g_str_has_prefix (part->type, "application/pkcs7-signature")
                   || g_str_has_prefix (part->type, "application/x-pkcs7-signature")
                   || g_str_has_prefix (part->type, "application/pgp-signature");
  bool body = part->name[0] == '\0' && g_str_has_prefix (part->type, "text/")
              && strcmp (part->disposition, "attachment") != 0;
  bool outlook_body = part->from_tnef && strcmp (part->disposition, "inline") == 0;

  return !inline_image && !signature && !body && !outlook_body && !message_part_is_envelope (part)
         && strcmp (part->type, "text/calendar") != 0;
}

static char *
file_name (const MessagePart *part)
{
  return part->name[0] != '\0' ? g_strdup (part->name) : g_strdup_printf ("part-%s", part->path);
}

static bool
type_fits (const ProgramDocument *document, const char *sniffed)
{
  return document->types == NULL || document->types[0] == NULL
         || g_strv_contains ((const char *const *) document->types, sniffed);
}

static bool
name_fits (const ProgramDocument *document, const char *folded)
{
  for (char **pattern = document->names; pattern != NULL && *pattern != NULL; pattern++)
    {
      g_autofree char *glob = fold (*pattern);

      if (g_pattern_match_simple (glob, folded))
        return true;
    }
  return false;
}

/* Whether the folded title is, or begins with, the folded words. */
static bool
begins_title (const char *title, const char *folded)
{
  gsize n = strlen (folded);

  return n > 0 && strncmp (title, folded, n) == 0 && !g_ascii_isalnum (title[n]);
}

static int
count_words_in (const ProgramDocument *document, const char *folded)
{
  g_autofree char *title = fold (document->title);
  int n = begins_title (title, folded) ? 10 : 0;

  for (char **word = document->words; word != NULL && *word != NULL; word++)
    {
      g_autofree char *w = fold (*word);

      n += strstr (folded, w) != NULL;
    }
  return n;
}

/* Which document of the element the line means: the only one, the one its words fit best, or the
 * one the file name fits; NULL when that does not decide. */
static const ProgramDocument *
document_of_line (const Line *line, const char *folded_file)
{
  const ProgramDocument *best = NULL;
  int most = 0;
  bool tie = false;

  if (line->element->documents->len == 1)
    return line->element->documents->pdata[0];
  for (guint i = 0; i < line->element->documents->len; i++)
    {
      const ProgramDocument *document = line->element->documents->pdata[i];
      int n = 2 * count_words_in (document, line->words) + name_fits (document, folded_file);

      tie = n > 0 && n == most ? true : n > most ? false : tie;
      if (n > most)
        {
          most = n;
          best = document;
        }
    }
  return tie ? NULL : best;
}

static void
ask (DocumentRecognition *r, const char *file, char *question)
{
  DocumentQuestion *q = g_new0 (DocumentQuestion, 1);

  q->file = g_strdup (file);
  q->question = question;
  g_ptr_array_add (r->reading->questions, q);
}

/* Every document whose patterns fit; those of the state's group alone if there are any. */
static GArray *
matches_by_name (const DocumentRecognition *r, const char *folded)
{
  GArray *here = g_array_new (FALSE, FALSE, sizeof (DocumentMatch));
  g_autoptr (GArray) elsewhere = g_array_new (FALSE, FALSE, sizeof (DocumentMatch));

  for (guint i = 0; i < r->edition->elements->len; i++)
    {
      const ProgramElement *element = r->edition->elements->pdata[i];

      for (guint j = 0; j < element->documents->len; j++)
        {
          DocumentMatch match = { element, element->documents->pdata[j] };

          if (name_fits (match.document, folded))
            g_array_append_vals (g_strcmp0 (element->group, r->group) == 0 ? here : elsewhere,
                                 &match, 1);
        }
    }
  if (here->len == 0)
    g_array_append_vals (here, elsewhere->data, elsewhere->len);
  return here;
}

static Line *
line_for (const DocumentRecognition *r, const char *file)
{
  for (guint i = 0; i < r->lines->len; i++)
    {
      Line *line = r->lines->pdata[i];
      g_autofree char *a = fold_case (line->file), *b = fold_case (file);

      if (strcmp (a, b) == 0)
        return line;
    }
  return NULL;
}

static bool
names (const char *text, const char *name)
{
  g_autofree char *folded = fold (name);

  return folded[0] != '\0' && strstr (text, folded) != NULL;
}

/* Whose FILE is: the one party with access that its name or the line's WORDS name; the
 * organization's own (""), when they name that or there is no party.  False: that does not
 * decide. */
static bool
whose (const DocumentRecognition *r, const char *file, const char *words, const char **party)
{
  guint with_access = 0, named = 0;

  *party = "";
  for (guint i = 0; i < r->c->parties->len; i++)
    {
      const CaseParty *one = r->c->parties->pdata[i];

      if (!case_party_is_asked (r->program, one, r->at))
        continue;
      with_access++;
      if (!names (file, one->name) && !names (words, one->name))
        continue;
      named++;
      *party = one->name;
    }
  if (with_access == 0)
    return true;
  bool lead = names (file, r->c->organization_name) || names (words, r->c->organization_name);
  return named + lead == 1;
}

/* What FILE is, or a question about it in *QUESTION. */
static DocumentMatch
recognize (DocumentRecognition *r, const char *file, const char *sniffed, char **question)
{
  g_autofree char *folded = fold (file);
  Line *line = line_for (r, file);
  DocumentMatch match = { 0 };

  if (line != NULL)
    {
      line->used = true;
      match = (DocumentMatch){ line->element, document_of_line (line, folded) };
      if (match.document == NULL)
        {
          g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DocumentMatch));

          for (guint i = 0; i < line->element->documents->len; i++)
            g_array_append_val (
              all, ((DocumentMatch){ line->element, line->element->documents->pdata[i] }));
          *question = all->len > 0
                        ? document_ask_which (all, file)
                        : words_say ("No document is asked for under %s.", line->element->name);
        }
    }
  else
    {
      g_autoptr (GArray) matches = matches_by_name (r, folded);

      if (matches->len == 1)
        match = g_array_index (matches, DocumentMatch, 0);
      else
        *question = matches->len > 1 ? document_ask_which (matches, file)
                                     : document_question (r->program, r->c, file, r->at);
    }
  if (match.document != NULL && !type_fits (match.document, sniffed))
    {
      *question = document_ask_type (&match, file, sniffed);
      match.document = NULL;
    }
  else if (match.document != NULL && match.document->per_party
           && !whose (r, folded, line != NULL ? line->words : "", &match.party))
    {
      *question = document_ask_whose (r, &match, file);
      match.document = NULL;
    }
  return match;
}

static void
add (DocumentRecognition *r, const CaseDocument *from, DocumentMatch match)
{
  CaseDocument *document = case_document_copy (from);

  g_free (document->party);
  document->party = g_strdup (match.document != NULL ? match.party : NULL);

  g_free (document->element);
  g_free (document->name);
  document->element = g_strdup (match.document != NULL ? match.element->name : "");
  document->name = g_strdup (match.document != NULL ? match.document->name : "");
  document->status = match.document != NULL ? DOCUMENT_CURRENT : DOCUMENT_UNCLEAR;
  g_ptr_array_add (r->reading->documents, document);
}

static void
read_file (DocumentRecognition *r, const CaseDocument *file)
{
  char *question = NULL;

  if (file->size == 0)
    {
      ask (r, file->file, g_strdup ("This file arrived empty. Please send it again."));
      return;
    }
  DocumentMatch match = recognize (r, file->file, file->type, &question);
  if (question != NULL)
    ask (r, file->file, question);
  add (r, file, match);
}

/* Lines about files that came earlier and were unclear. */
static void
settle_earlier (DocumentRecognition *r)
{
  for (guint i = 0; i < r->c->documents->len; i++)
    {
      const CaseDocument *old = r->c->documents->pdata[i];
      Line *line = old->status == DOCUMENT_UNCLEAR ? line_for (r, old->file) : NULL;
      char *question = NULL;

      if (line == NULL || line->used)
        continue;
      DocumentMatch match = recognize (r, old->file, old->type, &question);
      if (match.document != NULL)
        add (r, old, match);
      else if (question != NULL)
        ask (r, old->file, question);
    }
}

GPtrArray *
documents_of (const Message *message, gint64 message_id)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);

  for (guint i = 0; i < message->parts->len; i++)
    {
      const MessagePart *part = message->parts->pdata[i];
      g_autofree char *file = file_name (part);
      const CaseDocument document = { .file = file,
                                      .type = part->sniffed,
                                      .sha256 = (char *) part->sha256,
                                      .part = part->path,
                                      .size = (gint64) part->size,
                                      .message = message_id };

      if (is_document (part))
        g_ptr_array_add (files, case_document_copy (&document));
    }
  return files;
}

DocumentReading *
documents_recognize (const Program *program, const Case *c, const char *text,
                     const GPtrArray *files, gint64 at)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  DocumentReading *reading = g_new0 (DocumentReading, 1);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  DocumentRecognition r = { .program = program,
                            .edition = program_edition (program, c->edition),
                            .c = c,
                            .lines = lines,
                            .group = state != NULL ? state->group : NULL,
                            .at = at,
                            .reading = reading };

  reading->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);
  reading->questions = g_ptr_array_new_with_free_func (question_free);
  if (r.edition == NULL)
    return reading;
  read_lines (&r, text);
  for (guint i = 0; i < files->len; i++)
    read_file (&r, files->pdata[i]);
  settle_earlier (&r);
  return reading;
}

DocumentReading *
documents_read (const Program *program, const Case *c, const Message *message, gint64 message_id,
                gint64 at)
{
  g_autoptr (GPtrArray) files = documents_of (message, message_id);

  return documents_recognize (program, c, message->new_text, files, at);
}
