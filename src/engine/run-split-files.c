/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files of a message that is split off: which go along, and that each counts in one case.
 *
 * Those that somebody named go.  Nobody having named any, those go that the new case asks for and
 * the first one did not know; what both may mean stays where it was filed.
 */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "engine/run-session.h"

void
split_files_free (SplitFiles *split)
{
  if (split == NULL)
    return;
  g_ptr_array_unref (split->files);
  g_clear_pointer (&split->taken, document_reading_free);
  g_clear_pointer (&split->enclosed, g_ptr_array_unref);
  case_free (split->from);
  g_free (split);
}

static GPtrArray *
document_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);
}

static char *
names_of (const GPtrArray *files)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();

  for (guint i = 0; i < files->len; i++)
    if (!g_ptr_array_find_with_equal_func (seen, ((const CaseDocument *) files->pdata[i])->file,
                                           g_str_equal, NULL))
      g_ptr_array_add (seen, ((const CaseDocument *) files->pdata[i])->file);
  g_ptr_array_add (seen, NULL);
  return g_strjoinv (", ", (char **) seen->pdata);
}

/* What of the message the case still counts, or asks about. */
static GPtrArray *
files_in (const Case *c, gint64 message)
{
  GPtrArray *files = document_list ();

  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *document = c->documents->pdata[i];

      if (document->message == message
          && (document->status == DOCUMENT_CURRENT || document->status == DOCUMENT_UNCLEAR
              || document->status == DOCUMENT_ENCLOSED))
        g_ptr_array_add (files, case_document_copy (document));
    }
  return files;
}

/* As people write a name: in any case, in quotes, with other white space. */
static char *
folded (const char *name)
{
  g_autofree char *lower = fold_case (name);
  g_auto (GStrv) words = g_strsplit_set (lower, " \"'<>\t", -1);
  GString *out = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", *word);
  return g_string_free (out, FALSE);
}

/* The files called NAME go from FILES to CHOSEN. */
static bool
choose (const GPtrArray *files, const char *name, GPtrArray *chosen)
{
  g_autofree char *wanted = folded (name);
  bool any = false;

  for (guint i = 0; i < files->len; i++)
    {
      CaseDocument *file = files->pdata[i];
      g_autofree char *own = folded (file->file);

      if (strcmp (own, wanted) != 0)
        continue;
      any = true;
      if (!g_ptr_array_find (chosen, file, NULL))
        g_ptr_array_add (chosen, file);
    }
  return any;
}

/* "Smith, Inc. plan.pdf, list.xlsx": a name may have commas in it.  *UNKNOWN (g_free()): what is
 * none. */
static bool
choose_all (const GPtrArray *files, const char *names, GPtrArray *chosen, char **unknown)
{
  g_auto (GStrv) pieces = g_strsplit_set (names, ",;", -1);

  for (guint i = 0; pieces[i] != NULL;)
    {
      g_autoptr (GString) name = g_string_new (pieces[i]);
      guint to = i + 1;

      while (!choose (files, name->str, chosen) && pieces[to] != NULL)
        g_string_append_printf (name, ",%s", pieces[to++]);
      if (!choose (files, name->str, chosen))
        {
          *unknown = g_strstrip (g_strdup (pieces[i]));
          return false;
        }
      i = to;
    }
  return true;
}

/* FILES, of which those that NAMES names stay. */
static bool
keep_named (GPtrArray **files, const char *names, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autofree char *unknown = NULL, *known = names_of (*files);

  if (!choose_all (*files, names, chosen, &unknown))
    return (*files)->len > 0
             ? error_refuse (error, "the message has no file '%s'; there are: %s", unknown, known)
             : error_refuse (error, "the message has no file '%s', and no other", unknown);
  GPtrArray *kept = document_list ();
  for (guint i = 0; i < chosen->len; i++)
    g_ptr_array_add (kept, case_document_copy (chosen->pdata[i]));
  g_ptr_array_unref (*files);
  *files = kept;
  return true;
}

