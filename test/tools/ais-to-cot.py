#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ais-to-cot.py FILE [AREA] - print the ships of an AIS recording as CoT events, one a line

FILE is what gpsdecode prints: one JSON object a line.  Position messages (types 1, 2, 3, 18) with a
valid position become events of type a-u-S-X-M (unknown, sea surface, not military, merchant).
AREA is LAT,LON,LAT,LON: only ships within.  Recordings have no times, so all events say 2018-01-01
and are stale ten minutes later; `cot-send --now` gives them the present.
"""
import json
import sys
from xml.sax.saxutils import quoteattr

POSITIONS = (1, 2, 3, 18)
KNOT_MPS = 1852 / 3600
TIME = "2018-01-01T00:00:00.000Z"
STALE = "2018-01-01T00:10:00.000Z"


def number(message, key):
    value = message.get(key)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def track_of(message):
    """Course and speed, where the ship says them; 360 and 102.3 are how AIS says "unknown"."""
    course, speed = number(message, "course"), number(message, "speed")
    text = ""
    if course is not None and 0 <= course < 360:
        text += f' course="{course:.1f}"'
    if speed is not None and 0 <= speed < 102.2:
        text += f' speed="{speed * KNOT_MPS:.2f}"'
    return f"<track{text}/>" if text else ""


def event_of(message):
    lat, lon, mmsi = number(message, "lat"), number(message, "lon"), number(message, "mmsi")
    if message.get("type") not in POSITIONS or None in (lat, lon, mmsi):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    error = 10 if message.get("accuracy") else 100
    uid = quoteattr(f"AIS.{mmsi:09d}")
    return (lat, lon,
            f'<event version="2.0" uid={uid} type="a-u-S-X-M" time="{TIME}" start="{TIME}"'
            f' stale="{STALE}" how="m-r"><point lat="{lat:.6f}" lon="{lon:.6f}" hae="9999999.0"'
            f' ce="{error}" le="9999999.0"/><detail><contact callsign="{mmsi:09d}"/>'
            f'{track_of(message)}</detail></event>')


def main(path, area):
    south, west, north, east = area
    with open(path, encoding="utf-8") as file:
        for line in file:
            found = event_of(json.loads(line))
            if found and south <= found[0] <= north and west <= found[1] <= east:
                print(found[2])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], [float(n) for n in sys.argv[2].split(",")] if len(sys.argv) == 3
         else [-90, -180, 90, 180])
