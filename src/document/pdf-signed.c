/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass over a PDF: every signature it holds, what each covers, and what came after it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "document/pdf-private.h"

PdfSigned *
pdf_signed_new (void)
{
  PdfSigned *all = g_new0 (PdfSigned, 1);

  all->signatures = g_ptr_array_new_with_free_func ((GDestroyNotify) pdf_signature_free);
  all->notes = g_ptr_array_new_with_free_func (g_free);
  return all;
}

PdfSignature *
pdf_signature_new (void)
{
  PdfSignature *s = g_new0 (PdfSignature, 1);

  s->later = g_ptr_array_new_with_free_func ((GDestroyNotify) pdf_change_free);
  return s;
}

void
pdf_change_free (PdfChange *change)
{
  g_free (change->what);
  g_free (change);
}

void
pdf_signature_free (PdfSignature *s)
{
  g_free (s->field);
  g_free (s->subfilter);
  g_free (s->name);
  g_free (s->reason);
  g_free (s->location);
  g_free (s->broken);
  g_free (s->unknown);
  g_ptr_array_unref (s->later);
  g_clear_pointer (&s->cms, g_bytes_unref);
  g_free (s);
}

void
pdf_signed_free (PdfSigned *all)
{
  if (all == NULL)
    return;
  g_free (all->unreadable);
  g_free (all->unsupported);
  g_ptr_array_unref (all->signatures);
  g_ptr_array_unref (all->notes);
  g_free (all);
}

/* --- one signature ---------------------------------------------------------------------------- */

typedef struct {
  const PdfDoc *doc;
  const GArray *revisions; /* PdfRevision */
  GPtrArray *fields;       /* PdfField */
  PdfSigned *all;
} Pass;

/* What is known about a signature before the revision it covers was looked at. */
typedef struct {
  PdfSignature *s;
  qpdf_oh dict;
  const PdfField *owner; /* the field that has it as its value, or NULL */
  gsize end;             /* 0: it is broken */
} Found;

