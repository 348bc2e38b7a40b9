"""Settings: typed, from environment variables `WIJKWERK_...` and a TOML file; secrets are in files, never in settings."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from wijkwerk.log.entry import Logsoort


class IdentitySettings(BaseSettings):
    """Whose tokens are believed: issuer, audience and the file with public keys (JWKS)."""

    model_config = SettingsConfigDict(extra="forbid", env_prefix="WIJKWERK_IDENTITY_")

    issuer: str = "https://issuer.wijkwerk.example"
    audience: str = "wijkwerk"
    jwks: Path | None = None


class Grenzen(BaseModel):
    """How often one user may do something: ask whether somebody is known, without seeing them; tell a team of a worry (`signaal_...`);
    ask to be let in to a resident (`verzoek_...`); open a break-glass (`nood_...`), and how many minutes one lasts (`nood_minuten`);
    give a resident at a desk the letter about who looked (`brief_...`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bekend_per_uur: int = Field(default=10, ge=1)
    bekend_per_dag: int = Field(default=30, ge=1)
    signaal_per_uur: int = Field(default=5, ge=1)
    signaal_per_dag: int = Field(default=20, ge=1)
    verzoek_per_uur: int = Field(default=10, ge=1)
    verzoek_per_dag: int = Field(default=30, ge=1)
    nood_per_uur: int = Field(default=5, ge=1)
    nood_per_dag: int = Field(default=10, ge=1)
    nood_minuten: int = Field(default=60, ge=1, le=240)
    brief_per_uur: int = Field(default=20, ge=1)
    brief_per_dag: int = Field(default=60, ge=1)


class Smtp(BaseModel):
    """The mail server that takes our mail. The password is in a file. `timeout` is how many seconds one answer of it may take.

    `ca_file`: who is believed about its certificate, when not the machine's own list. `onversleuteld`: without TLS, for a server on this
    very machine (an IP address of loopback); nothing else makes a mail leave without it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str | None = None
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    username: str | None = None
    password_file: Path | None = None
    timeout: float = Field(default=60, gt=0, le=600)
    ca_file: Path | None = None
    onversleuteld: bool = False


class Postinstellingen(BaseModel):
    """Whom mail comes from. `antwoord_aan` is where answers go; without it the mail says that nobody reads an answer.

    `domein` stands behind the @ of each Message-ID; the domain of the sender when not given. `werkplek` is where users sign in.
    To `retour_domein` come mails that could not be delivered, at addresses that we make (docs/beheer/post.md); the domain of the
    sender when not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    afzender_adres: str = "wijkteam@wijkwerk.example"
    afzender_naam: str = Field(default="Wijkwerk", min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
    antwoord_aan: str | None = None
    domein: str | None = Field(default=None, pattern=r"^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$")
    retour_domein: str | None = Field(default=None, pattern=r"^[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?$")
    smtp: Smtp = Field(default_factory=Smtp)
    werkplek: str = Field(default="https://wijkwerk.example", pattern=r"^https://[^\s<>\"]{1,500}$")

    @field_validator("afzender_adres", "antwoord_aan")
    @classmethod
    def _adres(cls, given: str | None) -> str | None:
        """In ASCII: every mail server takes it."""
        try:
            return given if given is None else validate_email(given, check_deliverability=False, allow_smtputf8=False).ascii_email
        except EmailNotValidError:
            raise ValueError("Dit is geen geldig e-mailadres. Schrijf het als naam@voorbeeld.nl.") from None

    @property
    def aan(self) -> bool:
        """Whether this installation sends mail at all. Without a mail server none is put in the outbox, where it could only grow old."""
        return self.smtp.host is not None

    @property
    def message_domein(self) -> str:
        """What stands behind the @ of a Message-ID."""
        return self.domein or self.afzender_adres.rsplit("@", 1)[1].lower()


class JobSettings(BaseModel):
    """Planned work. `lease`: seconds that a run belongs to a process after each step; then another process may take it over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lease: int = Field(default=300, ge=1, le=86_400)


class Sleutelinstellingen(BaseModel):
    """Where the root key is: in a file (`root_key`), or in a token of PKCS#11 such as an HSM (docs/beheer/sleutels.md).

    `module` is the library that the maker of the token gives; `token` and `sleutel` are labels in it. The PIN is in `pin_file`, which
    only this user may read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Literal["bestand", "pkcs11"] = "bestand"
    module: Path | None = None
    token: str | None = Field(default=None, min_length=1, max_length=32)
    sleutel: str = Field(default="wijkwerk", min_length=1, max_length=64)
    pin_file: Path | None = None
    reservekopie_dagen: int = Field(default=30, ge=1, le=3650)
    """How long backups of keys are kept here: a receipt of destruction says until when one may still open what was destroyed."""


class Bijlageinstellingen(BaseModel):
    """Where files with notes are kept, sealed: in the database, or in a folder (`map`, which only this user may read). How many bytes
    one may have. What is already kept elsewhere is still found (docs/beheer/bijlagen.md).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    waar: Literal["database", "map"] = "database"
    map: Path | None = None
    meeste_bytes: int = Field(default=25 * 2**20, ge=1, le=2**30)

    @model_validator(mode="after")
    def _met_map(self) -> Self:
        if self.waar == "map" and self.map is None:
            raise ValueError("Noem bij bijlagen.map in welke map de bestanden moeten komen, of kies waar = database.")
        return self


class Getuige(BaseModel):
    """Who keeps the checkpoints of the log out of reach of who runs this installation (docs/log/getuigen.md): a folder (`map`) that
    somebody else looks after, or a witness at a `url` (C2SP tlog-witness), whose public key is `sleutel` (a C2SP verifier key).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    naam: str = Field(min_length=1, max_length=100, pattern=r"^[a-zA-Z0-9./_-]+$")
    map: Path | None = None
    url: str | None = Field(default=None, pattern=r"^https?://[^\s<>\"]{1,500}$")
    sleutel: str | None = Field(default=None, max_length=300)

    @model_validator(mode="after")
    def _een_plaats(self) -> Self:
        if (self.map is None) == (self.url is None):
            raise ValueError("Geef bij een getuige van het log een map of een url, niet beide.")
        if self.url is not None and self.sleutel is None:
            raise ValueError("Geef bij een getuige met een url ook de publieke sleutel (sleutel).")
        return self


class Loginstellingen(BaseModel):
    """The log. `origin`: its name in checkpoints; unique in the world, so a domain name of one's own. Terms are in months, after the month
    of the entry (domain.md 4.2). `tijdstempel_url`: an RFC 3161 time stamp authority, whose certificate is in `tijdstempel_ca`.

    `register_uri`: what stands before the code and version of an activity in LDV records. `otlp_url`: where those are passed on to as
    spans, and `otlp_audit_url` the audit log as log records; `otlp_token_file`: what is said there to be let in. `ca_file`: who is
    believed about certificates, when not the machine's own list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: str = Field(default="wijkwerk/log", min_length=1, max_length=200, pattern=r"^[^\s+\x00-\x1f]+$")
    inzage_maanden: int = Field(default=60, ge=12, le=240)
    aanmelding_maanden: int = Field(default=6, ge=1, le=60)
    getuigen: tuple[Getuige, ...] = ()
    tijdstempel_url: str | None = Field(default=None, pattern=r"^https?://[^\s<>\"]{1,500}$")
    tijdstempel_ca: Path | None = None
    register_uri: str = Field(default="https://wijkwerk.example/register", pattern=r"^https?://[^\s<>\"]{1,300}$")
    otlp_url: str | None = Field(default=None, pattern=r"^https?://[^\s<>\"]{1,500}$")
    otlp_audit_url: str | None = Field(default=None, pattern=r"^https?://[^\s<>\"]{1,500}$")
    otlp_token_file: Path | None = None
    ca_file: Path | None = None

    def maanden(self, soort: Logsoort) -> int:
        """The term of entries of this kind."""
        return self.inzage_maanden if soort is Logsoort.INZAGE else self.aanmelding_maanden


class Settings(BaseSettings):
    """One installation. `map` is the folder for what is not given: the SQLite files and the root key."""

    model_config = SettingsConfigDict(extra="forbid", env_prefix="WIJKWERK_", env_nested_delimiter="__", toml_file="wijkwerk.toml")

    map: Path = Path("wijkwerk-data")
    database: str | None = None
    root_key: Path | None = None
    policy_file: Path | None = None
    register_file: Path | None = None
    identity: IdentitySettings = Field(default_factory=IdentitySettings)
    grenzen: Grenzen = Field(default_factory=Grenzen)
    jobs: JobSettings = Field(default_factory=JobSettings)
    log: Loginstellingen = Field(default_factory=Loginstellingen)
    bijlagen: Bijlageinstellingen = Field(default_factory=Bijlageinstellingen)
    post: Postinstellingen = Field(default_factory=Postinstellingen)
    sleutels: Sleutelinstellingen = Field(default_factory=Sleutelinstellingen)
    pg_programmas: Path | None = None
    """The folder with pg_dump and pg_restore, when they are not where they can be found."""
    host: str = "127.0.0.1"
    port: int = 8000
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Addresses of proxies before this server: only these are believed about who called them (X-Forwarded-For), for the log."""
    max_body: int = 1_048_576
    max_connections: int = Field(default=512, ge=1)

    @property
    def database_url(self) -> str:
        """Where the rows live; SQLite in `map` unless said otherwise."""
        return self.database or f"sqlite:///{self.map / 'wijkwerk.db'}"

    @property
    def root_key_file(self) -> Path:
        """Where the root key lives; beside the data unless said otherwise (then it can't be stolen with it)."""
        return self.root_key or self.map / "root.key"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `wijkwerk.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
