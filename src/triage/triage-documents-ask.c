/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The questions about documents that are not certain: each names the one line that would settle
 * it. */
#include "triage/triage-documents-private.h"

#include <string.h>

#include "base/words.h"

/* Whether the document is among those this message brought so far. */
static bool
came_now (const DocumentRecognition *r, const CaseMissing *m)
{
  for (guint i = 0; r->reading != NULL && i < r->reading->documents->len; i++)
    {
      const CaseDocument *document = r->reading->documents->pdata[i];

      if (strcmp (document->element, m->element->name) == 0
          && strcmp (document->name, m->document->name) == 0)
        return true;
    }
  return false;
}

/* "ELEMENT word: FILE" */
static char *
line_of (const ProgramElement *element, const ProgramDocument *document, const char *file)
{
  const char *word =
    document->words != NULL && document->words[0] != NULL ? document->words[0] : document->title;

  return g_strdup_printf ("%s %s: %s", element->name, word, file);
}

/* Of the first document that is asked for here, when none is missing: a newer version of it may be
 * meant. */
static char *
first_line (const DocumentRecognition *r, const char *file)
{
  const ProgramEdition *edition = program_edition (r->program, r->c->edition);

  for (guint i = 0; edition != NULL && i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      if (g_strcmp0 (element->group, r->group) == 0 && element->documents->len > 0
          && case_is_asked (r->c, element))
        return line_of (element, element->documents->pdata[0], file);
    }
  return words_say ("ELEMENT document: %s", file);
}

/* An example that may well be the right answer: the first document that is still missing. */
static char *
example (const DocumentRecognition *r, const char *file)
{
  g_autoptr (GArray) missing = case_missing (r->program, r->c, r->group, r->at);
  guint i = 0;

  while (i < missing->len && came_now (r, &g_array_index (missing, CaseMissing, i)))
    i++;
  if (i == missing->len)
    return first_line (r, file);
  const CaseMissing *m = &g_array_index (missing, CaseMissing, i);
  return line_of (m->element, m->document, file);
}

char *
document_question (const Program *program, const Case *c, const char *file, gint64 at)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  DocumentRecognition r = {
    .program = program, .c = c, .group = state != NULL ? state->group : NULL, .at = at
  };
  g_autofree char *line = example (&r, file);

  return words_say ("Which document is this? Answer with one line such as \"%s\".", line);
}

/* ", " or " or " before the next of several choices. */
static void
append_choice (GString *choices, guint i, bool last)
{
  g_autofree char *either = words_say (" or ");

  g_string_append (choices, i == 0 ? "" : last ? either : ", ");
}

char *
document_ask_which (const GArray *matches, const char *file)
{
  g_autoptr (GString) choices = g_string_new (NULL);

  for (guint i = 0; i < matches->len; i++)
    {
      const DocumentMatch *m = &g_array_index (matches, DocumentMatch, i);
      g_autofree char *title = words_term (m->document->title);

      append_choice (choices, i, i + 1 == matches->len);
      g_string_append_printf (choices, "%s %s", m->element->name, title);
    }
  const DocumentMatch *m = &g_array_index (matches, DocumentMatch, 0);
  const char *word = m->document->words != NULL && m->document->words[0] != NULL
                       ? m->document->words[0]
                       : m->document->title;

  return words_say ("Is this %s? Answer with one line such as \"%s %s: %s\".", choices->str,
                    m->element->name, word, file);
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

char *
document_ask_type (const DocumentMatch *m, const char *file, const char *sniffed)
{
  g_autoptr (GString) types = g_string_new (NULL);

  for (char **type = m->document->types; *type != NULL; type++)
    {
      g_autofree char *one = words_term (words_for_type (*type));

      append_choice (types, type - m->document->types, type[1] == NULL);
      g_string_append (types, one);
    }
  g_autofree char *title = words_term (m->document->title),
                  *is = words_term (words_for_type (sniffed));
  return words_say ("%s %s must be %s; this file is %s. Please send it again in that form.",
                    m->element->name, title, types->str, is);
}

char *
document_ask_whose (const DocumentRecognition *r, const DocumentMatch *m, const char *file)
{
  const Case *c = r->c;
  const char *word = m->document->words[0] != NULL ? m->document->words[0] : m->document->name;
  g_autofree char *own =
    g_strdup_printf ("\"%s %s %s: %s\"", m->element->name, word, c->organization_name, file);
  g_autofree char *title = words_term (m->document->title);
  g_autoptr (GString) lines = g_string_new (own);

  for (guint i = 0; i < c->parties->len; i++)
    {
      const CaseParty *party = c->parties->pdata[i];

      if (!case_party_is_asked (r->program, party, r->at))
        continue;
      append_choice (lines, 1, true);
      g_string_append_printf (lines, "\"%s %s %s: %s\"", m->element->name, word, party->name, file);
    }
  return words_say ("Whose %s is it? Reply with the one line that fits: %s.", title, lines->str);
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
documents_ask_again (const Program *program, const Case *c, gint64 at, DocumentReading *reading)
{
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *document = c->documents->pdata[i];

      if (document->status != DOCUMENT_UNCLEAR || is_asked_about (reading, document->file))
        continue;
      DocumentQuestion *question = g_new0 (DocumentQuestion, 1);
      question->file = g_strdup (document->file);
      question->question = document_question (program, c, document->file, at);
      g_ptr_array_add (reading->questions, question);
    }
}
