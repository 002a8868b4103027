/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Documents that must be signed: whether a signature counts, and what staff can do when it does
 * not.
 *
 * A signature counts when its verdict is the one the definition asks for, and it was made with a
 * certificate somebody was introduced with in the role the definition names.  Another certificate
 * of the same person is introduced anew.  One that was retired counts for what had come before, and
 * for nothing after that.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

/* A fingerprint is named by as many of its digits, or all. */
#define FINGERPRINT_LEAST 16

void
case_signature_clear (CaseSignature *s)
{
  g_free (s->verdict);
  g_free (s->signer);
  g_free (s->fingerprints);
  g_free (s->why);
  g_free (s->accepted);
}

CaseSignature
case_signature_copy (const CaseSignature *s)
{
  return (CaseSignature){ g_strdup (s->verdict), g_strdup (s->signer), g_strdup (s->fingerprints),
                          g_strdup (s->why), g_strdup (s->accepted) };
}

void
case_signer_free (gpointer data)
{
  CaseSigner *signer = data;

  g_free (signer->role);
  g_free (signer->fingerprint);
  g_free (signer->name);
  g_free (signer->by);
  g_free (signer->retired_by);
  g_free (signer);
}

CaseSigner *
case_signer_new (const char *role, const char *fingerprint, const char *name, const char *by,
                 gint64 at)
{
  CaseSigner *signer = g_new0 (CaseSigner, 1);

  *signer = (CaseSigner){
    g_strdup (role), g_strdup (fingerprint), g_strdup (name), g_strdup (by), at, 0, NULL
  };
  return signer;
}

CaseSigner *
case_signer_copy (const CaseSigner *from)
{
  CaseSigner *to = case_signer_new (from->role, from->fingerprint, from->name, from->by, from->at);

  to->retired = from->retired;
  to->retired_by = g_strdup (from->retired_by);
  return to;
}

static bool
is_set (const char *text)
{
  return text != NULL && text[0] != '\0';
}

static CaseSigner *
find_signer (const Case *c, const char *role, const char *fingerprint)
{
  for (guint i = 0; i < c->signers->len; i++)
    {
      CaseSigner *signer = c->signers->pdata[i];

      if (g_str_equal (signer->role, role) && g_str_equal (signer->fingerprint, fingerprint))
        return signer;
    }
  return NULL;
}

/* Somebody of the same name was introduced, with another certificate. */
static bool
is_changed (const Case *c, const char *role, const char *name)
{
  for (guint i = 0; i < c->signers->len; i++)
    {
      const CaseSigner *signer = c->signers->pdata[i];

      if (g_str_equal (signer->role, role) && g_strcmp0 (signer->name, name) == 0)
        return true;
    }
  return false;
}

/* Of those who signed FILE somebody is known in ROLE; RETIRED: was, before it came. */
static bool
any_known (const Case *c, const char *role, const CaseDocument *file, bool retired)
{
  g_auto (GStrv) list = g_strsplit (file->signature.fingerprints, " ", -1);

  for (char **fingerprint = list; *fingerprint != NULL; fingerprint++)
    {
      const CaseSigner *signer = **fingerprint != '\0' ? find_signer (c, role, *fingerprint) : NULL;

      if (signer != NULL && (signer->retired != 0 && file->at >= signer->retired) == retired)
        return true;
    }
  return false;
}

static bool
verdict_suffices (const ProgramDocument *document, const CaseSignature *s)
{
  return g_strcmp0 (s->verdict, "valid") == 0
         || (g_str_equal (document->signature, "untrusted")
             && g_strcmp0 (s->verdict, "untrusted") == 0);
}

bool
case_signature_waits (const Case *c, const ProgramDocument *document, const CaseDocument *file)
{
  const CaseSignature *s = &file->signature;

  return document->signed_by != NULL && !is_set (s->accepted) && is_set (s->fingerprints)
         && verdict_suffices (document, s) && !any_known (c, document->signed_by, file, false);
}

char *
case_signature_gap (const Program *program, const Case *c, const ProgramDocument *document,
                    const CaseDocument *file)
{
  const CaseSignature *s = &file->signature;
  const ProgramRole *role =
    document->signed_by != NULL ? program_role (program, document->signed_by) : NULL;
  g_autofree char *title = words_term (role != NULL ? role->title : document->signed_by);

  if (document->signed_by == NULL || is_set (s->accepted))
    return NULL;
  if (!is_set (s->verdict) || g_str_equal (s->verdict, "unsigned"))
    return words_say ("%s is on file but carries no electronic signature of the %s", file->file,
                      title);
  if (!verdict_suffices (document, s))
    return words_say ("the signature on %s does not count (%s): %s", file->file, s->verdict,
                            is_set (s->why) ? s->why : "no reason is known");
  if (!case_signature_waits (c, document, file))
    return is_set (s->fingerprints) ? NULL
                                    : words_say ("it is not known who signed %s", file->file);
  if (any_known (c, document->signed_by, file, true))
    return words_say (
      "%s is signed by %s with a certificate that we no longer take; we are checking it",
      file->file, s->signer);
  if (is_changed (c, document->signed_by, s->signer))
    return words_say (
      "%s is signed by %s with a certificate that is not the one we know; we are checking it",
      file->file, s->signer);
  return words_say ("%s is signed by %s, whom we do not know as the %s yet; we are checking it",
                    file->file, s->signer, title);
}

