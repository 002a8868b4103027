/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words that are drawn on the pages of a PDF, in the order in which they are drawn.
 *
 * No layout is understood: where the next piece begins tells whether it goes on with the word (letters are often placed one by one), begins
 * another one, or another line.  What cannot be told, because a font says nothing of what its codes mean or because it is more than is read, is said
 * (DocumentText); pictures of words are none.
 */
#include <stdlib.h>
#include <string.h>

#include "document/pdf-content.h"

enum {
  MAX_PAGES = 500, MAX_DEPTH = 6, MAX_SAVED = 64, MAX_OPERANDS = 20000, MAX_FONTS = 500, MAX_FORMS = 2000, MAX_NOTES = 2000,
  MAX_CONTENT = 24 * 1024 * 1024, /* bytes of all content, expanded */
  MAX_TEXT = 1024 * 1024, MAX_TOKENS = 4 * 1000 * 1000,
};

/* Parts of the size of the letters: more than that, to the right or to the left, is not the same word; across, not the same line. */
#define WORD_GAP 0.17
#define BACK_GAP 0.5
#define LINE_GAP 0.4

typedef struct {
  double a, b, c, d, e, f;
} Matrix;

static const Matrix identity = { 1, 0, 0, 1, 0, 0 };

/* The graphics state, as far as text needs it (8.4.1, 9.3). */
typedef struct {
  Matrix ctm;
  const PdfFont *font;
  double size, char_space, word_space, scale, leading;
} State;

typedef struct {
  PdfTokenKind kind;
  double number;
  gsize at, n;               /* of a string or name, in the pool */
} Operand;

typedef struct {
  qpdf_data q;
  Document *document;
  GString *text;
  GHashTable *fonts;         /* object number -> PdfFont */
  GPtrArray *direct;         /* PdfFont of dictionaries that have none */
  gsize content, tokens;
  guint forms, notes;
  bool any, unknown;         /* words were read; there are some that nobody can tell */
  bool gap, cut;             /* something was left out; it was enough, and nothing more is read */
  bool has_end;              /* the last piece ended at X, Y */
  double x, y;
} Words;

/* One content stream, while it is read. */
typedef struct {
  Words *words;
  qpdf_oh resources;
  guint depth;
  State state, saved[MAX_SAVED];
  guint n_saved;
  Matrix text, line;         /* Tm and Tlm */
  GArray *operands;          /* Operand, since the last operator */
  GString *pool;
} Stream;

static void read_content (Words *w, const guint8 *bytes, gsize n, qpdf_oh resources, const State *state, guint depth);

static qpdf_oh
key (qpdf_data q, qpdf_oh dictionary, const char *name)
{
  return dictionary != 0 && qpdf_oh_is_dictionary (q, dictionary) && qpdf_oh_has_key (q, dictionary, name)
           ? qpdf_oh_get_key (q, dictionary, name) : 0;
}

static Matrix
multiply (const Matrix *m, const Matrix *n)
{
  return (Matrix){ m->a * n->a + m->b * n->c,        m->a * n->b + m->b * n->d,
                   m->c * n->a + m->d * n->c,        m->c * n->b + m->d * n->d,
                   m->e * n->a + m->f * n->c + n->e, m->e * n->b + m->f * n->d + n->f };
}

/* --- text ----------------------------------------------------------------------------------------------------------------- */

static void
append (Words *w, const char *text)
{
  if (w->text->len + strlen (text) <= MAX_TEXT)
    g_string_append (w->text, text);
  else
    w->cut = true;
}

static void
separate (Words *w, char with)
{
  char last = w->text->len > 0 ? w->text->str[w->text->len - 1] : '\n';

  if (last == '\n' || (last == ' ' && with == ' '))
    return;
  append (w, (char[]){ with, '\0' });
}

