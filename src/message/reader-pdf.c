/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The signatures of a PDF on their way out of the child that walked it (document/pdf-signed.h).
 * What arrives is checked like everything a child says (message-facts.c).
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/error.h"
#include "message/message-private.h"
#include "message/reader-private.h"

#define CHANGES "a(sb)"
#define SIGNATURE "(sssssx(xxxx)ubbumsms" CHANGES "may)"
#define FACTS "(msmsua" SIGNATURE "as)"
#define MAX_NOTES 100

/* --- in the child ------------------------------------------------------------------- */

static GVariant *
line_out (const char *text)
{
  char *clean = clean_line (text, -1);

  return g_variant_new_take_string (clean);
}

static GVariant *
maybe_line_out (const char *text)
{
  return g_variant_new_maybe (G_VARIANT_TYPE_STRING, text != NULL ? line_out (text) : NULL);
}

static GVariant *
changes_out (const GPtrArray *changes)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE (CHANGES));
  for (guint i = 0; i < changes->len; i++)
    {
      const PdfChange *change = changes->pdata[i];

      g_variant_builder_add (&b, "(@sb)", line_out (change->what), (gboolean) change->allowed);
    }
  return g_variant_builder_end (&b);
}

static GVariant *
signature_out (const PdfSignature *s)
{
  GVariant *cms =
    s->cms != NULL ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, s->cms, TRUE) : NULL;

  return g_variant_new ("(@s@s@s@s@sx(xxxx)ubbu@ms@ms@" CHANGES "@may)", line_out (s->field),
                        line_out (s->subfilter), line_out (s->name), line_out (s->reason),
                        line_out (s->location), s->claimed_at, s->range[0], s->range[1],
                        s->range[2], s->range[3], s->revision, (gboolean) s->whole,
                        (gboolean) s->certifies, (guint) s->permit, maybe_line_out (s->broken),
                        maybe_line_out (s->unknown), changes_out (s->later),
                        g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, cms));
}

GVariant *
pdf_signed_to_variant (const PdfSigned *all)
{
  GVariantBuilder signatures, notes;

  g_variant_builder_init (&signatures, G_VARIANT_TYPE ("a" SIGNATURE));
  for (guint i = 0; i < all->signatures->len; i++)
    g_variant_builder_add_value (&signatures, signature_out (all->signatures->pdata[i]));
  g_variant_builder_init (&notes, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < all->notes->len; i++)
    g_variant_builder_add_value (&notes, line_out (all->notes->pdata[i]));
  return g_variant_ref_sink (
    g_variant_new ("(@ms@msu@a" SIGNATURE "@as)", maybe_line_out (all->unreadable),
                   maybe_line_out (all->unsupported), all->revisions,
                   g_variant_builder_end (&signatures), g_variant_builder_end (&notes)));
}

