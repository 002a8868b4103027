/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Draws a case type's states for Graphviz: boxes are states, double ones are the
 * end, dashed lines are clocks.
 */
#include "program/program-private.h"

#include <string.h>

/* TEXT in the double quotes of DOT; a line break stays one. */
static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\' || *text == '\n')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *text == '\n' ? 'n' : *text);
    }
  g_string_append_c (out, '"');
}

static void
append_state (GString *out, const ProgramCaseType *type, const ProgramState *state)
{
  g_autofree char *label = state->waiting_on != NULL
                               ? g_strdup_printf ("%s\n(%s)", state->title, state->waiting_on)
                               : g_strdup (state->title);

  g_string_append (out, "  ");
  append_quoted (out, state->name);
  g_string_append (out, " [label=");
  append_quoted (out, label);
  if (state->final)
    g_string_append (out, " peripheries=2");
  if (strcmp (state->name, type->initial) == 0)
    g_string_append (out, " style=bold");
  g_string_append (out, "];\n");
}

static void
append_edge (GString *out, const char *from, const ProgramTransition *t)
{
  g_autofree char *by = g_strjoinv (", ", t->by);
  g_autoptr (GString) label = g_string_new (t->event);

  if (*by != '\0')
    g_string_append_printf (label, " (%s)", by);
  for (guint i = 0; i < t->needs->len; i++)
    g_string_append_printf (label, "%s%s", i == 0 ? " if " : ", ",
                            ((ProgramTerm *) t->needs->pdata[i])->word);
  g_string_append (out, "  ");
  append_quoted (out, from);
  g_string_append (out, " -> ");
  append_quoted (out, t->to);
  g_string_append (out, " [label=");
  append_quoted (out, label->str);
  g_string_append (out, t->by[0] == NULL ? " style=dashed];\n" : "];\n");
}

char *
program_graph (const ProgramCaseType *type)
{
  GString *out = g_string_new ("digraph ");

  append_quoted (out, type->name);
  g_string_append (out, " {\n  rankdir=TB;\n  node [shape=box fontname=\"sans-serif\"];\n"
                        "  edge [fontname=\"sans-serif\" fontsize=10];\n  label=");
  append_quoted (out, type->title);
  g_string_append (out, ";\n");
  for (guint i = 0; i < type->states->len; i++)
    append_state (out, type, type->states->pdata[i]);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      for (guint k = 0; k < state->transitions->len; k++)
        if (((ProgramTransition *) state->transitions->pdata[k])->to != NULL)
          append_edge (out, state->name, state->transitions->pdata[k]);
    }
  for (guint k = 0; k < type->transitions->len; k++)
    if (((ProgramTransition *) type->transitions->pdata[k])->to != NULL)
      append_edge (out, "any state", type->transitions->pdata[k]);
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
