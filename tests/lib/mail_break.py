# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs messages with openssl and gpg, wraps and breaks them in every way known.

mail_break.py DIR PKI GNUPGHOME

Writes into DIR, and prints for each file one line: NAME EXPECTED, where EXPECTED is the verdict, or several with | between.
GNUPGHOME holds secret keys of alice@example.org, mallory@example.net and "Ann (<alice@example.org>) <ann@example.net>".
"""
import base64
import binascii
import email.utils
import hashlib
import os
import subprocess
import sys
import time

import der_edit

DIR, PKI, HOME = sys.argv[1:4]
NOW = time.time()
BODY = "Content-Type: text/plain; charset=utf-8\r\n\r\nApprove APP-1.\r\n\r\nAlice  \r\n"


def run(*words, data=None):
    return subprocess.run(words, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def put(name, text, expected):
    with open(os.path.join(DIR, name + ".eml"), "wb") as out:
        out.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    print(name, expected, flush=True)


def head(sender="Alice Signer <alice@example.org>", date=None, more=""):
    return "From: %s\r\nTo: office@example.com\r\nSubject: decision\r\nDate: %s\r\nMessage-ID: <1@example.org>\r\n%sMIME-Version: 1.0\r\n" % (
        sender, email.utils.formatdate(NOW if date is None else date), more)


def lines(data):
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


# --- S/MIME --------------------------------------------------------------------------------------

def cms(content, who="alice", *options):
    return run("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-certfile", PKI + "/chain.pem", "-signer",
               "%s/%s.pem" % (PKI, who), "-inkey", "%s/%s.key" % (PKI, who), *options, data=content.encode())


def detached(content, who="alice", *options, signature=None, boundary="b1", tail="", more="", protocol="application/pkcs7-signature"):
    return ('Content-Type: multipart/signed; protocol="%s"; micalg=sha-256; boundary="%s"\r\n\r\n'
            "This is a signed message.\r\n--%s\r\n%s\r\n--%s\r\nContent-Type: %s; name=smime.p7s\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n%s%s%s--\r\n%s" % (
                protocol, boundary, boundary, content, boundary, protocol,
                lines(cms(content, who, *options) if signature is None else signature), more, "--" + boundary, tail))


def opaque(content, who="alice", *options, kind="signed-data"):
    return ("Content-Type: application/pkcs7-mime; smime-type=%s; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (
        kind, lines(cms(content, who, "-nodetach", *options))))


def mixed(*parts):
    return "Content-Type: multipart/mixed; boundary=mix\r\n\r\n" + "".join("--mix\r\n%s\r\n" % p for p in parts) + "--mix--\r\n"


PSS = ("-keyopt", "rsa_padding_mode:pss", "-keyopt")
ERIN = ("-signer", PKI + "/erin.pem", "-inkey", PKI + "/erin.key")


def smime():
    good = head() + detached(BODY)
    put("smime_detached", good, "valid")
    put("smime_detached_lf", good.replace("\r\n", "\n"), "valid")
    put("smime_opaque", head() + opaque(BODY), "valid")
    put("smime_ec", head("Bob <bob@example.org>") + detached(BODY, "bob"), "valid")
    put("smime_pss", head() + detached(BODY, "alice", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1"), "valid")
    for md in "sha384", "sha512":
        put("smime_%s" % md, head() + detached(BODY, "alice", "-md", md), "valid")
        put("smime_pss_%s" % md, head() + detached(BODY, "alice", "-md", md, *PSS, "rsa_pss_saltlen:digest"), "valid")
        put("smime_ec_%s" % md, head("Bob <bob@example.org>") + detached(BODY, "bob", "-md", md), "valid")
        put("smime_p521_%s" % md, head("Paul <paul@example.org>") + detached(BODY, "paul", "-md", md), "valid")
    put("smime_pss_long_salt", head() + detached(BODY, "alice", *PSS, "rsa_pss_saltlen:max"), "valid")
    put("smime_pss_key", head("Petra <petra@example.org>") + detached(BODY, "petra", *PSS, "rsa_pss_saltlen:digest"), "valid")
    put("smime_pss_opaque", head() + opaque(BODY, "alice", *PSS, "rsa_pss_saltlen:max"), "valid")
    put("smime_pss_mask", head() + detached(BODY, "alice", *PSS, "rsa_pss_saltlen:digest", "-keyopt", "rsa_mgf1_md:sha1"), "unsupported")
    put("smime_x_type", head() + detached(BODY, protocol="application/x-pkcs7-signature"), "valid")
    put("smime_two_signers", head() + detached(BODY, "alice", *ERIN), "valid")
    put("smime_two_signers_one_bad", head() + detached(BODY, "alice", "-signer", PKI + "/carol.pem", "-inkey", PKI + "/carol.key"), "revoked")
    put("smime_attachment", head() + detached(mixed(BODY, "Content-Type: application/pdf\r\n\r\n%PDF")), "valid")
    put("smime_nested", head() + detached(detached(BODY, "erin", boundary="b2")), "valid")
    put("smime_nested_opaque", head() + detached(opaque(BODY, "erin")), "valid")
    put("smime_deep", head() + detached(detached(detached(detached(detached(detached(BODY, boundary="b6"), boundary="b5"), boundary="b4"),
                                                         boundary="b3"), boundary="b2")), "unsupported")
    put("smime_sender_same", head(more="Sender: alice@example.org\r\n") + detached(BODY), "valid")
    put("smime_expired", head("dan@example.org") + detached(BODY, "dan"), "expired")
    put("smime_revoked", head("carol@example.org") + detached(BODY, "carol"), "revoked")
    put("smime_sha1", head() + detached(BODY, "alice", "-md", "sha1"), "weak")
    put("smime_fake", head() + detached(BODY, "fake"), "untrusted")
    put("smime_self_made", head("mallory@example.org") + detached(BODY, "mallory"), "untrusted")
    put("smime_not_for_signing", head("localhost@example.org") + detached(BODY, "server"), "invalid|untrusted")
    put("smime_no_attributes", head() + detached(BODY, "alice", "-noattr"), "unsupported")
    put("smime_none", head() + BODY, "unsigned")
    put("smime_encrypted", head() + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64"
        "\r\n\r\n" + lines(run("openssl", "cms", "-encrypt", "-outform", "DER", PKI + "/alice.pem", data=b"secret")), "unsupported")
    return good


def smime_attacks(good):
    put("pss_body_changed", (head() + detached(BODY, "alice", *PSS, "rsa_pss_saltlen:max")).replace("APP-1", "APP-2"), "invalid")
    put("body_changed", good.replace("APP-1", "APP-2"), "invalid")
    put("signature_of_other", head() + detached(BODY, signature=cms("Content-Type: text/plain\r\n\r\nother")), "invalid")
    put("signature_empty", head() + detached(BODY, signature=b""), "invalid|unsupported")
    put("signature_garbage", head() + detached(BODY, signature=b"\x30\x80garbage"), "invalid|unsupported")
    put("signature_and_more", head() + detached(BODY, signature=cms(BODY) + b"\x30\x00"), "invalid")
    put("signature_without_signer", head() + detached(BODY, signature=run(
        "openssl", "crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", PKI + "/alice.pem")), "invalid")
    put("signature_with_content", head() + detached(BODY, "alice", "-nodetach"), "invalid")
    put("opaque_without_content", head() + "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n" + lines(cms(BODY)), "invalid")
    put("on_a_part", head() + mixed(detached(BODY), "Content-Type: text/plain\r\n\r\nfooter of a list"), "invalid")
    put("on_a_part_alone", head() + mixed(detached(BODY)), "invalid")
    put("on_a_part_hidden", head() + mixed("Content-Type: text/html\r\n\r\nApprove APP-2", detached(BODY)), "invalid")
    put("forwarded", head("Mallory <mallory@example.net>") + mixed("Content-Type: message/rfc822\r\n\r\n" + good), "unsigned")
    put("part_added_inside", good.replace("--b1--", "--b1\r\nContent-Type: text/plain\r\n\r\nApprove APP-2\r\n--b1--"), "invalid")
    put("text_behind", good + "Approve APP-2\r\n", "invalid")
    put("not_closed", good.replace("--b1--", ""), "invalid")
    put("from_other", head("Erin <erin@example.org>") + detached(BODY), "invalid")
    put("from_two", head("alice@example.org, erin@example.org") + detached(BODY), "invalid")
    put("from_two_headers", head(more="From: erin@example.org\r\n") + detached(BODY), "invalid")
    put("from_two_headers_spaced", head(more="From : erin@example.org\r\n") + detached(BODY), "invalid")
    put("from_none", head().replace("From:", "X-From:") + detached(BODY), "invalid")
    put("from_group", head("friends: alice@example.org, erin@example.org;") + detached(BODY), "invalid")
    put("from_comment", head("alice@example.org (really)") + detached(BODY), "valid")
    put("from_quoted_local", head('"alice@example.org"@example.net') + detached(BODY), "invalid")
    put("from_null", head("alice@example.org\x00@example.net") + detached(BODY), "invalid")
    put("sender_other", head(more="Sender: mallory@example.net\r\n") + detached(BODY), "invalid")
    put("name_is_address", head('"boss@example.com" <alice@example.org>') + detached(BODY), "invalid")
    put("name_is_own_address", head('"alice@example.org" <alice@example.org>') + detached(BODY), "valid")
    put("name_is_encoded_address", head("=?utf-8?b?%s?= <alice@example.org>" % base64.b64encode(b"boss@example.com").decode())
        + detached(BODY), "invalid")
    put("name_is_wide_address", head("boss\uff20example.com <alice@example.org>") + detached(BODY), "invalid")
    put("injected_by_encoding", head("=?utf-8?q?x=0D=0AFrom:_boss@example.com?= <alice@example.org>") + detached(BODY), "invalid")
    put("bare_carriage_return", head(more="X-A: b\rFrom: boss@example.com\r\n") + detached(BODY), "invalid")
    put("two_content_types", head(more="Content-Type: text/plain\r\n") + detached(BODY), "invalid")
    put("encoded_multipart", head(more="Content-Transfer-Encoding: base64\r\n") + detached(BODY), "invalid")
    put("seven_bit_multipart", head(more="Content-Transfer-Encoding: 7bit\r\n") + detached(BODY), "valid")
    put("old_under_new_date", head(date=NOW + 30 * 86400) + detached(BODY), "invalid")
    put("old_under_old_date", head(date=NOW - 30 * 86400) + detached(BODY), "invalid")
    put("no_date", head().replace("Date:", "X-Date:") + detached(BODY), "invalid")
    put("rewrapped", head() + detached(detached(BODY, boundary="b2"), "erin"), "invalid")
    put("rewrapped_own_name", head("erin@example.org") + detached(detached(BODY, boundary="b2"), "erin"), "valid")
    put("same_boundary_inside", head() + detached(mixed("Content-Type: text/plain\r\n\r\n--b1\r\nx")), "invalid")


def smime_forged():
    """Wrapped once more, said twice, and their honest neighbours."""
    html = "Content-Type: text/html\r\n\r\n<p>Approve APP-2</p>"
    kind = lambda name, *parts: "Content-Type: multipart/%s; boundary=mix\r\n\r\n" % name + "".join(
        "--mix\r\n%s\r\n" % p for p in parts) + "--mix--\r\n"
    put("alternative_html_beside", head() + kind("alternative", detached(BODY), html), "invalid")
    put("related_signed_root", head() + kind("related; type=\"multipart/signed\"", detached(BODY), html), "invalid")
    put("alternative_inside", head() + detached(kind("alternative", BODY, html)), "valid")
    put("opaque_and_html", head() + mixed(opaque(BODY), html), "invalid")
    put("opaque_on_a_part", head() + mixed(opaque(BODY)), "invalid")
    put("opaque_rewrapped", head() + detached(opaque(BODY), "erin"), "invalid")
    put("opaque_in_opaque_rewrapped", head() + opaque(opaque(BODY), "erin"), "invalid")
    put("opaque_in_opaque", head() + opaque(opaque(BODY, "erin")), "valid")
    put("opaque_twice", head() + opaque(BODY) + "\r\n" + lines(cms("Content-Type: text/plain\r\n\r\nApprove APP-2\r\n", "alice", "-nodetach")), "invalid|unsupported")
    put("boundary_twice", head() + detached(BODY).replace('boundary="b1"', 'boundary="b1"; boundary="b2"', 1), "invalid|unsupported")
    put("boundary_in_pieces", head() + detached(BODY).replace('boundary="b1"', 'boundary*0="b"; boundary*1="1"; boundary="b2"', 1), "invalid|unsupported")
    put("boundary_in_comment", head() + detached(BODY).replace('boundary="b1"', 'boundary="b1" (; boundary="b2")', 1), "valid|invalid|unsupported")
    put("type_of_other_case", head() + detached(BODY).replace("multipart/signed", "Multipart/SIGNED", 1), "valid")
    put("certificates_only", head() + "Content-Type: application/pkcs7-mime; smime-type=certs-only\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + lines(run("openssl", "crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", PKI + "/alice.pem")), "invalid|unsupported|unsigned")
    put("name_is_bare_address", head("alice@example.org <erin@example.org>") + detached(BODY, "erin"), "invalid")
    put("name_is_a_name", head('"Alice" <erin@example.org>') + detached(BODY, "erin"), "valid")
    put("name_has_address_inside", head('"Alice (alice@example.org)" <erin@example.org>') + detached(BODY, "erin"), "invalid")
    put("name_has_spaced_address", head('"alice @ example.org" <erin@example.org>') + detached(BODY, "erin"), "invalid|valid")
    put("from_by_route", head("<@erin.example:alice@example.org>") + detached(BODY, "erin"), "invalid")
    put("from_of_other_letters", head("alice@ex\u0430mple.org") + detached(BODY), "invalid")
    put("from_unfinished", head("alice@example.org <erin@example.org") + detached(BODY, "alice"), "invalid")
    put("from_nobody_and_alice", head("<>, alice@example.org") + detached(BODY), "invalid|valid")
    put("from_in_folded_name", head('"x\r\n From: boss@example.com" <alice@example.org>') + detached(BODY), "invalid|valid")
    put("date_twice", head(date=NOW + 30 * 86400, more="Date: %s\r\n" % email.utils.formatdate(NOW)) + detached(BODY), "invalid")
    put("date_twice_turned", head(more="Date: %s\r\n" % email.utils.formatdate(NOW + 30 * 86400)) + detached(BODY), "invalid")
    put("sender_twice", head(more="Sender: alice@example.org\r\nSender: mallory@example.net\r\n") + detached(BODY), "invalid")
    put("resent_by_other", head(more="Resent-From: mallory@example.net\r\n") + detached(BODY), "valid")
    put("reply_to_other", head(more="Reply-To: mallory@example.net\r\n") + detached(BODY), "valid")
    put("from_behind_body", head().replace("From:", "X-From:").rstrip("\r\n") + "\r\n" + detached("From: alice@example.org\r\n" + BODY), "invalid")


def smime_divided():
    """A body that readers divide in several ways: one of them shows what nobody signed."""
    other = "--b2\r\nContent-Type: text/plain\r\n\r\nApprove APP-2\r\n--b2--\r\n"
    whole = detached(BODY)
    ways = {
        "comment_before": '(x) boundary="b2"; boundary="b1"', "comment_behind": 'boundary (x) ="b2"; boundary="b1"',
        "comment_last": 'boundary="b1"; (x) boundary="b2"', "quote_open": 'boundary="b1', "blank_before": 'boundary=" b1"',
        "blank_behind": 'boundary="b1 "', "form_feed": "boundary=b1\x0c", "folded": 'bound\r\n ary="b2"; boundary="b1"',
        "escaped": 'boundary="b\\1"', "no_semicolon": 'boundary="b1" boundary="b2"', "word_behind": "boundary=b1 boundary=b2",
    }
    for name, said in ways.items():
        put("divided_" + name, head() + whole.replace('boundary="b1"', said, 1).replace("This is a signed message.\r\n", other, 1), "invalid")
    put("divided_header_name", head(more="X y: z\r\n") + whole.replace("This is a signed message.\r\n", other, 1), "invalid")
    put("divided_header_name_first", "X y: z\r\n" + head() + whole.replace("This is a signed message.\r\n", other, 1), "invalid")
    for name, said in {"folded": '\r\n\tboundary="b1"', "bare": "boundary=b1", "semicolons": 'boundary="b1";;', "blanks": "boundary = b1 "}.items():
        put("divided_well_" + name, head() + whole.replace('boundary="b1"', said, 1), "valid")
    outlook = "----=_NextPart_000_0012_01DC3F6A.4E2B5A10"
    put("divided_well_outlook", head() + detached(BODY, boundary=outlook), "valid")


def smime_divided_elsewhere():
    """Delimiters that a reader finds who decodes nothing, compares less, or ends lines elsewhere."""
    whole, plain = detached(BODY), "This is a signed message.\r\n"
    part = "\r\nContent-Type: text/plain\r\n\r\nApprove APP-2\r\n"
    encoded = "=?us-ascii?q?b1?="
    for name, said, read in (
            ("encoded", '"%s"' % encoded, encoded), ("encoded_bare", encoded, encoded), ("letters", '"b\xe4"', "b\xe4"), ("longer", '"%s"' % ("b" * 71), "b" * 70),
            ("inner_encoded", '"a%s"' % encoded, "ab1")):
        used = read if name in ("letters", "longer") else "b1"
        put("elsewhere_" + name, head() + detached(BODY, boundary=used).replace('boundary="%s"' % used, "boundary=" + said, 1).replace(
            plain, "--%s%s--%s--\r\n" % (read, part, read), 1), "invalid")
    for name, said in ("charset", "boundary*=us-ascii''b1"), ("escape", "boundary*=us-ascii''b%31"), ("pieces", "boundary*0=b; boundary*1=1"):
        put("elsewhere_" + name, head() + whole.replace('boundary="b1"', said, 1), "invalid")
    for name, line in ("longer", "--b1x"), ("dash", "--b1-"), ("closed", "--b1--x"):
        put("elsewhere_prefix_" + name, head() + detached(BODY + line + "\r\n"), "invalid")
        put("elsewhere_prefix_before_" + name, head() + whole.replace(plain, line + part, 1), "invalid")
    put("elsewhere_prefix_pgp", head() + pgp_mime(BODY + "--p1x\r\nApprove APP-2\r\n"), "invalid") if HOME != "-" else None
    put("elsewhere_return_before", head() + whole.replace(plain, "x\r--b1" + part, 1), "invalid")
    put("elsewhere_return_behind", head() + whole.replace("\r\n--b1\r\nContent-Type: application", "\r\n--b1\r\nX-A: b\rContent-Type: application", 1), "invalid")
    for name, line in ("blank", "X-Mailer : x"), ("tab", "X-Mailer\t: x"):
        put("elsewhere_name_" + name, head(more=line + "\r\n") + whole.replace(plain, "--b1" + part, 1), "invalid")
    put("elsewhere_name_from", head().replace("From:", "From :", 1) + whole, "invalid")
    put("elsewhere_folded", head() + detached(BODY, boundary="b 1").replace('"b 1"', '"b\r\n 1"', 1), "invalid")
    put("elsewhere_name_type", head() + whole.replace("Content-Type:", "Content-Type :", 1), "invalid")
    put("elsewhere_name_signature", head() + whole.replace("Content-Type: application/pkcs7-signature", "Content-Type : application/pkcs7-signature", 1), "invalid")
    put("sender_behind_headers", "X-A: b\r\n" * 2001 + head(more="Sender: mallory@example.net\r\n") + whole, "invalid")
    put("long_field_groups", head("a:" * 100000 + " alice@example.org") + whole, "invalid")
    put("long_field_words", head("=?utf-8?q?a?= " * 70000 + " <alice@example.org>") + whole, "invalid")
    put("long_field_parameters", head() + whole.replace('boundary="b1"', 'boundary="b1"' + "".join("; a%d=b" % i for i in range(80000)), 1), "invalid|unsigned")
    put("many_recipients", head(more="Cc: " + ",\r\n ".join("a%d@example.org" % i for i in range(2000)) + "\r\n") + whole, "valid")
    put("many_headers", "X-A: b\r\n" * 1500 + head() + whole, "valid")
    for name, boundary in ("longest", "b" * 70), ("letters", "=_a'()+,-./:?z"), ("blanks", "=_alternative 0056A1B2_="):
        put("elsewhere_well_" + name, head() + detached(BODY, boundary=boundary), "valid")
    put("elsewhere_well_padded", head() + whole.replace("--b1\r\n", "--b1 \t\r\n"), "valid")
    put("elsewhere_well_other_dashes", head() + detached(BODY + "--b\r\n-- b1\r\n ---b1\r\n"), "valid")


def opaque_as(sign, form):
    """SIGN, whose content stands there in another form of BER: unsigned are the octets of its frame."""
    kind, content = der_edit.split(der_edit.split(sign)[0][1])
    data = der_edit.split(der_edit.split(content[1])[0][1])
    eid, wrapped = der_edit.split(data[2][1])
    inner = der_edit.split(wrapped[1])[0][1]
    parts = [part[2] for part in data]
    parts[2] = der_edit.der(0x30, eid[2], der_edit.der(0xa0, form(inner)))
    return der_edit.der(0x30, kind[2], der_edit.der(0xa0, der_edit.der(0x30, *parts)))


def smime_ber():
    front = "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    sign = cms(BODY, "alice", "-nodetach")
    for name, form, expected in (
            ("same", lambda c: der_edit.der(4, c), "valid"), ("long", lambda c: b"\x04\x88" + len(c).to_bytes(8, "big") + c, "valid"),
            ("sequence", lambda c: der_edit.der(0x30, der_edit.der(4, c)), "invalid|unsupported")):
        put("ber_" + name, head() + front + lines(opaque_as(sign, form)), expected)


def smime_authors():
    """Headers that name one author to this reader, and another one to the next."""
    other, same = "boss@example.com", "alice@example.org"
    for name, sender in {
            "group": "%s: %s;" % (other, same), "group_named": "The boss <%s>: <%s>;" % (other, same), "group_empty": "friends:;, <%s>" % same,
            "semicolon": "%s; %s" % (same, other), "semicolon_angle": "Alice <%s>; Boss <%s>" % (same, other), "angle_tail": "<%s> <%s>" % (same, other),
            "angle_word": "<%s> Boss" % same, "two_ats": "<%s@%s>" % (same, "example.com"), "bare_name": "%s <%s>" % (same, same),
            "comment_wide": "(boss\uff20example.com) <%s>" % same, "comment_small": "(boss\ufe6bexample.com) <%s>" % same,
            "comment_blank": "(boss @example.com) <%s>" % same, "comment_blanks": "%s (boss @ example.com)" % same,
            "comment_escape": "(boss\\@example.com) <%s>" % same, "comment_inner": "(x (boss@example.com)) <%s>" % same,
            "comment_quote": "(\"boss@example.com\") <%s>" % same, "comment_encoded_end": "(=?utf-8?q?x=29?= boss@example.com) <%s>" % same,
            "open_quote": '"Alice <%s>' % same, "open_comment": "<%s> (Alice" % same, "escape": "Alice\\, <%s>" % same,
            "blank_inside": "alice@example. org", "comment_inside": "alice@example(x).org"}.items():
        put("author_" + name, head(sender) + detached(BODY), "invalid")
    put("sender_group", head(more="Sender: %s: %s;\r\n" % (other, same)) + detached(BODY), "invalid")
    put("sender_empty", head(more="Sender:\r\n") + detached(BODY), "invalid")
    for name, sender in {
            "comma": '"Signer, Alice" <%s>', "comment": "<%s> (Sales)", "comments": "(Dr.) Alice (A. (Sales)) <%s> (x \\) y)", "initial": "Alice B. Signer <%s>",
            "encoded": "=?utf-8?q?Alice_=28Sales=29=2C_Ltd=2E?= <%s>", "encoded_twice": "=?utf-8?q?Al?=\r\n =?utf-8?q?ice?= <%s>",
            "marks": '"Alice: \\"A\\"; <Sales>" <%s>', "bare": "%s", "angle": "<%s>", "blanks": "Alice   < %s >", "apostrophe": "Alice O'Neil <%s>",
            "letters": "Al\u00efce <%s>"}.items():
        put("author_well_" + name, head(sender % same) + detached(BODY), "valid")


def uuencoded(data):
    return b"begin 644 x\n" + b"".join(binascii.b2a_uu(data[i:i + 45]) for i in range(0, len(data), 45)) + b"`\nend\n"


def signed_at(when):
    """BODY, signed by Alice then."""
    said = der_edit.attribute(der_edit.TIME, der_edit.der(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(when)).encode()))
    return der_edit.with_attributes(cms(BODY), lambda old: [said if der_edit.TIME in a else a for a in old], PKI + "/alice.key")


def with_remark(signed, attribute):
    """SIGNED, to which somebody added an attribute that nobody signed."""
    kind, content = der_edit.split(der_edit.split(signed)[0][1])
    data = [part[2] for part in der_edit.split(der_edit.split(content[1])[0][1])]
    signer = der_edit.split(der_edit.split(data[-1])[0][1])[0][1]
    data[-1] = der_edit.der(0x31, der_edit.der(0x30, signer, der_edit.der(0xa1, attribute)))
    return der_edit.der(0x30, kind[2], der_edit.der(0xa0, der_edit.der(0x30, *data)))


def stamped(signed):
    """SIGNED with a timestamp of now over its signature (RFC 3161): anybody can get one."""
    der = der_edit.der
    content = der_edit.split(der_edit.split(der_edit.split(signed)[0][1])[1][1])[0][1]
    signer = der_edit.split(der_edit.split(der_edit.split(content)[-1][1])[0][1])
    sha256 = hashlib.sha256(signer[-1][1]).digest()
    info = der(0x30, der(2, b"\x01"), der(6, b"\x2a\x03\x04"), der(0x30, der(0x30, der(6, bytes.fromhex("608648016503040201")), der(5)), der(4, sha256)),
               der(2, b"\x01"), der(0x18, time.strftime("%Y%m%d%H%M%SZ", time.gmtime(NOW)).encode()))
    token = run("openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256", "-econtent_type", "1.2.840.113549.1.9.16.1.4",
                "-certfile", PKI + "/chain.pem", "-signer", PKI + "/tsa.pem", "-inkey", PKI + "/tsa.key", data=info)
    return with_remark(signed, der_edit.attribute(bytes.fromhex("060b2a864886f70d010910020e"), token))


def smime_hidden():
    """What a reader decodes where a verifier does not look, and what nobody can read."""
    secret = lines(run("openssl", "cms", "-encrypt", "-outform", "DER", PKI + "/alice.pem", data=b"secret"))
    envelope = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n" + secret
    put("encrypted_inside", head() + detached(envelope), "unsupported")
    put("encrypted_inside_opaque", head() + opaque(envelope), "unsupported")
    other = cms("Content-Type: text/plain\r\n\r\nApprove APP-2\r\n", "erin", "-nodetach")
    both = with_remark(cms(BODY, "alice", "-nodetach"), der_edit.attribute(bytes.fromhex("06032a0304"), der_edit.der(4, b"\n" + uuencoded(other))))
    for encoding, expected in ("x-uuencode", "invalid"), ("binary", "valid"):
        put("opaque_" + encoding, (head() + "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: %s"
                                   "\r\n\r\n" % encoding).encode() + both, expected)
    put("name_with_a_place", head('"Alice @ Acme" <alice@example.org>') + detached(BODY), "valid")
    put("comment_is_address_before", head("(boss@example.com) <alice@example.org>") + detached(BODY), "invalid")
    put("comment_is_address_inside", head("Alice <alice@example.org (boss@example.com)>") + detached(BODY), "invalid")
    put("comment_is_encoded_address", head("(=?utf-8?q?boss=40example=2Ecom?=) <alice@example.org>") + detached(BODY), "invalid")
    put("comment_is_a_place", head("alice@example.org (Alice @ Acme)") + detached(BODY), "valid")
    for name, shown in {"quoted": "\"'alice@example.org'\"", "in_brackets": '"Alice Signer (alice@example.org)"',
                        "in_angles": '"Alice <alice@example.org>"', "in_square_brackets": '"Alice [alice@example.org]"',
                        "of_other_case": '"Alice@Example.org"', "twice": '"alice@example.org, Alice@example.org"', "and_handle": '"Alice (@alice)"',
                        "and_colon": '"From: alice@example.org"', "apart": '"alice @ example.org"'}.items():
        put("name_is_own_" + name, head(shown + " <alice@example.org>") + detached(BODY), "valid")
    for name, shown in {"quoted": "\"'boss@example.com'\"", "in_brackets": '"Boss (boss@example.com)"', "in_angles": '"Boss <boss@example.com>"',
                        "beside_own": '"alice@example.org boss@example.com"', "behind_own": '"boss@example.com (alice@example.org)"',
                        "around_own": '"alice@example.org.example.com"', "before_own": '"boss+alice@example.org"',
                        "joined_to_own": '"alice@example.org,boss@example.com"', "two_at": '"alice@example.org@example.com"',
                        "apart": '"boss @ example.com"', "half_apart": '"boss @example.com"', "half_apart_behind": '"boss@ example.com"',
                        "at_in_brackets": '"boss(@)example.com"', "at_in_quotes": "\"boss'@'example.com\"", "quoted_part": "\"'boss'@example.com\"",
                        "unseen": '"boss@\u200bexample.com"', "other_dot": '"boss @ example\u3002com"', "half_dot": '"boss @ example\uff61com"', "wide": '"boss\uff20example.com (alice@example.org)"'}.items():
        put("name_is_other_" + name, head(shown + " <alice@example.org>") + detached(BODY), "invalid")
    put("name_is_half_an_address", head('"boss@acme" <alice@example.org>') + detached(BODY), "invalid")
    put("signed_tomorrow", head(date=NOW + 5 * 86400) + detached(BODY, signature=signed_at(NOW + 5 * 86400)), "invalid")
    kept = signed_at(NOW - 30 * 86400)
    put("kept", head(date=NOW - 30 * 86400) + detached(BODY, signature=kept), "valid")
    put("kept_and_stamped", head() + detached(BODY, signature=stamped(kept)), "invalid")
    put("stamped", head() + detached(BODY, signature=stamped(cms(BODY))), "valid")


def smime_is_no_mail():
    """What was signed as something else, in the wrapping of a mail."""
    for name, kind in ("stamp", "1.2.840.113549.1.9.16.1.4"), ("other", "1.2.3.4"):
        put("type_" + name, head() + detached(BODY, "alice", "-econtent_type", kind), "invalid")
        put("type_%s_opaque" % name, head() + opaque(BODY, "alice", "-econtent_type", kind), "invalid")
    text, pdf = "Content-Type: text/plain\r\n\r\nApprove APP-2.\r\n", "%PDF-1.7\n1 0 obj\n<< /Type /Sig /ByteRange [0 10 20 30] >>\nendobj\n"
    put("pdf_is_opaque", head() + opaque(text + pdf), "invalid")
    put("pdf_is_detached", head() + detached(text + 26 * "It begins behind a number of lines.\r\n" + pdf), "invalid")
    put("pdf_of_names_is_opaque", head() + opaque(pdf.replace("<<", "<<\n/decide approve\n")), "invalid")
    put("pdf_in_opaque", head() + opaque(mixed(text, "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(pdf.encode()))), "valid")
    put("pdf_spoken_of", head() + opaque(text + "It begins with %PDF-1.7.\r\n"), "valid")


# --- protected headers (RFC 9788) --------------------------------------------------------------------

def protected():
    def inner(sender="Alice Signer <alice@example.org>", subject="the real subject"):
        return ("From: %s\r\nTo: office@example.com\r\nSubject: %s\r\nDate: %s\r\n"
                'Content-Type: text/plain; hp="clear"\r\n\r\nApprove APP-1.\r\n' % (sender, subject, email.utils.formatdate(NOW)))
    put("protected", head() + detached(inner("Alice Signer <alice@example.org>", "decision")), "valid")
    put("protected_subject_differs", head() + detached(inner()), "valid")
    put("protected_other_from", head() + detached(inner("Erin <erin@example.org>")), "invalid")
    put("protected_outer_other", head("Mallory <mallory@example.net>") + detached(inner()), "invalid")
    put("protected_old_style", head() + detached(inner().replace('hp="clear"', 'protected-headers="v1"')), "valid")


# --- OpenPGP --------------------------------------------------------------------------------------------

def gpg(*words, data):
    return run("gpg", "--homedir", HOME, "--batch", "--quiet", "--yes", "--pinentry-mode", "loopback", "--passphrase", "", *words, data=data)


def pgp_mime(content, who="alice@example.org", *options, signature=None):
    made = gpg("--armor", "--detach-sign", "--local-user", who, *options, data=content.encode()) if signature is None else signature
    return ('Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary=p1\r\n\r\n'
            "--p1\r\n%s\r\n--p1\r\nContent-Type: application/pgp-signature\r\n\r\n%s\r\n--p1--\r\n" % (
                content, made.decode().replace("\n", "\r\n")))


def clear(text, who="alice@example.org"):
    return gpg("--clearsign", "--local-user", who, data=text.encode()).decode().replace("\n", "\r\n")


def openpgp():
    plain = "Content-Type: text/plain\r\n\r\n"
    put("pgp_mime", head() + pgp_mime(BODY), "valid")
    put("pgp_mime_lf", (head() + pgp_mime(BODY)).replace("\r\n", "\n"), "valid")
    put("pgp_inline", head() + plain + clear("Approve APP-1.\n"), "valid")
    put("pgp_inline_quoted_printable", head() + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + clear("Approve APP-1.\n").replace("=", "=3D"), "valid")
    put("pgp_changed", (head() + pgp_mime(BODY)).replace("APP-1", "APP-2"), "invalid")
    put("pgp_inline_changed", (head() + plain + clear("Approve APP-1.\n")).replace("APP-1", "APP-2"), "invalid")
    put("pgp_inline_text_before", head() + plain + "Approve APP-2.\r\n" + clear("Approve APP-1.\n"), "invalid")
    put("pgp_inline_text_behind", head() + plain + clear("Approve APP-1.\n") + "Approve APP-2.\r\n", "invalid")
    put("pgp_inline_twice", head() + plain + clear("Approve APP-1.\n") + clear("Approve APP-2.\n"), "invalid")
    put("pgp_unknown_key", head("mallory@example.net") + pgp_mime(BODY, "mallory@example.net"), "error")
    put("pgp_from_other", head("erin@example.org") + pgp_mime(BODY), "invalid")
    put("pgp_sha1", head() + pgp_mime(BODY, "alice@example.org", "--digest-algo", "SHA1"), "weak|invalid|unsupported")
    put("pgp_empty", head() + pgp_mime(BODY, signature=b""), "invalid")
    put("pgp_encrypted", head() + "Content-Type: multipart/encrypted; protocol=application/pgp-encrypted; boundary=e\r\n\r\n--e\r\n"
        "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e--\r\n", "unsupported")
    put("pgp_is_smime", (head() + pgp_mime(BODY)).replace("application/pgp-signature", "application/pkcs7-signature"), "invalid|unsupported")
    armor = "-----BEGIN PGP SIGNED MESSAGE-----\r\n"
    good = clear("Approve APP-1.\n")
    put("pgp_armor_header", head() + plain + good.replace(armor, armor + "Approve: APP-2\r\n", 1), "invalid|unsupported|error")
    put("pgp_armor_text", head() + plain + good.replace(armor, armor + "Approve APP-2\r\n\r\n", 1), "invalid|unsupported|error")
    put("pgp_armor_charset", head() + plain + good.replace("Hash: SHA", "Hash: SHA512,\r\n Approve APP-2\r\nHash: SHA", 1), "invalid|unsupported|error")
    put("pgp_indented", head() + plain + good.replace("Approve", "\x0bApprove"), "invalid|error")
    put("pgp_signs_something_else", head() + pgp_mime(BODY, signature=gpg("--armor", "--sign", "--local-user", "alice@example.org",
                                                                         data=b"something else")), "invalid|error|unsupported")
    put("pgp_signs_itself", head() + pgp_mime(BODY, signature=gpg("--armor", "--sign", "--local-user", "alice@example.org",
                                                                 data=BODY.encode())), "invalid|error|unsupported")
    put("pgp_html_beside", head() + "Content-Type: multipart/alternative; boundary=mix\r\n\r\n--mix\r\n" + plain + good
        + "--mix\r\nContent-Type: text/html\r\n\r\nApprove APP-2\r\n--mix--\r\n", "invalid|unsigned")
    put("pgp_date_far", head(date=NOW + 5 * 86400) + pgp_mime(BODY), "invalid")


def framed():
    """Text around which a frame lies, and gpg finds another signature in it."""
    plain, begin, end = "Content-Type: text/plain\r\n\r\n", "-----BEGIN PGP SIGNED MESSAGE-----", "-----END PGP SIGNATURE-----"
    mark = "-----BEGIN PGP SIGNATURE-----\r\n"
    harmless = gpg("--armor", "--sign", "--local-user", "alice@example.org", data=b"Hello").decode().replace("\n", "\r\n")
    good = clear("Approve APP-1.\n")
    for name, first in ("word", " x"), ("letter", "x"), ("dash", "-"):
        put("pgp_frame_message_" + name, head() + plain + begin + first + "\r\n\r\nApprove APP-2\r\n\r\n" + harmless + end + "\r\n", "invalid")
        put("pgp_frame_signature_" + name, head() + plain + begin + first + "\r\n\r\nApprove APP-2\r\n\r\n"
            + harmless.replace("PGP MESSAGE", "PGP SIGNATURE"), "invalid")
    letters = good.index("\r\n\r\n", good.index(mark)) + 68
    check = good.rindex("\r\n=") + 7
    put("pgp_frame_command", head() + plain + good.replace(mark, mark + "/contact mallory@example.net Mallory: x\r\n"), "invalid")
    put("pgp_frame_words_behind_mark", head() + plain + good.replace(mark, mark.rstrip() + " Approve APP-2\r\n"), "invalid")
    put("pgp_frame_other_letters", head() + plain + good[:letters] + "\r\n\u041e\u0434\u043e\u0431\u0440\u0438\u0442\u044c\r\n" + good[letters:], "invalid")
    put("pgp_frame_behind_checksum", head() + plain + good[:check] + "\r\nApprove APP-2" + good[check:], "invalid")
    put("pgp_frame_remarks", head() + plain + good.replace(mark, mark + "Version: GnuPG v2\r\nComment: https://gnupg.example\r\n"), "valid")
    put("pgp_frame_dashes", head() + plain + clear("- one\n-- \nAlice\n"), "valid")
    padded = good.encode() + b"\n" * ((1 - len(good)) % 3)
    put("pgp_behind_padding", head() + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(padded)
        + lines(b"Approve APP-2\r\n"), "invalid")
    put("pgp_in_base64", head() + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(good.encode()), "valid")
    for charset, expected in (("utf-7", "invalid"), ("utf-16", "invalid"), ("iso-2022-jp", "valid"), ("windows-1252", "valid"), ("hz-gb-2312", "invalid"),
                              ("utf-7-imap", "invalid"), ("scsu", "invalid"), ("x-nobody-knows", "invalid"), ("us-ascii", "valid"), ("shift_jis", "valid")):
        put("pgp_charset_" + charset, head() + "Content-Type: text/plain; charset=%s\r\n\r\n" % charset + clear("1 +AC8-decide\n"), expected)
    for charset, expected in ("utf-8", "valid"), ("UTF8", "valid"), ("iso-8859-1", "invalid"), ("koi8-r", "invalid"), ("big5", "invalid"):
        put("pgp_letters_" + charset, head() + "Content-Type: text/plain; charset=%s\r\n\r\n" % charset + clear("1 d\u00e9cider\n"), expected)
    put("pgp_letters", head() + plain + clear("1 d\u00e9cider\n"), "valid")
    latin = gpg("--clearsign", "--local-user", "alice@example.org", data=b"1 d\xe9cider\n")
    put("pgp_letters_latin", (head() + "Content-Type: text/plain; charset=iso-8859-1\r\n\r\n").encode() + latin, "valid")
    put("pgp_letters_damaged", (head() + "Content-Type: text/plain; charset=utf-8\r\n\r\n").encode() + latin, "invalid")
    for name, said in {"comment": "(x) charset=utf-7; charset=utf-8", "last": "charset=utf-8; charset=utf-7", "star": "charset*=us-ascii''utf-7",
                       "star_ascii": "charset*=us-ascii''us-ascii", "blank": "charset =utf-7", "open": 'charset="utf-7'}.items():
        put("pgp_said_" + name, head() + "Content-Type: text/plain; %s\r\n\r\n" % said + clear("1 +AC8-decide\n"), "invalid")
    put("pgp_said_flowed", head() + 'Content-Type: text/plain; charset="utf-8"; format=flowed; delsp=yes\r\n\r\n' + clear("1 decide\n"), "valid")
    put("pgp_returns", head() + plain + good.replace("APP-1.\r\n", "APP-1.\r\r\r\n"), "invalid")
    put("pgp_mime_return_twice", head() + pgp_mime(BODY.replace("APP-1.", "APP-1.\r")), "invalid")
    put("pgp_long_line", head() + plain + clear("x" * 25000 + " Approve APP-1.\n").replace("APP-1", "APP-2"), "invalid")
    put("pgp_longer_line", head() + plain + clear("x" * 15000 + "\n"), "valid")
    put("pgp_returns_twice", head() + plain + clear("Approve APP-1.\r\n"), "valid")
    put("pgp_mime_returns", head() + pgp_mime(BODY.replace("APP-1.", "APP-1.\rAPP-2")), "invalid")
    put("pgp_encrypted_inside", head() + pgp_mime(plain + "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n"), "unsupported")
    put("pgp_speaks_of_encryption", head() + pgp_mime(plain + "A line such as -----BEGIN PGP MESSAGE----- begins it.\r\n"), "valid")
    words = "Note: this is what nobody may write:\n\nApprove APP-2"
    made = clear(words + "\n")
    put("pgp_words_as_part", head() + pgp_mime(words.replace("\n", "\r\n"), signature=made[made.index(mark):].replace("\r\n", "\n").encode()), "invalid")
    put("pgp_words_of_note", head() + plain + made, "valid")
    put("pgp_part_without_header", head() + pgp_mime("\r\nNote: this is what I write:\r\n\r\nApprove APP-1\r\n"), "valid")
    part = mixed("Content-Type: text/plain\r\n\r\nSee what they write.", "Content-Disposition: attachment; filename=a.txt\r\n\r\nApprove APP-2")
    made = gpg("--armor", "--detach-sign", "--digest-algo", "SHA512", "--local-user", "alice@example.org", data=part.encode()).decode().replace("\n", "\r\n")
    put("pgp_part", head() + pgp_mime(part, signature=made.replace("\r\n", "\n").encode()), "valid")
    put("pgp_part_as_words", head() + plain + begin + "\r\nHash: SHA512\r\n\r\n" + part.replace("\r\n-", "\r\n- -") + "\r\n" + made, "invalid")
    put("pgp_words_of_header", head() + plain + clear("Please write\n\nContent-Type: text/plain\n\ninto it.\n"), "valid")
    flowed = "Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"
    made = clear("Do not\n1 decide\n-- \nAlice\n")
    put("pgp_flowed", head() + flowed + made, "valid")
    put("pgp_flowed_joined", head() + flowed + made.replace("Do not", "Do not "), "invalid")
    put("pgp_blank_at_end", head() + plain + made.replace("Do not", "Do not "), "valid")
    for charset, expected in ("windows-1252", "valid"), ("koi8-r", "invalid"), ("windows-1251", "invalid"), ("iso-8859-2", "invalid"), ("cp437", "invalid"):
        put("pgp_latin_as_" + charset, (head() + "Content-Type: text/plain; charset=%s\r\n\r\n" % charset).encode() + latin, expected)
    put("pgp_two_names", head() + pgp_mime(BODY, "ann@example.net"), "invalid")


if __name__ == "__main__":
    made = smime()
    smime_attacks(made)
    smime_forged()
    smime_divided()
    smime_divided_elsewhere()
    smime_authors()
    smime_ber()
    smime_hidden()
    smime_is_no_mail()
    protected()
    if HOME != "-":
        openpgp()
        framed()
    put("empty", "", "unsigned|error")
    put("no_headers", "just text\r\n", "unsigned")
