"""A pilot at a desk: as any other, but whatever the desk asks a worker for has come before the next frame."""

from __future__ import annotations

from factoryview.desk.screen import Desk
from tests.kit.pilot import FRAME, Pilot


class DeskPilot(Pilot):
    """Sits at a desk."""

    SCREEN = Desk

    @property
    def desk(self) -> Desk:
        """The desk."""
        assert isinstance(self.screen, Desk)
        return self.screen

    def wait(self, seconds: float, frame: float = FRAME) -> DeskPilot:
        """See `Pilot.wait`; then the desk has all it asked for, and what is found out of the moment is known."""
        super().wait(seconds, frame)
        self.desk.settle()
        studied = self.desk.model.studied
        if studied is not None:
            studied.findings.at(self.session.playhead.at)
        super().wait(0)
        return self

    def says(self) -> dict[str, str]:
        """What the nodes of card and panel say."""
        return {
            node.id: node.label for node in self.tree.walk() if node.id.startswith(("card", "panel")) and node.label
        }
