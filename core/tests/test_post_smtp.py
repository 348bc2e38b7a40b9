"""One mail to a real mail server: never without verified TLS, and what each answer means."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wijkwerk.errors import OpstartFout
from wijkwerk.post.smtp import Antwoord, Mailserver, Uitslag
from wijkwerk.post.smtp_verbinding import Onbereikbaar, Toegang
from wijkwerk.settings import Postinstellingen, Smtp
from wijkwerk.testing.mailserver import HOST, VERBREEK, Gedrag, Proefserver, Stap

pytestmark = pytest.mark.anyio
VAN, AAN = "bounce@wijk.example", "mevrouw.moulin@post.example"
MAIL = "Message-ID: <1@wijk.example>\nTo: mevrouw.moulin@post.example\n\nBeste mevrouw,\n.\n..punten\r\ren een losse\n"
NIET, LATER = Uitslag.GEWEIGERD, Uitslag.LATER


def post(port: int, **smtp: Any) -> Postinstellingen:
    return Postinstellingen(
        afzender_adres="team@wijk.example", smtp=Smtp.model_validate({"host": HOST, "port": port, "timeout": 10} | smtp)
    )


def klant(server: Proefserver, **smtp: Any) -> Mailserver:
    security = "tls" if server.security == "tls" else "starttls"
    return Mailserver(Toegang.van(post(server.port, **{"ca_file": server.ca, "security": security} | smtp)))


async def waarom_niet(mailserver: Mailserver) -> str:
    """The code of a server that takes no mail now."""
    with pytest.raises(Onbereikbaar) as refused:
        await mailserver.stuur(VAN, AAN, MAIL)
    return refused.value.code


def zegt(wat: str, *antwoorden: str | None) -> Gedrag:
    """A server that answers so at this step, one after another, and then takes everything."""
    rest = list(antwoorden)
    return lambda stap: rest.pop(0) if stap.wat == wat and rest else None


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_mail_arrives_as_it_is_over_one_connection(tmp_path: Path, security: Any) -> None:
    with Proefserver(tmp_path, security=security).draai() as server:
        mailserver = klant(server)
        answers = [await mailserver.stuur(VAN, AAN, MAIL) for _ in range(3)]
        await mailserver.sluit()
        await mailserver.sluit()
        assert answers == [Antwoord(Uitslag.AANGENOMEN, "250/2.0.0")] * 3
        assert len(server.sessies) == 1
        for got in server.ontvangen:
            assert (got.van, got.aan) == (VAN, AAN)
            assert got.inhoud == MAIL.replace("\r\r", "\n\n").replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("server", "smtp", "code"),
    [
        pytest.param({}, {"ca_file": None}, "TLS", id="a certificate that nobody known signed"),
        pytest.param({"naam": "ander.example"}, {}, "TLS", id="the certificate of another host"),
        pytest.param({"naam": "ander.example", "security": "tls"}, {}, "TLS", id="of another host, TLS at once"),
        pytest.param({"security": "geen"}, {}, "GEEN_STARTTLS", id="no TLS offered"),
        pytest.param({"security": "geen"}, {"security": "tls"}, "TLS", id="no TLS spoken"),
        pytest.param({"login": ("wijk", "geheim")}, {}, "530/5.7.0", id="signing in needed"),
    ],
)
async def test_without_trust_nothing_is_said_about_anybody(tmp_path: Path, server: Any, smtp: Any, code: str) -> None:
    with Proefserver(tmp_path, **server).draai() as other:
        assert await waarom_niet(klant(other, **smtp)) == code
        assert not other.ontvangen
        assert ("RCPT", AAN) not in other.gezegd


async def test_signing_in_with_the_password_of_the_file_and_not_with_another(tmp_path: Path) -> None:
    password = tmp_path / "wachtwoord"
    with Proefserver(tmp_path, login=("wijk", "geheim")).draai() as server:
        password.write_text("geheim\n")
        mailserver = klant(server, username="wijk", password_file=password)
        assert (await mailserver.stuur(VAN, AAN, MAIL)).uitslag is Uitslag.AANGENOMEN
        await mailserver.sluit()
        password.write_text("oud")
        assert await waarom_niet(klant(server, username="wijk", password_file=password)) == "AANMELDEN/535"
        assert len(server.ontvangen) == 1


@pytest.mark.parametrize(
    ("gedrag", "eerst", "sessies"),
    [
        pytest.param(zegt("RCPT", f"550 5.1.1 <{AAN}> is hier onbekend"), (NIET, "550/5.1.1"), 1, id="no such mailbox"),
        pytest.param(zegt("RCPT", "550 onbekend 5.1.1"), (NIET, "550"), 1, id="a code that is only text"),
        pytest.param(zegt("RCPT", "450 4.2.0 Greylisted"), (LATER, "450/4.2.0"), 1, id="greylisting"),
        pytest.param(zegt("RCPT", "554 5.7.1 Relay access denied"), (LATER, "554/5.7.1"), 1, id="policy, perhaps about us"),
        pytest.param(zegt("DATA", "554 5.7.1 Spam"), (NIET, "554/5.7.1"), 1, id="refused for what it says"),
        pytest.param(zegt("DATA", "452 4.3.1 Vol"), (LATER, "452/4.3.1"), 1, id="full"),
        pytest.param(zegt("RCPT", VERBREEK), (LATER, "VERBROKEN"), 2, id="broken before the text"),
        pytest.param(zegt("DATA", VERBREEK), (LATER, "VERBROKEN"), 2, id="the answer lost"),
    ],
)
async def test_what_an_answer_about_one_mail_means(tmp_path: Path, gedrag: Gedrag, eerst: Any, sessies: int) -> None:
    with Proefserver(tmp_path, gedrag=gedrag).draai() as server:
        mailserver = klant(server)
        first, second = [await mailserver.stuur(VAN, AAN, MAIL) for _ in range(2)]
        assert first == Antwoord(*eerst)
        assert second.uitslag is Uitslag.AANGENOMEN
        assert len(server.sessies) == sessies
        await mailserver.sluit()


@pytest.mark.parametrize(
    ("gedrag", "code"),
    [
        pytest.param(zegt("MAIL", "550 5.7.1 Dit adres mag hier niet sturen"), "550/5.7.1", id="our sender refused"),
        pytest.param(zegt("MAIL", "451 4.3.0 Straks"), "451/4.3.0", id="not now"),
        pytest.param(zegt("RCPT", "421 4.3.2 Tot later"), "421/4.3.2", id="closing at the address"),
        pytest.param(zegt("DATA", "421 4.3.2 Tot later"), "421/4.3.2", id="closing after the text"),
    ],
)
async def test_what_is_about_the_server_or_about_us_is_no_mails_fault(tmp_path: Path, gedrag: Gedrag, code: str) -> None:
    with Proefserver(tmp_path, gedrag=gedrag).draai() as server:
        mailserver = klant(server)
        assert await waarom_niet(mailserver) == code
        assert (await mailserver.stuur(VAN, AAN, MAIL)).uitslag is Uitslag.AANGENOMEN
        await mailserver.sluit()


async def test_a_server_that_had_enough_of_a_connection_gets_a_new_one_at_once(tmp_path: Path) -> None:
    with Proefserver(tmp_path, gedrag=zegt("MAIL", None, "421 4.7.0 Te veel op een verbinding", None, VERBREEK)).draai() as server:
        mailserver = klant(server)
        assert [(await mailserver.stuur(VAN, AAN, MAIL)).uitslag for _ in range(3)] == [Uitslag.AANGENOMEN] * 3
        assert len(server.sessies) == 3
        await mailserver.sluit()


async def test_a_server_that_is_not_there_and_one_that_says_nothing() -> None:
    with socket.create_server((HOST, 0)) as silent:
        mailserver = Mailserver(Toegang.van(post(silent.getsockname()[1], timeout=0.2)))
        assert await waarom_niet(mailserver) == "GEEN_VERBINDING"
    assert await waarom_niet(mailserver) == "GEEN_VERBINDING"
    assert mailserver.uiterlijk == pytest.approx(0.6)


async def test_a_server_that_is_silent_about_one_mail_has_it_perhaps(tmp_path: Path) -> None:
    go_on = threading.Event()

    def zwijgt(stap: Stap) -> None:
        if stap.wat == "DATA" and stap.keer == 0:
            go_on.wait(20)

    with Proefserver(tmp_path, gedrag=zwijgt).draai() as server:
        mailserver = klant(server, timeout=0.5)
        assert await mailserver.stuur(VAN, AAN, MAIL) == Antwoord(LATER, "VERBROKEN")
        go_on.set()
        assert (await mailserver.stuur(VAN, AAN, MAIL)).uitslag is Uitslag.AANGENOMEN
        await mailserver.sluit()


@contextmanager
def druppelaar() -> Iterator[int]:
    """A server that keeps talking and never ends its greeting: each answer comes in time, and nothing is said."""
    with socket.create_server((HOST, 0)) as listening:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b"220-welkom\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()


async def test_a_server_that_drips_is_left_when_the_time_of_one_mail_is_over() -> None:
    with druppelaar() as port:
        assert await waarom_niet(Mailserver(Toegang.van(post(port, timeout=0.2)))) == "GEEN_VERBINDING"


@pytest.mark.parametrize(
    ("aan", "mime"),
    [
        ("jos\N{LATIN SMALL LETTER E WITH ACUTE}@post.example", MAIL),
        ("a@b.example> <c@d.example", MAIL),
        ("a@b.example\nRSET", MAIL),
        (AAN, "é"),
    ],
    ids=["an accent", "two addresses", "two lines", "a letter of more than seven bits"],
)
async def test_what_smtp_can_not_say_is_never_said(tmp_path: Path, aan: str, mime: str) -> None:
    with Proefserver(tmp_path).draai() as server:
        assert await klant(server).stuur(VAN, aan, mime) == Antwoord(NIET, "ONGELDIG")
        assert (server.sessies, server.ontvangen) == (set(), [])


def _bestand(inhoud: bytes | None) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        if inhoud is not None:
            (folder / "bestand").write_bytes(inhoud)
        return folder / "bestand"

    return make


@pytest.mark.parametrize(
    ("smtp", "noemt"),
    [
        pytest.param({"host": None}, "post.smtp.host", id="no server"),
        pytest.param({"host": "mail.example", "onversleuteld": True}, "127.0.0.1", id="plain text to another machine"),
        pytest.param({"host": "localhost", "onversleuteld": True}, "127.0.0.1", id="plain text to a name"),
        pytest.param({"username": "wijk"}, "password_file", id="no password"),
        pytest.param({"password_file": _bestand(b"geheim")}, "username", id="a password of nobody"),
        pytest.param({"username": "wijk", "password_file": _bestand(b"geheim"), "onversleuteld": True}, "versleuteling", id="in the clear"),
        pytest.param({"username": "wijk", "password_file": _bestand(None)}, "password_file", id="no file"),
        pytest.param({"username": "wijk", "password_file": _bestand(b" \n")}, "leeg", id="an empty file"),
        pytest.param({"username": "wijk", "password_file": _bestand(b"\xff")}, "password_file", id="no text"),
        pytest.param({"ca_file": _bestand(None)}, "ca_file", id="no certificates"),
        pytest.param({"ca_file": _bestand(b"geen certificaat")}, "ca_file", id="no certificate in it"),
    ],
)
def test_settings_that_can_not_be_are_refused_at_the_start(tmp_path: Path, smtp: dict[str, Any], noemt: str) -> None:
    given = {name: value(tmp_path) if callable(value) else value for name, value in smtp.items()}
    with pytest.raises(OpstartFout) as refused:
        Toegang.van(post(25, **given))
    assert noemt in refused.value.melding
    assert "geheim" not in refused.value.melding


async def test_without_encryption_only_on_this_machine_and_only_when_said(tmp_path: Path) -> None:
    with Proefserver(tmp_path, security="geen").draai() as server:
        toegang = Toegang.van(post(server.port, onversleuteld=True))
        assert "geheim" not in repr(toegang)
        mailserver = Mailserver(toegang)
        assert (await mailserver.stuur(VAN, AAN, MAIL)).uitslag is Uitslag.AANGENOMEN
        await mailserver.sluit()
    with pytest.raises(OpstartFout, match=r"post\.afzender_adres"):
        Toegang.van(Postinstellingen(smtp=Smtp(host=HOST)))
