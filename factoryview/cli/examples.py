"""What to type, for the help of each verb. Every line is run by `tests/cli/test_examples.py`."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": ("demo", "demo permits", "demo --lang de"),
    "play": (
        "play deals.csv",
        "play deals.csv --map case=case,stage=stage,time=entered",
        "play plant.toml --fullscreen",
    ),
    "wall": ("wall demo", "wall wall.toml --windowed", "wall wall.toml --privacy"),
    "record": ("record live.toml", "record live.toml --seconds 1"),
    "render": (
        "render deals.csv -o jam.png",
        "render deals.csv -o end.png --at end --theme day",
        "render deals.csv -o week.gif --from 2025-02-03 --to 2025-02-10 --seconds 2 --size 640x360",
    ),
    "snapshot": ("snapshot deals.csv", "snapshot deals.csv --at 2025-02-03 --json"),
    "kpis": ("kpis deals.csv", "kpis deals.csv --bucket week -o kpis.csv"),
    "explain": (
        "explain deals.csv",
        "explain plant.toml --from 2025-02-01 --to 2025-03-01 --json",
        "explain --define contention",
    ),
    "compare": (
        "compare deals.csv",
        "compare deals.csv --spans 2025-03 2025-06",
        "compare deals.csv --spans 2025-03 2025-06 -o changed.png --difference",
    ),
    "forecast": ("forecast deals.csv", "forecast plant.toml --json"),
    "whatif": (
        'whatif deals.csv --set "Approval.people+=1" --days 30 --runs 20',
        "whatif plant.toml --scenario scenarios.toml --runs 20 --json",
    ),
    "report": ("report deals.csv -o report.html", "report plant.toml -o bericht.html --lang de"),
    "answer": ("answer plant.toml",),
    "notes": (
        'notes plant.toml --add "Second pair of eyes only above 5000" --stage Approval --who "head of sales" '
        "--due 2025-06-30 --measure waiting",
        "notes plant.toml",
        "notes plant.toml -o items.csv --for jira",
        "notes plant.toml --import items.csv",
    ),
    "meeting": ("meeting deals.csv", "meeting plant.toml --from 2025-06-01 --minutes 3"),
    "workshop": (
        'workshop plant.toml workshop.toml --groups "Sales, Operations"',
        "workshop deals.csv played.toml --groups Sales --days 14 -o workshop.md",
    ),
    "discover": ("discover deals.csv -o found.toml",),
    "check": ("check deals.csv plant.toml", "check wall.toml"),
}
"""Verb → commands without the program's name; they take files of these names in the working directory."""


def shown(verb: str, german: bool) -> str:
    """The examples of a verb as the last paragraph of its help; nothing where it has none."""
    lines = EXAMPLES.get(verb, ())
    heading = "Beispiele:" if german else "Examples:"
    return "\n".join(["\b", heading, *(f"  factoryview {line}" for line in lines)]) if lines else ""
