/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who wrote, and how sure we are.
 */
#include "identity/identity.h"

#include "lib/lab.h"
#include "lib/office.h"

#define ID "mx.office.example"
#define KEY "0123456789abcdef0123456789abcdef"

static const struct { const char *name, *first, *second, *id, *from; AuthVerdict want; } rows[] = {
  { "dmarc of the From domain", ID "; dmarc=pass (p=none) header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "without regard to case", "MX.Office.Example; DMARC=Pass header.From=B.Example", NULL, ID, "a@b.example", AUTH_PASS },
  { "with a version", ID " 1; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "dkim of the From domain", ID "; dkim=pass header.d=b.example header.s=x", NULL, ID, "a@b.example", AUTH_PASS },
  { "dkim of another domain", ID "; dkim=pass header.d=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dkim of a part of the domain", ID "; dkim=pass header.d=example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dmarc of another domain", ID "; dmarc=pass header.from=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dmarc of nobody", ID "; dmarc=pass", NULL, ID, "a@b.example", AUTH_NONE },
  { "spf alone", ID "; spf=pass smtp.mailfrom=a@b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "nothing was done", ID "; none", NULL, ID, "a@b.example", AUTH_NONE },
  { "dmarc failed", ID "; spf=pass smtp.mailfrom=e.example; dmarc=fail header.from=b.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "dmarc failed and dkim passed", ID "; dkim=pass header.d=b.example; dmarc=fail", NULL, ID, "a@b.example", AUTH_FAIL },
  { "dkim failed, dmarc passed by spf", ID "; dkim=fail header.d=b.example; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "another server's word", "mx.evil.example; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "ours below another's", "mx.evil.example; none", ID "; dmarc=pass header.from=b.example", ID, "a@b.example", AUTH_NONE },
  { "a second one in our name", ID "; none", ID "; dmarc=pass header.from=b.example", ID, "a@b.example", AUTH_NONE },
  { "our name as a beginning", ID ".evil.example; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a result in a comment", ID "; spf=none (; dmarc=pass header.from=b.example)", NULL, ID, "a@b.example", AUTH_NONE },
  { "a comment in a comment", ID "; spf=none (a (b) ; dmarc=pass header.from=b.example)", NULL, ID, "a@b.example", AUTH_NONE },
  { "a result in quotes", ID "; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=b.example\"@e.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a quote that is escaped", ID "; spf=pass smtp.mailfrom=\"x\\\"; dmarc=pass header.from=b.example\"@e.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a comment before our name", "(x) " ID "; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "nobody's word is believed", ID "; dmarc=pass header.from=b.example", NULL, "", "a@b.example", AUTH_NONE },
  { "an address without a domain", ID "; dmarc=pass header.from=b.example", NULL, ID, "b.example", AUTH_NONE },
  { "spaces around the equals sign", ID "; dmarc = fail header.from=b.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "a method that only begins so", ID "; dmarc=passed header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "no text", "", NULL, ID, "a@b.example", AUTH_NONE },
};

static void
only_our_own_servers_results_count (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) results = g_ptr_array_new ();

      g_test_message ("%s", rows[i].name);
      g_ptr_array_add (results, (gpointer) rows[i].first);
      if (rows[i].second != NULL)
        g_ptr_array_add (results, (gpointer) rows[i].second);
      g_assert_cmpint (identity_auth_results (results, rows[i].id, rows[i].from), ==, rows[i].want);
    }
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_assert_cmpint (identity_auth_results (none, ID, "a@b.example"), ==, AUTH_NONE);
}

static void
who_somebody_is (void)
{
  static const struct { const char *from; bool contact; Who want; } people[] = {
    { NULL, false, WHO_NOBODY },
    { "not an address", false, WHO_NOBODY },
    { "x@example.org", false, WHO_STRANGER },
    { "x@example.org", true, WHO_MEMBER },
    { "Pat.Manager@office.example", false, WHO_STAFF },
    { "pat.manager@office.example", true, WHO_STAFF },
    { "qecp@office.example", true, WHO_OWN },
    { "QECP+app-2026-0001.x@Office.example", false, WHO_OWN },
    { "support@office.example", false, WHO_OWN },
    { "qecp2@office.example", false, WHO_STRANGER },
  };
  g_autoptr (Program) program = lab_program ();
  g_autoptr (Options) options = office_options ();
  g_autoptr (OfficeKey) key = office_key_new (KEY);

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (Message) m = office_mail (people[i].from, "", "");
      g_autoptr (Identity) id = identity_of (m, program, options, key, people[i].contact);

      g_assert_cmpstr (identity_who_name (id->who), ==, identity_who_name (people[i].want));
      g_assert_true ((id->person != NULL) == (people[i].want == WHO_STAFF));
      g_assert_cmpint (id->assurance, ==, ASSURE_NONE);
    }
  g_autoptr (Message) two = office_mail ("x@example.org", "", "");
  office_add_address (two->from, "pat.manager@office.example");
  g_autoptr (Identity) nobody = identity_of (two, program, options, key, true);
  g_assert_cmpint (nobody->who, ==, WHO_NOBODY);
  g_assert_nonnull (strstr (nobody->why, "several"));
}

typedef enum { BY_REPLY, BY_REFERENCES, BY_TO, BY_CC, BY_DELIVERED } Way;

static void
answering_our_mail_is_evidence_for_its_recipient_only (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (Options) options = office_options ();
  g_autoptr (OfficeKey) key = office_key_new (KEY), other = office_key_new ("fedcba9876543210fedcba9876543210");

  for (int way = BY_REPLY; way <= BY_DELIVERED; way++)
    for (int wrong = 0; wrong < 3; wrong++)
      {
        const OfficeKey *with = wrong == 2 ? other : key;
        const char *rcpt = wrong == 1 ? "bob@x.example" : "ADA@x.example";
        g_autoptr (Message) m = office_mail ("ada@X.example", "", "");
        g_autofree char *mid = token_message_id (with, 41, 7, rcpt, "office.example");
        g_autofree char *extension = token_extension (with, "APP-2026-0001", rcpt);
        g_autofree char *address = g_strdup_printf ("QECP+%s@office.example", extension);

        if (way == BY_REPLY)
          g_ptr_array_add (m->in_reply_to, g_strdup (mid));
        else if (way == BY_REFERENCES)
          {
            g_ptr_array_add (m->references, g_strdup (mid));
            g_ptr_array_add (m->references, g_strdup ("theirs@x.example"));
          }
        else if (way == BY_DELIVERED)
          g_ptr_array_add (m->delivered_to, g_strdup (address));
        else
          office_add_address (way == BY_TO ? m->to : m->cc, address);
        g_autoptr (Identity) id = identity_of (m, program, options, key, true);
        g_test_message ("way %d, wrong %d: %s", way, wrong, id->why);
        g_assert_cmpint (id->assurance, ==, wrong == 0 ? ASSURE_TOKEN : ASSURE_NONE);
        g_assert_cmpint (id->token_case, ==, wrong == 0 && way <= BY_REFERENCES ? 7 : 0);
        g_assert_cmpstr (id->token_ref, ==, wrong == 0 && way > BY_REFERENCES ? "APP-2026-0001" : NULL);
      }
}

static void
evidence_is_ranked_and_a_forgery_outweighs_it (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (Options) options = office_options ();
  g_autoptr (OfficeKey) key = office_key_new (KEY);

  for (int fail = 0; fail < 2; fail++)
    {
      g_autoptr (Message) m = office_mail ("ada@x.example", "", "");

      g_ptr_array_add (m->in_reply_to, token_message_id (key, 41, 7, "ada@x.example", "office.example"));
      g_ptr_array_add (m->auth_results, g_strdup_printf (ID "; dmarc=%s header.from=x.example", fail ? "fail" : "pass"));
      g_autoptr (Identity) id = identity_of (m, program, options, key, true);
      g_assert_true (id->forged == fail);
      g_assert_cmpint (id->assurance, ==, fail ? ASSURE_NONE : ASSURE_AUTHENTICATED);
      g_assert_cmpint (id->token_case, ==, 7);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/authentication-results", only_our_own_servers_results_count);
  g_test_add_func ("/identity/who", who_somebody_is);
  g_test_add_func ("/identity/tokens", answering_our_mail_is_evidence_for_its_recipient_only);
  g_test_add_func ("/identity/forged", evidence_is_ranked_and_a_forgery_outweighs_it);
  return g_test_run ();
}
