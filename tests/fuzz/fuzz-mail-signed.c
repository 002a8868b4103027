/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a signed message: its shape, what is signed of it, the headers that count, and the
 * answer's journey.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"
#include "message/reader-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (MailSigned) m = mail_signed_read (data, size);
  g_autoptr (GVariant) facts = mail_signed_to_variant (m);
  g_autoptr (GError) error = NULL;
  g_autoptr (MailSigned) back = mail_signed_from_variant (facts, size, &error);

  g_assert_no_error (error);
  g_assert_true (back->shape == m->shape && back->payload == m->payload
                 && back->n_payload == m->n_payload);
  /* A detached signature without a problem lies over bytes of this very message. */
  if ((m->shape == MAIL_SMIME || m->shape == MAIL_OPENPGP) && m->problem == NULL)
    g_assert_true (m->signature != NULL && m->payload > 0 && m->payload + m->n_payload < size);
  /* The entity inside is one, too. */
  if (m->n_payload > 0 && m->n_payload < size)
    {
      g_autoptr (MailSigned) inside = mail_signed_read (data + m->payload, m->n_payload);

      g_assert_nonnull (inside->from);
    }
  return 0;
}