/* "D:20261122100000-05'00'" (ISO 32000-2, 7.9.4); 0 when it is none. */
static gint64
date_of (const char *text)
{
  int part[6] = { 0, 1, 1, 0, 0, 0 }, hours = 0, minutes = 0, got, used = 0;
  char sign = 'Z';

  if (strncmp (text, "D:", 2) == 0)
    text += 2;
  got = sscanf (text, "%4d%2d%2d%2d%2d%2d%n", &part[0], &part[1], &part[2], &part[3], &part[4],
                &part[5], &used);
  if (got < 1)
    return 0;
  if (got == 6 && sscanf (text + used, "%c%2d'%2d", &sign, &hours, &minutes) < 1)
    sign = 'Z';
  g_autoptr (GDateTime) at =
    g_date_time_new_utc (part[0], part[1], part[2], part[3], part[4], part[5]);
  if (at == NULL || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return 0;
  gint64 offset = (gint64) hours * 3600 + minutes * 60;
  return g_date_time_to_unix (at) - (sign == '+' ? offset : sign == '-' ? -offset : 0);
}

static void
read_claims (const PdfDoc *doc, qpdf_oh dict, PdfSignature *s)
{
  g_autofree char *date = pdf_text (doc, pdf_get (doc, dict, "/M"));
  qpdf_oh kind = pdf_get (doc, dict, "/SubFilter");

  s->subfilter = kind != 0 && qpdf_oh_is_name (doc->q, kind) ? pdf_text (doc, kind) : g_strdup ("");
  s->name = pdf_text (doc, pdf_get (doc, dict, "/Name"));
  s->reason = pdf_text (doc, pdf_get (doc, dict, "/Reason"));
  s->location = pdf_text (doc, pdf_get (doc, dict, "/Location"));
  s->claimed_at = date_of (date);
}

static const char *
check_range (const Pass *p, qpdf_oh dict, Found *f)
{
  const PdfDoc *doc = p->doc;
  qpdf_oh array = pdf_get (doc, dict, "/ByteRange"), contents = pdf_get (doc, dict, "/Contents");
  guint n = pdf_length (doc, array);
  PdfCut cut = { 0 };
  size_t n_contents = 0;

  for (guint i = 0; i < n && i < 4; i++)
    f->s->range[i] = pdf_int (doc, pdf_item (doc, array, i), -1);
  if (contents == 0 || !qpdf_oh_is_string (doc->q, contents))
    return "it has no /Contents";
  const char *bytes = qpdf_oh_get_binary_string_value (doc->q, contents, &n_contents);
  const char *why =
    pdf_range_check (doc->bytes, doc->n, f->s->range, n, (const guint8 *) bytes, n_contents, &cut);
  if (why != NULL)
    return why;
  f->end = cut.end;
  f->s->cms = cut.cms;
  f->s->whole = cut.end == doc->n;
  f->s->revision = pdf_revision_at (p->revisions, cut.end);
  return f->s->revision == 0 ? "it covers no revision of the file" : NULL;
}

/* A and B are one object, or the same place in one. */
static bool
is_one (const PdfDoc *doc, qpdf_oh a, qpdf_oh b)
{
  guint64 id = pdf_id (doc, a);

  return a != 0 && (a == b || (id != 0 && id == pdf_id (doc, b)));
}

static bool
is_signed_by (const PdfDoc *doc, const PdfField *field, qpdf_oh dict)
{
  return strcmp (field->type, "Sig") == 0 && is_one (doc, dict, field->value);
}

/* Exactly one field must have it as its value; those below it inherit it.  A second one, whatever
 * its name, is a place on a page where nobody signed. */
static const char *
check_field (const Pass *p, Found *found)
{
  for (guint i = 0; i < p->fields->len; i++)
    {
      const PdfField *f = p->fields->pdata[i];

      if (!is_signed_by (p->doc, f, found->dict))
        continue;
      if (found->owner != NULL && found->owner->value != f->value)
        return "two signature fields have it as their value";
      found->owner = found->owner != NULL ? found->owner : f;
    }
  return found->owner == NULL ? "no signature field has it as its value" : NULL;
}

/* Usage rights are Adobe's own business and sign for nobody; what a field has as its value is none,
 * whatever /Perms says. */
static bool
is_usage_right (const Pass *p, qpdf_oh dict)
{
  const PdfDoc *doc = p->doc;
  qpdf_oh perms = pdf_get (doc, qpdf_get_root (doc->q), "/Perms");

  if (!is_one (doc, dict, pdf_get (doc, perms, "/UR3"))
      && !is_one (doc, dict, pdf_get (doc, perms, "/UR")))
    return false;
  for (guint i = 0; i < p->fields->len; i++)
    if (is_signed_by (doc, p->fields->pdata[i], dict))
      return false;
  return true;
}

/* --- certification and locks ------------------------------------------------------------------ */

/* Which fields an action locks is known of three. */
static bool
is_lock (const PdfDoc *doc, qpdf_oh parameters)
{
  qpdf_oh action = pdf_get (doc, parameters, "/Action");

  return pdf_is_name (doc, action, "/All") || pdf_is_name (doc, action, "/Include")
         || pdf_is_name (doc, action, "/Exclude");
}

static void
read_lock (const PdfDoc *doc, qpdf_oh parameters, PdfLock *lock)
{
  qpdf_oh names = pdf_get (doc, parameters, "/Fields"),
          action = pdf_get (doc, parameters, "/Action");

  /* Several locks: what none of them leaves free.  Rare enough to lock everything then. */
  if (lock->any || pdf_is_name (doc, action, "/All"))
    {
      lock->all_but = true;
      g_ptr_array_set_size (lock->names, 0);
    }
  else
    {
      lock->all_but = pdf_is_name (doc, action, "/Exclude");
      for (guint i = 0; i < pdf_length (doc, names); i++)
        g_ptr_array_add (lock->names, pdf_text (doc, pdf_item (doc, names, i)));
    }
  lock->any = true;
}

static PdfPermit
stricter (PdfPermit a, PdfPermit b)
{
  return a == PDF_PERMIT_UNSAID ? b : b == PDF_PERMIT_UNSAID ? a : MIN (a, b);
}

/* Its /P; what is none of the three permits nothing. */
static PdfPermit
read_permit (const PdfDoc *doc, qpdf_oh parameters)
{
  qpdf_oh said = pdf_get (doc, parameters, "/P");
  gint64 permit = said != 0 ? pdf_int (doc, said, PDF_PERMIT_NOTHING) : PDF_PERMIT_FORMS;

  return permit >= PDF_PERMIT_NOTHING && permit <= PDF_PERMIT_NOTES ? (PdfPermit) permit
                                                                    : PDF_PERMIT_NOTHING;
}

/* Which transforms it names.  One that is not known makes it unknown. */
static void
read_references (const PdfDoc *doc, qpdf_oh dict, PdfSignature *s, PdfLock *lock)
{
  qpdf_oh references = pdf_get (doc, dict, "/Reference");

  if (references != 0 && !qpdf_oh_is_array (doc->q, references))
    s->unknown = g_strdup ("what it says of later changes (/Reference) is no list");
  for (guint i = 0; i < pdf_length (doc, references); i++)
    {
      qpdf_oh reference = pdf_item (doc, references, i),
              method = pdf_get (doc, reference, "/TransformMethod");
      qpdf_oh parameters = pdf_get (doc, reference, "/TransformParams");

      if (pdf_is_name (doc, method, "/DocMDP"))
        s->permit = stricter (s->permit, read_permit (doc, parameters));
      else if (pdf_is_name (doc, method, "/FieldMDP") && is_lock (doc, parameters))
        read_lock (doc, parameters, lock);
      else if (s->unknown == NULL)
        s->unknown = g_strdup ("it uses a transform that is not known here");
    }
}

/* What its field wants locked once it is signed (ISO 32000-2, table 236).  A signer has to repeat
 * that in the signature, and then that counts; one who did not has locked it all the same. */
static void
read_field_lock (const PdfDoc *doc, const PdfField *field, PdfPermit permit, PdfSignature *s,
                 PdfLock *lock)
{
  qpdf_oh wanted = pdf_get (doc, field->dict, "/Lock");
  PdfPermit locked;

  if (wanted == 0)
    return;
  if (!lock->any && is_lock (doc, wanted))
    read_lock (doc, wanted, lock);
  else if (!lock->any)
    s->unknown = g_strdup ("its field locks others in a way that is not known here");
  locked = read_permit (doc, wanted);
  /* It takes away of what was permitted; it permits nothing. */
  if (locked == PDF_PERMIT_NOTHING
      || (pdf_get (doc, wanted, "/P") != 0 && stricter (permit, s->permit) == PDF_PERMIT_NOTES))
    s->permit = locked;
}

/* --- what came after it ----------------------------------------------------------------------- */

/* The very dictionary, as it was when it was signed. */
static bool
is_in_revision (const PdfDoc *now, const Found *f, const PdfDoc *then)
{
  guint64 id = pdf_id (now, f->dict);
  guint64 root = pdf_id (now, pdf_get (now, qpdf_get_trailer (now->q), "/Root"));
  qpdf_oh before =
    id != 0 ? pdf_object (then, id) : pdf_get (then, pdf_object (then, f->owner->id), "/V");
  g_autoptr (GHashTable) compared = g_hash_table_new (g_int64_hash, g_int64_equal);

  /* A reference to the document it certifies: what became of that is asked elsewhere. */
  g_hash_table_add (compared, &root);
  return qpdf_oh_is_dictionary (then->q, before)
         && pdf_same (then, before, now, f->dict, compared, NULL);
}

static void
look_back (const Pass *p, const Found *f, const PdfLock *lock)
{
  PdfDoc then;
  g_autofree char *complaint = NULL;

  if (pdf_open (&then, p->doc->bytes, f->end) != PDF_OPEN)
    f->s->unknown = g_strdup ("the revision it covers cannot be read by itself");
  else if (!is_in_revision (p->doc, f, &then))
    f->s->broken = g_strdup ("it is not part of the revision it covers");
  else
    {
      pdf_compare (&then, p->doc, lock, f->s);
      complaint = pdf_complaint (&then);
      if (complaint != NULL && f->s->unknown == NULL)
        f->s->unknown = g_strdup_printf ("the revision it covers is damaged: %s", complaint);
    }
  pdf_close (&then);
}

static void
read_signature (const Pass *p, qpdf_oh dict, Found *f)
{
  PdfSignature *s = pdf_signature_new ();
  const char *why;

  *f = (Found){ s, dict, NULL, 0 };
  read_claims (p->doc, dict, s);
  why = check_field (p, f);
  const char *range = check_range (p, dict, f);
  if (why == NULL)
    why = range;
  s->field = g_strdup (f->owner != NULL ? f->owner->name : "");
  s->broken = g_strdup (why);
  if (why != NULL)
    g_clear_pointer (&s->cms, g_bytes_unref);
}

static int
by_end (gconstpointer a, gconstpointer b)
{
  gsize x = ((const Found *) a)->end, y = ((const Found *) b)->end;

  return x < y ? -1 : x > y;
}

static void
judge_all (const Pass *p, GArray *found)
{
  const PdfDoc *doc = p->doc;
  guint64 certification =
    pdf_id (doc, pdf_get (doc, pdf_get (doc, qpdf_get_root (doc->q), "/Perms"), "/DocMDP"));
  PdfPermit permit = PDF_PERMIT_UNSAID;

  g_array_sort (found, by_end);
  for (guint i = 0; i < found->len; i++)
    {
      Found *f = &g_array_index (found, Found, i);
      PdfLock lock = { false, false, g_ptr_array_new_with_free_func (g_free) };

      if (f->s->broken == NULL)
        {
          read_references (doc, f->dict, f->s, &lock);
          read_field_lock (doc, f->owner, permit, f->s, &lock);
          permit = stricter (permit, f->s->permit);
          f->s->permit = permit;
          f->s->certifies = certification != 0 && certification == pdf_id (doc, f->dict);
          for (guint k = 0; k < i && f->s->broken == NULL; k++)
            if (g_array_index (found, Found, k).end == f->end)
              f->s->broken = g_strdup ("another signature covers the same bytes");
          if (!f->s->whole && f->s->broken == NULL)
            look_back (p, f, &lock);
        }
      g_ptr_array_unref (lock.names);
      g_ptr_array_add (p->all->signatures, f->s);
    }
}

/* --- the document ----------------------------------------------------------------------------- */

static bool
is_listed (const PdfDoc *doc, const GArray *dicts, qpdf_oh dict)
{
  for (guint i = 0; i < dicts->len; i++)
    if (is_one (doc, dict, g_array_index (dicts, qpdf_oh, i)))
      return true;
  return false;
}

static void
find_all (Pass *p)
{
  const PdfDoc *doc = p->doc;
  bool too_much = false;
  g_autoptr (GArray) dicts = pdf_scan (doc, p->all->notes, &too_much);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));

  p->fields = pdf_fields (doc, &too_much);
  /* What the scan passes by (no object of its own, of another generation, without a byte range) is
   * a signature all the same. */
  for (guint i = 0; i < p->fields->len && dicts->len <= PDF_MAX_SIGNATURES; i++)
    {
      const PdfField *f = p->fields->pdata[i];

      if (strcmp (f->type, "Sig") == 0 && f->value != 0 && !is_listed (doc, dicts, f->value))
        g_array_append_val (dicts, f->value);
    }
  for (guint i = 0; i < dicts->len && i < PDF_MAX_SIGNATURES; i++)
    {
      qpdf_oh dict = g_array_index (dicts, qpdf_oh, i);
      Found f;

      if (is_usage_right (p, dict))
        continue;
      read_signature (p, dict, &f);
      g_array_append_val (found, f);
    }
  judge_all (p, found);
  if (dicts->len > PDF_MAX_SIGNATURES)
    p->all->unsupported = g_strdup ("it has more signatures than are looked at");
  else if (too_much)
    p->all->unsupported = g_strdup ("it is larger or deeper than is looked at");
  g_ptr_array_unref (p->fields);
}

