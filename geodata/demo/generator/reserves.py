"""Reserves as some office once stated them: near the true volume, never equal to it."""

# Shares of the stated balance reserves by stage of survey; off-balance peat comes on top.
CATEGORIES = {
    "detailed": (("A", 0.34), ("B", 0.31), ("C1", 0.35)),
    "preliminary": (("B", 0.22), ("C1", 0.56), ("C2", 0.22)),
    "reconnaissance": (("C2", 0.7), ("P1", 0.3)),
    "prognostic": (("P1", 1.0),),
}


def statements(surfaces, rng):
    """Rows without geometry: volume, mass at 40 % moisture, category, balance class."""
    rows = []
    for surface in surfaces:
        deposit = surface.deposit
        stated = surface.volume() * rng.uniform(0.88, 1.12)
        off = rng.uniform(0.05, 0.11)
        yield_t_m3 = {"raised": 0.142, "transitional": 0.155, "fen": 0.172}[deposit.peat_type] * rng.uniform(0.97, 1.03)
        parts = [(c, "balance", share * (1 - off)) for c, share in CATEGORIES[deposit.stage]]
        parts.append((parts[-1][0] if deposit.stage == "prognostic" else "C2", "off_balance", off))
        for number, (category, balance, share) in enumerate(parts, 1):
            volume = round(stated * share, -3)
            rows.append({
                "code": f"R-{deposit.code}-{number}", "deposit": deposit.code, "category": category, "balance_class": balance,
                "volume_m3": int(volume), "mass_t": int(round(volume * yield_t_m3, -2)), "moisture": 0.4,
                "year": deposit.year + 1,
            })
    return rows
