/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Draws a case type's states for Graphviz: boxes are states and say whose turn it is, double ones
 * are the end, dashed lines happen by themselves.  What leads from one state to another is one
 * line, so that a large type can still be read.
 */
#include "program/program-private.h"

#include <string.h>

#define TITLE_WIDTH 22 /* characters in a line of a box */

/* TEXT in the double quotes of DOT; a line break stays one (BREAK: n centred, l to the left). */
static void
append_quoted (GString *out, const char *text, char line_break)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\' || *text == '\n')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *text == '\n' ? line_break : *text);
    }
  g_string_append_c (out, '"');
}

/* TEXT in lines of about TITLE_WIDTH, broken at blanks. */
static char *
wrapped (const char *text)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  glong width = 0;

  for (char **word = words; *word != NULL; word++)
    {
      glong n = g_utf8_strlen (*word, -1);

      if (width > 0)
        g_string_append_c (out, width + n >= TITLE_WIDTH ? '\n' : ' ');
      width = width + n >= TITLE_WIDTH ? n : width + n + 1;
      g_string_append (out, *word);
    }
  return g_string_free (out, FALSE);
}

static const char *
colour (const Program *program, const ProgramState *state)
{
  const ProgramRole *role =
    state->waiting_on != NULL ? program_role (program, state->waiting_on) : NULL;

  return state->final                                 ? "#eeeeee"
         : role != NULL && role->kind == ROLE_OUTSIDE ? "#dcebfa"
                                                      : "#fdf0d5";
}

static void
append_state (GString *out, const Program *program, const ProgramCaseType *type,
              const ProgramState *state)
{
  g_autofree char *title = wrapped (state->title);
  g_autofree char *label = state->waiting_on != NULL
                             ? g_strdup_printf ("%s\n(%s)", title, state->waiting_on)
                             : g_strdup (title);

  g_string_append (out, "  ");
  append_quoted (out, state->name, 'n');
  g_string_append (out, " [label=");
  append_quoted (out, label, 'n');
  g_string_append_printf (out, " fillcolor=\"%s\"", colour (program, state));
  if (state->final)
    g_string_append (out, " peripheries=2");
  if (strcmp (state->name, type->initial) == 0)
    g_string_append (out, " penwidth=3");
  g_string_append (out, "];\n");
}

/* --- lines ------------------------------------------------------------------- */

/* What leads from one state to another in one way, each transition a paragraph of the label. */
typedef struct {
  const char *from, *to;
  bool by_itself;
  GString *label;
} Edge;

static void
edge_free (gpointer data)
{
  Edge *edge = data;

  g_string_free (edge->label, TRUE);
  g_free (edge);
}

static Edge *
edge_of (GPtrArray *edges, const char *from, const char *to, const ProgramTransition *t)
{
  bool by_itself = t->by[0] == NULL;

  for (guint i = 0; i < edges->len; i++)
    {
      Edge *edge = edges->pdata[i];

      if (strcmp (edge->from, from) == 0 && strcmp (edge->to, to) == 0
          && edge->by_itself == by_itself)
        return edge;
    }
  Edge *edge = g_new0 (Edge, 1);
  *edge = (Edge){ from, to, by_itself, g_string_new (NULL) };
  g_ptr_array_add (edges, edge);
  return edge;
}

static void
add_line (GPtrArray *edges, const char *from, const char *to, const ProgramTransition *t)
{
  g_autofree char *by = g_strjoinv (", ", t->by);
  Edge *edge = edge_of (edges, from, to, t);

  g_string_append (edge->label, t->event);
  if (*by != '\0')
    g_string_append_printf (edge->label, " (%s)", by);
  g_string_append_c (edge->label, '\n');
  for (guint i = 0; i < t->needs->len; i++)
    g_string_append_printf (edge->label, "   %s %s\n", i == 0 ? "if" : "and",
                            ((const ProgramTerm *) t->needs->pdata[i])->word);
}

/* T leads from STATE (NULL: from any) somewhere; back to the state before is a line to each one
 * that can be that. */
static void
add_lines (GPtrArray *edges, const ProgramCaseType *type, const ProgramState *state,
           const ProgramTransition *t)
{
  const char *from = state != NULL ? state->name : "any state";

  if (t->to != NULL && (state == NULL || strcmp (t->to, PROGRAM_PREVIOUS) != 0))
    add_line (edges, from, strcmp (t->to, PROGRAM_PREVIOUS) != 0 ? t->to : "the state before", t);
  else if (t->to != NULL)
    for (guint i = 0; i < type->states->len; i++)
      {
        const ProgramState *before = type->states->pdata[i];

        if (before != state && program_leads (type, before, state))
          add_line (edges, from, before->name, t);
      }
}

static void
append_edge (GString *out, const Edge *edge)
{
  g_string_append (out, "  ");
  append_quoted (out, edge->from, 'n');
  g_string_append (out, " -> ");
  append_quoted (out, edge->to, 'n');
  g_string_append (out, " [label=");
  append_quoted (out, edge->label->str, 'l');
  g_string_append (out, edge->by_itself ? " style=dashed];\n" : "];\n");
}

/* --- the whole --------------------------------------------------------------- */

static void
append_head (GString *out, const ProgramCaseType *type)
{
  g_autofree char *label = g_strdup_printf (
    "%s\nblue waits outside, yellow in the office; dashed happens by itself", type->title);

  g_string_append (out, "digraph ");
  append_quoted (out, type->name, 'n');
  g_string_append (out,
                   " {\n  rankdir=TB;\n  labelloc=t;\n  fontname=\"sans-serif\";\n  nodesep=0.4;\n"
                   "  node [shape=box style=\"filled,rounded\" fontname=\"sans-serif\"];\n"
                   "  edge [fontname=\"sans-serif\" fontsize=10];\n  label=");
  append_quoted (out, label, 'n');
  g_string_append (out, ";\n");
}

char *
program_graph (const Program *program, const ProgramCaseType *type)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GPtrArray) edges = g_ptr_array_new_with_free_func (edge_free);

  append_head (out, type);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      append_state (out, program, type, state);
      for (guint k = 0; k < state->transitions->len; k++)
        add_lines (edges, type, state, state->transitions->pdata[k]);
    }
  for (guint k = 0; k < type->transitions->len; k++)
    add_lines (edges, type, NULL, type->transitions->pdata[k]);
  for (guint i = 0; i < edges->len; i++)
    append_edge (out, edges->pdata[i]);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
