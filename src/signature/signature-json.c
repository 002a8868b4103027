/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A verification for a script: the contract's document.
 */
#include "base/clock.h"
#include "base/json-add.h"
#include "signature/signature-private.h"

static const char *const sources[] = { "", "claimed", "cms", "timestamp" };

static void
add_signer (JsonBuilder *b, const Signer *signer)
{
  json_builder_set_member_name (b, "signer");
  json_builder_begin_object (b);
  json_add_string (b, "name", signer->name);
  json_add_string (b, "organization", signer->organization);
  json_add_array (b, "emails", signer->emails);
  json_add_string (b, "issuer", signer->issuer);
  json_add_string (b, "serial", signer->serial);
  json_add_string (b, "fingerprint", signer->fingerprint);
  json_builder_end_object (b);
}

static void
add_time (JsonBuilder *b, const Signature *s)
{
  g_autofree char *at = s->signed_at != 0 ? clock_format (s->signed_at) : NULL;

  json_builder_set_member_name (b, "signed_at");
  if (at != NULL)
    json_builder_add_string_value (b, at);
  else
    json_builder_add_null_value (b);
  json_builder_set_member_name (b, "signed_at_source");
  if (at != NULL)
    json_builder_add_string_value (b, sources[s->signed_at_source]);
  else
    json_builder_add_null_value (b);
}

static void
add_signature (JsonBuilder *b, const Signature *s, SignedKind kind)
{
  json_builder_begin_object (b);
  json_add_string (b, "verdict", verdict_name (s->verdict));
  json_add_array (b, "reasons", s->reasons);
  json_add_string (b, "field", s->field);
  json_add_string (b, "subfilter", s->subfilter);
  json_add_bool (b, "timestamp", s->is_timestamp);
  add_signer (b, &s->signer);
  add_time (b, s);
  json_add_string (b, "digest", s->digest);
  json_add_string (b, "content_sha256", s->content);
  json_builder_set_member_name (b, "byte_range");
  json_builder_begin_array (b);
  for (guint i = 0; kind == SIGNED_PDF && i < 4; i++)
    json_builder_add_int_value (b, s->range[i]);
  json_builder_end_array (b);
  json_add_int (b, "revision", s->revision);
  json_add_int (b, "revisions", s->revisions);
  json_add_bool (b, "covers_whole", s->covers_whole);
  json_add_array (b, "later_changes", s->later_changes);
  json_builder_end_object (b);
}

JsonNode *
verification_to_json (const Verification *v)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  json_add_string (b, "kind", signed_kind_name (v->kind));
  json_add_string (b, "verdict", verdict_name (v->verdict));
  json_add_array (b, "reasons", v->reasons);
  json_add_bool (b, "covers_whole", v->covers_whole);
  json_builder_set_member_name (b, "signatures");
  json_builder_begin_array (b);
  for (guint i = 0; i < v->signatures->len; i++)
    add_signature (b, v->signatures->pdata[i], v->kind);
  json_builder_end_array (b);
  json_add_array (b, "notes", v->notes);
  json_add_string (b, "from", v->from);
  json_add_bool (b, "signer_is_sender", v->signer_is_sender);
  json_builder_end_object (b);
  return json_builder_get_root (b);
}
