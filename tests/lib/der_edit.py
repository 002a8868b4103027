# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed attributes of a CMS, taken apart, changed and signed again."""
import subprocess

TYPE, DIGEST, TIME = (bytes.fromhex("06092a864886f70d0109" + last) for last in ("03", "04", "05"))
DATA, SIGNED_DATA = (bytes.fromhex("06092a864886f70d0107" + last) for last in ("01", "02"))
CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")


def der(tag, *parts):
    value = b"".join(parts)
    n = len(value)
    size = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag]) + size + value


def split(data):
    """The elements that stand side by side in DATA: (tag, value, whole)."""
    at, found = 0, []
    while at < len(data):
        n, first = data[at + 1], at + 2
        if n >= 128:
            first, n = first + n - 128, int.from_bytes(data[first:first + n - 128], "big")
        found.append((data[at], data[first:first + n], data[at:first + n]))
        at = first + n
    return found


def attribute(oid, *values):
    return der(0x30, oid, der(0x31, *values))


def with_value(whole, value):
    """An attribute with one value more."""
    oid, values = split(split(whole)[0][1])
    return der(0x30, oid[2], der(0x31, values[1], value))


def signing_certificate(sha256):
    """ESS signing-certificate-v2 (RFC 5035): the hash algorithm is SHA-256 when none is said."""
    return attribute(CERTIFICATE, der(0x30, der(0x30, der(0x30, der(4, sha256)))))


def with_attributes(signed, change, key):
    """SIGNED with other attributes of its only signer, signed with KEY (None: the old signature stays)."""
    kind, content = split(split(signed)[0][1])
    data = split(split(content[1])[0][1])
    parts = split(split(data[-1][1])[0][1])
    at = next(i for i, part in enumerate(parts) if part[0] == 0xa0)
    attributes = b"".join(sorted(change([a[2] for a in split(parts[at][1])])))
    rebuilt = [part[2] for part in parts]
    rebuilt[at] = der(0xa0, attributes)
    if key is not None:
        rebuilt[at + 2] = der(4, subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=der(0x31, attributes), check=True,
                                                stdout=subprocess.PIPE).stdout)
    signers = der(0x31, der(0x30, *rebuilt))
    return der(0x30, kind[2], der(0xa0, der(0x30, *[d[2] for d in data[:-1]], signers)))
