/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An entity (RFC 2045, 2.4) as it stands in the bytes: its headers, where its body is, and where
 * readers may not agree on what it says.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const guint8 *bytes;
  gsize n;
} Span;

/* An entity: its headers and where its body is. */
typedef struct {
  Span head, body;
  char *type;          /* "multipart/signed", lower case; "text/plain" when it says nothing */
  char *type_raw;      /* the whole Content-Type; "" */
  char *encoding;      /* lower case; "" */
  const char *problem; /* static */
} Entity;

/* The line at AT without its end; *NEXT is where the next one begins.  False at the end. */
bool entity_line (Span s, gsize at, Span *line, gsize *next);

/* ALL is one entity.  E borrows its bytes; entity_clear() for the rest. */
void entity_read (Span all, Entity *e);
void entity_clear (Entity *e);

/* A parameter of its Content-Type, decoded, or NULL; free with g_free(). */
char *entity_parameter (const Entity *e, const char *name);
/* The same as it stands there, so that a reader who decodes nothing reads it, too; NULL when it has
 * no value that is written as RFC 2045, 5.1 wants it. */
char *entity_written_parameter (const Entity *e, const char *name);
/* The parameter NAME stands there more than once, in whatever way. */
bool entity_says_twice (const Entity *e, const char *name);
/* The parameters of a Content-Type are as RFC 2045, 5.1 wants them. */
bool entity_has_plain_type (const Entity *e);
/* Something follows the padding of its base64. */
bool entity_goes_on_behind_padding (const Entity *e);
bool entity_is_known_encoding (const Entity *e);
/* Decoded; free with g_bytes_unref(). */
GBytes *entity_body (const Entity *e);
