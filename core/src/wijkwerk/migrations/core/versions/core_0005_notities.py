"""Notes, complete: what is added to them, drafts, files; what was sent twice; how keys are rotated and destroyed.

Only tables, one after another as they were generated. What happens to rows that are there stands in migrations/core/rows_0005.py.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.migrations.core import rows_0005
from wijkwerk.storage import columns

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bijlagedeel",
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("inhoud_id", columns.Uuid16(), nullable=False),
        sa.Column("nummer", sa.Integer(), nullable=False),
        sa.Column("gesloten", sa.LargeBinary(), nullable=False),
        sa.Column("sinds", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("inhoud_id", "nummer", "gemeente_id", name=op.f("pk_bijlagedeel")),
        info={"owner": "core"},
    )
    op.create_table(
        "inzending",
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("nummer", columns.Uuid16(), nullable=False),
        sa.Column("wijziging", sa.String(length=80), nullable=False),
        sa.Column("afdruk", sa.LargeBinary(length=16), nullable=False),
        sa.Column("gevolg_id", columns.Uuid16(), nullable=True),
        sa.Column("op", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("nummer", "gebruiker_id", "gemeente_id", name=op.f("pk_inzending")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("inzending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inzending_gemeente_id_op"), ["gemeente_id", "op"], unique=False)

    op.create_table(
        "rotatie",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum("HOOFDSLEUTEL", "GEMEENTESLEUTEL", "GEGEVENSSLEUTEL", "ZOEKSLEUTEL", name="rotatiesoort", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("begonnen", columns.Tijdstip(), nullable=False),
        sa.Column("klaar", columns.Tijdstip(), nullable=True),
        sa.Column("te_doen", sa.Integer(), nullable=False),
        sa.Column("gedaan", sa.Integer(), nullable=False),
        sa.Column("verder_na", columns.Uuid16(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_rotatie")),
        info={"owner": "core"},
    )
    op.create_table(
        "vernietiging",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("pseudoniem", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=True),
        sa.Column("vernietigd", columns.Tijdstip(), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("sleutels", sa.Integer(), nullable=False),
        sa.Column("bij_anderen", sa.Integer(), nullable=False),
        sa.Column("reservekopie_tot", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_vernietiging")),
        info={"owner": "core"},
    )
    op.create_table(
        "eigenverklaring",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=False),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_eigenverklaring_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_eigenverklaring_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_eigenverklaring_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_eigenverklaring_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_eigenverklaring")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("eigenverklaring", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eigenverklaring_auteur_id"), ["auteur_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_eigenverklaring_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_eigenverklaring_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "werkaantekening",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "CONTACTVERSLAG",
                "SIGNAAL",
                "BESLUIT",
                "STRIKT",
                "CRISISNOTITIE",
                "EIGEN_VERKLARING",
                name="notitiesoort",
                native_enum=False,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("tekst", sa.LargeBinary(), nullable=False),
        sa.Column("oordeel", sa.LargeBinary(), nullable=True),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verloopt", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_werkaantekening_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_werkaantekening_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_werkaantekening_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_werkaantekening_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_werkaantekening")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("werkaantekening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_werkaantekening_auteur_id"), ["auteur_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_werkaantekening_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_werkaantekening_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_werkaantekening_verloopt"), ["verloopt"], unique=False)

    op.create_table(
        "aanvulling",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("notitie_id", columns.Uuid16(), nullable=False),
        sa.Column("tekst", sa.LargeBinary(), nullable=False),
        sa.Column("oordeel", sa.LargeBinary(), nullable=True),
        sa.Column(
            "bron",
            sa.Enum(
                "INWONER",
                "NAASTE",
                "EIGEN_WAARNEMING",
                "PROFESSIONAL",
                "DOCUMENT",
                "ANDERS",
                "ONBEKEND",
                name="informatiebron",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("bron_naam", sa.LargeBinary(), nullable=True),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "CONTACTVERSLAG",
                "SIGNAAL",
                "BESLUIT",
                "STRIKT",
                "CRISISNOTITIE",
                "EIGEN_VERKLARING",
                name="notitiesoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("groep_id", columns.Uuid16(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_aanvulling_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_aanvulling_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["notitie_id", "gemeente_id"], ["notitie.id", "notitie.gemeente_id"], name=op.f("fk_aanvulling_notitie_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_aanvulling_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_aanvulling_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_aanvulling")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("aanvulling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aanvulling_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aanvulling_groep_id"), ["groep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aanvulling_notitie_id"), ["notitie_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aanvulling_persoon_id"), ["persoon_id"], unique=False)

    op.create_table(
        "bijlage",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("notitie_id", columns.Uuid16(), nullable=False),
        sa.Column("naam", sa.LargeBinary(), nullable=False),
        sa.Column(
            "bestandssoort",
            sa.Enum("PDF", "JPEG", "PNG", "TEKST", "DOCX", "ODT", name="bestandssoort", native_enum=False, length=60),
            nullable=False,
        ),
        sa.Column("omvang", sa.BigInteger(), nullable=False),
        sa.Column("inhoud_id", columns.Uuid16(), nullable=False),
        sa.Column("sleutel", sa.LargeBinary(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "CONTACTVERSLAG",
                "SIGNAAL",
                "BESLUIT",
                "STRIKT",
                "CRISISNOTITIE",
                "EIGEN_VERKLARING",
                name="notitiesoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("groep_id", columns.Uuid16(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_bijlage_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_bijlage_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["notitie_id", "gemeente_id"], ["notitie.id", "notitie.gemeente_id"], name=op.f("fk_bijlage_notitie_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_bijlage_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_bijlage_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_bijlage")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("bijlage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bijlage_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bijlage_groep_id"), ["groep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bijlage_inhoud_id"), ["inhoud_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bijlage_notitie_id"), ["notitie_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bijlage_persoon_id"), ["persoon_id"], unique=False)

    with op.batch_alter_table("notitie", schema=None) as batch_op:
        batch_op.add_column(sa.Column("redactie_van_id", columns.Uuid16(), nullable=True))
        batch_op.add_column(sa.Column("groep_id", columns.Uuid16(), nullable=True))
        batch_op.create_index(batch_op.f("ix_notitie_groep_id"), ["groep_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_notitie_redactie_van_id_gemeente_id"), "notitie", ["redactie_van_id", "gemeente_id"], ["id", "gemeente_id"]
        )

    with op.batch_alter_table("notitieversie", schema=None) as batch_op:
        batch_op.add_column(sa.Column("oordeel", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "bron",
                sa.Enum(
                    "INWONER",
                    "NAASTE",
                    "EIGEN_WAARNEMING",
                    "PROFESSIONAL",
                    "DOCUMENT",
                    "ANDERS",
                    "ONBEKEND",
                    name="informatiebron",
                    native_enum=False,
                    length=60,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("bron_naam", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("groep_id", columns.Uuid16(), nullable=True))
        batch_op.create_index(batch_op.f("ix_notitieversie_groep_id"), ["groep_id"], unique=False)

    op.create_table(
        "notitielezer",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("notitie_id", columns.Uuid16(), nullable=False),
        sa.Column("gebruiker_id", columns.Uuid16(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("dossier_id", columns.Uuid16(), nullable=False),
        sa.Column(
            "soort",
            sa.Enum(
                "CONTACTVERSLAG",
                "SIGNAAL",
                "BESLUIT",
                "STRIKT",
                "CRISISNOTITIE",
                "EIGEN_VERKLARING",
                name="notitiesoort",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("niveau_vanaf", sa.Integer(), nullable=False),
        sa.Column("groep_id", columns.Uuid16(), nullable=False),
        sa.Column("auteur_id", columns.Uuid16(), nullable=False),
        sa.Column("geschreven", columns.Tijdstip(), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auteur_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"], name=op.f("fk_notitielezer_auteur_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gemeente_id"], ["dossier.id", "dossier.gemeente_id"], name=op.f("fk_notitielezer_dossier_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["gebruiker_id", "gemeente_id"],
            ["gebruiker.id", "gebruiker.gemeente_id"],
            name=op.f("fk_notitielezer_gebruiker_id_gemeente_id"),
        ),
        sa.ForeignKeyConstraint(
            ["notitie_id", "gemeente_id"], ["notitie.id", "notitie.gemeente_id"], name=op.f("fk_notitielezer_notitie_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"], name=op.f("fk_notitielezer_persoon_id_gemeente_id")
        ),
        sa.ForeignKeyConstraint(
            ["verantwoordelijke_id", "gemeente_id"],
            ["organisatie.id", "organisatie.gemeente_id"],
            name=op.f("fk_notitielezer_verantwoordelijke_id_gemeente_id"),
        ),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_notitielezer")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("notitielezer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notitielezer_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notitielezer_groep_id"), ["groep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notitielezer_notitie_id"), ["notitie_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notitielezer_persoon_id"), ["persoon_id"], unique=False)

    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bsn_index_nieuw", sa.LargeBinary(length=16), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_persoon_gemeente_id_bsn_index_nieuw"), ["gemeente_id", "bsn_index_nieuw"])

    rows_0005.fill()
    for table in ("notitie", "notitieversie"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("groep_id", existing_type=columns.Uuid16(), nullable=False)
    with op.batch_alter_table("notitieversie", schema=None) as batch_op:
        batch_op.alter_column("bron", existing_type=sa.String(length=60), nullable=False)


def downgrade() -> None:
    op.drop_table("notitielezer")
    with op.batch_alter_table("persoon", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_persoon_gemeente_id_bsn_index_nieuw"), type_="unique")
        batch_op.drop_column("bsn_index_nieuw")

    with op.batch_alter_table("notitieversie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notitieversie_groep_id"))
        batch_op.drop_column("groep_id")
        batch_op.drop_column("bron_naam")
        batch_op.drop_column("bron")
        batch_op.drop_column("oordeel")

    with op.batch_alter_table("notitie", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notitie_redactie_van_id_gemeente_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_notitie_groep_id"))
        batch_op.drop_column("groep_id")
        batch_op.drop_column("redactie_van_id")

    with op.batch_alter_table("bijlage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bijlage_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_bijlage_notitie_id"))
        batch_op.drop_index(batch_op.f("ix_bijlage_inhoud_id"))
        batch_op.drop_index(batch_op.f("ix_bijlage_groep_id"))
        batch_op.drop_index(batch_op.f("ix_bijlage_dossier_id"))

    op.drop_table("bijlage")
    with op.batch_alter_table("aanvulling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aanvulling_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_aanvulling_notitie_id"))
        batch_op.drop_index(batch_op.f("ix_aanvulling_groep_id"))
        batch_op.drop_index(batch_op.f("ix_aanvulling_dossier_id"))

    op.drop_table("aanvulling")
    with op.batch_alter_table("werkaantekening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_werkaantekening_verloopt"))
        batch_op.drop_index(batch_op.f("ix_werkaantekening_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_werkaantekening_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_werkaantekening_auteur_id"))

    op.drop_table("werkaantekening")
    with op.batch_alter_table("eigenverklaring", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eigenverklaring_persoon_id"))
        batch_op.drop_index(batch_op.f("ix_eigenverklaring_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_eigenverklaring_auteur_id"))

    op.drop_table("eigenverklaring")
    op.drop_table("vernietiging")
    op.drop_table("rotatie")
    with op.batch_alter_table("inzending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inzending_gemeente_id_op"))

    op.drop_table("inzending")
    op.drop_table("bijlagedeel")
