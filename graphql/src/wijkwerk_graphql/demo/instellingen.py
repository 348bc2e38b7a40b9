"""The settings of a demo: its own folder and nothing else, so that it can never touch another installation."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from wijkwerk.settings import IdentitySettings, Settings

ISSUER, AUDIENCE = "https://demo.wijkwerk.example", "wijkwerk-demo"


class _AlleenGegeven(BaseSettings):
    """Settings that read no environment and no file: `WIJKWERK_DATABASE` may name the database of real residents."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments only."""
        return (init_settings,)


class _DemoIdentity(_AlleenGegeven, IdentitySettings):
    pass


class _DemoSettings(_AlleenGegeven, Settings):
    model_config = SettingsConfigDict(toml_file=None)


def demo_settings(folder: Path) -> Settings:
    """The settings of the demo in this folder."""
    return _DemoSettings(map=folder, identity=_DemoIdentity(issuer=ISSUER, audience=AUDIENCE, jwks=folder / "jwks.json"))
