/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The outermost shape of BER and DER (X.690): tag, length, value.  Nothing more is decoded here:
 * enough to cut one value exactly out of what surrounds it, and to step through a known
 * structure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* One value: where its contents begin and how long they are.  Borrows the bytes it was read
 * from. */
typedef struct {
  guint8 tag;            /* the first identifier octet, with class and "constructed" */
  const guint8 *value;
  gsize n;               /* octets of contents; without the end mark of an indefinite length */
  gsize whole;           /* octets from the tag to the end of the value */
} Ber;

/* Read the value BYTES begin with.  Indefinite lengths are followed to their end, at most
 * BER_MAX_DEPTH deep.  False: it is cut short, nested deeper, or no BER. */
#define BER_MAX_DEPTH 64
bool ber_read (const guint8 *bytes, gsize n, Ber *ber);

/* The next value inside of OUTER behind *AT octets; moves *AT behind it.  False at the end and at
 * what cannot be read. */
bool ber_next (const Ber *outer, gsize *at, Ber *inner);

/* The same, and its tag must be TAG; *AT stays where it is otherwise. */
bool ber_take (const Ber *outer, gsize *at, guint8 tag, Ber *inner);
