"""Other readers on the pixels that ours gets, for `make bench-scan`.

Says in one line of JSON which engines it has, then answers each line "ENGINE<tab>REPEATS<tab>PGM"
with a line {"ms": best of the repeats, "results": [[format, text], ...]}. Only the call is timed.
"""

import json
import sys
import time
import warnings
from importlib.metadata import version


def zxing_engines():
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    # Version 3 would rather have a list, which version 2 does not take.
    warnings.simplefilter("ignore", DeprecationWarning)
    formats = kinds.Code128 | kinds.Code39 | kinds.EAN13 | kinds.ITF | kinds.Codabar | kinds.QRCode | kinds.DataMatrix
    common = {"formats": formats, "text_mode": zxingcpp.TextMode.Plain}

    def engine(**options):
        def call(pixels, width, height):
            return zxingcpp.read_barcodes(pixels.cast("B", (height, width)), **common, **options)

        return call, lambda code: [str(code.format).split(".")[-1], code.text]

    return {"zxing-cpp": engine(), "zxing-cpp-fast": engine(try_invert=False, try_downscale=False)}


def zbar_engines():
    from pyzbar import pyzbar

    kinds = pyzbar.ZBarSymbol
    symbols = [kinds.CODE128, kinds.CODE39, kinds.EAN13, kinds.I25, kinds.CODABAR, kinds.QRCODE]

    def call(pixels, width, height):
        return pyzbar.decode((pixels.obj, width, height), symbols=symbols)

    return {"zbar": (call, lambda code: [code.type, code.data.decode("utf-8", "replace")])}


def picture(path):
    """Pixels, width and height of a raw grey PGM with a one-line head."""
    with open(path, "rb") as file:
        magic, width, height, most = file.readline().split()
        assert magic == b"P5" and most == b"255"
        return memoryview(file.read()), int(width), int(height)


def main():
    engines, versions, missing = {}, {}, {}
    for package, make in (("zxing-cpp", zxing_engines), ("pyzbar", zbar_engines)):
        try:
            engines |= make()
            versions[package] = version(package)
        except Exception as reason:  # A package that cannot be loaded, whatever the reason, is not there.
            missing[package] = str(reason)
    print(json.dumps({"engines": list(engines), "versions": versions, "missing": missing}), flush=True)
    for line in sys.stdin:
        name, repeats, path = line.rstrip("\n").split("\t")
        call, told = engines[name]
        shown, best, codes = picture(path), float("inf"), []
        for _ in range(int(repeats)):
            begun = time.perf_counter()
            codes = call(*shown)
            best = min(best, time.perf_counter() - begun)
        print(json.dumps({"ms": best * 1000, "results": [told(code) for code in codes]}), flush=True)


main()
