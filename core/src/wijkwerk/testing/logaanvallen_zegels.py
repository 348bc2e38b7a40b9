"""Attacks on what binds entries: streams, heads, segments, checkpoints and what witnesses put under these."""

from __future__ import annotations

from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .logaanvallen import Spoor, attack, edit, flipped, flipped64, held, rechain
from .logherteken import certify, sign_head
from .logverificatie import STRANGER, Lines, Log


@attack
def change_a_head(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, "kop", 1)
    name = rnd.choice(["seq", "hash", "handtekening"])
    old = stream.head[name]
    stream.head[name] = old + rnd.randrange(1, 9) if name == "seq" else flipped(old, rnd) if name == "hash" else flipped64(old, rnd)
    return Spoor(stream.place)


@attack
def change_a_key_or_certificate(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream, name = held(lines, rnd, "kop", 1), rnd.choice(["sleutel", "certificaat"])
    stream.first[name] = flipped64(stream.first[name], rnd)
    return Spoor(stream.place)


@attack
def call_a_stream_closed_or_open(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, least=1)
    stream.first["gesloten"] = not stream.first["gesloten"]
    return Spoor(stream.place)


@attack
def change_a_segment(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, "segment", 1)
    line = lines[rnd.choice(stream.at("segment"))]
    name = rnd.choice(["eerste", "laatste", "vorige", "hash", "wortel", "periode"])
    if name in ("eerste", "laatste"):
        line[name] += rnd.choice([-1, 1])
    else:
        line[name] = rnd.choice(["2027-03", "2020-01"]) if name == "periode" else flipped(line[name], rnd)
    gone = not stream.at("regel") and name in ("hash", "wortel", "periode")
    return Spoor("checkpoint" if gone else stream.place)


@attack
def number_a_segment_anew(lines: Lines, rnd: Random, log: Log) -> Spoor:
    line = lines[rnd.choice(held(lines, rnd, "segment", 1).at("segment"))]
    blad, line["blad"] = line["blad"], rnd.choice([99, 2**27, 2**60])
    return Spoor(f"segment {blad}")


@attack
def swap_two_segments(lines: Lines, rnd: Random, log: Log) -> Spoor:
    one, other = rnd.sample([line for line in lines if line["soort"] == "segment"], 2)
    one["blad"], other["blad"] = other["blad"], one["blad"]
    return Spoor("checkpoint")


@attack
def remove_a_segment(lines: Lines, rnd: Random, log: Log) -> Spoor:
    at = rnd.choice([at for at, line in enumerate(lines) if line["soort"] == "segment"])
    return Spoor(f"segment {lines.pop(at)['blad']}")


@attack
def change_a_checkpoint(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """Not who a witness says to be: what an unknown witness says is left alone."""
    line = rnd.choice([line for line in lines if line["soort"] == "checkpoint"])
    end = line["note"].find("\n— getuige.")
    at = rnd.randrange(len(line["note"]) if end < 0 else end + 1)
    line["note"] = line["note"][:at] + chr(ord(line["note"][at]) ^ 1) + line["note"][at + 1 :]
    return Spoor("checkpoint")


@attack
def change_a_confirmation(lines: Lines, rnd: Random, log: Log) -> Spoor:
    line = rnd.choice([line for line in lines if "— getuige." in line.get("note", "")])
    before, _, signature = line["note"].rstrip("\n").rpartition(" ")
    line["note"] = f"{before} {flipped64(signature, rnd, after=4)}\n"
    return Spoor("checkpoint")


@attack
def move_a_confirmation(lines: Lines, rnd: Random, log: Log) -> Spoor:
    confirmed = [line for line in lines if "— getuige." in line.get("note", "")]
    _, mark, signature = rnd.choice(confirmed)["note"].partition("— getuige.")
    line = rnd.choice([line for line in lines if line["soort"] == "checkpoint" and line not in confirmed])
    line["note"] += mark + signature
    return Spoor("checkpoint")


@attack
def remove_all_confirmations(lines: Lines, rnd: Random, log: Log) -> Spoor:
    for line in lines:
        if "note" in line:
            line["note"] = line["note"].partition("— getuige.")[0]
    return Spoor("getuige getuige.example/1")


@attack
def remove_the_newest_checkpoints(lines: Lines, rnd: Random, log: Log) -> Spoor:
    del lines[-1 - rnd.randrange(1, 7) : -1]
    return Spoor("laatste checkpoint")


@attack
def cut_at_the_edge_of_a_segment(lines: Lines, rnd: Random, log: Log) -> Spoor:
    """Everything of a stream after one of its segments, and the checkpoints that know better."""
    stream = held(lines, rnd, "segment", 2)
    edge = rnd.choice(stream.at("segment")[:-1])
    stream.head.update(seq=lines[edge]["laatste"], hash=lines[edge]["hash"])
    next_leaf = lines[stream.at("segment")[stream.at("segment").index(edge) + 1]]["blad"]
    place = stream.place
    del lines[edge + 1 : stream.at("kop")[0]]
    lines[:] = [line for line in lines if line["soort"] != "checkpoint" or line["omvang"] <= next_leaf]
    return Spoor(place)


@attack
def remove_a_stream(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, "kop", 1)
    blad = lines[stream.at("segment")[0]]["blad"]
    del lines[stream.start : stream.end]
    return Spoor(f"segment {blad}")


@attack
def remove_a_stream_and_number_segments_anew(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, "kop", 1)
    del lines[stream.start : stream.end]
    for number, line in enumerate(sorted((line for line in lines if line["soort"] == "segment"), key=lambda line: int(line["blad"]))):
        line["blad"] = number
    return Spoor("checkpoint")


@attack
def call_it_another_kind_of_stream(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream = held(lines, rnd, "kop", 1)
    stream.first["streamsoort"] = "INZAGE" if "streamsoort" in stream.first else "AANMELDING"
    return Spoor(stream.place)


@attack
def sign_with_a_strangers_key(lines: Lines, rnd: Random, log: Log) -> Spoor:
    stream, key = held(lines, rnd), Ed25519PrivateKey.from_private_bytes(rnd.randbytes(32))
    edit(lines[rnd.choice(stream.at("regel"))], actie="X")
    certify(stream.first, key, STRANGER)
    rechain(stream, renumber=True)
    sign_head(stream.head, stream.first["id"], key)
    return Spoor(stream.place)
