"""Reads the Info.plist of an XCFramework: a line of words for each library in it.

Fails where the file is no property list of an XCFramework.
"""

import plistlib
import sys

with open(sys.argv[1], "rb") as file:
    info = plistlib.load(file)
if (info["CFBundlePackageType"], info["XCFrameworkFormatVersion"]) != ("XFWK", "1.0"):
    sys.exit("no XCFramework of format 1.0")
for library in info["AvailableLibraries"]:
    words = [
        library["LibraryIdentifier"],
        library["LibraryPath"],
        library["HeadersPath"],
        library["SupportedPlatform"],
        library.get("SupportedPlatformVariant", "device"),
        *library["SupportedArchitectures"],
    ]
    print(" ".join(words))