SplitFiles *
split_files_find (const Case *from, gint64 id, const Message *m, const char *names, GError **error)
{
  g_autoptr (SplitFiles) split = g_new0 (SplitFiles, 1);

  split->files = from != NULL ? files_in (from, id) : document_list ();
  bool counted = split->files->len > 0;
  if (!counted && m != NULL)
    {
      g_ptr_array_unref (split->files);
      split->files = documents_of (m, id);
    }
  split->message = id;
  split->from = counted ? case_copy (from) : NULL;
  split->chosen = names != NULL || !counted;
  return names == NULL || keep_named (&split->files, names, error) ? g_steal_pointer (&split)
                                                                   : NULL;
}

static bool
is_file (const CaseDocument *a, const CaseDocument *b)
{
  return a->message == b->message && strcmp (a->part, b->part) == 0;
}

/* Nobody chose FILE, and the new case has no place for it, or the first one has. */
static bool
stays (const SplitFiles *split, const CaseDocument *file)
{
  bool filed = false;

  for (guint i = 0; i < split->files->len; i++)
    {
      const CaseDocument *before = split->files->pdata[i];

      filed |= is_file (before, file) && before->status != DOCUMENT_UNCLEAR;
    }
  return !split->chosen && (filed || file->status == DOCUMENT_UNCLEAR);
}

void
split_files_choose (SplitFiles *split, const Program *program, const Case *c, const char *text,
                    gint64 at)
{
  g_autoptr (GPtrArray) fresh = document_list ();
  bool asks = program_edition (program, c->edition) != NULL
              && case_transition (program, c, "documents", at) != NULL;

  for (guint i = 0; i < split->files->len; i++)
    {
      CaseDocument *file = case_document_copy (split->files->pdata[i]);

      file->n = 0;
      g_ptr_array_add (fresh, file);
    }
  if (!asks)
    {
      split->enclosed = split->chosen ? g_steal_pointer (&fresh) : document_list ();
      return;
    }
  split->taken = documents_recognize (program, c, text, fresh, at);
  if (!split->chosen)
    g_ptr_array_set_size (split->taken->questions, 0);
  for (guint i = split->taken->documents->len; i > 0; i--)
    if (stays (split, split->taken->documents->pdata[i - 1]))
      g_ptr_array_remove_index (split->taken->documents, i - 1);
}

static const GPtrArray *
going (const SplitFiles *split)
{
  return split->taken != NULL ? split->taken->documents : split->enclosed;
}

static bool
goes (const SplitFiles *split, const CaseDocument *file)
{
  for (guint i = 0; i < going (split)->len; i++)
    if (is_file (going (split)->pdata[i], file))
      return true;
  return false;
}

bool
split_files_move (Run *run, const SplitFiles *split, const Case *c, const char *who, GError **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);

  for (guint i = 0; split->from != NULL && i < split->files->len; i++)
    {
      const CaseDocument *file = split->files->pdata[i];

      if (goes (split, file))
        case_move_document (split->from, file->n, c->ref, who, changes);
    }
  return changes->len == 0 || run_save (run, split->from, changes, error);
}

char *
split_files_names (const SplitFiles *split)
{
  return names_of (going (split));
}

char *
split_files_said (const SplitFiles *split)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  GString *said = g_string_new (NULL);
  g_autofree char *with = split_files_names (split);

  for (guint i = 0; split->from != NULL && i < split->from->documents->len; i++)
    {
      CaseDocument *file = split->from->documents->pdata[i];

      if (file->message == split->message && file->status != DOCUMENT_MOVED
          && file->status != DOCUMENT_SETTLED)
        g_ptr_array_add (left, file);
    }
  if (with[0] != '\0')
    g_string_append_printf (said, ", with %s", with);
  g_autofree char *names = names_of (left);
  if (left->len > 0)
    g_string_append_printf (said, "; %s %s in %s", names, left->len == 1 ? "stays" : "stay",
                            split->from->ref);
  return g_string_free (said, FALSE);
}
