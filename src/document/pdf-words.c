/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words that a content stream of a PDF draws, in the order in which they are drawn.
 *
 * No layout is understood: where the next piece begins tells whether it goes on with the word
 * (letters are often placed one by one), begins another one, or another line.  What cannot be told,
 * because a font says nothing of what its codes mean or because it is more than is read, is said
 * (DocumentText); pictures of words are none.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf-words.h"

enum {
  MAX_DEPTH = 6, MAX_SAVED = 64, MAX_OPERANDS = 20000, MAX_FONTS = 500, MAX_FORMS = 2000,
  MAX_TEXT = 1024 * 1024, MAX_TOKENS = 4 * 1000 * 1000,
};

/* Parts of the size of the letters: more than that, to the right or to the left, is not the same
 * word; across, not the same line. */
#define WORD_GAP 0.17
#define BACK_GAP 0.5
#define LINE_GAP 0.4

const PdfMatrix pdf_identity = { 1, 0, 0, 1, 0, 0 };

typedef struct {
  PdfTokenKind kind;
  double number;
  gsize at, n;               /* of a string or name, in the pool */
} Operand;

/* One content stream, while it is read. */
typedef struct {
  PdfWords *words;
  qpdf_oh resources;
  guint depth;
  PdfState state, saved[MAX_SAVED];
  guint n_saved;
  PdfMatrix text, line;      /* Tm and Tlm */
  GArray *operands;          /* Operand, since the last operator */
  GString *pool;
} Stream;

qpdf_oh
pdf_key (qpdf_data q, qpdf_oh dictionary, const char *name)
{
  return dictionary != 0 && qpdf_oh_is_dictionary (q, dictionary)
             && qpdf_oh_has_key (q, dictionary, name)
           ? qpdf_oh_get_key (q, dictionary, name)
           : 0;
}

static PdfMatrix
multiply (const PdfMatrix *m, const PdfMatrix *n)
{
  return (PdfMatrix){ m->a * n->a + m->b * n->c,        m->a * n->b + m->b * n->d,
                      m->c * n->a + m->d * n->c,        m->c * n->b + m->d * n->d,
                      m->e * n->a + m->f * n->c + n->e, m->e * n->b + m->f * n->d + n->f };
}

/* --- text ------------------------------------------------------------------------------------- */

void
pdf_words_append (PdfWords *w, const char *text)
{
  if (w->text->len + strlen (text) <= MAX_TEXT)
    g_string_append (w->text, text);
  else
    w->cut = true;
}

void
pdf_words_separate (PdfWords *w, char with)
{
  char last = w->text->len > 0 ? w->text->str[w->text->len - 1] : '\n';

  if (last == '\n' || (last == ' ' && with == ' '))
    return;
  pdf_words_append (w, (char[]){ with, '\0' });
}

void
pdf_words_leave_out (PdfWords *w)
{
  w->gap = w->page.lost = true;
}

/* A piece begins at the origin of M (text space on the page): what goes between it and the one
 * before. */
static void
begin_piece (PdfWords *w, const PdfMatrix *m, double size)
{
  double dx = m->e - w->x, dy = m->f - w->y;
  double right = dx * m->a + dy * m->b, across = dy * m->a - dx * m->b;
  /* Both, and what they are compared with, are lengths times the length of the base line times the
   * height of the letters: so are their squares. */
  double unit = (m->a * m->a + m->b * m->b) * size * size * (m->c * m->c + m->d * m->d);

  if (!w->has_end || !(unit > 0))
    pdf_words_separate (w, '\n');
  else if (!(across * across <= LINE_GAP * LINE_GAP * unit)
           || !(right >= 0 || right * right <= BACK_GAP * BACK_GAP * unit))
    pdf_words_separate (w, '\n');
  else if (right > 0 && right * right > WORD_GAP * WORD_GAP * unit)
    pdf_words_separate (w, ' ');
}

static void
advance (Stream *s, double by)
{
  const PdfMatrix move = { 1, 0, 0, 1, by * s->state.scale, 0 };

  s->text = multiply (&move, &s->text);
}

static void
show_code (Stream *s, guint code, guint width)
{
  PdfWords *w = s->words;
  const PdfFont *font = s->state.font;
  const char *text = pdf_font_text (font, code);

  if (text != NULL)
    pdf_words_append (w, text);
  else
    pdf_words_append (w, "\xef\xbf\xbd");
  w->any |= text != NULL && text[0] != ' ';
  w->unknown |= text == NULL;
  advance (s, pdf_font_advance (font, code) * s->state.size);
  const PdfMatrix at = multiply (&s->text, &s->state.ctm);
  w->x = at.e;
  w->y = at.f;
  w->has_end = true;
  advance (s, s->state.char_space + (code == 32 && width == 1 ? s->state.word_space : 0));
}

static void
show (Stream *s, const char *bytes, gsize n)
{
  const PdfMatrix at = multiply (&s->text, &s->state.ctm);
  guint width = s->state.font != NULL ? pdf_font_width_of_code (s->state.font) : 1;

  if (n == 0)
    return;
  if (s->state.font == NULL)
    {
      s->words->unknown = s->words->page.lost = true;
      return;
    }
  begin_piece (s->words, &at, s->state.size);
  for (gsize i = 0; i + width <= n && !s->words->cut; i += width)
    show_code (
      s, width == 2 ? (guint) (guint8) bytes[i] << 8 | (guint8) bytes[i + 1] : (guint8) bytes[i],
      width);
}

/* --- operators -------------------------------------------------------------------------------- */

/* The operand I from the end, 0: the last. */
static const Operand *
operand (const Stream *s, guint i)
{
  return i < s->operands->len ? &g_array_index (s->operands, Operand, s->operands->len - 1 - i)
                              : NULL;
}

