"""The way of a queue round its yard, laid before any other belt: it makes the snake."""

from __future__ import annotations

from dataclasses import dataclass

from .mesh import LEFT, RIGHT, Mesh


@dataclass(frozen=True)
class Ring:
    """The last part of a queue belt."""

    item: int
    """The slow stage."""
    nodes: tuple[int, ...]
    """From where the queue belt has to come to, to the node before the port."""
    first: int
    """Way in which it sets out from the first node."""
    line: tuple[int, int]
    """Side and number of the port at its end."""
    standing: bool
    """Whether the yard lies below the ring's run (and belongs to a machine below), not above it."""
    gap: int
    """Corridor in which it runs."""
    side: int
    """LEFT or RIGHT: where the ring comes down."""
    slot: bool
    """Whether the yard has a slot of its own."""
    columns: tuple[int, ...]
    """Of the machine and its yard."""


def lay_rings(mesh: Mesh) -> tuple[list[Ring], list[int]]:
    """Rings for all queues, and slow items that get none; closes in the mesh what yards and rings take."""
    rings: list[Ring] = []
    failed: list[int] = []
    taken: set[int] = set()
    queues = {link.target: link.origin for link in mesh.task.links if link.queue}
    for item in mesh.task.queued:
        made = _ring(mesh, item, queues[item])
        if made is None:
            failed.append(item)
            continue
        ring, shut = made
        own = set(ring.nodes)
        if own & taken or any(mesh.closed[node] for node in shut - _slot(mesh, ring)) or _blocked(mesh, ring, taken):
            failed.append(item)
            continue
        for node in shut:
            mesh.closed[node] = 1
        for node in ring.nodes:
            mesh.closed[node] = 0
        taken |= own | shut
        rings.append(ring)
    return rings, failed


def _slot(mesh: Mesh, ring: Ring) -> set[int]:
    """Nodes inside the slot of the ring's yard; they are closed already."""
    yard = mesh.task.yard_of(ring.item)
    if yard is None:
        return set()
    column, row = mesh.cells[yard]
    return {mesh.node(mesh.port(column, i), mesh.hall(row, j)) for i in range(3) for j in range(3)}


def _blocked(mesh: Mesh, ring: Ring, taken: set[int]) -> bool:
    inside = _slot(mesh, ring)
    return any(node in taken or (mesh.closed[node] and node not in inside) for node in ring.nodes)


def _ring(mesh: Mesh, item: int, origin: int) -> tuple[Ring, set[int]] | None:
    """The ring of a slow item and the nodes its yard closes; None if its yard does not stand beside it."""
    column, row = mesh.cells[item]
    standing = row > 0 or mesh.rows == 1
    gap = row if standing else row + 1
    run = mesh.corridor(gap, 1 if standing else mesh.kh - 2)
    strip = range(2, mesh.kh) if standing else range(mesh.kh - 2)
    yard = mesh.task.yard_of(item)
    if yard is not None:
        at, beside = mesh.cells[yard]
        if beside != row or abs(at - column) != 1:
            return None
        side = LEFT if at < column else RIGHT
        inner = [mesh.track(column if side == LEFT else column + 1, i) for i in range(mesh.k)]
        shut = {
            mesh.node(x, y)
            for x in (*(mesh.port(at, i) for i in range(3)), *inner)
            for y in (*(mesh.corridor(gap, j) for j in strip), *(mesh.hall(row, j) for j in range(3)))
        }
    else:
        at = column
        before = mesh.cells[origin][0] if origin >= 0 else -1
        side = LEFT if before >= column else RIGHT
        inner = []
        shut = {mesh.node(mesh.port(at, i), mesh.corridor(gap, j)) for i in range(3) for j in strip}
    outer = mesh.track(at, -1) if side == LEFT else mesh.track(at + 1, 0)
    port = (2 if standing else 0) if yard is not None else (0 if standing else 2)
    last = mesh.hall(row, port)
    across = [mesh.port(at, i) for i in range(3)]
    if side == LEFT:
        across.reverse()
    nodes = [mesh.node(x, run) for x in across] + [mesh.node(outer, run)]
    step = 1 if standing else -1
    nodes += [mesh.node(outer, y) for y in range(run + step, last, step)] + [mesh.node(outer, last)]
    if yard is not None:
        back = sorted([*across, *inner], reverse=side == RIGHT)
        nodes += [mesh.node(x, last) for x in back]
    line = (LEFT if side == LEFT else RIGHT, port)
    ring = Ring(
        item,
        tuple(nodes),
        LEFT if side == LEFT else RIGHT,
        line,
        standing,
        gap,
        side,
        yard is not None,
        tuple(sorted({at, column})),
    )
    return ring, shut
