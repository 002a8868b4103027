# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes authorities of every kind, and a signed mail by somebody each of them vouches for.

chains.py DIR

Writes into DIR mails, root.pem (the one that is trusted) and self.pem, and prints for each mail: NAME EXPECTED.  Where a
path must hold or not, the section of RFC 5280 stands beside it.
"""
import email.utils
import os
import subprocess
import sys

DIR = sys.argv[1]
ALICE, OFFICER = "alice@example.org", "officer@victim.example"
KEY_OF = {}
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
SIGNS = "keyUsage=critical,digitalSignature\n"
MAIL = "subjectAltName=email:%s\n" % ALICE
PERSON = SIGNS + "extendedKeyUsage=emailProtection\n" + MAIL
POLICY = "certificatePolicies=1.2.3.9\n"


def run(*words, data=None):
    return subprocess.run(words, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def path(name):
    return os.path.join(DIR, name)


def certify(name, subject, issuer, extensions, key=None):
    """ISSUER None: it signs itself.  EXTENSIONS None: a certificate of version 1."""
    key = key or name
    KEY_OF[name] = key
    if not os.path.exists(path(key + ".key")):
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path(key + ".key"))
    run("openssl", "req", "-new", "-key", path(key + ".key"), "-subj", subject, "-out", path("request"))
    with open(path("extensions"), "w") as out:
        out.write(extensions or "")
    by = ["-signkey", path(key + ".key")] if issuer is None else \
        ["-CA", path(issuer + ".pem"), "-CAkey", path(KEY_OF[issuer] + ".key")]
    run("openssl", "x509", "-req", "-in", path("request"), *by, "-days", "300", "-set_serial", str(100 + len(KEY_OF)),
        *([] if extensions is None else ["-extfile", path("extensions")]), "-out", path(name + ".pem"))


def mail(name, expected, person, *others, sender=ALICE):
    with open(path("others"), "w") as out:
        for other in others:
            with open(path(other + ".pem")) as certificate:
                out.write(certificate.read())
    signed = run("openssl", "cms", "-sign", "-signer", path(person + ".pem"), "-inkey", path(KEY_OF[person] + ".key"), "-md", "sha256",
                 "-crlfeol", *(["-certfile", path("others")] if others else []), data=b"Content-Type: text/plain\r\n\r\nWe agree.\r\n")
    head = "From: %s\r\nTo: office@example.com\r\nSubject: x\r\nDate: %s\r\n" % (sender, email.utils.formatdate())
    with open(path(name + ".eml"), "wb") as out:
        out.write(head.encode() + signed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    print(name, expected, flush=True)


def one(name, expected, authority, person=PERSON, subject="/O=T/CN=Alice", sender=ALICE):
    """Root, AUTHORITY, PERSON."""
    certify(name + "_ca", "/O=T/CN=Sub", "root", authority)
    certify(name + "_person", subject, name + "_ca", person)
    mail(name, expected, name + "_person", name + "_ca", sender=sender)


def two(name, expected, upper, lower=CA, subject="/O=T/CN=Sub 2"):
    """Root, UPPER, LOWER, a person."""
    certify(name + "_1", "/O=T/CN=Sub 1", "root", upper)
    certify(name + "_2", subject, name + "_1", lower)
    certify(name + "_person", "/O=T/CN=Alice", name + "_2", PERSON)
    mail(name, expected, name + "_person", name + "_2", name + "_1")


def authorities():
    """4.2.1.3, 4.2.1.9"""
    one("plain", "valid", CA)
    one("no_key_usage", "valid", "basicConstraints=critical,CA:TRUE\n")
    one("no_authority", "untrusted", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyCertSign\n")
    one("no_constraints", "untrusted", "keyUsage=critical,keyCertSign,cRLSign\n")
    one("version_1", "untrusted", None)
    one("no_signing_of_certificates", "untrusted", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n")
    two("two", "valid", CA)
    two("person_as_authority", "untrusted", CA, SIGNS)
    two("length", "valid", CA.replace("TRUE", "TRUE,pathlen:1"), CA.replace("TRUE", "TRUE,pathlen:0"))
    two("length_exceeded", "untrusted", CA.replace("TRUE", "TRUE,pathlen:0"))
    # An authority's new key, which the old one certifies, does not count.
    two("length_of_new_key", "valid", CA.replace("TRUE", "TRUE,pathlen:0"), CA, "/O=T/CN=Sub 1")


def purposes():
    """4.2.1.3, 4.2.1.12, and what is not known: 4.2"""
    one("critical_usage", "valid", CA, SIGNS + "extendedKeyUsage=critical,emailProtection\n" + MAIL)
    one("critical_name", "valid", CA, SIGNS + MAIL.replace("=", "=critical,"))
    one("name_in_subject", "valid", CA, SIGNS, "/O=T/CN=Alice/emailAddress=" + ALICE)
    one("agreement_only", "valid", CA, "keyUsage=critical,nonRepudiation\n" + MAIL)
    one("encryption_only", "untrusted", CA, "keyUsage=critical,keyEncipherment\n" + MAIL)
    one("servers_only", "untrusted", CA, SIGNS + "extendedKeyUsage=serverAuth\n" + MAIL)
    one("unknown", "valid", CA + "1.2.3.4.5=DER:0500\n", PERSON + "1.2.3.4.5=DER:0500\n")
    one("unknown_critical", "untrusted", CA, PERSON + "1.2.3.4.5=critical,DER:0500\n")
    one("unknown_critical_above", "untrusted", CA + "1.2.3.4.5=critical,DER:0500\n")


def names():
    """4.2.1.10"""
    within = CA + "nameConstraints=critical,permitted;email:example.org\n"
    one("names_within", "valid", within)
    one("names_not_critical", "valid", within.replace("critical,permitted", "permitted"))
    one("names_of_hosts", "valid", CA + "nameConstraints=critical,permitted;DNS:example.org\n")
    one("names_other", "untrusted", within.replace("example.org", "example.com"))
    one("names_of_subdomains", "untrusted", within.replace("example.org", ".example.org"))
    one("names_excluded", "untrusted", within.replace("permitted", "excluded"))
    two("names_from_above", "untrusted", within.replace("example.org", "example.com"))
    folder = CA + "nameConstraints=critical,%s;dirName:names\n[names]\nO=%s\n"
    one("names_in_directory", "valid", folder % ("permitted", "T"))
    one("names_not_in_directory", "untrusted", folder % ("permitted", "Z"))
    one("names_excluded_in_directory", "untrusted", folder % ("excluded", "T"))
    subject = "/O=T/CN=Alice/emailAddress=" + OFFICER
    one("names_beside", "untrusted", within, SIGNS + MAIL, subject, OFFICER)
    one("name_beside", "valid", CA, SIGNS + MAIL, subject, OFFICER)
    one("names_in_subject_only", "untrusted", within, SIGNS, subject, OFFICER)
    one("names_second_in_subject", "untrusted", within, SIGNS, "/CN=Alice/emailAddress=%s/emailAddress=%s" % (ALICE, OFFICER), OFFICER)
    one("names_second", "untrusted", within, SIGNS + "subjectAltName=email:%s,email:%s\n" % (ALICE, OFFICER), sender=OFFICER)
    octets = OFFICER.encode() + b"\0.other.example"
    one("names_cut_short", "invalid|untrusted", CA, SIGNS + "subjectAltName=DER:%s\n" % (
        bytes([0x30, len(octets) + 2, 0x81, len(octets)]) + octets).hex(), sender=OFFICER)


def policies():
    """4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14"""
    required = CA + POLICY + "policyConstraints=critical,requireExplicitPolicy:0\n"
    one("policy", "valid", CA + POLICY, PERSON + POLICY)
    one("policy_critical", "valid", CA + POLICY.replace("=", "=critical,"), PERSON + POLICY.replace("=", "=critical,"))
    one("policy_required", "valid", required, PERSON + POLICY)
    one("policy_required_none", "untrusted", required)
    one("policy_required_other", "untrusted", required, PERSON + POLICY.replace("9", "8"))
    one("policy_no_mapping", "valid", CA + "policyConstraints=critical,inhibitPolicyMapping:0\n")
    one("policy_not_any", "valid", CA + POLICY + "inhibitAnyPolicy=critical,0\n", PERSON + POLICY)
    one("policy_required_not_any", "untrusted", required + "inhibitAnyPolicy=critical,0\n", PERSON + POLICY.replace("1.2.3.9", "2.5.29.32.0"))
    one("policy_mapped", "valid", required + "policyMappings=critical,1.2.3.9:1.2.3.10\n", PERSON + POLICY.replace("9", "10"))
    # As the authorities of the federal government have it.
    hardware = "certificatePolicies=2.16.840.1.101.3.2.1.3.7\n"
    two("policy_federal", "untrusted", CA + hardware + "policyConstraints=critical,requireExplicitPolicy:0,inhibitPolicyMapping:0\n"
        "inhibitAnyPolicy=critical,0\n", CA + hardware)
    certify("federal_person", "/O=T/CN=Alice", "policy_federal_2", SIGNS.replace("Signature", "Signature,nonRepudiation") + hardware
            + "extendedKeyUsage=emailProtection,1.3.6.1.4.1.311.10.3.12\nsubjectAltName=email:%s,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:%s\n"
            "crlDistributionPoints=URI:http://list.example/a.crl\nauthorityInfoAccess=caIssuers;URI:http://list.example/a.p7c\n" % (ALICE, ALICE))
    mail("policy_federal_person", "valid", "federal_person", "policy_federal_2", "policy_federal_1")


def several_ways():
    """Authorities with several certificates (3.2, 6.1)"""
    certify("cross", "/O=T/CN=Cross", "root", CA)
    certify("cross_other", "/O=T/CN=Cross", "other", CA, "cross")
    certify("cross_person", "/O=T/CN=Alice", "cross", PERSON)
    mail("cross_certified", "valid", "cross_person", "cross_other", "other", "cross")
    mail("cross_certified_short", "valid", "cross_person", "cross", "cross_other")
    mail("cross_certified_other", "untrusted", "cross_person", "cross_other", "other")
    mail("self_in_between", "untrusted", "cross_person", "cross_other")
    for i in range(12):
        certify("twice_%d" % i, "/O=T/CN=Twice", "root", CA)
    certify("twice_person", "/O=T/CN=Alice", "twice_11", PERSON)
    mail("one_name_many_keys", "valid", "twice_person", *["twice_%d" % i for i in range(12)])
    mail("one_name_other_keys", "untrusted", "twice_person", *["twice_%d" % i for i in range(11)])
    certify("renewed", "/O=T/CN=Root", "root", CA)
    certify("renewed_person", "/O=T/CN=Alice", "renewed", PERSON)
    mail("renewed_root", "valid", "renewed_person", "renewed")
    certify("bridge", "/O=B/CN=Bridge", "root", CA)
    certify("far", "/O=X/CN=Far Root", None, CA)
    certify("far_bridged", "/O=X/CN=Far Root", "bridge", CA, "far")
    certify("far_person", "/O=X/CN=Alice", "far", PERSON)
    mail("bridged", "valid", "far_person", "far", "far_bridged", "bridge")
    mail("bridged_short", "valid", "far_person", "far_bridged", "bridge")
    mail("bridge_missing", "untrusted", "far_person", "far", "bridge")
    # One way that names do not permit, and another that holds.
    certify("narrow", "/O=T/CN=Cross", "root", CA + "nameConstraints=critical,permitted;email:example.com\n", "cross")
    mail("one_way_too_narrow", "valid", "cross_person", "narrow", "cross")
    mail("only_way_too_narrow", "untrusted", "cross_person", "narrow")
    certify("round_a", "/O=L/CN=A", None, CA)
    certify("round_b", "/O=L/CN=B", "round_a", CA)
    certify("round_a_by_b", "/O=L/CN=A", "round_b", CA, "round_a")
    certify("round_person", "/O=L/CN=Alice", "round_b", PERSON)
    mail("round", "untrusted", "round_person", "round_b", "round_a_by_b")
    certify("self", "/CN=Alice", None, PERSON)
    mail("nobody", "untrusted", "self")


certify("root", "/O=T/CN=Root", None, CA)
certify("other", "/O=E/CN=Other Root", None, CA)
for group in (authorities, purposes, names, policies, several_ways):
    group()
