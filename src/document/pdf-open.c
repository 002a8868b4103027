/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * qpdf's C interface, with what its users would otherwise repeat: a missing key is 0, nothing
 * throws, nothing is repaired.
 */
#include <stdio.h>
#include <string.h>

#include "document/pdf-private.h"

/* Widespread signers miscount: a table begins an octet early, at space that every viewer passes
 * over, or there is room for more objects than there are.  Of fewer some would be missing. */
static bool
is_harmless (PdfDoc *doc, qpdf_error warning)
{
  const char *what = qpdf_get_error_message_detail (doc->q, warning);
  int room, last;

  return strcmp (what, "extraneous whitespace seen before xref") == 0
         || (sscanf (
               what,
               "reported number of objects (%d) is not one plus the highest object number (%d)",
               &room, &last)
               == 2
             && room > last);
}

static qpdf_error
next_warning (PdfDoc *doc)
{
  while (qpdf_more_warnings (doc->q))
    {
      qpdf_error warning = qpdf_next_warning (doc->q);

      if (!is_harmless (doc, warning))
        return warning;
    }
  return NULL;
}

PdfOpened
pdf_open (PdfDoc *doc, const guint8 *bytes, gsize n)
{
  *doc = (PdfDoc){ qpdf_init (), bytes, n, NULL };
  qpdf_silence_errors (doc->q);
  qpdf_set_suppress_warnings (doc->q, QPDF_TRUE);
  qpdf_set_attempt_recovery (doc->q, QPDF_FALSE);
  if ((qpdf_read_memory (doc->q, "document", (const char *) bytes, n, NULL) & QPDF_ERRORS) == 0)
    {
      /* As long as one waits to be asked for, qpdf calls everything that it reads damaged. */
      doc->why = next_warning (doc);
      return PDF_OPEN;
    }
  doc->why = qpdf_get_error (doc->q);
  switch (doc->why != NULL ? qpdf_get_error_code (doc->q, doc->why) : qpdf_e_internal)
    {
    case qpdf_e_password:
      return PDF_NEEDS_PASSWORD;
    case qpdf_e_unsupported:
      return PDF_NOT_KNOWN;
    default:
      return PDF_NOT_READABLE;
    }
}

void
pdf_close (PdfDoc *doc)
{
  if (doc->q == NULL)
    return;
  /* Of an error that nobody asked for qpdf speaks to stderr. */
  if (qpdf_has_error (doc->q))
    qpdf_get_error (doc->q);
  qpdf_cleanup (&doc->q);
}

char *
pdf_complaint (PdfDoc *doc)
{
  qpdf_error why = doc->why != NULL          ? doc->why
                   : qpdf_has_error (doc->q) ? qpdf_get_error (doc->q)
                                             : next_warning (doc);

  return why != NULL ? g_utf8_make_valid (qpdf_get_error_message_detail (doc->q, why), -1) : NULL;
}

qpdf_oh
pdf_get (const PdfDoc *doc, qpdf_oh dict, const char *key)
{
  qpdf_oh of_stream =
    dict != 0 && qpdf_oh_is_stream (doc->q, dict) ? qpdf_oh_get_dict (doc->q, dict) : 0;
  qpdf_oh value = 0;

  if (of_stream != 0)
    dict = of_stream;
  if (dict != 0 && qpdf_oh_is_dictionary (doc->q, dict) && qpdf_oh_has_key (doc->q, dict, key))
    value = qpdf_oh_get_key (doc->q, dict, key);
  if (of_stream != 0)
    qpdf_oh_release (doc->q, of_stream);
  if (value == 0 || !qpdf_oh_is_null (doc->q, value))
    return value;
  qpdf_oh_release (doc->q, value);
  return 0;
}

guint
pdf_length (const PdfDoc *doc, qpdf_oh array)
{
  return array != 0 && qpdf_oh_is_array (doc->q, array)
           ? (guint) MAX (qpdf_oh_get_array_n_items (doc->q, array), 0)
           : 0;
}

qpdf_oh
pdf_item (const PdfDoc *doc, qpdf_oh array, guint i)
{
  return qpdf_oh_get_array_item (doc->q, array, (int) i);
}

bool
pdf_is_name (const PdfDoc *doc, qpdf_oh object, const char *name)
{
  return object != 0 && qpdf_oh_is_name (doc->q, object)
         && strcmp (qpdf_oh_get_name (doc->q, object), name) == 0;
}

GPtrArray *
pdf_keys (const PdfDoc *doc, qpdf_oh dict)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  qpdf_oh of_stream =
    dict != 0 && qpdf_oh_is_stream (doc->q, dict) ? qpdf_oh_get_dict (doc->q, dict) : 0;

  if (of_stream != 0)
    dict = of_stream;
  if (dict != 0 && qpdf_oh_is_dictionary (doc->q, dict))
    for (qpdf_oh_begin_dict_key_iter (doc->q, dict); qpdf_oh_dict_more_keys (doc->q);)
      g_ptr_array_add (keys, g_strdup (qpdf_oh_dict_next_key (doc->q)));
  if (of_stream != 0)
    qpdf_oh_release (doc->q, of_stream);
  return keys;
}

guint64
pdf_id (const PdfDoc *doc, qpdf_oh object)
{
  if (object == 0 || !qpdf_oh_is_indirect (doc->q, object))
    return 0;
  return (guint64) qpdf_oh_get_object_id (doc->q, object) << 16
         | (guint16) qpdf_oh_get_generation (doc->q, object);
}

qpdf_oh
pdf_object (const PdfDoc *doc, guint64 id)
{
  return qpdf_get_object_by_id (doc->q, (int) (id >> 16), (int) (id & 0xffff));
}

char *
pdf_text (const PdfDoc *doc, qpdf_oh object)
{
  const char *text = "";

  if (object != 0 && qpdf_oh_is_string (doc->q, object))
    text = qpdf_oh_get_utf8_value (doc->q, object);
  else if (object != 0 && qpdf_oh_is_name (doc->q, object))
    text = qpdf_oh_get_name (doc->q, object) + 1;
  return g_utf8_make_valid (text, -1);
}

gint64
pdf_int (const PdfDoc *doc, qpdf_oh object, gint64 otherwise)
{
  long long value;

  return object != 0 && qpdf_oh_get_value_as_longlong (doc->q, object, &value) ? value : otherwise;
}
