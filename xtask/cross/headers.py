"""Takes the C headers for phones out of a wheel of ziglang.

headers.py WHEEL TO FOLDER...: the named folders of its `libc/include`, and nothing of the compiler.
"""

import pathlib
import sys
import zipfile

wheel, to, wanted = sys.argv[1], pathlib.Path(sys.argv[2]), set(sys.argv[3:])
found = set()
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        _, _, path = member.filename.partition("/lib/libc/include/")
        folder = path.partition("/")[0]
        if folder in wanted and not member.is_dir() and ".." not in path.split("/"):
            found.add(folder)
            file = to / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(member))
if found != wanted:
    sys.exit(f"{wheel} has no headers for {', '.join(sorted(wanted - found))}")
