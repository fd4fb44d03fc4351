#!/usr/bin/env python3
"""Verifies an export of Qianfa against its certificate. Written from docs/exports.md; standard library
only, with verify_journal.py beside it for hashes, signatures and entries.

    verify_export.py FILE [--certificate FILE.cert] [--key KEYS]

KEYS is the output of `qianfa publish key` or any file with lines `login suite base64-key`. Prints
`ok N rows` (status 0) or what is wrong (status 1).
"""

import csv
import hashlib
import json
import os
import re
import struct
import sys
from datetime import datetime, timezone, timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verify_journal import Bad, Key, Note, members, need, parse_entry, strict_json, unbase64, unhex, is_u64


def signed_note(text):
    """The text of a signed note and its signature lines."""
    body, blank, lines = text.rpartition("\n\n")
    need(blank and lines.endswith("\n"), "not a signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        form = re.fullmatch(rf"\u2014 ({Note.NAME}) (\S+)", line)
        need(form, "malformed signature line")
        signatures.append((form[1], unbase64(form[2], "signature")))
    return body + "\n", signatures


def signed_by(text, signatures, key, login):
    return any(
        name == login
        and raw[:4] == key.hash(name.encode() + b"\n" + key.algorithm + key.point)[:4]
        and key.verify(text.encode(), raw[4:])
        for name, raw in signatures)


class Proof:
    def __init__(self, value):
        members(value, "size run leaves nodes" if "run" in value else "size leaves nodes", "proof")
        need(is_u64(value["size"]) and isinstance(value["leaves"], list) and value["leaves"], "proof")
        self.size, self.leaves, self.run = value["size"], {}, value.get("run", 0)
        need(is_u64(self.run) and ("run" not in value or self.run > 0), "run")
        for leaf in value["leaves"]:
            need(isinstance(leaf, list) and len(leaf) == 4 and is_u64(leaf[0]) and isinstance(leaf[1], int), "leaf")
            seq, at, entry, sig = leaf[0], leaf[1], unhex(leaf[2], 32, "entry"), unhex(leaf[3], 32, "signature")
            need(self.run < seq <= self.size and (not self.leaves or seq > next(reversed(self.leaves))), "leaves not in order")
            self.leaves[seq] = (at, entry, sig)
        self.nodes = [unhex(node, 32, "node") for node in value["nodes"]]

    def root(self, hash_, first):
        """Roots of subtrees without a wanted leaf are given, subtrees of the first entries alone are
        worked out from the rows (`first`, their roots from left to right), the rest from those
        (RFC 6962)."""
        nodes, wanted, peaks = iter(self.nodes), list(self.leaves), iter(first)

        def walk(low, size, first, last):
            if low + size <= self.run:
                node = next(peaks, None)
                need(node is not None, "the rows are too few for the proof")
                return node
            if first == last and low >= self.run:
                node = next(nodes, None)
                need(node is not None, "the proof is too short")
                return node
            if size == 1:
                at, entry, sig = self.leaves[wanted[first]]
                need(last - first == 1, "leaves not in order")
                return leaf(hash_, wanted[first], at, entry, sig)
            half = 1 << ((size - 1).bit_length() - 1)
            middle = first
            while middle < last and wanted[middle] <= low + half:
                middle += 1
            left = walk(low, half, first, middle)
            right = walk(low + half, size - half, middle, last)
            return hash_(b"\1" + left + right)

        root = walk(0, self.size, 0, len(wanted))
        need(next(nodes, None) is None and next(peaks, None) is None, "the proof is too long")
        return root


def leaf(hash_, seq, at, entry, sig):
    return hash_(b"\0" + struct.pack(">Qq", seq, at) + entry + sig)


def run_of(hash_, rows):
    """Roots of the full subtrees that the first entries of a journal make, from left to right."""
    peaks = []
    for count, (seq, at, entry, sig) in enumerate(rows, 1):
        need(seq == count, f"row {count} is not the entry {count}")
        node = leaf(hash_, seq, at, entry, sig)
        while count % 2 == 0:
            node, count = hash_(b"\1" + peaks.pop() + node), count // 2
        peaks.append(node)
    return peaks


def micros(text):
    form = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    need(form, f"not an instant: {text}")
    zone = timezone.utc
    if form[4] != "Z":
        hours, minutes = form[4][1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(-offset if form[4][0] == "-" else offset)
    at = datetime.strptime(f"{form[1]} {form[2]}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
    seconds = (at - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
    return seconds * 1_000_000 + int((form[3] or "0").ljust(6, "0")[:6])


def rows(path, cert, hash_):
    """Position and instant of each row, with entry id and hash of the signature in the audit trail and
    the journal; None where the format is taken by its hash alone."""
    def hashed(entry, sig):
        return (unhex(entry, 32, "entry"), unhex(sig, 32, "signature")) if cert["basis"] == "journal" else ()

    if cert["what"] == "journal":
        with open(path, encoding="utf-8", newline="\n") as file:
            lines = [strict_json(line) for line in file]
        return [(line["seq"], line["recorded_at"], hash_(b"entry/1\0" + line["entry"].encode()),
                 hash_(b"sig/1\0" + unbase64(line["sig"], "signature"))) for line in lines if "entry" in line]
    if cert["format"] not in ("csv", "jsonl"):
        return None
    if cert["format"] == "csv":
        csv.field_size_limit(1 << 30)
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            next(lines, None)
            return [(int(line[0]), micros(line[1]), *hashed(line[9] if len(line) > 9 else "",
                                                            line[11] if len(line) > 11 else ""))
                    for line in lines]
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = [json.loads(line) for line in file]
    return [(line["seq"], micros(line.get("at") or line["recorded_at"]),
             *hashed(line.get("entry_id", ""), line.get("signature", ""))) for line in lines]


CERTIFICATE = ("v what format query file rows bytes sha256 by key journal suite seq entry sig checkpoint"
               " basis proof")


def verify(path, certificate, pins):
    with open(certificate, encoding="utf-8", newline="\n") as file:
        text, signatures = signed_note(file.read())
    origin, _, line = text.partition("\n")
    cert = strict_json(line)
    members(cert, CERTIFICATE, "certificate")
    need(cert["v"] == 2 and origin == f"qianfa/{cert['journal']}/export", "not a certificate of an export")
    key = Key(cert["suite"], cert["key"], cert["by"])
    need(signed_by(text, signatures, key, cert["by"]), "the certificate is not signed by the key it names")
    if pins is not None:
        need((cert["by"], cert["suite"], cert["key"]) in pins, "the key is not one of those expected")

    with open(path, "rb") as file:
        data = file.read()
    need(len(data) == cert["bytes"] and hashlib.sha256(data).hexdigest() == cert["sha256"],
         "the file is not the one that was certified")

    note = Note(cert["checkpoint"])
    need(note.journal == cert["journal"] and note.suite == cert["suite"], "a checkpoint of another journal")
    need(note.signed_by(key), "the checkpoint is not signed by the same key")

    place = cert["proof"]
    if "file" in place:
        name = place["file"]["name"]
        need(name == os.path.basename(name), "the proof lies elsewhere")
        with open(os.path.join(os.path.dirname(certificate), name), "rb") as file:
            raw = file.read()
        need(hashlib.sha256(raw).hexdigest() == place["file"]["sha256"], "another proof")
        proof = Proof(strict_json(raw.decode()))
    else:
        proof = Proof(place["here"])
    found = rows(path, cert, key.hash)
    need(cert["basis"] in ("entries", "journal", "last") and (cert["basis"] == "journal") == (proof.run > 0),
         "another basis")
    first = run_of(key.hash, found) if cert["basis"] == "journal" else []
    need(proof.run == (len(found) if cert["basis"] == "journal" else 0), "another number of rows")
    need(proof.size == note.seq and proof.root(key.hash, first) == note.root, "the proof does not lead to the checkpoint")

    need(cert["seq"] in proof.leaves, "the export itself is not proved")
    _, entry_id, sig_hash = proof.leaves[cert["seq"]]
    raw, sig = cert["entry"].encode(), unbase64(cert["sig"], "signature")
    need(key.hash(b"entry/1\0" + raw) == entry_id and key.hash(b"sig/1\0" + sig) == sig_hash, "another entry")
    need(key.verify(b"entry/1\0" + entry_id, sig), "the entry is not signed by the same key")
    entry = parse_entry(cert["entry"])
    need(entry["kind"] == "export" and entry["key"] == key.id.hex() and entry["journal"] == cert["journal"]
         and entry["args"]["what"] == cert["what"] and entry["args"]["sha256"] == cert["sha256"] and entry["args"]["rows"] == cert["rows"],
         "the entry does not record this export")

    if found is not None:
        need(len(found) == cert["rows"], "another number of rows")
        for seq, at in found if cert["basis"] == "entries" else []:
            need(seq in proof.leaves and proof.leaves[seq][0] == at, f"the row of entry {seq} is not proved")
    return cert["rows"]


def main(args):
    path, certificate, pins = None, None, None
    while args:
        arg = args.pop(0)
        if arg == "--certificate":
            certificate = args.pop(0)
        elif arg == "--key":
            with open(args.pop(0), encoding="utf-8") as file:
                lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
            pins = {tuple(words) for words in lines}
        else:
            path = arg
    if path is None:
        sys.exit(__doc__)
    try:
        count = verify(path, certificate or path + ".cert", pins)
    except (Bad, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"bad: {error}")
        return 1
    print(f"ok {count} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