/* --- what staff can do ------------------------------------------------------------------------ */

typedef bool (*Treat) (CaseStep *step, const ProgramDocument *document, CaseDocument *file);

/* TREAT what is on file for the element the command names, or for one of its documents; how many it
 * was. */
static guint
treat_all (CaseStep *step, Treat treat)
{
  const ProgramElement *element = program_element (step->edition, step->event->element);
  guint n = 0;

  for (guint i = 0; element != NULL && i < element->documents->len; i++)
    {
      const ProgramDocument *document = element->documents->pdata[i];

      if (document->signed_by == NULL
          || (step->event->value != NULL && !g_str_equal (step->event->value, document->name)))
        continue;
      for (guint k = 0; k < step->c->documents->len; k++)
        {
          CaseDocument *file = step->c->documents->pdata[k];

          if (file->status == DOCUMENT_CURRENT && g_str_equal (file->element, element->name)
              && g_str_equal (file->name, document->name))
            n += treat (step, document, file);
        }
    }
  return n;
}

static bool
introduce (CaseStep *step, const ProgramDocument *document, CaseDocument *file)
{
  g_auto (GStrv) list =
    g_strsplit (file->signature.fingerprints != NULL ? file->signature.fingerprints : "", " ", -1);

  if (!case_signature_waits (step->c, document, file))
    return false;
  for (char **fingerprint = list; *fingerprint != NULL; fingerprint++)
    {
      CaseSigner *before = find_signer (step->c, document->signed_by, *fingerprint);
      CaseChange *change = case_change (step, CHANGE_SIGNER);

      if (before != NULL)
        g_ptr_array_remove (step->c->signers, before);
      g_ptr_array_add (step->c->signers,
                       case_signer_new (document->signed_by, *fingerprint, file->signature.signer,
                                        case_who (step), step->now));
      change->name = g_strdup (document->signed_by);
      change->value = g_strdup (*fingerprint);
      change->text = g_strdup (file->signature.signer);
      change->who = g_strdup (case_who (step));
    }
  return true;
}

bool
case_introduce_signer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return treat_all (step, introduce) > 0
         || case_refuse (error, "has no document whose signer waits to be introduced",
                         step->event->element, "");
}

bool
case_signer_is (const char *name, const char *fingerprint, const char *who)
{
  g_autofree char *address = g_strdup_printf ("<%s>", who);
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (strchr (who, '@') != NULL)
    return g_str_has_suffix (lower, address);
  return strlen (who) >= FINGERPRINT_LEAST
         && g_ascii_strncasecmp (fingerprint, who, strlen (who)) == 0;
}

bool
case_retire_signer (CaseStep *step, const ProgramTerm *term, GError **error)
{
  guint n = 0;

  for (guint i = 0; step->event->value != NULL && i < step->c->signers->len; i++)
    {
      CaseSigner *signer = step->c->signers->pdata[i];

      if (signer->retired != 0
          || !case_signer_is (signer->name, signer->fingerprint, step->event->value))
        continue;
      CaseChange *change = case_change (step, CHANGE_SIGNER);
      signer->retired = step->now;
      g_free (signer->retired_by);
      signer->retired_by = g_strdup (case_who (step));
      change->number = 1;
      change->name = g_strdup (signer->role);
      change->value = g_strdup (signer->fingerprint);
      change->text = g_strdup (signer->name);
      change->who = g_strdup (case_who (step));
      n++;
    }
  return n > 0
         || case_refuse (error, "is no signer whom we know for this organization",
                         step->event->value, "");
}

static bool
accept (CaseStep *step, const ProgramDocument *document, CaseDocument *file)
{
  g_autofree char *gap = case_signature_gap (step->program, step->c, document, file);

  if (gap == NULL)
    return false;
  CaseChange *change = case_change (step, CHANGE_ACCEPTED);
  g_free (file->signature.accepted);
  file->signature.accepted = g_strdup (case_who (step));
  change->number = file->n;
  change->name = g_strdup (file->element);
  change->value = g_strdup (file->name);
  change->text = g_strdup (step->event->text);
  change->who = g_strdup (case_who (step));
  return true;
}

bool
case_accept_signature (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return treat_all (step, accept) > 0
         || case_refuse (error, "has no document on file whose signature does not count",
                         step->event->element, "");
}
