"""Where things stand: machines on the tile grid, belts between them."""

from .engine import lay_out
from .floorplan import BeltPath, BeltSpec, Floorplan, FloorRequest, MachinePlace, Rect, StageSpec
from .verifier import violations

__all__ = [
    "BeltPath",
    "BeltSpec",
    "FloorRequest",
    "Floorplan",
    "MachinePlace",
    "Rect",
    "StageSpec",
    "lay_out",
    "violations",
]