/* A piece begins at the origin of M (text space on the page): what goes between it and the one before. */
static void
begin_piece (Words *w, const Matrix *m, double size)
{
  double dx = m->e - w->x, dy = m->f - w->y;
  double right = dx * m->a + dy * m->b, across = dy * m->a - dx * m->b;
  /* Both, and what they are compared with, are lengths times the length of the base line times the height of the letters: so are their squares. */
  double unit = (m->a * m->a + m->b * m->b) * size * size * (m->c * m->c + m->d * m->d);

  if (!w->has_end || !(unit > 0))
    separate (w, '\n');
  else if (!(across * across <= LINE_GAP * LINE_GAP * unit) || !(right >= 0 || right * right <= BACK_GAP * BACK_GAP * unit))
    separate (w, '\n');
  else if (right > 0 && right * right > WORD_GAP * WORD_GAP * unit)
    separate (w, ' ');
}

static void
advance (Stream *s, double by)
{
  const Matrix move = { 1, 0, 0, 1, by * s->state.scale, 0 };

  s->text = multiply (&move, &s->text);
}

static void
show_code (Stream *s, guint code, guint width)
{
  Words *w = s->words;
  const PdfFont *font = s->state.font;
  const char *text = pdf_font_text (font, code);

  if (text != NULL)
    append (w, text);
  else
    append (w, "\xef\xbf\xbd");
  w->any |= text != NULL && text[0] != ' ';
  w->unknown |= text == NULL;
  advance (s, pdf_font_advance (font, code) * s->state.size);
  const Matrix at = multiply (&s->text, &s->state.ctm);
  w->x = at.e;
  w->y = at.f;
  w->has_end = true;
  advance (s, s->state.char_space + (code == 32 && width == 1 ? s->state.word_space : 0));
}

static void
show (Stream *s, const char *bytes, gsize n)
{
  const Matrix at = multiply (&s->text, &s->state.ctm);
  guint width = s->state.font != NULL ? pdf_font_width_of_code (s->state.font) : 1;

  if (n == 0)
    return;
  if (s->state.font == NULL)
    {
      s->words->unknown = true;
      return;
    }
  begin_piece (s->words, &at, s->state.size);
  for (gsize i = 0; i + width <= n && !s->words->cut; i += width)
    show_code (s, width == 2 ? (guint) (guint8) bytes[i] << 8 | (guint8) bytes[i + 1] : (guint8) bytes[i], width);
}

/* --- operators ---------------------------------------------------------------------------------------------------------------- */

/* The operand I from the end, 0: the last. */
static const Operand *
operand (const Stream *s, guint i)
{
  return i < s->operands->len ? &g_array_index (s->operands, Operand, s->operands->len - 1 - i) : NULL;
}

static double
number (const Stream *s, guint i)
{
  const Operand *o = operand (s, i);

  return o != NULL && o->kind == PDF_NUMBER ? o->number : 0;
}

static Matrix
six_numbers (const Stream *s)
{
  return (Matrix){ number (s, 5), number (s, 4), number (s, 3), number (s, 2), number (s, 1), number (s, 0) };
}

static void
next_line (Stream *s, double x, double y)
{
  const Matrix move = { 1, 0, 0, 1, x, y };

  s->text = s->line = multiply (&move, &s->line);
}

static void
show_last (Stream *s)
{
  const Operand *o = operand (s, 0);

  if (o != NULL && o->kind == PDF_STRING)
    show (s, s->pool->str + o->at, o->n);
}

static void
show_all (Stream *s)
{
  for (guint i = 0; i < s->operands->len; i++)
    {
      const Operand *o = &g_array_index (s->operands, Operand, i);

      if (o->kind == PDF_STRING)
        show (s, s->pool->str + o->at, o->n);
      else if (o->kind == PDF_NUMBER)
        advance (s, -o->number / 1000 * s->state.size);
    }
}

/* The resource that the name I from the end names in CATEGORY. */
static qpdf_oh
resource (const Stream *s, const char *category, guint i)
{
  const Operand *o = operand (s, i);
  qpdf_data q = s->words->q;

  if (o == NULL || o->kind != PDF_NAME)
    return 0;
  g_autofree char *name = g_strdup_printf ("/%.*s", (int) o->n, s->pool->str + o->at);
  return key (q, key (q, s->resources, category), name);
}

