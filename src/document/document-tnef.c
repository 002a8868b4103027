/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The record stream of a winmail.dat (MS-OXTNEF): attributes, and the MAPI properties in some of
 * them.
 *
 * This is a parser of our own because the libraries for it were written to unpack files of trusted
 * origin.
 */
#include "config.h"

#include <string.h>

#include "document/tnef.h"

#define SIGNATURE 0x223e9f78u
#define MAX_ATTACHMENTS 500
#define MAX_PROPERTIES 20000
#define MAX_RTF (16 * 1024 * 1024)

/* Attributes: the type in the upper half, the name in the lower. */
enum {
  ATT_SUBJECT = 0x8004,
  ATT_BODY = 0x800c,
  ATT_ATTACH_DATA = 0x800f,
  ATT_ATTACH_TITLE = 0x8010,
  ATT_ATTACH_NAME = 0x9001,
  ATT_ATTACH_BEGINS = 0x9002,
  ATT_PROPERTIES = 0x9003,
  ATT_ATTACH_PROPERTIES = 0x9005,
  ATT_CODEPAGE = 0x9007,
};

enum {
  TYPE_OBJECT = 0x0d,
  TYPE_STRING8 = 0x1e,
  TYPE_UNICODE = 0x1f,
  TYPE_BINARY = 0x102,
  TYPE_MANY = 0x1000
};

enum {
  PROPERTY_SUBJECT = 0x0037,
  PROPERTY_TEXT = 0x1000,
  PROPERTY_RTF = 0x1009,
  PROPERTY_HTML = 0x1013,
  PROPERTY_DISPLAY_NAME = 0x3001,
  PROPERTY_DATA = 0x3701,
  PROPERTY_NAME = 0x3704,
  PROPERTY_METHOD = 0x3705,
  PROPERTY_LONG_NAME = 0x3707,
  PROPERTY_MIME_TYPE = 0x370e,
  PROPERTY_CODEPAGE = 0x3fde,
};

/* IID_IMessage: what follows it is a message. */
static const guint8 message_interface[16] = { 0x07, 0x03, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
                                              0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46 };

/* What is left to read.  Taking more than that makes it bad, and it stays so. */
typedef struct {
  GBytes *whole;
  gsize at, end;
  bool bad;
} Cursor;

typedef struct {
  Tnef *tnef;
  guint codepage;       /* of 8-bit strings */
  guint html_codepage;
  guint properties;     /* read so far */
} Reading;

static const guint8 *
take (Cursor *c, gsize n)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (c->whole, &size);

  if (c->bad || n > c->end - c->at)
    {
      c->bad = true;
      return NULL;
    }
  if (n == 0)
    return (const guint8 *) ""; /* no bytes may be stored as NULL */
  c->at += n;
  return data + c->at - n;
}

static guint32
take_number (Cursor *c, gsize n)
{
  const guint8 *b = take (c, n);
  guint32 value = 0;

  for (gsize i = 0; b != NULL && i < n; i++)
    value |= (guint32) b[i] << (8 * i);
  return value;
}

static GBytes *
piece (const Cursor *c, gsize from, gsize n)
{
  return g_bytes_new_from_bytes (c->whole, from, n);
}

static void
set_bytes (GBytes **to, GBytes *bytes)
{
  if (*to != NULL)
    g_bytes_unref (*to);
  *to = bytes;
}

/* Text without the NUL (one or two bytes) that ends it. */
static void
set_text (TnefText *to, const Cursor *c, gsize from, gsize n, guint width, guint codepage)
{
  gsize size;
  const guint8 *data = (const guint8 *) g_bytes_get_data (c->whole, &size) + from;
  gsize length = 0;

  while (length + width <= n && (data[length] != 0 || (width == 2 && data[length + 1] != 0)))
    length += width;
  set_bytes (&to->bytes, piece (c, from, MIN (length, n)));
  if (width == 2)
    g_strlcpy (to->charset, "utf-16le", sizeof to->charset);
  else if (codepage == 65001)
    g_strlcpy (to->charset, "utf-8", sizeof to->charset);
  else if (codepage == 20127 || codepage == 0 || codepage > 65535)
    *to->charset = '\0';
  else if (codepage >= 28591 && codepage <= 28605)
    g_snprintf (to->charset, sizeof to->charset, "iso-8859-%u", codepage - 28590);
  else
    g_snprintf (to->charset, sizeof to->charset,
                codepage >= 1250 && codepage <= 1258 ? "windows-%u" : "cp%u", codepage);
}

/* --- MAPI properties -------------------------------------------------------------------------- */

typedef struct {
  guint id, type;
  gsize from, n;        /* the first value */
  guint32 number;       /* the first value, when it is one */
} Property;

