/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts on their way out of the child: one GVariant tuple.
 *
 * The child may have been taken over by the message it read, so what arrives is checked like any
 * other input: normal form, ranges, hash shapes, and the promise of message.h that text is
 * clean. */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "message/message-private.h"

#define ADDRESSES "a(ss)"
#define FACTS                                                                                      \
  "(ts as as s xi s" ADDRESSES ADDRESSES ADDRESSES ADDRESSES ADDRESSES ADDRESSES                   \
  "as s ms i s a(sssssbs)"                                                                         \
  "(ssss) a(sssssstsb) (bs) a(su) as a(ss) b)"

GVariantType *
message_variant_type (void)
{
  g_autofree char *compact = g_strdup (FACTS);
  char *to = compact;

  for (const char *from = FACTS; *from != '\0'; from++)
    if (*from != ' ')
      *to++ = *from;
  *to = '\0';
  return g_variant_type_new (compact);
}

/* TEXT as it is: clean_text() made it valid UTF-8, and the office will see for itself. */
static GVariant *
text_out (const char *text)
{
  gsize n = strlen (text) + 1;
  char *copy = g_memdup2 (text, n);

  return g_variant_new_from_data (G_VARIANT_TYPE_STRING, copy, n, TRUE, g_free, copy);
}

static GVariant *
strings_out (const GPtrArray *strings)
{
  return g_variant_new_strv ((const char *const *) strings->pdata, strings->len);
}

static GVariant *
addresses_out (const GPtrArray *addresses)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE (ADDRESSES));
  for (guint i = 0; i < addresses->len; i++)
    {
      const MessageAddress *a = g_ptr_array_index (addresses, i);
      g_variant_builder_add (&b, "(ss)", a->name, a->address);
    }
  return g_variant_builder_end (&b);
}

static GVariant *
reports_out (const GPtrArray *reports)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE ("a(sssssbs)"));
  for (guint i = 0; i < reports->len; i++)
    {
      const MessageReport *r = g_ptr_array_index (reports, i);
      g_variant_builder_add (&b, "(sssssbs)", r->recipient, r->action, r->status, r->reply_code,
                             r->reason, (gboolean) r->hard, r->original_message_id);
    }
  return g_variant_builder_end (&b);
}

static GVariant *
parts_out (const GPtrArray *parts)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE ("a(sssssstsb)"));
  for (guint i = 0; i < parts->len; i++)
    {
      const MessagePart *p = g_ptr_array_index (parts, i);
      g_variant_builder_add (&b, "(sssssstsb)", p->path, p->type, p->sniffed, p->name,
                             p->disposition, p->charset, p->size, p->sha256,
                             (gboolean) p->from_tnef);
    }
  return g_variant_builder_end (&b);
}

static GVariant *
defects_out (const GPtrArray *defects)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < defects->len; i++)
    {
      const MessageDefect *d = g_ptr_array_index (defects, i);
      g_variant_builder_add (&b, "(ss)", d->where, d->what);
    }
  return g_variant_builder_end (&b);
}

static GVariant *
auth_out (const GPtrArray *auth_results)
{
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE ("a(su)"));
  for (guint i = 0; i < auth_results->len; i++)
    {
      const MessageAuth *auth = g_ptr_array_index (auth_results, i);
      g_variant_builder_add (&b, "(su)", auth->value, auth->received);
    }
  return g_variant_builder_end (&b);
}

GVariant *
message_to_variant (const Message *m)
{
  GVariant *fields[] = {
    g_variant_new_uint64 (m->size),
    g_variant_new_string (m->message_id),
    strings_out (m->in_reply_to),
    strings_out (m->references),
    g_variant_new_string (m->conversation),
    g_variant_new_int64 (m->date),
    g_variant_new_int32 (m->date_offset),
    g_variant_new_string (m->subject),
    addresses_out (m->from),
    addresses_out (m->sender),
    addresses_out (m->reply_to),
    addresses_out (m->to),
    addresses_out (m->cc),
    addresses_out (m->forwarded_from),
    strings_out (m->delivered_to),
    g_variant_new_string (m->language),
    g_variant_new ("ms", m->return_path),
    g_variant_new_int32 (m->machine),
    g_variant_new_string (m->machine_why),
    reports_out (m->reports),
    g_variant_new ("(@s@s@s@s)", text_out (m->text), text_out (m->new_text),
                   text_out (m->quoted_text), text_out (m->aside)),
    parts_out (m->parts),
    g_variant_new ("(bs)", (gboolean) m->protected_present, m->protected_subject),
    auth_out (m->auth_results),
    strings_out (m->received),
    defects_out (m->defects),
    g_variant_new_boolean (m->partial),
  };
  return g_variant_ref_sink (g_variant_new_tuple (fields, G_N_ELEMENTS (fields)));
}

