/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A verification as a page that somebody can read who never heard of byte ranges.
 */
#include "base/clock.h"
#include "signature/signature-private.h"

#define LABEL "  %-13s "

static void
print_list (GString *out, const char *label, const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (out, LABEL "- %s\n", i == 0 ? label : "", (char *) lines->pdata[i]);
}

static void
print_line (GString *out, const char *label, const char *text)
{
  if (text[0] != '\0')
    g_string_append_printf (out, LABEL "%s\n", label, text);
}

static void
print_signer (GString *out, const Signer *s)
{
  g_autofree char *who = s->organization[0] != '\0'
                           ? g_strdup_printf ("%s, %s", s->name, s->organization)
                           : g_strdup (s->name);
  g_autoptr (GString) emails = g_string_new (NULL);

  for (guint i = 0; i < s->emails->len; i++)
    g_string_append_printf (emails, "%s%s", i > 0 ? ", " : "", (char *) s->emails->pdata[i]);
  print_line (out, "Signer", who);
  print_line (out, "Addresses", emails->str);
  print_line (out, "Vouched for by", s->issuer);
  print_line (out, "Serial", s->serial);
  print_line (out, "Fingerprint", s->fingerprint);
}

static void
print_time (GString *out, const Signature *s)
{
  static const char *const words[] = { "", "the document says so; nobody proves it",
                                       "the signer says so; nobody proves it",
                                       "proved by a timestamp" };
  g_autofree char *at = s->signed_at != 0 ? clock_format (s->signed_at) : NULL;

  if (at != NULL)
    g_string_append_printf (out, LABEL "%s (%s)\n", "Signed at", at, words[s->signed_at_source]);
}

static void
print_signature (GString *out, const Signature *s, guint number, guint all, SignedKind kind)
{
  g_string_append_printf (out, "\n%s %u of %u", s->is_timestamp ? "Timestamp" : "Signature", number,
                          all);
  if (s->field[0] != '\0')
    g_string_append_printf (out, kind == SIGNED_PDF ? ", field %s" : ", layer %s", s->field);
  g_string_append_printf (out, ": %s\n", verdict_name (s->verdict));
  g_string_append_printf (out, LABEL "%s\n", "That means", verdict_meaning (s->verdict));
  print_signer (out, &s->signer);
  print_time (out, s);
  if (kind == SIGNED_PDF && s->revision > 0)
    g_string_append_printf (out, LABEL "%s (revision %u of %u)\n", "Covers",
                            s->covers_whole ? "the whole document" : "the document as it was",
                            s->revision, s->revisions);
  print_line (out, "Hash", s->digest);
  print_list (out, "Why", s->reasons);
  print_list (out, "Later changes", s->later_changes);
}

char *
verification_to_text (const Verification *v, const char *file)
{
  static const char *const kinds[] = { "file", "PDF document", "S/MIME message",
                                       "OpenPGP message" };
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s: %s\n", file, verdict_name (v->verdict));
  g_string_append_printf (out, "%s (%s)\n", verdict_meaning (v->verdict), kinds[v->kind]);
  if (v->from[0] != '\0')
    g_string_append_printf (out, LABEL "%s%s\n", "From", v->from,
                            v->signatures->len == 0 ? ""
                            : v->signer_is_sender   ? " (who is the signer)"
                                                    : " (who is not the signer)");
  print_list (out, "Why", v->reasons);
  for (guint i = 0; i < v->signatures->len; i++)
    print_signature (out, v->signatures->pdata[i], i + 1, v->signatures->len, v->kind);
  if (v->notes->len > 0)
    g_string_append (out, "\nTo know about it\n");
  print_list (out, "", v->notes);
  return g_string_free (out, FALSE);
}
