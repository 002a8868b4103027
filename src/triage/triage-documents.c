/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recognizing documents.  When two answers are possible nothing is guessed: the sender is asked one question.
 */
#include "triage/triage-documents.h"

#include <string.h>

typedef struct {
  const Program *program;
  const ProgramEdition *edition;
  const char *group;           /* of the case's state, or NULL */
  const Case *c;
  GPtrArray *lines;            /* Line */
  gint64 message;
  DocumentReading *reading;
} Recognition;

/* "1.1 letter of commitment: file.pdf" */
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

/* Lower case, with '_', '-', '.' and runs of white space as one space: what a pattern and a name have in common. */
static char *
fold (const char *text)
{
  g_autofree char *lower = g_utf8_casefold (text, -1);
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
add_line (Recognition *r, const ProgramElement *element, const char *words, char *file)
{
  Line *line = g_new0 (Line, 1);

  g_strdelimit (g_strstrip (file), "\"'<>[]", ' ');
  line->element = element;
  line->words = fold (words);
  line->file = g_strdup (g_strstrip (file));
  g_ptr_array_add (r->lines, line);
}

static void
read_line (Recognition *r, GRegex *regex, const char *text)
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
read_lines (Recognition *r, const char *text)
{
  static const char pattern[] = "^[\\s>*\\-]*(?:element\\s+)?([0-9A-Z]+(?:\\.[0-9A-Z]+)*)\\b[.)]?\\s*"
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
  bool inline_image = g_str_has_prefix (part->type, "image/") && strcmp (part->disposition, "attachment") != 0;
  bool signature = g_str_has_prefix (part->type, "application/pkcs7-signature")
                   || g_str_has_prefix (part->type, "application/x-pkcs7-signature")
                   || g_str_has_prefix (part->type, "application/pgp-signature");
  bool body = part->name[0] == '\0' && g_str_has_prefix (part->type, "text/")
              && strcmp (part->disposition, "attachment") != 0;

  return !inline_image && !signature && !body && strcmp (part->type, "text/calendar") != 0;
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
words_in (const ProgramDocument *document, const char *folded)
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

/* Which document of the element the line means: the only one, the one its words fit best, or the one the file name
 * fits; NULL when that does not decide. */
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
      int n = 2 * words_in (document, line->words) + name_fits (document, folded_file);

      tie = n > 0 && n == most ? true : n > most ? false : tie;
      if (n > most)
        {
          most = n;
          best = document;
        }
    }
  return tie ? NULL : best;
}

/* Whether the document is among those this message brought so far. */
static bool
came_now (const Recognition *r, const CaseMissing *m)
{
  for (guint i = 0; r->reading != NULL && i < r->reading->documents->len; i++)
    {
      const CaseDocument *document = r->reading->documents->pdata[i];

      if (strcmp (document->element, m->element->name) == 0 && strcmp (document->name, m->document->name) == 0)
        return true;
    }
  return false;
}

/* An example that may well be the right answer: the first document that is still missing. */
static char *
example (const Recognition *r, const char *file)
{
  g_autoptr (GArray) missing = case_missing (r->program, r->c, r->group);
  guint i = 0;

  while (i < missing->len && came_now (r, &g_array_index (missing, CaseMissing, i)))
    i++;
  if (i == missing->len)
    return g_strdup_printf ("ELEMENT document: %s", file);
  const CaseMissing *m = &g_array_index (missing, CaseMissing, i);
  const char *word = m->document->words != NULL && m->document->words[0] != NULL ? m->document->words[0]
                                                                                  : m->document->title;
  return g_strdup_printf ("%s %s: %s", m->element->name, word, file);
}

static void
ask (Recognition *r, const char *file, char *question)
{
  DocumentQuestion *q = g_new0 (DocumentQuestion, 1);

  q->file = g_strdup (file);
  q->question = question;
  g_ptr_array_add (r->reading->questions, q);
}

