"""Pages without a browser."""

from tests.screens import demo_file, empty_screens, screens

__all__ = ["demo_file", "empty_screens", "screens"]
