"""Who is let in, complete: consent with its texts, givers and recipients; couplings, referrals, requests; break-glass; the own view.

Only tables, one after another as they were generated: long, and never changed again once released. What happens to rows that are there
stands in migrations/core/rows_0004.py.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.migrations.core import rows_0004
from wijkwerk.storage import columns

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beleidsversie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("kenmerk", sa.String(length=64), nullable=False),
        sa.Column("regels", sa.JSON(), nullable=False),
        sa.Column("sinds", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_beleidsversie")),
        sa.UniqueConstraint("gemeente_id", "nummer", name=op.f("uq_beleidsversie_gemeente_id_nummer")),
        info={"owner": "core"},
    )
    op.create_table(
        "registerversie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum("GRONDSLAG", "DOEL", "CATEGORIE", "ACTIVITEIT", name="registersoort", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("inhoud", sa.JSON(), nullable=False),
        sa.Column("sinds", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_registerversie")),
        sa.UniqueConstraint("gemeente_id", "soort", "code", "nummer", name=op.f("uq_registerversie_gemeente_id_soort_code_nummer")),
        info={"owner": "core"},
    )
    op.create_table(
        "toegangsverzoek",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("rol", sa.String(length=60), nullable=False),
        sa.Column("ontvangen_op", columns.Tijdstip(), nullable=False),
        sa.Column("verwerkt_op", columns.Tijdstip(), nullable=True),
        sa.Column("volgende_poging_op", columns.Tijdstip(), nullable=False),
        sa.Column("status", sa.Enum("ONTVANGEN", "VERWERKT", name="verzoekstatus", native_enum=False, length=60), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_toegangsverzoek")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("toegangsverzoek", schema=None) as batch_op:
        batch_op.create_index("ix_toegangsverzoek_gebruiker", ["gemeente_id", "gebruiker_id", "ontvangen_op"], unique=False)
        batch_op.create_index("ix_toegangsverzoek_wacht", ["status", "volgende_poging_op", "gemeente_id"], unique=False)

    op.create_table(
        "toestemmingstekst",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("doel", sa.String(length=60), nullable=False),
        sa.Column("aanduiding", sa.String(length=60), nullable=False),
        sa.Column("taal", sa.String(length=3), nullable=False),
        sa.Column("leesniveau", sa.String(length=10), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=True),
        sa.Column("vastgesteld_door_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.Column("openbaar", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vastgesteld_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_toestemmingstekst_vastgesteld_door_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_toestemmingstekst")),
        sa.UniqueConstraint(
            "gemeente_id", "doel", "aanduiding", "taal", name=op.f("uq_toestemmingstekst_gemeente_id_doel_aanduiding_taal")
        ),
        info={"owner": "core"},
    )
    with op.batch_alter_table("toestemmingstekst", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_toestemmingstekst_verantwoordelijke_id"), ["verantwoordelijke_id"], unique=False)

    op.create_table(
        "groepstoegang",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("groep_id", columns.Uuid16(), nullable=False),
        sa.Column("partij_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "partijsoort", sa.Enum("GEBRUIKER", "TEAM", "ORGANISATIE", name="partijsoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("doel", sa.String(length=60), nullable=False),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_groepstoegang_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_groepstoegang_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_groepstoegang")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("groepstoegang", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_groepstoegang_groep_id"), ["groep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_groepstoegang_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "inwonertoegang",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("vertegenwoordiging_id", columns.Uuid16(), nullable=True),
        sa.Column(
            "vaststelling",
            sa.Enum("IDENTITEITSBEWIJS", "DIGID", "PERSOONLIJK_BEKEND", name="vaststelling", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("beeindigd_door_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beeindigd_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_inwonertoegang_beeindigd_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_inwonertoegang_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["gebruiker_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_inwonertoegang_gebruiker_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_inwonertoegang_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_inwonertoegang_verantwoordelijke_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["vertegenwoordiging_id", "gemeente_id"],
            ["vertegenwoordiging.id", "vertegenwoordiging.gemeente_id"],
            name=op.f("fk_inwonertoegang_vertegenwoordiging_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_inwonertoegang")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("inwonertoegang", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inwonertoegang_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "koppeling",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("partij_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "partijsoort", sa.Enum("GEBRUIKER", "TEAM", "ORGANISATIE", name="partijsoort", native_enum=False, length=60), nullable=False
        ),
        sa.Column("rol", sa.String(length=60), nullable=True),
        sa.Column("doel", sa.String(length=60), nullable=False),
        sa.Column("categorieen", sa.JSON(), nullable=False),
        sa.Column("niveau_tot", sa.Integer(), nullable=False),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("door_id", columns.Uuid16(), nullable=True),
        sa.Column("beeindigd_door_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beeindigd_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_koppeling_beeindigd_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_koppeling_door_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_koppeling_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_koppeling_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_koppeling_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_koppeling_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_koppeling")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("koppeling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_koppeling_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_koppeling_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "noodtoegang",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("rol", sa.String(length=60), nullable=False),
        sa.Column(
            "reden",
            sa.Enum("ACUUT_GEVAAR", "VEILIGHEID_KIND", "CRISISDIENST", "TECHNISCH_HERSTEL", name="noodreden", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("toelichting", sa.LargeBinary(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=True),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=False),
        sa.Column("beoordelen_voor", sa.Date(), nullable=False),
        sa.Column("beoordeel_team_id", columns.Uuid16(), nullable=True),
        sa.Column("beoordeeld", sa.Boolean(), nullable=False),
        sa.Column(
            "oordeel", sa.Enum("TERECHT", "ONTERECHT", "ONDUIDELIJK", name="noodoordeel", native_enum=False, length=60), nullable=True
        ),
        sa.Column("oordeel_omdat", sa.LargeBinary(), nullable=True),
        sa.Column("beoordeeld_op", columns.Tijdstip(), nullable=True),
        sa.Column("beoordeeld_door_id", columns.Uuid16(), nullable=True),
        sa.Column("gemeld_aan_fg_op", columns.Tijdstip(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beoordeel_team_id", "gemeente_id"], ["team.id", "team.gemeente_id"], name=op.f("fk_noodtoegang_beoordeel_team_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["beoordeeld_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_noodtoegang_beoordeeld_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_noodtoegang_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["gebruiker_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_noodtoegang_gebruiker_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_noodtoegang_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_noodtoegang_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_noodtoegang_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_noodtoegang")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("noodtoegang", schema=None) as batch_op:
        batch_op.create_index("ix_noodtoegang_gebruiker", ["gebruiker_id", "tot", "gemeente_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_noodtoegang_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index("ix_noodtoegang_wacht", ["beoordeeld", "van", "gemeente_id"], unique=False)

    op.create_table(
        "noodpoging",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("gevraagd", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_noodpoging")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("noodpoging", schema=None) as batch_op:
        batch_op.create_index("ix_noodpoging_gebruiker", ["gemeente_id", "gebruiker_id", "gevraagd"], unique=False)

    op.create_table(
        "toestemminggever",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("toestemming_id", columns.Uuid16(), nullable=False),
        sa.Column("gever_id", columns.Uuid16(), nullable=True),
        sa.Column("naam", sa.String(length=200), nullable=True),
        sa.Column(
            "hoedanigheid",
            sa.Enum("BETROKKENE", "WETTELIJK_VERTEGENWOORDIGER", "GEMACHTIGDE", name="gever", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("op", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_toestemminggever_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["gever_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_toestemminggever_gever_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_toestemminggever_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["toestemming_id", "gemeente_id"],
            ["toestemming.id", "toestemming.gemeente_id"],
            name=op.f("fk_toestemminggever_toestemming_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_toestemminggever_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_toestemminggever")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("toestemminggever", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_toestemminggever_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_toestemminggever_gever_id"), ["gever_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_toestemminggever_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_toestemminggever_toestemming_id"), ["toestemming_id"], unique=False)

    op.create_table(
        "toestemmingsontvanger",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("toestemming_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("rol", sa.String(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"],
            ["dossier.id", "dossier.gemeente_id"],
            name=op.f("fk_toestemmingsontvanger_dossier_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_toestemmingsontvanger_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"],
            ["persoon.id", "persoon.gemeente_id"],
            name=op.f("fk_toestemmingsontvanger_persoon_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["toestemming_id", "gemeente_id"],
            ["toestemming.id", "toestemming.gemeente_id"],
            name=op.f("fk_toestemmingsontvanger_toestemming_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_toestemmingsontvanger_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_toestemmingsontvanger")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("toestemmingsontvanger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_toestemmingsontvanger_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_toestemmingsontvanger_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_toestemmingsontvanger_toestemming_id"), ["toestemming_id"], unique=False)

    op.create_table(
        "verwijzing",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("organisatie_id", columns.Uuid16(), nullable=False),
        sa.Column("rol", sa.String(length=60), nullable=True),
        sa.Column("doel", sa.String(length=60), nullable=False),
        sa.Column("categorieen", sa.JSON(), nullable=False),
        sa.Column("niveau_tot", sa.Integer(), nullable=False),
        sa.Column("vraag", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "AANGEBODEN",
                "AANGENOMEN",
                "GEWEIGERD",
                "INGETROKKEN",
                "BEEINDIGD",
                "VERLOPEN",
                name="verwijzingstatus",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("tot", sa.Date(), nullable=False),
        sa.Column("aangeboden_op", columns.Tijdstip(), nullable=False),
        sa.Column("aangeboden_door_id", columns.Uuid16(), nullable=False),
        sa.Column("besloten_op", columns.Tijdstip(), nullable=True),
        sa.Column("besloten_door_id", columns.Uuid16(), nullable=True),
        sa.Column("antwoord", sa.LargeBinary(), nullable=True),
        sa.Column("beeindigd_op", columns.Tijdstip(), nullable=True),
        sa.Column(
            "eindreden",
            sa.Enum(
                "AFGEROND",
                "INWONER_WIL_NIET",
                "TOESTEMMING_INGETROKKEN",
                "DOSSIER_GESLOTEN",
                "UIT_DOSSIER",
                "ANDERS",
                name="eindreden",
                native_enum=False,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("toestemming_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aangeboden_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_verwijzing_aangeboden_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["besloten_door_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_verwijzing_besloten_door_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_verwijzing_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisatie_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_verwijzing_organisatie_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_verwijzing_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["toestemming_id", "gemeente_id"],
            ["toestemming.id", "toestemming.gemeente_id"],
            name=op.f("fk_verwijzing_toestemming_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_verwijzing_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_verwijzing")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("verwijzing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verwijzing_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_verwijzing_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_verwijzing_toestemming_id"), ["toestemming_id"], unique=False)

    with op.batch_alter_table("betrokkenheid", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rol", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("toestemming_id", columns.Uuid16(), nullable=True))
        batch_op.create_index(batch_op.f("ix_betrokkenheid_toestemming_id"), ["toestemming_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_betrokkenheid_toestemming_id_gemeente_id"),
            "toestemming",
            ["toestemming_id", "gemeente_id"],
            ["id", "gemeente_id"],
        )

    with op.batch_alter_table("toestemming", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "richting", sa.Enum("VERSTREKKEN", "ONTVANGEN", "BEIDE", name="richting", native_enum=False, length=60), nullable=True
            )
        )
        batch_op.add_column(sa.Column("tekst_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("bewijs", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("vrijwillig", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("vrijwillig_omdat", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("gevraagd_op", columns.Tijdstip(), nullable=True))
        batch_op.add_column(sa.Column("gevraagd_door_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("geweigerd_op", columns.Tijdstip(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "ingetrokken_wijze",
                sa.Enum("SCHRIFTELIJK", "DIGITAAL", "MONDELING", name="wijze", native_enum=False, length=60),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("ingetrokken_door_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("intrekreden", sa.LargeBinary(), nullable=True))

    rows_0004.consents_get_a_text_a_recipient_and_a_giver()
    rows_0004.couplings_get_a_row()
    with op.batch_alter_table("toestemming", schema=None) as batch_op:
        batch_op.alter_column("richting", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column("tekst_id", existing_type=columns.Uuid16(), nullable=False)
        batch_op.alter_column("gevraagd_op", existing_type=columns.Tijdstip(), nullable=False)
        batch_op.alter_column("gegeven_op", existing_type=columns.Tijdstip(), nullable=True)
        batch_op.drop_constraint(batch_op.f("fk_toestemming_ontvanger_id_gemeente_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_toestemming_tekst_id_gemeente_id"), "toestemmingstekst", ["tekst_id", "gemeente_id"], ["id", "gemeente_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_toestemming_ingetrokken_door_id_gemeente_id"),
            "gebruiker",
            ["ingetrokken_door_id", "gemeente_id"],
            ["id", "gemeente_id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_toestemming_gevraagd_door_id_gemeente_id"),
            "gebruiker",
            ["gevraagd_door_id", "gemeente_id"],
            ["id", "gemeente_id"],
        )
        batch_op.drop_column("ontvanger_id")
        batch_op.drop_column("tekst_versie")


def downgrade() -> None:
    with op.batch_alter_table("toestemming", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tekst_versie", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("ontvanger_id", columns.Uuid16(), nullable=True))

    rows_0004.doors_that_the_third_revision_would_open_wider_go()
    with op.batch_alter_table("betrokkenheid", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_betrokkenheid_toestemming_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_betrokkenheid_toestemming_id"))
        batch_op.drop_column("toestemming_id")
        batch_op.drop_column("rol")

    rows_0004.consents_get_one_recipient_and_the_name_of_a_text()
    with op.batch_alter_table("toestemming", schema=None) as batch_op:
        batch_op.alter_column("tekst_versie", existing_type=sa.String(length=60), nullable=False)
        batch_op.alter_column("ontvanger_id", existing_type=columns.Uuid16(), nullable=False)
        batch_op.drop_constraint(batch_op.f("fk_toestemming_gevraagd_door_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_toestemming_ingetrokken_door_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_toestemming_tekst_id_gemeente_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_toestemming_ontvanger_id_gemeente_id"), "organisatie", ["ontvanger_id", "gemeente_id"], ["id", "gemeente_id"]
        )
        batch_op.alter_column("gegeven_op", existing_type=columns.Tijdstip(), nullable=False)
        batch_op.drop_column("intrekreden")
        batch_op.drop_column("ingetrokken_door_id")
        batch_op.drop_column("ingetrokken_wijze")
        batch_op.drop_column("geweigerd_op")
        batch_op.drop_column("gevraagd_door_id")
        batch_op.drop_column("gevraagd_op")
        batch_op.drop_column("vrijwillig_omdat")
        batch_op.drop_column("vrijwillig")
        batch_op.drop_column("bewijs")
        batch_op.drop_column("tekst_id")
        batch_op.drop_column("richting")

    with op.batch_alter_table("verwijzing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verwijzing_toestemming_id"))
        batch_op.drop_index(batch_op.f("ix_verwijzing_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_verwijzing_dossier_id"))

    op.drop_table("verwijzing")
    with op.batch_alter_table("toestemmingsontvanger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_toestemmingsontvanger_toestemming_id"))
        batch_op.drop_index(batch_op.f("ix_toestemmingsontvanger_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_toestemmingsontvanger_dossier_id"))

    op.drop_table("toestemmingsontvanger")
    with op.batch_alter_table("toestemminggever", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_toestemminggever_toestemming_id"))
        batch_op.drop_index(batch_op.f("ix_toestemminggever_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_toestemminggever_gever_id"))
        batch_op.drop_index(batch_op.f("ix_toestemminggever_dossier_id"))

    op.drop_table("toestemminggever")
    with op.batch_alter_table("noodpoging", schema=None) as batch_op:
        batch_op.drop_index("ix_noodpoging_gebruiker")

    op.drop_table("noodpoging")
    with op.batch_alter_table("noodtoegang", schema=None) as batch_op:
        batch_op.drop_index("ix_noodtoegang_wacht")
        batch_op.drop_index(batch_op.f("ix_noodtoegang_persoon_id"))
        batch_op.drop_index("ix_noodtoegang_gebruiker")

    op.drop_table("noodtoegang")
    with op.batch_alter_table("koppeling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_koppeling_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_koppeling_dossier_id"))

    op.drop_table("koppeling")
    with op.batch_alter_table("inwonertoegang", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inwonertoegang_persoon_id"))

    op.drop_table("inwonertoegang")
    with op.batch_alter_table("groepstoegang", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_groepstoegang_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_groepstoegang_groep_id"))

    op.drop_table("groepstoegang")
    with op.batch_alter_table("toestemmingstekst", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_toestemmingstekst_verantwoordelijke_id"))

    op.drop_table("toestemmingstekst")
    with op.batch_alter_table("toegangsverzoek", schema=None) as batch_op:
        batch_op.drop_index("ix_toegangsverzoek_wacht")
        batch_op.drop_index("ix_toegangsverzoek_gebruiker")

    op.drop_table("toegangsverzoek")
    op.drop_table("registerversie")
    op.drop_table("beleidsversie")
