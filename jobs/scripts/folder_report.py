"""Prints how many files a folder holds and how large they are together. Usage: folder_report.py FOLDER"""

import pathlib
import sys


def main() -> int:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    if not folder.is_dir():
        print(f"{folder} is not a folder", file=sys.stderr)
        return 2
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{folder}: {len(files)} files, {size:,} bytes")
    for path in sorted(files, key=lambda one: one.stat().st_size, reverse=True)[:3]:
        print(f"  {path.stat().st_size:>12,}  {path.relative_to(folder)}")
    return 0


sys.exit(main())
