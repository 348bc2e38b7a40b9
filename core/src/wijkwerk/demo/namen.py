"""Words that made-up residents are made of. Surnames and streets are invented; together they name nobody."""

from __future__ import annotations

VOORNAMEN_MAN = (
    "Adem", "Bram", "Cornelis Jan", "Dawid", "Émile", "Ferre", "Gijs", "Hamza", "IJsbrand", "Jan-Willem", "Kwame", "Łukasz", "Milan",
    "Noé", "Olivier", "Pieter", "Quinten", "René", "Søren", "Thijs", "Umut", "Viktor", "Wei", "Xander", "Yusuf", "Zoltán",
)  # fmt: skip
VOORNAMEN_VROUW = (
    "Anna Cornelia", "Beyza", "Chloë", "Dineke", "Esmée", "Fenna", "Gülay", "Hanneke", "Inès", "Johanna Maria", "Kübra", "Lotte", "Maëlle",
    "Naïma", "Oddveig", "Petronella", "Quirine", "Roos", "Sanae", "Thea", "Ürsel", "Veerle", "Wilhelmina", "Xenia", "Ysolde", "Zeynep",
)  # fmt: skip
ACHTERNAMEN = (
    (None, "Lisdodde"), (None, "Waterhoen"), ("van der", "Rietgors"), ("van de", "Plasdijk"), ("de", "Baarsman"),
    ("van den", "Wilgenkolk"), (None, "Zilverschoon"), ("'t", "Meerkoetje"), ("in het", "Biezenveld"), (None, "Ålbekken"),
    (None, "Ördekköy"), (None, "Kaczkowięcki"), ("el", "Naherouad"), (None, "Otterspoor"), ("ten", "Snoekhorst"),
    (None, "Krabbenscheer"), ("Van Den", "Dotterbloeme"), (None, "Señalagua"), ("op de", "Kwelwal"), (None, "Roerdompstra"),
    (None, "Bittervoornsma"), (None, "Fuutinga"), ("van", "Gele Plomp"), (None, "Ižerovodić"), ("ter", "Sluiskolk"),
    (None, "Hồnước"), (None, "Karekietsen"), ("du", "Marécage"), (None, "Pijlkruid"), ("van 't", "Wantijhof"),
)  # fmt: skip
STRATEN_NOORD = ("Lisdoddekade", "Waterhoenstraat", "Rietgorslaan", "Snoekplantsoen", "Dotterbloemhof", "Karekietpad")
STRATEN_ZUID = ("Sluiskolkstraat", "Otterspoorweg", "Baarsmanplein", "Kwelwal", "Wilgenkolksingel")
WOONPLAATS = "Rotterdam"
TELEFOON = "0612345678"
"""One in all: the Netherlands keep no numbers apart for stories, and any other could be somebody's."""