static double
number (const Stream *s, guint i)
{
  const Operand *o = operand (s, i);

  return o != NULL && o->kind == PDF_NUMBER ? o->number : 0;
}

static PdfMatrix
six_numbers (const Stream *s)
{
  return (PdfMatrix){ number (s, 5), number (s, 4), number (s, 3),
                      number (s, 2), number (s, 1), number (s, 0) };
}

static void
next_line (Stream *s, double x, double y)
{
  const PdfMatrix move = { 1, 0, 0, 1, x, y };

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
  return pdf_key (q, pdf_key (q, s->resources, category), name);
}

static void
set_font (Stream *s)
{
  PdfWords *w = s->words;
  qpdf_oh dictionary = resource (s, "/Font", 1);
  int id = dictionary != 0 ? qpdf_oh_get_object_id (w->q, dictionary) : 0;

  s->state.size = number (s, 0);
  s->state.font = id != 0 ? g_hash_table_lookup (w->fonts, GINT_TO_POINTER (id)) : NULL;
  if (s->state.font != NULL || dictionary == 0 || !qpdf_oh_is_dictionary (w->q, dictionary))
    return;
  if (g_hash_table_size (w->fonts) + w->direct->len >= MAX_FONTS)
    {
      pdf_words_leave_out (w);
      return;
    }
  PdfFont *font = pdf_font_new (w->q, dictionary);
  if (id != 0)
    g_hash_table_insert (w->fonts, GINT_TO_POINTER (id), font);
  else
    g_ptr_array_add (w->direct, font);
  s->state.font = font;
}

static PdfMatrix
matrix_of (qpdf_data q, qpdf_oh array)
{
  double v[6] = { 1, 0, 0, 1, 0, 0 };

  if (array != 0 && qpdf_oh_is_array (q, array) && qpdf_oh_get_array_n_items (q, array) == 6)
    for (int i = 0; i < 6; i++)
      if (!qpdf_oh_get_value_as_number (q, qpdf_oh_get_array_item (q, array, i), &v[i]))
        return pdf_identity;
  return (PdfMatrix){ v[0], v[1], v[2], v[3], v[4], v[5] };
}

/* A picture is a unit square of its own, wherever it is drawn (8.9.5). */
static void
draw_picture (Stream *s)
{
  s->words->page.pictures +=
    fabs (s->state.ctm.a * s->state.ctm.d - s->state.ctm.b * s->state.ctm.c);
}

/* A piece of content that is used by its name (8.10). */
static void
draw_form (Stream *s, qpdf_oh form, qpdf_oh dictionary)
{
  PdfWords *w = s->words;
  qpdf_oh own = pdf_key (w->q, dictionary, "/Resources");
  gsize n;

  if (s->depth >= MAX_DEPTH || ++w->forms > MAX_FORMS)
    {
      pdf_words_leave_out (w);
      return;
    }
  guint8 *bytes = pdf_stream_bytes (w->q, form, &n);
  const PdfMatrix matrix = matrix_of (w->q, pdf_key (w->q, dictionary, "/Matrix"));
  PdfState state = s->state;

  state.ctm = multiply (&matrix, &state.ctm);
  if (bytes != NULL)
    pdf_words_read (w, bytes, n, own != 0 ? own : s->resources, &state, s->depth + 1);
  else
    pdf_words_leave_out (w);
  free (bytes);
}

static void
draw_object (Stream *s)
{
  qpdf_data q = s->words->q;
  qpdf_oh object = resource (s, "/XObject", 0);
  qpdf_oh dictionary =
    object != 0 && qpdf_oh_is_stream (q, object) ? qpdf_oh_get_dict (q, object) : 0;
  qpdf_oh subtype = pdf_key (q, dictionary, "/Subtype");
  const char *name =
    subtype != 0 && qpdf_oh_is_name (q, subtype) ? qpdf_oh_get_name (q, subtype) : "";

  if (strcmp (name, "/Form") == 0)
    draw_form (s, object, dictionary);
  else if (strcmp (name, "/Image") == 0)
    draw_picture (s);
}

static void draw_curve (Stream *s) { s->words->page.curves++; }

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
  const PdfMatrix m = six_numbers (s);

  s->state.ctm = multiply (&m, &s->state.ctm);
}

static void begin_text (Stream *s) { s->text = s->line = pdf_identity; }
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
  { "Tz", set_scale }, { "TL", set_leading }, { "'", new_line_show }, { "\"", new_line_spaced_show }, { "Do", draw_object },
  { "c", draw_curve }, { "v", draw_curve }, { "y", draw_curve }, { "BI", draw_picture },
};

/* --- a content stream ------------------------------------------------------------------------- */

static void
take_operand (Stream *s, const PdfToken *token)
{
  Operand o = { token->kind, token->number, s->pool->len, token->n };

  if (s->operands->len >= MAX_OPERANDS)
    {
      pdf_words_leave_out (s->words);
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

void
pdf_words_read (PdfWords *w, const guint8 *bytes, gsize n, qpdf_oh resources, const PdfState *state,
                guint depth)
{
  Stream s = { .words = w,
               .resources = resources,
               .depth = depth,
               .state = *state,
               .text = pdf_identity,
               .line = pdf_identity,
               .operands = g_array_new (FALSE, FALSE, sizeof (Operand)),
               .pool = g_string_new (NULL) };
  PdfLexer lexer;
  PdfToken token;

  pdf_lexer_init (&lexer, bytes, n);
  w->content += n;
  w->cut |= w->content > PDF_MAX_CONTENT;
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
