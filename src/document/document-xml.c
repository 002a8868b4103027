/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The XML in a workbook, as a stream, with expat.  It has no use for a document type: one is
 * refused, and with it every entity that could expand or fetch something.
 */
#include "document/document-private.h"

#include <expat.h>
#include <string.h>

typedef struct {
  XML_Parser parser;
  const DocumentXml *xml;
  gpointer data;
  const DocumentFlaw *stop;
  DocumentFlaw flaw;
  guint depth;
} Stream;

/* Producers choose their own prefixes. */
static const char *
local_name (const char *name)
{
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static void
give_up (Stream *stream, DocumentFlaw flaw)
{
  stream->flaw = flaw;
  XML_StopParser (stream->parser, XML_FALSE);
}

static void
on_start (void *data, const XML_Char *name, const XML_Char **attributes)
{
  Stream *stream = data;

  if (++stream->depth > MAX_XML_DEPTH)
    {
      give_up (stream, FLAW_TOO_LARGE);
      return;
    }
  if (stream->xml->start != NULL)
    stream->xml->start (local_name (name), attributes, stream->data);
  if (*stream->stop != 0)
    give_up (stream, *stream->stop);
}

static void
on_end (void *data, const XML_Char *name)
{
  Stream *stream = data;

  stream->depth--;
  if (stream->xml->end != NULL)
    stream->xml->end (local_name (name), stream->data);
  if (*stream->stop != 0)
    give_up (stream, *stream->stop);
}

static void
on_text (void *data, const XML_Char *text, int n)
{
  Stream *stream = data;

  if (stream->xml->text != NULL)
    stream->xml->text (text, (gsize) n, stream->data);
}

static void
on_doctype (void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public,
            int internal)
{
  give_up (data, FLAW_DAMAGED);
}

static bool
take (const guint8 *bytes, gsize n, gpointer data)
{
  Stream *stream = data;

  if (XML_Parse (stream->parser, (const char *) bytes, (int) n, 0) == XML_STATUS_OK)
    return true;
  if (stream->flaw == 0)
    stream->flaw = FLAW_DAMAGED;
  return false;
}

bool
document_xml_read (DocumentZip *zip, const char *name, const DocumentXml *xml, gpointer data,
                   const DocumentFlaw *stop, DocumentFlaw *flaw)
{
  Stream stream = { .parser = XML_ParserCreate (NULL), .xml = xml, .data = data, .stop = stop };
  bool there;

  XML_SetUserData (stream.parser, &stream);
  XML_SetElementHandler (stream.parser, on_start, on_end);
  XML_SetCharacterDataHandler (stream.parser, on_text);
  XML_SetStartDoctypeDeclHandler (stream.parser, on_doctype);
  there = document_zip_read (zip, name, take, &stream, flaw);
  if (there && XML_Parse (stream.parser, "", 0, 1) != XML_STATUS_OK && stream.flaw == 0)
    stream.flaw = FLAW_DAMAGED;
  XML_ParserFree (stream.parser);
  if (stream.flaw != 0)
    *flaw = stream.flaw;
  return there && *flaw == 0;
}

const char *
document_xml_attribute (const char **attributes, const char *name)
{
  for (; *attributes != NULL; attributes += 2)
    if (strcmp (local_name (attributes[0]), name) == 0)
      return attributes[1];
  return NULL;
}

guint
document_number (const char *text)
{
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &number, NULL)
           ? (guint) number
           : 0;
}
