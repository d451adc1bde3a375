"""Cell comments of a worksheet: schools write minutes late and reasons in them."""

from __future__ import annotations

import posixpath
import re
from xml.etree.ElementTree import Element

from attendance.importers.package import Package, column_index

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"

CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
THREADED = re.compile(r"^\[Threaded comment\].*?\bComment:\s*", re.DOTALL)


def sheet_files(package: Package) -> dict[str, str]:
    """The file inside the zip of each sheet, by the sheet's name."""
    workbook = package.xml("xl/workbook.xml")
    if workbook is None:
        return {}
    targets = _related(package, "xl/workbook.xml", "worksheet")
    files = {}
    for sheet in (each for each in workbook.iter() if each.tag.endswith("}sheet")):
        relation = sheet.get(f"{{{OFFICE}}}id") or sheet.get(f"{{{STRICT}}}id") or ""
        if relation in targets:
            files[sheet.get("name", "")] = targets[relation]
    return files


def comments_of(package: Package, sheet_file: str) -> dict[tuple[int, int], str]:
    """Comments of one sheet by (row number, column index from 0)."""
    found: dict[tuple[int, int], str] = {}
    for target in _related(package, sheet_file, "comments").values():
        root = package.xml(target)
        for comment in root.iter() if root is not None else ():
            place = CELL.fullmatch(comment.get("ref", ""))
            if comment.tag.endswith("}comment") and place:
                found[int(place[2]), column_index(place[1])] = _words(comment)
    return found


def _words(comment: Element) -> str:
    """The comment's text, without phonetic runs, the author's name and Excel's own preamble."""
    runs = [part.text or "" for part in comment.iter() if part.tag.endswith("}t")]
    first_is_author = len(runs) > 1 and runs[0].rstrip().endswith(":")
    return THREADED.sub("", "".join(runs[1:] if first_is_author else runs)).strip()


def _related(package: Package, file: str, kind: str) -> dict[str, str]:
    """Targets of one kind of relation, by relation id."""
    folder, name = posixpath.split(file)
    root = package.xml(f"{folder}/_rels/{name}.rels")
    targets = {}
    for relation in root.iter(f"{RELATIONS}Relationship") if root is not None else ():
        if relation.get("Type", "").rsplit("/", 1)[-1] == kind:
            target = posixpath.normpath(posixpath.join(folder, relation.get("Target", "")))
            targets[relation.get("Id", "")] = target.lstrip("/")
    return targets
