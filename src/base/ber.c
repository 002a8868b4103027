/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tag, length, value.  Every length is checked against what is left before it is believed.
 */
#include "base/ber.h"

#define CONSTRUCTED 0x20
#define MANY_OCTETS 0x1f    /* a tag number that goes on in the next octets */
#define INDEFINITE 0x80
#define MAX_TAG_OCTETS 6
#define MAX_LENGTH_OCTETS 4

static bool read_value (const guint8 *bytes, gsize n, guint depth, Ber *ber);

/* Octets of the identifier, 0 when it is cut short. */
static gsize
tag_octets (const guint8 *bytes, gsize n)
{
  gsize i = 1;

  if (n == 0)
    return 0;
  if ((bytes[0] & MANY_OCTETS) != MANY_OCTETS)
    return 1;
  while (i < n && i < MAX_TAG_OCTETS && (bytes[i] & 0x80) != 0)
    i++;
  return i < n && (bytes[i] & 0x80) == 0 ? i + 1 : 0;
}

/* Values one after the other up to the end mark: two zero octets. */
static bool
read_indefinite (const guint8 *bytes, gsize n, gsize head, guint depth, Ber *ber)
{
  gsize at = head;

  if ((bytes[0] & CONSTRUCTED) == 0 || depth >= BER_MAX_DEPTH)
    return false;
  while (n - at >= 2 && (bytes[at] != 0 || bytes[at + 1] != 0))
    {
      Ber inner;

      if (!read_value (bytes + at, n - at, depth + 1, &inner))
        return false;
      at += inner.whole;
    }
  if (n - at < 2)
    return false;
  *ber = (Ber){ bytes[0], bytes + head, at - head, at + 2 };
  return true;
}

static bool
read_value (const guint8 *bytes, gsize n, guint depth, Ber *ber)
{
  gsize head = tag_octets (bytes, n), length = 0;

  if (head == 0 || head >= n)
    return false;
  guint8 first = bytes[head++];
  if (first == INDEFINITE)
    return read_indefinite (bytes, n, head, depth, ber);
  if ((first & INDEFINITE) == 0)
    length = first;
  else
    {
      guint octets = first & 0x7f;

      if (octets > MAX_LENGTH_OCTETS || octets > n - head)
        return false;
      for (; octets > 0; octets--)
        length = length << 8 | bytes[head++];
    }
  if (length > n - head)
    return false;
  *ber = (Ber){ bytes[0], bytes + head, length, head + length };
  return true;
}

bool
ber_read (const guint8 *bytes, gsize n, Ber *ber)
{
  return read_value (bytes, n, 0, ber);
}

bool
ber_next (const Ber *outer, gsize *at, Ber *inner)
{
  if (*at >= outer->n || !read_value (outer->value + *at, outer->n - *at, 0, inner))
    return false;
  *at += inner->whole;
  return true;
}

bool
ber_take (const Ber *outer, gsize *at, guint8 tag, Ber *inner)
{
  gsize next = *at;

  if (!ber_next (outer, &next, inner) || inner->tag != tag)
    return false;
  *at = next;
  return true;
}