char *
document_question (const Program *program, const Case *c, const char *file)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  Recognition r = { .program = program, .c = c, .group = state != NULL ? state->group : NULL };
  g_autofree char *line = example (&r, file);

  return g_strdup_printf ("Which document is this? Answer with one line such as \"%s\".", line);
}

typedef struct {
  const ProgramElement *element;
  const ProgramDocument *document;
} Match;

/* Every document whose patterns fit; those of the state's group alone if there are any. */
static GArray *
matches_by_name (const Recognition *r, const char *folded)
{
  GArray *here = g_array_new (FALSE, FALSE, sizeof (Match));
  g_autoptr (GArray) elsewhere = g_array_new (FALSE, FALSE, sizeof (Match));

  for (guint i = 0; i < r->edition->elements->len; i++)
    {
      const ProgramElement *element = r->edition->elements->pdata[i];

      for (guint j = 0; j < element->documents->len; j++)
        {
          Match match = { element, element->documents->pdata[j] };

          if (name_fits (match.document, folded))
            g_array_append_vals (g_strcmp0 (element->group, r->group) == 0 ? here : elsewhere, &match, 1);
        }
    }
  if (here->len == 0)
    g_array_append_vals (here, elsewhere->data, elsewhere->len);
  return here;
}

static char *
ask_which (const GArray *matches, const char *file)
{
  GString *q = g_string_new ("Is this ");

  for (guint i = 0; i < matches->len; i++)
    {
      const Match *m = &g_array_index (matches, Match, i);

      g_string_append_printf (q, "%s%s %s", i == 0 ? "" : i + 1 < matches->len ? ", " : " or ", m->element->name,
                              m->document->title);
    }
  const Match *m = &g_array_index (matches, Match, 0);
  g_string_append_printf (q, "? Answer with one line such as \"%s %s: %s\".", m->element->name,
                          m->document->words != NULL && m->document->words[0] != NULL ? m->document->words[0]
                                                                                      : m->document->title,
                          file);
  return g_string_free (q, FALSE);
}

/* Types as people call them. */
static const struct {
  const char *type, *words;
} type_words[] = {
  { "application/pdf", "a PDF file" },
  { "application/zip", "a ZIP archive" },
  { "application/msword", "a Word document" },
  { "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a Word document" },
  { "application/vnd.ms-excel", "an Excel workbook" },
  { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook" },
  { "image/jpeg", "a JPEG image" },
  { "image/png", "a PNG image" },
  { "image/tiff", "a TIFF image" },
  { "text/plain", "a text file" },
  { "text/html", "a web page" },
  { "application/octet-stream", "of a kind we do not know" },
};

static const char *
words_for_type (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_words); i++)
    if (strcmp (type_words[i].type, type) == 0)
      return type_words[i].words;
  return type;
}

static char *
ask_type (const Match *m, const char *file, const char *sniffed)
{
  g_autoptr (GString) types = g_string_new (NULL);

  for (char **type = m->document->types; *type != NULL; type++)
    g_string_append_printf (types, "%s%s", types->len == 0 ? "" : type[1] != NULL ? ", " : " or ",
                            words_for_type (*type));
  return g_strdup_printf ("%s %s must be %s; this file is %s. Please send it again in that form.", m->element->name,
                          m->document->title, types->str, words_for_type (sniffed));
}

static Line *
line_for (const Recognition *r, const char *file)
{
  for (guint i = 0; i < r->lines->len; i++)
    {
      Line *line = r->lines->pdata[i];
      g_autofree char *a = g_utf8_casefold (line->file, -1), *b = g_utf8_casefold (file, -1);

      if (strcmp (a, b) == 0)
        return line;
    }
  return NULL;
}