/* The bytes of a value of fixed size, 0 for the others; they are padded to four. */
static gsize
fixed_size (guint type)
{
  switch (type)
    {
    case 0x02: case 0x03: case 0x04: case 0x0a: case 0x0b:
      return 4;
    case 0x05: case 0x06: case 0x07: case 0x14: case 0x40:
      return 8;
    case 0x48:
      return 16;
    default:
      return 0;
    }
}

static void
skip_name (Cursor *c)
{
  gsize n;

  take (c, 16);
  if (take_number (c, 4) == 0)
    {
      take (c, 4);
      return;
    }
  n = take_number (c, 4);
  take (c, n);
  take (c, (4 - n % 4) % 4);
}

static void
take_values (Cursor *c, Property *p)
{
  bool many = (p->type & TYPE_MANY) != 0;
  guint type = p->type & ~(guint) TYPE_MANY;
  gsize fixed = fixed_size (type);
  bool variable =
    type == TYPE_OBJECT || type == TYPE_STRING8 || type == TYPE_UNICODE || type == TYPE_BINARY;
  guint32 count = many || variable ? take_number (c, 4) : 1;

  if (fixed == 0 && !variable)
    c->bad = true;
  for (guint32 i = 0; i < count && !c->bad; i++)
    {
      gsize n = variable ? take_number (c, 4) : fixed;
      gsize from = c->at;

      if (i == 0 && n == 4 && c->end - c->at >= 4)
        {
          p->number = take_number (c, 4);
          c->at = from;
        }
      take (c, n);
      take (c, MIN ((4 - n % 4) % 4, c->end - c->at));
      if (i == 0 && !c->bad)
        {
          p->from = from;
          p->n = n;
        }
    }
}

static bool
take_property (Reading *r, Cursor *c, Property *p)
{
  memset (p, 0, sizeof *p);
  if (++r->properties > MAX_PROPERTIES)
    {
      r->tnef->too_much = true;
      return false;
    }
  p->type = take_number (c, 2);
  p->id = take_number (c, 2);
  if (p->id >= 0x8000)
    skip_name (c);
  take_values (c, p);
  r->tnef->damaged = r->tnef->damaged || c->bad;
  return !c->bad;
}

static void
property_text (const Reading *r, const Cursor *c, const Property *p, TnefText *to)
{
  guint type = p->type & ~(guint) TYPE_MANY;

  if (type == TYPE_UNICODE || type == TYPE_STRING8)
    set_text (to, c, p->from, p->n, type == TYPE_UNICODE ? 2 : 1, r->codepage);
}

static void
message_property (Reading *r, const Cursor *c, const Property *p)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (c->whole, &size);

  switch (p->id)
    {
    case PROPERTY_SUBJECT:
      property_text (r, c, p, &r->tnef->subject);
      break;
    case PROPERTY_TEXT:
      property_text (r, c, p, &r->tnef->text);
      break;
    case PROPERTY_HTML:
      if (p->type == TYPE_BINARY)
        set_text (&r->tnef->html, c, p->from, p->n, 1, r->html_codepage);
      else
        property_text (r, c, p, &r->tnef->html);
      break;
    case PROPERTY_CODEPAGE:
      r->html_codepage = p->number;
      break;
    case PROPERTY_RTF:
      if (p->type == TYPE_BINARY)
        set_bytes (&r->tnef->rtf, rtf_decompress (data + p->from, p->n, MAX_RTF));
      break;
    default:
      break;
    }
}

static void
message_properties (Reading *r, Cursor c)
{
  guint32 count = take_number (&c, 4);
  Property p;

  for (guint32 i = 0; i < count && take_property (r, &c, &p); i++)
    message_property (r, &c, &p);
  /* The code page may stand behind the HTML it is about. */
  if (r->tnef->html.bytes != NULL && *r->tnef->html.charset == '\0' && r->html_codepage != 0)
    {
      Cursor whole = { r->tnef->html.bytes, 0, g_bytes_get_size (r->tnef->html.bytes), false };
      TnefText again = { 0 };

      set_text (&again, &whole, 0, whole.end, 1, r->html_codepage);
      set_bytes (&again.bytes, NULL);
      g_strlcpy (r->tnef->html.charset, again.charset, sizeof again.charset);
    }
}

/* An object's bytes begin with the interface it is stored through; a message is opened, others stay
 * as they are. */
static void
attachment_data (TnefAttachment *a, const Cursor *c, const Property *p)
{
  gsize size, n = sizeof message_interface;
  const guint8 *data = g_bytes_get_data (c->whole, &size);

  a->is_message = p->type == TYPE_OBJECT && p->n > n
                  && memcmp (data + p->from, message_interface, n) == 0
                  && tnef_is (data + p->from + n, p->n - n);
  n = a->is_message ? n : 0;
  set_bytes (&a->content, piece (c, p->from + n, p->n - n));
}

