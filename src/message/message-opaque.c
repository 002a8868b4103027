/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mail inside of an opaque S/MIME signature (RFC 8551 3.5.2): CMS SignedData carries it as it
 * is.
 *
 * Reading it needs no cryptography and proves nothing; what the signature is worth is asked
 * elsewhere.  BER as RFC 5652 allows it, so lengths may be left open; every length is checked
 * against what is left.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

#define MAX_BER_DEPTH 16

enum {
  BER_OBJECT = 0x06,
  BER_STRING = 0x04,
  BER_STRINGS = 0x24,
  BER_SEQUENCE = 0x30,
  BER_EXPLICIT = 0xa0
};

/* 1.2.840.113549.1.7.2 */
static const guint8 signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };

typedef struct {
  const guint8 *at, *end;
} Ber;

typedef struct {
  guint8 tag;
  bool open;  /* without a length: it ends with two zero bytes */
  Ber inside; /* of an open one: all that is left */
} BerValue;

/* The head of the next value; B stands behind it, and behind the value when that has a length. */
static bool
next (Ber *b, BerValue *v)
{
  gsize n, bytes;

  if (b->end - b->at < 2)
    return false;
  v->tag = b->at[0];
  n = b->at[1];
  b->at += 2;
  v->open = n == 0x80;
  if (n > 0x80)
    {
      /* BER lets a length begin with zeros (X.690, 8.1.3.5). */
      bytes = n & 0x7f;
      if ((gsize) (b->end - b->at) < bytes)
        return false;
      for (n = 0; bytes > 0; bytes--)
        {
          if (n > G_MAXUINT32 >> 8)
            return false;
          n = n << 8 | *b->at++;
        }
    }
  if (v->open)
    {
      v->inside = *b;
      return (v->tag & 0x20) != 0;
    }
  if (n > (gsize) (b->end - b->at))
    return false;
  v->inside = (Ber){ b->at, b->at + n };
  b->at += n;
  return true;
}

/* Where a value without a length ends. */
static bool
at_mark (const Ber *b)
{
  return b->end - b->at >= 2 && b->at[0] == 0 && b->at[1] == 0;
}

/* B behind the next value, whatever it is. */
static bool
pass (Ber *b, guint depth)
{
  BerValue v;

  if (depth > MAX_BER_DEPTH || !next (b, &v))
    return false;
  while (v.open && !at_mark (b))
    if (!pass (b, depth + 1))
      return false;
  b->at += v.open ? 2 : 0;
  return true;
}

/* Into the next value, which must have TAG. */
static bool
enter (Ber *b, guint8 tag)
{
  BerValue v;

  if (!next (b, &v) || v.tag != tag)
    return false;
  *b = v.inside;
  return true;
}

/* The bytes of the next value, a string in one piece or in pieces of pieces, to ALL; as many as
 * there are when it breaks off. */
static bool
add_strings (Ber *b, GByteArray *all, guint depth)
{
  BerValue v;

  if (depth > MAX_BER_DEPTH || !next (b, &v) || (v.tag != BER_STRING && v.tag != BER_STRINGS))
    return false;
  if (v.tag == BER_STRING)
    {
      g_byte_array_append (all, v.inside.at, (guint) (v.inside.end - v.inside.at));
      return true;
    }
  Ber *pieces = v.open ? b : &v.inside;
  while (v.open ? !at_mark (pieces) : pieces->at < pieces->end)
    if (!add_strings (pieces, all, depth + 1))
      return false;
  pieces->at += v.open ? 2 : 0;
  return true;
}

/* What BYTES[N] holds, to CONTENT, as far as it can be read.  False when that is not all of it. */
static bool
take_content (const guint8 *bytes, gsize n, GByteArray *content)
{
  Ber b = { bytes, n > 0 ? bytes + n : bytes };
  BerValue type;

  if (n == 0 || !enter (&b, BER_SEQUENCE) || !next (&b, &type) || type.tag != BER_OBJECT
      || type.inside.end - type.inside.at != sizeof signed_data
      || memcmp (type.inside.at, signed_data, sizeof signed_data) != 0)
    return false;
  /* Version and digest algorithms stand before the content, its type before its bytes. */
  if (!enter (&b, BER_EXPLICIT) || !enter (&b, BER_SEQUENCE) || !pass (&b, 0) || !pass (&b, 0)
      || !enter (&b, BER_SEQUENCE) || !pass (&b, 0) || !enter (&b, BER_EXPLICIT))
    return false;
  return add_strings (&b, content, 0);
}

GBytes *
opaque_content (const guint8 *bytes, gsize n)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();

  take_content (bytes, n, content);
  return content->len > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&content)) : NULL;
}

bool
opaque_is_whole (const guint8 *bytes, gsize n)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();

  return take_content (bytes, n, content) && content->len > 0;
}
