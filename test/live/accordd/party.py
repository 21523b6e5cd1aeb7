# SPDX-License-Identifier: Apache-2.0
"""A party's directory made by hand, with openssl: what `accord party init` makes, without it."""
import hashlib
import os
import subprocess

# RFC 8410: what stands before the 32 bytes of an Ed25519 seed in PKCS#8
ED25519_PKCS8 = bytes.fromhex("302e020100300506032b657004220420")


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def write(path, data, mode=0o644):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(fd, "wb") as f:
        f.write(data)


def ed25519_public(seed):
    der = openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER",
                  data=ED25519_PKCS8 + seed)
    return der[-32:]


def make(path, party="KOR", extra=""):
    """An authority, an identity, two officers, and logs of 64 KiB segments; returns the path."""
    for folder in ("keys", "people", "store", "drop", "run"):
        os.makedirs(os.path.join(path, folder), mode=0o700)
    os.chmod(path, 0o700)
    key = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384",
                  "-outform", "DER")
    pem = openssl("pkey", "-inform", "DER", "-outform", "PEM", data=key)
    write(os.path.join(path, "keys", "authority.pem"), pem, 0o600)
    crt = openssl("req", "-x509", "-new", "-key", os.path.join(path, "keys", "authority.pem"),
                  "-subj", f"/CN={party} gateway identity", "-days", "30", "-outform", "DER")
    os.unlink(os.path.join(path, "keys", "authority.pem"))
    seed = os.urandom(32)
    write(os.path.join(path, "keys", "authority.key"), key, 0o600)
    write(os.path.join(path, "keys", "identity"), seed, 0o600)
    write(os.path.join(path, "keys", "master"), os.urandom(32), 0o600)
    write(os.path.join(path, "authority.crt"), crt)
    genesis = "accord genesis 1\n"
    genesis += f"identity {ed25519_public(seed).hex()}\n"
    genesis += f"authority {hashlib.sha256(crt).hexdigest()}\n"
    for person, chain in (("kim", "operations"), ("lee", "intelligence")):
        public = ed25519_public(os.urandom(32)).hex()
        genesis += f"officer {person} {chain} officer,reader,registrar,security {public}\n"
    write(os.path.join(path, "genesis"), genesis.encode())
    conf = f'party {party}\ndesk 127.0.0.1:0\ncourier 127.0.0.1:0\ndrop "drop"\nclock-error 1000\n'
    conf += "slots 256\n"
    for log in ("outbox-intake", "outbox-desk", "lanes", "inbox"):
        conf += f"segment {log} 2 MiB\n"
    write(os.path.join(path, "accord.conf"), (conf + extra).encode())
    return path
