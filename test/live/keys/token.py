#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway's keys at rest under a key that never leaves a PKCS#11 token, SoftHSM's: made there, taken over from a file's
while the gateway runs, opened for each guard, refused with a wrong PIN or another key, and given back to a file.

    B=build python3 test/live/keys/token.py

Without SoftHSM it is skipped, but where TOKEN=must."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
import keys  # noqa: E402
from gateways import Gateway, fresh_folder  # noqa: E402
from tell import check, conclude, say  # noqa: E402

BASE = os.path.join(keys.BUILD, "token")
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so")


class Token:
    """A token of SoftHSM in a folder of its own, and what accord.conf says of it."""

    def __init__(self, base, module):
        self.conf = os.path.join(base, "softhsm2.conf")
        self.folder = os.path.join(base, "tokens")
        self.pin = os.path.join(base, "pin", "pin")
        os.makedirs(self.folder)
        os.makedirs(os.path.dirname(self.pin), mode=0o700)
        keys.write(self.conf, f"directories.tokendir = {self.folder}\nobjectstore.backend = file\nlog.level = ERROR\n".encode())
        self.pin_is("1234")
        self.uri = f"pkcs11:token=KOR;object=wrap?module-path={module}"
        self.init()

    def init(self):
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "KOR", "--pin", "1234", "--so-pin", "5678"], check=True,
                       capture_output=True, env={**os.environ, "SOFTHSM2_CONF": self.conf})

    def pin_is(self, text):
        keys.write(self.pin, text.encode() + b"\n")
        os.chmod(self.pin, 0o600)

    def named(self, g, *wrap_keys):
        """accord.conf with these wrap keys, and the token's PIN and configuration."""
        keys.conf_wrap_keys(g, *wrap_keys)
        path = os.path.join(g.dir, "accord.conf")
        lines = [line for line in keys.read(path).decode().splitlines() if not line.startswith(("wrap-pin", "wrap-environment"))]
        lines += [f'wrap-pin "{self.pin}"', f'wrap-environment "SOFTHSM2_CONF={self.conf}"']
        keys.write(path, ("\n".join(lines) + "\n").encode())


def from_file_to_token(g, token):
    say("from a file's key to a token's, while the gateway runs")
    old, print_of = g.wrap_key, g.accord("party", "exchange", "--out", os.path.join(BASE, "before"))["fingerprint"]
    token.named(g, token.uri, old)
    g.accord("keys", "make", token.uri)
    keys.refused("a second key of that label", "has a key of that label already", *g.command("keys", "make", token.uri))
    check("all three are wrapped by the token", g.accord("keys", "wrap")["wrapped"] == 3)
    token.named(g, token.uri)
    os.unlink(old)
    keys.guard_killed(g)
    check("the next guard has its keys from the token", True)
    words, code = keys.at_rest(g)
    check("status is content", set(words.values()) == {"wrapped"} and code == 0, str(words))
    check("it is the same party", g.accord("party", "exchange", "--out", os.path.join(BASE, "after"))["fingerprint"] == print_of)
    g.stop()
    g.start()
    check("and after a start of the gateway", g.wait_ready()["party"] == "KOR")


def what_is_refused(g, token):
    say("a wrong PIN, an open one, no token, another key")
    g.stop()
    token.pin_is("4321")
    keys.refused("a wrong PIN", "does not take the PIN", *keys.accordd(g))
    keys.refused("a wrong PIN, by the tool", "does not take the PIN", *g.command("keys", "status"))
    token.pin_is("1234")
    os.chmod(token.pin, 0o644)
    keys.refused("a PIN that lies open", "is open to others", *keys.accordd(g))
    os.chmod(token.pin, 0o600)
    for what, uri, words in (("a token that is not there", token.uri.replace("token=KOR", "token=JPN"), "no token of that label"),
                             ("a key that is not there", token.uri.replace("object=wrap", "object=other"), "no AES key of that label"),
                             ("a module that is not there", token.uri.replace("softhsm2", "nothing"), "cannot be loaded"),
                             ("no module", token.uri.split("?")[0], "pkcs11:token=LABEL")):
        token.named(g, uri)
        keys.refused(what, words, *keys.accordd(g))
    token.named(g, token.uri)
    shutil.move(token.folder, token.folder + ".away")
    os.makedirs(token.folder)
    token.init()
    g.accord("keys", "make", token.uri)
    keys.refused("another key under the same labels", "the token's key is another", *keys.accordd(g))
    shutil.rmtree(token.folder)
    shutil.move(token.folder + ".away", token.folder)
    good = keys.read(keys.key_file(g, "identity"))
    at = good.index(b"sealed ") + 20
    keys.write(keys.key_file(g, "identity"), good[:at] + (b"0" if good[at:at + 1] != b"0" else b"1") + good[at + 1:])
    keys.refused("a changed key", "was changed", *keys.accordd(g))
    keys.write(keys.key_file(g, "identity"), good)
    g.start()
    check("as it was it starts", g.wait_ready()["party"] == "KOR")


def back_to_a_file(g, token):
    say("back to a file's key")
    new = os.path.join(BASE, "KOR.back", "key")
    g.accord("keys", "make", new)
    token.named(g, new, token.uri)
    check("all three are wrapped by the file's", g.accord("keys", "wrap")["wrapped"] == 3)
    token.named(g, new)
    shutil.rmtree(token.folder)
    keys.guard_killed(g)
    check("the token is no longer needed", keys.at_rest(g)[1] == 0)


def main():
    module = next((m for m in MODULES if os.path.exists(m)), None)
    if module is None or shutil.which("softhsm2-util") is None:
        say("skipped: there is no SoftHSM (scripts/setup test)")
        return 1 if os.environ.get("TOKEN") == "must" else 0
    base = fresh_folder(BASE)
    token, g = Token(base, module), Gateway("KOR", base, keys.BIN)
    try:
        g.found()
        g.start()
        g.wait_ready()
        from_file_to_token(g, token)
        what_is_refused(g, token)
        back_to_a_file(g, token)
    finally:
        g.stop()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