/* What FILE is, or a question about it in *QUESTION. */
static Match
recognize (Recognition *r, const char *file, const char *sniffed, char **question)
{
  g_autofree char *folded = fold (file);
  Line *line = line_for (r, file);
  Match match = { 0 };

  if (line != NULL)
    {
      line->used = true;
      match = (Match){ line->element, document_of_line (line, folded) };
      if (match.document == NULL)
        {
          g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Match));

          for (guint i = 0; i < line->element->documents->len; i++)
            g_array_append_val (all, ((Match){ line->element, line->element->documents->pdata[i] }));
          *question = all->len > 0 ? ask_which (all, file)
                                   : g_strdup_printf ("No document is asked for under %s.", line->element->name);
        }
    }
  else
    {
      g_autoptr (GArray) matches = matches_by_name (r, folded);

      if (matches->len == 1)
        match = g_array_index (matches, Match, 0);
      else
        *question = matches->len > 1 ? ask_which (matches, file) : document_question (r->program, r->c, file);
    }
  if (match.document != NULL && !type_fits (match.document, sniffed))
    {
      *question = ask_type (&match, file, sniffed);
      match.document = NULL;
    }
  return match;
}

static void
add (Recognition *r, const CaseDocument *from, Match match)
{
  CaseDocument *document = case_document_copy (from);

  g_free (document->element);
  g_free (document->name);
  document->element = g_strdup (match.document != NULL ? match.element->name : "");
  document->name = g_strdup (match.document != NULL ? match.document->name : "");
  document->status = match.document != NULL ? DOCUMENT_CURRENT : DOCUMENT_UNCLEAR;
  g_ptr_array_add (r->reading->documents, document);
}

static void
read_part (Recognition *r, const MessagePart *part)
{
  g_autofree char *file = file_name (part);
  char *question = NULL;
  CaseDocument document = { .file = file, .type = part->sniffed, .sha256 = (char *) part->sha256,
                            .part = part->path, .size = (gint64) part->size, .message = r->message };

  if (part->size == 0)
    {
      ask (r, file, g_strdup ("This file arrived empty. Please send it again."));
      return;
    }
  Match match = recognize (r, file, part->sniffed, &question);
  if (question != NULL)
    ask (r, file, question);
  add (r, &document, match);
}

/* Lines about files that came earlier and were unclear. */
static void
settle_earlier (Recognition *r)
{
  for (guint i = 0; i < r->c->documents->len; i++)
    {
      const CaseDocument *old = r->c->documents->pdata[i];
      Line *line = old->status == DOCUMENT_UNCLEAR ? line_for (r, old->file) : NULL;
      char *question = NULL;

      if (line == NULL || line->used)
        continue;
      Match match = recognize (r, old->file, old->type, &question);
      if (match.document != NULL)
        add (r, old, match);
      else if (question != NULL)
        ask (r, old->file, question);
    }
}

static bool
is_asked_about (const DocumentReading *reading, const char *file)
{
  for (guint i = 0; i < reading->questions->len; i++)
    if (strcmp (((const DocumentQuestion *) reading->questions->pdata[i])->file, file) == 0)
      return true;
  return false;
}

void
documents_ask_again (const Program *program, const Case *c, DocumentReading *reading)
{
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *document = c->documents->pdata[i];

      if (document->status != DOCUMENT_UNCLEAR || is_asked_about (reading, document->file))
        continue;
      DocumentQuestion *question = g_new0 (DocumentQuestion, 1);
      question->file = g_strdup (document->file);
      question->question = document_question (program, c, document->file);
      g_ptr_array_add (reading->questions, question);
    }
}

DocumentReading *
documents_read (const Program *program, const Case *c, const Message *message, gint64 message_id)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  DocumentReading *reading = g_new0 (DocumentReading, 1);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  Recognition r = { .program = program, .edition = program_edition (program, c->edition), .c = c, .lines = lines,
                    .group = state != NULL ? state->group : NULL, .message = message_id, .reading = reading };

  reading->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);
  reading->questions = g_ptr_array_new_with_free_func (question_free);
  if (r.edition == NULL)
    return reading;
  read_lines (&r, message->new_text);
  for (guint i = 0; i < message->parts->len; i++)
    if (is_document (message->parts->pdata[i]))
      read_part (&r, message->parts->pdata[i]);
  settle_earlier (&r);
  return reading;
}
