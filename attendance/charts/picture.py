"""A chart as a picture, for documents: drawn in the process, without a browser or a network."""

from __future__ import annotations

import altair as alt
import vl_convert as vlc

from attendance.charts.palette import PICTURE_FONT, Theme, palette


def png(
    chart: alt.LayerChart, theme: Theme = "light", width: int = 1000,
    height: int | None = None, scale: float = 2.0,
) -> bytes:  # fmt: skip
    """The chart as PNG bytes.

    width: in CSS pixels, of the whole picture; height: of the plot, the chart's own when not
    given; scale: device pixels to a CSS pixel (2 prints well at 150 dpi). The light theme is drawn
    on white, as paper is.
    """
    spec = chart.to_dict(validate=False)
    spec["width"] = width
    spec["height"] = spec["height"] if height is None else height
    spec["config"]["font"] = PICTURE_FONT
    spec["background"] = "#FFFFFF" if theme == "light" else palette(theme).page
    return bytes(vlc.vegalite_to_png(spec, scale=scale, allowed_base_urls=[]))
