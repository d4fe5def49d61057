"""Writes the sinogram of a point at (14, -9) mm, ring 3 of 5: reconstruct_point.py FOLDER."""
import math
import os
import struct
import sys

VIEWS, PLANES, BINS, BIN_MM = 60, 5, 31, 4.0
folder = sys.argv[1]
os.makedirs(folder)
values = [0.0] * (VIEWS * PLANES * BINS)
for view in range(VIEWS):
    phi = math.pi * view / VIEWS
    place = (14 * math.cos(phi) - 9 * math.sin(phi)) / BIN_MM + BINS // 2
    low = math.floor(place)
    start = (view * PLANES + 3) * BINS
    values[start + low] += 100 * (low + 1 - place)
    values[start + low + 1] += 100 * (place - low)
with open(os.path.join(folder, "p.s"), "wb") as out:
    out.write(struct.pack("<%df" % len(values), *values))
with open(os.path.join(folder, "p.hs"), "w") as out:
    out.write(f"""!INTERFILE :=
name of data file := p.s
!type of data := PET
imagedata byte order := LITTLEENDIAN
applied corrections := {{arc correction}}
!number format := float
!number of bytes per pixel := 4
number of dimensions := 4
matrix axis label [4] := segment
!matrix size [4] := 1
matrix axis label [3] := view
!matrix size [3] := {VIEWS}
matrix axis label [2] := axial coordinate
!matrix size [2] := {{ {PLANES}}}
matrix axis label [1] := tangential coordinate
!matrix size [1] := {BINS}
minimum ring difference per segment := {{ 0}}
maximum ring difference per segment := {{ 0}}
Number of detectors per ring := 120
Inner ring diameter (cm) := 20
Average depth of interaction (cm) := 0
Distance between rings (cm) := 0.4
effective central bin size (cm) := 0.4
!END OF INTERFILE :=
""")
