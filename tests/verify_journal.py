#!/usr/bin/env python3
"""Verifies an exported Qianfa journal. Written from docs/journal.md; standard library only.

    verify_journal.py EXPORT.jsonl [--checkpoint NOTE.txt ...]

Prints `ok N entries` (status 0) or the first bad place (status 1).
"""

import base64
import hashlib
import json
import re
import struct
import sys


class Bad(Exception):
    pass


def need(condition, reason):
    if not condition:
        raise Bad(reason)


# -- SM3 (GB/T 32905) ---------------------------------------------------------

M32 = 0xFFFFFFFF


def rotl(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & M32


def sm3(data):
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
         0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack(">Q", len(data) * 8)
    for start in range(0, len(padded), 64):
        w = list(struct.unpack(">16I", padded[start:start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotl(w[j - 3], 15)
            w.append(x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rotl((rotl(a, 12) + e + rotl(t, j)) & M32, 7)
            ss2 = ss1 ^ rotl(a, 12)
            if j < 16:
                ff, gg = a ^ b ^ c, e ^ f ^ g
            else:
                ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g & M32)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & M32
            tt2 = (gg + h + ss1 + w[j]) & M32
            a, b, c, d = tt1, a, rotl(b, 9), c
            e, f, g, h = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17), e, rotl(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return struct.pack(">8I", *v)


def sha256(data):
    return hashlib.sha256(data).digest()


# -- Ed25519 (RFC 8032), strict -----------------------------------------------

EP = 2**255 - 19
EL = 2**252 + 27742317777372353535851937790883648493
ED = -121665 * pow(121666, -1, EP) % EP
EI = pow(2, (EP - 1) // 4, EP)


def e_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % EP
    b = (p[1] + p[0]) * (q[1] + q[0]) % EP
    c = 2 * p[3] * q[3] * ED % EP
    d = 2 * p[2] * q[2] % EP
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % EP, g * h % EP, f * g % EP, e * h % EP


def e_mul(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = e_add(q, p)
        p = e_add(p, p)
        n >>= 1
    return q


def e_decode(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= EP:
        return None
    x2 = (y * y - 1) * pow(ED * y * y + 1, -1, EP) % EP
    x = pow(x2, (EP + 3) // 8, EP)
    if (x * x - x2) % EP:
        x = x * EI % EP
    if (x * x - x2) % EP or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = EP - x
    return x, y, 1, x * y % EP


def e_encode(p):
    z = pow(p[2], -1, EP)
    x, y = p[0] * z % EP, p[1] * z % EP
    return (y | (x & 1) << 255).to_bytes(32, "little")


def e_small(p):
    q = e_mul(8, p)
    return q[0] % EP == 0 and (q[1] - q[2]) % EP == 0


E_BASE = e_decode((4 * pow(5, -1, EP) % EP).to_bytes(32, "little"))


def ed25519_key(point):
    key = e_decode(point)
    return None if key is None or e_small(key) else key


def ed25519_verify(key, point, message, sig):
    r, s = e_decode(sig[:32]), int.from_bytes(sig[32:], "little")
    if r is None or e_small(r) or s >= EL:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + point + message).digest(), "little") % EL
    minus = (EP - key[0], key[1], key[2], EP - key[3])
    return e_encode(e_add(e_mul(s, E_BASE), e_mul(k, minus))) == sig[:32]


# -- SM2 (GB/T 32918) ---------------------------------------------------------

SP = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SA = SP - 3
SB = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SN = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SG = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
      0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0, 1)


def s_double(p):
    x, y, z = p
    if not z or not y:
        return 0, 1, 0
    yy = y * y % SP
    s = 4 * x * yy % SP
    m = 3 * (x - z * z) * (x + z * z) % SP
    u = (m * m - 2 * s) % SP
    return u, (m * (s - u) - 8 * yy * yy) % SP, 2 * y * z % SP


def s_add(p, q):
    if not p[2]:
        return q
    if not q[2]:
        return p
    z1, z2 = p[2] * p[2] % SP, q[2] * q[2] % SP
    u1, u2 = p[0] * z2 % SP, q[0] * z1 % SP
    s1, s2 = p[1] * z2 * q[2] % SP, q[1] * z1 * p[2] % SP
    h, r = (u2 - u1) % SP, (s2 - s1) % SP
    if not h:
        return (0, 1, 0) if r else s_double(p)
    hh = h * h % SP
    hhh, v = h * hh % SP, u1 * hh % SP
    x = (r * r - hhh - 2 * v) % SP
    return x, (r * (v - x) - s1 * hhh) % SP, h * p[2] * q[2] % SP


def s_mul(n, p):
    q = (0, 1, 0)
    for bit in bin(n)[2:]:
        q = s_double(q)
        if bit == "1":
            q = s_add(q, p)
    return q


def sm2_key(point):
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    on_curve = x < SP and y < SP and (y * y - x * x * x - SA * x - SB) % SP == 0
    return (x, y, 1) if point[0] == 4 and on_curve else None


def sm2_verify(key, point, message, sig):
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    if not (0 < r < SN and 0 < s < SN) or (r + s) % SN == 0:
        return False
    name = b"1234567812345678"
    curve = b"".join(n.to_bytes(32, "big") for n in (SA, SB, SG[0], SG[1]))
    za = sm3(struct.pack(">H", len(name) * 8) + name + curve + point[1:])
    e = int.from_bytes(sm3(za + message), "big")
    p = s_add(s_mul(s, SG), s_mul((r + s) % SN, key))
    if not p[2]:
        return False
    x = p[0] * pow(p[2], -2, SP) % SP
    return (e + x) % SN == r


# -- suites and keys ----------------------------------------------------------

SUITES = {
    "ed25519+sha256": (sha256, "302a300506032b6570032100", 32, ed25519_key, ed25519_verify, b"\x01"),
    "sm2+sm3": (sm3, "3059301306072a8648ce3d020106082a811ccf5501822d034200", 65, sm2_key, sm2_verify,
                b"\xffsm2-sm3"),
}


def unbase64(text, what):
    need(isinstance(text, str), f"{what} is not a string")
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Bad(f"{what} is not base64") from None
    need(base64.b64encode(raw).decode() == text, f"{what} is not base64")
    return raw


def unhex(text, size, what):
    need(isinstance(text, str) and re.fullmatch("[0-9a-f]{%d}" % (size * 2), text), f"{what} is not hex")
    return bytes.fromhex(text)


class Key:
    def __init__(self, suite, text, person):
        self.hash, prefix, size, decode, self.check, self.algorithm = SUITES[suite]
        der = unbase64(text, "key")
        need(der.hex().startswith(prefix) and len(der) == len(prefix) // 2 + size, "not a key of this suite")
        self.point = der[len(prefix) // 2:]
        self.key = decode(self.point)
        need(self.key, "not a sound point of the curve")
        self.id = self.hash(b"key/1\0" + der)
        self.person, self.dseq, self.last, self.revoked = person, 0, bytes(32), False

    def verify(self, message, sig):
        return len(sig) == 64 and self.check(self.key, self.point, message, sig)


# -- entries ------------------------------------------------------------------

def strict_json(text):
    def pairs(items):
        need(len({key for key, _ in items}) == len(items), "a key occurs twice in one object")
        return dict(items)

    def integer(digits):
        number = int(digits) if len(digits) < 22 else None
        need(number is not None and digits != "-0" and -2**63 <= number < 2**64, "not a 64-bit integer")
        return number

    def refuse(_):
        raise Bad("a number that is not an integer")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_int=integer,
                          parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Bad(f"not JSON: {error}") from None


def check_tree(value, depth=1):
    if isinstance(value, (dict, list)):
        need(depth <= 16, "nested deeper than 16")
        for inner in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            check_tree(inner, depth + 1)
    elif isinstance(value, str):
        need(not re.search("[\ud800-\udfff]", value), "an unpaired surrogate")


def is_int(value, low, high):
    return isinstance(value, int) and not isinstance(value, bool) and low <= value < high


def is_u64(value):
    return is_int(value, 0, 2**64)


def is_name(value):
    return isinstance(value, str) and re.fullmatch(r"[!#-\[\]-~]{1,128}", value) is not None


def members(value, names, what):
    need(isinstance(value, dict) and set(value) == set(names.split()), f"{what}: missing or unknown members")


def parse_entry(text):
    need(len(text.encode("utf-8", "surrogatepass")) <= 65536, "entry too long")
    entry = strict_json(text)
    check_tree(entry)
    members(entry, "v suite journal rules actor key dseq dprev seen at kind item base bodies args", "entry")
    need(is_u64(entry["v"]) and entry["v"] == 1, "unknown version of the envelope")
    need(entry["suite"] in list(SUITES), "unknown suite")
    unhex(entry["journal"], 16, "journal")
    unhex(entry["key"], 32, "key")
    unhex(entry["dprev"], 32, "dprev")
    need(is_int(entry["rules"], 0, 2**32), "rules")
    need(is_u64(entry["dseq"]), "dseq")
    need(is_int(entry["at"], -2**63, 2**63), "at")
    need(is_name(entry["actor"]) and is_name(entry["kind"]), "not a name")
    need(entry["item"] is None or is_name(entry["item"]), "item is not a name")
    need(entry["base"] is None or is_u64(entry["base"]), "base")
    members(entry["seen"], "seq chain", "seen")
    need(is_u64(entry["seen"]["seq"]), "seen")
    unhex(entry["seen"]["chain"], 32, "seen")
    need(isinstance(entry["bodies"], list) and len(entry["bodies"]) <= 4096, "bodies")
    for body in entry["bodies"]:
        members(body, "id len role", "body")
        unhex(body["id"], 32, "body id")
        need(is_u64(body["len"]) and is_name(body["role"]), "body")
    need(isinstance(entry["args"], dict), "args is not an object")
    return entry


def member(value, name):
    need(isinstance(value, dict) and name in value, f"no {name}")
    return value[name]


def text_member(value, name):
    text = member(value, name)
    need(isinstance(text, str), f"{name} is not a string")
    return text


# -- checkpoints --------------------------------------------------------------

class Note:
    NAME = r"[^\s\x00-\x1f\x7f-\x9f+]{1,256}"

    def __init__(self, note):
        body, blank, lines = note.rpartition("\n\n")
        need(blank and lines.endswith("\n"), "not a signed note")
        self.text = (body + "\n").encode()
        form = re.fullmatch(
            rf"({self.NAME})\n(0|[1-9]\d*)\n(\S+)\njournal ([0-9a-f]{{32}})\nsuite (\S+)\n"
            r"chain ([0-9a-f]{64})\neff ([0-9a-f]{64})\nat (0|-?[1-9]\d*)\n", body + "\n")
        need(form, "not a checkpoint")
        self.seq, self.journal, self.suite = int(form[2]), form[4], form[5]
        self.root = unbase64(form[3], "root")
        self.chain, self.eff = bytes.fromhex(form[6]), bytes.fromhex(form[7])
        self.signatures = []
        for line in lines[:-1].split("\n"):
            form = re.fullmatch(rf"\u2014 ({self.NAME}) (\S+)", line)
            need(form, "malformed signature line")
            self.signatures.append((form[1].encode(), unbase64(form[2], "signature")))
        need(len(self.signatures) <= 8, "too many signatures")

    def signed_by(self, key):
        return any(
            raw[:4] == key.hash(name + b"\n" + key.algorithm + key.point)[:4]
            and key.verify(self.text, raw[4:])
            for name, raw in self.signatures)


# -- the journal --------------------------------------------------------------

class Journal:
    def __init__(self, header):
        members(header, "format journal suite", "header")
        need(header["format"] == "qianfa-journal/1", "unknown format")
        need(header["suite"] in list(SUITES), "unknown suite")
        self.id, self.suite = header["journal"], header["suite"]
        self.hash = SUITES[self.suite][0]
        self.chains = [self.hash(b"chain/1\0" + unhex(self.id, 16, "journal"))]
        self.eff, self.recorded_at = bytes(32), -2**63
        self.keys, self.proposals, self.bodies = {}, {}, {}
        self.peaks, self.expected, self.notes = [], {}, []

    def found(self, entry):
        need(text_member(entry["args"], "suite") == self.suite, "founded for another suite")
        officers = member(entry["args"], "officers")
        need(isinstance(officers, list) and officers, "no officers")
        keys = {}
        for officer in officers:
            key = Key(self.suite, text_member(officer, "key"), text_member(officer, "person"))
            need(key.id not in keys, "a key enrolled twice")
            keys[key.id] = key
        need(next(iter(keys)).hex() == entry["key"], "not founded by the first officer")
        return keys

    def key_changes(self, seq, entry):
        """What a confirmed or proposed act changes from the next entry on, as a function to call."""
        if entry["kind"] == "propose":
            act = member(entry["args"], "act")
            verb = text_member(act, "do")
            if verb == "key.enrol":
                change = Key(self.suite, text_member(act, "key"), text_member(act, "person"))
            elif verb == "key.revoke":
                change = unhex(text_member(act, "key"), 32, "key")
            else:
                return None
            return lambda: self.proposals.update({seq: (entry["actor"], change)})
        if entry["kind"] == "confirm":
            position = member(entry["args"], "proposal")
            need(is_u64(position), "proposal is not a position")
            if position not in self.proposals:
                return None
            proposer, change = self.proposals[position]
            need(proposer != entry["actor"], "confirmed by its proposer")
            if isinstance(change, Key):
                need(change.id not in self.keys, "the key is enrolled already")

            def apply():
                del self.proposals[position]
                if isinstance(change, Key):
                    self.keys[change.id] = change
                elif change in self.keys:
                    self.keys[change].revoked = True
            return apply
        if entry["kind"] == "person.leave":
            leaver = text_member(entry["args"], "person")

            def leave():
                for key in self.keys.values():
                    if key.person == leaver:
                        key.revoked = True
            return leave
        return None

    def authenticate(self, seq, entry, entry_id, sig, void):
        need(entry["journal"] == self.id, "belongs to another journal")
        need(entry["suite"] == self.suite, "belongs to another suite")
        founding = entry["kind"] == "found" and not void
        need((seq == 1) == founding, "a journal is founded by its first entry and only by that")
        keys = self.found(entry) if founding else self.keys
        change = None if founding or void else self.key_changes(seq, entry)
        key = keys.get(bytes.fromhex(entry["key"]))
        need(key, "the signing key is not enrolled")
        need(not key.revoked, "the signing key was revoked")
        need(key.person == entry["actor"], "the signing key belongs to another person")
        need(key.verify(b"entry/1\0" + entry_id, sig), "the signature does not fit")
        need(entry["dseq"] == key.dseq + 1, "the key's counter does not continue")
        need(entry["dprev"] == key.last.hex(), "the key's previous entry is another")
        seen = entry["seen"]
        need(seen["seq"] < seq, "claims to have seen what was not there")
        need(seen["chain"] == self.chains[seen["seq"]].hex(), "the author saw another history")
        need(entry["base"] is None or entry["base"] < seq, "the base is not an earlier position")

        def accept():
            self.keys = keys
            if change:
                change()
            key.dseq, key.last = key.dseq + 1, entry_id
        return accept

    def push(self, row):
        seq = len(self.chains)
        members(row, "seq recorded_at entry sig chain eff verdict", "row")
        need(is_u64(row["seq"]) and row["seq"] == seq, "another position stands here")
        need(is_int(row["recorded_at"], self.recorded_at, 2**63), "recorded before its predecessor")
        need(isinstance(row["entry"], str), "entry is not a string")
        need(row["verdict"] is None or isinstance(row["verdict"], str), "verdict")
        text, sig, verdict = row["entry"], unbase64(row["sig"], "sig"), row["verdict"]
        check_tree(text)
        entry_id = self.hash(b"entry/1\0" + text.encode())
        chain, eff = unhex(row["chain"], 32, "chain"), unhex(row["eff"], 32, "eff")
        accept = lambda: None
        if verdict is None or not verdict.startswith("entry."):
            entry = parse_entry(text)
            accept = self.authenticate(seq, entry, entry_id, sig, verdict is not None)
        else:
            try:
                entry = parse_entry(text)
            except Bad:
                entry = {"bodies": []}
        leaf = struct.pack(">Qq", seq, row["recorded_at"]) + entry_id + self.hash(b"sig/1\0" + sig)
        need(chain == self.hash(b"chain/1\0" + self.chains[-1] + leaf), "the chain is broken")
        if verdict is not None:
            rule = verdict.encode()
            void = b"\0" + struct.pack(">Q", 4) + b"void" + struct.pack(">Q", len(rule)) + rule
            need(eff == self.hash(b"eff/1\0" + self.eff + void), "the effect of a void entry is wrong")
        accept()
        self.chains.append(chain)
        self.eff, self.recorded_at = eff, row["recorded_at"]
        self.bodies.update({body["id"]: body["len"] for body in entry["bodies"]})
        self.append_leaf(self.hash(b"\0" + leaf))
        for note in self.expected.pop(seq, []):
            self.compare(note)

    def append_leaf(self, node):
        """Keeps (size, root) of the complete subtrees, largest first."""
        size = 1
        while self.peaks and self.peaks[-1][0] == size:
            node, size = self.hash(b"\1" + self.peaks.pop()[1] + node), size * 2
        self.peaks.append((size, node))

    def root(self):
        if not self.peaks:
            return self.hash(b"")
        node = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            node = self.hash(b"\1" + left + node)
        return node

    def compare(self, note):
        need(note.chain == self.chains[-1], "the chain differs from the checkpoint")
        need(note.root == self.root(), "the root differs from the checkpoint")
        need(note.eff == self.eff, "the effect differs from the checkpoint")

    def expect(self, note):
        need(note.journal == self.id and note.suite == self.suite, "a checkpoint of another journal")
        head = len(self.chains) - 1
        need(note.seq >= head, "a checkpoint below an entry later than its own")
        if note.seq == head:
            self.compare(note)
        else:
            self.expected.setdefault(note.seq, []).append(note)

    def body(self, line):
        members(line, "body salt data", "body")
        data, salt = unbase64(line["data"], "data"), unhex(line["salt"], 32, "salt")
        body_id = unhex(line["body"], 32, "body")
        need(self.bodies.get(line["body"]) == len(data), "no entry above committed to this body")
        need(self.hash(b"body/1\0" + salt + data) == body_id, "not the body the entry committed to")


def verify(lines, kept):
    place = "line 1"
    try:
        need(lines and lines[0].startswith('{"format":'), "no header")
        journal = Journal(strict_json(lines[0]))
        for text in kept:
            place = "the checkpoint you gave"
            journal.expect(Note(text))
        for number, text in enumerate(lines[1:], 2):
            place = f"line {number}"
            line = strict_json(text)
            if text.startswith('{"seq":'):
                place += f", entry {len(journal.chains)}"
                journal.push(line)
            elif text.startswith('{"body":'):
                journal.body(line)
            elif text.startswith('{"checkpoint":'):
                members(line, "checkpoint", "checkpoint")
                check_tree(line)
                note = Note(text_member(line, "checkpoint"))
                journal.expect(note)
                journal.notes.append((place, note))
            else:
                raise Bad("neither entry, body nor checkpoint")
        place = f"entry {len(journal.chains)}"
        need(not journal.expected, "the journal once had this entry and now ends before it")
        for place, note in journal.notes:
            need(any(note.signed_by(key) for key in journal.keys.values()), "no enrolled key signed this")
    except Bad as reason:
        return False, f"{place}: {reason}"
    return True, f"ok {len(journal.chains) - 1} entries"


def main(args):
    kept = []
    while "--checkpoint" in args[:-1]:
        at = args.index("--checkpoint")
        with open(args[at + 1], encoding="utf-8") as file:
            kept.append(file.read())
        del args[at:at + 2]
    if len(args) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(args[0], "rb") as file:
            lines = file.read().decode("utf-8").split("\n")
    except UnicodeDecodeError:
        print("the file is not UTF-8")
        return 1
    if lines[-1] == "":
        lines.pop()
    good, message = verify(lines, kept)
    print(message)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
