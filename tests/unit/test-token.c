/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Proofs that only this office can make.
 */
#include "base/token.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define DOMAIN "office.example"

static void
a_message_id_proves_its_case_to_its_recipient (void)
{
  g_autoptr (OfficeKey) key = office_key_new (KEY);
  g_autofree char *id = token_message_id (key, 41, 7, "Ada@x.example", DOMAIN);
  g_autofree char *again = token_message_id (key, 41, 7, "ada@X.example", DOMAIN);
  g_autofree char *other = token_message_id (key, 42, 7, "ada@x.example", DOMAIN);
  gint64 case_id = 0;

  g_assert_cmpstr (id, ==, again);
  g_assert_cmpstr (id, !=, other);
  g_assert_true (token_check_message_id (key, id, "ADA@x.example", "Office.Example", &case_id));
  g_assert_cmpint (case_id, ==, 7);
  g_assert_false (token_check_message_id (key, id, "bob@x.example", DOMAIN, &case_id));
  g_assert_false (token_check_message_id (key, id, "ada@x.example", "other.example", &case_id));
  g_autofree char *upper = g_ascii_strup (id, -1);
  g_assert_true (token_check_message_id (key, upper, "ada@x.example", DOMAIN, &case_id));
}

/* Every single character of it counts. */
static void
a_forged_token_is_none (void)
{
  g_autoptr (OfficeKey) key = office_key_new (KEY);
  g_autofree char *id = token_message_id (key, 41, 7, "ada@x.example", DOMAIN);
  g_autofree char *extension = token_extension (key, "APP-2026-0001", "ada@x.example");
  gint64 case_id = -1;
  char *ref = NULL;

  for (gsize i = 0; i < strlen (id); i++)
    {
      g_autofree char *forged = g_strdup (id);

      forged[i] = forged[i] == '1' ? '2' : '1';
      g_assert_false (token_check_message_id (key, forged, "ada@x.example", DOMAIN, &case_id));
    }
  for (gsize i = 0; i < strlen (extension); i++)
    {
      g_autofree char *forged = g_strdup (extension);

      forged[i] = forged[i] == '1' ? '2' : '1';
      g_assert_false (token_check_extension (key, forged, "ada@x.example", &ref));
    }
  g_assert_cmpint (case_id, ==, -1);
  g_assert_null (ref);
}

static void
an_extension_proves_its_case_to_its_recipient (void)
{
  g_autoptr (OfficeKey) key = office_key_new (KEY);
  g_autofree char *extension = token_extension (key, "APP-2026-0001", "ada@x.example");
  g_autofree char *upper = g_ascii_strup (extension, -1), *ref = NULL, *none = NULL;

  g_assert_true (g_str_has_prefix (extension, "app-2026-0001."));
  g_assert_true (token_check_extension (key, upper, "ADA@x.example", &ref));
  g_assert_cmpstr (ref, ==, "APP-2026-0001");
  g_assert_false (token_check_extension (key, extension, "bob@x.example", &none));
}

static void
odd_texts_are_no_tokens (void)
{
  static const char *const ids[] = {
    "", "@", "@" DOMAIN, "x@" DOMAIN, ".@" DOMAIN, "1.2.@" DOMAIN, "1.2.0123456789abcde@" DOMAIN,
    "1.2.0123456789abcdef0@" DOMAIN, "a.b.0123456789abcdef@" DOMAIN, "1.2.0123456789abcdef", "1.2@3.0123456789abcdef@" DOMAIN,
  };
  g_autoptr (OfficeKey) key = office_key_new (KEY);
  gint64 case_id = -1;
  char *ref = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_test_message ("%s", ids[i]);
      g_assert_false (token_is_ours (ids[i], DOMAIN));
      g_assert_false (token_check_message_id (key, ids[i], "ada@x.example", DOMAIN, &case_id));
      g_assert_false (token_check_extension (key, ids[i], "ada@x.example", &ref));
    }
  g_autofree char *own = token_message_id (key, 1, 0, "x@y.example", DOMAIN);
  g_assert_true (token_is_ours (own, DOMAIN));
  g_assert_true (token_check_message_id (key, own, "x@y.example", DOMAIN, &case_id));
  g_assert_cmpint (case_id, ==, 0);
}

static void
a_conversation_is_known_by_its_name (void)
{
  g_autoptr (OfficeKey) key = office_key_new (KEY);
  g_autoptr (OfficeKey) other = office_key_new ("a key of another office");
  g_autofree char *name = token_conversation (key, 258, 1795359600),
                  *again = token_conversation (key, 258, 1795359600);
  static const char *const odd[] = { "", "x", "AdxdZVn2J8q3mVfCQkyJ0bq1R2Pq3w==",
                                     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==" };
  gint64 case_id = 0;
  gsize n;
  g_autofree guint8 *bytes = g_base64_decode (name, &n);

  g_assert_cmpstr (name, ==, again);
  g_assert_cmpuint (n, ==, TOKEN_CONVERSATION);
  g_assert_cmpuint (bytes[0], ==, 1); /* as every FILETIME of this age begins */
  g_assert_true (token_check_conversation (key, name, &case_id));
  g_assert_cmpint (case_id, ==, 258);
  case_id = 0;
  g_assert_false (token_check_conversation (other, name, &case_id));
  for (gsize i = 0; i < n; i++)
    {
      bytes[i] ^= 1;
      g_autofree char *forged = g_base64_encode (bytes, n);
      g_assert_false (token_check_conversation (key, forged, &case_id));
      bytes[i] ^= 1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    g_assert_false (token_check_conversation (key, odd[i], &case_id));
  g_assert_cmpint (case_id, ==, 0);
}

static void
a_key_is_made_once_for_its_owner_alone (void)
{
  g_autofree char *dir = g_dir_make_tmp ("test-token-XXXXXX", NULL),
                  *file = g_build_filename (dir, "key", NULL);
  g_autoptr (GError) error = NULL;
  struct stat st;

  g_assert_true (office_key_create (file, &error));
  g_assert_cmpint (g_stat (file, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_autoptr (OfficeKey) key = office_key_read (file, &error);
  g_assert_cmpuint (strlen (office_key_text (key)), ==, 64);
  g_assert_false (office_key_create (file, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (file, "too short\n", -1, NULL));
  g_assert_null (office_key_read (file, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_clear_error (&error);
  g_unlink (file);
  g_assert_null (office_key_read (file, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token/message-id", a_message_id_proves_its_case_to_its_recipient);
  g_test_add_func ("/token/forged", a_forged_token_is_none);
  g_test_add_func ("/token/extension", an_extension_proves_its_case_to_its_recipient);
  g_test_add_func ("/token/odd", odd_texts_are_no_tokens);
  g_test_add_func ("/token/conversation", a_conversation_is_known_by_its_name);
  g_test_add_func ("/token/key", a_key_is_made_once_for_its_owner_alone);
  return g_test_run ();
}
