"""How long opened keys stay in memory, and who else can look there."""

from __future__ import annotations

import ctypes
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.crypto.cache import Cache
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.hardening import PR_SET_DUMPABLE, harden_process
from wijkwerk.crypto.wrapping import rewrap, unwrap, wiped, wrap_new

PR_GET_DUMPABLE = 3


class Ticks:
    """A clock that is set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def cache(ticks: Ticks) -> Cache[str, int]:
    return Cache(60, 2, ticks)


def test_a_value_is_gone_after_its_time_also_when_it_was_used(cache: Cache[str, int], ticks: Ticks) -> None:
    cache.put("a", 1)
    ticks.now = 59.9
    assert cache.get("a") == 1
    ticks.now = 60
    assert cache.get("a") is None
    assert len(cache) == 0


def test_putting_again_does_not_lengthen_the_time(cache: Cache[str, int], ticks: Ticks) -> None:
    cache.put("a", 1)
    ticks.now = 59
    cache.put("a", 2)
    assert cache.get("a") == 1
    ticks.now = 60
    assert cache.get("a") is None


def test_the_least_recently_used_goes_first_when_it_is_full(cache: Cache[str, int]) -> None:
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    assert len(cache) == 2


def test_what_was_evicted_is_not_kept_again_until_its_time_is_over(cache: Cache[str, int], ticks: Ticks) -> None:
    cache.put("a", 1)
    cache.evict("a")
    cache.put("a", 1)
    assert cache.get("a") is None
    ticks.now = 30
    cache.evict("b")
    cache.evict("a")
    ticks.now = 89.9
    cache.put("a", 1)
    assert cache.get("a") is None
    ticks.now = 90
    cache.put("a", 1)
    assert cache.get("a") == 1


def test_what_was_evicted_twice_does_not_keep_another_out_longer(cache: Cache[str, int], ticks: Ticks) -> None:
    for ticks.now, key in ((0, "a"), (10, "b"), (50, "a")):
        cache.evict(key)
    ticks.now = 70
    cache.put("a", 1)
    cache.put("b", 2)
    assert (cache.get("a"), cache.get("b")) == (None, 2)


def test_what_was_dropped_and_put_again_does_not_keep_another_in_longer(cache: Cache[str, int], ticks: Ticks) -> None:
    for ticks.now, key in ((0, "a"), (10, "b"), (20, "c"), (50, "a")):
        cache.put(key, 1)
    ticks.now = 80
    assert (cache.get("c"), cache.get("a"), len(cache)) == (None, 1, 1)


def test_many_threads_never_exceed_the_size() -> None:
    cache: Cache[int, int] = Cache(60, 10)

    def work(start: int) -> int:
        for key in range(start, start + 500):
            cache.put(key % 50, key)
            cache.get(key % 40)
            cache.evict(key % 7)
        return len(cache)

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, range(8))) <= 10


def test_a_secret_is_zeros_after_use_also_after_an_error() -> None:
    secret, other = bytearray(b"geheim"), bytearray(b"geheim")
    with wiped(secret) as lent:
        assert bytes(lent) == b"geheim"
    with pytest.raises(KeyError), wiped(other):
        raise KeyError
    assert secret == other == bytearray(6)


def test_a_wrapped_key_is_itself_again_and_new_each_time() -> None:
    kek = AESGCM(bytes(32))
    one, other = wrap_new(kek, b"hier"), wrap_new(kek, b"hier")
    sealed = unwrap(kek, one, b"hier").encrypt(bytes(12), b"geheim", None)
    assert unwrap(kek, one, b"hier").decrypt(bytes(12), sealed, None) == b"geheim"
    assert unwrap(kek, other, b"hier").encrypt(bytes(12), b"geheim", None) != sealed
    assert len(one) == 60


def test_wrapped_keys_are_the_same_keys_under_another_and_what_does_not_open_is_none() -> None:
    old, new = AESGCM(bytes(32)), AESGCM(b"n" * 32)
    wrapped = [(wrap_new(old, context), context) for context in (b"hier", b"daar")]
    again = rewrap(old, new, [*wrapped, (wrapped[0][0], b"daar"), (b"", b"hier")])
    assert again[2:] == [None, None]
    for (blob, context), anew in zip(wrapped, again[:2], strict=True):
        assert anew is not None
        assert anew[:12] != blob[:12]
        sealed = unwrap(old, blob, context).encrypt(bytes(12), b"geheim", None)
        assert unwrap(new, anew, context).decrypt(bytes(12), sealed, None) == b"geheim"


@pytest.mark.parametrize("cut", [0, 5, 12, 28, 59, 61])
def test_a_wrapped_key_of_another_length_is_forged(cut: int) -> None:
    kek = AESGCM(bytes(32))
    with pytest.raises(Vervalst):
        unwrap(kek, (wrap_new(kek, b"") + b"x")[:cut], b"")


@pytest.fixture
def dumpable_again() -> Iterator[None]:
    yield
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
@pytest.mark.usefixtures("dumpable_again")
def test_a_hardened_process_leaves_no_core_and_can_not_be_attached_to() -> None:
    assert harden_process() == ("RLIMIT_CORE", "PR_SET_DUMPABLE")
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    assert ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_a_refusal_of_the_kernel_is_not_reported_as_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wijkwerk.crypto.hardening.PR_SET_DUMPABLE", 10**6)
    assert harden_process() == ("RLIMIT_CORE",)


def test_on_another_system_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert harden_process() == ()