static void
check_appended (const Pass *p)
{
  for (guint i = 0; i < p->all->signatures->len; i++)
    {
      PdfSignature *s = p->all->signatures->pdata[i];

      if (!s->whole && s->broken == NULL)
        pdf_check_appended (p->doc, p->revisions, s);
    }
}

/* "%PDF-" is where every viewer finds it: at the start. */
static const char *
look_at_start (const guint8 *bytes, gsize n)
{
  if (n == 0)
    return "the file is empty";
  if (memmem (bytes, MIN (n, 1024), "%PDF-", 5) == NULL)
    return "this is no PDF document";
  return NULL;
}

PdfSigned *
pdf_signed_read (const guint8 *bytes, gsize n)
{
  PdfSigned *all = pdf_signed_new ();
  PdfDoc doc = { NULL, bytes, n, NULL };
  g_autoptr (GArray) revisions = pdf_revisions (bytes, n);
  Pass p = { &doc, revisions, NULL, all };
  PdfOpened opened;

  all->revisions = revisions->len;
  all->unreadable = g_strdup (look_at_start (bytes, n));
  if (all->unreadable != NULL)
    return all;
  opened = pdf_open (&doc, bytes, n);
  g_autofree char *complaint = pdf_complaint (&doc);
  if (opened == PDF_NEEDS_PASSWORD || (opened == PDF_OPEN && qpdf_is_encrypted (doc.q)))
    all->unsupported = g_strdup ("the document is encrypted");
  else if (opened == PDF_NOT_KNOWN)
    all->unsupported = g_strdup_printf ("the document uses what is not known here: %s",
                                        complaint != NULL ? complaint : "encryption");
  else if (opened != PDF_OPEN)
    all->unreadable = g_strdup_printf ("the document is damaged: %s",
                                       complaint != NULL ? complaint : "no reason is known");
  else
    {
      find_all (&p);
      check_appended (&p);
      if (complaint == NULL)
        complaint = pdf_complaint (&doc);
      if (all->unsupported == NULL && complaint != NULL)
        all->unsupported = g_strdup_printf ("the document is damaged in places: %s", complaint);
      if (all->unsupported == NULL && memcmp (bytes, "%PDF-", 5) != 0)
        all->unsupported = g_strdup ("something stands before the document");
    }
  pdf_close (&doc);
  return all;
}
