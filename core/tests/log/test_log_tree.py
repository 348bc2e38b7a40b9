"""The tree against the vectors of RFC 6962 (certificate-transparency's merkletree tests) and against its own definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.log import verify
from wijkwerk.log.tree import EMPTY_ROOT, Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion

LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def planted(leaves: list[bytes]) -> Tree:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def defined_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(defined_root(leaves[:k]), defined_root(leaves[k:]))


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_known_vectors(size: int) -> None:
    assert planted(LEAVES[:size]).root().hex() == ROOTS[size - 1]
    assert planted(LEAVES).root(size).hex() == ROOTS[size - 1]


def test_the_proofs_are_those_of_the_known_vectors() -> None:
    tree = planted(LEAVES)
    assert [p.hex() for p in tree.inclusion(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [p.hex() for p in tree.consistency(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_appending_gives_the_root_of_the_definition(leaves: list[bytes]) -> None:
    assert planted(leaves).root() == defined_root(leaves)


@given(st.integers(1, 70), st.data())
def test_every_leaf_can_be_proved_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = [b"%d" % number for number in range(size)]
    tree, index = planted(leaves), data.draw(st.integers(0, size - 1))
    proof, leaf, root = tree.inclusion(index), leaf_hash(leaves[index]), tree.root()
    assert verify_inclusion(leaf, index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, [*proof, root], root)
    assert not verify_inclusion(leaf, size, size, proof, root)
    if proof:
        assert not verify_inclusion(leaf, index, size, proof[:-1], root)


@given(st.integers(1, 70), st.data())
def test_who_makes_proofs_and_who_verifies_them_share_no_code_and_agree(size: int, data: st.DataObject) -> None:
    """On good proofs, and on whatever else: verify.py has the algorithms of RFC 9162 on its own."""
    tree, index, old = planted([b"%d" % number for number in range(size)]), data.draw(st.integers(0, size)), data.draw(st.integers(1, size))
    hashes = [leaf_hash(b"%d" % number) for number in range(3)] + [tree.root(), tree.root(old)]
    for proof in (tree.inclusion(min(index, size - 1)), tree.consistency(old), data.draw(st.lists(st.sampled_from(hashes), max_size=7))):
        leaf = leaf_hash(b"%d" % min(index, size - 1))
        assert verify.bewezen(leaf, index, size, proof, tree.root()) == verify_inclusion(leaf, index, size, proof, tree.root())
        asked = (old, size, tree.root(old), tree.root(), proof)
        assert verify.vervolgt(*asked) == verify_consistency(*asked)
        assert not verify.vervolgt(size + 1, size, tree.root(), tree.root(), proof)
    assert verify.bewezen(leaf_hash(b"0"), 0, size, tree.inclusion(0), tree.root())
    assert verify.vervolgt(0, size, EMPTY_ROOT, tree.root(), [])
    assert not verify.vervolgt(0, size, tree.root(), tree.root(), [])


@pytest.mark.parametrize("size", range(9))
def test_the_verifier_grows_the_tree_of_the_known_vectors(size: int) -> None:
    boom = verify.Boom()
    for leaf in LEAVES[:size]:
        boom.add(leaf_hash(leaf))
    assert boom.root().hex() == ([EMPTY_ROOT.hex(), *ROOTS])[size]


@given(st.integers(1, 70), st.data())
def test_an_older_tree_is_proved_to_be_the_beginning_and_another_is_not(size: int, data: st.DataObject) -> None:
    tree, old = planted([b"%d" % number for number in range(size)]), data.draw(st.integers(1, size))
    proof, before, now = tree.consistency(old), tree.root(old), tree.root()
    assert verify_consistency(old, size, before, now, proof)
    assert not verify_consistency(old, size, leaf_hash(b"other"), now, proof)
    assert not verify_consistency(old, size, before, leaf_hash(b"other"), proof)
    assert not verify_consistency(old, size, before, now, [*proof, now])
    assert not verify_consistency(0, size, before, now, proof)
    if proof:
        assert not verify_consistency(old, size, before, now, proof[:-1])
        assert not verify_consistency(old, size, before, now, [])


@pytest.mark.parametrize("call", [lambda t: t.inclusion(8), lambda t: t.inclusion(0, 9), lambda t: t.consistency(0), lambda t: t.root(-1)])
def test_a_proof_outside_the_tree_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match=r"tree|leaf"):
        call(planted(LEAVES))  # type: ignore[operator]