static void
set_font (Stream *s)
{
  Words *w = s->words;
  qpdf_oh dictionary = resource (s, "/Font", 1);
  int id = dictionary != 0 ? qpdf_oh_get_object_id (w->q, dictionary) : 0;

  s->state.size = number (s, 0);
  s->state.font = id != 0 ? g_hash_table_lookup (w->fonts, GINT_TO_POINTER (id)) : NULL;
  if (s->state.font != NULL || dictionary == 0 || !qpdf_oh_is_dictionary (w->q, dictionary))
    return;
  if (g_hash_table_size (w->fonts) + w->direct->len >= MAX_FONTS)
    {
      w->gap = true;
      return;
    }
  PdfFont *font = pdf_font_new (w->q, dictionary);
  if (id != 0)
    g_hash_table_insert (w->fonts, GINT_TO_POINTER (id), font);
  else
    g_ptr_array_add (w->direct, font);
  s->state.font = font;
}

static Matrix
matrix_of (qpdf_data q, qpdf_oh array)
{
  double v[6] = { 1, 0, 0, 1, 0, 0 };

  if (array != 0 && qpdf_oh_is_array (q, array) && qpdf_oh_get_array_n_items (q, array) == 6)
    for (int i = 0; i < 6; i++)
      if (!qpdf_oh_get_value_as_number (q, qpdf_oh_get_array_item (q, array, i), &v[i]))
        return identity;
  return (Matrix){ v[0], v[1], v[2], v[3], v[4], v[5] };
}

/* A piece of content that is used by its name (8.10). */
static void
draw_form (Stream *s)
{
  Words *w = s->words;
  qpdf_oh form = resource (s, "/XObject", 0);
  qpdf_oh dictionary = form != 0 && qpdf_oh_is_stream (w->q, form) ? qpdf_oh_get_dict (w->q, form) : 0;
  qpdf_oh subtype = key (w->q, dictionary, "/Subtype"), own = key (w->q, dictionary, "/Resources");
  gsize n;

  if (subtype == 0 || !qpdf_oh_is_name (w->q, subtype) || strcmp (qpdf_oh_get_name (w->q, subtype), "/Form") != 0)
    return;
  if (s->depth >= MAX_DEPTH || ++w->forms > MAX_FORMS)
    {
      w->gap = true;
      return;
    }
  guint8 *bytes = pdf_stream_bytes (w->q, form, &n);
  const Matrix matrix = matrix_of (w->q, key (w->q, dictionary, "/Matrix"));
  State state = s->state;

  state.ctm = multiply (&matrix, &state.ctm);
  if (bytes != NULL)
    read_content (w, bytes, n, own != 0 ? own : s->resources, &state, s->depth + 1);
  else
    w->gap = true;
  free (bytes);
}

static void
save (Stream *s)
{
  if (s->n_saved < MAX_SAVED)
    s->saved[s->n_saved] = s->state;
  s->n_saved++;
}

static void
restore (Stream *s)
{
  if (s->n_saved > 0 && --s->n_saved < MAX_SAVED)
    s->state = s->saved[s->n_saved];
}

static void
transform (Stream *s)
{
  const Matrix m = six_numbers (s);

  s->state.ctm = multiply (&m, &s->state.ctm);
}

static void begin_text (Stream *s) { s->text = s->line = identity; }
static void set_text (Stream *s) { s->text = s->line = six_numbers (s); }
static void move_line (Stream *s) { next_line (s, number (s, 1), number (s, 0)); }
static void new_line (Stream *s) { next_line (s, 0, -s->state.leading); }
static void set_char_space (Stream *s) { s->state.char_space = number (s, 0); }
static void set_word_space (Stream *s) { s->state.word_space = number (s, 0); }
static void set_scale (Stream *s) { s->state.scale = number (s, 0) / 100; }
static void set_leading (Stream *s) { s->state.leading = number (s, 0); }

static void
move_line_leading (Stream *s)
{
  s->state.leading = -number (s, 0);
  move_line (s);
}

