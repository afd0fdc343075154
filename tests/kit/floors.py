"""Random plants and hand-written ones to lay out."""

from __future__ import annotations

from random import Random

from factoryview.layout import BeltSpec, FloorRequest, StageSpec, plan


def random_plant(seed: int, stages: int | None = None) -> FloorRequest:
    """A plant of 3 to 40 stages in 1 to 5 departments with sources, skips, rework, self-loops and losses."""
    random = Random(seed)
    count = stages or random.randint(3, 40)
    departments = random.randint(1, min(5, count))
    cuts = sorted(random.sample(range(1, count), departments - 1))
    names = [f"Stage {i}" for i in range(count)]
    specs = tuple(
        StageSpec(
            name,
            sum(i >= cut for cut in cuts),
            " ".join("x" * random.randint(3, 12) for _ in range(random.randint(1, 3))),
            random.random() < 0.35,
            random.random() < 0.5,
        )
        for i, name in enumerate(names)
    )
    sources = tuple(f"Source {i}" for i in range(random.randint(0, 5)))
    belts: dict[tuple[str, str], BeltSpec] = {}

    def add(origin: str, target: str, share: float, rework: bool = False, queue: bool = False) -> None:
        belts.setdefault((origin, target), BeltSpec(origin, target, share, rework, queue))

    for source in sources:
        target = names[0] if random.random() < 0.7 else random.choice(names[: max(1, count // 3)])
        add(source, target, random.random() * 0.5)
    for i in range(count - 1):
        if random.random() < 0.93:
            add(names[i], names[i + 1], 1 - 0.6 * i / count, queue=random.random() < 0.3)
    for _ in range(int(count * random.uniform(0, 0.35))):
        i = random.randrange(count)
        j = min(count - 1, i + random.randint(2, 5))
        if i < j:
            add(names[i], names[j], random.random() * 0.3)
    for _ in range(int(count * random.uniform(0, 0.25))):
        i = random.randrange(count)
        j = max(0, i - random.randint(1, 5))
        if i > j:
            add(names[i], names[j], random.random() * 0.15, rework=True)
    for name in names:
        if random.random() < 0.06:
            add(name, name, 0.05, rework=True)
    zones = tuple(f"Department {i}" for i in range(departments))
    return FloorRequest(zones, sources, specs, tuple(belts.values()), random.choice((1.6, 1.9, 2.1, 2.1, 2.4)))


def sales_plant() -> FloorRequest:
    """Marketing, sales and delivery with nine stages, three sources, a skip and rework."""
    zones = {"Marketing": ("Inquiry", "Qualify"), "Sales": ("First call", "Offer", "Approval", "Order")}
    zones["Delivery"] = ("Planning", "Delivery", "Paid")
    leaky = {"Inquiry", "Qualify", "Offer", "Approval"}
    stages = tuple(
        StageSpec(name, zone, name, name in leaky, True) for zone, names in enumerate(zones.values()) for name in names
    )
    names = [stage.name for stage in stages]
    shares = (0.9, 0.6, 0.5, 0.4, 0.25, 0.2, 0.2, 0.2)
    chain = [
        BeltSpec(a, b, share, queue=b == "Approval") for a, b, share in zip(names, names[1:], shares, strict=False)
    ]
    feeds = [BeltSpec(name, "Inquiry", share) for name, share in (("Organic", 0.5), ("Ads", 0.35), ("Partner", 0.15))]
    extra = [BeltSpec("Offer", "Order", 0.1), BeltSpec("Approval", "Offer", 0.08, rework=True)]
    return FloorRequest(tuple(zones), ("Organic", "Ads", "Partner"), stages, (*feeds, *chain, *extra))


def random_request(seed: int, stages: int | None = None, width: int = 1900, height: int = 724) -> plan.FloorRequest:
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
        plan.StageSpec(
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
    belts: dict[tuple[str, str], plan.BeltSpec] = {}

    def add(a: int, b: int, share: float, rework: bool = False) -> None:
        if a < count - ends:
            belts.setdefault((names[a], names[b]), plan.BeltSpec(names[a], names[b], share, rework))

    for source in sources:
        target = 0 if random.random() < 0.8 else random.randrange(max(1, count // 3))
        belts[source, names[target]] = plan.BeltSpec(source, names[target], random.random() / len(sources) + 0.02)
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
    return plan.FloorRequest(labels, sources, specs, tuple(belts.values()), width, height)


def sales_request(width: int = 1900, height: int = 724) -> plan.FloorRequest:
    """Marketing, sales and delivery: a slow stage with wrecks, losses, a loop, a rare belt and a depot."""
    departments = {"Marketing": ("Inquiry",), "Sales": ("Qualify", "First call", "Offer", "Approval", "Decision")}
    departments["Delivery"] = ("Order", "Planning", "Delivery", "Paid")
    leaky = {"Inquiry", "Qualify", "First call", "Offer", "Approval"}
    stages = tuple(
        plan.StageSpec(
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
    chain = [plan.BeltSpec(a, b, share) for a, b, share in zip(names, names[1:], flows, strict=False)]
    feeds = [plan.BeltSpec(n, "Inquiry", s) for n, s in (("Organic", 0.5), ("Ads", 0.35), ("Partner", 0.15))]
    extra = [
        plan.BeltSpec("Offer", "Decision", 0.028),
        plan.BeltSpec("Approval", "Offer", 0.019, rework=True),
        plan.BeltSpec("First call", "First call", 0.1, rework=True),
    ]
    sources = ("Organic", "Ads", "Partner")
    return plan.FloorRequest(tuple(departments), sources, stages, (*feeds, *chain, *extra), width, height)
