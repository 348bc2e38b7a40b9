"""Residents complete: areas, families, contact details, who represents whom, duplicates, merges, history and the social map.

What was there before stays: the code of a team's area becomes an area, and existing rows get a value in each new column that needs one
(migrations/core/rows_0002.py). Here are only the tables, one after another as they were generated: long, and never changed again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.migrations.core import rows_0002 as rows
from wijkwerk.records.types.datum import DatumType
from wijkwerk.storage import columns

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bekendheidsvraag",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("gevraagd", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_bekendheidsvraag")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("bekendheidsvraag", schema=None) as batch_op:
        batch_op.create_index("ix_bekendheidsvraag_gebruiker", ["gemeente_id", "gebruiker_id", "gevraagd"], unique=False)

    op.create_table(
        "gebied",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("soort", sa.Enum("GEMEENTE", "WIJK", "BUURT", name="gebiedsoort", native_enum=False, length=60), nullable=False),
        sa.Column("herkomst", sa.Enum("CBS", "GEMEENTE", name="gebiedsbron", native_enum=False, length=60), nullable=False),
        sa.Column("bovenliggend_id", columns.Uuid16(), nullable=True),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bovenliggend_id", "gemeente_id"], ["gebied.id", "gebied.gemeente_id"], name=op.f("fk_gebied_bovenliggend_id_gemeente_id")
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_gebied")),
        sa.UniqueConstraint("gemeente_id", "code", "van", name=op.f("uq_gebied_gemeente_id_code_van")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("gebied", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gebied_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "gebied_postcode",
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("postcode", sa.String(length=6), nullable=False),
        sa.Column("gebied_id", columns.Uuid16(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente_id", "postcode", name=op.f("pk_gebied_postcode")),
        info={"owner": "core"},
    )
    op.create_table(
        "samenvoegstap",
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("samenvoeging_id", columns.Uuid16(), nullable=False),
        sa.Column("tabel", sa.String(length=80), nullable=False),
        sa.Column("kolom", sa.String(length=80), nullable=False),
        sa.Column("rij_id", columns.Uuid16(), nullable=False),
        sa.PrimaryKeyConstraint("gemeente_id", "samenvoeging_id", "tabel", "kolom", "rij_id", name=op.f("pk_samenvoegstap")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("samenvoegstap", schema=None) as batch_op:
        batch_op.create_index("ix_samenvoegstap_rij", ["rij_id", "gemeente_id"], unique=False)

    op.create_table(
        "aanbod",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("soort", sa.Enum("DIENST", "GROEP", "ACTIVITEIT", name="aanbodsoort", native_enum=False, length=60), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("omschrijving", sa.String(length=2000), nullable=True),
        sa.Column("gebied_id", columns.Uuid16(), nullable=True),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("onderdeel", sa.String(length=60), nullable=True),
        sa.Column("bron_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebied_id", "gemeente_id"], ["gebied.id", "gebied.gemeente_id"], name=op.f("fk_aanbod_gebied_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_aanbod_organisatie_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_aanbod")),
        sa.UniqueConstraint("gemeente_id", "onderdeel", "bron_id", name=op.f("uq_aanbod_gemeente_id_onderdeel_bron_id")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("aanbod", schema=None) as batch_op:
        batch_op.create_index("ix_aanbod_organisatie", ["organisatie_id", "gemeente_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aanbod_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "waarneming",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("afwezige_id", columns.Uuid16(), nullable=False),
        sa.Column("vervanger_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["afwezige_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_waarneming_afwezige_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_waarneming_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["vervanger_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_waarneming_vervanger_id_gemeente_id")
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_waarneming")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("waarneming", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waarneming_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)
        batch_op.create_index("ix_waarneming_vervanger", ["vervanger_id", "gemeente_id"], unique=False)

    op.create_table(
        "contactgegeven",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("soort", sa.Enum("TELEFOON", "EMAIL", name="contactsoort", native_enum=False, length=60), nullable=False),
        sa.Column("waarde", sa.String(length=254), nullable=False),
        sa.Column("voorkeur", sa.Boolean(), nullable=False),
        sa.Column("veilig_te_gebruiken", sa.Boolean(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_contactgegeven_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_contactgegeven_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_contactgegeven")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("contactgegeven", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contactgegeven_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index("ix_contactgegeven_waarde", ["gemeente_id", "waarde"], unique=False)

    op.create_table(
        "dubbelvermoeden",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("ander_id", columns.Uuid16(), nullable=True),
        sa.Column(
            "reden",
            sa.Enum(
                "BSN",
                "EMAIL",
                "TELEFOON",
                "ADRES_EN_GEBOORTEDATUM",
                "NAAM_EN_GEBOORTEDATUM",
                name="dubbelreden",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column(
            "status", sa.Enum("OPEN", "NIET_DUBBEL", "SAMENGEVOEGD", name="dubbelstatus", native_enum=False, length=60), nullable=False
        ),
        sa.Column("gevonden", columns.Tijdstip(), nullable=False),
        sa.Column("beslist", columns.Tijdstip(), nullable=True),
        sa.Column("beslist_door_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ander_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_dubbelvermoeden_ander_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["beslist_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_dubbelvermoeden_beslist_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_dubbelvermoeden_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_dubbelvermoeden_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_dubbelvermoeden")),
        sa.UniqueConstraint("gemeente_id", "persoon_id", "ander_id", name=op.f("uq_dubbelvermoeden_gemeente_id_persoon_id_ander_id")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("dubbelvermoeden", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dubbelvermoeden_ander_id"), ["ander_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dubbelvermoeden_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "gezag",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "GEZAMENLIJK_OUDERLIJK_GEZAG",
                "EENHOOFDIG_OUDERLIJK_GEZAG",
                "GEZAMENLIJK_GEZAG",
                "VOOGDIJ",
                "TIJDELIJK_GEEN_GEZAG",
                "GEZAG_NIET_TE_BEPALEN",
                "ONBEKEND",
                name="gezagsoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("brp_code", sa.String(length=20), nullable=True),
        sa.Column("in_onderzoek", sa.Boolean(), nullable=False),
        sa.Column("van", sa.Date(), nullable=True),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_gezag_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_gezag_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_gezag")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("gezag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gezag_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "partnerschap",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("partner_id", columns.Uuid16(), nullable=True),
        sa.Column("soort_verbintenis", sa.Enum("H", "P", name="verbintenis", native_enum=False, length=60), nullable=False),
        sa.Column("voorvoegsel", sa.String(length=10), nullable=True),
        sa.Column("geslachtsnaam", sa.String(length=200), nullable=False),
        sa.Column("datum_aangaan", DatumType(length=8), nullable=True),
        sa.Column("datum_ontbinding", DatumType(length=8), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_partnerschap_partner_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_partnerschap_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_partnerschap_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_partnerschap")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("partnerschap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partnerschap_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partnerschap_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "relatie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("ander_id", columns.Uuid16(), nullable=True),
        sa.Column(
            "soort",
            sa.Enum(
                "OUDER",
                "KIND",
                "BROER_OF_ZUS",
                "GROOTOUDER",
                "KLEINKIND",
                "VOOGD",
                "PUPIL",
                "PLEEGOUDER",
                "PLEEGKIND",
                "OVERIG_FAMILIELID",
                "BEKENDE",
                name="relatiesoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("gezag", sa.Boolean(), nullable=False),
        sa.Column("van", sa.Date(), nullable=True),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ander_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_relatie_ander_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_relatie_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_relatie_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_relatie")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("relatie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relatie_ander_id"), ["ander_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relatie_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "samenvoeging",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("opgegaan_id", columns.Uuid16(), nullable=False),
        sa.Column("reden", sa.LargeBinary(), nullable=False),
        sa.Column("op", columns.Tijdstip(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("ongedaan_op", columns.Tijdstip(), nullable=True),
        sa.Column("ongedaan_door_id", columns.Uuid16(), nullable=True),
        sa.Column("toestand", sa.LargeBinary(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_samenvoeging_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["ongedaan_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_samenvoeging_ongedaan_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_samenvoeging_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_samenvoeging_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_samenvoeging")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("samenvoeging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samenvoeging_opgegaan_id"), ["opgegaan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_samenvoeging_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "vertegenwoordiging",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("vertegenwoordiger_id", columns.Uuid16(), nullable=True),
        sa.Column("naam", sa.String(length=200), nullable=True),
        sa.Column(
            "hoedanigheid",
            sa.Enum(
                "OUDER", "VOOGD", "CURATOR", "MENTOR", "BEWINDVOERDER", "GEMACHTIGDE", name="hoedanigheid", native_enum=False, length=60
            ),
            nullable=False,
        ),
        sa.Column("bewijs", sa.LargeBinary(), nullable=False),
        sa.Column("gezien_door_id", columns.Uuid16(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gezien_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_vertegenwoordiging_gezien_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_vertegenwoordiging_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_vertegenwoordiging_verantwoordelijke_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["vertegenwoordiger_id", "gemeente_id"],
            ["persoon.id", "persoon.gemeente_id"],
            name=op.f("fk_vertegenwoordiging_vertegenwoordiger_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_vertegenwoordiging")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("vertegenwoordiging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vertegenwoordiging_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vertegenwoordiging_vertegenwoordiger_id"), ["vertegenwoordiger_id"], unique=False)

    op.create_table(
        "wijziging",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("tabelnaam", sa.String(length=80), nullable=False),
        sa.Column("rij_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=True),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("rijniveau", sa.Integer(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column(
            "soort", sa.Enum("AANGEMAAKT", "GEWIJZIGD", "VERWIJDERD", name="wijzigingssoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column(
            "bron",
            sa.Enum("BRP", "BETROKKENE", "PARTNER", "PROFESSIONAL", name="gegevensbron", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("op", columns.Tijdstip(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("veldnamen", sa.JSON(), nullable=False),
        sa.Column("oud", sa.LargeBinary(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_wijziging_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_wijziging_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_wijziging")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("wijziging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wijziging_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index("ix_wijziging_rij", ["rij_id", "tabelnaam", "nummer", "gemeente_id"], unique=False)

    op.create_table(
        "ouderblokkade",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("ouder_id", columns.Uuid16(), nullable=True),
        sa.Column("naam", sa.String(length=200), nullable=True),
        sa.Column("reden", sa.LargeBinary(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("opgeheven_door_id", columns.Uuid16(), nullable=True),
        sa.Column("reden_opheffing", sa.LargeBinary(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_ouderblokkade_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["opgeheven_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_ouderblokkade_opgeheven_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ouder_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_ouderblokkade_ouder_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_ouderblokkade_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_ouderblokkade_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_ouderblokkade")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("ouderblokkade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ouderblokkade_ouder_id"), ["ouder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ouderblokkade_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "wilsoordeel",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "handeling",
            sa.Enum(
                "HULPVERLENING_JEUGD",
                "AVG_TOESTEMMING",
                "WMO_VERSTREKKING",
                "INZAGE",
                "VERNIETIGING",
                name="handeling",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("in_staat", sa.Boolean(), nullable=False),
        sa.Column("motivering", sa.LargeBinary(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("op", sa.Date(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_wilsoordeel_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_wilsoordeel_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_wilsoordeel_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_wilsoordeel")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("wilsoordeel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wilsoordeel_persoon_id"), ["persoon_id"], unique=False)

    with op.batch_alter_table("afscherming", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reden", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("door_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("opgeheven_door_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("reden_opheffing", sa.LargeBinary(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_afscherming_opgeheven_door_id_gemeente_id"),
            "gebruiker",
            ["opgeheven_door_id", "gemeente_id"],
            ["id", "gemeente_id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_afscherming_door_id_gemeente_id"), "gebruiker", ["door_id", "gemeente_id"], ["id", "gemeente_id"]
        )

    with op.batch_alter_table("aanstelling", schema=None) as batch_op:
        batch_op.add_column(sa.Column("naam", sa.String(length=200), nullable=True))
    rows.employments_get_a_name()
    with op.batch_alter_table("aanstelling", schema=None) as batch_op:
        batch_op.alter_column("naam", existing_type=sa.String(length=200), nullable=False)

    with op.batch_alter_table("huishoudlid", schema=None) as batch_op:
        # a default for the rows that are there; ADD COLUMN and nothing else copies no table on SQLite
        batch_op.add_column(
            sa.Column(
                "soort",
                sa.Enum("PARTICULIER", "INSTITUTIONEEL", name="huishoudsoort", native_enum=False, length=60),
                nullable=False,
                server_default="PARTICULIER",
            )
        )
    with op.batch_alter_table("huishoudlid", schema=None) as batch_op:
        batch_op.alter_column("soort", server_default=None)

    with op.batch_alter_table("organisatie", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kvk_nummer", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("vestigingsnummer", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("omschrijving", sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column("telefoonnummer", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("emailadres", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("website", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("bezoekadres", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("gebied_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("tot", sa.Date(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_organisatie_gemeente_id_kvk_nummer_vestigingsnummer"), ["gemeente_id", "kvk_nummer", "vestigingsnummer"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_organisatie_gebied_id_gemeente_id"), "gebied", ["gebied_id", "gemeente_id"], ["id", "gemeente_id"]
        )

    rows.numbers_become_contact_details()
    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "adellijke_titel_predicaat",
                sa.Enum("B", "BS", "G", "GI", "H", "HI", "JH", "JV", "M", "MI", "P", "PS", "R", name="titel", native_enum=False, length=60),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("aanspreekvoorkeur", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("taal", sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column("tolk_nodig", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("laaggeletterd", sa.Boolean(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "aanduiding_bij_huisnummer", sa.Enum("to", "by", name="huisnummeraanduiding", native_enum=False, length=60), nullable=True
            )
        )
        batch_op.add_column(sa.Column("functie_adres", sa.Enum("W", "B", name="functieadres", native_enum=False, length=60), nullable=True))
        batch_op.add_column(sa.Column("adresseerbaar_object_identificatie", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("nummeraanduiding_identificatie", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("gebied_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("gebied_gekozen", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("veiligheidsvlag", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.alter_column("gebied_gekozen", server_default=None)
        batch_op.alter_column("veiligheidsvlag", server_default=None)
        batch_op.drop_column("telefoonnummer")
        batch_op.drop_column("emailadres")
        batch_op.create_index("ix_persoon_adres", ["gemeente_id", "postcode", "huisnummer"], unique=False)
        batch_op.create_index("ix_persoon_geboortedatum", ["gemeente_id", "geboortedatum"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_persoon_gebied_id_gemeente_id"), "gebied", ["gebied_id", "gemeente_id"], ["id", "gemeente_id"]
        )
    rows.flag_who_is_in_danger()

    # after the last change of persoon: on SQLite that copies the table, and a cascade would take these rows along
    op.create_table(
        "zoekwoord",
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("woord", columns.Gesorteerd(100), nullable=False),
        sa.PrimaryKeyConstraint("gemeente_id", "woord", name=op.f("pk_zoekwoord")),
        info={"owner": "core"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "zoekterm",
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("term", columns.Gesorteerd(100), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gemeente_id", "term"], ["zoekwoord.gemeente_id", "zoekwoord.woord"], name=op.f("fk_zoekterm_gemeente_id_term")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"],
            ["persoon.id", "persoon.gemeente_id"],
            name=op.f("fk_zoekterm_persoon_id_gemeente_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gemeente_id", "term", "persoon_id", name=op.f("pk_zoekterm")),
        info={"owner": "core"},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_zoekterm_persoon", "zoekterm", ["persoon_id", "gemeente_id"], unique=False)
    rows.names_become_words()

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gebied_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("telefoonnummer", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("tot", sa.Date(), nullable=True))
    rows.codes_become_areas()
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_team_gebied_id_gemeente_id"), "gebied", ["gebied_id", "gemeente_id"], ["id", "gemeente_id"]
        )
        batch_op.drop_column("gebied_code")


def downgrade() -> None:
    op.drop_index("ix_zoekterm_persoon", table_name="zoekterm")
    op.drop_table("zoekterm")
    op.drop_table("zoekwoord")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gebied_code", sa.String(length=10), nullable=True))
    rows.areas_become_codes()
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_team_gebied_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_column("tot")
        batch_op.drop_column("telefoonnummer")
        batch_op.drop_column("gebied_id")

    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.add_column(sa.Column("telefoonnummer", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("emailadres", sa.String(length=254), nullable=True))
    rows.contact_details_become_numbers()
    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_persoon_gebied_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_index("ix_persoon_geboortedatum")
        batch_op.drop_index("ix_persoon_adres")
        batch_op.drop_column("veiligheidsvlag")
        batch_op.drop_column("gebied_gekozen")
        batch_op.drop_column("gebied_id")
        batch_op.drop_column("nummeraanduiding_identificatie")
        batch_op.drop_column("adresseerbaar_object_identificatie")
        batch_op.drop_column("functie_adres")
        batch_op.drop_column("aanduiding_bij_huisnummer")
        batch_op.drop_column("laaggeletterd")
        batch_op.drop_column("tolk_nodig")
        batch_op.drop_column("taal")
        batch_op.drop_column("aanspreekvoorkeur")
        batch_op.drop_column("adellijke_titel_predicaat")

    with op.batch_alter_table("organisatie", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisatie_gebied_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_organisatie_gemeente_id_kvk_nummer_vestigingsnummer"), type_="unique")
        batch_op.drop_column("tot")
        batch_op.drop_column("gebied_id")
        batch_op.drop_column("bezoekadres")
        batch_op.drop_column("website")
        batch_op.drop_column("emailadres")
        batch_op.drop_column("telefoonnummer")
        batch_op.drop_column("omschrijving")
        batch_op.drop_column("vestigingsnummer")
        batch_op.drop_column("kvk_nummer")

    op.execute("UPDATE aanstelling SET openbaar = true")
    op.execute("UPDATE gebruiker SET openbaar = true WHERE issuer <> 'systeem'")
    with op.batch_alter_table("aanstelling", schema=None) as batch_op:
        batch_op.drop_column("naam")

    with op.batch_alter_table("huishoudlid", schema=None) as batch_op:
        batch_op.drop_column("soort")

    with op.batch_alter_table("afscherming", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_afscherming_door_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_afscherming_opgeheven_door_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_column("reden_opheffing")
        batch_op.drop_column("opgeheven_door_id")
        batch_op.drop_column("door_id")
        batch_op.drop_column("reden")

    with op.batch_alter_table("ouderblokkade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ouderblokkade_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_ouderblokkade_ouder_id"))

    op.drop_table("ouderblokkade")
    with op.batch_alter_table("wilsoordeel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wilsoordeel_persoon_id"))

    op.drop_table("wilsoordeel")
    with op.batch_alter_table("wijziging", schema=None) as batch_op:
        batch_op.drop_index("ix_wijziging_rij")
        batch_op.drop_index(batch_op.f("ix_wijziging_persoon_id"))

    op.drop_table("wijziging")
    with op.batch_alter_table("vertegenwoordiging", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vertegenwoordiging_vertegenwoordiger_id"))
        batch_op.drop_index(batch_op.f("ix_vertegenwoordiging_persoon_id"))

    op.drop_table("vertegenwoordiging")
    with op.batch_alter_table("samenvoeging", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_samenvoeging_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_samenvoeging_opgegaan_id"))

    op.drop_table("samenvoeging")
    with op.batch_alter_table("relatie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relatie_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_relatie_ander_id"))

    op.drop_table("relatie")
    with op.batch_alter_table("partnerschap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnerschap_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_partnerschap_partner_id"))

    op.drop_table("partnerschap")
    with op.batch_alter_table("gezag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gezag_persoon_id"))

    op.drop_table("gezag")
    with op.batch_alter_table("dubbelvermoeden", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dubbelvermoeden_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_dubbelvermoeden_ander_id"))

    op.drop_table("dubbelvermoeden")
    with op.batch_alter_table("contactgegeven", schema=None) as batch_op:
        batch_op.drop_index("ix_contactgegeven_waarde")
        batch_op.drop_index(batch_op.f("ix_contactgegeven_persoon_id"))

    op.drop_table("contactgegeven")
    with op.batch_alter_table("waarneming", schema=None) as batch_op:
        batch_op.drop_index("ix_waarneming_vervanger")
        batch_op.drop_index(batch_op.f("ix_waarneming_verantwoordelijke_id"))

    op.drop_table("waarneming")
    with op.batch_alter_table("aanbod", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aanbod_verantwoordelijke_id"))
        batch_op.drop_index("ix_aanbod_organisatie")

    op.drop_table("aanbod")
    with op.batch_alter_table("samenvoegstap", schema=None) as batch_op:
        batch_op.drop_index("ix_samenvoegstap_rij")

    op.drop_table("samenvoegstap")
    op.drop_table("gebied_postcode")
    with op.batch_alter_table("gebied", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gebied_verantwoordelijke_id"))

    op.drop_table("gebied")
    with op.batch_alter_table("bekendheidsvraag", schema=None) as batch_op:
        batch_op.drop_index("ix_bekendheidsvraag_gebruiker")

    op.drop_table("bekendheidsvraag")
