"""Reads a workbook in a process of its own: stdin is the XLSX, stdout its rows as lines of JSON.

Imports nothing of the portal.

python-calamine trusts the numbers in a file: a cell reference in the last row, or a false count of strings, makes it
reserve gigabytes, and Rust then ends the process instead of raising. Here that ends only this process, which may have
`MEMORY` and `SECONDS`.

A line is `{"sheet": name, "rows": n}` before a sheet, then `[row number, [cells]]`; a date cell is `{"date":
"2016-02-03"}`.
"""

import datetime
import io
import json
import resource
import sys
from typing import Any

MEMORY = 256 * 1024 * 1024
SECONDS = 20
MAX_SHEETS = 5


def main(max_rows: int, max_columns: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for sheet in workbook.sheets_metadata[:MAX_SHEETS]:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            write_sheet(workbook.get_sheet_by_name(sheet.name), max_rows, max_columns)


def write_sheet(sheet: Any, max_rows: int, max_columns: int) -> None:
    """Write one sheet's rows, with the numbers that the person sees in Excel."""
    write({"sheet": sheet.name, "rows": sheet.height})
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, row in enumerate(sheet.iter_rows(), start=first):
        if number - first > max_rows:
            break
        if any(cell != "" for cell in row):
            write([number, [plain(cell) for cell in row[:max_columns]]])


def plain(cell: Any) -> Any:
    """A cell as JSON has it. Midnight of a day is that day; a number stays a number."""
    if isinstance(cell, datetime.datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    return cell if isinstance(cell, (str, int, float, bool)) else str(cell)


def write(line: Any) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