/* Reading: OK turns false at the first thing that is not as promised. */
typedef struct {
  GVariant *facts;
  gsize next;
  bool ok;
} Reading;

static GVariant *
field (Reading *r)
{
  return g_variant_get_child_value (r->facts, r->next++);
}

static char *
checked (Reading *r, const char *text, bool one_line)
{
  if (!text_is_clean (text, one_line))
    {
      r->ok = false;
      return g_strdup ("");
    }
  return g_strdup (text);
}

static void
string_in (Reading *r, char **to)
{
  g_autoptr (GVariant) v = field (r);

  g_free (*to);
  *to = checked (r, g_variant_get_string (v, NULL), true);
}

static void
hash_in (Reading *r, const char *text, char to[65])
{
  if (strlen (text) != 64 || strspn (text, "0123456789abcdef") != 64)
    r->ok = false;
  else
    memcpy (to, text, 65);
}

static void
strings_in (Reading *r, GPtrArray *to)
{
  g_autoptr (GVariant) v = field (r);
  GVariantIter iter;
  const char *text;

  g_variant_iter_init (&iter, v);
  while (g_variant_iter_next (&iter, "&s", &text))
    g_ptr_array_add (to, checked (r, text, true));
}

static void
addresses_in (Reading *r, GPtrArray *to)
{
  g_autoptr (GVariant) v = field (r);
  GVariantIter iter;
  const char *name, *address;

  g_variant_iter_init (&iter, v);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &address))
    {
      MessageAddress *a = g_new0 (MessageAddress, 1);

      a->name = checked (r, name, true);
      a->address = checked (r, address, true);
      g_ptr_array_add (to, a);
    }
}

static void
auth_in (Reading *r, GPtrArray *to)
{
  g_autoptr (GVariant) v = field (r);
  GVariantIter iter;
  const char *value;
  guint received;

  g_variant_iter_init (&iter, v);
  while (g_variant_iter_next (&iter, "(&su)", &value, &received))
    {
      MessageAuth *auth = g_new0 (MessageAuth, 1);

      auth->value = checked (r, value, true);
      auth->received = received;
      g_ptr_array_add (to, auth);
    }
}

static void
reports_in (Reading *r, GPtrArray *to)
{
  g_autoptr (GVariant) v = field (r);
  GVariantIter iter;
  const char *recipient, *action, *status, *code, *reason, *id;
  gboolean hard;

  g_variant_iter_init (&iter, v);
  while (g_variant_iter_next (&iter, "(&s&s&s&s&sb&s)", &recipient, &action, &status, &code,
                              &reason, &hard, &id))
    {
      MessageReport *report = g_new0 (MessageReport, 1);

      report->recipient = checked (r, recipient, true);
      report->action = checked (r, action, true);
      report->status = checked (r, status, true);
      report->reply_code = checked (r, code, true);
      report->reason = checked (r, reason, true);
      report->hard = hard;
      report->original_message_id = checked (r, id, true);
      g_ptr_array_add (to, report);
    }
}

static void
parts_in (Reading *r, GPtrArray *to)
{
  g_autoptr (GVariant) v = field (r);
  GVariantIter iter;
  const char *path, *type, *sniffed, *name, *disposition, *charset, *sha256;
  guint64 size;
  gboolean from_tnef;

  g_variant_iter_init (&iter, v);
  while (g_variant_iter_next (&iter, "(&s&s&s&s&s&st&sb)", &path, &type, &sniffed, &name,
                              &disposition, &charset, &size, &sha256, &from_tnef))
    {
      MessagePart *p = g_new0 (MessagePart, 1);

      p->path = checked (r, path, true);
      p->type = checked (r, type, true);
      p->sniffed = checked (r, sniffed, true);
      p->name = checked (r, name, true);
      p->disposition = checked (r, disposition, true);
      p->charset = checked (r, charset, true);
      p->size = size;
      hash_in (r, sha256, p->sha256);
      p->from_tnef = from_tnef;
      if (strchr (name, '/') != NULL || strspn (path, "0123456789.") != strlen (path))
        r->ok = false;
      g_ptr_array_add (to, p);
    }
}

