"""The daily work of a team: reports, cases, signals, tasks, appointments, planned work and messages.

What happens to rows that are there stands in migrations/core/rows_0003.py. Here are only the tables, one after another as they were
generated: long, and never changed again once released.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.migrations.core import rows_0003 as rows
from wijkwerk.storage import columns

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobloop",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("naam", sa.String(length=60), nullable=False),
        sa.Column("periode", sa.String(length=20), nullable=False),
        sa.Column("status", sa.Enum("BEZIG", "KLAAR", "MISLUKT", name="loopstatus", native_enum=False, length=60), nullable=False),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("begonnen_op", columns.Tijdstip(), nullable=False),
        sa.Column("klaar_op", columns.Tijdstip(), nullable=True),
        sa.Column("gedaan", sa.Integer(), nullable=False),
        sa.Column("totaal", sa.Integer(), nullable=True),
        sa.Column("foutcode", sa.String(length=60), nullable=True),
        sa.Column("plek", sa.String(length=200), nullable=True),
        sa.Column("eigenaar", columns.Uuid16(), nullable=True),
        sa.Column("geldig_tot", columns.Tijdstip(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_jobloop")),
        sa.UniqueConstraint("gemeente_id", "naam", "periode", name=op.f("uq_jobloop_gemeente_id_naam_periode")),
        info={"owner": "core"},
    )
    op.create_table(
        "verzending",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=60), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "WACHT",
                "VERZONDEN",
                "GEWEIGERD",
                "TERUGGEKOMEN",
                "VERLOPEN",
                "INGETROKKEN",
                name="verzendstatus",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("gemaakt_op", columns.Tijdstip(), nullable=False),
        sa.Column("verloopt_op", columns.Tijdstip(), nullable=False),
        sa.Column("volgende_poging_op", columns.Tijdstip(), nullable=False),
        sa.Column("verzonden_op", columns.Tijdstip(), nullable=True),
        sa.Column("antwoord", sa.String(length=20), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=True),
        sa.Column("eigenaar", columns.Uuid16(), nullable=True),
        sa.Column("geclaimd_tot", columns.Tijdstip(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_verzending")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("verzending", schema=None) as batch_op:
        batch_op.create_index("ix_verzending_wacht", ["status", "volgende_poging_op", "gemeente_id"], unique=False)

    op.create_table(
        "vrijedag",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("vrij", sa.Boolean(), nullable=False),
        sa.Column("naam", sa.String(length=100), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_vrijedag")),
        sa.UniqueConstraint("gemeente_id", "dag", name=op.f("uq_vrijedag_gemeente_id_dag")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("vrijedag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vrijedag_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "algemenetaak",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("tekst", sa.String(length=2000), nullable=False),
        sa.Column("reden", sa.String(length=2000), nullable=True),
        sa.Column("soort", sa.String(length=60), nullable=False),
        sa.Column(
            "voor_soort", sa.Enum("GEBRUIKER", "TEAM", "ORGANISATIE", name="partijsoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("voor_rol", sa.String(length=60), nullable=False),
        sa.Column(
            "status", sa.Enum("OPEN", "GEDAAN", "NIET_GEDAAN", "VERVALLEN", name="taakstatus", native_enum=False, length=60), nullable=False
        ),
        sa.Column("uiterlijk", sa.Date(), nullable=True),
        sa.Column("herinneren_op", sa.Date(), nullable=True),
        sa.Column("herinnerd_op", columns.Tijdstip(), nullable=True),
        sa.Column("gemaakt_op", columns.Tijdstip(), nullable=False),
        sa.Column("gemaakt_door_id", columns.Uuid16(), nullable=True),
        sa.Column("afgerond_op", columns.Tijdstip(), nullable=True),
        sa.Column("afgerond_door_id", columns.Uuid16(), nullable=True),
        sa.Column("bron_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("partij_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["afgerond_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_algemenetaak_afgerond_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["gemaakt_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_algemenetaak_gemaakt_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_algemenetaak_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_algemenetaak")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("algemenetaak", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_algemenetaak_bron_id"), ["bron_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_algemenetaak_partij_id"), ["partij_id"], unique=False)
        batch_op.create_index("ix_algemenetaak_voor", ["partij_id", "status", "uiterlijk", "gemeente_id"], unique=False)

    op.create_table(
        "notificatie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=60), nullable=False),
        sa.Column("over_soort", sa.String(length=60), nullable=True),
        sa.Column("over_id", columns.Uuid16(), nullable=True),
        sa.Column("gemaakt_op", columns.Tijdstip(), nullable=False),
        sa.Column("gelezen_op", columns.Tijdstip(), nullable=True),
        sa.Column("bron_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("partij_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_notificatie_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_notificatie")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("notificatie", schema=None) as batch_op:
        batch_op.create_index("ix_notificatie_partij", ["partij_id", "gelezen_op", "gemaakt_op", "gemeente_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notificatie_partij_id"), ["partij_id"], unique=False)

    op.create_table(
        "bericht",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=True),
        sa.Column("soort", sa.String(length=60), nullable=False),
        sa.Column("adres", sa.LargeBinary(), nullable=False),
        sa.Column("contactgegeven_id", columns.Uuid16(), nullable=False),
        sa.Column("contactgegeven_versie", sa.Integer(), nullable=False),
        sa.Column("gemaakt_op", columns.Tijdstip(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("verzending_id", columns.Uuid16(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_bericht_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_bericht_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_bericht_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_bericht")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("bericht", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bericht_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bericht_verzending_id"), ["verzending_id"], unique=False)

    op.create_table(
        "signaal",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("ontvangen", columns.Tijdstip(), nullable=False),
        sa.Column(
            "melder",
            sa.Enum("PROFESSIONAL", "PARTNER", "NETWERK", "INWONER", "ANONIEM", name="melder", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("NIEUW", "IN_ONDERZOEK", "GEEN_ZORG", "OPGEPAKT", name="signaalstatus", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("inwoner_geinformeerd_op", sa.Date(), nullable=True),
        sa.Column("niet_geinformeerd_omdat", sa.LargeBinary(), nullable=True),
        sa.Column("uitkomst", sa.LargeBinary(), nullable=True),
        sa.Column("afgehandeld_op", columns.Tijdstip(), nullable=True),
        sa.Column("vastgelegd_door_id", columns.Uuid16(), nullable=True),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_signaal_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["vastgelegd_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_signaal_vastgelegd_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_signaal_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_signaal")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("signaal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signaal_kader_id"), ["kader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signaal_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "taak",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=True),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("voor_id", columns.Uuid16(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=True),
        sa.Column("reden", sa.LargeBinary(), nullable=True),
        sa.Column("soort", sa.String(length=60), nullable=False),
        sa.Column(
            "voor_soort", sa.Enum("GEBRUIKER", "TEAM", "ORGANISATIE", name="partijsoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("voor_rol", sa.String(length=60), nullable=False),
        sa.Column(
            "status", sa.Enum("OPEN", "GEDAAN", "NIET_GEDAAN", "VERVALLEN", name="taakstatus", native_enum=False, length=60), nullable=False
        ),
        sa.Column("uiterlijk", sa.Date(), nullable=True),
        sa.Column("herinneren_op", sa.Date(), nullable=True),
        sa.Column("herinnerd_op", columns.Tijdstip(), nullable=True),
        sa.Column("gemaakt_op", columns.Tijdstip(), nullable=False),
        sa.Column("gemaakt_door_id", columns.Uuid16(), nullable=True),
        sa.Column("afgerond_op", columns.Tijdstip(), nullable=True),
        sa.Column("afgerond_door_id", columns.Uuid16(), nullable=True),
        sa.Column("bron_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["afgerond_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_taak_afgerond_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["gemaakt_door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_taak_gemaakt_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_taak_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_taak_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_taak")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("taak", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taak_bron_id"), ["bron_id"], unique=False)
        batch_op.create_index("ix_taak_kader", ["kader_id", "gemeente_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_taak_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index("ix_taak_voor", ["voor_id", "status", "uiterlijk", "gemeente_id"], unique=False)

    op.create_table(
        "afspraak",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=True),
        sa.Column("met_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum("HUISBEZOEK", "OP_LOCATIE", "TELEFOON", "BEELDBELLEN", name="afspraaksoort", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("begin", columns.Tijdstip(), nullable=False),
        sa.Column("einde", columns.Tijdstip(), nullable=False),
        sa.Column("plaats", sa.LargeBinary(), nullable=True),
        sa.Column("onderwerp", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("GEPLAND", "AFGEZEGD", "GEHOUDEN", "NIET_VERSCHENEN", name="afspraakstatus", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("status_op", columns.Tijdstip(), nullable=True),
        sa.Column(
            "afgezegd_door", sa.Enum("INWONER", "MEDEWERKER", "ANDERS", name="afzegger", native_enum=False, length=60), nullable=True
        ),
        sa.Column("uitkomst", sa.LargeBinary(), nullable=True),
        sa.Column("bericht_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bericht_id", "gemeente_id"], ["bericht.id", "bericht.gemeente_id"], name=op.f("fk_afspraak_bericht_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["met_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_afspraak_met_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_afspraak_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_afspraak_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_afspraak")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("afspraak", schema=None) as batch_op:
        batch_op.create_index("ix_afspraak_met", ["met_id", "status", "begin", "gemeente_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_afspraak_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "dossierstap",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "GEOPEND",
                "AANGEHOUDEN",
                "HERVAT",
                "GESLOTEN",
                "HEROPEND",
                "OVERGEDRAGEN",
                "REGISSEUR_AANGEWEZEN",
                "ZONDER_REGISSEUR",
                "LID_TOEGEVOEGD",
                "LID_VERTROKKEN",
                name="dossierstapsoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "reden",
            sa.Enum(
                "WACHT_OP_INWONER",
                "WACHT_OP_ANDERE_ORGANISATIE",
                "WACHTLIJST",
                "AFGEROND",
                "VERWEZEN",
                "INWONER_WIL_NIET",
                "GEEN_CONTACT",
                "VERHUISD",
                "OVERLEDEN",
                "NIEUWE_VRAAG",
                "TE_VROEG_GESLOTEN",
                "ANDERS",
                name="statusreden",
                native_enum=False,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("op", columns.Tijdstip(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_dossierstap_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_dossierstap_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_dossierstap_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_dossierstap_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_dossierstap")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("dossierstap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossierstap_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossierstap_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "meldcodestap",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("signaal_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "stap",
            sa.Enum(
                "SIGNALEN_IN_KAART",
                "COLLEGIALE_CONSULTATIE",
                "GESPREK",
                "WEGEN",
                "BESLISSEN",
                name="meldcodestapsoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("gedaan_op", sa.Date(), nullable=False),
        sa.Column("toelichting", sa.LargeBinary(), nullable=True),
        sa.Column("veilig_thuis_gemeld", sa.Boolean(), nullable=True),
        sa.Column("hulp_georganiseerd", sa.Boolean(), nullable=True),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_meldcodestap_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_meldcodestap_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["signaal_id", "gemeente_id"], ["signaal.id", "signaal.gemeente_id"], name=op.f("fk_meldcodestap_signaal_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_meldcodestap_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_meldcodestap")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("meldcodestap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meldcodestap_kader_id"), ["kader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meldcodestap_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meldcodestap_signaal_id"), ["signaal_id"], unique=False)

    op.create_table(
        "overdracht",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("van_team_id", columns.Uuid16(), nullable=False),
        sa.Column("naar_team_id", columns.Uuid16(), nullable=False),
        sa.Column("categorieen", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("AANGEBODEN", "AANGENOMEN", "GEWEIGERD", "INGETROKKEN", name="overdrachtstatus", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("reden", sa.LargeBinary(), nullable=False),
        sa.Column("antwoord", sa.LargeBinary(), nullable=True),
        sa.Column("aangeboden_op", columns.Tijdstip(), nullable=False),
        sa.Column("aangeboden_door_id", columns.Uuid16(), nullable=False),
        sa.Column("besloten_op", columns.Tijdstip(), nullable=True),
        sa.Column("besloten_door_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aangeboden_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_overdracht_aangeboden_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["besloten_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_overdracht_besloten_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_overdracht_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["naar_team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_overdracht_naar_team_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_overdracht_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["van_team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_overdracht_van_team_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_overdracht_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_overdracht")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("overdracht", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overdracht_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_overdracht_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "signaalmelder",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("signaal_id", columns.Uuid16(), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("blijft_onbekend", sa.Boolean(), nullable=False),
        sa.Column("naam", sa.LargeBinary(), nullable=True),
        sa.Column("bereikbaar", sa.LargeBinary(), nullable=True),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=True),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=True),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("kader_id", columns.Uuid16(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gebruiker_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_signaalmelder_gebruiker_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_signaalmelder_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_signaalmelder_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["signaal_id", "gemeente_id"], ["signaal.id", "signaal.gemeente_id"], name=op.f("fk_signaalmelder_signaal_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_signaalmelder_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_signaalmelder")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("signaalmelder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signaalmelder_gebruiker_id"), ["gebruiker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signaalmelder_kader_id"), ["kader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signaalmelder_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signaalmelder_signaal_id"), ["signaal_id"], unique=False)

    with op.batch_alter_table("aanmelding", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "aanmelder",
                sa.Enum(
                    "INWONER",
                    "FAMILIE_OF_NETWERK",
                    "HUISARTS",
                    "ZORGVERLENER",
                    "SCHOOL",
                    "POLITIE",
                    "WONINGCORPORATIE",
                    "PARTNER",
                    "GEMEENTE",
                    "ANDERS",
                    "ONBEKEND",
                    name="aanmelder",
                    native_enum=False,
                    length=60,
                ),
                nullable=False,
                server_default="ONBEKEND",
            )
        )
        batch_op.add_column(sa.Column("aanmelder_persoon_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("aanmelder_naam", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("aanmelder_bereikbaar", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "wijze",
                sa.Enum(
                    "BALIE",
                    "TELEFOON",
                    "EMAIL",
                    "WEBSITE",
                    "BRIEF",
                    "HUISBEZOEK",
                    "OVERLEG",
                    "SIGNAAL",
                    "ONBEKEND",
                    name="aanmeldwijze",
                    native_enum=False,
                    length=60,
                ),
                nullable=False,
                server_default="ONBEKEND",
            )
        )
        batch_op.add_column(
            sa.Column(
                "urgentie",
                sa.Enum("NORMAAL", "SPOED", "CRISIS", name="urgentie", native_enum=False, length=60),
                nullable=False,
                server_default="NORMAAL",
            )
        )
        batch_op.add_column(sa.Column("vraag", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "status",
                sa.Enum(
                    "NIEUW",
                    "IN_BEHANDELING",
                    "VERVOLG",
                    "AFGEWEZEN",
                    "VERWEZEN",
                    "AFGEBROKEN",
                    name="aanmeldstatus",
                    native_enum=False,
                    length=60,
                ),
                nullable=False,
                server_default="NIEUW",
            )
        )
        batch_op.add_column(sa.Column("behandelaar_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "reden",
                sa.Enum(
                    "GEEN_HULPVRAAG",
                    "NIET_VOOR_WIJKTEAM",
                    "INWONER_WIL_NIET",
                    "GEEN_CONTACT",
                    "DUBBEL",
                    "VERHUISD",
                    "OVERLEDEN",
                    "ANDERS",
                    name="afhandelreden",
                    native_enum=False,
                    length=60,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("toelichting", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("verwezen_naar_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("dossier_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("afgehandeld_op", columns.Tijdstip(), nullable=True))
        batch_op.add_column(sa.Column("vervalt_op", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_aanmelding_aanmelder_persoon_id"), ["aanmelder_persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aanmelding_status"), ["status"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_aanmelding_verwezen_naar_id_gemeente_id"),
            "organisatie",
            ["verwezen_naar_id", "gemeente_id"],
            ["id", "gemeente_id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_aanmelding_aanmelder_persoon_id_gemeente_id"),
            "persoon",
            ["aanmelder_persoon_id", "gemeente_id"],
            ["id", "gemeente_id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_aanmelding_behandelaar_id_gemeente_id"), "gebruiker", ["behandelaar_id", "gemeente_id"], ["id", "gemeente_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_aanmelding_dossier_id_gemeente_id"), "dossier", ["dossier_id", "gemeente_id"], ["id", "gemeente_id"]
        )

    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "domein",
                sa.Enum(
                    "WMO", "ZORG", "PW", "JEUGD", "VRIJWILLIGER", "BUURT", "INZAGE", "TOEZICHT", name="domein", native_enum=False, length=60
                ),
                nullable=False,
                server_default="WMO",
            )
        )
        batch_op.add_column(sa.Column("huishouden_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "reden",
                sa.Enum(
                    "WACHT_OP_INWONER",
                    "WACHT_OP_ANDERE_ORGANISATIE",
                    "WACHTLIJST",
                    "AFGEROND",
                    "VERWEZEN",
                    "INWONER_WIL_NIET",
                    "GEEN_CONTACT",
                    "VERHUISD",
                    "OVERLEDEN",
                    "NIEUWE_VRAAG",
                    "TE_VROEG_GESLOTEN",
                    "ANDERS",
                    name="statusreden",
                    native_enum=False,
                    length=60,
                ),
                nullable=True,
            )
        )

    with op.batch_alter_table("dossierlid", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tot", columns.Tijdstip(), nullable=True))

    with op.batch_alter_table("gebruiker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))

    # the default was for the rows that are there
    for table, names in (("aanmelding", ("aanmelder", "wijze", "urgentie", "status")), ("dossier", ("domein",))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    rows.statuses_become_open_or_closed()
    with op.batch_alter_table("gebruiker", schema=None) as batch_op:
        batch_op.drop_column("email")

    with op.batch_alter_table("dossierlid", schema=None) as batch_op:
        batch_op.drop_column("tot")

    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_column("reden")
        batch_op.drop_column("huishouden_id")
        batch_op.drop_column("domein")

    with op.batch_alter_table("aanmelding", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_aanmelding_dossier_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_aanmelding_behandelaar_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_aanmelding_aanmelder_persoon_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_aanmelding_verwezen_naar_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_aanmelding_status"))
        batch_op.drop_index(batch_op.f("ix_aanmelding_aanmelder_persoon_id"))
        batch_op.drop_column("vervalt_op")
        batch_op.drop_column("afgehandeld_op")
        batch_op.drop_column("dossier_id")
        batch_op.drop_column("verwezen_naar_id")
        batch_op.drop_column("toelichting")
        batch_op.drop_column("reden")
        batch_op.drop_column("behandelaar_id")
        batch_op.drop_column("status")
        batch_op.drop_column("vraag")
        batch_op.drop_column("urgentie")
        batch_op.drop_column("wijze")
        batch_op.drop_column("aanmelder_bereikbaar")
        batch_op.drop_column("aanmelder_naam")
        batch_op.drop_column("aanmelder_persoon_id")
        batch_op.drop_column("aanmelder")

    with op.batch_alter_table("signaalmelder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signaalmelder_signaal_id"))
        batch_op.drop_index(batch_op.f("ix_signaalmelder_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_signaalmelder_kader_id"))
        batch_op.drop_index(batch_op.f("ix_signaalmelder_gebruiker_id"))

    op.drop_table("signaalmelder")
    with op.batch_alter_table("overdracht", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_overdracht_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_overdracht_dossier_id"))

    op.drop_table("overdracht")
    with op.batch_alter_table("meldcodestap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meldcodestap_signaal_id"))
        batch_op.drop_index(batch_op.f("ix_meldcodestap_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_meldcodestap_kader_id"))

    op.drop_table("meldcodestap")
    with op.batch_alter_table("dossierstap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossierstap_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_dossierstap_dossier_id"))

    op.drop_table("dossierstap")
    with op.batch_alter_table("afspraak", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_afspraak_persoon_id"))
        batch_op.drop_index("ix_afspraak_met")

    op.drop_table("afspraak")
    with op.batch_alter_table("taak", schema=None) as batch_op:
        batch_op.drop_index("ix_taak_voor")
        batch_op.drop_index(batch_op.f("ix_taak_persoon_id"))
        batch_op.drop_index("ix_taak_kader")
        batch_op.drop_index(batch_op.f("ix_taak_bron_id"))

    op.drop_table("taak")
    with op.batch_alter_table("signaal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signaal_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_signaal_kader_id"))

    op.drop_table("signaal")
    with op.batch_alter_table("bericht", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bericht_verzending_id"))
        batch_op.drop_index(batch_op.f("ix_bericht_persoon_id"))

    op.drop_table("bericht")
    with op.batch_alter_table("notificatie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notificatie_partij_id"))
        batch_op.drop_index("ix_notificatie_partij")

    op.drop_table("notificatie")
    with op.batch_alter_table("algemenetaak", schema=None) as batch_op:
        batch_op.drop_index("ix_algemenetaak_voor")
        batch_op.drop_index(batch_op.f("ix_algemenetaak_partij_id"))
        batch_op.drop_index(batch_op.f("ix_algemenetaak_bron_id"))

    op.drop_table("algemenetaak")
    with op.batch_alter_table("vrijedag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vrijedag_verantwoordelijke_id"))

    op.drop_table("vrijedag")
    with op.batch_alter_table("verzending", schema=None) as batch_op:
        batch_op.drop_index("ix_verzending_wacht")

    op.drop_table("verzending")
    op.drop_table("jobloop")
