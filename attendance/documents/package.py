"""A workbook as bytes that depend on its contents alone: no clock goes in."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.drawing.fill import Blip
from openpyxl.drawing.geometry import PresetGeometry2D
from openpyxl.drawing.image import Image
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Font
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from attendance.documents.cells import FACE

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def to_bytes(workbook: Workbook, at: datetime) -> bytes:
    """Save with every date in the file set to ``at`` (aware): openpyxl would ask the clock."""
    saved = io.BytesIO()
    workbook.save(saved)
    moment = at.astimezone(UTC)
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with zipfile.ZipFile(saved) as made, zipfile.ZipFile(result, "w") as kept:
        for entry in made.infolist():
            content = made.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp, content)
            written = zipfile.ZipInfo(entry.filename, moment.timetuple()[:6])
            kept.writestr(written, content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def new_workbook() -> Workbook:
    """An empty workbook. Widths of columns count digits of its ordinary font, so that is ours."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook._named_styles["Normal"].font = Font(name=FACE, size=10)
    return workbook


def set_properties(workbook: Workbook, title: str, creator: str, at: datetime) -> None:
    properties = workbook.properties
    properties.title = title
    properties.creator = properties.lastModifiedBy = creator
    properties.created = at.astimezone(UTC).replace(tzinfo=None)
    properties.subject = "Attendance referral"
    properties.category = "Confidential: pupil data"
    properties.language = "en-GB"


def picture(sheet: Worksheet, row: int, png: bytes, width: int, alt: str) -> int:
    """Put a picture at the left of ``row``, ``width`` pixels wide; gives its height in pixels."""
    image = Image(io.BytesIO(png))
    height = int(round(width * image.height / image.width))
    frame = PictureFrame()
    frame.nvPicPr.cNvPr.id = len(sheet._images) + 1
    frame.nvPicPr.cNvPr.name = f"Chart {len(sheet._images) + 1}"
    frame.nvPicPr.cNvPr.descr = alt
    frame.blipFill.blip = Blip(cstate="print")
    size = XDRPositiveSize2D(pixels_to_EMU(width), pixels_to_EMU(height))
    frame.spPr.prstGeom = PresetGeometry2D(prst="rect")
    frame.spPr.ln = None
    image.anchor = OneCellAnchor(_from=AnchorMarker(col=0, row=row - 1), ext=size, pic=frame)
    sheet.add_image(image)
    return height