static void
attachment_properties (Reading *r, TnefAttachment *a, Cursor c)
{
  guint32 count = take_number (&c, 4);
  bool long_name = false;
  Property p;

  for (guint32 i = 0; i < count && take_property (r, &c, &p); i++)
    switch (p.id)
      {
      case PROPERTY_LONG_NAME:
        property_text (r, &c, &p, &a->name);
        long_name = true;
        break;
      case PROPERTY_NAME:
        if (!long_name)
          property_text (r, &c, &p, &a->name);
        break;
      case PROPERTY_DISPLAY_NAME:
        if (a->name.bytes == NULL || g_bytes_get_size (a->name.bytes) == 0)
          property_text (r, &c, &p, &a->name);
        break;
      case PROPERTY_MIME_TYPE:
        property_text (r, &c, &p, &a->type);
        break;
      case PROPERTY_DATA:
        if (p.type == TYPE_BINARY || p.type == TYPE_OBJECT)
          attachment_data (a, &c, &p);
        break;
      default:
        break;
      }
}

/* --- attributes ------------------------------------------------------------------------------- */

static TnefAttachment *
attachment_new (Tnef *tnef)
{
  TnefAttachment *a;

  if (tnef->attachments->len >= MAX_ATTACHMENTS)
    {
      tnef->too_much = true;
      return NULL;
    }
  a = g_new0 (TnefAttachment, 1);
  g_ptr_array_add (tnef->attachments, a);
  return a;
}

static void
message_attribute (Reading *r, guint name, Cursor value)
{
  gsize n = value.end - value.at;

  if (name == ATT_CODEPAGE)
    r->codepage = take_number (&value, 4);
  else if (name == ATT_SUBJECT && r->tnef->subject.bytes == NULL)
    set_text (&r->tnef->subject, &value, value.at, n, 1, r->codepage);
  else if (name == ATT_BODY && r->tnef->text.bytes == NULL)
    set_text (&r->tnef->text, &value, value.at, n, 1, r->codepage);
  else if (name == ATT_PROPERTIES)
    message_properties (r, value);
}

static void
attachment_attribute (Reading *r, guint name, Cursor value)
{
  GPtrArray *all = r->tnef->attachments;
  TnefAttachment *a = all->len > 0 ? all->pdata[all->len - 1] : NULL;
  gsize n = value.end - value.at;

  if (name == ATT_ATTACH_BEGINS || a == NULL)
    a = attachment_new (r->tnef);
  if (a == NULL)
    return;
  if ((name == ATT_ATTACH_TITLE || name == ATT_ATTACH_NAME) && a->name.bytes == NULL)
    set_text (&a->name, &value, value.at, n, 1, r->codepage);
  else if (name == ATT_ATTACH_DATA)
    set_bytes (&a->content, piece (&value, value.at, n));
  else if (name == ATT_ATTACH_PROPERTIES)
    attachment_properties (r, a, value);
}

bool
tnef_is (const guint8 *bytes, gsize n)
{
  return n >= 6 && bytes[0] == 0x78 && bytes[1] == 0x9f && bytes[2] == 0x3e && bytes[3] == 0x22;
}

static void
text_clear (TnefText *text)
{
  set_bytes (&text->bytes, NULL);
}

static void
attachment_free (gpointer data)
{
  TnefAttachment *a = data;

  text_clear (&a->name);
  text_clear (&a->type);
  set_bytes (&a->content, NULL);
  g_free (a);
}

Tnef *
tnef_read (GBytes *bytes)
{
  Tnef *tnef = g_new0 (Tnef, 1);
  Reading r = { .tnef = tnef };
  Cursor c = { bytes, 0, g_bytes_get_size (bytes), false };

  tnef->attachments = g_ptr_array_new_with_free_func (attachment_free);
  if (take_number (&c, 4) != SIGNATURE)
    c.bad = true;
  take (&c, 2);
  while (!c.bad && c.at < c.end)
    {
      guint level = take_number (&c, 1);
      guint name = take_number (&c, 4) & 0xffff;
      gsize n = take_number (&c, 4);
      gsize from = c.at;

      if (c.bad || level < 1 || level > 2 || take (&c, n) == NULL)
        {
          c.bad = true;
          break;
        }
      (level == 1 ? message_attribute
                  : attachment_attribute) (&r, name, (Cursor){ bytes, from, from + n, false });
      take (&c, MIN (2, c.end - c.at)); /* a sum of the bytes, which says nothing that a length
                                         * did not */
    }
  tnef->damaged = tnef->damaged || c.bad;
  return tnef;
}

void
tnef_free (Tnef *tnef)
{
  text_clear (&tnef->subject);
  text_clear (&tnef->text);
  text_clear (&tnef->html);
  set_bytes (&tnef->rtf, NULL);
  g_ptr_array_unref (tnef->attachments);
  g_free (tnef);
}
