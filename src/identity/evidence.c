/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Evidence is read out of the verification's own document, today and when the journal is replayed:
 * one way, so one result.
 */
#include "identity/evidence.h"

#include "base/clock.h"

static void
signer_free (gpointer data)
{
  EvidenceSigner *signer = data;

  g_free (signer->name);
  g_free (signer->organization);
  g_free (signer->issuer);
  g_free (signer->fingerprint);
  g_free (signer->content);
  g_ptr_array_unref (signer->emails);
  g_free (signer);
}

void
evidence_free (Evidence *e)
{
  if (e == NULL)
    return;
  g_free (e->part);
  g_free (e->file);
  g_free (e->sha256);
  g_ptr_array_unref (e->reasons);
  g_ptr_array_unref (e->signers);
  json_node_unref (e->result);
  g_free (e);
}

static const char *
text_of (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
read_texts (JsonObject *object, const char *name, GPtrArray *to)
{
  JsonArray *array =
    json_object_has_member (object, name) ? json_object_get_array_member (object, name) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!g_ptr_array_find_with_equal_func (to, json_array_get_string_element (array, i),
                                           g_str_equal, NULL))
      g_ptr_array_add (to, g_strdup (json_array_get_string_element (array, i)));
}

static void
read_signature (Evidence *e, JsonObject *object)
{
  JsonObject *who = json_object_get_object_member (object, "signer");

  read_texts (object, "reasons", e->reasons);
  if (who == NULL || json_object_get_boolean_member_with_default (object, "timestamp", FALSE))
    return;
  EvidenceSigner *signer = g_new0 (EvidenceSigner, 1);
  const char *at = text_of (object, "signed_at");

  verdict_read (text_of (object, "verdict"), &signer->verdict);
  signer->name = g_strdup (text_of (who, "name"));
  signer->organization = g_strdup (text_of (who, "organization"));
  signer->issuer = g_strdup (text_of (who, "issuer"));
  signer->fingerprint = g_strdup (text_of (who, "fingerprint"));
  signer->content = g_strdup (text_of (object, "content_sha256"));
  signer->outermost = g_strcmp0 (text_of (object, "field"), "1") == 0;
  signer->emails = g_ptr_array_new_with_free_func (g_free);
  read_texts (who, "emails", signer->emails);
  if (at != NULL && at[0] != '\0')
    clock_parse (at, &signer->signed_at, NULL);
  g_ptr_array_add (e->signers, signer);
}

Evidence *
evidence_new (const char *part, const char *file, const char *sha256, gint64 at, JsonNode *result)
{
  Evidence *e = g_new0 (Evidence, 1);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (result) ? json_node_get_object (result) : NULL;
  JsonArray *signatures = object != NULL && json_object_has_member (object, "signatures")
                            ? json_object_get_array_member (object, "signatures") : NULL;

  e->part = g_strdup (part);
  e->file = g_strdup (file);
  e->sha256 = g_strdup (sha256);
  e->at = at;
  e->reasons = g_ptr_array_new_with_free_func (g_free);
  e->signers = g_ptr_array_new_with_free_func (signer_free);
  e->result = result;
  if (object == NULL)
    return e;                       /* the worst verdict: an error */
  verdict_read (text_of (object, "verdict"), &e->verdict);
  e->signer_is_sender =
    json_object_get_boolean_member_with_default (object, "signer_is_sender", FALSE);
  read_texts (object, "reasons", e->reasons);
  for (guint i = 0; signatures != NULL && i < json_array_get_length (signatures); i++)
    read_signature (e, json_array_get_object_element (signatures, i));
  return e;
}

JsonObject *
evidence_to_json (const Evidence *e)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "part", e->part);
  json_object_set_string_member (object, "file", e->file);
  json_object_set_string_member (object, "sha256", e->sha256);
  json_object_set_int_member (object, "at", e->at);
  json_object_set_member (object, "result", json_node_copy (e->result));
  return object;
}

Evidence *
evidence_from_json (JsonObject *object)
{
  JsonNode *result = json_object_get_member (object, "result");

  return evidence_new (text_of (object, "part"), text_of (object, "file"),
                       text_of (object, "sha256"),
                       json_object_get_int_member_with_default (object, "at", 0),
                       result != NULL ? json_node_copy (result) : json_node_new (JSON_NODE_NULL));
}

const Evidence *
evidence_about (const GPtrArray *list, const char *part)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    if (g_str_equal (((const Evidence *) list->pdata[i])->part, part))
      return list->pdata[i];
  return NULL;
}

char *
evidence_signers (const Evidence *e)
{
  GString *who = g_string_new (NULL);

  for (guint i = 0; i < e->signers->len; i++)
    {
      const EvidenceSigner *signer = e->signers->pdata[i];

      g_string_append_printf (who, "%s%s", i > 0 ? " and " : "",
                              signer->name[0] != '\0' ? signer->name : "somebody");
      if (signer->emails->len > 0)
        g_string_append_printf (who, " <%s>", (const char *) signer->emails->pdata[0]);
    }
  return g_string_free (who, FALSE);
}

char *
evidence_fingerprints (const Evidence *e)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < e->signers->len; i++)
    {
      const EvidenceSigner *signer = e->signers->pdata[i];

      if (signer->fingerprint[0] != '\0')
        g_string_append_printf (list, "%s%s", list->len > 0 ? " " : "", signer->fingerprint);
    }
  return g_string_free (list, FALSE);
}

char *
evidence_text (const Evidence *e)
{
  GString *text = g_string_new (verdict_name (e->verdict));
  g_autofree char *who = evidence_signers (e);

  if (who[0] != '\0')
    g_string_append_printf (text, ", signed by %s", who);
  for (guint i = 0; i < e->reasons->len; i++)
    g_string_append_printf (text, "%s %s", i == 0 ? ":" : ";", (const char *) e->reasons->pdata[i]);
  return g_string_free (text, FALSE);
}
