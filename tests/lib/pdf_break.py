# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs PDF documents in ways no tool does, and breaks signed ones in every way known.

pdf_break.py DIR PKI

Reads what pdf-signers.sh made in DIR; writes there, and prints for each file one line: NAME EXPECTED, where EXPECTED is the
verdict, or several with | between.  The families are those of published attacks on PDF signatures: universal signature forgery
(usf), incremental saving (isa), signature wrapping (swa), shadow documents (shadow), attacks on certification (eaa, ssa).
"""
import hashlib
import os
import re
import subprocess
import sys
import time

import pdf_make
from pdf_sign import body_of, fill, find_object, free, last, prepare, ranges, update, with_item

DIR, PKI = sys.argv[1], sys.argv[2]


def put(name, data, expected):
    with open(os.path.join(DIR, name), "wb") as out:
        out.write(data)
    print(name, expected, flush=True)


def read(name):
    try:
        with open(os.path.join(DIR, name), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def run(*words, data=None):
    return subprocess.run(words, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


# --- a signer of our own, for CMS that no tool makes ------------------------------------------------

def cms(*options, who="alice", data=None):
    """An openssl signer of what it is given (or of DATA)."""
    def make(content):
        return run("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-certfile", PKI + "/chain.pem",
                   "-signer", "%s/%s.pem" % (PKI, who), "-inkey", "%s/%s.key" % (PKI, who), *options,
                   data=content if data is None else data)
    return make


def algorithms():
    """Hashes and kinds of key beside the usual ones; and RSA-PSS whose parameters were changed afterwards."""
    pss = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest")
    salt = bytes.fromhex("a203020120")
    return tuple(("own_%s_%s" % (who, md), "valid", cms("-md", md, who=who))
                 for who in ("alice", "bob", "paul") for md in ("sha256", "sha384", "sha512")) + (
        ("own_pss_key", "valid", cms(*pss, who="petra")), ("own_pss_sha384", "valid", cms("-md", "sha384", *pss)), ("own_pss_sha512", "valid", cms("-md", "sha512", *pss)),
        ("own_pss_salt20", "valid", cms(*pss[:3], "rsa_pss_saltlen:20")), ("cms_sha3", "valid", cms("-md", "sha3-256")),
        ("cms_pss_mask_sha1", "unsupported", cms(*pss, "-keyopt", "rsa_mgf1_md:sha1")),
        ("cms_pss_mask_sha256", "unsupported", cms("-md", "sha512", *pss, "-keyopt", "rsa_mgf1_md:sha256")),
        ("cms_pss_other_content", "invalid", cms(*pss, data=b"something else")),
        ("cms_paul_other_content", "invalid", cms(who="paul", data=b"something else")),
        ("cms_pss_salt_changed", "invalid", lambda content: once(cms(*pss)(content), salt, salt[:4] + b"\x1e")),
        ("cms_pss_trailer", "unsupported", lambda content: once(cms(*pss)(content), salt, b"\xa3" + salt[1:])),
        ("cms_pss_signature_changed", "invalid", lambda content: flipped(cms(*pss)(content))))


def once(data, old, new):
    assert data.count(old) == 1
    return data.replace(old, new)


def flipped(signed):
    """One bit of the signature, which comes last."""
    return signed[:-9] + bytes([signed[-9] ^ 1]) + signed[-8:]


def own_signatures():
    plain = pdf_make.make([])
    ready = prepare(plain, 12000)
    erin = ["-signer", PKI + "/erin.pem", "-inkey", PKI + "/erin.key"]
    pss = ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:"]
    pss_short, pss_long = pss[:3] + [pss[3] + "-1"], pss[:3] + [pss[3] + "100"]
    fake = ["-certfile", PKI + "/alice.pem"]
    for name, expected, make in algorithms() + (
            ("own_rsa", "valid", cms()), ("own_ec", "valid", cms(who="bob")), ("own_sha512", "valid", cms("-md", "sha512")),
            ("cms_empty_content", "invalid", lambda content: empty_content(cms()(content))),
            ("own_pss", "valid", cms(*pss_short)), ("cms_pss_long_salt", "valid", cms(*pss_long)), ("own_keyid", "valid", cms("-keyid")),
            ("cms_two_signers", "invalid", cms(*erin)), ("cms_no_attributes", "unsupported", cms("-noattr")),
            ("cms_other_content", "invalid", cms(data=b"something else")), ("cms_own_content", "invalid", cms("-nodetach")),
            ("cms_sha1", "weak", cms("-md", "sha1")), ("cms_md5", "weak", cms("-md", "md5")),
            ("cms_short_key", "weak", cms(who="short")), ("cms_expired", "expired", cms(who="dan")),
            ("cms_same_serial", "untrusted", cms(who="fake")), ("cms_same_serial_both", "invalid", cms(*fake, who="fake")),
            ("cms_no_signer", "invalid", lambda content: run("openssl", "crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile",
                                                             PKI + "/alice.pem")),
            ("cms_no_certificate", "unsupported", lambda content: run(
                "openssl", "cms", "-sign", "-binary", "-outform", "DER", "-nocerts", "-signer", PKI + "/alice.pem", "-inkey",
                PKI + "/alice.key", data=content)),
            ("cms_more_behind", "invalid", lambda content: cms()(content) + b"\x01"),
            ("cms_cut", "invalid", lambda content: cms()(content)[:-20]),
            ("cms_garbage", "invalid", lambda content: b"\x30\x03\x02\x01\x01\x31")):
        put("%s.pdf" % name, fill(ready, make), expected)
    r = ranges(ready)
    put("range_before_gap.pdf", fill(ready, cms(), [0, r[1] - 2, r[2], r[3]]), "invalid")
    put("range_after_gap.pdf", fill(ready, cms(), [0, r[1], r[2] + 2, r[3] - 2]), "invalid")
    put("range_not_to_end.pdf", fill(ready, cms(), [0, r[1], r[2], r[3] - 30]), "invalid")
    put("range_beyond.pdf", fill(ready, cms(), [0, r[1], r[2], r[3] + 30]), "invalid")
    put("range_huge.pdf", fill(ready, cms(), [0, r[1], r[2], 9999999999]), "invalid")
    put("subfilter_unknown.pdf", fill(prepare(plain, 12000, subfilter=b"adbe.x509.rsa_sha1"), cms()), "unsupported")
    put("transform_unknown.pdf", fill(prepare(plain, 12000, b"/Reference[<</TransformMethod/Identity>>]"), cms()), "unsupported")
    deep = b"\x30\x80" * 4 + b"\x02\x01\x01" + b"\x00\x00" * 4
    put("cms_indefinite.pdf", fill(ready, lambda content: deep), "unsupported|invalid")
    put("cms_endless.pdf", fill(ready, lambda content: b"\x30\x80" * 5000), "invalid")


def empty_content(signed):
    """An empty content where there is none.  DER lengths of two octets are taken for granted."""
    oid = bytes.fromhex("300b06092a864886f70d010701")
    more = bytes.fromhex("300f06092a864886f70d010701a0020400")
    out, grown = signed.replace(oid, more, 1), len(more) - len(oid)
    for at in (2, 17, 21):  # ContentInfo, [0], SignedData
        assert out[at - 1] == 0x82
        out = out[:at] + (int.from_bytes(out[at:at + 2], "big") + grown).to_bytes(2, "big") + out[at + 2:]
    return out


def der(tag, *parts):
    value = b"".join(parts)
    size = bytes([len(value)]) if len(value) < 128 else b"\x81" + bytes([len(value)])
    return bytes([tag]) + size + value


def timestamp(who, of=None):
    """A timestamp token that says so, whoever signs it."""
    def make(content):
        sha256 = bytes.fromhex("608648016503040201")
        imprint = der(0x30, der(0x30, der(6, sha256), der(5)), der(4, hashlib.sha256(content if of is None else of).digest()))
        info = der(0x30, der(2, b"\x01"), der(6, b"\x2a\x03\x04"), imprint, der(2, b"\x01"),
                   der(0x18, time.strftime("%Y%m%d%H%M%SZ", time.gmtime()).encode()))
        return cms("-nodetach", "-econtent_type", "1.2.840.113549.1.9.16.1.4", who=who)(info)
    return make


def timestamps():
    signed = fill(prepare(pdf_make.make([]), 12000), cms())
    ready = prepare(signed, 12000, subfilter=b"ETSI.RFC3161")
    put("ts_good.pdf", fill(ready, timestamp("tsa")), "valid")
    put("ts_by_no_authority.pdf", fill(ready, timestamp("alice")), "untrusted")
    put("ts_of_something_else.pdf", fill(ready, timestamp("tsa", b"something else")), "invalid")
    put("ts_is_no_timestamp.pdf", fill(ready, cms("-nodetach", data=b"x")), "unsupported")
    put("ts_alone.pdf", fill(prepare(pdf_make.make([]), 12000, subfilter=b"ETSI.RFC3161"), timestamp("tsa")), "invalid")


def two_signers():
    ready = prepare(fill(prepare(pdf_make.make([]), 12000), cms()), 12000)
    put("own_second.pdf", fill(ready, cms(who="erin")), "valid")
    put("own_second_expired.pdf", fill(ready, cms(who="dan")), "expired")
    put("own_second_broken.pdf", fill(ready, cms(who="erin", data=b"something else")), "invalid")
    put("own_second_of_first_ranges.pdf", fill(ready, cms(who="erin"), ranges_of_first(ready)), "invalid")


def ranges_of_first(data):
    return [int(n) for n in re.search(rb"/ByteRange\[([^\]]*)\]", data).group(1).split()]


def many_extensions():
    config = os.path.join(DIR, "many.cnf")
    with open(config, "w") as out:
        out.write("[req]\ndistinguished_name=dn\nx509_extensions=x\nprompt=no\n[dn]\nCN=Many\n[x]\nbasicConstraints=CA:FALSE\n")
        out.writelines("1.2.3.4.%d=DER:0500\n" % n for n in range(10000))
    try:
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", DIR + "/many.key", "-out", DIR + "/many.pem",
            "-days", "30", "-config", config)
    except subprocess.CalledProcessError:
        return
    make = lambda content: run("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-signer", DIR + "/many.pem", "-inkey",
                               DIR + "/many.key", data=content)
    put("cms_many_extensions.pdf", fill(prepare(pdf_make.make([]), 260000), make), "untrusted|unsupported|invalid|error")


# --- broken structure ---------------------------------------------------------------------------------

def same_length(data, old, new):
    match = re.search(old, data)
    return data[:match.start()] + (new + b" " * len(match.group()))[:max(len(match.group()), len(new))] + data[match.end():]


def structure(data):
    br = rb"/ByteRange ?\[[^\]]*\]\s*"
    numbers = [int(n) for n in re.search(rb"/ByteRange ?\[([^\]]*)\]", data).group(1).split()]
    contents = re.search(rb"/Contents ?<[0-9a-fA-F]+>", data)
    put("flip.pdf", data.replace(b"pay 100", b"pay 900", 1), "invalid")
    put("usf_no_range.pdf", same_length(data, rb"/ByteRange", b"/ByteRangX"), "invalid")
    put("usf_range_zero.pdf", same_length(data, br, b"/ByteRange [0 0 0 0]"), "invalid")
    put("usf_range_negative.pdf", same_length(data, br, b"/ByteRange [0 -1 %d %d]" % tuple(numbers[2:])), "invalid|unsupported")
    put("usf_range_null.pdf", same_length(data, br, b"/ByteRange null"), "invalid")
    put("usf_range_three.pdf", same_length(data, br, b"/ByteRange [0 %d %d]" % tuple(numbers[1:3])), "invalid")
    put("usf_range_from_one.pdf", same_length(data, br, b"/ByteRange [1 %d %d %d]" % tuple(numbers[1:])), "invalid")
    put("usf_range_text.pdf", same_length(data, br, b"/ByteRange (0 1 2 3)"), "invalid")
    put("usf_no_contents.pdf", same_length(data, rb"/Contents ?<", b"/Cxntents <"), "invalid")
    zeros = data[:contents.start()] + re.sub(rb"[1-9a-fA-F]", b"0", contents.group().replace(b"Contents", b"@"))
    put("usf_contents_zero.pdf", zeros.replace(b"/@", b"/Contents") + data[contents.end():], "invalid")
    put("swa_wide_gap.pdf", same_length(data, br, b"/ByteRange [0 %d %d %d]" % (numbers[1] - 2, numbers[2], numbers[3])), "invalid")
    evil = b"\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    put("swa_moved.pdf", same_length(data, br, b"/ByteRange [0 %d %d %d]" % (numbers[1], numbers[2] + len(evil), numbers[3]))
        [:numbers[2]] + evil + data[numbers[2]:], "invalid|error|unsupported")
    put("garbage.pdf", data + b"garbage after the end\n", "changed|unsupported|error")
    put("newline.pdf", data + b"\n", "changed")
    put("before.pdf", b"x\n" + data, "error|unsupported|invalid")
    put("truncated.pdf", data[:len(data) // 2], "error")
    put("empty.pdf", b"", "error")
    put("text.pdf", b"%PDF-1.7 but nothing more\n", "error")


def attacks_by_update(data):
    page = find_object(data, rb"/Type ?/Page\b(?!s)")
    content = int(re.search(rb"/Contents (\d+)", body_of(data, page)).group(1))
    pages, catalog = find_object(data, rb"/Type ?/Pages"), find_object(data, rb"/Type ?/Catalog")
    field, font = find_object(data, rb"/FT ?/Sig"), find_object(data, rb"/BaseFont")
    signature, new = find_object(data, rb"/ByteRange"), free(data)
    evil = b"BT /F1 24 Tf 100 700 Td (Contract: pay 999999 EUR) Tj ET"
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(evil), evil)
    put("isa_content.pdf", update(data, {content: stream}), "changed")
    put("isa_page.pdf", update(data, {page: re.sub(rb"/Contents \d+", b"/Contents %d" % new, body_of(data, page)), new: stream}),
        "changed")
    put("isa_fewer_pages.pdf", update(data, {pages: re.sub(rb"(/Count )\d+", rb"\g<1>1", re.sub(
        rb"\[ *(\d+ 0 R)[^]]*\]", rb"[\1]", body_of(data, pages)))}), "changed")
    put("isa_script.pdf", update(data, {catalog: body_of(data, catalog)[:-2] + b"/OpenAction<</S/JavaScript/JS(x)>>>>"}), "changed")
    put("isa_no_eof.pdf", update(data, {content: stream}, end=b""), "changed|error|unsupported")
    put("isa_empty.pdf", update(data, {}), "valid|unsupported")
    put("isa_information.pdf", update(data, {new: b"<</Producer(other)/ModDate(D:20300101)>>"}, info=b"%d 0 R" % new), "valid")
    put("isa_information_is_page.pdf", update(data, {content: stream}, info=b"%d 0 R" % content), "changed")
    put("isa_metadata_is_page.pdf", update(data, {content: stream, catalog: body_of(data, catalog)[:-2]
                                                  + b"/Metadata %d 0 R>>" % content}), "changed")
    put("isa_dss_is_page.pdf", update(data, {content: stream, catalog: body_of(data, catalog)[:-2]
                                             + b"/DSS<</Certs[%d 0 R]>>>>" % content}), "changed")
    put("isa_dss.pdf", update(data, {new: b"<</Certs[]>>", catalog: body_of(data, catalog)[:-2] + b"/DSS %d 0 R>>" % new}), "valid")
    table = b"<</Type/XRef/Size 1/W[1 3 1]/Length 5>>\nstream\n\x00\x00\x00\x00\xff\nendstream"
    hybrid = update(data, {new: table})
    where = hybrid.rindex(b"%d 0 obj" % new)
    put("isa_hybrid.pdf", update(data, {new: table}, trailer=b"/XRefStm %d" % where), "changed|unsupported|error")
    put("shadow_replace_font.pdf", update(data, {font: body_of(data, font).replace(b"Helvetica", b"Symbol")}), "changed")
    put("shadow_replace_all.pdf", update(data, {new: body_of(data, catalog).replace(b"/Pages %d" % pages, b"/Pages %d" % (new + 1)),
                                                new + 1: body_of(data, pages)}, root=b"%d 0 R" % new), "changed")
    put("usf_removed.pdf", update(data, {field: re.sub(rb"/V \d+ 0 R", b"", body_of(data, field))}), "invalid|unsigned")
    put("usf_second_field.pdf", second_field(data, catalog, new, b"%d 0 R" % signature, {}), "invalid")
    copy = re.sub(rb"/Reason ?\([^)]*\)", b"/Reason(other)", body_of(data, signature))
    put("usf_copied.pdf", second_field(data, catalog, new, b"%d 0 R" % (new + 1), {new + 1: copy}), "invalid")
    put("usf_stray.pdf", update(data, {new: copy}), "invalid")
    many = data
    for n in range(500):
        many = update(many, {new: b"<</Producer(%d)>>" % n}, info=b"%d 0 R" % new)
    put("revisions_500.pdf", many, "valid")
    put("revisions_500_content.pdf", update(many, {content: stream}), "changed")


def second_field(data, catalog, new, value, more):
    text = body_of(data, catalog)
    form = re.search(rb"/AcroForm (\d+) 0 R", text)
    holder = int(form.group(1)) if form else catalog
    objects = dict(more)
    objects[holder] = re.sub(rb"(/Fields ?\[)", rb"\g<1>%d 0 R " % (new + 5), body_of(data, holder))
    objects[new + 5] = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/F 132/Rect[0 0 0 0]/V %s>>" % value
    return update(data, objects)


def shadow_hide():
    """The overlay is there when it is signed, and is taken away afterwards."""
    d = pdf_make.make(["size=3000"])
    signed = fill(prepare(d, 12000), cms())
    overlay = find_object(signed, rb"/Subtype ?/Image")
    put("shadow_prepared.pdf", signed, "valid")
    put("shadow_hide.pdf", update(signed, {overlay: b"null"}), "changed")
    put("shadow_hide_form.pdf", update(signed, {overlay: b"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 0>>\nstream\n\nendstream"}),
        "changed")


def annotation(data, body):
    holder, new = find_object(data, rb"/Type ?/Page\b.*/Annots"), free(data)
    apart = re.search(rb"/Annots (\d+) 0 R", body_of(data, holder))
    if apart:
        holder = int(apart.group(1))
        changed = body_of(data, holder)[:-1] + b" %d 0 R]" % new
    else:
        changed = re.sub(rb"(/Annots ?\[)([^]]*)\]", rb"\g<1>\g<2> %d 0 R]" % new, body_of(data, holder))
    return update(data, {holder: changed, new: body,
                         new + 1: b"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 0>>\nstream\n\nendstream"})


def certified():
    for level in (1, 2, 3):
        data = read("it_alice_cert%d.pdf" % level)
        if not data:
            return
        note = b"<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(look)>>"
        put("eaa_note_%d.pdf" % level, annotation(data, note), "valid" if level == 3 else "changed")
        put("eaa_text_%d.pdf" % level, annotation(
            data, b"<</Type/Annot/Subtype/FreeText/Rect[100 690 500 730]/DA(/F1 24 Tf)/Contents(pay 999999 EUR)>>"), "changed")
        put("eaa_look_%d.pdf" % level, annotation(
            data, b"<</Type/Annot/Subtype/Text/Rect[100 690 500 730]/AP<</N %d 0 R>>>>" % (free(data) + 1)), "changed")
        for mark in (b"Underline", b"Squiggly", b"StrikeOut", b"Highlight"):
            put("eaa_%s_%d.pdf" % (mark.decode().lower(), level), annotation(
                data, b"<</Type/Annot/Subtype/" + mark + b"/C[1 1 1]/Rect[100 690 500 730]/QuadPoints[100 730 500 730 100 690 500 690]>>"),
                "changed")
        put("eaa_stamp_%d.pdf" % level, annotation(data, b"<</Type/Annot/Subtype/Stamp/Rect[0 0 500 730]>>"), "changed")
        amount = find_object(data, rb"/T ?\(Amount\)")
        filled = update(data, {amount: body_of(data, amount).replace(b"(100)", b"(999999)")})
        put("fill_%d.pdf" % level, filled, "changed" if level == 1 else "valid")
        moved = update(data, {amount: re.sub(rb"/Rect ?\[[^]]*\]", b"/Rect[100 690 500 730]", body_of(data, amount))})
        put("fill_moved_%d.pdf" % level, moved, "changed")
        scripted = update(data, {amount: body_of(data, amount)[:-2] + b"/AA<</K<</S/JavaScript/JS(x)>>>>>>"})
        put("fill_script_%d.pdf" % level, scripted, "changed")
        put("fill_new_field_%d.pdf" % level, annotation(
            data, b"<</Type/Annot/Subtype/Widget/FT/Tx/T(New)/Rect[100 690 500 730]/V(999999)>>"), "changed")
    lock = b"/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2/V/1.2>>>> <</TransformMethod/FieldMDP/TransformParams<</Action/%s>>>>]"
    for name, action, expected in (("all", b"All", "changed"), ("this", b"Include/Fields[(Amount)]", "changed"),
                                   ("other", b"Include/Fields[(Name)]", "valid"), ("but_this", b"Exclude/Fields[(Amount)]", "valid")):
        form = pdf_make.make(["form"])
        catalog = find_object(form, rb"/Type ?/Catalog")
        fields = re.search(rb"/Fields\[([^]]*)\]", body_of(form, catalog)).group(1)
        put_locked(name, form, fields, lock % action, expected)


def put_locked(name, form, fields, lock, expected):
    """A signature over a form that locks fields, then one is filled in."""
    number, catalog = free(form), find_object(form, rb"/Type ?/Catalog")
    signature = (b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached%s/ByteRange[0 0000000000 0000000000 0000000000]"
                 b"/Contents <%s>>>" % (lock, b"0" * 24000))
    field = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Own)/F 132/Rect[0 0 0 0]/V %d 0 R>>" % number
    text = re.sub(rb"/Fields\[[^]]*\]", b"/Fields[%s %d 0 R]" % (fields, number + 1), body_of(form, catalog))
    signed = fill(update(form, {number: signature, number + 1: field, catalog: text}), cms())
    amount = find_object(signed, rb"/T ?\(Amount\)")
    put("lock_%s.pdf" % name, update(signed, {amount: body_of(signed, amount).replace(b"(100)", b"(999999)")}), expected)


def odd_documents():
    signed = fill(prepare(pdf_make.make([]), 12000), cms())
    pages = find_object(signed, rb"/Type ?/Pages")
    loop = pdf_make.make([])
    put("recursive.pdf", update(loop, {pages: b"<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>" % (pages, pages)}), "unsupported|error")
    put("recursive_signed.pdf", update(signed, {pages: b"<</Type/Pages/Count 2/Kids[%d 0 R]>>" % pages}), "unsupported|error|changed")
    put("unsigned.pdf", pdf_make.make(["form"]), "unsigned")
    put("unsigned_fields.pdf", pdf_make.make(["signature-fields"]), "unsigned")
    for name, options in (("linearized", ["--linearize"]), ("object_streams", ["--object-streams=generate"])):
        try:
            run("qpdf", *options, DIR + "/plain.pdf", DIR + "/%s_plain.pdf" % name)
        except (OSError, subprocess.CalledProcessError):
            continue
        data = read("%s_plain.pdf" % name)
        put("%s_unsigned.pdf" % name, data, "unsigned")
        if name == "linearized":
            put("%s_signed.pdf" % name, fill(prepare(data, 12000), cms()), "valid")
    try:
        run("qpdf", "--encrypt", "secret", "secret", "256", "--", DIR + "/it_alice_cms.pdf", DIR + "/encrypted.pdf")
        print("encrypted.pdf unsupported")
        run("qpdf", "--encrypt", "", "owner", "256", "--", DIR + "/it_alice_cms.pdf", DIR + "/encrypted_open.pdf")
        print("encrypted_open.pdf unsupported")
        run("qpdf", DIR + "/it_alice_cms.pdf", DIR + "/rewritten.pdf")
        print("rewritten.pdf invalid")
    except (OSError, subprocess.CalledProcessError):
        pass


if __name__ == "__main__":
    own_signatures()
    timestamps()
    two_signers()
    many_extensions()
    signed = read("it_alice_cms.pdf") or fill(prepare(pdf_make.make([]), 12000), cms())
    structure(signed)
    attacks_by_update(signed)
    shadow_hide()
    certified()
    odd_documents()
