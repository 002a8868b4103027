# SPDX-License-Identifier: GPL-3.0-or-later
"""People who sign in stories: an authority, certificates, signed documents and mails, made with openssl.

A story has its own clock, so certificates are good for decades, and the time in a signature is set to the story's: openssl
signs at the time it is, its time is written over, and what the time is part of is signed again.
"""
import base64
import os
import re
import subprocess
import time

import der_edit
import pdf_make
import pdf_sign

PKI = os.path.join(os.path.dirname(os.path.abspath(__file__)), "signing-pki.sh")
TIME_OID = bytes.fromhex("06092a864886f70d010905310f170d")


def run(*words, data=None, email="nobody@mail.example"):
    done = subprocess.run(words, input=data, capture_output=True, env={**os.environ, "EMAIL": email})
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(words[:3]), done.stderr.decode("utf-8", "replace")))
    return done.stdout


def value_of(der, at):
    """Where the value of the element at AT begins and ends."""
    n, first = der[at + 1], at + 2
    if n >= 128:
        first, n = first + n - 128, int.from_bytes(der[first:first + n - 128], "big")
    return first, first + n


def elements(der, at, end):
    while at < end:
        first, after = value_of(der, at)
        yield at, first, after
        at = after


class Signers:
    def __init__(self, folder, below=False):
        """BELOW: an authority below the root certifies people, and their mails bring its certificate no more than the root's."""
        self.folder, self.count, self.last = folder, 0, {}
        os.makedirs(folder)
        open(os.path.join(folder, "index.txt"), "w").close()
        run("sh", "-c", '. "$1" && signing_config "$2"', "sh", PKI, folder)
        self.root = os.path.join(folder, "root.pem")
        self.certify("root", "Story Root", "nobody@mail.example", "root", ["-selfsign"])
        self.authorities, self.issuer = [self.root], "root"
        if below:
            self.certify("sub", "Story Authority", "nobody@mail.example", "sub", ["-cert", self.root])
            self.authorities.append(os.path.join(folder, "sub.pem"))
            self.issuer = "sub"

    def certify(self, name, title, address, section, by):
        base, config = os.path.join(self.folder, name), os.path.join(self.folder, "openssl.cnf")
        run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", config, "-subj", "/O=Story/CN=" + title,
            "-keyout", base + ".key", "-out", base + ".csr", email=address)
        run("openssl", "ca", "-batch", "-notext", "-rand_serial", "-config", config, "-extensions", section,
            "-startdate", "20200101000000Z", "-enddate", "20450101000000Z", "-keyfile", os.path.join(self.folder, (self.issuer if section == "person" else "root") + ".key"), *by,
            "-in", base + ".csr", "-out", base + ".pem", email=address)

    def renew(self, address):
        """Another certificate for ADDRESS, from now on."""
        self.count += 1
        self.last[address] = "person%d" % self.count
        self.certify(self.last[address], address.split("@")[0].title(), address, "person",
                     ["-cert", os.path.join(self.folder, self.issuer + ".pem")])

    def sign(self, content, address, at, inside=False):
        """The CMS of CONTENT, which is in it where INSIDE says so."""
        if address not in self.last:
            self.renew(address)
        base = os.path.join(self.folder, self.last[address])
        chain = ["-certfile", self.root] if len(self.authorities) == 1 else []
        der = bytearray(run("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-nosmimecap", *chain,
                            *(["-nodetach"] if inside else []), "-signer", base + ".pem", "-inkey", base + ".key", data=content))
        stamp = der.index(TIME_OID) + len(TIME_OID)
        der[stamp:stamp + 13] = time.strftime("%y%m%d%H%M%SZ", time.gmtime(at)).encode()
        data = self.signed_data(der)
        signer = list(elements(der, *value_of(der, data[-1][0])))[0]
        parts = list(elements(der, signer[1], signer[2]))
        attributes = next(p for p in parts if der[p[0]] == 0xa0)
        new = run("openssl", "dgst", "-sha256", "-sign", base + ".key",
                  data=b"\x31" + bytes(der[attributes[0] + 1:attributes[2]]))
        at, first, after = parts[-1]
        assert der[at] == 0x04 and after - first == len(new)
        der[first:after] = new
        return bytes(der)

    @staticmethod
    def signed_data(der):
        """The elements of SignedData; the last is the set of signers."""
        outer = list(elements(der, *value_of(der, 0)))
        inner = value_of(der, outer[1][0])[0]
        return list(elements(der, *value_of(der, inner)))

    @staticmethod
    def twice(raw):
        """A signed mail with the signature of its signer twice in it."""
        head, _, rest = raw.partition(b"Content-Transfer-Encoding: base64\r\n\r\n")
        text, mark, end = rest.partition(b"--story-signed--")
        kind, content = der_edit.split(der_edit.split(base64.b64decode(text))[0][1])
        data = [part[2] for part in der_edit.split(der_edit.split(content[1])[0][1])]
        data[-1] = der_edit.der(0x31, der_edit.split(data[-1])[0][1] * 2)
        both = der_edit.der(0x30, kind[2], der_edit.der(0xa0, der_edit.der(0x30, *data)))
        return (head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(both).replace(b"\n", b"\r\n") + mark + end)

    def document(self, address, at, pages=1):
        """A signed PDF document."""
        ready = pdf_sign.prepare(pdf_make.make(["pages=%d" % pages]), 6000)
        return pdf_sign.fill(ready, lambda content: self.sign(content, address, at))

    @staticmethod
    def entity_of(raw):
        """The headers that stay outside, and what is signed: what describes the body moves inside."""
        head, body = raw.split(b"\r\n\r\n", 1)
        head = re.sub(rb"\r\n[ \t]+", b" ", head)
        fields = head.split(b"\r\n")
        inner = [f for f in fields if f.lower().startswith(b"content-")]
        outer = [f for f in fields if f not in inner]
        return outer, b"\r\n".join(inner) + b"\r\n\r\n" + body

    @staticmethod
    def changed(raw):
        """A signed mail in which the first letter of what was signed became another on the way."""
        at = raw.index(b"\r\n\r\n", raw.index(b"--story-signed\r\n")) + 4
        return raw[:at] + raw[at:at + 1].swapcase() + raw[at + 1:]

    def opaque(self, raw, address, at):
        """RAW with its body inside the signature, as Outlook does it unless told otherwise."""
        outer, entity = self.entity_of(raw)
        signature = base64.encodebytes(self.sign(entity, address, at, inside=True)).replace(b"\n", b"\r\n")
        return (b"\r\n".join(outer) + b"\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
                b"Content-Disposition: attachment; filename=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" + signature)

    def mail(self, raw, address, at):
        """RAW with its body signed."""
        outer, entity = self.entity_of(raw)
        signature = base64.encodebytes(self.sign(entity, address, at)).replace(b"\n", b"\r\n")
        return (b"\r\n".join(outer) + b'\r\nContent-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; '
                b'boundary="story-signed"\r\n\r\n--story-signed\r\n' + entity
                + b"\r\n--story-signed\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
                b"Content-Transfer-Encoding: base64\r\n\r\n" + signature + b"--story-signed--\r\n")
