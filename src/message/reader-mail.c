/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shape of a signed message on its way out of the child (message-signed.h).  What arrives is
 * checked like everything a child says (message-facts.c).
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/error.h"
#include "message/message-private.h"
#include "message/message-signed.h"
#include "message/reader-private.h"

#define FACTS "(umsttmayba(ss)a(ss)sssx)"
#define MAX_ANSWER (MAIL_MAX_OPAQUE + 4 * 1024 * 1024)

/* --- in the child ------------------------------------------------------------------- */

static GVariant *
addresses_out (const GPtrArray *addresses)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < addresses->len; i++)
    {
      const MessageAddress *a = addresses->pdata[i];

      g_variant_builder_add (&b, "(ss)", a->name, a->address);
    }
  return g_variant_builder_end (&b);
}

GVariant *
mail_signed_to_variant (const MailSigned *m)
{
  GVariant *signature = m->signature != NULL
                          ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, m->signature, TRUE)
                          : NULL;

  return g_variant_ref_sink (g_variant_new (
    "(umstt@mayb@a(ss)@a(ss)sssx)", (guint) m->shape, m->problem, m->payload, m->n_payload,
    g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, signature), (gboolean) m->protects_headers,
    addresses_out (m->from), addresses_out (m->sender), m->to, m->cc, m->subject, m->date));
}

GVariant *
reader_answer_mail (int fd)
{
  struct stat st;
  gsize n = fstat (fd, &st) == 0 && st.st_size > 0 ? (gsize) st.st_size : 0;
  void *bytes = n > 0 ? mmap (NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  g_autoptr (MailSigned) m =
    mail_signed_read (bytes != MAP_FAILED ? bytes : (void *) "", bytes != MAP_FAILED ? n : 0);

  return mail_signed_to_variant (m);
}

/* --- in the office ------------------------------------------------------------------- */

static bool
addresses_in (GVariantIter *from, GPtrArray *to)
{
  const char *name, *address;

  while (g_variant_iter_next (from, "(&s&s)", &name, &address))
    {
      if (!text_is_clean (name, true) || !text_is_clean (address, true))
        return false;
      g_ptr_array_add (to, message_address_new (name, address));
    }
  return true;
}

MailSigned *
mail_signed_from_variant (GVariant *facts, guint64 size, GError **error)
{
  g_autoptr (MailSigned) m = mail_signed_new ();
  bool ok =
    g_variant_is_of_type (facts, G_VARIANT_TYPE (FACTS)) && g_variant_is_normal_form (facts);
  g_autoptr (GVariant) signature = NULL;
  g_autoptr (GVariantIter) from = NULL, sender = NULL;
  gboolean protects = FALSE;
  guint shape = 0;

  if (ok)
    {
      g_variant_get (facts, "(umstt@mayba(ss)a(ss)sssx)", &shape, &m->problem, &m->payload,
                     &m->n_payload, &signature, &protects, &from, &sender, &m->to, &m->cc,
                     &m->subject, &m->date);
      g_autoptr (GVariant) bytes = g_variant_get_maybe (signature);
      m->signature = bytes != NULL ? g_variant_get_data_as_bytes (bytes) : NULL;
      m->shape = shape <= MAIL_SIGNED_IN_PART ? (MailShape) shape : MAIL_SIGNED_IN_PART;
      m->protects_headers = protects;
      ok = shape <= MAIL_SIGNED_IN_PART && (m->problem == NULL || text_is_clean (m->problem, true))
           && addresses_in (from, m->from) && addresses_in (sender, m->sender)
           && text_is_clean (m->to, true) && text_is_clean (m->cc, true)
           && text_is_clean (m->subject, true) && m->payload <= size
           && m->n_payload <= size - m->payload;
    }
  if (ok)
    return g_steal_pointer (&m);
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the reader's answer breaks its own rules");
  return NULL;
}

MailSigned *
reader_read_signed (Reader *reader, int fd, GError **error)
{
  struct stat st;
  g_autoptr (GBytes) answer = reader_order (reader, ORDER_MAIL_SIGNATURE, fd, MAX_ANSWER, error);

  if (answer == NULL)
    return NULL;
  g_autoptr (GVariant) facts =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FACTS), answer, FALSE));
  return mail_signed_from_variant (facts, fstat (fd, &st) == 0 ? (guint64) st.st_size : 0, error);
}