static void
defects_in (Reading *r, GPtrArray *to)
{
  g_autoptr (GVariant) v = field (r);
  GVariantIter iter;
  const char *where, *what;

  g_variant_iter_init (&iter, v);
  while (g_variant_iter_next (&iter, "(&s&s)", &where, &what))
    {
      MessageDefect *d = g_new0 (MessageDefect, 1);

      d->where = checked (r, where, true);
      d->what = checked (r, what, true);
      g_ptr_array_add (to, d);
    }
}

static void
texts_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) v = field (r);
  const char *text, *new_text, *quoted_text, *aside;

  g_variant_get (v, "(&s&s&s&s)", &text, &new_text, &quoted_text, &aside);
  g_free (m->text);
  g_free (m->new_text);
  g_free (m->quoted_text);
  g_free (m->aside);
  m->text = checked (r, text, false);
  m->new_text = checked (r, new_text, false);
  m->quoted_text = checked (r, quoted_text, false);
  m->aside = checked (r, aside, false);
}

static void
numbers_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) date = field (r);
  g_autoptr (GVariant) offset = field (r);

  m->date = g_variant_get_int64 (date);
  m->date_offset = g_variant_get_int32 (offset);
  /* Years 1 to 9999, so that the time can be printed; offsets as RFC 5322 writes them. */
  if (m->date < -62135596800 || m->date > 253402300799 || ABS (m->date_offset) > 99 * 60 + 59)
    r->ok = false;
}

static void
machine_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) machine = field (r);

  m->machine = g_variant_get_int32 (machine);
  if (m->machine > MACHINE_REACTION)
    {
      m->machine = MACHINE_NONE;
      r->ok = false;
    }
  string_in (r, &m->machine_why);
}

static void
partial_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) partial = field (r);

  m->partial = g_variant_get_boolean (partial);
}

static void
identity_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) size = field (r);

  m->size = g_variant_get_uint64 (size);
  string_in (r, &m->message_id);
  strings_in (r, m->in_reply_to);
  strings_in (r, m->references);
  string_in (r, &m->conversation);
}

static void
return_path_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) maybe = field (r);
  g_autoptr (GVariant) text = g_variant_get_maybe (maybe);

  if (text != NULL)
    m->return_path = checked (r, g_variant_get_string (text, NULL), true);
}

static void
protected_in (Reading *r, Message *m)
{
  g_autoptr (GVariant) v = field (r);
  gboolean present;
  const char *subject;

  g_variant_get (v, "(b&s)", &present, &subject);
  m->protected_present = present;
  g_free (m->protected_subject);
  m->protected_subject = checked (r, subject, true);
}

Message *
message_from_variant (GVariant *variant, GError **error)
{
  g_autoptr (Message) m = message_new ();
  g_autoptr (GVariantType) type = message_variant_type ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) proven = NULL;
  Reading r = { .ok = true };

  if (!g_variant_is_of_type (variant, type) || !g_variant_is_normal_form (variant))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID, "the reader's answer is not well formed");
      return NULL;
    }
  /* Or every text would be looked at again for what it has just been. */
  bytes = g_variant_get_data_as_bytes (variant);
  proven = g_variant_ref_sink (g_variant_new_from_bytes (type, bytes, TRUE));
  r.facts = proven;
  identity_in (&r, m);
  numbers_in (&r, m);
  string_in (&r, &m->subject);
  addresses_in (&r, m->from);
  addresses_in (&r, m->sender);
  addresses_in (&r, m->reply_to);
  addresses_in (&r, m->to);
  addresses_in (&r, m->cc);
  addresses_in (&r, m->forwarded_from);
  strings_in (&r, m->delivered_to);
  string_in (&r, &m->language);
  return_path_in (&r, m);
  machine_in (&r, m);
  reports_in (&r, m->reports);
  texts_in (&r, m);
  parts_in (&r, m->parts);
  protected_in (&r, m);
  auth_in (&r, m->auth_results);
  strings_in (&r, m->received);
  defects_in (&r, m->defects);
  partial_in (&r, m);
  if (!r.ok)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "the reader's answer breaks its own rules");
      return NULL;
    }
  return g_steal_pointer (&m);
}
