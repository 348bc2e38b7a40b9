"""Planned work, to look at: who runs the installation sees that something failed, and starts it again with `wijkwerk jobs run`."""

from __future__ import annotations

from wijkwerk.jobs.loop import Jobloop
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Query, extend
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer


@filterinvoer(Jobloop)
class JobsFilter(Invoer):
    """Welk werk u wilt zien."""

    naam = Zoekveld("naam")
    status = Zoekveld("status")


@extend(Query)
class Jobvragen:
    """What was done."""

    jobs = connection(
        Jobloop,
        uitleg="Wanneer gepland werk is gedaan en hoe het afliep, nieuwste eerst",
        order=("-begonnen_op",),
        filters=JobsFilter,
    )


PARTS = (Jobvragen,)