static void
new_line_show (Stream *s)
{
  new_line (s);
  show_last (s);
}

static void
new_line_spaced_show (Stream *s)
{
  s->state.word_space = number (s, 2);
  s->state.char_space = number (s, 1);
  new_line_show (s);
}

static const struct {
  const char *name;
  void (*run) (Stream *s);
} operators[] = {
  { "Tj", show_last }, { "TJ", show_all }, { "Td", move_line }, { "Tm", set_text }, { "Tf", set_font }, { "q", save }, { "Q", restore },
  { "cm", transform }, { "BT", begin_text }, { "TD", move_line_leading }, { "T*", new_line }, { "Tc", set_char_space }, { "Tw", set_word_space },
  { "Tz", set_scale }, { "TL", set_leading }, { "'", new_line_show }, { "\"", new_line_spaced_show }, { "Do", draw_form },
};

/* --- a content stream -------------------------------------------------------------------------------------------------------------- */

static void
take_operand (Stream *s, const PdfToken *token)
{
  Operand o = { token->kind, token->number, s->pool->len, token->n };

  if (s->operands->len >= MAX_OPERANDS)
    {
      s->words->gap = true;
      return;
    }
  if (token->kind == PDF_STRING || token->kind == PDF_NAME)
    g_string_append_len (s->pool, token->bytes, (gssize) token->n);
  g_array_append_val (s->operands, o);
}

static void
run (Stream *s, const PdfToken *token, PdfLexer *lexer)
{
  if (strcmp (token->bytes, "ID") == 0)
    pdf_lexer_skip_image (lexer);
  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    if (strcmp (operators[i].name, token->bytes) == 0)
      {
        operators[i].run (s);
        break;
      }
  g_array_set_size (s->operands, 0);
  g_string_truncate (s->pool, 0);
}

static void
read_content (Words *w, const guint8 *bytes, gsize n, qpdf_oh resources, const State *state, guint depth)
{
  Stream s = { .words = w, .resources = resources, .depth = depth, .state = *state, .text = identity, .line = identity,
               .operands = g_array_new (FALSE, FALSE, sizeof (Operand)), .pool = g_string_new (NULL) };
  PdfLexer lexer;
  PdfToken token;

  pdf_lexer_init (&lexer, bytes, n);
  w->content += n;
  w->cut |= w->content > MAX_CONTENT;
  while (!w->cut && (token = pdf_lexer_next (&lexer)).kind != PDF_END)
    {
      w->cut |= ++w->tokens > MAX_TOKENS;
      if (token.kind == PDF_WORD)
        run (&s, &token, &lexer);
      else if (token.kind == PDF_STRING || token.kind == PDF_NAME || token.kind == PDF_NUMBER)
        take_operand (&s, &token);
    }
  pdf_lexer_clear (&lexer);
  g_array_unref (s.operands);
  g_string_free (s.pool, TRUE);
}

/* --- pages ------------------------------------------------------------------------------------------------------------------------- */

/* Pages inherit what they draw with (7.7.3.4). */
static qpdf_oh
resources_of (qpdf_data q, qpdf_oh page)
{
  qpdf_oh found = key (q, page, "/Resources");

  for (guint i = 0; found == 0 && page != 0 && i < 32; i++)
    {
      page = key (q, page, "/Parent");
      found = key (q, page, "/Resources");
    }
  return found;
}

/* Streams of one page are one (7.8.2). */
static void
add_stream (Words *w, qpdf_oh stream, GByteArray *content)
{
  gsize n;
  guint8 *bytes = pdf_stream_bytes (w->q, stream, &n);

  w->gap |= bytes == NULL;
  w->cut |= w->content + content->len + n > MAX_CONTENT;
  if (bytes != NULL && !w->cut)
    {
      g_byte_array_append (content, bytes, (guint) n);
      g_byte_array_append (content, (const guint8 *) "\n", 1);
    }
  free (bytes);
}

