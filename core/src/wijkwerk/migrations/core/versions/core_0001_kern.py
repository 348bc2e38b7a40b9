"""The tables of the core, one after another as they were generated: long, and never changed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.migrations.core import logtriggers_0001
from wijkwerk.records.types.datum import DatumType
from wijkwerk.records.types.postcode import PostcodeType
from wijkwerk.storage import columns

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gebruiker",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("onderwerp", sa.String(length=200), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_gebruiker")),
        sa.UniqueConstraint("gemeente_id", "issuer", "onderwerp", name=op.f("uq_gebruiker_gemeente_id_issuer_onderwerp")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("gebruiker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gebruiker_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "gemeente",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("cbs_code", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gemeente")),
        info={"owner": "core"},
    )
    op.create_table(
        "log_betrokkene",
        sa.Column("pseudoniem", columns.Uuid16(), nullable=False),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("pseudoniem", "tijdstip", "stroom", "seq", name=op.f("pk_log_betrokkene")),
        info={"owner": "core"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("log_betrokkene", schema=None) as batch_op:
        batch_op.create_index("ix_log_betrokkene_regel", ["stroom", "seq"], unique=False)

    op.create_table(
        "log_boom",
        sa.Column("niveau", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nummer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("niveau", "nummer", name=op.f("pk_log_boom")),
        info={"owner": "core"},
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("omvang", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("omvang", name=op.f("pk_log_checkpoint")),
        info={"owner": "core"},
    )
    op.create_table(
        "log_kop",
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("handtekening", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stroom", name=op.f("pk_log_kop")),
        info={"owner": "core"},
    )
    op.create_table(
        "log_pseudoniem",
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("pseudoniem", columns.Uuid16(), nullable=False),
        sa.PrimaryKeyConstraint("persoon_id", "gemeente_id", name=op.f("pk_log_pseudoniem")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("log_pseudoniem", schema=None) as batch_op:
        batch_op.create_index("ix_log_pseudoniem_terug", ["gemeente_id", "pseudoniem"], unique=True)

    op.create_table(
        "log_regel",
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("periode", sa.String(length=7), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=True),
        sa.Column("gebruiker", columns.Uuid16(), nullable=True),
        sa.Column("gebeurtenis", sa.String(length=40), nullable=False),
        sa.Column("resultaat", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("stroom", "seq", name=op.f("pk_log_regel")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("log_regel", schema=None) as batch_op:
        batch_op.create_index("ix_log_regel_gebruiker", ["gemeente_id", "gebruiker", "tijdstip", "stroom", "seq"], unique=False)
        batch_op.create_index("ix_log_regel_tijd", ["gemeente_id", "tijdstip", "stroom", "seq"], unique=False)

    op.create_table(
        "log_segment",
        sa.Column("blad", sa.BigInteger(), autoincrement=False, nullable=False, comment="nummer van het blad in de boom"),
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("eerste", sa.BigInteger(), nullable=False),
        sa.Column("laatste", sa.BigInteger(), nullable=False),
        sa.Column("vorige", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wortel", sa.LargeBinary(length=32), nullable=False),
        sa.Column("periode", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("blad", name=op.f("pk_log_segment")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("log_segment", schema=None) as batch_op:
        batch_op.create_index("ix_log_segment_periode", ["periode"], unique=False)
        batch_op.create_index("ix_log_segment_stroom", ["stroom", "laatste"], unique=False)

    op.create_table(
        "log_stroom",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column(
            "sleutel", sa.LargeBinary(length=32), nullable=False, comment="Ed25519-sleutel van deze stroom; de geheime helft staat nergens"
        ),
        sa.Column("certificaat", sa.LargeBinary(length=64), nullable=False, comment="handtekening van het log onder de sleutel"),
        sa.Column("geopend", columns.Tijdstip(), nullable=False),
        sa.Column("gesloten", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_stroom")),
        info={"owner": "core"},
    )
    op.create_table(
        "log_vervallen",
        sa.Column("tot_en_met", sa.String(length=7), nullable=False, comment="van alle maanden tot en met deze mogen regels weg"),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("tot_en_met", name=op.f("pk_log_vervallen")),
        info={"owner": "core"},
    )
    op.create_table(
        "organisatie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "GEMEENTE", "WELZIJN", "ZORG", "VRIJWILLIGERS", "BEWONERS", "OVERIG", name="organisatiesoort", native_enum=False, length=60
            ),
            nullable=False,
        ),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_organisatie")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("organisatie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisatie_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "persoon",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("roepnaam", sa.String(length=200), nullable=True),
        sa.Column("voornamen", sa.String(length=200), nullable=True),
        sa.Column("voorvoegsel", sa.String(length=10), nullable=True),
        sa.Column("geslachtsnaam", sa.String(length=200), nullable=False),
        sa.Column("aanduiding_naamgebruik", sa.Enum("E", "P", "V", "N", name="naamgebruik", native_enum=False, length=60), nullable=False),
        sa.Column("partner_voorvoegsel", sa.String(length=10), nullable=True),
        sa.Column("partner_geslachtsnaam", sa.String(length=200), nullable=True),
        sa.Column("sorteernaam", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("geslacht", sa.Enum("M", "V", "O", name="geslacht", native_enum=False, length=60), nullable=False),
        sa.Column("geboortedatum", DatumType(length=8), nullable=False),
        sa.Column("overlijdensdatum", DatumType(length=8), nullable=True),
        sa.Column("telefoonnummer", sa.String(length=20), nullable=True),
        sa.Column("emailadres", sa.String(length=254), nullable=True),
        sa.Column("straat", sa.String(length=80), nullable=True),
        sa.Column("huisnummer", sa.Integer(), nullable=True),
        sa.Column("huisletter", sa.String(length=1), nullable=True),
        sa.Column("huisnummertoevoeging", sa.String(length=4), nullable=True),
        sa.Column("postcode", PostcodeType(length=6), nullable=True),
        sa.Column("woonplaats", sa.String(length=80), nullable=True),
        sa.Column("bsn", sa.LargeBinary(), nullable=True),
        sa.Column("bsn_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("geheim", sa.Boolean(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_persoon_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_persoon")),
        sa.UniqueConstraint("gemeente_id", "bsn_index", name=op.f("uq_persoon_gemeente_id_bsn_index")),
        info={"owner": "core"},
    )
    op.create_table(
        "team",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("gebied_code", sa.String(length=10), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_team_organisatie_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_team")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "aanmelding",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("team_id", columns.Uuid16(), nullable=False),
        sa.Column("ontvangen", columns.Tijdstip(), nullable=False),
        sa.Column("client_op_de_hoogte", sa.Boolean(), nullable=True),
        sa.Column("door_id", sa.Uuid(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_aanmelding_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_aanmelding_team_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_aanmelding_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_aanmelding")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("aanmelding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aanmelding_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "aanstelling",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("team_id", columns.Uuid16(), nullable=True),
        sa.Column("rol", sa.String(length=60), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_aanstelling_gebruiker_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_aanstelling_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_aanstelling_team_id_gemeente_id")
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_aanstelling")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("aanstelling", schema=None) as batch_op:
        batch_op.create_index("ix_aanstelling_gebruiker", ["gemeente_id", "gebruiker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aanstelling_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "afscherming",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum("GEHEIM", "VEILIGHEID", "BELANGENCONFLICT", "OUDER_GEBLOKKEERD", name="afschermsoort", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("partij_id", columns.Uuid16(), nullable=True),
        sa.Column("niveau_tot", sa.Integer(), nullable=False),
        sa.Column("verbergt", sa.Boolean(), nullable=False),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_afscherming_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_afscherming_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_afscherming")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("afscherming", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_afscherming_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "betrokkenheid",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("partij_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "partijsoort", sa.Enum("GEBRUIKER", "TEAM", "ORGANISATIE", name="partijsoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("doel", sa.String(), nullable=False),
        sa.Column("categorie_code", sa.String(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=True),
        sa.Column("niveau_tot", sa.Integer(), nullable=False),
        sa.Column("grondslag", sa.String(), nullable=False),
        sa.Column(
            "bron",
            sa.Enum("AANMELDING", "DOSSIER", "KOPPELING", "TOESTEMMING", "IMPORT", name="bron", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("bron_id", columns.Uuid16(), nullable=False),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_betrokkenheid_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_betrokkenheid_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_betrokkenheid")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("betrokkenheid", schema=None) as batch_op:
        batch_op.create_index("ix_betrokkenheid_bron", ["bron_id", "gemeente_id"], unique=False)
        batch_op.create_index("ix_betrokkenheid_deur", ["persoon_id", "categorie_code", "doel", "partij_id", "gemeente_id"], unique=False)
        batch_op.create_index("ix_betrokkenheid_partij", ["partij_id", "doel", "categorie_code", "persoon_id", "gemeente_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_betrokkenheid_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("team_id", columns.Uuid16(), nullable=False),
        sa.Column("regisseur_id", columns.Uuid16(), nullable=True),
        sa.Column("status", sa.Enum("OPEN", "GESLOTEN", name="dossierstatus", native_enum=False, length=60), nullable=False),
        sa.Column("geopend", columns.Tijdstip(), nullable=False),
        sa.Column("gesloten", columns.Tijdstip(), nullable=True),
        sa.Column("vraag", sa.LargeBinary(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_dossier_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["regisseur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_dossier_regisseur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(["team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_dossier_team_id_gemeente_id")),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_dossier_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_dossier")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "huishoudlid",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("huishouden_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "rol",
            sa.Enum(
                "HOOFD", "PARTNER", "KIND", "OUDER", "OVERIG_FAMILIELID", "MEDEBEWONER", name="huishoudrol", native_enum=False, length=60
            ),
            nullable=False,
        ),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_huishoudlid_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_huishoudlid_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_huishoudlid")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("huishoudlid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_huishoudlid_huishouden_id"), ["huishouden_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_huishoudlid_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "importbestand",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("kenmerk", sa.LargeBinary(length=16), nullable=False),
        sa.Column("team_id", columns.Uuid16(), nullable=True),
        sa.Column("begonnen", columns.Tijdstip(), nullable=False),
        sa.Column("klaar", columns.Tijdstip(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_importbestand_team_id_gemeente_id")
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_importbestand")),
        sa.UniqueConstraint("gemeente_id", "kenmerk", name=op.f("uq_importbestand_gemeente_id_kenmerk")),
        info={"owner": "core"},
    )
    op.create_table(
        "dossierlid",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_dossierlid_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_dossierlid_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_dossierlid_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_dossierlid")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("dossierlid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossierlid_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossierlid_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "importregel",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("bestand_id", columns.Uuid16(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column(
            "uitkomst", sa.Enum("INGELEZEN", "BESTAAT_AL", "GEWEIGERD", name="uitkomst", native_enum=False, length=60), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["bestand_id", "gemeente_id"],
            ["importbestand.id", "importbestand.gemeente_id"],
            name=op.f("fk_importregel_bestand_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_importregel")),
        sa.UniqueConstraint("gemeente_id", "bestand_id", "nummer", name=op.f("uq_importregel_gemeente_id_bestand_id_nummer")),
        info={"owner": "core"},
    )
    op.create_table(
        "notitie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("laatste", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort", sa.Enum("CONTACTVERSLAG", "BESLUIT", "STRIKT", name="notitiesoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_notitie_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_notitie_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_notitie_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_notitie_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_notitie")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("notitie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notitie_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notitie_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "toestemming",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("ontvanger_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "NIET_NODIG", "UITDRUKKELIJKE_TOESTEMMING", "SCHRIFTELIJK_GEEN_BEZWAAR", name="instemming", native_enum=False, length=60
            ),
            nullable=False,
        ),
        sa.Column("doel", sa.String(length=60), nullable=False),
        sa.Column("categorieen", sa.JSON(), nullable=False),
        sa.Column("wijze", sa.Enum("SCHRIFTELIJK", "DIGITAAL", "MONDELING", name="wijze", native_enum=False, length=60), nullable=False),
        sa.Column("tekst_versie", sa.String(length=60), nullable=False),
        sa.Column("gegeven_op", columns.Tijdstip(), nullable=False),
        sa.Column("geldig_tot", sa.Date(), nullable=False),
        sa.Column("status", sa.Enum("GEGEVEN", "INGETROKKEN", name="toestemmingstatus", native_enum=False, length=60), nullable=False),
        sa.Column("ingetrokken_op", columns.Tijdstip(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_toestemming_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["ontvanger_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_toestemming_ontvanger_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_toestemming_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_toestemming_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_toestemming")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("toestemming", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_toestemming_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_toestemming_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "notitieversie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("notitie_id", columns.Uuid16(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort", sa.Enum("CONTACTVERSLAG", "BESLUIT", "STRIKT", name="notitiesoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_notitieversie_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_notitieversie_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["notitie_id", "gemeente_id"], ["notitie.id", "notitie.gemeente_id"], name=op.f("fk_notitieversie_notitie_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_notitieversie_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_notitieversie_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_notitieversie")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("notitieversie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notitieversie_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notitieversie_notitie_id"), ["notitie_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notitieversie_persoon_id"), ["persoon_id"], unique=False)
    logtriggers_0001.make()


def downgrade() -> None:
    logtriggers_0001.drop()
    with op.batch_alter_table("notitieversie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notitieversie_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_notitieversie_notitie_id"))
        batch_op.drop_index(batch_op.f("ix_notitieversie_dossier_id"))

    op.drop_table("notitieversie")
    with op.batch_alter_table("toestemming", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_toestemming_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_toestemming_dossier_id"))

    op.drop_table("toestemming")
    with op.batch_alter_table("notitie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notitie_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_notitie_dossier_id"))

    op.drop_table("notitie")
    op.drop_table("importregel")
    with op.batch_alter_table("dossierlid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossierlid_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_dossierlid_dossier_id"))

    op.drop_table("dossierlid")
    op.drop_table("importbestand")
    with op.batch_alter_table("huishoudlid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_huishoudlid_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_huishoudlid_huishouden_id"))

    op.drop_table("huishoudlid")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_persoon_id"))

    op.drop_table("dossier")
    with op.batch_alter_table("betrokkenheid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_betrokkenheid_persoon_id"))
        batch_op.drop_index("ix_betrokkenheid_partij")
        batch_op.drop_index("ix_betrokkenheid_deur")
        batch_op.drop_index("ix_betrokkenheid_bron")

    op.drop_table("betrokkenheid")
    with op.batch_alter_table("afscherming", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_afscherming_persoon_id"))

    op.drop_table("afscherming")
    with op.batch_alter_table("aanstelling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aanstelling_verantwoordelijke_id"))
        batch_op.drop_index("ix_aanstelling_gebruiker")

    op.drop_table("aanstelling")
    with op.batch_alter_table("aanmelding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aanmelding_persoon_id"))

    op.drop_table("aanmelding")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_verantwoordelijke_id"))

    op.drop_table("team")
    op.drop_table("persoon")
    with op.batch_alter_table("organisatie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisatie_verantwoordelijke_id"))

    op.drop_table("organisatie")
    op.drop_table("log_vervallen")
    op.drop_table("log_stroom")
    with op.batch_alter_table("log_segment", schema=None) as batch_op:
        batch_op.drop_index("ix_log_segment_stroom")
        batch_op.drop_index("ix_log_segment_periode")

    op.drop_table("log_segment")
    with op.batch_alter_table("log_regel", schema=None) as batch_op:
        batch_op.drop_index("ix_log_regel_tijd")
        batch_op.drop_index("ix_log_regel_gebruiker")

    op.drop_table("log_regel")
    with op.batch_alter_table("log_pseudoniem", schema=None) as batch_op:
        batch_op.drop_index("ix_log_pseudoniem_terug")

    op.drop_table("log_pseudoniem")
    op.drop_table("log_kop")
    op.drop_table("log_checkpoint")
    op.drop_table("log_boom")
    with op.batch_alter_table("log_betrokkene", schema=None) as batch_op:
        batch_op.drop_index("ix_log_betrokkene_regel")

    op.drop_table("log_betrokkene")
    op.drop_table("gemeente")
    with op.batch_alter_table("gebruiker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gebruiker_verantwoordelijke_id"))

    op.drop_table("gebruiker")
