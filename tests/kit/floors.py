"""Random plants and hand-written ones to lay out."""

from __future__ import annotations

from random import Random

from factoryview.layout.plan import BeltSpec, FloorRequest, StageSpec


def random_request(seed: int, stages: int | None = None, width: int = 1900, height: int = 724) -> FloorRequest:
    """A plant of 3 to 14 stages (or as many as asked for) in 1 to 4 departments, with none to two slow stages.

    It has none to six sources, skips, rework, loops, losses, wrecks, rare belts, and ends that are depots.
    """
    random = Random(seed)
    count = stages or random.randint(3, 14)
    departments = random.randint(1, min(4, count))
    cuts = sorted(random.sample(range(1, count), departments - 1))
    names = [f"Stage {i}" for i in range(count)]
    slow = set(random.sample(range(count), min(count, random.choice((0, 1, 1, 1, 1, 1, 1, 2, 2)))))
    ends = random.choice((0, 1, 1, 2)) if count > 4 else 0
    specs = tuple(
        StageSpec(
            name,
            sum(i >= cut for cut in cuts),
            kind="depot" if i >= count - ends else "stage",
            loses=random.random() < 0.35 and i < count - ends,
            slow=i in slow and i < count - ends,
            wrecks=random.random() < (0.5 if i in slow else 0.1) and i < count - ends,
        )
        for i, name in enumerate(names)
    )
    sources = tuple(f"Source {i}" for i in range(random.randint(0, 6)))
    belts: dict[tuple[str, str], BeltSpec] = {}

    def add(a: int, b: int, share: float, rework: bool = False) -> None:
        if a < count - ends:
            belts.setdefault((names[a], names[b]), BeltSpec(names[a], names[b], share, rework))

    for source in sources:
        target = 0 if random.random() < 0.8 else random.randrange(max(1, count // 3))
        belts[source, names[target]] = BeltSpec(source, names[target], random.random() / len(sources) + 0.02)
    flow = 1.0
    for i in range(count - 1):
        flow *= random.uniform(0.6, 1.0)
        if random.random() < 0.93:
            add(i if i + 1 < count - ends else min(i, count - ends - 1), i + 1, flow)
    for _ in range(int(count * random.uniform(0, 0.4))):
        i = random.randrange(count)
        j = min(count - 1, i + random.randint(2, 4))
        if i < j:
            add(i, j, random.random() ** 2 * 0.3)
    for _ in range(int(count * random.uniform(0, 0.3))):
        i = random.randrange(count)
        j = max(0, i - random.randint(1, 4))
        if i > j:
            add(i, j, random.random() ** 2 * 0.2, rework=True)
    for i in range(count):
        if random.random() < 0.05:
            add(i, i, 0.05, rework=True)
    labels = tuple(f"Department {i}" for i in range(departments))
    return FloorRequest(labels, sources, specs, tuple(belts.values()), width, height)


def sales_request(width: int = 1900, height: int = 724) -> FloorRequest:
    """Marketing, sales and delivery: a slow stage with wrecks, losses, a loop, a rare belt and a depot."""
    departments = {"Marketing": ("Inquiry",), "Sales": ("Qualify", "First call", "Offer", "Approval", "Decision")}
    departments["Delivery"] = ("Order", "Planning", "Delivery", "Paid")
    leaky = {"Inquiry", "Qualify", "First call", "Offer", "Approval"}
    stages = tuple(
        StageSpec(
            name,
            department,
            kind="depot" if name == "Paid" else "stage",
            loses=name in leaky,
            slow=name == "Approval",
            wrecks=name in {"Approval", "Qualify"},
        )
        for department, names in enumerate(departments.values())
        for name in names
    )
    names = [stage.name for stage in stages]
    flows = (0.61, 0.56, 0.36, 0.33, 0.22, 0.09, 0.09, 0.09, 0.09)
    chain = [BeltSpec(a, b, share) for a, b, share in zip(names, names[1:], flows, strict=False)]
    feeds = [BeltSpec(n, "Inquiry", s) for n, s in (("Organic", 0.5), ("Ads", 0.35), ("Partner", 0.15))]
    extra = [
        BeltSpec("Offer", "Decision", 0.028),
        BeltSpec("Approval", "Offer", 0.019, rework=True),
        BeltSpec("First call", "First call", 0.1, rework=True),
    ]
    sources = ("Organic", "Ads", "Partner")
    return FloorRequest(tuple(departments), sources, stages, (*feeds, *chain, *extra), width, height)