static void
read_page (Words *w, qpdf_oh page)
{
  const State state = { .ctm = identity, .scale = 1 };
  qpdf_oh contents = key (w->q, page, "/Contents");
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (contents != 0 && qpdf_oh_is_array (w->q, contents))
    for (int i = 0; i < qpdf_oh_get_array_n_items (w->q, contents) && !w->cut; i++)
      add_stream (w, qpdf_oh_get_array_item (w->q, contents, i), content);
  else if (contents != 0 && qpdf_oh_is_stream (w->q, contents))
    add_stream (w, contents, content);
  w->has_end = false;
  separate (w, '\n');
  read_content (w, content->data, content->len, resources_of (w->q, page), &state, 0);
}

/* What a note, stamp or field looks like on the page (12.5.5). */
static void
read_appearance (Words *w, qpdf_oh note, qpdf_oh page)
{
  const State state = { .ctm = identity, .scale = 1 };
  qpdf_oh normal = key (w->q, key (w->q, note, "/AP"), "/N");
  gsize n;

  if (normal == 0 || !qpdf_oh_is_stream (w->q, normal))
    return;
  qpdf_oh own = key (w->q, qpdf_oh_get_dict (w->q, normal), "/Resources");
  guint8 *bytes = pdf_stream_bytes (w->q, normal, &n);
  w->gap |= bytes == NULL;
  w->has_end = false;
  separate (w, '\n');
  read_content (w, bytes, n, own != 0 ? own : resources_of (w->q, page), &state, 1);
  free (bytes);
}

/* What is written on the page in a note, or beside it. */
static void
read_notes (Words *w, qpdf_oh page)
{
  qpdf_oh notes = key (w->q, page, "/Annots");

  for (int i = 0; notes != 0 && qpdf_oh_is_array (w->q, notes) && i < qpdf_oh_get_array_n_items (w->q, notes); i++)
    {
      qpdf_oh note = qpdf_oh_get_array_item (w->q, notes, i), text = key (w->q, note, "/Contents");

      if (++w->notes > MAX_NOTES || w->cut)
        return;
      read_appearance (w, note, page);
      if (text == 0 || !qpdf_oh_is_string (w->q, text))
        continue;
      separate (w, '\n');
      append (w, qpdf_oh_get_utf8_value (w->q, text));
      w->any = true;
    }
}

/* Hyphens and spaces of all kinds are one: what is looked for has them between its parts. */
static void
make_plain (GString *text)
{
  static const struct {
    const char *other, *plain;
  } marks[] = {
    { "\u00ad", "-" }, { "\u2010", "-" }, { "\u2011", "-" }, { "\u2012", "-" }, { "\u2013", "-" }, { "\u2212", "-" }, { "\u00a0", " " },
    { "\u2009", " " }, { "\u202f", " " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    g_string_replace (text, marks[i].other, marks[i].plain, 0);
}

void
pdf_read_words (qpdf_data q, Document *document)
{
  Words w = { .q = q, .document = document, .text = g_string_new (NULL), .fonts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pdf_font_free),
              .direct = g_ptr_array_new_with_free_func ((GDestroyNotify) pdf_font_free) };
  int pages = qpdf_get_num_pages (q);

  for (int i = 0; i < pages && !w.cut; i++)
    {
      qpdf_oh page = qpdf_get_page_n (q, (size_t) i);

      w.cut |= i >= MAX_PAGES;
      if (!w.cut && qpdf_oh_is_dictionary (q, page))
        {
          read_page (&w, page);
          read_notes (&w, page);
        }
    }
  document->text_state = w.cut || w.gap || (w.unknown && w.any) ? DOCUMENT_TEXT_PARTLY
                         : w.unknown || pages < 0 ? DOCUMENT_TEXT_UNREADABLE : w.any ? DOCUMENT_TEXT_READ : DOCUMENT_TEXT_NONE;
  make_plain (w.text);
  g_free (document->text);
  document->text = g_utf8_make_valid (w.text->str, (gssize) w.text->len);
  g_string_free (w.text, TRUE);
  g_hash_table_unref (w.fonts);
  g_ptr_array_unref (w.direct);
}
