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
  { "ours below another's, above the boundary", "filter.example; none", ID "; dmarc=pass header.from=b.example", ID, "a@b.example", AUTH_PASS },
  { "two of ours, the second knows", ID "; spf=pass", ID "; dmarc=pass header.from=b.example", ID, "a@b.example", AUTH_PASS },
  { "two of ours, one says fail", ID "; dkim=pass header.d=b.example", ID "; dmarc=fail header.from=b.example", ID, "a@b.example", AUTH_FAIL },
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
  { "our name in quotes", "\"" ID "\"; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "our name in a comment", "mx.evil.example (" ID "); dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a method with a version", ID "; dmarc/1=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "a reason in quotes", ID "; dkim=pass reason=\"1024-bit; dmarc=fail\" header.d=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "comments everywhere", ID " (a) 1 (b); (c) dmarc (d) = (e) pass (p=none (q)) header.from (f) = (g) b.example (h)", NULL, ID, "a@b.example", AUTH_PASS },
  { "a comment without end", ID "; dmarc=pass header.from=b.example (", NULL, ID, "a@b.example", AUTH_NONE },
  { "a quotation without end", ID "; dmarc=pass header.from=\"b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a result behind nonsense", ID "; what is this; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a failure before nonsense", ID "; dmarc=fail header.from=b.example; what is this", NULL, ID, "a@b.example", AUTH_FAIL },
  { "two domains for one result", ID "; dmarc=pass header.from=b.example header.from=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a result as a property", ID "; spf=pass dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dkim by its identity only", ID "; dkim=pass header.i=@b.example header.b=\"aB/c=\"", NULL, ID, "a@b.example", AUTH_PASS },
  { "dkim, its domain before its identity", ID "; dkim=pass header.i=@b.example header.d=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "an international domain", ID "; dmarc=pass header.from=xn--bcher-kva.example", NULL, ID, "a@b\303\274cher.example", AUTH_PASS },
  { "two addresses in one", ID "; dmarc=pass header.from=evil.example", NULL, ID, "a@b.example@evil.example", AUTH_PASS },
  { "a bounce has no sender", ID "; spf=none smtp.mailfrom=\"\"; dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "a last semicolon", ID "; dmarc=pass header.from=b.example;", NULL, ID, "a@b.example", AUTH_PASS },
  { "dmarc twice", ID "; dmarc=pass header.from=b.example; dmarc=pass header.from=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dmarc twice, the second unknown", ID "; dmarc=pass header.from=b.example; dmarc=none header.from=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dmarc twice, and dkim", ID "; dmarc=pass header.from=b.example; dmarc=pass header.from=evil.example; dkim=pass header.d=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "dmarc twice, one failed", ID "; dmarc=pass header.from=b.example; dmarc=fail header.from=evil.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "dmarc once in two fields", ID "; dmarc=pass header.from=b.example", ID "; dmarc=pass header.from=b.example", ID, "a@b.example", AUTH_PASS },
  { "a quotation across two comments", ID "; spf=pass (domain of \"a) ; dmarc=pass header.from=b.example (b\"@evil.example) smtp.mailfrom=evil.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "a quotation in one comment", ID "; spf=pass (domain of \"a b\"@b.example) smtp.mailfrom=b.example; dmarc=pass (p=none) header.from=b.example", NULL, ID, "a@b.example", AUTH_PASS },
  { "nonsense before a failure", ID "; x; dmarc=fail header.from=b.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "nonsense of several kinds before a failure", ID "; what is this; x=; =y; dkim=pass header.d=b.example; dmarc=fail header.from=b.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "nonsense before the first semicolon", ID " 1 2; dmarc=fail header.from=b.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "a failure behind a comment without end", ID "; spf=none (x; dmarc=fail header.from=b.example", NULL, ID, "a@b.example", AUTH_FAIL },
  { "a failure in a comment, behind nonsense", ID "; x; spf=none (; dmarc=fail); dmarc=pass header.from=b.example", NULL, ID, "a@b.example", AUTH_NONE },
  { "no text", "", NULL, ID, "a@b.example", AUTH_NONE },
};

#define HERE                                                                                       \
  "from mail.b.example (mail.b.example [192.0.2.1]) by mx.office.example (Postfix) with ESMTPS "   \
  "id 1; Tue, 24 Nov 2026 10:00:00 -0500"

static void
add_auth (Message *m, const char *value)
{
  MessageAuth *auth = g_new0 (MessageAuth, 1);

  auth->value = g_strdup (value);
  auth->received = m->received->len;
  g_ptr_array_add (m->auth_results, auth);
}

static void
only_our_own_servers_results_count (void)
{
  g_autoptr (Options) options = office_options ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = message_new ();

      g_test_message ("%s", rows[i].name);
      office_add_address (m->from, rows[i].from);
      add_auth (m, rows[i].first);
      if (rows[i].second != NULL)
        add_auth (m, rows[i].second);
      g_ptr_array_add (m->received, g_strdup (HERE));
      g_free (options->authserv_id);
      options->authserv_id = g_strdup (rows[i].id);
      g_assert_cmpint (identity_authentication (m, options).verdict, ==, rows[i].want);
    }
}

#define STORE                                                                                      \
  "from mx.office.example by store.office.example with LMTP; Tue, 24 Nov 2026 10:00:01 -0500"
#define OUTSIDE "from x (x [192.0.2.9]) by mail.b.example; Tue, 24 Nov 2026 09:59:00 -0500"
#define RESULT "A" ID "; dmarc=pass header.from=b.example"
#define FAILURE "A" ID "; dmarc=fail header.from=b.example"

/* Header fields from the top: a result begins with A. */
static const struct { const char *name, *hosts, *fields[6]; AuthVerdict want; } traces[] = {
  { "above the first Received", "", { RESULT, HERE, OUTSIDE }, AUTH_PASS },
  { "below it", "", { HERE, RESULT, OUTSIDE }, AUTH_NONE },
  { "no Received at all", "", { RESULT }, AUTH_NONE },
  { "a forged one below a true failure", "", { FAILURE, HERE, RESULT }, AUTH_FAIL },
  { "a forged failure is no failure", "", { RESULT, HERE, FAILURE }, AUTH_PASS },
  { "with a Received of ours that is forged, too", "", { HERE, RESULT, HERE, OUTSIDE }, AUTH_NONE },
  { "two hops, named", "store.office.example mx.office.example", { STORE, RESULT, HERE, OUTSIDE }, AUTH_PASS },
  { "two hops, results of both", "store.office.example mx.office.example", { RESULT, STORE, FAILURE, HERE }, AUTH_FAIL },
  { "two hops, below both", "store.office.example mx.office.example", { STORE, HERE, RESULT, OUTSIDE }, AUTH_NONE },
  { "two hops, below both, the second once more", "store.office.example mx.office.example", { STORE, HERE, RESULT, HERE }, AUTH_NONE },
  { "two hops, not named", "", { STORE, RESULT, HERE, OUTSIDE }, AUTH_NONE },
  { "two hops, it came another way", "store.office.example mx.office.example", { STORE, RESULT, OUTSIDE }, AUTH_NONE },
  { "two hops, forged behind one", "store.office.example mx.office.example", { OUTSIDE, RESULT, STORE, HERE }, AUTH_NONE },
  { "one hop, another server's Received", "mx.office.example", { RESULT, OUTSIDE }, AUTH_NONE },
  { "a sender that calls itself by", "mx.office.example", { RESULT, "from by (by mx.evil.example [192.0.2.1]) by MX.office.example; x" }, AUTH_PASS },
  { "a sender that calls itself as we do", "mx.office.example",
    { RESULT, "from mx.office.example (x by mx.office.example) by mx.evil.example with SMTP; x" }, AUTH_NONE },
  { "our name in a comment", "mx.office.example", { RESULT, "from x (by mx.office.example (or) ) (y) by mx.evil.example" }, AUTH_NONE },
  { "a Received without by", "mx.office.example", { RESULT, "from by" }, AUTH_NONE },
  { "an empty Received", "mx.office.example", { RESULT, "" }, AUTH_NONE },
};

static void
nothing_below_our_trace_boundary_counts (void)
{
  g_autoptr (Options) options = office_options ();

  for (guint i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autoptr (Message) m = message_new ();

      g_test_message ("%s", traces[i].name);
      office_add_address (m->from, "a@b.example");
      for (const char *const *f = traces[i].fields; *f != NULL; f++)
        if (f[0][0] == 'A')
          add_auth (m, *f + 1);
        else
          g_ptr_array_add (m->received, g_strdup (*f));
      g_strfreev (options->trace_hosts);
      options->trace_hosts =
        traces[i].hosts[0] != '\0' ? g_strsplit (traces[i].hosts, " ", -1) : g_new0 (char *, 1);
      g_assert_cmpint (identity_authentication (m, options).verdict, ==, traces[i].want);
    }
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
      g_autoptr (Identity) id = identity_of (m, identity_authentication (m, options), program,
                                             options, key, people[i].contact);

      g_assert_cmpstr (identity_who_name (id->who), ==, identity_who_name (people[i].want));
      g_assert_true ((id->person != NULL) == (people[i].want == WHO_STAFF));
      g_assert_cmpint (id->assurance, ==, ASSURE_NONE);
    }
  g_autoptr (Message) two = office_mail ("x@example.org", "", "");
  office_add_address (two->from, "pat.manager@office.example");
  g_autoptr (Identity) nobody =
    identity_of (two, identity_authentication (two, options), program, options, key, true);
  g_assert_cmpint (nobody->who, ==, WHO_NOBODY);
  g_assert_nonnull (strstr (nobody->why, "several"));
}

typedef enum { BY_REPLY, BY_REFERENCES, BY_TO, BY_CC, BY_DELIVERED } Way;

static void
answering_our_mail_is_evidence_for_its_recipient_only (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (Options) options = office_options ();
  g_autoptr (OfficeKey) key = office_key_new (KEY),
                        other = office_key_new ("fedcba9876543210fedcba9876543210");

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
        g_autoptr (Identity) id =
          identity_of (m, identity_authentication (m, options), program, options, key, true);
        g_test_message ("way %d, wrong %d: %s", way, wrong, id->why);
        g_assert_cmpint (id->assurance, ==, wrong == 0 ? ASSURE_TOKEN : ASSURE_NONE);
        g_assert_cmpint (id->token_case, ==, wrong == 0 && way <= BY_REFERENCES ? 7 : 0);
        g_assert_cmpstr (id->token_ref, ==,
                         wrong == 0 && way > BY_REFERENCES ? "APP-2026-0001" : NULL);
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

      g_ptr_array_add (m->in_reply_to,
                       token_message_id (key, 41, 7, "ada@x.example", "office.example"));
      add_auth (m, fail ? ID "; dmarc=fail header.from=x.example"
                        : ID "; dmarc=pass header.from=x.example");
      g_ptr_array_add (m->received, g_strdup (HERE));
      g_autoptr (Identity) id =
        identity_of (m, identity_authentication (m, options), program, options, key, true);
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
  g_test_add_func ("/identity/trace-boundary", nothing_below_our_trace_boundary_counts);
  g_test_add_func ("/identity/who", who_somebody_is);
  g_test_add_func ("/identity/tokens", answering_our_mail_is_evidence_for_its_recipient_only);
  g_test_add_func ("/identity/forged", evidence_is_ranked_and_a_forgery_outweighs_it);
  return g_test_run ();
}
