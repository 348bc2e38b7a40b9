"""The Merkle tree of RFC 6962 (RFC 9162 2.1): roots, inclusion proofs and consistency proofs.

Only hashes of complete subtrees are kept, by (level, number): leaves are level 0, and node (n, i) covers leaves i·2ⁿ up to
(i+1)·2ⁿ. They never change once made, so appending needs only the peaks, one for each bit in the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()


class Place(NamedTuple):
    """Where a complete subtree is."""

    level: int
    number: int


def leaf_hash(data: bytes) -> bytes:
    """RFC 9162 2.1.1: `SHA256(0x00 ‖ data)`."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1: `SHA256(0x01 ‖ left ‖ right)`."""
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[Place]:
    """The complete subtrees that make up a tree of `size` leaves, smallest first."""
    return [Place(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1]


class Tree:
    """A tree of `size` leaves. `nodes` holds at least its peaks; proofs need all complete subtrees."""

    def __init__(self, size: int = 0, nodes: dict[Place, bytes] | None = None) -> None:
        self.size = size
        self.nodes = nodes if nodes is not None else {}

    def append(self, data: bytes) -> list[Place]:
        """Add a leaf; returns the places of the subtrees that became complete."""
        place, hash_ = Place(0, self.size), leaf_hash(data)
        made = [place]
        self.nodes[place] = hash_
        while place.number & 1:
            hash_ = node_hash(self.nodes[Place(place.level, place.number - 1)], hash_)
            place = Place(place.level + 1, place.number >> 1)
            self.nodes[place] = hash_
            made.append(place)
        self.size += 1
        return made

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (all of them when not given)."""
        first, *others = [self.nodes[place] for place in peaks(self._within(size))] or [EMPTY_ROOT]
        for larger in others:
            first = node_hash(larger, first)
        return first

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf `index` is in the tree of `size` leaves (RFC 9162 2.1.3.1). Raises `ValueError` when it isn't."""
        return [self.subtree(*part) for part in inclusion_parts(index, self._within(size))]

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the tree of `old` leaves is the beginning of that of `new` (RFC 9162 2.1.4.1).

        Raises `ValueError` unless 0 < old <= new <= size.
        """
        return [self.subtree(*part) for part in consistency_parts(old, self._within(new))]

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError("the tree is not that large")
        return size

    def subtree(self, low: int, high: int) -> bytes:
        """The root over leaves `low` up to `high`: of its complete subtrees, from the smallest on."""
        last, *others = [self.nodes[place] for place in places(low, high)]
        for larger in others:
            last = node_hash(larger, last)
        return last


def inclusion_parts(index: int, size: int) -> list[tuple[int, int]]:
    """From which to which leaf each hash of an inclusion proof goes, in the order of the proof. Raises `ValueError` for no such leaf."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    parts, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            parts.append((middle, high))
            high = middle
        else:
            parts.append((low, middle))
            low = middle
    return parts[::-1]


def consistency_parts(old: int, new: int) -> list[tuple[int, int]]:
    """The same for a consistency proof. Raises `ValueError` unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError("the older tree must have leaves, and not more than the newer")
    parts, low, high = [], 0, new
    while high > old:
        middle = low + _split(high - low)
        if old <= middle:
            parts.append((middle, high))
            high = middle
        else:
            parts.append((low, middle))
            low = middle
    return ([] if low == 0 else [(low, high)]) + parts[::-1]


def places(low: int, high: int) -> list[Place]:
    """The complete subtrees over leaves `low` up to `high`, smallest first; `low` as the parts of a proof have it."""
    return [Place(place.level, place.number + (low >> place.level)) for place in peaks(high - low)]


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << (width - 1).bit_length() - 1


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Is the leaf with this hash at `index` in the tree with this size and root? (RFC 9162 2.1.3.2)"""
    if not 0 <= index < size:
        return False
    at, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hash_ = node_hash(sibling, hash_)
            at, last = _up_to_right_child(at, last)
        else:
            hash_ = node_hash(hash_, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hash_ == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Is the tree (old, old_root) the beginning of the tree (new, new_root)? (RFC 9162 2.1.4.2)"""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return _walk(at, last, path, old_root, new_root)


def _walk(at: int, last: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    old_hash = new_hash = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_hash, new_hash = node_hash(sibling, old_hash), node_hash(sibling, new_hash)
            at, last = _up_to_right_child(at, last)
        else:
            new_hash = node_hash(new_hash, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old_hash == old_root and new_hash == new_root


def _up_to_right_child(at: int, last: int) -> tuple[int, int]:
    """Skip the levels where the node is a left child without a sibling."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last