GVariant *
reader_answer_pdf (int fd)
{
  struct stat st;
  gsize n = fstat (fd, &st) == 0 && st.st_size > 0 ? (gsize) st.st_size : 0;
  void *bytes = n > 0 ? mmap (NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;

  g_autoptr (PdfSigned) all =
    pdf_signed_read (bytes != MAP_FAILED ? bytes : (void *) "", bytes != MAP_FAILED ? n : 0);
  return pdf_signed_to_variant (all);
}

/* --- in the office ------------------------------------------------------------------- */

typedef struct {
  bool ok;
} Doubts;

static char *
line_in (Doubts *d, const char *text)
{
  d->ok = d->ok && (text == NULL || text_is_clean (text, true));
  return g_strdup (d->ok ? text : NULL);
}

static void
signature_in (Doubts *d, GVariant *v, guint revisions, GPtrArray *to)
{
  PdfSignature *s = pdf_signature_new ();
  const char *field, *subfilter, *name, *reason, *location, *broken, *unknown, *what;
  gboolean whole, certifies, allowed;
  guint permit;
  g_autoptr (GVariantIter) later = NULL;
  g_autoptr (GVariant) cms = NULL;

  g_ptr_array_add (to, s);
  g_variant_get (v, "(&s&s&s&s&sx(xxxx)ubbum&sm&sa(sb)@may)", &field, &subfilter, &name, &reason,
                 &location, &s->claimed_at, &s->range[0], &s->range[1], &s->range[2], &s->range[3],
                 &s->revision, &whole, &certifies, &permit, &broken, &unknown, &later, &cms);
  s->field = line_in (d, field);
  s->subfilter = line_in (d, subfilter);
  s->name = line_in (d, name);
  s->reason = line_in (d, reason);
  s->location = line_in (d, location);
  s->broken = line_in (d, broken);
  s->unknown = line_in (d, unknown);
  s->whole = whole;
  s->certifies = certifies;
  s->permit = permit <= PDF_PERMIT_NOTES ? (PdfPermit) permit : PDF_PERMIT_NOTHING;
  while (g_variant_iter_next (later, "(&sb)", &what, &allowed))
    {
      PdfChange *change = g_new0 (PdfChange, 1);

      change->what = line_in (d, what);
      change->allowed = allowed;
      g_ptr_array_add (s->later, change);
    }
  g_autoptr (GVariant) bytes = g_variant_get_maybe (cms);
  s->cms = bytes != NULL ? g_variant_get_data_as_bytes (bytes) : NULL;
  d->ok = d->ok && permit <= PDF_PERMIT_NOTES && s->revision <= revisions
          && s->later->len <= PDF_MAX_CHANGES
          && (s->cms == NULL || g_bytes_get_size (s->cms) <= PDF_MAX_CMS)
          && (s->broken != NULL || s->unknown != NULL || s->cms != NULL);
}

/* Where the ranges lie is what the office hashes, so it believes no child about them. */
static bool
ranges_fit (const PdfSigned *all, guint64 size)
{
  for (guint i = 0; i < all->signatures->len; i++)
    {
      const PdfSignature *s = all->signatures->pdata[i];

      if (s->broken == NULL
          && (s->range[0] != 0 || s->range[1] <= 0 || s->range[2] <= s->range[1] || s->range[3] <= 0
              || (guint64) s->range[2] > size
              || (guint64) s->range[3] > size - (guint64) s->range[2]
              || s->whole != ((guint64) (s->range[2] + s->range[3]) == size)))
        return false;
    }
  return true;
}

PdfSigned *
pdf_signed_from_variant (GVariant *facts, guint64 size, GError **error)
{
  g_autoptr (PdfSigned) all = pdf_signed_new ();
  Doubts d = { g_variant_is_of_type (facts, G_VARIANT_TYPE (FACTS))
               && g_variant_is_normal_form (facts) };
  g_autoptr (GVariantIter) signatures = NULL;
  g_autoptr (GVariantIter) notes = NULL;
  const char *unreadable, *unsupported, *one;
  GVariant *signature;

  if (d.ok)
    {
      g_variant_get (facts, "(m&sm&sua" SIGNATURE "as)", &unreadable, &unsupported, &all->revisions,
                     &signatures, &notes);
      all->unreadable = line_in (&d, unreadable);
      all->unsupported = line_in (&d, unsupported);
      while ((signature = g_variant_iter_next_value (signatures)) != NULL)
        {
          signature_in (&d, signature, all->revisions, all->signatures);
          g_variant_unref (signature);
        }
      while (g_variant_iter_next (notes, "&s", &one))
        g_ptr_array_add (all->notes, line_in (&d, one));
    }
  if (!d.ok || all->signatures->len > PDF_MAX_SIGNATURES || all->notes->len > MAX_NOTES
      || !ranges_fit (all, size))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the reader's answer breaks its own rules");
      return NULL;
    }
  return g_steal_pointer (&all);
}

void
reader_take_signatures (Message *message, GHashTable *answers)
{
  for (guint i = 0; i < message->parts->len; i++)
    {
      MessagePart *part = message->parts->pdata[i];
      GBytes *said = g_hash_table_lookup (answers, GUINT_TO_POINTER (i | READER_SIGNATURES));
      GBytes *content = g_hash_table_lookup (answers, GUINT_TO_POINTER (i | READER_CONTENT));

      if (said == NULL || content == NULL || g_bytes_get_size (content) != part->size
          || part->document == NULL)
        continue;
      g_autoptr (GVariant) facts =
        g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FACTS), said, FALSE));
      part->signatures = pdf_signed_from_variant (facts, part->size, NULL);
      part->content = part->signatures != NULL ? g_bytes_ref (content) : NULL;
    }
}

PdfSigned *
reader_read_pdf (Reader *reader, int fd, GError **error)
{
  struct stat st;
  g_autoptr (GBytes) answer =
    reader_order (reader, ORDER_PDF_SIGNATURES, fd, PDF_MAX_ANSWER, error);

  if (answer == NULL)
    return NULL;
  g_autoptr (GVariant) facts =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FACTS), answer, FALSE));
  return pdf_signed_from_variant (facts, fstat (fd, &st) == 0 ? (guint64) st.st_size : 0, error);
}
